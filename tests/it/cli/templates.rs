//! `platform templates`.

use crate::support::cli::Sandbox;

const TEMPLATE: &str = "\
apiVersion: scaffolder.backstage.io/v1beta3
kind: Template
metadata:
  name: note
  title: Note
  description: A note about a service.
spec:
  type: note
  owner: shop
  parameters:
    - title: Note
      required: [name]
      properties:
        name: {title: Name, type: string, description: What it is about., pattern: '^[a-z]+$'}
        size: {type: string, enum: [small, large], default: small}
        token: {type: string, ui:field: Secret, default: hidden}
        loud: {type: boolean, default: false}
      dependencies:
        loud:
          oneOf:
            - properties: {loud: {const: false}}
            - properties: {loud: {const: true}, sign: {type: string, default: '!'}}
  steps:
    - id: files
      name: Write
      action: fetch:template
      input:
        url: ./skeleton
        values:
          name: ${{ parameters.name }}
          size: ${{ parameters.size }}
          sign: ${{ parameters.sign }}
          token: ${{ parameters.token }}
          loud: ${{ parameters.loud }}
    - id: publish
      action: publish:github:pull-request
      if: ${{ parameters.loud }}
      input: {repoUrl: 'github.com?owner=a&repo=b', title: x, description: x, branchName: x}
    - {id: brew, name: Brew, action: 'acme:brew', if: false}
";

fn repository() -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.git(".", &["init", "-q", "-b", "main"]);
    sandbox
}

/// A repository with a template that has no tests yet.
fn with_template() -> Sandbox {
    let sandbox = repository();
    sandbox.write("templates/note/template.yaml", TEMPLATE);
    sandbox.write("templates/note/skeleton/note.txt", "${{ values.name }} is ${{ values.size }}\n");
    sandbox
}

/// The same with two tests: one that holds, one that does not.
fn with_tests() -> Sandbox {
    let sandbox = with_template();
    sandbox.write("templates/note/tests/plain/answers.yaml", "name: orders\n");
    sandbox.write("templates/note/tests/plain/expected/note.txt", "orders is small\n");
    sandbox.write("templates/note/tests/large/answers.yaml", "{name: orders, size: large}\n");
    sandbox.write("templates/note/tests/large/expected/note.txt", "orders is huge\n");
    sandbox.write("templates/note/tests/large/expected/gone.txt", "x\n");
    sandbox
}

/// A template that Backstage would refuse.
fn with_broken_template() -> Sandbox {
    let sandbox = repository();
    sandbox.write("templates/note/template.yaml", &TEMPLATE.replace("type: note", "type: ''"));
    sandbox
}

#[test]
fn an_unknown_template_is_told_with_the_right_one() {
    for command in ["show", "lint", "test"] {
        let run = with_template().platform(["templates", command, "noet"]).run();
        run.code(2);
        assert!(run.stderr.contains("there is no template `noet`"), "{run}");
        assert!(run.stderr.contains("did you mean `note`?"), "{run}");
    }
}

#[test]
fn a_broken_template_is_told_by_each_command() {
    let sandbox = with_broken_template();
    sandbox.platform(["templates", "show", "note"]).run().code(2).matches("templates/show-broken");
    sandbox.platform(["templates", "lint"]).run().code(1).matches("templates/lint-broken");
    sandbox.platform(["templates", "test"]).run().code(1).matches("templates/test-broken");
}

#[test]
fn a_file_that_holds_no_template_is_a_finding() {
    let sandbox = repository();
    sandbox.write("templates/note/template.yaml", "kind: Note\n");
    let run = sandbox.platform(["templates", "lint", "-o", "concise"]).run();
    run.code(1);
    assert!(run.stdout.contains("templates/note/template.yaml:1:1: error[not-an-entity]"), "{run}");
}

#[test]
fn lint_shows_findings_at_their_places() {
    let sandbox = with_template();
    assert_eq!(
        sandbox.platform(["templates", "lint", "note"]).run().code(0).stdout,
        "",
        "what never runs is fine"
    );
    sandbox.write("templates/note/template.yaml", &TEMPLATE.replace("if: false", "if: true"));
    sandbox.platform(["templates", "lint", "note"]).run().code(0).matches("templates/lint-warnings");
    let wrong = TEMPLATE.replace("parameters.name }}", "parameters.name | uper }}");
    sandbox.write("templates/note/template.yaml", &wrong);
    let run = sandbox.platform(["templates", "lint", "-o", "concise"]).run();
    run.code(1);
    assert!(run.stdout.contains("error[template-unknown-filter] there is no filter uper"), "{run}");
    let report = sandbox.platform(["templates", "lint", "-o", "json"]).run().code(1).json();
    assert_eq!(report["errors"], 1);
}

