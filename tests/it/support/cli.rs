//! Runs the built program in a clean room and compares what it says with a file.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::LazyLock;
use std::sync::mpsc;
use std::time::Duration;

use regex::Regex;
use tempfile::TempDir;

use super::project;

/// The present, in every run.
pub const NOW: &str = "2026-11-22T10:00:00Z";
/// A run that takes longer hangs.
const HANGS_AFTER: Duration = Duration::from_mins(2);

/// A temporary folder with a home in it, and what the program sees of the world.
pub struct Sandbox {
    root: TempDir,
    env: BTreeMap<String, String>,
    placeholders: Vec<(String, String)>,
}

/// One run to be.
pub struct Invocation<'a> {
    sandbox: &'a Sandbox,
    args: Vec<String>,
    env: BTreeMap<String, String>,
    directory: PathBuf,
    stdin: Option<String>,
}

/// How a run ended.
#[derive(Debug)]
pub struct Run {
    /// The command line, as it is written to snapshots.
    pub command: String,
    /// Exit code; `None` when a signal ended it.
    pub code: Option<i32>,
    /// Standard output with placeholders.
    pub stdout: String,
    /// Standard error with placeholders.
    pub stderr: String,
}

impl Default for Sandbox {
    fn default() -> Self {
        Self::new()
    }
}

impl Sandbox {
    /// An empty one.
    pub fn new() -> Self {
        let root = tempfile::Builder::new().prefix("platform-test-").tempdir().unwrap();
        let path = fs::canonicalize(root.path()).unwrap();
        for folder in ["home", "work"] {
            fs::create_dir(path.join(folder)).unwrap();
        }
        fs::write(path.join("home/gitconfig"), "[init]\n\tdefaultBranch = main\n[gc]\n\tauto = 0\n").unwrap();
        let placeholders = vec![(path.display().to_string(), "[ROOT]".to_owned())];
        let env = environment(&path);
        Self { root, env, placeholders }
    }

    /// A path below the working folder, in which commands run unless told otherwise.
    pub fn path(&self, relative: &str) -> PathBuf {
        fs::canonicalize(self.root.path()).unwrap().join("work").join(relative)
    }

    /// The home folder.
    pub fn home(&self) -> PathBuf {
        fs::canonicalize(self.root.path()).unwrap().join("home")
    }

    /// Writes a file below the working folder.
    pub fn write(&self, relative: &str, text: &str) {
        let path = self.path(relative);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    /// Reads a file below the working folder.
    pub fn read(&self, relative: &str) -> String {
        let path = self.path(relative);
        fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
    }

    /// Copies a folder of `tests/fixtures` into the working folder.
    pub fn copy_fixture(&self, fixture: &str, relative: &str) {
        copy(&project().join("tests/fixtures").join(fixture), &self.path(relative));
    }

    /// A variable for all runs.
    pub fn set(&mut self, name: &str, value: &str) {
        self.env.insert(name.into(), value.into());
    }

    /// Shows `value` as `[NAME]` in what runs say: ports, addresses, ids.
    pub fn placeholder(&mut self, value: &str, name: &str) {
        self.placeholders.push((value.into(), format!("[{name}]")));
    }

    /// The environment programs of this sandbox see, `git` for example.
    pub fn env(&self) -> &BTreeMap<String, String> {
        &self.env
    }

    /// `platform ARGS`.
    pub fn platform<S: AsRef<str>>(&self, args: impl IntoIterator<Item = S>) -> Invocation<'_> {
        Invocation {
            sandbox: self,
            args: args.into_iter().map(|arg| arg.as_ref().to_owned()).collect(),
            env: self.env.clone(),
            directory: self.path(""),
            stdin: None,
        }
    }

    /// `git ARGS` in a folder below the working folder; its output without the last line break.
    pub fn git(&self, relative: &str, args: &[&str]) -> String {
        super::git::run(&self.path(relative), &self.env, args)
    }

    fn redact(&self, text: &str) -> String {
        static COMMIT: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"\b[0-9a-f]{40}\b").unwrap());
        let mut text = text.to_owned();
        let mut placeholders: Vec<_> = self.placeholders.iter().collect();
        placeholders.sort_by_key(|(value, _)| std::cmp::Reverse(value.len()));
        for (value, placeholder) in placeholders {
            text = text.replace(value, placeholder);
        }
        COMMIT.replace_all(&text, "[COMMIT]").into_owned()
    }
}

