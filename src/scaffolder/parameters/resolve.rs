//! Which schema a page has for the answers so far: `dependencies`, `allOf`, `if`/`then`/`else` and
//! local `$ref`s, as the browser form of Backstage resolves them (RJSF 5 `retrieveSchema`).

use serde_json::{Map, Value};

use super::validate::is_valid;

/// How deep references and combined schemas are followed.
const MAX_DEPTH: usize = 24;

type Schema = Map<String, Value>;

/// The schema that `schema` comes to when the answers are `answers`.
pub(in crate::scaffolder) fn resolve(schema: &Schema, root: &Value, answers: &Value) -> Schema {
    resolve_at(schema, root, answers, 0)
}

fn resolve_at(schema: &Schema, root: &Value, answers: &Value, depth: usize) -> Schema {
    if depth > MAX_DEPTH {
        return schema.clone();
    }
    let mut schema = follow_reference(schema, root);
    for part in take_list(&mut schema, "allOf") {
        if let Value::Object(part) = part {
            schema = merge(&schema, &resolve_at(&part, root, answers, depth + 1));
        }
    }
    schema = resolve_condition(schema, root, answers, depth);
    resolve_dependencies(schema, root, answers, depth)
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

fn resolve_condition(mut schema: Schema, root: &Value, answers: &Value, depth: usize) -> Schema {
    let Some(condition) = schema.shift_remove("if") else { return schema };
    let (then, otherwise) = (schema.shift_remove("then"), schema.shift_remove("else"));
    let branch = if is_valid(&condition, root, answers) { then } else { otherwise };
    match branch {
        Some(Value::Object(branch)) => merge(&schema, &resolve_at(&branch, root, answers, depth + 1)),
        _ => schema,
    }
}

fn resolve_dependencies(mut schema: Schema, root: &Value, answers: &Value, depth: usize) -> Schema {
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
                let mut dependent = resolve_at(&dependent, root, answers, depth + 1);
                let options = take_list(&mut dependent, "oneOf");
                schema = merge(&schema, &dependent);
                if let Some(option) = matching_option(&key, &options, root, answers) {
                    schema = merge(&schema, &resolve_at(&option, root, answers, depth + 1));
                }
            }
            _ => {}
        }
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

    use super::resolve;

    fn check(schema: &Value, answers: &Value, expected: &Value) {
        assert_eq!(&Value::Object(resolve(schema.as_object().unwrap(), schema, answers)), expected);
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
        let got =
            |answers: &Value| resolve(schema.as_object().unwrap(), &schema, answers)["required"].clone();
        assert_eq!(got(&json!({"kind": "web"})), json!(["port"]));
        assert_eq!(got(&json!({"kind": "job"})), json!(["kind"]));
    }

    #[test]
    fn a_reference_to_itself_ends() {
        let schema = json!({"allOf": [{"$ref": "#"}], "properties": {"a": {"$ref": "#/properties/a"}}});
        resolve(schema.as_object().unwrap(), &schema, &json!({}));
    }
}
