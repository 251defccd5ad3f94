//! What the API server wants of the metadata of any object, beside its schema: the forms of keys, sizes,
//! owners. Names, namespaces and values of labels are looked at where objects are made.

use serde_json::{Map, Value};

use crate::object::Object;
use crate::render::problem::pointer;
use crate::render::schema::short;

use super::walk::Violation;

/// All annotations of an object together, in bytes.
const ANNOTATIONS: usize = 256 << 10;

pub(super) fn check(object: &Object, is_namespaced: Option<bool>) -> Vec<Violation> {
    let mut found = Vec::new();
    let mut add = |pointer: String, message: String, help: Option<&str>| {
        let help = help.map(str::to_owned);
        found.push(Violation { pointer, message, help, is_of_value: true });
    };
    let fields = |name: &str| object.0.pointer(&format!("/metadata/{name}")).and_then(Value::as_object);
    for name in ["labels", "annotations"] {
        for key in fields(name).into_iter().flat_map(Map::keys).filter(|key| !is_qualified(key)) {
            let at = pointer(&format!("/metadata/{name}"), key);
            add(
                at,
                format!("{} cannot be a key of {name}", short(&Value::from(key.as_str()))),
                Some(QUALIFIED),
            );
        }
    }
    let size: usize = fields("annotations")
        .into_iter()
        .flatten()
        .map(|(key, value)| key.len() + value.as_str().map_or(0, str::len))
        .sum();
    if size > ANNOTATIONS {
        let message = format!("the annotations have {size} bytes together: at most {ANNOTATIONS}");
        add("/metadata/annotations".into(), message, None);
    }
    let owners = object.0.pointer("/metadata/ownerReferences").and_then(Value::as_array);
    let owners: Vec<&Value> = owners.into_iter().flatten().collect();
    for (index, owner) in owners.iter().enumerate() {
        for name in ["apiVersion", "kind", "name", "uid"] {
            if owner.get(name).and_then(Value::as_str) == Some("") {
                add(format!("/metadata/ownerReferences/{index}/{name}"), format!("`{name}` is empty"), None);
            }
        }
    }
    if owners.iter().filter(|owner| owner.get("controller") == Some(&Value::Bool(true))).count() > 1 {
        add("/metadata/ownerReferences".into(), "only one owner can be the controller".into(), None);
    }
    if is_namespaced == Some(false) && object.reference().namespace.is_some() {
        let message = format!("a {} belongs to no namespace", object.gvk().kind);
        add("/metadata/namespace".into(), message, Some("leave it out"));
    }
    found
}

const QUALIFIED: &str =
    "letters, digits, `-`, `_` and `.`, at most 63 characters; a domain and `/` may stand in front";

/// A key of labels or annotations: a name, with a DNS subdomain in front where there is a `/`.
fn is_qualified(key: &str) -> bool {
    let (prefix, name) = key.split_once('/').map_or((None, key), |(prefix, name)| (Some(prefix), name));
    let is_end = |letter: Option<u8>| letter.is_some_and(|letter| letter.is_ascii_alphanumeric());
    let is_name = name.len() <= 63
        && name.bytes().all(|letter| letter.is_ascii_alphanumeric() || b"-_.".contains(&letter))
        && is_end(name.bytes().next())
        && is_end(name.bytes().last());
    let is_domain = |text: &str| {
        let is_part = |part: &str| crate::render::decode::is_label(&part.to_lowercase());
        text.len() <= 253 && text.split('.').all(is_part)
    };
    is_name && prefix.is_none_or(is_domain)
}
