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

#[test]
fn validate_finds_what_cannot_be_rendered() {
    let sandbox = repository();
    sandbox.platform(["validate"]).run().code(0);
    let right = sandbox.read("catalog/shop/orders.yaml");
    let wrong = right
        .replace("[orders.example.com]", "[Orders_1]")
        .replace("owner: shop-team\n---", "owner: shop-team\n  parameters: {acces: []}\n---");
    sandbox.write("catalog/shop/orders.yaml", &wrong);
    sandbox.platform(["validate"]).run().code(1).matches("render/validate-wrong");
    let settings = sandbox.read("platform.yaml");
    sandbox.write("platform.yaml", &settings.replace("rules: {}", "rules: {cannot-render: warning}"));
    sandbox.platform(["validate"]).run().code(0);
    sandbox.write("platform.yaml", &settings);
    let waiver = "# platform: allow cannot-render until 2027-01-01 on its way\n";
    let allowed = format!("{waiver}{}", wrong.replace("---\n", &format!("---\n{waiver}")));
    sandbox.write("catalog/shop/orders.yaml", &allowed);
    sandbox.platform(["validate"]).run().code(0);
}

#[test]
fn validate_finds_users_without_an_account() {
    let sandbox = repository();
    let team = sandbox.read("catalog/shop-team/team.yaml");
    sandbox
        .write("catalog/shop-team/team.yaml", &team.replace("graph.microsoft.com/user-id", "example.org/id"));
    let run = sandbox.platform(["validate", "-o", "concise"]).run();
    run.code(1);
    assert!(run.stdout.starts_with("catalog/shop/orders.yaml:7:10: error[cannot-render]"), "{run}");
}

#[test]
fn validate_renders_only_in_central_repositories() {
    let sandbox = Sandbox::new();
    sandbox.git(".", &["init", "-q"]);
    sandbox.write("dns.yaml", "apiVersion: backstage.io/v1alpha1\nkind: Resource\nmetadata:\n  name: x\nspec:\n  type: dns-record\n  owner: shop\n");
    sandbox.platform(["validate"]).run().code(0);
    sandbox.write("platform.yaml", "rules:\n  dangling-reference: off\n  unreached-file: off\n");
    let run = sandbox.platform(["validate", "-o", "concise"]).run();
    run.code(1);
    assert!(run.stdout.contains("error[cannot-render]"), "{run}");
}

#[test]
fn validate_finds_what_is_wrong_with_a_type() {
    let sandbox = repository();
    sandbox.write("types/queue/type.yaml", "apiVersion: platform.internal/v1alpha1\nkind: ResourceType\nmetadata: {name: cue}\nspec:\n  route: manifests\n  objects: [{id: a, manifest: {apiVersion: v1, kind: ConfigMap, metadata: {name: a}}}]\n");
    let run = sandbox.platform(["validate", "-o", "concise"]).run();
    run.code(1);
    assert!(run.stdout.starts_with("types/queue/type.yaml:3:18: error[invalid-resource-type]"), "{run}");
}

#[test]
fn rendered_is_what_the_entities_become() {
    let sandbox = repository();
    sandbox.platform(["render", "--check"]).run().code(3);
    sandbox.platform(["render", "--write", "--dry-run"]).run().code(3);
    assert!(!sandbox.path("rendered").exists());
    sandbox.platform(["render", "--write"]).run().code(0).matches("render/write-first");
    sandbox.platform(["render", "--write"]).run().code(0).matches("render/write-again");
    sandbox.platform(["render", "--check"]).run().code(0);
    let file = "rendered/main/default/resource-orders-dns.yaml";
    assert_eq!(sandbox.platform(["render", "orders-dns"]).run().stdout, sandbox.read(file));

    let text = sandbox.read("catalog/shop/orders.yaml").replace("orders.example.com", "shop.example.com");
    let only_dns = text.split_once("---\n").unwrap().1;
    sandbox.write("catalog/shop/orders.yaml", only_dns);
    let run = sandbox.platform(["render", "--check"]).run();
    run.code(3).matches("render/check-stale");
    let report = sandbox.platform(["render", "--write", "-o", "json"]).run().code(0).json();
    assert_eq!(report["files"][0]["change"], "changed");
    assert_eq!(report["files"][1]["change"], "removed");
    assert!(!sandbox.path("rendered/main/default/resource-orders.yaml").exists());
    sandbox.platform(["render", "--check"]).run().code(0);
}

#[test]
fn files_by_hand_in_rendered_are_left_alone() {
    let sandbox = repository();
    sandbox.write("rendered/main/mine.yaml", "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: mine}\n");
    let run = sandbox.platform(["render", "--write"]).run();
    run.code(0);
    assert!(run.stderr.contains("rendered/main/mine.yaml was not made by"), "{run}");
    assert!(sandbox.path("rendered/main/mine.yaml").exists());
    sandbox.platform(["render", "--check"]).run().code(0);
    sandbox.write("rendered/main/default/resource-orders.yaml", "kind: Mine\n");
    sandbox.platform(["render", "--write"]).run().code(1).matches("render/write-refused");
    assert_eq!(sandbox.read("rendered/main/default/resource-orders.yaml"), "kind: Mine\n");
}

#[test]
fn nothing_is_written_while_an_entity_cannot_be_rendered() {
    let sandbox = repository();
    sandbox.platform(["render", "--write"]).run().code(0);
    let text = sandbox.read("catalog/shop/orders.yaml").replace("[orders.example.com]", "[Orders_1]");
    sandbox.write("catalog/shop/orders.yaml", &text);
    let before = sandbox.read("rendered/main/default/resource-orders-dns.yaml");
    sandbox.platform(["render", "--write"]).run().code(1);
    assert_eq!(sandbox.read("rendered/main/default/resource-orders-dns.yaml"), before);
}
