//! What the user changed: the work tree against a commit.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use super::{CommitId, Error, Repository};
use crate::change::Edit;

/// The edits between a commit and the work tree, sorted by path.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LocalChanges {
    /// What differs; ignored files are left out, untracked ones are in.
    pub edits: Vec<Edit>,
}

impl Repository {
    /// What differs between `base` and the work tree below `paths` (everywhere when empty).
    pub fn changes_since(&self, base: &CommitId, paths: &[String]) -> Result<LocalChanges, Error> {
        let tree = self.tree(base)?;
        let mut options = git2::DiffOptions::new();
        options.include_untracked(true).recurse_untracked_dirs(true).disable_pathspec_match(true);
        for path in paths {
            options.pathspec(path);
        }
        let diff = self.inner.diff_tree_to_workdir_with_index(Some(&tree), Some(&mut options));
        let diff = diff.map_err(Error::other("cannot compare the work tree"))?;
        let mut edits = Vec::new();
        for delta in diff.deltas() {
            if let Some(edit) = self.edit(&delta)? {
                edits.push(edit);
            }
        }
        edits.sort();
        Ok(LocalChanges { edits })
    }

    /// The paths in which two commits differ, sorted.
    pub fn changed_paths(&self, old: &CommitId, new: &CommitId) -> Result<Vec<String>, Error> {
        let (old, new) = (self.tree(old)?, self.tree(new)?);
        let diff = self.inner.diff_tree_to_tree(Some(&old), Some(&new), None);
        let diff = diff.map_err(Error::other("cannot compare two commits"))?;
        let mut paths: Vec<String> = diff
            .deltas()
            .filter_map(|delta| delta.new_file().path().map(|path| path.to_string_lossy().into_owned()))
            .collect();
        paths.sort();
        Ok(paths)
    }

    /// The files of the work tree that differ from `base`, each with what it held there; `None` for a
    /// file that is new. Ignored files are left out, and untracked ones unless they are asked for. A
    /// file that is gone and one that has another name are here as well. Symbolic links and submodules
    /// hold nothing.
    pub fn changed_files(
        &self,
        base: &CommitId,
        with_untracked: bool,
    ) -> Result<BTreeMap<String, Option<Vec<u8>>>, Error> {
        let tree = self.tree(base)?;
        let mut options = git2::DiffOptions::new();
        options.include_untracked(with_untracked).recurse_untracked_dirs(with_untracked);
        let diff = self.inner.diff_tree_to_workdir_with_index(Some(&tree), Some(&mut options));
        let diff = diff.map_err(Error::other("cannot compare the work tree"))?;
        let mut files = BTreeMap::new();
        for delta in diff.deltas() {
            if matches!(delta.status(), git2::Delta::Unmodified | git2::Delta::Ignored) {
                continue;
            }
            let (old, new) = (delta.old_file(), delta.new_file());
            let Some(path) = old.path().or(new.path()).map(git_path) else { continue };
            files.insert(path, self.held(&old)?);
        }
        Ok(files)
    }

    /// The same of two commits: the files that differ, each with what it held in `old`, where it held
    /// something.
    pub fn differing_files(
        &self,
        old: &CommitId,
        new: &CommitId,
    ) -> Result<BTreeMap<String, Option<Vec<u8>>>, Error> {
        let (old, new) = (self.tree(old)?, self.tree(new)?);
        let diff = self.inner.diff_tree_to_tree(Some(&old), Some(&new), None);
        let diff = diff.map_err(Error::other("cannot compare two commits"))?;
        let mut files = BTreeMap::new();
        for delta in diff.deltas() {
            let (old, new) = (delta.old_file(), delta.new_file());
            let Some(path) = old.path().or(new.path()).map(git_path) else { continue };
            files.insert(path, self.held(&old)?);
        }
        Ok(files)
    }

    /// The files of the work tree that Git neither tracks nor ignores.
    pub fn untracked(&self) -> Result<BTreeSet<String>, Error> {
        let mut options = git2::DiffOptions::new();
        options.include_untracked(true).recurse_untracked_dirs(true);
        let diff = self.inner.diff_index_to_workdir(None, Some(&mut options));
        let diff = diff.map_err(Error::other("cannot compare the work tree"))?;
        let untracked = diff.deltas().filter(|delta| delta.status() == git2::Delta::Untracked);
        Ok(untracked.filter_map(|delta| delta.new_file().path().map(git_path)).collect())
    }

    /// What a file of a commit held.
    fn held(&self, file: &git2::DiffFile<'_>) -> Result<Option<Vec<u8>>, Error> {
        let is_file = matches!(file.mode(), git2::FileMode::Blob | git2::FileMode::BlobExecutable);
        if file.id().is_zero() || !is_file {
            return Ok(None);
        }
        let blob = self.inner.find_blob(file.id());
        let blob = blob.map_err(Error::other("cannot read a file of the base"))?;
        Ok(Some(blob.content().to_vec()))
    }

    fn edit(&self, delta: &git2::DiffDelta<'_>) -> Result<Option<Edit>, Error> {
        use git2::Delta;
        let file = if delta.status() == Delta::Deleted { delta.old_file() } else { delta.new_file() };
        let Some(path) = file.path().map(git_path) else {
            return Ok(None);
        };
        let existed = delta.old_file().exists();
        match delta.status() {
            Delta::Unmodified | Delta::Ignored | Delta::Unreadable => Ok(None),
            Delta::Deleted => Ok(Some(Edit { path, content: None, executable: false, existed })),
            _ => {
                refuse_special(file.mode(), &path)?;
                let content = self.work_tree_file(&path)?;
                let executable = file.mode() == git2::FileMode::BlobExecutable;
                Ok(Some(Edit { path, content: Some(content), executable, existed }))
            }
        }
    }

    fn work_tree_file(&self, path: &str) -> Result<Vec<u8>, Error> {
        let read = crate::fs::read(&self.root().join(Path::new(path)));
        read.map_err(|error| Error::Other {
            action: "cannot take up a change".into(),
            reason: error.to_string(),
        })
    }
}

/// A path as Git writes it.
fn git_path(path: &Path) -> String {
    path.to_string_lossy().replace('\\', "/")
}

fn refuse_special(mode: git2::FileMode, path: &str) -> Result<(), Error> {
    let reason = match mode {
        git2::FileMode::Link => "it is a symbolic link",
        git2::FileMode::Commit => "it is a Git repository of its own",
        _ => return Ok(()),
    };
    Err(Error::Unsupported { path: path.into(), reason: reason.into() })
}
