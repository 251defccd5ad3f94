//! A GitHub with one repository, as far as pull requests go.
//!
//! It keeps state and has GitHub's traps: a `head` filter without an owner is ignored, a second
//! pull request for the same branches is a 422, what a token may not see is a 404, and
//! `merge_commit_sha` of an open pull request is a trial merge. Answers have every field that
//! GitHub's own API description asks for; the contract test holds them against it.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use super::fake::{Ask, Fake, Reply, Site, branches_of, sha};

/// The only accepted token.
pub const TOKEN: &str = "ghp_fixture0123456789";
/// The user it belongs to.
pub const LOGIN: &str = "ada";

/// A running GitHub.
pub type GitHub = Fake<Repository>;

/// Its one repository.
pub struct Repository {
    full_name: String,
    git: Option<PathBuf>,
    branches: BTreeMap<String, String>,
    pulls: Vec<Pull>,
    collaborators: BTreeSet<String>,
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

/// A GitHub whose repository `OWNER/NAME` has the branch `main`.
pub fn start(full_name: &str) -> GitHub {
    Fake::start(Repository {
        full_name: full_name.to_owned(),
        git: None,
        branches: BTreeMap::from([("main".to_owned(), sha(0))]),
        pulls: Vec::new(),
        collaborators: ["ada", "bob", "eve"].map(str::to_owned).into(),
    })
}

impl GitHub {
    /// Pushes a branch whose tip is commit number `commit`.
    pub fn push(&self, branch: &str, commit: u64) {
        self.with(|repository| repository.pushed(branch, &sha(commit)));
    }

    /// Takes its branches from a bare repository from now on.
    pub fn follow(&self, git: &Path) {
        self.with(|repository| repository.git = Some(git.to_owned()));
    }

    /// Opens a pull request from a fork of `owner`, past the API.
    pub fn open_from_fork(&self, owner: &str, head: &str) -> u64 {
        self.with(|repository| {
            let number = repository.next_number();
            repository.pulls.push(Pull::new(number, owner, head, sha(900 + number), "main", "From a fork"));
            number
        })
    }

    /// Merges a pull request as a commit.
    pub fn merge(&self, number: u64, commit: u64) {
        self.with(|repository| {
            repository.branches.insert("main".to_owned(), sha(commit));
            repository.pull(number).merge_commit = Some(sha(commit));
        });
    }

    /// Adds a review of the present head: `APPROVED`, `CHANGES_REQUESTED`, `COMMENTED`.
    pub fn review(&self, number: u64, login: &str, state: &'static str) {
        self.with(|repository| {
            let pull = repository.pull(number);
            pull.reviewers.retain(|reviewer| reviewer != login);
            pull.reviews.push((login.to_owned(), state, pull.sha.clone()));
        });
    }

    /// Adds a check run; `None` while it runs.
    pub fn check(&self, number: u64, name: &str, conclusion: Option<&'static str>) {
        self.with(|repository| repository.pull(number).checks.push((name.to_owned(), conclusion)));
    }

    /// Adds a commit status: `pending`, `success`, `failure`, `error`.
    pub fn status(&self, number: u64, context: &str, state: &'static str) {
        self.with(|repository| repository.pull(number).statuses.push((context.to_owned(), state)));
    }

    /// The labels of a pull request.
    pub fn labels(&self, number: u64) -> Vec<String> {
        self.with(|repository| repository.pull(number).labels.clone())
    }

    /// How many pull requests there are.
    pub fn count(&self) -> usize {
        self.with(|repository| repository.pulls.len())
    }
}

fn ok(body: Value) -> Reply {
    Reply::new(200, body)
}

fn problem(status: u16, message: &str) -> Reply {
    let documentation = "https://docs.github.com/rest";
    let body =
        json!({ "message": message, "documentation_url": documentation, "status": status.to_string() });
    Reply::new(status, body)
}

fn invalid(errors: &Value) -> Reply {
    let mut answer = problem(422, "Validation Failed");
    answer.body["errors"] = errors.clone();
    answer
}

impl Site for Repository {
    fn answer(&mut self, ask: &Ask) -> Reply {
        if let Some(git) = &self.git {
            for (branch, tip) in &branches_of(git) {
                self.pushed(branch, tip);
            }
        }
        match ask.authorization.as_str() {
            _ if ask.agent.is_empty() => problem(403, "Request forbidden by administrative rules."),
            // the repository is private
            "" => problem(404, "Not Found"),
            text if text == format!("Bearer {TOKEN}") || text == format!("token {TOKEN}") => self.route(ask),
            _ => problem(401, "Bad credentials"),
        }
    }
}

impl Repository {
    fn route(&mut self, ask: &Ask) -> Reply {
        let body = &ask.body;
        let segments = ask.segments();
        let segments: Vec<&str> = segments.iter().map(String::as_str).collect();
        // where an Enterprise Server has it
        let rest = match segments.strip_prefix(&["api", "v3"]).unwrap_or(&segments) {
            ["user"] => return ok(user(LOGIN)),
            ["repos", owner, name, rest @ ..]
                if format!("{owner}/{name}").eq_ignore_ascii_case(&self.full_name) =>
            {
                rest
            }
            ["repositories", "1", rest @ ..] => rest,
            _ => return problem(404, "Not Found"),
        };
        match (ask.method.as_str(), rest) {
            ("GET", []) => ok(repository(&self.full_name)),
            ("GET", ["pulls"]) => self.list(ask),
            ("POST", ["pulls"]) => self.create(ask),
            ("GET", ["pulls", number]) => self.with_pull(number, |name, pull| ok(pull.full(name))),
            ("PATCH", ["pulls", number]) => self.with_pull(number, |name, pull| {
                pull.change(body);
                ok(pull.full(name))
            }),
            ("GET", ["pulls", number, "reviews"]) => {
                self.with_pull(number, |name, pull| ok(pull.reviews(name)))
            }
            ("POST", ["pulls", number, "requested_reviewers"]) => self.request_review(number, ask),
            ("POST", ["issues", number, "labels"]) => self.with_pull(number, |_, pull| pull.label(body)),
            ("GET", ["commits", commit, "pulls"]) => self.pulls_of(commit),
            ("GET", ["commits", commit, "check-runs"]) => self.of_commit(commit, Pull::check_runs),
            ("GET", ["commits", commit, "status"]) => self.of_commit(commit, Pull::combined_status),
            _ => problem(404, "Not Found"),
        }
    }

