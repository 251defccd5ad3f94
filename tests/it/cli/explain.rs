//! `platform explain`.

use platform::rules::RULES;
use platform::scaffolder::LINTS;

use crate::support::cli::Sandbox;

#[test]
fn each_rule_is_explained_with_its_examples() {
    let sandbox = Sandbox::new();
    sandbox.platform(["explain", "dangling-reference"]).run().code(0).matches("explain/dangling-reference");
    for rule in RULES {
        let run = sandbox.platform(["explain", rule.id.as_str()]).run();
        run.code(0);
        assert!(run.stdout.starts_with(&format!("{} ({}): ", rule.id, rule.severity.as_str())), "{run}");
        let has_example = run.stdout.contains("\nWrong:\n") && run.stdout.contains("\nRight:\n");
        assert_eq!(has_example, !rule.docs.bad.is_empty(), "{run}");
        assert!(run.stdout.contains(&format!("# platform: allow {} until ", rule.id)), "{run}");
        assert!(
            run.stdout.lines().all(|line| line.chars().count() <= 100 || line.starts_with("    ")),
            "{run}"
        );
    }
}

#[test]
fn lints_of_templates_are_explained_too() {
    let sandbox = Sandbox::new();
    let run = sandbox.platform(["explain", "template-unknown-filter"]).run();
    run.code(0).matches("explain/template-unknown-filter");
    for lint in LINTS {
        let run = sandbox.platform(["explain", lint.id.as_str()]).run();
        run.code(0);
        assert!(run.stdout.starts_with(&format!("{} ({}): ", lint.id, lint.severity.as_str())), "{run}");
    }
}

#[test]
fn all_rules_are_listed() {
    let run = Sandbox::new().platform(["explain"]).run();
    run.code(0);
    for rule in RULES {
        assert!(run.stdout.contains(&format!("{}  ", rule.id)), "{run}");
    }
    let list = Sandbox::new().platform(["explain", "-o", "json"]).run().json();
    assert_eq!(list["rules"].as_array().unwrap().len(), RULES.len() + LINTS.len());
    assert_eq!(list["schemaVersion"], 1);
}

#[test]
fn an_unknown_rule_is_told_with_the_right_one() {
    let sandbox = Sandbox::new();
    sandbox.platform(["explain", "dangling-refrence"]).run().code(2).matches("explain/rule-misspelled");
    sandbox.platform(["explain", "dangling"]).run().code(2).matches("explain/rule-unfinished");
    sandbox.platform(["explain", "xyz"]).run().code(2).matches("explain/rule-unknown");
}

#[test]
fn policies_and_severities_of_the_repository_are_told() {
    let sandbox = Sandbox::new();
    sandbox.copy_fixture("explain/repository", ".");
    sandbox.git(".", &["init", "-q", "-b", "main"]);
    sandbox.platform(["explain", "service-on-call"]).run().code(0).matches("explain/policy");
    let run = sandbox.platform(["explain", "invalid-tag"]).run();
    assert!(run.stdout.contains("it is `warning` here (platform.yaml:2)"), "{run}");
    let run = sandbox.platform(["explain", "invalid-tag", "-o", "json"]).run();
    assert_eq!(run.json()["configured"], "warning");
}
