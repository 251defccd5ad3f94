//! Parameters of a template as fields to ask for.
//!
//! A page is a JSON Schema with hints for the browser form (`ui:field`, `ui:options`). Which fields
//! it has depends on the answers so far, so [`Page::fields`] takes them. Nothing here talks to
//! anybody: whoever asks the user fills pickers from the catalog with [`EntityPicker::matches`].

mod candidates;
mod defaults;
mod formats;
pub(super) mod resolve;
pub(super) mod validate;

use std::sync::Arc;

use serde_json::{Map, Value};

use super::problem::child;
pub use candidates::{EntityPicker, matches};
pub(super) use defaults::fill;

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
    Tags,
    /// Where a repository is: `host?owner=…&repo=…`.
    RepoUrl(RepoUrl),
    /// Something that must not be shown.
    Secret,
}

/// One value of a choice.
#[derive(Clone, Debug, PartialEq)]
pub struct Choice {
    /// The value.
    pub value: Value,
    /// What to call it.
    pub label: String,
}

/// What a repository picker allows; empty lists allow everything.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RepoUrl {
    /// Hosts.
    pub hosts: Vec<String>,
    /// Owners.
    pub owners: Vec<String>,
    /// Repositories.
    pub repos: Vec<String>,
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
        ordered(properties, schema.get("ui:order")).filter_map(field).collect()
    }

    fn field(&self, name: &str, property: &Map<String, Value>, answer: &Value, place: &Place) -> Field {
        let schema = resolve::resolve(property, self.root, answer, &self.budget);
        let text = |key: &str| schema.get(key).and_then(Value::as_str).map(str::to_owned);
        let is = |key: &str| schema.get(key) == Some(&Value::Bool(true));
        let message = schema.get("errorMessage").and_then(|messages| messages.get("pattern"));
        let message = message.and_then(Value::as_str).map(str::to_owned);
        let widget = text("ui:widget");
        Field {
            name: name.to_owned(),
            pointer: place.pointer.clone(),
            path: place.path.clone(),
            title: text("title").unwrap_or_else(|| name.to_owned()),
            description: text("description").or_else(|| text("ui:description")),
            kind: self.kind(&schema, answer, place),
            default: schema.get("default").or_else(|| schema.get("const")).cloned(),
            required: false,
            pattern: text("pattern").map(|expression| Pattern { expression, message }),
            help: text("ui:help"),
            placeholder: text("ui:placeholder"),
            hidden: widget.as_deref() == Some("hidden") || is("ui:hidden"),
            read_only: is("ui:readonly") || is("ui:disabled") || is("readOnly"),
            custom: text("ui:field").filter(|field| !STOCK_FIELDS.contains(&field.as_str())),
            schema: Value::Object(schema),
            root: Arc::clone(self.root),
        }
    }

    fn kind(&self, schema: &Map<String, Value>, answer: &Value, place: &Place) -> Kind {
        let options = schema.get("ui:options").and_then(Value::as_object).cloned().unwrap_or_default();
        match schema.get("ui:field").and_then(Value::as_str) {
            Some("EntityPicker" | "OwnedEntityPicker" | "MyGroupsPicker") => {
                Kind::Entity(EntityPicker::new(&options))
            }
            Some("MultiEntityPicker") => Kind::Entities(EntityPicker::new(&options)),
            Some("OwnerPicker") => Kind::Owner(EntityPicker::owner(&options)),
            Some("EntityNamePicker") => Kind::EntityName,
            Some("EntityTagsPicker") => Kind::Tags,
            Some("RepoUrlPicker") => Kind::RepoUrl(RepoUrl::new(&options)),
            Some("Secret") => Kind::Secret,
            _ => self.plain_kind(schema, answer, place),
        }
    }

    fn plain_kind(&self, schema: &Map<String, Value>, answer: &Value, place: &Place) -> Kind {
        if let Some(choices) = choices(schema) {
            return Kind::Choice(choices);
        }
        let widget = schema.get("ui:widget").and_then(Value::as_str);
        match type_of(schema) {
            "boolean" => Kind::Boolean,
            "integer" => Kind::Number { integer: true },
            "number" => Kind::Number { integer: false },
            "array" => self.list_kind(schema, place),
            "object" if place.depth < MAX_DEPTH => Kind::Object(self.fields(schema, answer, place)),
            "object" => Kind::Object(Vec::new()),
            _ if widget == Some("password") => Kind::Secret,
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

const STOCK_FIELDS: [&str; 13] = [
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

impl RepoUrl {
    fn new(options: &Map<String, Value>) -> Self {
        let list = |key: &str| {
            let values = options.get(key).and_then(Value::as_array).into_iter().flatten();
            values.filter_map(Value::as_str).map(str::to_owned).collect()
        };
        Self { hosts: list("allowedHosts"), owners: list("allowedOwners"), repos: list("allowedRepos") }
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

/// `enum` with `enumNames`, or `oneOf`/`anyOf` of constants with titles.
fn choices(schema: &Map<String, Value>) -> Option<Vec<Choice>> {
    let plain = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    if let Some(Value::Array(values)) = schema.get("enum") {
        let names =
            ["enumNames", "ui:enumNames"].iter().find_map(|key| schema.get(*key)).and_then(Value::as_array);
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
fn ordered<'a>(
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
