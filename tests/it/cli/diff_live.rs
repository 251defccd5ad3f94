//! `platform diff --live`, against a Kubernetes API server with state.

use serde_json::{Value, json};

use super::diff::{edit, repository};
use crate::support::cli::{Run, Sandbox};
use crate::support::kubernetes::{ADMIN, JANE, Kind, Kubernetes};

const NAMESPACE: &str = "catalog/shop/namespace.yaml";
const DNS: &str = "catalog/shop/dns.yaml";

/// A cluster that has what the repository says, and the repository.
pub(super) fn in_sync() -> (Sandbox, Kubernetes) {
    let mut sandbox = repository();
    let cluster = Kubernetes::start();
    let mut composite =
        Kind::namespaced("platform.internal/v1alpha1", "PlatformNamespace", "platformnamespaces");
    composite.namespaced = false;
    cluster.serve(composite);
    let rendered = sandbox.platform(["render", "-o", "json"]).run().code(0).json();
    for object in rendered["objects"].as_array().unwrap() {
        cluster.put(object.clone());
    }
    std::fs::write(sandbox.home().join("kubeconfig"), cluster.kubeconfig(ADMIN)).unwrap();
    std::fs::write(sandbox.home().join("jane"), cluster.kubeconfig(JANE)).unwrap();
    let kubeconfig = sandbox.home().join("kubeconfig").display().to_string();
    sandbox.set("KUBECONFIG", &kubeconfig);
    sandbox.placeholder(&cluster.url(), "SERVER");
    (sandbox, cluster)
}

fn live(sandbox: &Sandbox, arguments: &[&str]) -> Run {
    sandbox.platform(["diff", "--live"].iter().chain(arguments)).run()
}

/// The objects that are not as they should be, as `state kind name`.
fn told(report: &Value) -> Vec<String> {
    let text = |object: &Value, key: &str| object[key].as_str().unwrap().to_owned();
    let objects = report["live"]["objects"].as_array().unwrap().iter();
    objects.map(|it| format!("{} {} {}", text(it, "state"), text(it, "kind"), text(it, "name"))).collect()
}

fn drift(cluster: &Kubernetes) {
    let mut route =
        cluster.stored("gateway.networking.k8s.io/v1", "HTTPRoute", Some("orders-ns"), "orders-dns").unwrap();
    route["spec"]["hostnames"] = json!(["other.example.com"]);
    route["status"] = json!({"parents": []});
    cluster.put(route);
}

#[test]
fn a_cluster_in_sync_is_no_difference_and_nothing_is_stored() {
    let (sandbox, cluster) = in_sync();
    live(&sandbox, &[]).code(0).matches("diff/live-in-sync");
    let writes: Vec<String> = cluster.seen().into_iter().filter(|seen| !seen.starts_with("GET ")).collect();
    assert!(!writes.is_empty() && writes.iter().all(|seen| seen.contains("dryRun=All")), "{writes:?}");
}

#[test]
fn drift_is_a_difference_although_nothing_was_changed() {
    let (sandbox, cluster) = in_sync();
    drift(&cluster);
    cluster.remove("cert-manager.io/v1", "Certificate", Some("orders-ns"), "orders-dns");
    live(&sandbox, &[]).code(3).matches("diff/live-drift");
    let report = live(&sandbox, &["-o", "json"]).code(3).json();
    assert_eq!(told(&report), ["missing Certificate orders-dns", "different HTTPRoute orders-dns"]);
    assert_eq!(report["live"]["objects"][0]["inPlan"], false);
}

#[test]
fn what_a_gitops_tool_applied_and_git_has_no_more_goes() {
    let (sandbox, cluster) = in_sync();
    let rendered = sandbox.platform(["render", "orders-dns", "-o", "json"]).run().code(0).json();
    let mut route = rendered["objects"][0].clone();
    assert_eq!(route["kind"], "HTTPRoute");
    route["metadata"]["labels"]["old"] = json!("label");
    cluster.remove("gateway.networking.k8s.io/v1", "HTTPRoute", Some("orders-ns"), "orders-dns");
    cluster.applied_by("argocd-controller", &route);
    let report = live(&sandbox, &["-o", "json"]).code(3).json();
    assert_eq!(told(&report), ["different HTTPRoute orders-dns"]);
    let fields = &report["live"]["objects"][0]["fields"];
    assert_eq!(
        (&fields[0]["action"], &fields[0]["path"]),
        (&json!("destroy"), &json!("metadata.labels.old"))
    );
    assert!(
        cluster.seen().iter().any(|seen| seen.contains("fieldManager=argocd-controller&")),
        "{:?}",
        cluster.seen()
    );
}

