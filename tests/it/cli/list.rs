//! `platform list` and `platform show`.

use crate::support::cli::Sandbox;

const SHOP: &str = "apiVersion: backstage.io/v1alpha1\nkind: System\nmetadata: {name: shop}\nspec: {owner: shop-team}\n---\napiVersion: backstage.io/v1alpha1\nkind: Component\nmetadata:\n  name: orders\n  title: Orders\n  description: \"Takes orders\\e[2J and keeps them\"\n  tags: [java]\nspec:\n  type: service\n  lifecycle: production\n  owner: shop-team\n  system: shop\n  dependsOn: [resource:orders-db, resource:gone]\n---\napiVersion: backstage.io/v1alpha1\nkind: Resource\nmetadata: {name: orders-db}\nspec: {type: database, owner: user:guest/ada}\n";

fn repository() -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.platform(["init", ".", "--team", "shop-team"]).run().code(0);
    sandbox.write("catalog/shop/all.yaml", SHOP);
    sandbox
}

fn check(args: &[&str], code: i32, snapshot: &str) {
    repository().platform(args).run().code(code).matches(&format!("list/{snapshot}"));
}

#[test]
fn what_no_entity_has_is_told_with_what_they_have() {
    check(&["list", "--kind", "componnet"], 1, "kind-unknown");
    check(&["list", "--type", "servise"], 1, "type-unknown");
    check(&["list", "--owner", "shop-taem"], 1, "owner-unknown");
    check(&["list", "--system", "group:shop"], 1, "system-unknown");
    check(&["show", "ordres"], 1, "entity-unknown");
}

#[test]
fn entities_are_listed_in_order() {
    check(&["list"], 0, "all");
    check(&["list", "--owner", "shop-team", "--kind", "Component"], 0, "filtered");
    check(&["list", "--system", "system:shop", "-o", "json"], 0, "json");
    check(&["list", "--system", "shop", "--type", "database"], 0, "none");
}

#[test]
fn an_entity_is_shown_with_its_relations() {
    check(&["show", "orders"], 0, "show");
    check(&["show", "orders-db"], 0, "show-resource");
    check(&["show", "component:orders", "-o", "json"], 0, "show-json");
    check(&["show", "shop", "-o", "yaml"], 0, "show-yaml");
}
