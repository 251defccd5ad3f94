//! JSON values as YAML text, in the style of npm `yaml`'s `stringify`: block style, sequences indented,
//! plain scalars wherever they read back as the same text.
//!
//! Long lines are not folded yet, which npm `yaml` does at 80 columns; the value is the same.

use std::fmt::Write;
use std::sync::LazyLock;

use regex::Regex;
use serde_json::Value;

use super::number_text;

/// What a plain scalar cannot look like (npm `yaml`, `stringifyString`).
static NOT_PLAIN: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(
        "^[\\n\\t ,\\[\\]{}#&*!|>'\"%@`]|^[?-]$|^[?-][ \\t]|[\\n:][ \\t]|[ \\t]\\n|[\\n\\t ]#|[\\n\\t :-]$",
    )
    .ok()
});

/// What the core schema reads as something else than text.
static NOT_TEXT: LazyLock<Option<Regex>> = LazyLock::new(|| {
    let forms = [
        "~|[Nn]ull|NULL|",
        "[Tt]rue|TRUE|[Ff]alse|FALSE",
        "0o[0-7]+|[-+]?[0-9]+|0x[0-9a-fA-F]+",
        r"[-+]?\.(inf|Inf|INF)|\.nan|\.NaN|\.NAN",
        r"[-+]?(\.[0-9]+|[0-9]+\.?[0-9]*)([eE][-+]?[0-9]+)?",
    ];
    Regex::new(&format!("^({})$", forms.join("|"))).ok()
});

/// A value as one YAML document, with a line break at its end.
pub fn to_string(value: &Value) -> String {
    let mut out = String::new();
    write(&mut out, value, 0, true);
    if !out.ends_with('\n') {
        out.push('\n');
    }
    out
}

/// Writes a value behind `key:` or `-`, or at the start of the document.
fn write(out: &mut String, value: &Value, indent: usize, at_start: bool) {
    match value {
        Value::Object(entries) if !entries.is_empty() => {
            for (index, (key, value)) in entries.iter().enumerate() {
                if index > 0 || !at_start {
                    line(out, indent);
                }
                out.push_str(&key_text(key));
                out.push(':');
                below(out, value, indent);
            }
        }
        Value::Array(items) if !items.is_empty() => {
            for (index, item) in items.iter().enumerate() {
                if index > 0 || !at_start {
                    line(out, indent);
                }
                out.push_str("- ");
                write(out, item, indent + 2, true);
            }
        }
        scalar => out.push_str(&scalar_text(scalar, indent)),
    }
}

/// Writes the value of a key: collections in the next line, scalars in the same.
fn below(out: &mut String, value: &Value, indent: usize) {
    match value {
        Value::Object(entries) if !entries.is_empty() => write(out, value, indent + 2, false),
        Value::Array(items) if !items.is_empty() => write(out, value, indent + 2, false),
        scalar => {
            out.push(' ');
            out.push_str(&scalar_text(scalar, indent + 2));
        }
    }
}

fn line(out: &mut String, indent: usize) {
    if !out.is_empty() && !out.ends_with('\n') {
        out.push('\n');
    }
    out.extend(std::iter::repeat_n(' ', indent));
}

fn scalar_text(value: &Value, indent: usize) -> String {
    match value {
        Value::Null => "null".to_owned(),
        Value::Bool(bool) => bool.to_string(),
        Value::Number(number) => number.as_f64().map_or_else(|| number.to_string(), number_text),
        Value::String(text) if text.contains('\n') && !text.ends_with([' ', '\t']) => {
            block(text, indent.max(2))
        }
        Value::String(text) if is_plain(text) => text.clone(),
        Value::String(text) => quoted(text),
        Value::Array(_) => "[]".to_owned(),
        Value::Object(_) => "{}".to_owned(),
    }
}

fn key_text(key: &str) -> String {
    if is_plain(key) { key.to_owned() } else { quoted(key) }
}

fn is_plain(text: &str) -> bool {
    let fits = |pattern: &Option<Regex>| pattern.as_ref().is_some_and(|pattern| !pattern.is_match(text));
    fits(&NOT_PLAIN)
        && fits(&NOT_TEXT)
        && !text.chars().any(|c| c.is_control() || c == '\u{feff}')
        && !text.starts_with("---")
        && !text.starts_with("...")
}

/// Double quotes, or single ones around a text that has double ones itself.
fn quoted(text: &str) -> String {
    if text.contains('"') && !text.contains('\'') && !text.chars().any(char::is_control) {
        return format!("'{text}'");
    }
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            '\r' => out.push_str("\\r"),
            c if c.is_control() || c == '\u{feff}' => {
                let _ = write!(out, "\\u{:04x}", c as u32);
            }
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

/// A literal block scalar.
fn block(text: &str, indent: usize) -> String {
    if text.chars().any(|c| c.is_control() && c != '\n' && c != '\t') {
        return quoted(text);
    }
    let body = text.trim_end_matches('\n');
    let breaks = text.len() - body.len();
    let chomp = if breaks == 0 {
        "-"
    } else if breaks == 1 && !body.is_empty() {
        ""
    } else {
        "+"
    };
    let indicator = if body.trim_start_matches('\n').starts_with(' ') { "2" } else { "" };
    let mut out = format!("|{indicator}{chomp}");
    let pad = " ".repeat(indent);
    for line in body.split('\n') {
        out.push('\n');
        if !line.is_empty() {
            out.push_str(&pad);
            out.push_str(line);
        }
    }
    out.push_str(&"\n".repeat(breaks.max(1)));
    out
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::to_string;
    use crate::source::SourceId;
    use crate::yaml;

    #[test]
    fn what_is_written_reads_back_as_the_same_value() {
        let value = json!({
            "plain": "a b", "empty": "", "number": "1.0", "yes": "yes", "null": "null", "colon": "a: b", "hash": "a #b",
            "dash": "- a", "quote": "say \"x\"", "both": "it's \"x\"", "lines": "one\ntwo\n", "keep": "one\n\n",
            "strip": "one\ntwo", "indented": "  one\ntwo\n", "trailing": "one \n ", "control": "a\u{1b}b", "tab": "\tx",
            "list": [1, 2.5, true, null, [], {}, ["a", ["b"]], {"a": 1, "b": {"c": [1]}}],
            "a: key": {"": 1}, "12": 3, "---": "...", "bom": "\u{feff}x", "e": 1e21,
        });
        let text = to_string(&value);
        let (tree, findings) = yaml::parse(SourceId(0), &text);
        assert!(findings.is_empty(), "{text}\n{findings:?}");
        let read = tree.documents(&text).next().unwrap().root().unwrap().to_json();
        assert_eq!(read, value, "{text}");
    }

    #[test]
    fn the_style_is_that_of_npm_yaml() {
        let value = json!({"a": {"b": ["x", {"c": 1, "d": "y: z"}]}, "e": "one\ntwo\n", "f": []});
        assert_eq!(
            to_string(&value),
            "a:\n  b:\n    - x\n    - c: 1\n      d: \"y: z\"\ne: |\n  one\n  two\nf: []\n"
        );
    }
}