#[test]
fn what_is_destroyed_is_looked_for() {
    let (sandbox, _cluster) = in_sync();
    std::fs::remove_file(sandbox.path(DNS)).unwrap();
    let report = live(&sandbox, &["-o", "json"]).code(3).json();
    assert_eq!(
        told(&report),
        [
            "prunable Certificate orders-dns",
            "prunable DNSEndpoint orders-dns",
            "prunable HTTPRoute orders-dns"
        ]
    );
}

#[test]
fn the_traps_of_a_dry_run_are_told_for_what_they_are() {
    let (sandbox, cluster) = in_sync();
    let message = "admission webhook \"w.example.org\" does not support dry run";
    cluster.refuse("orders-ns", 400, "BadRequest", message, Value::Null);
    let record = sandbox.read(DNS);
    let other = |name: &str, namespace: &str| {
        record
            .replace("orders-dns", name)
            .replace("namespace: orders-ns", &format!("namespace: {namespace}"))
            .replace("[orders.example.com, api.example.com]", &format!("[{name}.example.com]"))
    };
    let namespace = sandbox.read(NAMESPACE);
    sandbox.write("catalog/shop/new.yaml", &namespace.replace("orders-ns", "new-ns"));
    sandbox.write("catalog/shop/new-dns.yaml", &other("new", "new-ns"));
    sandbox.write("catalog/shop/typo-dns.yaml", &other("typo", "odrers-ns"));
    let immutable = json!({"causes": [{"reason": "FieldValueInvalid", "field": "spec.hostnames", "message": "Invalid value: field is immutable"}]});
    cluster.refuse("orders-dns", 422, "Invalid", "x is invalid", immutable);
    live(&sandbox, &[]).code(1).matches("diff/live-traps");
    let report = live(&sandbox, &["-o", "json"]).code(1).json();
    let told = told(&report);
    for expected in [
        "undecided PlatformNamespace orders-ns",
        "missing PlatformNamespace new-ns",
        "namespace-missing HTTPRoute new",
        "namespace-missing HTTPRoute typo",
        "refused HTTPRoute orders-dns",
    ] {
        assert!(told.contains(&expected.to_owned()), "{expected} in {told:?}");
    }
}

#[test]
fn without_the_right_to_apply_our_own_fields_are_compared() {
    let (sandbox, cluster) = in_sync();
    drift(&cluster);
    cluster.forbid("patch", "httproutes.gateway.networking.k8s.io");
    let jane = sandbox.home().join("jane").display().to_string();
    let run = sandbox.platform(["diff", "--live", "-o", "json"]).env("KUBECONFIG", &jane).run();
    let report = run.code(3).json();
    assert_eq!(told(&report), ["undecided HTTPRoute orders-dns"]);
    let fields = report["live"]["objects"][0]["fields"].as_array().unwrap();
    assert!(fields.iter().all(|field| field["path"] == "spec.hostnames"), "{fields:?}");
}

#[test]
fn a_cluster_without_the_kind_is_told_and_other_clusters_are_not_asked() {
    let (sandbox, _cluster) = in_sync();
    edit(
        &sandbox,
        NAMESPACE,
        "name: orders-ns",
        "name: orders-ns\n  annotations: {backstage.io/kubernetes-cluster: far}",
    );
    let report = live(&sandbox, &["-o", "json"]).code(3).json();
    assert_eq!(report["live"]["elsewhere"], 1);
    let bare = Kubernetes::start();
    std::fs::write(sandbox.home().join("bare"), bare.kubeconfig(ADMIN)).unwrap();
    let run = sandbox.platform(["diff", "--live", "--cluster", "far", "-o", "json"]);
    let run = run.env("KUBECONFIG", &sandbox.home().join("bare").display().to_string()).run();
    assert_eq!(told(&run.code(3).json()), ["kind-unknown PlatformNamespace orders-ns"]);
}

#[test]
fn a_dead_cluster_does_not_keep_the_plan_back() {
    let (sandbox, _cluster) = in_sync();
    edit(&sandbox, DNS, "service: orders", "service: shop");
    let run = sandbox.platform(["diff", "--live"]).env("PLATFORM_KUBE_CONTEXT", "dead").run();
    assert!(run.code(5).stdout.contains("HTTPRoute orders-ns/orders-dns"), "{run}");
    let nowhere = sandbox.platform(["diff", "--live"]).without_env("KUBECONFIG").run();
    nowhere.code(2).matches("diff/live-nowhere");
}
