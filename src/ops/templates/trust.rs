//! Which templates from outside somebody has agreed to run: by where they are from and by version.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::error::Failure;
use crate::fs;
use crate::ops::file_failure;

/// The file in the folder for what is remembered between runs.
const FILE: &str = "trusted-templates.json";
/// The oldest ones are forgotten.
const MOST: usize = 500;

/// What was agreed to.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Kept {
    trusted: Vec<Trusted>,
}

#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Trusted {
    source: String,
    version: String,
}

/// The memory of it.
pub struct Memory {
    path: Option<PathBuf>,
}

impl Memory {
    /// Kept in this folder; without one nothing is remembered.
    pub fn new(folder: Option<&Path>) -> Self {
        Self { path: folder.map(|folder| folder.join(FILE)) }
    }

    fn kept(&self) -> Kept {
        let text = self.path.as_deref().and_then(|path| fs::read_text_if_exists(path).ok().flatten());
        // A file that cannot be read is as good as none: it is asked again.
        text.and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default()
    }

    /// Whether this version was agreed to; else whether another version of it was.
    pub fn knows(&self, source: &str, version: &str) -> Known {
        let kept = self.kept();
        let of_source = || kept.trusted.iter().filter(|trusted| trusted.source == source);
        if of_source().any(|trusted| trusted.version == version) {
            return Known::Yes;
        }
        match of_source().next_back() {
            Some(other) => Known::Other(other.version.clone()),
            None => Known::No,
        }
    }

    /// Remembers that this version was agreed to.
    pub fn remember(&self, source: &str, version: &str) -> Result<(), Failure> {
        let Some(path) = &self.path else { return Ok(()) };
        let mut kept = self.kept();
        kept.trusted.push(Trusted { source: source.to_owned(), version: version.to_owned() });
        let excess = kept.trusted.len().saturating_sub(MOST);
        kept.trusted.drain(..excess);
        let text = serde_json::to_string_pretty(&kept)
            .map_err(|error| Failure::usage("cannot write what is trusted").because(error))?;
        fs::write_replacing(path, text.as_bytes()).map_err(|error| file_failure(&error))
    }
}

/// What is remembered of a template.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Known {
    /// This version was agreed to.
    Yes,
    /// Another one was, and which.
    Other(String),
    /// None was.
    No,
}
