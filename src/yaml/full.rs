//! The full reader: the events of `granit-parser` as a flat tree.
//!
//! Corrects the places that the events give: a block scalar starts at its `|` or `>`, a list at its
//! first dash, a block collection ends with its last value.

use std::collections::BTreeMap;

use granit_parser::{BorrowedInput, Event, Parser, ScalarStyle, ScanError, StructureStyle};

use super::text::line_start;
use super::tree::{Decoding, DocumentEntry, Shape, Tag, Tree};
use super::{MAX_NODES, check, problem, scalar, syntax};
use crate::diagnostic::Diagnostic;
use crate::source::Span;

/// Reads all documents of `text` into `tree`, which has to be empty.
pub(super) fn read(tree: &mut Tree, text: &str, diagnostics: &mut Vec<Diagnostic>) {
    let options = granit_parser::options! {
        emit_comments: false,
        emit_unresolved_aliases: true,
        emit_anchor_events: true,
    };
    let mut parser = Parser::new_from_str_with_options(text, options);
    let mut reader = Reader {
        tree,
        text,
        diagnostics,
        open: Vec::new(),
        anchors: BTreeMap::new(),
        document: None,
        findings_before: 0,
        cursor: 0,
    };
    reader.read_stream(&mut parser);
}

/// A collection whose end has not come yet.
#[derive(Clone, Copy)]
struct Open {
    index: u32,
    /// Its last direct child so far.
    last: Option<u32>,
    /// How many direct children it has so far.
    count: u32,
}

struct Reader<'t, 'a> {
    tree: &'t mut Tree,
    text: &'a str,
    diagnostics: &'t mut Vec<Diagnostic>,
    open: Vec<Open>,
    /// The nodes of the current document that aliases can name, by the parser's number.
    anchors: BTreeMap<usize, u32>,
    /// Index of the first node of the current document.
    document: Option<u32>,
    /// How many findings there were when it began.
    findings_before: usize,
    /// Behind the last thing that was read.
    cursor: u32,
}

