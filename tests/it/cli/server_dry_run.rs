//! `platform render --server-dry-run`, against the server whose answers are those of a real one.

use serde_json::json;

use super::diff_live::in_sync;
use crate::support::cli::{Run, Sandbox};

fn ask(sandbox: &Sandbox, arguments: &[&str]) -> Run {
    sandbox.platform(["render", "--server-dry-run"].iter().chain(arguments)).run()
}

#[test]
fn what_a_server_takes_is_counted_and_nothing_is_stored() {
    let (sandbox, cluster) = in_sync();
    ask(&sandbox, &[]).code(0).matches("render/server-fine");
    let writes: Vec<String> = cluster.seen().into_iter().filter(|seen| !seen.starts_with("GET ")).collect();
    assert!(!writes.is_empty() && writes.iter().all(|seen| seen.contains("dryRun=All")), "{writes:?}");
    ask(&sandbox, &["no-such-entity"]).code(1);
}

#[test]
fn a_refusal_stands_at_the_line_of_the_entity() {
    let (sandbox, cluster) = in_sync();
    let causes = json!({"causes": [
        {"reason": "FieldValueInvalid", "message": "Invalid value: \"x\": no", "field": "spec.hostnames[0]"},
        {"reason": "FieldValueRequired", "message": "Required value", "field": "spec.extra"}]});
    cluster.refuse("orders-dns", 422, "Invalid", "HTTPRoute \"orders-dns\" is invalid", causes);
    ask(&sandbox, &["orders-dns"]).code(1).matches("render/server-refused");
    let report = ask(&sandbox, &["-o", "json"]).code(1).json();
    assert!(report["refused"][0]["path"].as_str().unwrap().ends_with("dns.yaml"), "{report}");
}

#[test]
fn what_a_server_cannot_say_is_told_and_no_refusal() {
    let (sandbox, cluster) = in_sync();
    let message = "admission webhook \"x.example.com\" does not support dry run";
    cluster.refuse("orders-dns", 400, "BadRequest", message, json!(null));
    let report = ask(&sandbox, &["orders-dns", "-o", "json"]).code(0).json();
    assert_eq!(report["undecided"].as_array().unwrap().len(), 3, "{report}");
    let message = "admission webhook \"x.example.com\" denied the request: no";
    cluster.refuse("orders-dns", 403, "Forbidden", message, json!(null));
    let run = ask(&sandbox, &["orders-dns"]);
    assert!(run.code(1).stdout.contains("denied the request"), "{run}");
}

#[test]
fn login_and_reach_have_their_own_codes() {
    let (sandbox, cluster) = in_sync();
    cluster.forbid("patch", "httproutes.gateway.networking.k8s.io");
    let jane = sandbox.home().join("jane").display().to_string();
    let run = sandbox.platform(["render", "--server-dry-run", "orders-dns"]).env("KUBECONFIG", &jane).run();
    run.code(4);
    assert!(run.stderr.contains("User \"jane\" cannot patch"), "{run}");
    ask(&sandbox, &["--context", "dead"]).code(5);
    ask(&sandbox, &["--write"]).code(2);
}
