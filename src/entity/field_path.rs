//! Where in an entity a check is, for messages: `metadata.tags[0]`. Kept on the stack.

use std::fmt;

use crate::source::Span;

/// One step from the root to a value.
#[derive(Clone, Copy)]
pub(crate) struct FieldPath<'p> {
    parent: Option<&'p FieldPath<'p>>,
    step: Step<'p>,
    /// The key of the value, or the value itself in a list: where to say that something is missing in it.
    pub(crate) anchor: Span,
}

#[derive(Clone, Copy)]
enum Step<'p> {
    Root,
    Key(&'p str),
    Index(usize),
}

impl<'p> FieldPath<'p> {
    pub(crate) fn root(anchor: Span) -> Self {
        Self { parent: None, step: Step::Root, anchor }
    }

    pub(crate) fn key(&'p self, key: &'p str, anchor: Span) -> Self {
        Self { parent: Some(self), step: Step::Key(key), anchor }
    }

    pub(crate) fn index(&'p self, index: usize, anchor: Span) -> Self {
        Self { parent: Some(self), step: Step::Index(index), anchor }
    }

    /// Whether this is the path of exactly these keys.
    pub(crate) fn is(&self, keys: &[&str]) -> bool {
        match (self.step, keys) {
            (Step::Root, []) => true,
            (Step::Key(key), [start @ .., last]) => {
                key == *last && self.parent.is_some_and(|parent| parent.is(start))
            }
            _ => false,
        }
    }

    /// The last key: `tags` of `metadata.tags[0]`.
    pub(crate) fn last_key(&self) -> &str {
        match self.step {
            Step::Key(key) => key,
            Step::Root => "",
            Step::Index(_) => self.parent.map_or("", FieldPath::last_key),
        }
    }
}

impl fmt::Display for FieldPath<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Some(parent) = self.parent else { return Ok(()) };
        parent.fmt(f)?;
        match self.step {
            Step::Root => Ok(()),
            Step::Index(index) => write!(f, "[{index}]"),
            Step::Key(key) if matches!(parent.step, Step::Root) => f.write_str(key),
            Step::Key(key) => write!(f, ".{key}"),
        }
    }
}
