//! The shapes of GitHub's answers, as far as they are read.

use serde::Deserialize;
use serde_json::Value;

use crate::clock::Timestamp;
use crate::forge::{PullRequest, State};

#[derive(Deserialize)]
pub(super) struct Wire {
    pub(super) number: u64,
    pub(super) html_url: String,
    pub(super) title: String,
    pub(super) body: Option<String>,
    pub(super) state: String,
    #[serde(default)]
    pub(super) draft: Option<bool>,
    pub(super) head: Tip,
    pub(super) base: Tip,
    pub(super) user: Option<User>,
    pub(super) merged_at: Option<String>,
    pub(super) merged_by: Option<User>,
    pub(super) merge_commit_sha: Option<String>,
    #[serde(default)]
    pub(super) requested_reviewers: Option<Vec<User>>,
    #[serde(default)]
    pub(super) requested_teams: Option<Vec<Team>>,
}

#[derive(Deserialize)]
pub(super) struct Tip {
    #[serde(rename = "ref")]
    pub(super) branch: String,
    pub(super) sha: Option<String>,
    /// `null` when the fork it came from is gone.
    pub(super) repo: Option<Repository>,
}

#[derive(Deserialize)]
pub(super) struct Repository {
    pub(super) full_name: String,
}

#[derive(Deserialize)]
pub(super) struct User {
    pub(super) login: String,
}

#[derive(Deserialize)]
pub(super) struct Team {
    pub(super) slug: String,
}

#[derive(Deserialize)]
pub(super) struct Review {
    pub(super) user: Option<User>,
    pub(super) state: String,
    pub(super) commit_id: Option<String>,
}

#[derive(Deserialize)]
pub(super) struct CheckRuns {
    pub(super) check_runs: Vec<CheckRun>,
}

#[derive(Deserialize)]
pub(super) struct CheckRun {
    pub(super) name: String,
    pub(super) conclusion: Option<String>,
}

#[derive(Deserialize)]
pub(super) struct CombinedStatus {
    pub(super) statuses: Vec<Status>,
}

#[derive(Deserialize)]
pub(super) struct Status {
    pub(super) context: String,
    pub(super) state: String,
}

/// One entry of `errors`.
#[derive(Default)]
pub(super) struct Problem {
    pub(super) message: String,
    pub(super) field: String,
    pub(super) code: String,
}

impl Problem {
    /// `errors` is a list of objects, a list of texts, or one object.
    pub(super) fn all(body: Option<&Value>) -> Vec<Self> {
        let one = |value: &Value| {
            let text = |key: &str| value.get(key).and_then(Value::as_str).unwrap_or("").to_owned();
            match value {
                Value::String(message) => Self { message: message.clone(), ..Self::default() },
                _ => Self { message: text("message"), field: text("field"), code: text("code") },
            }
        };
        match body.and_then(|body| body.get("errors")) {
            Some(Value::Array(items)) => items.iter().map(one).collect(),
            Some(value) => vec![one(value)],
            None => Vec::new(),
        }
    }
}

impl From<Wire> for PullRequest {
    fn from(wire: Wire) -> Self {
        // the list has no `merged`; and before the merge `merge_commit_sha` is a trial merge
        let merged_at = wire.merged_at.as_deref().and_then(Timestamp::parse);
        let state = match (merged_at, wire.state.as_str()) {
            (Some(_), _) => State::Merged,
            (None, "open") => State::Open,
            (None, _) => State::Closed,
        };
        let teams = wire.requested_teams.into_iter().flatten().map(|team| format!("team:{}", team.slug));
        let mut waiting_for: Vec<String> =
            wire.requested_reviewers.into_iter().flatten().map(|user| user.login).chain(teams).collect();
        waiting_for.sort();
        Self {
            number: wire.number,
            url: wire.html_url,
            title: wire.title,
            body: wire.body.unwrap_or_default(),
            state,
            draft: wire.draft.unwrap_or(false),
            head: wire.head.branch,
            base: wire.base.branch,
            head_commit: wire.head.sha,
            author: wire.user.map(|user| user.login),
            merge_commit: wire.merge_commit_sha.filter(|_| state == State::Merged),
            merged_at,
            merged_by: wire.merged_by.map(|user| user.login),
            waiting_for,
        }
    }
}
