//! `platform status`: Git, pull request, cluster and Backstage in one answer.

use serde_json::{Value, json};

use crate::support::backstage::Backstage;
use crate::support::cli::Sandbox;
use crate::support::git;
use crate::support::kubernetes::{ADMIN, Kubernetes};
use crate::support::server::dead_port;

const DNS: &str = "apiVersion: backstage.io/v1alpha1\nkind: Resource\nmetadata:\n  name: orders-dns\nspec:\n  type: dns-record\n  owner: shop-team\n  parameters:\n    hostnames: [orders.example.com]\n    namespace: orders\n    backend: {service: orders}\n";
const TEAM: &str = "apiVersion: backstage.io/v1alpha1\nkind: Group\nmetadata:\n  name: shop-team\nspec:\n  type: team\n  children: []\n";

/// A clone with a DNS entry on main.
fn clone() -> Sandbox {
    let sandbox = Sandbox::new();
    let files = [("platform.yaml", "{}\n"), ("catalog/shop/team.yaml", TEAM), ("catalog/shop/dns.yaml", DNS)];
    git::bare(&sandbox.path("central.git"), sandbox.env(), &files);
    sandbox.git(".", &["clone", "-q", "central.git", "work"]);
    sandbox
}

fn status(sandbox: &Sandbox, arguments: &[&str]) -> crate::support::cli::Run {
    sandbox.platform(["status"].iter().chain(arguments)).within("work").run()
}

fn stage<'a>(report: &'a Value, name: &str) -> &'a Value {
    report["stages"].as_array().unwrap().iter().find(|stage| stage["name"] == name).unwrap()
}

#[test]
fn what_is_not_configured_is_a_row_and_no_failure() {
    let sandbox = clone();
    status(&sandbox, &["orders-dns"]).code(0).matches("status/nothing-configured");
}

#[test]
fn an_unknown_entity_is_told_with_the_right_one() {
    status(&clone(), &["order-dns"]).code(1).matches("status/entity-unknown");
}

#[test]
fn a_remote_that_does_not_answer_keeps_nobody_else_from_answering() {
    let sandbox = clone();
    status(&sandbox, &["orders-dns"]).code(0);
    sandbox.git("work", &["remote", "set-url", "origin", "http://127.0.0.1:9/acme/central.git"]);
    let run = status(&sandbox, &["orders-dns", "-o", "json"]);
    run.code(5);
    let report = run.json();
    assert_eq!(stage(&report, "git")["state"], "unreachable");
    assert!(
        stage(&report, "git")["summary"].as_str().unwrap().contains("is on main"),
        "what was known last: {report}"
    );
    assert_eq!(stage(&report, "objects")["state"], "not-configured");
}

#[test]
fn an_entity_that_is_not_submitted_waits() {
    let sandbox = clone();
    sandbox.write("work/catalog/shop/more.yaml", &DNS.replace("orders", "more"));
    let run = status(&sandbox, &["more-dns"]);
    run.code(8).matches("status/not-submitted");
    sandbox.platform(["submit"]).within("work").run().code(0);
    status(&sandbox, &["more-dns"]).code(8).matches("status/submitted");
    sandbox.platform(["pr", "merge", "1"]).within("work").run().code(0);
    let report = status(&sandbox, &["more-dns", "-o", "json"]).code(0).json();
    assert_eq!(stage(&report, "pull request")["state"], "done");
}

fn observed(kind: &str, api_version: &str, status: &Value) -> Value {
    json!({
        "apiVersion": api_version, "kind": kind,
        "metadata": {"name": "orders-dns", "namespace": "orders", "generation": 1, "creationTimestamp": "2026-11-22T09:00:00Z"},
        "spec": {}, "status": status,
    })
}

