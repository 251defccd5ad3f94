//! `platform new` and its short forms.

use crate::support::cli::Sandbox;

const ANSWERS: [&str; 8] = [
    "--set",
    "name=orders",
    "--set",
    "owner=group:default/shop-team",
    "--set",
    "system=shop",
    "--set",
    "newSystem=true",
];

fn repository() -> Sandbox {
    let sandbox = Sandbox::new();
    let id = "11111111-2222-3333-4444-555555555555";
    sandbox.platform(["init", ".", "--team", "shop-team", "--user-id", id]).run().code(0);
    sandbox
}

fn new_service<'a>(more: impl IntoIterator<Item = &'a str>) -> Vec<&'a str> {
    ["new-service"].into_iter().chain(ANSWERS).chain(more).collect()
}

#[test]
fn answers_become_files_that_are_right() {
    let sandbox = repository();
    sandbox.platform(new_service(["--dry-run"])).run().code(0).matches("new/service-dry-run");
    assert!(!sandbox.path("catalog/shop").exists(), "a dry run writes nothing");
    sandbox.platform(new_service([])).run().code(0).matches("new/service");
    sandbox.platform(["validate"]).run().code(0);
    sandbox.platform(new_service([])).run().code(0).matches("new/service-again");
}

#[test]
fn all_missing_answers_are_named_at_once() {
    repository().platform(["new", "service"]).run().code(2).matches("new/answers-missing");
}

#[test]
fn wrong_answers_are_named_with_what_is_allowed() {
    let more = ["--set", "lifecycle=produktion", "--set", "ownr=x"];
    repository().platform(new_service(more)).run().code(2).matches("new/answers-wrong");
}

#[test]
fn an_unknown_template_is_told_with_the_right_one() {
    repository().platform(["new", "servcie"]).run().code(2).matches("new/template-unknown");
}

#[test]
fn without_a_terminal_the_template_must_be_named() {
    repository().platform(["new"]).run().code(2).matches("new/template-missing");
}

#[test]
fn a_file_that_is_there_is_never_replaced_in_silence() {
    let sandbox = repository();
    sandbox.platform(new_service([])).run().code(0);
    let written = sandbox.read("catalog/shop/orders.yaml");
    let run = sandbox.platform(new_service(["--set", "lifecycle=deprecated"])).run();
    run.code(1).matches("new/file-exists");
    assert_eq!(sandbox.read("catalog/shop/orders.yaml"), written);
    sandbox.platform(new_service(["--set", "lifecycle=deprecated", "--overwrite"])).run().code(0);
    assert_ne!(sandbox.read("catalog/shop/orders.yaml"), written);
}

#[test]
fn an_owner_that_does_not_exist_is_found_before_anything_is_written() {
    let sandbox = repository();
    let mut arguments = new_service([]);
    arguments[4] = "owner=group:default/shop-taem";
    sandbox.platform(arguments).run().code(1).matches("new/owner-unknown");
    assert!(!sandbox.path("catalog/shop").exists());
}

fn own_template(sandbox: &Sandbox, steps: &str) {
    sandbox.write(
        "templates/own/template.yaml",
        &format!(
            "apiVersion: scaffolder.backstage.io/v1beta3\nkind: Template\nmetadata:\n  name: own\nspec:\n  type: service\n  owner: shop-team\n  parameters:\n    - required: [path]\n      properties:\n        path: {{type: string}}\n  steps:\n{steps}"
        ),
    );
}

#[test]
fn a_template_cannot_write_outside_of_the_repository() {
    let sandbox = repository();
    own_template(
        &sandbox,
        "    - action: fetch:template\n      input:\n        url: ./skeleton\n        targetPath: ${{ parameters.path }}\n",
    );
    sandbox.write("templates/own/skeleton/evil.txt", "x\n");
    for path in ["../outside", "/tmp/outside", "a/../../outside"] {
        let run = sandbox.platform(["new", "own", "--set", &format!("path={path}")]).run();
        run.code(1);
        assert!(!sandbox.path("../outside").exists() && !sandbox.path("outside").exists(), "{run}");
    }
    std::os::unix::fs::symlink("/", sandbox.path("link")).unwrap();
    let run = sandbox.platform(["new", "own", "--set", "path=link/tmp/platform-outside"]).run();
    run.code(1);
    assert!(run.stderr.contains("outside of the repository"), "{run}");
}

#[test]
fn a_template_with_steps_that_cannot_run_here_says_so_before_it_starts() {
    let sandbox = repository();
    own_template(&sandbox, "    - id: ticket\n      action: acme:ticket:create\n      input: {}\n");
    sandbox.platform(["new", "own", "--set", "path=x"]).run().code(2).matches("new/step-unavailable");
}

#[test]
fn answers_come_from_a_file_too() {
    let sandbox = repository();
    sandbox.write(
        "answers.yaml",
        "name: orders\nowner: group:default/shop-team\nsystem: shop\nnewSystem: true\n",
    );
    sandbox.platform(["new", "service", "--answers", "answers.yaml", "--dry-run"]).run().code(0);
    let run = sandbox.platform(["new", "service", "--answers", "-", "--dry-run"]);
    run.stdin("{\"name\": \"orders\"}").run().code(2);
}
