//! One request and its answer, with every limit applied.

use std::sync::{Arc, OnceLock};
use std::time::Duration;

use reqwest::header::{CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue, LOCATION};
use reqwest::{Method, redirect};
use serde::de::DeserializeOwned;
use serde_json::Value;
use url::Url;

use super::error::{Answer, Error, Reason};
use super::retry::{self, Policy, Verdict};
use super::runtime::Runtime;
use super::stream::Stream;
use super::{one_line, text};
use crate::clock;
use crate::progress::Progress;

/// Redirects followed within one host.
const REDIRECTS: u32 = 5;

/// No answer is read for longer than this; who reads asks again.
const LONGEST_STREAM: Duration = Duration::from_hours(6);

/// Every bound on a request.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Until a connection stands, TLS included.
    pub connect: Duration,
    /// One try from start to the last byte.
    pub request: Duration,
    /// How often a GET is asked again after 429, 502, 503 or 504.
    pub retries: u32,
    /// The wait before the first of them, doubled for each further one.
    pub first_wait: Duration,
    /// A server that asks for a longer wait than this is not waited for.
    pub longest_wait: Duration,
    /// Largest body in bytes, unpacked.
    pub body: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(5),
            request: Duration::from_secs(20),
            retries: 2,
            first_wait: Duration::from_millis(400),
            longest_wait: Duration::from_secs(20),
            body: 16 << 20,
        }
    }
}

/// The HTTP client. Clones share connections.
#[derive(Clone)]
pub struct Client(Arc<Inner>);

pub(super) struct Inner {
    http: reqwest::Client,
    pub(super) runtime: Runtime,
    pub(super) limits: Limits,
    progress: Arc<dyn Progress + Send>,
}

/// What to ask.
#[derive(Clone, Debug)]
pub struct Request {
    pub(super) method: Method,
    pub(super) url: Url,
    pub(super) headers: HeaderMap,
    pub(super) body: Option<Value>,
    /// What to call the credential in an error.
    pub(super) credential: String,
}

/// A successful answer, read to its end.
#[derive(Clone, Debug)]
pub struct Response {
    /// HTTP status, 200 to 299.
    pub status: u16,
    /// Where it came from after redirects.
    pub url: Url,
    headers: HeaderMap,
    body: Vec<u8>,
}

impl Client {
    /// A client that tells `progress` when it waits to ask again. Fails when the system has no
    /// usable certificates or event queue.
    pub fn new(limits: Limits, progress: Arc<dyn Progress + Send>) -> Result<Self, Error> {
        install_crypto();
        let http = reqwest::Client::builder()
            .user_agent(concat!("platform/", env!("CARGO_PKG_VERSION")))
            .connect_timeout(limits.connect)
            .timeout(limits.request)
            .redirect(redirect::Policy::none())
            .referer(false)
            .build()
            .map_err(|error| Error::Setup {
                reason: format!("cannot set up the HTTP client: {}", Reason::of(&error, limits.request)),
            })?;
        Ok(Self(Arc::new(Inner { http, runtime: Runtime::start()?, limits, progress })))
    }

    /// Its limits.
    pub fn limits(&self) -> Limits {
        self.0.limits
    }

    /// Sends a request. `Ok` is a success (2xx); everything else is told apart in [`Error`].
    ///
    /// A GET is asked again after 429, 502, 503 and 504, and follows redirects within its host and
    /// port, never from https to http. A write is sent once.
    pub fn send(&self, request: &Request) -> Result<Response, Error> {
        self.0.runtime.block_on(self.0.send(request))?
    }

    /// Sends a request whose answer is read while the server still writes it. Sent once; the time limit
    /// of a request holds until the answer starts. A redirect is not followed.
    pub fn open(&self, request: &Request) -> Result<Stream, Error> {
        let response = self.0.runtime.block_on(self.0.open(request))??;
        Ok(Stream::new(Arc::clone(&self.0), response))
    }
}

impl Inner {
    async fn send(&self, request: &Request) -> Result<Response, Error> {
        let mut url = request.url.clone();
        for _ in 0..=REDIRECTS {
            let (response, body) = self.send_patiently(request, &url).await?;
            let status = response.status().as_u16();
            if !matches!(status, 301 | 302 | 303 | 307 | 308) {
                return finish(request, status, url, response.headers().clone(), body);
            }
            url = redirect_target(&request.method, &url, response.headers())?;
        }
        Err(Error::Moved { from: display(&request.url), to: display(&url) })
    }

