//! Getting and listing objects.

use std::collections::BTreeMap;

use kube::api::{GetParams, ListParams, Request};
use serde::Deserialize;
use serde_json::Value;
use tokio::task::JoinSet;

use super::kinds::{Kinds, timed};
use super::{Error, Lookup, PARALLEL};
use crate::http::one_line;
use crate::object::{Gvk, Object, ObjectRef};

/// Most objects of one list.
pub(super) const LIST_LIMIT: usize = 5_000;
const PAGE: u32 = 500;

/// What to list. Both are in Kubernetes' own notation; empty means all.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Selector {
    /// `backstage.io/kubernetes-id=web`.
    pub labels: String,
    /// `involvedObject.uid=…`; custom resources know `metadata.name` and `metadata.namespace`.
    pub fields: String,
}

pub(super) async fn version(client: &kube::Client, server: &str) -> Result<String, Error> {
    Ok(timed(server, client.apiserver_version()).await?.git_version)
}

pub(super) async fn get(
    client: &kube::Client,
    server: &str,
    kinds: &Kinds,
    references: &[ObjectRef],
) -> Result<BTreeMap<ObjectRef, Lookup>, Error> {
    let mut answers = BTreeMap::new();
    let mut requests = Vec::new();
    for reference in references {
        match address(client, kinds, reference).await? {
            Ok(collection) => requests.push((reference.clone(), collection)),
            Err(lookup) => {
                answers.insert(reference.clone(), lookup);
            }
        }
    }
    let mut waiting = requests.into_iter();
    let mut running = JoinSet::new();
    loop {
        while running.len() < PARALLEL
            && let Some((reference, collection)) = waiting.next()
        {
            running.spawn(get_one(client.clone(), server.to_owned(), reference, collection));
        }
        let Some(ended) = running.join_next().await else { break };
        let (reference, lookup) = ended.map_err(|error| Error::Setup { reason: error.to_string() })?;
        answers.insert(reference, lookup?);
    }
    Ok(answers)
}

/// The collection an object is in, or what to say without asking for it.
async fn address(
    client: &kube::Client,
    kinds: &Kinds,
    reference: &ObjectRef,
) -> Result<Result<String, Lookup>, Error> {
    Ok(match kinds.find(client, &reference.gvk).await? {
        Some(resource) => resource.home(reference).map_err(Lookup::Error),
        None => Err(Lookup::KindUnknown),
    })
}

async fn get_one(
    client: kube::Client,
    server: String,
    reference: ObjectRef,
    collection: String,
) -> (ObjectRef, Result<Lookup, Error>) {
    let lookup = match Request::new(collection).get(&reference.name, &GetParams::default()) {
        Ok(request) => sort(timed(&server, client.request::<Value>(request)).await),
        Err(error) => Ok(Lookup::Error(one_line(&error.to_string()))),
    };
    (reference, lookup)
}

/// What concerns one object is a lookup; what concerns the cluster stays an error.
fn sort(answer: Result<Value, Error>) -> Result<Lookup, Error> {
    match answer {
        Ok(value) => Ok(Lookup::Found(Object(value))),
        Err(Error::Rejected { status: 404, .. }) => Ok(Lookup::NotFound),
        Err(Error::Rejected { status: 403, message, .. }) => Ok(Lookup::Forbidden(message)),
        Err(error) if error.is_final() => Err(error),
        Err(error) => Ok(Lookup::Error(error.to_string())),
    }
}

#[derive(Deserialize)]
struct Page {
    #[serde(default)]
    metadata: PageMetadata,
    #[serde(default)]
    items: Vec<Value>,
}

#[derive(Default, Deserialize)]
struct PageMetadata {
    #[serde(rename = "continue")]
    next: Option<String>,
}

pub(super) async fn list(
    client: &kube::Client,
    server: &str,
    kinds: &Kinds,
    gvk: &Gvk,
    namespace: Option<&str>,
    selector: &Selector,
) -> Result<Vec<Object>, Error> {
    let unknown = || Error::KindUnknown { kind: gvk.kind.clone(), api_version: gvk.api_version() };
    let resource = kinds.find(client, gvk).await?.ok_or_else(unknown)?;
    let collection = resource.collection(gvk, namespace).map_err(|reason| Error::Setup { reason })?;
    let mut objects = Vec::new();
    let mut token = None;
    loop {
        let page = match page(client, server, &collection, selector, token.take()).await {
            // the list changed too much since it began; what was read is stale
            Err(Error::Rejected { status: 410, .. }) if !objects.is_empty() => {
                objects.clear();
                page(client, server, &collection, selector, None).await?
            }
            other => other?,
        };
        objects.extend(page.items.into_iter().map(|item| with_type(item, gvk)));
        token = page.metadata.next.filter(|next| !next.is_empty());
        if token.is_none() || objects.len() >= LIST_LIMIT {
            objects.truncate(LIST_LIMIT);
            return Ok(objects);
        }
    }
}

async fn page(
    client: &kube::Client,
    server: &str,
    collection: &str,
    selector: &Selector,
    token: Option<String>,
) -> Result<Page, Error> {
    let mut parameters = ListParams::default().limit(PAGE);
    if !selector.labels.is_empty() {
        parameters = parameters.labels(&selector.labels);
    }
    if !selector.fields.is_empty() {
        parameters = parameters.fields(&selector.fields);
    }
    parameters.continue_token = token;
    let request = Request::new(collection)
        .list(&parameters)
        .map_err(|error| Error::Setup { reason: one_line(&error.to_string()) })?;
    timed(server, client.request::<Page>(request)).await
}

/// The items of a list of a built-in kind do not say what they are.
fn with_type(mut item: Value, gvk: &Gvk) -> Object {
    if let Some(map) = item.as_object_mut() {
        map.entry("apiVersion").or_insert_with(|| gvk.api_version().into());
        map.entry("kind").or_insert_with(|| gvk.kind.clone().into());
    }
    Object(item)
}
