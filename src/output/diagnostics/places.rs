//! Where findings are, as people and programs count.

use std::collections::BTreeMap;

use crate::diagnostic::{Diagnostic, Edit};
use crate::source::{LineIndex, Position, SourceId, Sources, Span};

/// The sources that findings point at, each with its lines, which are looked for once a source.
pub(in crate::output) struct Places<'a> {
    sources: &'a Sources,
    lines: BTreeMap<SourceId, LineIndex>,
}

impl<'a> Places<'a> {
    /// No places yet.
    pub(in crate::output) fn new(sources: &'a Sources) -> Self {
        Self { sources, lines: BTreeMap::new() }
    }

    /// The places of findings.
    pub(super) fn of(sources: &'a Sources, diagnostics: &[Diagnostic]) -> Self {
        let mut places = Self::new(sources);
        for found in diagnostics {
            places.add(found.primary.span.source);
            found.related.iter().for_each(|label| places.add(label.span.source));
            let edits = found.suggestions.iter().flat_map(|suggestion| &suggestion.edits);
            edits.for_each(|edit| places.add(edit.span.source));
        }
        places
    }

    /// Looks for the lines of a source.
    pub(in crate::output) fn add(&mut self, source: SourceId) {
        let sources = self.sources;
        if let Some(text) = sources.text(source) {
            self.lines.entry(source).or_insert_with(|| LineIndex::new(text));
        }
    }

    /// The path of the file that a place is in.
    pub(in crate::output) fn path(&self, span: Span) -> &'a str {
        self.sources.path(span.source)
    }

    /// The text that a place is in, and its lines; none where the text is gone.
    pub(super) fn text(&self, span: Span) -> Option<(&'a str, &LineIndex)> {
        Some((self.sources.text(span.source)?, self.lines.get(&span.source)?))
    }

    /// What stands at a place; empty where the text is gone.
    pub(super) fn excerpt(&self, span: Span) -> &'a str {
        let Some((text, _)) = self.text(span) else { return "" };
        let (start, end) = bounds(text, span);
        &text[start..end]
    }

    /// Where a place starts and ends, columns in characters. Line 1, column 1 when the text is gone.
    pub(in crate::output) fn range(&self, span: Span) -> (Position, Position) {
        match self.text(span) {
            Some((text, lines)) => (lines.position(text, span.start), lines.position(text, span.end)),
            None => (Position { line: 1, column: 1 }, Position { line: 1, column: 1 }),
        }
    }

    /// The same with columns in bytes of UTF-8.
    pub(super) fn byte_range(&self, span: Span) -> (Position, Position) {
        let (mut start, mut end) = self.range(span);
        if let Some((text, lines)) = self.text(span) {
            for (position, offset) in [(&mut start, span.start), (&mut end, span.end)] {
                let offset = text.floor_char_boundary(offset as usize);
                position.column = (offset - lines.line_range(text, position.line).start) as u32 + 1;
            }
        }
        (start, end)
    }

    /// One edit that does what several edits of one file do; none if they are not of one file, or the
    /// text is gone.
    pub(super) fn merged(&self, edits: &[Edit]) -> Option<Edit> {
        let mut sorted: Vec<&Edit> = edits.iter().collect();
        sorted.sort_by_key(|edit| (edit.span.start, edit.span.end));
        let (first, last) = (sorted.first()?, sorted.last()?);
        let mut span = first.span;
        span.end = last.span.end;
        let (text, _) = self.text(span)?;
        let mut replacement = String::new();
        let mut at = span.start as usize;
        for edit in sorted {
            if edit.span.source != span.source {
                return None;
            }
            replacement.push_str(text.get(at..edit.span.start as usize)?);
            replacement.push_str(&edit.replacement);
            at = edit.span.end as usize;
        }
        Some(Edit { span, replacement })
    }
}

/// A place as offsets on character boundaries of its text.
fn bounds(text: &str, span: Span) -> (usize, usize) {
    let start = text.floor_char_boundary(span.start as usize);
    (start, text.ceil_char_boundary((span.end as usize).max(start)))
}
