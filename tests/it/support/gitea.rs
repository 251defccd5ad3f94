//! A Gitea (or Forgejo) with one repository, as far as pull requests go.
//!
//! It has the traps: no filter by head, labels by number only, a 409 for a second pull request, 201
//! for a change, `null` among the pull requests of a list, and pages shorter than what was asked for.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use super::fake::{Ask, Fake, Reply, Site, branches_of, sha};

/// The only accepted token.
pub const TOKEN: &str = "gitea-fixture-token";
/// The server's largest page, smaller than what clients ask for.
const PAGE: usize = 2;

/// A running Gitea.
pub type Gitea = Fake<Repository>;

/// Its one repository, `acme/catalog`.
pub struct Repository {
    git: Option<PathBuf>,
    branches: BTreeMap<String, String>,
    pulls: Vec<Pull>,
}

struct Pull {
    number: u64,
    title: String,
    body: String,
    owner: String,
    head: String,
    sha: String,
    base: String,
    closed: bool,
    merge_commit: Option<String>,
    labels: Vec<u64>,
    reviewers: Vec<String>,
    reviews: Vec<Value>,
    statuses: Vec<Value>,
}

/// A Gitea whose repository has the branch `main`.
pub fn start() -> Gitea {
    Fake::start(Repository {
        git: None,
        branches: BTreeMap::from([("main".to_owned(), sha(0))]),
        pulls: Vec::new(),
    })
}

impl Gitea {
    /// Pushes a branch whose tip is commit number `commit`.
    pub fn push(&self, branch: &str, commit: u64) {
        self.with(|repository| repository.branches.insert(branch.to_owned(), sha(commit)));
    }

    /// Takes its branches from a bare repository from now on.
    pub fn follow(&self, git: &Path) {
        self.with(|repository| repository.git = Some(git.to_owned()));
    }

    /// Opens a pull request past the API.
    pub fn open(&self, owner: &str, head: &str) -> u64 {
        self.with(|repository| repository.add(owner, head, "main", "Elsewhere", "").number)
    }

    /// Merges a pull request as a commit.
    pub fn merge(&self, number: u64, commit: u64) {
        self.with(|repository| repository.pull(number).merge_commit = Some(sha(commit)));
    }

    /// Adds a review.
    pub fn review(&self, number: u64, login: &str, state: &str, official: bool, outdated: bool) {
        let review = json!({ "user": { "login": login }, "state": state, "official": official, "stale": outdated,
            "dismissed": false, "commit_id": sha(0) });
        self.with(|repository| repository.pull(number).reviews.push(review));
    }

    /// Adds a commit status.
    pub fn status(&self, number: u64, context: &str, status: &str) {
        let status = json!({ "context": context, "status": status });
        self.with(|repository| repository.pull(number).statuses.push(status));
    }

    /// The numbers of the labels of a pull request.
    pub fn labels(&self, number: u64) -> Vec<u64> {
        self.with(|repository| repository.pull(number).labels.clone())
    }

    /// How many pull requests there are.
    pub fn count(&self) -> usize {
        self.with(|repository| repository.pulls.len())
    }
}

fn problem(status: u16, message: &str) -> Reply {
    Reply::new(status, json!({ "message": message, "url": "https://gitea.example/api/swagger" }))
}

fn not_found() -> Reply {
    problem(404, "The target couldn't be found.")
}

impl Site for Repository {
    fn answer(&mut self, ask: &Ask) -> Reply {
        if let Some(git) = &self.git {
            self.branches = branches_of(git);
            for pull in self.pulls.iter_mut().filter(|pull| pull.owner == "acme" && pull.is_open()) {
                pull.sha.clone_from(&self.branches[&pull.head]);
            }
        }
        match ask.authorization.as_str() {
            "" => return not_found(),
            text if text == format!("token {TOKEN}") => {}
            _ => return problem(401, "invalid username, password or token"),
        }
        let segments = ask.segments();
        let segments: Vec<&str> = segments.iter().map(String::as_str).collect();
        let ["api", "v1", rest @ ..] = segments.as_slice() else { return not_found() };
        match (ask.method.as_str(), rest) {
            ("GET", ["orgs", "acme", "labels"]) => Reply::new(200, json!([{ "id": 41, "name": "from-org" }])),
            ("GET", ["repos", "acme", "catalog", "labels"]) => {
                Reply::new(200, json!([{ "id": 7, "name": "platform" }]))
            }
            (method, ["repos", "acme", "catalog", rest @ ..]) => self.route(method, rest, ask),
            _ => not_found(),
        }
    }
}

