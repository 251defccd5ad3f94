//! Which kinds a cluster serves: the plural in the address and whether they have a namespace.

use std::collections::BTreeMap;

use kube::api::GroupVersionKind;
use kube::discovery::{Scope, pinned_kind};

use super::{Error, REQUEST_LIMIT, is_name};
use crate::object::{Gvk, ObjectRef};

/// The kinds of one cluster.
pub(super) enum Kinds {
    /// All of them: two requests to a server that knows aggregated discovery (1.26 and later).
    All(BTreeMap<Gvk, Resource>),
    /// Older servers are asked kind by kind.
    OneByOne,
}

/// How to address the objects of a kind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Resource {
    pub(super) plural: String,
    pub(super) namespaced: bool,
}

impl Kinds {
    /// Asks for all kinds. A server that does not know how is no error.
    pub(super) async fn read(client: &kube::Client, server: &str) -> Result<Self, Error> {
        let asked = kube::Discovery::new(client.clone()).run_aggregated();
        match timed(server, asked).await {
            Ok(discovery) => Ok(Self::All(collect(&discovery))),
            Err(error) if error.is_final() => Err(error),
            Err(_) => Ok(Self::OneByOne),
        }
    }

    /// How to address a kind; `None` when the cluster does not serve it.
    pub(super) async fn find(&self, client: &kube::Client, gvk: &Gvk) -> Result<Option<Resource>, Error> {
        match self {
            Self::All(kinds) => Ok(kinds.get(gvk).cloned()),
            Self::OneByOne => ask(client, gvk).await,
        }
    }
}

fn collect(discovery: &kube::Discovery) -> BTreeMap<Gvk, Resource> {
    let mut kinds = BTreeMap::new();
    for group in discovery.groups() {
        for version in group.versions() {
            for (resource, capabilities) in group.versioned_resources(version) {
                let gvk = Gvk { group: resource.group, version: resource.version, kind: resource.kind };
                let namespaced = capabilities.scope == Scope::Namespaced;
                kinds.insert(gvk, Resource { plural: resource.plural, namespaced });
            }
        }
    }
    kinds
}

async fn ask(client: &kube::Client, gvk: &Gvk) -> Result<Option<Resource>, Error> {
    if ![&gvk.version, &gvk.kind].into_iter().all(|part| is_name(part)) {
        return Ok(None);
    }
    let wanted = GroupVersionKind::gvk(&gvk.group, &gvk.version, &gvk.kind);
    match timed("the cluster", pinned_kind(client, &wanted)).await {
        Ok((resource, capabilities)) => {
            let namespaced = capabilities.scope == Scope::Namespaced;
            Ok(Some(Resource { plural: resource.plural, namespaced }))
        }
        Err(Error::Rejected { status: 404, .. } | Error::NotKubernetes { .. }) => Ok(None),
        Err(error) => Err(error),
    }
}

impl Resource {
    /// The collection of this kind in a namespace, or everywhere.
    pub(super) fn collection(&self, gvk: &Gvk, namespace: Option<&str>) -> Result<String, String> {
        let root = if gvk.group.is_empty() {
            format!("/api/{}", gvk.version)
        } else {
            format!("/apis/{}/{}", gvk.group, gvk.version)
        };
        match namespace.filter(|_| self.namespaced) {
            None => Ok(format!("{root}/{}", self.plural)),
            Some(namespace) if is_name(namespace) => {
                Ok(format!("{root}/namespaces/{namespace}/{}", self.plural))
            }
            Some(namespace) => Err(format!("{namespace:?} is not the name of a namespace")),
        }
    }

    /// The collection that holds one object; an object of a namespaced kind has to name its
    /// namespace.
    pub(super) fn home(&self, reference: &ObjectRef) -> Result<String, String> {
        if !is_name(&reference.name) {
            return Err(format!("{:?} is not the name of an object", reference.name));
        }
        if self.namespaced && reference.namespace.is_none() {
            return Err(format!("{reference} has no namespace, and {} need one", self.plural));
        }
        self.collection(&reference.gvk, reference.namespace.as_deref())
    }
}

/// A call with the time limit of one request.
pub(super) async fn timed<T>(server: &str, call: impl Future<Output = kube::Result<T>>) -> Result<T, Error> {
    match tokio::time::timeout(REQUEST_LIMIT, call).await {
        Ok(result) => result.map_err(|error| Error::of(&error, server, REQUEST_LIMIT)),
        Err(_) => Err(Error::Unreachable {
            server: server.to_owned(),
            reason: crate::http::Reason::Timeout(REQUEST_LIMIT),
        }),
    }
}
