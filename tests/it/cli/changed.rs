//! `platform validate --changed` and `--hook`: what a change is answerable for.

use crate::support::cli::{Run, Sandbox};

fn entity(kind: &str, name: &str, spec: &str) -> String {
    format!("apiVersion: backstage.io/v1alpha1\nkind: {kind}\nmetadata:\n  name: {name}\nspec: {{{spec}}}\n")
}

fn group(name: &str) -> String {
    entity("Group", name, "type: team, children: []")
}

fn component(name: &str, owner: &str) -> String {
    entity("Component", name, &format!("type: service, lifecycle: x, owner: {owner}"))
}

/// A central repository with one finding that was there before, and a remote that knows it.
fn repository() -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.git(".", &["init", "-q", "-b", "main"]);
    sandbox.write("platform.yaml", "");
    sandbox.write("catalog/shop.yaml", &group("shop"));
    sandbox.write("catalog/pay.yaml", &group("pay"));
    sandbox.write("catalog/orders.yaml", &component("orders", "shop"));
    sandbox.write("catalog/old.yaml", &component("old", "nobody-knows"));
    commit(&sandbox, "Begin");
    sandbox.git(".", &["update-ref", "refs/remotes/origin/main", "HEAD"]);
    sandbox
}

fn commit(sandbox: &Sandbox, message: &str) {
    sandbox.git(".", &["add", "--all"]);
    sandbox.git(".", &["commit", "-q", "--allow-empty", "-m", message]);
}

fn remove(sandbox: &Sandbox, path: &str) {
    std::fs::remove_file(sandbox.path(path)).unwrap();
}

/// The findings as `path rule`.
#[track_caller]
fn check(run: &Run, expected: &[&str]) {
    let line = |line: &str| {
        let (path, rest) = line.split_once(':').unwrap();
        let rule = rest.split_once('[').unwrap().1.split_once(']').unwrap().0;
        format!("{path} {rule}")
    };
    let found: Vec<String> = run.stdout.lines().map(line).collect();
    assert_eq!(found, expected, "{run}");
}

fn changed(sandbox: &Sandbox) -> Run {
    sandbox.platform(["validate", "--changed", "-o", "concise"]).run()
}

fn hook(sandbox: &Sandbox, paths: &[&str]) -> Run {
    let args = ["validate", "--hook", "-o", "concise"];
    sandbox.platform(args.iter().chain(paths)).run()
}

const DANGLING: &str = "catalog/orders.yaml dangling-reference";

#[test]
fn what_was_wrong_before_is_not_reported() {
    let sandbox = repository();
    check(&sandbox.platform(["validate", "-o", "concise"]).run(), &["catalog/old.yaml dangling-reference"]);
    check(changed(&sandbox).code(0), &[]);
    check(hook(&sandbox, &[]).code(0), &[]);
}

#[test]
fn commits_and_uncommitted_and_untracked_files_are_changes() {
    let sandbox = repository();
    sandbox.write("catalog/a.yaml", &component("a", "nobody"));
    commit(&sandbox, "Add a");
    sandbox.write("catalog/b.yaml", &component("b", "nobody"));
    sandbox.git(".", &["add", "catalog/b.yaml"]);
    sandbox.write("catalog/c.yaml", &component("c", "nobody"));
    let all = [
        "catalog/a.yaml dangling-reference",
        "catalog/b.yaml dangling-reference",
        "catalog/c.yaml dangling-reference",
    ];
    check(changed(&sandbox).code(1), &all);
    let since_head = sandbox.platform(["validate", "--changed", "HEAD", "-o", "concise"]).run();
    check(since_head.code(1), &all[1..]);
}

#[test]
fn what_dangles_because_a_file_is_gone_is_reported() {
    let sandbox = repository();
    remove(&sandbox, "catalog/pay.yaml");
    check(changed(&sandbox).code(0), &[]);
    remove(&sandbox, "catalog/shop.yaml");
    check(changed(&sandbox).code(1), &[DANGLING]);
    commit(&sandbox, "Remove the teams");
    check(changed(&sandbox).code(1), &[DANGLING]);
}

