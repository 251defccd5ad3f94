//! The text of a scalar, out of the source: quotes and escapes, line folding, block indentation.
//!
//! Covers what the fast reader accepts. What only the full parser understands is stored decoded.

use std::borrow::Cow;

use super::tree::{Decoding, Entry, Shape, Tree};

/// The text of a scalar; empty for a collection.
pub(super) fn decode<'a>(tree: &'a Tree, text: &'a str, entry: &Entry) -> Cow<'a, str> {
    let written = text.get(entry.start as usize..entry.end as usize).unwrap_or_default();
    match (entry.decoding, entry.shape) {
        (Decoding::Stored, _) => tree.texts.get(entry.extra as usize).map_or("", |text| text).into(),
        (Decoding::Block, shape) => block(written, entry.extra as usize, shape == Shape::Folded).into(),
        (Decoding::Quoted, Shape::Double) => double_quoted(inside(written)).into(),
        (Decoding::Quoted, _) => single_quoted(inside(written)).into(),
        (Decoding::Verbatim, Shape::Single | Shape::Double) => inside(written).into(),
        (Decoding::Verbatim, Shape::Plain) => written.into(),
        (Decoding::Verbatim, _) => "".into(),
    }
}

/// Offset of the first character of the line that `at` is in; a byte order mark is none.
pub(super) fn line_start(text: &str, at: usize) -> usize {
    let before = &text.as_bytes()[..at];
    let mark = if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8().min(at) } else { 0 };
    memchr::memrchr(b'\n', before).map_or(mark, |newline| newline + 1)
}

/// What stands between the quotes.
fn inside(written: &str) -> &str {
    written.get(1..written.len().saturating_sub(1)).unwrap_or_default()
}

fn single_quoted(inside: &str) -> String {
    fold_lines(inside).replace("''", "'")
}

/// Escapes other than these are left to the full parser.
pub(super) fn simple_escape(byte: u8) -> Option<char> {
    Some(match byte {
        b'"' => '"',
        b'\\' => '\\',
        b'/' => '/',
        b'0' => '\0',
        b'n' => '\n',
        b'r' => '\r',
        b't' => '\t',
        _ => return None,
    })
}

fn double_quoted(inside: &str) -> String {
    let folded = fold_lines(inside);
    let mut out = String::with_capacity(folded.len());
    let mut rest = folded.as_ref();
    while let Some((before, after)) = rest.split_once('\\') {
        out.push_str(before);
        let escaped = after.bytes().next();
        out.extend(escaped.and_then(simple_escape));
        rest = after.get(1..).unwrap_or_default();
    }
    out.push_str(rest);
    out
}

/// The text with line feeds as its only line breaks: YAML makes no difference between them.
fn unify_breaks(text: &str) -> Cow<'_, str> {
    if memchr::memchr(b'\r', text.as_bytes()).is_some() {
        text.replace("\r\n", "\n").into()
    } else {
        text.into()
    }
}

/// Line folding of quoted scalars: a line break becomes a space, one with empty lines behind it as
/// many line breaks as there are empty lines; blanks around a break go.
fn fold_lines(inside: &str) -> Cow<'_, str> {
    let unified = unify_breaks(inside);
    let Some((first, rest)) = unified.split_once('\n') else { return inside.into() };
    let mut out = String::with_capacity(inside.len());
    out.push_str(first.trim_end_matches([' ', '\t']));
    let mut empty_lines = 0;
    let mut lines = rest.split('\n').peekable();
    while let Some(line) = lines.next() {
        let line = line.trim_start_matches([' ', '\t']);
        let last = lines.peek().is_none();
        let line = if last { line } else { line.trim_end_matches([' ', '\t']) };
        if line.is_empty() && !last {
            empty_lines += 1;
            continue;
        }
        push_break(&mut out, empty_lines);
        empty_lines = 0;
        out.push_str(line);
    }
    out.into()
}

fn push_break(out: &mut String, empty_lines: usize) {
    if empty_lines == 0 {
        out.push(' ');
    } else {
        out.extend(std::iter::repeat_n('\n', empty_lines));
    }
}

/// The content of a block scalar: `written` starts at the `|` or `>`, its content lines are indented
/// by `indent` columns.
fn block(written: &str, indent: usize, folded: bool) -> String {
    let written = &*unify_breaks(written);
    let (header, body) = written.split_once('\n').unwrap_or((written, ""));
    let mut lines: Vec<&str> = body.split('\n').map(|line| line.get(indent..).unwrap_or_default()).collect();
    let content = lines.iter().rposition(|line| !line.is_empty()).map_or(0, |last| last + 1);
    let trailing = lines.len() - content;
    lines.truncate(content);
    let mut out = if folded { fold_block(&lines) } else { lines.join("\n") };
    match header.as_bytes().get(1) {
        Some(b'+') => out.extend(std::iter::repeat_n('\n', trailing + usize::from(content > 0))),
        Some(b'-') => {}
        _ if content > 0 => out.push('\n'),
        _ => {}
    }
    out
}

/// Line folding of `>`: breaks between lines that start with a blank are kept.
fn fold_block(lines: &[&str]) -> String {
    let mut out = String::new();
    let (mut empty_lines, mut before): (usize, Option<&str>) = (0, None);
    for &line in lines {
        if line.is_empty() {
            empty_lines += 1;
            continue;
        }
        let indented = |line: &str| line.starts_with([' ', '\t']);
        match before {
            None => out.extend(std::iter::repeat_n('\n', empty_lines)),
            Some(before) if indented(before) || indented(line) => {
                out.extend(std::iter::repeat_n('\n', empty_lines + 1));
            }
            Some(_) => push_break(&mut out, empty_lines),
        }
        out.push_str(line);
        (empty_lines, before) = (0, Some(line));
    }
    out
}
