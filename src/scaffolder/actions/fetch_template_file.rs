//! `fetch:template:file`: one file whose content is rendered.

use super::super::files::{self, Entry};
use super::super::skeleton::Listing;
use super::fetch::source;
use super::fetch_template::{failed, options, scope};
use super::{ActionError, Call};

pub(super) fn run(call: &mut Call<'_>) -> Result<(), ActionError> {
    let to = files::normalise("", call.required("targetPath"))?;
    if call.files().contains(&to) && !call.flag("replace") {
        call.say(format!("{to} exists already and is not replaced"));
        return Ok(());
    }
    let url = call.required("url").to_owned();
    let from = source(call, &url)?;
    match call.context.skeleton.list(&from)? {
        Listing::File { .. } => {}
        Listing::Folder(_) => return Err(ActionError::new(format!("{url:?} is a folder, not a file"))),
        Listing::Missing => return Err(ActionError::new(format!("{url:?} does not exist"))),
    }
    let bytes = call.context.skeleton.read(&from)?;
    let text = String::from_utf8_lossy(&bytes);
    let rendered = call.context.engine.render(&text, &scope(call), &options(call));
    let rendered = rendered.map_err(|error| failed(&from, &text, &error))?;
    // The mode of the source is lost, that of a file that was there is kept.
    let executable = matches!(call.files().get(&to), Some(Entry::File { executable: true, .. }));
    call.files().write(&to, rendered.into_bytes(), executable)?;
    call.say(format!("rendered {url} to {to}"));
    Ok(())
}
