//! New entries and items, behind the last one.

use serde_json::Value;

use super::super::node::Node;
use super::super::tree::Shape;
use super::site::{Site, column, line_end, shape};
use super::{Refusal, render};
use crate::diagnostic::Edit;
use crate::source::Span;

/// Adds a key to the mapping at `site`.
pub(super) fn entry(site: &Site<'_>, key: &str, value: &Value) -> Result<Vec<Edit>, Refusal> {
    let last = site.node.entries().last().map(|(_, value)| value);
    match (site.shape(), last) {
        (Shape::BlockMapping, Some(last)) => {
            let lines = render::entry(key, value, site.style());
            Ok(vec![lines_behind(site, last, lines)])
        }
        (Shape::FlowMapping, last) => {
            let text = format!("{}: {}", render::key(key, true), render::inline(value, None, true));
            flow(site, last, text)
        }
        _ => Err(Refusal::new("the mapping is not written where it is used")),
    }
}

/// Adds an item to the sequence at `site`.
pub(super) fn item(site: &Site<'_>, value: &Value) -> Result<Vec<Edit>, Refusal> {
    let last = site.node.items().last();
    match (site.shape(), last) {
        (Shape::BlockSequence, Some(last)) => {
            let lines = render::item(value, site.style());
            Ok(vec![lines_behind(site, last, lines)])
        }
        (Shape::FlowSequence, last) => flow(site, last, render::inline(value, None, true)),
        _ => Err(Refusal::new("the list is not written where it is used")),
    }
}

/// Lines in the column of the collection at `site`, behind the line that its last value ends in.
fn lines_behind(site: &Site<'_>, last: Node<'_>, lines: Vec<String>) -> Edit {
    let (text, line_break) = (site.text(), site.style().line_end);
    let column = column(text, site.start());
    let end = line_end(text, last.span().end as usize);
    let lines = render::indented(lines, column).join(line_break);
    let at = end as u32;
    let span = Span { start: at, end: at, ..last.span() };
    // A block scalar that keeps its empty lines ends with one: the break is there already.
    let ends_line = text[..end].ends_with('\n') && shape(last) != Shape::Missing;
    let replacement = if ends_line { format!("{lines}{line_break}") } else { format!("{line_break}{lines}") };
    Edit { span, replacement }
}

/// Text behind the last value in brackets or braces.
fn flow(site: &Site<'_>, last: Option<Node<'_>>, text: String) -> Result<Vec<Edit>, Refusal> {
    let span = site.node.span();
    if !site.text()[..site.end()].ends_with(['}', ']']) {
        return Err(Refusal::new("the place is a single pair in a list: write it with braces first"));
    }
    let (at, replacement) = match last {
        None => (span.start + 1, text),
        Some(last) => {
            let end = last.span().end;
            let rest = &site.text()[end as usize..site.end()];
            match rest.find(',').filter(|&comma| !rest[..comma].contains('#')) {
                Some(comma) => (end + comma as u32 + 1, format!(" {text}")),
                None => (end, format!(", {text}")),
            }
        }
    };
    Ok(vec![Edit { span: Span { start: at, end: at, ..span }, replacement }])
}
