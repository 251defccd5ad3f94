//! Files: walk, read, write. Every error names its path, and nothing is half-written.
//!
//! The one home of `std::fs`. It knows nothing of YAML or of what the files mean.
#![expect(clippy::disallowed_methods, reason = "the one home of file access")]

mod stamp;
mod tree;
mod walk;
mod write;

use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

pub use stamp::{Folder, Stamp, stamp_of_program};
pub use tree::{TreeEntry, TreeKind, kind_of, tree};
pub use walk::{Found, Walked, is_yaml, walk};
pub use write::{
    TemporaryDirectory, create_directory, make_executable, remove_empty_folders, remove_file,
    replace_unchanged, write_new, write_parts_replacing, write_private, write_replacing,
};

/// The largest file that is read: larger than any catalog file, small enough to keep memory bounded.
pub const LARGEST_FILE: u64 = 256 * 1024 * 1024;

/// Room for one step of reading.
const LEAST_ROOM: usize = 8192;

/// Why a file could not be read or written.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The operating system refused.
    #[error("cannot {action} {}: {source}", path.display())]
    Io {
        /// What was tried: `read`, `write`, `create`.
        action: &'static str,
        /// The file or folder.
        path: PathBuf,
        /// What the operating system said.
        source: io::Error,
    },
    /// The file is larger than [`LARGEST_FILE`].
    #[error("cannot read {}: it is larger than {} MiB", path.display(), LARGEST_FILE / (1024 * 1024))]
    TooLarge {
        /// The file.
        path: PathBuf,
    },
    /// A folder holds more than may be read.
    #[error("{} holds more than {limit} files", path.display())]
    TooMany {
        /// The folder.
        path: PathBuf,
        /// How many may be read.
        limit: usize,
    },
    /// A file that must not be there is there.
    #[error("{} exists already", path.display())]
    Exists {
        /// The file.
        path: PathBuf,
    },
    /// A path would leave the folder it belongs in, by itself or through a symbolic link.
    #[error("{} leaves {}", path.display(), root.display())]
    Outside {
        /// The path as it was given.
        path: PathBuf,
        /// The folder it has to stay in.
        root: PathBuf,
    },
}

impl Error {
    pub(crate) fn io(action: &'static str, path: &Path, source: io::Error) -> Self {
        Self::Io { action, path: path.to_path_buf(), source }
    }

    /// The path it is about, relative to `root` where it is below it.
    pub fn path_below(&self, root: &Path) -> String {
        let (Self::Io { path, .. }
        | Self::TooLarge { path }
        | Self::TooMany { path, .. }
        | Self::Exists { path }
        | Self::Outside { path, .. }) = self;
        path.strip_prefix(root).unwrap_or(path).display().to_string()
    }

    /// Whether the file simply is not there.
    pub fn is_not_found(&self) -> bool {
        matches!(self, Self::Io { source, .. } if source.kind() == io::ErrorKind::NotFound)
    }
}

/// Reads a whole file.
pub fn read(path: &Path) -> Result<Vec<u8>, Error> {
    let mut bytes = Vec::new();
    let length = read_into(&mut bytes, path)?;
    bytes.truncate(length);
    Ok(bytes)
}

/// Reads a whole file to the front of `bytes`, which serves for one file after the other, and returns
/// its length. What is behind it in `bytes` means nothing.
///
/// Reads until there is nothing more and not by the size in the directory: a file may change while it
/// is read, and special files have no size.
pub fn read_into(bytes: &mut Vec<u8>, path: &Path) -> Result<usize, Error> {
    let error = |error| Error::io("read", path, error);
    let mut file = File::open(path).map_err(error)?;
    let mut length = 0;
    loop {
        if bytes.len() < length + LEAST_ROOM {
            bytes.resize((length + LEAST_ROOM).next_power_of_two(), 0);
        }
        match file.read(&mut bytes[length..]) {
            Ok(0) => return Ok(length),
            Ok(more) => length += more,
            Err(again) if again.kind() == io::ErrorKind::Interrupted => {}
            Err(other) => return Err(error(other)),
        }
        if length as u64 > LARGEST_FILE {
            return Err(Error::TooLarge { path: path.to_path_buf() });
        }
    }
}

/// Reads a whole file that is no larger than `limit` bytes.
pub fn read_at_most(path: &Path, limit: u64) -> Result<Vec<u8>, Error> {
    let error = |error| Error::io("read", path, error);
    let file = File::open(path).map_err(error)?;
    let length = file.metadata().map_err(error)?.len();
    if length > limit {
        return Err(Error::TooLarge { path: path.to_path_buf() });
    }
    // one byte more than there is, so that the end is seen without growing
    let mut bytes = Vec::with_capacity(length as usize + 1);
    file.take(limit).read_to_end(&mut bytes).map_err(error)?;
    Ok(bytes)
}

