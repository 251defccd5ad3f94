//! The one file that talks to a remote: fetch, look at a branch, push with a lease.
//!
//! It runs the `git` program, never asks a question on the terminal, and tells apart a remote that
//! is unreachable, one that wants a login, and one that refuses.

use std::ffi::OsString;
use std::path::Path;
use std::time::Duration;

use super::{CommitId, Error};
use crate::process::{Ended, Run};

/// How long one call of git may take before it counts as unreachable.
const LIMIT: Duration = Duration::from_mins(2);

/// A remote as seen from one repository.
#[derive(Clone, Debug)]
pub struct Transport {
    /// The folder of the repository that git runs in.
    pub directory: std::path::PathBuf,
    /// The remote's URL, or a configured remote's name.
    pub remote: String,
}

impl Transport {
    /// `remote` (a URL or a name) as seen from the repository at `directory`.
    pub fn new(directory: &Path, remote: &str) -> Self {
        Self { directory: directory.to_path_buf(), remote: remote.to_owned() }
    }

    /// The branch that the remote's HEAD names; `None` when it says nothing.
    pub fn default_branch(&self) -> Result<Option<String>, Error> {
        let ended = self.git(["ls-remote", "--symref", "--", &self.remote, "HEAD"])?;
        let line = ended.stdout.lines().find_map(|line| line.strip_prefix("ref: refs/heads/"));
        Ok(line.and_then(|line| line.split_whitespace().next()).map(str::to_owned))
    }

    /// The commit a branch of the remote points at.
    pub fn branch(&self, branch: &str) -> Result<Option<CommitId>, Error> {
        let reference = format!("refs/heads/{branch}");
        let ended = self.git(["ls-remote", "--", &self.remote, &reference])?;
        let line = ended.stdout.lines().find(|line| line.split_whitespace().nth(1) == Some(&reference));
        Ok(line.and_then(|line| line.split_whitespace().next()).map(|id| CommitId(id.to_owned())))
    }

    /// Fetches a branch of the remote into the ref `into`, and returns the commit.
    pub fn fetch(&self, branch: &str, into: &str) -> Result<CommitId, Error> {
        let refspec = format!("+refs/heads/{branch}:{into}");
        let ended = self.run([
            "fetch",
            "--quiet",
            "--no-tags",
            "--no-write-fetch-head",
            "--",
            &self.remote,
            &refspec,
        ])?;
        self.fetched(&ended, branch, into)
    }

    /// The commit that a fetch left in the ref `into`, or why there is none.
    fn fetched(&self, ended: &Ended, branch: &str, into: &str) -> Result<CommitId, Error> {
        if !ended.success() {
            if ended.stderr.contains("couldn't find remote ref") {
                return Err(Error::NoBranch { remote: self.shown(), branch: branch.to_owned() });
            }
            return Err(self.failure(ended));
        }
        let ended = self.git(["rev-parse", "--verify", "--quiet", &format!("{into}^{{commit}}")])?;
        Ok(CommitId(ended.stdout.trim().to_owned()))
    }

    /// Fetches one ref (a branch, a tag, a commit; the remote's own choice if `None`) without its history,
    /// and without files larger than `largest` bytes where the server can leave them out.
    pub fn fetch_shallow(
        &self,
        reference: Option<&str>,
        into: &str,
        largest: usize,
    ) -> Result<CommitId, Error> {
        let refspec = format!("+{}:{into}", reference.unwrap_or("HEAD"));
        let filter = format!("--filter=blob:limit={}", largest + 1);
        let ended = self.run([
            "-c",
            "protocol.ext.allow=never",
            "fetch",
            "--quiet",
            "--no-tags",
            "--no-recurse-submodules",
            "--no-write-fetch-head",
            "--depth=1",
            &filter,
            "--",
            &self.remote,
            &refspec,
        ])?;
        self.fetched(&ended, reference.unwrap_or("HEAD"), into)
    }

    /// Pushes a commit to a branch, if the branch still points at `expected` (`None`: does not exist).
    pub fn push(&self, commit: &CommitId, branch: &str, expected: Option<&CommitId>) -> Result<(), Error> {
        let reference = format!("refs/heads/{branch}");
        let expected = expected.map_or("", |commit| commit.0.as_str());
        let lease = format!("--force-with-lease={reference}:{expected}");
        let refspec = format!("{}:{reference}", commit.0);
        let ended = self.run(["push", "--porcelain", "--no-verify", &lease, "--", &self.remote, &refspec])?;
        if ended.success() {
            return Ok(());
        }
        let line = ended.stdout.lines().find(|line| line.starts_with('!')).unwrap_or("");
        if line.contains("(stale info)") || line.contains("(fetch first)") {
            return Err(Error::Stale { remote: self.shown(), branch: branch.to_owned() });
        }
        if line.contains("rejected]") {
            return Err(Error::Rejected { remote: self.shown(), reason: rejection(line, &ended.stderr) });
        }
        Err(self.failure(&ended))
    }

