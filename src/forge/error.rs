//! Why a forge did not do what was asked.

use super::{Kind, Project};
use crate::error::Exit;
use crate::http;

/// Why a forge did not do what was asked.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The network, the token, or an answer nobody foresaw.
    #[error(transparent)]
    Http(#[from] http::Error),
    /// The repository is not there, or the token may not see it: forges do not tell these apart.
    #[error("{place} was not found, or {credential} may not see it")]
    NoAccess {
        /// Host and repository.
        place: String,
        /// What was sent, without its value.
        credential: String,
    },
    /// Head and base have the same commits: there is nothing to merge.
    #[error("there are no commits between {base} and {head}")]
    NothingToMerge {
        /// Branch it comes from.
        head: String,
        /// Branch it goes to.
        base: String,
    },
    /// A branch that the forge does not know (yet).
    #[error("the forge does not know the branch {branch}")]
    NoBranch {
        /// Its name.
        branch: String,
    },
    /// No pull request of this number.
    #[error("there is no pull request #{number}")]
    NoPullRequest {
        /// The number.
        number: u64,
    },
    /// A write without a token.
    #[error("{host} needs a token to {what}")]
    NoToken {
        /// Host and port.
        host: String,
        /// What was to be done: `open a pull request`.
        what: String,
    },
    /// This forge cannot do that, or not through its API.
    #[error("{kind} does not support {what}")]
    Unsupported {
        /// Which forge.
        kind: Kind,
        /// What it cannot do, as a noun.
        what: String,
    },
    /// The built-in local forge could not read or write its own records, or may not do this.
    #[error("{reason}")]
    Local {
        /// What and why.
        reason: String,
    },
}

impl Error {
    /// What a 404 for a repository means.
    pub(super) fn no_access(project: &Project, host: &str, source: Option<&str>) -> Self {
        Self::NoAccess {
            place: format!("{project} on {host}"),
            credential: match source {
                Some(source) => format!("the token from {source}"),
                None => "a request without a token".to_owned(),
            },
        }
    }

    /// A write needs a token; without one forges answer "not found".
    pub(super) fn need_token(source: Option<&str>, host: &str, what: &str) -> Result<(), Self> {
        match source {
            Some(_) => Ok(()),
            None => Err(Self::NoToken { host: host.to_owned(), what: what.to_owned() }),
        }
    }

    /// The exit code that fits when nobody above knows better.
    pub fn exit(&self) -> Exit {
        match self {
            Self::Http(error) => error.exit(),
            Self::NoAccess { .. } | Self::NoToken { .. } => Exit::Login,
            Self::NothingToMerge { .. } | Self::NoPullRequest { .. } => Exit::No,
            Self::NoBranch { .. } | Self::Unsupported { .. } | Self::Local { .. } => Exit::Usage,
        }
    }
}
