//! JSON values as YAML text, byte for byte as npm `yaml` 2.9.1 `stringify(value)` writes it with its
//! default options: that is how Backstage's actions write files.
//!
//! Lines fold at 80 columns, counted in UTF-16 code units; keys that are array indexes come first, as
//! in any JavaScript object. It knows no comments, anchors, tags and flow style: those are kept by
//! [`super::edit`] where a file exists already.

mod block;
mod fold;
mod quoted;

use serde_json::Value;

use crate::javascript::number_to_string;
use fold::{Mode, fold};

/// A text in UTF-16 code units, in which lengths are counted and lines are cut.
type Units = Vec<u16>;

/// Longest key that stands in one line with its value.
const MAX_SIMPLE_KEY: usize = 1024;

/// One document, with the line break at its end.
pub fn to_string(value: &Value) -> String {
    let mut output = Units::new();
    write(value, "", None, &mut output);
    output.push(NEWLINE);
    String::from_utf16_lossy(&output)
}

/// Several documents with `---` lines between them.
pub fn to_string_documents(values: &[Value]) -> String {
    values.iter().map(to_string).collect::<Vec<_>>().join("---\n")
}

const NEWLINE: u16 = b'\n' as u16;
const SPACE: u16 = b' ' as u16;
const TAB: u16 = b'\t' as u16;

fn push(output: &mut Units, text: &str) {
    output.extend(text.encode_utf16());
}

/// Where a scalar stands.
struct Place<'a> {
    indent: &'a str,
    /// Columns already taken in its first line.
    column: Option<usize>,
    /// It is a key: one line, whatever its length.
    is_key: bool,
}

/// Writes a value whose further lines are indented by `indent`; its first line has begun already.
fn write(value: &Value, indent: &str, column: Option<usize>, output: &mut Units) {
    match value {
        Value::Array(items) if !items.is_empty() => sequence(items, indent, output),
        Value::Object(entries) if !entries.is_empty() => mapping(entries, indent, output),
        scalar_or_empty => output.extend(scalar(scalar_or_empty, &Place { indent, column, is_key: false })),
    }
}

fn sequence(items: &[Value], indent: &str, output: &mut Units) {
    let inner = format!("{indent}  ");
    for (index, item) in items.iter().enumerate() {
        if index > 0 {
            push(output, "\n");
            push(output, indent);
        }
        push(output, "- ");
        write(item, &inner, None, output);
    }
}

fn mapping(entries: &serde_json::Map<String, Value>, indent: &str, output: &mut Units) {
    let inner = format!("{indent}  ");
    let mut ordered: Vec<(Option<u32>, &String, &Value)> =
        entries.iter().map(|(key, value)| (array_index(key), key, value)).collect();
    ordered.sort_by_key(|(index, ..)| index.map_or(u64::MAX, u64::from));
    for (index, (_, key, value)) in ordered.into_iter().enumerate() {
        if index > 0 {
            push(output, "\n");
            push(output, indent);
        }
        pair(key, value, indent, &inner, output);
    }
}

/// The number that a key is as an index of a JavaScript array.
fn array_index(key: &str) -> Option<u32> {
    let digits = key.bytes().all(|byte| byte.is_ascii_digit());
    let canonical = digits && (key == "0" || !key.starts_with('0'));
    key.parse().ok().filter(|index: &u32| canonical && *index < u32::MAX)
}

fn pair(key: &str, value: &Value, indent: &str, inner: &str, output: &mut Units) {
    let key = string(key, &Place { indent: inner, column: None, is_key: true });
    let is_explicit = key.len() > MAX_SIMPLE_KEY;
    let column = key.len() + 2;
    if is_explicit {
        push(output, "? ");
        output.extend(key);
        push(output, "\n");
        push(output, indent);
    } else {
        output.extend(key);
    }
    push(output, ":");
    let is_block = match value {
        Value::Array(items) => !items.is_empty(),
        Value::Object(entries) => !entries.is_empty(),
        _ => false,
    };
    if is_block {
        push(output, if is_explicit { " " } else { "\n" });
        push(output, if is_explicit { "" } else { inner });
        write(value, inner, None, output);
        return;
    }
    let text =
        scalar(value, &Place { indent: inner, column: (!is_explicit).then_some(column), is_key: false });
    if text.first() != Some(&NEWLINE) {
        push(output, " ");
    }
    output.extend(text);
}

fn scalar(value: &Value, place: &Place<'_>) -> Units {
    let text = match value {
        Value::Null => "null".to_owned(),
        Value::Bool(value) => value.to_string(),
        Value::Number(number) => {
            let number = number.as_f64().unwrap_or(f64::NAN);
            let is_negative_zero = number == 0.0 && number.is_sign_negative();
            if is_negative_zero { "-0".to_owned() } else { number_to_string(number) }
        }
        Value::String(text) => return string(text, place),
        Value::Array(_) => "[]".to_owned(),
        Value::Object(_) => "{}".to_owned(),
    };
    text.encode_utf16().collect()
}

