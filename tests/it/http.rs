//! The HTTP client against servers that behave badly.

use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::Request;
use axum::response::Response;
use platform::error::Exit;
use platform::http::{Client, Credential, Endpoint, Error, Limits, Method, Reason, Scheme};
use platform::progress::Progress;
use serde_json::{Value, json};
use url::Url;

use crate::support::server::{Server, dead_port, header};

const SECRET: &str = "s3cr3t-t0ken";

/// A server that answers by `script` and notes the `Authorization` and `PRIVATE-TOKEN` headers.
fn server(
    script: impl Fn(&str) -> Response + Clone + Send + Sync + 'static,
) -> (Server, Arc<Mutex<Vec<String>>>) {
    let tokens = Arc::new(Mutex::new(Vec::new()));
    let seen = Arc::clone(&tokens);
    let handler = move |request: Request| {
        let said = |name| header(request.headers(), name);
        seen.lock().unwrap().push(format!("{}{}", said("authorization"), said("private-token")));
        let response = script(request.uri().path());
        async move { response }
    };
    (Server::start(Router::new().fallback(handler)), tokens)
}

fn text(status: u16, body: &str) -> Response {
    Response::builder().status(status).body(Body::from(body.to_owned())).unwrap()
}

fn with_header(status: u16, name: &str, value: &str) -> Response {
    Response::builder().status(status).header(name, value).body(Body::empty()).unwrap()
}

fn limits() -> Limits {
    Limits { first_wait: Duration::from_millis(1), ..Limits::default() }
}

fn endpoint(url: &str, scheme: Scheme, limits: Limits) -> Endpoint {
    let client = Client::new(limits, Arc::new(())).unwrap();
    Endpoint::new(client, Url::parse(url).unwrap(), scheme, Some(Credential::new(SECRET, "TEST_TOKEN")))
}

fn get(server: &Server, limits: Limits) -> Result<Value, Error> {
    let endpoint = endpoint(&server.url(), Scheme::Bearer, limits);
    endpoint.get(endpoint.url(["thing"]), &[])?.json()
}

/// The failure as a text that must not hold the token.
fn failure(result: Result<Value, Error>) -> (Error, String) {
    let error = result.unwrap_err();
    let text = format!("{error} {error:?}");
    assert!(!text.contains(SECRET), "{text}");
    let shown = error.to_string();
    (error, shown)
}

#[test]
fn a_dead_server_is_named_with_its_port() {
    let port = dead_port();
    let endpoint = endpoint(&format!("http://127.0.0.1:{port}"), Scheme::Bearer, limits());
    let answer = endpoint.get(endpoint.url(["x"]), &[]).map(|_| Value::Null);
    let (error, shown) = failure(answer);
    assert_eq!(shown, format!("cannot reach 127.0.0.1:{port}: connection refused"));
    assert_eq!(error.exit(), Exit::Unreachable);
}

#[test]
fn a_server_without_tls_is_not_trusted() {
    let (server, _) = server(|_| text(200, "{}"));
    let endpoint = endpoint(&server.url().replace("http:", "https:"), Scheme::Bearer, limits());
    let (error, shown) = failure(endpoint.get(endpoint.url(["x"]), &[]).map(|_| Value::Null));
    assert!(matches!(error, Error::Unreachable { reason: Reason::Tls(_), .. }), "{shown}");
}

#[test]
fn a_server_that_never_answers_is_left() {
    // it takes connections and says nothing
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let short = Limits { request: Duration::from_millis(200), ..limits() };
    let endpoint = endpoint(&url, Scheme::Bearer, short);
    let (_, shown) = failure(endpoint.get(endpoint.url(["x"]), &[]).map(|_| Value::Null));
    assert!(shown.ends_with("no answer within 200 ms"), "{shown}");
}

