//! What the file system says of a file, to tell whether it is still the one that was read.

use std::path::Path;

use crate::clock::Timestamp;

/// The coarsest step in which file systems write times, in seconds: FAT's.
const COARSEST: i64 = 2;

/// Size, times and number of a file: what Git keeps in its index for the same purpose. Any write gives a
/// file another one, unless it falls into the very step of the clock of the last: see
/// [`Stamp::is_settled`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stamp {
    /// Bytes.
    size: u64,
    /// When the content was changed, in nanoseconds since 1970.
    modified: i64,
    /// When anything was changed, the name and the other times included. No program can set it.
    changed: i64,
    /// The number of the file in its file system.
    inode: u64,
}

impl Stamp {
    /// How many bytes [`Stamp::to_bytes`] gives.
    pub const LENGTH: usize = 32;

    /// Whether every write from `now` on is sure to give another stamp: the file was last changed so
    /// long ago that the file system's clock has moved on since.
    pub fn is_settled(&self, now: Timestamp) -> bool {
        let limit = now.0.saturating_sub(COARSEST).saturating_mul(1_000_000_000);
        self.modified.max(self.changed) < limit
    }

    /// The size of the file in bytes.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// The stamp as bytes.
    pub fn to_bytes(self) -> [u8; Self::LENGTH] {
        let mut bytes = [0; Self::LENGTH];
        let parts = [
            self.size.to_le_bytes(),
            self.modified.to_le_bytes(),
            self.changed.to_le_bytes(),
            self.inode.to_le_bytes(),
        ];
        for (into, part) in bytes.chunks_exact_mut(8).zip(parts) {
            into.copy_from_slice(&part);
        }
        bytes
    }
}

/// A folder whose files are looked at one after the other, by short paths, which is quicker.
#[derive(Debug)]
pub struct Folder {
    #[cfg(unix)]
    open: std::fs::File,
}

#[cfg(unix)]
impl Folder {
    /// The folder at `path`, if it can be opened.
    pub fn open(path: &Path) -> Option<Self> {
        Some(Self { open: std::fs::File::open(path).ok()? })
    }

    /// The stamp of a regular file in it; `None` for anything else.
    pub fn stamp(&self, relative: &str) -> Option<Stamp> {
        use rustix::fs::{AtFlags, FileType, statat};
        let found = statat(&self.open, relative, AtFlags::SYMLINK_NOFOLLOW).ok()?;
        let nanoseconds = |seconds: i64, rest: i64| seconds.checked_mul(1_000_000_000)?.checked_add(rest);
        FileType::from_raw_mode(found.st_mode).is_file().then_some(())?;
        Some(Stamp {
            size: u64::try_from(found.st_size).ok()?,
            modified: nanoseconds(found.st_mtime, found.st_mtime_nsec.try_into().ok()?)?,
            changed: nanoseconds(found.st_ctime, found.st_ctime_nsec.try_into().ok()?)?,
            inode: found.st_ino,
        })
    }
}

#[cfg(not(unix))]
impl Folder {
    /// There is no time here that only the system can set, so no stamp would be worth anything.
    pub fn open(_path: &Path) -> Option<Self> {
        None
    }

    /// None.
    pub fn stamp(&self, _relative: &str) -> Option<Stamp> {
        None
    }
}

/// The stamp of the program that runs. Another name for its file, which package managers like to give,
/// does not make it another program.
pub fn stamp_of_program() -> Option<Stamp> {
    let file = std::env::current_exe().ok()?;
    let stamp = Folder::open(file.parent()?)?.stamp(file.file_name()?.to_str()?)?;
    Some(Stamp { changed: 0, ..stamp })
}

#[cfg(test)]
mod tests {
    use super::Stamp;
    use crate::clock::Timestamp;

    fn check(modified: i64, changed: i64, expected: bool) {
        let stamp = Stamp { size: 1, modified, changed, inode: 1 };
        assert_eq!(stamp.is_settled(Timestamp(100)), expected, "{modified} {changed}");
    }

    #[test]
    fn a_file_that_was_just_changed_is_not_settled() {
        check(97_999_999_999, 97_999_999_999, true);
        check(98_000_000_000, 0, false);
        check(0, 98_000_000_000, false);
        check(0, 200_000_000_000, false);
        check(-1, -1, true);
    }
}
