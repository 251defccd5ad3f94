//! The commit hooks, run by the real pre-commit and prek.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use crate::support::cli::Sandbox;
use crate::support::{project, python, skip};

/// The programs that run hooks, and how each is asked to look at commits.
const RUNNERS: [&str; 2] = ["pre-commit", "prek"];

struct Repository {
    sandbox: Sandbox,
    runner: PathBuf,
}

fn group(name: &str) -> String {
    format!(
        "apiVersion: backstage.io/v1alpha1\nkind: Group\nmetadata:\n  name: {name}\nspec: {{type: team, children: []}}\n"
    )
}

fn component(name: &str, owner: &str) -> String {
    format!(
        "apiVersion: backstage.io/v1alpha1\nkind: Component\nmetadata:\n  name: {name}\nspec: {{type: service, lifecycle: x, owner: {owner}}}\n"
    )
}

/// A central repository with this hook of ours, installed, and the program on the `PATH`. The hooks
/// come from a repository that holds nothing but our `.pre-commit-hooks.yaml`.
fn repository(runner: &Path, hook: &str, options: &str) -> Repository {
    let mut sandbox = Sandbox::new();
    let folder = Path::new(env!("CARGO_BIN_EXE_platform")).parent().unwrap();
    let path = std::env::join_paths(
        [folder, runner.parent().unwrap()]
            .into_iter()
            .map(Path::to_path_buf)
            .chain(std::env::split_paths(&std::env::var_os("PATH").unwrap())),
    );
    sandbox.set("PATH", path.unwrap().to_str().unwrap());
    let store = sandbox.home().join("store").display().to_string();
    sandbox.set("PRE_COMMIT_HOME", &store);
    sandbox.set("PREK_HOME", &store);
    let manifest = fs::read_to_string(project().join(".pre-commit-hooks.yaml")).unwrap();
    sandbox.write("hooks/.pre-commit-hooks.yaml", &manifest);
    if !hook.ends_with("-system") {
        hand_over(&mut sandbox);
    }
    sandbox.git("hooks", &["init", "-q", "-b", "main"]);
    commit_all(&sandbox, "hooks");
    let revision = sandbox.git("hooks", &["rev-parse", "HEAD"]);
    let hooks = sandbox.path("hooks").display().to_string();
    sandbox.write(
        "central/.pre-commit-config.yaml",
        &format!("repos:\n  - repo: {hooks}\n    rev: {revision}\n    hooks:\n      - id: {hook}\n{options}"),
    );
    sandbox.write("central/platform.yaml", "");
    sandbox.write("central/catalog/shop.yaml", &group("shop"));
    sandbox.write("central/catalog/pay.yaml", &group("pay"));
    sandbox.write("central/catalog/orders.yaml", &component("orders", "shop"));
    sandbox.git("central", &["init", "-q", "-b", "main"]);
    commit_all(&sandbox, "central");
    let repository = Repository { sandbox, runner: runner.to_path_buf() };
    let installed = repository.runner(&["install"]);
    assert!(installed.status.success(), "{}", said(&installed));
    repository
}

/// Makes the repository of the hooks a crate that builds in a moment: what a runner builds there as `platform`
/// hands its arguments over to the program under test.
fn hand_over(sandbox: &mut Sandbox) {
    let program = env!("CARGO_BIN_EXE_platform");
    sandbox.write(
        "hooks/Cargo.toml",
        "[package]\nname = \"platform\"\nversion = \"0.0.0\"\nedition = \"2021\"\n",
    );
    sandbox
        .write("hooks/Cargo.lock", "version = 3\n\n[[package]]\nname = \"platform\"\nversion = \"0.0.0\"\n");
    let code = format!(
        "use std::os::unix::process::CommandExt;\nfn main() {{\n    let args = std::env::args_os().skip(1);\n    \
         panic!(\"{{}}\", std::process::Command::new({program:?}).args(args).exec());\n}}\n"
    );
    sandbox.write("hooks/src/main.rs", &code);
    // the home is another one, and the compiler is in the real one
    let home = PathBuf::from(std::env::var_os("HOME").unwrap());
    for (name, folder) in [("RUSTUP_HOME", ".rustup"), ("CARGO_HOME", ".cargo")] {
        let folder = std::env::var_os(name).map_or_else(|| home.join(folder), PathBuf::from);
        sandbox.set(name, folder.to_str().unwrap());
    }
    // the toolchain of the tests, which need not be the default one
    if let Ok(toolchain) = std::env::var("RUSTUP_TOOLCHAIN") {
        sandbox.set("RUSTUP_TOOLCHAIN", &toolchain);
    }
}

