//! `platform diff`: scripted changes whose plans are known.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;

use serde_json::Value;

use crate::support::cli::{Run, Sandbox};

const NAMESPACE: &str = "catalog/shop/namespace.yaml";
const DNS: &str = "catalog/shop/dns.yaml";
const GROUPS: &str = "catalog/people/groups.yaml";
const USERS: &str = "catalog/people/users.yaml";

/// A central repository whose remote has what is in the work tree.
pub(super) fn repository() -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.copy_fixture("diff/base", "");
    sandbox.git(".", &["init", "-q", "-b", "main"]);
    commit(&sandbox, "Begin");
    sandbox.git(".", &["update-ref", "refs/remotes/origin/main", "HEAD"]);
    sandbox
}

fn commit(sandbox: &Sandbox, message: &str) {
    sandbox.git(".", &["add", "--all"]);
    sandbox.git(".", &["commit", "-q", "--allow-empty", "-m", message]);
}

pub(super) fn edit(sandbox: &Sandbox, path: &str, from: &str, to: &str) {
    let text = sandbox.read(path);
    assert!(text.contains(from), "{path}: {text}");
    sandbox.write(path, &text.replacen(from, to, 1));
}

fn remove(sandbox: &Sandbox, path: &str) {
    fs::remove_file(sandbox.path(path)).unwrap();
}

fn diff(sandbox: &Sandbox, arguments: &[&str]) -> Run {
    sandbox.platform(["diff"].iter().chain(arguments)).env("COLUMNS", "80").run()
}

fn report(sandbox: &Sandbox) -> Value {
    diff(sandbox, &["-o", "json"]).code(3).json()
}

/// What of a list is told, each as `action name`.
fn told<'a>(list: &'a Value, name: &str) -> Vec<String> {
    let text = |value: &'a Value, key: &str| value[key].as_str().unwrap_or("").to_owned();
    list.as_array().unwrap().iter().map(|it| format!("{} {}", text(it, "action"), text(it, name))).collect()
}

fn ids(report: &Value) -> Vec<&str> {
    report["risks"].as_array().unwrap().iter().map(|risk| risk["id"].as_str().unwrap()).collect()
}

#[test]
fn nothing_changed_is_no_difference() {
    let sandbox = repository();
    diff(&sandbox, &[]).code(0).matches("diff/nothing");
    fs::create_dir(sandbox.path("catalog/moved")).unwrap();
    fs::rename(sandbox.path(DNS), sandbox.path("catalog/moved/record.yaml")).unwrap();
    diff(&sandbox, &[]).code(0).matches("diff/nothing");
    edit(&sandbox, NAMESPACE, "apiVersion", "# a comment says nothing\napiVersion");
    diff(&sandbox, &[]).code(0).matches("diff/nothing");
    sandbox.write("docs/read.md", "more\n");
    diff(&sandbox, &[]).code(0).matches("diff/other-file");
}

#[test]
fn a_new_service_makes_its_objects_and_gives_access() {
    let sandbox = repository();
    sandbox.write("catalog/pay/pay.yaml", "apiVersion: backstage.io/v1alpha1\nkind: Component\nmetadata: {name: pay}\nspec: {type: service, lifecycle: experimental, owner: pay, dependsOn: [resource:pay-ns]}\n---\napiVersion: backstage.io/v1alpha1\nkind: Resource\nmetadata: {name: pay-ns}\nspec: {type: kubernetes-namespace, owner: pay}\n");
    diff(&sandbox, &[]).code(3).matches("diff/create-service");
    let report = report(&sandbox);
    assert_eq!(
        told(&report["entities"], "ref"),
        ["create component:default/pay", "create resource:default/pay-ns"]
    );
    assert_eq!(told(&report["objects"], "kind"), ["create PlatformNamespace"]);
    assert_eq!(report["access"]["grants"][0]["user"], "user:default/eve");
    assert_eq!(report["access"]["grants"][0]["after"], "edit");
    assert_eq!(report["access"]["grants"][0]["before"], Value::Null);
    assert_eq!(ids(&report), [""; 0]);
}

#[test]
fn a_new_member_gets_into_the_group_and_the_namespace() {
    let sandbox = repository();
    edit(&sandbox, USERS, "memberOf: [pay]", "memberOf: [pay, shop]");
    diff(&sandbox, &[]).code(3).matches("diff/add-member");
    diff(&sandbox, &["-o", "markdown"]).code(3).matches("diff/add-member-markdown");
    diff(&sandbox, &["-o", "json"]).code(3).matches("diff/add-member-json");
}

