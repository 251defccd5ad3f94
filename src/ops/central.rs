//! A clone of the central repository in the cache, for those who have none.
//!
//! It holds the whole history of one branch: a request that is sent again is compared with the point where
//! its branch began.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use super::git_failure;
use crate::error::{Exit, Failure};
use crate::git::Repository;
use crate::git::transport::{Transport, without_credentials};
use crate::progress::Progress;

/// The name of the clone's remote.
const REMOTE: &str = "origin";

/// Brings the clone of `address` up to date, or makes it, and returns its folder. It is the tip of the branch
/// that the remote's HEAD names.
pub fn clone(address: &str, cache: &Path, progress: &dyn Progress) -> Result<PathBuf, Failure> {
    let failure = |error: crate::git::Error| git_failure(&error);
    if address.starts_with('-') || address.contains("::") {
        return Err(Failure::usage(format!("`{address}` is no address of a repository"))
            .hint("write it like https://host/owner/name"));
    }
    let folder = cache.join("repositories").join(name(address));
    progress.step(&format!("fetching {}", without_credentials(address)));
    crate::fs::create_directory(&folder).map_err(|error| super::file_failure(&error))?;
    let repository = Repository::open_or_create(&folder, REMOTE, address).map_err(failure)?;
    let transport = Transport::new(&folder, REMOTE);
    let Some(branch) = transport.default_branch().map_err(failure)? else {
        return Err(Failure::new(Exit::No, format!("{} has no branch", without_credentials(address)))
            .hint("make it a central repository first: platform init in a clone, then push"));
    };
    let tip = transport.fetch(&branch, &format!("refs/remotes/{REMOTE}/{branch}")).map_err(failure)?;
    repository.check_out(&tip).map_err(failure)?;
    progress.done();
    Ok(folder)
}

/// A name for the folder of a clone: nobody else's address leads to it.
fn name(address: &str) -> String {
    let last = address.trim_end_matches(".git").rsplit(['/', ':']).next().unwrap_or_default();
    let plain: String =
        last.chars().filter(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_')).take(40).collect();
    let digest = Sha256::digest(address.as_bytes());
    digest.iter().take(8).fold(format!("{plain}-"), |mut name, byte| {
        let _ = write!(name, "{byte:02x}");
        name
    })
}
