//! What holds for every command: help, exit codes, wrong usage, streams.

use std::fs::OpenOptions;
use std::process::{Command, Stdio};

use crate::support::cli::Sandbox;

#[test]
fn the_version_is_one_line() {
    let run = Sandbox::new().platform(["--version"]).run();
    run.code(0);
    assert_eq!(run.stdout, format!("platform {}\n", env!("CARGO_PKG_VERSION")));
}

#[test]
fn what_needs_no_folder_is_answered_in_one_that_is_gone() {
    let sandbox = Sandbox::new();
    let run = |args: &[&str]| {
        let gone = sandbox.path("gone");
        std::fs::create_dir(&gone).unwrap();
        let script = r#"rmdir "$PWD" && exec "$0" "$@""#;
        let mut command = Command::new("sh");
        command.args(["-c", script, env!("CARGO_BIN_EXE_platform")]).args(args);
        let output = command.env_clear().envs(sandbox.env()).current_dir(&gone).output().unwrap();
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        (output.status.code(), text(&output.stdout), text(&output.stderr))
    };
    let version = format!("platform {}\n", env!("CARGO_PKG_VERSION"));
    assert_eq!(run(&["--version"]), (Some(0), version, String::new()));
    for args in [
        &["version"][..],
        &["--help"],
        &["help", "exit-codes"],
        &["completions", "bash"],
        &["-C", "/", "version"],
    ] {
        let (code, out, _) = run(args);
        assert!(code == Some(0) && !out.is_empty(), "{args:?}: {code:?} {out}");
    }
    let (code, _, said) = run(&["validate"]);
    assert!(code == Some(2) && said.contains("change to a folder that exists"), "{said}");
}

#[test]
fn exit_codes_are_a_topic_of_help() {
    Sandbox::new().platform(["help", "exit-codes"]).run().code(0).matches("general/help-exit-codes");
}

#[test]
fn every_command_has_help() {
    let sandbox = Sandbox::new();
    sandbox.platform(["help"]).run().code(0).matches("general/help");
    sandbox.platform(["help", "new"]).run().code(0);
    sandbox.platform(["help", "vaildate"]).run().code(2).matches("general/help-unknown");
}

#[test]
fn a_wrong_command_is_told_with_the_right_one() {
    Sandbox::new().platform(["validte"]).run().code(2).matches("general/command-unknown");
}

#[test]
fn outside_of_a_repository_it_is_said() {
    let sandbox = Sandbox::new();
    for command in [&["validate"][..], &["submit"], &["status", "x"], &["render"], &["new", "service"]] {
        let run = sandbox.platform(command).run();
        run.code(2);
        assert!(run.stderr.contains("is not in a Git repository"), "{run}");
        assert!(run.stderr.contains("platform init"), "{run}");
    }
}

#[test]
fn a_closed_pipe_is_no_failure() {
    let sandbox = Sandbox::new();
    let mut child = Command::new(env!("CARGO_BIN_EXE_platform"))
        .args(["completions", "zsh"])
        .env_clear()
        .envs(sandbox.env())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert_eq!((output.status.code(), String::from_utf8_lossy(&output.stderr).as_ref()), (Some(0), ""));
}

#[test]
fn a_full_disk_is_told() {
    let sandbox = Sandbox::new();
    let Ok(full) = OpenOptions::new().write(true).open("/dev/full") else { return };
    let output = Command::new(env!("CARGO_BIN_EXE_platform"))
        .args(["completions", "zsh"])
        .env_clear()
        .envs(sandbox.env())
        .stdout(full)
        .stderr(Stdio::piped())
        .output()
        .unwrap();
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(2), "{stderr}");
    assert!(stderr.contains("cannot write to standard output"), "{stderr}");
}

#[test]
fn settings_are_shown_with_their_origin() {
    let sandbox = Sandbox::new();
    sandbox.git(".", &["init", "-q", "-b", "main"]);
    sandbox.write("platform.yaml", "git:\n  base: trunk\n");
    let run = sandbox.platform(["config", "show"]).env("PLATFORM_REMOTE", "upstream").run();
    run.code(0).matches("general/config-show");
}

#[test]
fn a_wrong_setting_is_shown_at_its_place() {
    let sandbox = Sandbox::new();
    sandbox.git(".", &["init", "-q", "-b", "main"]);
    sandbox.write("platform.yaml", "git:\n  remot: upstream\nbackstage:\n  url: https://evil.example\n");
    sandbox.platform(["validate"]).run().code(2).matches("general/config-wrong");
}
