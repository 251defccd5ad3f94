//! One value in place of another.

use serde_json::Value;

use super::super::tree::Shape;
use super::site::{Role, Site, column, line_end, line_start, next_line};
use super::{Refusal, is_used, render};
use crate::diagnostic::Edit;
use crate::source::Span;

/// Puts `value` where the node of `site` is.
pub(super) fn with(site: &Site<'_>, value: &Value) -> Result<Vec<Edit>, Refusal> {
    let properties = site.properties();
    if properties.contains('!') {
        return Err(Refusal::new("the value carries a tag: remove that first"));
    }
    let next = site.document.tree.entries[site.node.at as usize].next;
    if is_used(&site.document, site.node.at, next) {
        return Err(Refusal::new("the value is used elsewhere through an alias"));
    }
    if site.in_flow() || !(render::is_block(value) || render::literal(value).is_some()) {
        return Ok(inline(site, value));
    }
    Ok(block(site, value))
}

fn edit(site: &Site<'_>, start: usize, end: usize, replacement: impl Into<String>) -> Edit {
    let span = Span { start: start as u32, end: end as u32, ..site.node.span() };
    Edit { span, replacement: replacement.into() }
}

fn inline(site: &Site<'_>, value: &Value) -> Vec<Edit> {
    let text = render::inline(value, Some(site.shape()), site.in_flow());
    let (start, end) = (site.start(), site.end());
    match site.shape() {
        Shape::Missing => {
            let colon = site.key().is_some() && site.behind_colon().is_none();
            vec![edit(site, start, end, format!("{} {text}", if colon { ":" } else { "" }))]
        }
        // A block in lines of its own: the new value comes behind the colon, the lines go.
        Shape::BlockMapping | Shape::BlockSequence if site.starts_line() => match site.behind_colon() {
            Some(colon) => vec![
                edit(site, colon, colon, format!(" {text}")),
                edit(site, line_start(site.text(), start), next_line(site.text(), end), ""),
            ],
            None => vec![edit(site, start, end, text)],
        },
        _ => vec![edit(site, start, end, text)],
    }
}

fn block(site: &Site<'_>, value: &Value) -> Vec<Edit> {
    let (text, style) = (site.text(), site.style());
    let (start, end) = (site.start(), site.end());
    let join = |lines: Vec<String>, columns| render::indented(lines, columns).join(style.line_end);
    let own_lines = matches!(site.shape(), Shape::BlockMapping | Shape::BlockSequence) && site.starts_line();
    if let Some((header, lines)) = render::literal(value) {
        let parent = site.parent().map_or(0, |parent| column(text, parent.span().start as usize));
        let body = join(lines, parent + style.indent);
        return vec![edit(site, start, end, format!("{header}{}{body}", style.line_end))];
    }
    let lines = render::block(value, style);
    match (site.role, site.behind_colon()) {
        (Role::Value { .. }, _)
            if own_lines && value.is_object() == (site.shape() == Shape::BlockMapping) =>
        {
            let columns = column(text, start);
            vec![edit(site, line_start(text, start), end, join(lines, columns))]
        }
        (Role::Value { mapping, .. }, Some(colon)) => {
            let indent = if value.is_array() { style.list_indent } else { style.indent };
            let columns = column(text, mapping.span().start as usize) + indent;
            let lines = format!("{}{}", style.line_end, join(lines, columns));
            if own_lines {
                let before = line_end(text, colon);
                let from = line_start(text, start);
                return vec![edit(site, before, before, lines), edit(site, from, next_line(text, end), "")];
            }
            let behind = line_end(text, end);
            vec![edit(site, colon, end, ""), edit(site, behind, behind, lines)]
        }
        _ => {
            let columns = column(text, start) + usize::from(site.shape() == Shape::Missing);
            let lines = join(lines, columns);
            let blank = if site.shape() == Shape::Missing { " " } else { "" };
            vec![edit(site, start, end, format!("{blank}{}", lines.trim_start_matches(' ')))]
        }
    }
}
