//! From a request to an answer.

use serde_json::{Value, json};

use super::store::{Key, Kind, Store};
use super::{Ask, Fault, apply};

/// What goes back.
pub(super) struct Answer {
    pub(super) status: u16,
    pub(super) content_type: &'static str,
    pub(super) body: Vec<u8>,
}

const AGGREGATED: &str = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList";

impl Answer {
    pub(super) fn json(status: u16, body: &Value) -> Self {
        Self { status, content_type: "application/json", body: body.to_string().into_bytes() }
    }

    pub(super) fn text(status: u16, body: &str) -> Self {
        let content_type = if body.starts_with('<') { "text/html" } else { "text/plain; charset=utf-8" };
        Self { status, content_type, body: body.as_bytes().to_vec() }
    }
}

/// A `Status`; `reason` may be empty, `details` null.
pub(super) fn status(code: u16, reason: &str, message: &str, details: Value) -> Answer {
    let mut body = json!({ "kind": "Status", "apiVersion": "v1", "metadata": {}, "status": "Failure", "message": message });
    if !reason.is_empty() {
        body["reason"] = reason.into();
    }
    if !details.is_null() {
        body["details"] = details;
    }
    body["code"] = code.into();
    Answer::json(code, &body)
}

pub(super) fn unauthorized() -> Answer {
    status(401, "Unauthorized", "Unauthorized", Value::Null)
}

fn not_served() -> Answer {
    Answer::text(404, "404 page not found\n")
}

pub(super) fn not_found(kind: &Kind, name: &str) -> Answer {
    let mut details = json!({ "name": name });
    if !kind.group.is_empty() {
        details["group"] = kind.group.clone().into();
    }
    details["kind"] = kind.plural.clone().into();
    status(404, "NotFound", &format!("{} \"{name}\" not found", kind.resource()), details)
}

/// Where a path leads.
pub(super) struct Place {
    pub(super) kind: Kind,
    pub(super) namespace: Option<String>,
    pub(super) name: Option<String>,
}

impl Place {
    pub(super) fn key(&self) -> Key {
        let namespace = self.namespace.clone().unwrap_or_default();
        (self.kind.group.clone(), self.kind.plural.clone(), namespace, self.name.clone().unwrap_or_default())
    }
}

pub(super) fn answer(store: &mut Store, user: &str, ask: &Ask) -> Answer {
    let segments: Vec<&str> = ask.path.trim_matches('/').split('/').collect();
    match segments.as_slice() {
        ["version"] => Answer::json(
            200,
            &json!({ "major": "1", "minor": "36", "gitVersion": "v1.36.2", "gitCommit": "",
            "gitTreeState": "clean", "buildDate": "2026-11-01T00:00:00Z", "goVersion": "go1.26", "compiler": "gc",
            "platform": "linux/amd64" }),
        ),
        ["api"] => discover(store, ask, true),
        ["apis"] => discover(store, ask, false),
        ["api", "v1"] => resources(store, "", "v1"),
        ["apis", group, version] => resources(store, group, version),
        _ => match place(store, &segments) {
            Some(place) => forbidden(store, user, ask, &place).unwrap_or_else(|| act(store, ask, &place)),
            None => not_served(),
        },
    }
}

fn act(store: &mut Store, ask: &Ask, place: &Place) -> Answer {
    match (ask.method.as_str(), &place.name) {
        ("GET", Some(name)) => match store.objects.get(&place.key()) {
            Some(object) => Answer::json(200, object),
            None => not_found(&place.kind, name),
        },
        ("GET", None) => list(store, ask, place),
        ("PATCH", Some(_)) => apply::apply(store, ask, place),
        ("POST", None) => apply::create(store, ask, place),
        ("DELETE", Some(name)) => {
            if store.remove_key(&place.key()) {
                Answer::json(
                    200,
                    &json!({ "kind": "Status", "apiVersion": "v1", "metadata": {}, "status": "Success" }),
                )
            } else {
                not_found(&place.kind, name)
            }
        }
        _ => status(
            405,
            "MethodNotAllowed",
            "the server does not allow this method on the requested resource",
            json!({}),
        ),
    }
}

