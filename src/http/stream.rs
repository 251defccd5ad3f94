//! An answer that is read while the server still writes it.

use std::sync::Arc;
use std::time::Duration;

use super::client::{Inner, host_of};
use super::error::{Error, Reason};

/// An answer as it comes. Dropping it closes the connection.
pub struct Stream {
    inner: Arc<Inner>,
    response: reqwest::Response,
}

/// What came.
#[derive(Debug, PartialEq, Eq)]
pub enum Part {
    /// Some bytes, as many as the server sent at once.
    Bytes(Vec<u8>),
    /// Nothing within the time that was given.
    Nothing,
    /// The server has said everything.
    End,
}

impl Stream {
    pub(super) fn new(inner: Arc<Inner>, response: reqwest::Response) -> Self {
        Self { inner, response }
    }

    /// Waits for what comes next, not longer than `wait`. A connection that breaks is
    /// [`Error::Unreachable`].
    pub fn next(&mut self, wait: Duration) -> Result<Part, Error> {
        let inner = Arc::clone(&self.inner);
        let next =
            inner.runtime.block_on(async { tokio::time::timeout(wait, self.response.chunk()).await })?;
        match next {
            Err(_) => Ok(Part::Nothing),
            Ok(Ok(None)) => Ok(Part::End),
            Ok(Ok(Some(bytes))) => Ok(Part::Bytes(bytes.to_vec())),
            Ok(Err(error)) => Err(Error::Unreachable {
                host: host_of(self.response.url()),
                reason: Reason::of(&error, inner.limits.request),
            }),
        }
    }
}
