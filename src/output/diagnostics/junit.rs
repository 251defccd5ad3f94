//! Findings as a JUnit XML report: a suite for each file, a test case for each finding.
//!
//! Errors are failures. JUnit has no warnings: they are test cases that pass and say what was found,
//! because a run with warnings only is fine. A run without findings has one test case that passes:
//! some servers take an empty report for a broken one. Written the way the Jenkins xUnit plugin's
//! `junit-10.xsd` and GitLab's "Unit test reports" want it.

use std::fmt::Write;

use super::{Counts, Findings, whole_message};
use crate::diagnostic::{Diagnostic, Severity};
use crate::output::text::clean;

pub(super) fn written(findings: &Findings<'_>) -> String {
    let total = Counts::of(findings.sorted.iter().copied());
    let tests = findings.sorted.len().max(1);
    let mut out = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    let _ = writeln!(
        out,
        "<testsuites name=\"platform validate\" tests=\"{tests}\" failures=\"{}\" errors=\"0\">",
        total.errors
    );
    if findings.sorted.is_empty() {
        out.push_str("  <testsuite name=\"catalog\" tests=\"1\" failures=\"0\" errors=\"0\">\n");
        out.push_str("    <testcase name=\"no findings\" classname=\"catalog\"/>\n  </testsuite>\n");
    }
    for of_file in findings.sorted.chunk_by(|a, b| a.primary.span.source == b.primary.span.source) {
        suite(&mut out, findings, of_file);
    }
    out.push_str("</testsuites>\n");
    out
}

fn suite(out: &mut String, findings: &Findings<'_>, of_file: &[&Diagnostic]) {
    let Some(first) = of_file.first() else { return };
    let path = escaped(findings.places.path(first.primary.span));
    let failures = Counts::of(of_file.iter().copied()).errors;
    let tests = of_file.len();
    let _ =
        writeln!(out, "  <testsuite name=\"{path}\" tests=\"{tests}\" failures=\"{failures}\" errors=\"0\">");
    for found in of_file {
        case(out, findings, &path, found);
    }
    out.push_str("  </testsuite>\n");
}

fn case(out: &mut String, findings: &Findings<'_>, path: &str, found: &Diagnostic) {
    let (start, _) = findings.places.range(found.primary.span);
    let rule = escaped(found.rule.as_str());
    let place = format!("{}:{}", start.line, start.column);
    let _ = writeln!(out, "    <testcase name=\"{rule} at {place}\" classname=\"{path}\">");
    let text =
        escaped(&format!("{}\n{}:{place}", whole_message(found), findings.places.path(found.primary.span)));
    let _ = match found.severity {
        Severity::Error => {
            let message = escaped(&found.message);
            writeln!(out, "      <failure message=\"{message}\" type=\"{rule}\">{text}</failure>")
        }
        severity => {
            writeln!(out, "      <system-out>{}: {text}</system-out>", severity.as_str())
        }
    };
    out.push_str("    </testcase>\n");
}

/// Text for element content and attribute values. XML 1.0 can spell neither control characters nor
/// U+FFFE and U+FFFF, not even as references.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in clean(text).chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\n' => out.push_str("&#10;"),
            '\t' => out.push_str("&#9;"),
            '\u{fffe}' | '\u{ffff}' => {
                let _ = write!(out, "{}", c.escape_unicode());
            }
            c => out.push(c),
        }
    }
    out
}
