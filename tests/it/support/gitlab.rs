//! A GitLab with one project, `acme/platform/catalog`, as far as merge requests go.
//!
//! It has the traps: the project is one encoded segment, `id` and `iid` differ, a merge request
//! without commits is accepted, three shapes of errors, and a time after a push in which the branch
//! is not known.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use super::fake::{Ask, Fake, Reply, Site, branches_of, sha};

/// The only accepted token.
pub const TOKEN: &str = "glpat-fixture0123456";

/// A running GitLab.
pub type GitLab = Fake<Project>;

/// Its one project.
pub struct Project {
    git: Option<PathBuf>,
    branches: BTreeMap<String, String>,
    requests: Vec<MergeRequest>,
    /// How many creations still fail because a push has not been seen.
    lag: u32,
}

struct MergeRequest {
    iid: u64,
    title: String,
    description: String,
    source: String,
    source_project: u64,
    sha: String,
    target: String,
    state: &'static str,
    merge_commit: Option<String>,
    squash_commit: Option<String>,
    labels: String,
    reviewers: Vec<u64>,
    approved_by: Vec<&'static str>,
    changes_by: Vec<&'static str>,
    pipeline: Option<&'static str>,
}

const USERS: [(u64, &str); 3] = [(1, "ada"), (2, "bob"), (3, "eve")];

/// A GitLab whose project has the branch `main`.
pub fn start() -> GitLab {
    Fake::start(Project {
        git: None,
        branches: BTreeMap::from([("main".to_owned(), sha(0))]),
        requests: Vec::new(),
        lag: 0,
    })
}

impl GitLab {
    /// Pushes a branch whose tip is commit number `commit`.
    pub fn push(&self, branch: &str, commit: u64) {
        self.with(|project| project.branches.insert(branch.to_owned(), sha(commit)));
    }

    /// Takes its branches from a bare repository from now on.
    pub fn follow(&self, git: &Path) {
        self.with(|project| project.git = Some(git.to_owned()));
    }

    /// The next creations fail as they do right after a push.
    pub fn lag(&self, creations: u32) {
        self.with(|project| project.lag = creations);
    }

    /// Opens a merge request from a fork, past the API.
    pub fn open_from_fork(&self, source: &str) -> u64 {
        self.with(|project| project.add(source, 99, "main", "From a fork", "").iid)
    }

    /// Merges with a merge commit, squashed, or, with neither, by moving the branch.
    pub fn merge(&self, iid: u64, merge_commit: Option<u64>, squash_commit: Option<u64>) {
        self.with(|project| {
            let request = project.request(iid);
            request.state = "merged";
            request.merge_commit = merge_commit.map(sha);
            request.squash_commit = squash_commit.map(sha);
        });
    }

    /// Approves.
    pub fn approve(&self, iid: u64, user: &'static str) {
        self.with(|project| project.request(iid).approved_by.push(user));
    }

    /// Asks for changes.
    pub fn request_changes(&self, iid: u64, user: &'static str) {
        self.with(|project| project.request(iid).changes_by.push(user));
    }

    /// Sets the state of the pipeline.
    pub fn pipeline(&self, iid: u64, status: &'static str) {
        self.with(|project| project.request(iid).pipeline = Some(status));
    }

    /// The labels of a merge request, as they were sent.
    pub fn labels(&self, iid: u64) -> String {
        self.with(|project| project.request(iid).labels.clone())
    }

    /// How many merge requests there are.
    pub fn count(&self) -> usize {
        self.with(|project| project.requests.len())
    }
}

fn not_found(what: &str) -> Reply {
    Reply::new(404, json!({ "message": format!("404 {what} Not Found") }))
}