#[test]
fn a_group_below_another_brings_its_members() {
    let sandbox = repository();
    edit(
        &sandbox,
        GROUPS,
        "spec: {type: team, children: []}\n",
        "spec: {type: team, children: [], parent: shop}\n",
    );
    let report = report(&sandbox);
    assert_eq!(told(&report["entities"], "ref"), ["change group:default/pay"]);
    let grant = &report["access"]["grants"][0];
    assert_eq!((&grant["user"], &grant["after"]), (&"user:default/eve".into(), &"admin".into()));
    assert_eq!(grant["through"], serde_json::json!(["group:default/shop", "group:default/pay"]));
    assert_eq!(told(&report["objects"], "kind"), ["change PlatformNamespace"]);
    let mut touched = report["touched"].as_array().unwrap().iter();
    let namespace = touched.find(|it| it["ref"] == "resource:default/orders-ns").unwrap();
    assert_eq!(namespace["because"], serde_json::json!(["group:default/pay"]));
}

#[test]
fn the_last_of_a_nested_group_takes_the_access_along() {
    let sandbox = repository();
    edit(&sandbox, GROUPS, "children: [shop-core]", "children: []");
    diff(&sandbox, &[]).code(1).matches("diff/group-detached");
}

#[test]
fn a_rename_is_seen_and_what_it_costs() {
    let sandbox = repository();
    edit(&sandbox, NAMESPACE, "name: orders-ns", "name: shop-ns");
    diff(&sandbox, &[]).code(3).matches("diff/rename");
    let report = report(&sandbox);
    assert_eq!(told(&report["entities"], "ref"), ["rename resource:default/shop-ns"]);
    assert_eq!(report["entities"][0]["refBefore"], "resource:default/orders-ns");
    assert_eq!(ids(&report), ["data-loss", "stranded-objects", "dangling-reference"]);
}

#[test]
fn a_namespace_that_goes_is_dangerous_and_can_be_guarded() {
    let sandbox = repository();
    remove(&sandbox, NAMESPACE);
    diff(&sandbox, &[]).code(3).matches("diff/delete-namespace");
    diff(&sandbox, &["--fail-on", "destroy"]).code(1).matches("diff/delete-namespace-guarded");
    diff(&sandbox, &["--fail-on", "risk", "-o", "json"]).code(1);
    diff(&sandbox, &["--fail-on", "nothing"]).code(3);
    sandbox.write("platform.yaml", "diff: {failOn: [destroy]}\n");
    diff(&sandbox, &["-o", "json"]).code(1);
    commit(&sandbox, "Guard");
    sandbox.git(".", &["update-ref", "refs/remotes/origin/main", "HEAD"]);
    sandbox.git(".", &["rm", "-q", "--cached", "platform.yaml"]);
    sandbox.write("platform.yaml", "{}\n");
    let run = diff(&sandbox, &["HEAD~1", "-o", "json"]);
    run.code(3);
    sandbox.write(NAMESPACE, "");
    assert_eq!(diff(&sandbox, &["-o", "json"]).code, Some(0), "it is gone on both sides");
}

#[test]
fn what_guards_the_base_cannot_be_switched_off_in_the_same_change() {
    let sandbox = repository();
    sandbox.write("platform.yaml", "diff: {failOn: [destroy]}\n");
    commit(&sandbox, "Guard");
    sandbox.git(".", &["update-ref", "refs/remotes/origin/main", "HEAD"]);
    sandbox.write("platform.yaml", "diff: {failOn: []}\n");
    remove(&sandbox, NAMESPACE);
    diff(&sandbox, &["-o", "json"]).code(1);
    sandbox.write("platform.yaml", "diff: {failOn: [everything]}\n");
    diff(&sandbox, &[]).code(2).matches("diff/fail-on-unknown");
}

#[test]
fn an_annotation_in_the_base_lets_an_entity_go() {
    let allowed = |annotation: &str| {
        let sandbox = repository();
        let to = format!("name: orders-ns\n  annotations: {{platform.internal/allow-destroy: {annotation}}}");
        edit(&sandbox, NAMESPACE, "name: orders-ns", &to);
        commit(&sandbox, "Allow");
        remove(&sandbox, NAMESPACE);
        assert_eq!(diff(&sandbox, &["--fail-on", "destroy"]).code, Some(1), "not in the base yet");
        sandbox.git(".", &["update-ref", "refs/remotes/origin/main", "HEAD"]);
        diff(&sandbox, &["--fail-on", "destroy"])
    };
    allowed("until 2026-12-01 it moved").code(3);
    let late = allowed("until 2026-11-21");
    assert!(late.code(1).stdout.contains("(its annotation allowed it until"), "{late}");
}

