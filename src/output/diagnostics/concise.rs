//! One line a finding: `path:line:column: severity[rule] message`.

use super::Findings;
use crate::diagnostic::Severity;
use crate::output::{Style, Text};

pub(super) fn written(findings: &Findings<'_>) -> Text {
    let mut all = Text::new();
    for found in &findings.sorted {
        let span = found.primary.span;
        let (start, _) = findings.places.range(span);
        let style = match found.severity {
            Severity::Error => Style::Bad,
            Severity::Warning => Style::Warn,
            Severity::Info => Style::Dim,
        };
        let place = format!("{}:{}:{}", findings.places.path(span), start.line, start.column);
        all.push(Style::Strong, one_line(&place));
        all.push(Style::Plain, ": ");
        all.push(style, format!("{}[{}]", found.severity.as_str(), found.rule));
        all.push(Style::Plain, format!(" {}\n", one_line(&found.message)));
    }
    all
}

/// One line stays one line, whatever is in a path or a message.
fn one_line(text: &str) -> String {
    text.replace('\n', "\\n")
}
