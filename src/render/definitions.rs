//! Checks objects against the definitions of their kinds, offline.
//!
//! Definitions are `CustomResourceDefinition`s and Crossplane's `CompositeResourceDefinition`s. What the API
//! server would refuse in an object is found: types, required and unknown fields, enumerations, patterns,
//! limits. Not looked at: `x-kubernetes-validations`, `x-kubernetes-list-type`, formats.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use crate::object::{Object, ObjectRef};

use super::problem::Problem;
use super::schema::Schema;

/// Schemas are walked down to this depth.
const DEPTH: usize = 64;

/// Schemas by group, version and kind.
#[derive(Clone, Debug, Default)]
pub struct Definitions {
    schemas: BTreeMap<(String, String, String), Schema>,
}

impl Definitions {
    /// The schemas of all definitions among some objects; others are left out. One whose schema is not
    /// valid is a problem of it.
    pub fn from_objects<'a>(
        objects: impl IntoIterator<Item = &'a Object>,
    ) -> (Self, Vec<(ObjectRef, Problem)>) {
        let (mut definitions, mut problems) = (Self::default(), Vec::new());
        for object in objects {
            let is_composite = object.gvk().kind == "CompositeResourceDefinition";
            if !is_composite && object.gvk().kind != "CustomResourceDefinition" {
                continue;
            }
            let group = object.text("/spec/group").unwrap_or("").to_owned();
            let kind = object.text("/spec/names/kind").unwrap_or("").to_owned();
            let versions = object.0.pointer("/spec/versions").and_then(Value::as_array);
            for (index, version) in versions.into_iter().flatten().enumerate() {
                let Some(schema) = version.pointer("/schema/openAPIV3Schema") else { continue };
                let name = version.get("name").and_then(Value::as_str).unwrap_or("").to_owned();
                match Schema::compile(&strict(schema, is_composite)) {
                    Ok(schema) => _ = definitions.schemas.insert((group.clone(), name, kind.clone()), schema),
                    Err(message) => {
                        let at = format!("/spec/versions/{index}/schema/openAPIV3Schema");
                        problems.push((object.reference(), Problem::of_type(at, message)));
                    }
                }
            }
        }
        (definitions, problems)
    }

    /// Whether there is a definition of the object's kind in its version.
    pub fn knows(&self, object: &Object) -> bool {
        self.schema_of(object).is_some()
    }

    /// What the API server would refuse in an object: a JSON pointer into the object and the reason. Nothing
    /// is found in an object of a kind that is not known.
    pub fn check(&self, object: &Object) -> Vec<Problem> {
        let Some(schema) = self.schema_of(object) else { return Vec::new() };
        schema.check(&object.0, |pointer, message| Problem::of_type(pointer, message))
    }

    fn schema_of(&self, object: &Object) -> Option<&Schema> {
        let gvk = object.gvk();
        self.schemas.get(&(gvk.group, gvk.version, gvk.kind))
    }
}

/// The whole schema of an object: that of the definition, closed, with the fields that every object has.
fn strict(schema: &Value, is_composite: bool) -> Value {
    let mut closed = close(schema, DEPTH);
    let Some(fields) = closed.as_object_mut() else { return closed };
    fields.insert("type".into(), json!("object"));
    let properties = fields.entry("properties").or_insert_with(|| json!({}));
    if let Some(properties) = properties.as_object_mut() {
        for name in ["apiVersion", "kind"] {
            properties.insert(name.into(), json!({"type": "string"}));
        }
        properties.insert("metadata".into(), json!({"type": "object"}));
        if is_composite {
            // What Crossplane adds to the schema of every composite.
            properties.entry("status").or_insert_with(|| json!({}));
            let spec = properties.get_mut("spec").and_then(|spec| spec.get_mut("properties"));
            if let Some(spec) = spec.and_then(Value::as_object_mut) {
                spec.insert("crossplane".into(), json!({"type": "object"}));
            }
        }
    }
    let is_open = fields.get("x-kubernetes-preserve-unknown-fields") == Some(&json!(true));
    if !is_open {
        fields.insert("additionalProperties".into(), json!(false));
    }
    closed
}