#[test]
fn a_host_that_moves_is_told_with_its_certificate() {
    let sandbox = repository();
    edit(&sandbox, DNS, "[orders.example.com, api.example.com]", "[orders.example.com]");
    let other = sandbox
        .read(DNS)
        .replace("orders-dns", "api-dns")
        .replace("[orders.example.com]", "[api.example.com]");
    sandbox.write("catalog/shop/api.yaml", &other);
    diff(&sandbox, &[]).code(3).matches("diff/host-moved");
    assert_eq!(ids(&report(&sandbox)), ["certificate-gap", "hostname-moved"]);
}

#[test]
fn a_record_that_changes_its_namespace_is_interrupted() {
    let sandbox = repository();
    edit(&sandbox, DNS, "namespace: orders-ns", "namespace: shop-ns");
    let report = report(&sandbox);
    assert_eq!(ids(&report), ["certificate-gap", "namespace-move"]);
    assert_eq!(report["summary"]["objects"]["destroy"], 3);
}

#[test]
fn a_type_that_changes_touches_all_its_entities() {
    let sandbox = repository();
    sandbox.write("types/dns-record/type.yaml", "apiVersion: platform.internal/v1alpha1\nkind: ResourceType\nmetadata: {name: dns-record}\nspec:\n  route: manifests\n  parameters: {type: object}\n  settings: {type: object}\n  objects:\n    - id: record\n      manifest:\n        apiVersion: externaldns.k8s.io/v1alpha1\n        kind: DNSEndpoint\n        metadata: {name: '${{ entity.metadata.name }}', namespace: '${{ parameters.namespace }}'}\n        spec:\n          endpoints:\n            - {dnsName: 'orders.example.com', recordType: A, recordTTL: 60, targets: [192.0.2.1]}\n");
    diff(&sandbox, &[]).code(3).matches("diff/type-edited");
    let report = report(&sandbox);
    assert_eq!(told(&report["types"], "name"), ["change dns-record"]);
    assert_eq!(told(&report["entities"], "ref"), [""; 0]);
}

#[test]
fn settings_of_a_type_count_as_the_type() {
    let sandbox = repository();
    sandbox.write("platform.yaml", "types:\n  dns-record:\n    issuer: other\n");
    let report = report(&sandbox);
    assert_eq!(told(&report["objects"], "kind"), ["change Certificate"]);
    assert_eq!(report["objects"][0]["fields"][0]["path"], "spec.issuerRef.name");
    assert_eq!(ids(&report), ["certificate-gap"]);
}

#[test]
fn owner_lifecycle_and_production_are_told() {
    let sandbox = repository();
    edit(
        &sandbox,
        "catalog/shop/shop.yaml",
        "lifecycle: production\n  owner: shop",
        "lifecycle: deprecated\n  owner: pay",
    );
    assert_eq!(ids(&report(&sandbox)), ["lifecycle-lowered", "owner-change"]);
    edit(&sandbox, "catalog/shop/shop.yaml", "deprecated", "production");
    commit(&sandbox, "Change hands");
    remove(&sandbox, "catalog/shop/shop.yaml");
    let run = diff(&sandbox, &["HEAD", "-o", "json"]);
    assert!(ids(&run.code(3).json()).contains(&"production-destroyed"), "{run}");
}

#[test]
fn two_commits_are_compared_without_the_work_tree() {
    let sandbox = repository();
    edit(&sandbox, NAMESPACE, "admin", "view");
    commit(&sandbox, "Less access");
    sandbox.git(".", &["tag", "less"]);
    sandbox.git(".", &["reset", "-q", "--hard", "HEAD~1"]);
    sandbox.write(DNS, "");
    sandbox.write("catalog/shop/untracked.yaml", "kind: nonsense\n");
    let run = diff(&sandbox, &["--head", "less"]);
    run.code(3).matches("diff/two-commits");
    diff(&sandbox, &["less", "--head", "less"]).code(0);
    let back = diff(&sandbox, &["less", "--head", "main", "-o", "json"]).code(3).json();
    assert_eq!(back["access"]["grants"][0]["before"], "view");
    diff(&sandbox, &["no-such"]).code(2).matches("diff/base-unknown");
}

#[test]
fn the_text_fits_a_narrow_terminal() {
    let sandbox = repository();
    remove(&sandbox, NAMESPACE);
    let run = sandbox.platform(["diff"]).env("COLUMNS", "40").run();
    run.code(3).matches("diff/narrow");
}

#[test]
fn what_cannot_be_rendered_is_a_finding_and_not_a_plan() {
    let sandbox = repository();
    edit(&sandbox, DNS, "orders.example.com", "Not_A_Name");
    diff(&sandbox, &[]).code(1).matches("diff/not-rendered");
    commit(&sandbox, "Break");
    edit(&sandbox, DNS, "Not_A_Name", "orders.example.com");
    let run = diff(&sandbox, &["HEAD"]);
    assert!(run.code(3).stdout.contains("resource:orders-dns could not be rendered before"), "{run}");
}

