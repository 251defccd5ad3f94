//! The repository the user stands in, read-only.

use std::path::{Path, PathBuf};

use super::{CommitId, Error};

/// A repository with a work tree.
pub struct Repository {
    pub(super) inner: git2::Repository,
    root: PathBuf,
}

impl Repository {
    /// The repository that `directory` is in.
    pub fn discover(directory: &Path) -> Result<Self, Error> {
        let shown = || directory.display().to_string();
        let inner = git2::Repository::discover(directory).map_err(|error| match error.code() {
            git2::ErrorCode::NotFound => Error::NotARepository(shown()),
            _ => Error::other(format!("cannot open the Git repository of {}", shown()))(error),
        })?;
        let root = inner.workdir().ok_or_else(|| Error::Bare(shown()))?.to_path_buf();
        Ok(Self { inner, root })
    }

    /// A repository, and the folder that commands about it run in.
    pub(super) fn at(inner: git2::Repository, root: &Path) -> Self {
        Self { inner, root: root.to_path_buf() }
    }

    /// The top folder of the work tree.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// The folder for what the tool keeps beside Git's own files. Each work tree has its own; it need not
    /// be there.
    pub fn own_folder(&self) -> PathBuf {
        self.inner.path().join("platform")
    }

    /// The URL of a remote, `url.<base>.insteadOf` applied.
    pub fn remote_url(&self, remote: &str) -> Result<String, Error> {
        let found = self.inner.find_remote(remote).map_err(|_| Error::NoRemote(remote.into()))?;
        Ok(found.url().map_err(Error::other("cannot read the remote's URL"))?.to_owned())
    }

    /// The commit that is checked out; `None` in a repository without commits.
    pub fn head(&self) -> Option<CommitId> {
        let commit = self.inner.head().ok()?.peel_to_commit().ok()?;
        Some(CommitId(commit.id().to_string()))
    }

    /// The commit a ref points at: `refs/remotes/origin/main`.
    pub fn resolve(&self, reference: &str) -> Option<CommitId> {
        let object = self.inner.revparse_single(reference).ok()?;
        Some(CommitId(object.peel_to_commit().ok()?.id().to_string()))
    }

    /// The best common ancestor of two commits.
    pub fn merge_base(&self, a: &CommitId, b: &CommitId) -> Option<CommitId> {
        let base = self.inner.merge_base(self.commit(a).ok()?.id(), self.commit(b).ok()?.id()).ok()?;
        Some(CommitId(base.to_string()))
    }

    /// Whether `ancestor` is `descendant` or lies behind it.
    pub fn contains(&self, descendant: &CommitId, ancestor: &CommitId) -> bool {
        self.merge_base(descendant, ancestor).as_ref() == Some(ancestor)
    }

    /// The bytes of a file in a commit, if it is there.
    pub fn file(&self, commit: &CommitId, path: &str) -> Result<Option<Vec<u8>>, Error> {
        let tree = self.tree(commit)?;
        let Ok(entry) = tree.get_path(Path::new(path)) else { return Ok(None) };
        let blob = self.inner.find_blob(entry.id());
        Ok(Some(
            blob.map_err(Error::other(format!("cannot read {path} in {}", commit.short())))?
                .content()
                .to_vec(),
        ))
    }

    /// The full message of a commit.
    pub fn message(&self, commit: &CommitId) -> Result<String, Error> {
        let commit = self.commit(commit)?;
        Ok(String::from_utf8_lossy(commit.message_bytes()).into_owned())
    }

    /// The commits from `base` (left out) to `tip`, newest first, along first parents.
    pub fn commits_between(&self, base: &CommitId, tip: &CommitId) -> Result<Vec<CommitId>, Error> {
        let mut walk = self.inner.revwalk().map_err(Error::other("cannot walk the history"))?;
        let (base, tip) = (self.commit(base)?.id(), self.commit(tip)?.id());
        let listed =
            walk.push(tip).and_then(|()| walk.hide(base)).and_then(|()| walk.collect::<Result<Vec<_>, _>>());
        let ids = listed.map_err(Error::other("cannot walk the history"))?;
        Ok(ids.into_iter().map(|id| CommitId(id.to_string())).collect())
    }

    pub(super) fn commit(&self, id: &CommitId) -> Result<git2::Commit<'_>, Error> {
        git2::Oid::from_str(&id.0)
            .and_then(|oid| self.inner.find_commit(oid))
            .map_err(Error::other(format!("cannot read commit {}", id.short())))
    }

    pub(super) fn tree(&self, id: &CommitId) -> Result<git2::Tree<'_>, Error> {
        self.commit(id)?.tree().map_err(Error::other(format!("cannot read the files of {}", id.short())))
    }
}