    /// One address, asked again as long as that may help.
    async fn send_patiently(
        &self,
        request: &Request,
        url: &Url,
    ) -> Result<(reqwest::Response, Vec<u8>), Error> {
        let policy = Policy {
            retries: if request.method == Method::GET { self.limits.retries } else { 0 },
            first_wait: self.limits.first_wait,
            longest_wait: self.limits.longest_wait,
        };
        let mut try_number = 0;
        loop {
            let (response, body) = self.send_once(request, url).await?;
            let status = response.status().as_u16();
            match retry::judge(status, response.headers(), try_number, policy, clock::now()) {
                Verdict::Take => return Ok((response, body)),
                Verdict::GiveUp(wait) => return Err(Error::Throttled { host: host_of(url), wait }),
                Verdict::Again(wait) => {
                    let seconds = wait.as_secs_f32();
                    let host = host_of(url);
                    self.progress.step(&format!("{host} answered {status}; asking again in {seconds:.1} s"));
                    tokio::time::sleep(wait).await;
                    try_number += 1;
                }
            }
        }
    }

    async fn open(&self, request: &Request) -> Result<reqwest::Response, Error> {
        let (url, limit) = (&request.url, self.limits.request);
        let builder = self.http.request(request.method.clone(), url.clone()).headers(request.headers.clone());
        let unreachable = |reason: Reason| Error::Unreachable { host: host_of(url), reason };
        let started = tokio::time::timeout(limit, builder.timeout(LONGEST_STREAM).send()).await;
        let mut response = started
            .map_err(|_| unreachable(Reason::Timeout(limit)))?
            .map_err(|error| unreachable(Reason::of(&error, self.limits.connect)))?;
        let status = response.status().as_u16();
        if (200..300).contains(&status) {
            return Ok(response);
        }
        if matches!(status, 301 | 302 | 303 | 307 | 308) {
            let to = redirect_target(&request.method, url, response.headers())?;
            return Err(Error::Moved { from: display(url), to: display(&to) });
        }
        let mut body = Vec::new();
        while let Ok(Ok(Some(chunk))) = tokio::time::timeout(limit, response.chunk()).await {
            body.extend_from_slice(&chunk);
            if body.len() > self.limits.body {
                return Err(Error::TooLarge { url: display(url), limit: self.limits.body });
            }
        }
        match finish(request, status, url.clone(), response.headers().clone(), body) {
            Err(error) => Err(error),
            Ok(_) => Err(unreachable(Reason::Other("the answer cannot be read".to_owned()))),
        }
    }

    async fn send_once(&self, request: &Request, url: &Url) -> Result<(reqwest::Response, Vec<u8>), Error> {
        let mut builder =
            self.http.request(request.method.clone(), url.clone()).headers(request.headers.clone());
        if let Some(body) = &request.body {
            builder = builder.json(body);
        }
        let unreachable = |error: &reqwest::Error| {
            let limit = if error.is_connect() { self.limits.connect } else { self.limits.request };
            Error::Unreachable { host: host_of(url), reason: Reason::of(error, limit) }
        };
        let mut response = builder.send().await.map_err(|error| unreachable(&error))?;
        let mut body = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(|error| unreachable(&error))? {
            if body.len() + chunk.len() > self.limits.body {
                return Err(Error::TooLarge { url: display(url), limit: self.limits.body });
            }
            body.extend_from_slice(&chunk);
        }
        Ok((response, body))
    }
}

/// Where a redirect goes, if it may be followed: a GET, the same host and port, not down to http.
fn redirect_target(method: &Method, from: &Url, headers: &HeaderMap) -> Result<Url, Error> {
    let location = headers.get(LOCATION).and_then(|value| value.to_str().ok()).unwrap_or("");
    match from.join(location) {
        Ok(to) if *method == Method::GET && to.origin() == from.origin() => Ok(to),
        Ok(to) => Err(Error::Moved { from: display(from), to: display(&to) }),
        Err(_) => Err(Error::Moved { from: display(from), to: one_line(location) }),
    }
}

