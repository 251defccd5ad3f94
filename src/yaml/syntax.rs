//! The words for a text that the parser cannot read: its own are about its states, these are about
//! what somebody wrote.

use granit_parser::ErrorKind;

use super::problem::{LIMIT, SYNTAX, TAG, comment_in_text, error, is_directive, tab};
use crate::diagnostic::Diagnostic;
use crate::source::{SourceId, Span};

/// What is known about the surroundings of a syntax error.
pub(super) struct Place<'a> {
    pub(super) source: SourceId,
    pub(super) text: &'a str,
    /// Where the parser stopped.
    pub(super) at: u32,
    /// The innermost bracket or brace that is open.
    pub(super) opener: Option<u32>,
    /// Behind the last thing that was read.
    pub(super) cursor: u32,
}

impl Place<'_> {
    /// What stands before the place in its line.
    fn line_before(&self) -> &str {
        let before = self.text.get(..self.at as usize).unwrap_or_default();
        &before[before.rfind('\n').map_or(0, |newline| newline + 1)..]
    }

    fn next(&self) -> Option<char> {
        self.text.get(self.at as usize..)?.chars().next()
    }

    fn span(&self, start: u32, length: u32) -> Span {
        let end = (start + length).min(self.text.len() as u32);
        let end = self.text.ceil_char_boundary(end as usize) as u32;
        Span::new(self.source, start..end.max(start))
    }

    /// The quote that opens behind the last thing that was read.
    fn open_quote(&self) -> Option<u32> {
        let bytes = self.text.as_bytes();
        let start = self.cursor as usize;
        let mut before = b' ';
        for (offset, &byte) in bytes.get(start..)?.iter().enumerate() {
            let first = matches!(before, b' ' | b'\t' | b'\n' | b'[' | b'{' | b',' | b':');
            if matches!(byte, b'"' | b'\'') && first {
                return Some((start + offset) as u32);
            }
            if start + offset > self.at as usize {
                return None;
            }
            before = byte;
        }
        None
    }
}

/// A text that the parser cannot read.
pub(super) fn diagnostic(kind: &ErrorKind, place: &Place<'_>) -> Diagnostic {
    let here = place.span(place.at, 1);
    match kind {
        ErrorKind::UnclosedQuotedScalar
        | ErrorKind::InvalidQuotedScalarIndent
        | ErrorKind::DocumentIndicatorInQuotedScalar => unclosed_quote(place),
        ErrorKind::UnclosedFlowCollection { .. }
        | ErrorKind::UnexpectedEofFlowSequence
        | ErrorKind::UnexpectedEofFlowMapping
        | ErrorKind::UnexpectedEofImplicitFlowMapping
        | ErrorKind::ExpectedFlowMappingSeparator
        | ErrorKind::ExpectedFlowSequenceSeparator
        | ErrorKind::InvalidColonPlacement => flow(place),
        ErrorKind::TabInBlockIndentation
        | ErrorKind::TabInIndentation
        | ErrorKind::TabNotAllowed
        | ErrorKind::TabAtBlockScalarStart
        | ErrorKind::TabInPlainScalar => tab_near(place),
        ErrorKind::CommentInterceptedScalar => comment_in_text(here),
        ErrorKind::RecursionLimitExceeded => error(LIMIT, here, "collections are nested too deep")
            .note("at most 255 levels of blocks and 255 of brackets are read"),
        ErrorKind::MappingValueNotAllowed => colon(place),
        ErrorKind::UnexpectedCharacter { character } => unexpected(*character, here),
        ErrorKind::UndeclaredTagHandle => {
            error(TAG, here, "the tag begins with a handle that is not declared")
                .help("remove the tag: Backstage uses none")
        }
        ErrorKind::ExpectedDocumentStart if after_directive(place) => {
            error(SYNTAX, here, "a line that starts with `%` has no `---` behind it")
                .help("put the text in quotes, or write `---` in a line of its own behind the directive")
        }
        ErrorKind::ExpectedBlockMappingKey | ErrorKind::ExpectedBlockSequenceEntry => line(kind, place),
        _ => scalar(kind, here, place),
    }
}

