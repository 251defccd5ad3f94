//! New repositories. The only place that writes an index, and only one that was made here.

use std::path::Path;

use super::{CommitId, Error, Identity, Repository};
use crate::clock::Timestamp;

impl Repository {
    /// Makes a repository with a work tree in `directory`, whose first branch will be `branch`.
    pub fn create(directory: &Path, branch: &str) -> Result<Self, Error> {
        let mut options = git2::RepositoryInitOptions::new();
        options.initial_head(branch).mkpath(true);
        git2::Repository::init_opts(directory, &options)
            .map_err(Error::other(format!("cannot make a Git repository in {}", directory.display())))?;
        Self::discover(directory)
    }

    /// Makes the first commit of a repository of all its files.
    pub fn commit_everything(
        &self,
        message: &str,
        who: &Identity,
        now: Timestamp,
    ) -> Result<CommitId, Error> {
        let make = || {
            let mut index = self.inner.index()?;
            index.add_all(["*"], git2::IndexAddOption::DEFAULT, None)?;
            index.write()?;
            let tree = self.inner.find_tree(index.write_tree()?)?;
            let who = git2::Signature::new(&who.name, &who.email, &git2::Time::new(now.0, 0))?;
            self.inner.commit(Some("HEAD"), &who, &who, message, &tree, &[])
        };
        make().map(|id| CommitId(id.to_string())).map_err(Error::other("cannot make the first commit"))
    }
}
