//! Templates from outside of the repository: a folder, or a folder of a Git repository at a commit.
//!
//! A template of somebody else runs only after it was shown and agreed to. It is read into memory; nothing of
//! it is run, no submodule is fetched, and nothing outside of its folder is read.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use super::{Available, FILE, Origin, decode};
use crate::error::{Exit, Failure};
use crate::fs::{self, TemporaryDirectory, TreeKind};
use crate::git::transport::{Transport, without_credentials};
use crate::git::{Blob, Repository};
use crate::ops::{file_failure, git_failure};
use crate::progress::Progress;
use crate::scaffolder::{Files, MAX_ENTRIES, MAX_FILE_BYTES, MAX_TOTAL_BYTES};

/// How Git may be asked: nothing that starts programs of the address's choice.
const SCHEMES: [&str; 5] = ["https://", "http://", "ssh://", "git://", "file://"];

/// Where a template outside of the repository is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Source {
    /// A folder.
    Folder(PathBuf),
    /// A folder in a Git repository.
    Git {
        /// The address of the repository.
        url: String,
        /// The folder in it; empty for the top.
        path: String,
        /// Branch, tag or commit; the remote's own choice if `None`.
        reference: Option<String>,
    },
}

impl Source {
    /// What a text says, if it is no name: a path that starts with `.`, `/` or `~/`, or an address,
    /// `https://host/owner/name[//folder][@ref]`. `here` is the current folder, `home` that of the user.
    pub fn parse(text: &str, here: &Path, home: Option<&Path>) -> Option<Result<Self, Failure>> {
        if let Some(rest) = text.strip_prefix("~/") {
            return Some(Ok(Self::Folder(home.unwrap_or(here).join(rest))));
        }
        if text.starts_with(['.', '/']) {
            return Some(Ok(Self::Folder(here.join(text))));
        }
        let is_ssh = text.split_once(':').is_some_and(|(host, _)| host.contains('@') && !host.contains('/'));
        if text.contains("://") || is_ssh {
            return Some(Self::address(text, is_ssh));
        }
        None
    }

    fn address(text: &str, is_ssh: bool) -> Result<Self, Failure> {
        if !is_ssh && !SCHEMES.iter().any(|scheme| text.starts_with(scheme)) {
            return Err(Failure::usage(format!(
                "{} is no address that Git may be asked for",
                without_credentials(text)
            ))
            .hint("write https://host/owner/name//folder@ref, or git@host:owner/name//folder@ref"));
        }
        // What comes behind the host has no `@` and no `//` of its own.
        let start = if is_ssh {
            text.find(':').map_or(0, |at| at + 1)
        } else {
            let host = text.find("://").map_or(0, |at| at + 3);
            text[host..].find('/').map_or(text.len(), |at| host + at)
        };
        let (host, rest) = text.split_at(start);
        let (rest, reference) = match rest.split_once("?ref=") {
            Some((rest, reference)) => (rest, Some(reference)),
            None => rest.split_once('@').map_or((rest, None), |(rest, reference)| (rest, Some(reference))),
        };
        let (rest, path) = rest.split_once("//").unwrap_or((rest, ""));
        let fits = |part: &str| !part.is_empty() && part != ".." && part != "." && !part.contains('\\');
        let path = path.trim_matches('/');
        let is_sound = path.is_empty() || path.split('/').all(fits);
        let reference = reference.filter(|reference| !reference.is_empty());
        if !is_sound
            || reference.is_some_and(|reference| reference.starts_with('-') || reference.contains(':'))
        {
            return Err(Failure::usage(format!(
                "{} names no folder of a repository",
                without_credentials(text)
            ))
            .hint("write https://host/owner/name//folder@ref"));
        }
        let (url, path) = (format!("{host}{rest}"), path.to_owned());
        Ok(Self::Git { url, path, reference: reference.map(str::to_owned) })
    }

    /// As it is shown and remembered, without the ref.
    pub fn shown(&self) -> String {
        match self {
            Self::Folder(folder) => folder.display().to_string(),
            Self::Git { url, path, .. } if path.is_empty() => without_credentials(url),
            Self::Git { url, path, .. } => format!("{}//{path}", without_credentials(url)),
        }
    }
}

/// Reads the template. Its version is the commit, or of a folder the SHA-256 over its files.
pub fn fetch(source: &Source, progress: &dyn Progress) -> Result<Available, Failure> {
    let mut shown = source.shown();
    let (files, version, name) = match source {
        Source::Folder(folder) => {
            let folder = fs::canonical(folder).map_err(|error| {
                file_failure(&error).hint("`platform templates list` shows the templates that have a name")
            })?;
            shown = folder.display().to_string();
            let files = read_folder(&folder)?;
            let version = digest(&files);
            let name = folder.file_name().map(|name| name.to_string_lossy().into_owned());
            (files, version, name)
        }
        Source::Git { url, path, reference } => {
            progress.step(&format!("fetching {shown}"));
            let (files, commit) = read_git(url, path, reference.as_deref())?;
            progress.done();
            let last = path.rsplit('/').next().filter(|name| !name.is_empty());
            let last = last.or_else(|| url.trim_end_matches(".git").rsplit(['/', ':']).next());
            (files, commit, last.map(str::to_owned))
        }
    };
    let Some(text) = files.bytes(FILE).map(|bytes| String::from_utf8_lossy(bytes).into_owned()) else {
        return Err(Failure::new(Exit::No, format!("{shown} holds no {FILE}"))
            .hint("name the folder of the template; in a repository, behind //"));
    };
    let template = decode(FILE, &text);
    let origin = Origin::Elsewhere { source: shown, version };
    Ok(Available { name: name.unwrap_or_default(), origin, text, template, skeleton: Box::new(files) })
}

