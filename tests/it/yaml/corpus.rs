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

/// An entity in the style of hand-written catalogs, always the same for the same number.
pub(super) fn generated(number: usize) -> String {
    let mut random = super::mutants::Random::new(number as u64 + 7);
    let mut pick = |words: &[&str]| words[random.below(words.len())].to_owned();
    let kind = pick(&["Component", "API", "Resource", "System", "Group", "User", "Domain"]);
    let description = pick(&[
        "description: Takes orders and keeps them\n",
        "description: 'It''s the one: with quotes'\n",
        "description: \"escaped \\\"words\\\" and more\"\n",
        "description: |\n    First line.\n\n    Second paragraph: with a colon.\n",
        "description: >-\n    Folded over\n    two lines.\n",
        "description: \"over\n    two lines\"\n",
        "",
    ]);
    let tags =
        pick(&["tags:\n    - go\n    - grpc\n", "tags: [java, 'spring-boot']\n", "tags:\n  - rust\n", ""]);
    let links =
        pick(&["links:\n    - url: https://example.com/a?b=c#d\n      title: Docs\n", "links: []\n", ""]);
    let depends = pick(&[
        "dependsOn:\n  - resource:default/db\n  - component:other\n",
        "dependsOn:\n  # none yet\n  - api:x\n",
        "",
    ]);
    let join = |text: String| if text.is_empty() { text } else { format!("  {text}") };
    format!(
        "# entity {number}\napiVersion: backstage.io/v1alpha1\nkind: {kind}\nmetadata:\n  name: entity-{number}\n{}{}{}  \
         annotations:\n    example.com/id: \"{number}\"\n    github.com/project-slug: org/repo-{number} # here\nspec:\n  \
         type: service\n  lifecycle: production\n  owner: team-{}\n{}",
        join(description),
        join(tags),
        join(links),
        number % 17,
        join(depends),
    )
}
