//! What fake forges have in common: state behind a lock, a record of what was asked, and prepared
//! answers that have to be used.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard};

use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::response::Response;
use serde_json::Value;

use super::server::{Server, header};

/// A forge: answers requests from its state.
pub trait Site: Send + 'static {
    /// Answers one request.
    fn answer(&mut self, ask: &Ask) -> Reply;
}

/// A running fake; dropping it fails the test when a prepared answer was never asked for.
pub struct Fake<S: Site> {
    server: Server,
    shared: Arc<Mutex<Shared<S>>>,
}

struct Shared<S> {
    site: S,
    prepared: Vec<Prepared>,
    seen: Vec<Ask>,
}

/// One request that came in.
#[derive(Clone, Debug)]
pub struct Ask {
    /// `GET`, `POST`, …
    pub method: String,
    /// Path as it came, still encoded.
    pub path: String,
    /// Query, decoded; of a repeated parameter the last one.
    pub query: BTreeMap<String, String>,
    /// The `Authorization` header; empty without one.
    pub authorization: String,
    /// The `User-Agent` header; empty without one.
    pub agent: String,
    /// The body; `Null` without one.
    pub body: Value,
}

impl Ask {
    /// The segments of the path, decoded one by one.
    pub fn segments(&self) -> Vec<String> {
        self.path.trim_matches('/').split('/').map(decode).collect()
    }

    /// A parameter of the query; empty without it.
    pub fn parameter(&self, name: &str) -> &str {
        self.query.get(name).map_or("", String::as_str)
    }

    /// A text in the body; empty without it.
    pub fn text(&self, name: &str) -> &str {
        self.body.get(name).and_then(Value::as_str).unwrap_or("")
    }

    /// The texts in a list in the body.
    pub fn texts(&self, name: &str) -> Vec<String> {
        let list = self.body.get(name).and_then(Value::as_array);
        list.into_iter().flatten().filter_map(Value::as_str).map(str::to_owned).collect()
    }
}

/// An answer.
#[derive(Clone, Debug)]
pub struct Reply {
    /// HTTP status.
    pub status: u16,
    /// Headers beside the content type.
    pub headers: Vec<(&'static str, String)>,
    /// The body.
    pub body: Value,
}

impl Reply {
    /// JSON with this status.
    pub fn new(status: u16, body: Value) -> Self {
        Self { status, headers: Vec::new(), body }
    }
}

/// A prepared answer, used once.
#[derive(Clone, Debug, Default)]
pub struct Prepared {
    /// `GET`, `POST`, …
    pub method: &'static str,
    /// End of the path it is for.
    pub path: &'static str,
    /// Status.
    pub status: u16,
    /// Headers.
    pub headers: Vec<(&'static str, String)>,
    /// Body.
    pub body: String,
}

impl<S: Site> Fake<S> {
    /// Serves `site`.
    pub fn start(site: S) -> Self {
        let shared = Arc::new(Mutex::new(Shared { site, prepared: Vec::new(), seen: Vec::new() }));
        let router = Router::new().fallback(serve::<S>).with_state(Arc::clone(&shared));
        Self { server: Server::start(router), shared }
    }

    /// Its address.
    pub fn url(&self) -> String {
        self.server.url()
    }

    /// Looks into its state or changes it.
    pub fn with<T>(&self, work: impl FnOnce(&mut S) -> T) -> T {
        work(&mut self.lock().site)
    }

    /// Prepares an answer for the next request that fits.
    pub fn prepare(&self, prepared: Prepared) {
        self.lock().prepared.push(prepared);
    }

    /// The requests so far.
    pub fn seen(&self) -> Vec<Ask> {
        self.lock().seen.clone()
    }

    fn lock(&self) -> MutexGuard<'_, Shared<S>> {
        self.shared.lock().unwrap()
    }
}

impl<S: Site> Drop for Fake<S> {
    fn drop(&mut self) {
        if !std::thread::panicking() {
            let left = &self.lock().prepared;
            assert!(left.is_empty(), "answers that were never asked for: {left:?}");
        }
    }
}

async fn serve<S: Site>(State(shared): State<Arc<Mutex<Shared<S>>>>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let query = parts.uri.query().unwrap_or("");
    let body = axum::body::to_bytes(body, 1 << 20).await.unwrap();
    let ask = Ask {
        method: parts.method.to_string(),
        path: parts.uri.path().to_owned(),
        query: url::form_urlencoded::parse(query.as_bytes()).into_owned().collect(),
        authorization: header(&parts.headers, "authorization"),
        agent: header(&parts.headers, "user-agent"),
        body: serde_json::from_slice(&body).unwrap_or(Value::Null),
    };
    let mut shared = shared.lock().unwrap();
    shared.seen.push(ask.clone());
    let fits = |prepared: &Prepared| prepared.method == ask.method && ask.path.ends_with(prepared.path);
    let (status, headers, body) = if let Some(at) = shared.prepared.iter().position(fits) {
        let prepared = shared.prepared.remove(at);
        (prepared.status, prepared.headers, prepared.body)
    } else {
        let reply = shared.site.answer(&ask);
        (reply.status, reply.headers, reply.body.to_string())
    };
    let json = "application/json; charset=utf-8";
    let mut response = Response::builder().status(status).header("content-type", json);
    for (name, value) in headers {
        response = response.header(name, value);
    }
    response.body(Body::from(body)).unwrap()
}

/// Undoes percent-encoding; a plus is a plus in a path.
fn decode(segment: &str) -> String {
    let escaped = segment.replace('+', "%2B").replace('&', "%26").replace('=', "%3D");
    let text = format!("x={escaped}");
    url::form_urlencoded::parse(text.as_bytes()).next().unwrap().1.into_owned()
}

/// The branches of a bare repository and their tips, for a fake that stands beside a Git server.
pub fn branches_of(repository: &Path) -> BTreeMap<String, String> {
    let format = "--format=%(refname:lstrip=2) %(objectname)";
    let env = std::env::vars().filter(|(name, _)| name == "PATH").collect();
    let lines = super::git::run(repository, &env, &["for-each-ref", format, "refs/heads"]);
    lines
        .lines()
        .filter_map(|line| line.split_once(' '))
        .map(|(name, tip)| (name.into(), tip.into()))
        .collect()
}

/// The id of commit number `commit`.
pub fn sha(commit: u64) -> String {
    format!("{commit:040x}")
}
