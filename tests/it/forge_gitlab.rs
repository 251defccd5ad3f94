//! The GitLab client against a GitLab with state.

use std::sync::Arc;
use std::time::Duration;

use platform::clock::Timestamp;
use platform::error::Exit;
use platform::forge::{self, Draft, Error, Forge, Hosted, Kind, Project, State, Update};
use platform::http::{Client, Credential, Limits};
use url::Url;

use crate::support::fake::{Prepared, sha};
use crate::support::gitlab::{self, GitLab, TOKEN};

fn connect(url: &str, token: Option<&str>) -> Box<dyn Forge> {
    let limits = Limits { first_wait: Duration::from_millis(1), ..Limits::default() };
    let place = Hosted {
        kind: Kind::GitLab,
        api: Url::parse(&format!("{url}/api/v4")).unwrap(),
        web: Url::parse("https://gitlab.example/").unwrap(),
        project: Project { owner: "acme/platform".into(), name: "catalog".into() },
    };
    let client = Client::new(limits, Arc::new(())).unwrap();
    forge::connect(client, place, token.map(|token| Credential::new(token, "GITLAB_TOKEN"))).unwrap()
}

fn start() -> (GitLab, Box<dyn Forge>) {
    let gitlab = gitlab::start();
    let forge = connect(&gitlab.url(), Some(TOKEN));
    (gitlab, forge)
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
fn a_merge_request_lives_from_open_to_merged() {
    let (gitlab, forge) = start();
    let head = "platform/new/x#1%";
    gitlab.push(head, 7);
    let wanted = Draft {
        draft: true,
        labels: vec!["platform".into(), "dns".into()],
        reviewers: ["bob", "nobody", "team:owners"].map(str::to_owned).to_vec(),
        ..draft(head)
    };
    let opened = forge.open(&wanted).unwrap();
    assert!(opened.created && opened.pull_request.draft);
    assert_eq!(opened.pull_request.waiting_for, ["bob"]);
    assert_eq!(opened.warnings.len(), 2, "{:?}", opened.warnings);
    assert_eq!(gitlab.labels(1), "platform,dns");
    assert!(!forge.open(&wanted).unwrap().created);
    assert_eq!(opened.pull_request.number, 1, "the iid, not the id");

    let update = Update { title: Some("Better".into()), body: Some("New".into()), ..Update::default() };
    let changed = forge.update(1, &update).unwrap();
    assert_eq!((changed.title.as_str(), changed.body.as_str(), changed.draft), ("Better", "New", false));
    gitlab.merge(1, Some(8), None);
    let merged = forge.get(1).unwrap();
    assert_eq!((merged.state, merged.merge_commit), (State::Merged, Some(sha(8))));
    assert_eq!(
        (merged.merged_at, merged.merged_by.as_deref()),
        (Timestamp::parse("2026-11-22T09:30:00Z"), Some("bob"))
    );
    assert_eq!(forge.find_any(head).unwrap().len(), 1);
    assert_eq!(forge.pr_for_commit(&sha(8)).unwrap().map(|found| found.number), Some(1));
    assert_eq!(forge.pr_for_commit(&sha(99)).unwrap(), None);
    assert!(matches!(forge.get(9), Err(Error::NoPullRequest { number: 9 })));
    let path = "/api/v4/projects/acme%2Fplatform%2Fcatalog/";
    assert!(gitlab.seen().iter().all(|ask| ask.path.starts_with(path) || ask.path == "/api/v4/users"));
}

#[test]
fn what_landed_depends_on_how_it_was_merged() {
    for (merge, squash, expected) in
        [(Some(8), Some(9), sha(8)), (None, Some(9), sha(9)), (None, None, sha(7))]
    {
        let (gitlab, forge) = start();
        gitlab.push("x", 7);
        forge.open(&draft("x")).unwrap();
        gitlab.merge(1, merge, squash);
        assert_eq!(forge.get(1).unwrap().merge_commit, Some(expected));
    }
}

#[test]
fn what_passes_after_a_push_is_tried_again() {
    let (gitlab, forge) = start();
    gitlab.push("x", 7);
    gitlab.lag(2);
    assert!(forge.open(&draft("x")).unwrap().created);
    gitlab.push("y", 9);
    gitlab.lag(10);
    let error = forge.open(&draft("y")).unwrap_err();
    assert!(error.to_string().contains("answered 4"), "{error}");
    gitlab.lag(0);
}

#[test]
fn a_branch_of_the_same_name_in_a_fork_is_another_one() {
    let (gitlab, forge) = start();
    gitlab.open_from_fork("x");
    assert_eq!(forge.find_open("x", "main").unwrap(), None);
}

#[test]
fn losing_a_race_finds_the_winner() {
    let (gitlab, forge) = start();
    gitlab.push("x", 7);
    forge.open(&draft("x")).unwrap();
    let path = "/merge_requests";
    gitlab.prepare(Prepared { method: "GET", path, status: 200, body: "[]".into(), ..Prepared::default() });
    let opened = forge.open(&draft("x")).unwrap();
    assert_eq!((opened.created, gitlab.count()), (false, 1));
}

#[test]
fn refusals_are_told_apart() {
    let (gitlab, forge) = start();
    assert!(matches!(forge.open(&draft("never-pushed")), Err(Error::NoBranch { .. })));
    gitlab.push("same", 0);
    assert!(matches!(forge.open(&draft("same")), Err(Error::NothingToMerge { .. })));
    assert_eq!(gitlab.count(), 0, "GitLab itself would have opened it");
    let error = connect(&gitlab.url(), None).find_open("x", "main").unwrap_err();
    assert!(matches!(error, Error::NoAccess { .. }) && error.exit() == Exit::Login, "{error}");
    let error = connect(&gitlab.url(), Some("old")).find_open("x", "main").unwrap_err();
    let expected = "refused the token from GITLAB_TOKEN (401): invalid_token; Token was revoked.";
    assert!(error.to_string().ends_with(expected), "{error}");
}

#[test]
fn reviews_and_the_pipeline() {
    let (gitlab, forge) = start();
    gitlab.push("x", 7);
    let pull_request = forge.open(&draft("x")).unwrap().pull_request;
    assert_eq!(forge.reviews(&pull_request).unwrap(), forge::Reviews::default());
    gitlab.approve(1, "bob");
    gitlab.request_changes(1, "eve");
    gitlab.pipeline(1, "running");
    let reviews = forge.reviews(&pull_request).unwrap();
    assert_eq!((reviews.approved_by, reviews.changes_requested_by), (vec!["bob".into()], vec!["eve".into()]));
    assert_eq!((reviews.checks_failed.len(), reviews.checks_pending), (0, vec!["pipeline".into()]));
    gitlab.pipeline(1, "failed");
    assert_eq!(forge.reviews(&pull_request).unwrap().checks_failed, ["pipeline"]);
}

#[test]
fn where_a_person_can_open_it() {
    let forge = connect("http://127.0.0.1:9", None);
    let expected = "https://gitlab.example/acme/platform/catalog/-/merge_requests/new\
                    ?merge_request%5Bsource_branch%5D=a%2Fb&merge_request%5Btarget_branch%5D=main";
    assert_eq!(forge.compare_url("a/b", "main").as_deref(), Some(expected));
}
