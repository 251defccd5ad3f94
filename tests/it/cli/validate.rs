//! `platform validate`.

use crate::support::cli::Sandbox;

const GROUP: &str = "apiVersion: backstage.io/v1alpha1\nkind: Group\nmetadata:\n  name: shop\nspec:\n  type: team\n  children: []\n";

fn repository() -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.git(".", &["init", "-q", "-b", "main"]);
    sandbox.write("catalog/shop/team.yaml", GROUP);
    sandbox
}

fn component(name: &str, owner: &str) -> String {
    format!(
        "apiVersion: backstage.io/v1alpha1\nkind: Component\nmetadata:\n  name: {name}\nspec:\n  type: service\n  lifecycle: production\n  owner: {owner}\n"
    )
}

#[test]
fn a_right_catalog_is_fine() {
    let sandbox = repository();
    sandbox.write("catalog/shop/orders.yaml", &component("orders", "shop"));
    sandbox.platform(["validate"]).run().code(0).matches("validate/fine");
}

#[test]
fn every_finding_is_shown_with_its_excerpt() {
    let sandbox = repository();
    sandbox.write("catalog/shop/orders.yaml", &component("Bad Name!", "shop").replace("service", "\"\""));
    sandbox.write("catalog/shop/broken.yaml", "apiVersion: backstage.io/v1alpha1\nkind: [Component\n");
    sandbox.platform(["validate"]).run().code(1).matches("validate/findings-text");
    sandbox.platform(["validate", "-o", "concise"]).run().code(1).matches("validate/findings-concise");
    let report = sandbox.platform(["validate", "-o", "json"]).run().code(1).json();
    assert_eq!(report["schemaVersion"], 1);
    assert_eq!(report["errors"], report["findings"].as_array().unwrap().len());
}

#[test]
fn only_the_paths_that_were_named_are_reported() {
    let sandbox = repository();
    sandbox.write("catalog/a/x.yaml", &component("x!", "shop"));
    sandbox.write("catalog/b/y.yaml", &component("y!", "shop"));
    let run = sandbox.platform(["validate", "catalog/a", "-o", "concise"]).run();
    run.code(1);
    assert!(run.stdout.contains("catalog/a/x.yaml") && !run.stdout.contains("catalog/b"), "{run}");
    sandbox.platform(["validate", "catalog/shop"]).run().code(0);
    sandbox.platform(["validate", "catalog/nowhere"]).run().code(2).matches("validate/path-missing");
}

#[test]
fn standard_input_counts_as_a_file() {
    let sandbox = repository();
    let run =
        sandbox.platform(["validate", "-", "--stdin-filename", "catalog/shop/new.yaml", "-o", "concise"]);
    let run = run.stdin(&component("Bad!", "shop")).run();
    run.code(1);
    assert!(run.stdout.starts_with("catalog/shop/new.yaml:4:9: error[invalid-name]"), "{run}");
}

#[test]
fn nothing_in_a_file_reaches_the_terminal_as_a_control_character() {
    let sandbox = repository();
    sandbox.write("catalog/shop/evil.yaml", &component("\"a\\x1b[2Jb\"", "shop"));
    for format in ["text", "concise", "json"] {
        let run = sandbox.platform(["validate", "-o", format, "--color", "never"]).run();
        run.code(1);
        assert!(!run.stdout.contains('\u{1b}') && !run.stderr.contains('\u{1b}'), "{run}");
    }
}

#[test]
fn an_unreadable_place_is_a_finding() {
    let sandbox = repository();
    sandbox.write("catalog/shop/bytes.yaml", "");
    std::fs::write(
        sandbox.path("catalog/shop/bytes.yaml"),
        b"apiVersion: backstage.io/v1alpha1\nkind: \xff\n",
    )
    .unwrap();
    let run = sandbox.platform(["validate", "-o", "concise"]).run();
    run.code(1);
    assert!(run.stdout.contains("bytes.yaml:2:7: error[yaml-encoding]"), "{run}");
}

const TEMPLATE: &str = "apiVersion: scaffolder.backstage.io/v1beta3\nkind: Template\nmetadata:\n  name: note\nspec:\n  type: note\n  parameters:\n    - properties:\n        name: {type: string}\n  steps:\n    - action: fetch:template\n      input:\n        url: ./skeleton\n        values:\n          name: ${{ parameters.name | uper }}\n";

#[test]
fn templates_are_linted_with_the_files_that_they_render() {
    let sandbox = repository();
    sandbox.write("templates/note/template.yaml", TEMPLATE);
    sandbox.write("templates/note/skeleton/note.txt", "${{ values.nmae }}\n");
    sandbox.platform(["validate"]).run().code(1).matches("validate/template-lint");
    sandbox.platform(["validate", "catalog"]).run().code(0);
}

#[test]
fn lints_of_templates_obey_settings_and_waivers() {
    let sandbox = repository();
    let waiver = "# platform: allow template-unknown-filter until 2027-03-31 the portal adds it\n";
    sandbox.write("templates/note/template.yaml", &format!("{waiver}{TEMPLATE}"));
    sandbox.write("templates/note/skeleton/note.txt", "${{ values.nmae }}\n");
    let run = sandbox.platform(["validate", "-o", "concise"]).run();
    run.code(0);
    assert!(run.stdout.contains("template-undefined-value") && !run.stdout.contains("filter"), "{run}");
    sandbox.write("platform.yaml", "rules:\n  template-undefined-value: \"off\"\n");
    let run = sandbox.platform(["validate", "-o", "concise"]).run();
    assert_eq!(run.code(0).stdout, "", "{run}");
}

#[test]
fn what_the_tests_of_a_template_expect_is_no_part_of_the_catalog() {
    let sandbox = repository();
    sandbox.write("templates/note/template.yaml", TEMPLATE);
    sandbox.write("templates/note/tests/one/expected/catalog/team.yaml", &GROUP.replace("shop", "Bad!"));
    let run = sandbox.platform(["validate", "-o", "concise"]).run();
    run.code(1);
    assert!(run.stdout.contains("template-missing-skeleton") && !run.stdout.contains("Bad!"), "{run}");
}
