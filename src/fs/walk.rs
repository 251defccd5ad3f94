//! The YAML files below a folder.

use std::path::{Path, PathBuf};
use std::sync::mpsc;
use std::thread;

use ignore::WalkState;

use super::Error;

/// One YAML file.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Found {
    /// Relative to the root, `/` between the parts.
    pub path: String,
    /// Where to read it.
    pub file: PathBuf,
}

/// What is below a folder.
#[derive(Debug, Default)]
pub struct Walked {
    /// All `.yaml` and `.yml` files, sorted by path.
    pub yaml: Vec<Found>,
    /// The paths of all other files, in no order.
    pub others: Vec<String>,
    /// The places that could not be looked at.
    pub errors: Vec<Error>,
}

/// Looks at everything below `root`, in as many threads as there are processors.
///
/// Git's ignore rules count; `.git`, `node_modules` and symbolic links are left out, so a loop of links
/// cannot trap the walk.
pub fn walk(root: &Path) -> Walked {
    let (sender, receiver) = mpsc::channel();
    let folders = ignore::WalkBuilder::new(root)
        .hidden(false)
        .require_git(false)
        .filter_entry(|entry| entry.file_name() != "node_modules" && entry.file_name() != ".git")
        .threads(thread::available_parallelism().map_or(1, usize::from))
        .build_parallel();
    folders.run(|| {
        let sender = sender.clone();
        Box::new(move |entry| {
            // The receiver lives as long as the walk.
            if let Some(seen) = look(root, entry) {
                let _ = sender.send(seen);
            }
            WalkState::Continue
        })
    });
    drop(sender);
    let mut walked = Walked::default();
    for seen in receiver {
        match seen {
            Seen::Yaml(found) => walked.yaml.push(found),
            Seen::Other(path) => walked.others.push(path),
            Seen::Error(error) => walked.errors.push(error),
        }
    }
    walked.yaml.sort();
    walked.errors.sort_by_key(ToString::to_string);
    walked
}

/// One thing that the walk came across.
enum Seen {
    Yaml(Found),
    Other(String),
    Error(Error),
}

/// What an entry is; `None` for folders and links.
fn look(root: &Path, entry: Result<ignore::DirEntry, ignore::Error>) -> Option<Seen> {
    match entry {
        Ok(entry) if !entry.file_type().is_some_and(|kind| kind.is_file()) => None,
        Ok(entry) => {
            let path = relative(root, entry.path());
            Some(if is_yaml(entry.path()) {
                Seen::Yaml(Found { path, file: entry.into_path() })
            } else {
                Seen::Other(path)
            })
        }
        Err(error) => {
            let place = path_of(&error).unwrap_or(root).to_path_buf();
            let message = error.to_string();
            let source = error.into_io_error().unwrap_or_else(|| std::io::Error::other(message));
            Some(Seen::Error(Error::io("read", &place, source)))
        }
    }
}

/// The path that the walker stumbled over.
fn path_of(error: &ignore::Error) -> Option<&Path> {
    match error {
        ignore::Error::WithPath { path, .. } => Some(path),
        ignore::Error::WithDepth { err, .. } | ignore::Error::WithLineNumber { err, .. } => path_of(err),
        _ => None,
    }
}

/// Whether a file is YAML by its name.
pub fn is_yaml(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension == "yaml" || extension == "yml")
}

fn relative(root: &Path, path: &Path) -> String {
    let below = path.strip_prefix(root).unwrap_or(path);
    let parts: Vec<_> = below
        .components()
        .filter(|part| !matches!(part, std::path::Component::CurDir))
        .map(|part| part.as_os_str().to_string_lossy())
        .collect();
    parts.join("/")
}

#[cfg(test)]
mod tests {
    use super::walk;
    use crate::fs::{TemporaryDirectory, create_directory, write_new};

    #[test]
    fn only_yaml_files_in_order_and_no_link_is_followed() {
        let folder = TemporaryDirectory::new("walk").unwrap();
        let root = folder.path();
        for path in ["b.yaml", "a/c.yml", "a/x.txt", ".hidden/d.yaml", "node_modules/e.yaml", "out/f.yaml"] {
            write_new(&root.join(path), b"x").unwrap();
        }
        write_new(&root.join(".gitignore"), b"out/\n").unwrap();
        create_directory(&root.join("folder.yaml")).unwrap();
        std::os::unix::fs::symlink(root, root.join("loop")).unwrap();
        let walked = walk(root);
        let paths: Vec<&str> = walked.yaml.iter().map(|found| found.path.as_str()).collect();
        assert_eq!(paths, [".hidden/d.yaml", "a/c.yml", "b.yaml"]);
        assert!(walked.others.contains(&"a/x.txt".to_owned()));
        assert!(walked.errors.is_empty(), "{:?}", walked.errors);
        assert_eq!(walk(&root.join("missing")).errors.len(), 1);
    }
}
