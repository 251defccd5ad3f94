//! Values as JSON, the way npm `yaml`'s `toJSON` and `JSON.stringify` make them.

use serde_json::{Map, Number, Value};

use super::node::{Kind, Node};
use super::scalar::Scalar;
use super::tree::Shape;
use crate::javascript::number_to_string;

/// The recursion is as deep as the tree with its aliases followed, which parsing has bounded.
pub(super) fn to_json(node: Node<'_>) -> Value {
    match node.kind() {
        Kind::Mapping => {
            let mut map = Map::new();
            for (name, value) in node.entries() {
                map.insert(key(name), to_json(value));
            }
            Value::Object(map)
        }
        Kind::Sequence => Value::Array(node.items().map(to_json).collect()),
        _ => match node.scalar() {
            Scalar::Null => Value::Null,
            Scalar::Bool(value) => Value::Bool(value),
            Scalar::Int(value) | Scalar::Float(value) => number(value),
            Scalar::String(text) => Value::String(text.into_owned()),
        },
    }
}

/// A JavaScript number as JSON. JavaScript has one kind of number: `1.0` is `1`.
pub(super) fn number(value: f64) -> Value {
    let text = number_to_string(value);
    if let Ok(whole) = text.parse::<i64>() {
        return whole.into();
    }
    if let Ok(whole) = text.parse::<u64>() {
        return whole.into();
    }
    Number::from_f64(value).map_or(Value::Null, Value::Number)
}

/// A mapping key as the string that JavaScript makes of it: `null` becomes empty, a collection its
/// own YAML on one line.
pub fn key(node: Node<'_>) -> String {
    match node.kind() {
        Kind::Mapping | Kind::Sequence => {
            let mut out = String::new();
            write_flow(node, &mut out, 0);
            out
        }
        _ => match node.scalar() {
            Scalar::Null => String::new(),
            Scalar::Bool(value) => value.to_string(),
            Scalar::Int(value) | Scalar::Float(value) => number_to_string(value),
            Scalar::String(text) => text.into_owned(),
        },
    }
}

/// Writes `{ a: 1, b }` and `[ 1, 2 ]` with scalars as they stand in the source.
fn write_flow(node: Node<'_>, out: &mut String, depth: usize) {
    let written = || node.text.get(node.span().range()).unwrap_or_default();
    if node.is_alias() || depth > 64 {
        out.push_str(written());
        return;
    }
    match node.kind() {
        Kind::Mapping => {
            let bare = node.entries().all(|(_, value)| value.entry().shape == Shape::Missing);
            write_items(out, ('{', '}'), node.entries(), |out, (name, value)| {
                if bare && matches!(name.kind(), Kind::Mapping | Kind::Sequence) {
                    out.push_str("? ");
                }
                write_flow(name, out, depth + 1);
                if !bare {
                    out.push(':');
                }
                if value.entry().shape != Shape::Missing {
                    out.push(' ');
                    write_flow(value, out, depth + 1);
                }
            });
        }
        Kind::Sequence => {
            write_items(out, ('[', ']'), node.items(), |out, item| write_flow(item, out, depth + 1));
        }
        _ if node.entry().shape == Shape::Missing => {}
        _ => out.push_str(written()),
    }
}

fn write_items<T>(
    out: &mut String,
    (open, close): (char, char),
    items: impl Iterator<Item = T>,
    write: impl Fn(&mut String, T),
) {
    out.push(open);
    let mut empty = true;
    for item in items {
        out.push_str(if empty { " " } else { ", " });
        empty = false;
        write(out, item);
    }
    out.push_str(if empty { "" } else { " " });
    out.push(close);
}
