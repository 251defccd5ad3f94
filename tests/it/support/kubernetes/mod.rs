//! A Kubernetes API server with state.
//!
//! It answers as a real one does (measured against 1.36), as far as `platform` asks: discovery,
//! get, list in pages, watch, create, delete, and server-side apply with its odd refusals. A test
//! holds its refusals against recorded ones. It has no admission, no defaulting, no controllers:
//! tests play those with [`Kubernetes::put`].

mod answer;
mod apply;
mod store;

use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::response::Response;
use serde_json::Value;
use tokio::sync::Notify;

pub use store::Kind;
use store::Store;

use super::server::{Server, header};
use answer::Answer;

/// The token of the user who may do everything.
pub const ADMIN: &str = "admin-token";
/// The token of `jane`, who may do what no rule forbids her.
pub const JANE: &str = "jane-token";

/// A running API server.
pub struct Kubernetes {
    server: Server,
    shared: Arc<Shared>,
}

struct Shared {
    store: Mutex<Store>,
    changed: Notify,
}

/// How the server misbehaves.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Fault {
    /// Not at all.
    #[default]
    None,
    /// Waits before each answer.
    Slow(Duration),
    /// Answers everything with 503.
    Unavailable,
    /// Answers everything with an HTML page, as a proxy in front of it does.
    Html,
    /// Knows no aggregated discovery, as before 1.26.
    Old,
}

/// What a request asks for.
struct Ask {
    method: String,
    path: String,
    query: Vec<(String, String)>,
    accept: String,
    content_type: String,
    body: Vec<u8>,
}

impl Ask {
    fn parameter(&self, name: &str) -> Option<&str> {
        self.query.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }
}

impl Kubernetes {
    /// An API server with the built-in kinds, those of cert-manager, ExternalDNS and the Gateway
    /// API that `platform` renders, and the namespace `default`.
    pub fn start() -> Self {
        let shared = Arc::new(Shared { store: Mutex::new(Store::new()), changed: Notify::new() });
        let router = Router::new().fallback(serve).with_state(Arc::clone(&shared));
        Self { server: Server::start(router), shared }
    }

    /// Its address.
    pub fn url(&self) -> String {
        self.server.url()
    }

    /// A kubeconfig for the user with this token. Contexts: `test`, the current one, and `dead`,
    /// whose server does not exist.
    pub fn kubeconfig(&self, token: &str) -> String {
        let dead = super::server::dead_port();
        kubeconfig(&self.url(), dead, &format!("token: {token}"))
    }

    /// A kubeconfig whose user runs a login plugin, a shell script.
    pub fn kubeconfig_with_plugin(&self, script: &str) -> String {
        let user = format!(
            "exec: {{apiVersion: client.authentication.k8s.io/v1, interactiveMode: IfAvailable, command: sh, args: [-c, {}]}}",
            Value::String(script.to_owned())
        );
        kubeconfig(&self.url(), super::server::dead_port(), &user)
    }

    /// Serves one more kind, as an installed CRD does.
    pub fn serve(&self, kind: Kind) {
        self.lock().kinds.push(kind);
    }

    /// Stores an object as it is, status included, as a controller would leave it. Creates its
    /// namespace where it has none.
    pub fn put(&self, object: Value) {
        self.lock().put(object);
        self.shared.changed.notify_waiters();
    }

    /// Has a field manager apply an object, as Argo CD and Flux do.
    pub fn applied_by(&self, manager: &str, object: &Value) {
        let mut store = self.lock();
        let (_, plural, namespace, name) = store.key(object);
        let text = |pointer: &str| object.pointer(pointer).and_then(Value::as_str).unwrap();
        let kind = store.kind(text("/apiVersion"), text("/kind")).clone();
        assert_eq!(kind.plural, plural);
        if kind.namespaced {
            store.ensure_namespace(&namespace);
        }
        let ask = Ask {
            method: "PATCH".to_owned(),
            path: String::new(),
            query: vec![("fieldManager".to_owned(), manager.to_owned())],
            accept: String::new(),
            content_type: "application/apply-patch+yaml".to_owned(),
            body: object.to_string().into_bytes(),
        };
        let namespace = kind.namespaced.then_some(namespace);
        let answer = apply::apply(&mut store, &ask, &answer::Place { kind, namespace, name: Some(name) });
        assert!(answer.status < 300, "{}", String::from_utf8_lossy(&answer.body));
        drop(store);
        self.shared.changed.notify_waiters();
    }

