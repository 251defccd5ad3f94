//! Files in memory: what a template makes before anything is written.
//!
//! A path is relative to the root, `/` between its parts, normalised. One that would leave the root
//! (`..`, absolute), that a terminal or another system would read differently (control characters,
//! backslashes) or that reaches into a Git directory is refused. So are paths through symbolic
//! links: nothing is ever written where a link points to. Count and size are bounded.

use std::collections::BTreeMap;

/// The most entries (files, folders and links) a tree holds.
pub const MAX_ENTRIES: usize = 20_000;
/// The most bytes one file holds.
pub const MAX_FILE_BYTES: usize = 16 * 1024 * 1024;
/// The most bytes all files of a tree hold together.
pub const MAX_TOTAL_BYTES: usize = 128 * 1024 * 1024;
/// The longest path, in bytes; what Linux takes.
pub const MAX_PATH_BYTES: usize = 4096;

/// Why a tree refuses something.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FilesError {
    /// The path would leave the root.
    #[error("path {0:?} leaves the workspace")]
    Outside(String),
    /// The path is absolute.
    #[error("path {0:?} is absolute; write it relative to the workspace")]
    Absolute(String),
    /// The path holds a character that is not safe in a file name.
    #[error("path {0:?} holds a control character or a backslash")]
    Character(String),
    /// The path is longer than [`MAX_PATH_BYTES`].
    #[error("a path is longer than {MAX_PATH_BYTES} bytes")]
    TooLong,
    /// The path reaches into a Git directory.
    #[error("path {0:?} reaches into a Git directory")]
    GitDirectory(String),
    /// The path is the root itself where a file is needed.
    #[error("the path is the workspace itself, not a file in it")]
    Root,
    /// A part of the path is a file or a symbolic link.
    #[error("path {0:?} goes through {1:?}, which is not a folder")]
    NotAFolder(String, String),
    /// There is a folder at the path of a file.
    #[error("{0:?} is a folder")]
    IsFolder(String),
    /// There is something at the path already.
    #[error("{0:?} exists already")]
    Exists(String),
    /// There is nothing at the path.
    #[error("{0:?} does not exist")]
    Missing(String),
    /// More entries than [`MAX_ENTRIES`].
    #[error("more than {MAX_ENTRIES} files and folders")]
    TooMany,
    /// More bytes than [`MAX_FILE_BYTES`] or [`MAX_TOTAL_BYTES`].
    #[error("{0:?} makes the result larger than {1} MiB")]
    TooLarge(String, usize),
}

/// What is at a path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Entry {
    /// A folder.
    Folder,
    /// A file.
    File {
        /// Its content.
        bytes: Vec<u8>,
        /// Whether its mode lets somebody run it.
        executable: bool,
    },
    /// A symbolic link.
    Link {
        /// Where it points to, as written. Not followed, not checked.
        target: String,
    },
}

/// A tree of files in memory, in the order of their paths.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Files {
    entries: BTreeMap<String, Entry>,
    total: usize,
}

impl Files {
    /// The entry at a normalised path.
    pub fn get(&self, path: &str) -> Option<&Entry> {
        self.entries.get(path)
    }

    /// Whether there is something at a normalised path; the root is always there.
    pub fn contains(&self, path: &str) -> bool {
        path.is_empty() || self.entries.contains_key(path)
    }

    /// Whether there is a folder at a normalised path; the root is one.
    pub fn is_folder(&self, path: &str) -> bool {
        path.is_empty() || matches!(self.entries.get(path), Some(Entry::Folder))
    }

    /// The content of the file at a normalised path.
    pub fn bytes(&self, path: &str) -> Option<&[u8]> {
        match self.entries.get(path) {
            Some(Entry::File { bytes, .. }) => Some(bytes),
            _ => None,
        }
    }

    /// All entries, folders too, in the order of their paths.
    pub fn entries(&self) -> impl Iterator<Item = (&str, &Entry)> {
        self.entries.iter().map(|(path, entry)| (path.as_str(), entry))
    }

