//! Whether an object in the cluster is what was asked for.
//!
//! Only what was asked for is compared: every desired leaf must be there and equal. What a server or a
//! controller added does not count. `status`, and of the metadata all but labels and annotations, are not
//! compared.

use serde_json::{Map, Value};

use crate::object::{Object, go_duration, quantity};

/// Whether the wanted thing reached the cluster.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Sync {
    /// It is there as it was asked for.
    Synced,
    /// It could not be read.
    Unknown,
    /// It is there, but not asked for any more.
    Orphaned,
    /// It is there and differs.
    OutOfSync,
    /// It is not there.
    Missing,
}

impl Sync {
    /// The word for it in text and JSON: `out-of-sync`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Synced => "synced",
            Self::Unknown => "unknown",
            Self::Orphaned => "orphaned",
            Self::OutOfSync => "out-of-sync",
            Self::Missing => "missing",
        }
    }
}

impl std::fmt::Display for Sync {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.pad(self.as_str())
    }
}

/// One leaf that is not as it was asked for.
#[derive(Clone, Debug, PartialEq)]
pub struct Difference {
    /// JSON pointer of the field: `/spec/dnsNames/0`.
    pub pointer: String,
    /// What was asked for.
    pub wanted: Value,
    /// What is there; `None` if there is nothing.
    pub found: Option<Value>,
}

/// Differences are listed up to this many; the verdict needs one.
const LIMIT: usize = 100;

/// Fields by which the elements of a list are told apart, the first that all elements have.
const KEYS: [&str; 6] = ["name", "key", "containerPort", "type", "dnsName", "ip"];

/// Every leaf of `desired` that `observed` does not have, in the order of `desired`, at most 100.
pub fn differences(desired: &Object, observed: &Object) -> Vec<Difference> {
    let mut found = Vec::new();
    let Value::Object(fields) = &desired.0 else { return found };
    for (key, wanted) in fields {
        match key.as_str() {
            // The server converts between versions; kind and name led here.
            "apiVersion" | "kind" | "status" => {}
            "metadata" => compare_metadata(wanted, observed.0.get("metadata"), &mut found),
            _ => compare(wanted, observed.0.get(key), &pointer("", key), &mut found),
        }
    }
    found.truncate(LIMIT);
    found
}

fn compare_metadata(wanted: &Value, observed: Option<&Value>, found: &mut Vec<Difference>) {
    for key in ["labels", "annotations"] {
        let Some(wanted) = wanted.get(key) else { continue };
        let observed = observed.and_then(|metadata| metadata.get(key));
        compare(wanted, observed, &format!("/metadata/{key}"), found);
    }
}

/// `parent` and one more part, escaped as RFC 6901 wants it.
fn pointer(parent: &str, part: &str) -> String {
    format!("{parent}/{}", part.replace('~', "~0").replace('/', "~1"))
}

fn compare(wanted: &Value, observed: Option<&Value>, at: &str, found: &mut Vec<Difference>) {
    if found.len() >= LIMIT || is_nothing(wanted) && observed.is_none_or(is_nothing) {
        return;
    }
    match (wanted, observed) {
        (Value::Object(wanted), Some(Value::Object(observed))) => compare_fields(wanted, observed, at, found),
        (Value::Array(wanted), Some(Value::Array(observed))) => compare_lists(wanted, observed, at, found),
        (wanted, Some(observed)) if is_same(wanted, observed) => {}
        _ => found.push(Difference { pointer: at.into(), wanted: wanted.clone(), found: observed.cloned() }),
    }
}

fn compare_fields(
    wanted: &Map<String, Value>,
    observed: &Map<String, Value>,
    at: &str,
    found: &mut Vec<Difference>,
) {
    for (key, value) in wanted {
        compare(value, observed.get(key), &pointer(at, key), found);
    }
}

/// Elements with a name are compared by name, as servers add elements of their own; others by place, and
/// then the lists must be of one length.
fn compare_lists(wanted: &[Value], observed: &[Value], at: &str, found: &mut Vec<Difference>) {
    if let Some(key) = identifying_key(wanted, observed) {
        for (index, element) in wanted.iter().enumerate() {
            let same = observed.iter().find(|other| other.get(key) == element.get(key));
            compare(element, same, &format!("{at}/{index}"), found);
        }
        return;
    }
    for (index, element) in wanted.iter().enumerate() {
        compare(element, observed.get(index), &format!("{at}/{index}"), found);
    }
    if observed.len() > wanted.len() {
        let extra = Value::Array(observed[wanted.len()..].to_vec());
        let pointer = format!("{at}/{}", wanted.len());
        found.push(Difference { pointer, wanted: Value::Null, found: Some(extra) });
    }
}

