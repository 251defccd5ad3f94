//! Hints for the form: `ui:…` keywords, the names of choices, the order of fields.

use serde_json::{Map, Value};

use super::Choice;

/// Backstage's own `ui:field`s.
pub(super) const STOCK_FIELDS: [&str; 13] = [
    "EntityPicker",
    "OwnedEntityPicker",
    "MyGroupsPicker",
    "MultiEntityPicker",
    "OwnerPicker",
    "EntityNamePicker",
    "EntityTagsPicker",
    "RepoUrlPicker",
    "RepoBranchPicker",
    "RepoOwnerPicker",
    "Secret",
    "TemplateName",
    "EntityTags",
];

/// A hint of a schema: `ui:KEY`, or KEY in `ui:options`, which the form takes for the same.
pub(super) fn hint<'a>(schema: &'a Map<String, Value>, key: &str) -> Option<&'a Value> {
    let direct = schema.get(&format!("ui:{key}"));
    direct.or_else(|| schema.get("ui:options").and_then(|options| options.get(key)))
}

/// The same where it is a text.
pub(super) fn text_hint(schema: &Map<String, Value>, key: &str) -> Option<String> {
    hint(schema, key).and_then(Value::as_str).map(str::to_owned)
}

/// Whether a hint is `true`.
pub(super) fn flag(schema: &Map<String, Value>, key: &str) -> bool {
    hint(schema, key) == Some(&Value::Bool(true))
}

/// The texts of a list; a single text is a list of one.
pub(super) fn texts(value: Option<&Value>) -> Vec<String> {
    match value {
        Some(Value::String(text)) => vec![text.clone()],
        Some(Value::Array(items)) => items.iter().filter_map(Value::as_str).map(str::to_owned).collect(),
        _ => Vec::new(),
    }
}

/// How an answer is shown before the template runs: `ui:backstage.review`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Review {
    /// Whether it is left out.
    pub hidden: bool,
    /// What is shown in its place.
    pub mask: Option<String>,
    /// What to call it, where it is not the title.
    pub name: Option<String>,
}

impl Review {
    pub(super) fn new(schema: &Map<String, Value>) -> Self {
        let backstage = hint(schema, "backstage");
        let Some(review) = backstage.and_then(|hints| hints.get("review")) else { return Self::default() };
        let text = |key: &str| review.get(key).and_then(Value::as_str).map(str::to_owned);
        Self {
            hidden: review.get("show") == Some(&Value::Bool(false)),
            mask: text("mask"),
            name: text("name"),
        }
    }
}

/// `enum` with `enumNames`, or `oneOf`/`anyOf` of constants with titles.
pub(super) fn choices(schema: &Map<String, Value>) -> Option<Vec<Choice>> {
    let plain = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    if let Some(Value::Array(values)) = schema.get("enum") {
        let names = schema.get("enumNames").or_else(|| hint(schema, "enumNames")).and_then(Value::as_array);
        let label = |(index, value): (usize, &Value)| {
            let name = names.and_then(|names| names.get(index)).and_then(Value::as_str);
            Choice { value: value.clone(), label: name.map_or_else(|| plain(value), str::to_owned) }
        };
        return Some(values.iter().enumerate().map(label).collect());
    }
    let options = ["oneOf", "anyOf"].iter().find_map(|key| schema.get(*key)).and_then(Value::as_array)?;
    let choice = |option: &Value| {
        let single =
            || option.get("enum").and_then(Value::as_array).filter(|values| values.len() == 1)?.first();
        let value = option.get("const").or_else(single)?;
        let label = option.get("title").and_then(Value::as_str).map_or_else(|| plain(value), str::to_owned);
        Some(Choice { value: value.clone(), label })
    };
    options.iter().map(choice).collect::<Option<Vec<_>>>().filter(|choices| !choices.is_empty())
}

/// Property names in the order of `ui:order`; `*` stands for those it does not name.
pub(super) fn ordered<'a>(
    properties: &'a Map<String, Value>,
    order: Option<&Value>,
) -> impl Iterator<Item = &'a String> {
    let order: Vec<&str> =
        order.and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str).collect();
    let rest = order.iter().position(|name| *name == "*").unwrap_or(order.len());
    let mut names: Vec<&String> = properties.keys().collect();
    names.sort_by_key(|name| order.iter().position(|entry| entry == name).map_or((rest, 1), |at| (at, 0)));
    names.into_iter()
}
