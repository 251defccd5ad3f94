//! Why a request failed, told apart by what can be done about it.

use std::error::Error as StdError;
use std::fmt;
use std::io;
use std::time::Duration;

use serde_json::Value;

use crate::error::Exit;

/// Why there is no usable answer.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// No answer at all.
    #[error("cannot reach {host}: {reason}")]
    Unreachable {
        /// Host and port.
        host: String,
        /// Why.
        reason: Reason,
    },
    /// 401 or 403: who is asking is not known, or may not.
    #[error("{host} refused {credential} ({status}){}", colon(&.answer.message), status = .answer.status)]
    Unauthorized {
        /// Host and port.
        host: String,
        /// What was sent, without its value: `the token from GH_TOKEN`, `a request without a token`.
        credential: String,
        /// What the server said.
        answer: Box<Answer>,
    },
    /// 404. Many servers also say this when the token may not see the thing.
    #[error("{} was not found{}", .0.url, colon(&.0.message))]
    NotFound(Box<Answer>),
    /// 429, or 403 with a time to wait, and the wait is longer than we are ready for.
    #[error("{host} asks to slow down{}", .wait.map(|wait| format!("; it says to wait {} s", wait.as_secs())).unwrap_or_default())]
    Throttled {
        /// Host and port.
        host: String,
        /// How long, where it said so.
        wait: Option<Duration>,
    },
    /// Any other status that is not a success.
    #[error("{} answered {}{}", .0.url, .0.status, colon(&.0.message))]
    Rejected(Box<Answer>),
    /// The body was larger than the limit; the rest was not read.
    #[error("the answer of {url} is larger than {limit} bytes")]
    TooLarge {
        /// The address without its query.
        url: String,
        /// The limit in bytes.
        limit: usize,
    },
    /// A success whose body is not the JSON it should be: a sign-in page, a proxy, another API.
    #[error("the answer of {url} is not the JSON that was expected: {found}")]
    NotJson {
        /// The address without its query.
        url: String,
        /// What came instead.
        found: String,
    },
    /// A redirect that is not followed: to another host, or of a write.
    #[error("{from} has moved to {to}; redirects to another place are not followed")]
    Moved {
        /// The address without its query.
        from: String,
        /// Where the server points to, without its query.
        to: String,
    },
    /// The client itself could not be made.
    #[error("{reason}")]
    Setup {
        /// Why.
        reason: String,
    },
}

/// What a server said to a request that failed.
#[derive(Clone, Debug, PartialEq)]
pub struct Answer {
    /// HTTP status.
    pub status: u16,
    /// The address without its query.
    pub url: String,
    /// The message in the body: one line, bounded, safe to print; may be empty.
    pub message: String,
    /// The body, where it is JSON.
    pub body: Option<Value>,
}

/// Why a host cannot be reached.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reason {
    /// The name has no address.
    Dns,
    /// Nobody listens there.
    Refused,
    /// No answer within the time limit.
    Timeout(Duration),
    /// No trusted encrypted connection; the text says why.
    Tls(String),
    /// The connection broke, or anything else.
    Other(String),
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Dns => f.write_str("the name cannot be resolved"),
            Self::Refused => f.write_str("connection refused"),
            Self::Timeout(limit) if limit.subsec_millis() == 0 => {
                write!(f, "no answer within {} s", limit.as_secs())
            }
            Self::Timeout(limit) => write!(f, "no answer within {} ms", limit.as_millis()),
            Self::Tls(why) => write!(f, "no trusted TLS connection: {why}"),
            Self::Other(why) => f.write_str(why),
        }
    }
}

impl Reason {
    /// Tells from a chain of errors why a connection failed. `limit` is the time limit that
    /// applied.
    pub fn of(error: &(dyn StdError + 'static), limit: Duration) -> Self {
        let mut innermost = String::new();
        let mut next = Some(error);
        while let Some(error) = next {
            if let Some(reason) = Self::of_one(error, limit) {
                return reason;
            }
            innermost = error.to_string();
            next = error.source();
        }
        Self::Other(super::one_line(&innermost))
    }

    fn of_one(error: &(dyn StdError + 'static), limit: Duration) -> Option<Self> {
        if let Some(tls) = error.downcast_ref::<rustls::Error>() {
            return Some(Self::Tls(super::one_line(&tls.to_string())));
        }
        if let Some(io) = error.downcast_ref::<io::Error>() {
            if let Some(inner) = io.get_ref() {
                return Self::of_one(inner, limit);
            }
            return match io.kind() {
                io::ErrorKind::ConnectionRefused => Some(Self::Refused),
                io::ErrorKind::TimedOut => Some(Self::Timeout(limit)),
                _ => None,
            };
        }
        if error.downcast_ref::<reqwest::Error>().is_some_and(reqwest::Error::is_timeout) {
            return Some(Self::Timeout(limit));
        }
        error.to_string().starts_with("dns error").then_some(Self::Dns)
    }
}

impl Error {
    /// The exit code that fits when nobody above knows better.
    pub fn exit(&self) -> Exit {
        match self {
            Self::Unreachable { .. } | Self::Throttled { .. } => Exit::Unreachable,
            Self::Unauthorized { .. } => Exit::Login,
            Self::NotFound(_)
            | Self::Rejected(_)
            | Self::TooLarge { .. }
            | Self::NotJson { .. }
            | Self::Moved { .. }
            | Self::Setup { .. } => Exit::Usage,
        }
    }

    /// What the server said, for the kinds that carry it.
    pub fn answer(&self) -> Option<&Answer> {
        match self {
            Self::Unauthorized { answer, .. } | Self::NotFound(answer) | Self::Rejected(answer) => {
                Some(answer)
            }
            _ => None,
        }
    }
}

fn colon(message: &str) -> String {
    if message.is_empty() { String::new() } else { format!(": {message}") }
}

#[cfg(test)]
mod tests {
    use std::io;
    use std::time::Duration;

    use super::Reason;

    #[test]
    fn reasons_are_told_apart() {
        let limit = Duration::from_secs(10);
        let check = |error: io::Error, expected: Reason| assert_eq!(Reason::of(&error, limit), expected);
        check(io::ErrorKind::ConnectionRefused.into(), Reason::Refused);
        check(io::ErrorKind::TimedOut.into(), Reason::Timeout(limit));
        check(io::Error::other("dns error: no record"), Reason::Dns);
        check(
            io::Error::other(rustls::Error::DecryptError),
            Reason::Tls("cannot decrypt peer's message".to_owned()),
        );
        check(io::Error::other("broken\u{7}"), Reason::Other("broken\\u{7}".to_owned()));
    }
}
