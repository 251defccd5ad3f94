//! How policies do on their examples.

use serde::Serialize;

use super::diagnostics::{self, Finding, Format, Places, finding};
use super::validate::count;
use super::{Console, Style, Text, json};
use crate::diagnostic::Diagnostic;
use crate::error::Failure;
use crate::ops::policy_examples::{Report, Tested};
use crate::rules;

#[derive(Serialize)]
struct Document<'a> {
    passed: usize,
    failed: usize,
    policies: Vec<Wire<'a>>,
    findings: Vec<Finding<'a>>,
}

#[derive(Serialize)]
struct Wire<'a> {
    id: &'a str,
    summary: &'a str,
    path: &'a str,
    line: u32,
    passed: bool,
    good: Example<'a>,
    bad: Example<'a>,
}

#[derive(Serialize)]
struct Example<'a> {
    passed: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<&'a str>,
}

/// Writes what passed and what failed to stdout and, for people, a last line to stderr. The formats of other
/// tools get what failed as findings.
pub fn print(console: &Console, format: Format, report: &Report) -> Result<(), Failure> {
    match format {
        Format::Text | Format::Concise => {
            print_text(console, format, report);
            Ok(())
        }
        Format::Json => json::print(console, super::Format::Json, &document(report)),
        _ => {
            diagnostics::print(console, format, &report.sources, &report.findings);
            Ok(())
        }
    }
}

fn places(report: &Report) -> Places<'_> {
    let mut places = Places::new(&report.sources);
    report.sources.iter().for_each(|(source, _)| places.add(source));
    places
}

/// What is wrong beside the examples.
fn unread(report: &Report) -> impl Iterator<Item = &Diagnostic> {
    report.findings.iter().filter(|found| found.rule != rules::POLICY_EXAMPLE)
}

fn document(report: &Report) -> Document<'_> {
    let places = places(report);
    let passed = report.passed();
    Document {
        passed,
        failed: report.policies.len() - passed,
        policies: report.policies.iter().map(|tested| wire(&places, tested)).collect(),
        findings: unread(report).map(|found| finding(&places, found)).collect(),
    }
}

fn wire<'a>(places: &Places<'a>, tested: &'a Tested) -> Wire<'a> {
    let Tested { policy, examples } = tested;
    let example =
        |reason: &'a Option<String>| Example { passed: reason.is_none(), reason: reason.as_deref() };
    Wire {
        id: policy.id.as_str(),
        summary: &policy.summary,
        path: places.path(policy.span),
        line: places.range(policy.span).0.line,
        passed: examples.pass(),
        good: example(&examples.good),
        bad: example(&examples.bad),
    }
}

fn print_text(console: &Console, format: Format, report: &Report) {
    let unread: Vec<Diagnostic> = unread(report).cloned().collect();
    diagnostics::print(console, format, &report.sources, &unread);
    let places = places(report);
    let mut text = Text::new();
    for Tested { policy, examples } in &report.policies {
        let (style, word) = if examples.pass() { (Style::Good, "ok") } else { (Style::Bad, "failed") };
        let (path, line) = (places.path(policy.span), places.range(policy.span).0.line);
        text.push(style, word);
        text.line(format!(": {} ({path}:{line})", policy.id));
        for (name, reason) in [("good", &examples.good), ("bad", &examples.bad)] {
            if let Some(reason) = reason {
                text.line(format!("    the {name} example {reason}"));
            }
        }
    }
    console.print(text);
    console.note(summary(report, unread.len()));
}

fn summary(report: &Report, unread: usize) -> Text {
    let passed = report.passed();
    let failed = report.policies.len() - passed;
    let tested = count(report.policies.len(), "policy", "policies");
    let problems = count(unread, "problem", "problems");
    let text = Text::new();
    match (report.policies.len(), failed, unread) {
        (0, _, 0) => text.plain("there are no policies: they are YAML files in `policies/`"),
        (_, 0, 0) => text.styled(Style::Good, "ok").plain(format!(": {tested} with 2 examples each")),
        (_, _, 0) => text.styled(Style::Bad, format!("{failed} failed")).plain(format!(" of {tested}")),
        (_, 0, _) => text.styled(Style::Bad, problems).plain(format!(" beside {tested} that passed")),
        _ => {
            let words = format!("{problems} and {failed} failed");
            text.styled(Style::Bad, words).plain(format!(" of {tested}"))
        }
    }
    .end()
}
