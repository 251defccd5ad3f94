//! Quoted strings.

use super::fold::{Mode, fold};
use super::{NEWLINE, Place, Units, has_document_marker, push};

/// Texts whose JSON is shorter stay in one line.
const MIN_MULTI_LINE: usize = 40;

/// Double quotes; single ones around text with double quotes and no single ones.
pub(super) fn quoted(text: &str, place: &Place<'_>) -> Units {
    if text.contains('"') && !text.contains('\'') { single(text, place) } else { double(text, place) }
}

fn indent_of<'a>(text: &str, place: &Place<'a>) -> &'a str {
    if place.indent.is_empty() && has_document_marker(text) { "  " } else { place.indent }
}

fn single(text: &str, place: &Place<'_>) -> Units {
    let space_at_break = ["\n ", "\n\t", " \n", "\t\n"].iter().any(|pair| text.contains(pair));
    if space_at_break || (place.is_key && text.contains('\n')) {
        return double(text, place);
    }
    let indent = indent_of(text, place);
    let mut units = Units::new();
    push(&mut units, "'");
    let body: Units = text.replace('\'', "''").encode_utf16().collect();
    units.extend(after_newlines(&body, &format!("\n{indent}")));
    push(&mut units, "'");
    if place.is_key { units } else { fold(&units, indent, Mode::Flow, place.column).text }
}

/// Puts a text behind each run of line breaks.
pub(super) fn after_newlines(units: &[u16], inserted: &str) -> Units {
    let mut output = Units::with_capacity(units.len());
    for (index, unit) in units.iter().enumerate() {
        output.push(*unit);
        if *unit == NEWLINE && units.get(index + 1) != Some(&NEWLINE) {
            push(&mut output, inserted);
        }
    }
    output
}

/// JSON's escapes, YAML's shorter ones where there are some, and line breaks as empty lines.
pub(super) fn double(text: &str, place: &Place<'_>) -> Units {
    let json: Units = serde_json::Value::from(text).to_string().encode_utf16().collect();
    let indent = indent_of(text, place);
    let mut writer = Double { json: &json, output: Units::new(), start: 0, index: 0 };
    while writer.index < json.len() {
        writer.step(place.is_key, indent);
        writer.index += 1;
    }
    let mut units = writer.output;
    units.extend_from_slice(&json[writer.start.min(json.len())..]);
    if place.is_key { units } else { fold(&units, indent, Mode::Quoted, place.column).text }
}

struct Double<'a> {
    json: &'a [u16],
    output: Units,
    /// What is not yet copied begins here.
    start: usize,
    index: usize,
}

impl Double<'_> {
    fn is(&self, ahead: usize, character: u8) -> bool {
        self.json.get(self.index + ahead) == Some(&u16::from(character))
    }

    fn copy(&mut self, replacement: &str) {
        self.output.extend_from_slice(&self.json[self.start..self.index]);
        push(&mut self.output, replacement);
    }

    fn step(&mut self, is_key: bool, indent: &str) {
        if self.is(0, b' ') && self.is(1, b'\\') && self.is(2, b'n') {
            // a space before a line break is escaped, or it would be folded away
            self.copy("\\ ");
            self.index += 1;
            self.start = self.index;
        }
        if !self.is(0, b'\\') {
            return;
        }
        if self.is(1, b'u') {
            self.unicode();
        } else if self.is(1, b'n') && !is_key && !self.is(2, b'"') && self.json.len() >= MIN_MULTI_LINE {
            self.line_break(indent);
        } else {
            self.index += 1;
        }
    }

    fn unicode(&mut self) {
        let digits = String::from_utf16_lossy(self.json.get(self.index + 2..self.index + 6).unwrap_or(&[]));
        let short = match digits.as_str() {
            "0000" => "\\0".to_owned(),
            "0007" => "\\a".to_owned(),
            "000b" => "\\v".to_owned(),
            "001b" => "\\e".to_owned(),
            _ => match digits.strip_prefix("00") {
                Some(rest) => format!("\\x{rest}"),
                None => format!("\\u{digits}"),
            },
        };
        self.copy(&short);
        self.index += 5;
        self.start = self.index + 1;
    }

    fn line_break(&mut self, indent: &str) {
        self.copy("\n\n");
        while self.is(2, b'\\') && self.is(3, b'n') && !self.is(4, b'"') {
            push(&mut self.output, "\n");
            self.index += 2;
        }
        push(&mut self.output, indent);
        if self.is(2, b' ') {
            push(&mut self.output, "\\");
        }
        self.index += 1;
        self.start = self.index + 1;
    }
}
