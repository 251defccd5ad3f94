//! Findings as one JSON document.

use serde::Serialize;

use super::{Counts, positions};
use crate::diagnostic::{Diagnostic, Label, Reach};
use crate::output::Console;
use crate::output::json::SCHEMA_VERSION;
use crate::source::Sources;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Document<'a> {
    schema_version: u32,
    errors: usize,
    warnings: usize,
    infos: usize,
    findings: Vec<Finding<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Finding<'a> {
    rule: &'a str,
    severity: &'static str,
    stops: &'static str,
    message: &'a str,
    place: Place<'a>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    related: Vec<Place<'a>>,
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    notes: &'a [String],
    #[serde(skip_serializing_if = "Vec::is_empty")]
    suggestions: Vec<&'a str>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Place<'a> {
    path: &'a str,
    line: u32,
    column: u32,
    end_line: u32,
    end_column: u32,
    #[serde(skip_serializing_if = "str::is_empty")]
    message: &'a str,
}

pub(super) fn print(console: &Console, sources: &Sources, diagnostics: &[&Diagnostic]) {
    let owned: Vec<Diagnostic> = diagnostics.iter().map(|found| (*found).clone()).collect();
    let counts = Counts::of(&owned);
    let document = Document {
        schema_version: SCHEMA_VERSION,
        errors: counts.errors,
        warnings: counts.warnings,
        infos: counts.infos,
        findings: owned.iter().map(|found| finding(sources, found)).collect(),
    };
    // The document holds strings and numbers only: there is nothing that cannot be written.
    let text = serde_json::to_string_pretty(&document).unwrap_or_default();
    console.print_raw(&format!("{text}\n"));
}

fn finding<'a>(sources: &'a Sources, found: &'a Diagnostic) -> Finding<'a> {
    Finding {
        rule: found.rule.as_str(),
        severity: found.severity.as_str(),
        stops: match found.reach {
            Reach::Nothing => "nothing",
            Reach::Entity => "entity",
            Reach::Location => "location",
        },
        message: &found.message,
        place: place(sources, &found.primary),
        related: found.related.iter().map(|label| place(sources, label)).collect(),
        notes: &found.notes,
        suggestions: found.suggestions.iter().map(|suggestion| suggestion.message.as_str()).collect(),
    }
}

fn place<'a>(sources: &'a Sources, label: &'a Label) -> Place<'a> {
    let (start, end) = positions(sources, label.span);
    Place {
        path: sources.path(label.span.source),
        line: start.line,
        column: start.column,
        end_line: end.line,
        end_column: end.column,
        message: &label.message,
    }
}
