//! The words for what is wrong with a text as YAML.

use granit_parser::ErrorKind;

use crate::diagnostic::{Diagnostic, Reach, RuleId, Severity};
use crate::source::{SourceId, Span};

/// The text is not YAML.
pub const SYNTAX: RuleId = RuleId::new("yaml-syntax");
/// A key occurs twice in a mapping.
pub const DUPLICATE_KEY: RuleId = RuleId::new("yaml-duplicate-key");
/// An alias that names nothing, itself, or too much.
pub const ALIAS: RuleId = RuleId::new("yaml-alias");
/// A tag that says nothing to Backstage.
pub const TAG: RuleId = RuleId::new("yaml-tag");
/// `%YAML 1.1`.
pub const VERSION: RuleId = RuleId::new("yaml-version");
/// Deeper or larger than any file for people.
pub const LIMIT: RuleId = RuleId::new("yaml-limit");
/// Bytes that are no UTF-8.
pub const ENCODING: RuleId = RuleId::new("yaml-encoding");

/// Why one broken document matters beyond itself (Backstage's `DefaultCatalogProcessingEngine`).
const FREEZES: &str = "Backstage updates nothing that comes through the same Location until this is mended";

/// Whether a document with these findings is refused.
pub(super) fn any_error(diagnostics: &[Diagnostic]) -> bool {
    diagnostics.iter().any(|diagnostic| diagnostic.severity == Severity::Error)
}

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

fn error(rule: RuleId, span: Span, message: impl Into<String>) -> Diagnostic {
    Diagnostic::error(rule, span, message).reaching(Reach::Location).note(FREEZES)
}

/// A text that the parser cannot read.
pub(super) fn syntax(kind: &ErrorKind, place: &Place<'_>) -> Diagnostic {
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
        | ErrorKind::ExpectedFlowSequenceSeparator => flow(place),
        ErrorKind::TabInBlockIndentation
        | ErrorKind::TabInIndentation
        | ErrorKind::TabNotAllowed
        | ErrorKind::TabAtBlockScalarStart
        | ErrorKind::TabInPlainScalar => tab_near(place),
        ErrorKind::RecursionLimitExceeded => error(LIMIT, here, "collections are nested too deep")
            .note("at most 255 levels of blocks and 255 of brackets are read"),
        ErrorKind::MappingValueNotAllowed => error(SYNTAX, here, "a second `: ` stands in one line")
            .note("`: ` ends a key, and a key with a value cannot itself be a value in the same line")
            .help("put the value in quotes, or begin the inner mapping in a new line"),
        ErrorKind::UnexpectedCharacter { character } => unexpected(*character, here),
        ErrorKind::BlockSequenceEntryNotAllowed => {
            error(SYNTAX, here, "a list begins in the line of its key").help("begin the list in a new line")
        }
        ErrorKind::ExpectedBlockMappingKey => error(SYNTAX, here, "no key is found where one is expected")
            .note("all keys of a mapping start in the same column, and each is followed by `: `"),
        ErrorKind::ExpectedBlockSequenceEntry => {
            error(SYNTAX, here, "no `- ` is found where the list goes on")
                .note("all items of a list start in the same column with `- `")
        }
        ErrorKind::SimpleKeyExpected | ErrorKind::InvalidSimpleKey => {
            error(SYNTAX, here, "this line is no `key: value`")
                .help("write `: ` behind the key, or indent the line if it belongs to the text above")
        }
        ErrorKind::ExpectedDocumentStart => error(SYNTAX, here, "the document has ended before this")
            .help("write `---` in a line of its own in front of a further document"),
        ErrorKind::UnknownQuotedScalarEscape => error(SYNTAX, here, "an escape in this text is unknown")
            .help("write `\\\\` for a backslash, or put the text in single quotes, where nothing is escaped"),
        ErrorKind::InvalidIndentation | ErrorKind::InvalidBlockScalarIndent => {
            error(SYNTAX, here, "this line is not indented far enough")
        }
        ErrorKind::UndeclaredTagHandle => {
            error(TAG, here, "the tag begins with a handle that is not declared")
                .help("remove the tag: Backstage uses none")
        }
        other => error(SYNTAX, here, other.to_string()),
    }
}

