//! The YAML files below a folder.

use std::path::{Path, PathBuf};

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

/// Looks at everything below `root`.
///
/// Git's ignore rules count; `.git`, `node_modules` and symbolic links are left out, so a loop of links
/// cannot trap the walk.
pub fn walk(root: &Path) -> Walked {
    let mut walked = Walked::default();
    let entries = ignore::WalkBuilder::new(root)
        .hidden(false)
        .require_git(false)
        .filter_entry(|entry| entry.file_name() != "node_modules" && entry.file_name() != ".git")
        .build();
    for entry in entries {
        match entry {
            Ok(entry) if !entry.file_type().is_some_and(|kind| kind.is_file()) => {}
            Ok(entry) => {
                let path = relative(root, entry.path());
                if is_yaml(entry.path()) {
                    walked.yaml.push(Found { path, file: entry.into_path() });
                } else {
                    walked.others.push(path);
                }
            }
            Err(error) => {
                let place = path_of(&error).unwrap_or(root).to_path_buf();
                let message = error.to_string();
                let source = error.into_io_error().unwrap_or_else(|| std::io::Error::other(message));
                walked.errors.push(Error::io("read", &place, source));
            }
        }
    }
    walked.yaml.sort();
    walked
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
