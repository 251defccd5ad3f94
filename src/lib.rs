//! `platform`: the developer's front door to an internal developer platform that is kept as
//! Backstage entities in one central Git repository.
//!
//! This page is the map of the code: a pure middle (text in, values out), adapters around it, a
//! thin command line on top.
//!
//! # Invariants
//!
//! 1. **Pure middle.** From [`source`] to [`rules`] code takes values and returns values: no files,
//!    network, clock, environment, `async`.
//! 2. **Parsing and checking do not fail.** They return a value and diagnostics. `Err` means *the
//!    tool could not do its job*, never *the user's file is wrong*.
//! 3. **One place type**: [`source::Span`], byte offsets into a known source. Line and column are
//!    computed when a finding is shown.
//! 4. **Operations print nothing.** They return a report; [`output`] turns it into text. What they
//!    wait for goes through [`progress::Progress`].
//! 5. **Narrow gates.** Only [`config`] reads the environment, only [`output`] touches stdout and
//!    stderr, only [`cli`] knows clap, only [`fs`] opens files, only [`process`] starts programs.
//! 6. **Domain types are not wire types.** JSON output, forge payloads and Kubernetes bodies are
//!    separate structs beside the code that reads or writes them.
//! 7. **Same input, same bytes.** Every list that reaches a user is sorted; no hash order leaks;
//!    time is passed in.
//! 8. `validate`, `new` (but for `--remote`), `render` start no async runtime and open no socket.
//!
//! # Layers
//!
//! A module names only modules of lower rows; siblings in a row do not know each other. A test holds
//! this table as a constant and fails when a `crate::` path breaks it.
//!
//! | row | modules | what |
//! |---|---|---|
//! | 12 | `main`, this page | arguments to exit code |
//! | 11 | [`cli`] | clap types; one file a subcommand: flags and settings to a request, a report to output |
//! | 10 | [`output`] | the console (streams, colour, width, prompts), tables, JSON, diagnostics in each format |
//! | 9 | [`ops`] | one file an operation: request, report, one function. The only place where pure code and adapters meet |
//! | | [`config`] | layers of configuration to settings; each value knows its origin |
//! | 8 | [`git`] | repository, trees, commits (git2); `transport` is the one file that pushes and fetches |
//! | | [`forge`] | pull requests: GitHub, GitLab, Gitea and Forgejo, and the built-in `local` forge |
//! | | [`cluster`] | Kubernetes through kube: discovery, get |
//! | | [`backstage`] | the catalog API, tasks of the scaffolder |
//! | 7 | [`http`] | the one reqwest client: TLS, timeouts, retries, limits, redaction |
//! | | [`fs`] | walk, read, atomic write; every error names its path |
//! | | [`process`] | runs another program: `git`, `gh` |
//! | 6 | [`rules`] | one file a rule about a file or the whole catalog; policies, waivers, the documentation of every rule |
//! | | [`impact`] | two states of the catalog to what a change does: objects, access, risks |
//! | 5 | [`scaffolder`] | Software Template, parameters, actions: answers to files in memory |
//! | | [`render`] | entity and resource type to Kubernetes objects |
//! | | [`status`] | desired objects and an observed snapshot to health and the next step |
//! | | [`change`] | the edits of one request: commit message, branch name, pull request draft |
//! | 4 | [`catalog`] | the set of entities: ingest, process, stitch (Backstage's own stages); relations |
//! | 3 | [`entity`] | one document to one entity, with Backstage's verdict |
//! | 2 | [`yaml`] | text to one flat tree with byte spans and YAML 1.2 core scalars |
//! | | [`expression`] | the `${{ }}` language of templates and resource types |
//! | | [`cel`] | conditions that the platform team writes |
//! | 1 | [`diagnostic`], [`object`] | findings; Kubernetes objects |
//! | 0 | [`source`], [`error`], [`clock`], [`progress`], [`javascript`] | places, exit codes, time, progress, ECMAScript's numbers |
//!
//! # Where do I touch?
//!
//! A new rule: one file in `rules/`, one row in its table, fixtures. A new forge: one file in
//! `forge/`, one variant, a server in the tests. A new output format: one file in `output/`. A new
//! kind to judge: one function in `status/`, fixtures. A new setting: one row in the settings table.
//! A subcommand X has five fixed places: `cli/x.rs`, `ops/x.rs`, `output/x.rs`, `tests/it/cli/x.rs`,
//! `tests/fixtures/x/`.

pub mod backstage;
pub mod catalog;
pub mod cel;
pub mod change;
pub mod cli;
pub mod clock;
pub mod cluster;
pub mod config;
pub mod diagnostic;
pub mod entity;
pub mod error;
pub mod expression;
pub mod forge;
pub mod fs;
pub mod git;
pub mod http;
pub mod impact;
pub mod javascript;
pub mod object;
pub mod ops;
pub mod output;
pub mod process;
pub mod progress;
pub mod render;
pub mod rules;
pub mod scaffolder;
pub mod source;
pub mod status;
pub mod yaml;

use std::ffi::OsString;
use std::process::ExitCode;

/// Runs the program: arguments (the program's name first) to exit code.
pub fn run(args: impl IntoIterator<Item = OsString>) -> ExitCode {
    output::console::report_bugs();
    ExitCode::from(cli::run(args).code())
}
