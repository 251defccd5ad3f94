//! Runs other programs: `git`, `gh`. The one home of `std::process::Command`.
//!
//! A program gets no terminal to ask questions on unless the caller says so, its output is bounded,
//! and one that takes too long is ended.

use std::ffi::OsString;
use std::io::{self, Read, Write};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

/// What is kept of each output stream, in bytes.
const KEPT_OUTPUT: u64 = 16 * 1024 * 1024;

/// A program to run.
#[derive(Clone, Debug, Default)]
pub struct Run {
    /// The program's name, looked up on `PATH`.
    pub program: String,
    /// Its arguments.
    pub args: Vec<OsString>,
    /// Variables set on top of our own environment.
    pub env: Vec<(String, String)>,
    /// The folder it runs in; ours if `None`.
    pub directory: Option<PathBuf>,
    /// What it reads on standard input.
    pub stdin: Vec<u8>,
    /// When it is ended; never if `None`.
    pub timeout: Option<Duration>,
}

/// How a program ended.
#[derive(Clone, Debug)]
pub struct Ended {
    /// Its exit code; `None` when a signal ended it.
    pub code: Option<i32>,
    /// What it wrote, decoded loosely.
    pub stdout: String,
    /// What it complained.
    pub stderr: String,
}

impl Ended {
    /// Whether it exited with 0.
    pub fn success(&self) -> bool {
        self.code == Some(0)
    }
}

/// Why a program could not be run to its end.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// There is no such program.
    #[error("the program `{program}` is not installed, or not on PATH")]
    Missing {
        /// Its name.
        program: String,
    },
    /// It could not be started or talked to.
    #[error("cannot run `{program}`: {source}")]
    Io {
        /// Its name.
        program: String,
        /// What the operating system said.
        source: io::Error,
    },
    /// It took too long and was ended.
    #[error("`{program}` did not answer within {} s", limit.as_secs())]
    Timeout {
        /// Its name.
        program: String,
        /// How long it had.
        limit: Duration,
    },
}

impl Run {
    /// `program` with arguments.
    pub fn new<A: Into<OsString>>(program: &str, args: impl IntoIterator<Item = A>) -> Self {
        let args = args.into_iter().map(Into::into).collect();
        Self { program: program.into(), args, ..Self::default() }
    }

    /// Sets a variable.
    #[must_use]
    pub fn env(mut self, name: &str, value: &str) -> Self {
        self.env.push((name.into(), value.into()));
        self
    }

    /// Runs it to its end and keeps what it wrote.
    pub fn output(self) -> Result<Ended, Error> {
        let io_error = |source: io::Error| match source.kind() {
            io::ErrorKind::NotFound => Error::Missing { program: self.program.clone() },
            _ => Error::Io { program: self.program.clone(), source },
        };
        let mut child = self.command().spawn().map_err(io_error)?;
        let stdout = child.stdout.take().map(keep);
        let stderr = child.stderr.take().map(keep);
        if let Some(mut stdin) = child.stdin.take() {
            // A program that does not want its input has closed the pipe: what it says counts.
            let _ = stdin.write_all(&self.stdin);
        }
        let code = wait(&mut child, self.timeout).map_err(io_error)?;
        let Some(code) = code else {
            let limit = self.timeout.unwrap_or_default();
            return Err(Error::Timeout { program: self.program, limit });
        };
        let text = |thread: Option<thread::JoinHandle<Vec<u8>>>| {
            let bytes = thread.and_then(|thread| thread.join().ok()).unwrap_or_default();
            String::from_utf8_lossy(&bytes).into_owned()
        };
        Ok(Ended { code: code.code(), stdout: text(stdout), stderr: text(stderr) })
    }

    fn command(&self) -> Command {
        #[expect(clippy::disallowed_methods, reason = "the one home of other programs")]
        let mut command = Command::new(&self.program);
        command.args(&self.args).envs(self.env.iter().map(|(name, value)| (name, value)));
        if let Some(directory) = &self.directory {
            command.current_dir(directory);
        }
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    }
}

fn keep(stream: impl Read + Send + 'static) -> thread::JoinHandle<Vec<u8>> {
    thread::spawn(move || {
        let mut bytes = Vec::new();
        let mut stream = stream.take(KEPT_OUTPUT);
        let _ = stream.read_to_end(&mut bytes);
        // The rest is read and dropped, so that the program does not stand still on a full pipe.
        let _ = io::copy(&mut stream.into_inner(), &mut io::sink());
        bytes
    })
}

fn wait(child: &mut Child, timeout: Option<Duration>) -> io::Result<Option<std::process::ExitStatus>> {
    let Some(limit) = timeout else { return child.wait().map(Some) };
    let started = Instant::now();
    let mut pause = Duration::from_millis(1);
    loop {
        if let Some(status) = child.try_wait()? {
            return Ok(Some(status));
        }
        if started.elapsed() > limit {
            child.kill()?;
            child.wait()?;
            return Ok(None);
        }
        thread::sleep(pause);
        pause = (pause * 2).min(Duration::from_millis(50));
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::{Error, Run};

    #[test]
    fn output_and_exit_code_are_kept() {
        let mut run = Run::new("sh", ["-c", "cat; echo oops >&2; exit 3"]);
        run.stdin = b"hello".to_vec();
        let ended = run.output().unwrap();
        assert_eq!((ended.code, ended.stdout.as_str(), ended.stderr.as_str()), (Some(3), "hello", "oops\n"));
    }

    #[test]
    fn a_missing_program_is_named() {
        let error = Run::new("no-such-program-here", [""; 0]).output().unwrap_err();
        assert!(matches!(error, Error::Missing { program } if program == "no-such-program-here"));
    }

    #[test]
    fn a_program_that_hangs_is_ended() {
        let mut run = Run::new("sleep", ["600"]);
        run.timeout = Some(Duration::from_millis(20));
        assert!(matches!(run.output(), Err(Error::Timeout { .. })));
    }
}
