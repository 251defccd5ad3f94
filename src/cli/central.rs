//! The central repository from anywhere: the one that the current folder is in, or a clone in the cache of
//! the one whose address the user gave.

use std::sync::Arc;

use super::session::{Place, Session};
use crate::error::Failure;
use crate::ops::central;
use crate::output::progress::Steps;

/// The place that a command works on. `flag` is an address; the setting `repository` is asked outside of a
/// central repository. `is_sent` says that nothing is written here, which a clone in the cache is good for.
pub(super) fn place(session: &Session, flag: Option<&str>, is_sent: bool) -> Result<Place, Failure> {
    let here = session.place_if_any()?;
    let settings = session.settings(None)?;
    let address = match (flag, &here) {
        (Some(address), _) => Some(address),
        (None, Some(place)) if place.is_central => None,
        (None, _) => settings.text("repository").filter(|_| is_sent),
    };
    let Some(address) = address else {
        return match here {
            Some(place) => Ok(place),
            None => session.place().map_err(|failure| {
                failure.because("with --submit no clone is needed: set `repository` in your own configuration, or --repository URL")
            }),
        };
    };
    if !is_sent {
        return Err(Failure::usage("--repository is for requests: there is no clone to write to")
            .hint("add --submit, or --dry-run"));
    }
    let Some(cache) = session.environment.cache_folder() else {
        return Err(Failure::usage("there is no folder for a clone").hint("set HOME or XDG_CACHE_HOME"));
    };
    let folder = central::clone(address, &cache, &*Arc::new(Steps::new(&session.console)))?;
    session.place_at(&folder)
}
