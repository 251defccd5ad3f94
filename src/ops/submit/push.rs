//! The request's branch on the remote.

use std::collections::BTreeMap;

use super::{Sending, Target};
use crate::change::{DIGEST_TRAILER, Edit};
use crate::error::{Exit, Failure};
use crate::forge::{PullRequest, State};
use crate::git::transport::Transport;
use crate::git::{CommitDraft, CommitId, Error};
use crate::ops::git_failure;

/// What became of the branch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Pushed {
    /// It is new.
    Created(CommitId),
    /// A commit was added to it.
    Updated(CommitId),
    /// It was as it should be already.
    Unchanged(CommitId),
}

impl Pushed {
    /// The tip of the branch.
    pub fn commit(&self) -> &CommitId {
        match self {
            Self::Created(commit) | Self::Updated(commit) | Self::Unchanged(commit) => commit,
        }
    }
}

/// How often a branch is looked at anew when somebody else moved it at the same time.
const TRIES: usize = 3;

/// Brings the branch to where it should be. Somebody else's commits on it are never overwritten.
pub(super) fn push(
    target: &Target<'_>,
    transport: &Transport,
    sending: &Sending,
    branch: &str,
    earlier: &[PullRequest],
) -> Result<Pushed, Failure> {
    let mut tries = 1..=TRIES;
    let pushed = loop {
        tries.next();
        let tip = transport.branch(branch).map_err(|error| git_failure(&error))?;
        let pushed = bring(target, transport, sending, branch, earlier, tip.as_ref());
        // the same request sent twice at once: the second one finds the work done
        let lost = matches!(pushed, Err(Error::Rejected { .. } | Error::Stale { .. })) && !tries.is_empty();
        if !lost || transport.branch(branch).is_ok_and(|now| now == tip) {
            break pushed;
        }
    };
    pushed.map_err(|error| match error {
        Error::Rejected { remote, reason } if remote.starts_with("branch ") => {
            Failure::new(Exit::No, format!("{remote} is not ours alone"))
                .because(reason)
                .hint("work on that branch with git, or wait until its pull request is merged")
        }
        other => git_failure(&other),
    })
}

/// One try, with `tip` as what the remote has.
fn bring(
    target: &Target<'_>,
    transport: &Transport,
    sending: &Sending,
    branch: &str,
    earlier: &[PullRequest],
    tip: Option<&CommitId>,
) -> Result<Pushed, Error> {
    let Some(tip) = tip else {
        let commit = commit(target, sending, &sending.base_commit, &sending.request.edits)?;
        transport.push(&commit, branch, None)?;
        return Ok(Pushed::Created(commit));
    };
    transport.fetch(branch, &format!("refs/platform/branch/{branch}"))?;
    if is_done(target, sending, earlier, tip) {
        let commit = commit(target, sending, &sending.base_commit, &sending.request.edits)?;
        transport.push(&commit, branch, Some(tip))?;
        return Ok(Pushed::Created(commit));
    }
    if let Some(foreign) = foreign_commit(target, sending, tip)? {
        return Err(Error::Rejected { remote: format!("branch {branch}"), reason: foreign });
    }
    let edits = edits_on_top(target, sending, tip)?;
    let next = commit(target, sending, tip, &edits)?;
    if target.repository.same_files(&next, tip)? {
        return Ok(Pushed::Unchanged(tip.clone()));
    }
    transport.push(&next, branch, Some(tip))?;
    Ok(Pushed::Updated(next))
}

fn commit(
    target: &Target<'_>,
    sending: &Sending,
    parent: &CommitId,
    edits: &[Edit],
) -> Result<CommitId, Error> {
    target.repository.make_commit(&CommitDraft {
        parent,
        edits,
        message: &sending.request.commit_message(env!("CARGO_PKG_VERSION")),
        identity: &target.identity,
        time: target.now,
    })
}

/// Whether the branch is left over from a request that is merged or was declined.
fn is_done(target: &Target<'_>, sending: &Sending, earlier: &[PullRequest], tip: &CommitId) -> bool {
    let landed = target.repository.contains(&sending.base_commit, tip);
    let ended = earlier.first().is_some_and(|pull_request| pull_request.state != State::Open);
    landed || ended
}

/// Why the branch is not ours alone: a commit on it that does not carry our trailer.
fn foreign_commit(target: &Target<'_>, sending: &Sending, tip: &CommitId) -> Result<Option<String>, Error> {
    for commit in target.repository.commits_between(&sending.base_commit, tip)? {
        let message = target.repository.message(&commit)?;
        if !message.lines().any(|line| line.starts_with(DIGEST_TRAILER)) {
            let first = message.lines().next().unwrap_or("").to_owned();
            return Ok(Some(format!(
                "it has the commit {} ({first}), which platform did not make",
                commit.short()
            )));
        }
    }
    Ok(None)
}

/// The edits that turn the branch's tip into the base with this request: those of the request, and
/// the way back for files that an earlier version of it changed and this one does not.
fn edits_on_top(target: &Target<'_>, sending: &Sending, tip: &CommitId) -> Result<Vec<Edit>, Error> {
    let repository = target.repository;
    let fork =
        repository.merge_base(&sending.base_commit, tip).unwrap_or_else(|| sending.base_commit.clone());
    let mut edits: BTreeMap<String, Edit> =
        sending.request.edits.iter().map(|edit| (edit.path.clone(), edit.clone())).collect();
    for path in repository.changed_paths(&fork, tip)? {
        if !edits.contains_key(&path) {
            let content = repository.file(&fork, &path)?;
            let existed = content.is_some();
            edits.insert(path.clone(), Edit { path, content, executable: false, existed });
        }
    }
    Ok(edits.into_values().collect())
}
