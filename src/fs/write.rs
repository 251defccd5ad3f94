//! Writing: whole files, atomically, never over another by accident.
#![expect(clippy::disallowed_methods, reason = "the one home of file access")]

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use super::Error;

/// Creates a folder and what is missing above it.
pub fn create_directory(path: &Path) -> Result<(), Error> {
    fs::create_dir_all(path).map_err(|error| Error::io("create", path, error))
}

/// Writes a file that must not exist yet, atomically: it is there whole or not at all.
pub fn write_new(path: &Path, bytes: &[u8]) -> Result<(), Error> {
    let file = temporary_beside(path, &[bytes])?;
    match file.persist_noclobber(path) {
        Ok(_) => Ok(()),
        Err(error) if error.error.kind() == io::ErrorKind::AlreadyExists => {
            Err(Error::Exists { path: path.to_path_buf() })
        }
        Err(error) => Err(Error::io("write", path, error.error)),
    }
}

/// Writes a file, in place of the one that may be there, atomically.
pub fn write_replacing(path: &Path, bytes: &[u8]) -> Result<(), Error> {
    write_parts_replacing(path, &[bytes])
}

/// As [`write_replacing`], for bytes that are not in one piece.
pub fn write_parts_replacing(path: &Path, parts: &[&[u8]]) -> Result<(), Error> {
    let file = temporary_beside(path, parts)?;
    file.persist(path).map(|_| ()).map_err(|error| Error::io("write", path, error.error))
}

/// Writes a file that only the user may read, in place of the one that may be there, atomically. Its
/// folder is made for the user alone where it is missing.
pub fn write_private(path: &Path, bytes: &[u8]) -> Result<(), Error> {
    let folder = path.parent().unwrap_or(Path::new("."));
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder).map_err(|error| Error::io("create", folder, error))?;
    // A temporary file is its owner's alone unless it is told otherwise.
    let file = tempfile::Builder::new().prefix(".platform-").tempfile_in(folder);
    let mut file = file.map_err(|error| Error::io("write", path, error))?;
    file.write_all(bytes).and_then(|()| file.flush()).map_err(|error| Error::io("write", path, error))?;
    file.persist(path).map(|_| ()).map_err(|error| Error::io("write", path, error.error))
}

/// Writes a file that holds `before`, atomically and with the rights it has; false, and nothing is
/// written, if it holds something else by now or is a symbolic link.
pub fn replace_unchanged(path: &Path, before: &[u8], after: &[u8]) -> Result<bool, Error> {
    let file = temporary_beside(path, &[after])?;
    let entry = fs::symlink_metadata(path).map_err(|error| Error::io("read", path, error))?;
    if !entry.is_file() || super::read(path)? != before {
        return Ok(false);
    }
    let rights = fs::set_permissions(file.path(), entry.permissions());
    rights.map_err(|error| Error::io("write", path, error))?;
    file.persist(path).map_err(|error| Error::io("write", path, error.error))?;
    Ok(true)
}

/// Lets everybody run a file who may read it.
#[cfg(unix)]
pub fn make_executable(path: &Path) -> Result<(), Error> {
    use std::os::unix::fs::PermissionsExt;
    let change = || {
        let mode = path.metadata()?.permissions().mode();
        fs::set_permissions(path, fs::Permissions::from_mode(mode | ((mode & 0o444) >> 2)))
    };
    change().map_err(|error| Error::io("write", path, error))
}

/// Lets everybody run a file who may read it: there is no such thing here.
#[cfg(not(unix))]
pub fn make_executable(_path: &Path) -> Result<(), Error> {
    Ok(())
}

/// Removes a file; one that is gone already is no error.
pub fn remove_file(path: &Path) -> Result<(), Error> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(Error::io("remove", path, error)),
        _ => Ok(()),
    }
}

/// Removes the folders around `path` that hold nothing any more, up to but without `top`.
pub fn remove_empty_folders(path: &Path, top: &Path) {
    let above = path.ancestors().skip(1).take_while(|folder| *folder != top && folder.starts_with(top));
    for folder in above {
        // One that holds something cannot be removed, and then none above it can.
        if fs::remove_dir(folder).is_err() {
            return;
        }
    }
}

/// The parts in a temporary file in the folder of `path`, with the rights an ordinary new file has.
fn temporary_beside(path: &Path, parts: &[&[u8]]) -> Result<tempfile::NamedTempFile, Error> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    create_directory(folder)?;
    let mut builder = tempfile::Builder::new();
    builder.prefix(".platform-");
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    let mut file = builder.tempfile_in(folder).map_err(|error| Error::io("write", path, error))?;
    let mut written = parts.iter().try_for_each(|part| file.write_all(part));
    written = written.and_then(|()| file.flush());
    written.map_err(|error| Error::io("write", path, error))?;
    Ok(file)
}

/// A folder of our own below the system's folder for temporary files, removed when dropped unless
/// it is [kept](Self::keep).
#[derive(Debug)]
pub struct TemporaryDirectory(tempfile::TempDir);

impl TemporaryDirectory {
    /// Makes one whose name starts with `platform-` and `name`.
    pub fn new(name: &str) -> Result<Self, Error> {
        let prefix = format!("platform-{name}-");
        let made = tempfile::Builder::new().prefix(&prefix).tempdir();
        made.map(Self).map_err(|error| Error::io("create", Path::new(&prefix), error))
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        self.0.path()
    }

    /// Leaves it there for good.
    pub fn keep(self) -> PathBuf {
        self.0.keep()
    }
}
