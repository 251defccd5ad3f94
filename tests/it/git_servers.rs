//! The Git servers of the tests do what the real ones do, told by the `git` program.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;

use crate::support::cli::Sandbox;
use crate::support::git::{self, Daemon, HttpRemote, USER};

fn try_git(directory: &Path, env: &BTreeMap<String, String>, args: &[&str]) -> (bool, String) {
    let output =
        Command::new("git").args(args).env_clear().envs(env).current_dir(directory).output().unwrap();
    (output.status.success(), String::from_utf8_lossy(&output.stderr).into_owned())
}

/// Clones from `url`, commits on a branch and pushes that and `main`.
fn push_and_be_refused(sandbox: &Sandbox, url: &str) {
    sandbox.git("", &["clone", "--quiet", "--depth=1", url, "clone"]);
    assert_eq!(sandbox.read("clone/catalog/org.yaml"), "kind: Group\n");
    sandbox.write("clone/new.yaml", "kind: System\n");
    sandbox.git("clone", &["add", "--all"]);
    sandbox.git("clone", &["commit", "--quiet", "--message=Add"]);
    sandbox.git("clone", &["push", "--quiet", "origin", "HEAD:refs/heads/platform/new/x"]);
    let tip = sandbox.git("clone", &["rev-parse", "HEAD"]);
    assert_eq!(sandbox.git("hub.git", &["rev-parse", "platform/new/x"]), tip);
    let (pushed, said) = try_git(&sandbox.path("clone"), sandbox.env(), &["push", "origin", "HEAD:main"]);
    assert!(!pushed && said.contains("main is protected: open a pull request"), "{said}");
    // a lease that does not hold
    let (pushed, said) = try_git(
        &sandbox.path("clone"),
        sandbox.env(),
        &["push", "--force-with-lease=platform/new/x:", "origin", "HEAD~0:refs/heads/platform/new/x"],
    );
    assert!(pushed || said.contains("stale info"), "{said}");
}

fn hub() -> Sandbox {
    let sandbox = Sandbox::new();
    git::bare(&sandbox.path("hub.git"), sandbox.env(), &[("catalog/org.yaml", "kind: Group\n")]);
    git::protect_main(&sandbox.path("hub.git"));
    sandbox
}

#[test]
fn git_daemon() {
    let sandbox = hub();
    let daemon = Daemon::start(&sandbox.path(""), sandbox.env());
    push_and_be_refused(&sandbox, &daemon.url("hub.git"));
    let url = daemon.url("hub.git");
    drop(daemon);
    let (reached, _) = try_git(&sandbox.path(""), sandbox.env(), &["ls-remote", &url]);
    assert!(!reached, "it has ended");
}

#[test]
fn git_over_http_with_a_password() {
    let sandbox = hub();
    let remote = HttpRemote::start(&sandbox.path(""), sandbox.env(), "pass word");
    let (reached, said) = try_git(&sandbox.path(""), sandbox.env(), &["ls-remote", &remote.url("hub.git")]);
    assert!(!reached && said.contains("could not read Username"), "{said}");
    let url = remote.url("hub.git").replace("//", &format!("//{USER}:pass%20word@"));
    push_and_be_refused(&sandbox, &url);
}
