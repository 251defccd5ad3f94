//! The files of a commit: read from the tree, or put into a folder of our own.

use std::path::Path;

use super::{CommitId, Error, Repository};

/// A file of a commit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Blob {
    /// A file.
    File {
        /// What is in it.
        bytes: Vec<u8>,
        /// Whether it may be run.
        executable: bool,
    },
    /// A symbolic link.
    Link {
        /// Where it points to.
        target: String,
    },
}

impl Repository {
    /// Makes a repository without a work tree.
    pub fn create_bare(directory: &Path) -> Result<Self, Error> {
        let inner = git2::Repository::init_bare(directory)
            .map_err(Error::other(format!("cannot make a Git repository in {}", directory.display())))?;
        Ok(Self::at(inner, directory))
    }

    /// The repository at `directory`, which only this tool uses, with `url` as its remote; made if it is not
    /// there.
    pub fn open_or_create(directory: &Path, remote: &str, url: &str) -> Result<Self, Error> {
        let failed = || format!("cannot make a Git repository in {}", directory.display());
        let inner = match git2::Repository::open(directory) {
            Ok(inner) => inner,
            Err(_) => git2::Repository::init(directory).map_err(Error::other(failed()))?,
        };
        if inner.find_remote(remote).is_ok() {
            inner.remote_set_url(remote, url).map_err(Error::other(failed()))?;
        } else {
            inner.remote(remote, url).map_err(Error::other(failed()))?;
        }
        Ok(Self::at(inner, directory))
    }

    /// Makes the work tree what a commit is; everything else in it goes. Only for a repository that only this
    /// tool uses.
    pub fn check_out(&self, commit: &CommitId) -> Result<(), Error> {
        let found = self.commit(commit)?;
        let mut how = git2::build::CheckoutBuilder::new();
        how.force().remove_untracked(true).remove_ignored(true);
        let checked_out = self.inner.checkout_tree(found.as_object(), Some(&mut how));
        checked_out
            .and_then(|()| self.inner.set_head_detached(found.id()))
            .map_err(Error::other(format!("cannot check out {}", commit.short())))
    }

    /// The files below a folder of a commit, by their paths in it. At most `most` files and `left` bytes
    /// together; submodules are left out.
    pub fn files_below(
        &self,
        commit: &CommitId,
        folder: &str,
        most: usize,
        left: &mut usize,
    ) -> Result<Vec<(String, Blob)>, Error> {
        let mut tree = self.tree(commit)?;
        if !folder.is_empty() {
            let entry = tree.get_path(Path::new(folder)).and_then(|entry| entry.to_object(&self.inner));
            let Some(below) = entry.ok().and_then(|object| object.into_tree().ok()) else {
                return Ok(Vec::new());
            };
            tree = below;
        }
        let mut files = Vec::new();
        let mut open = vec![(String::new(), tree)];
        while let Some((above, tree)) = open.pop() {
            for entry in &tree {
                let name = String::from_utf8_lossy(entry.name_bytes()).into_owned();
                let path = if above.is_empty() { name } else { format!("{above}/{name}") };
                match entry.kind() {
                    Some(git2::ObjectType::Tree) => {
                        let below = entry.to_object(&self.inner).and_then(|object| object.peel_to_tree());
                        open.push((
                            path.clone(),
                            below.map_err(Error::other(format!("cannot read {path}")))?,
                        ));
                    }
                    Some(git2::ObjectType::Blob) => {
                        let blob = self.blob(&entry, &path, left)?;
                        files.push((path, blob));
                    }
                    _ => {}
                }
                if files.len() + open.len() > most {
                    return Err(too_large(folder, format!("it holds more than {most} files")));
                }
            }
        }
        files.sort_by(|a, b| a.0.cmp(&b.0));
        Ok(files)
    }

    fn blob(&self, entry: &git2::TreeEntry<'_>, path: &str, left: &mut usize) -> Result<Blob, Error> {
        let blob =
            self.inner.find_blob(entry.id()).map_err(|_| too_large(path, "it was not fetched".to_owned()))?;
        *left = left
            .checked_sub(blob.size())
            .ok_or_else(|| too_large(path, "the files are too large".to_owned()))?;
        let bytes = blob.content().to_vec();
        Ok(match entry.filemode() {
            0o120_000 => Blob::Link { target: String::from_utf8_lossy(&bytes).into_owned() },
            mode => Blob::File { bytes, executable: mode & 0o111 != 0 },
        })
    }
}

fn too_large(path: &str, reason: String) -> Error {
    Error::Other { action: format!("cannot read {path:?}"), reason }
}