fn unclosed_quote(place: &Place<'_>) -> Diagnostic {
    let at = place.open_quote().unwrap_or(place.at);
    let span = place.span(at, 1);
    let mut found = error(SYNTAX, span, "a quote is not closed").label("opens here");
    if place.at > at + 1 {
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

/// A tab where indentation is counted.
pub(super) fn tab(span: Span) -> Diagnostic {
    error(SYNTAX, span, "a tab indents the line").help("indent with spaces: YAML allows no tabs there")
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

/// A key that was there before.
pub(super) fn duplicate_key(span: Span, first: Span, key: &str) -> Diagnostic {
    error(DUPLICATE_KEY, span, format!("the key `{}` is there twice", shorten(key)))
        .related(first, "the first one is here")
        .help("remove one of the two, or join what they hold")
}

/// An alias whose anchor does not come before it in its document.
pub(super) fn unknown_alias(span: Span, text: &str) -> Diagnostic {
    let written = text.get(span.range()).unwrap_or_default();
    error(ALIAS, span, format!("the alias `{}` has no anchor before it in this document", shorten(written)))
        .help("put the value in quotes if it is meant to start with `*`")
}

/// An alias inside what it stands for.
pub(super) fn recursive_alias(span: Span, text: &str) -> Diagnostic {
    let written = text.get(span.range()).unwrap_or_default();
    error(ALIAS, span, format!("the alias `{}` stands inside its own value", shorten(written)))
        .note("the value would be endless")
}

/// More aliases than npm `yaml` expands.
pub(super) fn too_many_aliases(span: Span) -> Diagnostic {
    error(ALIAS, span, "aliases expand more than 100 times here")
        .note("Backstage's YAML reader takes that for an attack and refuses the rest of the file")
        .help("write the value out, or use fewer aliases")
}

/// Aliases that make more of a document than fits.
pub(super) fn alias_bomb(span: Span) -> Diagnostic {
    error(ALIAS, span, "the document is too large or too deep once its aliases are followed")
        .help("write the values out, or use fewer aliases")
}

/// A tag that only warns.
pub(super) fn unknown_tag(span: Span, written: &str, tag: &str) -> Diagnostic {
    let converted = ["binary", "timestamp", "set", "omap", "pairs", "merge"];
    let known = tag.strip_prefix("!!").is_some_and(|name| converted.contains(&name));
    let message = format!("the tag `{}` says nothing to Backstage", shorten(written));
    let found = Diagnostic::warning(TAG, span, message).help("remove the tag");
    if known {
        found.note("its YAML reader makes something of the value that is no plain text, list or mapping")
    } else {
        found.note("the value is taken as if the tag were not there; a scalar is always text")
    }
}

/// `%YAML 1.1`.
pub(super) fn old_version(span: Span) -> Diagnostic {
    Diagnostic::warning(VERSION, span, "the document asks for YAML 1.1")
        .note("there `yes`, `no`, `on` and `off` are truth values, `010` is 8 and `<<` merges")
        .note("this check reads the document as YAML 1.2")
        .help("remove the line `%YAML 1.1`")
}

/// More nodes than are read.
pub(super) fn too_many_nodes(span: Span) -> Diagnostic {
    error(LIMIT, span, format!("the file has more than {} values", super::MAX_NODES))
        .help("split it into several files")
}

/// A text too long for its offsets.
pub(super) fn too_long(source: SourceId) -> Diagnostic {
    error(LIMIT, Span::start_of(source), "the file is larger than 1 GiB").help("split it into several files")
}

/// A line inside brackets or quotes that is not indented more than what surrounds it.
pub(super) fn not_indented(span: Span, opener: Span) -> Diagnostic {
    error(SYNTAX, span, "this line is not indented far enough")
        .related(opener, "it belongs to what begins here")
        .help("indent it more than the key or the dash in front of the opening sign, or close that first")
}

/// A mapping whose key is not there.
pub(super) fn missing_key(span: Span) -> Diagnostic {
    error(SYNTAX, span, "the `:` before this has no key").help("write the key, or remove the `:`")
}

/// A carriage return that is no part of a line break.
pub(super) fn lone_carriage_return(span: Span) -> Diagnostic {
    error(SYNTAX, span, "a carriage return stands without a line feed")
        .note("YAML takes it for a line break, Backstage's YAML reader for a letter")
        .help("end lines with a line feed, or write `\\r` in double quotes")
}

/// Whether `at` stands in a line that starts with `%`.
pub(super) fn is_directive(text: &str, at: u32) -> bool {
    let before = text.get(..at as usize).unwrap_or_default();
    let line = before.rfind('\n').map_or(0, |newline| newline + 1);
    text[line..].starts_with('%')
}

/// A word of the user's text, cut where it is too long to be read in a message.
fn shorten(word: &str) -> String {
    let mut short: String = word.chars().take(60).collect();
    if short.len() < word.len() {
        short.push('…');
    }
    short
}