    /// Removes an object.
    pub fn remove(&self, api_version: &str, kind: &str, namespace: Option<&str>, name: &str) {
        assert!(self.lock().remove(api_version, kind, namespace, name), "there is no {kind} {name}");
        self.shared.changed.notify_waiters();
    }

    /// An object as it is stored.
    pub fn stored(
        &self,
        api_version: &str,
        kind: &str,
        namespace: Option<&str>,
        name: &str,
    ) -> Option<Value> {
        self.lock().find(api_version, kind, namespace, name).cloned()
    }

    /// Forbids `jane` a verb on a resource: `get`, `certificates.cert-manager.io`.
    pub fn forbid(&self, verb: &str, resource: &str) {
        self.lock().forbidden.insert((verb.to_owned(), resource.to_owned()));
    }

    /// Refuses to apply objects of this name, as admission does.
    pub fn refuse(&self, name: &str, code: u16, reason: &str, message: &str, details: Value) {
        let refusal = (code, reason.to_owned(), message.to_owned(), details);
        self.lock().refused.insert(name.to_owned(), refusal);
    }

    /// Forgets the history before now: watches from earlier versions get 410, and so do lists that
    /// were begun.
    pub fn compact(&self) {
        self.lock().compact();
    }

    /// Misbehaves from now on.
    pub fn fail(&self, fault: Fault) {
        self.lock().fault = fault;
    }

    /// `METHOD PATH?QUERY` of the requests so far.
    pub fn seen(&self) -> Vec<String> {
        self.lock().seen.clone()
    }

    fn lock(&self) -> MutexGuard<'_, Store> {
        self.shared.store.lock().unwrap()
    }
}

fn kubeconfig(url: &str, dead: u16, user: &str) -> String {
    format!(
        "apiVersion: v1\nkind: Config\ncurrent-context: test\n\
         clusters:\n- {{name: test, cluster: {{server: {url}}}}}\n\
         - {{name: dead, cluster: {{server: 'http://127.0.0.1:{dead}'}}}}\n\
         users:\n- name: user\n  user: {{{user}}}\n\
         contexts:\n- {{name: test, context: {{cluster: test, user: user}}}}\n\
         - {{name: dead, context: {{cluster: dead, user: user}}}}\n"
    )
}

async fn serve(State(shared): State<Arc<Shared>>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let header = |name: &str| header(&parts.headers, name);
    let user = match header("authorization").strip_prefix("Bearer ") {
        Some(ADMIN) => Some("admin"),
        Some(JANE) => Some("jane"),
        _ => None,
    };
    let (accept, content_type) = (header("accept"), header("content-type"));
    let uri = parts.uri.clone();
    let method = parts.method.to_string();
    let query = url::form_urlencoded::parse(uri.query().unwrap_or("").as_bytes()).into_owned().collect();
    let body = axum::body::to_bytes(body, 4 << 20).await.unwrap().to_vec();
    let ask = Ask { method, path: uri.path().to_owned(), query, accept, content_type, body };

    let fault = {
        let mut store = shared.store.lock().unwrap();
        store.seen.push(format!("{} {uri}", ask.method));
        store.fault
    };
    let html = "<html><body>Sign in</body></html>";
    match fault {
        Fault::Slow(wait) => tokio::time::sleep(wait).await,
        Fault::Unavailable => return respond(Answer::text(503, "upstream connect error")),
        Fault::Html => return respond(Answer::text(200, html)),
        Fault::None | Fault::Old => {}
    }
    let Some(user) = user else { return respond(answer::unauthorized()) };
    if ask.parameter("watch").is_some_and(|value| value == "1" || value == "true") {
        return respond(watch(&shared, user, &ask).await);
    }
    let answer = answer::answer(&mut shared.store.lock().unwrap(), user, &ask);
    shared.changed.notify_waiters();
    respond(answer)
}

/// Waits for something to report, reports it and ends the stream, as a server may at any time;
/// clients come back with the last version they saw.
async fn watch(shared: &Shared, user: &str, ask: &Ask) -> Answer {
    let seconds = ask.parameter("timeoutSeconds").and_then(|text| text.parse().ok()).unwrap_or(30);
    let deadline = tokio::time::Instant::now() + Duration::from_secs(seconds);
    loop {
        let changed = shared.changed.notified();
        let answer = answer::watch(&shared.store.lock().unwrap(), user, ask);
        if !answer.body.is_empty() || tokio::time::timeout_at(deadline, changed).await.is_err() {
            return answer;
        }
    }
}

fn respond(answer: Answer) -> Response {
    let response = Response::builder().status(answer.status).header("content-type", answer.content_type);
    response.body(Body::from(answer.body)).unwrap()
}
