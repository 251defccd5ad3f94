//! Answers against a JSON Schema, with the verdict of the server.
//!
//! The server checks with npm `jsonschema`, which knows no meta-schema: it ignores types it does not
//! know and keywords of the wrong shape. The `jsonschema` crate refuses such a schema, so it is
//! cleaned first. Known differences that stay: `$ref` to another document is ignored here.

use jsonschema::error::{TypeKind, ValidationErrorKind};
use jsonschema::{Draft, ValidationError, Validator};
use serde_json::{Map, Value};

use super::formats::FORMATS;

const TYPES: [&str; 7] = ["string", "number", "integer", "boolean", "array", "object", "null"];
const MAX_DEPTH: usize = 64;
/// Steps a pattern may take before it counts as not matching.
const BACKTRACK_LIMIT: usize = 100_000;

/// Whether `value` fits `schema`, whose local references count from `root`. A schema that cannot be
/// understood fits everything.
pub(in crate::scaffolder) fn is_valid(schema: &Value, root: &Value, value: &Value) -> bool {
    compile(schema, root).is_none_or(|validator| validator.is_valid(value))
}

/// One way in which a value does not fit its schema.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::scaffolder) struct Violation {
    /// JSON pointer into the value; for what is missing or not expected, the place where it would be.
    pub pointer: String,
    /// What is wrong.
    pub message: String,
    /// Whether the value is missing.
    pub missing: bool,
    /// Whether the property is not expected.
    pub unexpected: bool,
    /// The values that are allowed, where there is a list of them.
    pub allowed: Vec<Value>,
}

/// Everything in `value` that does not fit `schema`, in the order of the schema.
pub(in crate::scaffolder) fn violations(schema: &Value, root: &Value, value: &Value) -> Vec<Violation> {
    let Some(validator) = compile(schema, root) else { return Vec::new() };
    let mut found = Vec::new();
    for error in validator.iter_errors(value) {
        describe(&error, &mut found);
    }
    found
}

/// Whether a pattern can be understood.
pub(super) fn is_pattern(pattern: &str) -> bool {
    let schema = Value::Object(Map::from_iter([("pattern".to_owned(), Value::from(pattern))]));
    options().build(&schema).is_ok()
}

fn options() -> jsonschema::ValidationOptions<'static> {
    let patterns = jsonschema::PatternOptions::fancy_regex().backtrack_limit(BACKTRACK_LIMIT);
    let mut options = jsonschema::options()
        .with_draft(Draft::Draft7)
        .with_pattern_options(patterns)
        .should_validate_formats(true)
        .should_ignore_unknown_formats(true);
    for (name, fits) in FORMATS {
        options = options.with_format(*name, *fits);
    }
    options
}

fn compile(schema: &Value, root: &Value) -> Option<Validator> {
    let mut cleaned = clean(schema, 0);
    if let (Value::Object(cleaned), Value::Object(root)) = (&mut cleaned, root) {
        for key in ["definitions", "$defs"] {
            if let Some(definitions) = root.get(key).filter(|_| !cleaned.contains_key(key)) {
                cleaned.insert(key.to_owned(), clean_map(definitions, 0));
            }
        }
    }
    options().build(&cleaned).ok()
}

/// The schema without what the crate would refuse and npm `jsonschema` ignores.
fn clean(schema: &Value, depth: usize) -> Value {
    let Value::Object(schema) = schema else {
        return Value::Bool(schema != &Value::Bool(false));
    };
    if depth > MAX_DEPTH {
        return Value::Bool(true);
    }
    let mut cleaned = Map::new();
    for (key, value) in schema {
        if let Some(value) = clean_keyword(key, value, depth) {
            cleaned.insert(key.clone(), value);
        }
    }
    lift_required(schema, &mut cleaned);
    Value::Object(cleaned)
}

