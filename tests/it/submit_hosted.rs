//! `platform submit` from end to end: a Git server whose `main` is protected, and a forge beside it.

use serde_json::Value;

use crate::support::cli::Sandbox;
use crate::support::git::{self, Daemon};
use crate::support::{gitea, github, gitlab};

const ENTITY: &str = "apiVersion: backstage.io/v1alpha1\nkind: Component\nmetadata:\n  name: orders\nspec:\n  \
                      type: service\n  lifecycle: production\n  owner: shop\n";
const BRANCH_FOLDER: &str = "platform/*";

/// A clone in `work` of the repository `path` on a Git server, with a new entity in it.
fn clone(path: &str) -> (Sandbox, Daemon) {
    let mut sandbox = Sandbox::new();
    let bare = format!("hub/{path}.git");
    git::bare(&sandbox.path(&bare), sandbox.env(), &[("README.md", "central\n")]);
    git::protect_main(&sandbox.path(&bare));
    let daemon = Daemon::start(&sandbox.path("hub"), sandbox.env());
    sandbox.placeholder(&daemon.port().to_string(), "PORT");
    sandbox.git("", &["clone", "-q", &daemon.url(&format!("{path}.git")), "work"]);
    sandbox.write("work/catalog/shop/orders.yaml", ENTITY);
    (sandbox, daemon)
}

fn on(sandbox: &mut Sandbox, forge: &str, url: &str, token: &str) {
    sandbox.set("PLATFORM_FORGE", forge);
    sandbox.set("PLATFORM_FORGE_URL", url);
    sandbox.set("PLATFORM_FORGE_TOKEN", token);
}

fn submit(sandbox: &Sandbox) -> Value {
    let run = sandbox.platform(["submit", "--output=json"]).within("work").run();
    run.code(0);
    assert!(!run.stdout.contains("fixture") && !run.stderr.contains("fixture"), "a token is shown: {run}");
    run.json()
}

/// Sends, sends again, changes and sends: one branch, one pull request.
fn three_times(sandbox: &Sandbox, bare: &str, count: impl Fn() -> usize) {
    let branches = || sandbox.git(bare, &["for-each-ref", "--format=%(objectname)", "refs/heads/platform"]);
    submit(sandbox);
    let first = branches();
    assert_eq!((first.lines().count(), count()), (1, 1));
    submit(sandbox);
    assert_eq!((branches(), count()), (first.clone(), 1), "twice changes nothing");
    sandbox.write("work/catalog/shop/orders.yaml", &ENTITY.replace("production", "experimental"));
    submit(sandbox);
    let second = branches();
    assert!(second != first && second.lines().count() == 1 && count() == 1, "{second}");
    let parent = sandbox.git(bare, &["rev-parse", &format!("{second}~1")]);
    assert_eq!(parent, first, "a further commit, nothing is rewritten");
    assert_eq!(sandbox.git(bare, &["branch", "--list", BRANCH_FOLDER]).lines().count(), 1);
}

#[test]
fn to_github() {
    let (mut sandbox, _daemon) = clone("acme/catalog");
    let forge = github::start("acme/catalog");
    forge.follow(&sandbox.path("hub/acme/catalog.git"));
    on(&mut sandbox, "github", &forge.url(), github::TOKEN);
    three_times(&sandbox, "hub/acme/catalog.git", || forge.count());
}

#[test]
fn to_gitlab() {
    let (mut sandbox, _daemon) = clone("acme/platform/catalog");
    let forge = gitlab::start();
    forge.follow(&sandbox.path("hub/acme/platform/catalog.git"));
    on(&mut sandbox, "gitlab", &forge.url(), gitlab::TOKEN);
    three_times(&sandbox, "hub/acme/platform/catalog.git", || forge.count());
}

#[test]
fn to_forgejo() {
    let (mut sandbox, _daemon) = clone("acme/catalog");
    let forge = gitea::start();
    forge.follow(&sandbox.path("hub/acme/catalog.git"));
    on(&mut sandbox, "forgejo", &forge.url(), gitea::TOKEN);
    three_times(&sandbox, "hub/acme/catalog.git", || forge.count());
}

