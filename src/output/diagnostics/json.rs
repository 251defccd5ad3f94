//! Findings as one JSON document.

use serde::Serialize;

use super::{Counts, Findings, Places};
use crate::diagnostic::{Applicability, Diagnostic, Edit, Label, Reach, Suggestion};
use crate::ops::fix::Fixed;
use crate::output::json::{SCHEMA_VERSION, document};
use crate::source::Span;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Document<'a> {
    schema_version: u32,
    errors: usize,
    warnings: usize,
    infos: usize,
    findings: Vec<Finding<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    fixed: Vec<Repaired<'a>>,
}

#[derive(Serialize)]
struct Repaired<'a> {
    rule: &'a str,
    message: &'a str,
    repair: &'a str,
    path: &'a str,
    line: u32,
    column: u32,
}

/// One finding.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::output) struct Finding<'a> {
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
    suggestions: Vec<Advice<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Place<'a> {
    path: &'a str,
    #[serde(flatten)]
    range: Range,
    #[serde(skip_serializing_if = "str::is_empty")]
    message: &'a str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Range {
    line: u32,
    column: u32,
    end_line: u32,
    end_column: u32,
    start_byte: u32,
    end_byte: u32,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Advice<'a> {
    message: &'a str,
    safe: bool,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    edits: Vec<Change<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Change<'a> {
    path: &'a str,
    #[serde(flatten)]
    range: Range,
    replacement: &'a str,
}

pub(super) fn written(findings: &Findings<'_>) -> String {
    let counts = Counts::of(findings.sorted.iter().copied());
    document(&Document {
        schema_version: SCHEMA_VERSION,
        errors: counts.errors,
        warnings: counts.warnings,
        infos: counts.infos,
        findings: findings.sorted.iter().map(|found| finding(&findings.places, found)).collect(),
        fixed: findings.fixed.iter().map(repaired).collect(),
    })
}

fn repaired(fixed: &Fixed) -> Repaired<'_> {
    Repaired {
        rule: fixed.finding.rule.as_str(),
        message: &fixed.finding.message,
        repair: &fixed.repair,
        path: &fixed.path,
        line: fixed.position.line,
        column: fixed.position.column,
    }
}

/// One finding as it stands in the list.
pub(in crate::output) fn finding<'a>(places: &Places<'a>, found: &'a Diagnostic) -> Finding<'a> {
    Finding {
        rule: found.rule.as_str(),
        severity: found.severity.as_str(),
        stops: match found.reach {
            Reach::Nothing => "nothing",
            Reach::Entity => "entity",
            Reach::Location => "location",
        },
        message: &found.message,
        place: place(places, &found.primary),
        related: found.related.iter().map(|label| place(places, label)).collect(),
        notes: &found.notes,
        suggestions: found.suggestions.iter().map(|suggestion| advice(places, suggestion)).collect(),
    }
}

fn place<'a>(places: &Places<'a>, label: &'a Label) -> Place<'a> {
    Place { path: places.path(label.span), range: range(places, label.span), message: &label.message }
}

fn range(places: &Places<'_>, span: Span) -> Range {
    let (start, end) = places.range(span);
    Range {
        line: start.line,
        column: start.column,
        end_line: end.line,
        end_column: end.column,
        start_byte: span.start,
        end_byte: span.end,
    }
}

fn advice<'a>(places: &Places<'a>, suggestion: &'a Suggestion) -> Advice<'a> {
    let edit = |edit: &'a Edit| Change {
        path: places.path(edit.span),
        range: range(places, edit.span),
        replacement: &edit.replacement,
    };
    Advice {
        message: &suggestion.message,
        safe: suggestion.applicability == Applicability::Safe,
        edits: suggestion.edits.iter().map(edit).collect(),
    }
}
