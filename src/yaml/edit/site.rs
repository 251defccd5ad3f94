//! Where a change takes place: a node, what it is a child of, and how the text around it is written.

use super::super::node::{Kind, Node, unescape_pointer};
pub(super) use super::super::text::line_start;
use super::super::tree::{Document, Shape};
use super::Refusal;

/// What a node is to its parent.
#[derive(Clone, Copy)]
pub(super) enum Role<'a> {
    Root,
    /// The value of a key.
    Value {
        mapping: Node<'a>,
        key: Node<'a>,
    },
    /// An item of a sequence.
    Item {
        sequence: Node<'a>,
    },
}

/// A node and its surroundings.
#[derive(Clone, Copy)]
pub(super) struct Site<'a> {
    pub(super) document: Document<'a>,
    pub(super) node: Node<'a>,
    pub(super) role: Role<'a>,
}

/// How the document is laid out.
#[derive(Clone, Copy)]
pub(super) struct Style {
    pub(super) line_end: &'static str,
    /// Columns that a mapping in a mapping is indented by.
    pub(super) indent: usize,
    /// Columns that a list in a mapping is indented by.
    pub(super) list_indent: usize,
}

/// Follows a pointer as far as there are nodes; returns the last one and the parts that are left.
pub(super) fn find<'a>(
    document: &Document<'a>,
    root: Node<'a>,
    pointer: &str,
) -> Result<(Site<'a>, Vec<String>), Refusal> {
    let mut site = Site { document: *document, node: root, role: Role::Root };
    let parts = super::parts(pointer)?;
    for (depth, part) in parts.iter().enumerate() {
        if site.node.is_alias() {
            let reason =
                "the place is behind an alias, and a change there would show wherever the alias is used";
            return Err(Refusal::new(reason));
        }
        let Some(next) = site.child(part) else { return Ok((site, parts[depth..].to_vec())) };
        site = next;
    }
    Ok((site, Vec::new()))
}

impl<'a> Site<'a> {
    fn child(&self, part: &str) -> Option<Site<'a>> {
        let (node, role) = match self.node.kind() {
            Kind::Mapping => {
                let (key, value) = self.node.entry_of(part)?;
                (value, Role::Value { mapping: self.node, key })
            }
            Kind::Sequence => {
                let index = super::super::node::array_index(&unescape_pointer(part))?;
                (self.node.items().nth(index)?, Role::Item { sequence: self.node })
            }
            _ => return None,
        };
        Some(Site { node, role, ..*self })
    }

    pub(super) fn text(&self) -> &'a str {
        self.document.text
    }

    /// The shape of the node as it is written: an alias is an alias.
    pub(super) fn shape(&self) -> Shape {
        shape(self.node)
    }

    pub(super) fn key(&self) -> Option<Node<'a>> {
        match self.role {
            Role::Value { key, .. } => Some(key),
            _ => None,
        }
    }

    /// The collection that the node is a child of.
    pub(super) fn parent(&self) -> Option<Node<'a>> {
        match self.role {
            Role::Root => None,
            Role::Value { mapping, .. } => Some(mapping),
            Role::Item { sequence } => Some(sequence),
        }
    }

    /// Whether the node stands inside brackets or braces.
    pub(super) fn in_flow(&self) -> bool {
        self.parent().is_some_and(|parent| matches!(shape(parent), Shape::FlowMapping | Shape::FlowSequence))
    }

    pub(super) fn start(&self) -> usize {
        self.node.span().start as usize
    }

    pub(super) fn end(&self) -> usize {
        self.node.span().end as usize
    }

    /// Behind the `:` of the node's key.
    pub(super) fn behind_colon(&self) -> Option<usize> {
        let end = self.key()?.span().end as usize;
        let rest = self.text().get(end..)?;
        let blanks = rest.len() - rest.trim_start_matches([' ', '\t']).len();
        rest[blanks..].starts_with(':').then_some(end + blanks + 1)
    }

    /// Whether only blanks stand before the node in its line.
    pub(super) fn starts_line(&self) -> bool {
        let start = self.start();
        self.text()[line_start(self.text(), start)..start].trim_start_matches(' ').is_empty()
    }

    /// What stands between the key or dash and the node: anchors, tags, comments.
    pub(super) fn properties(&self) -> &'a str {
        let from = match self.role {
            Role::Value { .. } => self.behind_colon(),
            Role::Item { .. } => self.dash().map(|dash| dash + 1),
            Role::Root => None,
        };
        from.and_then(|from| self.text().get(from..self.start())).unwrap_or_default()
    }

    /// The dash of the node, if it is an item of a block list.
    pub(super) fn dash(&self) -> Option<usize> {
        let Role::Item { sequence } = self.role else { return None };
        if shape(sequence) != Shape::BlockSequence {
            return None;
        }
        let before = sequence.items().take_while(|item| item.at != self.node.at).last();
        let from = before.map_or(sequence.span().start, |item| item.span().end) as usize;
        find_dash(self.text(), from)
    }

    /// The collection that the node is in, with its own surroundings.
    pub(super) fn of_parent(&self, parent: Node<'a>) -> Site<'a> {
        let tree = self.document.tree;
        let mut role = Role::Root;
        let node = |at| Node { at, ..parent };
        // Its parent is the last collection before it that reaches beyond it.
        let around = (0..parent.at).rev().find(|&at| {
            let entry = &tree.entries[at as usize];
            entry.shape.is_collection() && entry.next > parent.at
        });
        if let Some(around) = around {
            let children: Vec<u32> = tree.children(around).collect();
            let position = children.iter().position(|&child| child == parent.at).unwrap_or_default();
            role = if tree.entries[around as usize].shape.is_sequence() {
                Role::Item { sequence: node(around) }
            } else {
                Role::Value { mapping: node(around), key: node(children[position & !1]) }
            };
        }
        Site { node: parent, role, ..*self }
    }

    pub(super) fn style(&self) -> Style {
        Style::of(&self.document)
    }
}

