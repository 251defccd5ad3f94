//! Two values to the fields in which they differ.
//!
//! Items of lists are paired by what names them (`name`, `dnsName`, ...), so that one that is added in front
//! does not make all others differ; lists of plain values are compared as sets. Nothing is lost by that: where
//! only the order differs, the list as a whole is told.

use std::collections::BTreeMap;

use serde_json::Value;

/// A value deeper than this is compared as a whole.
const DEEPEST: usize = 64;

/// The fields that name an item of a list, the first that all items have wins.
const NAMES: [&str; 14] = [
    "name",
    "id",
    "key",
    "dnsName",
    "hostname",
    "host",
    "ref",
    "userId",
    "mountPath",
    "containerPort",
    "port",
    "path",
    "type",
    "kind",
];

/// One field that differs.
#[derive(Clone, Debug, PartialEq)]
pub struct FieldChange {
    /// The field for people: `spec.endpoints[dnsName=a.example.com].recordTTL`.
    pub path: String,
    /// Its JSON pointer: in the value after the change, or before it if it goes.
    pub pointer: String,
    /// What it was; `None` if it is new.
    pub before: Option<Value>,
    /// What it is; `None` if it goes.
    pub after: Option<Value>,
}

/// The fields in which two values differ, in the order of the second one, those that go last.
pub fn fields(before: &Value, after: &Value) -> Vec<FieldChange> {
    let mut found = Vec::new();
    compare(before, after, &Path::default(), 0, &mut found);
    found
}

/// Where the comparison is.
#[derive(Clone, Default)]
struct Path {
    shown: String,
    pointer: String,
}

impl Path {
    fn field(&self, name: &str) -> Self {
        let is_plain = !name.is_empty() && name.chars().all(|c| c.is_alphanumeric() || "-_".contains(c));
        let shown = match (is_plain, self.shown.is_empty()) {
            (true, true) => name.to_owned(),
            (true, false) => format!("{}.{name}", self.shown),
            (false, _) => format!("{}[{}]", self.shown, Value::from(name)),
        };
        let escaped = name.replace('~', "~0").replace('/', "~1");
        Self { shown, pointer: format!("{}/{escaped}", self.pointer) }
    }

    /// An item; `named` is what names it.
    fn item(&self, index: usize, named: &str) -> Self {
        Self { shown: format!("{}[{named}]", self.shown), pointer: format!("{}/{index}", self.pointer) }
    }

    /// An item of a list of plain values: people see the list.
    fn element(&self, index: usize) -> Self {
        Self { shown: self.shown.clone(), pointer: format!("{}/{index}", self.pointer) }
    }

    fn change(&self, before: Option<&Value>, after: Option<&Value>) -> FieldChange {
        FieldChange {
            path: self.shown.clone(),
            pointer: self.pointer.clone(),
            before: before.cloned(),
            after: after.cloned(),
        }
    }
}

fn compare(before: &Value, after: &Value, path: &Path, depth: usize, found: &mut Vec<FieldChange>) {
    match (before, after) {
        _ if before == after => {}
        (Value::Object(old), Value::Object(new)) if depth < DEEPEST => {
            for (name, value) in new {
                let path = path.field(name);
                match old.get(name) {
                    Some(old) => compare(old, value, &path, depth + 1, found),
                    None => found.push(path.change(None, Some(value))),
                }
            }
            for (name, value) in old.iter().filter(|(name, _)| !new.contains_key(*name)) {
                found.push(path.field(name).change(Some(value), None));
            }
        }
        (Value::Array(old), Value::Array(new)) if depth < DEEPEST => lists(old, new, path, depth + 1, found),
        _ => found.push(path.change(Some(before), Some(after))),
    }
}

fn lists(old: &[Value], new: &[Value], path: &Path, depth: usize, found: &mut Vec<FieldChange>) {
    let count = found.len();
    let is_plain = |value: &Value| !value.is_object() && !value.is_array();
    if old.iter().chain(new).all(is_plain) {
        sets(old, new, path, found);
    } else if let Some(name) = NAMES.iter().find(|name| is_named_by(old, name) && is_named_by(new, name)) {
        named(old, new, name, path, depth, found);
    } else {
        positions(old, new, path, depth, found);
    }
    if found.len() == count {
        let list = |items: &[Value]| Value::Array(items.to_vec());
        found.push(path.change(Some(&list(old)), Some(&list(new))));
    }
}

/// Plain values, however often each.
fn sets(old: &[Value], new: &[Value], path: &Path, found: &mut Vec<FieldChange>) {
    let mut left: BTreeMap<String, usize> = BTreeMap::new();
    for value in old {
        *left.entry(value.to_string()).or_default() += 1;
    }
    for (index, value) in new.iter().enumerate() {
        match left.get_mut(&value.to_string()) {
            Some(count) if *count > 0 => *count -= 1,
            _ => found.push(path.element(index).change(None, Some(value))),
        }
    }
    for (index, value) in old.iter().enumerate() {
        if let Some(count) = left.get_mut(&value.to_string()).filter(|count| **count > 0) {
            *count -= 1;
            found.push(path.element(index).change(Some(value), None));
        }
    }
}

