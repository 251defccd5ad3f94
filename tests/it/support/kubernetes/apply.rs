//! Server-side apply and create, with the refusals of the real thing.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use super::Ask;
use super::answer::{Answer, Place, status};
use super::store::{Kind, Store};

pub(super) fn apply(store: &mut Store, ask: &Ask, place: &Place) -> Answer {
    let Some(manager) = ask.parameter("fieldManager") else {
        let message = "PatchOptions.meta.k8s.io \"\" is invalid: fieldManager: Required value: is required for apply patch";
        return status(422, "Invalid", message, Value::Null);
    };
    if !ask.content_type.starts_with("application/apply-patch+yaml") {
        let message = "the body of the request was in an unknown format";
        return status(415, "UnsupportedMediaType", message, json!({}));
    }
    // JSON is YAML
    let Ok(wanted) = serde_json::from_slice::<Value>(&ask.body) else {
        return status(400, "BadRequest", "error decoding YAML", Value::Null);
    };
    let name = place.name.clone().unwrap_or_default();
    if let Some((code, reason, message, details)) = store.refused.get(&name) {
        return status(*code, reason, message, details.clone());
    }
    if let Some(refusal) = check_place(store, place).or_else(|| check_schema(place, &wanted, &name)) {
        return refusal;
    }
    let key = place.key();
    let force = ask.parameter("force") == Some("true");
    let mut owners = store.owners.get(&key).cloned().unwrap_or_default();
    let before = store.objects.get(&key).cloned();
    let mut leaves = BTreeMap::new();
    collect_leaves(&wanted, "", &mut leaves);
    leaves.retain(|path, _| !is_identity(path));
    if !force && let Some(before) = &before {
        let conflicts = conflicts(before, &leaves, &owners, manager);
        if !conflicts.is_empty() {
            return conflict(&conflicts);
        }
    }
    let mut merged = before.clone().unwrap_or_else(|| json!({}));
    // what this manager applied before and left out now is removed
    let dropped: Vec<String> = owners
        .iter()
        .filter(|(path, owner)| *owner == manager && !leaves.contains_key(*path))
        .map(|(path, _)| path.clone())
        .collect();
    for path in dropped {
        remove(&mut merged, &path);
        owners.remove(&path);
    }
    merge(&mut merged, &wanted);
    merged["metadata"]["name"] = name.into();
    if let Some(namespace) = &place.namespace {
        merged["metadata"]["namespace"] = namespace.clone().into();
    }
    merged["metadata"].as_object_mut().unwrap().remove("generation");
    owners.extend(leaves.into_keys().map(|path| (path, manager.to_owned())));
    let code = if before.is_some() { 200 } else { 201 };
    if ask.parameter("dryRun") == Some("All") {
        return Answer::json(code, &merged);
    }
    let managers: BTreeSet<&String> = owners.values().collect();
    let fields = managers.into_iter().map(|manager| json!({"manager": manager, "operation": "Apply"}));
    merged["metadata"]["managedFields"] = fields.collect();
    store.owners.insert(key.clone(), owners);
    Answer::json(code, &store.store(key, merged))
}

pub(super) fn create(store: &mut Store, ask: &Ask, place: &Place) -> Answer {
    let Ok(object) = serde_json::from_slice::<Value>(&ask.body) else {
        return status(400, "BadRequest", "error decoding JSON", Value::Null);
    };
    let name = object["metadata"]["name"].as_str().unwrap_or("").to_owned();
    if let Some(refusal) = check_place(store, place) {
        return refusal;
    }
    if let Some(schema) = &place.kind.schema {
        if let Some(path) = unknown_field(&object, schema, "") {
            let message = format!(
                "{kind} in version \"{}\" cannot be handled as a {kind}: strict decoding error: unknown field \"{}\"",
                place.kind.version,
                &path[1..],
                kind = place.kind.word
            );
            return status(400, "BadRequest", &message, Value::Null);
        }
        if let Some(refusal) = check_schema(place, &object, &name) {
            return refusal;
        }
    }
    let place =
        Place { kind: place.kind.clone(), namespace: place.namespace.clone(), name: Some(name.clone()) };
    let key = place.key();
    if store.objects.contains_key(&key) {
        let message = format!("{} \"{name}\" already exists", place.kind.resource());
        return status(409, "AlreadyExists", &message, json!({ "name": name, "kind": place.kind.plural }));
    }
    if ask.parameter("dryRun") == Some("All") {
        return Answer::json(201, &object);
    }
    Answer::json(201, &store.store(key, object))
}

