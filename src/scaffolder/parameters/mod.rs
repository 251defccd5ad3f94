//! Parameters of a template as fields to ask for.
//!
//! A page is a JSON Schema with hints for the browser form (`ui:field`, `ui:options`). Which fields
//! it has depends on the answers so far, so [`Page::fields`] takes them. Nothing here talks to
//! anybody: whoever asks the user fills pickers from the catalog with [`EntityPicker::matches`].

mod candidates;
mod defaults;
mod formats;
mod hints;
mod repository;
pub(super) mod resolve;
mod resource_types;
pub(super) mod validate;

use std::sync::Arc;

use serde_json::{Map, Value};

use super::problem::child;
pub use candidates::{EntityPicker, TagsPicker, Whose, matches};
pub(super) use defaults::fill;
pub use hints::Review;
use hints::{choices, flag, hint, ordered, text_hint};
pub use repository::{RepoPart, RepoPlace, RepoUrl};
pub use resource_types::AskedType;

/// How deep objects in objects are shown as fields.
const MAX_DEPTH: usize = 16;

/// One page of the form.
#[derive(Clone, Debug, PartialEq)]
pub struct Page {
    /// Its title.
    pub title: Option<String>,
    /// Its description.
    pub description: Option<String>,
    /// Its JSON Schema, as written.
    pub schema: Value,
    /// JSON pointer of the page in the entity.
    pub pointer: String,
}

/// One thing to ask for.
#[derive(Clone, Debug, PartialEq)]
pub struct Field {
    /// The name of the property.
    pub name: String,
    /// JSON pointer into the answers: `/repo/name`.
    pub pointer: String,
    /// The path for `--set`: `repo.name`.
    pub path: String,
    /// What to call it: its title, its name where it has none.
    pub title: String,
    /// Its description.
    pub description: Option<String>,
    /// What sort of answer it takes.
    pub kind: Kind,
    /// The answer where none is given.
    pub default: Option<Value>,
    /// Whether an answer must be given.
    pub required: bool,
    /// A regular expression that a text must match.
    pub pattern: Option<Pattern>,
    /// `ui:help`.
    pub help: Option<String>,
    /// `ui:placeholder`.
    pub placeholder: Option<String>,
    /// Whether it is not to be shown (`ui:widget: hidden`): the default is the answer.
    pub hidden: bool,
    /// Whether it is to be shown but not changed (`ui:readonly`, `ui:disabled`).
    pub read_only: bool,
    /// `ui:field` where it is not one of Backstage's own: the portal asks with an extension of its
    /// own, here the type decides.
    pub custom: Option<String>,
    /// How the answer is shown before the template runs.
    pub review: Review,
    schema: Value,
    /// The whole page, which references in the schema count from.
    root: Arc<Value>,
}

/// A regular expression with the words that say what it wants.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pattern {
    /// The expression, in the syntax of JavaScript.
    pub expression: String,
    /// What to say when it does not match, where the author wrote it (`errorMessage.pattern`).
    pub message: Option<String>,
}

/// What sort of answer a field takes.
#[derive(Clone, Debug, PartialEq)]
pub enum Kind {
    /// Text.
    Text {
        /// Whether it may have more than one line.
        multiline: bool,
    },
    /// A number.
    Number {
        /// Whether it must be whole.
        integer: bool,
    },
    /// Yes or no.
    Boolean,
    /// One of some values.
    Choice(Vec<Choice>),
    /// Any of some values.
    MultiChoice(Vec<Choice>),
    /// A list; of what, by example of one entry.
    List(Box<Kind>),
    /// A mapping with fields of its own; without any, free JSON.
    Object(Vec<Field>),
    /// The ref of an entity.
    Entity(EntityPicker),
    /// The refs of several entities.
    Entities(EntityPicker),
    /// The ref of an owner: a group or a user.
    Owner(EntityPicker),
    /// A new entity name: 1 to 63 characters, letters, digits, `-`, `_`, `.`.
    EntityName,
    /// A list of tags.
    Tags(TagsPicker),
    /// Where a repository is: `host?owner=…&repo=…`.
    RepoUrl(RepoUrl),
    /// Something that must not be shown and is no parameter: steps see it as `secrets.NAME`.
    Secret,
    /// Something that must not be shown, and is a parameter all the same (`ui:widget: password`).
    Password,
}

/// One value of a choice.
#[derive(Clone, Debug, PartialEq)]
pub struct Choice {
    /// The value.
    pub value: Value,
    /// What to call it.
    pub label: String,
}

impl Page {
    /// A page from its JSON Schema.
    pub fn new(schema: Value, pointer: String) -> Self {
        let text = |key: &str| schema.get(key).and_then(Value::as_str).map(str::to_owned);
        Self { title: text("title"), description: text("description"), pointer, schema }
    }

