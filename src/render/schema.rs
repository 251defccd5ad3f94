//! The JSON Schema of a resource type's parameters: defaults, and findings in words.

use std::sync::Arc;

use jsonschema::error::ValidationErrorKind;
use jsonschema::{PatternOptions, ValidationError, Validator};
use serde_json::{Map, Value};

use crate::diagnostic::did_you_mean;

use super::problem::{Problem, pointer};

/// Findings are listed up to this many.
const LIMIT: usize = 50;

/// Defaults are filled in down to this depth.
const DEPTH: usize = 32;

/// A schema that was compiled.
#[derive(Clone, Debug)]
pub(crate) struct Schema {
    value: Value,
    validator: Arc<Validator>,
}

impl PartialEq for Schema {
    fn eq(&self, other: &Self) -> bool {
        self.value == other.value
    }
}

impl Schema {
    /// Compiles a schema. Patterns are matched in linear time, and nothing is fetched for a `$ref`.
    pub fn compile(value: &Value) -> Result<Self, String> {
        let validator = jsonschema::options()
            .with_pattern_options(PatternOptions::regex().size_limit(1 << 20))
            .should_validate_formats(true)
            .build(value)
            .map_err(|error| format!("not a JSON Schema: {}", one_line(&error.to_string())))?;
        Ok(Self { value: value.clone(), validator: Arc::new(validator) })
    }

    /// The schema as it was written.
    pub fn value(&self) -> &Value {
        &self.value
    }

    /// `given` with the defaults of all properties that it leaves out, to any depth.
    pub fn complete(&self, given: Value) -> Value {
        complete(&self.value, given, DEPTH)
    }

    /// Everything that is wrong with `value`, in the order of its pointers. `make` makes a problem of a
    /// pointer below `value` and a message.
    pub fn check(&self, value: &Value, make: impl Fn(&str, String) -> Problem) -> Vec<Problem> {
        let errors = self.validator.iter_errors(value).take(LIMIT);
        let mut problems: Vec<Problem> = errors.flat_map(|error| self.describe(&error, &make)).collect();
        problems.sort();
        problems.dedup();
        problems
    }

    fn describe(&self, error: &ValidationError<'_>, make: impl Fn(&str, String) -> Problem) -> Vec<Problem> {
        let at = error.instance_path().as_str();
        let found = short(error.instance());
        let plain = |message: String| vec![make(at, message)];
        match error.kind() {
            ValidationErrorKind::AdditionalProperties { unexpected } => {
                unexpected.iter().map(|name| self.unexpected(at, name, &make)).collect()
            }
            ValidationErrorKind::Required { property } => {
                let name = property.as_str().unwrap_or_default();
                vec![make(&pointer(at, name), format!("`{name}` is missing"))]
            }
            ValidationErrorKind::Type { .. } => {
                plain(format!("{found} is not {}", self.wanted_type(error.schema_path().as_str())))
            }
            ValidationErrorKind::Enum { options } => {
                let words: Vec<String> = options.as_array().into_iter().flatten().map(short).collect();
                let mut problem = make(at, format!("{found} is none of {}", words.join(", ")));
                let names = options.as_array().into_iter().flatten().filter_map(Value::as_str);
                if let Some(meant) = did_you_mean(error.instance().as_str().unwrap_or(""), names) {
                    problem = problem.help(format!("write `{meant}`"));
                }
                vec![problem]
            }
            ValidationErrorKind::Pattern { pattern } => {
                plain(format!("{found} does not have the form {}", self.form(error, pattern)))
            }
            ValidationErrorKind::Minimum { limit } => plain(format!("{found} is less than {limit}")),
            ValidationErrorKind::Maximum { limit } => plain(format!("{found} is more than {limit}")),
            ValidationErrorKind::MinItems { limit } => plain(format!("at least {limit} must be given")),
            ValidationErrorKind::MaxItems { limit } => plain(format!("at most {limit} may be given")),
            ValidationErrorKind::MaxLength { limit } => {
                plain(format!("{found} is longer than {limit} characters"))
            }
            ValidationErrorKind::UniqueItems => plain("an item is given twice".to_owned()),
            _ => plain(one_line(&error.to_string())),
        }
    }

    fn unexpected(&self, at: &str, name: &str, make: impl Fn(&str, String) -> Problem) -> Problem {
        let problem = make(&pointer(at, name), format!("`{name}` is not known here"));
        let known = self.properties_at(at);
        match did_you_mean(name, known.iter().map(String::as_str)) {
            Some(meant) => problem.help(format!("write `{meant}`")),
            None if known.is_empty() => problem,
            None => problem.help(format!("there are: {}", known.join(", "))),
        }
    }

    /// The names that the schema knows at a place of a value. Only `properties` and `items` are walked.
    fn properties_at(&self, at: &str) -> Vec<String> {
        let mut schema = &self.value;
        for part in at.split('/').skip(1) {
            let property = schema.get("properties").and_then(|all| all.get(part));
            let Some(next) = property.or_else(|| schema.get("items")) else { return Vec::new() };
            schema = next;
        }
        let properties = schema.get("properties").and_then(Value::as_object);
        properties.into_iter().flat_map(Map::keys).cloned().collect()
    }

