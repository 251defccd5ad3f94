//! `platform rename`.

use crate::support::cli::Sandbox;

const LOCATION: &str = "apiVersion: backstage.io/v1alpha1\nkind: Location\nmetadata: {name: all}\nspec:\n  targets:\n    - ./catalog/shop/orders.yaml # by its name\n    - ./catalog/**/*.yaml\n";

const ORDERS: &str = "# The shop's own service.\napiVersion: backstage.io/v1alpha1\nkind: Component\nmetadata:\n  name: orders\n  annotations: {backstage.io/kubernetes-id: orders}\nspec: {type: service, lifecycle: experimental, owner: shop-team}\n";

const WEB: &str = "apiVersion: backstage.io/v1alpha1\nkind: Component\nmetadata:\n  name: web\n  title: orders\n  annotations:\n    backstage.io/techdocs-entity: component:default/orders\nspec:\n  type: website\n  lifecycle: experimental\n  owner: 'Group:shop-team'\n  dependsOn:\n    - component:orders # the list\n    - 'Component:default/orders'\n  subcomponentOf: orders\n";

const TEMPLATE: &str = "apiVersion: scaffolder.backstage.io/v1beta3\nkind: Template\nmetadata: {name: t}\nspec:\n  type: service\n  owner: shop-team\n  parameters:\n    properties:\n      owner: {type: string, ui:field: OwnerPicker, default: shop-team}\n      team: {type: string, default: group:shop-team}\n      name: {type: string, default: shop-team}\n  steps:\n    - {id: a, action: debug:log, input: {message: 'group:default/shop-team'}}\n";

fn repository() -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.platform(["init", ".", "--team", "shop-team"]).run().code(0);
    sandbox.write("catalog-info.yaml", LOCATION);
    sandbox.write("catalog/shop/orders.yaml", ORDERS);
    sandbox.write("catalog/shop/web.yaml", WEB);
    sandbox.write("templates/t/template.yaml", TEMPLATE);
    sandbox
}

#[test]
fn every_spelling_follows_and_the_file_too() {
    let sandbox = repository();
    sandbox.platform(["rename", "orders", "bills", "--dry-run"]).run().code(0).matches("rename/dry-run");
    assert_eq!(sandbox.read("catalog/shop/orders.yaml"), ORDERS, "a dry run writes nothing");
    sandbox.platform(["rename", "component:orders", "bills"]).run().code(0);
    assert!(!sandbox.path("catalog/shop/orders.yaml").exists());
    assert_eq!(sandbox.read("catalog/shop/bills.yaml"), ORDERS.replace("name: orders", "name: bills"));
    let web = WEB.replace("orders", "bills").replace("title: bills", "title: orders");
    assert_eq!(sandbox.read("catalog/shop/web.yaml"), web);
    assert_eq!(sandbox.read("catalog-info.yaml"), LOCATION.replace("orders.yaml", "bills.yaml"));
    sandbox.platform(["validate"]).run().code(0);
    sandbox.platform(["rename", "bills", "orders", "-o", "json"]).run().code(0).matches("rename/json");
    assert_eq!(sandbox.read("catalog/shop/orders.yaml"), ORDERS);
    assert_eq!(sandbox.read("catalog/shop/web.yaml"), WEB);
    assert_eq!(sandbox.read("catalog-info.yaml"), LOCATION);
}

#[test]
fn templates_follow_where_they_mean_the_entity() {
    let sandbox = repository();
    sandbox.platform(["rename", "group:shop-team", "store-team"]).run().code(0);
    let expected = TEMPLATE
        .replace("shop-team", "store-team")
        .replace("name: {type: string, default: store-team}", "name: {type: string, default: shop-team}");
    assert_eq!(sandbox.read("templates/t/template.yaml"), expected);
    assert!(sandbox.path("catalog/store-team").is_dir(), "its folder is named after it");
    sandbox.platform(["validate"]).run().code(0);
}

#[test]
fn what_cannot_be_is_refused() {
    let sandbox = repository();
    let check = |args: &[&str], code: i32, snapshot: &str| {
        sandbox.platform(["rename"].iter().chain(args)).run().code(code).matches(snapshot);
    };
    check(&["orders", "web"], 1, "rename/taken");
    check(&["orders", "ops/bills"], 2, "rename/no-name");
    check(&["orders", "two words"], 1, "rename/invalid");
    check(&["ordres", "bills"], 1, "rename/unknown");
    check(&["orders", "orders"], 0, "rename/same");
    assert_eq!(sandbox.read("catalog/shop/orders.yaml"), ORDERS);
    // the name is the name of something else through an alias
    let aliased = ORDERS.replace("name: orders", "name: &n orders\n  title: *n");
    sandbox.write("catalog/shop/orders.yaml", &aliased);
    check(&["orders", "bills"], 1, "rename/alias");
    assert_eq!(sandbox.read("catalog/shop/orders.yaml"), aliased);
}