impl Site for Project {
    fn answer(&mut self, ask: &Ask) -> Reply {
        if let Some(git) = &self.git {
            self.branches = branches_of(git);
            for request in self.requests.iter_mut().filter(|request| request.state == "opened") {
                request.sha.clone_from(&self.branches[&request.source]);
            }
        }
        match ask.authorization.as_str() {
            "" => return not_found("Project"),
            text if text == format!("Bearer {TOKEN}") => {}
            _ => {
                let body = json!({ "error": "invalid_token", "error_description": "Token was revoked." });
                return Reply::new(401, body);
            }
        }
        let segments = ask.segments();
        let segments: Vec<&str> = segments.iter().map(String::as_str).collect();
        match (ask.method.as_str(), segments.as_slice()) {
            ("GET", ["api", "v4", "users"]) => {
                let found = USERS.iter().filter(|(_, name)| *name == ask.parameter("username"));
                Reply::new(200, found.map(|(id, _)| user(*id)).collect())
            }
            (method, ["api", "v4", "projects", "acme/platform/catalog", rest @ ..]) => {
                self.route(method, rest, ask)
            }
            _ => not_found("Project"),
        }
    }
}

impl Project {
    fn route(&mut self, method: &str, rest: &[&str], ask: &Ask) -> Reply {
        match (method, rest) {
            ("GET", ["merge_requests"]) => self.list(ask),
            ("POST", ["merge_requests"]) => self.create(ask),
            ("GET", ["merge_requests", iid]) => {
                self.with_request(iid, |request| Reply::new(200, request.value()))
            }
            ("PUT", ["merge_requests", iid]) => self.with_request(iid, |request| {
                request.change(ask);
                Reply::new(200, request.value())
            }),
            ("GET", ["merge_requests", iid, "approvals"]) => self.with_request(iid, |request| {
                let approval = |name: &&str| json!({ "user": user(id_of(name)) });
                let approved: Vec<Value> = request.approved_by.iter().map(approval).collect();
                Reply::new(200, json!({ "approvals_required": 1, "approved_by": approved }))
            }),
            ("GET", ["merge_requests", iid, "reviewers"]) => self.with_request(iid, |request| {
                let state = |name: &&str| json!({ "user": user(id_of(name)), "state": "requested_changes" });
                Reply::new(200, request.changes_by.iter().map(state).collect())
            }),
            ("GET", ["repository", "compare"]) => self.compare(ask.parameter("from"), ask.parameter("to")),
            ("GET", ["repository", "commits", commit, "merge_requests"]) => {
                let commit = Some((*commit).to_owned());
                let has = |request: &&MergeRequest| {
                    [&request.merge_commit, &request.squash_commit, &Some(request.sha.clone())]
                        .contains(&&commit)
                };
                let found: Vec<Value> = self.requests.iter().filter(has).map(MergeRequest::value).collect();
                if found.is_empty() { not_found("Commit") } else { Reply::new(200, Value::Array(found)) }
            }
            _ => not_found("Route"),
        }
    }

    fn request(&mut self, iid: u64) -> &mut MergeRequest {
        self.requests.iter_mut().find(|request| request.iid == iid).unwrap()
    }

    fn with_request(&mut self, iid: &str, work: impl FnOnce(&mut MergeRequest) -> Reply) -> Reply {
        match self.requests.iter_mut().find(|request| request.iid.to_string() == iid) {
            Some(request) => work(request),
            None => not_found("Merge Request"),
        }
    }

    fn add(
        &mut self,
        source: &str,
        source_project: u64,
        target: &str,
        title: &str,
        description: &str,
    ) -> &mut MergeRequest {
        let iid = self.requests.len() as u64 + 1;
        let tip = self.branches.get(source).cloned().unwrap_or_else(|| sha(900 + iid));
        self.requests.push(MergeRequest {
            iid,
            title: title.to_owned(),
            description: description.to_owned(),
            source: source.to_owned(),
            source_project,
            sha: tip,
            target: target.to_owned(),
            state: "opened",
            merge_commit: None,
            squash_commit: None,
            labels: String::new(),
            reviewers: Vec::new(),
            approved_by: Vec::new(),
            changes_by: Vec::new(),
            pipeline: None,
        });
        self.requests.last_mut().unwrap()
    }

