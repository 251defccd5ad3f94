//! Read access to what a template copies from.

use super::files::{Entry, Files};

/// The folder that a template may copy from. Implementers bound what they read and follow no
/// symbolic link out of the folder.
///
/// Paths are relative to the root of what may be read, normalised, `/` between their parts; the
/// empty path is the root itself.
pub trait Skeleton {
    /// Where the template's own folder is below the root, the empty path when it is the root.
    ///
    /// A relative `url` of a fetch action starts at the template's folder and may go up as far as
    /// the root, as with a template that Backstage reads from a Git host.
    #[expect(clippy::unnecessary_literal_bound, reason = "implementers return a part of themselves")]
    fn folder(&self) -> &str {
        ""
    }

    /// What is at `path`; of a folder, everything below it, in the order of the paths.
    fn list(&self, path: &str) -> Result<Listing, SkeletonError>;

    /// The content of the file at `path`.
    fn read(&self, path: &str) -> Result<Vec<u8>, SkeletonError>;
}

/// What is at a path of a skeleton.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Listing {
    /// Nothing.
    Missing,
    /// A file.
    File {
        /// Whether its mode lets somebody run it.
        executable: bool,
    },
    /// A folder with everything below it, paths relative to it.
    Folder(Vec<Listed>),
}

/// One entry below a folder of a skeleton.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    /// Its path relative to the folder that was listed.
    pub path: String,
    /// What it is.
    pub kind: Kind,
}

/// What an entry of a skeleton is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A folder.
    Folder,
    /// A file.
    File {
        /// Whether its mode lets somebody run it.
        executable: bool,
    },
    /// A symbolic link; never followed.
    Link {
        /// Where it points to, as written.
        target: String,
    },
}

/// Why a skeleton could not be read: one line that names the path.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct SkeletonError(pub String);

/// Files in memory are a skeleton: the built-in templates, and tests.
impl Skeleton for Files {
    fn list(&self, path: &str) -> Result<Listing, SkeletonError> {
        if self.is_folder(path) {
            let listed = self.below(path).map(|(path, entry)| Listed {
                path: path.to_owned(),
                kind: match entry {
                    Entry::Folder => Kind::Folder,
                    Entry::File { executable, .. } => Kind::File { executable: *executable },
                    Entry::Link { target } => Kind::Link { target: target.clone() },
                },
            });
            return Ok(Listing::Folder(listed.collect()));
        }
        match self.get(path) {
            Some(Entry::File { executable, .. }) => Ok(Listing::File { executable: *executable }),
            _ => Ok(Listing::Missing),
        }
    }

    fn read(&self, path: &str) -> Result<Vec<u8>, SkeletonError> {
        self.bytes(path).map(<[u8]>::to_vec).ok_or_else(|| SkeletonError(format!("{path:?} is not a file")))
    }
}
