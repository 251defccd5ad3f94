//! The committed completion scripts are what the program prints.

use std::fs;

use crate::support::cli::Sandbox;
use crate::support::project;

#[test]
fn committed_scripts_are_up_to_date() {
    let scripts = [
        ("bash", "platform.bash"),
        ("zsh", "_platform"),
        ("fish", "platform.fish"),
        ("powershell", "_platform.ps1"),
        ("elvish", "platform.elv"),
    ];
    let sandbox = Sandbox::new();
    for (shell, file) in scripts {
        let run = sandbox.platform(["completions", shell]).run();
        run.code(0);
        let path = project().join("completions").join(file);
        if std::env::var("SNAPSHOTS").is_ok_and(|action| action == "overwrite") {
            fs::write(&path, &run.stdout).unwrap();
        }
        let committed = fs::read_to_string(&path).unwrap_or_default();
        assert!(
            committed == run.stdout,
            "completions/{file} is stale: run the tests with SNAPSHOTS=overwrite"
        );
    }
}

#[test]
fn an_unknown_shell_is_refused() {
    let run = Sandbox::new().platform(["completions", "tcsh"]).run();
    run.code(2);
    assert!(run.stderr.contains("bash"), "{run}");
}
