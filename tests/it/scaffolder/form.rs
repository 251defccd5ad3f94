//! Defaults against those of the form of the portal, verdicts on answers against those of the server.

use platform::scaffolder::{API_VERSION, Template, check, with_defaults};
use serde_json::{Map, Value, json};

use super::{built_in, of_others};
use crate::support::node;

fn of_page(schema: &Value) -> Template {
    let spec = json!({"type": "x", "steps": [], "parameters": [schema]});
    let entity =
        json!({"apiVersion": API_VERSION, "kind": "Template", "metadata": {"name": "x"}, "spec": spec});
    Template::from_entity(&entity).unwrap()
}

fn pages() -> Vec<(String, Value)> {
    let mut pages = Vec::new();
    for found in built_in().into_iter().chain(of_others()) {
        let list = match &found.entity["spec"]["parameters"] {
            Value::Array(list) => list.clone(),
            Value::Null => Vec::new(),
            one => vec![one.clone()],
        };
        let name = |index| format!("{} page {index}", found.path.display());
        pages.extend(list.into_iter().enumerate().map(|(index, page)| (name(index), page)));
    }
    assert!(pages.len() > 10, "the templates were not found");
    pages
}

/// Nothing answered, each choice once, and each property answered with values of every sort.
fn answers(schema: &Value) -> Vec<Map<String, Value>> {
    let mut answers = vec![Map::new()];
    let mut names: Vec<(String, Value)> = Vec::new();
    properties(schema, &mut names, 0);
    for (name, property) in names {
        let listed = property["enum"].as_array().cloned().unwrap_or_default();
        let constant = property.get("const").cloned();
        let any = [json!("x"), json!("a@b.c"), json!(""), json!(3), json!(true)];
        let nested = [json!(["x", "x"]), json!({}), json!(null)];
        for value in listed.into_iter().chain(constant).chain(any).chain(nested) {
            answers.push(Map::from_iter([(name.clone(), value)]));
        }
    }
    answers
}

/// Every property at any depth of a condition, but not below other properties.
fn properties(schema: &Value, names: &mut Vec<(String, Value)>, depth: usize) {
    if depth > 8 {
        return;
    }
    match schema {
        Value::Object(entries) => {
            for (key, value) in entries {
                match (key.as_str(), value) {
                    ("properties", Value::Object(found)) => {
                        names.extend(found.iter().map(|(name, property)| (name.clone(), property.clone())));
                    }
                    _ => properties(value, names, depth + 1),
                }
            }
        }
        Value::Array(items) => items.iter().for_each(|item| properties(item, names, depth + 1)),
        _ => {}
    }
}

#[test]
fn defaults_and_verdicts_are_those_of_backstage() {
    let mut cases = Vec::new();
    for (name, schema) in pages() {
        for values in answers(&schema) {
            cases.push((name.clone(), schema.clone(), values));
        }
    }
    let questions = cases.iter().map(|(_, schema, values)| json!({"schema": schema, "values": values}));
    let Some(theirs) = node::ask("oracle/scaffolder", "form.js", questions) else { return };
    let (mut wrong, mut compared) = (Vec::new(), 0);
    for ((name, schema, values), theirs) in cases.iter().zip(theirs) {
        let template = of_page(schema);
        // The form replaces a choice that does not exist by the default; here it is reported.
        let kept = values.iter().all(|(name, value)| theirs["filled"].get(name) == Some(value));
        if theirs["filled"].is_object() && kept {
            let ours = Value::Object(with_defaults(&template, values));
            compared += 1;
            if ours != theirs["filled"] {
                wrong.push(format!(
                    "{name} {}\n  ours   {ours}\n  theirs {}",
                    json!(values),
                    theirs["filled"]
                ));
            }
        }
        if let Some(errors) = theirs["errors"].as_array() {
            let ours = check(&template, values);
            if ours.is_empty() != errors.is_empty() {
                let ours: Vec<_> = ours.iter().map(|one| &one.message).collect();
                wrong.push(format!("{name} {}\n  ours   {ours:?}\n  theirs {errors:?}", json!(values)));
            }
        }
    }
    eprintln!("{} cases, {compared} defaults compared, {} differ", cases.len(), wrong.len());
    wrong.dedup_by_key(|text| text.split(" {").next().unwrap_or_default().to_owned());
    assert!(wrong.is_empty(), "{}", wrong[..wrong.len().min(12)].join("\n"));
}
