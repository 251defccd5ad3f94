//! Defaults as the browser form of Backstage fills them in (RJSF 5 `getDefaultFormState` with
//! `allOf: populateDefaults`). The server does not: a request without them is another request.
//!
//! What surprises there is kept: a list without default becomes `[]`, a constant is its own default.

use serde_json::{Map, Value};

use super::resolve::{Budget, merge, resolve};
use super::{type_of, validate};

const MAX_DEPTH: usize = 32;
/// A default may open a branch with further defaults; a form of this depth has never been seen.
const MAX_ROUNDS: usize = 16;
/// `minItems` fills a list up; no list becomes longer than this by itself.
const MAX_FILLED: u64 = 1000;

/// `answers` with the defaults of a page laid under them, in rounds until nothing new opens.
pub(in crate::scaffolder) fn fill(schema: &Value, answers: &Map<String, Value>) -> Map<String, Value> {
    let mut filled = Value::Object(answers.clone());
    let defaults = Defaults { root: schema, budget: Budget::new() };
    for _ in 0..MAX_ROUNDS {
        let defaults = defaults.of(schema, None, Some(&filled), false, 0);
        let next = lay_under(defaults.unwrap_or(Value::Null), filled.clone());
        if next == filled {
            break;
        }
        filled = next;
    }
    match filled {
        Value::Object(filled) => filled,
        _ => answers.clone(),
    }
}

struct Defaults<'a> {
    root: &'a Value,
    budget: Budget,
}

impl Defaults<'_> {
    /// The default of one schema: `parent` is what a default further out says about it.
    fn of(
        &self,
        schema: &Value,
        parent: Option<Value>,
        answer: Option<&Value>,
        required: bool,
        depth: usize,
    ) -> Option<Value> {
        let Value::Object(written) = schema else { return parent };
        if depth > MAX_DEPTH || !self.budget.spend() {
            return parent;
        }
        let empty = Value::Object(Map::new());
        let mut resolved = resolve(written, self.root, answer.unwrap_or(&empty), &self.budget);
        let mut default = match (resolved.get("const"), parent, resolved.get("default")) {
            (Some(constant), ..) => Some(constant.clone()),
            (None, Some(Value::Object(outer)), Some(Value::Object(inner))) => {
                Some(Value::Object(merge(&outer, inner)))
            }
            (None, _, Some(inner)) => Some(inner.clone()),
            (None, parent, None) => parent,
        };
        if let Some(option) = self.option(&resolved, answer, default.as_ref()) {
            resolved = merge(&resolved, &option);
            default = default.or_else(|| resolved.get("const").or_else(|| resolved.get("default")).cloned());
        }
        match type_of(&resolved) {
            "object" => Some(self.of_object(&resolved, default, answer, depth)),
            "array" => self.of_list(&resolved, default, answer, required, depth),
            // The form takes a default of null for none.
            _ => default.filter(|default| !default.is_null()),
        }
    }

    /// The first alternative that the answer (or the default) fits, else the first.
    fn option(
        &self,
        schema: &Map<String, Value>,
        answer: Option<&Value>,
        default: Option<&Value>,
    ) -> Option<Map<String, Value>> {
        let options = ["oneOf", "anyOf"].iter().find_map(|key| schema.get(*key)).and_then(Value::as_array)?;
        let known = answer.or(default);
        let fits = |option: &&Value| known.is_some_and(|known| validate::is_valid(option, self.root, known));
        let chosen = options.iter().find(fits).or_else(|| options.first())?.as_object()?;
        Some(resolve(chosen, self.root, known.unwrap_or(&Value::Null), &self.budget))
    }

    fn of_object(
        &self,
        schema: &Map<String, Value>,
        default: Option<Value>,
        answer: Option<&Value>,
        depth: usize,
    ) -> Value {
        let mut object = Map::new();
        let properties = schema.get("properties").and_then(Value::as_object);
        let names: Vec<&str> = schema
            .get("required")
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
            .filter_map(Value::as_str)
            .collect();
        for (name, property) in properties.into_iter().flatten() {
            let inherited = default.as_ref().and_then(|default| default.get(name)).cloned();
            let required = names.contains(&name.as_str());
            let value =
                self.of(property, inherited, answer.and_then(|answer| answer.get(name)), required, depth + 1);
            match value {
                Some(Value::Object(empty)) if empty.is_empty() && !required => {}
                Some(value) => drop(object.insert(name.clone(), value)),
                None => {}
            }
        }
        let more = schema.get("additionalProperties").is_some_and(|more| more != &Value::Bool(false));
        if let (true, Some(Value::Object(default))) = (more, default) {
            for (name, value) in default {
                object.entry(name).or_insert(value);
            }
        }
        Value::Object(object)
    }

    fn of_list(
        &self,
        schema: &Map<String, Value>,
        default: Option<Value>,
        answer: Option<&Value>,
        required: bool,
        depth: usize,
    ) -> Option<Value> {
        let item = schema.get("items").filter(|items| items.is_object());
        let entry = |inherited: Option<Value>, answer: Option<&Value>| match item {
            Some(item) => self.of(item, inherited, answer, required, depth + 1),
            None => inherited,
        };
        let mut list: Vec<Value> = match default {
            // What is in a default is taken as written; the next round completes it as an answer.
            Some(Value::Array(list)) => list,
            None | Some(Value::Null) => Vec::new(),
            other => return other,
        };
        if let Some(Value::Array(answers)) = answer {
            let filled = answers
                .iter()
                .map(|answer| lay_under(entry(None, Some(answer)).unwrap_or(Value::Null), answer.clone()));
            return Some(Value::Array(filled.collect()));
        }
        let choice = schema.get("uniqueItems") == Some(&Value::Bool(true))
            && item.is_some_and(|item| item.get("enum").is_some());
        let least = schema.get("minItems").and_then(Value::as_u64).unwrap_or(0).min(MAX_FILLED);
        if !choice {
            while (list.len() as u64) < least {
                list.push(entry(None, None).unwrap_or(Value::Null));
            }
        }
        Some(Value::Array(list))
    }
}

