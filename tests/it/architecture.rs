//! The layer table of the crate documentation, held against every `crate::` path.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// Row of each top-level module; a module names only modules of lower rows, and itself.
const ROWS: &[(u32, &[&str])] = &[
    (12, &["main", "lib"]),
    (11, &["cli"]),
    (10, &["output"]),
    (9, &["ops", "config"]),
    (8, &["git", "forge", "cluster", "backstage"]),
    (7, &["http", "fs", "process"]),
    (6, &["rules", "impact"]),
    (5, &["scaffolder", "render", "status", "change"]),
    (4, &["catalog"]),
    (3, &["entity"]),
    (2, &["yaml", "expression", "cel"]),
    (1, &["diagnostic", "object"]),
    (0, &["source", "error", "clock", "progress", "javascript"]),
];

fn rust_files(dir: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(dir).unwrap().map(Result::unwrap) {
        let path = entry.path();
        if path.is_dir() {
            rust_files(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
}

/// The first path segment behind each `crate::` outside of documentation, `crate::{a, b}` included.
fn named_modules(line: &str) -> Vec<String> {
    let code = line.split("//").next().unwrap_or("");
    let word = |text: &str| text.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect::<String>();
    code.split("crate::")
        .skip(1)
        .flat_map(|rest| match rest.strip_prefix('{') {
            Some(group) => group.split(',').map(|part| word(part.trim())).collect(),
            None => vec![word(rest)],
        })
        .filter(|name| !name.is_empty())
        .collect()
}

#[test]
fn modules_name_only_lower_rows() {
    let rows: BTreeMap<&str, u32> =
        ROWS.iter().flat_map(|(row, names)| names.iter().map(|name| (*name, *row))).collect();
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    rust_files(&src, &mut files);
    assert!(files.len() > 20, "the sources were not found");
    let mut broken = Vec::new();
    for file in files {
        let relative = file.strip_prefix(&src).unwrap();
        let top = relative.iter().next().unwrap().to_str().unwrap().trim_end_matches(".rs");
        let row = *rows.get(top).unwrap_or_else(|| panic!("src/{top} is not in the layer table"));
        for (number, line) in fs::read_to_string(&file).unwrap().lines().enumerate() {
            for name in named_modules(line).into_iter().filter(|name| name != top) {
                if rows.get(name.as_str()).is_some_and(|other| *other >= row) {
                    broken.push(format!("src/{}:{}: names {name}", relative.display(), number + 1));
                }
            }
        }
    }
    assert!(broken.is_empty(), "paths that go up or sideways:\n{}", broken.join("\n"));
}

#[test]
fn the_map_in_the_crate_documentation_names_every_module() {
    let map = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("src/lib.rs")).unwrap();
    for name in ROWS.iter().flat_map(|(_, names)| *names).filter(|name| **name != "lib") {
        assert!(map.contains(&format!("`{name}`")), "{name} is missing in the table of src/lib.rs");
    }
}
