//! A server, and the credential that goes there and nowhere else.

use reqwest::Method;
use serde_json::Value;
use url::Url;

use super::client::{Client, Limits, Request, Response, display};
use super::error::Error;
use super::secret::Credential;
use super::stream::Stream;

/// How an API wants its credential.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Scheme {
    /// `Authorization: Bearer TOKEN`.
    Bearer,
    /// `Authorization: token TOKEN` (Gitea, Forgejo).
    Token,
    /// `Authorization: Basic`, with this user and the secret as the password.
    Basic {
        /// May be empty (Azure DevOps).
        user: String,
    },
    /// A header of its own: `private-token` (GitLab), in lower case.
    Header(&'static str),
}

/// The base address of an API.
#[derive(Clone)]
pub struct Endpoint {
    client: Client,
    base: Url,
    scheme: Scheme,
    credential: Option<Credential>,
    headers: Vec<(&'static str, &'static str)>,
}

impl Endpoint {
    /// An API at `base`. User and password in the address are dropped: a credential is given
    /// openly or not at all.
    pub fn new(client: Client, mut base: Url, scheme: Scheme, credential: Option<Credential>) -> Self {
        // both fail only for addresses that cannot have a user, which have none to drop
        let _ = base.set_username("");
        let _ = base.set_password(None);
        base.set_query(None);
        base.set_fragment(None);
        if !base.path().ends_with('/') {
            base.set_path(&format!("{}/", base.path()));
        }
        Self { client, base, scheme, credential, headers: Vec::new() }
    }

    /// Sends this header, its name in lower case, with every request.
    #[must_use]
    pub fn header(mut self, name: &'static str, value: &'static str) -> Self {
        self.headers.push((name, value));
        self
    }

    /// The base address, ending in a slash.
    pub fn base(&self) -> &Url {
        &self.base
    }

    /// The limits of its client.
    pub fn limits(&self) -> Limits {
        self.client.limits()
    }

    /// Where the credential came from, if there is one.
    pub fn credential_source(&self) -> Option<&str> {
        self.credential.as_ref().map(|credential| credential.source.as_str())
    }

    /// The address of a path below the base, given segment by segment: each is encoded, so that a
    /// branch name with a slash stays one segment.
    pub fn url<S: AsRef<str>>(&self, segments: impl IntoIterator<Item = S>) -> Url {
        let mut path = self.base.path().to_owned();
        for (index, segment) in segments.into_iter().enumerate() {
            if index > 0 {
                path.push('/');
            }
            path.push_str(&encode(segment.as_ref()));
        }
        let mut url = self.base.clone();
        url.set_path(&path);
        url
    }

    /// Asks for `url` with these query parameters.
    pub fn get(&self, mut url: Url, query: &[(&str, &str)]) -> Result<Response, Error> {
        if !query.is_empty() {
            url.query_pairs_mut().extend_pairs(query);
        }
        self.send(Method::GET, url, None)
    }

    /// Sends JSON to `url`.
    pub fn write(&self, method: Method, url: Url, body: Value) -> Result<Response, Error> {
        self.send(method, url, Some(body))
    }

    /// The next page, from the `Link` header. A link to another host or port is an error: the
    /// credential may not go there, and an answer without it would be incomplete.
    pub fn next_page(&self, response: &Response) -> Result<Option<Url>, Error> {
        let Some(next) = response.header("link").and_then(next_link) else {
            return Ok(None);
        };
        match response.url.join(next) {
            Ok(url) if url.origin() == self.base.origin() => Ok(Some(url)),
            Ok(url) => Err(Error::Moved { from: display(&response.url), to: display(&url) }),
            Err(_) => Err(Error::Moved { from: display(&response.url), to: super::one_line(next) }),
        }
    }

    /// Asks for `url` with these query parameters, for an answer of this type that is read as it comes.
    pub fn open(&self, mut url: Url, query: &[(&str, &str)], accept: &str) -> Result<Stream, Error> {
        url.query_pairs_mut().extend_pairs(query);
        self.client.open(&self.request(Method::GET, url)?.header("accept", accept)?)
    }

