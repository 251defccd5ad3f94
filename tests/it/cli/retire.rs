//! `platform retire`.

use crate::support::cli::Sandbox;
use crate::support::git;

const SHOP: &str = "# Everything about the shop.\n\n# The system.\napiVersion: backstage.io/v1alpha1\nkind: System\nmetadata: {name: shop}\nspec: {owner: shop-team}\n---\n# Orders.\napiVersion: backstage.io/v1alpha1\nkind: Component\nmetadata: {name: orders}\nspec:\n  type: service\n  lifecycle: experimental\n  owner: shop-team\n  system: shop # its home\n---\n# The page.\napiVersion: backstage.io/v1alpha1\nkind: Component\nmetadata: {name: web}\nspec:\n  type: website\n  lifecycle: experimental\n  owner: shop-team\n  dependsOn:\n    - component:orders # the list\n    - resource:other\n";

const NAMESPACE: &str = "apiVersion: backstage.io/v1alpha1\nkind: Resource\nmetadata: {name: orders}\nspec:\n  type: kubernetes-namespace\n  owner: shop-team\n  system: shop\n  parameters: {}\n";

const OTHER: &str = "apiVersion: backstage.io/v1alpha1\nkind: Resource\nmetadata: {name: other}\nspec: {type: bucket, owner: shop-team}\n";

const BOB: &str = "apiVersion: backstage.io/v1alpha1\nkind: User\nmetadata: {name: bob, annotations: {graph.microsoft.com/user-id: 1b2c}}\nspec: {memberOf: [shop-team]}\n";

const TEAM: &str = "apiVersion: backstage.io/v1alpha1\nkind: Group\nmetadata: {name: shop-team}\nspec: {type: team, children: []}\n";

fn fill(sandbox: &Sandbox, folder: &str) {
    sandbox.write(&format!("{folder}catalog/shop-team/team.yaml"), TEAM);
    sandbox.write(&format!("{folder}catalog/shop/shop.yaml"), SHOP);
    sandbox.write(&format!("{folder}catalog/shop/orders-namespace.yaml"), NAMESPACE);
    sandbox.write(&format!("{folder}catalog/shop/other.yaml"), OTHER);
    sandbox.write(&format!("{folder}catalog/shop-team/bob.yaml"), BOB);
}

fn repository() -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.platform(["init", ".", "--team", "shop-team"]).run().code(0);
    fill(&sandbox, "");
    sandbox.platform(["validate"]).run().code(0);
    sandbox
}

fn check_refused(sandbox: &Sandbox, code: i32, args: &[&str], snapshot: &str) {
    sandbox.platform(["retire"].iter().chain(args)).run().code(code).matches(snapshot);
    assert_eq!(sandbox.read("catalog/shop/shop.yaml"), SHOP, "{args:?}");
    assert_eq!(sandbox.read("catalog/shop/orders-namespace.yaml"), NAMESPACE, "{args:?}");
}

#[test]
fn what_others_name_stays() {
    let sandbox = repository();
    check_refused(&sandbox, 1, &["component:orders"], "retire/named");
    check_refused(&sandbox, 1, &["group:shop-team", "--unlink"], "retire/owner");
    check_refused(&sandbox, 1, &["ordres"], "retire/unknown");
    check_refused(&sandbox, 2, &["shop", "--replace-with", "shop"], "retire/itself");
}

#[test]
fn a_document_goes_and_the_others_stay_as_they_are() {
    let sandbox = repository();
    sandbox
        .platform(["retire", "component:orders", "--unlink", "--dry-run"])
        .run()
        .code(0)
        .matches("retire/dry-run");
    sandbox.platform(["retire", "component:orders", "--unlink"]).run().code(0);
    let (head, rest) = SHOP.split_once("---\n# Orders.").unwrap();
    let (_, tail) = rest.split_once("---\n").unwrap();
    let expected = format!("{head}---\n{tail}").replace("    - component:orders # the list\n", "");
    assert_eq!(sandbox.read("catalog/shop/shop.yaml"), expected);
    sandbox.platform(["retire", "web", "shop", "--unlink"]).run().code(0);
    assert!(!sandbox.path("catalog/shop/shop.yaml").exists(), "its last document is gone");
    assert_eq!(sandbox.read("catalog/shop/orders-namespace.yaml"), NAMESPACE.replace("  system: shop\n", ""));
    sandbox.platform(["validate"]).run().code(0);
}

