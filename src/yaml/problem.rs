//! The words for what is wrong with a text as YAML.

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

/// Whether a document with these findings is refused.
pub(super) fn any_error(diagnostics: &[Diagnostic]) -> bool {
    diagnostics.iter().any(|diagnostic| diagnostic.severity == Severity::Error)
}

pub(super) fn error(rule: RuleId, span: Span, message: impl Into<String>) -> Diagnostic {
    Diagnostic::error(rule, span, message).reaching(Reach::Location)
}

/// A tab where indentation is counted.
pub(super) fn tab(span: Span) -> Diagnostic {
    error(SYNTAX, span, "a tab indents the line").help("indent with spaces: YAML allows no tabs there")
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

/// A comment in a text of several lines.
pub(super) fn comment_in_text(span: Span) -> Diagnostic {
    error(SYNTAX, span, "a comment stands between the lines of a text")
        .help("put the comment above the text, or the text in quotes if the `#` belongs to it")
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
