//! `platform types`.

use crate::support::cli::Sandbox;
use crate::support::kubernetes::{ADMIN, Kind, Kubernetes};

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

const DEFINITION: &str = "apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nmetadata: {name: queues.example.org}\nspec:\n  group: example.org\n  scope: Namespaced\n  names: {kind: Queue, plural: queues}\n  versions:\n    - name: v1\n      served: true\n      schema:\n        openAPIV3Schema:\n          type: object\n          properties:\n            spec:\n              type: object\n              required: [length]\n              properties: {length: {type: integer, maximum: 10}, mode: {type: string, enum: [Fast, Safe]}}\n              x-kubernetes-validations: [{rule: 'self.length != 7', message: seven is not allowed}]\n";

const RESOURCE: &str = "apiVersion: backstage.io/v1alpha1\nkind: Resource\nmetadata:\n  name: mail\nspec:\n  type: queue\n  owner: team\n  parameters:\n    size: 3\n---\napiVersion: backstage.io/v1alpha1\nkind: Group\nmetadata: {name: team}\nspec: {type: team, children: []}\n";

/// A repository whose type makes an object of a kind that a definition in it has.
fn with_definition(spec: &str) -> Sandbox {
    let sandbox = repository(&QUEUE.replace("{size: '${{ parameters.size }}'}", spec));
    sandbox.write("crds/deep/down/queues.yaml", DEFINITION);
    sandbox.write("catalog/mail.yaml", RESOURCE);
    sandbox
}

#[test]
fn a_type_is_held_against_definitions_line_by_line() {
    let sandbox = with_definition("{size: '${{ parameters.size }}', mode: Quick}");
    sandbox.platform(["types", "lint", "queue"]).run().code(1).matches("types/lint-definition");
    let run = sandbox.platform(["validate", "-o", "concise"]).run();
    run.code(1);
    assert!(run.stdout.contains("types/queue/type.yaml:16:"), "{run}");
    sandbox.platform(["render"]).run().code(2);
}

#[test]
fn a_value_is_refused_at_the_line_of_the_entity() {
    let sandbox = with_definition("{length: '${{ parameters.size }}'}");
    sandbox.platform(["types", "lint", "queue"]).run().code(0);
    sandbox.platform(["validate"]).run().code(0);
    sandbox.write("catalog/mail.yaml", &RESOURCE.replace("size: 3", "size: 30"));
    sandbox.platform(["render"]).run().code(1).matches("types/render-refused");
    let run = sandbox.platform(["validate", "-o", "concise"]).run();
    assert!(run.code(1).stdout.contains("catalog/mail.yaml:9:11: error[cannot-render]"), "{run}");
    // a rule of the definition, told at the line of the type that makes its value
    sandbox.write("catalog/mail.yaml", &RESOURCE.replace("size: 3", "size: 7"));
    let run = sandbox.platform(["validate", "-o", "concise"]).run();
    assert!(run.code(1).stdout.contains("seven is not allowed"), "{run}");
}

#[test]
fn a_new_type_lints_clean_passes_its_test_and_renders() {
    for kind in ["manifests", "composite", "kro"] {
        let sandbox = Sandbox::new();
        sandbox.write("platform.yaml", "");
        let dry = sandbox.platform(["types", "new", "message-queue", "--kind", kind, "-n"]).run();
        dry.code(0);
        assert!(dry.stdout.contains("+kind: ResourceType") && !sandbox.path("types").exists(), "{dry}");
        let run = sandbox.platform(["types", "new", "message-queue", "--kind", kind]).run();
        run.code(0).matches(&format!("types/new-{kind}"));
        sandbox.platform(["types", "lint"]).run().code(0);
        sandbox.platform(["types", "test"]).run().code(0).matches("types/test-new");
        // the tests of a type are no part of the catalog
        let entities = sandbox.platform(["list", "-o", "json"]).run().code(0).json();
        assert!(!entities.to_string().contains("team-example"), "{entities}");
        sandbox.platform(["types", "new", "message-queue"]).run().code(1);
    }
    let sandbox = Sandbox::new();
    sandbox.write("platform.yaml", "");
    sandbox.platform(["types", "new", "Message_Queue"]).run().code(2).matches("types/new-wrong-name");
    sandbox.platform(["types", "new", "dns-record"]).run().code(1);
}

