//! What the four fetch actions share: where a `url` points to, and what of it is copied.

use super::super::files::{self, is_git_directory};
use super::super::skeleton::{Kind, Listed};
use super::{ActionError, Call};

/// The path in the skeleton that a `url` names. Only relative URLs are here; absolute ones are remote.
pub(super) fn source(call: &Call<'_>, url: &str) -> Result<String, ActionError> {
    if is_remote(url) {
        let hint = "copy what it points to into the template's folder and write a relative path";
        return Err(ActionError::new(format!(
            "{url} is remote; only what is in the repository can be fetched here"
        ))
        .hint(hint));
    }
    let folder = call.context.skeleton.folder();
    let joined =
        if folder.is_empty() || url.starts_with('/') { url.to_owned() } else { format!("{folder}/{url}") };
    files::normalise("", &joined).map_err(|error| match error {
        files::FilesError::Outside(_) | files::FilesError::Absolute(_) => {
            ActionError::new(format!("url {url:?} leaves the folder that the template may read"))
        }
        error => error.into(),
    })
}

/// Whether a `url` is absolute, and so not in the template's folder.
pub(in super::super) fn is_remote(url: &str) -> bool {
    url::Url::parse(url).is_ok()
}

/// What of a folder is copied: no Git directories, no symbolic links that leave it.
pub(super) fn copied(call: &mut Call<'_>, listed: Vec<Listed>) -> Vec<Listed> {
    let mut kept = Vec::with_capacity(listed.len());
    for entry in listed {
        if entry.path.split('/').any(is_git_directory) {
            call.warn(format!("{:?} is in a Git directory and is left out", entry.path));
        } else if matches!(&entry.kind, Kind::Link { target } if leaves(&entry.path, target)) {
            call.warn(format!("{:?} is a symbolic link out of the folder and is left out", entry.path));
        } else {
            kept.push(entry);
        }
    }
    kept
}

/// Whether a link at `path` points out of the folder that `path` counts from.
fn leaves(path: &str, target: &str) -> bool {
    let parent = path.rsplit_once('/').map_or("", |(parent, _)| parent);
    target.starts_with('/') || files::normalise("", &join(parent, target)).is_err()
}

/// `targetPath`, the workspace itself where there is none.
pub(super) fn target(call: &Call<'_>) -> Result<String, ActionError> {
    Ok(files::normalise("", call.text("targetPath").unwrap_or("./"))?)
}

/// `path` below `folder`; either may be the root.
pub(super) fn join(folder: &str, path: &str) -> String {
    match (folder.is_empty(), path.is_empty()) {
        (true, _) => path.to_owned(),
        (_, true) => folder.to_owned(),
        _ => format!("{folder}/{path}"),
    }
}
