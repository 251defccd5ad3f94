//! What was seen of the cluster: objects, and the reasons why some could not be seen.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::object::{Gvk, Object, ObjectRef};

/// What came of looking for one object.
#[derive(Clone, Debug, PartialEq)]
pub enum Observation {
    /// It is there.
    Found(Object),
    /// The server knows the kind and has no such object.
    NotFound,
    /// It may not be read; the server's words.
    Forbidden(String),
    /// The server gave no answer; the reason.
    Unreachable(String),
    /// The server does not know the kind: its CRD is not installed or not activated.
    KindUnknown,
}

impl Observation {
    /// The object, if it was found.
    pub fn object(&self) -> Option<&Object> {
        match self {
            Self::Found(object) => Some(object),
            _ => None,
        }
    }
}

/// Names an object without its version: a server answers in the version it was asked for.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Key {
    group: String,
    kind: String,
    namespace: Option<String>,
    name: String,
}

impl Key {
    fn of(reference: &ObjectRef) -> Self {
        Self {
            group: reference.gvk.group.clone(),
            kind: reference.gvk.kind.clone(),
            namespace: reference.namespace.clone().filter(|namespace| !namespace.is_empty()),
            name: reference.name.clone(),
        }
    }
}

/// A list that was asked for: all objects of a kind, in one namespace or in all.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Listing {
    /// What is listed.
    pub gvk: Gvk,
    /// Where; `None` for all namespaces and for kinds without one.
    pub namespace: Option<String>,
    /// A label selector, such as `app=shop`; empty for all.
    pub selector: String,
}

/// The observed side of [`assess`](super::assess). An object that is not in it was not looked at.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Snapshot {
    observations: BTreeMap<Key, (ObjectRef, Observation)>,
    listed: Vec<(Listing, Result<(), String>)>,
}

impl Snapshot {
    /// Nothing was looked at yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// A snapshot of what `kubectl get -o yaml` writes: objects and lists of objects. Values that are no
    /// objects (no `kind` or no name) are left out.
    pub fn from_values(values: impl IntoIterator<Item = Value>) -> Self {
        let mut snapshot = Self::new();
        for value in values {
            snapshot.add(value);
        }
        snapshot
    }

    /// Adds an object, or each object of a list. A list inside a list is not looked into.
    fn add(&mut self, value: Value) {
        let is_list = value.get("kind").and_then(Value::as_str).is_some_and(|kind| kind.ends_with("List"));
        match value {
            Value::Object(mut fields) if is_list && fields.contains_key("items") => {
                let items = fields.get_mut("items").map(Value::take);
                for item in items.and_then(into_list).unwrap_or_default() {
                    self.found(Object(item));
                }
            }
            Value::Array(items) => items.into_iter().for_each(|item| self.found(Object(item))),
            other => self.found(Object(other)),
        }
    }

    /// Says that an object is there. Nothing happens when it has no kind or no name.
    pub fn found(&mut self, object: Object) {
        let reference = object.reference();
        if !reference.gvk.kind.is_empty() && !reference.name.is_empty() {
            self.insert(reference, Observation::Found(object));
        }
    }

    /// Says what came of looking for an object, in place of what was said before.
    pub fn insert(&mut self, reference: ObjectRef, observation: Observation) {
        self.observations.insert(Key::of(&reference), (reference, observation));
    }

    /// Says that a list was asked for, and how that ended. Its objects are added with [`Snapshot::found`].
    pub fn insert_listing(&mut self, listing: Listing, result: Result<(), String>) {
        self.listed.retain(|(other, _)| *other != listing);
        self.listed.push((listing, result));
    }

    /// How asking for a list ended; `None` if it was not asked for.
    pub fn listing(&self, listing: &Listing) -> Option<&Result<(), String>> {
        self.listed.iter().find(|(other, _)| other == listing).map(|(_, result)| result)
    }

    /// What came of looking for an object; `None` if nobody looked. The version does not count.
    pub fn get(&self, reference: &ObjectRef) -> Option<&Observation> {
        self.observations.get(&Key::of(reference)).map(|(_, observation)| observation)
    }

    /// The object of a name, if it was found.
    pub fn object(&self, reference: &ObjectRef) -> Option<&Object> {
        self.get(reference).and_then(Observation::object)
    }

    /// All objects that were found, by group, kind, namespace and name.
    pub fn objects(&self) -> impl Iterator<Item = &Object> {
        self.observations.values().filter_map(|(_, observation)| observation.object())
    }

    /// Everything that was looked for, in the same order.
    pub fn observations(&self) -> impl Iterator<Item = (&ObjectRef, &Observation)> {
        self.observations.values().map(|(reference, observation)| (reference, observation))
    }
}

fn into_list(value: Value) -> Option<Vec<Value>> {
    match value {
        Value::Array(items) => Some(items),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::Snapshot;

    fn check(values: Vec<Value>, names: &[&str]) {
        let snapshot = Snapshot::from_values(values);
        let found: Vec<String> = snapshot.objects().map(|object| object.reference().to_string()).collect();
        assert_eq!(found, names);
    }

    #[test]
    fn lists_and_documents_are_the_same() {
        let pod = |name: &str| json!({"apiVersion": "v1", "kind": "Pod", "metadata": {"name": name}});
        check(vec![pod("b"), pod("a")], &["Pod a", "Pod b"]);
        check(vec![json!({"kind": "List", "items": [pod("b"), pod("a")]})], &["Pod a", "Pod b"]);
        check(
            vec![json!([pod("a")]), Value::Null, json!("text"), json!({"kind": "List", "items": 3})],
            &["Pod a"],
        );
        check(vec![json!({"apiVersion": "v1", "kind": "Pod", "metadata": {}})], &[]);
    }
}
