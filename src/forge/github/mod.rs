//! GitHub: github.com, GitHub Enterprise Cloud with data residency, and Enterprise Server.
//!
//! REST API version 2022-11-28, which every supported Enterprise Server answers.

mod wire;

use std::collections::BTreeMap;

use reqwest::Method;
use serde_json::json;
use url::Url;

use super::hosted::{Server, Words, landing, one, sorted};
use super::{Draft, Error, Forge, Hosted, Kind, Opened, PullRequest, Reviews, Update, fit, patiently};
use crate::http::{self, Client, Credential, Endpoint, Response, Scheme};
use wire::{CheckRuns, CombinedStatus, Problem, Review, Wire};

/// Longest description GitHub takes is 65,536 characters; some are left for what its own pages add.
const BODY_LIMIT: usize = 60_000;
const WORDS: Words =
    Words { body: "body", body_limit: BODY_LIMIT, base: "base", state: "state", states: ["open", "closed"] };

/// One repository on GitHub.
pub struct GitHub(Server);

impl GitHub {
    /// The repository at `place`. Without a credential it can only read what is public.
    pub fn new(client: Client, place: Hosted, credential: Option<Credential>) -> Self {
        // the second type is for proxies and test servers that know the plain name only
        let api = Endpoint::new(client, place.api, Scheme::Bearer, credential)
            .header("accept", "application/vnd.github+json, application/json;q=0.9")
            .header("x-github-api-version", "2022-11-28");
        Self(Server { api, web: place.web, project: place.project })
    }

    fn url(&self, rest: &[&str]) -> Url {
        let repository = ["repos", &self.0.project.owner, &self.0.project.name];
        self.0.api.url(repository.iter().chain(rest))
    }

    /// Pull requests from `head` of this repository. The filter needs `owner:branch`: without the
    /// owner GitHub ignores it and lists all; so the answer is looked through as well.
    fn list(&self, state: &str, head: &str, base: Option<&str>) -> Result<Vec<PullRequest>, Error> {
        let owner_and_branch = format!("{}:{head}", self.0.project.owner);
        let mut query = vec![("state", state), ("head", &owner_and_branch), ("per_page", "100")];
        query.extend(base.map(|base| ("base", base)));
        let answer = self.0.api.get(self.url(&["pulls"]), &query).map_err(|error| self.0.no_access(error))?;
        let wires: Vec<Wire> = answer.json()?;
        let ours = |wire: &Wire| {
            wire.head.branch == head
                && base.is_none_or(|base| wire.base.branch == base)
                && wire
                    .head
                    .repo
                    .as_ref()
                    .is_some_and(|repo| repo.full_name.eq_ignore_ascii_case(&self.0.project.to_string()))
        };
        Ok(wires.into_iter().filter(ours).map(PullRequest::from).collect())
    }

    fn create(&self, draft: &Draft) -> Result<PullRequest, http::Error> {
        let body = json!({
            "title": draft.title,
            "body": fit(&draft.body, BODY_LIMIT),
            "head": draft.head,
            "base": draft.base,
            "draft": draft.draft,
        });
        let answer = patiently(&self.0.api, is_lag, || {
            self.0.api.write(Method::POST, self.url(&["pulls"]), body.clone())
        })?;
        answer.json::<Wire>().map(PullRequest::from)
    }

    /// What a refused creation means.
    fn refused(&self, error: http::Error, draft: &Draft) -> Error {
        let Some(answer) = error.answer().filter(|answer| answer.status == 422) else {
            return self.0.no_access(error);
        };
        let errors = Problem::all(answer.body.as_ref());
        let said = |text: &str| errors.iter().any(|error| error.message.starts_with(text));
        let invalid =
            |field: &str| errors.iter().any(|error| error.field == field && error.code == "invalid");
        if said("No commits between") {
            return Error::NothingToMerge { head: draft.head.clone(), base: draft.base.clone() };
        }
        if invalid("head") {
            return Error::NoBranch { branch: draft.head.clone() };
        }
        if invalid("base") {
            return Error::NoBranch { branch: draft.base.clone() };
        }
        Error::Http(error)
    }

    /// Labels and reviewers are separate calls; what fails becomes a warning.
    fn decorate(&self, number: u64, draft: &Draft) -> Vec<String> {
        let number = number.to_string();
        let mut warnings = Vec::new();
        if !draft.labels.is_empty() {
            let url = self.url(&["issues", &number, "labels"]);
            if let Err(error) = self.0.api.write(Method::POST, url, json!({ "labels": draft.labels })) {
                warnings.push(format!("the labels {} were not set: {error}", draft.labels.join(", ")));
            }
        }
        // one by one: a single reviewer who cannot be asked fails the whole call
        for reviewer in &draft.reviewers {
            let url = self.url(&["pulls", &number, "requested_reviewers"]);
            let body = match reviewer.strip_prefix("team:") {
                Some(team) => json!({ "team_reviewers": [team] }),
                None => json!({ "reviewers": [reviewer] }),
            };
            if let Err(error) = self.0.api.write(Method::POST, url, body) {
                warnings.push(format!("{reviewer} was not asked for a review: {error}"));
            }
        }
        warnings
    }

