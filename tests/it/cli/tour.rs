//! `platform tour`: the main job, as a newcomer sees it.

use crate::support::cli::Sandbox;

#[test]
fn the_main_job_runs_from_nothing_to_a_status() {
    let mut sandbox = Sandbox::new();
    sandbox.placeholder(env!("CARGO_BIN_EXE_platform"), "PROGRAM");
    let run = sandbox.platform(["tour", "here"]).run();
    run.code(0).matches("tour/tour");
    assert_eq!(
        sandbox.git("here/blueprint", &["status", "--porcelain"]),
        "",
        "the checkout is clean for the user to go on in"
    );
    let log = sandbox.git("here/central.git", &["log", "--format=%s", "main"]);
    assert!(log.contains("Add component orders"), "{log}");
    sandbox.platform(["validate"]).within("here/blueprint").run().code(0);
}

#[test]
fn a_folder_with_something_in_it_is_left_alone() {
    let sandbox = Sandbox::new();
    sandbox.write("here/mine.txt", "x");
    let run = sandbox.platform(["tour", "here"]).run();
    run.code(2);
    assert!(run.stderr.contains("is not empty"), "{run}");
}