/// A string in the first style that can hold it: plain, block, quoted.
fn string(text: &str, place: &Place<'_>) -> Units {
    let has_control =
        |character: char| matches!(character, '\0'..='\u{8}' | '\u{b}'..='\u{1f}' | '\u{7f}'..='\u{9f}');
    if text.contains(has_control) {
        return quoted::double(text, place);
    }
    let has_newline = text.contains('\n');
    if has_newline && place.is_key {
        return quoted::quoted(text, place);
    }
    if !can_be_plain(text) {
        return if has_newline { block::block(text, place, false) } else { quoted::quoted(text, place) };
    }
    if has_newline {
        return block::block(text, place, false);
    }
    if has_document_marker(text) {
        if place.indent.is_empty() {
            return block::block(text, place, true);
        }
        if place.is_key && place.indent.len() == 2 {
            return quoted::quoted(text, place);
        }
    }
    if is_other_type(text) {
        return quoted::quoted(text, place);
    }
    let units: Units = text.encode_utf16().collect();
    if place.is_key { units } else { fold(&units, place.indent, Mode::Flow, place.column).text }
}

/// Whether the characters allow the plain style: no indicator at the start, nothing that would begin a
/// comment or a value, no space at the end.
fn can_be_plain(text: &str) -> bool {
    let units: Units = text.encode_utf16().collect();
    let Some(first) = text.chars().next() else { return true };
    let last = text.chars().next_back().unwrap_or(first);
    let second = text.chars().nth(1);
    let dash = matches!(first, '?' | '-') && second.is_none_or(|second| matches!(second, ' ' | '\t'));
    if "\n\t ,[]{}#&*!|>'\"%@`".contains(first) || dash || matches!(last, '\n' | '\t' | ' ' | ':') {
        return false;
    }
    let is_blank = |unit: u16| unit == SPACE || unit == TAB;
    !units.windows(2).any(|pair| {
        let (left, right) = (pair[0], pair[1]);
        ((left == NEWLINE || left == u16::from(b':')) && is_blank(right))
            || (is_blank(left) && right == NEWLINE)
            || ((left == NEWLINE || is_blank(left)) && right == u16::from(b'#'))
    })
}

/// Whether a line could be taken for a directive or the border of a document.
fn has_document_marker(text: &str) -> bool {
    text.split(['\n', '\r', '\u{2028}', '\u{2029}'])
        .any(|line| line.starts_with('%') || line.starts_with("---") || line.starts_with("..."))
}

/// Whether the core schema reads a plain text as null, a truth value or a number.
fn is_other_type(text: &str) -> bool {
    const WORDS: &[&str] = &[
        "", "~", "null", "Null", "NULL", "true", "True", "TRUE", "false", "False", "FALSE", ".nan", ".NaN",
        ".NAN",
    ];
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    let all =
        |digits: &str, valid: fn(&u8) -> bool| !digits.is_empty() && digits.bytes().all(|byte| valid(&byte));
    WORDS.contains(&text)
        || matches!(unsigned, ".inf" | ".Inf" | ".INF")
        || text.strip_prefix("0o").is_some_and(|digits| all(digits, |byte| matches!(byte, b'0'..=b'7')))
        || text.strip_prefix("0x").is_some_and(|digits| all(digits, u8::is_ascii_hexdigit))
        || is_decimal(unsigned)
}

/// Digits with an optional point and exponent.
fn is_decimal(text: &str) -> bool {
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let (mantissa, exponent) = match text.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent.strip_prefix(['+', '-']).unwrap_or(exponent))),
        None => (text, None),
    };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    digits(whole)
        && digits(fraction)
        && !(whole.is_empty() && fraction.is_empty())
        && exponent.is_none_or(|exponent| !exponent.is_empty() && digits(exponent))
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::{to_string, to_string_documents};

    #[expect(clippy::needless_pass_by_value, reason = "reads better with json!")]
    fn check(value: Value, expected: &str) {
        assert_eq!(to_string(&value), expected);
    }

    #[test]
    fn structures_are_indented() {
        check(json!({"a": [1, {"b": 2, "c": []}], "d": {}}), "a:\n  - 1\n  - b: 2\n    c: []\nd: {}\n");
        check(json!([[1], ["x"]]), "- - 1\n- - x\n");
    }

    #[test]
    fn strings_are_quoted_when_they_would_be_something_else() {
        check(
            json!(["1", "true", "", "~", "a: b", "it's", "\"", "- x", "1e3", "0o7", "no"]),
            "- \"1\"\n- \"true\"\n- \"\"\n- \"~\"\n- \"a: b\"\n- it's\n- '\"'\n- \"- x\"\n- \"1e3\"\n- \"0o7\"\n- no\n",
        );
    }

    #[test]
    fn lines_of_text_are_a_block() {
        check(json!({"a": "x\ny\n", "b": "x\n\ny"}), "a: |\n  x\n  y\nb: |-\n  x\n\n  y\n");
    }

    #[test]
    fn documents_are_divided() {
        assert_eq!(to_string_documents(&[json!({"a": 1}), json!({"b": 2})]), "a: 1\n---\nb: 2\n");
    }
}
