//! Which schema a page has for the answers so far: `dependencies`, `allOf`, `if`/`then`/`else` and
//! local `$ref`s, as the browser form of Backstage resolves them (RJSF 5 `retrieveSchema`).

use std::cell::Cell;

use serde_json::{Map, Value};

use super::validate::is_valid;

/// How deep references and combined schemas are followed.
const MAX_DEPTH: usize = 24;

type Schema = Map<String, Value>;

/// How many schemas are resolved for one question. A schema that refers to itself more than once
/// would grow without end; what is beyond the budget is taken as written.
const MAX_SCHEMAS: u32 = 5000;

/// What is left of the work for one question.
pub(in crate::scaffolder) struct Budget(Cell<u32>);

impl Budget {
    pub fn new() -> Self {
        Self(Cell::new(MAX_SCHEMAS))
    }

    /// Takes one schema from the budget; false when nothing is left.
    pub fn spend(&self) -> bool {
        let left = self.0.get();
        self.0.set(left.saturating_sub(1));
        left > 0
    }
}

/// The schema that `schema` comes to when the answers are `answers`.
pub(in crate::scaffolder) fn resolve(
    schema: &Schema,
    root: &Value,
    answers: &Value,
    budget: &Budget,
) -> Schema {
    Resolver { root, budget }.resolve(schema, answers, 0)
}

struct Resolver<'a> {
    root: &'a Value,
    budget: &'a Budget,
}

impl Resolver<'_> {
    fn resolve(&self, schema: &Schema, answers: &Value, depth: usize) -> Schema {
        if depth > MAX_DEPTH || !self.budget.spend() {
            return schema.clone();
        }
        let mut schema = follow_reference(schema, self.root);
        for part in take_list(&mut schema, "allOf") {
            if let Value::Object(part) = part {
                schema = merge(&schema, &self.resolve(&part, answers, depth + 1));
            }
        }
        schema = self.condition(schema, answers, depth);
        self.dependencies(schema, answers, depth)
    }

    fn condition(&self, mut schema: Schema, answers: &Value, depth: usize) -> Schema {
        let Some(condition) = schema.shift_remove("if") else { return schema };
        let (then, otherwise) = (schema.shift_remove("then"), schema.shift_remove("else"));
        let branch = if is_valid(&condition, self.root, answers) { then } else { otherwise };
        match branch {
            Some(Value::Object(branch)) => merge(&schema, &self.resolve(&branch, answers, depth + 1)),
            _ => schema,
        }
    }

    fn dependencies(&self, mut schema: Schema, answers: &Value, depth: usize) -> Schema {
        let Some(Value::Object(dependencies)) = schema.shift_remove("dependencies") else { return schema };
        for (key, dependency) in dependencies {
            if answers.get(&key).is_none() {
                continue;
            }
            match dependency {
                Value::Array(required) => {
                    let more = Map::from_iter([("required".to_owned(), Value::Array(required))]);
                    schema = merge(&schema, &more);
                }
                Value::Object(dependent) => {
                    let mut dependent = self.resolve(&dependent, answers, depth + 1);
                    let options = take_list(&mut dependent, "oneOf");
                    schema = merge(&schema, &dependent);
                    if let Some(option) = matching_option(&key, &options, self.root, answers) {
                        schema = merge(&schema, &self.resolve(&option, answers, depth + 1));
                    }
                }
                _ => {}
            }
        }
        schema
    }
}

fn follow_reference(schema: &Schema, root: &Value) -> Schema {
    let mut schema = schema.clone();
    for _ in 0..MAX_DEPTH {
        let Some(Value::String(reference)) = schema.get("$ref") else { break };
        let target = reference.strip_prefix('#').and_then(|pointer| root.pointer(pointer));
        let Some(Value::Object(target)) = target else { break };
        let target = target.clone();
        schema.shift_remove("$ref");
        schema = merge(&target, &schema);
    }
    schema
}

/// The one option whose schema for `key` takes the answer, without that schema; none when two do.
fn matching_option(key: &str, options: &[Value], root: &Value, answers: &Value) -> Option<Schema> {
    let answer = answers.get(key)?;
    let mut fitting = options.iter().filter_map(Value::as_object).filter(|option| {
        let condition = option.get("properties").and_then(|properties| properties.get(key));
        condition.is_some_and(|condition| is_valid(condition, root, answer))
    });
    let mut option = fitting.next()?.clone();
    if fitting.next().is_some() {
        return None;
    }
    if let Some(Value::Object(properties)) = option.get_mut("properties") {
        properties.shift_remove(key);
    }
    if let Some(Value::Array(required)) = option.get_mut("required") {
        required.retain(|name| name != key);
    }
    Some(option)
}

fn take_list(schema: &mut Schema, key: &str) -> Vec<Value> {
    match schema.shift_remove(key) {
        Some(Value::Array(list)) => list,
        _ => Vec::new(),
    }
}

/// `right` laid over `left`: mappings are merged, `required` lists joined, all else replaced.
pub(in crate::scaffolder) fn merge(left: &Schema, right: &Schema) -> Schema {
    let mut merged = left.clone();
    for (key, value) in right {
        let joined = match (merged.get(key), value) {
            (Some(Value::Object(left)), Value::Object(right)) => Value::Object(merge(left, right)),
            (Some(Value::Array(left)), Value::Array(right)) if key == "required" => {
                let new = right.iter().filter(|name| !left.contains(name));
                Value::Array(left.iter().chain(new).cloned().collect())
            }
            _ => value.clone(),
        };
        merged.insert(key.clone(), joined);
    }
    merged
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::{Budget, resolve};

    fn check(schema: &Value, answers: &Value, expected: &Value) {
        assert_eq!(
            &Value::Object(resolve(schema.as_object().unwrap(), schema, answers, &Budget::new())),
            expected
        );
    }

    #[test]
    fn dependencies_open_with_the_answer() {
        let schema = json!({"properties": {"dns": {"type": "boolean"}}, "dependencies": {"dns": {"oneOf": [
            {"properties": {"dns": {"const": true}, "host": {"type": "string"}}, "required": ["host"]},
            {"properties": {"dns": {"const": false}}},
        ]}}});
        let closed = json!({"properties": {"dns": {"type": "boolean"}}});
        check(&schema, &json!({}), &closed);
        let open = json!({"properties": {"dns": {"type": "boolean"}, "host": {"type": "string"}}, "required": ["host"]});
        check(&schema, &json!({"dns": true}), &open);
    }

    #[test]
    fn conditions_and_references_are_followed() {
        let schema = json!({
            "definitions": {"port": {"type": "integer"}},
            "properties": {"kind": {"type": "string"}, "port": {"$ref": "#/definitions/port"}},
            "allOf": [{"if": {"properties": {"kind": {"const": "web"}}}, "then": {"required": ["port"]}, "else": {"required": ["kind"]}}],
        });
        let got = |answers: &Value| {
            resolve(schema.as_object().unwrap(), &schema, answers, &Budget::new())["required"].clone()
        };
        assert_eq!(got(&json!({"kind": "web"})), json!(["port"]));
        assert_eq!(got(&json!({"kind": "job"})), json!(["kind"]));
    }

    #[test]
    fn a_reference_to_itself_ends() {
        let schema = json!({"allOf": [{"$ref": "#"}, {"$ref": "#"}], "properties": {"a": {"$ref": "#"}, "b": {"$ref": "#"}}});
        let resolved = resolve(schema.as_object().unwrap(), &schema, &json!({}), &Budget::new());
        assert!(resolved.contains_key("properties"));
    }
}
