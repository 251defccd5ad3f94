//! What goes wrong inside the engine, on its way to the public error.

use std::fmt;

/// Why a template could not be parsed or evaluated.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Error {
    /// One sentence: lower case, no full stop, control characters escaped.
    pub message: String,
    /// Byte offset in the template text of the tag, name or value that is at fault.
    pub offset: usize,
}

impl fmt::Display for Error {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.message)
    }
}

impl std::error::Error for Error {}

/// An error whose place may not be known yet; boxed, as results travel through deep recursion.
#[derive(Debug)]
pub(super) struct Fault(Box<Inner>);

#[derive(Debug)]
struct Inner {
    message: String,
    offset: Option<u32>,
    limit: bool,
}

/// The result of a step of parsing or evaluation.
pub(super) type Result<T, E = Fault> = std::result::Result<T, E>;

impl Fault {
    pub(super) fn new(message: impl Into<String>) -> Self {
        Fault(Box::new(Inner { message: message.into(), offset: None, limit: false }))
    }

    /// A limit is never blamed on the filter it was reached in.
    pub(super) fn limit(what: &str, allowed: usize) -> Self {
        let message =
            format!("the template needs more than {allowed} {what}, which is the limit: simplify it");
        Fault(Box::new(Inner { message, offset: None, limit: true }))
    }

    /// Adds the place, unless a deeper one is known.
    pub(super) fn at(mut self, offset: u32) -> Self {
        self.0.offset.get_or_insert(offset);
        self
    }

    /// Says what was being done.
    pub(super) fn within(mut self, context: impl FnOnce() -> String) -> Self {
        if !self.0.limit {
            self.0.message = format!("{}: {}", context(), self.0.message);
        }
        self
    }

    pub(super) fn into_error(self) -> Error {
        Error { message: escape(&self.0.message), offset: self.0.offset.unwrap_or(0) as usize }
    }
}

/// Template text in a message: quoted, short, without control characters.
pub(super) fn quote(text: &str) -> String {
    const SHOWN: usize = 80;
    match text.char_indices().nth(SHOWN) {
        Some((end, _)) => format!("`{}…`", &text[..end]),
        None => format!("`{text}`"),
    }
}

fn escape(message: &str) -> String {
    let unsafe_character = |c: char| {
        c.is_control()
            || matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    };
    let mut escaped = String::with_capacity(message.len());
    for character in message.chars() {
        if unsafe_character(character) {
            escaped.extend(character.escape_unicode());
        } else {
            escaped.push(character);
        }
    }
    escaped
}

/// The closest known name, when one is close enough to be what was meant.
pub(super) fn suggestion<'a>(name: &str, known: impl Iterator<Item = &'a str>) -> String {
    crate::diagnostic::did_you_mean(name, known)
        .map_or_else(String::new, |near| format!(": did you mean `{near}`?"))
}
