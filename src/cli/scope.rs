//! What `validate` reports on when it is told by Git: a change, or a commit that a hook looks at.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use super::session::{Place, Session};
use crate::config::REPOSITORY_FILE;
use crate::error::Failure;
use crate::git::{CommitId, Repository};
use crate::ops::{git_failure, validate};

/// The variable in which pre-commit and prek name the commit that a range of commits starts with.
const FROM_REF: &str = "PRE_COMMIT_FROM_REF";

/// Everything that differs from `base`, or from the branch that requests go to if it is empty.
pub(super) fn changed(place: &Place, base: &str, request: &mut validate::Request) -> Result<(), Failure> {
    let repository = place.repository()?;
    let base = fork_point(repository, &base_commit(place, repository, base)?);
    let before = before(repository, &base, true)?;
    request.paths = before.keys().cloned().collect();
    report_on_change(request, before);
    Ok(())
}

/// The paths that are there, and what the commit breaks elsewhere. What Git does not track is not part
/// of the commit: it counts as not there, unless it is named.
pub(super) fn hook(
    session: &Session,
    place: &Place,
    paths: &[PathBuf],
    request: &mut validate::Request,
) -> Result<(), Failure> {
    for path in paths {
        if crate::fs::exists(&session.environment.directory().join(path)) {
            request.paths.push(place.relative(session, path)?);
        }
    }
    let Some(repository) = &place.repository else {
        report_on_change(request, BTreeMap::new());
        return Ok(());
    };
    request.absent = repository.untracked().map_err(|error| git_failure(&error))?;
    for path in &request.paths {
        request.absent.remove(path);
    }
    let named = session.environment.get(FROM_REF).and_then(|name| repository.resolve(name));
    let base = match named {
        Some(named) => Some(fork_point(repository, &named)),
        None => repository.head(),
    };
    // Before the first commit there was nothing that could break.
    let before = base.map(|base| before(repository, &base, false)).transpose()?;
    report_on_change(request, before.unwrap_or_default());
    Ok(())
}

/// Rules that are set otherwise change the answer everywhere.
fn report_on_change(request: &mut validate::Request, before: BTreeMap<String, Option<Arc<str>>>) {
    if before.contains_key(REPOSITORY_FILE) {
        request.paths.clear();
    } else {
        request.before = Some(before);
    }
}

pub(super) fn base_commit(place: &Place, repository: &Repository, name: &str) -> Result<CommitId, Failure> {
    if !name.is_empty() {
        return repository.resolve(name).ok_or_else(|| {
            Failure::usage(format!("there is no commit `{name}` in this repository"))
                .hint("name a commit, a tag or a branch; a shallow clone may have to be fetched in full")
        });
    }
    let (remote, base) = (place.settings.remote(), place.settings.base());
    let refs = [format!("refs/remotes/{remote}/{base}"), format!("refs/heads/{base}")];
    refs.iter().find_map(|name| repository.resolve(name)).ok_or_else(|| {
        Failure::usage(format!("this repository does not know the branch {base} of {remote}"))
            .hint(format!("git fetch {remote} {base}, or name a commit as BASE"))
    })
}

/// Where the work that is checked out left `commit`: its best common ancestor with HEAD.
pub(super) fn fork_point(repository: &Repository, commit: &CommitId) -> CommitId {
    let head = repository.head();
    head.and_then(|head| repository.merge_base(&head, commit)).unwrap_or_else(|| commit.clone())
}

fn before(
    repository: &Repository,
    base: &CommitId,
    with_untracked: bool,
) -> Result<BTreeMap<String, Option<Arc<str>>>, Failure> {
    let files = repository.changed_files(base, with_untracked).map_err(|error| git_failure(&error))?;
    let text = |bytes: Vec<u8>| Arc::from(String::from_utf8_lossy(&bytes));
    Ok(files.into_iter().map(|(path, bytes)| (path, bytes.map(text))).collect())
}