    /// Files and symbolic links in the order of their paths: what Git would keep.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Entry)> {
        self.entries().filter(|(_, entry)| !matches!(entry, Entry::Folder))
    }

    /// Entries below a folder, with their paths relative to it.
    pub fn below<'a>(&'a self, folder: &str) -> impl Iterator<Item = (&'a str, &'a Entry)> {
        let prefix = if folder.is_empty() { String::new() } else { format!("{folder}/") };
        let start = prefix.clone();
        self.entries
            .range(start..)
            .map_while(move |(path, entry)| path.strip_prefix(prefix.as_str()).map(|rest| (rest, entry)))
    }

    /// Whether there is neither file nor link.
    pub fn is_empty(&self) -> bool {
        self.iter().next().is_none()
    }

    /// Writes a file, in place of the file or link that was there; makes its folders.
    pub fn write(&mut self, path: &str, bytes: Vec<u8>, executable: bool) -> Result<(), FilesError> {
        if bytes.len() > MAX_FILE_BYTES {
            return Err(FilesError::TooLarge(path.to_owned(), MAX_FILE_BYTES >> 20));
        }
        self.put(path, Entry::File { bytes, executable })
    }

    /// Makes a symbolic link, in place of the file or link that was there; makes its folders.
    pub fn link(&mut self, path: &str, target: impl Into<String>) -> Result<(), FilesError> {
        self.put(path, Entry::Link { target: target.into() })
    }

    /// Makes a folder and those above it; one that is there stays.
    pub fn folder(&mut self, path: &str) -> Result<(), FilesError> {
        let path = normalise("", path)?;
        self.make_folders(&path, &path)
    }

    /// Removes what is at a path, with everything below it. Says whether there was something.
    pub fn remove(&mut self, path: &str) -> Result<bool, FilesError> {
        let path = normalise("", path)?;
        let gone: Vec<String> = self.at_and_below(&path).collect();
        for path in &gone {
            self.take(path);
        }
        Ok(!gone.is_empty())
    }

    /// Moves what is at `from`, with everything below it, to `to`; makes the folders above `to`.
    pub fn rename(&mut self, from: &str, to: &str, overwrite: bool) -> Result<(), FilesError> {
        let (from, to) = (normalise("", from)?, normalise("", to)?);
        if from.is_empty() || to.is_empty() {
            return Err(FilesError::Root);
        }
        if !self.contains(&from) {
            return Err(FilesError::Missing(from));
        }
        if from == to || to.starts_with(&format!("{from}/")) || from.starts_with(&format!("{to}/")) {
            return Err(FilesError::Exists(to));
        }
        if self.contains(&to) {
            if !overwrite {
                return Err(FilesError::Exists(to));
            }
            self.remove(&to)?;
        }
        if let Some((parent, _)) = to.rsplit_once('/') {
            self.make_folders(parent, &to)?;
        }
        for old in self.at_and_below(&from).collect::<Vec<_>>() {
            if let Some(entry) = self.take(&old) {
                let new = format!("{to}{}", &old[from.len()..]);
                if new.len() > MAX_PATH_BYTES {
                    return Err(FilesError::TooLong);
                }
                self.insert(new, entry)?;
            }
        }
        Ok(())
    }

    fn put(&mut self, path: &str, entry: Entry) -> Result<(), FilesError> {
        let path = normalise("", path)?;
        if path.is_empty() {
            return Err(FilesError::Root);
        }
        if self.is_folder(&path) {
            return Err(FilesError::IsFolder(path));
        }
        if let Some((parent, _)) = path.rsplit_once('/') {
            self.make_folders(parent, &path)?;
        }
        self.insert(path, entry)
    }

    fn make_folders(&mut self, folder: &str, wanted: &str) -> Result<(), FilesError> {
        let ends = folder.match_indices('/').map(|(at, _)| at).chain([folder.len()]);
        for end in ends.filter(|end| *end > 0) {
            let path = &folder[..end];
            match self.entries.get(path) {
                None => self.insert(path.to_owned(), Entry::Folder)?,
                Some(Entry::Folder) => {}
                Some(_) => return Err(FilesError::NotAFolder(wanted.to_owned(), path.to_owned())),
            }
        }
        Ok(())
    }

    fn at_and_below<'a>(&'a self, path: &'a str) -> impl Iterator<Item = String> + 'a {
        let itself = self.entries.contains_key(path).then(|| path.to_owned());
        let join = move |rest: &str| if path.is_empty() { rest.to_owned() } else { format!("{path}/{rest}") };
        itself.into_iter().chain(self.below(path).map(move |(rest, _)| join(rest)))
    }

    fn take(&mut self, path: &str) -> Option<Entry> {
        let entry = self.entries.remove(path)?;
        self.total -= entry.size();
        Some(entry)
    }

    fn insert(&mut self, path: String, entry: Entry) -> Result<(), FilesError> {
        self.take(&path);
        if self.entries.len() >= MAX_ENTRIES {
            return Err(FilesError::TooMany);
        }
        if self.total + entry.size() > MAX_TOTAL_BYTES {
            return Err(FilesError::TooLarge(path, MAX_TOTAL_BYTES >> 20));
        }
        self.total += entry.size();
        self.entries.insert(path, entry);
        Ok(())
    }
}

