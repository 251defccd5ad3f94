//! Reports for machines: JSON with a schema version, or the same as YAML.

use std::borrow::Cow;
use std::fmt::Write;

use serde::Serialize;

use super::console::{Console, Format};
use super::text::turns_direction;
use crate::error::Failure;

/// The version of the JSON that every report is written in.
pub const SCHEMA_VERSION: u32 = 1;

/// A report with its version in front.
#[derive(Serialize)]
struct Versioned<'a, T: Serialize> {
    #[serde(rename = "schemaVersion")]
    schema_version: u32,
    #[serde(flatten)]
    report: &'a T,
}

/// Writes a report in a machine's format. `Format::Text` is the caller's business.
pub fn print<T: Serialize>(console: &Console, format: Format, report: &T) -> Result<(), Failure> {
    let versioned = Versioned { schema_version: SCHEMA_VERSION, report };
    let value = serde_json::to_value(&versioned)
        .map_err(|error| Failure::usage("cannot write the report as JSON").because(error))?;
    match format {
        Format::Yaml => {
            let text = crate::yaml::emit::to_string(&value);
            // Only quoted texts can spell a character out. JSON is YAML, and all of its texts are quoted.
            let turns = text.contains(turns_direction);
            console.print_raw(&if turns { document(&value) } else { text });
        }
        Format::Text | Format::Json => console.print_raw(&document(&value)),
    }
    Ok(())
}

/// A value of strings, numbers and lists as an indented document with a line break at its end.
pub(super) fn document<T: Serialize>(value: &T) -> String {
    // Such values always can be written: their keys are strings.
    let text = serde_json::to_string_pretty(value).unwrap_or_default();
    format!("{}\n", harmless(&text))
}

/// The same on one line.
pub(super) fn line<T: Serialize>(value: &T) -> String {
    let text = serde_json::to_string(value).unwrap_or_default();
    format!("{}\n", harmless(&text))
}

/// JSON with the characters escaped that JSON allows in strings and that do something to a terminal.
/// Outside of strings there are none.
fn harmless(json: &str) -> Cow<'_, str> {
    let acts = |c: char| c.is_control() && c != '\n' || turns_direction(c);
    if !json.contains(acts) {
        return Cow::Borrowed(json);
    }
    let mut out = String::with_capacity(json.len() + 16);
    for c in json.chars() {
        if acts(c) {
            // All of them are in the basic plane: one escape is one character.
            let _ = write!(out, "\\u{:04x}", u32::from(c));
        } else {
            out.push(c);
        }
    }
    Cow::Owned(out)
}

#[cfg(test)]
mod tests {
    use super::line;

    #[test]
    fn what_acts_on_a_terminal_is_escaped_and_means_the_same() {
        let text = "a\u{1b}\u{7f}\u{9b}2J\u{202e}\n\tä";
        let written = line(&[text]);
        assert_eq!(written, "[\"a\\u001b\\u007f\\u009b2J\\u202e\\n\\tä\"]\n");
        let read: Vec<String> = serde_json::from_str(&written).unwrap();
        assert_eq!(read, [text]);
    }
}
