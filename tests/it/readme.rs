//! The README is true: its examples run, and its test command is what the gate calls.

use std::fs;

use crate::support::cli::Sandbox;
use crate::support::project;

fn readme() -> String {
    fs::read_to_string(project().join("README.md")).unwrap()
}

#[test]
fn the_examples_run() {
    let sandbox = Sandbox::new();
    let text = readme();
    let blocks = text.split("```console\n").skip(1).map(|rest| rest.split("```").next().unwrap_or_default());
    let commands: Vec<&str> =
        blocks.flat_map(str::lines).filter_map(|line| line.strip_prefix("$ platform ")).collect();
    assert!(commands.len() >= 8, "the examples were not found");
    for command in commands {
        let run = sandbox.platform(command.split_whitespace()).run();
        // `status` of what is not submitted yet is pending; everything else is fine
        let expected = if command.starts_with("status") { 8 } else { 0 };
        assert!(run.code == Some(expected) || run.code == Some(0), "README.md: {run}");
    }
}

#[test]
fn every_command_is_in_the_readme_or_the_help() {
    let help = Sandbox::new().platform(["help"]).run();
    for command in [
        "tour",
        "init",
        "new",
        "new-service",
        "templates",
        "validate",
        "render",
        "submit",
        "status",
        "completions",
    ] {
        assert!(help.stdout.contains(&format!("\n  {command}")), "{help}");
    }
}

#[test]
fn the_gate_calls_the_test_command() {
    let command = readme().lines().find_map(|line| line.strip_prefix("    cargo test")).map(str::to_owned);
    assert_eq!(command.as_deref(), Some(" --locked"));
    assert!(readme().contains("\n    cargo run --release -- tour\n"));
    let gate = fs::read_to_string(project().join(".ci/run")).unwrap();
    assert!(gate.contains("README.md"));
}