fn place(store: &Store, segments: &[&str]) -> Option<Place> {
    let (group, version, rest) = match segments {
        ["api", version, rest @ ..] => ("", *version, rest),
        ["apis", group, version, rest @ ..] => (*group, *version, rest),
        _ => return None,
    };
    let find = |plural: &str| {
        let fits = |kind: &&Kind| kind.group == group && kind.version == version && kind.plural == plural;
        store.kinds.iter().find(fits).cloned()
    };
    let text = |part: &str| Some(part.to_owned());
    let (kind, namespace, name) = match rest {
        ["namespaces", namespace, plural] => (find(plural)?, text(namespace), None),
        ["namespaces", namespace, plural, name] => (find(plural)?, text(namespace), text(name)),
        [plural] => (find(plural)?, None, None),
        [plural, name] => (find(plural)?, None, text(name)),
        _ => return None,
    };
    // an object of a namespaced kind has no address without its namespace, and the other way round
    let fits = kind.namespaced == namespace.is_some() || (kind.namespaced && name.is_none());
    fits.then_some(Place { kind, namespace, name })
}

/// The words of RBAC.
fn forbidden(store: &Store, user: &str, ask: &Ask, place: &Place) -> Option<Answer> {
    let watching = ask.parameter("watch").is_some();
    let verb = match (ask.method.as_str(), &place.name) {
        ("GET", Some(_)) => "get",
        ("GET", None) if watching => "watch",
        ("GET", None) => "list",
        ("PATCH", _) => "patch",
        ("POST", _) => "create",
        _ => "delete",
    };
    let resource = place.kind.resource();
    if user == "admin" || !store.forbidden.contains(&(verb.to_owned(), resource.clone())) {
        return None;
    }
    let what = match &place.name {
        Some(name) => format!("{resource} \"{name}\""),
        None => resource,
    };
    let scope = match &place.namespace {
        Some(namespace) => format!("in the namespace \"{namespace}\""),
        None => "at the cluster scope".to_owned(),
    };
    let message = format!(
        "{what} is forbidden: User \"{user}\" cannot {verb} resource \"{}\" in API group \"{}\" {scope}",
        place.kind.plural, place.kind.group
    );
    let mut details = json!({});
    if let Some(name) = &place.name {
        details["name"] = name.clone().into();
    }
    if !place.kind.group.is_empty() {
        details["group"] = place.kind.group.clone().into();
    }
    details["kind"] = place.kind.plural.clone().into();
    Some(status(403, "Forbidden", &message, details))
}

/// `/api` and `/apis`: all kinds at once to clients that ask so, else the names of the groups.
fn discover(store: &Store, ask: &Ask, core: bool) -> Answer {
    let groups = groups(store, core);
    if ask.accept.contains("as=APIGroupDiscoveryList") {
        if store.fault == Fault::Old {
            return status(
                406,
                "NotAcceptable",
                "only the following media types are accepted: application/json",
                json!({}),
            );
        }
        let items: Vec<Value> =
            groups.iter().map(|(name, versions)| group_v2(store, name, versions)).collect();
        let body = json!({ "kind": "APIGroupDiscoveryList", "apiVersion": "apidiscovery.k8s.io/v2", "metadata": {}, "items": items });
        return Answer { content_type: AGGREGATED, ..Answer::json(200, &body) };
    }
    if core {
        return Answer::json(
            200,
            &json!({ "kind": "APIVersions", "versions": ["v1"], "serverAddressByClientCIDRs": [] }),
        );
    }
    let group = |(name, versions): &(String, Vec<String>)| {
        let version =
            |version: &String| json!({ "groupVersion": format!("{name}/{version}"), "version": version });
        let versions: Vec<Value> = versions.iter().map(version).collect();
        json!({ "name": name, "versions": versions, "preferredVersion": versions[0] })
    };
    let groups: Vec<Value> = groups.iter().map(group).collect();
    Answer::json(200, &json!({ "kind": "APIGroupList", "apiVersion": "v1", "groups": groups }))
}

