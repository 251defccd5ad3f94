//! Handles of nodes: what a user of the tree looks at.

use std::borrow::Cow;

use serde_json::Value;

use super::scalar::{self, Scalar};
use super::text;
use super::tree::{Children, Entry, Shape, Tree};
use crate::source::Span;

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

    /// Whether it is a mapping: quicker than [`Node::kind`], which looks at the text of a scalar.
    pub fn is_mapping(self) -> bool {
        self.entry().shape.is_mapping()
    }

    /// Whether it is a sequence: quicker than [`Node::kind`].
    pub fn is_sequence(self) -> bool {
        self.entry().shape.is_sequence()
    }

    /// Whether it is written as an alias of another node.
    pub fn is_alias(self) -> bool {
        self.tree.entries[self.at as usize].shape == Shape::Alias
    }

    /// The text at its place, as it is written: quotes and escapes are part of it.
    pub fn written(self) -> &'a str {
        self.text.get(self.span().range()).unwrap_or_default()
    }

    /// Whether a tag stands in front of it: `!!int 5`.
    pub fn is_tagged(self) -> bool {
        let mut before = self.text.get(..self.span().start as usize).unwrap_or_default();
        loop {
            before = before.trim_end();
            let start = before.rfind([' ', '\t', '\n', '\r', ',', '[', '{']).map_or(0, |at| at + 1);
            match before.as_bytes().get(start) {
                Some(b'!') => return true,
                Some(b'&') => before = &before[..start],
                _ => return false,
            }
        }
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
            children.stop();
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
        check("\u{feff}a: [\n b\n]\n", &[json!({"a": ["b"]})]);
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
