//! The report of `render --server-dry-run`.

use serde::Serialize;

use super::diagnostics::{self, Counts};
use super::validate::count;
use super::{Console, Format, Style, Text, json};
use crate::error::Failure;
use crate::ops::server_dry_run::Report;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Wire<'a> {
    server: &'a str,
    accepted: usize,
    refused: Vec<Refused<'a>>,
    namespaces_missing: Vec<&'a str>,
    forbidden: &'a [String],
    undecided: Vec<Undecided<'a>>,
}

#[derive(Serialize)]
struct Refused<'a> {
    path: &'a str,
    line: u32,
    column: u32,
    message: &'a str,
}

#[derive(Serialize)]
struct Undecided<'a> {
    object: String,
    reason: &'a str,
}

/// Writes what the server would refuse to stdout, and for people what it could not say to stderr.
pub fn print(console: &Console, format: Format, report: &Report) -> Result<(), Failure> {
    if format != Format::Text {
        return json::print(console, format, &wire(report));
    }
    diagnostics::print(console, diagnostics::Format::Text, &report.sources, &report.findings);
    for name in &report.namespaces {
        console.note(format!("the namespace {name} is not there yet: what goes into it was not asked\n"));
    }
    for message in &report.forbidden {
        console.warn(&format!("not allowed to ask: {message}"));
    }
    for (object, reason) in &report.undecided {
        console.warn(&format!("{object} could not be tried: {reason}"));
    }
    console.note(summary(report));
    Ok(())
}

fn summary(report: &Report) -> Text {
    let objects = count(report.accepted, "object", "objects");
    let errors = Counts::of(&report.findings).errors;
    let text = match errors {
        0 => Text::new().styled(Style::Good, "ok"),
        errors => Text::new().styled(Style::Bad, count(errors, "error", "errors")),
    };
    text.plain(format!(": {} would take {objects}", report.server)).end()
}

fn wire(report: &Report) -> Wire<'_> {
    let refused = report.findings.iter().map(|finding| {
        let span = finding.primary.span;
        let text = report.sources.text(span.source).map_or("", |text| &**text);
        let at = crate::source::LineIndex::new(text).position(text, span.start);
        let path = report.sources.path(span.source);
        Refused { path, line: at.line, column: at.column, message: &finding.message }
    });
    Wire {
        server: &report.server,
        accepted: report.accepted,
        refused: refused.collect(),
        namespaces_missing: report.namespaces.iter().map(String::as_str).collect(),
        forbidden: &report.forbidden,
        undecided: report
            .undecided
            .iter()
            .map(|(object, reason)| Undecided { object: object.to_string(), reason })
            .collect(),
    }
}
