//! One request: the files it changes, the entities it is about, and what it is called in Git and on
//! the forge. Pure: `git` makes the commit, `forge` opens the pull request.

pub mod layout;
pub mod mentions;
mod naming;
pub mod targets;

pub use naming::DIGEST_TRAILER;

use std::fmt::Write;

use sha2::{Digest, Sha256};

use crate::entity::EntityRef;

/// A file of a request, as it shall be.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Edit {
    /// Path in the repository, `/` between the parts.
    pub path: String,
    /// The new bytes; `None` removes the file.
    pub content: Option<Vec<u8>>,
    /// Whether it may be run.
    pub executable: bool,
    /// Whether the file was there before.
    pub existed: bool,
}

/// What a request does to an entity.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Operation {
    /// It is new.
    Create,
    /// It is there and becomes something else.
    Update,
    /// It goes.
    Delete,
}

impl Operation {
    /// The word in the trailer: `create`, `update`, `delete`.
    pub fn word(self) -> &'static str {
        match self {
            Self::Create => "create",
            Self::Update => "update",
            Self::Delete => "delete",
        }
    }
}

/// An entity of a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EntityChange {
    /// Which one.
    pub entity: EntityRef,
    /// What happens to it.
    pub operation: Operation,
}

/// One request. Its names are made by [`Request::branch`], [`Request::title`],
/// [`Request::commit_message`] and [`Request::description`].
#[derive(Clone, Debug, Default)]
pub struct Request {
    /// The files, sorted by path.
    pub edits: Vec<Edit>,
    /// The entities, the one it is named after first: see [`Request::new`].
    pub entities: Vec<EntityChange>,
    /// A title of the user's own.
    pub own_title: Option<String>,
    /// What it does, in Markdown, for the text of the pull request; may be empty.
    pub impact: String,
    /// What it is called after in place of its entities, where these alone do not tell: a verb, as in
    /// `rename`, and the entity that somebody named.
    pub subject: Option<(&'static str, EntityRef)>,
}

impl Request {
    /// A request over files and entities. It is named after the entity that people think of first:
    /// a component before its system, a system before its resources.
    pub fn new(mut edits: Vec<Edit>, mut entities: Vec<EntityChange>) -> Self {
        edits.sort();
        entities.sort_by_key(|change| (naming::prominence(change.entity.kind()), change.entity.to_string()));
        Self { edits, entities, own_title: None, impact: String::new(), subject: None }
    }

    /// SHA-256 over paths and contents in hexadecimal: the same request has the same digest, whoever
    /// makes it and whenever.
    pub fn digest(&self) -> String {
        let mut hash = Sha256::new();
        for edit in &self.edits {
            hash.update(edit.path.as_bytes());
            hash.update([0, u8::from(edit.executable), u8::from(edit.content.is_some())]);
            let content = edit.content.as_deref().unwrap_or_default();
            hash.update((content.len() as u64).to_be_bytes());
            hash.update(content);
        }
        hash.finalize().iter().fold(String::new(), |mut text, byte| {
            let _ = write!(text, "{byte:02x}");
            text
        })
    }
}
