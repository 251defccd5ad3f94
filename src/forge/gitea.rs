//! Gitea and Forgejo, Codeberg included.
//!
//! What both answer since Gitea 1.20 and Forgejo 1.20 is enough; where they differ (filters,
//! reviewers on creation) the older way that both have is taken.

use std::collections::BTreeMap;

use reqwest::Method;
use serde::Deserialize;
use serde_json::json;
use url::Url;

use super::hosted::{Server, Words, one, sorted};
use super::{Draft, Error, Forge, Hosted, Kind, Opened, PullRequest, Reviews, State, Update, fit};
use crate::clock::Timestamp;
use crate::http::{self, Client, Credential, Endpoint, Scheme};

/// Neither has a limit of its own; the database has one beyond this.
const BODY_LIMIT: usize = 1_000_000;
const WORDS: Words =
    Words { body: "body", body_limit: BODY_LIMIT, base: "base", state: "state", states: ["open", "closed"] };
/// Entries of a page; servers give no more than 50 unless told otherwise.
const PAGE: usize = 50;
/// Pages that are looked through.
const PAGES: usize = 20;
/// The mark of a draft, unless a server changed it.
const DRAFT: &str = "WIP: ";

/// One repository on Gitea or Forgejo.
pub struct Gitea {
    server: Server,
    kind: Kind,
}

impl Gitea {
    /// The repository at `place`. Without a credential it can only read what is public.
    pub fn new(client: Client, place: Hosted, credential: Option<Credential>) -> Self {
        let api =
            Endpoint::new(client, place.api, Scheme::Token, credential).header("accept", "application/json");
        Self { server: Server { api, web: place.web, project: place.project }, kind: place.kind }
    }

    fn url(&self, rest: &[&str]) -> Url {
        let repository = ["repos", &self.server.project.owner, &self.server.project.name];
        self.server.api.url(repository.iter().chain(rest))
    }

    /// Pull requests from `head` of this repository, newest first. There is no filter by head that
    /// both have, so the pages are looked through.
    fn list(&self, state: &str, head: &str, base: Option<&str>) -> Result<Vec<PullRequest>, Error> {
        let ours = |wire: &Wire| {
            let repository = wire.head.repo.as_ref().map(|repo| repo.full_name.as_str());
            wire.head.branch == head
                && base.is_none_or(|base| wire.base.branch == base)
                && repository.is_some_and(|name| name.eq_ignore_ascii_case(&self.server.project.to_string()))
        };
        let mut found = Vec::new();
        for page in 1..=PAGES {
            let (page, limit) = (page.to_string(), PAGE.to_string());
            let query = [
                ("state", state),
                ("sort", "recentupdate"),
                ("limit", limit.as_str()),
                ("page", page.as_str()),
            ];
            let answer = self
                .server
                .api
                .get(self.url(&["pulls"]), &query)
                .map_err(|error| self.server.no_access(error))?;
            // a pull request whose data is being made shows as null
            let wires: Vec<Option<Wire>> = answer.json()?;
            let ended = wires.is_empty();
            found.extend(wires.into_iter().flatten().filter(|wire| ours(wire)).map(PullRequest::from));
            // a short page proves nothing: the server may allow fewer entries than were asked for
            if ended || (state == "open" && !found.is_empty()) {
                break;
            }
        }
        found.sort_by_key(|pull_request| std::cmp::Reverse(pull_request.number));
        Ok(found)
    }

    fn create(&self, draft: &Draft) -> Result<PullRequest, http::Error> {
        let title = if draft.draft { format!("{DRAFT}{}", draft.title) } else { draft.title.clone() };
        let body = json!({ "title": title, "body": fit(&draft.body, BODY_LIMIT), "head": draft.head, "base": draft.base });
        self.server.api.write(Method::POST, self.url(&["pulls"]), body)?.json::<Wire>().map(PullRequest::from)
    }

