//! Reads a Kubernetes cluster: which kinds it serves, what its objects look like now, and what it
//! would say to an object that is not there yet.
//!
//! Nothing is ever changed: the only write is a server-side apply with `dryRun`. Nothing is judged
//! either: `status` does that. The environment is not read: the caller says which kubeconfig files
//! and which context.
//!
//! Calls block. Every request and every call has a time limit, at most [`PARALLEL`] run at a time, and a cluster
//! that does not answer is an [`Error`], not a hang.

mod connect;
mod dry_run;
mod error;
mod kinds;
mod read;

use std::collections::BTreeMap;
use std::sync::OnceLock;
use std::time::Duration;

pub use connect::Target;
pub use dry_run::{Conflict, DryRun, FieldProblem, MANAGER, Ownership};
pub use error::Error;
pub use read::Selector;

use crate::http::{Reason, Runtime};
use crate::object::{Gvk, Object, ObjectRef};
use crate::progress::Progress;
use kinds::Kinds;

/// Requests in flight at a time; the API server's own fairness limits start above that.
pub const PARALLEL: usize = 8;

/// One request, from start to the last byte.
const REQUEST_LIMIT: Duration = Duration::from_secs(15);

/// One call of [`Cluster`], however many requests it takes.
const CALL_LIMIT: Duration = Duration::from_mins(1);

/// A cluster that can be asked.
pub struct Cluster {
    client: kube::Client,
    runtime: Runtime,
    server: String,
    kinds: OnceLock<Kinds>,
}

/// What became of looking for one object.
#[derive(Clone, Debug, PartialEq)]
pub enum Lookup {
    /// The object as it is now.
    Found(Object),
    /// The kind exists, the object does not.
    NotFound,
    /// We may not see it; the server's words, which name user, verb and resource.
    Forbidden(String),
    /// The cluster does not serve this kind: its CRD is not installed, or in another version.
    KindUnknown,
    /// Anything else.
    Error(String),
}

impl Cluster {
    /// Reads the kubeconfig, runs its login plugin if it has one, and makes a client. The API
    /// server is not asked yet.
    pub fn connect(target: &Target) -> Result<Self, Error> {
        let runtime = Runtime::start().map_err(|error| Error::Setup { reason: error.to_string() })?;
        let (client, server) = connect::client(target, &runtime)?;
        Ok(Self { client, runtime, server, kinds: OnceLock::new() })
    }

    /// The address of the API server.
    pub fn server(&self) -> &str {
        &self.server
    }

    /// The server's version: `v1.36.2`.
    pub fn version(&self) -> Result<String, Error> {
        self.run(read::version(&self.client, &self.server))
    }

    /// Reads many objects at once. One answer for each reference; `Err` only when the cluster as a
    /// whole does not answer or does not know who we are.
    pub fn get(
        &self,
        references: &[ObjectRef],
        progress: &dyn Progress,
    ) -> Result<BTreeMap<ObjectRef, Lookup>, Error> {
        if references.is_empty() {
            return Ok(BTreeMap::new());
        }
        progress.step(&format!("asking {} which kinds it serves", self.server));
        let kinds = self.kinds()?;
        progress.step(&format!("reading {} objects from {}", references.len(), self.server));
        self.run(read::get(&self.client, &self.server, kinds, references))
    }

    /// Lists the objects of a kind: in one namespace, or everywhere with `None`. At most
    /// [`read::LIST_LIMIT`] objects, in the server's order.
    pub fn list(
        &self,
        kind: &Gvk,
        namespace: Option<&str>,
        selector: &Selector,
    ) -> Result<Vec<Object>, Error> {
        let kinds = self.kinds()?;
        self.run(read::list(&self.client, &self.server, kinds, kind, namespace, selector))
    }

    /// Asks what would become of these objects if they were applied now. Nothing is stored.
    pub fn dry_run(
        &self,
        objects: &[Object],
        ownership: Ownership,
        progress: &dyn Progress,
    ) -> Result<Vec<(ObjectRef, DryRun)>, Error> {
        self.dry_run_as(MANAGER, objects, ownership, progress)
    }

    /// The same in the name of a field manager: what it applied before and does not name any more goes.
    pub fn dry_run_as(
        &self,
        manager: &str,
        objects: &[Object],
        ownership: Ownership,
        progress: &dyn Progress,
    ) -> Result<Vec<(ObjectRef, DryRun)>, Error> {
        if objects.is_empty() {
            return Ok(Vec::new());
        }
        progress.step(&format!("asking {} which kinds it serves", self.server));
        let kinds = self.kinds()?;
        progress.step(&format!("trying {} objects on {}, without storing them", objects.len(), self.server));
        let applied = dry_run::Applied { manager, ownership };
        self.run(dry_run::all(&self.client, &self.server, kinds, objects, applied))
    }

    /// Whether the cluster serves this kind.
    pub fn serves(&self, kind: &Gvk) -> Result<bool, Error> {
        let kinds = self.kinds()?;
        self.run(async { Ok(kinds.find(&self.client, kind).await?.is_some()) })
    }

    fn kinds(&self) -> Result<&Kinds, Error> {
        if let Some(kinds) = self.kinds.get() {
            return Ok(kinds);
        }
        let kinds = self.run(Kinds::read(&self.client, &self.server))?;
        Ok(self.kinds.get_or_init(|| kinds))
    }

    fn run<T>(&self, future: impl Future<Output = Result<T, Error>>) -> Result<T, Error> {
        // the timer is made inside: it needs the runtime
        let limited = async { tokio::time::timeout(CALL_LIMIT, future).await };
        let ended =
            self.runtime.block_on(limited).map_err(|error| Error::Setup { reason: error.to_string() })?;
        ended.unwrap_or_else(|_| {
            Err(Error::Unreachable { server: self.server.clone(), reason: Reason::Timeout(CALL_LIMIT) })
        })
    }
}

/// Whether a name can be a part of an address. Kubernetes' own names fit; anything else could lead
/// the request elsewhere.
fn is_name(name: &str) -> bool {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.' | ':');
    !name.is_empty() && name.len() <= 253 && name != "." && name != ".." && name.chars().all(plain)
}

#[cfg(test)]
mod tests {
    use super::is_name;

    #[test]
    fn names_cannot_leave_their_place() {
        for good in ["web", "kube-root-ca.crt", "system:controller:x", "A_b"] {
            assert!(is_name(good), "{good}");
        }
        for bad in ["", ".", "..", "../secrets/x", "a/b", "a?b", "a#b", "a%2fb", "a b", "ü"] {
            assert!(!is_name(bad), "{bad}");
        }
    }
}
