//! Entries and items that go.

use serde_json::Value;

use super::super::node::Node;
use super::super::tree::Shape;
use super::site::{Role, Site, line_start, next_line, shape};
use super::{Refusal, is_used, replace};
use crate::diagnostic::Edit;
use crate::source::Span;

/// Removes the node of `site` from its parent.
pub(super) fn at(site: &Site<'_>) -> Result<Vec<Edit>, Refusal> {
    let children = match site.role {
        Role::Root => return Err(Refusal::new("the root of a document cannot be removed")),
        Role::Value { mapping, .. } => {
            mapping.entries().map(|(key, value)| Child { first: key, last: value }).collect()
        }
        Role::Item { sequence } => {
            sequence.items().map(|item| Child { first: item, last: item }).collect::<Vec<_>>()
        }
    };
    let next = site.document.tree.entries[site.node.at as usize].next;
    let first = site.key().map_or(site.node.at, |key| key.at);
    if is_used(&site.document, first, next) {
        return Err(Refusal::new("the value is used elsewhere through an alias"));
    }
    let position = children.iter().position(|child| child.last.at == site.node.at).unwrap_or_default();
    if children.len() == 1 && !site.in_flow() {
        return emptied(site);
    }
    let span = if site.in_flow() {
        in_flow(site, &children, position)
    } else {
        in_block(site, &children, position)?
    };
    let span = Span { start: span.0 as u32, end: span.1 as u32, ..site.node.span() };
    Ok(vec![Edit { span, replacement: String::new() }])
}

/// A child of a collection: a key and its value, or an item twice.
struct Child<'a> {
    first: Node<'a>,
    last: Node<'a>,
}

/// Leaves `{}` or `[]` in place of a block that loses its only child.
fn emptied(site: &Site<'_>) -> Result<Vec<Edit>, Refusal> {
    let Some(parent) = site.parent() else { return Ok(Vec::new()) };
    let empty = if shape(parent) == Shape::BlockMapping {
        Value::Object(serde_json::Map::new())
    } else {
        Value::Array(Vec::new())
    };
    replace::with(&site.of_parent(parent), &empty)
}

fn in_flow(site: &Site<'_>, children: &[Child<'_>], position: usize) -> (usize, usize) {
    let (start, end) = (children[position].first.span().start as usize, site.end());
    if let Some(before) = position.checked_sub(1) {
        return (children[before].last.span().end as usize, end);
    }
    if let Some(next) = children.get(1) {
        return (start, next.first.span().start as usize);
    }
    let rest = &site.text()[end..];
    let comma = rest.trim_start_matches([' ', '\t']).starts_with(',');
    (start, if comma { end + rest.find(',').unwrap_or_default() + 1 } else { end })
}

fn in_block(site: &Site<'_>, children: &[Child<'_>], position: usize) -> Result<(usize, usize), Refusal> {
    let text = site.text();
    let start = match site.key() {
        Some(key) => key.span().start as usize,
        None => site.dash().ok_or_else(|| Refusal::new("the dash of the item is not found"))?,
    };
    let from = line_start(text, start);
    let lines_end = next_line(text, site.end());
    let before = text[from..start].trim_start_matches(' ');
    if before.is_empty() {
        return Ok((from, lines_end));
    }
    if before.contains(['?', '&', '!']) || position > 0 {
        return Err(Refusal::new("the key is written in an unusual way: edit the file by hand"));
    }
    // The first child stands behind a dash: what follows takes its place.
    let rest = &text[lines_end..];
    let content = rest.trim_start_matches([' ', '\n', '\r']);
    if children.len() < 2 {
        return Err(Refusal::new("nothing would be left of its collection"));
    }
    Ok((start, lines_end + rest.len() - content.len()))
}
