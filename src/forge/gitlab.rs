//! GitLab: gitlab.com and self-managed, 15.6 and later.
//!
//! A merge request is called a pull request here, and its number is the `iid`.

use reqwest::Method;
use serde::Deserialize;
use serde_json::json;
use url::Url;

use super::hosted::{Server, Words, landing, one, sorted};
use super::{Draft, Error, Forge, Hosted, Kind, Opened, PullRequest, Reviews, State, Update, fit, patiently};
use crate::clock::Timestamp;
use crate::http::{self, Client, Credential, Endpoint, Scheme};

/// Longest description GitLab takes.
const BODY_LIMIT: usize = 1_000_000;
const WORDS: Words = Words {
    body: "description",
    body_limit: BODY_LIMIT,
    base: "target_branch",
    state: "state_event",
    states: ["reopen", "close"],
};
/// The mark of a draft.
const DRAFT: &str = "Draft: ";

/// One project on GitLab.
pub struct GitLab {
    server: Server,
    /// The project's path, one segment of an address.
    path: String,
}

impl GitLab {
    /// The project at `place`. Without a credential it can only read what is public.
    pub fn new(client: Client, place: Hosted, credential: Option<Credential>) -> Self {
        // Bearer takes personal, project and group tokens as well as OAuth ones
        let api =
            Endpoint::new(client, place.api, Scheme::Bearer, credential).header("accept", "application/json");
        let path = place.project.to_string();
        Self { server: Server { api, web: place.web, project: place.project }, path }
    }

    fn url(&self, rest: &[&str]) -> Url {
        self.server.api.url(["projects", &self.path].iter().chain(rest))
    }

    /// Merge requests from `head` of this project, newest first.
    fn list(&self, state: &str, head: &str, base: Option<&str>) -> Result<Vec<PullRequest>, Error> {
        let mut query =
            vec![("state", state), ("scope", "all"), ("source_branch", head), ("per_page", "100")];
        query.extend(base.map(|base| ("target_branch", base)));
        let answer = self
            .server
            .api
            .get(self.url(&["merge_requests"]), &query)
            .map_err(|error| self.server.no_access(error))?;
        let wires: Vec<Wire> = answer.json()?;
        // a fork's branch of the same name is another one
        Ok(wires.into_iter().filter(Wire::is_from_here).map(PullRequest::from).collect())
    }

    /// GitLab opens a merge request without commits, so we look first.
    fn check_commits(&self, draft: &Draft) -> Result<(), Error> {
        let query = [("from", draft.base.as_str()), ("to", draft.head.as_str())];
        let not_seen = |error: &http::Error| matches!(error, http::Error::NotFound(_));
        let compared = patiently(&self.server.api, not_seen, || {
            self.server.api.get(self.url(&["repository", "compare"]), &query)
        });
        match compared {
            Ok(answer) if answer.json::<Comparison>()?.commits.is_empty() => {
                Err(Error::NothingToMerge { head: draft.head.clone(), base: draft.base.clone() })
            }
            Ok(_) => Ok(()),
            Err(http::Error::NotFound(_)) => Err(Error::NoBranch { branch: draft.head.clone() }),
            Err(error) => Err(error.into()),
        }
    }

    fn create(&self, draft: &Draft, reviewers: &[u64]) -> Result<PullRequest, http::Error> {
        let title = if draft.draft { format!("{DRAFT}{}", draft.title) } else { draft.title.clone() };
        let mut body = json!({
            "title": title,
            "description": fit(&draft.body, BODY_LIMIT),
            "source_branch": draft.head,
            "target_branch": draft.base,
            "remove_source_branch": true,
        });
        if !draft.labels.is_empty() {
            body["labels"] = draft.labels.join(",").into();
        }
        if !reviewers.is_empty() {
            body["reviewer_ids"] = reviewers.to_vec().into();
        }
        let answer = patiently(&self.server.api, is_lag, || {
            self.server.api.write(Method::POST, self.url(&["merge_requests"]), body.clone())
        })?;
        answer.json::<Wire>().map(PullRequest::from)
    }

