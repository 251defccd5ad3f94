//! The parameters of a template as questions, page by page.

use serde_json::{Map, Value};

use super::prompt::Prompt;
use super::{Console, Style, Text};
use crate::error::Failure;
use crate::scaffolder::{Choice, EntityPicker, Field, Kind, Template, with_defaults};

/// Where the answers to pickers come from.
pub trait Candidates {
    /// The references that an entity picker offers, sorted.
    fn entities(&self, picker: &EntityPicker) -> Vec<String>;
    /// The answer that is likely right for a field, if something about the user tells it.
    fn likely(&self, field: &Field) -> Option<Value>;
}

/// Asks for everything that `answers` do not have, and returns all of them.
pub fn ask(
    console: &Console,
    template: &Template,
    answers: &Map<String, Value>,
    candidates: &dyn Candidates,
) -> Result<Map<String, Value>, Failure> {
    let form = Form { console, prompt: Prompt::new(console), candidates };
    let mut answers = answers.clone();
    let pages = template.parameters();
    for (index, page) in pages.iter().enumerate() {
        let mut headed = false;
        // An answer may open or close other fields: they are worked out again after each.
        while let Some(field) = next(&page.fields(&answers), &answers) {
            if !headed {
                form.head(page.title.as_deref(), page.description.as_deref(), index + 1, pages.len());
                headed = true;
            }
            let answer = form.field(&field)?;
            answers.insert(field.name.clone(), answer);
        }
        answers.retain(|_, answer| !answer.is_null());
    }
    Ok(with_defaults(template, &answers))
}

/// The first field that has no answer and is to be asked for.
fn next(fields: &[Field], answers: &Map<String, Value>) -> Option<Field> {
    let open = |field: &&Field| !field.hidden && !field.read_only && !answers.contains_key(&field.name);
    fields.iter().find(open).cloned()
}

struct Form<'a> {
    console: &'a Console,
    prompt: Prompt,
    candidates: &'a dyn Candidates,
}

impl Form<'_> {
    fn head(&self, title: Option<&str>, description: Option<&str>, number: usize, of: usize) {
        let mut text = Text::new().end();
        text.push(Style::Strong, title.unwrap_or("Parameters"));
        if of > 1 {
            text.push(Style::Dim, format!("  ({number} of {of})"));
        }
        text.line("");
        if let Some(description) = description {
            text.line(description.trim());
        }
        self.console.note(text);
    }

    fn field(&self, field: &Field) -> Result<Value, Failure> {
        if let Some(about) = field.description.as_deref().or(field.help.as_deref()) {
            self.console.note(Text::new().styled(Style::Dim, format!("  {}\n", about.trim())));
        }
        match &field.kind {
            Kind::Boolean => {
                let default = self.default(field).and_then(|value| value.as_bool()).unwrap_or(false);
                Ok(Value::Bool(self.prompt.confirm(&field.title, default)?))
            }
            Kind::Choice(choices) => self.choice(field, choices),
            Kind::MultiChoice(choices) => self.choices(field, choices),
            Kind::Entity(picker) | Kind::Owner(picker) => self.entity(field, picker),
            Kind::Entities(picker) => self.entities(field, picker),
            Kind::Secret => Ok(Value::String(self.prompt.secret(&field.title)?)),
            Kind::Object(fields) if !fields.is_empty() => self.object(fields),
            _ => self.text(field),
        }
    }

    fn object(&self, fields: &[Field]) -> Result<Value, Failure> {
        let mut object = Map::new();
        for field in fields.iter().filter(|field| !field.hidden) {
            let answer = self.field(field)?;
            if !answer.is_null() {
                object.insert(field.name.clone(), answer);
            }
        }
        Ok(Value::Object(object))
    }

    fn default(&self, field: &Field) -> Option<Value> {
        field.default.clone().or_else(|| self.candidates.likely(field))
    }

    fn choice(&self, field: &Field, choices: &[Choice]) -> Result<Value, Failure> {
        let default = self.default(field);
        let at = choices.iter().position(|choice| Some(&choice.value) == default.as_ref());
        let labels: Vec<String> = choices.iter().map(|choice| choice.label.clone()).collect();
        let chosen = self.prompt.choose(&field.title, &labels, at)?;
        Ok(choices.get(chosen).map_or(Value::Null, |choice| choice.value.clone()))
    }

    fn choices(&self, field: &Field, choices: &[Choice]) -> Result<Value, Failure> {
        let default = self.default(field).and_then(|value| value.as_array().cloned()).unwrap_or_default();
        let labels: Vec<String> = choices.iter().map(|choice| choice.label.clone()).collect();
        let chosen: Vec<bool> = choices.iter().map(|choice| default.contains(&choice.value)).collect();
        let chosen = self.prompt.choose_many(&field.title, &labels, &chosen)?;
        Ok(chosen.into_iter().filter_map(|at| Some(choices.get(at)?.value.clone())).collect())
    }

    fn entity(&self, field: &Field, picker: &EntityPicker) -> Result<Value, Failure> {
        const NONE: &str = "(none)";
        let mut known = self.candidates.entities(picker);
        if known.is_empty() {
            return self.text(field);
        }
        let default = self.default(field).and_then(|value| value.as_str().map(str::to_owned));
        if !field.required {
            known.insert(0, NONE.to_owned());
        }
        let at = default.and_then(|default| known.iter().position(|name| *name == default));
        let chosen = self.prompt.choose(&field.title, &known, at)?;
        let answer = known.get(chosen).filter(|name| *name != NONE);
        Ok(answer.map_or(Value::Null, |name| Value::String(name.clone())))
    }

    fn entities(&self, field: &Field, picker: &EntityPicker) -> Result<Value, Failure> {
        let known = self.candidates.entities(picker);
        if known.is_empty() {
            return self.text(field);
        }
        let chosen = self.prompt.choose_many(&field.title, &known, &vec![false; known.len()])?;
        Ok(chosen.into_iter().filter_map(|at| known.get(at).cloned()).map(Value::String).collect())
    }

    /// Everything that is typed: text, numbers, lists (with commas), free JSON.
    fn text(&self, field: &Field) -> Result<Value, Failure> {
        let default = self.default(field).map(|value| typed_text(&value));
        let value = |text: &str| {
            let listed = matches!(field.kind, Kind::List(_) | Kind::Tags | Kind::Entities(_));
            if listed && !text.trim_start().starts_with('[') {
                let items = text.split(',').map(str::trim).filter(|item| !item.is_empty());
                return items.map(|item| Value::String(item.to_owned())).collect();
            }
            field.parse(text)
        };
        let check = |text: &str| {
            if text.is_empty() && !field.required {
                return Ok(());
            }
            field.check(&value(text)).into_iter().next().map_or(Ok(()), Err)
        };
        let text = self.prompt.text(&field.title, default.as_deref(), !field.required, check)?;
        Ok(if text.is_empty() { Value::Null } else { value(&text) })
    }
}

fn typed_text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Array(items) => items.iter().map(typed_text).collect::<Vec<_>>().join(", "),
        other => other.to_string(),
    }
}