/// Reads a whole file as UTF-8; other bytes become U+FFFD.
pub fn read_text(path: &Path) -> Result<String, Error> {
    let bytes = read(path)?;
    Ok(String::from_utf8(bytes)
        .unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned()))
}

/// Reads a whole file if there is one.
pub fn read_text_if_exists(path: &Path) -> Result<Option<String>, Error> {
    match read_text(path) {
        Ok(text) => Ok(Some(text)),
        Err(error) if error.is_not_found() => Ok(None),
        Err(error) => Err(error),
    }
}

/// Reads standard input, as large as a file may be.
pub fn read_stdin() -> Result<Vec<u8>, Error> {
    let mut bytes = Vec::new();
    let name = Path::new("standard input");
    let read = io::stdin().lock().take(LARGEST_FILE + 1).read_to_end(&mut bytes);
    read.map_err(|error| Error::io("read", name, error))?;
    if bytes.len() as u64 > LARGEST_FILE {
        return Err(Error::TooLarge { path: name.to_path_buf() });
    }
    Ok(bytes)
}

/// Whether something is at `path`, a dangling symbolic link included.
pub fn exists(path: &Path) -> bool {
    path.symlink_metadata().is_ok()
}

/// Whether `path` is a folder.
pub fn is_directory(path: &Path) -> bool {
    path.is_dir()
}

/// Whether a folder holds nothing. A folder that cannot be read does not count as empty.
pub fn is_empty_directory(path: &Path) -> bool {
    std::fs::read_dir(path).is_ok_and(|mut entries| entries.next().is_none())
}

/// The names of the folders directly in `path`, sorted; none if there is no such folder.
pub fn directories(path: &Path) -> Result<Vec<String>, Error> {
    let entries = match std::fs::read_dir(path) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(Error::io("read", path, error)),
    };
    let mut names = Vec::new();
    for entry in entries {
        let entry = entry.map_err(|error| Error::io("read", path, error))?;
        if entry.path().is_dir() {
            names.push(entry.file_name().to_string_lossy().into_owned());
        }
    }
    names.sort();
    Ok(names)
}

/// Resolves `path`, with every symbolic link followed.
pub fn canonical(path: &Path) -> Result<PathBuf, Error> {
    path.canonicalize().map_err(|error| Error::io("find", path, error))
}

/// `root` joined with a relative path that must stay below it: `..`, an absolute path and a
/// symbolic link that leads out are refused. The file itself need not exist.
pub fn confined(root: &Path, relative: &Path) -> Result<PathBuf, Error> {
    let outside = || Error::Outside { path: relative.to_path_buf(), root: root.to_path_buf() };
    let normal = relative
        .components()
        .all(|part| matches!(part, std::path::Component::Normal(_) | std::path::Component::CurDir));
    if !normal || relative.as_os_str().as_encoded_bytes().contains(&0) {
        return Err(outside());
    }
    let target = root.join(relative);
    let real_root = canonical(root)?;
    let existing = target.ancestors().find(|ancestor| exists(ancestor)).unwrap_or(root);
    if canonical(existing).is_ok_and(|real| real.starts_with(&real_root)) {
        Ok(target)
    } else {
        Err(outside())
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::{Error, TemporaryDirectory, confined, create_directory, write_new};

    fn check(root: &Path, relative: &str, stays: bool) {
        let result = confined(root, Path::new(relative));
        assert_eq!(result.is_ok(), stays, "{relative}: {result:?}");
    }

    #[test]
    fn no_path_leaves_its_root() {
        let folder = TemporaryDirectory::new("confined").unwrap();
        let root = folder.path().join("root");
        create_directory(&root.join("inside")).unwrap();
        write_new(&folder.path().join("secret"), b"x").unwrap();
        std::os::unix::fs::symlink("..", root.join("up")).unwrap();
        std::os::unix::fs::symlink("inside", root.join("in")).unwrap();
        std::os::unix::fs::symlink("../secret", root.join("link")).unwrap();
        check(&root, "a/b.yaml", true);
        check(&root, "./inside/b.yaml", true);
        check(&root, "in/b.yaml", true);
        check(&root, "../secret", false);
        check(&root, "inside/../../secret", false);
        check(&root, "/etc/passwd", false);
        check(&root, "up/secret", false);
        check(&root, "link", false);
        check(&root, "a\0b", false);
    }

    #[test]
    fn a_new_file_never_replaces_another() {
        let folder = TemporaryDirectory::new("write").unwrap();
        let path = folder.path().join("a/b.yaml");
        write_new(&path, b"one").unwrap();
        assert!(matches!(write_new(&path, b"two"), Err(Error::Exists { .. })));
        assert_eq!(super::read(&path).unwrap(), b"one");
    }
}
