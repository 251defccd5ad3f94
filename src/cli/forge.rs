//! What the commands that talk to a forge have in common: flags over settings to a connection.

use std::sync::Arc;

use super::session::{Place, Session};
use crate::config::forge_token;
use crate::error::Failure;
use crate::forge::Forge;
use crate::git::{Identity, credential};
use crate::http::Credential;
use crate::ops::{forge, git_failure};
use crate::progress::Progress;

/// The forge of the repository's remote, and who the user is.
pub(super) fn connect(
    session: &Session,
    place: &Place,
    progress: Arc<dyn Progress + Send + Sync>,
) -> Result<(Box<dyn Forge>, Identity), Failure> {
    let repository = place.repository()?;
    let identity = session.identity(Some(repository)).map_err(|error| git_failure(&error))?;
    let settings = &place.settings;
    let kind = settings.text("forge.type").filter(|kind| *kind != "auto");
    let target = forge::target(repository, settings.remote(), kind, settings.text("forge.url"))?;
    let credential = target
        .host()
        .and_then(|host| forge_token(&session.environment, settings, &host).or_else(|| from_git(&host)));
    let now = session.environment.now()?;
    Ok((target.connect(credential, &identity.name, now, progress)?, identity))
}

/// The last resort: what Git itself would log in with.
fn from_git(host: &str) -> Option<Credential> {
    let password = credential::fill("https", host).ok()??;
    Some(Credential::new(&password, "`git credential fill`"))
}
