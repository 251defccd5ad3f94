//! Whole documents that leave a text or come to one.

use std::ops::Range;

use serde_json::Value;

use super::super::tree::Tree;
use super::site::next_line;
use super::{Refusal, whole};
use crate::yaml::parse;

/// A text without one of its documents.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cut {
    /// What is left; `None` when no other document has anything in it.
    pub rest: Option<String>,
    /// The document with its comments, without the `---` line around it.
    pub document: String,
}

/// Takes a document out of a text. Its comments go with it; a comment at the head of the file that an empty
/// line sets apart from the first document stays.
pub fn cut(tree: &Tree, text: &str, index: usize) -> Result<Cut, Refusal> {
    let documents: Vec<Option<Value>> = tree.documents(text).map(|document| whole(&document)).collect();
    let root = tree.documents(text).nth(index).and_then(|document| document.root());
    let Some(span) = root.map(|root| root.span().range()) else {
        return Err(Refusal::new("the document has errors: mend them first"));
    };
    let place = place(text, &span);
    let document = own_text(text, &place).to_owned();
    let is_something = |value: &Option<Value>| value.as_ref().is_none_or(|value| !value.is_null());
    let others: Vec<&Option<Value>> =
        documents.iter().enumerate().filter(|(at, _)| *at != index).map(|(_, value)| value).collect();
    if !others.iter().any(|value| is_something(value)) {
        return Ok(Cut { rest: None, document });
    }
    let rest = format!("{}{}", &text[..place.start], &text[place.end..]);
    let (after, _) = parse(tree.source(), &rest);
    let found: Vec<Option<Value>> = after.documents(&rest).map(|document| whole(&document)).collect();
    if found
        .iter()
        .filter(|value| is_something(value))
        .ne(others.into_iter().filter(|value| is_something(value)))
    {
        return Err(Refusal::new("the document cannot be told from those around it: edit the file by hand"));
    }
    Ok(Cut { rest: Some(rest), document })
}

/// A text with one more document at its end.
pub fn join(text: &str, document: &str) -> String {
    let line_end = if text.contains("\r\n") { "\r\n" } else { "\n" };
    let mut joined = text.to_owned();
    if !joined.is_empty() && !joined.ends_with('\n') {
        joined.push_str(line_end);
    }
    if !joined.trim().is_empty() && !document.starts_with("---") {
        joined.push_str("---");
        joined.push_str(line_end);
    }
    joined.push_str(document);
    joined
}

/// What goes with the document whose content is at `span`: from its `---` line to the next one.
fn place(text: &str, span: &Range<usize>) -> Range<usize> {
    let (mut start, mut end) = (None, text.len());
    for at in markers(text) {
        if at <= span.start {
            start = Some(at);
        } else if at >= span.end {
            end = at;
            break;
        }
    }
    if let Some(start) = start {
        return start..end;
    }
    if end < text.len() && is_bare(text, end) {
        end = next_line(text, end);
    }
    head(text, span.start)..end
}

/// The lines that start a document. A `---` at the left edge is never anything else in YAML.
fn markers(text: &str) -> impl Iterator<Item = usize> {
    let mut at = 0;
    std::iter::from_fn(move || {
        while at < text.len() {
            let line = at;
            at = next_line(text, at);
            let rest = text[line..at].trim_start_matches('\u{feff}').strip_prefix("---");
            if rest.is_some_and(|rest| rest.is_empty() || rest.starts_with([' ', '\t', '\r', '\n'])) {
                return Some(line);
            }
        }
        None
    })
}

fn is_bare(text: &str, marker: usize) -> bool {
    text[marker..next_line(text, marker)].trim_start_matches('\u{feff}').trim_end() == "---"
}

/// Behind the comment at the head of the file, if an empty line ends it.
fn head(text: &str, first: usize) -> usize {
    let (mut at, mut commented) = (0, false);
    while at < first {
        let end = next_line(text, at).min(first);
        let line = text[at..end].trim_start_matches('\u{feff}').trim();
        if line.is_empty() && commented {
            return end;
        }
        if !line.starts_with('#') {
            break;
        }
        (at, commented) = (end, true);
    }
    if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 }
}

fn own_text<'a>(text: &'a str, place: &Range<usize>) -> &'a str {
    let whole = &text[place.clone()];
    let mut own = whole;
    if let Some(first) = markers(whole).next() {
        if first == 0 && is_bare(whole, 0) {
            own = &whole[next_line(whole, 0)..];
        } else if first > 0 {
            own = &whole[..first];
        }
    }
    let end = own.trim_end().len();
    &own[..next_line(own, end.saturating_sub(1))]
}

#[cfg(test)]
mod tests {
    use super::{cut, join};
    use crate::source::SourceId;
    use crate::yaml::parse;

    #[track_caller]
    fn check(text: &str, index: usize, rest: Option<&str>, document: &str) {
        let (tree, findings) = parse(SourceId(0), text);
        assert_eq!(findings, [], "{text}");
        let cut = cut(&tree, text, index).unwrap();
        assert_eq!((cut.rest.as_deref(), cut.document.as_str()), (rest, document), "{text}");
    }

    #[test]
    fn a_document_goes_with_its_comments() {
        check("a: 1\n", 0, None, "a: 1\n");
        check("---\n# x\na: 1\n---\n", 0, None, "# x\na: 1\n");
        check("# x\na: 1\n---\nb: 1\n", 0, Some("b: 1\n"), "# x\na: 1\n");
        check("# head\n\n# x\na: 1\n---\nb: 1\n", 0, Some("# head\n\nb: 1\n"), "# x\na: 1\n");
        check("# head\n---\na: 1\n---\n# y\nb: 1\n", 0, Some("# head\n---\n# y\nb: 1\n"), "a: 1\n");
        check("a: 1\n---\n# y\nb: |\n  x\n\n\n---\nc: 1\n", 1, Some("a: 1\n---\nc: 1\n"), "# y\nb: |\n  x\n");
        check("a: 1\r\n---\r\nb: 1", 1, Some("a: 1\r\n"), "b: 1");
        check("a: 1\n--- # y\nb: 1\n", 1, Some("a: 1\n"), "--- # y\nb: 1\n");
        check("a: 1\n--- {b: 1}\n--- c\n", 0, Some("--- {b: 1}\n--- c\n"), "a: 1\n");
    }

    #[test]
    fn a_document_comes_last() {
        for (text, document, expected) in [
            ("", "b: 1\n", "b: 1\n"),
            ("a: 1", "b: 1\n", "a: 1\n---\nb: 1\n"),
            ("a: 1\r\n", "b: 1\r\n", "a: 1\r\n---\r\nb: 1\r\n"),
            ("a: 1\n", "--- b\n", "a: 1\n--- b\n"),
        ] {
            assert_eq!(join(text, document), expected);
        }
    }
}
