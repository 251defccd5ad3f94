//! Holds a value against a schema, as the API server does that is asked to be strict.

use serde_json::{Map, Value};

use crate::diagnostic::did_you_mean;
use crate::render::problem::pointer;
use crate::render::schema::short;

use super::formats;
use super::structural::{Bounds, Id, Node, Other, Schemas, Type, Unique};

/// Values are looked at down to this depth.
const DEPTH: u32 = 128;

/// An object has at most this many violations; more are not told.
const LIMIT: usize = 50;

/// One thing that the API server would refuse.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Violation {
    /// The JSON pointer of the value in the object; of the missing one where one is missing.
    pub pointer: String,
    /// What is wrong, without the place: one line, lower case first, no full stop.
    pub message: String,
    /// How to mend it, where that is known.
    pub help: Option<String>,
    /// Whether the value itself is wrong, and not which fields there are.
    pub is_of_value: bool,
}

/// Whether a value is there yet.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Stage {
    /// A whole object.
    Object,
    /// The manifest of a resource type: texts with expressions stand for any value.
    Template,
}

pub(crate) struct Walk<'a> {
    schemas: &'a Schemas,
    stage: Stage,
    pub found: Vec<Violation>,
}

impl<'a> Walk<'a> {
    pub fn new(schemas: &'a Schemas, stage: Stage) -> Self {
        Self { schemas, stage, found: Vec::new() }
    }

    fn add(&mut self, at: &str, message: impl Into<String>) {
        self.push(at, message, None, true);
    }

    fn push(&mut self, at: &str, message: impl Into<String>, help: Option<String>, is_of_value: bool) {
        if self.found.len() < LIMIT {
            let message = message.into();
            self.found.push(Violation { pointer: at.to_owned(), message, help, is_of_value });
        }
    }

    /// Whether a value will only be known when it is filled in.
    fn is_open(&self, value: &Value) -> bool {
        self.stage == Stage::Template && value.as_str().is_some_and(|text| text.contains("${{"))
    }

    pub fn value(&mut self, id: Id, value: &Value, at: &mut String) {
        self.inner(id, value, at, DEPTH);
    }

    fn inner(&mut self, id: Id, value: &Value, at: &mut String, depth: u32) {
        let node = self.schemas.node(id);
        // a null counts as left out
        if depth == 0 || value.is_null() || self.is_open(value) {
            return;
        }
        if !fits(node.kind, value) {
            return self.add(at, format!("{} is not {}", short(value), word(node.kind)));
        }
        self.bounds(&node.bounds, value, at);
        match value {
            Value::Object(fields) => self.fields(node, fields, at, depth),
            Value::Array(items) => self.items(node, items, at, depth),
            _ => {}
        }
        self.combined(node, value, at);
    }

    fn fields(&mut self, node: &Node, fields: &Map<String, Value>, at: &mut String, depth: u32) {
        let is_given = |name: &str| fields.get(name).is_some_and(|value| !value.is_null());
        let is_spread = self.stage == Stage::Template && fields.keys().any(|name| name.contains("${{"));
        for name in &node.required {
            let has_default =
                node.properties.get(name).is_some_and(|id| self.schemas.node(*id).default.is_some());
            if !is_given(name) && !has_default && !is_spread {
                self.push(&pointer(at, name), format!("`{name}` is missing"), None, false);
            }
        }
        if node.embedded {
            for name in ["apiVersion", "kind"].into_iter().filter(|name| !is_given(name)) {
                self.push(&pointer(at, name), format!("`{name}` is missing"), None, false);
            }
        }
        for (name, value) in fields {
            let length = at.len();
            at.push('/');
            at.push_str(&name.replace('~', "~0").replace('/', "~1"));
            match (node.properties.get(name), node.other) {
                (Some(&id), _) | (None, Other::Of(id)) => self.inner(id, value, at, depth - 1),
                (None, Other::None) if !is_own(node, name) && node.kind != Type::Any => {
                    self.unknown(node, name, at);
                }
                _ => {}
            }
            at.truncate(length);
        }
    }

