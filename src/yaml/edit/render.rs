//! JSON values as YAML: one line for scalars and flow style, lines for blocks.

use std::fmt::Write;

use serde_json::Value;

use super::super::scalar::plain_value;
use super::super::tree::Shape;
use super::site::Style;
use crate::javascript::number_to_string;

/// A mapping key.
pub(super) fn key(key: &str, in_flow: bool) -> String {
    string(key, None, in_flow)
}

/// Whether a value needs lines of its own in block style.
pub(super) fn is_block(value: &Value) -> bool {
    match value {
        Value::Array(items) => !items.is_empty(),
        Value::Object(map) => !map.is_empty(),
        _ => false,
    }
}

/// A value in one line. A string keeps the quotes of what was there before, if it had any.
pub(super) fn inline(value: &Value, before: Option<Shape>, in_flow: bool) -> String {
    match value {
        Value::Null => "null".into(),
        Value::Bool(value) => value.to_string(),
        Value::Number(value) => value.as_f64().map(number_to_string).unwrap_or_default(),
        Value::String(text) => string(text, before, in_flow),
        Value::Array(items) => {
            let items: Vec<String> = items.iter().map(|item| inline(item, None, true)).collect();
            format!("[{}]", items.join(", "))
        }
        Value::Object(map) => {
            let entry = |(name, value): (&String, &Value)| {
                format!("{}: {}", key(name, true), inline(value, None, true))
            };
            let entries: Vec<String> = map.iter().map(entry).collect();
            format!("{{{}}}", entries.join(", "))
        }
    }
}

/// A collection that is not empty as lines, without the indentation of the place it comes to.
pub(super) fn block(value: &Value, style: Style) -> Vec<String> {
    match value {
        Value::Array(items) => items.iter().flat_map(|value| item(value, style)).collect(),
        Value::Object(map) => map.iter().flat_map(|(name, value)| entry(name, value, style)).collect(),
        scalar => vec![inline(scalar, None, false)],
    }
}

/// An entry of a block mapping as lines.
pub(super) fn entry(name: &str, value: &Value, style: Style) -> Vec<String> {
    let name = key(name, false);
    if let Some((header, lines)) = literal(value) {
        let mut out = vec![format!("{name}: {header}")];
        out.extend(indented(lines, style.indent));
        return out;
    }
    if !is_block(value) {
        return vec![format!("{name}: {}", inline(value, None, false))];
    }
    let indent = if value.is_array() { style.list_indent } else { style.indent };
    let mut out = vec![format!("{name}:")];
    out.extend(indented(block(value, style), indent));
    out
}

/// An item of a block list as lines.
pub(super) fn item(value: &Value, style: Style) -> Vec<String> {
    if let Some((header, lines)) = literal(value) {
        let mut out = vec![format!("- {header}")];
        out.extend(indented(lines, 2));
        return out;
    }
    let mut lines = indented(block(value, style), 2);
    if let Some(first) = lines.first_mut() {
        first.replace_range(..2, "- ");
    }
    if is_block(value) { lines } else { vec![format!("- {}", inline(value, None, false))] }
}

/// Lines moved to the right; empty ones stay empty.
pub(super) fn indented(lines: Vec<String>, columns: usize) -> Vec<String> {
    let blanks = " ".repeat(columns);
    let indent = |line: String| if line.is_empty() { line } else { format!("{blanks}{line}") };
    lines.into_iter().map(indent).collect()
}

/// Text of several lines as a `|` block, where that is safe: its header and its lines.
pub(super) fn literal(value: &Value) -> Option<(&'static str, Vec<String>)> {
    let text = value.as_str()?;
    let body = text.trim_end_matches('\n');
    let plain = |c: char| c == '\n' || c == '\t' || is_printable(c);
    if !body.contains('\n') || !text.chars().all(plain) || body.starts_with([' ', '\t', '\n']) {
        return None;
    }
    let header = match text.len() - body.len() {
        0 => "|-",
        1 => "|",
        _ => "|+",
    };
    let kept = text.strip_suffix('\n').unwrap_or(text);
    Some((header, kept.split('\n').map(str::to_owned).collect()))
}

fn string(text: &str, before: Option<Shape>, in_flow: bool) -> String {
    let quotable = text.chars().all(is_printable);
    match before {
        Some(Shape::Double) => double_quoted(text),
        Some(Shape::Single) if quotable => single_quoted(text),
        _ if is_plain(text, in_flow) => text.into(),
        _ if quotable && text.contains('"') && !text.contains('\'') => single_quoted(text),
        _ => double_quoted(text),
    }
}

/// Whether a text stays the same string without quotes, whoever reads it.
fn is_plain(text: &str, in_flow: bool) -> bool {
    const INDICATORS: [char; 20] =
        ['-', '?', ':', ',', '[', ']', '{', '}', '#', '&', '*', '!', '|', '>', '\'', '"', '%', '@', '`', '='];
    let flow = in_flow && text.contains([',', '[', ']', '{', '}']);
    let separators = text.contains(": ") || text.contains(" #") || text.ends_with(':');
    let marker = text.starts_with("---") || text.starts_with("...") || text == "<<";
    plain_value(text).is_none()
        && text.chars().all(is_printable)
        && !text.starts_with(INDICATORS)
        && !text.starts_with(' ')
        && !text.ends_with(' ')
        && !(flow || separators || marker)
}

fn is_printable(c: char) -> bool {
    !c.is_control() && !matches!(c, '\u{2028}' | '\u{2029}' | '\u{feff}' | '\u{fffe}' | '\u{ffff}')
}

fn single_quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

fn double_quoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            c if is_printable(c) => out.push(c),
            // Writing to a string does not fail.
            c => drop(write!(out, "\\u{:04x}", u32::from(c))),
        }
    }
    out.push('"');
    out
}