    /// Reviewers go by number; whoever is not found becomes a warning.
    fn reviewers(&self, draft: &Draft, warnings: &mut Vec<String>) -> Vec<u64> {
        let mut ids = Vec::new();
        for name in &draft.reviewers {
            if name.starts_with("team:") {
                warnings.push(format!("{name} was not asked for a review: GitLab asks people, not groups"));
                continue;
            }
            let found = self
                .server
                .api
                .get(self.server.api.url(["users"]), &[("username", name)])
                .and_then(|answer| answer.json::<Vec<User>>());
            match found.map(|users| users.into_iter().next()) {
                Ok(Some(user)) => ids.push(user.id),
                Ok(None) => {
                    warnings.push(format!("{name} was not asked for a review: there is no such user"));
                }
                Err(error) => warnings.push(format!("{name} was not asked for a review: {error}")),
            }
        }
        ids
    }
}

/// Whether GitLab only has not seen a push yet, or is busy with the same project. The conflict with
/// an open merge request has the same status and does not pass.
fn is_lag(error: &http::Error) -> bool {
    error.answer().is_some_and(|answer| match answer.status {
        400 => answer.message.contains("source_branch") && answer.message.contains("does not exist"),
        409 => answer.message.contains("Resource lock"),
        _ => false,
    })
}

impl Forge for GitLab {
    fn kind(&self) -> Kind {
        Kind::GitLab
    }

    fn find_open(&self, head: &str, base: &str) -> Result<Option<PullRequest>, Error> {
        Ok(self.list("opened", head, Some(base))?.into_iter().next())
    }

    fn find_any(&self, head: &str) -> Result<Vec<PullRequest>, Error> {
        self.list("all", head, None)
    }

    fn open(&self, draft: &Draft) -> Result<Opened, Error> {
        self.server.need_token("open a merge request")?;
        if let Some(pull_request) = self.find_open(&draft.head, &draft.base)? {
            return Ok(Opened { pull_request, created: false, warnings: Vec::new() });
        }
        self.check_commits(draft)?;
        let mut warnings = Vec::new();
        let reviewers = self.reviewers(draft, &mut warnings);
        match self.create(draft, &reviewers) {
            Ok(pull_request) => Ok(Opened { pull_request, created: true, warnings }),
            // 409: somebody else was faster, or an earlier try got through after all
            Err(error) => match self.find_open(&draft.head, &draft.base) {
                Ok(Some(pull_request)) => Ok(Opened { pull_request, created: false, warnings }),
                _ => Err(error.into()),
            },
        }
    }

    fn update(&self, number: u64, update: &Update) -> Result<PullRequest, Error> {
        self.server.need_token("change a merge request")?;
        let url = self.url(&["merge_requests", &number.to_string()]);
        self.server.update::<Wire>(Method::PUT, url, number, update, &WORDS)
    }

    fn get(&self, number: u64) -> Result<PullRequest, Error> {
        one::<Wire>(number, self.server.api.get(self.url(&["merge_requests", &number.to_string()]), &[]))
    }

    fn pr_for_commit(&self, commit: &str) -> Result<Option<PullRequest>, Error> {
        let found =
            match self.server.api.get(self.url(&["repository", "commits", commit, "merge_requests"]), &[]) {
                Ok(answer) => answer.json::<Vec<Wire>>()?,
                Err(http::Error::NotFound(_)) => return Ok(None),
                Err(error) => return Err(error.into()),
            };
        Ok(landing(found))
    }

