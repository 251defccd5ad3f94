//! Git: the repository the user stands in, trees and commits made beside the work tree, history,
//! and the one file that talks to a remote ([`transport`]).
//!
//! Everything local goes through libgit2; the network goes through the `git` program, so that
//! credential helpers, SSH agents, proxies and signing work as the user set them up. The user's work
//! tree and index are read, never written.

mod changes;
mod commit;
mod create;
pub mod credential;
mod history;
mod object_id;
mod repository;
mod snapshot;
pub mod transport;

pub use changes::LocalChanges;
pub use commit::{CommitDraft, Identity};
pub use history::LastChange;
pub use object_id::{ID_LENGTH, blob_id};
pub use repository::Repository;
pub use snapshot::Blob;

/// A commit's name, 40 hexadecimal digits.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CommitId(pub String);

impl CommitId {
    /// The first eight digits, as people write it.
    pub fn short(&self) -> &str {
        self.0.get(..8).unwrap_or(&self.0)
    }
}

impl std::fmt::Display for CommitId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

/// Why Git could not do what was asked.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The folder is in no Git repository.
    #[error("{0} is not in a Git repository")]
    NotARepository(String),
    /// The repository has no work tree.
    #[error("{0} is a bare repository: it has no files to work on")]
    Bare(String),
    /// The repository has no such remote.
    #[error("the repository has no remote `{0}`")]
    NoRemote(String),
    /// The remote has no such branch.
    #[error("the remote `{remote}` has no branch `{branch}`")]
    NoBranch {
        /// The remote's name or URL.
        remote: String,
        /// The branch.
        branch: String,
    },
    /// The remote did not answer.
    #[error("the remote {remote} is unreachable: {reason}")]
    Unreachable {
        /// The remote's URL without credentials.
        remote: String,
        /// What git said.
        reason: String,
    },
    /// The remote wants a login, or refused the one it got.
    #[error("the remote {remote} refused access: {reason}")]
    Login {
        /// The remote's URL without credentials.
        remote: String,
        /// What git said.
        reason: String,
    },
    /// The remote refused the push.
    #[error("the remote {remote} refused the push: {reason}")]
    Rejected {
        /// The remote's URL without credentials.
        remote: String,
        /// What git and the server's hooks said.
        reason: String,
    },
    /// The branch on the remote is not what it was when we looked.
    #[error("the branch {branch} on {remote} was changed by somebody else in the meantime")]
    Stale {
        /// The remote's URL without credentials.
        remote: String,
        /// The branch.
        branch: String,
    },
    /// Git does not know who makes the commit.
    #[error("Git does not know your {0}")]
    NoIdentity(&'static str),
    /// Something that cannot be in a request: a symbolic link, a submodule.
    #[error("{path} cannot be part of a request: {reason}")]
    Unsupported {
        /// The path in the repository.
        path: String,
        /// Why.
        reason: String,
    },
    /// The `git` program is missing or hangs.
    #[error(transparent)]
    Program(#[from] crate::process::Error),
    /// Anything else that libgit2 or git complained about.
    #[error("{action}: {reason}")]
    Other {
        /// What was tried: `cannot read HEAD`.
        action: String,
        /// What Git said.
        reason: String,
    },
}

impl Error {
    fn other(action: impl Into<String>) -> impl FnOnce(git2::Error) -> Self {
        let action = action.into();
        move |error| Self::Other { action, reason: error.message().to_owned() }
    }
}