/// Groups with their versions, in the order they were served.
fn groups(store: &Store, core: bool) -> Vec<(String, Vec<String>)> {
    let mut groups: Vec<(String, Vec<String>)> = Vec::new();
    for kind in store.kinds.iter().filter(|kind| kind.group.is_empty() == core) {
        let at = groups.iter().position(|(name, _)| *name == kind.group).unwrap_or_else(|| {
            groups.push((kind.group.clone(), Vec::new()));
            groups.len() - 1
        });
        if !groups[at].1.contains(&kind.version) {
            groups[at].1.push(kind.version.clone());
        }
    }
    groups
}

const VERBS: [&str; 8] = ["create", "delete", "deletecollection", "get", "list", "patch", "update", "watch"];

fn group_v2(store: &Store, group: &str, versions: &[String]) -> Value {
    let version = |version: &String| {
        let of = |kind: &&Kind| kind.group == group && kind.version == *version;
        let resource = |kind: &Kind| {
            let (group, version) = if kind.is_built_in() { ("", "") } else { (group, version.as_str()) };
            json!({ "resource": kind.plural, "responseKind": { "group": group, "version": version, "kind": kind.word },
                "scope": if kind.namespaced { "Namespaced" } else { "Cluster" },
                "singularResource": kind.word.to_lowercase(), "verbs": VERBS })
        };
        let resources: Vec<Value> = store.kinds.iter().filter(of).map(resource).collect();
        json!({ "version": version, "resources": resources, "freshness": "Current" })
    };
    let metadata = if group.is_empty() { json!({}) } else { json!({ "name": group }) };
    json!({ "metadata": metadata, "versions": versions.iter().map(version).collect::<Vec<_>>() })
}

/// `/apis/GROUP/VERSION`.
fn resources(store: &Store, group: &str, version: &str) -> Answer {
    let of = |kind: &&Kind| kind.group == group && kind.version == version;
    let resource = |kind: &Kind| {
        json!({ "name": kind.plural, "singularName": kind.word.to_lowercase(), "namespaced": kind.namespaced,
            "kind": kind.word, "verbs": VERBS })
    };
    let resources: Vec<Value> = store.kinds.iter().filter(of).map(resource).collect();
    if resources.is_empty() {
        return not_served();
    }
    let group_version = if group.is_empty() { version.to_owned() } else { format!("{group}/{version}") };
    Answer::json(
        200,
        &json!({ "kind": "APIResourceList", "apiVersion": "v1", "groupVersion": group_version, "resources": resources }),
    )
}

fn in_place(key: &Key, place: &Place) -> bool {
    key.0 == place.kind.group
        && key.1 == place.kind.plural
        && place.namespace.as_ref().is_none_or(|namespace| *namespace == key.2)
}

fn list(store: &Store, ask: &Ask, place: &Place) -> Answer {
    let labels = ask.parameter("labelSelector").unwrap_or("");
    let fields = ask.parameter("fieldSelector").unwrap_or("");
    let start = match ask.parameter("continue").map(|token| continued(store, token)) {
        None => 0,
        Some(Ok(start)) => start,
        Some(Err(answer)) => return answer,
    };
    let fits = |(key, object): &(&Key, &Value)| in_place(key, place) && selected(object, labels, fields);
    let all: Vec<&Value> = store.objects.iter().filter(fits).map(|(_, object)| object).collect();
    let limit = ask
        .parameter("limit")
        .and_then(|text| text.parse().ok())
        .filter(|limit| *limit > 0)
        .unwrap_or(usize::MAX);
    let items: Vec<Value> =
        all.iter().skip(start).take(limit).map(|object| item(object, &place.kind)).collect();
    let mut metadata = json!({ "resourceVersion": store.revision.to_string() });
    let end = start + items.len();
    if end < all.len() {
        metadata["continue"] = format!("rv{}.{end}", store.revision).into();
        metadata["remainingItemCount"] = (all.len() - end).into();
    }
    let kind = format!("{}List", place.kind.word);
    Answer::json(
        200,
        &json!({ "kind": kind, "apiVersion": place.kind.api_version(), "metadata": metadata, "items": items }),
    )
}

/// Items of built-in kinds do not say what they are.
fn item(object: &Value, kind: &Kind) -> Value {
    let mut item = object.clone();
    if kind.is_built_in() {
        let map = item.as_object_mut().unwrap();
        map.remove("kind");
        map.remove("apiVersion");
    }
    item
}

