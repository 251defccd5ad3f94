//! `status`: one answer out of Git, the forge, the cluster and Backstage.
//!
//! Each of them is a stage of its own. One that is not configured, or does not answer, says so in its
//! row and keeps nobody else from answering.

mod backstage;
mod cluster;
mod git;

use std::sync::Arc;

use crate::clock::Timestamp;
use crate::entity::EntityRef;
use crate::error::Exit;
use crate::forge::{Forge, PullRequest};
use crate::git::{CommitId, Repository};
use crate::object::Object;
use crate::progress::Progress;
use crate::status::{Health, HealthRule, Snapshot, StatusReport, Sync, assess_by};

pub use backstage::{BackstageTarget, ask as ask_backstage};
pub use cluster::observe;
pub use git::{GitTarget, locate};

/// How far one stage has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum State {
    /// Done.
    Done,
    /// Nobody set it up, or there is nothing for it to do: it does not count.
    NotConfigured,
    /// On its way.
    Waiting,
    /// It could not be asked.
    Unreachable,
    /// It could not be asked without a login.
    Login,
    /// It failed.
    Failed,
}

impl State {
    /// The word for it in text and JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::NotConfigured => "not-configured",
            Self::Waiting => "waiting",
            Self::Unreachable => "unreachable",
            Self::Login => "login-needed",
            Self::Failed => "failed",
        }
    }

    fn exit(self) -> Exit {
        match self {
            Self::Done | Self::NotConfigured => Exit::Fine,
            Self::Waiting => Exit::Pending,
            Self::Unreachable => Exit::Unreachable,
            Self::Login => Exit::Login,
            Self::Failed => Exit::No,
        }
    }
}

/// One stage on the way from a file to reality.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stage {
    /// What it is called: `git`, `pull request`, `objects`, `backstage`.
    pub name: &'static str,
    /// How far it is.
    pub state: State,
    /// One line for people.
    pub summary: String,
    /// More, a line each.
    pub details: Vec<String>,
}

impl Stage {
    /// A stage with its one line.
    pub fn new(name: &'static str, state: State, summary: impl Into<String>) -> Self {
        Self { name, state, summary: summary.into(), details: Vec::new() }
    }

    /// Adds a line.
    #[must_use]
    pub fn detail(mut self, line: impl Into<String>) -> Self {
        self.details.push(line.into());
        self
    }
}

/// Where objects are looked for.
pub enum Observed {
    /// In a snapshot that was read from a file of this name.
    File(String, Snapshot),
    /// In a cluster.
    Cluster(crate::cluster::Target),
    /// Nowhere, for this reason.
    Nowhere(String),
}

/// What is asked.
pub struct Request<'a> {
    /// The entity.
    pub entity: EntityRef,
    /// Where its file is and what Git knows of it.
    pub git: GitTarget<'a>,
    /// The objects that it becomes.
    pub desired: Result<Vec<Object>, String>,
    /// How the resource types judge objects of their kinds.
    pub health: Vec<HealthRule>,
    /// Where they are looked for.
    pub observed: Observed,
    /// The Backstage to ask, if one is configured.
    pub backstage: Option<BackstageTarget>,
    /// The time.
    pub now: Timestamp,
    /// Who wants to know what is waited for.
    pub progress: Arc<dyn Progress + Send + std::marker::Sync>,
}

/// The joined answer.
#[derive(Debug)]
pub struct Report {
    /// The entity.
    pub entity: EntityRef,
    /// The stages in the order in which a request passes them.
    pub stages: Vec<Stage>,
    /// The objects, where there are any.
    pub objects: Option<StatusReport>,
    /// When it was asked.
    pub now: Timestamp,
}

impl Report {
    /// How the process ends: the most severe of the stages wins.
    pub fn exit(&self) -> Exit {
        self.stages.iter().map(|stage| stage.state.exit()).max().unwrap_or(Exit::Fine)
    }
}

