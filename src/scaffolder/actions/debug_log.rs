//! `debug:log`: a message, the files, or their contents.

use serde_json::Value;

use super::super::files::Entry;
use super::{ActionError, Call};

pub(super) fn run(call: &mut Call<'_>) -> Result<(), ActionError> {
    if let Some(message) = call.text("message").filter(|message| !message.is_empty()).map(str::to_owned) {
        call.say(message);
    }
    let list = call.input.get("listWorkspace").cloned().unwrap_or(Value::Bool(false));
    if list == Value::Bool(false) {
        return Ok(());
    }
    let contents = list.as_str() == Some("with-contents");
    let lines: Vec<String> =
        call.outcome.files.iter().map(|(path, entry)| line(path, entry, contents)).collect();
    call.say(format!("workspace:\n{}", lines.join("\n")));
    Ok(())
}

fn line(path: &str, entry: &Entry, contents: bool) -> String {
    match entry {
        Entry::File { bytes, .. } if contents => {
            format!(" - {path}:\n\n  {}", String::from_utf8_lossy(bytes))
        }
        _ => format!("  - {path}"),
    }
}