#[test]
fn a_body_that_stalls_or_breaks_is_left() {
    for (stall, expected) in [(true, "no answer within 200 ms"), (false, "")] {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let (done, ended) = std::sync::mpsc::channel::<()>();
        let thread = std::thread::spawn(move || {
            let (mut connection, _) = listener.accept().unwrap();
            let _ = connection.read(&mut [0; 4096]);
            connection.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{\"a\"").unwrap();
            if stall {
                // keeps the connection until the client has given up
                let _ = ended.recv();
            }
        });
        let short = Limits { request: Duration::from_millis(200), ..limits() };
        let endpoint = endpoint(&url, Scheme::Bearer, short);
        let (error, shown) = failure(endpoint.get(endpoint.url(["x"]), &[]).map(|_| Value::Null));
        assert!(matches!(error, Error::Unreachable { .. }) && shown.contains(expected), "{shown}");
        drop(done);
        thread.join().unwrap();
    }
}

#[test]
fn a_huge_body_is_not_read_to_its_end() {
    let (server, _) = server(|_| text(200, &format!("\"{}\"", "x".repeat(100_000))));
    let (error, shown) = failure(get(&server, Limits { body: 10_000, ..limits() }));
    assert!(matches!(error, Error::TooLarge { limit: 10_000, .. }), "{shown}");
}

#[test]
fn a_body_that_unpacks_to_something_huge_is_not_unpacked_to_its_end() {
    let mut gzip = Command::new("gzip").stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    gzip.stdin.take().unwrap().write_all(&vec![b' '; 4 << 20]).unwrap();
    let packed = gzip.wait_with_output().unwrap().stdout;
    assert!(packed.len() < 10_000, "the bomb is small");
    let (server, _) = server(move |_| {
        Response::builder().header("content-encoding", "gzip").body(Body::from(packed.clone())).unwrap()
    });
    let (error, shown) = failure(get(&server, Limits { body: 1 << 20, ..limits() }));
    assert!(matches!(error, Error::TooLarge { .. }), "{shown}");
}

