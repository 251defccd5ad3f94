//! One line a finding: `path:line:column: severity[rule] message`.

use super::positions;
use crate::diagnostic::{Diagnostic, Severity};
use crate::output::{Console, Style, Text};
use crate::source::Sources;

pub(super) fn print(console: &Console, sources: &Sources, diagnostics: &[&Diagnostic]) {
    for found in diagnostics {
        let span = found.primary.span;
        let (start, _) = positions(sources, span);
        let style = match found.severity {
            Severity::Error => Style::Bad,
            Severity::Warning => Style::Warn,
            Severity::Info => Style::Dim,
        };
        let place = format!("{}:{}:{}", sources.path(span.source), start.line, start.column);
        let text = Text::new()
            .styled(Style::Strong, place)
            .plain(": ")
            .styled(style, format!("{}[{}]", found.severity.as_str(), found.rule))
            .plain(format!(" {}\n", found.message));
        console.print(text);
    }
}
