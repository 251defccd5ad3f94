//! The Gitea and Forgejo client against a Gitea with state.

use std::sync::Arc;
use std::time::Duration;

use platform::error::Exit;
use platform::forge::{self, Draft, Error, Forge, Hosted, Kind, Project, State, Update};
use platform::http::{Client, Credential, Limits};
use url::Url;

use crate::support::fake::{Prepared, sha};
use crate::support::gitea::{self, Gitea, TOKEN};

fn connect(url: &str, token: Option<&str>) -> Box<dyn Forge> {
    let limits = Limits { first_wait: Duration::from_millis(1), ..Limits::default() };
    let place = Hosted {
        kind: Kind::Forgejo,
        api: Url::parse(&format!("{url}/api/v1")).unwrap(),
        web: Url::parse("https://gitea.example/").unwrap(),
        project: Project { owner: "acme".into(), name: "catalog".into() },
    };
    let client = Client::new(limits, Arc::new(())).unwrap();
    forge::connect(client, place, token.map(|token| Credential::new(token, "GITEA_TOKEN"))).unwrap()
}

fn start() -> (Gitea, Box<dyn Forge>) {
    let gitea = gitea::start();
    let forge = connect(&gitea.url(), Some(TOKEN));
    (gitea, forge)
}

fn draft(head: &str) -> Draft {
    Draft {
        title: "Add web".into(),
        body: "Adds web.".into(),
        head: head.into(),
        base: "main".into(),
        draft: false,
        labels: Vec::new(),
        reviewers: Vec::new(),
    }
}

#[test]
fn a_pull_request_lives_from_open_to_merged() {
    let (gitea, forge) = start();
    gitea.push("platform/new/x", 7);
    let opened = forge.open(&Draft { draft: true, ..draft("platform/new/x") }).unwrap();
    assert!(opened.created && opened.pull_request.draft);
    assert_eq!(opened.pull_request.title, "WIP: Add web");
    assert!(!forge.open(&draft("platform/new/x")).unwrap().created);
    let ready = Update { title: Some("Add web".into()), ..Update::default() };
    assert!(!forge.update(1, &ready).unwrap().draft, "201 is a success");
    gitea.merge(1, 8);
    let merged = forge.get(1).unwrap();
    assert_eq!((merged.state, merged.merge_commit), (State::Merged, Some(sha(8))));
    assert_eq!(forge.pr_for_commit(&sha(8)).unwrap().map(|found| found.number), Some(1));
    assert_eq!(forge.pr_for_commit(&sha(99)).unwrap(), None);
    assert_eq!(forge.find_open("platform/new/x", "main").unwrap(), None);
    assert_eq!(forge.find_any("platform/new/x").unwrap().len(), 1);
    assert!(matches!(forge.get(9), Err(Error::NoPullRequest { number: 9 })));
}

#[test]
fn it_is_found_behind_many_others_and_holes() {
    let (gitea, forge) = start();
    gitea.push("mine", 7);
    forge.open(&draft("mine")).unwrap();
    for _ in 0..7 {
        gitea.open("mallory", "mine");
    }
    let found = forge.find_open("mine", "main").unwrap();
    assert_eq!(found.map(|found| found.number), Some(1), "not one of a fork");
}

#[test]
fn losing_a_race_finds_the_winner() {
    let (gitea, forge) = start();
    gitea.push("x", 7);
    gitea.open("acme", "x");
    let empty =
        || Prepared { method: "GET", path: "/pulls", status: 200, body: "[]".into(), ..Prepared::default() };
    gitea.prepare(empty());
    let opened = forge.open(&draft("x")).unwrap();
    assert_eq!((opened.created, gitea.count()), (false, 1));
}

#[test]
fn labels_go_by_number_and_reviewers_one_by_one() {
    let (gitea, forge) = start();
    gitea.push("x", 7);
    let labels = ["platform", "from-org", "unheard-of"].map(str::to_owned).to_vec();
    let reviewers = ["bob", "stranger"].map(str::to_owned).to_vec();
    let opened = forge.open(&Draft { labels, reviewers, ..draft("x") }).unwrap();
    assert_eq!(gitea.labels(1), [7, 41]);
    assert_eq!(forge.get(1).unwrap().waiting_for, ["bob"]);
    let warnings = opened.warnings.join("\n");
    assert!(warnings.contains("acme/catalog has no label unheard-of"), "{warnings}");
    assert!(warnings.contains("stranger was not asked") && opened.warnings.len() == 2, "{warnings}");
}

#[test]
fn refusals_are_told_apart() {
    let (gitea, forge) = start();
    assert!(matches!(forge.open(&draft("never-pushed")), Err(Error::NoBranch { .. })));
    let error = connect(&gitea.url(), None).find_open("x", "main").unwrap_err();
    assert!(matches!(error, Error::NoAccess { .. }) && error.exit() == Exit::Login, "{error}");
    let error = connect(&gitea.url(), None).open(&draft("x")).unwrap_err();
    assert_eq!(error.to_string(), "gitea.example needs a token to open a pull request");
    let error = connect(&gitea.url(), Some("old")).find_open("x", "main").unwrap_err();
    assert!(error.to_string().contains("refused the token from GITEA_TOKEN (401)"), "{error}");
}

#[test]
fn only_official_and_fresh_reviews_count() {
    let (gitea, forge) = start();
    gitea.push("x", 7);
    let pull_request = forge.open(&draft("x")).unwrap().pull_request;
    assert_eq!(forge.reviews(&pull_request).unwrap(), forge::Reviews::default());
    gitea.review(1, "bob", "APPROVED", true, false);
    gitea.review(1, "passer-by", "APPROVED", false, false);
    gitea.review(1, "late", "APPROVED", true, true);
    gitea.review(1, "eve", "REQUEST_CHANGES", true, false);
    gitea.review(1, "bob", "COMMENT", true, false);
    for (context, status) in
        [("build", "success"), ("lint", "failure"), ("e2e", "pending"), ("old", "warning")]
    {
        gitea.status(1, context, status);
    }
    let reviews = forge.reviews(&pull_request).unwrap();
    assert_eq!((reviews.approved_by, reviews.changes_requested_by), (vec!["bob".into()], vec!["eve".into()]));
    assert_eq!((reviews.checks_failed, reviews.checks_pending), (vec!["lint".into()], vec!["e2e".into()]));
}

#[test]
fn where_a_person_can_open_it() {
    let forge = connect("http://127.0.0.1:9", None);
    assert_eq!(
        forge.compare_url("a/b", "main").as_deref(),
        Some("https://gitea.example/acme/catalog/compare/main...a%2Fb")
    );
}