    fn pushed(&mut self, branch: &str, tip: &str) {
        self.branches.insert(branch.to_owned(), tip.to_owned());
        let owner = self.owner();
        let ours = |pull: &&mut Pull| pull.head == branch && pull.head_owner == owner && pull.is_open();
        self.pulls.iter_mut().filter(ours).for_each(|pull| tip.clone_into(&mut pull.sha));
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

    fn with_pull(&mut self, number: &str, work: impl FnOnce(&str, &mut Pull) -> Reply) -> Reply {
        let name = self.full_name.clone();
        match self.pulls.iter_mut().find(|pull| pull.number.to_string() == number) {
            Some(pull) => work(&name, pull),
            None => problem(404, "Not Found"),
        }
    }

    fn list(&self, ask: &Ask) -> Reply {
        let state = ask.query.get("state").map_or("open", String::as_str);
        // without `owner:` the filter is ignored
        let head = ask.parameter("head").split_once(':');
        let fits = |pull: &&Pull| {
            (state == "all" || (state == "open") == pull.is_open())
                && head.is_none_or(|(owner, branch)| pull.head_owner == owner && pull.head == branch)
                && ask.query.get("base").is_none_or(|base| pull.base == *base)
        };
        let newest_first = self.pulls.iter().rev().filter(fits).take(100);
        ok(newest_first.map(|pull| pull.simple(&self.full_name)).collect())
    }

    fn create(&mut self, ask: &Ask) -> Reply {
        let missing =
            |field: &str| json!({ "resource": "PullRequest", "field": field, "code": "missing_field" });
        let wrong = |field: &str| json!({ "resource": "PullRequest", "field": field, "code": "invalid" });
        let custom =
            |message: String| json!({ "resource": "PullRequest", "code": "custom", "message": message });
        if let Some(field) = ["head", "base", "title"].into_iter().find(|field| ask.text(field).is_empty()) {
            return invalid(&json!([missing(field)]));
        }
        let (owner, base) = (self.owner(), ask.text("base"));
        let head = ask.text("head").strip_prefix(&format!("{owner}:")).unwrap_or(ask.text("head"));
        let Some(tip) = self.branches.get(head) else { return invalid(&json!([wrong("head")])) };
        let Some(base_tip) = self.branches.get(base) else { return invalid(&json!([wrong("base")])) };
        if tip == base_tip {
            return invalid(&json!([custom(format!("No commits between {base} and {head}"))]));
        }
        let same = |pull: &Pull| {
            pull.is_open() && pull.head == head && pull.head_owner == owner && pull.base == base
        };
        if self.pulls.iter().any(same) {
            return invalid(&json!([custom(format!("A pull request already exists for {owner}:{head}."))]));
        }
        let mut pull = Pull::new(self.next_number(), &owner, head, tip.clone(), base, ask.text("title"));
        pull.body = ask.body.get("body").and_then(Value::as_str).map(str::to_owned);
        pull.draft = ask.body.get("draft").and_then(Value::as_bool).unwrap_or(false);
        let made = pull.full(&self.full_name);
        self.pulls.push(pull);
        Reply::new(201, made)
    }

    fn request_review(&mut self, number: &str, ask: &Ask) -> Reply {
        let (reviewers, teams) = (ask.texts("reviewers"), ask.texts("team_reviewers"));
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
        self.with_pull(number, |name, pull| {
            pull.reviewers.extend(reviewers);
            pull.teams.extend(teams);
            Reply::new(201, pull.simple(name))
        })
    }

    fn pulls_of(&self, commit: &str) -> Reply {
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
        let of = |pull: &Pull| pull.simple(&self.full_name);
        let mut found: Vec<Value> = self.pulls.iter().filter(merged).map(of).collect();
        if found.is_empty() {
            found = self.pulls.iter().filter(has).map(of).collect();
        }
        ok(Value::Array(found))
    }

    fn of_commit(&self, commit: &str, part: fn(&Pull) -> Value) -> Reply {
        match self.pulls.iter().rev().find(|pull| pull.sha == commit) {
            Some(pull) => ok(part(pull)),
            None => problem(422, &format!("No commit found for SHA: {commit}")),
        }
    }
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

    fn label(&mut self, body: &Value) -> Reply {
        let names = body.get("labels").and_then(Value::as_array).into_iter().flatten();
        self.labels.extend(names.filter_map(Value::as_str).map(str::to_owned));
        ok(Value::Array(self.label_values()))
    }

    fn label_values(&self) -> Vec<Value> {
        let label = |name: &String| {
            json!({ "id": 1, "node_id": "L", "url": "https://api.github.com/l", "name": name, "description": "",
                "color": "ededed", "default": false })
        };
        self.labels.iter().map(label).collect()
    }

    fn branch(owner: &str, name: &str, full_name: &str, sha: &str) -> Value {
        json!({ "label": format!("{owner}:{name}"), "ref": name, "sha": sha, "user": user(owner), "repo": repository(full_name) })
    }

    fn simple(&self, full_name: &str) -> Value {
        let (owner, repo) = full_name.split_once('/').unwrap();
        let api = format!("https://api.github.com/repos/{full_name}/pulls/{}", self.number);
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
            "issue_url": format!("https://api.github.com/repos/{full_name}/issues/{}", self.number),
            "commits_url": format!("{api}/commits"), "review_comments_url": format!("{api}/comments"),
            "review_comment_url": format!("{api}/comments{{/number}}"),
            "comments_url": format!("https://api.github.com/repos/{full_name}/issues/{}/comments", self.number),
            "statuses_url": format!("https://api.github.com/repos/{full_name}/statuses/{}", self.sha),
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

    fn full(&self, full_name: &str) -> Value {
        let mut value = self.simple(full_name);
        let more = json!({
            "merged": self.merge_commit.is_some(), "mergeable": null, "mergeable_state": "unknown",
            "merged_by": self.merge_commit.as_ref().map(|_| user("bob")), "comments": 0, "review_comments": 0,
            "maintainer_can_modify": true, "commits": 1, "additions": 1, "deletions": 0, "changed_files": 1,
        });
        value.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        value
    }

    fn reviews(&self, full_name: &str) -> Value {
        let pull = format!("https://api.github.com/repos/{full_name}/pulls/{}", self.number);
        let review = |(index, (login, state, commit)): (usize, &(String, &'static str, String))| {
            let page = format!("https://github.com/{full_name}/pull/{}#r{index}", self.number);
            json!({ "id": index, "node_id": "R", "user": user(login), "body": "", "state": state, "html_url": page,
                "pull_request_url": pull, "submitted_at": "2026-11-22T09:10:00Z", "commit_id": commit,
                "author_association": "MEMBER",
                "_links": { "html": { "href": page }, "pull_request": { "href": pull } } })
        };
        self.reviews.iter().enumerate().map(review).collect()
    }

    fn check_runs(&self) -> Value {
        let run = |(index, (name, conclusion)): (usize, &(String, Option<&'static str>))| {
            json!({ "id": index, "head_sha": self.sha, "node_id": "C", "external_id": null,
                "url": format!("https://api.github.com/runs/{index}"), "html_url": null, "details_url": null,
                "status": if conclusion.is_some() { "completed" } else { "in_progress" }, "conclusion": conclusion,
                "started_at": "2026-11-22T09:01:00Z", "completed_at": conclusion.map(|_| "2026-11-22T09:02:00Z"),
                "output": { "title": null, "summary": null, "text": null, "annotations_count": 0,
                    "annotations_url": format!("https://api.github.com/runs/{index}/annotations") },
                "name": name, "check_suite": { "id": 1 }, "app": null, "pull_requests": [] })
        };
        let runs: Vec<Value> = self.checks.iter().enumerate().map(run).collect();
        json!({ "total_count": runs.len(), "check_runs": runs })
    }

    fn combined_status(&self) -> Value {
        let status = |(context, state): &(String, &'static str)| {
            json!({ "url": format!("https://api.github.com/s"), "avatar_url": null, "id": 1, "node_id": "S", "state": state,
                "description": null, "target_url": null, "context": context,
                "created_at": "2026-11-22T09:01:00Z", "updated_at": "2026-11-22T09:01:00Z" })
        };
        let statuses: Vec<Value> = self.statuses.iter().map(status).collect();
        // pending also when there is no status at all
        let state = if statuses.is_empty() { "pending" } else { "success" };
        json!({ "state": state, "statuses": statuses, "sha": self.sha, "total_count": statuses.len(),
            "repository": minimal_repository("acme/catalog"), "commit_url": format!("https://api.github.com/c"), "url": format!("https://api.github.com/u") })
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