impl Entry {
    fn size(&self) -> usize {
        match self {
            Self::Folder => 0,
            Self::File { bytes, .. } => bytes.len(),
            Self::Link { target } => target.len(),
        }
    }
}

/// `path` below the normalised folder `base`, normalised; refused when it leaves `base`.
///
/// The rule of Backstage's `resolveSafeChildPath`, and stricter: see the module documentation.
pub fn normalise(base: &str, path: &str) -> Result<String, FilesError> {
    if path.len() > MAX_PATH_BYTES {
        return Err(FilesError::TooLong);
    }
    if path.chars().any(|c| c.is_control() || c == '\\') {
        return Err(FilesError::Character(path.to_owned()));
    }
    if path.starts_with('/') {
        return Err(FilesError::Absolute(path.to_owned()));
    }
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                if parts.pop().is_none() {
                    return Err(FilesError::Outside(path.to_owned()));
                }
            }
            part if is_git_directory(part) => return Err(FilesError::GitDirectory(path.to_owned())),
            part => parts.push(part),
        }
    }
    let relative = parts.join("/");
    let joined = match (base.is_empty(), relative.is_empty()) {
        (true, _) => relative,
        (false, true) => base.to_owned(),
        (false, false) => format!("{base}/{relative}"),
    };
    if joined.len() > MAX_PATH_BYTES { Err(FilesError::TooLong) } else { Ok(joined) }
}