    fn reviews(&self, pull_request: &PullRequest) -> Result<Reviews, Error> {
        let number = pull_request.number.to_string();
        let approvals: Approvals =
            self.server.api.get(self.url(&["merge_requests", &number, "approvals"]), &[])?.json()?;
        let mut reviews = Reviews::default();
        reviews.approved_by.extend(approvals.approved_by.into_iter().map(|approval| approval.user.username));
        let wire: Wire = self.server.api.get(self.url(&["merge_requests", &number]), &[])?.json()?;
        if wire.detailed_merge_status.as_deref() == Some("requested_changes") {
            let states: Vec<ReviewerState> =
                self.server.api.get(self.url(&["merge_requests", &number, "reviewers"]), &[])?.json()?;
            let wants_changes = states.into_iter().filter(|reviewer| reviewer.state == "requested_changes");
            reviews.changes_requested_by.extend(wants_changes.map(|reviewer| reviewer.user.username));
        }
        if let Some(pipeline) = wire.head_pipeline {
            match pipeline.status.as_str() {
                "success" | "skipped" | "manual" => {}
                "failed" | "canceled" => reviews.checks_failed.push("pipeline".to_owned()),
                _ => reviews.checks_pending.push("pipeline".to_owned()),
            }
        }
        Ok(sorted(reviews))
    }

    fn compare_url(&self, head: &str, base: &str) -> Option<String> {
        let mut url = self.server.web.clone();
        let mut segments = url.path_segments_mut().ok()?;
        segments.pop_if_empty().extend(self.path.split('/')).extend(["-", "merge_requests", "new"]);
        drop(segments);
        url.query_pairs_mut()
            .append_pair("merge_request[source_branch]", head)
            .append_pair("merge_request[target_branch]", base);
        Some(url.into())
    }
}

#[derive(Deserialize)]
struct Wire {
    iid: u64,
    web_url: String,
    title: String,
    description: Option<String>,
    state: String,
    #[serde(default)]
    draft: bool,
    source_branch: String,
    target_branch: String,
    /// `null` when the fork it came from is gone.
    source_project_id: Option<u64>,
    target_project_id: u64,
    sha: Option<String>,
    author: Option<User>,
    merge_user: Option<User>,
    merged_at: Option<String>,
    merge_commit_sha: Option<String>,
    squash_commit_sha: Option<String>,
    #[serde(default)]
    reviewers: Vec<User>,
    head_pipeline: Option<Pipeline>,
    detailed_merge_status: Option<String>,
}

impl Wire {
    fn is_from_here(&self) -> bool {
        self.source_project_id == Some(self.target_project_id)
    }
}

#[derive(Deserialize)]
struct User {
    id: u64,
    username: String,
}

#[derive(Deserialize)]
struct Pipeline {
    status: String,
}

#[derive(Deserialize)]
struct Comparison {
    commits: Vec<serde::de::IgnoredAny>,
}

#[derive(Deserialize)]
struct Approvals {
    #[serde(default)]
    approved_by: Vec<Approval>,
}

#[derive(Deserialize)]
struct Approval {
    user: User,
}

#[derive(Deserialize)]
struct ReviewerState {
    user: User,
    state: String,
}

impl From<Wire> for PullRequest {
    fn from(wire: Wire) -> Self {
        let state = match wire.state.as_str() {
            "merged" => State::Merged,
            "closed" => State::Closed,
            // `opened`, and `locked` for the moment of the merge
            _ => State::Open,
        };
        let mut waiting_for: Vec<String> = wire.reviewers.into_iter().map(|user| user.username).collect();
        waiting_for.sort();
        // a merge has a commit of its own, else the squashed one or the tip itself landed
        let landed = wire.merge_commit_sha.or(wire.squash_commit_sha).or_else(|| wire.sha.clone());
        Self {
            number: wire.iid,
            url: wire.web_url,
            title: wire.title,
            body: wire.description.unwrap_or_default(),
            state,
            draft: wire.draft,
            head: wire.source_branch,
            base: wire.target_branch,
            head_commit: wire.sha,
            author: wire.author.map(|user| user.username),
            merge_commit: landed.filter(|_| state == State::Merged),
            merged_at: wire.merged_at.as_deref().and_then(Timestamp::parse),
            merged_by: wire.merge_user.map(|user| user.username),
            waiting_for,
        }
    }
}
