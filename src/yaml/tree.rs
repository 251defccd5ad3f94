//! The flat tree: every node of a text in one vector, in document order.
//!
//! A node knows where it stands in the text, where the next node behind its subtree is, and how its
//! value is to be read. Values are read from the text when asked for, so the text has to be at hand
//! for every look into the tree, and it has to be the text the tree was made from.

use super::node::Node;
use crate::source::{SourceId, Span};

/// How a node is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub(super) enum Shape {
    /// Nothing is written where a value could be.
    Missing,
    /// Without quotes.
    Plain,
    /// In single quotes.
    Single,
    /// In double quotes.
    Double,
    /// A `|` block.
    Literal,
    /// A `>` block.
    Folded,
    /// A sequence of `- ` lines.
    BlockSequence,
    /// A sequence in brackets.
    FlowSequence,
    /// A mapping of `key: value` lines.
    BlockMapping,
    /// A mapping in braces, or a single pair in a flow sequence.
    FlowMapping,
    /// `*name`; `extra` is the index of the node it stands for.
    Alias,
}

impl Shape {
    pub(super) fn is_mapping(self) -> bool {
        matches!(self, Self::BlockMapping | Self::FlowMapping)
    }

    pub(super) fn is_sequence(self) -> bool {
        matches!(self, Self::BlockSequence | Self::FlowSequence)
    }

    pub(super) fn is_collection(self) -> bool {
        self.is_mapping() || self.is_sequence()
    }
}

/// How the text of a scalar comes out of the source.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub(super) enum Decoding {
    /// As written, without the quotes if it has some.
    Verbatim,
    /// Quoted, with escapes or line breaks.
    Quoted,
    /// A block scalar whose content is indented by `extra` columns.
    Block,
    /// Decoded by the parser: `extra` is the index of the text in [`Tree::texts`].
    Stored,
}

/// What a tag makes of a scalar.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub(super) enum Tag {
    /// No tag: a plain scalar is resolved by the core schema, any other is a string.
    None,
    /// A string whatever it looks like: `!`, `!!str` and every tag that is not known.
    String,
    /// `!!null`, where the text is one.
    Null,
    /// `!!bool`, where the text is one.
    Bool,
    /// `!!int`, where the text is one.
    Int,
    /// `!!float`, where the text is one.
    Float,
}

/// One node: 20 bytes.
#[derive(Clone, Copy, Debug)]
pub(super) struct Entry {
    /// Offset of its first byte.
    pub(super) start: u32,
    /// Offset just behind its last byte.
    pub(super) end: u32,
    /// Index of the next node that is not inside this one.
    pub(super) next: u32,
    /// See [`Shape::Alias`] and [`Decoding`].
    pub(super) extra: u32,
    pub(super) shape: Shape,
    pub(super) decoding: Decoding,
    pub(super) tag: Tag,
}

/// One document of a text.
#[derive(Clone, Copy, Debug)]
pub(super) struct DocumentEntry {
    /// Index of the root node; `None` where the text could not be parsed.
    pub(super) root: Option<u32>,
    /// Whether Backstage refuses the document.
    pub(super) broken: bool,
}

/// The flat tree of all documents of one text.
#[derive(Clone, Debug)]
pub struct Tree {
    pub(super) source: SourceId,
    pub(super) entries: Vec<Entry>,
    pub(super) documents: Vec<DocumentEntry>,
    /// Scalars that the full parser decoded because they are not in the text as such.
    pub(super) texts: Vec<Box<str>>,
}

impl Tree {
    pub(super) fn new(source: SourceId) -> Self {
        Self { source, entries: Vec::new(), documents: Vec::new(), texts: Vec::new() }
    }

    /// The source that its places are in.
    pub fn source(&self) -> SourceId {
        self.source
    }

    /// The documents in order. `text` is the text that the tree was parsed from.
    pub fn documents<'a>(&'a self, text: &'a str) -> impl Iterator<Item = Document<'a>> {
        (0..self.documents.len()).map(move |index| Document { tree: self, text, index })
    }

    /// Appends a node without children and returns its index.
    pub(super) fn push(&mut self, shape: Shape, start: u32, end: u32) -> u32 {
        let index = self.entries.len() as u32;
        let (decoding, tag) = (Decoding::Verbatim, Tag::None);
        self.entries.push(Entry { start, end, next: index + 1, extra: 0, shape, decoding, tag });
        index
    }

    /// The indices of the direct children of a collection, in order.
    pub(super) fn children(&self, index: u32) -> Children<'_> {
        let entry = &self.entries[index as usize];
        let end = if entry.shape.is_collection() { entry.next } else { index + 1 };
        Children { tree: self, next: index + 1, end }
    }
}

/// Direct children; see [`Tree::children`].
pub(super) struct Children<'a> {
    tree: &'a Tree,
    next: u32,
    end: u32,
}

impl Children<'_> {
    /// Leaves out all that have not come yet.
    pub(super) fn stop(&mut self) {
        self.end = self.next;
    }
}

impl Iterator for Children<'_> {
    type Item = u32;

    fn next(&mut self) -> Option<u32> {
        (self.next < self.end).then(|| {
            let index = self.next;
            self.next = self.tree.entries[index as usize].next;
            index
        })
    }
}

/// One document of a text.
#[derive(Clone, Copy, Debug)]
pub struct Document<'a> {
    pub(super) tree: &'a Tree,
    pub(super) text: &'a str,
    pub(super) index: usize,
}

impl<'a> Document<'a> {
    /// The root node. An empty document has one of the kind [`Kind::Null`](super::Kind::Null); `None` means that the
    /// document could not be parsed.
    pub fn root(&self) -> Option<Node<'a>> {
        let at = self.tree.documents[self.index].root?;
        Some(Node { tree: self.tree, text: self.text, at })
    }

    /// Its number within the text, from 0.
    pub fn index(&self) -> usize {
        self.index
    }

    /// Whether Backstage refuses the document as YAML: what is wrong is among the diagnostics. It
    /// may have a root all the same, after a duplicate key for one.
    pub fn is_broken(&self) -> bool {
        self.tree.documents[self.index].broken
    }

    /// Template placeholders that stand without quotes where a value is expected: `{{ x }}` is a
    /// mapping with a mapping as its key in YAML. In text order, each from `{{` to `}}`.
    pub fn placeholders(&self) -> impl Iterator<Item = Span> + use<'a> {
        let (tree, text) = (self.tree, self.text);
        let range = tree.documents[self.index].root.map_or(0..0, |root| {
            let next = tree.entries[root as usize].next;
            root..next
        });
        range.filter(move |&at| is_placeholder(tree, text, at)).map(move |at| tree.span(at))
    }
}

impl Tree {
    pub(super) fn span(&self, index: u32) -> Span {
        let entry = &self.entries[index as usize];
        Span::new(self.source, entry.start..entry.end)
    }
}

fn is_placeholder(tree: &Tree, text: &str, at: u32) -> bool {
    let entry = &tree.entries[at as usize];
    let written = || text.get(entry.start as usize..entry.end as usize);
    entry.shape == Shape::FlowMapping
        && tree.children(at).next().is_some_and(|key| tree.entries[key as usize].shape == Shape::FlowMapping)
        && written().is_some_and(|written| written.starts_with("{{"))
}
