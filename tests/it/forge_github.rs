//! The GitHub client against a GitHub with state.

use std::sync::Arc;
use std::time::Duration;

use platform::clock::Timestamp;
use platform::error::Exit;
use platform::forge::{self, Draft, Error, Forge, Hosted, Kind, Project, State, Update};
use platform::http::{Client, Credential, Limits};
use url::Url;

use crate::support::fake::{Prepared, sha};
use crate::support::github::{self, GitHub, TOKEN};
use crate::support::prism::Prism;
use crate::support::server::dead_port;

fn connect(api: &str, token: Option<&str>) -> Box<dyn Forge> {
    let limits = Limits { first_wait: Duration::from_millis(1), ..Limits::default() };
    let place = Hosted {
        kind: Kind::GitHub,
        api: Url::parse(api).unwrap(),
        web: Url::parse("https://github.com/").unwrap(),
        project: Project { owner: "acme".into(), name: "catalog".into() },
    };
    let client = Client::new(limits, Arc::new(())).unwrap();
    forge::connect(client, place, token.map(|token| Credential::new(token, "GH_TOKEN"))).unwrap()
}

fn start() -> (GitHub, Box<dyn Forge>) {
    let github = github::start("acme/catalog");
    let forge = connect(&github.url(), Some(TOKEN));
    (github, forge)
}

fn draft(head: &str) -> Draft {
    Draft {
        title: "Add web".into(),
        body: "Adds `component:default/web`.".into(),
        head: head.into(),
        base: "main".into(),
        draft: false,
        labels: Vec::new(),
        reviewers: Vec::new(),
    }
}

#[test]
fn a_pull_request_lives_from_open_to_merged() {
    let (github, forge) = start();
    let head = "platform/new/component.default.web#1%";
    github.push(head, 7);
    assert_eq!(forge.find_open(head, "main").unwrap(), None);

    let opened = forge.open(&draft(head)).unwrap();
    assert!(opened.created && opened.warnings.is_empty());
    let pull_request = opened.pull_request;
    assert_eq!((pull_request.number, pull_request.state), (1, State::Open));
    assert_eq!(pull_request.url, "https://github.com/acme/catalog/pull/1");
    assert_eq!((pull_request.head.as_str(), pull_request.base.as_str()), (head, "main"));
    assert_eq!(pull_request.head_commit, Some(sha(7)));
    assert_eq!(pull_request.merge_commit, None, "a trial merge is none");
    assert_eq!(forge.find_open(head, "main").unwrap(), Some(pull_request));

    github.merge(1, 8);
    let merged = forge.get(1).unwrap();
    assert_eq!((merged.state, merged.merge_commit.as_deref()), (State::Merged, Some(sha(8).as_str())));
    assert_eq!(merged.merged_at, Timestamp::parse("2026-11-22T09:30:00Z"));
    assert_eq!(merged.merged_by.as_deref(), Some("bob"));
    assert_eq!(forge.find_open(head, "main").unwrap(), None);
    let any = forge.find_any(head).unwrap();
    assert_eq!(any.iter().map(|found| (found.number, found.state)).collect::<Vec<_>>(), [(1, State::Merged)]);
}

#[test]
fn opening_twice_finds_the_first() {
    let (github, forge) = start();
    github.push("x", 7);
    let first = forge.open(&draft("x")).unwrap();
    let second = forge.open(&draft("x")).unwrap();
    assert!(first.created && !second.created);
    assert_eq!((second.pull_request.number, github.count()), (1, 1));
}

#[test]
fn losing_a_race_finds_the_winner() {
    let (github, forge) = start();
    github.push("x", 7);
    // the first look sees nothing, because the other one comes right after it
    github.prepare(Prepared {
        method: "GET",
        path: "/pulls",
        status: 200,
        headers: Vec::new(),
        body: "[]".into(),
    });
    connect(&github.url(), Some(TOKEN)).open(&draft("x")).unwrap();
    github.prepare(Prepared {
        method: "GET",
        path: "/pulls",
        status: 200,
        headers: Vec::new(),
        body: "[]".into(),
    });
    let opened = forge.open(&draft("x")).unwrap();
    assert!(!opened.created);
    assert_eq!((opened.pull_request.number, github.count()), (1, 1));
}

#[test]
fn a_branch_of_the_same_name_in_a_fork_is_another_one() {
    let (github, forge) = start();
    github.open_from_fork("mallory", "x");
    assert_eq!(forge.find_open("x", "main").unwrap(), None);
    let asked = github.seen().pop().unwrap();
    assert_eq!(asked.parameter("head"), "acme:x", "without the owner GitHub ignores the filter");
}

