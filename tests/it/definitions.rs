//! The offline check of objects against recorded answers of a real API server.

use platform::object::Object;
use platform::render::Definitions;
use serde_json::{Value, json};

use crate::support::shared::shared;

/// What of cert-manager's definition the recorded answers are about.
fn definitions() -> Definitions {
    let definition = Object(json!({
        "apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition",
        "spec": {"group": "cert-manager.io", "scope": "Namespaced", "names": {"kind": "Certificate"}, "versions": [
            {"name": "v1", "served": true, "schema": {"openAPIV3Schema": {"type": "object", "properties": {"spec": {
                "type": "object", "required": ["issuerRef", "secretName"], "properties": {
                    "secretName": {"type": "string"}, "issuerRef": {"type": "object", "required": ["name"],
                        "properties": {"name": {"type": "string"}}}}}}}}}]},
    }));
    let mut definitions = Definitions::default();
    assert_eq!(definitions.add(&definition), []);
    definitions
}

/// The fields that are wrong, as the API server writes them.
fn fields(spec: &Value) -> Vec<String> {
    let object = Object(json!({"apiVersion": "cert-manager.io/v1", "kind": "Certificate",
        "metadata": {"name": "t", "namespace": "default"}, "spec": spec}));
    let found = definitions().check(&object).violations;
    found.into_iter().map(|it| it.pointer.trim_start_matches('/').replace('/', ".")).collect()
}

#[test]
fn the_fields_that_a_real_server_refuses_are_found() {
    let Some(folder) = shared("corpus/kubernetes-live") else { return };
    let recorded = |name: &str| -> Value {
        serde_json::from_str(&std::fs::read_to_string(folder.join(name)).unwrap()).unwrap()
    };
    let required = recorded("ssa-422-required.json");
    let cause = required["details"]["causes"][0]["field"].as_str().unwrap().to_owned();
    assert_eq!(fields(&json!({"secretName": "s"})), [cause]);
    let unknown = fields(&json!({"secretName": "s", "issuerRef": {"name": "ca"}, "nope": 1}));
    assert_eq!(unknown, ["spec.nope"]);
    for name in ["ssa-500-unknown-field.json", "create-400-strict-unknown-field.json"] {
        let answer = recorded(name);
        assert!(answer["message"].as_str().unwrap().contains(&unknown[0]), "{answer}");
    }
    // "expected string, got ...": the same field, whatever the server calls it
    assert_eq!(fields(&json!({"secretName": 42, "issuerRef": {"name": "ca"}})), ["spec.secretName"]);
    assert_eq!(fields(&json!({"secretName": "s", "issuerRef": {"name": "ca"}})), [""; 0]);
}