    /// Labels go by number, and unknown ones are not made.
    fn set_labels(&self, number: &str, labels: &[String]) -> Result<(), String> {
        let known = self.labels().map_err(|error| error.to_string())?;
        let ids: Vec<u64> = labels.iter().filter_map(|label| known.get(label).copied()).collect();
        let missing: Vec<&str> =
            labels.iter().filter(|label| !known.contains_key(*label)).map(String::as_str).collect();
        if !ids.is_empty() {
            let url = self.url(&["issues", number, "labels"]);
            self.server
                .api
                .write(Method::POST, url, json!({ "labels": ids }))
                .map_err(|error| error.to_string())?;
        }
        if missing.is_empty() {
            return Ok(());
        }
        Err(format!("{} has no label {}", self.server.project, missing.join(", ")))
    }

    /// The labels of the repository and of its organisation.
    fn labels(&self) -> Result<BTreeMap<String, u64>, Error> {
        let query = [("limit", "50")];
        let mut labels: Vec<Label> = self.server.api.get(self.url(&["labels"]), &query)?.json()?;
        // the owner may be a user, who has none
        match self.server.api.get(self.server.api.url(["orgs", &self.server.project.owner, "labels"]), &query)
        {
            Ok(answer) => labels.extend(answer.json::<Vec<Label>>()?),
            Err(http::Error::NotFound(_)) => {}
            Err(error) => return Err(error.into()),
        }
        Ok(labels.into_iter().map(|label| (label.name, label.id)).collect())
    }

    fn decorate(&self, number: u64, draft: &Draft) -> Vec<String> {
        let number = number.to_string();
        let mut warnings = Vec::new();
        if !draft.labels.is_empty()
            && let Err(why) = self.set_labels(&number, &draft.labels)
        {
            warnings.push(format!("not all labels were set: {why}"));
        }
        // one by one: a single reviewer who cannot be asked fails the whole call
        for reviewer in &draft.reviewers {
            let url = self.url(&["pulls", &number, "requested_reviewers"]);
            let body = match reviewer.strip_prefix("team:") {
                Some(team) => json!({ "team_reviewers": [team] }),
                None => json!({ "reviewers": [reviewer] }),
            };
            if let Err(error) = self.server.api.write(Method::POST, url, body) {
                warnings.push(format!("{reviewer} was not asked for a review: {error}"));
            }
        }
        warnings
    }
}

impl Forge for Gitea {
    fn kind(&self) -> Kind {
        self.kind
    }

    fn find_open(&self, head: &str, base: &str) -> Result<Option<PullRequest>, Error> {
        Ok(self.list("open", head, Some(base))?.into_iter().next())
    }

    fn find_any(&self, head: &str) -> Result<Vec<PullRequest>, Error> {
        self.list("all", head, None)
    }

    fn open(&self, draft: &Draft) -> Result<Opened, Error> {
        self.server.need_token("open a pull request")?;
        let (pull_request, created) = match self.find_open(&draft.head, &draft.base)? {
            Some(found) => (found, false),
            None => match self.create(draft) {
                Ok(made) => (made, true),
                // 409: somebody else was faster, or an earlier try got through after all
                Err(error) => match self.find_open(&draft.head, &draft.base) {
                    Ok(Some(found)) => (found, false),
                    // the repository was seen a moment ago, so it is a branch that is missing
                    _ if matches!(error, http::Error::NotFound(_)) => {
                        return Err(Error::NoBranch { branch: draft.head.clone() });
                    }
                    _ => return Err(error.into()),
                },
            },
        };
        let warnings = if created { self.decorate(pull_request.number, draft) } else { Vec::new() };
        Ok(Opened { pull_request, created, warnings })
    }

    fn update(&self, number: u64, update: &Update) -> Result<PullRequest, Error> {
        self.server.need_token("change a pull request")?;
        let url = self.url(&["pulls", &number.to_string()]);
        self.server.update::<Wire>(Method::PATCH, url, number, update, &WORDS)
    }

    fn get(&self, number: u64) -> Result<PullRequest, Error> {
        one::<Wire>(number, self.server.api.get(self.url(&["pulls", &number.to_string()]), &[]))
    }