#[test]
fn built_in_templates_are_fine_outside_of_any_repository() {
    let sandbox = Sandbox::new();
    sandbox
        .platform(["templates", "lint", "service", "dns"])
        .run()
        .code(0)
        .matches("templates/lint-built-in");
    sandbox
        .platform(["templates", "test", "service", "dns"])
        .run()
        .code(0)
        .matches("templates/test-built-in");
    sandbox.platform(["templates", "test"]).run().code(0).matches("templates/test-nothing");
}

#[test]
fn show_lists_what_is_asked_for_and_what_becomes_of_the_steps() {
    let sandbox = with_template();
    sandbox.platform(["templates", "show", "note"]).run().code(0).matches("templates/show");
    sandbox
        .platform(["templates", "show", "note", "-o", "json"])
        .run()
        .code(0)
        .matches("templates/show-json");
    let sandbox = Sandbox::new();
    sandbox.platform(["templates", "show", "service"]).run().code(0).matches("templates/show-service");
}

#[test]
fn a_test_that_does_not_hold_shows_the_difference() {
    let sandbox = with_tests();
    sandbox.platform(["templates", "test"]).run().code(1).matches("templates/test-differs");
    let report = sandbox.platform(["templates", "test", "-o", "json"]).run().code(1).json();
    assert_eq!(report["passed"], false);
    assert_eq!(report["templates"][0]["tests"][0]["differences"][1]["line"], 1);
    assert_eq!(report["templates"][0]["tests"][1]["verdict"], "passed");
    assert_eq!(sandbox.read("templates/note/tests/large/expected/note.txt"), "orders is huge\n");
}

#[test]
fn a_test_with_wrong_answers_or_a_step_that_fails_stops() {
    let sandbox = with_tests();
    sandbox.write("templates/note/tests/large/answers.yaml", "{name: Orders!, size: huge}\n");
    let run = sandbox.platform(["templates", "test", "--update"]).run();
    run.code(1).matches("templates/test-stopped");
    sandbox.write("templates/note/tests/large/answers.yaml", "name: [\n");
    let run = sandbox.platform(["templates", "test", "note"]).run();
    run.code(1);
    assert!(run.stdout.contains("templates/note/tests/large/answers.yaml:"), "{run}");
}

#[test]
fn update_makes_the_difference_the_expected() {
    let sandbox = with_tests();
    sandbox.platform(["templates", "test", "--update"]).run().code(0).matches("templates/test-updated");
    assert_eq!(sandbox.read("templates/note/tests/large/expected/note.txt"), "orders is large\n");
    assert!(!sandbox.path("templates/note/tests/large/expected/gone.txt").exists());
    sandbox.platform(["templates", "test"]).run().code(0).matches("templates/test-fine");
}

#[test]
fn a_new_test_needs_only_answers() {
    let sandbox = with_template();
    let run = sandbox.platform(["templates", "test"]).run();
    run.code(0);
    assert!(run.stdout.contains("no tests note"), "{run}");
    sandbox.write("templates/note/tests/first/answers.yaml", "name: orders\n");
    sandbox.platform(["templates", "test"]).run().code(1);
    sandbox.platform(["templates", "test", "--update"]).run().code(0);
    assert_eq!(sandbox.read("templates/note/tests/first/expected/note.txt"), "orders is small\n");
}

#[test]
fn update_follows_no_link_out_of_the_repository() {
    let sandbox = with_tests();
    std::fs::remove_dir_all(sandbox.path("templates/note/tests/large/expected")).unwrap();
    let outside = sandbox.home().join("outside");
    std::fs::create_dir_all(&outside).unwrap();
    std::os::unix::fs::symlink(&outside, sandbox.path("templates/note/tests/large/expected")).unwrap();
    let run = sandbox.platform(["templates", "test", "--update"]).run();
    assert_ne!(run.code, Some(0), "{run}");
    assert!(!outside.join("note.txt").exists(), "{run}");
}
