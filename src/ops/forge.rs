//! From a Git remote to the forge that keeps its pull requests.

use std::path::Path;
use std::sync::Arc;

use url::Url;

use super::git_failure;
use crate::clock::Timestamp;
use crate::error::{Exit, Failure};
use crate::forge::{self, Forge, Hint, Kind, Local, Place, Remote};
use crate::git::Repository;
use crate::http::{Client, Credential, Limits};
use crate::progress::Progress;

/// What is known about the forge before it is asked anything.
#[derive(Clone, Debug)]
pub struct Target {
    /// Where the pull requests are.
    pub place: Place,
}

/// Tells the forge of a remote. `kind` and `url` are what the settings say.
pub fn target(
    repository: &Repository,
    remote: &str,
    kind: Option<&str>,
    url: Option<&str>,
) -> Result<Target, Failure> {
    let address = repository.remote_url(remote).map_err(|error| git_failure(&error))?;
    let base = match url {
        None => None,
        Some(url) => Some(Url::parse(url).map_err(|error| {
            Failure::usage(format!("forge.url is no URL: `{url}`"))
                .because(error)
                .hint("write it like https://git.example.org")
        })?),
    };
    let hint = Hint { kind: kind.and_then(Kind::parse), base };
    let place = Remote::parse(&address).and_then(|remote| remote.place(&hint)).map_err(|error| {
        Failure::usage(format!("cannot tell where the pull requests of the remote `{remote}` are"))
            .because(error)
            .hint("set forge.type (and forge.url in your own configuration) for this host")
    })?;
    let place = match place {
        Place::Local(path) => {
            let path = repository.root().join(path);
            Place::Local(crate::fs::canonical(&path).unwrap_or(path))
        }
        hosted @ Place::Hosted(_) => hosted,
    };
    Ok(Target { place })
}

impl Target {
    /// The web host that a token is looked up for, with its port; `None` for the local forge.
    pub fn host(&self) -> Option<String> {
        let Place::Hosted(hosted) = &self.place else { return None };
        let port = hosted.web.port().map(|port| format!(":{port}")).unwrap_or_default();
        Some(format!("{}{port}", hosted.web.host_str().unwrap_or_default()))
    }

    /// The forge itself. `who` is the name that the local forge writes down.
    pub fn connect(
        &self,
        credential: Option<Credential>,
        who: &str,
        now: Timestamp,
        progress: Arc<dyn Progress + Send + Sync>,
    ) -> Result<Box<dyn Forge>, Failure> {
        match &self.place {
            Place::Local(path) => Ok(Box::new(Local::new(Path::new(path), who, now))),
            Place::Hosted(hosted) => {
                let client = Client::new(Limits::default(), progress)
                    .map_err(|error| Failure::usage("cannot start the HTTP client").because(error))?;
                forge::connect(client, (**hosted).clone(), credential).map_err(|error| failure(&error))
            }
        }
    }
}

/// What went wrong at the forge, with what to do about it.
pub fn failure(error: &forge::Error) -> Failure {
    let failure = Failure::new(error.exit(), error.to_string());
    match (error, error.exit()) {
        (_, Exit::Login) => failure
            .hint("set PLATFORM_FORGE_TOKEN to a token that may write pull requests; for GitHub, `gh auth login` does too"),
        (_, Exit::Unreachable) => {
            failure.hint("check the network, then run it again: it goes on where it stopped")
        }
        (forge::Error::NothingToMerge { .. }, _) => failure.hint("the change is on the base branch already"),
        _ => failure,
    }
}