#[test]
fn what_dangles_because_an_entity_has_another_name_is_reported() {
    let sandbox = repository();
    sandbox.write("catalog/shop.yaml", &group("store"));
    check(changed(&sandbox).code(1), &[DANGLING]);
    // a file with another name holds the same entity
    sandbox.git(".", &["checkout", "-q", "."]);
    sandbox.git(".", &["mv", "catalog/shop.yaml", "catalog/team.yaml"]);
    check(changed(&sandbox).code(0), &[]);
}

#[test]
fn an_entity_that_is_defined_again_is_reported_wherever_the_other_is() {
    let sandbox = repository();
    sandbox.write("catalog/a.yaml", &group("shop"));
    check(changed(&sandbox).code(1), &["catalog/shop.yaml duplicate-entity"]);
    check(hook(&sandbox, &["catalog/a.yaml"]).code(1), &["catalog/shop.yaml duplicate-entity"]);
}

#[test]
fn other_rules_are_another_answer_for_every_file() {
    let sandbox = repository();
    sandbox.write("platform.yaml", "rules:\n  dangling-reference: warning\n");
    check(changed(&sandbox).code(0), &["catalog/old.yaml dangling-reference"]);
}

#[test]
fn a_file_that_a_placeholder_reads_is_part_of_the_entity() {
    let sandbox = repository();
    let text = "apiVersion: backstage.io/v1alpha1\nkind: API\nmetadata:\n  name: a\nspec:\n  type: openapi\n  lifecycle: x\n  owner: shop\n  definition:\n    $text: ./a.txt\n";
    sandbox.write("catalog/api.yaml", text);
    sandbox.write("catalog/a.txt", "x");
    commit(&sandbox, "Add an API");
    sandbox.git(".", &["update-ref", "refs/remotes/origin/main", "HEAD"]);
    check(changed(&sandbox).code(0), &[]);
    remove(&sandbox, "catalog/a.txt");
    check(changed(&sandbox).code(1), &["catalog/api.yaml unreadable-placeholder"]);
    check(hook(&sandbox, &[]).code(1), &["catalog/api.yaml unreadable-placeholder"]);
}

#[test]
fn a_file_that_a_template_renders_is_part_of_the_template() {
    let sandbox = repository();
    let template = "apiVersion: scaffolder.backstage.io/v1beta3\nkind: Template\nmetadata: {name: note}\nspec:\n  type: note\n  steps:\n    - action: fetch:template\n      input: {url: ./skeleton, values: {name: x}}\n";
    sandbox.write("templates/note/template.yaml", template);
    sandbox.write("templates/note/skeleton/old.txt", "${{ values.old }}\n");
    sandbox.write("templates/note/skeleton/note.txt", "${{ values.name }}\n");
    commit(&sandbox, "Add a template");
    sandbox.git(".", &["update-ref", "refs/remotes/origin/main", "HEAD"]);
    check(changed(&sandbox).code(0), &[]);
    sandbox.write("templates/note/skeleton/note.txt", "${{ values.nmae }}\n");
    let undefined = "templates/note/template.yaml template-undefined-value";
    check(changed(&sandbox).code(0), &[undefined]);
    check(hook(&sandbox, &[]).code(0), &[undefined]);
    // named as a path, with what was wrong in the template before
    let named = ["validate", "-o", "concise", "templates/note/skeleton/note.txt"];
    check(&sandbox.platform(named).run(), &[undefined, undefined]);
    check(&sandbox.platform(["validate", "-o", "concise", "catalog/pay.yaml"]).run(), &[]);
    std::fs::remove_dir_all(sandbox.path("templates/note/skeleton")).unwrap();
    check(changed(&sandbox).code(1), &["templates/note/template.yaml template-missing-skeleton"]);
}

