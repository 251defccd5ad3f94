//! `platform status` against an API server: what it says of a cluster is what it says of the same
//! objects in a file, with few requests, and a cluster that fails is a stage that fails.

use serde_json::Value;

use crate::support::cli::{Run, Sandbox};
use crate::support::kubernetes::{ADMIN, Fault, JANE, Kind, Kubernetes};

/// The repository that the tour leaves, and an API server with the objects that it leaves.
fn tour() -> (Sandbox, Kubernetes) {
    let sandbox = Sandbox::new();
    sandbox.platform(["tour", "here"]).run().code(0);
    let server = Kubernetes::start();
    server.serve(Kind::cluster("platform.internal/v1alpha1", "PlatformNamespace", "platformnamespaces"));
    server.serve(Kind::cluster("cert-manager.io/v1", "ClusterIssuer", "clusterissuers"));
    let observed: Value = serde_saphyr::from_str(&sandbox.read("here/observed.yaml")).unwrap();
    for object in observed["items"].as_array().unwrap() {
        server.put(object.clone());
    }
    (sandbox, server)
}

/// `platform status component:orders` with this kubeconfig.
fn status(sandbox: &Sandbox, kubeconfig: &str) -> Run {
    sandbox.write("kubeconfig", kubeconfig);
    let file = sandbox.path("kubeconfig").display().to_string();
    let run = sandbox.platform(["status", "component:orders", "--output=json"]).within("here/blueprint");
    run.env("KUBECONFIG", &file).run()
}

/// Kind, health, sync, reason and message of the objects that were rendered.
fn verdicts(report: &Value) -> Vec<String> {
    let items = report["objects"]["items"].as_array().unwrap();
    let fields = ["kind", "health", "sync", "reason", "message"];
    items.iter().map(|item| fields.map(|field| item[field].as_str().unwrap_or("")).join(" | ")).collect()
}

fn objects_stage(report: &Value) -> &Value {
    report["stages"].as_array().unwrap().iter().find(|stage| stage["name"] == "objects").unwrap()
}

#[test]
fn a_cluster_says_what_its_objects_say() {
    let (sandbox, server) = tour();
    let arguments = ["status", "component:orders", "--snapshot=../observed.yaml", "--output=json"];
    let from_file = sandbox.platform(arguments).within("here/blueprint").run();
    let from_cluster = status(&sandbox, &server.kubeconfig(ADMIN));
    assert_eq!(from_cluster.code, from_file.code, "{from_cluster}");
    assert_eq!(verdicts(&from_cluster.json()), verdicts(&from_file.json()));
    assert!(verdicts(&from_cluster.json()).len() >= 4, "{from_cluster}");
    let requests = server.seen();
    assert!(requests.len() <= 30, "{} requests: {requests:#?}", requests.len());
}

#[test]
fn what_may_not_be_seen_does_not_hide_the_rest() {
    let (sandbox, server) = tour();
    server.forbid("get", "certificates.cert-manager.io");
    let report = status(&sandbox, &server.kubeconfig(JANE)).json();
    let verdicts = verdicts(&report);
    let certificate = verdicts.iter().find(|line| line.starts_with("Certificate")).unwrap();
    assert!(certificate.contains("cannot get resource"), "{certificate}");
    let route = verdicts.iter().find(|line| line.starts_with("HTTPRoute")).unwrap();
    assert!(route.starts_with("HTTPRoute | healthy | synced"), "{route}");
}

#[test]
fn a_cluster_that_fails_is_a_stage_that_fails() {
    let (sandbox, server) = tour();
    let refused = status(&sandbox, &server.kubeconfig("nobody-fixture"));
    refused.code(4);
    assert!(!refused.stdout.contains("nobody-fixture"), "{refused}");
    server.fail(Fault::Unavailable);
    let unavailable = status(&sandbox, &server.kubeconfig(ADMIN)).json();
    assert!(objects_stage(&unavailable)["summary"].as_str().unwrap().contains("503"), "{unavailable}");
    let kubeconfig = server.kubeconfig(ADMIN).replace("current-context: test", "current-context: dead");
    let dead = status(&sandbox, &kubeconfig);
    dead.code(5);
    assert!(
        objects_stage(&dead.json())["summary"].as_str().unwrap().contains("connection refused"),
        "{dead}"
    );
    assert_eq!(dead.json()["stages"][0]["state"], "done", "Git is still told");
}
