//! Everything below a folder, symbolic links not followed.
#![expect(clippy::disallowed_methods, reason = "the one home of file access")]

use std::path::{Path, PathBuf};

use super::Error;

/// One entry below a folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TreeEntry {
    /// Relative to the folder, `/` between the parts.
    pub path: String,
    /// What it is.
    pub kind: TreeKind,
}

/// What an entry is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TreeKind {
    /// A folder.
    Folder,
    /// A file.
    File {
        /// Whether somebody may run it.
        executable: bool,
    },
    /// A symbolic link.
    Link {
        /// Where it points to, as it is written.
        target: String,
    },
}

/// Lists everything below `root`, sorted by path. More than `limit` entries are an error: a template
/// that points at `/` shall not read the disk.
pub fn tree(root: &Path, limit: usize) -> Result<Vec<TreeEntry>, Error> {
    let mut entries = Vec::new();
    let mut waiting = vec![(root.to_path_buf(), String::new())];
    while let Some((folder, prefix)) = waiting.pop() {
        let io = |error| Error::io("read", &folder, error);
        for entry in std::fs::read_dir(&folder).map_err(io)? {
            let entry = entry.map_err(io)?;
            let path = format!("{prefix}{}", entry.file_name().to_string_lossy());
            let kind = kind(&entry.path())?;
            if kind == TreeKind::Folder {
                waiting.push((entry.path(), format!("{path}/")));
            }
            entries.push(TreeEntry { path, kind });
            if entries.len() > limit {
                return Err(Error::TooMany { path: root.to_path_buf(), limit });
            }
        }
    }
    entries.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(entries)
}

/// What is at `path`; `None` if nothing is.
pub fn kind_of(path: &Path) -> Option<TreeKind> {
    kind(path).ok()
}

fn kind(path: &Path) -> Result<TreeKind, Error> {
    let metadata = path.symlink_metadata().map_err(|error| Error::io("read", path, error))?;
    if metadata.is_dir() {
        return Ok(TreeKind::Folder);
    }
    if metadata.is_symlink() {
        let target: PathBuf = path.read_link().map_err(|error| Error::io("read", path, error))?;
        return Ok(TreeKind::Link { target: target.to_string_lossy().into_owned() });
    }
    Ok(TreeKind::File { executable: is_executable(&metadata) })
}

#[cfg(unix)]
fn is_executable(metadata: &std::fs::Metadata) -> bool {
    use std::os::unix::fs::PermissionsExt;
    metadata.permissions().mode() & 0o111 != 0
}

#[cfg(not(unix))]
fn is_executable(_metadata: &std::fs::Metadata) -> bool {
    false
}
