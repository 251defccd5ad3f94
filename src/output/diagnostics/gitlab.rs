//! Findings as a GitLab Code Quality report, which merge requests show as a widget and in the diff.
//!
//! Format: "Code Quality report format", docs.gitlab.com.

use serde::Serialize;

use super::{Findings, fingerprint, whole_message};
use crate::diagnostic::{Diagnostic, Reach, Severity};
use crate::output::json::document;

#[derive(Serialize)]
struct Issue<'a> {
    description: String,
    check_name: &'a str,
    fingerprint: String,
    severity: &'static str,
    location: Location<'a>,
}

#[derive(Serialize)]
struct Location<'a> {
    path: &'a str,
    lines: Lines,
}

#[derive(Serialize)]
struct Lines {
    begin: u32,
    end: u32,
}

pub(super) fn written(findings: &Findings<'_>) -> String {
    let fingerprints = fingerprint::all(findings);
    let issues: Vec<Issue<'_>> = findings
        .sorted
        .iter()
        .zip(fingerprints)
        .map(|(found, print)| issue(findings, found, print))
        .collect();
    document(&issues)
}

fn issue<'a>(findings: &Findings<'a>, found: &'a Diagnostic, fingerprint: String) -> Issue<'a> {
    let span = found.primary.span;
    let (start, end) = findings.places.range(span);
    Issue {
        description: whole_message(found),
        check_name: found.rule.as_str(),
        fingerprint,
        severity: severity(found),
        location: Location {
            path: findings.places.path(span),
            lines: Lines { begin: start.line, end: end.line },
        },
    }
}

/// What freezes every entity of a Location is worse than what hits one.
fn severity(found: &Diagnostic) -> &'static str {
    match (found.severity, found.reach) {
        (Severity::Error, Reach::Location) => "blocker",
        (Severity::Error, _) => "critical",
        (Severity::Warning, _) => "minor",
        (Severity::Info, _) => "info",
    }
}
