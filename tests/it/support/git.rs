//! Git repositories made by plain git commands, and the two servers that Git itself brings: `git
//! daemon`, and `git http-backend` behind a small HTTP server with a password.
//!
//! A path is no stand-in for a server: libgit2's path transport runs no hooks and knows no push
//! options.

use std::collections::BTreeMap;
use std::fs;
use std::io::Write as _;
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::os::fd::OwnedFd;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{DefaultBodyLimit, Request, State};
use axum::response::Response;

use super::server::{Server, header};

/// `git ARGS` in `directory` with exactly the environment `env`; its output without the last line
/// break. A failure ends the test.
#[track_caller]
pub fn run(directory: &Path, env: &BTreeMap<String, String>, args: &[&str]) -> String {
    let output =
        Command::new("git").args(args).env_clear().envs(env).current_dir(directory).output().unwrap();
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).trim_end_matches('\n').to_owned();
    assert!(output.status.success(), "git {}: {}", args.join(" "), text(&output.stderr));
    text(&output.stdout)
}

/// A bare repository at `path` with the branch `main`, filled with `files` in one commit.
pub fn bare(path: &Path, env: &BTreeMap<String, String>, files: &[(&str, &str)]) {
    fs::create_dir_all(path).unwrap();
    run(path, env, &["init", "--quiet", "--bare", "--initial-branch=main", "."]);
    let work = path.with_extension("seed");
    run(path, env, &["clone", "--quiet", ".", &work.display().to_string()]);
    for (name, text) in files {
        let file = work.join(name);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(file, text).unwrap();
    }
    run(&work, env, &["add", "--all"]);
    run(&work, env, &["commit", "--quiet", "--allow-empty", "--message=Begin"]);
    run(&work, env, &["push", "--quiet", "origin", "HEAD:main"]);
    fs::remove_dir_all(work).unwrap();
}

/// Installs a hook, a shell script, in a bare repository.
pub fn hook(repository: &Path, name: &str, script: &str) {
    let path = repository.join("hooks").join(name);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(&path, format!("#!/bin/sh\n{script}\n")).unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
}

/// A `pre-receive` hook that refuses every push to `main`, as a protected branch does.
pub fn protect_main(repository: &Path) {
    let script = "while read -r old new ref; do\n  if [ \"$ref\" = refs/heads/main ]; then\n    \
                  echo 'error: main is protected: open a pull request' >&2\n    exit 1\n  fi\ndone";
    hook(repository, "pre-receive", script);
}

/// `git daemon` for all repositories in a folder, pushes allowed.
///
/// Our own listener starts one `git daemon --inetd` for each connection: so the port is free, is
/// served at once, and closes when this is dropped.
pub struct Daemon {
    address: SocketAddr,
    stopped: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Daemon {
    /// Serves the repositories in `folder`.
    pub fn start(folder: &Path, env: &BTreeMap<String, String>) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let address = listener.local_addr().unwrap();
        let stopped = Arc::new(AtomicBool::new(false));
        let (folder, env, stop) = (folder.to_owned(), env.clone(), Arc::clone(&stopped));
        let thread = std::thread::spawn(move || {
            while let Ok((connection, _)) = listener.accept() {
                if stop.load(Ordering::SeqCst) {
                    return;
                }
                serve_connection(connection, &folder, &env);
            }
        });
        Self { address, stopped, thread: Some(thread) }
    }

    /// `git://127.0.0.1:PORT/NAME`.
    pub fn url(&self, name: &str) -> String {
        format!("git://{}/{name}", self.address)
    }

    /// The port.
    pub fn port(&self) -> u16 {
        self.address.port()
    }
}

fn serve_connection(connection: TcpStream, folder: &Path, env: &BTreeMap<String, String>) {
    let base = format!("--base-path={}", folder.display());
    let output = OwnedFd::from(connection.try_clone().unwrap());
    let mut daemon = Command::new("git")
        .args(["daemon", "--inetd", "--export-all", "--enable=receive-pack", &base])
        .env_clear()
        .envs(env)
        .stdin(Stdio::from(OwnedFd::from(connection)))
        .stdout(Stdio::from(output))
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    std::thread::spawn(move || daemon.wait());
}