    fn git<const N: usize>(&self, arguments: [&str; N]) -> Result<Ended, Error> {
        let ended = self.run(arguments)?;
        if ended.success() { Ok(ended) } else { Err(self.failure(&ended)) }
    }

    fn run<const N: usize>(&self, arguments: [&str; N]) -> Result<Ended, Error> {
        let mut run =
            Run::new("git", arguments.map(OsString::from)).env("LC_ALL", "C").env("GIT_TERMINAL_PROMPT", "0");
        run.directory = Some(self.directory.clone());
        run.timeout = Some(LIMIT);
        match run.output() {
            Err(crate::process::Error::Timeout { limit, .. }) => Err(Error::Unreachable {
                remote: self.shown(),
                reason: format!("no answer within {} s", limit.as_secs()),
            }),
            other => Ok(other?),
        }
    }

    fn shown(&self) -> String {
        without_credentials(&self.remote)
    }

    fn failure(&self, ended: &Ended) -> Error {
        let reason = reason(&ended.stderr);
        let remote = self.shown();
        let said = |phrases: &[&str]| phrases.iter().any(|phrase| ended.stderr.contains(phrase));
        if said(LOGIN) {
            Error::Login { remote, reason }
        } else if said(UNREACHABLE) {
            Error::Unreachable { remote, reason }
        } else {
            Error::Other { action: format!("git could not talk to {remote}"), reason }
        }
    }
}

/// What git and SSH say when a login is missing or refused.
const LOGIN: &[&str] = &[
    "Authentication failed",
    "could not read Username",
    "could not read Password",
    "Permission denied",
    "Host key verification failed",
    "The requested URL returned error: 401",
    "The requested URL returned error: 403",
];

/// What git and SSH say when the other side cannot be reached or is not there.
const UNREACHABLE: &[&str] = &[
    "Could not resolve host",
    "Could not read from remote repository",
    "Connection refused",
    "Connection timed out",
    "Connection reset",
    "Network is unreachable",
    "No route to host",
    "unable to access",
    "unable to connect",
    "Failed to connect",
    "does not appear to be a git repository",
    "does not exist",
    "the remote end hung up",
    "early EOF",
];

/// The lines of git's complaint that say something, on one line.
fn reason(stderr: &str) -> String {
    let lines = stderr.lines().map(str::trim).filter(|line| !line.is_empty());
    let told: Vec<&str> = lines
        .clone()
        .filter(|line| {
            line.starts_with("fatal:") || line.starts_with("error:") || line.starts_with("remote:")
        })
        .collect();
    let told = if told.is_empty() { lines.collect() } else { told };
    let text =
        told.iter().take(4).map(|line| line.trim_start_matches("fatal: ").trim_start_matches("error: "));
    without_credentials(&text.collect::<Vec<_>>().join("; "))
}

/// Why the server refused: git's word in parentheses and what the server's hook wrote.
fn rejection(line: &str, stderr: &str) -> String {
    let word = line.rsplit_once('(').map_or(line, |(_, word)| word.trim_end_matches(')'));
    let hook: Vec<&str> = stderr
        .lines()
        .filter_map(|line| line.strip_prefix("remote:"))
        .map(str::trim)
        .filter(|line| !line.is_empty())
        .collect();
    if hook.is_empty() { word.to_owned() } else { format!("{word}: {}", hook.join("; ")) }
}

/// A text in which every `user:password@` of a URL is left out.
pub fn without_credentials(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find("://") {
        let (head, tail) = rest.split_at(at + 3);
        let end = tail.find(['/', ' ', '\'', '"']).unwrap_or(tail.len());
        let start = tail[..end].rfind('@').map_or(0, |at| at + 1);
        shown.push_str(head);
        shown.push_str(&tail[start..end]);
        rest = &tail[end..];
    }
    shown.push_str(rest);
    shown
}

#[cfg(test)]
mod tests {
    use super::{rejection, without_credentials};

    #[test]
    fn no_credentials_are_shown() {
        let check = |text: &str, shown: &str| assert_eq!(without_credentials(text), shown);
        check("https://user:secret@host/x", "https://host/x");
        check("https://token@host", "https://host");
        check("unable to access 'https://a:b@h/x/': no", "unable to access 'https://h/x/': no");
        check("git@host:x.git", "git@host:x.git");
        check("/srv/a@b.git", "/srv/a@b.git");
    }

    #[test]
    fn the_hooks_words_are_the_reason() {
        let line = "!\tabc:refs/heads/x\t[remote rejected] (pre-receive hook declined)";
        assert_eq!(
            rejection(line, "remote: GL-HOOK-ERR: no\nerror: x\n"),
            "pre-receive hook declined: GL-HOOK-ERR: no"
        );
    }
}