#[test]
fn a_snapshot_stands_in_for_a_cluster() {
    let sandbox = clone();
    let objects = json!({"apiVersion": "v1", "kind": "List", "items": [
        observed("Certificate", "cert-manager.io/v1", &json!({"conditions": [
            {"type": "Ready", "status": "False", "reason": "Failed", "message": "the order was refused: \u{1b}[31mNXDOMAIN", "lastTransitionTime": "2026-11-22T08:00:00Z"},
        ]})),
    ]});
    sandbox.write("observed.yaml", &objects.to_string());
    let run = status(&sandbox, &["orders-dns", "--snapshot", "../observed.yaml"]);
    run.code(1).matches("status/snapshot");
    assert!(!run.stdout.contains('\u{1b}'), "{run}");
    status(&sandbox, &["orders-dns", "--snapshot", "../nowhere.yaml"]).code(2);
    sandbox.write("broken.yaml", "a: [\n");
    status(&sandbox, &["orders-dns", "--snapshot", "../broken.yaml"]).code(2);
}

#[test]
fn the_resource_type_says_what_is_healthy() {
    const TYPE: &str = "apiVersion: platform.internal/v1alpha1\nkind: ResourceType\nmetadata: {name: queue}\nspec:\n  route: manifests\n  objects:\n    - id: queue\n      manifest: {apiVersion: example.org/v1, kind: Queue, metadata: {name: '${{ entity.metadata.name }}', namespace: shop}}\n  health:\n    - {apiVersion: example.org/v1, kind: Queue, current: self.status.depth < 10, failed: self.status.depth > 100}\n";
    const QUEUE: &str = "apiVersion: backstage.io/v1alpha1\nkind: Resource\nmetadata:\n  name: mail\nspec:\n  type: queue\n  owner: shop-team\n";
    let sandbox = clone();
    sandbox.write("work/types/queue/type.yaml", TYPE);
    sandbox.write("work/catalog/shop/queue.yaml", QUEUE);
    for (depth, health) in [(1, "healthy"), (50, "progressing"), (500, "degraded")] {
        let queue = json!({
            "apiVersion": "example.org/v1", "kind": "Queue",
            "metadata": {"name": "mail", "namespace": "shop"}, "status": {"depth": depth},
        });
        sandbox.write("observed.yaml", &queue.to_string());
        let run = status(&sandbox, &["mail", "--snapshot", "../observed.yaml", "-o", "json"]);
        assert_eq!(run.json()["objects"]["items"][0]["health"], health, "{run}");
    }
}

#[test]
fn the_cluster_of_the_kubeconfig_is_asked() {
    let sandbox = clone();
    let cluster = Kubernetes::start();
    sandbox.write("kubeconfig", &cluster.kubeconfig(ADMIN));
    let ask = |context: &str| {
        let run = sandbox.platform(["status", "orders-dns", "-o", "json"]).within("work");
        run.env("KUBECONFIG", sandbox.path("kubeconfig").to_str().unwrap())
            .env("PLATFORM_KUBE_CONTEXT", context)
            .run()
    };
    let run = ask("test");
    let report = run.code(8).json();
    assert_eq!(stage(&report, "objects")["state"], "waiting", "{run}");
    assert!(
        report["objects"]["items"].as_array().unwrap().iter().all(|object| object["health"] == "missing"),
        "{run}"
    );
    let dead = ask("dead");
    assert_eq!(stage(&dead.code(5).json(), "objects")["state"], "unreachable", "{dead}");
}

#[test]
fn a_real_backstage_is_asked() {
    let Some(backstage) = Backstage::shared() else { return };
    let sandbox = clone();
    let ask = |url: &str, token: &str| {
        let run = sandbox.platform(["status", "orders-dns", "-o", "json"]).within("work");
        run.env("PLATFORM_BACKSTAGE_URL", url).env("PLATFORM_BACKSTAGE_TOKEN", token).run()
    };
    let unseen = ask(&backstage.url, &backstage.token);
    assert_eq!(stage(&unseen.code(8).json(), "backstage")["state"], "waiting", "{unseen}");
    let refused = ask(&backstage.url, "wrong-token");
    assert_eq!(stage(&refused.code(4).json(), "backstage")["state"], "login-needed", "{refused}");
    let dead = ask(&format!("http://127.0.0.1:{}", dead_port()), "any");
    assert_eq!(stage(&dead.code(5).json(), "backstage")["state"], "unreachable", "{dead}");
}