impl<'a> Reader<'_, 'a> {
    fn read_stream<T: BorrowedInput<'a>>(&mut self, parser: &mut Parser<'a, T>) {
        while let Some(next) = parser.next_event() {
            match next {
                Ok((event, span)) => self.event(event, span),
                Err(error) => {
                    self.syntax_error(&error);
                    if !parser.proceed_next_document().unwrap_or(false) {
                        return;
                    }
                }
            }
            if self.tree.entries.len() > MAX_NODES {
                self.give_up();
                return;
            }
        }
    }

    fn event(&mut self, event: Event<'a>, span: granit_parser::Span) {
        let range = span.byte_range().unwrap_or_default();
        let range = (range.start as u32, range.end as u32);
        match event {
            Event::DocumentStart(explicit, version) => {
                self.document = Some(self.tree.entries.len() as u32);
                self.findings_before = self.diagnostics.len();
                self.anchors.clear();
                if explicit {
                    self.cursor = range.1;
                }
                if version.is_some_and(|version| (version.major, version.minor) == (1, 1)) {
                    self.diagnostics.push(problem::old_version(self.directive(range)));
                }
            }
            Event::DocumentEnd => {
                self.cursor = self.cursor.max(range.1);
                self.document_end();
            }
            Event::Scalar(value, style, anchor, tag) => {
                let index = self.scalar(&value, style, tag.is_some() || anchor != 0, range);
                if let Some(tag) = tag {
                    self.tag_scalar(index, &tag, span);
                }
                self.anchored(anchor, index);
            }
            Event::SequenceStart(style, anchor, tag) => {
                let index = self.sequence(style, range);
                self.tag_collection(tag.as_deref(), "seq", span);
                self.anchored(anchor, index);
            }
            Event::MappingStart(style, anchor, tag) => {
                let shape = match style {
                    StructureStyle::Block => Shape::BlockMapping,
                    StructureStyle::Flow => Shape::FlowMapping,
                };
                let index = self.begin(shape, range.0);
                self.tag_collection(tag.as_deref(), "map", span);
                self.anchored(anchor, index);
            }
            Event::SequenceEnd | Event::MappingEnd => self.end(range),
            Event::Anchor(..) => self.cursor = self.cursor.max(range.1),
            Event::Alias(id) => self.alias(self.anchors.get(&id).copied(), range),
            Event::UnresolvedAlias(_) => self.alias(None, range),
            _ => {}
        }
    }

    /// The `%YAML` line in front of a document's start.
    fn directive(&self, start: (u32, u32)) -> Span {
        let found = self.text.get(..start.0 as usize).and_then(|before| before.rfind("%YAML"));
        let Some(at) = found else { return self.span(start) };
        let line = self.text[at..].lines().next().unwrap_or_default();
        let directive = line.split('#').next().unwrap_or_default().trim_end();
        self.span((at as u32, (at + directive.len()) as u32))
    }

    fn span(&self, (start, end): (u32, u32)) -> Span {
        Span::new(self.tree.source, start..end)
    }

    fn shape(&self, open: &Open) -> Shape {
        self.tree.entries[open.index as usize].shape
    }

    fn push(&mut self, shape: Shape, start: u32, end: u32) -> u32 {
        let index = self.tree.push(shape, start, end);
        if let Some(parent) = self.open.last_mut() {
            parent.last = Some(index);
            parent.count += 1;
        }
        self.cursor = self.cursor.max(end);
        index
    }

    fn anchored(&mut self, anchor: usize, index: u32) {
        if anchor != 0 {
            self.anchors.insert(anchor, index);
        }
    }

    fn scalar(&mut self, value: &str, style: ScalarStyle, props: bool, range: (u32, u32)) -> u32 {
        let shape = match style {
            ScalarStyle::Plain if range.0 == range.1 => return self.missing(range.0, props),
            ScalarStyle::SingleQuoted => Shape::Single,
            ScalarStyle::DoubleQuoted => Shape::Double,
            ScalarStyle::Literal => Shape::Literal,
            ScalarStyle::Folded => Shape::Folded,
            ScalarStyle::Plain => Shape::Plain,
        };
        let (start, end) = match shape {
            Shape::Literal | Shape::Folded => self.block_scalar(range.1),
            _ => range,
        };
        let index = self.push(shape, start, end);
        // What follows a block scalar follows its blank lines.
        self.cursor = self.cursor.max(range.1);
        let written = self.text.get(start as usize..end as usize).unwrap_or_default();
        let verbatim = match shape {
            Shape::Plain => written == value,
            Shape::Single | Shape::Double => {
                written.len() == value.len() + 2 && !written.contains(['\\', '\n'])
            }
            _ => false,
        };
        if !verbatim {
            let entry = &mut self.tree.entries[index as usize];
            (entry.decoding, entry.extra) = (Decoding::Stored, self.tree.texts.len() as u32);
            self.tree.texts.push(value.into());
        }
        index
    }

    /// The empty place of a value that is not there: behind the `:`, the `-`, or the key.
    fn missing(&mut self, at: u32, props: bool) -> u32 {
        let at = match self.open.last() {
            None if !props => self.cursor,
            Some(open) if self.shape(open) == Shape::BlockSequence && !props => match open.count {
                0 => self.cursor,
                _ => self.skip_to(|byte| byte == b'-') + 1,
            },
            Some(open) if open.count % 2 == 1 && !props => self.behind_colon(at),
            _ => self.behind_content(at),
        };
        self.push(Shape::Missing, at, at)
    }

    /// `at` without the blanks before it.
    fn behind_content(&self, at: u32) -> u32 {
        let before = self.text.get(..at as usize).unwrap_or_default();
        (before.trim_end_matches([' ', '\t', '\r', '\n']).len() as u32).max(self.cursor)
    }

    /// Behind the `:` that follows a key; `at` is where the parser misses the value of that key.
    fn behind_colon(&self, at: u32) -> u32 {
        let parent = self.open.last().map(|open| self.shape(open));
        let rest = self.text.get(self.cursor as usize..).unwrap_or_default();
        let blanks = rest.len() - rest.trim_start_matches([' ', '\t', '\r', '\n']).len();
        let behind = rest[blanks..].strip_prefix(':').map(|behind| behind.bytes().next());
        let ends_key = match behind {
            Some(None | Some(b' ' | b'\t' | b'\r' | b'\n')) => true,
            Some(Some(b',' | b']' | b'}')) => parent == Some(Shape::FlowMapping),
            _ => false,
        };
        let is_value = parent.is_some_and(Shape::is_mapping) && ends_key;
        if is_value { self.cursor + blanks as u32 + 1 } else { self.behind_content(at) }
    }

    /// From the `|` or `>` to the end of the last line of content. `behind` is where the parser saw
    /// something else.
    fn block_scalar(&self, behind: u32) -> (u32, u32) {
        let start = self.skip_to(|byte| byte == b'|' || byte == b'>');
        let written = self.text.get(start as usize..behind.max(start) as usize).unwrap_or_default();
        let parent =
            self.open.last().map_or(0, |open| self.column(self.tree.entries[open.index as usize].start));
        (start, start + block_length(written, parent) as u32)
    }

    fn sequence(&mut self, style: StructureStyle, range: (u32, u32)) -> u32 {
        let in_block_mapping = self.open.last().is_some_and(|open| self.shape(open) == Shape::BlockMapping);
        match style {
            StructureStyle::Flow => self.begin(Shape::FlowSequence, range.0),
            // The place of a list that is not indented is behind its first dash.
            StructureStyle::Block if in_block_mapping => {
                let dash = self.skip_to(|byte| byte == b'-');
                self.begin(Shape::BlockSequence, dash)
            }
            StructureStyle::Block => self.begin(Shape::BlockSequence, range.0),
        }
    }

    fn begin(&mut self, shape: Shape, start: u32) -> u32 {
        let index = self.push(shape, start, start);
        self.open.push(Open { index, last: None, count: 0 });
        self.cursor = self.cursor.max(start + u32::from(shape != Shape::BlockMapping));
        index
    }

    fn end(&mut self, range: (u32, u32)) {
        let Some(open) = self.open.pop() else { return };
        let last = open.last.map(|last| self.tree.entries[last as usize].end);
        let next = self.tree.entries.len() as u32;
        let entry = &mut self.tree.entries[open.index as usize];
        entry.next = next;
        let closed = range.0 < range.1 && matches!(entry.shape, Shape::FlowMapping | Shape::FlowSequence);
        entry.end = if closed { range.1 } else { last.unwrap_or(entry.start) };
        self.cursor = self.cursor.max(entry.end);
    }

    fn alias(&mut self, target: Option<u32>, range: (u32, u32)) {
        let span = self.span(range);
        let Some(target) = target else {
            self.push(Shape::Missing, range.0, range.1);
            self.diagnostics.push(problem::unknown_alias(span, self.text));
            return;
        };
        if self.open.iter().any(|open| open.index == target) {
            self.push(Shape::Missing, range.0, range.1);
            self.diagnostics.push(problem::recursive_alias(span, self.text));
            return;
        }
        let index = self.push(Shape::Alias, range.0, range.1);
        self.tree.entries[index as usize].extra = target;
    }

    fn tag_scalar(&mut self, index: u32, tag: &granit_parser::Tag, span: granit_parser::Span) {
        let wanted = match tag.core_suffix() {
            Some("str") => Tag::String,
            Some("null") => Tag::Null,
            Some("bool") => Tag::Bool,
            Some("int") => Tag::Int,
            Some("float") => Tag::Float,
            _ => Tag::None,
        };
        let node = super::node::Node { tree: self.tree, text: self.text, at: index };
        let fits = wanted == Tag::String || scalar::tagged_value(wanted, &node.decoded()).is_some();
        let non_specific = tag.handle().is_empty() && tag.suffix() == "!";
        self.tree.entries[index as usize].tag = if fits { wanted } else { Tag::String };
        if !fits && !non_specific {
            self.unknown_tag(tag, span);
        }
    }

    fn tag_collection(&mut self, tag: Option<&granit_parser::Tag>, own: &str, span: granit_parser::Span) {
        let Some(tag) = tag else { return };
        let non_specific = tag.handle().is_empty() && tag.suffix() == "!";
        if !non_specific && tag.core_suffix() != Some(own) {
            self.unknown_tag(tag, span);
        }
    }

    fn unknown_tag(&mut self, tag: &granit_parser::Tag, span: granit_parser::Span) {
        let start = span.tag_start.and_then(|start| start.byte_offset()).unwrap_or_default() as u32;
        let written = self.text.get(start as usize..).unwrap_or_default();
        let length = written.find([' ', '\t', '\r', '\n', ',', ']', '}']).unwrap_or(written.len());
        let span = self.span((start, start + length as u32));
        self.diagnostics.push(problem::unknown_tag(span, &written[..length], &tag.original()));
    }

    fn document_end(&mut self) {
        let Some(root) = self.document.take() else { return };
        self.open.clear();
        let sound = check::document(self.tree, self.text, root, self.diagnostics);
        let broken = problem::any_error(&self.diagnostics[self.findings_before..]);
        let root = sound.then_some(root);
        self.tree.documents.push(DocumentEntry { root, broken });
    }

    /// Gives up the current document, or the one before where the error stands between two.
    fn syntax_error(&mut self, error: &ScanError) {
        let at = error.marker().byte_offset().unwrap_or_default().min(self.text.len()) as u32;
        let flow = self.open.iter().rev().map(|open| self.tree.entries[open.index as usize]);
        let bracket = |start: &u32| matches!(self.text.as_bytes().get(*start as usize), Some(b'[' | b'{'));
        let opener = flow
            .filter(|entry| matches!(entry.shape, Shape::FlowMapping | Shape::FlowSequence))
            .map(|entry| entry.start)
            .find(bracket);
        let place =
            syntax::Place { source: self.tree.source, text: self.text, at, opener, cursor: self.cursor };
        self.diagnostics.push(syntax::diagnostic(error.kind(), &place));
        self.open.clear();
        match (self.document.take(), self.tree.documents.last_mut()) {
            (Some(root), _) => {
                self.tree.entries.truncate(root as usize);
                self.tree.documents.push(DocumentEntry { root: None, broken: true });
            }
            (None, Some(last)) if !problem::is_directive(self.text, at) => last.broken = true,
            (None, _) => self.tree.documents.push(DocumentEntry { root: None, broken: true }),
        }
        self.cursor = at;
    }

    fn give_up(&mut self) {
        let root = self.document.take().unwrap_or(self.tree.entries.len() as u32);
        self.tree.entries.truncate(root as usize);
        self.tree.documents.push(DocumentEntry { root: None, broken: true });
        let span = self.span((self.cursor, self.cursor));
        self.diagnostics.push(problem::too_many_nodes(span));
    }

    /// The first byte from the cursor on that is `wanted`, past blanks, comments, tags, anchors and
    /// the signs that may stand before a node.
    fn skip_to(&self, wanted: impl Fn(u8) -> bool) -> u32 {
        let bytes = self.text.as_bytes();
        let mut at = self.cursor as usize;
        while let Some(&byte) = bytes.get(at) {
            match byte {
                byte if wanted(byte) => break,
                b'#' => at += memchr::memchr(b'\n', &bytes[at..]).unwrap_or(bytes.len() - at),
                b'!' | b'&' => {
                    let blank = |byte: &u8| matches!(byte, b' ' | b'\t' | b'\r' | b'\n');
                    at += bytes[at..].iter().position(blank).unwrap_or(bytes.len() - at);
                }
                _ => at += 1,
            }
        }
        at.min(bytes.len()) as u32
    }

    /// How many bytes stand before `at` in its line.
    fn column(&self, at: u32) -> usize {
        at as usize - line_start(self.text, at as usize)
    }
}