pub(super) fn shape(node: Node<'_>) -> Shape {
    node.tree.entries[node.at as usize].shape
}

/// The first dash from `from` on that is not in a comment.
pub(super) fn find_dash(text: &str, from: usize) -> Option<usize> {
    let mut at = from;
    loop {
        match text.as_bytes().get(at)? {
            b'-' => return Some(at),
            b'#' => at = line_end(text, at),
            _ => at += 1,
        }
    }
}

/// Offset of the line break, with its carriage return, behind `at`; the end of the text without one.
pub(super) fn line_end(text: &str, at: usize) -> usize {
    let end = text[at..].find('\n').map_or(text.len(), |newline| at + newline);
    if text[at..end].ends_with('\r') { end - 1 } else { end }
}

/// Offset of the line behind the one that `at` is in.
pub(super) fn next_line(text: &str, at: usize) -> usize {
    text[at..].find('\n').map_or(text.len(), |newline| at + newline + 1)
}

/// How many bytes stand before `at` in its line.
pub(super) fn column(text: &str, at: usize) -> usize {
    at - line_start(text, at)
}

impl Style {
    fn of(document: &Document<'_>) -> Self {
        let text = document.text;
        let line_end =
            if text.find('\n').is_some_and(|at| text[..at].ends_with('\r')) { "\r\n" } else { "\n" };
        let mut style = Self { line_end, indent: 2, list_indent: 2 };
        let Some(root) = document.root() else { return style };
        let nested = |shape| nested_column(root, shape);
        style.indent = nested(Shape::BlockMapping).filter(|columns| (1..=8).contains(columns)).unwrap_or(2);
        style.list_indent =
            nested(Shape::BlockSequence).filter(|&columns| columns <= 8).unwrap_or(style.indent);
        style
    }
}

/// The columns that the first block of a shape that is the value of a block mapping is indented by.
fn nested_column(root: Node<'_>, wanted: Shape) -> Option<usize> {
    let (tree, text) = (root.tree, root.text);
    let end = tree.entries[root.at as usize].next;
    (root.at..end).filter(|&at| tree.entries[at as usize].shape == Shape::BlockMapping).find_map(|mapping| {
        let start = tree.entries[mapping as usize].start as usize;
        let mut values = tree.children(mapping).skip(1).step_by(2);
        let value = values.find(|&value| tree.entries[value as usize].shape == wanted)?;
        let value = tree.entries[value as usize].start as usize;
        column(text, value).checked_sub(column(text, start))
    })
}
