//! `platform submit` and `platform pr`, against the local forge and servers of Git's own.

use crate::support::cli::Sandbox;
use crate::support::git;

const ORDERS: &str = "apiVersion: backstage.io/v1alpha1\nkind: Component\nmetadata:\n  name: orders\nspec:\n  type: service\n  lifecycle: production\n  owner: shop\n";

/// A bare remote and a clone of it in `work`.
fn clone() -> Sandbox {
    let sandbox = Sandbox::new();
    git::bare(&sandbox.path("central.git"), sandbox.env(), &[("README.md", "central\n")]);
    sandbox.git(".", &["clone", "-q", "central.git", "work"]);
    sandbox
}

#[test]
fn from_a_new_file_to_a_merged_request() {
    let sandbox = clone();
    sandbox.write("work/catalog/shop/orders.yaml", ORDERS);
    sandbox.write("work/notes.txt", "mine\n");
    let before = sandbox.git("work", &["status", "--porcelain", "--branch"]);
    let platform = |args: &[&str]| sandbox.platform(args.iter().copied()).within("work").run();

    platform(&["submit", "--dry-run"]).code(0).matches("submit/dry-run");
    assert_eq!(
        sandbox.git("central.git", &["branch", "--list", "platform/*"]),
        "",
        "a dry run pushes nothing"
    );
    platform(&["submit"]).code(0).matches("submit/first");
    platform(&["submit"]).code(0).matches("submit/again");
    sandbox.write("work/catalog/shop/orders.yaml", &ORDERS.replace("production", "experimental"));
    platform(&["submit"]).code(0).matches("submit/changed");
    assert_eq!(
        sandbox.git("work", &["status", "--porcelain", "--branch"]),
        before,
        "work tree and index stay as they are"
    );

    platform(&["pr", "merge", "1"]).code(0).matches("submit/merged");
    platform(&["submit"]).code(0).matches("submit/nothing-left");
    platform(&["pr", "merge", "1"]).code(2);
    platform(&["pr", "show", "7"]).code(1);
    let log = sandbox.git("central.git", &["log", "--format=%s%n%b", "main"]);
    assert!(log.contains("Platform-Entity: create component:default/orders"), "{log}");
}

#[test]
fn files_with_errors_are_not_sent() {
    let sandbox = clone();
    sandbox.write("work/catalog/shop/orders.yaml", &ORDERS.replace("name: orders", "name: Bad Name"));
    sandbox.platform(["submit"]).within("work").run().code(1).matches("submit/errors");
    assert_eq!(sandbox.git("central.git", &["branch", "--list", "platform/*"]), "");
}

#[test]
fn a_branch_with_the_work_of_others_is_left_alone() {
    let sandbox = clone();
    sandbox.write("work/catalog/shop/orders.yaml", ORDERS);
    sandbox.platform(["submit"]).within("work").run().code(0);
    sandbox.git(".", &["clone", "-q", "-b", "platform/new/component.default.orders", "central.git", "other"]);
    sandbox.write("other/catalog/shop/orders.yaml", "mine: now\n");
    sandbox.git("other", &["commit", "-qam", "Repair by hand"]);
    sandbox.git("other", &["push", "-q"]);
    sandbox.write("work/catalog/shop/orders.yaml", &ORDERS.replace("production", "experimental"));
    let run = sandbox.platform(["submit"]).within("work").run();
    run.code(1);
    assert!(run.stderr.contains("Repair by hand"), "{run}");
    let file = sandbox
        .git("central.git", &["show", "platform/new/component.default.orders:catalog/shop/orders.yaml"]);
    assert_eq!(file, "mine: now");
}

#[test]
fn a_file_that_changed_on_the_base_branch_is_a_conflict() {
    let sandbox = clone();
    sandbox.write("work/catalog/shop/orders.yaml", ORDERS);
    sandbox.git("work", &["add", "."]);
    sandbox.git("work", &["commit", "-qm", "Add orders"]);
    sandbox.git("work", &["push", "-q"]);
    sandbox.git(".", &["clone", "-q", "central.git", "other"]);
    sandbox.write("other/catalog/shop/orders.yaml", &ORDERS.replace("owner: shop", "owner: others"));
    sandbox.git("other", &["commit", "-qam", "Take orders over"]);
    sandbox.git("other", &["push", "-q"]);
    sandbox.write("work/catalog/shop/orders.yaml", &ORDERS.replace("production", "experimental"));
    let run = sandbox.platform(["submit"]).within("work").run();
    run.code(1);
    assert!(run.stderr.contains("Take orders over") && run.stderr.contains("git pull --rebase"), "{run}");
}