impl Drop for Daemon {
    fn drop(&mut self) {
        self.stopped.store(true, Ordering::SeqCst);
        // wakes the thread that waits for a connection
        drop(TcpStream::connect(self.address));
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

/// `git http-backend` for all repositories in a folder, behind HTTP basic authentication.
pub struct HttpRemote {
    server: Server,
}

/// The user who may read and push.
pub const USER: &str = "x-access-token";

struct Backend {
    folder: PathBuf,
    env: BTreeMap<String, String>,
    password: String,
}

impl HttpRemote {
    /// Serves the repositories in `folder` to [`USER`] with this password.
    pub fn start(folder: &Path, env: &BTreeMap<String, String>, password: &str) -> Self {
        let backend = Backend { folder: folder.to_owned(), env: env.clone(), password: password.to_owned() };
        let router =
            Router::new().fallback(answer).layer(DefaultBodyLimit::disable()).with_state(Arc::new(backend));
        Self { server: Server::start(router) }
    }

    /// `http://127.0.0.1:PORT/NAME`.
    pub fn url(&self, name: &str) -> String {
        format!("{}/{name}", self.server.url())
    }

    /// The port.
    pub fn port(&self) -> u16 {
        self.server.port()
    }
}

async fn answer(State(backend): State<Arc<Backend>>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let header = |name: &str| header(&parts.headers, name);
    if header("authorization") != format!("Basic {}", base64(&format!("{USER}:{}", backend.password))) {
        return Response::builder()
            .status(401)
            .header("www-authenticate", "Basic realm=\"git\"")
            .body(Body::from("who are you?\n"))
            .unwrap();
    }
    let mut env = backend.env.clone();
    env.extend(
        [
            ("GIT_PROJECT_ROOT", backend.folder.display().to_string()),
            ("GIT_HTTP_EXPORT_ALL", "1".to_owned()),
            ("REMOTE_USER", USER.to_owned()),
            ("REMOTE_ADDR", "127.0.0.1".to_owned()),
            ("REQUEST_METHOD", parts.method.to_string()),
            ("PATH_INFO", parts.uri.path().to_owned()),
            ("QUERY_STRING", parts.uri.query().unwrap_or("").to_owned()),
            ("CONTENT_TYPE", header("content-type")),
            ("HTTP_CONTENT_ENCODING", header("content-encoding")),
            ("HTTP_GIT_PROTOCOL", header("git-protocol")),
        ]
        .map(|(name, value)| (name.to_owned(), value)),
    );
    let body = axum::body::to_bytes(body, 256 << 20).await.unwrap();
    env.insert("CONTENT_LENGTH".to_owned(), body.len().to_string());
    tokio::task::spawn_blocking(move || cgi(&env, &body)).await.unwrap()
}

/// Runs `git http-backend` and turns what it prints into an answer.
fn cgi(env: &BTreeMap<String, String>, body: &Bytes) -> Response {
    let mut child = Command::new("git")
        .arg("http-backend")
        .env_clear()
        .envs(env)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut input = child.stdin.take().unwrap();
    let sent = body.clone();
    let writer = std::thread::spawn(move || {
        // it may end before it has read everything
        let _ = input.write_all(&sent);
    });
    let output = child.wait_with_output().unwrap().stdout;
    writer.join().unwrap();
    let end = output.windows(4).position(|window| window == b"\r\n\r\n").unwrap();
    let mut response = Response::builder().status(200);
    for line in String::from_utf8_lossy(&output[..end]).lines() {
        let (name, value) = line.split_once(": ").unwrap();
        if name == "Status" {
            response = response.status(value[..3].parse::<u16>().unwrap());
        } else {
            response = response.header(name, value);
        }
    }
    response.body(Body::from(output[end + 4..].to_vec())).unwrap()
}

/// RFC 4648, with padding.
pub fn base64(text: &str) -> String {
    base64_of(text.as_bytes())
}

/// The same of bytes.
pub fn base64_of(bytes: &[u8]) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut encoded = String::new();
    for three in bytes.chunks(3) {
        let bits = three.iter().fold(0_usize, |bits, byte| bits << 8 | usize::from(*byte))
            << (8 * (3 - three.len()));
        for place in 0..4 {
            let letter = char::from(LETTERS[bits >> (18 - 6 * place) & 63]);
            encoded.push(if place <= three.len() { letter } else { '=' });
        }
    }
    encoded
}