#[test]
fn hostile_text_acts_in_no_format() {
    let sandbox = repository();
    let evil = "\"@all `x` <img src=x onerror=a> | \\e[2J \\u202e [l](http://x) #1\"";
    edit(
        &sandbox,
        NAMESPACE,
        "description: Where orders runs",
        &format!("description: {evil}\n  title: {evil}"),
    );
    for format in ["text", "markdown", "json", "yaml"] {
        let run = diff(&sandbox, &["-o", format]);
        run.code(3);
        assert!(!run.stdout.contains(['\u{1b}', '\u{202e}']), "{run}");
    }
    diff(&sandbox, &["-o", "markdown"]).code(3).matches("diff/hostile-markdown");
}

#[test]
fn markdown_is_bounded() {
    let sandbox = repository();
    let mut text = String::new();
    for number in 0..2_000 {
        write!(text, "apiVersion: backstage.io/v1alpha1\nkind: Component\nmetadata: {{name: c{number}}}\nspec: {{type: service, lifecycle: x, owner: shop}}\n---\n").unwrap();
    }
    sandbox.write("catalog/many.yaml", &text);
    let run = diff(&sandbox, &["-o", "markdown"]);
    run.code(3);
    assert!(
        run.stdout.len() <= 60_000 && run.stdout.contains("more lines do not fit"),
        "{}",
        run.stdout.len()
    );
    assert_eq!(run.stdout.matches("<details>").count(), run.stdout.matches("</details>").count());
    let run = diff(&sandbox, &[]);
    assert!(run.code(3).stdout.contains("1800 more entities"), "{run}");
}

/// The objects of the work tree by kind, namespace and name, as `render` makes them.
fn rendered(sandbox: &Sandbox) -> BTreeMap<String, Value> {
    let report = sandbox.platform(["render", "-o", "json"]).run().code(0).json();
    let name = |object: &Value| {
        let text = |pointer: &str| object.pointer(pointer).and_then(Value::as_str).unwrap_or("").to_owned();
        format!("{} {}/{}", text("/kind"), text("/metadata/namespace"), text("/metadata/name"))
    };
    let objects = report["objects"].as_array().unwrap().iter();
    objects.map(|object| (name(object), object.clone())).collect()
}

/// Edits that have nothing to do with each other: what each of them touches is not written down here.
const EDITS: [(&str, &str, &str); 10] = [
    (USERS, "memberOf: [pay]", "memberOf: [pay, shop-core]"),
    (USERS, "00000000000b", "0000000000bb"),
    (USERS, "name: ada", "name: ada\n  title: Ada"),
    (GROUPS, "children: [], members: [bob]", "children: [pay], members: [bob]"),
    (GROUPS, "children: [shop-core]", "children: [\"shop-c\\u006fre\", pay]"),
    ("catalog/shop/shop.yaml", "name: shop}", "name: shop, title: The shop}"),
    (NAMESPACE, "owner: shop", "owner: pay"),
    (DNS, "orders.example.com", "buy.example.com"),
    ("platform.yaml", "zones: [example.com]", "issuer: other"),
    ("platform.yaml", "types:", "render: {cluster: far}\ntypes:"),
];

#[test]
fn what_is_rendered_again_is_all_that_differs() {
    let sandbox = repository();
    let before = rendered(&sandbox);
    let mut told_anything = 0;
    for (number, first) in EDITS.iter().enumerate() {
        for second in &EDITS[number..] {
            sandbox.git(".", &["checkout", "-q", "--", "."]);
            edit(&sandbox, first.0, first.1, first.2);
            if first != second && sandbox.read(second.0).contains(second.1) {
                edit(&sandbox, second.0, second.1, second.2);
            }
            let after = rendered(&sandbox);
            let moved = sandbox.read("platform.yaml").contains("far");
            let names: BTreeSet<&String> = before.keys().chain(after.keys()).collect();
            let expected: BTreeSet<&String> =
                names.into_iter().filter(|name| moved || before.get(*name) != after.get(*name)).collect();
            let report = diff(&sandbox, &["-o", "json"]).code(3).json();
            let objects = report["objects"].as_array().unwrap();
            let told: BTreeSet<String> = objects
                .iter()
                .map(|it| {
                    let text = |key: &str| it[key].as_str().unwrap_or("");
                    format!("{} {}/{}", text("kind"), text("namespace"), text("name"))
                })
                .collect();
            assert_eq!(told.iter().collect::<BTreeSet<_>>(), expected, "{first:?} {second:?}");
            told_anything += usize::from(!told.is_empty());
        }
    }
    assert!(told_anything > 40, "{told_anything}");
}