/// Whether every item is a mapping with a plain value in this field, each another one.
fn is_named_by(items: &[Value], name: &str) -> bool {
    let mut seen = std::collections::BTreeSet::new();
    items.iter().all(|item| match item.get(name) {
        Some(Value::String(text)) => seen.insert(text.clone()),
        Some(Value::Number(number)) => seen.insert(number.to_string()),
        _ => false,
    })
}

fn name_of(item: &Value, name: &str) -> String {
    match item.get(name) {
        Some(Value::String(text)) => text.clone(),
        Some(other) => other.to_string(),
        None => String::new(),
    }
}

fn named(old: &[Value], new: &[Value], name: &str, path: &Path, depth: usize, found: &mut Vec<FieldChange>) {
    let places: BTreeMap<String, &Value> = old.iter().map(|item| (name_of(item, name), item)).collect();
    let mut kept = std::collections::BTreeSet::new();
    for (index, item) in new.iter().enumerate() {
        let own = name_of(item, name);
        let path = path.item(index, &format!("{name}={own}"));
        match places.get(&own) {
            Some(old) => compare(old, item, &path, depth, found),
            None => found.push(path.change(None, Some(item))),
        }
        kept.insert(own);
    }
    for (index, item) in old.iter().enumerate() {
        let own = name_of(item, name);
        if !kept.contains(&own) {
            found.push(path.item(index, &format!("{name}={own}")).change(Some(item), None));
        }
    }
}

/// Items that nothing names: what is the same at both ends is set aside, the rest goes by position.
fn positions(old: &[Value], new: &[Value], path: &Path, depth: usize, found: &mut Vec<FieldChange>) {
    let start = old.iter().zip(new).take_while(|(old, new)| old == new).count();
    let (old_rest, new_rest) = (&old[start..], &new[start..]);
    let end = old_rest.iter().rev().zip(new_rest.iter().rev()).take_while(|(old, new)| old == new).count();
    let (old_rest, new_rest) = (&old_rest[..old_rest.len() - end], &new_rest[..new_rest.len() - end]);
    for index in 0..old_rest.len().max(new_rest.len()) {
        let path = path.item(start + index, &(start + index).to_string());
        match (old_rest.get(index), new_rest.get(index)) {
            (Some(old), Some(new)) => compare(old, new, &path, depth, found),
            (old, new) => found.push(path.change(old, new)),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::fields;

    fn check(before: &Value, after: &Value, expected: &[&str]) {
        let show = |value: Option<Value>| value.map_or_else(|| "-".to_owned(), |value| value.to_string());
        let found: Vec<String> = fields(before, after)
            .into_iter()
            .map(|change| {
                let side = if change.after.is_some() { after } else { before };
                let there = side.pointer(&change.pointer);
                assert_eq!(there, change.after.as_ref().or(change.before.as_ref()), "{}", change.pointer);
                format!("{}: {} -> {}", change.path, show(change.before), show(change.after))
            })
            .collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn mappings_differ_field_by_field() {
        check(
            &json!({"spec": {"a": 1, "b": {"x": 1}, "gone": []}}),
            &json!({"spec": {"a": 2, "b": {"x": 1}, "new/x.y": {"k": 1}}}),
            &["spec.a: 1 -> 2", "spec[\"new/x.y\"]: - -> {\"k\":1}", "spec.gone: [] -> -"],
        );
        check(&json!({"a": [1]}), &json!({"a": {"b": 1}}), &["a: [1] -> {\"b\":1}"]);
        check(&json!({"a": null}), &json!({}), &["a: null -> -"]);
    }

    #[test]
    fn plain_items_are_a_set_and_their_order_is_told() {
        check(
            &json!({"l": ["a", "b", "c"]}),
            &json!({"l": ["x", "c", "b"]}),
            &["l: - -> \"x\"", "l: \"a\" -> -"],
        );
        check(&json!({"l": ["a", "a"]}), &json!({"l": ["a"]}), &["l: \"a\" -> -"]);
        check(&json!({"l": ["a", "b"]}), &json!({"l": ["b", "a"]}), &["l: [\"a\",\"b\"] -> [\"b\",\"a\"]"]);
    }

    #[test]
    fn items_are_paired_by_what_names_them() {
        check(
            &json!([{"name": "a", "v": 1}, {"name": "b", "v": 1}]),
            &json!([{"name": "new", "v": 0}, {"name": "b", "v": 2}]),
            &[
                "[name=new]: - -> {\"name\":\"new\",\"v\":0}",
                "[name=b].v: 1 -> 2",
                "[name=a]: {\"name\":\"a\",\"v\":1} -> -",
            ],
        );
        check(
            &json!({"ports": [{"port": 80, "t": 1}, {"port": 81}]}),
            &json!({"ports": [{"port": 81}, {"port": 80, "t": 2}]}),
            &["ports[port=80].t: 1 -> 2"],
        );
    }

    #[test]
    fn items_without_a_name_go_by_position() {
        check(
            &json!([{"m": [1]}, {"m": [2]}, {"m": [3]}]),
            &json!([{"m": [1]}, {"m": [3]}]),
            &["[1]: {\"m\":[2]} -> -"],
        );
        check(&json!([[1], [2]]), &json!([[1], [3]]), &["[1]: - -> 3", "[1]: 2 -> -"]);
    }
}
