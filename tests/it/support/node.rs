//! Programs of others in Node that we compare ourselves with.
//!
//! Each is a folder with a pinned `package.json` and `package-lock.json`, and scripts that read JSON
//! lines from stdin and answer each with one JSON line on stdout.

use std::io::{BufRead, BufReader, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::Value;

use super::skip;

/// Runs `script` of the folder `tests/<folder>` and returns its answers, one a question. `None` after
/// having said that the test is skipped, where there is no Node or no way to its packages; in CI
/// (`CI=true`) that fails the test.
pub(crate) fn ask(
    folder: &str,
    script: &str,
    questions: impl IntoIterator<Item = Value>,
) -> Option<Vec<Value>> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests").join(folder);
    if let Err(reason) = install(&folder) {
        skip(&reason);
        return None;
    }
    let questions: Vec<Value> = questions.into_iter().collect();
    let answers = converse(&folder, script, &questions);
    assert_eq!(answers.len(), questions.len(), "{script} answers each question");
    Some(answers)
}

/// Makes `node_modules` what the lock file says, once: other tests and processes wait.
fn install(folder: &Path) -> Result<(), String> {
    let text =
        |path: &Path| std::fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()));
    let wanted = text(&folder.join("package-lock.json"))?;
    let stamp = folder.join("node_modules/.installed-from");
    let lock_path = folder.join(".install.lock");
    let lock =
        std::fs::File::create(&lock_path).map_err(|error| format!("{}: {error}", lock_path.display()))?;
    lock.lock().map_err(|error| format!("{}: {error}", lock_path.display()))?;
    if text(&stamp).is_ok_and(|installed| installed == wanted) {
        return runs("node", &["--version"], folder);
    }
    runs("node", &["--version"], folder)?;
    runs("npm", &["ci", "--ignore-scripts", "--no-audit", "--no-fund"], folder)?;
    std::fs::write(&stamp, wanted).map_err(|error| format!("{}: {error}", stamp.display()))
}

fn runs(program: &str, arguments: &[&str], folder: &Path) -> Result<(), String> {
    let output = Command::new(program)
        .args(arguments)
        .current_dir(folder)
        .stdin(Stdio::null())
        .output()
        .map_err(|error| format!("{program} does not start: {error}"))?;
    if output.status.success() {
        return Ok(());
    }
    let said = String::from_utf8_lossy(&output.stderr);
    Err(format!("{program} {} fails: {}", arguments.join(" "), said.trim()))
}

fn converse(folder: &Path, script: &str, questions: &[Value]) -> Vec<Value> {
    let mut child = Command::new("node")
        .arg(folder.join(script))
        .current_dir(folder)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut input = BufWriter::new(child.stdin.take().unwrap());
    let output = BufReader::new(child.stdout.take().unwrap());
    let answers = std::thread::scope(|scope| {
        scope.spawn(move || {
            for question in questions {
                writeln!(input, "{question}").unwrap();
            }
        });
        output.lines().map(|line| serde_json::from_str(&line.unwrap()).unwrap()).collect()
    });
    assert!(child.wait().unwrap().success(), "{script} ends well");
    answers
}
