//! `platform codeowners`.

use crate::support::cli::Sandbox;

fn repository() -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox
        .platform(["init", ".", "--team", "ops", "--repository", "https://github.com/acme/b"])
        .run()
        .code(0);
    sandbox.write(
        "catalog/shop/team.yaml",
        "apiVersion: backstage.io/v1alpha1\nkind: Group\nmetadata:\n  name: shop\n  annotations:\n    github.com/team-slug: acme/the-shop\nspec: {type: team, children: []}\n",
    );
    sandbox.write(
        "catalog/shop/ops.yaml",
        "apiVersion: backstage.io/v1alpha1\nkind: System\nmetadata: {name: operations}\nspec: {owner: ops}\n",
    );
    sandbox
}

#[test]
fn the_lines_follow_the_catalog() {
    let sandbox = repository();
    sandbox.platform(["codeowners", "--check"]).run().code(3).matches("codeowners/stale");
    let before = sandbox.read("CODEOWNERS");
    sandbox.platform(["codeowners", "--write", "--dry-run"]).run().code(3);
    assert_eq!(sandbox.read("CODEOWNERS"), before);
    sandbox.platform(["codeowners", "--write"]).run().code(0);
    sandbox.platform(["codeowners", "--check"]).run().code(0);
    let shown = sandbox.platform(["codeowners"]).run();
    assert_eq!(shown.code(0).stdout, sandbox.read("CODEOWNERS"));
    assert_eq!(sandbox.platform(["codeowners", "-o", "json"]).run().json()["upToDate"], true);
}

#[test]
fn an_owner_without_a_name_on_the_forge_is_told() {
    let sandbox = Sandbox::new();
    sandbox.platform(["init", ".", "--team", "ops"]).run().code(0);
    sandbox.platform(["codeowners"]).run().code(0).matches("codeowners/unknown");
    let run = sandbox.platform(["codeowners", "--org", "acme"]).run();
    assert!(run.stdout.contains("/catalog/ops/ @acme/ops"), "{run}");
}

#[test]
fn a_link_that_leads_out_is_not_written() {
    let sandbox = Sandbox::new();
    sandbox.write("b/platform.yaml", "");
    sandbox.write("outside", "x\n");
    std::os::unix::fs::symlink("../outside", sandbox.path("b/CODEOWNERS")).unwrap();
    sandbox.platform(["codeowners", "--write"]).within("b").run().code(2);
    assert_eq!(sandbox.read("outside"), "x\n");
}
