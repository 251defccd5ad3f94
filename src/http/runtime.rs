//! The async runtime behind the blocking calls of the adapters.

use std::future::Future;

use super::Error;

/// A single-threaded runtime that belongs to one client.
///
/// Dropping it does not wait for a name lookup that hangs.
#[derive(Debug)]
pub struct Runtime(Option<tokio::runtime::Runtime>);

impl Runtime {
    /// Starts one; fails when the system gives no event queue.
    pub fn start() -> Result<Self, Error> {
        let built = tokio::runtime::Builder::new_current_thread().enable_all().build();
        built
            .map(|runtime| Self(Some(runtime)))
            .map_err(|error| Error::Setup { reason: format!("cannot start the network runtime: {error}") })
    }

    /// Runs `future` to its end on the calling thread.
    pub fn block_on<F: Future>(&self, future: F) -> Result<F::Output, Error> {
        self.running().map(|runtime| runtime.block_on(future))
    }

    /// For code on another thread that needs to be inside the runtime.
    pub fn handle(&self) -> Result<tokio::runtime::Handle, Error> {
        self.running().map(|runtime| runtime.handle().clone())
    }

    fn running(&self) -> Result<&tokio::runtime::Runtime, Error> {
        self.0.as_ref().ok_or_else(|| Error::Setup { reason: "the network runtime has ended".to_owned() })
    }
}

impl Drop for Runtime {
    fn drop(&mut self) {
        if let Some(runtime) = self.0.take() {
            runtime.shutdown_background();
        }
    }
}
