//! `platform edit`.

use crate::support::cli::Sandbox;
use crate::support::git;

const ORDERS: &str = "# The shop's own service.\napiVersion: backstage.io/v1alpha1\nkind: Component\nmetadata:\n  name: orders   # never rename\n  title: 'Orders'\n  annotations: {a.b/c: \"1\"}\nspec:\n    type: service\n    lifecycle: production\n    owner: shop-team # see #42\n---\napiVersion: backstage.io/v1alpha1\nkind: Component\nmetadata:\n  name: carts\nspec: {type: service, lifecycle: production, owner: shop-team, dependsOn: [component:orders]}\n";

const FILE: &str = "catalog/shop/orders.yaml";

fn repository() -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.platform(["init", ".", "--team", "shop-team"]).run().code(0);
    // what is in production here has one person to answer for it, and says nothing of its data
    for policy in ["approvers", "data-class"] {
        sandbox.git(".", &["rm", "-q", &format!("policies/{policy}.yaml")]);
    }
    sandbox.write(FILE, ORDERS);
    sandbox
}

/// Runs what has to be refused, and sees to it that nothing was written.
fn check_refused(sandbox: &Sandbox, code: i32, args: &[&str], snapshot: &str) {
    let before = sandbox.read(FILE);
    sandbox.platform(["edit"].iter().chain(args)).run().code(code).matches(snapshot);
    assert_eq!(sandbox.read(FILE), before, "{args:?}");
}

#[test]
fn flags_that_cannot_be_read_are_named_at_once() {
    let sandbox = repository();
    let args = ["orders", "--set", "spec.owner", "--set", "spec..x=1", "--set", "spec.x=[1", "--unset", ""];
    check_refused(&sandbox, 2, &args, "edit/flags-wrong");
    check_refused(&sandbox, 2, &["orders"], "edit/flags-missing");
}

#[test]
fn an_entity_that_is_not_there_is_told_with_the_right_one() {
    check_refused(&repository(), 1, &["ordres", "--set", "spec.type=x"], "edit/entity-unknown");
}

#[test]
fn what_would_be_wrong_is_not_written() {
    let sandbox = repository();
    check_refused(&sandbox, 1, &["orders", "--set", "spec.owner=group:shop-taem"], "edit/owner-unknown");
    check_refused(&sandbox, 1, &["orders", "--unset", "spec.lifecycle"], "edit/field-required");
    check_refused(&sandbox, 1, &["orders", "--set", "metadata.name=bills"], "edit/name-changed");
    check_refused(&sandbox, 1, &["orders", "--unset", "kind"], "edit/kind-removed");
    check_refused(&sandbox, 1, &["orders", "--unset", "metadata.titel"], "edit/field-unknown");
    check_refused(&sandbox, 1, &["orders", "--set", "spec.type.x=1"], "edit/no-mapping");
}

#[test]
fn what_others_see_through_an_alias_is_left_alone() {
    let sandbox = repository();
    let aliased =
        ORDERS.replace("annotations: {a.b/c: \"1\"}", "labels: &shared {a: b}\n  annotations: *shared");
    sandbox.write(FILE, &aliased);
    check_refused(&sandbox, 1, &["orders", "--set", "metadata.annotations.x=1"], "edit/alias");
    check_refused(&sandbox, 1, &["orders", "--set", "metadata.labels.x=y"], "edit/anchor");
}

#[test]
fn a_file_that_is_no_utf_8_is_left_alone() {
    let sandbox = repository();
    let bytes = [ORDERS.as_bytes(), b"# caf\xe9\n"].concat();
    std::fs::write(sandbox.path(FILE), &bytes).unwrap();
    sandbox.platform(["edit", "orders", "--set", "spec.type=x"]).run().code(1);
    assert_eq!(std::fs::read(sandbox.path(FILE)).unwrap(), bytes);
}

#[test]
fn only_the_fields_change() {
    let sandbox = repository();
    let edit = |more: &[&str]| {
        let changes = [
            "edit",
            "orders",
            "--set",
            "spec.lifecycle=experimental",
            "--unset",
            "metadata.title",
            "--set",
            "metadata.annotations.backstage.io/techdocs-ref=dir:.",
            "--set",
            "metadata.tags=[\"java\"]",
        ];
        sandbox.platform(changes.iter().chain(more)).run()
    };
    edit(&["--dry-run"]).code(0).matches("edit/dry-run");
    assert_eq!(sandbox.read(FILE), ORDERS, "a dry run writes nothing");
    edit(&[]).code(0).matches("edit/written");
    let expected = ORDERS
        .replacen("lifecycle: production", "lifecycle: experimental", 1)
        .replace("  title: 'Orders'\n", "")
        .replace(
            "{a.b/c: \"1\"}\n",
            "{a.b/c: \"1\", backstage.io/techdocs-ref: dir:.}\n  tags:\n    - java\n",
        );
    assert_eq!(sandbox.read(FILE), expected);
    sandbox
        .platform(["edit", "orders", "--set", "spec.lifecycle=experimental"])
        .run()
        .code(0)
        .matches("edit/again");
    sandbox.platform(["validate"]).run().code(0);
}

#[test]
fn errors_that_were_elsewhere_before_do_not_stop_a_change() {
    let sandbox = repository();
    sandbox.write("catalog/shop/other.yaml", &ORDERS.replace("name: orders", "name: Bad Name"));
    sandbox
        .platform(["edit", "component:orders", "--set", "spec.type=website", "-o", "json"])
        .run()
        .code(0)
        .matches("edit/json");
}

#[test]
fn a_request_is_opened_without_touching_the_work_tree() {
    let sandbox = Sandbox::new();
    git::bare(&sandbox.path("central.git"), sandbox.env(), &[("README.md", "central\n")]);
    sandbox.git(".", &["clone", "-q", "central.git", "work"]);

    sandbox.write("work/catalog/shop/orders.yaml", ORDERS);
    let edit = || {
        sandbox
            .platform(["edit", "orders", "--set", "spec.owner=group:other", "--submit"])
            .within("work")
            .run()
    };
    edit().code(1).matches("edit/submit-not-on-base");
    sandbox.git("work", &["add", "."]);
    sandbox.git("work", &["commit", "-qm", "Add orders"]);
    sandbox.git("work", &["push", "-q"]);
    edit().code(0).matches("edit/submit");
    edit().code(0).matches("edit/submit-again");
    let other = ["edit", "orders", "--set", "spec.type=website", "--submit"];
    sandbox.platform(other).within("work").run().code(1).matches("edit/submit-other");
    assert_eq!(sandbox.git("work", &["status", "--porcelain"]), "");
    let sent = sandbox
        .git("central.git", &["show", "platform/edit/component.default.orders:catalog/shop/orders.yaml"]);
    assert_eq!(sent, ORDERS.replacen("owner: shop-team #", "owner: group:other #", 1).trim_end());
}
