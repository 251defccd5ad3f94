//! All answers before the template runs: right, or one of them to change.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use super::Form;
use crate::error::Failure;
use crate::output::prompt::{Entry, Question, Reply};
use crate::scaffolder::{Field, Kind, Template};

/// What the user says to the answers.
pub(super) enum Verdict {
    /// They are right.
    Right,
    /// The answer of this name is to be given again.
    Change(String),
    /// Back to the last question.
    Back,
}

impl Form<'_> {
    /// Shows the answers and asks whether they are right.
    pub(super) fn review(
        &self,
        template: &Template,
        answers: &Map<String, Value>,
    ) -> Result<Verdict, Failure> {
        let mut entries = vec![Entry { value: String::new(), label: "yes, go on".to_owned() }];
        let mut seen = BTreeSet::new();
        for field in template.parameters().iter().flat_map(|page| page.fields(answers)) {
            let closed = field.hidden || field.read_only || field.review.hidden;
            if closed || !seen.insert(field.name.clone()) {
                continue;
            }
            let name = field.review.name.as_deref().unwrap_or(&field.title);
            let value = answers.get(&field.name).map(|value| shown(&field, value));
            let value = value.filter(|value| !value.is_empty()).unwrap_or_else(|| "(nothing)".to_owned());
            entries.push(Entry { label: format!("change {name}: {value}"), value: field.name.clone() });
        }
        let question = Question {
            title: "All answers right?".to_owned(),
            back: true,
            passing: true,
            ..Question::default()
        };
        self.console.note("\n");
        Ok(match self.prompt.ask_entry(&question, entries, None, None)? {
            Reply::Back => Verdict::Back,
            Reply::Given(name) if name.is_empty() => Verdict::Right,
            Reply::Given(name) => Verdict::Change(name),
        })
    }
}

/// An answer as it may be shown.
pub(super) fn shown(field: &Field, value: &Value) -> String {
    if let Some(mask) = &field.review.mask {
        return mask.clone();
    }
    let label = |value: &Value| {
        let choice = field.choices().iter().find(|choice| choice.value == *value);
        choice.map_or_else(|| plain(value), |choice| choice.label.clone())
    };
    match (&field.kind, value) {
        _ if field.is_secret() => "***".to_owned(),
        (Kind::Object(fields), Value::Object(object)) if !fields.is_empty() => {
            let inner =
                |field: &Field| Some(format!("{} {}", field.title, shown(field, object.get(&field.name)?)));
            fields.iter().filter_map(inner).collect::<Vec<_>>().join(", ")
        }
        (Kind::List(_), Value::Array(items)) if items.iter().any(Value::is_object) => {
            format!("{} entries", items.len())
        }
        (_, Value::Array(items)) => items.iter().map(label).collect::<Vec<_>>().join(", "),
        (_, Value::Bool(value)) => if *value { "yes" } else { "no" }.to_owned(),
        (_, value) => label(value),
    }
}

/// A value as it would be typed.
pub(super) fn plain(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Array(items) if items.iter().all(|item| !item.is_object()) => {
            items.iter().map(plain).collect::<Vec<_>>().join(", ")
        }
        other => other.to_string(),
    }
}