/// Asks everybody.
pub fn status(request: Request<'_>) -> Report {
    let mut stages = git::stages(&request.git, &request.entity, &*request.progress);
    let (stage, objects) = objects(&request);
    stages.push(stage);
    stages.push(match &request.backstage {
        Some(target) => backstage::stage(target, &request.entity, request.progress.clone()),
        None => Stage::new(
            "backstage",
            State::NotConfigured,
            "not configured: set PLATFORM_BACKSTAGE_URL to ask it",
        ),
    });
    request.progress.done();
    Report { entity: request.entity, stages, objects, now: request.now }
}

fn objects(request: &Request<'_>) -> (Stage, Option<StatusReport>) {
    let desired = match &request.desired {
        Ok(desired) if desired.is_empty() => {
            return (Stage::new("objects", State::NotConfigured, "this entity becomes no objects"), None);
        }
        Ok(desired) => desired,
        Err(reason) => {
            return (Stage::new("objects", State::Failed, format!("cannot be rendered: {reason}")), None);
        }
    };
    let (snapshot, place) = match &request.observed {
        Observed::File(name, snapshot) => (snapshot.clone(), format!("in the snapshot {name}")),
        Observed::Nowhere(reason) => {
            let count = desired.len();
            return (
                Stage::new(
                    "objects",
                    State::NotConfigured,
                    format!("{count} rendered; not looked for: {reason}"),
                ),
                None,
            );
        }
        Observed::Cluster(target) => match observe(target, desired, &*request.progress) {
            Ok((snapshot, server)) => (snapshot, format!("in {server}")),
            Err(error) => return (unobserved(&error), None),
        },
    };
    let report = assess_by(desired, &snapshot, &request.health, request.now);
    (summarised(&report, &place), Some(report))
}

fn unobserved(error: &crate::cluster::Error) -> Stage {
    let state = match error.exit() {
        Exit::Login => State::Login,
        _ => State::Unreachable,
    };
    Stage::new("objects", state, error.to_string())
}

fn summarised(report: &StatusReport, place: &str) -> Stage {
    let state = match report.health {
        Health::Degraded => State::Failed,
        Health::Progressing | Health::Missing | Health::Unknown => State::Waiting,
        Health::Healthy | Health::Suspended if report.sync > Sync::Synced => State::Waiting,
        Health::Healthy | Health::Suspended => State::Done,
    };
    let summary = format!("{}, {} {place}", report.health, report.sync.as_str());
    let row = Stage::new("objects", state, summary);
    let Some(cause) = &report.cause else { return row };
    let object = cause.path.last().map(ToString::to_string).unwrap_or_default();
    let words = if cause.verdict.message.is_empty() { &cause.verdict.reason } else { &cause.verdict.message };
    row.detail(format!("because {object}: {words}"))
}

/// The pull request that a stage speaks of, and the forge it is on.
pub struct Forged<'a> {
    /// The forge.
    pub forge: &'a dyn Forge,
    /// What request branches start with.
    pub prefix: &'a str,
}

impl Forged<'_> {
    /// The pull request that brought a commit to the base branch, or the latest one for the entity.
    fn find(
        &self,
        commit: Option<&CommitId>,
        entity: &EntityRef,
    ) -> Result<Option<PullRequest>, crate::forge::Error> {
        if let Some(commit) = commit
            && let Some(found) = self.forge.pr_for_commit(&commit.0)?
        {
            return Ok(Some(found));
        }
        let name = format!("{}.{}.{}", entity.kind(), entity.namespace(), entity.name());
        for verb in ["new", "edit", "retire"] {
            let branch = format!("{}{verb}/{name}", self.prefix);
            if let Some(found) = self.forge.find_any(&branch)?.into_iter().next() {
                return Ok(Some(found));
            }
        }
        Ok(None)
    }
}

/// Whether a repository has the remote: `status` works without one.
pub fn has_remote(repository: &Repository, remote: &str) -> bool {
    repository.remote_url(remote).is_ok()
}