    fn list(&self, ask: &Ask) -> Reply {
        let fits = |request: &&MergeRequest| {
            [request.state, "all"].contains(&ask.parameter("state"))
                && request.source == ask.parameter("source_branch")
                && ["", request.target.as_str()].contains(&ask.parameter("target_branch"))
        };
        Reply::new(200, self.requests.iter().rev().filter(fits).map(MergeRequest::value).collect())
    }

    fn compare(&self, from: &str, to: &str) -> Reply {
        match (self.branches.get(from), self.branches.get(to)) {
            (Some(from), Some(to)) if from == to => Reply::new(200, json!({ "commits": [], "diffs": [] })),
            (Some(_), Some(to)) => Reply::new(200, json!({ "commits": [{ "id": to }], "diffs": [] })),
            _ => not_found("Ref"),
        }
    }

    fn create(&mut self, ask: &Ask) -> Reply {
        if self.lag > 0 {
            self.lag -= 1;
            return if self.lag.is_multiple_of(2) {
                Reply::new(400, json!({ "message": { "base": ["source_branch \"x\" does not exist"] } }))
            } else {
                Reply::new(409, json!({ "message": ["Resource lock"] }))
            };
        }
        let (source, target) = (ask.text("source_branch"), ask.text("target_branch"));
        if source.is_empty() || target.is_empty() || ask.text("title").is_empty() {
            return Reply::new(400, json!({ "error": "source_branch, target_branch, title is missing" }));
        }
        let same = |request: &&MergeRequest| {
            request.state == "opened"
                && request.source == source
                && request.source_project == 1
                && request.target == target
        };
        if let Some(request) = self.requests.iter().find(same) {
            let message =
                format!("Another open merge request already exists for this source branch: !{}", request.iid);
            return Reply::new(409, json!({ "message": [message] }));
        }
        let request = self.add(source, 1, target, ask.text("title"), ask.text("description"));
        ask.text("labels").clone_into(&mut request.labels);
        let reviewers = ask.body["reviewer_ids"].as_array().cloned().unwrap_or_default();
        request.reviewers = reviewers.iter().filter_map(Value::as_u64).collect();
        Reply::new(201, request.value())
    }
}

fn user(id: u64) -> Value {
    let name = USERS.iter().find(|(known, _)| *known == id).map_or("ghost", |(_, name)| *name);
    json!({ "id": id, "username": name, "name": name, "state": "active" })
}

fn id_of(name: &str) -> u64 {
    USERS.iter().find(|(_, known)| *known == name).unwrap().0
}

impl MergeRequest {
    fn change(&mut self, ask: &Ask) {
        let text = |key: &str| Some(ask.text(key)).filter(|text| !text.is_empty()).map(str::to_owned);
        if let Some(title) = text("title") {
            self.title = title;
        }
        if let Some(description) = text("description") {
            self.description = description;
        }
        match ask.text("state_event") {
            "close" => self.state = "closed",
            "reopen" => self.state = "opened",
            _ => {}
        }
    }

    fn value(&self) -> Value {
        let merged = self.state == "merged";
        let detailed = if self.changes_by.is_empty() { "mergeable" } else { "requested_changes" };
        json!({
            "id": 5000 + self.iid, "iid": self.iid, "project_id": 1, "title": self.title, "description": self.description,
            "state": self.state, "draft": self.title.starts_with("Draft: "), "author": user(1),
            "source_branch": self.source, "target_branch": self.target, "source_project_id": self.source_project,
            "target_project_id": 1, "sha": self.sha, "merge_commit_sha": self.merge_commit,
            "squash_commit_sha": self.squash_commit, "merge_user": if merged { user(2) } else { Value::Null },
            "merged_at": merged.then_some("2026-11-22T09:30:00.123Z"), "detailed_merge_status": detailed,
            "reviewers": self.reviewers.iter().map(|id| user(*id)).collect::<Vec<_>>(),
            "head_pipeline": self.pipeline.map(|status| json!({ "id": 1, "sha": self.sha, "status": status })),
            "web_url": format!("https://gitlab.example/acme/platform/catalog/-/merge_requests/{}", self.iid),
        })
    }
}
