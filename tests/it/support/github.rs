//! A GitHub with one repository, as far as pull requests go.
//!
//! It keeps state and has GitHub's traps: a `head` filter without an owner is ignored, a second
//! pull request for the same branches is a 422, what a token may not see is a 404, and
//! `merge_commit_sha` of an open pull request is a trial merge. Answers have every field that
//! GitHub's own API description asks for; the contract test holds them against it.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, MutexGuard};

use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::response::Response;
use serde_json::{Value, json};

use super::server::{Server, header};

/// The only accepted token.
pub const TOKEN: &str = "ghp_fixture0123456789";
/// The user it belongs to.
pub const LOGIN: &str = "ada";

/// A running fake; dropping it fails the test when a prepared answer was never asked for.
pub struct GitHub {
    server: Server,
    state: Arc<Mutex<Repository>>,
}

/// A prepared answer, used once.
#[derive(Clone, Debug)]
pub struct Prepared {
    /// `GET`, `POST`, …
    pub method: &'static str,
    /// End of the path it is for.
    pub path: &'static str,
    /// Status.
    pub status: u16,
    /// Headers.
    pub headers: Vec<(&'static str, String)>,
    /// Body.
    pub body: String,
}

/// One request that came in.
#[derive(Clone, Debug)]
pub struct Seen {
    /// `GET`, `POST`, …
    pub method: String,
    /// Path and query as they came.
    pub target: String,
    /// The `Authorization` header.
    pub authorization: Option<String>,
    /// The body; `Null` without one.
    pub body: Value,
}

struct Repository {
    full_name: String,
    base: String,
    branches: BTreeMap<String, String>,
    pulls: Vec<Pull>,
    collaborators: BTreeSet<String>,
    prepared: Vec<Prepared>,
    seen: Vec<Seen>,
}

struct Pull {
    number: u64,
    title: String,
    body: Option<String>,
    head_owner: String,
    head: String,
    sha: String,
    base: String,
    draft: bool,
    closed: bool,
    merge_commit: Option<String>,
    labels: Vec<String>,
    reviewers: Vec<String>,
    teams: Vec<String>,
    reviews: Vec<(String, &'static str, String)>,
    checks: Vec<(String, Option<&'static str>)>,
    statuses: Vec<(String, &'static str)>,
}

impl GitHub {
    /// A repository `OWNER/NAME` with the branch `main`.
    pub fn start(full_name: &str) -> Self {
        let state = Arc::new(Mutex::new(Repository {
            full_name: full_name.to_owned(),
            base: String::new(),
            branches: BTreeMap::from([("main".to_owned(), sha(0))]),
            pulls: Vec::new(),
            collaborators: ["ada", "bob", "eve"].map(str::to_owned).into(),
            prepared: Vec::new(),
            seen: Vec::new(),
        }));
        let router = Router::new().fallback(answer).with_state(Arc::clone(&state));
        let server = Server::start(router);
        state.lock().unwrap().base = server.url();
        Self { server, state }
    }

    /// The base address of its API.
    pub fn url(&self) -> String {
        self.server.url()
    }

    /// Where clients think they are, when they reach it through a proxy: links in answers go there.
    pub fn appear_as(&self, base: &str) {
        base.trim_end_matches('/').clone_into(&mut self.lock().base);
    }

    /// Pushes a branch whose tip is commit number `commit`.
    pub fn push(&self, branch: &str, commit: u64) {
        self.lock().branches.insert(branch.to_owned(), sha(commit));
        let mut repository = self.lock();
        let full_name = repository.full_name.clone();
        let owner = full_name.split('/').next().unwrap().to_owned();
        let ours = |pull: &&mut Pull| pull.head == branch && pull.head_owner == owner && pull.is_open();
        repository.pulls.iter_mut().filter(ours).for_each(|pull| pull.sha = sha(commit));
    }

    /// Opens a pull request from a fork of `owner`, past the API.
    pub fn open_from_fork(&self, owner: &str, head: &str) -> u64 {
        let mut repository = self.lock();
        let number = repository.next_number();
        let pull = Pull::new(number, owner, head, sha(900 + number), "main", "From a fork");
        repository.pulls.push(pull);
        number
    }

    /// Merges a pull request as a commit.
    pub fn merge(&self, number: u64, commit: u64) {
        let mut repository = self.lock();
        repository.branches.insert("main".to_owned(), sha(commit));
        repository.pull(number).merge_commit = Some(sha(commit));
    }

    /// Closes a pull request without merging it.
    pub fn close(&self, number: u64) {
        self.lock().pull(number).closed = true;
    }

    /// Adds a review of the present head: `APPROVED`, `CHANGES_REQUESTED`, `COMMENTED`.
    pub fn review(&self, number: u64, login: &str, state: &'static str) {
        let mut repository = self.lock();
        let pull = repository.pull(number);
        pull.reviewers.retain(|reviewer| reviewer != login);
        pull.reviews.push((login.to_owned(), state, pull.sha.clone()));
    }

    /// Adds a check run; `None` while it runs.
    pub fn check(&self, number: u64, name: &str, conclusion: Option<&'static str>) {
        self.lock().pull(number).checks.push((name.to_owned(), conclusion));
    }

    /// Adds a commit status: `pending`, `success`, `failure`, `error`.
    pub fn status(&self, number: u64, context: &str, state: &'static str) {
        self.lock().pull(number).statuses.push((context.to_owned(), state));
    }

    /// The labels of a pull request.
    pub fn labels(&self, number: u64) -> Vec<String> {
        self.lock().pull(number).labels.clone()
    }

    /// How many pull requests there are.
    pub fn count(&self) -> usize {
        self.lock().pulls.len()
    }

    /// Prepares an answer for the next request that fits.
    pub fn prepare(&self, prepared: Prepared) {
        self.lock().prepared.push(prepared);
    }

    /// The requests so far.
    pub fn seen(&self) -> Vec<Seen> {
        self.lock().seen.clone()
    }

    fn lock(&self) -> MutexGuard<'_, Repository> {
        self.state.lock().unwrap()
    }
}

impl Drop for GitHub {
    fn drop(&mut self) {
        if !std::thread::panicking() {
            let left = &self.lock().prepared;
            assert!(left.is_empty(), "answers that were never asked for: {left:?}");
        }
    }
}

/// The id of commit number `commit`.
pub fn sha(commit: u64) -> String {
    format!("{commit:040x}")
}

struct Answer {
    status: u16,
    headers: Vec<(&'static str, String)>,
    body: Value,
}

fn ok(body: Value) -> Answer {
    Answer { status: 200, headers: Vec::new(), body }
}

fn problem(status: u16, message: &str) -> Answer {
    let documentation = "https://docs.github.com/rest";
    let body =
        json!({ "message": message, "documentation_url": documentation, "status": status.to_string() });
    Answer { status, headers: Vec::new(), body }
}

fn invalid(errors: &Value) -> Answer {
    let mut answer = problem(422, "Validation Failed");
    answer.body["errors"] = errors.clone();
    answer
}

async fn answer(State(state): State<Arc<Mutex<Repository>>>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let method = parts.method.to_string();
    let path = parts.uri.path().to_owned();
    let query = parts.uri.query().unwrap_or("").to_owned();
    let authorization = Some(header(&parts.headers, "authorization")).filter(|text| !text.is_empty());
    let agent = header(&parts.headers, "user-agent");
    let body = axum::body::to_bytes(body, 1 << 20).await.unwrap();
    let body: Value = serde_json::from_slice(&body).unwrap_or(Value::Null);

    let mut repository = state.lock().unwrap();
    let target = if query.is_empty() { path.clone() } else { format!("{path}?{query}") };
    repository.seen.push(Seen {
        method: method.clone(),
        target,
        authorization: authorization.clone(),
        body: body.clone(),
    });
    let fits = |prepared: &Prepared| prepared.method == method && path.ends_with(prepared.path);
    if let Some(at) = repository.prepared.iter().position(fits) {
        let prepared = repository.prepared.remove(at);
        let mut response = Response::builder().status(prepared.status);
        for (name, value) in &prepared.headers {
            response = response.header(*name, value);
        }
        return response.body(Body::from(prepared.body)).unwrap();
    }
    let answer = match authorization.as_deref() {
        _ if agent.is_empty() => problem(403, "Request forbidden by administrative rules."),
        Some(text) if text == format!("Bearer {TOKEN}") || text == format!("token {TOKEN}") => {
            let query = url::form_urlencoded::parse(query.as_bytes()).into_owned().collect();
            repository.route(&method, &path, &query, &body)
        }
        Some(_) => problem(401, "Bad credentials"),
        // the repository is private
        None => problem(404, "Not Found"),
    };
    let mut response =
        Response::builder().status(answer.status).header("content-type", "application/json; charset=utf-8");
    for (name, value) in &answer.headers {
        response = response.header(*name, value);
    }
    response.body(Body::from(answer.body.to_string())).unwrap()
}

type Query = BTreeMap<String, String>;

impl Repository {
    fn route(&mut self, method: &str, path: &str, query: &Query, body: &Value) -> Answer {
        let segments: Vec<String> = path.split('/').skip(1).map(decode).collect();
        let segments: Vec<&str> = segments.iter().map(String::as_str).collect();
        let rest = match segments.as_slice() {
            ["user"] => return ok(user(LOGIN)),
            ["repos", owner, name, rest @ ..]
                if format!("{owner}/{name}").eq_ignore_ascii_case(&self.full_name) =>
            {
                rest
            }
            ["repositories", "1", rest @ ..] => rest,
            _ => return problem(404, "Not Found"),
        };
        match (method, rest) {
            ("GET", []) => ok(repository(&self.full_name)),
            ("GET", ["pulls"]) => self.list(path, query),
            ("POST", ["pulls"]) => self.create(body),
            ("GET", ["pulls", number]) => {
                self.with_pull(number, |base, name, pull| ok(pull.full(base, name)))
            }
            ("PATCH", ["pulls", number]) => self.with_pull(number, |base, name, pull| {
                pull.change(body);
                ok(pull.full(base, name))
            }),
            ("GET", ["pulls", number, "reviews"]) => {
                self.with_pull(number, |base, name, pull| ok(pull.reviews(base, name)))
            }
            ("POST", ["pulls", number, "requested_reviewers"]) => self.request_review(number, body),
            ("POST", ["issues", number, "labels"]) => self.with_pull(number, |_, _, pull| pull.label(body)),
            ("GET", ["commits", commit, "pulls"]) => self.pulls_of(commit),
            ("GET", ["commits", commit, "check-runs"]) => self.of_commit(commit, Pull::check_runs),
            ("GET", ["commits", commit, "status"]) => self.of_commit(commit, Pull::combined_status),
            _ => problem(404, "Not Found"),
        }
    }

    fn next_number(&self) -> u64 {
        self.pulls.len() as u64 + 1
    }

    fn owner(&self) -> String {
        self.full_name.split('/').next().unwrap().to_owned()
    }

    fn pull(&mut self, number: u64) -> &mut Pull {
        self.pulls.iter_mut().find(|pull| pull.number == number).unwrap()
    }

    fn with_pull(&mut self, number: &str, work: impl FnOnce(&str, &str, &mut Pull) -> Answer) -> Answer {
        let (base, name) = (self.base.clone(), self.full_name.clone());
        match self.pulls.iter_mut().find(|pull| pull.number.to_string() == number) {
            Some(pull) => work(&base, &name, pull),
            None => problem(404, "Not Found"),
        }
    }

    fn list(&self, path: &str, query: &Query) -> Answer {
        let state = query.get("state").map_or("open", String::as_str);
        // without `owner:` the filter is ignored
        let head = query.get("head").and_then(|head| head.split_once(':'));
        let fits = |pull: &&Pull| {
            (state == "all" || (state == "open") == pull.is_open())
                && head.is_none_or(|(owner, branch)| pull.head_owner == owner && pull.head == branch)
                && query.get("base").is_none_or(|base| pull.base == *base)
        };
        let per_page: usize = query.get("per_page").map_or(30, |text| text.parse().unwrap()).min(100);
        let page: usize = query.get("page").map_or(1, |text| text.parse().unwrap());
        let all: Vec<Value> = self
            .pulls
            .iter()
            .rev()
            .filter(fits)
            .map(|pull| pull.simple(&self.base, &self.full_name))
            .collect();
        let body = all.iter().skip((page - 1) * per_page).take(per_page).cloned().collect();
        let mut answer = ok(body);
        if all.len() > page * per_page {
            let rest = path.split_once("/pulls").unwrap().1;
            let mut query = query.clone();
            query.insert("page".into(), (page + 1).to_string());
            let query = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(&query).finish();
            let link = format!("<{}/repositories/1/pulls{rest}?{query}>; rel=\"next\"", self.base);
            answer.headers.push(("link", link));
        }
        answer
    }

    fn create(&mut self, body: &Value) -> Answer {
        let text = |key: &str| body.get(key).and_then(Value::as_str).unwrap_or("");
        let missing =
            |field: &str| json!({ "resource": "PullRequest", "field": field, "code": "missing_field" });
        let wrong = |field: &str| json!({ "resource": "PullRequest", "field": field, "code": "invalid" });
        let custom =
            |message: String| json!({ "resource": "PullRequest", "code": "custom", "message": message });
        if let Some(field) = ["head", "base", "title"].into_iter().find(|field| text(field).is_empty()) {
            return invalid(&json!([missing(field)]));
        }
        let owner = self.owner();
        let head = text("head").strip_prefix(&format!("{owner}:")).unwrap_or(text("head"));
        let (Some(tip), base) = (self.branches.get(head), self.branches.get(text("base"))) else {
            return invalid(&json!([wrong("head")]));
        };
        let Some(base_tip) = base else { return invalid(&json!([wrong("base")])) };
        if tip == base_tip {
            return invalid(&json!([custom(format!("No commits between {} and {head}", text("base")))]));
        }
        let same = |pull: &Pull| {
            pull.is_open() && pull.head == head && pull.head_owner == owner && pull.base == text("base")
        };
        if self.pulls.iter().any(same) {
            return invalid(&json!([custom(format!("A pull request already exists for {owner}:{head}."))]));
        }
        let mut pull = Pull::new(self.next_number(), &owner, head, tip.clone(), text("base"), text("title"));
        pull.body = body.get("body").and_then(Value::as_str).map(str::to_owned);
        pull.draft = body.get("draft").and_then(Value::as_bool).unwrap_or(false);
        let made = pull.full(&self.base, &self.full_name);
        self.pulls.push(pull);
        Answer { status: 201, headers: Vec::new(), body: made }
    }

    fn request_review(&mut self, number: &str, body: &Value) -> Answer {
        let names = |key: &str| -> Vec<String> {
            let list = body.get(key).and_then(Value::as_array);
            list.into_iter().flatten().filter_map(Value::as_str).map(str::to_owned).collect()
        };
        let (reviewers, teams) = (names("reviewers"), names("team_reviewers"));
        // one who cannot be asked fails the whole call
        if reviewers.iter().any(|login| login == LOGIN) {
            return problem(422, "Review cannot be requested from pull request author.");
        }
        if let Some(stranger) = reviewers.iter().find(|login| !self.collaborators.contains(*login)) {
            return problem(
                422,
                &format!(
                    "Reviews may only be requested from collaborators. One or more of the users or teams you specified is not a collaborator of the {} repository: {stranger}",
                    self.full_name
                ),
            );
        }
        self.with_pull(number, |base, name, pull| {
            pull.reviewers.extend(reviewers);
            pull.teams.extend(teams);
            Answer { status: 201, headers: Vec::new(), body: pull.simple(base, name) }
        })
    }

    fn pulls_of(&self, commit: &str) -> Answer {
        let known = self.branches.values().any(|tip| tip == commit)
            || self
                .pulls
                .iter()
                .any(|pull| pull.sha == commit || pull.merge_commit.as_deref() == Some(commit));
        if !known {
            return problem(422, &format!("No commit found for SHA: {commit}"));
        }
        let merged = |pull: &&Pull| pull.merge_commit.as_deref() == Some(commit);
        let has = |pull: &&Pull| pull.sha == commit;
        let of = |pull: &Pull| pull.simple(&self.base, &self.full_name);
        let mut found: Vec<Value> = self.pulls.iter().filter(merged).map(of).collect();
        if found.is_empty() {
            found = self.pulls.iter().filter(has).map(of).collect();
        }
        ok(Value::Array(found))
    }

    fn of_commit(&self, commit: &str, part: fn(&Pull, &str) -> Value) -> Answer {
        match self.pulls.iter().rev().find(|pull| pull.sha == commit) {
            Some(pull) => ok(part(pull, &self.base)),
            None => problem(422, &format!("No commit found for SHA: {commit}")),
        }
    }
}

fn decode(segment: &str) -> String {
    // `+` is a plus in a path
    let text = format!("x={}", segment.replace('+', "%2B"));
    url::form_urlencoded::parse(text.as_bytes()).next().unwrap().1.into_owned()
}

impl Pull {
    fn new(number: u64, owner: &str, head: &str, sha: String, base: &str, title: &str) -> Self {
        Self {
            number,
            title: title.to_owned(),
            body: None,
            head_owner: owner.to_owned(),
            head: head.to_owned(),
            sha,
            base: base.to_owned(),
            draft: false,
            closed: false,
            merge_commit: None,
            labels: Vec::new(),
            reviewers: Vec::new(),
            teams: Vec::new(),
            reviews: Vec::new(),
            checks: Vec::new(),
            statuses: Vec::new(),
        }
    }

    fn is_open(&self) -> bool {
        !self.closed && self.merge_commit.is_none()
    }

    fn change(&mut self, body: &Value) {
        let text = |key: &str| body.get(key).and_then(Value::as_str).map(str::to_owned);
        if let Some(title) = text("title") {
            self.title = title;
        }
        if let Some(new) = text("body") {
            self.body = Some(new);
        }
        if let Some(base) = text("base") {
            self.base = base;
        }
        if let Some(state) = text("state") {
            self.closed = state == "closed";
        }
    }

    fn label(&mut self, body: &Value) -> Answer {
        let names = body.get("labels").and_then(Value::as_array).into_iter().flatten();
        self.labels.extend(names.filter_map(Value::as_str).map(str::to_owned));
        ok(Value::Array(self.label_values()))
    }

    fn label_values(&self) -> Vec<Value> {
        let label = |name: &String| {
            json!({ "id": 1, "node_id": "L", "url": "https://api.github.com/l", "name": name, "description": null,
                "color": "ededed", "default": false })
        };
        self.labels.iter().map(label).collect()
    }

    fn branch(owner: &str, name: &str, full_name: &str, sha: &str) -> Value {
        json!({ "label": format!("{owner}:{name}"), "ref": name, "sha": sha, "user": user(owner), "repo": repository(full_name) })
    }

    fn simple(&self, base: &str, full_name: &str) -> Value {
        let (owner, repo) = full_name.split_once('/').unwrap();
        let api = format!("{base}/repos/{full_name}/pulls/{}", self.number);
        let page = format!("https://github.com/{full_name}/pull/{}", self.number);
        let link = |href: String| json!({ "href": href });
        // a trial merge while it is open
        let merge_commit = self.merge_commit.clone().unwrap_or_else(|| sha(0xfeed));
        let state = if self.is_open() { "open" } else { "closed" };
        let time = "2026-11-22T09:00:00Z";
        let merged_at = self.merge_commit.as_ref().map(|_| "2026-11-22T09:30:00Z");
        let team = |slug: &String| {
            json!({ "id": 1, "node_id": "T", "name": slug, "slug": slug, "description": null, "privacy": "closed",
                "notification_setting": "notifications_enabled", "permission": "push", "url": "https://api.github.com/t",
                "html_url": "https://github.com/t", "members_url": "https://api.github.com/t/members{/member}",
                "repositories_url": "https://api.github.com/t/repos", "parent": null, "type": "organization" })
        };
        let mut value = json!({
            "url": api, "id": 1000 + self.number, "node_id": "PR", "html_url": page,
            "diff_url": format!("{page}.diff"), "patch_url": format!("{page}.patch"),
            "issue_url": format!("{base}/repos/{full_name}/issues/{}", self.number),
            "commits_url": format!("{api}/commits"), "review_comments_url": format!("{api}/comments"),
            "review_comment_url": format!("{api}/comments{{/number}}"),
            "comments_url": format!("{base}/repos/{full_name}/issues/{}/comments", self.number),
            "statuses_url": format!("{base}/repos/{full_name}/statuses/{}", self.sha),
            "number": self.number, "state": state, "locked": false, "title": self.title, "user": user(LOGIN),
            "body": self.body, "labels": self.label_values(), "milestone": null, "active_lock_reason": null,
            "created_at": time, "updated_at": time, "closed_at": if self.is_open() { Value::Null } else { time.into() },
            "merged_at": merged_at, "merge_commit_sha": merge_commit, "assignee": null, "assignees": [],
            "requested_reviewers": self.reviewers.iter().map(|login| user(login)).collect::<Vec<_>>(),
            "requested_teams": self.teams.iter().map(team).collect::<Vec<_>>(),
            "head": Self::branch(&self.head_owner, &self.head, &format!("{}/{repo}", self.head_owner), &self.sha),
            "base": Self::branch(owner, &self.base, full_name, &sha(0)),
            "author_association": "MEMBER", "auto_merge": null, "draft": self.draft,
        });
        value["_links"] = json!({
            "comments": link(format!("{api}/c")), "commits": link(format!("{api}/commits")),
            "statuses": link(format!("{api}/s")), "html": link(page), "issue": link(format!("{api}/i")),
            "review_comments": link(format!("{api}/rc")), "review_comment": link(format!("{api}/rc{{/number}}")),
            "self": link(api),
        });
        value
    }

    fn full(&self, base: &str, full_name: &str) -> Value {
        let mut value = self.simple(base, full_name);
        let more = json!({
            "merged": self.merge_commit.is_some(), "mergeable": null, "mergeable_state": "unknown",
            "merged_by": self.merge_commit.as_ref().map(|_| user("bob")), "comments": 0, "review_comments": 0,
            "maintainer_can_modify": true, "commits": 1, "additions": 1, "deletions": 0, "changed_files": 1,
        });
        value.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        value
    }

    fn reviews(&self, base: &str, full_name: &str) -> Value {
        let pull = format!("{base}/repos/{full_name}/pulls/{}", self.number);
        let review = |(index, (login, state, commit)): (usize, &(String, &'static str, String))| {
            let page = format!("https://github.com/{full_name}/pull/{}#r{index}", self.number);
            json!({ "id": index, "node_id": "R", "user": user(login), "body": "", "state": state, "html_url": page,
                "pull_request_url": pull, "submitted_at": "2026-11-22T09:10:00Z", "commit_id": commit,
                "author_association": "MEMBER",
                "_links": { "html": { "href": page }, "pull_request": { "href": pull } } })
        };
        self.reviews.iter().enumerate().map(review).collect()
    }

    fn check_runs(&self, base: &str) -> Value {
        let run = |(index, (name, conclusion)): (usize, &(String, Option<&'static str>))| {
            json!({ "id": index, "head_sha": self.sha, "node_id": "C", "external_id": null,
                "url": format!("{base}/runs/{index}"), "html_url": null, "details_url": null,
                "status": if conclusion.is_some() { "completed" } else { "in_progress" }, "conclusion": conclusion,
                "started_at": "2026-11-22T09:01:00Z", "completed_at": conclusion.map(|_| "2026-11-22T09:02:00Z"),
                "output": { "title": null, "summary": null, "text": null, "annotations_count": 0,
                    "annotations_url": format!("{base}/runs/{index}/annotations") },
                "name": name, "check_suite": { "id": 1 }, "app": null, "pull_requests": [] })
        };
        let runs: Vec<Value> = self.checks.iter().enumerate().map(run).collect();
        json!({ "total_count": runs.len(), "check_runs": runs })
    }

    fn combined_status(&self, base: &str) -> Value {
        let status = |(context, state): &(String, &'static str)| {
            json!({ "url": format!("{base}/s"), "avatar_url": null, "id": 1, "node_id": "S", "state": state,
                "description": null, "target_url": null, "context": context,
                "created_at": "2026-11-22T09:01:00Z", "updated_at": "2026-11-22T09:01:00Z" })
        };
        let statuses: Vec<Value> = self.statuses.iter().map(status).collect();
        // pending also when there is no status at all
        let state = if statuses.is_empty() { "pending" } else { "success" };
        json!({ "state": state, "statuses": statuses, "sha": self.sha, "total_count": statuses.len(),
            "repository": minimal_repository("acme/catalog"), "commit_url": format!("{base}/c"), "url": format!("{base}/u") })
    }
}

/// Adds `KEY_url` fields to an object.
fn with_urls(mut value: Value, root: &str, keys: &str) -> Value {
    for key in keys.split_whitespace() {
        value[format!("{key}_url")] = format!("{root}/{key}").into();
    }
    value
}

fn user(login: &str) -> Value {
    let value = json!({ "login": login, "id": 1, "node_id": "U", "avatar_url": "https://avatars.githubusercontent.com/u/1",
        "gravatar_id": "", "url": format!("https://api.github.com/users/{login}"),
        "html_url": format!("https://github.com/{login}"), "type": "User", "site_admin": false,
        "name": login, "company": null, "blog": "", "location": null, "email": null, "hireable": null, "bio": null,
        "public_repos": 1, "public_gists": 0, "followers": 0, "following": 0,
        "created_at": "2020-01-01T00:00:00Z", "updated_at": "2020-01-01T00:00:00Z" });
    let keys = "followers following gists starred subscriptions organizations repos events received_events";
    with_urls(value, &format!("https://api.github.com/users/{login}"), keys)
}

fn minimal_repository(full_name: &str) -> Value {
    let (owner, name) = full_name.split_once('/').unwrap();
    let root = format!("https://api.github.com/repos/{full_name}");
    let value = json!({ "id": 1, "node_id": "R", "name": name, "full_name": full_name, "private": true, "owner": user(owner),
        "html_url": format!("https://github.com/{full_name}"), "description": null, "fork": false, "url": root });
    let keys = "archive assignees blobs branches collaborators comments commits compare contents contributors \
                deployments downloads events forks git_commits git_refs git_tags issue_comment issue_events issues \
                keys labels languages merges milestones notifications pulls releases stargazers statuses subscribers \
                subscription tags teams trees hooks";
    let mut value = with_urls(value, &root, keys);
    for (key, address) in [
        ("git_url", "git://github.com/r"),
        ("ssh_url", "git@github.com:r"),
        ("clone_url", "https://github.com/r.git"),
        ("svn_url", "https://github.com/r"),
    ] {
        value[key] = address.into();
    }
    value
}

fn repository(full_name: &str) -> Value {
    let mut value = minimal_repository(full_name);
    let more = json!({ "homepage": null, "language": null, "forks_count": 0, "stargazers_count": 0, "watchers_count": 0,
        "size": 1, "default_branch": "main", "open_issues_count": 0, "is_template": false, "topics": [],
        "has_issues": true, "has_projects": true, "has_wiki": true, "has_pages": false, "has_downloads": true,
        "has_discussions": false, "archived": false, "disabled": false, "visibility": "private",
        "pushed_at": "2026-11-22T08:00:00Z", "created_at": "2020-01-01T00:00:00Z", "updated_at": "2026-11-22T08:00:00Z",
        "permissions": { "admin": false, "maintain": false, "push": true, "triage": true, "pull": true },
        "allow_rebase_merge": true, "allow_squash_merge": true, "allow_merge_commit": true, "allow_auto_merge": false,
        "delete_branch_on_merge": false, "subscribers_count": 1, "network_count": 0, "license": null, "forks": 0,
        "open_issues": 0, "watchers": 0, "mirror_url": null, "allow_forking": true, "web_commit_signoff_required": false });
    value.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    value
}