fn clean_keyword(key: &str, value: &Value, depth: usize) -> Option<Value> {
    match key {
        "type" => clean_type(value),
        "properties" | "patternProperties" | "definitions" | "$defs" => {
            value.is_object().then(|| clean_map(value, depth))
        }
        "dependencies" => value.is_object().then(|| clean_map(value, depth)),
        "allOf" | "anyOf" | "oneOf" => match value {
            Value::Array(list) if !list.is_empty() => {
                Some(list.iter().map(|part| clean(part, depth + 1)).collect())
            }
            _ => None,
        },
        "items" => match value {
            Value::Array(list) => Some(list.iter().map(|part| clean(part, depth + 1)).collect()),
            Value::Object(_) | Value::Bool(_) => Some(clean(value, depth + 1)),
            _ => None,
        },
        "additionalProperties"
        | "additionalItems"
        | "contains"
        | "propertyNames"
        | "not"
        | "if"
        | "then"
        | "else" => (value.is_object() || value.is_boolean()).then(|| clean(value, depth + 1)),
        "required" => {
            value.as_array().map(|names| names.iter().filter(|name| name.is_string()).cloned().collect())
        }
        "enum" => value.as_array().filter(|values| !values.is_empty()).map(|_| value.clone()),
        "const" => Some(value.clone()),
        "pattern" => value.as_str().filter(|pattern| is_pattern(pattern)).map(Value::from),
        "format" | "title" | "description" => value.is_string().then(|| value.clone()),
        "$ref" => value.as_str().filter(|reference| reference.starts_with('#')).map(Value::from),
        "uniqueItems" => value.is_boolean().then(|| value.clone()),
        "minLength" | "maxLength" | "minItems" | "maxItems" | "minProperties" | "maxProperties" => {
            value.as_u64().map(Value::from)
        }
        "minimum" | "maximum" | "exclusiveMinimum" | "exclusiveMaximum" => {
            value.is_number().then(|| value.clone())
        }
        "multipleOf" => value.as_f64().filter(|number| *number > 0.0).map(|_| value.clone()),
        _ => None,
    }
}

fn clean_type(value: &Value) -> Option<Value> {
    let known = |value: &Value| value.as_str().is_some_and(|name| TYPES.contains(&name));
    match value {
        Value::String(_) => known(value).then(|| value.clone()),
        // One unknown type among several makes everything fit.
        Value::Array(types) if !types.is_empty() && types.iter().all(known) => {
            let mut unique: Vec<Value> = Vec::new();
            for name in types {
                if !unique.contains(name) {
                    unique.push(name.clone());
                }
            }
            Some(Value::Array(unique))
        }
        _ => None,
    }
}

fn clean_map(value: &Value, depth: usize) -> Value {
    let entries = value.as_object().into_iter().flatten();
    let cleaned = entries.map(|(key, part)| {
        let part = match part {
            Value::Array(names) => names.iter().filter(|name| name.is_string()).cloned().collect(),
            part => clean(part, depth + 1),
        };
        (key.clone(), part)
    });
    Value::Object(cleaned.collect())
}

/// `required: true` at a property, the way of the third draft, is understood by the server.
fn lift_required(schema: &Map<String, Value>, cleaned: &mut Map<String, Value>) {
    let properties = schema.get("properties").and_then(Value::as_object).into_iter().flatten();
    let lifted: Vec<Value> = properties
        .filter(|(_, property)| property.get("required") == Some(&Value::Bool(true)))
        .map(|(name, _)| Value::from(name.as_str()))
        .collect();
    if lifted.is_empty() {
        return;
    }
    if let Value::Array(required) = cleaned.entry("required").or_insert_with(|| Value::Array(Vec::new())) {
        for name in lifted {
            if !required.contains(&name) {
                required.push(name);
            }
        }
    }
}

fn describe(error: &ValidationError<'_>, found: &mut Vec<Violation>) {
    let place = error.instance_path().to_string();
    let plain = |pointer: String, message: String| Violation {
        pointer,
        message,
        missing: false,
        unexpected: false,
        allowed: Vec::new(),
    };
    let below = |name: &str| crate::scaffolder::problem::child(&place, name);
    match error.kind() {
        ValidationErrorKind::Required { property } => {
            let name = property.as_str().unwrap_or_default();
            found.push(Violation { missing: true, ..plain(below(name), "is missing".to_owned()) });
        }
        ValidationErrorKind::AdditionalProperties { unexpected } => {
            let violation = |name: &String| Violation {
                unexpected: true,
                ..plain(below(name), "is not expected here".to_owned())
            };
            found.extend(unexpected.iter().map(violation));
        }
        ValidationErrorKind::Enum { options } => {
            let allowed = options.as_array().cloned().unwrap_or_default();
            let message = format!("{} is not one of the allowed values", shown(error.instance()));
            found.push(Violation { allowed, ..plain(place, message) });
        }
        ValidationErrorKind::Constant { expected_value } => {
            let message = format!("{} is not allowed", shown(error.instance()));
            found.push(Violation { allowed: vec![(**expected_value).clone()], ..plain(place, message) });
        }
        ValidationErrorKind::Type { kind } => {
            found.push(plain(place, format!("{} is not {}", shown(error.instance()), types(kind))));
        }
        ValidationErrorKind::AnyOf { context } | ValidationErrorKind::OneOfNotValid { context } => {
            describe_options(context, place, error, found);
        }
        _ => found.push(plain(place, sentence(error))),
    }
}

