//! What is wrong in a template or in its answers, as a value.

use std::fmt;

/// One thing that is wrong, with its place inside a JSON value.
///
/// A template reaches this module as the JSON of its entity, so a place is a JSON pointer into that
/// entity (`/spec/steps/0/input/url`) or into the answers (`/name`), not a span. Whoever has the
/// text turns the pointer into a span.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Problem {
    /// JSON pointer (RFC 6901) of the place; empty for the whole value.
    pub pointer: String,
    /// What is wrong: one line, lower case first, no full stop.
    pub message: String,
    /// How to mend it.
    pub hint: Option<String>,
}

impl Problem {
    /// Something wrong at `pointer`.
    pub fn new(pointer: impl Into<String>, message: impl Into<String>) -> Self {
        Self { pointer: pointer.into(), message: message.into(), hint: None }
    }

    /// Says how to mend it.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.pointer.is_empty() {
            f.write_str(&self.message)
        } else {
            write!(f, "{}: {}", self.pointer, self.message)
        }
    }
}

/// `pointer` and one more step, escaped as RFC 6901 wants it.
pub(super) fn child(pointer: &str, step: &str) -> String {
    format!("{pointer}/{}", step.replace('~', "~0").replace('/', "~1"))
}
