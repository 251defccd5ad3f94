//! Why an entity could not be rendered.

/// Where a problem is to be mended.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Place {
    /// In the entity, at this JSON pointer.
    Entity(String),
    /// In the resource type's definition, at this JSON pointer.
    Type(String),
}

/// One thing that is wrong.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Problem {
    /// Where.
    pub place: Place,
    /// What is wrong: one line, lower case first, no full stop.
    pub message: String,
    /// How to mend it, where that is known.
    pub help: Option<String>,
}

impl Problem {
    /// A problem with the entity.
    pub fn entity(pointer: impl Into<String>, message: impl Into<String>) -> Self {
        Self { place: Place::Entity(pointer.into()), message: message.into(), help: None }
    }

    /// A problem with the resource type.
    pub fn of_type(pointer: impl Into<String>, message: impl Into<String>) -> Self {
        Self { place: Place::Type(pointer.into()), message: message.into(), help: None }
    }

    /// Says how to mend it.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }
}

/// `parent` and one more part, escaped as RFC 6901 wants it.
pub(crate) fn pointer(parent: &str, part: &str) -> String {
    format!("{parent}/{}", part.replace('~', "~0").replace('/', "~1"))
}