/// Constants to choose from become a list of allowed values; of other options, one sentence.
fn describe_options(
    context: &[Vec<ValidationError<'static>>],
    place: String,
    error: &ValidationError<'_>,
    found: &mut Vec<Violation>,
) {
    let constants = context.iter().flatten().filter_map(|error| match error.kind() {
        ValidationErrorKind::Constant { expected_value } if error.instance_path().to_string() == place => {
            Some((**expected_value).clone())
        }
        _ => None,
    });
    let allowed: Vec<Value> = constants.collect();
    let message = if allowed.is_empty() {
        "fits none of the alternatives".to_owned()
    } else {
        format!("{} is not one of the allowed values", shown(error.instance()))
    };
    found.push(Violation { pointer: place, message, missing: false, unexpected: false, allowed });
}

fn sentence(error: &ValidationError<'_>) -> String {
    let value = shown(error.instance());
    match error.kind() {
        ValidationErrorKind::Pattern { pattern } => format!("{value} does not match the pattern {pattern}"),
        ValidationErrorKind::Format { format } => format!("{value} is not a valid {format}"),
        ValidationErrorKind::MinLength { limit: 1 } => "must not be empty".to_owned(),
        ValidationErrorKind::MinLength { limit } => format!("{value} is shorter than {limit} characters"),
        ValidationErrorKind::MaxLength { limit } => format!("{value} is longer than {limit} characters"),
        ValidationErrorKind::Minimum { limit } => format!("{value} is less than {limit}"),
        ValidationErrorKind::Maximum { limit } => format!("{value} is greater than {limit}"),
        ValidationErrorKind::MinItems { limit } => format!("has fewer than {limit} entries"),
        ValidationErrorKind::MaxItems { limit } => format!("has more than {limit} entries"),
        ValidationErrorKind::UniqueItems => "has an entry twice".to_owned(),
        _ => error.to_string(),
    }
}

fn types(kind: &TypeKind) -> String {
    let named = |name: &str| match name {
        "string" => "a text",
        "number" => "a number",
        "integer" => "a whole number",
        "boolean" => "true or false",
        "array" => "a list",
        "object" => "a mapping",
        _ => "null",
    };
    match kind {
        TypeKind::Single(one) => named(one.as_str()).to_owned(),
        TypeKind::Multiple(several) => {
            several.iter().map(|one| named(one.as_str())).collect::<Vec<_>>().join(" or ")
        }
    }
}

/// A value as it is shown in a message: short.
pub(in crate::scaffolder) fn shown(value: &Value) -> String {
    const LIMIT: usize = 60;
    let text = value.to_string();
    match text.char_indices().nth(LIMIT) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::violations;

    fn check(schema: &Value, value: &Value, expected: &[&str]) {
        let found = violations(schema, schema, value);
        let found: Vec<String> = found.iter().map(|v| format!("{}: {}", v.pointer, v.message)).collect();
        assert_eq!(found, expected, "{schema} {value}");
    }

    #[test]
    fn every_violation_is_named_with_its_place() {
        let schema = json!({
            "required": ["name", "owner"],
            "properties": {
                "name": {"type": "string", "pattern": "^[a-z]+$"},
                "size": {"enum": ["s", "m"]},
                "port": {"type": "integer", "maximum": 65535},
                "mail": {"type": "string", "format": "email"},
            },
        });
        let value = json!({"name": "A", "size": "l", "port": 70000, "mail": "x"});
        let mut found = violations(&schema, &schema, &value);
        found.sort_by(|a, b| a.pointer.cmp(&b.pointer));
        let found: Vec<_> = found.iter().map(|v| (&*v.pointer, &*v.message)).collect();
        assert_eq!(
            found,
            [
                ("/mail", "\"x\" is not a valid email"),
                ("/name", "\"A\" does not match the pattern ^[a-z]+$"),
                ("/owner", "is missing"),
                ("/port", "70000 is greater than 65535"),
                ("/size", "\"l\" is not one of the allowed values"),
            ]
        );
    }

    #[test]
    fn what_the_server_ignores_is_ignored() {
        check(&json!({"type": "nonsense"}), &json!(1), &[]);
        check(&json!({"required": "name", "properties": null}), &json!({}), &[]);
        check(&json!({"format": "unheard-of"}), &json!("x"), &[]);
        check(&json!({"$ref": "https://example.org/schema"}), &json!(1), &[]);
        check(&json!({"pattern": "("}), &json!("x"), &[]);
        check(&json!({"properties": {"a": {"required": true}}}), &json!({}), &["/a: is missing"]);
    }

    #[test]
    fn a_pattern_that_runs_away_ends() {
        let hostile = "a".repeat(40) + "!";
        assert_eq!(violations(&json!({"pattern": "^(?=(a+)+$)b"}), &Value::Null, &json!(hostile)).len(), 1);
    }
}