#[test]
fn a_test_of_a_type_shows_what_differs() {
    let sandbox = Sandbox::new();
    sandbox.write("platform.yaml", "");
    sandbox.platform(["types", "new", "queue"]).run().code(0);
    let expected = sandbox.read("types/queue/tests/minimal/expected.yaml");
    sandbox.write("types/queue/tests/minimal/expected.yaml", &expected.replace("size: small", "size: huge"));
    sandbox.platform(["types", "test"]).run().code(1).matches("types/test-differs");
    let report = sandbox.platform(["types", "test", "-o", "json"]).run().code(1).json();
    assert_eq!(report["types"][0]["tests"][0]["verdict"], "differs");
    sandbox.platform(["types", "test", "--update"]).run().code(0);
    assert_eq!(sandbox.read("types/queue/tests/minimal/expected.yaml"), expected);
    let entity = sandbox.read("types/queue/tests/minimal/entity.yaml");
    sandbox.write(
        "types/queue/tests/minimal/entity.yaml",
        &entity.replace("namespace: example", "namespac: example"),
    );
    sandbox.platform(["types", "test"]).run().code(1).matches("types/test-stopped");
    sandbox.write("types/queue/type.yaml", "nothing: true\n");
    sandbox.platform(["types", "test"]).run().code(1);
}

/// With `SNAPSHOTS=overwrite` what they expect is written anew.
#[test]
fn built_in_types_pass_their_tests() {
    let sandbox = Sandbox::new();
    if std::env::var("SNAPSHOTS").is_ok_and(|word| word == "overwrite") {
        sandbox.write("platform.yaml", "");
        let types = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("templates/types");
        let copy = |from: &std::path::Path, to: &std::path::Path| {
            let done = std::process::Command::new("cp").arg("-rT").arg(from).arg(to).status().unwrap();
            assert!(done.success());
        };
        copy(&types, &sandbox.path("types"));
        sandbox.platform(["types", "test", "--update"]).run().code(0);
        copy(&sandbox.path("types"), &types);
        return;
    }
    let run = sandbox.platform(["types", "test", "dns-record", "kubernetes-namespace"]).run();
    run.code(0);
    assert!(run.stdout.lines().filter(|line| line.starts_with("ok ")).count() >= 3, "{run}");
}

fn cluster(sandbox: &mut Sandbox) -> Kubernetes {
    let cluster = Kubernetes::start();
    cluster.serve(Kind::cluster(
        "apiextensions.k8s.io/v1",
        "CustomResourceDefinition",
        "customresourcedefinitions",
    ));
    let file = sandbox.home().join("kubeconfig");
    std::fs::write(&file, cluster.kubeconfig(ADMIN)).unwrap();
    sandbox.set("KUBECONFIG", &file.display().to_string());
    sandbox.placeholder(&cluster.url(), "SERVER");
    cluster
}

fn definition(group: &str, plural: &str, kind: &str) -> serde_json::Value {
    serde_json::json!({"apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition",
        "metadata": {"name": format!("{plural}.{group}"), "uid": "1-2-3", "managedFields": []},
        "spec": {"group": group, "scope": "Namespaced", "names": {"kind": kind, "plural": plural}, "versions": [
            {"name": "v1", "served": true, "storage": true, "schema": {"openAPIV3Schema": {"type": "object",
                "properties": {"spec": {"type": "object", "properties": {"size": {"type": "integer"}}}}}}}]},
        "status": {"storedVersions": ["v1"]}})
}

#[test]
fn definitions_are_copied_from_a_cluster() {
    let mut sandbox = repository(QUEUE);
    let cluster = cluster(&mut sandbox);
    cluster.put(definition("example.org", "queues", "Queue"));
    cluster.put(definition("example.org", "topics", "Topic"));
    cluster.put(definition("other.org", "things", "Thing"));
    sandbox.platform(["types", "pull-crds", "-n"]).run().code(1).matches("types/pull-dry-run");
    assert!(!sandbox.path("crds").exists());
    // the kinds of the built-in types are not there
    sandbox.platform(["types", "pull-crds"]).run().code(1);
    let text = sandbox.read("crds/example.org/queues.yaml");
    assert!(
        !text.contains("uid")
            && !text.contains("status")
            && !sandbox.path("crds/example.org/topics.yaml").exists()
    );
    let report = sandbox.platform(["types", "pull-crds", "example.org", "-o", "json"]).run().code(0).json();
    assert_eq!((report["files"].as_array().unwrap().len(), &report["unchanged"]), (1, &1.into()));
    sandbox.platform(["types", "pull-crds", "--all"]).run().code(0);
    assert!(sandbox.path("crds/other.org/things.yaml").exists());
    sandbox.platform(["types", "pull-crds", "--all"]).run().code(0).matches("types/pull-again");
    sandbox.platform(["types", "pull-crds", "nothing.org"]).run().code(1);
    // what was copied is what objects are held against from now on
    sandbox.write("types/queue/type.yaml", &QUEUE.replace("spec: {size:", "spec: {sise:"));
    let run = sandbox.platform(["types", "lint", "queue", "-o", "json"]).run().code(1).json();
    assert!(run["findings"][0]["message"].as_str().unwrap().contains("there is no field `sise`"), "{run}");
    let dead = sandbox.platform(["types", "pull-crds", "--all", "--context", "dead"]).run();
    dead.code(5);
    let nowhere = sandbox.platform(["types", "pull-crds"]).without_env("KUBECONFIG").run();
    nowhere.code(2).matches("types/pull-nowhere");
}
