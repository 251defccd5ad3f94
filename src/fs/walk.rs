//! The YAML files below a folder.

use std::path::{MAIN_SEPARATOR, Path, PathBuf};
use std::sync::{Arc, mpsc};
use std::thread;

use ignore::WalkState;

use super::Error;

/// One YAML file.
#[derive(Clone, Debug)]
pub struct Found {
    /// Relative to the root, `/` between the parts.
    pub path: Arc<str>,
    /// Where to read it, when `path` is not its name to the byte.
    odd: Option<Box<Path>>,
}

impl Found {
    /// A file that no walk came across.
    pub fn new(path: &str) -> Self {
        Self { path: path.into(), odd: None }
    }

    /// Whether `path` is not its name to the byte.
    pub fn is_odd(&self) -> bool {
        self.odd.is_some()
    }

    /// Where to read it; `root` is the folder of the walk.
    pub fn file(&self, root: &Path) -> PathBuf {
        self.odd.as_deref().map_or_else(|| root.join(&*self.path), Path::to_path_buf)
    }
}

/// What is below a folder.
#[derive(Debug, Default)]
pub struct Walked {
    /// All `.yaml` and `.yml` files, sorted by path.
    pub yaml: Vec<Found>,
    /// The paths of all other files, in no order.
    pub others: Vec<Arc<str>>,
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
        let mut own = Own { walked: Walked::default(), sender: sender.clone() };
        Box::new(move |entry| {
            own.walked.look(root, entry);
            WalkState::Continue
        })
    });
    drop(sender);
    let mut walked = Walked::default();
    for mut part in receiver {
        walked.yaml.append(&mut part.yaml);
        walked.others.append(&mut part.others);
        walked.errors.append(&mut part.errors);
    }
    walked.yaml.sort_unstable_by(|a, b| a.path.cmp(&b.path));
    walked.errors.sort_by_key(ToString::to_string);
    walked
}

/// What one thread came across; it is handed over when the thread is done.
struct Own {
    walked: Walked,
    sender: mpsc::Sender<Walked>,
}

impl Drop for Own {
    fn drop(&mut self) {
        // The receiver lives as long as the walk.
        let _ = self.sender.send(std::mem::take(&mut self.walked));
    }
}

impl Walked {
    /// Adds an entry; folders and links are left out.
    fn look(&mut self, root: &Path, entry: Result<ignore::DirEntry, ignore::Error>) {
        match entry {
            Ok(entry) if !entry.file_type().is_some_and(|kind| kind.is_file()) => {}
            Ok(entry) if is_yaml(entry.path()) => {
                let path = relative(root, entry.path());
                let is_odd = path.contains(char::REPLACEMENT_CHARACTER);
                self.yaml.push(Found { path: path.into(), odd: is_odd.then(|| entry.path().into()) });
            }
            Ok(entry) => self.others.push(relative(root, entry.path()).into()),
            Err(error) => {
                let place = path_of(&error).unwrap_or(root).to_path_buf();
                let message = error.to_string();
                let source = error.into_io_error().unwrap_or_else(|| std::io::Error::other(message));
                self.errors.push(Error::io("read", &place, source));
            }
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
    // nearly always, and much quicker than part by part
    if let (Some(root), Some(path), '/') = (root.to_str(), path.to_str(), MAIN_SEPARATOR)
        && let Some(below) = path.strip_prefix(root)
        && (root.ends_with('/') || below.starts_with('/'))
    {
        return below.trim_start_matches('/').to_owned();
    }
    let below = path.strip_prefix(root).unwrap_or(path).to_string_lossy();
    if MAIN_SEPARATOR == '/' { below.into_owned() } else { below.replace(MAIN_SEPARATOR, "/") }
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
        let paths: Vec<&str> = walked.yaml.iter().map(|found| &*found.path).collect();
        assert_eq!(paths, [".hidden/d.yaml", "a/c.yml", "b.yaml"]);
        assert!(walked.others.contains(&"a/x.txt".into()));
        assert!(walked.errors.is_empty(), "{:?}", walked.errors);
        assert_eq!(walked.yaml[1].file(root), root.join("a/c.yml"));
        assert_eq!(walk(&root.join("missing")).errors.len(), 1);
    }
}
