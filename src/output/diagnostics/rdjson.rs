//! Findings in reviewdog's diagnostic format, which it posts as review comments with suggestions.
//!
//! Columns count bytes of UTF-8 from 1, and an end is the place behind the last character: the
//! Reviewdog Diagnostic Format, `reviewdog.proto`.

use serde::Serialize;

use super::{Findings, Places, whole_message};
use crate::diagnostic::{Diagnostic, Label, Severity};
use crate::output::json::document;
use crate::source::{Position, Span};

#[derive(Serialize)]
struct Document<'a> {
    source: Source,
    diagnostics: Vec<Entry<'a>>,
}

#[derive(Serialize)]
struct Source {
    name: &'static str,
}

#[derive(Serialize)]
struct Entry<'a> {
    message: String,
    location: Location<'a>,
    severity: &'static str,
    code: Code<'a>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    suggestions: Vec<Suggestion>,
    #[serde(rename = "relatedLocations", skip_serializing_if = "Vec::is_empty")]
    related: Vec<Related<'a>>,
}

#[derive(Serialize)]
struct Location<'a> {
    path: &'a str,
    range: Range,
}

#[derive(Serialize)]
struct Range {
    start: Point,
    end: Point,
}

#[derive(Serialize)]
struct Point {
    line: u32,
    column: u32,
}

#[derive(Serialize)]
struct Code<'a> {
    value: &'a str,
}

#[derive(Serialize)]
struct Suggestion {
    range: Range,
    text: String,
}

#[derive(Serialize)]
struct Related<'a> {
    message: &'a str,
    location: Location<'a>,
}

pub(super) fn written(findings: &Findings<'_>) -> String {
    let entries = findings.sorted.iter().map(|found| entry(&findings.places, found));
    document(&Document { source: Source { name: env!("CARGO_PKG_NAME") }, diagnostics: entries.collect() })
}

fn entry<'a>(places: &Places<'a>, found: &'a Diagnostic) -> Entry<'a> {
    let here = found.primary.span.source;
    // A suggestion is one replacement in the file of the finding, so edits are put together.
    let suggestions = found.suggestions.iter().filter_map(|suggestion| places.merged(&suggestion.edits));
    let suggestions = suggestions.filter(|edit| edit.span.source == here);
    Entry {
        message: whole_message(found),
        location: location(places, found.primary.span),
        severity: match found.severity {
            Severity::Error => "ERROR",
            Severity::Warning => "WARNING",
            Severity::Info => "INFO",
        },
        code: Code { value: found.rule.as_str() },
        suggestions: suggestions
            .map(|edit| Suggestion { range: range(places, edit.span), text: edit.replacement })
            .collect(),
        related: found.related.iter().map(|label| related(places, label)).collect(),
    }
}

fn related<'a>(places: &Places<'a>, label: &'a Label) -> Related<'a> {
    Related { message: &label.message, location: location(places, label.span) }
}

fn location<'a>(places: &Places<'a>, span: Span) -> Location<'a> {
    Location { path: places.path(span), range: range(places, span) }
}

fn range(places: &Places<'_>, span: Span) -> Range {
    let point = |at: Position| Point { line: at.line, column: at.column };
    let (start, end) = places.byte_range(span);
    Range { start: point(start), end: point(end) }
}
