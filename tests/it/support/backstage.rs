//! A real Backstage backend: catalog, scaffolder, auth, in memory.
//!
//! It is installed by npm once (half a minute, needs the registry), starts in three seconds, and is
//! shared by all tests of this binary. It ends when this process does: its standard input closes.

use std::fs;
use std::io::{BufRead as _, BufReader};
use std::path::PathBuf;
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::OnceLock;

use serde::Deserialize;
use tempfile::TempDir;

use super::{has_program, project, skip};

/// A running backend.
pub struct Backstage {
    /// `http://127.0.0.1:PORT`.
    pub url: String,
    /// A token that may do everything.
    pub token: String,
    /// A token that may only read the catalog.
    pub readonly_token: String,
    catalog: PathBuf,
    _folder: TempDir,
    _stdin: ChildStdin,
    child: Child,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Ready {
    url: String,
    token: String,
    readonly_token: String,
}

impl Backstage {
    /// The backend that all tests share; `None` when it cannot be had, which is said.
    pub fn shared() -> Option<&'static Self> {
        static SHARED: OnceLock<Result<Backstage, String>> = OnceLock::new();
        match SHARED.get_or_init(Self::start) {
            Ok(backstage) => Some(backstage),
            Err(why) => {
                skip(why);
                None
            }
        }
    }

    /// A backend with a copy of the entities in `tests/servers/backstage/catalog`, each file a
    /// location of its own.
    pub fn start() -> Result<Self, String> {
        let servers = project().join("tests/servers/backstage");
        let folder = tempfile::tempdir().map_err(|error| error.to_string())?;
        let catalog = fs::canonicalize(folder.path()).unwrap();
        let mut files = Vec::new();
        for entry in fs::read_dir(servers.join("catalog")).unwrap() {
            let from = entry.unwrap().path();
            let to = catalog.join(from.file_name().unwrap());
            fs::copy(&from, &to).unwrap();
            files.push(to);
        }
        files.extend(built_in_templates(&catalog));
        files.sort();
        Self::serving(folder, &files)
    }

    /// A backend whose locations are these files, with a folder that it keeps its log in.
    pub fn serving(folder: TempDir, files: &[PathBuf]) -> Result<Self, String> {
        if !has_program("npm") {
            return Err("npm, which installs Backstage, is not there".to_owned());
        }
        let servers = project().join("tests/servers/backstage");
        let catalog = fs::canonicalize(folder.path()).unwrap();
        let log = fs::File::create(catalog.join("backstage.log")).unwrap();
        let mut child = Command::new(servers.join("run.sh"))
            .args(files)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(log)
            .spawn()
            .map_err(|error| format!("Backstage could not be started: {error}"))?;
        let stdin = child.stdin.take().unwrap();
        let mut line = String::new();
        let read = BufReader::new(child.stdout.take().unwrap()).read_line(&mut line);
        let Some(ready) = read.ok().and_then(|_| serde_json::from_str::<Ready>(&line).ok()) else {
            let _ = child.wait();
            let log = fs::read_to_string(catalog.join("backstage.log")).unwrap_or_default();
            let tail: Vec<&str> = log.lines().rev().take(3).collect();
            return Err(format!("Backstage did not start: {}", tail.join(" | ")));
        };
        let Ready { url, token, readonly_token } = ready;
        Ok(Self { url, token, readonly_token, catalog, _folder: folder, _stdin: stdin, child })
    }

    /// The folder with the files of its catalog; a test may change those that only it uses.
    pub fn catalog(&self) -> &std::path::Path {
        &self.catalog
    }

    /// The name of the Location entity of one of its files: `generated-` and the SHA-1 of where it
    /// points, which Git can compute as well.
    pub fn location(&self, file: &str) -> String {
        let target = format!("file:{}", self.catalog.join(file).display());
        format!("generated-{}", sha1_hex(&target))
    }
}

/// Copies of the templates that come with the program, each in a folder of its own.
fn built_in_templates(catalog: &std::path::Path) -> Vec<PathBuf> {
    let folders = fs::read_dir(project().join("templates/software")).unwrap().map(Result::unwrap);
    let copied = folders.map(|folder| {
        let to = catalog.join("templates").join(folder.file_name());
        fs::create_dir_all(&to).unwrap();
        fs::copy(folder.path().join("template.yaml"), to.join("template.yaml")).unwrap();
        to.join("template.yaml")
    });
    copied.collect()
}

/// SHA-1 through coreutils: nothing in the project needs it but this.
fn sha1_hex(text: &str) -> String {
    use std::io::Write as _;
    let mut child = Command::new("sha1sum").stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(text.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap().stdout;
    String::from_utf8_lossy(&output[..40]).into_owned()
}

impl Drop for Backstage {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
