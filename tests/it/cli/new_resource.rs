//! `platform new resource`: the parameters of the resource type are asked for.

use crate::support::cli::Sandbox;
use crate::support::terminal::in_a_terminal;

const QUEUE: &str = "apiVersion: platform.internal/v1alpha1
kind: ResourceType
metadata: {name: queue}
spec:
  route: manifests
  parameters:
    type: object
    additionalProperties: false
    required: [size, region]
    definitions:
      size: {title: Size, enum: [small, large]}
    properties:
      size: {$ref: '#/definitions/size'}
      region: {title: Region, type: string, pattern: '^[a-z]+$'}
      ttl: {title: Time to live, type: integer, minimum: 60, default: 300}
  objects:
    - id: queue
      manifest:
        apiVersion: v1
        kind: ConfigMap
        metadata: {name: '${{ entity.metadata.name }}', namespace: default}
        data: {size: '${{ parameters.size }}', ttl: '${{ parameters.ttl | string }}'}
";

fn repository() -> Sandbox {
    let sandbox = Sandbox::new();
    let id = "11111111-2222-3333-4444-555555555555";
    sandbox.platform(["init", ".", "--team", "shop-team", "--user-id", id]).run().code(0);
    sandbox.write("types/queue/type.yaml", QUEUE);
    sandbox.write(
        "catalog/shop/system.yaml",
        "apiVersion: backstage.io/v1alpha1\nkind: System\nmetadata:\n  name: shop\nspec:\n  owner: group:default/shop-team\n",
    );
    sandbox
}

fn new_resource<'a>(sets: &[&'a str]) -> Vec<&'a str> {
    let common = ["name=orders", "owner=group:default/shop-team", "system=shop"];
    let sets = common.iter().chain(sets).flat_map(|set| ["--set", *set]);
    ["new", "resource", "--no-input"].into_iter().chain(sets).collect()
}

/// The end of the entity: what the resource type gets.
fn written(sandbox: &Sandbox) -> String {
    let text = sandbox.read("catalog/shop/orders.yaml");
    text.split_once("  parameters:\n").unwrap_or_else(|| panic!("{text}")).1.to_owned()
}

#[test]
fn the_parameters_of_the_type_become_those_of_the_entity() {
    let sandbox = repository();
    let sets = ["type=queue", "parameters.size=small", "parameters.region=eu", "parameters.ttl=600"];
    sandbox.platform(new_resource(&sets)).run().code(0);
    assert_eq!(written(&sandbox), "    ttl: 600\n    size: small\n    region: eu\n");
    sandbox.platform(["validate"]).run().code(0);
}

#[test]
fn what_the_type_needs_is_named_at_once() {
    let sandbox = repository();
    sandbox.platform(new_resource(&["type=queue"])).run().code(2).matches("new/resource-missing");
    // a list that must have an entry is one thing that is missing
    let run = sandbox.platform(new_resource(&["type=dns-record"])).run();
    assert!(run.code(2).stderr.contains("some answers are missing"), "{run}");
    assert!(run.stderr.contains("--set parameters.hostnames=…\n"), "{run}");
}

#[test]
fn what_the_type_does_not_take_is_refused() {
    let sandbox = repository();
    let sets = [
        "type=queue",
        "parameters.size=smal",
        "parameters.region=EU",
        "parameters.ttl=5",
        "parameters.tll=9",
    ];
    sandbox.platform(new_resource(&sets)).run().code(2).matches("new/resource-wrong");
}

#[test]
fn a_type_of_the_repository_replaces_the_built_in_one() {
    let sandbox = repository();
    sandbox.write("types/dns-record/type.yaml", &QUEUE.replace("{name: queue}", "{name: dns-record}"));
    let sets = ["type=dns-record", "parameters.size=large", "parameters.region=eu"];
    sandbox.platform(new_resource(&sets)).run().code(0);
    assert_eq!(written(&sandbox), "    ttl: 300\n    size: large\n    region: eu\n");
}

#[test]
fn a_type_that_nobody_defined_takes_any_parameters() {
    let sandbox = repository();
    sandbox.platform(new_resource(&["type=database", "parameters.engine=postgres"])).run().code(0);
    assert_eq!(written(&sandbox), "    engine: postgres\n");
}

#[test]
fn a_template_is_shown_with_the_parameters_of_the_types() {
    let sandbox = repository();
    let run = sandbox.platform(["templates", "show", "resource", "-o", "json"]).run();
    let shown = run.code(0).json().to_string();
    assert!(shown.contains("parameters.region") && shown.contains("type=queue"), "{shown}");
}

#[test]
fn a_terminal_is_asked_for_the_parameters_of_the_type() {
    let sandbox = repository();
    let answers = [
        ("Type: ", "queue\r"),
        ("Size", "\u{1b}[B\r"),
        ("Region: ", "EU\r"),
        ("not right: ", "\u{15}eu\r"),
        ("Time to live", "\r"),
        ("All answers right?", "\r"),
    ];
    let mut arguments = new_resource(&["description=Orders", "tags=[]", "dependencyOf="]);
    arguments.remove(2);
    let (code, screen) = in_a_terminal(&sandbox, &arguments, &answers);
    assert_eq!(code, 0, "{screen}");
    assert_eq!(written(&sandbox), "    size: large\n    region: eu\n    ttl: 300\n", "{screen}");
}