/// Whether a file system could take a path part for `.git`: case, trailing dots and blanks, the
/// short name of Windows, and characters that macOS drops.
pub(super) fn is_git_directory(part: &str) -> bool {
    let kept: String = part.chars().filter(|c| !matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{206a}'..='\u{206f}' | '\u{feff}')).collect();
    let name = kept.split(':').next().unwrap_or("").trim_end_matches(['.', ' ']).to_ascii_lowercase();
    name == ".git" || name == "git~1"
}

#[cfg(test)]
mod tests {
    use super::{Entry, Files, FilesError, normalise};

    fn check(path: &str, expected: Result<&str, &str>) {
        let got = normalise("", path).map_err(|error| error.to_string());
        assert_eq!(got.as_deref().map_err(String::as_str), expected, "{path:?}");
    }

    #[test]
    fn a_path_stays_below_the_root() {
        check("a/./b//c/", Ok("a/b/c"));
        check("a/../b", Ok("b"));
        check("./", Ok(""));
        check("../a", Err("path \"../a\" leaves the workspace"));
        check("a/../../a", Err("path \"a/../../a\" leaves the workspace"));
        check("/etc/passwd", Err("path \"/etc/passwd\" is absolute; write it relative to the workspace"));
        check("a\0b", Err("path \"a\\0b\" holds a control character or a backslash"));
        check("a\u{1b}[2J", Err("path \"a\\u{1b}[2J\" holds a control character or a backslash"));
        check("..\\a", Err("path \"..\\\\a\" holds a control character or a backslash"));
        check(".git/hooks/x", Err("path \".git/hooks/x\" reaches into a Git directory"));
        check("a/.GIT. /x", Err("path \"a/.GIT. /x\" reaches into a Git directory"));
        check("a/.g\u{200c}it/x", Err("path \"a/.g\\u{200c}it/x\" reaches into a Git directory"));
        check(".github/x", Ok(".github/x"));
        assert_eq!(normalise("a", "../b"), Err(FilesError::Outside("../b".into())), "a base is a root too");
    }

    fn tree(paths: &[&str]) -> Files {
        let mut files = Files::default();
        for path in paths {
            files.write(path, path.as_bytes().to_vec(), false).unwrap();
        }
        files
    }

    fn paths(files: &Files) -> Vec<&str> {
        files.iter().map(|(path, _)| path).collect()
    }

    #[test]
    fn folders_move_and_go_with_what_is_in_them() {
        let mut files = tree(&["a/b/1", "a/b/2", "ab/3"]);
        files.rename("a/b", "c/d", false).unwrap();
        assert_eq!(paths(&files), ["ab/3", "c/d/1", "c/d/2"]);
        assert!(files.is_folder("a") && !files.contains("a/b"));
        assert_eq!(files.rename("ab", "c", false), Err(FilesError::Exists("c".into())));
        files.rename("ab", "c", true).unwrap();
        assert_eq!(paths(&files), ["c/3"]);
        assert_eq!(files.rename("nothing", "x", false), Err(FilesError::Missing("nothing".into())));
        assert_eq!(files.rename("c", "c/e", true), Err(FilesError::Exists("c/e".into())));
        assert_eq!(files.remove("c"), Ok(true));
        assert_eq!(files.remove("c"), Ok(false));
    }

    #[test]
    fn nothing_is_written_through_a_link_or_a_file() {
        let mut files = tree(&["file"]);
        files.link("link", "/etc").unwrap();
        let through = |name: &str| Err(FilesError::NotAFolder(format!("{name}/x"), name.into()));
        assert_eq!(files.write("link/x", Vec::new(), false), through("link"));
        assert_eq!(files.write("file/x", Vec::new(), false), through("file"));
        assert_eq!(files.write("./", Vec::new(), false), Err(FilesError::Root));
        files.write("link", b"now a file".to_vec(), true).unwrap();
        assert_eq!(files.get("link"), Some(&Entry::File { bytes: b"now a file".to_vec(), executable: true }));
        files.folder("folder").unwrap();
        assert_eq!(files.write("folder", Vec::new(), false), Err(FilesError::IsFolder("folder".into())));
    }

    #[test]
    fn size_and_count_are_bounded() {
        let mut files = Files::default();
        let large = vec![0; super::MAX_FILE_BYTES];
        assert!(files.write("a", vec![0; super::MAX_FILE_BYTES + 1], false).is_err());
        for name in ["a", "b", "c", "d", "e", "f", "g", "h"] {
            files.write(name, large.clone(), false).unwrap();
        }
        assert_eq!(files.write("i", vec![0], false), Err(FilesError::TooLarge("i".into(), 128)));
        files.write("a", Vec::new(), false).unwrap();
        files.write("i", vec![0], false).unwrap();
        let mut many = Files::default();
        let outcome =
            (0..=super::MAX_ENTRIES).try_for_each(|n| many.write(&n.to_string(), Vec::new(), false));
        assert_eq!(outcome, Err(FilesError::TooMany));
    }
}
