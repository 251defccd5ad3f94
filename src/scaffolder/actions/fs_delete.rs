//! `fs:delete`: files by glob. Folders stay, empty.

use super::super::files::{self, Entry};
use super::super::glob::Globs;
use super::{ActionError, Call};

pub(super) fn run(call: &mut Call<'_>) -> Result<(), ActionError> {
    for written in call.texts("files") {
        let pattern = files::normalise("", &written)?;
        let is_folder = |path: &str| call.outcome.files.is_folder(path);
        let globs = Globs::single(&pattern, is_folder).map_err(ActionError::new)?;
        let gone: Vec<String> = call
            .outcome
            .files
            .entries()
            .filter(|(path, entry)| !matches!(entry, Entry::Folder) && globs.matches(path))
            .map(|(path, _)| path.to_owned())
            .collect();
        for path in gone {
            call.files().remove(&path)?;
            call.say(format!("deleted {path}"));
        }
    }
    Ok(())
}
