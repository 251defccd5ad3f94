//! What is said about a text that is refused, and where.

use std::fmt::Write;

use platform::diagnostic::Diagnostic;
use platform::source::{LineIndex, SourceId, Span};
use platform::yaml;

use crate::support::shared::files;

/// Line, column and text of a place.
fn place(text: &str, span: Span) -> String {
    let start = LineIndex::new(text).position(text, span.start);
    format!("{}:{} {:?}", start.line, start.column, &text[span.range()])
}

fn describe(text: &str, found: &Diagnostic) -> String {
    let mut out = format!("{}[{}] {}\n", found.severity.as_str(), found.rule, found.message);
    let mut line = |what: &str, words: &str| writeln!(out, "  {what}: {words}").unwrap();
    line("at", format!("{} {}", place(text, found.primary.span), found.primary.message).trim_end());
    for label in &found.related {
        line("and", &format!("{} {}", place(text, label.span), label.message));
    }
    for suggestion in &found.suggestions {
        line("help", &suggestion.message);
    }
    out
}

#[test]
fn what_is_refused_is_explained() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/yaml-refused");
    let texts = files(&folder, &[".yaml"]);
    assert!(texts.len() > 20);
    for path in texts {
        let text = std::fs::read_to_string(&path).unwrap();
        let (_, found) = yaml::parse(SourceId(0), &text);
        let described: String = found.iter().map(|found| describe(&text, found)).collect();
        snapbox::assert_data_eq!(
            described,
            snapbox::Data::read_from(&path.with_extension("txt"), None).raw()
        );
    }
}
