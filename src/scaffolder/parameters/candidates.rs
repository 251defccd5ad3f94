//! Which entities a picker offers.

use serde_json::{Map, Value};

use super::hints::{flag, hint, text_hint, texts};
use crate::entity::EntityRef;

/// What an entity picker asks for.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct EntityPicker {
    /// `catalogFilter`: a mapping or a list of mappings, one of which must match.
    pub filter: Option<Value>,
    /// The kind of a ref that names none.
    pub default_kind: Option<String>,
    /// The namespace of a ref that names none; `None` when a ref must name it
    /// (`defaultNamespace: false`).
    pub default_namespace: Option<String>,
    /// Whether the answer may be something that no entity has.
    pub arbitrary: bool,
    /// Whose entities are offered.
    pub whose: Whose,
}

/// Whose entities a picker offers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Whose {
    /// Everybody's.
    #[default]
    Anyone,
    /// Those that the user or a group of the user owns.
    Owned,
    /// The groups that the user is a member of.
    Memberships,
}

/// What a picker of tags offers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TagsPicker {
    /// The kinds whose tags are offered; none stands for all.
    pub kinds: Vec<String>,
    /// Whether it says how many entities have a tag.
    pub counts: bool,
    /// What it says about itself.
    pub help: Option<String>,
}

impl TagsPicker {
    pub(super) fn new(schema: &Map<String, Value>) -> Self {
        Self {
            kinds: texts(hint(schema, "kinds")),
            counts: flag(schema, "showCounts"),
            help: text_hint(schema, "helperText"),
        }
    }

    /// Whether tags of entities of this kind are offered.
    pub fn takes(&self, kind: &str) -> bool {
        self.kinds.is_empty() || self.kinds.iter().any(|taken| taken.eq_ignore_ascii_case(kind))
    }
}

impl EntityPicker {
    pub(super) fn new(schema: &Map<String, Value>) -> Self {
        let by_kind = hint(schema, "allowedKinds")
            .map(|kinds| Value::Object(Map::from_iter([("kind".to_owned(), kinds.clone())])));
        let namespace = match hint(schema, "defaultNamespace") {
            Some(Value::Bool(false)) => None,
            Some(Value::String(namespace)) => Some(namespace.clone()),
            _ => Some("default".to_owned()),
        };
        Self {
            filter: hint(schema, "catalogFilter").cloned().or(by_kind),
            default_kind: text_hint(schema, "defaultKind"),
            default_namespace: namespace,
            arbitrary: hint(schema, "allowArbitraryValues") != Some(&Value::Bool(false)),
            whose: Whose::Anyone,
        }
    }

    pub(super) fn of(schema: &Map<String, Value>, whose: Whose) -> Self {
        Self { whose, ..Self::new(schema) }
    }

    pub(super) fn my_groups() -> Self {
        let picker = Self::of(&Map::new(), Whose::Memberships);
        Self { filter: Some(serde_json::json!({"kind": "Group"})), arbitrary: false, ..picker }
    }

    pub(super) fn owner(schema: &Map<String, Value>) -> Self {
        let mut picker = Self::new(schema);
        picker.default_kind.get_or_insert_with(|| "Group".to_owned());
        picker.filter.get_or_insert_with(|| serde_json::json!({"kind": ["Group", "User"]}));
        picker
    }

    /// What was typed as the picker would answer it: a whole ref in lower case where it is one with the
    /// picker's defaults, else as it is.
    pub fn complete(&self, typed: &str) -> String {
        let names_namespace = typed.contains('/');
        match &self.default_namespace {
            None if !names_namespace => typed.to_owned(),
            namespace => {
                let namespace = namespace.as_deref().unwrap_or("default");
                EntityRef::parse(typed, self.default_kind.as_deref(), namespace)
                    .map_or_else(|_| typed.to_owned(), |reference| reference.to_string())
            }
        }
    }

    /// Whether the picker offers this entity.
    pub fn matches(&self, entity: &Value) -> bool {
        self.filter.as_ref().is_none_or(|filter| matches(filter, entity))
    }
}