/// A namespace that does not exist yet.
fn check_place(store: &Store, place: &Place) -> Option<Answer> {
    let namespace = place.namespace.as_deref().filter(|namespace| !store.has_namespace(namespace))?;
    let message = format!("namespaces \"{namespace}\" not found");
    Some(status(404, "NotFound", &message, json!({ "name": namespace, "kind": "namespaces" })))
}

/// An unknown or mistyped field is a 500 without a reason; a missing one is a 422 with its path.
fn check_schema(place: &Place, object: &Value, name: &str) -> Option<Answer> {
    let schema = place.kind.schema.as_ref()?;
    // the namespace that the object itself names, which may be none
    let namespace = object.pointer("/metadata/namespace").and_then(Value::as_str).unwrap_or("");
    let path = format!("{namespace}/{name}");
    let typed = |problem: String| {
        let message = format!(
            "failed to create typed patch object ({path}; {}, Kind={}): {problem}",
            place.kind.api_version(),
            place.kind.word
        );
        status(500, "", &message, Value::Null)
    };
    if let Some(field) = unknown_field(object, schema, "") {
        return Some(typed(format!("{field}: field not declared in schema")));
    }
    if let Some(problem) = mistyped_field(object, schema, "") {
        return Some(typed(problem));
    }
    let mut missing = Vec::new();
    missing_fields(object, schema, "", &mut missing);
    (!missing.is_empty()).then(|| invalid(&place.kind, name, &missing))
}

fn invalid(kind: &Kind, name: &str, missing: &[String]) -> Answer {
    let cause = |field: &String| json!({ "reason": "FieldValueRequired", "message": "Required value", "field": field });
    let said: Vec<String> = missing.iter().map(|field| format!("{field}: Required value")).collect();
    let said = if said.len() == 1 { said[0].clone() } else { format!("[{}]", said.join(", ")) };
    let message = format!("{}.{} \"{name}\" is invalid: {said}", kind.word, kind.group);
    let causes: Vec<Value> = missing.iter().map(cause).collect();
    let details = json!({ "name": name, "group": kind.group, "kind": kind.word, "causes": causes });
    status(422, "Invalid", &message, details)
}

fn unknown_field(value: &Value, schema: &Value, path: &str) -> Option<String> {
    match value {
        Value::Object(map) => map.iter().find_map(|(key, inner)| {
            let path = format!("{path}.{key}");
            match (schema.pointer(&format!("/properties/{key}")), schema.get("additionalProperties")) {
                (Some(inner_schema), _) => unknown_field(inner, inner_schema, &path),
                (None, None) if schema.get("properties").is_some() => Some(path),
                (None, _) => None,
            }
        }),
        Value::Array(items) => {
            let schema = schema.get("items")?;
            items
                .iter()
                .enumerate()
                .find_map(|(index, item)| unknown_field(item, schema, &format!("{path}[{index}]")))
        }
        _ => None,
    }
}