/// Defaults below answers: mappings are merged, a list that was answered stays as it is.
fn lay_under(defaults: Value, answers: Value) -> Value {
    match (defaults, answers) {
        (Value::Object(mut merged), Value::Object(answers)) => {
            for (name, answer) in answers {
                let below = merged.get(&name).cloned().unwrap_or(Value::Null);
                merged.insert(name, lay_under(below, answer));
            }
            Value::Object(merged)
        }
        (_, answers) => answers,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    fn check(schema: &Value, answers: &Value, expected: &Value) {
        let filled = super::fill(schema, answers.as_object().unwrap());
        assert_eq!(&Value::Object(filled), expected);
    }

    #[test]
    fn defaults_are_those_of_the_form() {
        let schema = json!({"properties": {
            "name": {"type": "string"},
            "size": {"type": "string", "default": "s"},
            "tags": {"type": "array", "items": {"type": "string"}},
            "repo": {"type": "object", "properties": {"host": {"type": "string", "default": "github.com"}}},
            "empty": {"type": "object", "properties": {"a": {"type": "string"}}},
            "version": {"const": 2},
        }});
        check(
            &schema,
            &json!({"size": "m"}),
            &json!({"size": "m", "tags": [], "repo": {"host": "github.com"}, "version": 2}),
        );
    }

    #[test]
    fn a_default_opens_further_defaults() {
        let schema = json!({"properties": {"dns": {"type": "boolean", "default": true}}, "dependencies": {"dns": {"oneOf": [
            {"properties": {"dns": {"const": true}, "port": {"type": "integer", "default": 80}}},
            {"properties": {"dns": {"const": false}}},
        ]}}});
        check(&schema, &json!({}), &json!({"dns": true, "port": 80}));
        check(&schema, &json!({"dns": false}), &json!({"dns": false}));
    }
}