/// Whether an entity passes a `catalogFilter`: a mapping of dotted paths (`spec.type`) to a value, a
/// list of values or `{exists: bool}`, all of which must hold; or a list of such mappings.
///
/// Paths and values are compared without regard to case and lists match by any entry, as in the
/// catalog's search. Relations can only be asked for where the entity carries them.
pub fn matches(filter: &Value, entity: &Value) -> bool {
    match filter {
        Value::Array(filters) => filters.iter().any(|filter| matches(filter, entity)),
        Value::Object(conditions) => conditions.iter().all(|(path, wanted)| holds(path, wanted, entity)),
        _ => true,
    }
}

fn holds(path: &str, wanted: &Value, entity: &Value) -> bool {
    let mut found = Vec::new();
    collect(&path.to_lowercase(), entity, &mut found, 0);
    let any = |wanted: &Value| {
        let wanted = scalar(wanted).unwrap_or_default();
        found.contains(&wanted)
    };
    match wanted {
        Value::Array(values) => values.iter().any(any),
        Value::Object(options) => match options.get("exists") {
            Some(Value::Bool(false)) => found.is_empty(),
            _ => !found.is_empty(),
        },
        value => any(value),
    }
}

/// Every scalar at `path` below `value`. Keys may hold dots themselves (annotations do), so each
/// key that the path starts with is tried.
fn collect(path: &str, value: &Value, found: &mut Vec<String>, depth: usize) {
    if depth > 32 {
        return;
    }
    match value {
        Value::Array(items) => {
            for item in items {
                // `metadata.tags.java` asks whether the list holds `java`.
                if !path.is_empty() && scalar(item).as_deref() == Some(path) {
                    found.push("true".to_owned());
                }
                collect(path, item, found, depth + 1);
            }
        }
        Value::Object(entries) => {
            for (key, inner) in entries {
                let key = key.to_lowercase();
                match path.strip_prefix(key.as_str()) {
                    Some("") => collect("", inner, found, depth + 1),
                    Some(rest) if rest.starts_with('.') => collect(&rest[1..], inner, found, depth + 1),
                    _ => {}
                }
            }
        }
        value if path.is_empty() => found.extend(scalar(value)),
        _ => {}
    }
}

fn scalar(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.to_lowercase()),
        Value::Bool(_) | Value::Number(_) => Some(value.to_string()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::matches;

    fn check(filter: &Value, expected: bool) {
        let entity = json!({
            "kind": "Component",
            "metadata": {"name": "shop", "annotations": {"example.org/a.b": "x"}, "tags": ["java", "web"]},
            "spec": {"type": "service", "lifecycle": "production"},
        });
        assert_eq!(matches(filter, &entity), expected, "{filter}");
    }

    #[test]
    fn what_was_typed_becomes_a_whole_ref() {
        let complete = |options: Value, typed: &str| {
            let schema = json!({"ui:options": options});
            super::EntityPicker::new(schema.as_object().unwrap()).complete(typed)
        };
        let group = json!({"defaultKind": "Group"});
        assert_eq!(complete(group.clone(), "Team-A"), "group:default/team-a");
        assert_eq!(complete(group, "user:x/Ann"), "user:x/ann");
        assert_eq!(complete(json!({}), "team-a"), "team-a");
        assert_eq!(
            complete(json!({"defaultKind": "Group", "defaultNamespace": "acme"}), "a"),
            "group:acme/a"
        );
        assert_eq!(complete(json!({"defaultKind": "Group", "defaultNamespace": false}), "a"), "a");
    }

    #[test]
    fn filters_match_as_in_the_catalog() {
        check(&json!({"kind": "component"}), true);
        check(&json!({"kind": ["Group", "Component"], "spec.type": "service"}), true);
        check(&json!({"kind": "Component", "spec.type": "library"}), false);
        check(&json!([{"kind": "API"}, {"spec.lifecycle": "production"}]), true);
        check(&json!({"metadata.annotations.example.org/a.b": "x"}), true);
        check(&json!({"metadata.annotations.example.org/a.b": {"exists": true}}), true);
        check(&json!({"metadata.annotations.other": {"exists": true}}), false);
        check(&json!({"metadata.annotations.other": {"exists": false}}), true);
        check(&json!({"metadata.tags": "web"}), true);
        check(&json!({"metadata.tags.java": true}), true);
        check(&json!({}), true);
    }
}
