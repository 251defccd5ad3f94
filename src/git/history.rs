//! Who changed a file last.

use std::path::Path;

use super::{CommitId, Error, Repository};
use crate::clock::Timestamp;

/// The newest commit on the first-parent line that changed a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LastChange {
    /// The commit.
    pub commit: CommitId,
    /// Its author's name.
    pub author: String,
    /// When it was committed.
    pub time: Timestamp,
    /// The first line of its message.
    pub summary: String,
    /// The whole message, with its trailers.
    pub message: String,
}

impl Repository {
    /// The newest commit at or behind `tip`, along first parents, in which `path` differs from the
    /// commit before; `None` if `tip` does not have the file.
    pub fn last_change(&self, tip: &CommitId, path: &str) -> Result<Option<LastChange>, Error> {
        let entry = |commit: &git2::Commit<'_>| {
            let found = commit.tree().and_then(|tree| tree.get_path(Path::new(path)));
            found.ok().map(|entry| (entry.id(), entry.filemode()))
        };
        let mut commit = self.commit(tip)?;
        let Some(wanted) = entry(&commit) else { return Ok(None) };
        while let Ok(parent) = commit.parent(0) {
            if entry(&parent) != Some(wanted) {
                break;
            }
            commit = parent;
        }
        let message = String::from_utf8_lossy(commit.message_bytes()).into_owned();
        Ok(Some(LastChange {
            commit: CommitId(commit.id().to_string()),
            author: String::from_utf8_lossy(commit.author().name_bytes()).into_owned(),
            time: Timestamp(commit.time().seconds()),
            summary: message.lines().next().unwrap_or("").to_owned(),
            message,
        }))
    }
}
