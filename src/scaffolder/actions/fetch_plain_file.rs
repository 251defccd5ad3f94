//! `fetch:plain:file`: one file, copied over what is there.

use super::super::files::{self, FilesError};
use super::super::skeleton::Listing;
use super::fetch::{source, target};
use super::{ActionError, Call};

pub(super) fn run(call: &mut Call<'_>) -> Result<(), ActionError> {
    let url = call.required("url").to_owned();
    let (from, to) = (source(call, &url)?, target(call)?);
    let executable = match call.context.skeleton.list(&from)? {
        Listing::File { executable } => executable,
        Listing::Folder(_) => return Err(ActionError::new(format!("{url:?} is a folder, not a file"))),
        Listing::Missing => return Err(ActionError::new(format!("{url:?} does not exist"))),
    };
    require_parent(call, &to)?;
    let bytes = call.context.skeleton.read(&from)?;
    call.files().write(&to, bytes, executable)?;
    call.say(format!("copied {url} to {to}"));
    Ok(())
}

/// Of the four fetch actions this one alone makes no folders, as long as the template is a file.
fn require_parent(call: &mut Call<'_>, path: &str) -> Result<(), ActionError> {
    let parent = path.rsplit_once('/').map_or("", |(parent, _)| parent).to_owned();
    if call.files().is_folder(&parent) {
        return Ok(());
    }
    if call.files().contains(&parent) {
        return Err(FilesError::NotAFolder(path.to_owned(), parent).into());
    }
    // A template that Backstage reads from a Git host gets the folder made; one from its disk fails.
    call.warn(format!(
        "folder {parent:?} is made here; Backstage fails when it reads the template from its own disk"
    ));
    Ok(call.files().folder(&files::normalise("", &parent)?)?)
}