    /// The fields to ask for when `answers` are the answers so far, in the order of the form.
    /// Branches of the schema that the answers close are left out.
    pub fn fields(&self, answers: &Map<String, Value>) -> Vec<Field> {
        let Value::Object(schema) = &self.schema else { return Vec::new() };
        let answers = Value::Object(answers.clone());
        Reader { root: &Arc::new(self.schema.clone()), budget: resolve::Budget::new() }.fields(
            schema,
            &answers,
            &Place::default(),
        )
    }
}

impl Field {
    /// What is wrong with an answer to this field alone; empty when nothing is.
    pub fn check(&self, answer: &Value) -> Vec<String> {
        let found = validate::violations(&self.schema, &self.root, answer);
        found.iter().map(|violation| self.words(violation)).collect()
    }

    /// The same with what the portal's picker would say: the server does not know its rules.
    pub fn check_as_picker(&self, answer: &Value) -> Vec<String> {
        let mut found = self.check(answer);
        found.extend(self.complaint(answer));
        found
    }

    /// What the portal's picker alone would say.
    pub(in crate::scaffolder) fn complaint(&self, answer: &Value) -> Option<String> {
        self.kind.complaint(answer)
    }

    /// Answers to offer for a text, where others are fine too.
    pub fn suggestions(&self) -> Vec<&str> {
        self.schema.as_object().map(|schema| resource_types::offered(schema).collect()).unwrap_or_default()
    }

    /// Whether the answer must neither be shown nor kept.
    pub fn is_secret(&self) -> bool {
        matches!(self.kind, Kind::Secret | Kind::Password)
    }

    /// How many entries a list may have: `minItems` and `maxItems`.
    pub fn items(&self) -> (u64, Option<u64>) {
        let number = |key: &str| self.schema.get(key).and_then(Value::as_u64);
        (number("minItems").unwrap_or(0), number("maxItems"))
    }

    /// A text that somebody typed as the value that the schema wants.
    pub fn parse(&self, text: &str) -> Value {
        super::answers::typed(&self.schema, text)
    }

    /// The author's words for a broken pattern, ours for all else.
    pub(super) fn words(&self, violation: &validate::Violation) -> String {
        let own = self.pattern.as_ref().and_then(|pattern| pattern.message.clone());
        own.filter(|_| violation.message.contains("does not match the pattern"))
            .unwrap_or_else(|| violation.message.clone())
    }

    /// The values to choose from; empty where anything may be answered.
    pub fn choices(&self) -> &[Choice] {
        match &self.kind {
            Kind::Choice(choices) | Kind::MultiChoice(choices) => choices,
            _ => &[],
        }
    }
}

impl Kind {
    /// What the portal's picker would say to an answer, beyond its schema.
    fn complaint(&self, answer: &Value) -> Option<String> {
        match (self, answer) {
            (Self::EntityName, Value::String(name)) => (!is_entity_name(name)).then(|| {
                "must be 1 to 63 letters, digits, `-`, `_` or `.`, the first and last a letter or digit"
                    .to_owned()
            }),
            (Self::Tags(_), Value::Array(tags)) => {
                let wrong = tags.iter().filter_map(Value::as_str).find(|tag| !is_tag(tag))?;
                Some(format!(
                    "has the tag {wrong:?}; a tag is 1 to 63 of a-z, 0-9, `+`, `#`, in parts with `-` or `:` between"
                ))
            }
            (Self::RepoUrl(picker), Value::String(place)) => picker.check(place),
            _ => None,
        }
    }
}

/// The rule of Backstage's name picker (`KubernetesValidatorFunctions.isValidObjectName`).
fn is_entity_name(name: &str) -> bool {
    let ends = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric());
    name.len() <= 63
        && ends(name.chars().next())
        && ends(name.chars().last())
        && name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.'))
}

/// The rule of Backstage's tag picker (`CommonValidatorFunctions.isValidTag`).
fn is_tag(tag: &str) -> bool {
    let part = |part: &str| {
        !part.is_empty()
            && part.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '+' || c == '#')
    };
    (1..=63).contains(&tag.len()) && tag.split(['-', ':']).all(part)
}

#[derive(Clone, Default)]
struct Place {
    pointer: String,
    path: String,
    depth: usize,
}

impl Place {
    fn child(&self, name: &str) -> Self {
        let path = if self.path.is_empty() { name.to_owned() } else { format!("{}.{name}", self.path) };
        Self { pointer: child(&self.pointer, name), path, depth: self.depth + 1 }
    }
}

struct Reader<'a> {
    root: &'a Arc<Value>,
    budget: resolve::Budget,
}

