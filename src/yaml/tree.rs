//! The flat tree: every node of a text in one vector, in document order.
//!
//! A node knows where it stands in the text, where the next node behind its subtree is, and how its
//! value is to be read. Values are read from the text when asked for, so the text has to be at hand
//! for every look into the tree, and it has to be the text the tree was made from.

use std::borrow::Cow;

use serde_json::Value;

use super::scalar::{self, Scalar};
use super::text;
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
    /// The root node. An empty document has one of the kind [`Kind::Null`]; `None` means that the
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
    fn span(&self, index: u32) -> Span {
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

/// What a node is, after YAML 1.2's core schema.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Nothing, `null` or `~`.
    Null,
    /// `true` or `false`.
    Bool,
    /// A number written without fraction and exponent.
    Int,
    /// Any other number, `.inf` and `.nan` too.
    Float,
    /// A string.
    String,
    /// A sequence.
    Sequence,
    /// A mapping.
    Mapping,
}

/// A node: a handle that is passed by value. An alias stands for its target in everything but
/// [`Node::span`].
#[derive(Clone, Copy, Debug)]
pub struct Node<'a> {
    pub(super) tree: &'a Tree,
    pub(super) text: &'a str,
    pub(super) at: u32,
}

impl<'a> Node<'a> {
    /// Where it stands, without anchor and tag; for an alias, where the alias stands.
    ///
    /// A block collection ends with its last value. A block scalar starts at its `|` or `>` and ends
    /// with its last line, without the line break. What is missing stands where it would begin.
    pub fn span(self) -> Span {
        self.tree.span(self.at)
    }

    /// What it is.
    pub fn kind(self) -> Kind {
        match self.entry().shape {
            Shape::Missing => self.scalar().kind(),
            shape if shape.is_mapping() => Kind::Mapping,
            shape if shape.is_sequence() => Kind::Sequence,
            _ => self.scalar().kind(),
        }
    }

    /// Whether it is written as an alias of another node.
    pub fn is_alias(self) -> bool {
        self.tree.entries[self.at as usize].shape == Shape::Alias
    }

    /// Whether it is nothing, `null` or `~`.
    pub fn is_null(self) -> bool {
        self.kind() == Kind::Null
    }

    /// The string, where the value is one: `42` is none, `"42"` is.
    pub fn as_str(self) -> Option<Cow<'a, str>> {
        match self.scalar() {
            Scalar::String(text) => Some(text),
            _ => None,
        }
    }

    /// The truth value, where the value is one.
    pub fn as_bool(self) -> Option<bool> {
        match self.scalar() {
            Scalar::Bool(value) => Some(value),
            _ => None,
        }
    }

    /// The number, where the value is one. JavaScript, and so Backstage, has no other numbers.
    pub fn as_f64(self) -> Option<f64> {
        match self.scalar() {
            Scalar::Int(value) | Scalar::Float(value) => Some(value),
            _ => None,
        }
    }

    /// The value of a key of a mapping. Keys are compared as [`Node::to_json`] writes them. Of keys
    /// that are alike the last one counts, as in JavaScript.
    pub fn get(self, key: &str) -> Option<Node<'a>> {
        self.entry_of(key).map(|(_, value)| value)
    }

    /// A key of a mapping and its value; see [`Node::get`].
    pub fn entry_of(self, key: &str) -> Option<(Node<'a>, Node<'a>)> {
        self.entries().filter(|(candidate, _)| candidate.is_key(key)).last()
    }

    /// The pairs of a mapping in text order; none for anything else.
    pub fn entries(self) -> impl Iterator<Item = (Node<'a>, Node<'a>)> {
        let node = self.resolved();
        let mut children = node.children_if(Shape::is_mapping);
        std::iter::from_fn(move || Some((node.at(children.next()?), node.at(children.next()?))))
    }

    /// The items of a sequence; none for anything else.
    pub fn items(self) -> impl Iterator<Item = Node<'a>> {
        let node = self.resolved();
        node.children_if(Shape::is_sequence).map(move |at| node.at(at))
    }

    /// The node behind a JSON pointer (RFC 6901): `/metadata/name`; the node itself for `""`.
    pub fn pointer(self, pointer: &str) -> Option<Node<'a>> {
        if pointer.is_empty() {
            return Some(self);
        }
        pointer.strip_prefix('/')?.split('/').try_fold(self, |node, part| {
            let part = unescape_pointer(part);
            match node.kind() {
                Kind::Mapping => node.get(&part),
                Kind::Sequence => node.items().nth(array_index(&part)?),
                _ => None,
            }
        })
    }

    /// The whole value, as `JSON.stringify` writes what npm `yaml` makes of it: keys become strings,
    /// numbers are JavaScript's, `.inf` and `.nan` become null.
    pub fn to_json(self) -> Value {
        super::json::to_json(self)
    }

    /// The scalar it is; a collection counts as null here.
    pub(super) fn scalar(self) -> Scalar<'a> {
        scalar::resolve(self.entry(), || self.resolved().decoded())
    }

    /// The text of a scalar, before it is resolved to a value.
    pub(super) fn decoded(self) -> Cow<'a, str> {
        text::decode(self.tree, self.text, self.entry())
    }

    /// What it stands for, if it is an alias; else itself.
    pub(super) fn resolved(self) -> Node<'a> {
        let entry = &self.tree.entries[self.at as usize];
        if entry.shape == Shape::Alias { self.at(entry.extra) } else { self }
    }

    pub(super) fn entry(self) -> &'a Entry {
        &self.tree.entries[self.resolved().at as usize]
    }

    fn at(self, at: u32) -> Node<'a> {
        Node { at, ..self }
    }

    fn children_if(self, wanted: impl Fn(Shape) -> bool) -> Children<'a> {
        let mut children = self.tree.children(self.at);
        if !wanted(self.tree.entries[self.at as usize].shape) {
            children.end = children.next;
        }
        children
    }

    fn is_key(self, key: &str) -> bool {
        match self.scalar() {
            Scalar::String(text) => text == key,
            _ => super::json::key(self) == key,
        }
    }
}

