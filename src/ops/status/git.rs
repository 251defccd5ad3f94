//! Where an entity is in Git, and its pull request.

use super::{Forged, Stage, State};
use crate::clock::Timestamp;
use crate::entity::EntityRef;
use crate::error::Failure;
use crate::forge::{PullRequest, State as PullState};
use crate::git::{CommitId, Error, LastChange, Repository};
use crate::ops::submit::{base_ref, fetch_base};
use crate::progress::Progress;

/// Where an entity's file is.
pub struct GitTarget<'a> {
    /// The repository; `None` where there is none.
    pub repository: Option<&'a Repository>,
    /// The remote's name.
    pub remote: &'a str,
    /// The branch that counts.
    pub base: &'a str,
    /// The file, relative to the root.
    pub path: String,
    /// The line that the entity starts at.
    pub line: u32,
    /// The file as it is in the work tree.
    pub content: Vec<u8>,
    /// The forge, or why it cannot be asked.
    pub forge: Result<Forged<'a>, Failure>,
    /// The time.
    pub now: Timestamp,
}

/// What Git says of a file on the base branch.
pub enum Located {
    /// It is there as it is here.
    Same(LastChange),
    /// It is there with another content.
    Differs(LastChange),
    /// It is not there.
    Missing,
}

/// Looks a file up on the base branch.
pub fn locate(repository: &Repository, tip: &CommitId, path: &str, content: &[u8]) -> Result<Located, Error> {
    let Some(change) = repository.last_change(tip, path)? else { return Ok(Located::Missing) };
    let there = repository.file(tip, path)?;
    Ok(if there.as_deref() == Some(content) { Located::Same(change) } else { Located::Differs(change) })
}

/// The stages `git` and `pull request`.
pub(super) fn stages(target: &GitTarget<'_>, entity: &EntityRef, progress: &dyn Progress) -> Vec<Stage> {
    let place = format!("{}:{}", target.path, target.line);
    let Some(repository) = target.repository else {
        let stage = Stage::new("git", State::NotConfigured, format!("{place}, not in a Git repository"));
        return vec![stage, Stage::new("pull request", State::NotConfigured, "none without Git")];
    };
    if !super::has_remote(repository, target.remote) {
        let summary = format!("{place}; the repository has no remote `{}`", target.remote);
        let stage = Stage::new("git", State::NotConfigured, summary);
        return vec![stage, Stage::new("pull request", State::NotConfigured, "none without a remote")];
    }
    progress.step(&format!("fetching {} from {}", target.base, target.remote));
    let (tip, stale) = match fetch_base(repository, target.remote, target.base) {
        Ok(tip) => (Some(tip), None),
        Err(failure) => (repository.resolve(&base_ref(target.remote, target.base)), Some(failure)),
    };
    let located = tip.map(|tip| locate(repository, &tip, &target.path, &target.content));
    let (mut git, change) = git_stage(target, &place, located);
    if let Some(failure) = stale {
        git.state = if failure.exit == crate::error::Exit::Login { State::Login } else { State::Unreachable };
        git = git.detail(format!("{}: this is what was known last", failure.message));
    }
    progress.step("looking for the pull request");
    let pull_request = pull_request_stage(target, entity, change.as_ref(), git.state);
    vec![git, pull_request]
}

fn git_stage(
    target: &GitTarget<'_>,
    place: &str,
    located: Option<Result<Located, Error>>,
) -> (Stage, Option<LastChange>) {
    let base = target.base;
    let on = |change: &LastChange| {
        let ago = ago(target.now, change.time);
        format!("{} by {}, {ago}", change.commit.short(), change.author)
    };
    match located {
        None => (Stage::new("git", State::Unreachable, format!("{place}; {base} was never fetched")), None),
        Some(Err(error)) => (Stage::new("git", State::Failed, format!("{place}; {error}")), None),
        Some(Ok(Located::Same(change))) => {
            let summary = format!("{place} is on {base} ({})", on(&change));
            (Stage::new("git", State::Done, summary), Some(change))
        }
        Some(Ok(Located::Differs(change))) => {
            let summary = format!("{place} is not what is on {base} ({})", on(&change));
            (Stage::new("git", State::Waiting, summary).detail("next: platform submit"), Some(change))
        }
        Some(Ok(Located::Missing)) => {
            (Stage::new("git", State::Waiting, format!("{place} is not on {base} yet")), None)
        }
    }
}

fn pull_request_stage(
    target: &GitTarget<'_>,
    entity: &EntityRef,
    change: Option<&LastChange>,
    git: State,
) -> Stage {
    let name = "pull request";
    let forged = match &target.forge {
        Ok(forged) => forged,
        Err(failure) => return Stage::new(name, State::NotConfigured, failure.message.clone()),
    };
    let found = forged.find(change.map(|change| &change.commit), entity);
    match found {
        Err(error) => {
            let state = match error.exit() {
                crate::error::Exit::Login => State::Login,
                crate::error::Exit::Unreachable => State::Unreachable,
                _ => State::Failed,
            };
            Stage::new(name, state, error.to_string())
        }
        Ok(Some(found)) => shown(&found, target.now),
        Ok(None) if git == State::Done => {
            Stage::new(name, State::Done, format!("none: it came to {} without one", target.base))
        }
        Ok(None) => Stage::new(name, State::Waiting, "none yet").detail("next: platform submit"),
    }
}

fn shown(found: &PullRequest, now: Timestamp) -> Stage {
    let name = "pull request";
    let number = found.number;
    let stage = match found.state {
        PullState::Merged => {
            let by = found.merged_by.as_deref().map(|who| format!(" by {who}")).unwrap_or_default();
            let at = found.merged_at.map(|at| format!(", {}", ago(now, at))).unwrap_or_default();
            Stage::new(name, State::Done, format!("#{number} merged{by}{at}"))
        }
        PullState::Closed => {
            Stage::new(name, State::Failed, format!("#{number} was closed without being merged"))
        }
        PullState::Open if found.waiting_for.is_empty() => {
            Stage::new(name, State::Waiting, format!("#{number} is open"))
        }
        PullState::Open => {
            Stage::new(name, State::Waiting, format!("#{number} waits for {}", found.waiting_for.join(", ")))
        }
    };
    stage.detail(found.url.clone())
}

/// How long ago something was, in the largest unit that fits: `3 min ago`.
pub(crate) fn ago(now: Timestamp, then: Timestamp) -> String {
    let seconds = now.seconds_since(then).max(0);
    match seconds {
        0..60 => format!("{seconds} s ago"),
        60..3_600 => format!("{} min ago", seconds / 60),
        3_600..86_400 => format!("{} h ago", seconds / 3_600),
        _ => format!("{} d ago", seconds / 86_400),
    }
}

#[cfg(test)]
mod tests {
    use super::ago;
    use crate::clock::Timestamp;

    #[test]
    fn times_are_told_in_the_largest_unit() {
        let check = |seconds, expected: &str| assert_eq!(ago(Timestamp(seconds), Timestamp(0)), expected);
        check(-5, "0 s ago");
        check(59, "59 s ago");
        check(60, "1 min ago");
        check(7_200, "2 h ago");
        check(200_000, "2 d ago");
    }
}
