//! `platform init`.

use crate::support::cli::Sandbox;

#[test]
fn a_new_repository_is_right_and_committed() {
    let sandbox = Sandbox::new();
    sandbox.platform(["init", "blueprint", "--team", "shop-team"]).run().code(0).matches("init/new");
    assert_eq!(sandbox.git("blueprint", &["status", "--porcelain"]), "");
    sandbox.platform(["validate"]).within("blueprint").run().code(0);
}

#[test]
fn an_existing_repository_gets_what_is_missing_and_nothing_else() {
    let sandbox = Sandbox::new();
    sandbox.git(".", &["init", "-q"]);
    sandbox.write("README.md", "mine\n");
    sandbox.platform(["init", "--team", "shop-team"]).run().code(0).matches("init/existing");
    assert_eq!(sandbox.read("README.md"), "mine\n");
    let before = sandbox.git(".", &["status", "--porcelain"]);
    sandbox.platform(["init", "--team", "shop-team"]).run().code(0);
    assert_eq!(sandbox.git(".", &["status", "--porcelain"]), before);
}

#[test]
fn a_dry_run_makes_nothing() {
    let sandbox = Sandbox::new();
    sandbox.platform(["init", "blueprint", "--dry-run"]).run().code(0);
    assert!(!sandbox.path("blueprint").exists());
}

#[test]
fn the_name_of_a_team_is_checked() {
    Sandbox::new().platform(["init", "--team", "../x"]).run().code(2).matches("init/team-wrong");
}
