//! What the tests stand on: the built program in a clean room, servers with state, and programs and
//! material of others to compare ourselves with.
//!
//! Each server listens on a free loopback port and ends when its value is dropped. A server is a
//! double of a system that is not ours; there are no doubles of our own code.
#![expect(dead_code, reason = "some of it waits for the commands whose tests need it")]

pub(crate) mod backstage;
pub(crate) mod cli;
pub(crate) mod fake;
pub(crate) mod git;
pub(crate) mod gitea;
pub(crate) mod github;
pub(crate) mod gitlab;
pub(crate) mod kubernetes;
pub(crate) mod node;
pub(crate) mod prism;
pub(crate) mod python;
pub(crate) mod scaffolder;
pub(crate) mod server;
pub(crate) mod shared;
pub(crate) mod terminal;

use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

/// Says that the test that runs was not run, and why, past the capture of test output. In CI that
/// is a failure.
#[track_caller]
pub(crate) fn skip(why: &str) {
    let thread = std::thread::current();
    let test = thread.name().unwrap_or("a test");
    let ci = std::env::var("CI").is_ok_and(|value| value == "true");
    assert!(!ci, "{test} has to run in CI, but {why}");
    // not eprintln!: its output is only shown for tests that fail
    let _ = writeln!(std::io::stderr(), "SKIPPED: {test}: {why}");
}

/// The root of the project.
pub(crate) fn project() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Whether a program can be started.
pub(crate) fn has_program(name: &str) -> bool {
    let output = Command::new(name).arg("--version").stdin(Stdio::null()).output();
    output.is_ok_and(|output| output.status.success())
}
