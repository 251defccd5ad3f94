//! `x-kubernetes-validations`: rules in CEL that a definition has beside its schema, decided for an object
//! that is created. Rules about a change (`oldSelf`) wait for one.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use crate::cel::{KubernetesRule, KubernetesValue};

use super::structural::{Id, Node, Other, Schemas, Type};
use super::walk::Violation;

/// One rule.
#[derive(Clone, Debug)]
pub(crate) struct Rule {
    text: String,
    /// The rule, or what is not there to decide it with.
    compiled: Result<KubernetesRule, String>,
    message: Option<String>,
    message_expression: Option<KubernetesRule>,
    /// Where the finding is told, as a pointer below the value.
    field: String,
    /// Only about changes.
    is_transition: bool,
}

/// The rules of a schema.
pub(super) fn read(fields: &Map<String, Value>, at: &str, faults: &mut Vec<(String, String)>) -> Vec<Rule> {
    let all = fields.get("x-kubernetes-validations").and_then(Value::as_array).into_iter().flatten();
    let mut rules = Vec::new();
    for (index, fields) in all.enumerate() {
        let text = |name: &str| fields.get(name).and_then(Value::as_str).map(str::trim);
        let Some(rule) = text("rule") else {
            let at = format!("{at}/x-kubernetes-validations/{index}");
            faults.push((at, "the rule has no `rule`".to_owned()));
            continue;
        };
        let compiled = KubernetesRule::compile(rule);
        let is_optional = fields.get("optionalOldSelf") == Some(&Value::Bool(true));
        let field = text("fieldPath").unwrap_or("");
        rules.push(Rule {
            text: rule.split_whitespace().collect::<Vec<_>>().join(" "),
            is_transition: compiled.as_ref().is_ok_and(|rule| rule.uses("oldSelf")) && !is_optional,
            compiled: compiled.map_err(|error| error.message),
            message: text("message").filter(|text| !text.is_empty()).map(str::to_owned),
            message_expression: text("messageExpression").and_then(|it| KubernetesRule::compile(it).ok()),
            field: field.replace(['[', ']', '\''], "").replace('.', "/"),
        });
    }
    rules
}

/// Runs every rule over an object that fits its schema.
pub(super) struct Runner<'a> {
    pub schemas: &'a Schemas,
    pub found: Vec<Violation>,
    /// Rules that could not be decided, with the reason.
    pub undecided: BTreeSet<String>,
}

impl Runner<'_> {
    pub fn value(&mut self, id: Id, value: &Value, at: &mut String) {
        let node = self.schemas.node(id);
        if !node.has_rules || value.is_null() {
            return;
        }
        if node.rules.iter().any(|rule| !rule.is_transition) {
            let seen = KubernetesValue::new(&seen(self.schemas, node, value), count(value));
            for rule in node.rules.iter().filter(|rule| !rule.is_transition) {
                self.rule(rule, &seen, at);
            }
        }
        let length = at.len();
        match value {
            Value::Object(fields) => {
                for (name, value) in fields {
                    let Some(id) = node.field(name) else { continue };
                    at.push('/');
                    at.push_str(&name.replace('~', "~0").replace('/', "~1"));
                    self.value(id, value, at);
                    at.truncate(length);
                }
            }
            Value::Array(items) => {
                let Some(id) = node.items else { return };
                for (index, item) in items.iter().enumerate() {
                    at.extend(["/", &index.to_string()]);
                    self.value(id, item, at);
                    at.truncate(length);
                }
            }
            _ => {}
        }
    }

    fn rule(&mut self, rule: &Rule, value: &KubernetesValue, at: &str) {
        let decided = match &rule.compiled {
            Ok(compiled) => compiled.holds(value).map_err(|error| error.message),
            Err(reason) => Err(reason.clone()),
        };
        match decided {
            Ok(true) => {}
            Ok(false) => {
                let made = rule.message_expression.as_ref().and_then(|it| it.text(value).ok());
                let message = made.or_else(|| rule.message.clone());
                let message = message.unwrap_or_else(|| format!("the rule does not hold: {}", rule.text));
                let message = message.split_whitespace().collect::<Vec<_>>().join(" ");
                let pointer = format!("{at}{}", rule.field);
                self.found.push(Violation { pointer, message, help: None, is_of_value: true });
            }
            Err(reason) => {
                self.undecided.insert(format!("{reason}: {}", rule.text));
            }
        }
    }
}

/// A value as rules see it: names of fields escaped, numbers of their type.
fn seen(schemas: &Schemas, node: &Node, value: &Value) -> Value {
    match value {
        Value::Object(fields) => {
            let field = |(name, value): (&String, &Value)| match (node.properties.get(name), node.other) {
                (Some(&id), _) => (escaped(name), seen(schemas, schemas.node(id), value)),
                (None, Other::Of(id)) => (name.clone(), seen(schemas, schemas.node(id), value)),
                (None, _) => (name.clone(), value.clone()),
            };
            Value::Object(fields.iter().map(field).collect())
        }
        Value::Array(items) => match node.items {
            Some(id) => items.iter().map(|item| seen(schemas, schemas.node(id), item)).collect(),
            None => value.clone(),
        },
        Value::Number(number) if node.kind == Type::Number => {
            number.as_f64().map_or_else(|| value.clone(), Value::from)
        }
        other => other.clone(),
    }
}

/// The name of a field in CEL; the words that CEL keeps for itself are escaped.
fn escaped(name: &str) -> String {
    const KEPT: [&str; 18] = [
        "true",
        "false",
        "null",
        "in",
        "as",
        "break",
        "const",
        "continue",
        "else",
        "for",
        "function",
        "if",
        "import",
        "let",
        "loop",
        "package",
        "namespace",
        "return",
    ];
    if KEPT.contains(&name) {
        return format!("__{name}__");
    }
    if !name.contains(['.', '-', '/']) && !name.contains("__") {
        return name.to_owned();
    }
    let name = name.replace("__", "__underscores__").replace('.', "__dot__");
    name.replace('-', "__dash__").replace('/', "__slash__")
}

/// How many values there are in a value.
fn count(value: &Value) -> usize {
    1 + match value {
        Value::Array(items) => items.iter().map(count).sum(),
        Value::Object(fields) => fields.values().map(count).sum(),
        _ => 0,
    }
}

/// A value with the defaults of its schema, as the server has it before it looks at the rules.
pub(super) fn complete(schemas: &Schemas, id: Id, value: &Value, depth: u32) -> Value {
    let node = schemas.node(id);
    match value {
        Value::Object(fields) if depth > 0 => {
            let mut complete_fields = Map::new();
            for (name, value) in fields {
                let Some(id) = node.field(name) else {
                    complete_fields.insert(name.clone(), value.clone());
                    continue;
                };
                let is_dropped = value.is_null() && !schemas.node(id).nullable;
                if !is_dropped {
                    complete_fields.insert(name.clone(), complete(schemas, id, value, depth - 1));
                }
            }
            for (name, &id) in &node.properties {
                if let Some(default) = &schemas.node(id).default
                    && !complete_fields.contains_key(name)
                {
                    complete_fields.insert(name.clone(), complete(schemas, id, default, depth - 1));
                }
            }
            Value::Object(complete_fields)
        }
        Value::Array(items) if depth > 0 => match node.items {
            Some(id) => items.iter().map(|item| complete(schemas, id, item, depth - 1)).collect(),
            None => value.clone(),
        },
        other => other.clone(),
    }
}
