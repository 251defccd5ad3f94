//! `stale-rendered`: the folder `rendered/` against what the entities become now.
//!
//! `render --check` compares the same and shows the difference; here each file is a finding at its entity, so
//! that waivers, severities and `--changed` hold for it. It reads what `validate` reads: overlaid texts count,
//! absent files do not.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use super::render::{File, Rendering};
use crate::diagnostic::{Diagnostic, Reach};
use crate::entity::Entity;
use crate::fs;
use crate::rules::rule;
use crate::source::{SourceId, Span};

/// One file of `rendered/` as it is: its source and its text.
pub(super) struct Present {
    /// Its source.
    pub(super) source: SourceId,
    /// What is in it; `None` for what cannot be read or is no text.
    pub(super) text: Option<Arc<str>>,
}

/// Compares files with entities, one by one.
pub(super) struct Stale<'a> {
    rendering: &'a Rendering<'a>,
    /// The files that no entity has claimed yet, by path.
    left: BTreeMap<String, Present>,
    findings: Vec<Diagnostic>,
}

impl<'a> Stale<'a> {
    /// The files of the folder, by path.
    pub(super) fn new(rendering: &'a Rendering<'a>, present: BTreeMap<String, Present>) -> Self {
        Self { rendering, left: present, findings: Vec::new() }
    }

    /// An entity and its file. One that cannot be rendered has a finding of its own and keeps its file.
    pub(super) fn entity(&mut self, entity: &Entity, (path, file): (String, File)) {
        // of an entity that is defined twice the first counts, as everywhere
        let first = self.rendering.catalog.get(&entity.reference);
        if first.is_none_or(|first| first.span != entity.span) {
            return;
        }
        let present = self.left.remove(&path);
        let Some(wanted) = file.text else { return };
        let found = match present {
            Some(Present { text: Some(text), .. }) if *text == *wanted => return,
            Some(Present { source, text }) => {
                let text = text.unwrap_or_default();
                let message = format!("`{path}` is not what `{}` becomes", entity.reference.short());
                report(entity.name_span, message)
                    .related(first_difference(source, &text, &wanted), "the first line that differs")
            }
            None => {
                let message = format!("`{path}` is missing: `{}` becomes objects", entity.reference.short());
                report(entity.name_span, message)
            }
        };
        self.findings.push(found);
    }

    /// All findings. `all_known` says that every type could be read, so that a file that nobody claimed
    /// belongs to nobody.
    pub(super) fn finish(mut self, all_known: bool) -> Vec<Diagnostic> {
        let unclaimed = self.left.into_iter().filter(|_| all_known);
        for (path, present) in unclaimed {
            if present.text.is_some_and(|text| super::rendered::is_ours(&text)) {
                let message = format!("`{path}` is left over: no entity becomes it");
                self.findings.push(report(Span::start_of(present.source), message));
            }
        }
        self.findings
    }
}

/// What is below a folder of the repository, as far as it is known: path, file on disk, source.
pub(super) fn present<'a>(
    found: impl Iterator<Item = (SourceId, &'a fs::Found)>,
    root: &Path,
    overlay: &BTreeMap<String, Arc<str>>,
) -> BTreeMap<String, Present> {
    let read = |file: &Path| fs::read(file).ok().and_then(|bytes| String::from_utf8(bytes).ok());
    found
        .map(|(source, found)| {
            let text = overlay.get(&*found.path).cloned();
            let text = text.or_else(|| read(&found.file(root)).map(Arc::from));
            (found.path.to_string(), Present { source, text })
        })
        .collect()
}

fn report(span: Span, message: String) -> Diagnostic {
    let (id, severity) = (super::catalog::STALE, rule("stale-rendered").map(|rule| rule.severity));
    let found = Diagnostic::warning(id, span, message)
        .reaching(Reach::Nothing)
        .help("run `platform render --write` and commit what it changes");
    Diagnostic { severity: severity.unwrap_or(found.severity), ..found }
}

/// The first line of a text that is not what it should be; its end where it only stops too early.
fn first_difference(source: SourceId, text: &str, wanted: &str) -> Span {
    let mut start = 0;
    let mut lines = wanted.split_inclusive('\n');
    for line in text.split_inclusive('\n') {
        if lines.next() != Some(line) {
            let end = start + line.trim_end().len() as u32;
            let indentation = line.len() - line.trim_start_matches(' ').len();
            return Span::new(source, (start + indentation as u32).min(end)..end);
        }
        start += line.len() as u32;
    }
    Span::new(source, start..start)
}

#[cfg(test)]
mod tests {
    use super::first_difference;
    use crate::source::{SourceId, Span};

    fn check(text: &str, wanted: &str, expected: std::ops::Range<u32>) {
        let source = SourceId(0);
        assert_eq!(first_difference(source, text, wanted), Span::new(source, expected), "{text:?}");
    }

    #[test]
    fn the_first_line_that_differs_is_shown() {
        check("a\nb\nc\n", "a\nB\nc\n", 2..3);
        check("a\n  b\nc\n", "a\nB\nc\n", 4..5);
        check("a\nb\n", "a\n", 2..3);
        check("a\n", "a\nb\n", 2..2);
        check("a", "a\n", 0..1);
        check("", "a\n", 0..0);
    }
}