    /// All pages of a list, up to 1,000 entries.
    fn pages<T>(
        &self,
        url: Url,
        entries: impl Fn(&Response) -> Result<Vec<T>, http::Error>,
    ) -> Result<Vec<T>, Error> {
        let mut answer = self.0.api.get(url, &[("per_page", "100")])?;
        let mut all = entries(&answer)?;
        for _ in 1..10 {
            let Some(next) = self.0.api.next_page(&answer)? else { break };
            answer = self.0.api.get(next, &[])?;
            all.extend(entries(&answer)?);
        }
        Ok(all)
    }

    /// Check runs and commit statuses: GitHub has both, and a check may be either.
    fn checks(&self, commit: &str, reviews: &mut Reviews) -> Result<(), Error> {
        let runs = self.pages(self.url(&["commits", commit, "check-runs"]), |answer| {
            answer.json::<CheckRuns>().map(|runs| runs.check_runs)
        })?;
        for run in runs {
            match run.conclusion.as_deref() {
                None => reviews.checks_pending.push(run.name),
                Some("success" | "neutral" | "skipped") => {}
                Some(_) => reviews.checks_failed.push(run.name),
            }
        }
        let combined: CombinedStatus =
            self.0.api.get(self.url(&["commits", commit, "status"]), &[])?.json()?;
        for status in combined.statuses {
            match status.state.as_str() {
                "pending" => reviews.checks_pending.push(status.context),
                "success" => {}
                _ => reviews.checks_failed.push(status.context),
            }
        }
        Ok(())
    }
}

/// What GitHub says for some seconds after a push, too: it has not seen the branch yet.
fn is_lag(error: &http::Error) -> bool {
    let Some(answer) = error.answer().filter(|answer| answer.status == 422) else { return false };
    Problem::all(answer.body.as_ref()).iter().any(|problem| {
        (problem.field == "head" && problem.code == "invalid")
            || problem.message.starts_with("No commits between")
    })
}

impl Forge for GitHub {
    fn kind(&self) -> Kind {
        Kind::GitHub
    }

    fn find_open(&self, head: &str, base: &str) -> Result<Option<PullRequest>, Error> {
        Ok(self.list("open", head, Some(base))?.into_iter().next())
    }

    fn find_any(&self, head: &str) -> Result<Vec<PullRequest>, Error> {
        self.list("all", head, None)
    }

    fn open(&self, draft: &Draft) -> Result<Opened, Error> {
        self.0.need_token("open a pull request")?;
        let (pull_request, created) = match self.find_open(&draft.head, &draft.base)? {
            Some(found) => (found, false),
            None => match self.create(draft) {
                Ok(made) => (made, true),
                // somebody else was faster, or an earlier try got through after all
                Err(error) => match self.find_open(&draft.head, &draft.base) {
                    Ok(Some(found)) => (found, false),
                    _ => return Err(self.refused(error, draft)),
                },
            },
        };
        let warnings = if created { self.decorate(pull_request.number, draft) } else { Vec::new() };
        Ok(Opened { pull_request, created, warnings })
    }

    fn update(&self, number: u64, update: &Update) -> Result<PullRequest, Error> {
        self.0.need_token("change a pull request")?;
        let url = self.url(&["pulls", &number.to_string()]);
        self.0.update::<Wire>(Method::PATCH, url, number, update, &WORDS)
    }

    fn get(&self, number: u64) -> Result<PullRequest, Error> {
        one::<Wire>(number, self.0.api.get(self.url(&["pulls", &number.to_string()]), &[]))
    }

    fn pr_for_commit(&self, commit: &str) -> Result<Option<PullRequest>, Error> {
        let found = match self.0.api.get(self.url(&["commits", commit, "pulls"]), &[]) {
            Ok(answer) => answer.json::<Vec<Wire>>()?,
            // a commit that was never pushed
            Err(http::Error::Rejected(answer)) if answer.status == 422 => return Ok(None),
            Err(error) => return Err(self.0.no_access(error)),
        };
        Ok(landing(found))
    }

    fn reviews(&self, pull_request: &PullRequest) -> Result<Reviews, Error> {
        let url = self.url(&["pulls", &pull_request.number.to_string(), "reviews"]);
        let all = self.pages(url, Response::json::<Vec<Review>>)?;
        let mut last: BTreeMap<String, Review> = BTreeMap::new();
        // a comment does not take back a verdict
        for review in
            all.into_iter().filter(|review| review.state != "COMMENTED" && review.state != "PENDING")
        {
            if let Some(user) = &review.user {
                last.insert(user.login.clone(), review);
            }
        }
        let mut reviews = Reviews::default();
        for (login, review) in last {
            let stale = pull_request.head_commit.is_some() && review.commit_id != pull_request.head_commit;
            match review.state.as_str() {
                "APPROVED" if !stale => reviews.approved_by.push(login),
                "CHANGES_REQUESTED" => reviews.changes_requested_by.push(login),
                _ => {}
            }
        }
        if let Some(commit) = &pull_request.head_commit {
            self.checks(commit, &mut reviews)?;
        }
        Ok(sorted(reviews))
    }

    fn compare_url(&self, head: &str, base: &str) -> Option<String> {
        let mut url = self.0.compare_page(head, base)?;
        url.set_query(Some("expand=1"));
        Some(url.into())
    }
}