fn environment(root: &Path) -> BTreeMap<String, String> {
    let at = |relative: &str| root.join(relative).display().to_string();
    let mut env: BTreeMap<String, String> = [
        ("HOME", at("home")),
        ("XDG_CONFIG_HOME", at("home/.config")),
        ("XDG_CACHE_HOME", at("home/.cache")),
        ("XDG_DATA_HOME", at("home/.local/share")),
        ("XDG_STATE_HOME", at("home/.local/state")),
        ("TMPDIR", at("home")),
        ("GIT_CONFIG_GLOBAL", at("home/gitconfig")),
        ("GIT_CONFIG_NOSYSTEM", "1".to_owned()),
        // a temporary folder inside somebody's repository is not a part of it
        ("GIT_CEILING_DIRECTORIES", at("")),
        ("GIT_TERMINAL_PROMPT", "0".to_owned()),
        ("GIT_AUTHOR_NAME", "Ada Author".to_owned()),
        ("GIT_AUTHOR_EMAIL", "ada@example.org".to_owned()),
        ("GIT_AUTHOR_DATE", NOW.to_owned()),
        ("GIT_COMMITTER_NAME", "Carl Committer".to_owned()),
        ("GIT_COMMITTER_EMAIL", "carl@example.org".to_owned()),
        ("GIT_COMMITTER_DATE", NOW.to_owned()),
        ("LC_ALL", "C.UTF-8".to_owned()),
        ("TZ", "UTC".to_owned()),
        ("TERM", "dumb".to_owned()),
        ("NO_COLOR", "1".to_owned()),
        ("COLUMNS", "100".to_owned()),
        ("PLATFORM_NOW", NOW.to_owned()),
    ]
    .into_iter()
    .map(|(name, value)| (name.to_owned(), value))
    .collect();
    // programs have to be found, and coverage has to be written
    for name in ["PATH", "LLVM_PROFILE_FILE"] {
        if let Ok(value) = std::env::var(name) {
            env.insert(name.to_owned(), value);
        }
    }
    env
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap_or_else(|error| panic!("{}: {error}", from.display())) {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).unwrap();
        }
    }
}

impl Invocation<'_> {
    /// A variable for this run.
    pub fn env(mut self, name: &str, value: &str) -> Self {
        self.env.insert(name.into(), value.into());
        self
    }

    /// Takes a variable away.
    pub fn without_env(mut self, name: &str) -> Self {
        self.env.remove(name);
        self
    }

    /// Runs in a folder below the working folder.
    pub fn within(mut self, relative: &str) -> Self {
        self.directory = self.sandbox.path(relative);
        self
    }

    /// What it reads on standard input; nothing without this.
    pub fn stdin(mut self, text: &str) -> Self {
        self.stdin = Some(text.into());
        self
    }

    /// Starts it and leaves it running.
    pub fn start(&self) -> Child {
        let mut command = Command::new(env!("CARGO_BIN_EXE_platform"));
        command.args(&self.args).env_clear().envs(&self.env).current_dir(&self.directory);
        command.stdin(if self.stdin.is_some() { Stdio::piped() } else { Stdio::null() });
        command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
    }

    /// Runs it to its end.
    pub fn run(self) -> Run {
        let mut child = self.start();
        if let (Some(text), Some(mut pipe)) = (self.stdin, child.stdin.take()) {
            // the program may end without having read everything
            let _ = pipe.write_all(text.as_bytes());
        }
        let id = child.id();
        let (sender, receiver) = mpsc::channel();
        std::thread::spawn(move || sender.send(child.wait_with_output()));
        let Ok(output) = receiver.recv_timeout(HANGS_AFTER) else {
            let _ = Command::new("kill").args(["-9", &id.to_string()]).status();
            panic!("`platform {}` hangs", self.args.join(" "));
        };
        let output = output.unwrap();
        Run {
            command: self.sandbox.redact(&format!("platform {}", self.args.join(" "))),
            code: output.status.code(),
            stdout: self.sandbox.redact(&String::from_utf8_lossy(&output.stdout)),
            stderr: self.sandbox.redact(&String::from_utf8_lossy(&output.stderr)),
        }
    }
}

impl Run {
    /// Checks the exit code.
    #[track_caller]
    pub fn code(&self, expected: i32) -> &Self {
        assert_eq!(self.code, Some(expected), "{self}");
        self
    }

    /// Compares everything with `tests/fixtures/NAME.snap`. With `SNAPSHOTS=overwrite` the file is
    /// written instead.
    #[track_caller]
    pub fn matches(&self, name: &str) -> &Self {
        matches_snapshot(name, &self.to_string());
        self
    }

    /// Standard output as JSON.
    #[track_caller]
    pub fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.stdout).unwrap_or_else(|error| panic!("{error}:\n{self}"))
    }
}

impl std::fmt::Display for Run {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        writeln!(f, "$ {}", self.command)?;
        match self.code {
            Some(code) => writeln!(f, "exit code {code}")?,
            None => writeln!(f, "ended by a signal")?,
        }
        for (name, text) in [("stdout", &self.stdout), ("stderr", &self.stderr)] {
            if text.is_empty() {
                continue;
            }
            writeln!(f, "--- {name}")?;
            f.write_str(text)?;
            if !text.ends_with('\n') {
                f.write_char('\n')?;
                writeln!(f, "--- no line break at the end of {name}")?;
            }
        }
        Ok(())
    }
}

/// Compares a text with `tests/fixtures/NAME.snap`, byte for byte.
#[track_caller]
pub fn matches_snapshot(name: &str, actual: &str) {
    let path = project().join("tests/fixtures").join(format!("{name}.snap"));
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).unwrap();
    }
    let expected = snapbox::Data::read_from(&path, Some(snapbox::data::DataFormat::Text)).raw();
    snapbox::Assert::new().action_env("SNAPSHOTS").eq(snapbox::Data::text(actual).raw(), expected);
}