impl Reader<'_> {
    fn fields(&self, schema: &Map<String, Value>, answers: &Value, place: &Place) -> Vec<Field> {
        if !self.budget.spend() {
            return Vec::new();
        }
        let schema = resolve::resolve(schema, self.root, answers, &self.budget);
        let Some(Value::Object(properties)) = schema.get("properties") else { return Vec::new() };
        let required = schema.get("required").and_then(Value::as_array);
        let field = |name: &String| {
            let Some(Value::Object(property)) = properties.get(name) else { return None };
            let inner = answers.get(name).cloned().unwrap_or(Value::Null);
            let mut field = self.field(name, property, &inner, &place.child(name));
            let by_list = required.is_some_and(|list| list.iter().any(|entry| entry.as_str() == Some(name)));
            field.required = by_list || property.get("required") == Some(&Value::Bool(true));
            Some(field)
        };
        ordered(properties, hint(&schema, "order")).filter_map(field).collect()
    }

    fn field(&self, name: &str, property: &Map<String, Value>, answer: &Value, place: &Place) -> Field {
        let schema = resolve::resolve(property, self.root, answer, &self.budget);
        let text = |key: &str| schema.get(key).and_then(Value::as_str).map(str::to_owned);
        let is = |key: &str| schema.get(key) == Some(&Value::Bool(true));
        let message = schema.get("errorMessage").and_then(|messages| messages.get("pattern"));
        let message = message.and_then(Value::as_str).map(str::to_owned);
        let widget = text_hint(&schema, "widget");
        Field {
            name: name.to_owned(),
            pointer: place.pointer.clone(),
            path: place.path.clone(),
            title: text_hint(&schema, "title").or_else(|| text("title")).unwrap_or_else(|| name.to_owned()),
            description: text("description").or_else(|| text_hint(&schema, "description")),
            kind: self.kind(&schema, answer, place),
            default: schema.get("default").or_else(|| schema.get("const")).cloned(),
            required: false,
            pattern: text("pattern").map(|expression| Pattern { expression, message }),
            help: text_hint(&schema, "help"),
            placeholder: text_hint(&schema, "placeholder"),
            hidden: widget.as_deref() == Some("hidden") || flag(&schema, "hidden"),
            read_only: flag(&schema, "readonly") || flag(&schema, "disabled") || is("readOnly"),
            review: Review::new(&schema),
            custom: text("ui:field").filter(|field| !hints::STOCK_FIELDS.contains(&field.as_str())),
            schema: Value::Object(schema),
            root: Arc::clone(self.root),
        }
    }

    fn kind(&self, schema: &Map<String, Value>, answer: &Value, place: &Place) -> Kind {
        match schema.get("ui:field").and_then(Value::as_str) {
            Some("EntityPicker") => Kind::Entity(EntityPicker::new(schema)),
            Some("OwnedEntityPicker") => Kind::Entity(EntityPicker::of(schema, Whose::Owned)),
            Some("MyGroupsPicker") => Kind::Entity(EntityPicker::my_groups()),
            Some("MultiEntityPicker") => Kind::Entities(EntityPicker::new(schema)),
            Some("OwnerPicker") => Kind::Owner(EntityPicker::owner(schema)),
            Some("EntityNamePicker") => Kind::EntityName,
            Some("EntityTagsPicker") => Kind::Tags(TagsPicker::new(schema)),
            Some("RepoUrlPicker") => Kind::RepoUrl(RepoUrl::new(schema)),
            Some("Secret") => Kind::Secret,
            _ => self.plain_kind(schema, answer, place),
        }
    }

    fn plain_kind(&self, schema: &Map<String, Value>, answer: &Value, place: &Place) -> Kind {
        if let Some(choices) = choices(schema) {
            return Kind::Choice(choices);
        }
        let widget = hint(schema, "widget").and_then(Value::as_str);
        match type_of(schema) {
            "boolean" => Kind::Boolean,
            "integer" => Kind::Number { integer: true },
            "number" => Kind::Number { integer: false },
            "array" => self.list_kind(schema, place),
            "object" if place.depth < MAX_DEPTH => Kind::Object(self.fields(schema, answer, place)),
            "object" => Kind::Object(Vec::new()),
            _ if widget == Some("password") => Kind::Password,
            _ => Kind::Text { multiline: widget == Some("textarea") },
        }
    }

    fn list_kind(&self, schema: &Map<String, Value>, place: &Place) -> Kind {
        let Some(Value::Object(items)) = schema.get("items") else {
            return Kind::List(Box::new(Kind::Text { multiline: false }));
        };
        let items = resolve::resolve(items, self.root, &Value::Null, &self.budget);
        match choices(&items) {
            Some(choices) => Kind::MultiChoice(choices),
            None if place.depth >= MAX_DEPTH => Kind::List(Box::new(Kind::Text { multiline: false })),
            None => {
                let place = Place { depth: place.depth + 1, ..place.clone() };
                Kind::List(Box::new(self.kind(&items, &Value::Null, &place)))
            }
        }
    }
}