/// A structural OpenAPI schema as JSON Schema: an object has no other fields than those it names.
fn close(schema: &Value, depth: usize) -> Value {
    let Some(fields) = schema.as_object().filter(|_| depth > 0) else { return json!({}) };
    let flag = |name: &str| fields.get(name) == Some(&json!(true));
    let mut closed = Map::new();
    for (name, value) in fields {
        let value = match name.as_str() {
            "properties" => Value::Object(close_all(value, depth)),
            "items" | "additionalProperties" if value.is_object() => close(value, depth - 1),
            // allOf, anyOf and oneOf stay open: their branches only narrow, and name some of the fields.
            // Kubernetes' formats are its own, and defaults were filled in by the server.
            "format" | "default" | "description" | "example" => continue,
            name if name.starts_with("x-kubernetes-") => continue,
            _ => value.clone(),
        };
        closed.insert(name.clone(), value);
    }
    if flag("x-kubernetes-int-or-string") {
        return json!({"type": ["integer", "string"]});
    }
    let is_closed = closed.contains_key("properties") && !closed.contains_key("additionalProperties");
    if is_closed && !flag("x-kubernetes-preserve-unknown-fields") && !flag("x-kubernetes-embedded-resource") {
        closed.insert("additionalProperties".into(), json!(false));
    }
    if flag("x-kubernetes-preserve-unknown-fields") && !closed.contains_key("properties") {
        closed.remove("additionalProperties");
    }
    if flag("nullable")
        && let Some(Value::String(kind)) = closed.get("type")
    {
        closed.insert("type".into(), json!([kind, "null"]));
    }
    closed.remove("nullable");
    Value::Object(closed)
}

fn close_all(properties: &Value, depth: usize) -> Map<String, Value> {
    let properties = properties.as_object().into_iter().flatten();
    properties.map(|(name, schema)| (name.clone(), close(schema, depth - 1))).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::{Definitions, Object};

    fn definitions() -> Definitions {
        let definition = Object(json!({
            "apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition",
            "metadata": {"name": "widgets.example.com"},
            "spec": {"group": "example.com", "names": {"kind": "Widget"}, "versions": [{"name": "v1", "schema": {
                "openAPIV3Schema": {"type": "object", "properties": {"spec": {
                    "type": "object", "required": ["size"], "properties": {
                        "size": {"type": "integer", "maximum": 5},
                        "port": {"x-kubernetes-int-or-string": true},
                        "free": {"type": "object", "x-kubernetes-preserve-unknown-fields": true},
                        "names": {"type": "object", "additionalProperties": {"type": "string"}},
                        "list": {"type": "array", "items": {"type": "object", "properties": {"a": {"type": "string", "nullable": true}}}},
                    },
                }}},
            }}]},
        }));
        let (definitions, problems) = Definitions::from_objects([&definition]);
        assert_eq!(problems, []);
        definitions
    }

    fn check(spec: &Value, expected: &[&str]) {
        let object = Object(json!({
            "apiVersion": "example.com/v1", "kind": "Widget", "metadata": {"name": "w", "labels": {}}, "spec": spec,
        }));
        assert!(definitions().knows(&object));
        let found: Vec<String> =
            definitions().check(&object).into_iter().map(|problem| problem.message).collect();
        assert_eq!(found, expected, "{spec}");
    }

    #[test]
    fn what_the_server_would_refuse_is_found() {
        check(
            &json!({"size": 1, "port": "http", "free": {"x": [1]}, "names": {"a": "b"}, "list": [{"a": null}]}),
            &[],
        );
        check(&json!({}), &["`size` is missing"]);
        check(&json!({"size": "1"}), &["\"1\" is not a whole number"]);
        check(&json!({"size": 9, "sise": 1}), &["`sise` is not known here", "9 is more than 5"]);
        check(
            &json!({"size": 1, "list": [{"b": 1}], "names": {"a": 1}}),
            &["`b` is not known here", "1 is not text"],
        );
    }

    #[test]
    fn a_kind_that_is_not_known_is_not_judged() {
        let object = Object(json!({"apiVersion": "example.com/v2", "kind": "Widget", "spec": 1}));
        assert!(!definitions().knows(&object) && definitions().check(&object).is_empty());
    }
}
