//! Findings as workflow commands, which GitHub Actions turns into annotations of the changed files:
//! `::error file=...,line=...::message`. GitHub shows the first ten of each severity of a step; the
//! log has all of them.
//!
//! Commands and escapes: "Workflow commands for GitHub Actions", docs.github.com, and
//! `ActionCommand.cs` of actions/runner.

use std::fmt::Write;

use super::{Findings, Places, whole_message};
use crate::diagnostic::{Diagnostic, Severity};
use crate::output::text::clean;

pub(super) fn written(findings: &Findings<'_>) -> String {
    let mut out = String::new();
    for found in &findings.sorted {
        command(&mut out, &findings.places, found);
    }
    out
}

fn command(out: &mut String, places: &Places<'_>, found: &Diagnostic) {
    let word = match found.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info => "notice",
    };
    let span = found.primary.span;
    let (start, end) = places.range(span);
    let _ = write!(out, "::{word} title={}", property(found.rule.as_str()));
    let _ = write!(out, ",file={},line={},endLine={}", property(places.path(span)), start.line, end.line);
    // the runner drops the columns of a place of several lines, with a warning of its own
    if start.line == end.line {
        let _ = write!(out, ",col={},endColumn={}", start.column, end.column.max(start.column));
    }
    let _ = writeln!(out, "::{}", escaped(&whole_message(found)));
}

/// A text that cannot end the command it is in.
fn escaped(text: &str) -> String {
    clean(text).replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// The same for the value of a property.
fn property(text: &str) -> String {
    escaped(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::{escaped, property};

    fn check(text: &str, as_message: &str, as_property: &str) {
        assert_eq!((escaped(text).as_str(), property(text).as_str()), (as_message, as_property));
    }

    #[test]
    fn nothing_starts_a_command_of_its_own() {
        check("a\n::set-env x,y", "a%0A::set-env x,y", "a%0A%3A%3Aset-env x%2Cy");
        check("100%0A", "100%250A", "100%250A");
        check("\u{1b}[2J\r", "\\u{1b}[2J\\u{d}", "\\u{1b}[2J\\u{d}");
    }
}