/// Sorts an answer into success and the kinds of failure.
fn finish(
    request: &Request,
    status: u16,
    url: Url,
    headers: HeaderMap,
    body: Vec<u8>,
) -> Result<Response, Error> {
    if (200..300).contains(&status) {
        return Ok(Response { status, url, headers, body });
    }
    let json: Option<Value> = serde_json::from_slice(&body).ok();
    let message = text::message_of(&body, json.as_ref());
    let answer = Box::new(Answer { status, url: display(&url), message, body: json });
    Err(match status {
        401 | 403 => {
            Error::Unauthorized { host: host_of(&url), credential: request.credential.clone(), answer }
        }
        404 => Error::NotFound(answer),
        _ => Error::Rejected(answer),
    })
}

impl Request {
    /// A request without a body or a credential. [`super::Endpoint`] makes those with one.
    pub fn new(method: Method, url: Url) -> Self {
        let credential = "a request without a token".to_owned();
        Self { method, url, headers: HeaderMap::new(), body: None, credential }
    }

    /// Adds a header; one whose value cannot be sent (a line break in it) is an error.
    pub fn header(mut self, name: &'static str, value: &str) -> Result<Self, Error> {
        let value = HeaderValue::from_str(value).map_err(|_| Error::Setup {
            reason: format!("the value for the header {name} cannot be sent"),
        })?;
        self.headers.insert(HeaderName::from_static(name), value);
        Ok(self)
    }

    /// Sends JSON.
    #[must_use]
    pub fn json(mut self, body: Value) -> Self {
        self.body = Some(body);
        self
    }
}

impl Response {
    /// A header as text.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }

    /// The body as it came.
    pub fn bytes(&self) -> &[u8] {
        &self.body
    }

    /// The body as JSON of a known shape. Unknown fields are ignored.
    pub fn json<T: DeserializeOwned>(&self) -> Result<T, Error> {
        serde_json::from_slice(&self.body).map_err(|error| {
            let content_type = self.header(CONTENT_TYPE.as_str()).unwrap_or("no content type");
            let found = if error.is_data() {
                error.to_string()
            } else {
                let said = text::message_of(&self.body, None);
                format!("{content_type}, {}", if said.is_empty() { "nothing" } else { said.as_str() })
            };
            Error::NotJson { url: display(&self.url), found: one_line(&found) }
        })
    }
}

/// Host and port, as a user would look for them.
pub(super) fn host_of(url: &Url) -> String {
    let host = url.host_str().unwrap_or("");
    match url.port_or_known_default() {
        Some(port) => format!("{host}:{port}"),
        None => host.to_owned(),
    }
}

/// The address without user, password, query and fragment.
pub(super) fn display(url: &Url) -> String {
    format!("{}{}", url.origin().ascii_serialization(), url.path())
}

/// Makes ring the TLS provider of the process, once. Both users of TLS, this client and kube's,
/// take the process's provider.
pub fn install_crypto() {
    static ONCE: OnceLock<()> = OnceLock::new();
    ONCE.get_or_init(|| {
        // fails only when somebody installed one before, which serves as well
        let _ = rustls::crypto::ring::default_provider().install_default();
    });
}

#[cfg(test)]
mod tests {
    use reqwest::Method;
    use reqwest::header::{HeaderMap, HeaderValue, LOCATION};
    use url::Url;

    use super::{display, redirect_target};

    fn target(method: &Method, from: &str, location: &'static str) -> Result<String, String> {
        let mut headers = HeaderMap::new();
        headers.insert(LOCATION, HeaderValue::from_static(location));
        redirect_target(method, &Url::parse(from).unwrap(), &headers)
            .map(|url| url.to_string())
            .map_err(|error| error.to_string())
    }

    #[test]
    fn redirects_stay_where_they_are() {
        let from = "https://api.example.org/repos/a/b?x=1";
        assert_eq!(target(&Method::GET, from, "/r/1").as_deref(), Ok("https://api.example.org/r/1"));
        for away in [
            "https://evil.example/",
            "http://api.example.org/r/1",
            "https://api.example.org:444/r",
            "//evil.example/x",
        ] {
            assert!(target(&Method::GET, from, away).is_err(), "{away}");
        }
        assert!(target(&Method::POST, from, "/r/1").is_err());
    }

    #[test]
    fn shown_addresses_have_no_secrets() {
        let url = Url::parse("https://user:pass@example.org:8443/a%20b?token=x#y").unwrap();
        assert_eq!(display(&url), "https://example.org:8443/a%20b");
    }
}
