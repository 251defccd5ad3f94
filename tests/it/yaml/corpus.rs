//! Texts to read: real files where the shared test input is there, always a few of our own.

use crate::support::shared::{files, shared};

/// Texts of our own, one for each way to write YAML.
pub(super) fn own() -> Vec<String> {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/yaml");
    files(&folder, &[".yaml"]).iter().map(|path| std::fs::read_to_string(path).unwrap()).collect()
}

/// Real YAML files.
pub(super) fn real() -> Vec<String> {
    let Some(folder) = shared("corpus") else { return Vec::new() };
    let paths = files(&folder, &[".yaml", ".yml"]);
    paths.iter().filter_map(|path| String::from_utf8(std::fs::read(path).unwrap()).ok()).collect()
}

/// Small texts with one feature each.
pub(super) fn semantic_cases() -> Vec<String> {
    let Some(path) = shared("corpus/yaml-semantics-cases.json") else { return Vec::new() };
    let cases: Vec<serde_json::Value> =
        serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    cases.iter().map(|case| case["yaml"].as_str().unwrap().to_owned()).collect()
}