    fn unknown(&mut self, node: &Node, name: &str, at: &str) {
        if self.stage == Stage::Template && name.contains("${{") {
            return;
        }
        let known: Vec<&str> = node.properties.keys().map(String::as_str).collect();
        let help = match did_you_mean(name, known.iter().copied()) {
            Some(meant) => Some(format!("write `{meant}`")),
            None if known.is_empty() || known.len() > 16 => None,
            None => Some(format!("there are: {}", known.join(", "))),
        };
        self.push(at, format!("there is no field `{name}`"), help, false);
    }

    fn items(&mut self, node: &Node, items: &[Value], at: &mut String, depth: u32) {
        for (index, item) in items.iter().enumerate() {
            let length = at.len();
            at.extend(["/", &index.to_string()]);
            let is_unfolded = self.stage == Stage::Template && item.get("$item").is_some();
            let item = if is_unfolded { item.get("$item").unwrap_or(item) } else { item };
            if is_unfolded {
                at.push_str("/$item");
            }
            if let Some(id) = node.items {
                self.inner(id, item, at, depth - 1);
            }
            at.truncate(length);
        }
        if self.stage == Stage::Object {
            self.unique(&node.unique, items, at);
        }
    }

    fn unique(&mut self, unique: &Unique, items: &[Value], at: &str) {
        let key = |item: &Value| match unique {
            Unique::No => None,
            Unique::Items => Some(item.to_string()),
            Unique::Keys(keys) => {
                let parts: Vec<String> =
                    keys.iter().map(|key| item.get(key).unwrap_or(&Value::Null).to_string()).collect();
                Some(parts.join(", "))
            }
        };
        let mut seen = std::collections::BTreeSet::new();
        for (index, item) in items.iter().enumerate() {
            if let Some(key) = key(item)
                && !seen.insert(key.clone())
            {
                self.add(&format!("{at}/{index}"), format!("there is another item with {key}"));
            }
        }
    }

    fn combined(&mut self, node: &Node, value: &Value, at: &mut String) {
        for id in &node.all_of {
            self.branch(*id, value, at);
        }
        let fitting = |ids: &[Id]| ids.iter().filter(|id| self.holds(**id, value)).count();
        let (any, one) = (fitting(&node.any_of), fitting(&node.one_of));
        let is_forbidden = node.not.is_some_and(|id| self.holds(id, value));
        // What is not filled in yet may make any of them true.
        if self.stage == Stage::Template {
            return;
        }
        if !node.any_of.is_empty() && any == 0 {
            self.add(at, format!("none of the {} allowed forms fits", node.any_of.len()));
        }
        if !node.one_of.is_empty() && one != 1 {
            self.add(at, format!("exactly one of {} forms must fit, and {one} do", node.one_of.len()));
        }
        if is_forbidden {
            self.add(at, "this form is not allowed");
        }
    }

    /// Whether a value fits a branch, which names only some of the fields.
    fn holds(&self, id: Id, value: &Value) -> bool {
        let mut inner = Walk::new(self.schemas, self.stage);
        inner.branch(id, value, &mut String::new());
        inner.found.is_empty()
    }

    fn branch(&mut self, id: Id, value: &Value, at: &mut String) {
        let before = self.found.len();
        self.inner(id, value, at, DEPTH);
        let mut index = 0;
        // a branch does not say which fields there are
        self.found.retain(|violation| {
            index += 1;
            index <= before || !violation.message.starts_with("there is no field")
        });
    }

    fn bounds(&mut self, bounds: &Bounds, value: &Value, at: &str) {
        if !bounds.options.is_empty() && !bounds.options.contains(value) {
            self.option(&bounds.options, value, at);
        }
        match value {
            Value::String(text) => self.text(bounds, text, at),
            Value::Number(number) => self.number(bounds, number.as_f64().unwrap_or(0.0), value, at),
            Value::Array(items) if self.stage == Stage::Object => {
                self.count(bounds.items, items.len() as u64, "items", at);
            }
            Value::Object(fields) if self.stage == Stage::Object => {
                self.count(bounds.fields, fields.len() as u64, "fields", at);
            }
            _ => {}
        }
    }

