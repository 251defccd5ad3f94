//! The one HTTP client: TLS, time limits, retries, size limits, and credentials that stay with
//! the host they were given for.
//!
//! An adapter makes one [`Client`] and, for each server it talks to, an [`Endpoint`]: a base
//! address, a credential that only ever goes to that address, and the headers of its API. Calls
//! block the calling thread; the runtime behind them is started by the first [`Client`] and by
//! nothing else, so commands that need no network start none.
//!
//! It does not know what any API means, does not look for tokens, and does not page: adapters do.

mod client;
mod endpoint;
mod error;
mod retry;
mod runtime;
mod secret;
mod stream;
mod text;

pub use client::{Client, Limits, Request, Response, install_crypto};
pub use endpoint::{Endpoint, Scheme};
pub use error::{Answer, Error, Reason};
pub use reqwest::Method;
pub use runtime::Runtime;
pub use secret::{Credential, Secret};
pub use stream::{Part, Stream};
pub use text::one_line;
