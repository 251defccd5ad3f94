//! `platform move`.

use crate::support::cli::Sandbox;

const SHOP: &str = "apiVersion: backstage.io/v1alpha1\nkind: System\nmetadata: {name: shop}\nspec: {owner: shop-team}\n---\n# The store.\napiVersion: backstage.io/v1alpha1\nkind: System\nmetadata: {name: Store}\nspec: {owner: shop-team}\n";

const ORDERS: &str = "# Orders.\napiVersion: backstage.io/v1alpha1\nkind: Component\nmetadata:\n  name: orders # its name\n  annotations: {backstage.io/techdocs-ref: 'dir:./docs'}\nspec:\n  type: service\n  lifecycle: experimental\n  owner: shop-team\n  system: 'system:shop' # home\n";

const WEB: &str = "apiVersion: backstage.io/v1alpha1\nkind: Component\nmetadata: {name: web}\nspec: {type: website, lifecycle: experimental, owner: shop-team, dependsOn: [component:orders]}\n";

const LOCATION: &str = "apiVersion: backstage.io/v1alpha1\nkind: Location\nmetadata: {name: all}\nspec: {targets: [./catalog/shop/orders.yaml, './catalog/**/*.yaml']}\n";

fn repository() -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.platform(["init", ".", "--team", "shop-team"]).run().code(0);
    sandbox.write("catalog-info.yaml", LOCATION);
    sandbox.write("catalog/systems.yaml", SHOP);
    sandbox.write("catalog/shop/orders.yaml", ORDERS);
    sandbox.write("catalog/web.yaml", WEB);
    sandbox
}

fn check(args: &[&str], path: &str, changes: &[(&str, &str)]) {
    let sandbox = repository();
    sandbox.platform(["move", "orders"].iter().chain(args)).run().code(0);
    let expected = changes.iter().fold(ORDERS.to_owned(), |text, (from, to)| text.replace(from, to));
    assert_eq!(sandbox.read(path), expected, "{args:?}");
    sandbox.platform(["validate"]).run().code(0);
}

#[test]
fn the_file_follows_the_system() {
    let changes = [("system:shop' # home", "system:Store' # home"), ("dir:./docs", "dir:../shop/docs")];
    check(&["--system", "store"], "catalog/store/orders.yaml", &changes);
    let sandbox = repository();
    sandbox
        .platform(["move", "orders", "--system", "system:store", "--dry-run"])
        .run()
        .code(0)
        .matches("move/dry-run");
    sandbox.platform(["move", "orders", "--system", "sotre"]).run().code(1).matches("move/system-unknown");
    sandbox.platform(["move", "shop", "--system", "store"]).run().code(2).matches("move/no-part");
}

#[test]
fn a_file_moves_as_it_is() {
    check(&["--to", "catalog/other/"], "catalog/other/orders.yaml", &[("dir:./docs", "dir:../shop/docs")]);
    check(&["--to", "catalog/shop/bills.yaml"], "catalog/shop/bills.yaml", &[]);
    let sandbox = repository();
    sandbox.platform(["move", "orders", "--to", "../away/"]).run().code(2).matches("move/outside");
    sandbox.platform(["move", "orders", "--to", "catalog/x.json"]).run().code(2).matches("move/no-yaml");
    sandbox.platform(["move", "orders"]).run().code(2).matches("move/nowhere");
}

#[test]
fn a_document_comes_to_a_file_that_is_there() {
    let sandbox = repository();
    sandbox.platform(["move", "web", "--to", "catalog/systems.yaml"]).run().code(0);
    assert_eq!(sandbox.read("catalog/systems.yaml"), format!("{SHOP}---\n{WEB}"));
    assert!(!sandbox.path("catalog/web.yaml").exists());
    sandbox.platform(["move", "system:store", "--to", "catalog/store/"]).run().code(0);
    let (shop, store) = SHOP.split_once("---\n").unwrap();
    assert_eq!(sandbox.read("catalog/store/store.yaml"), store);
    assert_eq!(sandbox.read("catalog/systems.yaml"), format!("{shop}---\n{WEB}"));
    sandbox.platform(["validate"]).run().code(0);
}

#[test]
fn references_follow_to_another_namespace() {
    let sandbox = repository();
    sandbox.platform(["move", "orders", "--namespace", "ops"]).run().code(0).matches("move/namespace");
    let expected = ORDERS
        .replace("'dir:./docs'}\n", "'dir:./docs'}\n  namespace: ops\n")
        .replace("owner: shop-team", "owner: default/shop-team")
        .replace("system:shop", "system:default/shop");
    assert_eq!(sandbox.read("catalog/shop/orders.yaml"), expected);
    assert_eq!(sandbox.read("catalog/web.yaml"), WEB.replace("component:orders", "component:ops/orders"));
    sandbox.platform(["validate"]).run().code(0);
}