    fn send(&self, method: Method, url: Url, body: Option<Value>) -> Result<Response, Error> {
        let mut request = self.request(method, url)?;
        if let Some(body) = body {
            request = request.json(body);
        }
        self.client.send(&request)
    }

    /// A request with the headers of the API, and with the credential where it belongs.
    fn request(&self, method: Method, url: Url) -> Result<Request, Error> {
        let at_home = url.origin() == self.base.origin();
        let mut request = Request::new(method, url);
        for (name, value) in &self.headers {
            request = request.header(name, value)?;
        }
        match self.credential.as_ref().filter(|_| at_home) {
            Some(credential) => self.sign(request, credential),
            None => Ok(request),
        }
    }

    fn sign(&self, request: Request, credential: &Credential) -> Result<Request, Error> {
        let secret = credential.secret.expose();
        let (name, value) = match &self.scheme {
            Scheme::Bearer => ("authorization", format!("Bearer {secret}")),
            Scheme::Token => ("authorization", format!("token {secret}")),
            Scheme::Basic { user } => {
                ("authorization", format!("Basic {}", base64(&format!("{user}:{secret}"))))
            }
            Scheme::Header(name) => (*name, secret.to_owned()),
        };
        let mut request = request.header(name, &value).map_err(|_| Error::Setup {
            reason: format!("the token from {} has characters that no token has", credential.source),
        })?;
        request.headers.iter_mut().filter(|(header, _)| header.as_str() == name).for_each(|(_, value)| {
            value.set_sensitive(true);
        });
        request.credential = format!("the token from {}", credential.source);
        Ok(request)
    }
}

/// The address marked `rel="next"`.
fn next_link(header: &str) -> Option<&str> {
    header.split(',').find_map(|link| {
        let (address, parameters) = link.split_once(';')?;
        let is_next = parameters.split(';').any(|parameter| {
            parameter.trim().strip_prefix("rel=").is_some_and(|rel| rel.trim_matches('"') == "next")
        });
        is_next.then(|| address.trim().trim_start_matches('<').trim_end_matches('>'))
    })
}

/// Percent-encodes everything but letters, digits, `-`, `_`, `.` and `~`. The two segments that a
/// URL gives a meaning, `.` and `..`, cannot be encoded (parsers undo it), so the dots are written
/// twice encoded: such a name leads to "not found" instead of to another resource.
fn encode(segment: &str) -> String {
    if segment == "." || segment == ".." {
        return segment.replace('.', "%252E");
    }
    segment
        .bytes()
        .map(|byte| match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => {
                char::from(byte).to_string()
            }
            _ => format!("%{byte:02X}"),
        })
        .collect()
}

/// RFC 4648, with padding.
fn base64(text: &str) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut encoded = String::new();
    for chunk in text.as_bytes().chunks(3) {
        let bytes = [chunk[0], chunk.get(1).copied().unwrap_or(0), chunk.get(2).copied().unwrap_or(0)];
        let bits = u32::from_be_bytes([0, bytes[0], bytes[1], bytes[2]]);
        for place in 0..4 {
            let letter = LETTERS[(bits >> (18 - 6 * place) & 63) as usize];
            encoded.push(if place <= chunk.len() { char::from(letter) } else { '=' });
        }
    }
    encoded
}

#[cfg(test)]
mod tests {
    use super::{base64, encode, next_link};

    #[test]
    fn segments_are_encoded_whole() {
        assert_eq!(encode("platform/new/x#1%"), "platform%2Fnew%2Fx%231%25");
        assert_eq!(encode(".."), "%252E%252E");
        assert_eq!(encode("ü"), "%C3%BC");
    }

    #[test]
    fn base64_is_rfc_4648() {
        let cases = [("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), (":pat?>", "OnBhdD8+")];
        for (text, expected) in cases {
            assert_eq!(base64(text), expected);
        }
    }

    #[test]
    fn the_next_link_is_found() {
        let header = r#"<https://h/r/1?page=1>; rel="prev", <https://h/r/1?page=3>; rel="next""#;
        assert_eq!(next_link(header), Some("https://h/r/1?page=3"));
        assert_eq!(next_link(r#"<https://h/?page=9>; rel="last""#), None);
        assert_eq!(next_link("nonsense"), None);
    }
}
