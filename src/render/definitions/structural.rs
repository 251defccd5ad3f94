//! The schemas of kinds as a tree that objects are held against.
//!
//! Two sorts are read: structural schemas of definitions (OpenAPI v3 with `x-kubernetes-` extensions), where a
//! mapping has no fields but those that are named, and the schemas of Kubernetes' own kinds, which refer to
//! each other by name.

use std::collections::BTreeMap;

use regex::Regex;
use serde_json::{Map, Value};

use super::rules::Rule;

/// Schemas are read down to this depth; below it anything goes.
const DEPTH: u32 = 100;

/// The longest pattern that is compiled, in bytes of the machine for it.
const PATTERN_SIZE: usize = 1 << 20;

/// One schema in its [`Schemas`].
pub(crate) type Id = usize;

/// What a value has to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Type {
    Any,
    Object,
    Array,
    Text,
    Integer,
    Number,
    Boolean,
    IntOrText,
    Quantity,
}

/// The fields of a mapping beside those that are named.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Other {
    /// There are none.
    None,
    /// Anything.
    Any,
    /// Each of this schema.
    Of(Id),
}

/// What may not be twice in a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Unique {
    No,
    /// An item.
    Items,
    /// The values of these fields together.
    Keys(Vec<String>),
}

/// What a value has to be beside its type.
#[derive(Debug, Default)]
pub(crate) struct Bounds {
    pub options: Vec<Value>,
    pub pattern: Option<Regex>,
    pub format: Option<String>,
    pub length: (Option<u64>, Option<u64>),
    pub items: (Option<u64>, Option<u64>),
    pub fields: (Option<u64>, Option<u64>),
    pub minimum: Option<f64>,
    pub maximum: Option<f64>,
    pub exclusive: (bool, bool),
    pub multiple_of: Option<f64>,
}

/// One schema.
#[derive(Debug)]
pub(crate) struct Node {
    pub kind: Type,
    pub nullable: bool,
    pub required: Vec<String>,
    pub properties: BTreeMap<String, Id>,
    pub other: Other,
    pub items: Option<Id>,
    pub unique: Unique,
    /// A whole object inside of another one.
    pub embedded: bool,
    pub default: Option<Value>,
    pub bounds: Bounds,
    pub all_of: Vec<Id>,
    pub any_of: Vec<Id>,
    pub one_of: Vec<Id>,
    pub not: Option<Id>,
    pub rules: Vec<Rule>,
    /// Whether this or anything below it has rules.
    pub has_rules: bool,
}

/// Schemas that refer to each other.
#[derive(Debug, Default)]
pub(crate) struct Schemas {
    nodes: Vec<Node>,
    named: BTreeMap<String, Id>,
    /// What could not be read: a pointer into the schema that was given, and why.
    pub faults: Vec<(String, String)>,
    is_structural: bool,
}

impl Schemas {
    /// The schema of one version of a definition, with its root.
    pub fn structural(schema: &Value) -> (Self, Id) {
        let mut schemas = Self { is_structural: true, ..Self::default() };
        let root = schemas.read(schema, "", DEPTH);
        (schemas, root)
    }

    /// Schemas that refer to each other by their names.
    pub fn named(definitions: &Map<String, Value>) -> Self {
        let mut schemas = Self::default();
        for name in definitions.keys() {
            let id = schemas.add(Node::open());
            schemas.named.insert(name.clone(), id);
        }
        for (name, schema) in definitions {
            // the node itself is the last one that reading adds
            let id = schemas.read(schema, "", DEPTH);
            if id + 1 == schemas.nodes.len()
                && let (Some(node), Some(&at)) = (schemas.nodes.pop(), schemas.named.get(name))
            {
                schemas.nodes[at] = node;
            }
        }
        schemas
    }

    /// A schema by its name.
    pub fn find(&self, name: &str) -> Option<Id> {
        self.named.get(name).copied()
    }

    /// A schema. Every id comes from the same value.
    pub fn node(&self, id: Id) -> &Node {
        &self.nodes[id]
    }

    /// The same, to complete it after reading.
    pub fn node_mut(&mut self, id: Id) -> &mut Node {
        &mut self.nodes[id]
    }

    pub fn add(&mut self, node: Node) -> Id {
        self.nodes.push(node);
        self.nodes.len() - 1
    }

    /// Reads what is below first, so that the node itself is the last one.
    fn read(&mut self, schema: &Value, at: &str, depth: u32) -> Id {
        let Some(fields) = schema.as_object().filter(|_| depth > 0) else { return self.add(Node::open()) };
        if let Some(id) = fields.get("$ref").and_then(Value::as_str).and_then(|name| self.find(name)) {
            return id;
        }
        let node = Node {
            kind: kind(fields),
            nullable: flag(fields, "nullable"),
            required: texts(fields.get("required")),
            properties: self.properties(fields, at, depth),
            other: self.other(fields, at, depth),
            items: fields
                .get("items")
                .filter(|items| items.is_object())
                .map(|items| self.read(items, &format!("{at}/items"), depth - 1)),
            unique: unique(fields),
            embedded: flag(fields, "x-kubernetes-embedded-resource"),
            default: fields.get("default").filter(|default| !default.is_null()).cloned(),
            bounds: self.bounds(fields, at),
            all_of: self.list(fields, "allOf", at, depth),
            any_of: self.list(fields, "anyOf", at, depth),
            one_of: self.list(fields, "oneOf", at, depth),
            not: fields.get("not").map(|not| self.read(not, &format!("{at}/not"), depth - 1)),
            rules: super::rules::read(fields, at, &mut self.faults),
            has_rules: false,
        };
        let below = node.properties.values().copied().chain(node.items);
        let below = below.chain(if let Other::Of(id) = node.other { Some(id) } else { None });
        let has_rules = !node.rules.is_empty() || below.into_iter().any(|id| self.nodes[id].has_rules);
        self.add(Node { has_rules, ..node })
    }

