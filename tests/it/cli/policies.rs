//! `platform validate --policies-test`.

use crate::support::cli::Sandbox;

const GROUP: &str = "  apiVersion: backstage.io/v1alpha1\n  kind: Group\n  metadata: {name: shop}\n  spec: {type: team, children: []";

/// A policy that wants groups to have a mail address, with this condition.
fn policy(id: &str, condition: &str) -> String {
    format!(
        "id: {id}\nsummary: a group can be written to\nkinds: [Group]\ncondition: {condition}\nmessage: no mail address\n\
         good: |\n{GROUP}, profile: {{email: a@b}}}}\nbad: |\n{GROUP}}}\n"
    )
}

fn repository() -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.git(".", &["init", "-q", "-b", "main"]);
    sandbox
}

#[test]
fn policies_that_do_as_their_examples_say_pass() {
    let sandbox = repository();
    sandbox.platform(["validate", "--policies-test"]).run().code(0).matches("validate/policies-none");
    let two =
        format!("{}---\n{}", policy("a", "has(entity.spec.profile)"), policy("b", "size(entity.spec) > 2"));
    sandbox.write("policies/groups.yaml", &two);
    // what is wrong with entities is no matter here
    sandbox.write("catalog-info.yaml", "kind: [\n");
    sandbox.platform(["validate", "--policies-test"]).run().code(0).matches("validate/policies-pass");
    let run = sandbox.platform(["validate", "--policies-test", "-o", "json"]).run();
    let report = run.code(0).json();
    assert_eq!(
        (&report["schemaVersion"], &report["passed"], &report["failed"]),
        (&1.into(), &2.into(), &0.into())
    );
    assert_eq!(report["policies"][1]["line"], 17);
}

#[test]
fn what_fails_is_told_with_its_reason_and_what_cannot_be_read_with_its_place() {
    let sandbox = repository();
    sandbox.write("policies/a.yaml", &policy("always", "'true'"));
    sandbox.write("policies/b.yaml", &policy("right", "has(entity.spec.profile)"));
    sandbox.write("policies/c.yaml", &policy("broken", "has(entity"));
    sandbox.platform(["validate", "--policies-test"]).run().code(1).matches("validate/policies-fail");
    let run = sandbox.platform(["validate", "--policies-test", "-o", "json"]).run();
    let report = run.code(1).json();
    assert_eq!((&report["passed"], &report["failed"]), (&1.into(), &1.into()));
    assert_eq!(report["policies"][0]["good"]["passed"], true);
    assert_eq!(report["policies"][0]["bad"]["reason"], "fulfils the condition");
    assert_eq!(report["findings"][0]["rule"], "policy-invalid");
    assert_eq!(report["findings"][0]["place"]["path"], "policies/c.yaml");
    // the formats of other tools get findings
    let run = sandbox.platform(["validate", "--policies-test", "-o", "github"]).run();
    assert_eq!(run.code(1).stdout.lines().count(), 2, "{run}");
}

#[test]
fn nothing_else_can_be_asked_with_it() {
    let sandbox = repository();
    for more in [&["catalog"][..], &["--fix"], &["--waivers"], &["--changed"], &["--hook"]] {
        let run = sandbox.platform(["validate", "--policies-test"].iter().chain(more)).run();
        run.code(2);
        assert!(run.stderr.contains("cannot be used with"), "{run}");
    }
}
