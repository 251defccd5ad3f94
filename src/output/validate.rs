//! The report of `validate`.

use super::diagnostics::{self, Counts, Format};
use super::{Console, Style, Text, unchecked};
use crate::diagnostic::Diagnostic;
use crate::ops::validate::Report;

/// Writes the findings to stdout and, for people, a last line to stderr.
pub fn print(console: &Console, format: Format, report: &Report) {
    diagnostics::print(console, format, &report.sources, &report.findings);
    if format.is_for_people() {
        unchecked::note(console, &report.unchecked);
        console.note(summary(report));
    }
}

/// How much was looked at and found.
pub(super) fn summary(report: &Report) -> Text {
    let entities = count(report.entities, "entity", "entities");
    let files = count(report.files, "file", "files");
    verdict(&report.findings, &format!("{entities} in {files}"))
}

/// How many findings there are in what was looked at.
pub(super) fn verdict(findings: &[Diagnostic], looked: &str) -> Text {
    let counts = Counts::of(findings);
    let text = Text::new();
    let text = match (counts.errors, counts.warnings) {
        (0, 0) => text.styled(Style::Good, "ok").plain(": "),
        (0, warnings) => text.styled(Style::Warn, count(warnings, "warning", "warnings")).plain(" in "),
        (errors, 0) => text.styled(Style::Bad, count(errors, "error", "errors")).plain(" in "),
        (errors, warnings) => text
            .styled(Style::Bad, count(errors, "error", "errors"))
            .plain(" and ")
            .styled(Style::Warn, count(warnings, "warning", "warnings"))
            .plain(" in "),
    };
    text.plain(looked).end()
}

/// `1 entity`, `2 entities`.
pub(super) fn count(number: usize, one: &str, many: &str) -> String {
    format!("{number} {}", if number == 1 { one } else { many })
}