#[test]
fn labels_and_reviewers_never_fail_it() {
    let (github, forge) = start();
    github.push("x", 7);
    let reviewers = ["bob", "ada", "stranger", "team:owners"].map(str::to_owned).to_vec();
    let wanted = Draft { labels: vec!["platform".into()], reviewers, ..draft("x") };
    let opened = forge.open(&wanted).unwrap();
    assert_eq!(github.labels(1), ["platform"]);
    let warnings = opened.warnings.join("\n");
    assert_eq!(opened.warnings.len(), 2, "{warnings}");
    assert!(warnings.contains("ada was not asked for a review") && warnings.contains("author"), "{warnings}");
    assert!(warnings.contains("stranger was not asked"), "{warnings}");
    assert_eq!(forge.get(1).unwrap().waiting_for, ["bob", "team:owners"]);
}

#[test]
fn it_can_be_changed_and_closed() {
    let (github, forge) = start();
    github.push("x", 7);
    forge.open(&draft("x")).unwrap();
    let title = Update { title: Some("Better".into()), ..Update::default() };
    assert_eq!(forge.update(1, &title).unwrap().title, "Better");
    let sent = github.seen().pop().unwrap();
    assert_eq!((sent.method.as_str(), sent.body), ("PATCH", serde_json::json!({ "title": "Better" })));
    let closed = forge.update(1, &Update { closed: Some(true), ..Update::default() }).unwrap();
    assert_eq!(closed.state, State::Closed);
    assert!(matches!(forge.get(2), Err(Error::NoPullRequest { number: 2 })));
}

#[test]
fn refusals_are_told_apart() {
    let (github, forge) = start();
    let missing = forge.open(&draft("never-pushed"));
    assert!(matches!(missing, Err(Error::NoBranch { branch }) if branch == "never-pushed"));
    github.push("same", 0);
    let nothing = forge.open(&draft("same")).unwrap_err();
    assert_eq!(nothing.to_string(), "there are no commits between main and same");
    assert_eq!(nothing.exit(), Exit::No);
    github.push("x", 7);
    let no_base = forge.open(&Draft { base: "nope".into(), ..draft("x") });
    assert!(matches!(no_base, Err(Error::NoBranch { branch }) if branch == "nope"));
}

#[test]
fn errors_that_are_an_object_are_read_too() {
    let (github, forge) = start();
    github.push("x", 7);
    // it is asked four times: right after a push this answer passes
    for _ in 0..4 {
        let errors =
            r#"{"message":"Validation Failed","errors":{"message":"No commits between main and x"}}"#;
        let (method, path, body) = ("POST", "/pulls", errors.to_owned());
        github.prepare(Prepared { method, path, status: 422, body, ..Prepared::default() });
    }
    assert!(matches!(forge.open(&draft("x")), Err(Error::NothingToMerge { .. })));
}

#[test]
fn what_passes_after_a_push_is_tried_again() {
    let (github, forge) = start();
    github.push("x", 7);
    let errors = r#"{"message":"Validation Failed","errors":[{"field":"head","code":"invalid"}]}"#;
    let (method, path, body) = ("POST", "/pulls", errors.to_owned());
    github.prepare(Prepared { method, path, status: 422, body, ..Prepared::default() });
    assert!(forge.open(&draft("x")).unwrap().created);
}

#[test]
fn who_has_no_access_is_not_told_that_nothing_is_there() {
    let github = github::start("acme/catalog");
    github.push("x", 7);
    let stranger = connect(&github.url(), None);
    let error = stranger.find_open("x", "main").unwrap_err();
    assert_eq!(
        error.to_string(),
        "acme/catalog on github.com was not found, or a request without a token may not see it"
    );
    let before = github.seen().len();
    let error = stranger.open(&draft("x")).unwrap_err();
    assert_eq!(error.to_string(), "github.com needs a token to open a pull request");
    assert_eq!((error.exit(), github.seen().len()), (Exit::Login, before));

    let expired = connect(&github.url(), Some("ghp_expired"));
    let error = expired.find_open("x", "main").unwrap_err();
    assert!(error.to_string().ends_with("refused the token from GH_TOKEN (401): Bad credentials"), "{error}");
    assert_eq!(error.exit(), Exit::Login);
}

#[test]
fn rate_limits_are_waited_for_or_named() {
    let (github, forge) = start();
    let limited = |reset: &str| Prepared {
        method: "GET",
        path: "/pulls",
        status: 403,
        headers: vec![("x-ratelimit-remaining", "0".into()), ("x-ratelimit-reset", reset.into())],
        body: r#"{"message":"API rate limit exceeded"}"#.into(),
    };
    github.prepare(limited("1"));
    assert_eq!(forge.find_open("x", "main").unwrap(), None);
    github.prepare(limited("99999999999"));
    let error = forge.find_open("x", "main").unwrap_err();
    assert!(error.to_string().contains("asks to slow down"), "{error}");
    assert_eq!(error.exit(), Exit::Unreachable);
}