#[test]
fn the_base_is_where_the_branch_began() {
    let sandbox = repository();
    sandbox.git(".", &["checkout", "-q", "-b", "work"]);
    sandbox.git(".", &["checkout", "-q", "main"]);
    sandbox.write("catalog/theirs.yaml", &component("theirs", "nobody"));
    commit(&sandbox, "Add something of theirs");
    sandbox.git(".", &["update-ref", "refs/remotes/origin/main", "HEAD"]);
    sandbox.git(".", &["checkout", "-q", "work"]);
    check(changed(&sandbox).code(0), &[]);
    sandbox.platform(["validate", "--changed", "nowhere"]).run().code(2).matches("validate/base-unknown");
}

#[test]
fn a_linked_work_tree_is_a_work_tree() {
    let sandbox = repository();
    sandbox.git(".", &["worktree", "add", "-q", "../linked", "-b", "linked"]);
    remove(&sandbox, "../linked/catalog/shop.yaml");
    let run = sandbox.platform(["validate", "--changed", "-o", "concise"]).within("../linked").run();
    check(run.code(1), &[DANGLING]);
    let run = sandbox.platform(["validate", "--hook", "-o", "concise"]).within("../linked").run();
    check(run.code(1), &[DANGLING]);
    check(changed(&sandbox).code(0), &[]);
}

#[test]
fn a_hook_passes_over_paths_that_are_gone() {
    let sandbox = repository();
    sandbox.git(".", &["rm", "-q", "catalog/pay.yaml"]);
    check(hook(&sandbox, &["catalog/pay.yaml", "gone/away.yaml", "catalog/orders.yaml"]).code(0), &[]);
    sandbox.git(".", &["rm", "-q", "catalog/shop.yaml"]);
    check(hook(&sandbox, &["catalog/shop.yaml"]).code(1), &[DANGLING]);
}

#[test]
fn a_hook_does_not_see_what_is_not_committed() {
    let sandbox = repository();
    sandbox.write("catalog/broken.yaml", "kind: [\n");
    sandbox.write("catalog/new.yaml", &group("new"));
    sandbox.write("catalog/orders.yaml", &component("orders", "new"));
    sandbox.git(".", &["add", "catalog/orders.yaml"]);
    // the group is there, but not in the commit
    check(hook(&sandbox, &["catalog/orders.yaml"]).code(1), &[DANGLING]);
    sandbox.git(".", &["add", "catalog/new.yaml"]);
    check(hook(&sandbox, &["catalog/orders.yaml", "catalog/new.yaml"]).code(0), &[]);
}

#[test]
fn a_hook_is_right_for_any_split_of_the_paths() {
    let sandbox = repository();
    sandbox.write("catalog/a.yaml", &component("a", "nobody"));
    sandbox.write("catalog/b.yaml", &component("b", "a-team"));
    sandbox.write("catalog/c.yaml", &group("a-team"));
    sandbox.git(".", &["add", "--all"]);
    let paths = ["catalog/a.yaml", "catalog/b.yaml", "catalog/c.yaml"];
    check(hook(&sandbox, &paths).code(1), &["catalog/a.yaml dangling-reference"]);
    // each part tells what is in it; what is elsewhere and new is told by all
    for path in paths {
        check(hook(&sandbox, &[path]).code(1), &["catalog/a.yaml dangling-reference"]);
    }
}

#[test]
fn before_the_first_commit_only_the_paths_count() {
    let sandbox = Sandbox::new();
    sandbox.git(".", &["init", "-q", "-b", "main"]);
    sandbox.write("catalog/a.yaml", &group("A B"));
    sandbox.git(".", &["add", "--all"]);
    check(hook(&sandbox, &["catalog/a.yaml"]).code(1), &["catalog/a.yaml invalid-name"]);
}
