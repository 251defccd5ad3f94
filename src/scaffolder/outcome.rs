//! What running a template comes to.

use serde_json::{Map, Value};

use super::files::Files;
use super::problem::Problem;

/// What a run made. Nothing is written yet.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Outcome {
    /// The files in the workspace at the end.
    pub files: Files,
    /// `spec.output`, rendered; items whose `if` is false are gone.
    pub output: Map<String, Value>,
    /// What the steps said, in order.
    pub log: Vec<LogLine>,
    /// The change that a `publish` step asks for. Where there are several, the last; the others are
    /// in [`Outcome::changes`] before it.
    pub change: Option<ChangeDraft>,
    /// Every change that a `publish` step asks for, in order.
    pub changes: Vec<ChangeDraft>,
    /// Locations that `catalog:register` steps would add to the catalog. A central repository is
    /// read as a whole, so there is nothing to do about them there.
    pub registrations: Vec<Registration>,
    /// For how long `debug:wait` steps would have waited, in milliseconds. Nothing waits here.
    pub waited: f64,
    /// What Backstage passes over in silence: expressions that fail, links that are left out.
    pub warnings: Vec<Problem>,
}

/// One line of what the steps said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogLine {
    /// The id of the step.
    pub step: String,
    /// What it said; may have several lines. Comes from the template: escape it for a terminal.
    pub text: String,
}

/// A pull request or a repository that a `publish` step asks for.
#[derive(Clone, Debug, PartialEq)]
pub struct ChangeDraft {
    /// The id of the step.
    pub step: String,
    /// The id of the action.
    pub action: String,
    /// Whether a new repository is wanted, not a pull request against one that is there.
    pub creates_repository: bool,
    /// Where to.
    pub repository: Repository,
    /// The title of the pull request; the commit message of a new repository.
    pub title: String,
    /// The body of the pull request.
    pub description: String,
    /// The branch to push.
    pub branch: Option<String>,
    /// The branch to merge into; the default branch where it is absent.
    pub base: Option<String>,
    /// The commit message, where it is not the title.
    pub commit_message: Option<String>,
    /// Whether the pull request is a draft.
    pub draft: bool,
    /// Who shall review it, as the forge names them.
    pub reviewers: Vec<String>,
    /// Which teams shall review it.
    pub team_reviewers: Vec<String>,
    /// Who it is assigned to.
    pub assignees: Vec<String>,
    /// Its labels.
    pub labels: Vec<String>,
    /// The files with their paths in the repository.
    pub files: Files,
    /// Paths to delete in the repository.
    pub delete: Vec<String>,
}

/// A `repoUrl`, taken apart.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Repository {
    /// Host, with port where there is one.
    pub host: String,
    /// Owner: user, organisation or group.
    pub owner: Option<String>,
    /// Organisation of Azure DevOps.
    pub organization: Option<String>,
    /// Workspace of Bitbucket Cloud.
    pub workspace: Option<String>,
    /// Project of Azure DevOps and Bitbucket.
    pub project: Option<String>,
    /// The repository.
    pub repo: Option<String>,
}

impl Repository {
    /// Takes apart `host?owner=…&repo=…`; `None` when it is not of that form.
    pub fn parse(text: &str) -> Option<Self> {
        let url = url::Url::parse(&format!("https://{text}")).ok()?;
        let host = url.host_str()?;
        let part = |name: &str| {
            let (_, value) = url.query_pairs().find(|(key, _)| key == name)?;
            Some(value.trim_matches('/').to_owned()).filter(|value| !value.is_empty())
        };
        Some(Self {
            host: url.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}")),
            owner: part("owner"),
            organization: part("organization"),
            workspace: part("workspace"),
            project: part("project"),
            repo: part("repo"),
        })
    }
}

/// A location that a `catalog:register` step would add to the catalog.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Registration {
    /// The id of the step.
    pub step: String,
    /// The URL of the location, or of the repository when `path` is given.
    pub url: String,
    /// The path in the repository.
    pub path: Option<String>,
    /// Whether it may be missing.
    pub optional: bool,
}

/// Why a run stopped.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[error("step {step}: {message}")]
pub struct RunError {
    /// The id of the step.
    pub step: String,
    /// JSON pointer of the step in the entity.
    pub pointer: String,
    /// What failed and why: one line.
    pub message: String,
    /// What to do about it.
    pub hint: Option<String>,
    /// What the steps said until then, and what those that clean up said after.
    pub log: Vec<LogLine>,
    /// What Backstage passes over in silence; often the reason.
    pub warnings: Vec<Problem>,
}
