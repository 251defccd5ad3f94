//! What a template asks for, page by page.
//!
//! Fields that only some answers open are found by trying every value of the choices that are open
//! from the start; a field behind two such choices is not listed.

use serde_json::{Map, Value};

use crate::scaffolder::{Field, Kind, Page, Template, with_defaults};

/// How many values of choices are tried on one page.
const MAX_TRIED: usize = 200;

/// One page of the form.
#[derive(Clone, Debug, PartialEq)]
pub struct ShownPage {
    /// Its title.
    pub title: Option<String>,
    /// Its description.
    pub description: Option<String>,
    /// What it asks for, in the order of the form.
    pub parameters: Vec<Parameter>,
}

/// One thing that is asked for.
#[derive(Clone, Debug, PartialEq)]
pub struct Parameter {
    /// The field; one with fields of its own is replaced by those.
    pub field: Field,
    /// The answer that it is asked behind, `newSystem=true`; `None` when it is asked in any case.
    pub when: Option<String>,
}

/// The pages of a template.
pub fn pages(template: &Template) -> Vec<ShownPage> {
    let defaults = with_defaults(template, &Map::new());
    let shown = |page: &Page| ShownPage {
        title: page.title.clone(),
        description: page.description.clone(),
        parameters: parameters(page, &defaults),
    };
    template.parameters().iter().map(shown).collect()
}

fn parameters(page: &Page, defaults: &Map<String, Value>) -> Vec<Parameter> {
    let open = fields(page, defaults);
    let mut found: Vec<Parameter> =
        open.iter().map(|field| Parameter { field: field.clone(), when: None }).collect();
    let tries = open.iter().flat_map(|field| values(field).into_iter().map(move |value| (field, value)));
    for (field, value) in tries.take(MAX_TRIED) {
        // Only a property of the page itself opens fields by its name.
        if defaults.get(&field.name) == Some(&value) || field.path != field.name {
            continue;
        }
        let mut answers = defaults.clone();
        answers.insert(field.name.clone(), value.clone());
        let others = fields(page, &answers);
        if let Some(default) = defaults.get(&field.name) {
            let behind = format!("{}={}", field.path, plain(default));
            for known in found.iter_mut().filter(|known| known.when.is_none()) {
                if !others.iter().any(|other| other.path == known.field.path) {
                    known.when = Some(behind.clone());
                }
            }
        }
        for other in others {
            if !found.iter().any(|known| known.field.path == other.path) {
                let when = Some(format!("{}={}", field.path, plain(&value)));
                found.push(Parameter { field: other, when });
            }
        }
    }
    found
}

/// The fields of a page; one with fields of its own is replaced by those.
fn fields(page: &Page, answers: &Map<String, Value>) -> Vec<Field> {
    let mut found = Vec::new();
    flatten(page.fields(answers), &mut found);
    found.retain(|field| !field.hidden);
    found
}

fn flatten(fields: Vec<Field>, found: &mut Vec<Field>) {
    for field in fields {
        match &field.kind {
            Kind::Object(inner) if !inner.is_empty() => flatten(inner.clone(), found),
            _ => found.push(field),
        }
    }
}

/// The values that a field may have, where there are few.
fn values(field: &Field) -> Vec<Value> {
    match &field.kind {
        Kind::Boolean => vec![Value::Bool(false), Value::Bool(true)],
        Kind::Text { .. } => field.suggestions().into_iter().map(Value::from).collect(),
        _ => field.choices().iter().map(|choice| choice.value.clone()).collect(),
    }
}

/// A value as `--set` takes it.
pub fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::pages;
    use crate::scaffolder::{API_VERSION, Template};

    fn check(page: &Value, expected: &[(&str, Option<&str>)]) {
        let entity = json!({
            "apiVersion": API_VERSION, "kind": "Template", "metadata": {"name": "t"},
            "spec": {"type": "x", "parameters": page, "steps": []},
        });
        let pages = pages(&Template::from_entity(&entity).unwrap());
        let found: Vec<_> =
            pages[0].parameters.iter().map(|found| (&*found.field.path, found.when.as_deref())).collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn fields_that_an_answer_opens_are_listed_with_it() {
        check(
            &json!({
                "properties": {"dns": {"type": "boolean", "default": false}, "at": {
                    "type": "object", "properties": {"zone": {"type": "string"}},
                }},
                "dependencies": {"dns": {"oneOf": [
                    {"properties": {"dns": {"const": false}, "why": {"type": "string"}}},
                    {"properties": {"dns": {"const": true}, "host": {"type": "string"}}},
                ]}},
            }),
            &[("dns", None), ("at.zone", None), ("why", Some("dns=false")), ("host", Some("dns=true"))],
        );
    }

    #[test]
    fn what_is_hidden_is_not_asked_for() {
        check(
            &json!({"properties": {"a": {"type": "string"}, "b": {"type": "string", "ui:widget": "hidden"}}}),
            &[("a", None)],
        );
    }
}
