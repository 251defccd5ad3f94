//! Source texts and places in them.
//!
//! A place is a half-open range of byte offsets into a known source ([`Span`]). Line and column are
//! computed only when a place is shown to somebody ([`LineIndex`]).

use std::ops::Range;
use std::sync::Arc;

/// Names one source text within a run: an index into [`Sources`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SourceId(pub u32);

/// A half-open range of byte offsets, `start..end`, in one source.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    /// The source that the offsets count in.
    pub source: SourceId,
    /// Offset of the first byte.
    pub start: u32,
    /// Offset just behind the last byte; equal to `start` for an empty place.
    pub end: u32,
}

impl Span {
    /// The place `start..end` in `source`.
    pub fn new(source: SourceId, range: Range<u32>) -> Self {
        Self { source, start: range.start, end: range.end }
    }

    /// The empty place at the start of `source`, for findings about a file as a whole.
    pub fn start_of(source: SourceId) -> Self {
        Self { source, start: 0, end: 0 }
    }

    /// The byte range as `usize`, to slice the text with.
    pub fn range(self) -> Range<usize> {
        self.start as usize..self.end as usize
    }
}

/// A value and the place it was read from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Spanned<T> {
    /// What was read.
    pub value: T,
    /// Where it was read.
    pub span: Span,
}

/// A position as people count: both from 1, columns in characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    /// Line, from 1.
    pub line: u32,
    /// Column in Unicode scalar values, from 1.
    pub column: u32,
}

/// Where the lines of one text start.
#[derive(Clone, Debug)]
pub struct LineIndex {
    starts: Vec<u32>,
}

impl LineIndex {
    /// Finds the line starts of `text`. `\n` and `\r\n` end a line.
    pub fn new(text: &str) -> Self {
        let mut starts = vec![0];
        starts.extend(memchr::memchr_iter(b'\n', text.as_bytes()).map(|at| at as u32 + 1));
        Self { starts }
    }

    /// The position of a byte offset in `text`, the text this index was made from. An offset behind
    /// the end is the end; one inside a character is that character. A byte order mark takes no
    /// column: no editor shows one, and SARIF does not count it.
    pub fn position(&self, text: &str, offset: u32) -> Position {
        let offset = text.floor_char_boundary(offset as usize);
        let line = self.starts.partition_point(|&start| start as usize <= offset).max(1);
        let start = self.starts[line - 1] as usize;
        let before = &text[start..offset];
        let before = if line == 1 { before.strip_prefix('\u{feff}').unwrap_or(before) } else { before };
        let column = before.chars().count() as u32 + 1;
        Position { line: line as u32, column }
    }

    /// The byte range of a line, from 1, without its line break.
    pub fn line_range(&self, text: &str, line: u32) -> Range<usize> {
        let index = (line.max(1) as usize - 1).min(self.starts.len() - 1);
        let start = self.starts[index] as usize;
        let end = self.starts.get(index + 1).map_or(text.len(), |&next| next as usize - 1);
        start..start + text[start..end].trim_end_matches('\r').len()
    }
}

/// One source: what it is called and, where it is kept, its text.
#[derive(Clone, Debug)]
pub struct Source {
    /// The path relative to the repository root with `/` between its parts, or a name like `<stdin>`.
    pub path: Arc<str>,
    /// The text. `None` once a caller with very many sources let go of it.
    pub text: Option<Arc<str>>,
}

/// All sources of a run, addressed by [`SourceId`].
#[derive(Clone, Debug, Default)]
pub struct Sources {
    sources: Vec<Source>,
}

impl Sources {
    /// Adds a source and returns its name.
    pub fn add(&mut self, path: impl Into<Arc<str>>, text: Option<Arc<str>>) -> SourceId {
        let id = SourceId(self.sources.len() as u32);
        self.sources.push(Source { path: path.into(), text });
        id
    }

    /// The source behind `id`. Every id comes from [`Sources::add`] of the same value.
    pub fn get(&self, id: SourceId) -> &Source {
        &self.sources[id.0 as usize]
    }

    /// The path of a source.
    pub fn path(&self, id: SourceId) -> &str {
        &self.get(id).path
    }

    /// The text of a source, where it is kept.
    pub fn text(&self, id: SourceId) -> Option<&Arc<str>> {
        self.get(id).text.as_ref()
    }

    /// Keeps `text` for a source, in place of what was kept.
    pub fn set_text(&mut self, id: SourceId, text: Arc<str>) {
        self.sources[id.0 as usize].text = Some(text);
    }

    /// All sources with their names, in the order they were added.
    pub fn iter(&self) -> impl Iterator<Item = (SourceId, &Source)> {
        self.sources.iter().enumerate().map(|(index, source)| (SourceId(index as u32), source))
    }

    /// How many sources there are.
    pub fn len(&self) -> usize {
        self.sources.len()
    }

    /// Whether there is no source.
    pub fn is_empty(&self) -> bool {
        self.sources.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::{LineIndex, Position};

    fn check(text: &str, offset: u32, line: u32, column: u32) {
        let position = LineIndex::new(text).position(text, offset);
        assert_eq!(position, Position { line, column }, "offset {offset} of {text:?}");
    }

    #[test]
    fn positions_count_from_one_in_characters() {
        check("", 0, 1, 1);
        check("a: b", 3, 1, 4);
        check("ä: b", 4, 1, 4);
        check("a\nb", 2, 2, 1);
        check("a\r\nb", 3, 2, 1);
        check("a\n", 2, 2, 1);
        check("a", 99, 1, 2);
        check("\u{feff}a: b", 6, 1, 4);
        check("a\n\u{feff}b", 5, 2, 2);
    }

    #[test]
    fn a_line_ends_before_its_break() {
        let text = "one\r\ntwo\nthree";
        let index = LineIndex::new(text);
        assert_eq!(&text[index.line_range(text, 1)], "one");
        assert_eq!(&text[index.line_range(text, 2)], "two");
        assert_eq!(&text[index.line_range(text, 3)], "three");
        assert_eq!(&text[index.line_range(text, 9)], "three");
    }
}
