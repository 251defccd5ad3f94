//! What `git credential` knows of a host.

use std::time::Duration;

use super::Error;
use crate::process::Run;

/// The password that Git's credential helpers have for a host, without asking anybody.
///
/// `protocol` is `https`, `host` may carry a port. `None` when no helper knows it.
pub fn fill(protocol: &str, host: &str) -> Result<Option<String>, Error> {
    let mut run = Run::new("git", ["-c", "credential.interactive=false", "credential", "fill"])
        .env("GIT_TERMINAL_PROMPT", "0")
        .env("GIT_ASKPASS", "")
        .env("SSH_ASKPASS", "");
    run.stdin = format!("protocol={protocol}\nhost={host}\n\n").into_bytes();
    run.timeout = Some(Duration::from_secs(10));
    let ended = run.output()?;
    if !ended.success() {
        return Ok(None);
    }
    let password = ended.stdout.lines().find_map(|line| line.strip_prefix("password="));
    Ok(password.filter(|password| !password.is_empty()).map(str::to_owned))
}