fn commit_all(sandbox: &Sandbox, folder: &str) {
    sandbox.git(folder, &["add", "--all"]);
    sandbox.git(folder, &["commit", "-q", "-m", "Begin"]);
}

fn said(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

impl Repository {
    fn run(&self, program: &Path, args: &[&str]) -> Output {
        let mut command = Command::new(program);
        command.args(args).env_clear().envs(self.sandbox.env()).current_dir(self.sandbox.path("central"));
        command.output().unwrap()
    }

    fn runner(&self, args: &[&str]) -> Output {
        self.run(&self.runner, args)
    }

    fn git(&self, args: &[&str]) {
        self.sandbox.git("central", args);
    }

    fn write(&self, path: &str, text: &str) {
        self.sandbox.write(&format!("central/{path}"), text);
    }

    /// Commits what is staged, through the hook.
    #[track_caller]
    fn commits(&self) {
        let output = self.run(Path::new("git"), &["commit", "-m", "Change"]);
        assert!(output.status.success(), "{}", said(&output));
    }

    /// Tries to commit what is staged; the hook says `expected` and nothing of the others.
    #[track_caller]
    fn refuses(&self, expected: &str) {
        let output = self.run(Path::new("git"), &["commit", "-m", "Change"]);
        assert!(!output.status.success() && said(&output).contains(expected), "{}", said(&output));
        self.git(&["reset", "-q", "--hard"]);
    }
}

/// Runs a test with each runner.
fn with_each(test: impl Fn(&Path)) {
    let Some(programs) = python::programs("oracle/hooks/requirements.txt") else { return };
    for runner in RUNNERS {
        test(&programs.join(runner));
    }
}

#[test]
fn a_commit_is_checked_with_what_it_adds_changes_renames_and_deletes() {
    with_each(|runner| adds_changes_renames_and_deletes(&repository(runner, "platform-validate-system", "")));
}

#[test]
fn a_commit_is_checked_by_a_program_that_the_runner_built() {
    with_each(|runner| adds_changes_renames_and_deletes(&repository(runner, "platform-validate", "")));
}

fn adds_changes_renames_and_deletes(repository: &Repository) {
    repository.write("catalog/a.yaml", &component("a", "shop"));
    repository.git(&["add", "--all"]);
    repository.commits();
    repository.write("catalog/a.yaml", &component("a!", "shop"));
    repository.git(&["add", "--all"]);
    repository.refuses("catalog/a.yaml:4:9");
    repository.git(&["mv", "catalog/shop.yaml", "catalog/team.yaml"]);
    repository.commits();
    repository.git(&["rm", "-q", "catalog/pay.yaml"]);
    repository.commits();
    repository.git(&["rm", "-q", "catalog/team.yaml"]);
    repository.refuses("names `group:shop`, which does not exist");
    repository.write("notes.txt", "nothing of the catalog\n");
    repository.git(&["add", "--all"]);
    repository.commits();
}

#[test]
fn only_what_is_staged_counts() {
    with_each(|runner| {
        let repository = repository(runner, "platform-validate-system", "");
        repository.write("catalog/untracked.yaml", "kind: [\n");
        repository.write("catalog/pay.yaml", "kind: [\n");
        repository.write("catalog/a.yaml", &component("a", "shop"));
        repository.git(&["add", "catalog/a.yaml"]);
        repository.commits();
        assert_eq!(repository.sandbox.read("central/catalog/pay.yaml"), "kind: [\n", "left as it was");
    });
}

#[test]
fn many_files_split_among_parallel_runs_give_the_same_answer() {
    with_each(|runner| {
        let options = "        require_serial: false\n";
        let repository = repository(runner, "platform-validate-system", options);
        for number in 0..60 {
            repository
                .write(&format!("catalog/many/{number}.yaml"), &component(&format!("c{number}"), "team"));
        }
        repository.write("catalog/many/team.yaml", &group("team"));
        repository.git(&["add", "--all"]);
        repository.commits();
        repository.git(&["rm", "-q", "catalog/many/team.yaml"]);
        repository.refuses("names `group:team`, which does not exist");
        let all = repository.runner(&["run", "--all-files"]);
        assert!(all.status.success(), "{}", said(&all));
    });
}

#[test]
fn a_range_of_commits_is_checked_as_one_change() {
    with_each(|runner| {
        let repository = repository(runner, "platform-validate-system", "");
        repository.git(&["rm", "-q", "catalog/shop.yaml"]);
        repository.git(&["commit", "-q", "--no-verify", "-m", "Remove"]);
        repository.git(&["commit", "-q", "--no-verify", "--allow-empty", "-m", "Go on"]);
        let run = repository.runner(&["run", "--from-ref", "HEAD~2", "--to-ref", "HEAD"]);
        assert!(!run.status.success() && said(&run).contains("group:shop"), "{}", said(&run));
        let run = repository.runner(&["run", "--from-ref", "HEAD~1", "--to-ref", "HEAD"]);
        assert!(run.status.success(), "{}", said(&run));
    });
}

#[test]
fn the_whole_catalog_is_checked_whatever_is_staged() {
    with_each(|runner| checks_the_whole_catalog(&repository(runner, "platform-validate-all-system", "")));
}

#[test]
fn the_whole_catalog_is_checked_by_a_program_that_the_runner_built() {
    with_each(|runner| checks_the_whole_catalog(&repository(runner, "platform-validate-all", "")));
}

fn checks_the_whole_catalog(repository: &Repository) {
    let run = repository.runner(&["run", "--all-files"]);
    assert!(run.status.success(), "{}", said(&run));
    repository.git(&["rm", "-q", "catalog/shop.yaml"]);
    repository.git(&["commit", "-q", "--no-verify", "-m", "Remove"]);
    repository.write("notes.txt", "nothing of the catalog\n");
    repository.git(&["add", "--all"]);
    repository.refuses("names `group:shop`, which does not exist");
}

#[test]
fn the_hooks_of_the_manifest_are_alike() {
    let manifest = fs::read_to_string(project().join(".pre-commit-hooks.yaml")).unwrap();
    let hooks: Vec<&str> = manifest.split("\n- id: ").skip(1).collect();
    let mut ids = String::new();
    for hook in &hooks {
        let _ = writeln!(ids, "{}", hook.lines().next().unwrap());
    }
    let expected =
        "platform-validate\nplatform-validate-all\nplatform-validate-system\nplatform-validate-all-system\n";
    assert_eq!(ids, expected);
    let line =
        |hook: &str, key: &str| hook.lines().find(|line| line.trim().starts_with(key)).map(str::to_owned);
    for (built, installed) in [(0, 2), (1, 3)] {
        for key in ["entry:", "files:", "always_run:", "pass_filenames:", "require_serial:"] {
            assert_eq!(line(hooks[built], key), line(hooks[installed], key), "{key}");
        }
    }
}

/// Builds the program once more, in the `dev` profile: a minute or two the first time, so it runs in CI and on
/// request.
#[test]
fn a_wheel_of_the_program_installs_and_runs() {
    let is_ci = std::env::var("CI").is_ok_and(|value| value == "true");
    if !is_ci && std::env::var_os("PLATFORM_TEST_WHEEL").is_none() {
        return skip("it builds the program once more; PLATFORM_TEST_WHEEL=1 runs it");
    }
    let Some(programs) = python::programs("oracle/wheel/requirements.txt") else { return };
    let sandbox = Sandbox::new();
    let out = sandbox.path("wheels").display().to_string();
    // a folder of its own: other tests run the program that a build here would replace
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).join("wheel");
    let built = Command::new(programs.join("maturin"))
        .args(["build", "--profile", "dev", "--out", &out, "--target-dir", target.to_str().unwrap()])
        .current_dir(project().join(".pypi"))
        .output()
        .unwrap();
    assert!(built.status.success(), "{}", said(&built));
    let wheel = fs::read_dir(sandbox.path("wheels")).unwrap().next().unwrap().unwrap().path();
    let name = wheel.file_name().unwrap().to_str().unwrap().to_owned();
    assert!(name.starts_with(&format!("platform_cli-{}-py3-none-", env!("CARGO_PKG_VERSION"))), "{name}");
    let place = sandbox.path("place");
    let pip = Command::new(programs.join("pip"))
        .args(["install", "--quiet", "--no-index", "--no-deps", "--target"])
        .args([&place, &wheel])
        .output()
        .unwrap();
    assert!(pip.status.success(), "{}", said(&pip));
    let version = Command::new(place.join("bin/platform")).arg("--version").output().unwrap();
    assert_eq!(said(&version), format!("platform {}\n", env!("CARGO_PKG_VERSION")));
}