#[test]
fn objects_are_destroyed_only_by_name() {
    let sandbox = repository();
    sandbox.platform(["render", "--write"]).run().code(0);
    check_refused(&sandbox, 2, &["resource:orders"], "retire/unconfirmed");
    check_refused(&sandbox, 2, &["resource:orders", "--confirm=other"], "retire/confirmed-wrong");
    sandbox
        .platform(["retire", "resource:orders", "--confirm=orders", "-o", "json"])
        .run()
        .code(0)
        .matches("retire/json");
    assert!(!sandbox.path("catalog/shop/orders-namespace.yaml").exists());
    sandbox.platform(["validate"]).run().code(0);
}

#[test]
fn what_belongs_to_it_goes_with_it() {
    let sandbox = repository();
    let args = ["retire", "system:shop", "--cascade", "--unlink", "--confirm=shop"];
    sandbox.platform(args).run().code(0).matches("retire/cascade");
    let list = sandbox.platform(["list", "-o", "json"]).run().code(0).stdout.clone();
    assert!(!list.contains("system:default/shop") && list.contains("component:default/web"), "{list}");
}

#[test]
fn another_one_takes_its_place() {
    let sandbox = repository();
    let team = "apiVersion: backstage.io/v1alpha1\nkind: Group\nmetadata: {name: new-team}\nspec: {type: team, children: [], members: []}\n";
    sandbox.write("catalog/new-team/team.yaml", team);
    sandbox.write("catalog/shop-team/bob.yaml", &BOB.replace("[shop-team]", "[shop-team, new-team]"));
    sandbox.platform(["retire", "group:shop-team", "--replace-with", "group:new-team"]).run().code(0);
    assert_eq!(sandbox.read("catalog/shop/other.yaml"), OTHER.replace("shop-team", "new-team"));
    assert_eq!(
        sandbox.read("catalog/shop-team/bob.yaml"),
        BOB.replace("shop-team", "new-team"),
        "once is enough"
    );
    sandbox.platform(["validate"]).run().code(0);
}

#[test]
fn locations_forget_files_that_are_gone() {
    let sandbox = repository();
    let location = "apiVersion: backstage.io/v1alpha1\nkind: Location\nmetadata: {name: all}\nspec:\n  targets:\n    - ./catalog/shop/other.yaml\n    - ./catalog/shop/o*her.yaml\n    - ./catalog/**/*.yaml\n";
    sandbox.write("catalog-info.yaml", location);
    sandbox.platform(["retire", "other", "--unlink"]).run().code(0);
    let expected = location
        .replace("    - ./catalog/shop/other.yaml\n", "")
        .replace("    - ./catalog/shop/o*her.yaml\n", "");
    assert_eq!(sandbox.read("catalog-info.yaml"), expected);
    sandbox.platform(["validate"]).run().code(0);
}

#[test]
fn a_request_takes_it_out_for_all() {
    let sandbox = Sandbox::new();
    git::bare(&sandbox.path("central.git"), sandbox.env(), &[("README.md", "central\n")]);
    sandbox.git(".", &["clone", "-q", "central.git", "work"]);
    sandbox.platform(["init", ".", "--team", "shop-team"]).within("work").run().code(0);
    fill(&sandbox, "work/");
    sandbox.git("work", &["add", "."]);
    sandbox.git("work", &["commit", "-qm", "Begin"]);
    sandbox.git("work", &["push", "-q"]);
    let retire = ["retire", "component:web", "other", "--submit"];
    sandbox.platform(retire).within("work").run().code(0).matches("retire/submit");
    assert_eq!(sandbox.git("work", &["status", "--porcelain"]), "");
    let branch = "platform/retire/component.default.web";
    let files = sandbox.git("central.git", &["ls-tree", "-r", "--name-only", branch]);
    assert!(!files.contains("other.yaml") && files.contains("shop.yaml"), "{files}");
}
