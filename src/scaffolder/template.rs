//! A Software Template as it is written: pages of parameters, steps, output.

use serde_json::{Map, Value};

use super::parameters::{AskedType, Page};
use super::problem::{Problem, child};

/// The only version of templates that there is.
pub const API_VERSION: &str = "scaffolder.backstage.io/v1beta3";

/// A Software Template, decoded from the JSON of its entity.
#[derive(Clone, Debug, PartialEq)]
pub struct Template {
    /// `metadata.name`.
    pub name: String,
    /// `metadata.namespace`, `default` when it is absent.
    pub namespace: String,
    /// `metadata.title`.
    pub title: Option<String>,
    /// `metadata.description`.
    pub description: Option<String>,
    /// `metadata.tags`.
    pub tags: Vec<String>,
    /// `spec.type`: what the template makes, `service` for instance.
    pub kind: String,
    /// `spec.owner`, as written.
    pub owner: Option<String>,
    pages: Vec<Page>,
    steps: Vec<Step>,
    output: Map<String, Value>,
}

/// One step of a template.
#[derive(Clone, Debug, PartialEq)]
pub struct Step {
    /// Its id, `step-1` and so on where none is written.
    pub id: String,
    /// Its name, the id of its action where none is written.
    pub name: String,
    /// The id of its action.
    pub action: String,
    /// The input of the action, not yet rendered.
    pub input: Value,
    /// `if`, not yet rendered.
    pub condition: Condition,
    /// `each`, not yet rendered.
    pub each: Option<Value>,
    /// JSON pointer of the step in the entity.
    pub pointer: String,
}

/// The `if` of a step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Condition {
    /// There is none, or it is `true`: the step runs.
    Always,
    /// It is `false`: the step never runs.
    Never,
    /// It is a text that is rendered first.
    When(String),
}

impl Template {
    /// Decodes the JSON of an entity, or says everything that is wrong with its shape.
    ///
    /// The rules are those of Backstage's schema for `Template` of `v1beta3`. What a step means to
    /// do is not looked at here: see [`plan`](super::plan) and [`lint`](super::lint).
    pub fn from_entity(value: &Value) -> Result<Self, Vec<Problem>> {
        let mut problems = Vec::new();
        let metadata = value.get("metadata").cloned().unwrap_or_default();
        check_head(value, &mut problems);
        let spec = value.get("spec").and_then(Value::as_object).cloned().unwrap_or_default();
        let kind = required_text(&spec, "type", "/spec", &mut problems);
        let pages = pages(spec.get("parameters"), &mut problems);
        let steps = steps(spec.get("steps"), &mut problems);
        let output = output(spec.get("output"), &mut problems);
        if !problems.is_empty() {
            return Err(problems);
        }
        let text = |key: &str| metadata.get(key).and_then(Value::as_str).map(str::to_owned);
        let tags = metadata.get("tags").and_then(Value::as_array).cloned().unwrap_or_default();
        Ok(Self {
            name: text("name").unwrap_or_default(),
            namespace: text("namespace").unwrap_or_else(|| "default".to_owned()),
            title: text("title"),
            description: text("description"),
            tags: tags.iter().filter_map(Value::as_str).map(str::to_owned).collect(),
            kind,
            owner: spec.get("owner").and_then(Value::as_str).map(str::to_owned),
            pages,
            steps,
            output,
        })
    }

    /// The pages of the form, in their order.
    pub fn parameters(&self) -> &[Page] {
        &self.pages
    }

    /// Whether it asks for a resource type or the parameters of one: [`with_types`](Self::with_types) knows how.
    pub fn asks_for_types(&self) -> bool {
        self.pages.iter().any(Page::asks_for_types)
    }

