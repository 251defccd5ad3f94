//! The rule `stale-rendered` of `platform validate`.

use crate::support::cli::{Run, Sandbox};

const RESOURCE: &str = "apiVersion: backstage.io/v1alpha1\nkind: Resource\nmetadata:\n  name: NAME\nspec:\n  type: dns-record\n  owner: shop-team\n  parameters:\n    hostnames: [NAME.example.com]\n    namespace: orders\n    backend: {service: orders}\n";
const FILE: &str = "rendered/main/default/resource-orders.yaml";

/// A central repository with one entity that becomes objects, rendered and committed.
fn repository() -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox
        .platform(["init", ".", "--team", "shop-team", "--user-id", "11111111-2222-3333-4444-555555555555"])
        .run()
        .code(0);
    sandbox.write("catalog/shop/orders.yaml", &RESOURCE.replace("NAME", "orders"));
    sandbox.platform(["render", "--write"]).run().code(0);
    sandbox.git(".", &["add", "--all"]);
    sandbox.git(".", &["commit", "-q", "-m", "Begin"]);
    sandbox
}

fn validate(sandbox: &Sandbox) -> Run {
    sandbox.platform(["validate", "-o", "concise"]).run()
}

#[track_caller]
fn check(sandbox: &Sandbox, expected: &[&str]) {
    let run = validate(sandbox);
    let found: Vec<&str> = run.stdout.lines().collect();
    assert_eq!(found, expected, "{run}");
}

#[test]
fn what_is_not_what_its_entity_becomes_is_found() {
    let sandbox = repository();
    check(&sandbox, &[]);
    let text = sandbox.read("catalog/shop/orders.yaml").replace("service: orders", "service: shop");
    sandbox.write("catalog/shop/orders.yaml", &text);
    sandbox.write("catalog/shop/more.yaml", &RESOURCE.replace("NAME", "more"));
    sandbox.platform(["validate"]).run().code(0).matches("validate/stale-rendered");
    sandbox.platform(["render", "--write"]).run().code(0);
    check(&sandbox, &[]);
    std::fs::remove_file(sandbox.path("catalog/shop/orders.yaml")).unwrap();
    let left = "rendered/main/default/resource-orders.yaml:1:1: warning[stale-rendered] `rendered/main/default/resource-orders.yaml` is left over: no entity becomes it";
    check(&sandbox, &[left]);
}

#[test]
fn only_what_this_tool_made_and_only_where_it_is_kept_counts() {
    let sandbox = repository();
    sandbox.write("rendered/main/own.yaml", "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: own}\n");
    check(&sandbox, &[]);
    std::fs::remove_dir_all(sandbox.path("rendered")).unwrap();
    check(&sandbox, &[]);
    let settings = sandbox.read("platform.yaml");
    sandbox.write("platform.yaml", &settings.replace("rules: {}", "rules: {stale-rendered: error}"));
    let missing = "catalog/shop/orders.yaml:4:9: error[stale-rendered] `rendered/main/default/resource-orders.yaml` is missing: `resource:orders` becomes objects";
    check(&sandbox, &[missing]);
    validate(&sandbox).code(1);
    sandbox.write("platform.yaml", &settings.replace("rules: {}", "rules: {stale-rendered: \"off\"}"));
    sandbox.write(FILE, "apiVersion: v1\n");
    check(&sandbox, &[]);
}

#[test]
fn an_entity_that_cannot_be_rendered_keeps_its_file() {
    let sandbox = repository();
    let text = sandbox.read("catalog/shop/orders.yaml").replace("[orders.example.com]", "[Orders_1]");
    sandbox.write("catalog/shop/orders.yaml", &text);
    let run = validate(&sandbox);
    run.code(1);
    assert!(run.stdout.contains("cannot-render") && !run.stdout.contains("stale-rendered"), "{run}");
}

#[test]
fn a_change_answers_for_what_it_makes_stale() {
    let sandbox = repository();
    let changed = || sandbox.platform(["validate", "--changed", "HEAD", "-o", "concise"]).run();
    assert_eq!(changed().code(0).stdout, "");
    let rendered = sandbox.read(FILE);
    sandbox.write(FILE, &rendered.replace("orders.example.com", "other.example.com"));
    assert!(changed().code(0).stdout.contains("stale-rendered"), "{}", changed());
    // what was stale before is not the change's
    sandbox.git(".", &["commit", "-q", "-a", "-m", "Edit what is made"]);
    sandbox.write("notes.md", "x");
    assert_eq!(changed().code(0).stdout, "");
    let waiver = "  name: orders # platform: allow stale-rendered until 2027-01-01 on its way";
    let text = sandbox.read("catalog/shop/orders.yaml").replacen("  name: orders", waiver, 1);
    sandbox.write("catalog/shop/orders.yaml", &text);
    check(&sandbox, &[]);
}
