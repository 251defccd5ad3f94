//! The parameters of resource types as parameters of a template.
//!
//! A property with `ui:field: ResourceTypeParameters` takes the parameters of the type that the property
//! `ui:options.typeField` (`type` where it is not written) names, and one with `ui:field: ResourceTypePicker`
//! names a type. Both are extensions of ours: the portal takes them by their JSON type, a mapping and a text.
//! Here each type becomes a branch of the page, which opens when the type is answered.

use serde_json::{Map, Value, json};

use super::Page;
use super::hints::text_hint;

/// The field that takes the parameters of a type.
const PARAMETERS: &str = "ResourceTypeParameters";
/// The field that names a type.
pub(super) const PICKER: &str = "ResourceTypePicker";

/// A resource type, as far as a template asks for it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct AskedType<'a> {
    /// The `spec.type` of its entities.
    pub name: &'a str,
    /// The JSON Schema of its parameters.
    pub parameters: &'a Value,
}

impl Page {
    /// Whether it asks for a resource type or the parameters of one.
    pub(in crate::scaffolder) fn asks_for_types(&self) -> bool {
        properties(&self.schema).any(|(_, property)| [PARAMETERS, PICKER].contains(&field_of(property)))
    }

    /// The page with a branch for each type.
    pub(in crate::scaffolder) fn with_types(mut self, types: &[AskedType<'_>]) -> Self {
        let mut branches = self.schema.get("allOf").and_then(Value::as_array).cloned().unwrap_or_default();
        for (name, property) in properties(&self.schema).filter(|(_, of)| field_of(of) == PARAMETERS) {
            let named_by = property.as_object().and_then(|property| text_hint(property, "typeField"));
            let named_by = named_by.as_deref().unwrap_or("type");
            for asked in types {
                let at = super::child(&format!("#/allOf/{}/then/properties", branches.len()), name);
                branches.push(branch(asked, named_by, name, &at));
            }
        }
        let names: Vec<&str> = types.iter().map(|asked| asked.name).collect();
        if let Value::Object(schema) = &mut self.schema {
            if let Some(Value::Object(properties)) = schema.get_mut("properties") {
                for property in properties.values_mut().filter(|property| field_of(property) == PICKER) {
                    property["examples"] = json!(names);
                }
            }
            if !branches.is_empty() {
                schema.insert("allOf".to_owned(), Value::Array(branches));
            }
        }
        self
    }
}

/// What opens when `named_by` is answered with the type: its parameters as the property `name`.
fn branch(asked: &AskedType<'_>, named_by: &str, name: &str, at: &str) -> Value {
    let mut parameters = asked.parameters.clone();
    move_references(&mut parameters, at);
    let needs_any = parameters.get("required").and_then(Value::as_array).is_some_and(|all| !all.is_empty());
    let required: &[&str] = if needs_any { &[name] } else { &[] };
    json!({
        "if": {"required": [named_by], "properties": {named_by: {"const": asked.name}}},
        "then": {"required": required, "properties": {name: parameters}},
    })
}

/// References within a schema that stands at the pointer `at` from now on.
fn move_references(schema: &mut Value, at: &str) {
    match schema {
        Value::Object(fields) => {
            for (key, value) in fields {
                match value {
                    Value::String(reference) if key == "$ref" => {
                        if let Some(inner) = reference.strip_prefix('#') {
                            *reference = format!("{at}{inner}");
                        }
                    }
                    value => move_references(value, at),
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| move_references(item, at)),
        _ => {}
    }
}

fn properties(schema: &Value) -> impl Iterator<Item = (&String, &Value)> {
    schema.get("properties").and_then(Value::as_object).into_iter().flatten()
}

fn field_of(property: &Value) -> &str {
    property.get("ui:field").and_then(Value::as_str).unwrap_or_default()
}

/// The names that a [`PICKER`] offers.
pub(super) fn offered(schema: &Map<String, Value>) -> impl Iterator<Item = &str> {
    let is_picker = schema.get("ui:field").and_then(Value::as_str) == Some(PICKER);
    let names = schema.get("examples").filter(|_| is_picker).and_then(Value::as_array);
    names.into_iter().flatten().filter_map(Value::as_str)
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::super::{Kind, Page};
    use super::AskedType;

    /// The paths that are asked for with these answers, required ones with a star.
    fn check(answers: &Value, expected: &[&str]) {
        let page = Page::new(
            json!({"properties": {
                "type": {"type": "string", "ui:field": "ResourceTypePicker"},
                "parameters": {"type": "object", "ui:field": "ResourceTypeParameters", "additionalProperties": true},
            }}),
            String::new(),
        );
        assert!(page.asks_for_types());
        let bucket = json!({"type": "object", "additionalProperties": false, "required": ["size"],
            "definitions": {"size": {"type": "integer"}},
            "properties": {"size": {"$ref": "#/definitions/size"}, "public": {"type": "boolean", "default": false}}});
        let queue = json!({"properties": {"ttl": {"type": "integer", "default": 5}}});
        let types = [
            AskedType { name: "bucket", parameters: &bucket },
            AskedType { name: "queue", parameters: &queue },
        ];
        let page = page.with_types(&types);
        let mut found = Vec::new();
        for field in page.fields(answers.as_object().unwrap()) {
            match &field.kind {
                Kind::Object(inner) => {
                    found.push(format!("{}{}", field.path, if field.required { "*" } else { "" }));
                    for field in inner {
                        found.push(format!(
                            "{}{}: {:?}",
                            field.path,
                            if field.required { "*" } else { "" },
                            field.kind
                        ));
                    }
                }
                _ => found.push(format!("{} of {}", field.path, field.suggestions().join("/"))),
            }
        }
        assert_eq!(found, expected);
    }

    #[test]
    fn the_type_opens_its_parameters() {
        check(&json!({}), &["type of bucket/queue", "parameters"]);
        check(&json!({"type": "database"}), &["type of bucket/queue", "parameters"]);
        check(
            &json!({"type": "bucket"}),
            &[
                "type of bucket/queue",
                "parameters*",
                "parameters.size*: Number { integer: true }",
                "parameters.public: Boolean",
            ],
        );
        check(
            &json!({"type": "queue"}),
            &["type of bucket/queue", "parameters", "parameters.ttl: Number { integer: true }"],
        );
    }
}
