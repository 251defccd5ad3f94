//! A proxy that holds requests and answers against an API description that a forge publishes.

use std::io::{BufRead as _, BufReader};
use std::process::{Child, ChildStdin, Command, Stdio};

use super::{has_program, project, skip};

/// A running proxy.
pub struct Prism {
    /// `http://127.0.0.1:PORT`.
    pub url: String,
    stdin: Option<ChildStdin>,
    child: Child,
}

impl Prism {
    /// A proxy in front of `upstream` for one of the descriptions `api.github.com`, `ghes-3.17`, …
    /// `None` when it cannot be had or was not asked for, which is said: it takes some seconds to
    /// start, and npm has to install it once.
    pub fn start(description: &str, upstream: &str) -> Option<Self> {
        let asked = ["PLATFORM_TEST_CONTRACT", "CI"].iter().any(|name| std::env::var_os(name).is_some());
        if !asked {
            skip("it takes a while: set PLATFORM_TEST_CONTRACT=1");
            return None;
        }
        if !has_program("npm") {
            skip("npm, which installs Prism, is not there");
            return None;
        }
        let mut child = Command::new(project().join("tests/servers/prism/run.sh"))
            .args([description, upstream])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let stdin = child.stdin.take().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let Ok(ready) = serde_json::from_str::<serde_json::Value>(&line) else {
            let _ = child.wait();
            skip("Prism did not start");
            return None;
        };
        let url = ready["url"].as_str().unwrap().to_owned();
        Some(Self { url, stdin: Some(stdin), child })
    }
}

impl Drop for Prism {
    fn drop(&mut self) {
        // killing it would leave the program behind that it started; this ends both
        drop(self.stdin.take());
        let _ = self.child.wait();
    }
}
