//! A template's folder as it would be, or was: with other texts laid over its files.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::scaffolder::{Listed, Listing, Skeleton, SkeletonError, SkeletonKind};

/// A skeleton with some of its files replaced, added or away. Paths are relative to the root.
pub(super) struct LaidOver<'a, S> {
    /// What is there.
    pub(super) below: S,
    /// Files whose text is not the one on disk.
    pub(super) overlay: &'a BTreeMap<String, Arc<str>>,
    /// Files that count as not there.
    pub(super) absent: &'a BTreeSet<String>,
}

impl<S: Skeleton> Skeleton for LaidOver<'_, S> {
    fn folder(&self) -> &str {
        self.below.folder()
    }

    fn list(&self, path: &str) -> Result<Listing, SkeletonError> {
        let listing = self.below.list(path)?;
        if self.overlay.is_empty() && self.absent.is_empty() {
            return Ok(listing);
        }
        match listing {
            Listing::File { .. } if self.absent.contains(path) => Ok(Listing::Missing),
            Listing::File { executable } => Ok(Listing::File { executable }),
            Listing::Missing if self.overlay.contains_key(path) => Ok(Listing::File { executable: false }),
            Listing::Missing => Ok(self.folder_of(path, Vec::new())),
            Listing::Folder(listed) => Ok(self.folder_of(path, listed)),
        }
    }

    fn read(&self, path: &str) -> Result<Vec<u8>, SkeletonError> {
        match self.overlay.get(path) {
            Some(text) => Ok(text.as_bytes().to_vec()),
            None if self.absent.contains(path) => Err(SkeletonError(format!("{path} is not there"))),
            None => self.below.read(path),
        }
    }
}

impl<S> LaidOver<'_, S> {
    /// A folder with what is in it on disk and in the overlay; missing when nothing is left in it. Git has
    /// no empty folders.
    fn folder_of(&self, path: &str, listed: Vec<Listed>) -> Listing {
        let prefix = if path.is_empty() { String::new() } else { format!("{path}/") };
        let mut entries: BTreeMap<String, SkeletonKind> = listed
            .into_iter()
            .filter(|entry| !self.absent.contains(&format!("{prefix}{}", entry.path)))
            .map(|entry| (entry.path, entry.kind))
            .collect();
        for path in self.overlay.keys().filter_map(|path| path.strip_prefix(&prefix)) {
            entries.entry(path.to_owned()).or_insert(SkeletonKind::File { executable: false });
        }
        if entries.values().all(|kind| *kind == SkeletonKind::Folder) {
            return Listing::Missing;
        }
        Listing::Folder(entries.into_iter().map(|(path, kind)| Listed { path, kind }).collect())
    }
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use super::LaidOver;
    use crate::scaffolder::{Files, Listing, Skeleton};

    /// What a folder with the files `t/s/a` and `t/s/b/c` holds with these laid over and away.
    fn check(overlay: &[&str], absent: &[&str], expected: Option<&[&str]>) {
        let mut below = Files::default();
        for path in ["t/s/a", "t/s/b/c"] {
            below.write(path, Vec::new(), false).unwrap();
        }
        let overlay: BTreeMap<_, _> = overlay.iter().map(|path| ((*path).to_owned(), "x".into())).collect();
        let absent: BTreeSet<_> = absent.iter().map(|path| (*path).to_owned()).collect();
        let skeleton = LaidOver { below, overlay: &overlay, absent: &absent };
        let found = match skeleton.list("t/s").unwrap() {
            Listing::Folder(listed) => Some(listed.into_iter().map(|entry| entry.path).collect::<Vec<_>>()),
            Listing::Missing | Listing::File { .. } => None,
        };
        let expected = expected.map(|paths| paths.iter().map(|path| (*path).to_owned()).collect::<Vec<_>>());
        assert_eq!(found, expected);
        for path in overlay.keys() {
            assert_eq!(skeleton.read(path).unwrap(), b"x");
        }
        assert!(absent.iter().all(|path| skeleton.read(path).is_err()));
    }

    #[test]
    fn files_are_added_replaced_and_taken_away() {
        check(&[], &[], Some(&["a", "b", "b/c"]));
        check(&["t/s/a", "t/s/d/e", "t/other"], &[], Some(&["a", "b", "b/c", "d/e"]));
        check(&[], &["t/s/a"], Some(&["b", "b/c"]));
        check(&[], &["t/s/a", "t/s/b/c"], None);
        check(&["t/s/n"], &["t/s/a", "t/s/b/c"], Some(&["b", "n"]));
    }
}
