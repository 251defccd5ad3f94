//! `platform validate --waivers`.

use crate::support::cli::Sandbox;

fn repository() -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.git(".", &["init", "-q", "-b", "main"]);
    sandbox.write(
        "catalog-info.yaml",
        "# platform: allow invalid-name until 2026-12-24 the name is on invoices, it goes with version 2\napiVersion: backstage.io/v1alpha1\nkind: Component\nmetadata:\n  name: bad name\nspec:\n  type: '' # platform: allow empty-value until 2026-01-31 soon\n  lifecycle: a # platform: allow empty-value until 2027-01-31 no need\n  owner: b # platform: allow empty-velue until 2027-01-31 slip\n",
    );
    sandbox
}

#[test]
fn waivers_are_listed_with_what_became_of_them() {
    let sandbox = repository();
    sandbox.platform(["validate", "--waivers"]).run().code(0).matches("validate/waivers");
    let list = sandbox.platform(["validate", "--waivers", "-o", "json"]).run().code(0).json();
    let states: Vec<&str> =
        list["waivers"].as_array().unwrap().iter().map(|waiver| waiver["state"].as_str().unwrap()).collect();
    assert_eq!(states, ["used", "expired", "unused", "unknown rule"]);
    assert_eq!(list["waivers"][0]["reason"], "the name is on invoices, it goes with version 2");
    assert_eq!(list["waivers"][0]["until"], "2026-12-24");
}

#[test]
fn waivers_of_named_paths_only() {
    let sandbox = repository();
    sandbox.write("b/catalog-info.yaml", "");
    let run = sandbox.platform(["validate", "--waivers", "b"]).run();
    assert_eq!((run.code, run.stdout.as_str()), (Some(0), ""));
    sandbox.platform(["validate", "--waivers", "-o", "sarif"]).run().code(2);
}
