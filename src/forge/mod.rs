//! Pull requests, whatever hosts them.
//!
//! [`Forge`] is what an operation needs of a host: find, open, update, read. Each host is one file
//! that turns its API into these types; [`remote`] tells from a Git remote's address which one it
//! is. Nothing here pushes or looks for tokens.
//!
//! The calls block. A forge whose API lacks something says so with [`Error::Unsupported`].

mod error;
mod gitea;
mod github;
mod gitlab;
mod hosted;
mod local;
pub mod remote;

pub use error::Error;
pub use gitea::Gitea;
pub use github::GitHub;
pub use gitlab::GitLab;
pub use local::Local;
pub use remote::{Hint, Hosted, Kind, Place, Project, Remote};

use std::thread;

use crate::clock::Timestamp;
use crate::http::{self, Client, Credential, Endpoint};

/// A pull request (GitLab: merge request) as the forge has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PullRequest {
    /// The number people use for it (GitLab: the iid).
    pub number: u64,
    /// Its page.
    pub url: String,
    /// Title.
    pub title: String,
    /// Description, as written.
    pub body: String,
    /// Open, merged or closed.
    pub state: State,
    /// Marked as not ready.
    pub draft: bool,
    /// Branch it comes from, without `refs/heads/`.
    pub head: String,
    /// Branch it goes to, without `refs/heads/`.
    pub base: String,
    /// Commit at the tip of the head branch.
    pub head_commit: Option<String>,
    /// Who opened it: a login.
    pub author: Option<String>,
    /// The commit it became on the base branch; only when merged.
    pub merge_commit: Option<String>,
    /// When it was merged, by the forge's clock.
    pub merged_at: Option<Timestamp>,
    /// Who merged it: a login.
    pub merged_by: Option<String>,
    /// Who was asked for a review and has not answered: logins, and teams as `team:NAME`; sorted.
    /// GitLab lists everybody who was asked, answered or not.
    pub waiting_for: Vec<String>,
}

/// Where a pull request is in its life.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum State {
    /// Can still be merged.
    Open,
    /// Its change is on the base branch.
    Merged,
    /// Ended without being merged.
    Closed,
}

/// A pull request to be opened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Draft {
    /// Title, one line.
    pub title: String,
    /// Description in Markdown; cut to the forge's limit, so what must survive comes first.
    pub body: String,
    /// Branch it comes from. It has to be pushed already.
    pub head: String,
    /// Branch it goes to.
    pub base: String,
    /// Open it as not ready.
    pub draft: bool,
    /// Labels by name.
    pub labels: Vec<String>,
    /// Reviewers: logins, and teams as `team:NAME`.
    pub reviewers: Vec<String>,
}

/// What to change of an open pull request; `None` leaves a field alone.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Update {
    /// New title.
    pub title: Option<String>,
    /// New description.
    pub body: Option<String>,
    /// New base branch.
    pub base: Option<String>,
    /// Close it, or open it again.
    pub closed: Option<bool>,
}

/// A pull request that is there now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Opened {
    /// The pull request.
    pub pull_request: PullRequest,
    /// Whether this call made it; otherwise an open one for the same branches was found.
    pub created: bool,
    /// What could not be set on it (labels, reviewers); one line each. They never fail the call.
    pub warnings: Vec<String>,
}

/// What people and checks say of a pull request.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reviews {
    /// Who approved the present commit: logins, sorted.
    pub approved_by: Vec<String>,
    /// Who wants changes: logins, sorted.
    pub changes_requested_by: Vec<String>,
    /// Checks that failed: names, sorted.
    pub checks_failed: Vec<String>,
    /// Checks that have not ended: names, sorted.
    pub checks_pending: Vec<String>,
}

/// A host of pull requests for one repository.
pub trait Forge: Send + Sync {
    /// Which forge it is.
    fn kind(&self) -> Kind;

    /// The open pull request from branch `head` of this repository to `base`.
    fn find_open(&self, head: &str, base: &str) -> Result<Option<PullRequest>, Error>;

    /// All pull requests from branch `head` of this repository in any state, newest first, at most
    /// 100. For "was merged already" and "was closed".
    fn find_any(&self, head: &str) -> Result<Vec<PullRequest>, Error>;

    /// Opens a pull request, or finds the one that is open for the same branches.
    fn open(&self, draft: &Draft) -> Result<Opened, Error>;

    /// Changes an open pull request.
    fn update(&self, number: u64, update: &Update) -> Result<PullRequest, Error>;

    /// Reads one.
    fn get(&self, number: u64) -> Result<PullRequest, Error>;

    /// The pull request that brought a commit to the base branch, or else one that has it.
    fn pr_for_commit(&self, commit: &str) -> Result<Option<PullRequest>, Error>;

    /// What people and checks say of it.
    fn reviews(&self, pull_request: &PullRequest) -> Result<Reviews, Error>;

    /// Merges it. Only the built-in local forge does that; elsewhere people merge.
    fn merge(&self, number: u64) -> Result<PullRequest, Error> {
        Err(Error::Unsupported { kind: self.kind(), what: format!("merging #{number} from here") })
    }

    /// The page on which a person can open the pull request by hand, where there is one.
    fn compare_url(&self, head: &str, base: &str) -> Option<String>;
}

/// The client for a hosted repository.
pub fn connect(
    client: Client,
    place: Hosted,
    credential: Option<Credential>,
) -> Result<Box<dyn Forge>, Error> {
    match place.kind {
        Kind::GitHub => Ok(Box::new(GitHub::new(client, place, credential))),
        Kind::GitLab => Ok(Box::new(GitLab::new(client, place, credential))),
        Kind::Gitea | Kind::Forgejo => Ok(Box::new(Gitea::new(client, place, credential))),
        Kind::Local => {
            Err(Error::Unsupported { kind: place.kind, what: "pull requests through an API".to_owned() })
        }
    }
}

/// Tries a call again while a forge has not seen yet what was just pushed: up to three times, with
/// waits that double from the client's first one (400 ms).
fn patiently<T>(
    api: &Endpoint,
    is_lag: impl Fn(&http::Error) -> bool,
    call: impl Fn() -> Result<T, http::Error>,
) -> Result<T, http::Error> {
    for try_number in 0..3 {
        match call() {
            Err(error) if is_lag(&error) => thread::sleep(api.limits().first_wait * (1 << try_number)),
            ended => return ended,
        }
    }
    call()
}

/// Cuts a description to `limit` characters at a line break where there is one near, and says so.
fn fit(body: &str, limit: usize) -> String {
    const MARK: &str = "\n\n_(cut: the description was too long for this forge)_\n";
    if body.chars().count() <= limit {
        return body.to_owned();
    }
    let room = limit.saturating_sub(MARK.chars().count());
    let end = body.char_indices().nth(room).map_or(body.len(), |(at, _)| at);
    let cut = &body[..end];
    let cut = cut.rfind('\n').filter(|at| *at > end / 2).map_or(cut, |at| &cut[..at]);
    format!("{cut}{MARK}")
}

#[cfg(test)]
mod tests {
    use super::fit;

    #[test]
    fn long_descriptions_are_cut_at_a_line() {
        assert_eq!(fit("short", 100), "short");
        let long = "line ü\n".repeat(100);
        let cut = fit(&long, 200);
        assert!(
            cut.chars().count() <= 200 && cut.starts_with("line ü\n") && cut.ends_with("forge)_\n"),
            "{cut}"
        );
    }
}
