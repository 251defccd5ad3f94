//! Block strings: literal (`|`) when their lines are short enough, folded (`>`) otherwise.

use super::fold::{LINE_WIDTH, Mode, fold};
use super::quoted::{after_newlines, quoted};
use super::{NEWLINE, Place, SPACE, TAB, Units, has_document_marker, push};

/// A string of several lines; `forced`: it is indented even at the root.
pub(super) fn block(text: &str, place: &Place<'_>, forced: bool) -> Units {
    let units: Units = text.encode_utf16().collect();
    let last_line = text.rsplit_once('\n').map_or("", |(_, last)| last);
    if !last_line.is_empty() && last_line.chars().all(|character| matches!(character, ' ' | '\t')) {
        return quoted(text, place);
    }
    let indent =
        if place.indent.is_empty() && (forced || has_document_marker(text)) { "  " } else { place.indent };
    let is_literal = !has_long_line(&units, indent.len());
    let parts = Parts::of(&units, indent);
    if !is_literal {
        let mut body = parts.start.clone();
        body.extend(after_newlines(&unindented(&more_newlines(parts.middle)), indent));
        body.extend_from_slice(&parts.end);
        let folded = fold(&body, indent, Mode::Block, None);
        if !folded.overflows {
            return headed('>', &parts.header, indent, &folded.text);
        }
    }
    let mut body = parts.start.clone();
    body.extend(after_newlines(parts.middle, indent));
    body.extend_from_slice(&parts.end);
    headed('|', &parts.header, indent, &body)
}

fn headed(style: char, header: &str, indent: &str, body: &[u16]) -> Units {
    let mut output = Units::new();
    push(&mut output, &format!("{style}{header}\n{indent}"));
    output.extend_from_slice(body);
    output
}

fn has_long_line(units: &[u16], indent: usize) -> bool {
    let limit = LINE_WIDTH.saturating_sub(indent);
    if units.len() <= limit {
        return false;
    }
    let mut start = 0;
    for (index, unit) in units.iter().enumerate() {
        if *unit == NEWLINE {
            if index - start > limit {
                return true;
            }
            start = index + 1;
            if units.len() - start <= limit {
                return false;
            }
        }
    }
    true
}

/// A block's text: leading empty lines, the middle, white space at the end, and the indicators for
/// both ends.
struct Parts<'a> {
    start: Units,
    middle: &'a [u16],
    end: Units,
    header: String,
}

impl<'a> Parts<'a> {
    fn of(units: &'a [u16], indent: &str) -> Parts<'a> {
        let is_blank = |unit: &u16| matches!(*unit, NEWLINE | TAB | SPACE);
        let end_start = units.iter().rposition(|unit| !is_blank(unit)).map_or(0, |last| last + 1);
        let (middle, end) = units.split_at(end_start);
        let chomp = match end.iter().position(|unit| *unit == NEWLINE) {
            None => "-",
            Some(newline) if end_start == 0 || newline != end.len() - 1 => "+",
            Some(_) => "",
        };
        let end = end.strip_suffix(&[NEWLINE]).unwrap_or(end);
        let lead = middle.iter().position(|unit| !matches!(*unit, SPACE | NEWLINE)).unwrap_or(middle.len());
        let starts_with_space = middle[..lead].contains(&SPACE);
        let start_length =
            middle[..lead].iter().rposition(|unit| *unit == NEWLINE).map_or(0, |newline| newline + 1);
        let (start, middle) = middle.split_at(start_length);
        let size = match (starts_with_space, indent.is_empty()) {
            (false, _) => "",
            (true, false) => "2",
            (true, true) => "1",
        };
        Parts {
            start: after_newlines(start, indent),
            middle,
            end: indented_end(end, indent),
            header: format!("{size}{chomp}"),
        }
    }
}

/// Indents behind runs of line breaks, except the run at the very end.
fn indented_end(end: &[u16], indent: &str) -> Units {
    let kept = end.iter().rposition(|unit| *unit != NEWLINE).map_or(0, |last| last + 1);
    let mut output = after_newlines(&end[..kept], indent);
    output.extend_from_slice(&end[kept..]);
    output
}

/// One more line break for each run of them: folding takes one away.
fn more_newlines(units: &[u16]) -> Units {
    let mut output = Units::with_capacity(units.len());
    for (index, unit) in units.iter().enumerate() {
        if *unit == NEWLINE && (index == 0 || units[index - 1] != NEWLINE) {
            output.push(NEWLINE);
        }
        output.push(*unit);
    }
    output
}

/// Takes the additional line breaks back around lines that are indented more: those do not fold.
fn unindented(units: &[u16]) -> Units {
    let is_blank = |unit: u16| unit == SPACE || unit == TAB;
    let ends_line = |unit: u16| matches!(unit, NEWLINE | 0xd | 0x2028 | 0x2029);
    let blank_at = |index: usize| units.get(index).copied().is_some_and(is_blank);
    let mut output = Units::with_capacity(units.len());
    let mut index = 0;
    while index < units.len() {
        let line = match units[index] {
            NEWLINE if blank_at(index + 1) => index + 1,
            _ if index == 0 && blank_at(0) => 0,
            unit => {
                output.push(unit);
                index += 1;
                continue;
            }
        };
        let end = units[line..]
            .iter()
            .position(|unit| ends_line(*unit))
            .map_or(units.len(), |length| line + length);
        output.extend_from_slice(&units[line..end]);
        let white = units[end..].iter().take_while(|unit| **unit == NEWLINE || is_blank(**unit)).count();
        index = end;
        if white > 0 && units[end + white - 1] == NEWLINE {
            output.extend_from_slice(&units[end..end + white - 1]);
            index = end + white;
        }
    }
    output
}
