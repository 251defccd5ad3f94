//! `rules` in `platform.yaml`: the severity of every kind of rule can be set.

use std::collections::BTreeSet;

use crate::support::cli::Sandbox;

/// A rule for each way in which findings come about: while YAML is read, while an entity is decoded, on a file,
/// on comments, on the catalog, by and about policies, in templates, by rendering, and about resource types.
const RULES: &[&str] = &[
    "yaml-syntax",
    "yaml-encoding",
    "invalid-name",
    "case-colliding-keys",
    "waiver-expired",
    "waiver-malformed",
    "dangling-reference",
    "groups-have-mail",
    "policy-example",
    "policy-invalid",
    "policy-undecided",
    "template-unknown-filter",
    "template-undefined-value",
    "cannot-render",
    "invalid-resource-type",
    "stale-rendered",
];

const GROUP: &str = "apiVersion: backstage.io/v1alpha1\nkind: Group\nmetadata:\n  name: shop\nspec: {type: team, children: []}\n";

fn policy(id: &str, condition: &str) -> String {
    let group = |more: &str| {
        format!(
            "  apiVersion: backstage.io/v1alpha1\n  kind: Group\n  metadata: {{name: a}}\n  spec: {{type: team, children: []{more}}}\n"
        )
    };
    format!(
        "id: {id}\nsummary: s\nkinds: [Group]\nmessage: m\ncondition: {condition}\ngood: |\n{}bad: |\n{}---\n",
        group(", profile: {email: a}"),
        group("")
    )
}

fn resource(name: &str, spec_type: &str, parameters: &str) -> String {
    format!(
        "apiVersion: backstage.io/v1alpha1\nkind: Resource\nmetadata: {{name: {name}}}\nspec: {{type: {spec_type}, owner: shop, parameters: {parameters}}}\n"
    )
}

/// A central repository with a finding of each rule.
fn repository() -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.git(".", &["init", "-q", "-b", "main"]);
    sandbox.write("catalog/shop.yaml", GROUP);
    sandbox.write("catalog/syntax.yaml", "kind: [\n");
    let component = "apiVersion: backstage.io/v1alpha1\nkind: Component\nmetadata:\n  name: a b\n  labels: {a: x, A: y}\nspec:\n  type: service # platform: allow empty-value until 2020-01-01 late\n  lifecycle: x # platform: allow empty-value\n  owner: nobody\n";
    sandbox.write("catalog/component.yaml", component);
    std::fs::write(
        sandbox.path("catalog/bytes.yaml"),
        [GROUP.replace("shop", "b").as_bytes(), b"# \xff\n"].concat(),
    )
    .unwrap();
    let policies = [
        policy("groups-have-mail", "has(entity.spec.profile)"),
        policy("shows-otherwise", "true"),
        policy("fails", "entity.spec.profile.email != ''"),
        "id: broken\n".to_owned(),
    ];
    sandbox.write("policies/all.yaml", &policies.concat());
    sandbox.write("templates/t/skeleton/a.txt", "${{ values.nmae }}\n");
    sandbox.write("templates/t/template.yaml", "apiVersion: scaffolder.backstage.io/v1beta3\nkind: Template\nmetadata: {name: t}\nspec:\n  type: x\n  steps:\n    - action: fetch:template\n      input: {url: ./skeleton, values: {name: '${{ user.ref | uper }}'}}\n");
    sandbox.write("catalog/dns.yaml", &resource("dns", "dns-record", "{hostnames: [A_1]}"));
    sandbox.write("types/odd/type.yaml", "kind: [no type]\n");
    sandbox.write("catalog/odd.yaml", &resource("odd", "odd", "{}"));
    let fine = "{hostnames: [a.example.com], namespace: n, backend: {service: s}}";
    sandbox.write("catalog/fine.yaml", &resource("fine", "dns-record", fine));
    sandbox.write("rendered/main/default/resource-fine.yaml", "apiVersion: v1\n");
    sandbox
}

/// The rules of the findings, with the severities they have.
fn found(sandbox: &Sandbox, levels: &str) -> BTreeSet<(String, String)> {
    sandbox.write("platform.yaml", &format!("rules:\n{levels}"));
    let report = sandbox.platform(["validate", "-o", "json"]).run().json();
    let text = |value: &serde_json::Value| value.as_str().unwrap().to_owned();
    let findings = report["findings"].as_array().unwrap().iter();
    findings.map(|found| (text(&found["rule"]), text(&found["severity"]))).collect()
}

#[test]
fn the_severity_of_every_kind_of_rule_can_be_set() {
    let sandbox = repository();
    let levels = |level: &str| {
        let lines: Vec<String> = RULES.iter().map(|rule| format!("  {rule}: \"{level}\"\n")).collect();
        lines.concat()
    };
    for level in ["info", "warning", "error"] {
        let found = found(&sandbox, &levels(level));
        for rule in RULES {
            let of_rule: Vec<&str> =
                found.iter().filter(|(id, _)| id == rule).map(|(_, is)| is.as_str()).collect();
            assert_eq!(of_rule, [level], "{rule}: {found:#?}");
        }
    }
    let off = found(&sandbox, &levels("off"));
    assert!(RULES.iter().all(|rule| off.iter().all(|(id, _)| id != rule)), "{off:#?}");
}

#[test]
fn a_severity_for_no_rule_is_told() {
    let sandbox = Sandbox::new();
    sandbox.git(".", &["init", "-q", "-b", "main"]);
    sandbox.write("policies/groups.yaml", &policy("groups-have-mail", "has(entity.spec.profile)"));
    sandbox.write(
        "platform.yaml",
        "rules:\n  groups-have-mail: info\n  template-unused-parameter: info\n  dangling-refrence: error\n",
    );
    sandbox.platform(["validate"]).run().code(1).matches("validate/rule-unknown");
    let found = found(&sandbox, "  dangling-refrence: error\n  configuration: warning\n");
    assert!(found.contains(&("configuration".to_owned(), "warning".to_owned())), "{found:?}");
}
