//! The YAML files below a folder.

use std::path::{Path, PathBuf};

use super::Error;

/// What to look for.
#[derive(Clone, Debug)]
pub struct Walk {
    /// The folder that the reported paths are relative to.
    pub root: PathBuf,
    /// Files and folders to look at, relative to `root`; the root itself when empty.
    pub paths: Vec<PathBuf>,
}

/// One file.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Found {
    /// Relative to the root, `/` between the parts.
    pub path: String,
    /// Where to read it.
    pub file: PathBuf,
}

/// All `.yaml` and `.yml` files, sorted by path, with the places that could not be looked at.
///
/// Git's ignore rules count; hidden folders, `node_modules` and symbolic links are left out, so a
/// loop of links cannot trap the walk. A path that is named itself is taken whatever it is called.
pub fn walk(walk: &Walk) -> (Vec<Found>, Vec<Error>) {
    let mut found = Vec::new();
    let mut errors = Vec::new();
    let whole = [PathBuf::new()];
    let paths = if walk.paths.is_empty() { &whole[..] } else { &walk.paths };
    for path in paths {
        let start = walk.root.join(path);
        if start.is_file() {
            found.push(Found { path: relative(&walk.root, &start), file: start });
        } else {
            walk_folder(&walk.root, &start, &mut found, &mut errors);
        }
    }
    found.sort();
    found.dedup();
    (found, errors)
}

fn walk_folder(root: &Path, start: &Path, found: &mut Vec<Found>, errors: &mut Vec<Error>) {
    let entries = ignore::WalkBuilder::new(start)
        .parents(true)
        .require_git(false)
        .filter_entry(|entry| entry.file_name() != "node_modules")
        .build();
    for entry in entries {
        match entry {
            Ok(entry) if entry.file_type().is_some_and(|kind| kind.is_file()) && is_yaml(entry.path()) => {
                found.push(Found { path: relative(root, entry.path()), file: entry.into_path() });
            }
            Ok(_) => {}
            Err(error) => {
                let message = error.to_string();
                let source = error.into_io_error().unwrap_or_else(|| std::io::Error::other(message));
                errors.push(Error::io("read", start, source));
            }
        }
    }
}

fn is_yaml(path: &Path) -> bool {
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
    use std::path::PathBuf;

    use super::{Walk, walk};
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
        let (found, errors) = walk(&Walk { root: root.to_path_buf(), paths: Vec::new() });
        let paths: Vec<&str> = found.iter().map(|found| found.path.as_str()).collect();
        assert_eq!(paths, ["a/c.yml", "b.yaml"]);
        assert!(errors.is_empty(), "{errors:?}");
        let (_, errors) = walk(&Walk { root: root.to_path_buf(), paths: vec![PathBuf::from("missing")] });
        assert_eq!(errors.len(), 1);
    }
}