fn mistyped_field(value: &Value, schema: &Value, path: &str) -> Option<String> {
    let expected = schema.get("type").and_then(Value::as_str).unwrap_or("");
    let fits = match expected {
        "string" => value.is_string(),
        "integer" => value.is_i64() || value.is_u64(),
        "boolean" => value.is_boolean(),
        "array" => value.is_array(),
        "object" => value.is_object(),
        _ => true,
    };
    if !fits {
        let expected = match expected {
            "array" => "list",
            "object" => "map",
            "integer" => "numeric (int or float)",
            scalar => scalar,
        };
        return Some(format!("{path}: expected {expected}, got &value.valueUnstructured{{Value:{value}}}"));
    }
    match value {
        Value::Object(map) => map.iter().find_map(|(key, inner)| {
            let inner_schema =
                schema.pointer(&format!("/properties/{key}")).or_else(|| schema.get("additionalProperties"));
            mistyped_field(inner, inner_schema?, &format!("{path}.{key}"))
        }),
        Value::Array(items) => {
            let schema = schema.get("items")?;
            items
                .iter()
                .enumerate()
                .find_map(|(index, item)| mistyped_field(item, schema, &format!("{path}[{index}]")))
        }
        _ => None,
    }
}

fn missing_fields(value: &Value, schema: &Value, path: &str, missing: &mut Vec<String>) {
    let Value::Object(map) = value else { return };
    let join = |key: &str| if path.is_empty() { key.to_owned() } else { format!("{path}.{key}") };
    for key in
        schema.get("required").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str)
    {
        if !map.contains_key(key) {
            missing.push(join(key));
        }
    }
    for (key, inner) in map {
        if let Some(schema) = schema.pointer(&format!("/properties/{key}")) {
            missing_fields(inner, schema, &join(key), missing);
        }
    }
}

/// Paths such as `.metadata.labels.team`; lists count as one.
fn collect_leaves(value: &Value, path: &str, leaves: &mut BTreeMap<String, Value>) {
    match value {
        Value::Object(map) if !map.is_empty() => {
            for (key, inner) in map {
                // dots in keys must not look like levels
                collect_leaves(inner, &format!("{path}.{}", key.replace('.', "\u{1}")), leaves);
            }
        }
        other => {
            leaves.insert(path.to_owned(), other.clone());
        }
    }
}

fn is_identity(path: &str) -> bool {
    matches!(path, ".apiVersion" | ".kind" | ".metadata.name" | ".metadata.namespace")
}

fn pointer(path: &str) -> String {
    path.replace('~', "~0").replace('/', "~1").replace('.', "/").replace('\u{1}', ".")
}

fn conflicts(
    before: &Value,
    leaves: &BTreeMap<String, Value>,
    owners: &BTreeMap<String, String>,
    manager: &str,
) -> Vec<(String, String)> {
    let foreign = |path: &String| owners.get(path).filter(|owner| *owner != manager);
    leaves
        .iter()
        .filter(|(path, value)| before.pointer(&pointer(path)) != Some(value))
        .filter_map(|(path, _)| Some((path.replace('\u{1}', "."), foreign(path)?.clone())))
        .collect()
}

fn conflict(conflicts: &[(String, String)]) -> Answer {
    let cause = |(field, manager): &(String, String)| json!({ "reason": "FieldManagerConflict", "message": format!("conflict with \"{manager}\""), "field": field });
    let causes: Vec<Value> = conflicts.iter().map(cause).collect();
    let message = match conflicts {
        [(field, manager)] => format!("Apply failed with 1 conflict: conflict with \"{manager}\": {field}"),
        many => {
            let lines: Vec<String> =
                many.iter().map(|(field, manager)| format!("conflict with \"{manager}\": {field}")).collect();
            format!("Apply failed with {} conflicts: {}", many.len(), lines.join("\n"))
        }
    };
    status(409, "Conflict", &message, json!({ "causes": causes }))
}

fn merge(into: &mut Value, from: &Value) {
    match (into, from) {
        (Value::Object(into), Value::Object(from)) => {
            for (key, value) in from {
                merge(into.entry(key.clone()).or_insert(Value::Null), value);
            }
        }
        (into, from) => *into = from.clone(),
    }
}

fn remove(value: &mut Value, path: &str) {
    let pointer = pointer(path);
    if let Some((parent, key)) = pointer.rsplit_once('/')
        && let Some(map) = value.pointer_mut(parent).and_then(Value::as_object_mut)
    {
        map.remove(&key.replace("~1", "/").replace("~0", "~"));
    }
}
