//! Every document of a corpus, held against the recorded verdict of Backstage 1.55.

use std::collections::BTreeMap;
use std::fs;

use platform::rules::Paths;
use serde_json::Value;

use super::verdict::{Disk, Verdict, judge};
use crate::support::shared::{files, shared};

/// Documents on which we differ on purpose, and why. The reasons are also in `src/entity/parity.md`.
const KNOWN: &[(&str, &str)] = &[
    ("cases/238-yaml-11-directive.yaml", "%YAML 1.1 is a warning of ours, its rules are not followed"),
    (
        "cases/264-placeholder-other-repo.yaml",
        "whether a URL names another repository needs the URL of this one",
    ),
    ("cases/266-placeholder-parent-escape.yaml", "the record stands for a reader that finds every URL"),
    (
        "entities/infracloudio__backstage-msvc-app/src/cartservice/api-catalog/api-catalog.yaml",
        "whether a URL names another repository needs the URL of this one",
    ),
];

/// How our verdict differs from the recorded one.
fn difference(verdict: &Value, ours: &Verdict) -> Option<String> {
    let messages = ours.messages();
    let is_valid = verdict["valid"].as_bool().unwrap();
    if ours.errors.is_empty() != is_valid {
        return Some(format!("Backstage: {}, ours: {messages:?}", verdict["errors"]));
    }
    let of_location = |error: &Value| error["class"].as_str().unwrap().starts_with("location-");
    let blocks =
        verdict["blocks_file"] == true || verdict["errors"].as_array().unwrap().iter().any(of_location);
    if ours.blocks_file() != blocks {
        return Some(format!("Backstage blocks the file: {blocks}, ours: {messages:?}"));
    }
    let never_shown = verdict.get("stitch_error").is_some();
    (is_valid && ours.never_shown != never_shown)
        .then(|| format!("Backstage never shows it: {never_shown}, ours: {}", ours.never_shown))
}

#[test]
fn the_verdict_on_every_document_of_the_corpus_is_backstages() {
    let Some(corpus) = shared("corpus") else { return };
    let recorded = fs::read_to_string(corpus.join("backstage-verdicts.jsonl")).unwrap();
    let relative = |path: &std::path::PathBuf| path.strip_prefix(&corpus).unwrap().to_str().unwrap().into();
    let paths: Paths = files(&corpus, &[""]).iter().map(relative).collect();
    let disk = Disk(corpus.clone());
    let mut judged: BTreeMap<String, BTreeMap<u64, Verdict>> = BTreeMap::new();
    let (mut different, mut count) = (Vec::new(), 0);
    for line in recorded.lines() {
        let verdict: Value = serde_json::from_str(line).unwrap();
        let path = verdict["file"].as_str().unwrap();
        let ours = judged.entry(path.to_owned()).or_insert_with(|| {
            let text = String::from_utf8_lossy(&fs::read(corpus.join(path)).unwrap()).into_owned();
            judge(&disk, Some(&paths), path, &text)
        });
        count += 1;
        let index = verdict["doc_index"].as_u64().unwrap();
        let nothing = Verdict::default();
        let difference = difference(&verdict, ours.get(&index).unwrap_or(&nothing));
        let is_known = KNOWN.iter().any(|(known, _)| *known == path);
        match difference {
            Some(difference) if !is_known => different.push(format!("{path}#{index}: {difference}")),
            None if is_known => different.push(format!("{path}#{index}: no longer differs")),
            _ => {}
        }
    }
    assert!(count > 700, "only {count} verdicts");
    assert!(different.is_empty(), "{} of {count}:\n{}", different.len(), different.join("\n"));
}