    fn pr_for_commit(&self, commit: &str) -> Result<Option<PullRequest>, Error> {
        match self.server.api.get(self.url(&["commits", commit, "pull"]), &[]) {
            Ok(answer) => Ok(Some(answer.json::<Wire>()?.into())),
            Err(http::Error::NotFound(_)) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    fn reviews(&self, pull_request: &PullRequest) -> Result<Reviews, Error> {
        let url = self.url(&["pulls", &pull_request.number.to_string(), "reviews"]);
        let all: Vec<Review> = self.server.api.get(url, &[("limit", "50")])?.json()?;
        let mut last: BTreeMap<String, Review> = BTreeMap::new();
        for review in all.into_iter().filter(Review::counts) {
            if let Some(user) = &review.user {
                last.insert(user.login.clone(), review);
            }
        }
        let mut reviews = Reviews::default();
        for (login, review) in last {
            match review.state.as_str() {
                "APPROVED" if !review.stale => reviews.approved_by.push(login),
                "REQUEST_CHANGES" => reviews.changes_requested_by.push(login),
                _ => {}
            }
        }
        if let Some(commit) = &pull_request.head_commit {
            let combined: Combined =
                self.server.api.get(self.url(&["commits", commit, "status"]), &[])?.json()?;
            for status in combined.statuses.into_iter().flatten() {
                match status.status.as_str() {
                    "success" | "warning" | "skipped" => {}
                    "pending" => reviews.checks_pending.push(status.context),
                    _ => reviews.checks_failed.push(status.context),
                }
            }
        }
        Ok(sorted(reviews))
    }

    fn compare_url(&self, head: &str, base: &str) -> Option<String> {
        self.server.compare_page(head, base).map(Into::into)
    }
}

#[derive(Deserialize)]
struct Wire {
    number: u64,
    html_url: String,
    title: String,
    #[serde(default)]
    body: String,
    state: String,
    #[serde(default)]
    draft: bool,
    #[serde(default)]
    merged: bool,
    head: Tip,
    base: Tip,
    user: Option<User>,
    merged_at: Option<String>,
    merged_by: Option<User>,
    merge_commit_sha: Option<String>,
    #[serde(default)]
    requested_reviewers: Option<Vec<User>>,
    #[serde(default)]
    requested_reviewers_teams: Option<Vec<Team>>,
}

#[derive(Deserialize)]
struct Tip {
    #[serde(rename = "ref")]
    branch: String,
    sha: Option<String>,
    /// `null` when the fork it came from is gone.
    repo: Option<Repository>,
}

#[derive(Deserialize)]
struct Repository {
    full_name: String,
}

#[derive(Deserialize)]
struct User {
    login: String,
}

#[derive(Deserialize)]
struct Team {
    name: String,
}

#[derive(Deserialize)]
struct Label {
    id: u64,
    name: String,
}

#[derive(Deserialize)]
struct Review {
    user: Option<User>,
    state: String,
    #[serde(default)]
    stale: bool,
    #[serde(default)]
    dismissed: bool,
    #[serde(default)]
    official: bool,
}

impl Review {
    /// A verdict that the rules of the branch would take, and not a comment, request or draft.
    fn counts(&self) -> bool {
        self.official && !self.dismissed && matches!(self.state.as_str(), "APPROVED" | "REQUEST_CHANGES")
    }
}

#[derive(Deserialize)]
struct Combined {
    /// `null` without any.
    statuses: Option<Vec<Status>>,
}

#[derive(Deserialize)]
struct Status {
    context: String,
    status: String,
}

impl From<Wire> for PullRequest {
    fn from(wire: Wire) -> Self {
        let state = match (wire.merged, wire.state.as_str()) {
            (true, _) => State::Merged,
            (false, "open") => State::Open,
            (false, _) => State::Closed,
        };
        let teams =
            wire.requested_reviewers_teams.into_iter().flatten().map(|team| format!("team:{}", team.name));
        let mut waiting_for: Vec<String> =
            wire.requested_reviewers.into_iter().flatten().map(|user| user.login).chain(teams).collect();
        waiting_for.sort();
        Self {
            number: wire.number,
            url: wire.html_url,
            draft: wire.draft || wire.title.starts_with(DRAFT),
            title: wire.title,
            body: wire.body,
            state,
            head: wire.head.branch,
            base: wire.base.branch,
            head_commit: wire.head.sha,
            author: wire.user.map(|user| user.login),
            merge_commit: wire.merge_commit_sha.filter(|_| state == State::Merged),
            merged_at: wire.merged_at.as_deref().and_then(Timestamp::parse),
            merged_by: wire.merged_by.map(|user| user.login),
            waiting_for,
        }
    }
}
