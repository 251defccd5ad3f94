//! Findings in each format. One file a format; all take the same values.

mod concise;
mod json;
mod text;

use std::cmp::Ordering;

use crate::diagnostic::{Diagnostic, Severity};
use crate::output::Console;
use crate::source::{LineIndex, Position, Sources, Span};

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
    pub fn of(diagnostics: &[Diagnostic]) -> Self {
        let count = |severity| diagnostics.iter().filter(|found| found.severity == severity).count();
        Self {
            errors: count(Severity::Error),
            warnings: count(Severity::Warning),
            infos: count(Severity::Info),
        }
    }
}

/// Writes findings to stdout, sorted by place.
pub fn print(console: &Console, format: Format, sources: &Sources, diagnostics: &[Diagnostic]) {
    let mut sorted: Vec<&Diagnostic> = diagnostics.iter().collect();
    sorted.sort_by(|a, b| by_place(sources, a, b));
    match format {
        Format::Text => text::print(console, sources, &sorted),
        Format::Concise => concise::print(console, sources, &sorted),
        Format::Json => json::print(console, sources, &sorted),
    }
}

/// Writes findings to stderr as text, for a command whose result they are not.
pub fn print_to_stderr(console: &Console, sources: &Sources, diagnostics: &[Diagnostic]) {
    let mut sorted: Vec<&Diagnostic> = diagnostics.iter().collect();
    sorted.sort_by(|a, b| by_place(sources, a, b));
    for found in sorted {
        console.complain_raw(&text::rendered(
            console.has_colour_on_stderr(),
            console.width(),
            sources,
            found,
        ));
    }
}

fn by_place(sources: &Sources, a: &Diagnostic, b: &Diagnostic) -> Ordering {
    let key = |found: &Diagnostic| {
        let span = found.primary.span;
        (sources.path(span.source).to_owned(), span.start, span.end, found.rule.clone())
    };
    key(a).cmp(&key(b)).then_with(|| a.message.cmp(&b.message))
}

/// Where a place starts and ends, as people count. Line 1, column 1 when the text is gone.
fn positions(sources: &Sources, span: Span) -> (Position, Position) {
    let Some(text) = sources.text(span.source) else {
        let start = Position { line: 1, column: 1 };
        return (start, start);
    };
    let index = LineIndex::new(text);
    (index.position(text, span.start), index.position(text, span.end))
}