/// The place to go on from, or why not.
fn continued(store: &Store, token: &str) -> Result<usize, Answer> {
    let parts = token.strip_prefix("rv").and_then(|rest| rest.split_once('.'));
    let numbers =
        parts.and_then(|(revision, start)| Some((revision.parse::<u64>().ok()?, start.parse().ok()?)));
    match numbers {
        None => {
            let message = "invalid continue token: continue key is not valid: invalid character";
            Err(status(400, "BadRequest", message, Value::Null))
        }
        Some((revision, start)) if revision < store.oldest => {
            let message = "The provided continue parameter is too old to display a consistent list result. You can \
                           start a new list without the continue parameter, or use the continue token in this response \
                           to retrieve the remainder of the results. Continuing with the provided token results in \
                           an inconsistent list - objects that were created, modified, or deleted between the time \
                           the first chunk was returned and now may show up in the list.";
            let body = json!({ "kind": "Status", "apiVersion": "v1", "status": "Failure", "message": message,
                "metadata": { "continue": format!("rv{}.{start}", store.revision) }, "reason": "Expired", "code": 410 });
            Err(Answer::json(410, &body))
        }
        Some((_, start)) => Ok(start),
    }
}

/// `key=value`, `key!=value`, `key`, `!key`, joined by commas; fields by their path.
fn selected(object: &Value, labels: &str, fields: &str) -> bool {
    let label =
        |part: &str| {
            let get = |key: &str| object["metadata"]["labels"].get(key).and_then(Value::as_str);
            match part.split_once("!=").map(|(key, value)| (key, value, false)).or_else(|| {
                part.split_once('=').map(|(key, value)| (key, value.trim_start_matches('='), true))
            }) {
                Some((key, value, wanted)) => (get(key) == Some(value)) == wanted,
                None => part.strip_prefix('!').map_or_else(|| get(part).is_some(), |key| get(key).is_none()),
            }
        };
    let field = |part: &str| {
        let (path, value) = part.split_once('=').unwrap();
        object.pointer(&format!("/{}", path.replace('.', "/"))).and_then(Value::as_str).unwrap_or("") == value
    };
    let parts =
        |text: &str| text.split(',').filter(|part| !part.is_empty()).map(str::to_owned).collect::<Vec<_>>();
    parts(labels).iter().all(|part| label(part)) && parts(fields).iter().all(|part| field(part))
}

/// The events after a version, one JSON text a line; empty when there are none yet.
pub(super) fn watch(store: &Store, user: &str, ask: &Ask) -> Answer {
    let segments: Vec<&str> = ask.path.trim_matches('/').split('/').collect();
    let Some(place) = place(store, &segments) else { return not_served() };
    if let Some(answer) = forbidden(store, user, ask, &place) {
        return answer;
    }
    let line = |event: &str, object: &Value| {
        format!("{}\n", json!({ "type": event, "object": object })).into_bytes()
    };
    let from = ask.parameter("resourceVersion").and_then(|text| text.parse::<u64>().ok()).unwrap_or(0);
    if from > 0 && from < store.oldest {
        let message = format!("too old resource version: {from} ({})", store.oldest);
        let gone = json!({ "kind": "Status", "apiVersion": "v1", "metadata": {}, "status": "Failure", "message": message,
            "reason": "Expired", "code": 410 });
        return Answer { body: line("ERROR", &gone), ..Answer::json(200, &Value::Null) };
    }
    let labels = ask.parameter("labelSelector").unwrap_or("");
    let fields = ask.parameter("fieldSelector").unwrap_or("");
    let body: Vec<u8> = if from == 0 {
        let all = store
            .objects
            .iter()
            .filter(|(key, object)| in_place(key, &place) && selected(object, labels, fields));
        all.flat_map(|(_, object)| line("ADDED", object)).collect()
    } else {
        let since = store.events.iter().filter(|(revision, _, key, object)| {
            *revision > from && in_place(key, &place) && selected(object, labels, fields)
        });
        since.flat_map(|(_, event, _, object)| line(event, object)).collect()
    };
    Answer { status: 200, content_type: "application/json", body }
}