impl Repository {
    fn route(&mut self, method: &str, rest: &[&str], ask: &Ask) -> Reply {
        match (method, rest) {
            ("GET", ["pulls"]) => self.list(ask),
            ("POST", ["pulls"]) => self.create(ask),
            ("GET", ["pulls", number]) => self.with_pull(number, |pull| Reply::new(200, pull.value())),
            ("PATCH", ["pulls", number]) => self.with_pull(number, |pull| {
                pull.change(ask);
                Reply::new(201, pull.value())
            }),
            ("GET", ["pulls", number, "reviews"]) => {
                self.with_pull(number, |pull| Reply::new(200, Value::Array(pull.reviews.clone())))
            }
            ("POST", ["pulls", number, "requested_reviewers"]) => self.with_pull(number, |pull| {
                let wanted = ask.texts("reviewers");
                if wanted.iter().any(|login| login == "stranger") {
                    return problem(422, "user does not have access to the repository");
                }
                pull.reviewers.extend(wanted);
                Reply::new(201, json!([]))
            }),
            ("POST", ["issues", number, "labels"]) => self.with_pull(number, |pull| {
                let wanted = ask.body["labels"].as_array().cloned().unwrap_or_default();
                let Some(ids) = wanted.iter().map(Value::as_u64).collect::<Option<Vec<u64>>>() else {
                    return problem(422, "json: cannot unmarshal string into Go struct field of type int64");
                };
                pull.labels.extend(ids);
                Reply::new(200, json!([]))
            }),
            ("GET", ["commits", commit, "pull"]) => {
                let has = |pull: &&Pull| pull.merge_commit.as_deref() == Some(*commit) || pull.sha == *commit;
                self.pulls.iter().find(has).map_or_else(not_found, |pull| Reply::new(200, pull.value()))
            }
            ("GET", ["commits", commit, "status"]) => {
                match self.pulls.iter().find(|pull| pull.sha == *commit) {
                    Some(pull) if pull.statuses.is_empty() => {
                        Reply::new(200, json!({ "state": "", "statuses": null }))
                    }
                    Some(pull) => Reply::new(200, json!({ "state": "pending", "statuses": pull.statuses })),
                    None => not_found(),
                }
            }
            _ => not_found(),
        }
    }

    fn pull(&mut self, number: u64) -> &mut Pull {
        self.pulls.iter_mut().find(|pull| pull.number == number).unwrap()
    }

    fn with_pull(&mut self, number: &str, work: impl FnOnce(&mut Pull) -> Reply) -> Reply {
        match self.pulls.iter_mut().find(|pull| pull.number.to_string() == number) {
            Some(pull) => work(pull),
            None => not_found(),
        }
    }

    fn add(&mut self, owner: &str, head: &str, base: &str, title: &str, body: &str) -> &mut Pull {
        let number = self.pulls.len() as u64 + 1;
        let tip = self.branches.get(head).cloned().unwrap_or_else(|| sha(900 + number));
        self.pulls.push(Pull {
            number,
            title: title.to_owned(),
            body: body.to_owned(),
            owner: owner.to_owned(),
            head: head.to_owned(),
            sha: tip,
            base: base.to_owned(),
            closed: false,
            merge_commit: None,
            labels: Vec::new(),
            reviewers: Vec::new(),
            reviews: Vec::new(),
            statuses: Vec::new(),
        });
        self.pulls.last_mut().unwrap()
    }

    fn list(&self, ask: &Ask) -> Reply {
        let state = ask.parameter("state");
        let fits = |pull: &&Pull| state == "all" || (state == "open") == pull.is_open();
        let page: usize = ask.parameter("page").parse().unwrap_or(1);
        let limit = ask.parameter("limit").parse().unwrap_or(PAGE).min(PAGE);
        let all: Vec<Value> = self.pulls.iter().rev().filter(fits).map(Pull::value).collect();
        let mut shown: Vec<Value> = all.iter().skip((page - 1) * limit).take(limit).cloned().collect();
        if page == 1 && !shown.is_empty() {
            // one whose data is being made
            shown.insert(0, Value::Null);
        }
        Reply::new(200, Value::Array(shown))
    }

    fn create(&mut self, ask: &Ask) -> Reply {
        let (head, base) = (ask.text("head"), ask.text("base"));
        if !self.branches.contains_key(head) || !self.branches.contains_key(base) {
            return not_found();
        }
        let same =
            |pull: &Pull| pull.is_open() && pull.owner == "acme" && pull.head == head && pull.base == base;
        if self.pulls.iter().any(same) {
            return problem(409, "pull request already exists for these targets");
        }
        let made = self.add("acme", head, base, ask.text("title"), ask.text("body")).value();
        Reply::new(201, made)
    }
}

impl Pull {
    fn is_open(&self) -> bool {
        !self.closed && self.merge_commit.is_none()
    }

    fn change(&mut self, ask: &Ask) {
        let text = |key: &str| Some(ask.text(key)).filter(|text| !text.is_empty()).map(str::to_owned);
        if let Some(title) = text("title") {
            self.title = title;
        }
        if let Some(body) = text("body") {
            self.body = body;
        }
        if let Some(state) = text("state") {
            self.closed = state == "closed";
        }
    }

    fn value(&self) -> Value {
        let user = |login: &str| json!({ "id": 1, "login": login, "username": login });
        let tip = |owner: &str, name: &str, sha: &str| json!({ "label": name, "ref": name, "sha": sha, "repo_id": 1, "repo": { "full_name": format!("{owner}/catalog") } });
        let merged = self.merge_commit.is_some();
        let reviewers: Vec<Value> = self.reviewers.iter().map(|login| user(login)).collect();
        json!({
            "id": 1000 + self.number, "number": self.number, "title": self.title, "body": self.body, "user": user("ada"),
            "url": format!("https://gitea.example/acme/catalog/pulls/{}", self.number),
            "html_url": format!("https://gitea.example/acme/catalog/pulls/{}", self.number),
            "state": if self.is_open() { "open" } else { "closed" }, "draft": self.title.starts_with("WIP: "),
            "merged": merged, "merged_at": merged.then_some("2026-11-22T09:30:00Z"),
            "merged_by": merged.then(|| user("bob")), "merge_commit_sha": self.merge_commit,
            "requested_reviewers": if reviewers.is_empty() { Value::Null } else { reviewers.into() },
            "head": tip(&self.owner, &self.head, &self.sha), "base": tip("acme", &self.base, &sha(0)),
        })
    }
}