/// The type of a schema, guessed where it is not written.
pub(super) fn type_of(schema: &Map<String, Value>) -> &str {
    match schema.get("type") {
        Some(Value::String(name)) => name,
        Some(Value::Array(names)) => {
            names.iter().filter_map(Value::as_str).find(|name| *name != "null").unwrap_or("string")
        }
        _ if schema.contains_key("properties") => "object",
        _ if schema.contains_key("items") => "array",
        _ => match schema.get("const").or_else(|| schema.get("default")) {
            Some(Value::Bool(_)) => "boolean",
            Some(Value::Number(_)) => "number",
            Some(Value::Array(_)) => "array",
            Some(Value::Object(_)) => "object",
            _ => "string",
        },
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::{Kind, Page};

    fn check(schema: Value, answers: &Value, expected: &[&str]) {
        let page = Page::new(schema, String::new());
        let fields = page.fields(answers.as_object().unwrap());
        let shown = |field: &super::Field| {
            let kind = match &field.kind {
                Kind::Choice(choices) => {
                    format!("choice of {}", choices.iter().map(|c| &*c.label).collect::<Vec<_>>().join("/"))
                }
                Kind::MultiChoice(choices) => format!("any of {}", choices.len()),
                Kind::Object(fields) => fields.iter().map(|f| f.path.clone()).collect::<Vec<_>>().join(" "),
                Kind::List(kind) => format!("list of {kind:?}"),
                kind => format!("{kind:?}"),
            };
            format!("{}{}: {kind}", field.path, if field.required { "*" } else { "" })
        };
        assert_eq!(fields.iter().map(shown).collect::<Vec<_>>(), expected);
    }

    #[test]
    fn a_field_has_the_kind_of_its_schema() {
        check(
            json!({"required": ["name"], "properties": {
                "name": {"type": "string", "ui:field": "EntityNamePicker"},
                "text": {"type": "string", "ui:widget": "textarea"},
                "size": {"type": "string", "enum": ["s", "m"], "enumNames": ["small", "medium"]},
                "tier": {"oneOf": [{"const": 1, "title": "one"}, {"const": 2}]},
                "regions": {"type": "array", "items": {"enum": ["a", "b"]}, "uniqueItems": true},
                "ports": {"type": "array", "items": {"type": "integer"}},
                "repo": {"type": "object", "properties": {"host": {"type": "string"}, "size": {}}},
                "password": {"type": "string", "ui:field": "Secret"},
                "count": {"type": ["integer", "null"]},
                "on": {"type": "boolean"},
            }}),
            &json!({}),
            &[
                "name*: EntityName",
                "text: Text { multiline: true }",
                "size: choice of small/medium",
                "tier: choice of one/2",
                "regions: any of 2",
                "ports: list of Number { integer: true }",
                "repo: repo.host repo.size",
                "password: Secret",
                "count: Number { integer: true }",
                "on: Boolean",
            ],
        );
    }

    #[test]
    fn the_order_is_that_of_the_form() {
        let schema = json!({"ui:order": ["c", "*", "a"], "properties": {"a": {}, "b": {}, "c": {}, "d": {}}});
        let page = Page::new(schema, String::new());
        let names: Vec<_> =
            page.fields(&serde_json::Map::new()).into_iter().map(|field| field.name).collect();
        assert_eq!(names, ["c", "b", "d", "a"]);
    }

    #[test]
    fn a_schema_that_refers_to_itself_has_an_end() {
        let schema = json!({"properties": {"d": {"default": 1}, "a": {"$ref": "#"}, "b": {"$ref": "#"}, "c": {"$ref": "#"}}});
        let page = Page::new(schema.clone(), String::new());
        assert_eq!(page.fields(&serde_json::Map::new()).len(), 4);
        assert!(super::fill(&schema, &serde_json::Map::new()).contains_key("d"));
    }

    #[test]
    fn an_answer_is_checked_with_the_words_of_the_author() {
        let property = json!({"type": "string", "pattern": "^[a-z]+$", "errorMessage": {"pattern": "use small letters"}});
        let page = Page::new(json!({"properties": {"name": property}}), String::new());
        let field = page.fields(&serde_json::Map::new()).remove(0);
        assert_eq!(field.check(&json!("A")), ["use small letters"]);
        assert_eq!(field.check(&json!("a")), [""; 0]);
        assert_eq!(field.check(&json!(1)), ["1 is not a text"]);
    }
}
