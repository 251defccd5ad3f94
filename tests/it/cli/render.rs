//! `platform render`.

use crate::support::cli::Sandbox;

fn repository() -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox
        .platform(["init", ".", "--team", "shop-team", "--user-id", "11111111-2222-3333-4444-555555555555"])
        .run()
        .code(0);
    sandbox.write("catalog/shop/orders.yaml", "apiVersion: backstage.io/v1alpha1\nkind: Resource\nmetadata:\n  name: orders\nspec:\n  type: kubernetes-namespace\n  owner: shop-team\n---\napiVersion: backstage.io/v1alpha1\nkind: Resource\nmetadata:\n  name: orders-dns\nspec:\n  type: dns-record\n  owner: shop-team\n  parameters:\n    hostnames: [orders.example.com]\n    namespace: orders\n    backend: {service: orders}\n");
    sandbox
}

#[test]
fn everything_is_rendered_the_same_each_time() {
    let sandbox = repository();
    let run = sandbox.platform(["render"]).run();
    run.code(0).matches("render/everything");
    assert_eq!(sandbox.platform(["render"]).run().stdout, run.stdout);
    let report = sandbox.platform(["render", "-o", "json"]).run().code(0).json();
    let kinds: Vec<&str> =
        report["objects"].as_array().unwrap().iter().filter_map(|object| object["kind"].as_str()).collect();
    assert_eq!(kinds, ["PlatformNamespace", "HTTPRoute", "DNSEndpoint", "Certificate"]);
}

#[test]
fn one_entity_is_rendered_by_name() {
    let sandbox = repository();
    let run = sandbox.platform(["render", "orders-dns"]).run();
    run.code(0);
    assert!(run.stdout.contains("kind: HTTPRoute") && !run.stdout.contains("PlatformNamespace"), "{run}");
    sandbox.platform(["render", "oders-dns"]).run().code(1).matches("render/entity-unknown");
    sandbox.platform(["render", "shop-team"]).run().code(1).matches("render/entity-without-objects");
}

#[test]
fn what_is_wrong_is_shown_in_the_entity() {
    let sandbox = repository();
    let text = sandbox.read("catalog/shop/orders.yaml").replace("[orders.example.com]", "[Orders_1]");
    sandbox.write("catalog/shop/orders.yaml", &text);
    sandbox.platform(["render", "orders-dns"]).run().code(1).matches("render/parameter-wrong");
}