#[test]
fn a_remote_that_is_not_there_is_unreachable() {
    let sandbox = clone();
    sandbox.write("work/catalog/shop/orders.yaml", ORDERS);
    sandbox.git("work", &["remote", "set-url", "origin", "http://127.0.0.1:9/acme/central.git"]);
    let run = sandbox.platform(["submit"]).within("work").run();
    run.code(5);
    assert!(run.stderr.contains("unreachable"), "{run}");
}

#[test]
fn without_a_name_git_asks_for_it() {
    let sandbox = clone();
    sandbox.write("work/catalog/shop/orders.yaml", ORDERS);
    let run = sandbox.platform(["submit"]).within("work");
    let run =
        run.without_env("GIT_AUTHOR_NAME").without_env("GIT_AUTHOR_EMAIL").env("HOME", "/nonexistent").run();
    run.code(2);
    assert!(run.stderr.contains("git config --global user.name"), "{run}");
}

#[test]
fn only_a_remote_of_the_clone_is_talked_to() {
    let sandbox = clone();
    sandbox.write("work/catalog/shop/orders.yaml", ORDERS);
    sandbox.write("work/platform.yaml", "git:\n  remote: ../central.git\n");
    sandbox.platform(["submit"]).within("work").run().code(2).matches("submit/remote-unknown");
    assert_eq!(sandbox.git("central.git", &["branch", "--list", "platform/*"]), "");
}

#[test]
fn the_request_says_what_it_changes() {
    let sandbox = clone();
    let group = "apiVersion: backstage.io/v1alpha1\nkind: Group\nmetadata: {name: shop}\nspec: {type: team, children: [], members: [ada]}\n";
    let user = "---\napiVersion: backstage.io/v1alpha1\nkind: User\nmetadata: {name: ada, annotations: {graph.microsoft.com/user-id: '00000000-0000-0000-0000-00000000000a'}}\nspec: {memberOf: []}\n";
    let namespace = "---\napiVersion: backstage.io/v1alpha1\nkind: Resource\nmetadata: {name: orders-ns}\nspec: {type: kubernetes-namespace, owner: shop}\n";
    sandbox.write("work/platform.yaml", "{}\n");
    sandbox.write("work/catalog/shop.yaml", &format!("{group}{user}"));
    sandbox.git("work", &["add", "--all"]);
    sandbox.git("work", &["commit", "-q", "-m", "Begin"]);
    sandbox.git("work", &["push", "-q", "origin", "main"]);
    let body = || {
        let record = sandbox.git("central.git", &["cat-file", "blob", "refs/platform/pulls/1"]);
        serde_json::from_str::<serde_json::Value>(&record).unwrap()["body"].as_str().unwrap().to_owned()
    };
    let submit = || sandbox.platform(["submit"]).within("work").run();

    sandbox.write("work/catalog/orders.yaml", namespace);
    sandbox.write("work/notes.txt", "not of the request\n");
    submit().code(0);
    let text = body();
    assert!(
        text.contains("### What this changes\n\nEntities: **1 to create**. Objects: **1 to create**."),
        "{text}"
    );
    assert!(text.contains("| `user:ada` | gains `edit` | `namespace orders-ns` | `group:shop` |"), "{text}");
    assert!(text.contains("<!-- platform-content-digest:") && !text.contains("notes.txt"), "{text}");
    submit().code(0);
    assert_eq!(body(), text, "the same request has the same text");

    sandbox.platform(["pr", "merge", "1"]).within("work").run().code(0);
    sandbox.git("work", &["fetch", "-q"]);
    sandbox.git("work", &["reset", "-q", "--hard", "origin/main"]);
    std::fs::remove_file(sandbox.path("work/catalog/orders.yaml")).unwrap();
    let run = sandbox.platform(["submit"]).within("work").run();
    assert!(
        run.code(0).stderr.contains("high risks: 1, refused by the guard: 0; see platform diff"),
        "{run}"
    );
}
