//! Answers that were given to a template and have not become anything yet: kept, so that a failure or
//! Ctrl-C does not cost them.
//!
//! One file, which only the user may read. It never holds a secret: who saves leaves them out. The
//! newest [`MOST`] runs of the last [`DAYS`] days are kept, one for each template and repository.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::file_failure;
use crate::clock::Timestamp;
use crate::error::Failure;
use crate::fs;

/// How many runs are kept.
pub const MOST: usize = 10;
/// For how many days.
pub const DAYS: i64 = 30;
/// The largest answers that are kept, as bytes of JSON.
const LARGEST: usize = 256 << 10;

/// What a run of a template was about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Key {
    /// The name that the template was called by.
    pub template: String,
    /// The folder it was run in: the top of the repository.
    pub folder: String,
    /// The Backstage it was run on; `None` for a run here.
    pub backstage: Option<String>,
}

/// The answers of one run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Kept {
    /// What it was about.
    #[serde(flatten)]
    pub key: Key,
    /// The answers, without secrets.
    pub answers: Map<String, Value>,
    /// When they were given: seconds since 1970.
    saved: i64,
}

/// Where answers are kept.
#[derive(Clone, Debug)]
pub struct Store {
    file: PathBuf,
    now: Timestamp,
}

impl Store {
    /// In a folder for state of the user.
    pub fn new(folder: &Path, now: Timestamp) -> Self {
        Self { file: folder.join("answers.json"), now }
    }

    /// The newest answers that `wanted` takes.
    pub fn newest(&self, wanted: impl Fn(&Key) -> bool) -> Option<Kept> {
        self.read().into_iter().find(|kept| wanted(&kept.key))
    }

    /// Keeps the answers of a run in place of those it had. Answers that are too large are an error.
    pub fn save(&self, key: &Key, answers: Map<String, Value>) -> Result<(), Failure> {
        let kept = Kept { key: key.clone(), answers, saved: self.now.0 };
        if serde_json::to_vec(&kept).map_or(0, |bytes| bytes.len()) > LARGEST {
            return Err(Failure::usage("the answers are too large to be kept"));
        }
        let mut all = self.read();
        all.retain(|other| other.key != *key);
        all.insert(0, kept);
        all.truncate(MOST);
        self.write(&all)
    }

    /// Forgets the answers of a run.
    pub fn forget(&self, key: &Key) -> Result<(), Failure> {
        let mut all = self.read();
        let before = all.len();
        all.retain(|kept| kept.key != *key);
        if all.len() == before { Ok(()) } else { self.write(&all) }
    }

    /// What is there, newest first. A file that cannot be read counts as none: it holds nothing that
    /// could not be answered again.
    fn read(&self) -> Vec<Kept> {
        let text = fs::read_text_if_exists(&self.file).ok().flatten().unwrap_or_default();
        let mut all: Vec<Kept> = serde_json::from_str(&text).unwrap_or_default();
        all.retain(|kept| self.now.0 - kept.saved <= DAYS * 86_400);
        all.truncate(MOST);
        all
    }

    fn write(&self, all: &[Kept]) -> Result<(), Failure> {
        if all.is_empty() {
            return fs::remove_file(&self.file).map_err(|error| file_failure(&error));
        }
        let bytes = serde_json::to_vec(all).map_err(|error| Failure::usage(error.to_string()))?;
        fs::write_private(&self.file, &bytes).map_err(|error| file_failure(&error))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Map, Value, json};

    use super::{DAYS, Key, MOST, Store};
    use crate::clock::Timestamp;
    use crate::fs::TemporaryDirectory;

    fn key(template: &str) -> Key {
        Key { template: template.to_owned(), folder: "/work".to_owned(), backstage: None }
    }

    fn answers(name: &str) -> Map<String, Value> {
        json!({"name": name}).as_object().unwrap().clone()
    }

    #[test]
    fn the_newest_answers_of_a_run_are_kept() {
        let folder = TemporaryDirectory::new("recover").unwrap();
        let store = Store::new(&folder.path().join("state"), Timestamp(1_000_000));
        assert!(store.newest(|_| true).is_none());
        store.save(&key("a"), answers("old")).unwrap();
        store.save(&key("b"), answers("other")).unwrap();
        store.save(&key("a"), answers("new")).unwrap();
        assert_eq!(store.newest(|_| true).unwrap().answers, answers("new"));
        assert_eq!(store.newest(|key| key.template == "b").unwrap().answers, answers("other"));
        store.forget(&key("a")).unwrap();
        assert_eq!(store.newest(|_| true).unwrap().key, key("b"));
        store.forget(&key("b")).unwrap();
        assert!(!folder.path().join("state/answers.json").exists());
    }

    #[test]
    fn number_age_and_size_are_bounded() {
        let folder = TemporaryDirectory::new("recover").unwrap();
        let store = |now| Store::new(folder.path(), Timestamp(now));
        for number in 0..MOST + 3 {
            store(0).save(&key(&number.to_string()), answers("x")).unwrap();
        }
        assert!(store(0).newest(|key| key.template == "2").is_none());
        assert!(store(0).newest(|key| key.template == "3").is_some());
        assert!(store(DAYS * 86_400 + 1).newest(|_| true).is_none());
        store(0).save(&key("large"), answers(&"x".repeat(300 << 10))).unwrap_err();
    }

    #[cfg(unix)]
    #[test]
    fn nobody_else_may_read_them() {
        use std::os::unix::fs::PermissionsExt;
        let folder = TemporaryDirectory::new("recover").unwrap();
        let state = folder.path().join("state");
        Store::new(&state, Timestamp(0)).save(&key("a"), answers("x")).unwrap();
        let mode = |path: &std::path::Path| path.metadata().unwrap().permissions().mode() & 0o777;
        assert_eq!((mode(&state), mode(&state.join("answers.json"))), (0o700, 0o600));
    }
}