/// The first key that tells the elements of both lists apart.
fn identifying_key(wanted: &[Value], observed: &[Value]) -> Option<&'static str> {
    KEYS.into_iter().find(|key| {
        [wanted, observed].iter().all(|list| {
            let mut values: Vec<String> =
                list.iter().filter_map(|element| element.get(key)).map(Value::to_string).collect();
            values.sort();
            values.dedup();
            values.len() == list.len()
        })
    })
}

/// Null, an empty list, an empty mapping: servers drop them.
fn is_nothing(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::Array(items) => items.is_empty(),
        Value::Object(fields) => fields.is_empty(),
        _ => false,
    }
}

/// Equal, or two spellings of one value: quantities (`1000m` and `1`), durations (`2160h` and
/// `2160h0m0s`), numbers (`1` and `1.0`), a number and its text.
fn is_same(wanted: &Value, observed: &Value) -> bool {
    if wanted == observed {
        return true;
    }
    match (wanted, observed) {
        (Value::Number(a), Value::Number(b)) => a.as_f64() == b.as_f64(),
        (Value::String(a), Value::String(b)) => same_quantity(a, b) || same_duration(a, b),
        (Value::Number(number), Value::String(text)) | (Value::String(text), Value::Number(number)) => {
            same_quantity(text, &number.to_string())
        }
        _ => false,
    }
}

fn same_quantity(a: &str, b: &str) -> bool {
    matches!((quantity(a), quantity(b)), (Some(a), Some(b)) if (a - b).abs() <= 1e-9 * a.abs().max(b.abs()))
}

fn same_duration(a: &str, b: &str) -> bool {
    matches!((go_duration(a), go_duration(b)), (Some(a), Some(b)) if a == b)
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::differences;
    use crate::object::Object;

    fn check(desired: Value, observed: Value, pointers: &[&str]) {
        let found = differences(&Object(desired), &Object(observed));
        let found: Vec<&str> = found.iter().map(|difference| difference.pointer.as_str()).collect();
        assert_eq!(found, pointers);
    }

    #[test]
    fn what_the_server_added_does_not_count() {
        let desired = json!({"spec": {"a": 1, "none": null, "empty": []}});
        check(desired, json!({"spec": {"a": 1, "b": 2}, "status": {}}), &[]);
        check(
            json!({"metadata": {"name": "x", "labels": {"a": "1"}}}),
            json!({"metadata": {"uid": "u", "labels": {"a": "1", "b": "2"}}}),
            &[],
        );
        check(json!({"apiVersion": "v1", "status": {"x": 1}}), json!({"apiVersion": "v2"}), &[]);
        check(
            json!({"spec": {"ports": [{"name": "http", "port": 80}]}}),
            json!({"spec": {"ports": [{"name": "metrics", "port": 9}, {"name": "http", "port": 80, "protocol": "TCP"}]}}),
            &[],
        );
    }

    #[test]
    fn spellings_of_one_value_are_equal() {
        check(
            json!({"spec": {"cpu": "1000m", "mem": "1Gi"}}),
            json!({"spec": {"cpu": "1", "mem": "1024Mi"}}),
            &[],
        );
        check(
            json!({"spec": {"cpu": 4, "duration": "2160h"}}),
            json!({"spec": {"cpu": "4", "duration": "2160h0m0s"}}),
            &[],
        );
        check(json!({"spec": {"cpu": "1500m"}}), json!({"spec": {"cpu": "1"}}), &["/spec/cpu"]);
        check(
            json!({"spec": {"host": "a.example.com"}}),
            json!({"spec": {"host": "b.example.com"}}),
            &["/spec/host"],
        );
    }

    #[test]
    fn each_leaf_that_differs_is_named() {
        check(
            json!({"spec": {"hosts": ["a", "b"]}}),
            json!({"spec": {"hosts": ["a", "c"]}}),
            &["/spec/hosts/1"],
        );
        check(json!({"spec": {"hosts": ["a"]}}), json!({"spec": {"hosts": ["a", "c"]}}), &["/spec/hosts/1"]);
        check(json!({"metadata": {"annotations": {"a/b": "1"}}}), json!({}), &["/metadata/annotations"]);
        check(
            json!({"metadata": {"annotations": {"a/b": "1"}}}),
            json!({"metadata": {"annotations": {"a/b": "2"}}}),
            &["/metadata/annotations/a~1b"],
        );
        check(
            json!({"spec": {"ttl": 60}, "data": {"x": "y"}}),
            json!({"spec": {"ttl": 300}}),
            &["/spec/ttl", "/data"],
        );
    }
}