#[test]
fn a_refused_token_names_its_source_and_nothing_is_lost() {
    let (mut sandbox, _daemon) = clone("acme/catalog");
    let forge = github::start("acme/catalog");
    forge.follow(&sandbox.path("hub/acme/catalog.git"));
    on(&mut sandbox, "github", &forge.url(), "ghp_fixture-expired");
    let refused = sandbox.platform(["submit"]).within("work").run();
    refused.code(4);
    assert!(refused.stderr.contains("PLATFORM_FORGE_TOKEN") && !refused.stderr.contains("ghp_"), "{refused}");
    // the next run goes on where it stopped
    on(&mut sandbox, "github", &forge.url(), github::TOKEN);
    submit(&sandbox);
    assert_eq!(forge.count(), 1);
}

#[test]
fn a_forge_that_is_down_is_unreachable() {
    let (mut sandbox, _daemon) = clone("acme/catalog");
    let dead = crate::support::server::dead_port();
    on(&mut sandbox, "github", &format!("http://127.0.0.1:{dead}"), github::TOKEN);
    let run = sandbox.platform(["submit"]).within("work").run();
    run.code(5);
    assert!(run.stderr.contains(&format!("127.0.0.1:{dead}")), "{run}");
}

#[test]
fn what_the_servers_hook_says_is_heard() {
    let (mut sandbox, _daemon) = clone("acme/catalog");
    let forge = github::start("acme/catalog");
    forge.follow(&sandbox.path("hub/acme/catalog.git"));
    git::hook(
        &sandbox.path("hub/acme/catalog.git"),
        "pre-receive",
        "#!/bin/sh\necho 'no requests on Fridays' >&2\nexit 1\n",
    );
    on(&mut sandbox, "github", &forge.url(), github::TOKEN);
    let run = sandbox.platform(["submit"]).within("work").run();
    run.code(1);
    assert!(run.stderr.contains("no requests on Fridays"), "{run}");
    assert_eq!(forge.count(), 0);
}

/// The branches that requests have on the server, one line each.
fn request_branches(sandbox: &Sandbox) -> String {
    sandbox.git("hub/acme/catalog.git", &["for-each-ref", "--format=%(objectname)", "refs/heads/platform"])
}

#[test]
fn killed_between_push_and_pull_request_the_next_run_finishes() {
    for hook in ["pre-receive", "post-receive"] {
        let (mut sandbox, _daemon) = clone("acme/catalog");
        let forge = github::start("acme/catalog");
        forge.follow(&sandbox.path("hub/acme/catalog.git"));
        on(&mut sandbox, "github", &forge.url(), github::TOKEN);
        let victim = sandbox.path("victim");
        let script = format!(
            "[ -e '{0}.done' ] && exit 0\nuntil [ -s '{0}' ]; do :; done\n: >'{0}.done'\nkill -9 \"$(cat '{0}')\"",
            victim.display()
        );
        git::hook(&sandbox.path("hub/acme/catalog.git"), hook, &script);

        let mut child = sandbox.platform(["submit"]).within("work").start();
        // one write, so that the hook sees the whole number or nothing
        std::fs::write(victim.with_extension("new"), child.id().to_string()).unwrap();
        std::fs::rename(victim.with_extension("new"), &victim).unwrap();
        let ended = child.wait().unwrap();
        assert_eq!(
            (ended.code(), forge.count()),
            (None, 0),
            "{hook}: killed before there was a pull request"
        );

        submit(&sandbox);
        assert_eq!((request_branches(&sandbox).lines().count(), forge.count()), (1, 1), "{hook}");
    }
}

#[test]
fn two_submits_at_once_make_one_pull_request() {
    let (mut sandbox, _daemon) = clone("acme/catalog");
    let forge = github::start("acme/catalog");
    forge.follow(&sandbox.path("hub/acme/catalog.git"));
    on(&mut sandbox, "github", &forge.url(), github::TOKEN);
    // both pushes have to arrive before either may land
    let meeting = sandbox.path("meeting");
    std::fs::create_dir(&meeting).unwrap();
    let script = format!(
        ": >'{0}'/$$\nuntil [ \"$(ls '{0}' | wc -l)\" -ge 2 ]; do sleep 0.05; done",
        meeting.display()
    );
    git::hook(&sandbox.path("hub/acme/catalog.git"), "pre-receive", &script);

    let submits: Vec<_> = (0..2).map(|_| sandbox.platform(["submit"]).within("work").start()).collect();
    for child in submits {
        let ended = child.wait_with_output().unwrap();
        assert!(ended.status.success(), "{}", String::from_utf8_lossy(&ended.stderr));
    }
    submit(&sandbox);
    assert_eq!((request_branches(&sandbox).lines().count(), forge.count()), (1, 1));
}