/// The length of a block scalar from its indicator on, without the line breaks behind it that do not
/// count. `written` ends where something else begins; `parent` is the column of the collection it is in.
fn block_length(written: &str, parent: usize) -> usize {
    let header_end = written.find('\n').unwrap_or(written.len());
    let header = written[..header_end].split([' ', '\t', '\r']).next().unwrap_or_default();
    if header.contains('+') {
        let last = written.rfind('\n').filter(|newline| written[newline + 1..].trim_matches(' ').is_empty());
        let body = last.map_or(written, |newline| &written[..newline]);
        return body.strip_suffix('\r').unwrap_or(body).len().max(header.len());
    }
    let explicit = header.bytes().find(u8::is_ascii_digit).map(|digit| parent + usize::from(digit - b'0'));
    let (mut end, mut line_start, mut indent) = (header.len(), header_end + 1, explicit);
    for line in written.get(header_end + 1..).unwrap_or_default().split('\n') {
        let content = line.strip_suffix('\r').unwrap_or(line);
        let blanks = content.len() - content.trim_start_matches(' ').len();
        if blanks < content.len() {
            indent = indent.or(Some(blanks));
        }
        if indent.is_some_and(|indent| content.len() > indent) {
            end = line_start + content.len();
        }
        line_start += line.len() + 1;
    }
    end
}
