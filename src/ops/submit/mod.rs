//! `submit`: from changed files to an open pull request, without touching work tree or index.
//!
//! The remote is the truth: each step looks at what is there before it does anything, so a run that
//! was cut off is finished by the next one, and a run with nothing to do changes nothing.

mod local;
mod push;

use std::sync::Arc;

use super::forge::failure as forge_failure;
use super::git_failure;
use crate::change::{Edit, Request};
use crate::clock::Timestamp;
use crate::error::Failure;
use crate::forge::{Draft, Forge, PullRequest, Update};
use crate::git::transport::Transport;
use crate::git::{CommitId, Identity, Repository};
use crate::progress::Progress;

pub use local::{LocalRequest, local_request, request_of};
pub use push::Pushed;

/// Where a request goes.
pub struct Target<'a> {
    /// The repository the user stands in; it lends its object store.
    pub repository: &'a Repository,
    /// The remote's name.
    pub remote: &'a str,
    /// The branch that the pull request goes to.
    pub base: &'a str,
    /// What request branches start with.
    pub prefix: &'a str,
    /// Who asks.
    pub identity: Identity,
    /// When.
    pub now: Timestamp,
    /// Who wants to know what is waited for.
    pub progress: Arc<dyn Progress + Send + Sync>,
}

/// What is sent.
#[derive(Clone, Debug)]
pub struct Sending {
    /// The request; its edits fit the base.
    pub request: Request,
    /// The tip of the base branch on the remote that the edits were checked against.
    pub base_commit: CommitId,
    /// Open the pull request as not ready.
    pub draft: bool,
    /// Only say what would be done.
    pub dry_run: bool,
}

/// What was done.
#[derive(Clone, Debug)]
pub struct Report {
    /// Title of commit and pull request.
    pub title: String,
    /// The branch on the remote.
    pub branch: String,
    /// The branch that the pull request goes to.
    pub base: String,
    /// The files of the request.
    pub edits: Vec<Edit>,
    /// What became of the branch; `None` in a dry run.
    pub pushed: Option<Pushed>,
    /// The pull request; `None` in a dry run.
    pub pull_request: Option<PullRequest>,
    /// Whether the pull request is new.
    pub created: bool,
    /// What could not be set on the pull request.
    pub warnings: Vec<String>,
}

/// Pushes the request's branch and sees to it that one pull request is open for it.
pub fn submit(target: &Target<'_>, forge: &dyn Forge, sending: &Sending) -> Result<Report, Failure> {
    let request = &sending.request;
    let branch = request.branch(target.prefix);
    let mut report = Report {
        title: request.title(),
        branch: branch.clone(),
        base: target.base.to_owned(),
        edits: request.edits.clone(),
        pushed: None,
        pull_request: None,
        created: false,
        warnings: Vec::new(),
    };
    if sending.dry_run {
        return Ok(report);
    }
    target.progress.step(&format!("pushing {branch}"));
    let transport = Transport::new(target.repository.root(), target.remote);
    let earlier = forge.find_any(&branch).map_err(|error| forge_failure(&error))?;
    report.pushed = Some(push::push(target, &transport, sending, &branch, &earlier)?);
    target.progress.step("opening the pull request");
    let draft = Draft {
        title: report.title.clone(),
        body: request.description(&target.identity.name),
        head: branch,
        base: target.base.to_owned(),
        draft: sending.draft,
        labels: Vec::new(),
        reviewers: Vec::new(),
    };
    open(forge, &draft, &mut report)?;
    target.progress.done();
    Ok(report)
}

/// Opens the pull request, or brings the open one up to date.
fn open(forge: &dyn Forge, draft: &Draft, report: &mut Report) -> Result<(), Failure> {
    let opened = forge.open(draft).map_err(|error| {
        let failure = forge_failure(&error).because(format!("the branch {} is pushed", draft.head));
        match forge.compare_url(&draft.head, &draft.base) {
            Some(url) => failure.because(format!("the pull request can be opened by hand: {url}")),
            None => failure,
        }
    })?;
    report.created = opened.created;
    report.warnings = opened.warnings;
    let found = opened.pull_request;
    let stale = found.title != draft.title || found.body.trim() != draft.body.trim();
    report.pull_request = Some(if !report.created && stale {
        let update =
            Update { title: Some(draft.title.clone()), body: Some(draft.body.clone()), ..Update::default() };
        forge.update(found.number, &update).map_err(|error| forge_failure(&error))?
    } else {
        found
    });
    Ok(())
}

/// Fetches the base branch of the remote into a ref of our own.
pub fn fetch_base(repository: &Repository, remote: &str, base: &str) -> Result<CommitId, Failure> {
    // A name that is no remote of this clone would be taken for an address, which the repository's own
    // file may not choose.
    repository.remote_url(remote).map_err(|error| git_failure(&error))?;
    let transport = Transport::new(repository.root(), remote);
    let fetched = transport.fetch(base, &base_ref(remote, base));
    fetched.map_err(|error| git_failure(&error))
}

/// The ref that keeps what the remote's base branch was when we looked last.
pub fn base_ref(remote: &str, base: &str) -> String {
    format!("refs/platform/base/{remote}/{base}")
}
