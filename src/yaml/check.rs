//! What npm `yaml` refuses beyond the grammar: keys that occur twice, aliases that expand too much,
//! lines that are indented too little.

use std::borrow::Cow;
use std::collections::BTreeMap;

use super::node::Node;
use super::problem;
use super::scalar::Scalar;
use super::text::line_start;
use super::tree::{Shape, Tree};
use crate::diagnostic::Diagnostic;
use crate::source::Span;

/// npm `yaml`'s `maxAliasCount`.
const MAX_ALIAS_COUNT: u64 = 100;
/// Values in a document once its aliases are followed.
const MAX_EXPANDED: u64 = 10_000_000;
/// Levels in a document once its aliases are followed: the parser's own bound for blocks and brackets.
const MAX_DEPTH: u32 = 512;

/// Checks the document whose nodes are those from `root` on. `false` where it must not be walked.
pub(super) fn document(tree: &Tree, text: &str, root: u32, diagnostics: &mut Vec<Diagnostic>) -> bool {
    let aliases = tree.entries[root as usize..].iter().any(|entry| entry.shape == Shape::Alias);
    if aliases {
        if !Expansion::is_bounded(tree, root) {
            let entry = &tree.entries[root as usize];
            diagnostics.push(problem::alias_bomb(Span::new(tree.source, entry.start..entry.end)));
            return false;
        }
        Aliases::new(tree, root).check(diagnostics);
    }
    for index in root..tree.entries.len() as u32 {
        let shape = tree.entries[index as usize].shape;
        if shape == Shape::Plain {
            comment_between_lines(tree, text, index, diagnostics);
        }
        if shape.is_mapping() {
            duplicate_keys(tree, text, index, diagnostics);
        }
        if shape == Shape::BlockMapping || shape == Shape::BlockSequence {
            indentation(tree, text, index, diagnostics);
            tab_before(tree, text, index, diagnostics);
        }
        if shape == Shape::BlockMapping {
            empty_keys(tree, text, index, diagnostics);
        }
    }
    if !tree.entries[root as usize].shape.is_collection() {
        tab_before(tree, text, root, diagnostics);
    }
    true
}

/// A comment ends a text without quotes, also where a tab stands before it: the lines behind it would
/// be lost on one reader and not on the other.
fn comment_between_lines(tree: &Tree, text: &str, index: u32, diagnostics: &mut Vec<Diagnostic>) {
    let entry = &tree.entries[index as usize];
    let written = text.get(entry.start as usize..entry.end as usize).unwrap_or_default();
    let lines = written.match_indices('\n').map(|(newline, _)| newline + 1);
    let content = lines.map(|line| line + blanks(&written[line..]));
    if let Some(at) = content.into_iter().find(|&at| written[at..].starts_with('#')) {
        let at = entry.start + at as u32;
        diagnostics.push(problem::comment_in_text(Span::new(tree.source, at..at + 1)));
    }
}

/// How many blanks a text starts with.
fn blanks(text: &str) -> usize {
    text.len() - text.trim_start_matches([' ', '\t']).len()
}

/// A tab in the blanks in front of a block, or at the start of the line of a root that is no collection.
fn tab_before(tree: &Tree, text: &str, index: u32, diagnostics: &mut Vec<Diagnostic>) {
    let entry = &tree.entries[index as usize];
    let before = text.get(..entry.start as usize).unwrap_or_default();
    let blanks = &before[before.trim_end_matches([' ', '\t']).len()..];
    let starts_line = blanks.len() == before.len() || before[..before.len() - blanks.len()].ends_with('\n');
    let Some(tab) = blanks.find('\t') else { return };
    let before_scalar = starts_line && tab == 0;
    if entry.shape != Shape::Missing && (before_scalar || entry.shape.is_collection()) {
        let at = (before.len() - blanks.len() + tab) as u32;
        diagnostics.push(problem::tab(Span::new(tree.source, at..at + 1)));
    }
}

/// `: key: value`: npm `yaml` takes a missing key, but no block behind it in the same line.
fn empty_keys(tree: &Tree, text: &str, index: u32, diagnostics: &mut Vec<Diagnostic>) {
    let mut children = tree.children(index);
    while let (Some(key), Some(value)) = (children.next(), children.next()) {
        let (key, value) = (&tree.entries[key as usize], &tree.entries[value as usize]);
        if key.shape != Shape::Missing || !matches!(value.shape, Shape::BlockMapping | Shape::BlockSequence) {
            continue;
        }
        let between = text.get(key.end as usize..value.start as usize).unwrap_or_default();
        let explicit = text[..key.end as usize].ends_with('?');
        if !explicit && !between.trim_start_matches(['\r', '\n', ' ']).contains('\n') {
            diagnostics.push(problem::missing_key(Span::new(tree.source, value.start..value.start)));
        }
    }
}

/// A key as npm `yaml` compares it: strictly by type and value. Not a number is unlike itself, a
/// collection or an alias unlike anything.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Key<'a> {
    Null,
    Bool(bool),
    Number(u64),
    String(Cow<'a, str>),
}

