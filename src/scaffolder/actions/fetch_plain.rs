//! `fetch:plain`: a folder, copied over what is there.

use super::super::skeleton::{Kind, Listing};
use super::fetch::{copied, join, source, target};
use super::{ActionError, Call};

pub(super) fn run(call: &mut Call<'_>) -> Result<(), ActionError> {
    let url = call.required("url").to_owned();
    let (from, to) = (source(call, &url)?, target(call)?);
    let skeleton = call.context.skeleton;
    match skeleton.list(&from)? {
        Listing::Missing => return Err(ActionError::new(format!("{url:?} does not exist"))),
        Listing::File { executable } => {
            let bytes = skeleton.read(&from)?;
            call.files().write(&to, bytes, executable)?;
        }
        Listing::Folder(listed) => {
            call.files().folder(&to)?;
            for entry in copied(call, listed) {
                let path = join(&to, &entry.path);
                match entry.kind {
                    Kind::Folder => call.files().folder(&path)?,
                    Kind::Link { target } => call.files().link(&path, target)?,
                    Kind::File { executable } => {
                        let bytes = skeleton.read(&join(&from, &entry.path))?;
                        call.files().write(&path, bytes, executable)?;
                    }
                }
            }
        }
    }
    call.say(format!("copied {url}"));
    Ok(())
}