    fn option(&mut self, options: &[Value], value: &Value, at: &str) {
        let words: Vec<String> = options.iter().take(16).map(short).collect();
        let names = options.iter().filter_map(Value::as_str);
        let help = did_you_mean(value.as_str().unwrap_or(""), names).map(|meant| format!("write `{meant}`"));
        self.push(at, format!("{} is none of {}", short(value), words.join(", ")), help, true);
    }

    fn text(&mut self, bounds: &Bounds, text: &str, at: &str) {
        let shown = || short(&Value::from(text));
        let length = text.chars().count() as u64;
        if let Some(limit) = bounds.length.0.filter(|limit| length < *limit) {
            self.add(at, format!("{} is shorter than {limit} characters", shown()));
        }
        if let Some(limit) = bounds.length.1.filter(|limit| length > *limit) {
            self.add(at, format!("{} is longer than {limit} characters", shown()));
        }
        if let Some(pattern) = bounds.pattern.as_ref().filter(|pattern| !pattern.is_match(text)) {
            self.add(at, format!("{} does not have the form {}", shown(), pattern.as_str()));
        }
        if let Some(format) = &bounds.format
            && let Some(wanted) = formats::refuses(format, text)
        {
            self.add(at, format!("{} is not {wanted}", shown()));
        }
    }

    fn number(&mut self, bounds: &Bounds, number: f64, value: &Value, at: &str) {
        let (above, below) = bounds.exclusive;
        if let Some(limit) = bounds.minimum.filter(|limit| number < *limit || above && number <= *limit) {
            self.add(at, format!("{value} is less than the least that is allowed, {limit}"));
        }
        if let Some(limit) = bounds.maximum.filter(|limit| number > *limit || below && number >= *limit) {
            self.add(at, format!("{value} is more than the most that is allowed, {limit}"));
        }
        if let Some(factor) =
            bounds.multiple_of.filter(|factor| *factor > 0.0 && (number / factor).fract() != 0.0)
        {
            self.add(at, format!("{value} is no multiple of {factor}"));
        }
        if bounds.format.as_deref() == Some("int32") && number.abs() > f64::from(i32::MAX) + 1.0 {
            self.add(at, format!("{value} has more than 32 bits"));
        }
    }

    fn count(&mut self, (least, most): (Option<u64>, Option<u64>), found: u64, what: &str, at: &str) {
        if let Some(limit) = least.filter(|limit| found < *limit) {
            self.add(at, format!("at least {limit} {what} must be given"));
        }
        if let Some(limit) = most.filter(|limit| found > *limit) {
            self.add(at, format!("at most {limit} {what} may be given, and there are {found}"));
        }
    }
}

/// The fields that a whole object inside of another one has beside those that are named.
fn is_own(node: &Node, name: &str) -> bool {
    node.embedded && matches!(name, "apiVersion" | "kind" | "metadata")
}

fn fits(kind: Type, value: &Value) -> bool {
    let is_whole = |value: &Value| {
        value.is_i64() || value.is_u64() || value.as_f64().is_some_and(|it| it.fract() == 0.0)
    };
    match kind {
        Type::Any => true,
        Type::Object => value.is_object(),
        Type::Array => value.is_array(),
        Type::Text => value.is_string(),
        Type::Integer => is_whole(value),
        Type::Number => value.is_number(),
        Type::Boolean => value.is_boolean(),
        Type::IntOrText => value.is_string() || is_whole(value),
        Type::Quantity => value.is_string() || value.is_number(),
    }
}

fn word(kind: Type) -> &'static str {
    match kind {
        Type::Any => "a value",
        Type::Object => "a mapping",
        Type::Array => "a list",
        Type::Text => "text",
        Type::Integer => "a whole number",
        Type::Number => "a number",
        Type::Boolean => "true or false",
        Type::IntOrText => "a whole number or text",
        Type::Quantity => "a quantity such as 500m, 2 or 1Gi",
    }
}