fn key_of(node: Node<'_>) -> Option<Key<'_>> {
    let entry = node.tree.entries[node.at as usize];
    if entry.shape.is_collection() || entry.shape == Shape::Alias {
        return None;
    }
    match node.scalar() {
        Scalar::Null => Some(Key::Null),
        Scalar::Bool(value) => Some(Key::Bool(value)),
        Scalar::Int(value) | Scalar::Float(value) if value.is_nan() => None,
        // Adding zero makes one zero of the two.
        Scalar::Int(value) | Scalar::Float(value) => Some(Key::Number((value + 0.0).to_bits())),
        Scalar::String(text) => Some(Key::String(text)),
    }
}

fn duplicate_keys(tree: &Tree, text: &str, index: u32, diagnostics: &mut Vec<Diagnostic>) {
    let mut seen = BTreeMap::new();
    for at in tree.children(index).step_by(2) {
        let node = Node { tree, text, at };
        let Some(key) = key_of(node) else { continue };
        match seen.entry(key) {
            std::collections::btree_map::Entry::Vacant(place) => {
                place.insert(node.span());
            }
            std::collections::btree_map::Entry::Occupied(first) => {
                diagnostics.push(problem::duplicate_key(node.span(), *first.get(), &super::json::key(node)));
            }
        }
    }
}

/// How large a document is once its aliases are followed, without following them.
struct Expansion {
    size: Vec<u64>,
    depth: Vec<u32>,
}

impl Expansion {
    /// Children come behind their parent and aliases behind their target, but a target's own size is
    /// known only when its last child is: so from the back, with the aliases' targets resolved by a
    /// second look at what stands before.
    fn is_bounded(tree: &Tree, root: u32) -> bool {
        let entries = &tree.entries[root as usize..];
        let mut sizes = Self { size: vec![1; entries.len()], depth: vec![1; entries.len()] };
        let mut open: Vec<usize> = Vec::new();
        for (at, entry) in entries.iter().enumerate() {
            sizes.close(&mut open, |parent| entries[parent].next as usize - root as usize <= at);
            if entry.shape == Shape::Alias {
                let target = (entry.extra - root) as usize;
                sizes.size[at] = sizes.size[target];
                sizes.depth[at] = sizes.depth[target];
            }
            open.push(at);
        }
        sizes.close(&mut open, |_| true);
        sizes.size[0] <= MAX_EXPANDED && sizes.depth[0] <= MAX_DEPTH
    }

    /// Adds the nodes that are complete to their parents.
    fn close(&mut self, open: &mut Vec<usize>, complete: impl Fn(usize) -> bool) {
        while let Some(&last) = open.last() {
            if !complete(last) {
                return;
            }
            open.pop();
            if let Some(&parent) = open.last() {
                self.size[parent] = self.size[parent].saturating_add(self.size[last]);
                self.depth[parent] = self.depth[parent].max(self.depth[last].saturating_add(1));
            }
        }
    }
}

/// npm `yaml`'s bound on aliases (its `Alias.resolve` and `getAliasCount`): the uses of an anchor
/// times the most uses inside it may be at most 100.
struct Aliases<'a> {
    tree: &'a Tree,
    root: u32,
    /// By target: how often it was used, itself included, and the most uses inside it.
    uses: BTreeMap<u32, (u64, u64)>,
}

impl<'a> Aliases<'a> {
    fn new(tree: &'a Tree, root: u32) -> Self {
        Self { tree, root, uses: BTreeMap::new() }
    }

    fn check(mut self, diagnostics: &mut Vec<Diagnostic>) {
        for entry in &self.tree.entries[self.root as usize..] {
            if entry.shape != Shape::Alias {
                continue;
            }
            let (count, inside) =
                self.uses.get(&entry.extra).copied().unwrap_or_else(|| (1, self.inside(entry.extra)));
            self.uses.insert(entry.extra, (count + 1, inside));
            if (count + 1).saturating_mul(inside) > MAX_ALIAS_COUNT {
                let span = Span::new(self.tree.source, entry.start..entry.end);
                diagnostics.push(problem::too_many_aliases(span));
                return;
            }
        }
    }

    /// The most uses that a scalar inside `target` stands for.
    fn inside(&self, target: u32) -> u64 {
        let end = self.tree.entries[target as usize].next;
        let count = |entry: &super::tree::Entry| match entry.shape {
            Shape::Alias => {
                self.uses.get(&entry.extra).map_or(0, |(count, inside)| count.saturating_mul(*inside))
            }
            shape if shape.is_collection() => 0,
            _ => 1,
        };
        self.tree.entries[target as usize..end as usize].iter().map(count).max().unwrap_or(0)
    }
}

/// Lines inside brackets and quotes have to be indented more than the block around them; only a
/// closing bracket may stand right below its key.
fn indentation(tree: &Tree, text: &str, index: u32, diagnostics: &mut Vec<Diagnostic>) {
    let block = &tree.entries[index as usize];
    for at in tree.children(index) {
        let entry = &tree.entries[at as usize];
        let flow = matches!(entry.shape, Shape::FlowMapping | Shape::FlowSequence);
        if !flow && !matches!(entry.shape, Shape::Single | Shape::Double) {
            continue;
        }
        let written = text.get(entry.start as usize..entry.end as usize).unwrap_or_default();
        let Some(first_break) = written.find('\n') else { continue };
        let column = block.start as usize - line_start(text, block.start as usize);
        let mut line_start = first_break + 1;
        for line in written[first_break + 1..].split('\n') {
            let content = line.trim_start_matches(' ');
            let blanks = line.len() - content.len();
            let blank = content.trim_end_matches(['\r', '\t']).is_empty();
            let closes = blanks == column && matches!(content, "]" | "}");
            let free = blank || (flow && (closes || content.starts_with('#')));
            if blanks <= column && !free {
                let start = entry.start + (line_start + blanks) as u32;
                let first = content.chars().next().map_or(0, char::len_utf8) as u32;
                let place = Span::new(tree.source, start..start + first);
                let opener = Span::new(tree.source, entry.start..entry.start + 1);
                diagnostics.push(problem::not_indented(place, opener));
                break;
            }
            line_start += line.len() + 1;
        }
    }
}