/// What is wrong with a scalar or with what follows it.
fn scalar(kind: &ErrorKind, here: Span, place: &Place<'_>) -> Diagnostic {
    let (message, help) = match kind {
        ErrorKind::SimpleKeyExpected | ErrorKind::InvalidSimpleKey => (
            "this line is no `key: value`",
            "write `: ` behind the key, or indent the line if it belongs to the text above",
        ),
        ErrorKind::ExpectedDocumentStart => (
            "the document has ended before this",
            "write `---` in a line of its own in front of a further document",
        ),
        ErrorKind::BlockSequenceEntryNotAllowed => {
            ("a list begins in the line of its key", "begin the list in a new line")
        }
        ErrorKind::UnknownQuotedScalarEscape => (
            "an escape in this text is unknown",
            "write `\\\\` for a backslash, or put the text in single quotes, where nothing is escaped",
        ),
        ErrorKind::InvalidTrailingSingleQuotedScalar | ErrorKind::InvalidTrailingDoubleQuotedScalar
            if place.next() == Some(':') =>
        {
            ("the key goes over several lines", "write the key in one line")
        }
        ErrorKind::InvalidTrailingSingleQuotedScalar | ErrorKind::InvalidTrailingDoubleQuotedScalar => {
            ("something follows a text in quotes", "put the whole text between the quotes")
        }
        ErrorKind::InvalidBlockScalarHeader => (
            "text follows the `|` or `>` in its line",
            "begin the text in the next line, or put it in quotes if it starts with this sign",
        ),
        ErrorKind::MissingAnchorOrAliasName => (
            "a value starts with `&` or `*`",
            "put the value in quotes, or write the name of the anchor behind it",
        ),
        ErrorKind::MissingLowSurrogate | ErrorKind::UnpairedLowSurrogate | ErrorKind::InvalidLowSurrogate => {
            ("an escape is half of a surrogate pair, which is no character", "write the character itself")
        }
        ErrorKind::MisplacedFlowCollectionEnd => {
            ("a bracket is closed that was not opened", "put the text in quotes, or remove the bracket")
        }
        ErrorKind::MismatchedFlowCollectionEnd { open: '[', .. } => {
            ("a bracket is closed by a brace", "close `[` with `]`")
        }
        ErrorKind::MismatchedFlowCollectionEnd { .. } => {
            ("a brace is closed by a bracket", "close `{` with `}`")
        }
        ErrorKind::InvalidIndentation | ErrorKind::InvalidBlockScalarIndent => {
            ("this line is not indented far enough", "indent it more than the line that it belongs to")
        }
        other => return error(SYNTAX, here, other.to_string()),
    };
    error(SYNTAX, here, message).help(help)
}

/// A `: ` where no key can be.
fn colon(place: &Place<'_>) -> Diagnostic {
    let here = place.span(place.at, 1);
    if place.line_before().contains(": ") {
        return error(SYNTAX, here, "a second `: ` stands in one line")
            .note("`: ` ends a key, and a key with a value cannot itself be a value in the same line")
            .help("put the value in quotes, or begin the inner mapping in a new line");
    }
    error(SYNTAX, here, "this `key: value` continues the text of the line above")
        .note("a line that is indented more than the key above it belongs to that key's value")
        .help("move the line to the column of the other keys; check for a blank behind the `:` above")
}

/// Something else than the next key or the next item.
fn line(kind: &ErrorKind, place: &Place<'_>) -> Diagnostic {
    let here = place.span(place.at, 1);
    let before = place.line_before().trim_end();
    if before.ends_with(['}', ']', '"', '\'']) {
        let found = error(SYNTAX, here, "something follows a value in brackets or quotes");
        return found.help("put the whole value in quotes, placeholders too");
    }
    if before == "-" {
        return error(SYNTAX, here, "a list item stands where a key is expected")
            .help("indent the list below its key, or give it a key of its own");
    }
    if *kind == ErrorKind::ExpectedBlockSequenceEntry {
        return error(SYNTAX, here, "no `- ` is found where the list goes on")
            .note("all items of a list start in the same column with `- `");
    }
    error(SYNTAX, here, "this line is indented like none of those it could belong to")
        .note("all keys of a mapping start in the same column, all lines of a text right of its key")
}

fn after_directive(place: &Place<'_>) -> bool {
    let line = place.at as usize - place.line_before().len();
    is_directive(place.text, place.at) || is_directive(place.text, line.saturating_sub(1) as u32)
}

fn unclosed_quote(place: &Place<'_>) -> Diagnostic {
    let at = place.open_quote().unwrap_or(place.at);
    let span = place.span(at, 1);
    let mut found = error(SYNTAX, span, "a quote is not closed").label("opens here");
    if place.at > at + 1 && (place.at as usize) < place.text.trim_end().len() {
        found = found.related(place.span(place.at, 1), "the text cannot go on like this");
    }
    found.help("close the quote; lines that continue the text are indented more than its key")
}

fn flow(place: &Place<'_>) -> Diagnostic {
    let at = place.opener.unwrap_or(place.at);
    let bracket = place.text.as_bytes().get(at as usize);
    let (name, close) = if bracket == Some(&b'{') { ("brace", '}') } else { ("bracket", ']') };
    let span = place.span(at, 1);
    let found = error(SYNTAX, span, format!("a {name} is not closed")).label("opens here");
    let found = if place.at > at + 1 {
        found.related(place.span(place.at, 1), format!("`,` or `{close}` is expected here"))
    } else {
        found
    };
    if place.text.get(at as usize..).is_some_and(|text| text.starts_with("{{")) {
        return found.help("put text that begins with a template placeholder in quotes");
    }
    found.help(format!("write `{close}` behind the last item"))
}

fn tab_near(place: &Place<'_>) -> Diagnostic {
    let bytes = place.text.as_bytes();
    let at = place.at as usize;
    let tab_at =
        bytes.get(at..).and_then(|rest| memchr::memchr(b'\t', rest)).map_or(at, |offset| at + offset);
    tab(place.span(tab_at as u32, 1))
}

fn unexpected(character: char, span: Span) -> Diagnostic {
    match character {
        '@' | '`' | '%' => error(SYNTAX, span, format!("a value cannot start with `{character}`"))
            .help("put the value in quotes"),
        _ if character.is_control() => error(
            SYNTAX,
            span,
            format!("the control character U+{:04X} is not allowed", u32::from(character)),
        )
        .help("remove it, or write it as an escape in double quotes"),
        _ => error(SYNTAX, span, format!("`{character}` is not expected here")),
    }
}