fn too_large(shown: &str) -> Failure {
    Failure::new(Exit::No, format!("{shown} is too large for a template"))
        .because(format!("at most {MAX_ENTRIES} files and {} MiB are read", MAX_TOTAL_BYTES >> 20))
        .hint("name the folder of the template itself")
}

fn read_folder(folder: &Path) -> Result<Files, Failure> {
    let mut files = Files::default();
    let shown = folder.display().to_string();
    for entry in fs::tree(folder, MAX_ENTRIES).map_err(|error| file_failure(&error))? {
        if entry.path == ".git" || entry.path.starts_with(".git/") {
            continue;
        }
        let written = match entry.kind {
            TreeKind::Folder => files.folder(&entry.path),
            TreeKind::Link { target } => files.link(&entry.path, target),
            TreeKind::File { executable } => {
                let bytes = fs::read(&folder.join(&entry.path)).map_err(|error| file_failure(&error))?;
                files.write(&entry.path, bytes, executable)
            }
        };
        written.map_err(|error| too_large(&shown).because(error))?;
    }
    Ok(files)
}

/// The files of a folder at a ref, and the commit. The repository is fetched without history into a
/// temporary folder, and without files that are too large.
fn read_git(url: &str, path: &str, reference: Option<&str>) -> Result<(Files, String), Failure> {
    let failure = |error: crate::git::Error| git_failure(&error);
    let folder = TemporaryDirectory::new("template").map_err(|error| file_failure(&error))?;
    let repository = Repository::create_bare(folder.path()).map_err(failure)?;
    let transport = Transport::new(folder.path(), url);
    let commit =
        transport.fetch_shallow(reference, "refs/platform/template", MAX_FILE_BYTES).map_err(|error| {
            match error {
                crate::git::Error::NoBranch { branch, .. } => Failure::new(
                    Exit::No,
                    format!("{} has no branch, tag or commit `{branch}`", without_credentials(url)),
                )
                .hint("write the branch or tag behind @, or leave it out"),
                error => failure(error),
            }
        })?;
    let mut files = Files::default();
    let mut left = MAX_TOTAL_BYTES;
    let shown = without_credentials(url);
    for (name, blob) in repository.files_below(&commit, path, MAX_ENTRIES, &mut left).map_err(failure)? {
        let written = match blob {
            Blob::File { bytes, executable } => files.write(&name, bytes, executable),
            Blob::Link { target } => files.link(&name, target),
        };
        written.map_err(|error| too_large(&shown).because(error))?;
    }
    if files.is_empty() {
        return Err(Failure::new(Exit::No, format!("{shown} has no folder {path:?} at {}", commit.short()))
            .hint("write the folder of the template behind //, and the branch or tag behind @"));
    }
    Ok((files, commit.0))
}

fn digest(files: &Files) -> String {
    let mut hash = Sha256::new();
    for (path, entry) in files.iter() {
        hash.update((path.len() as u64).to_be_bytes());
        hash.update(path.as_bytes());
        let shown = format!("{entry:?}");
        hash.update((shown.len() as u64).to_be_bytes());
        hash.update(shown.as_bytes());
    }
    hash.finalize().iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::Source;

    #[track_caller]
    fn check(text: &str, expected: Option<(&str, &str, Option<&str>)>) {
        let found = Source::parse(text, Path::new("/here"), None);
        let found = found.and_then(Result::ok).map(|source| match source {
            Source::Git { url, path, reference } => (url, path, reference),
            Source::Folder(folder) => (folder.display().to_string(), String::new(), None),
        });
        let found =
            found.as_ref().map(|(url, path, reference)| (url.as_str(), path.as_str(), reference.as_deref()));
        assert_eq!(found, expected, "{text}");
    }

    #[test]
    fn addresses_have_a_folder_and_a_ref() {
        check("service", None);
        check("./a", Some(("/here/./a", "", None)));
        check("https://h/o/r", Some(("https://h/o/r", "", None)));
        check("https://h/o/r.git//t/x@v1", Some(("https://h/o/r.git", "t/x", Some("v1"))));
        check("https://u@h/o/r//t@feature/a", Some(("https://u@h/o/r", "t", Some("feature/a"))));
        check("https://h/o/r//t?ref=a@b", Some(("https://h/o/r", "t", Some("a@b"))));
        check("git@h:o/r//t@v1", Some(("git@h:o/r", "t", Some("v1"))));
        check("file:///srv/r.git@main", Some(("file:///srv/r.git", "", Some("main"))));
    }

    #[test]
    fn nothing_else_is_asked_for() {
        check("ext::sh -c x://", None);
        check("https://h/o/r//../x", None);
        check("https://h/o/r@--upload-pack=x", None);
        check("https://h/o/r@a:b", None);
    }
}