/// `~1` is a slash and `~0` a tilde in a part of a JSON pointer.
pub(super) fn unescape_pointer(part: &str) -> Cow<'_, str> {
    if part.contains('~') { part.replace("~1", "/").replace("~0", "~").into() } else { part.into() }
}

/// The index that a part of a JSON pointer names: digits without leading zeros.
pub(super) fn array_index(part: &str) -> Option<usize> {
    let canonical = part == "0" || !part.starts_with(['0', '+']);
    canonical.then(|| part.parse().ok()).flatten()
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use crate::source::SourceId;
    use crate::yaml::{Kind, parse};

    fn check(text: &str, values: &[Value]) {
        let (tree, diagnostics) = parse(SourceId(0), text);
        assert_eq!(diagnostics, [], "{text}");
        let found: Vec<Value> = tree
            .documents(text)
            .map(|document| document.root().map_or(json!("none"), super::Node::to_json))
            .collect();
        assert_eq!(found, values, "{text}");
    }

    #[test]
    fn documents_become_values() {
        check("", &[]);
        check("---\n---\n", &[json!(null), json!(null)]);
        check("a: 1\n--- b\n...\nc\n", &[json!({"a": 1}), json!("b"), json!("c")]);
        check("\u{feff}a: b\r\nc: |\r\n  d\r\n", &[json!({"a": "b", "c": "d\n"})]);
        check("a: &x {b: 1.0}\nc: *x\n", &[json!({"a": {"b": 1}, "c": {"b": 1}})]);
        check("<<: 1\n~: 2\n0x10: 3\n{{ x }}: 4\n", &[json!({"<<": 1, "": 2, "16": 3, "{ ? { x } }": 4})]);
    }

    #[test]
    fn strings_are_strings_only_where_backstage_sees_strings() {
        let text = "a: 42\nb: '42'\nc: yes\nd: 1.10\ne:\nf: *x\ng: &y z\nh: *y\n".replace("f: *x\n", "");
        let (tree, _) = parse(SourceId(0), &text);
        let root = tree.documents(&text).next().unwrap().root().unwrap();
        let string = |key| root.get(key).and_then(super::Node::as_str).map(std::borrow::Cow::into_owned);
        assert_eq!(string("a"), None);
        assert_eq!(string("b").as_deref(), Some("42"));
        assert_eq!(string("c").as_deref(), Some("yes"));
        assert_eq!(string("d"), None);
        assert_eq!(root.get("d").unwrap().as_f64(), Some(1.1));
        assert_eq!(root.get("e").unwrap().kind(), Kind::Null);
        assert_eq!(string("h").as_deref(), Some("z"));
    }

    #[test]
    fn pointers_lead_to_nodes() {
        let text = "a/b:\n- x\n- ~t: 1\n";
        let (tree, _) = parse(SourceId(0), text);
        let root = tree.documents(text).next().unwrap().root().unwrap();
        let written = |pointer| root.pointer(pointer).map(|node| &text[node.span().range()]);
        assert_eq!(written(""), Some("a/b:\n- x\n- ~t: 1"));
        assert_eq!(written("/a~1b/0"), Some("x"));
        assert_eq!(written("/a~1b/1/~0t"), Some("1"));
        assert_eq!(written("/a~1b/01"), None);
        assert_eq!(written("/a~1b/2"), None);
    }

    #[test]
    fn unquoted_placeholders_are_found() {
        let text = "a: {{ x }}\nb: '{{ x }}'\nc: ${{ x }}\nd: { {a: 1}: 2}\n";
        let (tree, _) = parse(SourceId(0), text);
        let document = tree.documents(text).next().unwrap();
        let found: Vec<&str> = document.placeholders().map(|span| &text[span.range()]).collect();
        assert_eq!(found, ["{{ x }}"]);
    }
}