    fn properties(&mut self, fields: &Map<String, Value>, at: &str, depth: u32) -> BTreeMap<String, Id> {
        let properties = fields.get("properties").and_then(Value::as_object);
        let read = |(name, schema): (&String, &Value)| {
            let at = super::super::problem::pointer(&format!("{at}/properties"), name);
            (name.clone(), self.read(schema, &at, depth - 1))
        };
        properties.into_iter().flatten().map(read).collect()
    }

    fn other(&mut self, fields: &Map<String, Value>, at: &str, depth: u32) -> Other {
        match fields.get("additionalProperties") {
            Some(schema @ Value::Object(_)) => {
                Other::Of(self.read(schema, &format!("{at}/additionalProperties"), depth - 1))
            }
            Some(Value::Bool(true)) => Other::Any,
            _ if flag(fields, "x-kubernetes-preserve-unknown-fields") => Other::Any,
            _ if self.is_structural || fields.contains_key("properties") => Other::None,
            _ => Other::Any,
        }
    }

    fn list(&mut self, fields: &Map<String, Value>, name: &str, at: &str, depth: u32) -> Vec<Id> {
        let all = fields.get(name).and_then(Value::as_array).into_iter().flatten().enumerate();
        all.map(|(index, schema)| self.read(schema, &format!("{at}/{name}/{index}"), depth - 1)).collect()
    }

    fn bounds(&mut self, fields: &Map<String, Value>, at: &str) -> Bounds {
        let count = |name: &str| fields.get(name).and_then(Value::as_u64);
        let number = |name: &str| fields.get(name).and_then(Value::as_f64);
        let pattern = fields.get("pattern").and_then(Value::as_str).and_then(|pattern| {
            let built = regex::RegexBuilder::new(pattern).size_limit(PATTERN_SIZE).build();
            built.map_err(|_| self.faults.push((format!("{at}/pattern"), no_pattern(pattern)))).ok()
        });
        Bounds {
            options: fields.get("enum").and_then(Value::as_array).cloned().unwrap_or_default(),
            pattern,
            format: fields.get("format").and_then(Value::as_str).map(str::to_owned),
            length: (count("minLength"), count("maxLength")),
            items: (count("minItems"), count("maxItems")),
            fields: (count("minProperties"), count("maxProperties")),
            minimum: number("minimum"),
            maximum: number("maximum"),
            exclusive: (flag(fields, "exclusiveMinimum"), flag(fields, "exclusiveMaximum")),
            multiple_of: number("multipleOf"),
        }
    }
}

fn kind(fields: &Map<String, Value>) -> Type {
    if flag(fields, "x-kubernetes-int-or-string") {
        return Type::IntOrText;
    }
    match fields.get("type").and_then(Value::as_str) {
        Some("object") => Type::Object,
        Some("array") => Type::Array,
        Some("string") => Type::Text,
        Some("integer") => Type::Integer,
        Some("number") => Type::Number,
        Some("boolean") => Type::Boolean,
        _ => Type::Any,
    }
}

fn no_pattern(pattern: &str) -> String {
    format!("the pattern {pattern} cannot be read, so values are not held against it")
}

impl Node {
    /// The schema of a field.
    pub fn field(&self, name: &str) -> Option<Id> {
        match (self.properties.get(name), self.other) {
            (Some(&id), _) | (None, Other::Of(id)) => Some(id),
            _ => None,
        }
    }

    /// A schema that everything fits.
    pub fn open() -> Self {
        Self {
            kind: Type::Any,
            nullable: true,
            required: Vec::new(),
            properties: BTreeMap::new(),
            other: Other::Any,
            items: None,
            unique: Unique::No,
            embedded: false,
            default: None,
            bounds: Bounds::default(),
            all_of: Vec::new(),
            any_of: Vec::new(),
            one_of: Vec::new(),
            not: None,
            rules: Vec::new(),
            has_rules: false,
        }
    }
}

fn flag(fields: &Map<String, Value>, name: &str) -> bool {
    fields.get(name) == Some(&Value::Bool(true))
}

fn texts(value: Option<&Value>) -> Vec<String> {
    let items = value.and_then(Value::as_array).into_iter().flatten();
    items.filter_map(Value::as_str).map(str::to_owned).collect()
}

fn unique(fields: &Map<String, Value>) -> Unique {
    match fields.get("x-kubernetes-list-type").and_then(Value::as_str) {
        Some("set") => Unique::Items,
        Some("map") => Unique::Keys(texts(fields.get("x-kubernetes-list-map-keys"))),
        _ if flag(fields, "uniqueItems") => Unique::Items,
        _ => Unique::No,
    }
}
