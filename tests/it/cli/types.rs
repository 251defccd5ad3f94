//! `platform types`.

use crate::support::cli::Sandbox;

const QUEUE: &str = "apiVersion: platform.internal/v1alpha1\nkind: ResourceType\nmetadata: {name: queue, title: Queue, description: Keeps messages.}\nspec:\n  route: manifests\n  parameters:\n    required: [size]\n    additionalProperties: false\n    properties:\n      size: {type: integer, description: How many messages it holds.}\n      topics:\n        type: array\n        items: {type: object, properties: {name: {type: string, default: all}}}\n  objects:\n    - id: queue\n      manifest: {apiVersion: example.org/v1, kind: Queue, metadata: {name: '${{ entity.metadata.name }}'}, spec: {size: '${{ parameters.size }}'}}\n";

fn repository(queue: &str) -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.write("platform.yaml", "");
    sandbox.write("types/queue/type.yaml", queue);
    sandbox
}

#[test]
fn types_of_the_repository_stand_beside_the_built_in_ones() {
    let sandbox = repository(QUEUE);
    sandbox.platform(["types", "list"]).run().code(0).matches("types/list");
    let report = sandbox.platform(["types", "list", "-o", "json"]).run().code(0).json();
    let names: Vec<&str> =
        report["types"].as_array().unwrap().iter().map(|row| row["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["dns-record", "dns-record-kro", "kubernetes-namespace", "queue"]);
    let outside = Sandbox::new();
    let report = outside.platform(["types", "list", "-o", "json"]).run().code(0).json();
    assert_eq!(report["types"].as_array().unwrap().len(), 3);
}

#[test]
fn a_type_says_what_it_takes() {
    let sandbox = repository(QUEUE);
    sandbox.platform(["types", "show", "queue"]).run().code(0).matches("types/show");
    let report = sandbox.platform(["types", "show", "dns-record", "-o", "json"]).run().code(0).json();
    assert_eq!(report["origin"], "built in");
    assert!(report["parameters"]["properties"]["hostnames"].is_object());
    sandbox.platform(["types", "show", "queu"]).run().code(1).matches("types/unknown");
}

#[test]
fn what_is_wrong_with_a_type_is_found() {
    repository(QUEUE).platform(["types", "lint"]).run().code(0).matches("types/lint-fine");
    let sandbox = repository(&QUEUE.replace("parameters.size", "parameters.sise"));
    sandbox.platform(["types", "lint"]).run().code(1).matches("types/lint-wrong");
    sandbox.platform(["types", "lint", "dns-record"]).run().code(0);
    sandbox.platform(["types", "show", "queue"]).run().code(1);
    let report = sandbox.platform(["types", "lint", "queue", "-o", "json"]).run().code(1).json();
    assert_eq!(report["findings"][0]["rule"], "invalid-resource-type");
}