#[test]
fn the_pull_request_of_a_commit() {
    let (github, forge) = start();
    for (head, commit) in [("x", 7), ("y", 9)] {
        github.push(head, commit);
        forge.open(&draft(head)).unwrap();
    }
    github.merge(1, 8);
    assert_eq!(forge.pr_for_commit(&sha(8)).unwrap().map(|found| found.number), Some(1));
    assert_eq!(forge.pr_for_commit(&sha(9)).unwrap().map(|found| found.number), Some(2));
    assert_eq!(forge.pr_for_commit(&sha(999)).unwrap(), None);
}

#[test]
fn reviews_and_checks() {
    let (github, forge) = start();
    github.push("x", 7);
    let pull_request = forge.open(&draft("x")).unwrap().pull_request;
    github.review(1, "bob", "APPROVED");
    github.review(1, "bob", "COMMENTED");
    github.review(1, "eve", "CHANGES_REQUESTED");
    for (name, conclusion) in [("build", Some("success")), ("lint", Some("failure")), ("e2e", None)] {
        github.check(1, name, conclusion);
    }
    github.status(1, "ci/legacy", "pending");
    github.status(1, "ci/old", "error");
    let reviews = forge.reviews(&pull_request).unwrap();
    assert_eq!(reviews.approved_by, ["bob"]);
    assert_eq!(reviews.changes_requested_by, ["eve"]);
    assert_eq!(reviews.checks_failed, ["ci/old", "lint"]);
    assert_eq!(reviews.checks_pending, ["ci/legacy", "e2e"]);

    // an approval of an earlier commit does not count
    github.push("x", 10);
    let reviews = forge.reviews(&forge.get(1).unwrap()).unwrap();
    assert_eq!((reviews.approved_by.len(), reviews.changes_requested_by), (0, vec!["eve".to_owned()]));
}

#[test]
fn many_reviews_are_read_page_by_page_and_never_from_elsewhere() {
    let (github, forge) = start();
    github.push("x", 7);
    let pull_request = forge.open(&draft("x")).unwrap().pull_request;
    let elsewhere = format!("http://127.0.0.1:{}/steal", dead_port());
    github.prepare(Prepared {
        method: "GET",
        path: "/reviews",
        status: 200,
        headers: vec![("link", format!("<{elsewhere}>; rel=\"next\""))],
        body: "[]".into(),
    });
    let error = forge.reviews(&pull_request).unwrap_err();
    assert!(error.to_string().contains("has moved to"), "{error}");
}

#[test]
fn where_a_person_can_open_it() {
    let forge = connect("http://127.0.0.1:9", None);
    assert_eq!(
        forge.compare_url("platform/new/x", "main").as_deref(),
        Some("https://github.com/acme/catalog/compare/main...platform%2Fnew%2Fx?expand=1")
    );
}

#[test]
fn merging_is_for_people() {
    let error = connect("http://127.0.0.1:9", None).merge(1).unwrap_err();
    assert_eq!(error.to_string(), "GitHub does not support merging #1 from here");
}

/// Everything the client does, through a proxy that knows GitHub's own description of its API: a
/// request or an answer that does not fit it fails.
fn fits(description: &str) {
    let github = github::start("acme/catalog");
    let Some(prism) = Prism::start(description, &github.url()) else { return };
    let forge = connect(&prism.url, Some(TOKEN));
    let head = "platform/new/x#1";
    github.push(head, 7);
    let reviewers = vec!["bob".to_owned(), "team:owners".to_owned()];
    let wanted = Draft { labels: vec!["platform".into()], reviewers, draft: true, ..draft(head) };
    let opened = forge.open(&wanted).unwrap();
    assert_eq!((opened.created, opened.warnings), (true, Vec::new()));
    assert!(!forge.open(&wanted).unwrap().created);
    assert_eq!(forge.find_any(head).unwrap().len(), 1);
    let update = Update { title: Some("Better".into()), body: Some("New".into()), ..Update::default() };
    forge.update(1, &update).unwrap();
    github.review(1, "bob", "APPROVED");
    github.check(1, "build", Some("failure"));
    github.check(1, "e2e", None);
    github.status(1, "ci/old", "pending");
    let reviews = forge.reviews(&forge.get(1).unwrap()).unwrap();
    assert_eq!(
        (reviews.approved_by.len(), reviews.checks_failed.len(), reviews.checks_pending.len()),
        (1, 1, 2)
    );
    github.merge(1, 8);
    assert_eq!(forge.pr_for_commit(&sha(8)).unwrap().map(|found| found.state), Some(State::Merged));
    let nothing = forge.open(&draft("never-pushed"));
    assert!(matches!(nothing, Err(Error::NoBranch { .. })), "{nothing:?}");
}

#[test]
fn requests_and_answers_fit_the_description_of_github() {
    fits("api.github.com");
}

#[test]
fn requests_and_answers_fit_the_description_of_the_oldest_enterprise_server() {
    fits("ghes-3.17");
}