    /// The template that asks for the parameters of these resource types once one of them is chosen.
    #[must_use]
    pub fn with_types(mut self, types: &[AskedType<'_>]) -> Self {
        self.pages = self.pages.into_iter().map(|page| page.with_types(types)).collect();
        self
    }

    /// The steps, in their order.
    pub fn steps(&self) -> &[Step] {
        &self.steps
    }

    /// `spec.output`, not yet rendered.
    pub fn output(&self) -> &Map<String, Value> {
        &self.output
    }

    /// The entity ref, `template:namespace/name` in lower case.
    pub fn reference(&self) -> String {
        format!("template:{}/{}", self.namespace, self.name).to_lowercase()
    }
}

fn output(value: Option<&Value>, problems: &mut Vec<Problem>) -> Map<String, Value> {
    let Some(value) = value else { return Map::new() };
    let Value::Object(output) = value else {
        problems.push(Problem::new("/spec/output", "output must be a mapping"));
        return Map::new();
    };
    for (key, value) in output {
        let pointer = child("/spec/output", key);
        match (key.as_str(), value) {
            ("links", Value::Array(items)) => {
                check_items(items, &pointer, &["url", "entityRef", "title", "icon"], problems);
            }
            ("text", Value::Array(items)) => {
                check_items(items, &pointer, &["title", "icon", "content"], problems);
            }
            ("links" | "text", _) => problems.push(Problem::new(pointer, format!("{key} must be a list"))),
            (_, Value::String(_)) => {}
            _ => problems.push(Problem::new(pointer, "an output must be a text")),
        }
    }
    output.clone()
}

fn check_items(items: &[Value], pointer: &str, texts: &[&str], problems: &mut Vec<Problem>) {
    for (index, item) in items.iter().enumerate() {
        let pointer = format!("{pointer}/{index}");
        let Value::Object(item) = item else {
            problems.push(Problem::new(pointer, "an item of the output must be a mapping"));
            continue;
        };
        for (key, value) in item {
            let right = match key.as_str() {
                "if" => value.is_string() || value.is_boolean(),
                "content" => value.is_string(),
                key if texts.contains(&key) => value.as_str().is_some_and(|text| !text.is_empty()),
                _ => true,
            };
            if !right {
                problems.push(Problem::new(child(&pointer, key), format!("{key} must be a text")));
            }
        }
    }
}

fn check_head(value: &Value, problems: &mut Vec<Problem>) {
    if value.get("kind").and_then(Value::as_str) != Some("Template") {
        problems.push(Problem::new("/kind", "kind must be Template").hint("write `kind: Template`"));
    }
    if value.get("apiVersion").and_then(Value::as_str) != Some(API_VERSION) {
        let message = format!("apiVersion must be {API_VERSION}");
        problems
            .push(Problem::new("/apiVersion", message).hint(format!("write `apiVersion: {API_VERSION}`")));
    }
    if value.pointer("/metadata/name").and_then(Value::as_str).is_none_or(str::is_empty) {
        problems.push(Problem::new("/metadata/name", "a template needs a name"));
    }
}

fn required_text(from: &Map<String, Value>, key: &str, pointer: &str, problems: &mut Vec<Problem>) -> String {
    match from.get(key).and_then(Value::as_str) {
        Some(text) if !text.is_empty() => text.to_owned(),
        _ => {
            problems
                .push(Problem::new(child(pointer, key), format!("{key} must be a text that is not empty")));
            String::new()
        }
    }
}

fn pages(value: Option<&Value>, problems: &mut Vec<Problem>) -> Vec<Page> {
    match value {
        None => Vec::new(),
        Some(page @ Value::Object(_)) => vec![Page::new(page.clone(), "/spec/parameters".to_owned())],
        Some(Value::Array(pages)) => {
            let mut read = Vec::new();
            for (index, page) in pages.iter().enumerate() {
                let pointer = format!("/spec/parameters/{index}");
                if page.is_object() {
                    read.push(Page::new(page.clone(), pointer));
                } else {
                    problems.push(Problem::new(pointer, "a page of parameters must be a mapping"));
                }
            }
            read
        }
        Some(_) => {
            let message = "parameters must be a mapping, or a list of mappings, one a page";
            problems.push(Problem::new("/spec/parameters", message));
            Vec::new()
        }
    }
}

fn steps(value: Option<&Value>, problems: &mut Vec<Problem>) -> Vec<Step> {
    let Some(Value::Array(steps)) = value else {
        problems.push(Problem::new("/spec/steps", "steps must be a list"));
        return Vec::new();
    };
    let decode = |(index, step): (usize, &Value)| {
        let pointer = format!("/spec/steps/{index}");
        if let Value::Object(step) = step {
            return Some(decode_step(step, index, pointer, problems));
        }
        problems.push(Problem::new(pointer, "a step must be a mapping"));
        None
    };
    steps.iter().enumerate().filter_map(decode).collect()
}

fn decode_step(
    step: &Map<String, Value>,
    index: usize,
    pointer: String,
    problems: &mut Vec<Problem>,
) -> Step {
    let action = required_text(step, "action", &pointer, problems);
    for key in ["id", "name"] {
        if step.get(key).is_some_and(|value| !value.is_string()) {
            problems.push(Problem::new(child(&pointer, key), format!("{key} must be a text")));
        }
    }
    let condition = match step.get("if") {
        None | Some(Value::Bool(true)) => Condition::Always,
        Some(Value::Bool(false)) => Condition::Never,
        Some(Value::String(text)) => Condition::When(text.clone()),
        Some(_) => {
            problems.push(Problem::new(child(&pointer, "if"), "if must be a text or a boolean"));
            Condition::Never
        }
    };
    if step.get("input").is_some_and(|input| !input.is_object()) {
        problems.push(Problem::new(child(&pointer, "input"), "input must be a mapping"));
    }
    let text = |key: &str| step.get(key).and_then(Value::as_str).map(str::to_owned);
    Step {
        id: text("id").unwrap_or_else(|| format!("step-{}", index + 1)),
        name: text("name").unwrap_or_else(|| action.clone()),
        input: step.get("input").cloned().unwrap_or_else(|| Value::Object(Map::new())),
        each: step.get("each").cloned(),
        action,
        condition,
        pointer,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::{Condition, Template};

    fn template(spec: &Value) -> Value {
        json!({"apiVersion": super::API_VERSION, "kind": "Template", "metadata": {"name": "a"}, "spec": spec})
    }

    fn check(entity: &Value, expected: &[&str]) {
        let problems = Template::from_entity(entity).err().unwrap_or_default();
        let problems: Vec<String> = problems.iter().map(ToString::to_string).collect();
        assert_eq!(problems, expected);
    }

    #[test]
    fn everything_that_is_wrong_is_said_at_once() {
        check(
            &json!({"kind": "Component", "spec": {"parameters": 1, "steps": [{"if": 3}, 4], "output": []}}),
            &[
                "/kind: kind must be Template",
                "/apiVersion: apiVersion must be scaffolder.backstage.io/v1beta3",
                "/metadata/name: a template needs a name",
                "/spec/type: type must be a text that is not empty",
                "/spec/parameters: parameters must be a mapping, or a list of mappings, one a page",
                "/spec/steps/0/action: action must be a text that is not empty",
                "/spec/steps/0/if: if must be a text or a boolean",
                "/spec/steps/1: a step must be a mapping",
                "/spec/output: output must be a mapping",
            ],
        );
        check(&template(&json!({"type": "service"})), &["/spec/steps: steps must be a list"]);
        check(&template(&json!({"type": "service", "steps": []})), &[]);
    }

    #[test]
    fn a_step_without_id_and_name_gets_both() {
        let spec =
            json!({"type": "x", "steps": [{"action": "debug:log"}, {"id": "b", "action": "c", "if": false}]});
        let template = Template::from_entity(&template(&spec)).unwrap();
        let steps: Vec<_> = template.steps().iter().map(|s| (&*s.id, &*s.name, &s.condition)).collect();
        assert_eq!(steps, [("step-1", "debug:log", &Condition::Always), ("b", "c", &Condition::Never)]);
        assert_eq!(template.reference(), "template:default/a");
    }
}
