//! `fs:rename`: files and folders, moved.

use serde_json::Value;

use super::super::files;
use super::{ActionError, Call};

pub(super) fn run(call: &mut Call<'_>) -> Result<(), ActionError> {
    let moves = call.input.get("files").and_then(Value::as_array).cloned().unwrap_or_default();
    for one in moves {
        let text = |key: &str| one.get(key).and_then(Value::as_str).unwrap_or_default();
        if text("from").is_empty() || text("to").is_empty() {
            return Err(ActionError::new("each entry of files needs from and to"));
        }
        let (from, to) = (files::normalise("", text("from"))?, files::normalise("", text("to"))?);
        let overwrite = one.get("overwrite") == Some(&Value::Bool(true));
        call.files().rename(&from, &to, overwrite)?;
        call.say(format!("moved {from} to {to}"));
    }
    Ok(())
}
