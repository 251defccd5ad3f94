//! Test input that is not part of the project.

use std::path::PathBuf;

use super::skip;

/// A file or folder of the shared test input, or `None` after having said that the test is skipped.
///
/// The folder is `PLATFORM_TEST_SHARED`, by default `shared` beside the project. In CI a folder that
/// was named and is not there fails the test.
pub(crate) fn shared(path: &str) -> Option<PathBuf> {
    let named = std::env::var_os("PLATFORM_TEST_SHARED").map(PathBuf::from);
    let root = named.clone().unwrap_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared"));
    let wanted = root.join(path);
    if wanted.exists() {
        return Some(wanted);
    }
    let reason = format!("no shared test input at {}", wanted.display());
    if named.is_some() {
        skip(&reason);
    } else {
        eprintln!("SKIPPED: {reason}");
    }
    None
}

/// All files below a folder whose name ends with one of `endings`, in order.
pub(crate) fn files(folder: &std::path::Path, endings: &[&str]) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_path_buf()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if endings.iter().any(|ending| path.to_string_lossy().ends_with(ending)) {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}
