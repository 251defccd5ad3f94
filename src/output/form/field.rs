//! One field as a question, by its kind.

use serde_json::{Map, Value};

use super::Form;
use crate::error::Failure;
use crate::output::Style;
use crate::output::prompt::{Entry, Own, Question, Reply};
use crate::scaffolder::{Choice, EntityPicker, Field, Kind, TagsPicker};

/// What nothing is called in a list.
const NONE: &str = "(none)";

impl Form<'_> {
    /// Asks for a field; null stands for no answer.
    pub(super) fn field(&self, field: &Field, back: bool) -> Result<Reply<Value>, Failure> {
        for about in [&field.description, &field.help].into_iter().flatten() {
            self.console.note(self.paragraph(Style::Dim, about));
        }
        let question = question(field, back);
        match &field.kind {
            Kind::Boolean => {
                let default = field.default.as_ref().and_then(Value::as_bool).unwrap_or(false);
                Ok(self.prompt.ask_confirm(&question, default)?.map(Value::Bool))
            }
            Kind::Choice(choices) => self.choice(field, &question, choices),
            Kind::MultiChoice(choices) => self.choices(field, &question, choices),
            Kind::Entity(picker) | Kind::Owner(picker) => self.entity(field, &question, picker),
            Kind::Entities(picker) => self.entities(field, &question, picker),
            Kind::Tags(picker) => self.tags(field, &question, picker),
            Kind::RepoUrl(picker) => self.repository(field, picker, back),
            Kind::Secret | Kind::Password => self.secret(field, &question),
            Kind::Object(fields) if !fields.is_empty() => self.object(field.default.as_ref(), fields, back),
            Kind::List(inner) => match &**inner {
                Kind::Object(fields) if !fields.is_empty() => self.objects(field, fields, back),
                _ => self.text(field, &question),
            },
            _ if !field.suggestions().is_empty() => self.suggested(field, &question),
            _ => self.text(field, &question),
        }
    }

    /// A text with answers to choose from; others may be typed.
    fn suggested(&self, field: &Field, question: &Question) -> Result<Reply<Value>, Failure> {
        let mut entries: Vec<Entry> = field.suggestions().into_iter().map(Entry::plain).collect();
        if !field.required && field.default.is_none() {
            entries.insert(0, Entry { value: String::new(), label: NONE.to_owned() });
        }
        let own = |typed: &str| first_complaint(field, &Value::from(typed)).map(|()| typed.to_owned());
        let default = field.default.as_ref().and_then(Value::as_str);
        let mut at = default.and_then(|default| entries.iter().position(|entry| entry.value == default));
        if let (None, Some(default)) = (at, default) {
            entries.insert(0, Entry::plain(default));
            at = Some(0);
        }
        let reply = self.prompt.ask_entry(question, entries, at, Some(&own))?;
        Ok(reply.map(|chosen| if chosen.is_empty() { Value::Null } else { Value::String(chosen) }))
    }

    /// The fields of a mapping, one after the other; back from the first leads out of it.
    fn object(&self, default: Option<&Value>, fields: &[Field], back: bool) -> Result<Reply<Value>, Failure> {
        let mut fields: Vec<Field> = fields.iter().filter(|field| !field.hidden).cloned().collect();
        for field in &mut fields {
            let inherited = default.and_then(|default| default.get(&field.name)).cloned();
            field.default = inherited.or(field.default.take());
        }
        let mut answers: Vec<Value> = Vec::new();
        while let Some(field) = fields.get(answers.len()) {
            match self.field(field, back || !answers.is_empty())? {
                Reply::Given(answer) => answers.push(answer),
                Reply::Back => match answers.pop() {
                    None => return Ok(Reply::Back),
                    Some(answer) => {
                        fields[answers.len()].default = Some(answer).filter(|answer| !answer.is_null());
                    }
                },
            }
        }
        let named = fields.iter().map(|field| field.name.clone()).zip(answers);
        let object: Map<String, Value> = named.filter(|(_, answer)| !answer.is_null()).collect();
        Ok(Reply::Given(Value::Object(object)))
    }

    /// A list of mappings, entry by entry.
    fn objects(&self, field: &Field, fields: &[Field], back: bool) -> Result<Reply<Value>, Failure> {
        let (least, most) = field.items();
        let earlier = field.default.as_ref().and_then(Value::as_array).cloned().unwrap_or_default();
        let mut entries: Vec<Value> = Vec::new();
        loop {
            let count = entries.len() as u64;
            if most.is_some_and(|most| count >= most) {
                break;
            }
            if count >= least {
                let title = match entries.len() {
                    0 => format!("{}: add an entry?", field.title),
                    count => format!("{}: another entry after {count}?", field.title),
                };
                let more = earlier.len() > entries.len();
                match self.prompt.ask_confirm(&Question { title, back, ..Question::default() }, more)? {
                    Reply::Given(true) => {}
                    Reply::Given(false) => break,
                    Reply::Back => return Ok(Reply::Back),
                }
            }
            match self.object(earlier.get(entries.len()), fields, back)? {
                Reply::Given(entry) => entries.push(entry),
                Reply::Back => return Ok(Reply::Back),
            }
        }
        Ok(Reply::Given(Value::Array(entries)))
    }

    fn choice(
        &self,
        field: &Field,
        question: &Question,
        choices: &[Choice],
    ) -> Result<Reply<Value>, Failure> {
        let mut entries: Vec<Entry> = Vec::new();
        if !field.required && field.default.is_none() {
            entries.push(Entry { value: String::new(), label: NONE.to_owned() });
        }
        let first = entries.len();
        entries.extend(labelled(choices));
        let default = choices.iter().position(|choice| Some(&choice.value) == field.default.as_ref());
        let reply = self.prompt.ask_entry(question, entries, default.map(|at| at + first), None)?;
        Ok(reply.map(|chosen| value_of(choices, &chosen)))
    }

    fn choices(
        &self,
        field: &Field,
        question: &Question,
        choices: &[Choice],
    ) -> Result<Reply<Value>, Failure> {
        let default = field.default.as_ref().and_then(Value::as_array).cloned().unwrap_or_default();
        let position = |value: &Value| choices.iter().position(|choice| choice.value == *value);
        let chosen: Vec<String> = default.iter().filter_map(position).map(|at| at.to_string()).collect();
        let values = |chosen: &[String]| -> Value { chosen.iter().map(|at| value_of(choices, at)).collect() };
        let check = |chosen: &[String]| first_complaint(field, &values(chosen));
        let reply = self.prompt.ask_entries(question, labelled(choices), &chosen, None, &check)?;
        Ok(reply.map(|chosen| values(&chosen)))
    }

    fn offers(&self, picker: &EntityPicker) -> Vec<Entry> {
        let offers = self.candidates.entities(picker).into_iter();
        let entry = |offer: super::Offer| {
            let label = match offer.title {
                Some(title) => format!("{}  {title}", offer.reference),
                None => offer.reference.clone(),
            };
            Entry { value: offer.reference, label }
        };
        offers.map(entry).collect()
    }

    fn entity(
        &self,
        field: &Field,
        question: &Question,
        picker: &EntityPicker,
    ) -> Result<Reply<Value>, Failure> {
        let mut entries = self.offers(picker);
        if entries.is_empty() {
            return self.text(field, question);
        }
        if !field.required {
            entries.insert(0, Entry { value: String::new(), label: NONE.to_owned() });
        }
        let own = |typed: &str| {
            let answer = picker.complete(typed);
            first_complaint(field, &Value::String(answer.clone())).map(|()| answer)
        };
        let own: Option<Own<'_>> = picker.arbitrary.then_some(&own);
        let default = field.default.as_ref().and_then(Value::as_str);
        let default = default.map(|default| picker.complete(default));
        let mut at =
            default.as_ref().and_then(|default| entries.iter().position(|entry| entry.value == *default));
        if let (None, Some(default), true) = (at, default, picker.arbitrary) {
            entries.insert(0, Entry::plain(&default));
            at = Some(0);
        }
        let reply = self.prompt.ask_entry(question, entries, at, own)?;
        Ok(reply.map(|chosen| if chosen.is_empty() { Value::Null } else { Value::String(chosen) }))
    }

    fn entities(
        &self,
        field: &Field,
        question: &Question,
        picker: &EntityPicker,
    ) -> Result<Reply<Value>, Failure> {
        let entries = self.offers(picker);
        if entries.is_empty() {
            return self.text(field, question);
        }
        let own = |typed: &str| Ok(picker.complete(typed));
        let own: Option<Own<'_>> = picker.arbitrary.then_some(&own);
        self.several(field, question, entries, own)
    }

    fn tags(&self, field: &Field, question: &Question, picker: &TagsPicker) -> Result<Reply<Value>, Failure> {
        if let Some(help) = &picker.help {
            self.console.note(self.paragraph(Style::Dim, help));
        }
        let entry = |(tag, count): (String, usize)| {
            let label = if picker.counts { format!("{tag} ({count})") } else { tag.clone() };
            Entry { value: tag, label }
        };
        let entries: Vec<Entry> = self.candidates.tags(picker).into_iter().map(entry).collect();
        if entries.is_empty() {
            return self.text(field, question);
        }
        let own = |typed: &str| {
            let tag = typed.to_lowercase();
            let complaint = field.check_as_picker(&Value::Array(vec![Value::String(tag.clone())]));
            complaint.into_iter().find(|words| words.contains("tag")).map_or(Ok(tag), Err)
        };
        self.several(field, question, entries, Some(&own))
    }

    fn several(
        &self,
        field: &Field,
        question: &Question,
        entries: Vec<Entry>,
        own: Option<Own<'_>>,
    ) -> Result<Reply<Value>, Failure> {
        let default = field.default.as_ref().and_then(Value::as_array);
        let chosen: Vec<String> =
            default.into_iter().flatten().filter_map(Value::as_str).map(str::to_owned).collect();
        let values = |chosen: &[String]| -> Value { chosen.iter().cloned().map(Value::String).collect() };
        let check = |chosen: &[String]| first_complaint(field, &values(chosen));
        let reply = self.prompt.ask_entries(question, entries, &chosen, own, &check)?;
        Ok(reply.map(|chosen| values(&chosen)))
    }

    fn secret(&self, field: &Field, question: &Question) -> Result<Reply<Value>, Failure> {
        let check = |text: &str| match text {
            "" => Ok(()),
            text => first_complaint(field, &Value::from(text)),
        };
        let reply = self.prompt.ask_secret(question, &check)?;
        Ok(reply.map(|text| if text.is_empty() { Value::Null } else { Value::String(text) }))
    }

    /// Everything that is typed: text, numbers, lists (with commas), free JSON.
    pub(super) fn text(&self, field: &Field, question: &Question) -> Result<Reply<Value>, Failure> {
        let value = |text: &str| {
            let listed = matches!(field.kind, Kind::Tags(_) | Kind::Entities(_));
            if listed && !text.trim_start().starts_with('[') {
                let items = text.split(',').map(str::trim).filter(|item| !item.is_empty());
                return items.map(|item| Value::String(item.to_owned())).collect();
            }
            match &field.kind {
                Kind::Entity(picker) | Kind::Owner(picker) => Value::String(picker.complete(text)),
                _ => field.parse(text),
            }
        };
        let check = |text: &str| match text {
            "" => Ok(()),
            text => first_complaint(field, &value(text)),
        };
        let reply = match field.kind {
            Kind::Text { multiline: true } => self.prompt.ask_lines(question, &check)?,
            _ => self.prompt.ask(question, &check)?,
        };
        Ok(reply.map(|text| if text.is_empty() { Value::Null } else { value(&text) }))
    }
}

/// The question of a field.
fn question(field: &Field, back: bool) -> Question {
    Question {
        title: field.title.clone(),
        default: field.default.as_ref().map(super::review::plain),
        example: field.placeholder.clone(),
        optional: !field.required,
        back,
        passing: false,
    }
}

fn first_complaint(field: &Field, answer: &Value) -> Result<(), String> {
    field.check_as_picker(answer).into_iter().next().map_or(Ok(()), Err)
}

/// Choices as entries whose values are their indices: values may be of any type.
fn labelled(choices: &[Choice]) -> Vec<Entry> {
    let entry = |(at, choice): (usize, &Choice)| Entry { value: at.to_string(), label: choice.label.clone() };
    choices.iter().enumerate().map(entry).collect()
}

fn value_of(choices: &[Choice], chosen: &str) -> Value {
    let at = chosen.parse().ok().and_then(|at: usize| choices.get(at));
    at.map_or(Value::Null, |choice| choice.value.clone())
}
