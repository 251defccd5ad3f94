//! Findings in each format. One file a format; all take the same [`Findings`] and return the text.

mod concise;
mod fingerprint;
mod github;
mod gitlab;
mod json;
mod jsonl;
mod junit;
mod places;
mod rdjson;
mod sarif;
mod text;

use std::cmp::Ordering;

use crate::diagnostic::{Diagnostic, Severity};
use crate::ops::fix::Fixed;
use crate::output::Console;
use crate::source::{Sources, Span};

pub(super) use json::{Finding, finding};
pub(super) use places::Places;

/// In which format findings are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Format {
    /// With an excerpt of the file, for people.
    #[default]
    Text,
    /// One line each.
    Concise,
    /// One JSON document.
    Json,
    /// One JSON object a line.
    JsonLines,
    /// SARIF 2.1.0, for code scanning.
    Sarif,
    /// JUnit XML, for test reports.
    Junit,
    /// Workflow commands of GitHub Actions.
    Github,
    /// A Code Quality report of GitLab.
    Gitlab,
    /// The diagnostic format of reviewdog.
    Rdjson,
}

impl Format {
    /// Whether it is read by people.
    pub fn is_for_people(self) -> bool {
        matches!(self, Self::Text | Self::Concise)
    }
}

/// How many findings of each severity there are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Errors.
    pub errors: usize,
    /// Warnings.
    pub warnings: usize,
    /// The rest.
    pub infos: usize,
}

impl Counts {
    /// Counts findings.
    pub fn of<'a>(diagnostics: impl IntoIterator<Item = &'a Diagnostic>) -> Self {
        let mut counts = Self::default();
        for found in diagnostics {
            match found.severity {
                Severity::Error => counts.errors += 1,
                Severity::Warning => counts.warnings += 1,
                Severity::Info => counts.infos += 1,
            }
        }
        counts
    }
}

/// Findings sorted by place, with what is needed to say where they are.
pub(super) struct Findings<'a> {
    sorted: Vec<&'a Diagnostic>,
    fixed: &'a [Fixed],
    places: Places<'a>,
}

impl<'a> Findings<'a> {
    pub(super) fn new(sources: &'a Sources, diagnostics: &'a [Diagnostic]) -> Self {
        let mut sorted: Vec<&Diagnostic> = diagnostics.iter().collect();
        sorted.sort_by(|a, b| by_place(sources, a, b));
        Self { sorted, fixed: &[], places: Places::of(sources, diagnostics) }
    }
}

/// Writes findings to stdout, sorted by place.
pub fn print(console: &Console, format: Format, sources: &Sources, diagnostics: &[Diagnostic]) {
    print_with_fixed(console, format, sources, diagnostics, &[]);
}

/// The same with what was repaired, in the format that can tell it: JSON.
pub fn print_with_fixed(
    console: &Console,
    format: Format,
    sources: &Sources,
    diagnostics: &[Diagnostic],
    fixed: &[Fixed],
) {
    let findings = Findings { fixed, ..Findings::new(sources, diagnostics) };
    match format {
        Format::Text => {
            for found in &findings.sorted {
                console.print_raw(&text::rendered(
                    console.has_colour(),
                    console.width(),
                    &findings.places,
                    found,
                ));
            }
        }
        Format::Concise => console.print(concise::written(&findings)),
        Format::Json => console.print_raw(&json::written(&findings)),
        Format::JsonLines => console.print_raw(&jsonl::written(&findings)),
        Format::Sarif => console.print_raw(&sarif::written(&findings)),
        Format::Junit => console.print_raw(&junit::written(&findings)),
        Format::Github => console.print_raw(&github::written(&findings)),
        Format::Gitlab => console.print_raw(&gitlab::written(&findings)),
        Format::Rdjson => console.print_raw(&rdjson::written(&findings)),
    }
}

/// Writes findings to stderr as text, for a command whose result they are not.
pub fn print_to_stderr(console: &Console, sources: &Sources, diagnostics: &[Diagnostic]) {
    let findings = Findings::new(sources, diagnostics);
    for found in &findings.sorted {
        console.complain_raw(&text::rendered(
            console.has_colour_on_stderr(),
            console.width(),
            &findings.places,
            found,
        ));
    }
}

fn by_place(sources: &Sources, a: &Diagnostic, b: &Diagnostic) -> Ordering {
    let (at, other) = (a.primary.span, b.primary.span);
    let path = |span: Span| sources.path(span.source);
    path(at)
        .cmp(path(other))
        .then_with(|| (at.start, at.end).cmp(&(other.start, other.end)))
        .then_with(|| (&a.rule, &a.message).cmp(&(&b.rule, &b.message)))
}

/// The message with its reasons and advice, one a line, for formats that have one text for all.
fn whole_message(found: &Diagnostic) -> String {
    let mut message = found.message.clone();
    for note in &found.notes {
        message.push_str("\nnote: ");
        message.push_str(note);
    }
    for suggestion in &found.suggestions {
        message.push_str("\nhelp: ");
        message.push_str(&suggestion.message);
    }
    message
}