#[test]
fn a_refused_token_is_named_by_where_it_came_from() {
    for status in [401, 403] {
        let (server, tokens) = server(move |_| text(status, r#"{"message":"Bad \u001b[31mcredentials"}"#));
        let (error, shown) = failure(get(&server, limits()));
        assert!(
            shown.ends_with(&format!(
                "refused the token from TEST_TOKEN ({status}): Bad \\u{{1b}}[31mcredentials"
            )),
            "{shown}"
        );
        assert_eq!(error.exit(), Exit::Login);
        assert_eq!(*tokens.lock().unwrap(), [format!("Bearer {SECRET}")]);
    }
}

#[test]
fn a_redirect_to_another_host_is_not_followed() {
    for scheme in [Scheme::Bearer, Scheme::Header("private-token")] {
        let (thief, stolen) = server(|_| text(200, "{}"));
        let target = format!("{}/give", thief.url());
        let (first, tokens) = server(move |_| with_header(302, "location", &target));
        let endpoint = endpoint(&first.url(), scheme, limits());
        let (error, shown) = failure(endpoint.get(endpoint.url(["x"]), &[]).map(|_| Value::Null));
        assert!(matches!(error, Error::Moved { .. }) && shown.contains(&thief.url()), "{shown}");
        assert_eq!(tokens.lock().unwrap().len(), 1);
        assert!(stolen.lock().unwrap().is_empty(), "the other host was asked");
    }
}

#[test]
fn an_address_of_another_host_does_not_get_the_token() {
    let (thief, stolen) = server(|_| text(200, "{}"));
    let endpoint = endpoint("http://127.0.0.1:9", Scheme::Bearer, limits());
    endpoint.get(Url::parse(&thief.url()).unwrap(), &[]).unwrap();
    assert_eq!(*stolen.lock().unwrap(), [String::new()]);
}

#[test]
fn a_redirect_within_the_host_is_followed_for_reading_only() {
    let (server, _) = server(|path| match path {
        "/thing" => with_header(301, "location", "/moved"),
        "/moved" => text(200, r#"{"a":1}"#),
        _ => with_header(302, "location", "/loop"),
    });
    assert_eq!(get(&server, limits()).unwrap(), json!({ "a": 1 }));
    let endpoint = endpoint(&server.url(), Scheme::Bearer, limits());
    let written = endpoint.write(Method::POST, endpoint.url(["thing"]), json!({}));
    assert!(matches!(written, Err(Error::Moved { .. })));
    assert!(matches!(endpoint.get(endpoint.url(["loop"]), &[]), Err(Error::Moved { .. })));
}

#[test]
fn a_link_to_a_page_on_another_host_is_an_error() {
    let (server, _) = server(|path| {
        let next = if path == "/away" { "http://elsewhere.example/2" } else { "/2" };
        let link = format!("<{next}>; rel=\"next\"");
        Response::builder().header("link", link).body(Body::from("[]")).unwrap()
    });
    let endpoint = endpoint(&server.url(), Scheme::Bearer, limits());
    let near = endpoint.get(endpoint.url(["near"]), &[]).unwrap();
    let next = endpoint.next_page(&near).unwrap().map(|url| url.to_string());
    assert_eq!(next, Some(format!("{}/2", server.url())));
    let away = endpoint.get(endpoint.url(["away"]), &[]).unwrap();
    assert!(matches!(endpoint.next_page(&away), Err(Error::Moved { .. })));
}

#[test]
fn html_is_not_taken_for_json() {
    let (server, _) = server(|_| text(200, "<!DOCTYPE html><title>Sign in</title>"));
    let (error, shown) = failure(get(&server, limits()));
    assert!(matches!(error, Error::NotJson { .. }) && shown.ends_with("an HTML page"), "{shown}");
}

/// Keeps what was said.
#[derive(Default)]
struct Said(Mutex<Vec<String>>);

impl Progress for Said {
    fn step(&self, what: &str) {
        self.0.lock().unwrap().push(what.to_owned());
    }
}

#[test]
fn what_passes_is_asked_again() {
    let count = Arc::new(AtomicUsize::new(0));
    let counter = Arc::clone(&count);
    let (server, _) = server(move |_| match counter.fetch_add(1, Ordering::SeqCst) {
        0 => text(503, "busy"),
        1 => with_header(429, "retry-after", "0"),
        _ => text(200, "{}"),
    });
    let said = Arc::new(Said::default());
    let client = Client::new(limits(), said.clone()).unwrap();
    let endpoint = Endpoint::new(client, Url::parse(&server.url()).unwrap(), Scheme::Bearer, None);
    endpoint.get(endpoint.url(["x"]), &[]).unwrap();
    assert_eq!(count.load(Ordering::SeqCst), 3);
    let said = said.0.lock().unwrap().join("; ");
    assert!(said.contains("answered 503; asking again") && said.contains("answered 429"), "{said}");
}

#[test]
fn a_write_is_sent_once() {
    let (server, tokens) = server(|_| text(503, "busy"));
    let endpoint = endpoint(&server.url(), Scheme::Bearer, limits());
    let written = endpoint.write(Method::POST, endpoint.url(["x"]), json!({}));
    assert!(matches!(written, Err(Error::Rejected(answer)) if answer.status == 503));
    assert_eq!(tokens.lock().unwrap().len(), 1);
}

#[test]
fn a_server_that_asks_for_an_hour_is_not_waited_for() {
    let (server, tokens) = server(|_| with_header(429, "retry-after", "3600"));
    let (error, shown) = failure(get(&server, limits()));
    assert!(shown.ends_with("asks to slow down; it says to wait 3600 s"), "{shown}");
    assert_eq!(error.exit(), Exit::Unreachable);
    assert_eq!(tokens.lock().unwrap().len(), 1);
}

#[test]
fn a_token_that_is_no_header_is_refused_without_showing_it() {
    let client = Client::new(limits(), Arc::new(())).unwrap();
    let credential = Some(Credential::new("two\nlines", "TEST_TOKEN"));
    let endpoint =
        Endpoint::new(client, Url::parse("http://127.0.0.1:9").unwrap(), Scheme::Bearer, credential);
    let error = endpoint.get(endpoint.url(["x"]), &[]).unwrap_err().to_string();
    assert_eq!(error, "the token from TEST_TOKEN has characters that no token has");
}