    /// `text`, `a list`, ... for the `type` at a schema path.
    fn wanted_type(&self, path: &str) -> String {
        let words = match self.value.pointer(path) {
            Some(Value::Array(types)) => types.iter().filter_map(Value::as_str).collect(),
            Some(Value::String(one)) => vec![one.as_str()],
            _ => Vec::new(),
        };
        let words: Vec<&str> = words
            .into_iter()
            .map(|word| match word {
                "string" => "text",
                "integer" => "a whole number",
                "number" => "a number",
                "boolean" => "true or false",
                "array" => "a list",
                "object" => "a mapping",
                other => other,
            })
            .collect();
        words.join(" or ")
    }

    /// How a text should look: the title of the property where it has one, beside the pattern.
    fn form(&self, error: &ValidationError<'_>, pattern: &str) -> String {
        let path = error.schema_path().as_str();
        let parent = path.rsplit_once('/').map_or("", |(parent, _)| parent);
        let example = self.value.pointer(&format!("{parent}/examples/0")).map(short);
        match example {
            Some(example) => format!("{pattern}, such as {example}"),
            None => pattern.to_owned(),
        }
    }
}

fn complete(schema: &Value, given: Value, depth: usize) -> Value {
    let given = match (given, schema.get("default")) {
        (Value::Null, Some(default)) => default.clone(),
        (given, _) => given,
    };
    if depth == 0 {
        return given;
    }
    match given {
        Value::Object(fields) => Value::Object(complete_fields(schema, fields, depth)),
        Value::Array(items) => {
            let Some(of_item) = schema.get("items") else { return Value::Array(items) };
            Value::Array(items.into_iter().map(|item| complete(of_item, item, depth - 1)).collect())
        }
        other => other,
    }
}

/// What is given, then what is left out and has a default, in the order of the schema.
fn complete_fields(schema: &Value, mut fields: Map<String, Value>, depth: usize) -> Map<String, Value> {
    for (name, property) in schema.get("properties").and_then(Value::as_object).into_iter().flatten() {
        let value = fields.get_mut(name).map_or(Value::Null, Value::take);
        let was_given = fields.contains_key(name);
        let value = complete(property, value, depth - 1);
        if was_given || !value.is_null() {
            fields.insert(name.clone(), value);
        }
    }
    fields
}

/// A value as JSON, cut to 60 characters.
pub(crate) fn short(value: &Value) -> String {
    let text = value.to_string();
    match text.char_indices().nth(60) {
        Some((at, _)) => format!("{}...", &text[..at]),
        None => text,
    }
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::{Problem, Schema};
    use crate::render::Place;

    fn schema() -> Schema {
        Schema::compile(&json!({
            "type": "object",
            "additionalProperties": false,
            "required": ["hostnames"],
            "properties": {
                "hostnames": {"type": "array", "minItems": 1, "items": {"type": "string", "pattern": "^[a-z.]+$"}},
                "ttl": {"type": "integer", "minimum": 60, "default": 300},
                "access": {"enum": ["view", "edit"]},
                "backend": {"type": "object", "default": {}, "properties": {"port": {"type": "integer", "default": 80}}},
            },
        }))
        .unwrap()
    }

    fn check(value: &Value, expected: &[&str]) {
        let problems = schema().check(value, |pointer, message| Problem::entity(pointer, message));
        let found: Vec<String> = problems
            .iter()
            .map(|problem| {
                let (Place::Entity(pointer) | Place::Type(pointer)) = &problem.place;
                let help = problem.help.as_ref().map(|help| format!(" ({help})")).unwrap_or_default();
                format!("{pointer}: {}{help}", problem.message)
            })
            .collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn findings_name_the_place_and_the_repair() {
        check(&json!({"hostnames": ["a.b"]}), &[]);
        check(
            &json!({"hostname": ["a"]}),
            &[
                "/hostname: `hostname` is not known here (write `hostnames`)",
                "/hostnames: `hostnames` is missing",
            ],
        );
        check(&json!({"hostnames": "a"}), &["/hostnames: \"a\" is not a list"]);
        check(&json!({"hostnames": ["a", "B"]}), &["/hostnames/1: \"B\" does not have the form ^[a-z.]+$"]);
        check(&json!({"hostnames": []}), &["/hostnames: at least 1 must be given"]);
        check(&json!({"hostnames": ["a"], "ttl": 1}), &["/ttl: 1 is less than 60"]);
        check(
            &json!({"hostnames": ["a"], "access": "edti"}),
            &["/access: \"edti\" is none of \"view\", \"edit\" (write `edit`)"],
        );
    }

    #[test]
    fn defaults_are_filled_in_below_what_is_given() {
        let complete = schema().complete(json!({"hostnames": ["a"], "backend": {}}));
        assert_eq!(complete, json!({"hostnames": ["a"], "backend": {"port": 80}, "ttl": 300}));
        assert_eq!(schema().complete(json!({}))["backend"]["port"], 80);
    }

    #[test]
    fn what_is_no_schema_is_refused() {
        assert!(Schema::compile(&json!({"type": "sting"})).is_err());
        assert!(Schema::compile(&json!({"$ref": "https://example.com/schema.json"})).is_err());
        assert!(Schema::compile(&json!({"pattern": "("})).is_err());
    }
}
