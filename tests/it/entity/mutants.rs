//! Seeded mutants of a corpus: Backstage's shipped code and ours must give the same verdict.
//!
//! By default a sample runs; `PLATFORM_TEST_MUTANTS=100000` runs that many, `PLATFORM_TEST_SEED` makes others.

use std::fs;

use platform::entity::{Files, Lookup};
use serde_json::Value;

use super::mutate::Mutator;
use super::verdict::{Verdict, judge};
use crate::support::node::ask;
use crate::support::shared::{files, shared};

/// A repository without any other file.
struct Nothing;

impl Files for Nothing {
    fn read(&self, _: &str) -> Lookup {
        Lookup::Missing
    }
}

/// The texts to make mutants of: the shared corpus where there is one, and always our own fixtures, wrong
/// ones and right ones, short ones and long ones.
fn seeds() -> Vec<String> {
    let own = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut seeds = files(&own.join("tests/fixtures/rules"), &[".yaml"]);
    seeds.extend(files(&own.join("tests/fixtures/render"), &["catalog.yaml"]));
    seeds.extend(files(&own.join("templates/types"), &["entity.yaml"]));
    seeds.extend(files(&own.join("templates/software"), &["template.yaml"]));
    if let Some(corpus) = shared("corpus") {
        seeds.extend(files(&corpus.join("cases"), &[".yaml"]));
        seeds.extend(files(&corpus.join("entities"), &[".yaml", ".yml"]));
    }
    let short = |text: &String| text.len() < 20_000;
    seeds.iter().filter_map(|path| fs::read_to_string(path).ok()).filter(short).collect()
}

/// Why two verdicts need not be alike.
fn is_known(theirs: &Value, text: &str) -> bool {
    let error = theirs["error"].as_str().unwrap_or("");
    // whether a URL names another repository needs the URL of this one
    let other_repository = error.contains("Placeholder may only reference files from the same repository");
    // the rules of YAML 1.1 are not followed
    let old_yaml = text.contains("%YAML");
    // what stands behind a URL is `{}` to the oracle and unknown to us
    let is_url = |line: &str| line.contains('$') && line.matches(':').count() > 1;
    let unknown_content = text.lines().any(is_url);
    // the parser refuses it, npm yaml takes it for white space in some places and for text in others
    let lone_carriage_return = text.replace("\r\n", "").contains('\r');
    // the parser refuses it, npm yaml keeps it as a character
    let inner_byte_order_mark = text.chars().skip(1).any(|c| c == '\u{feff}');
    // the oracle's reader finds every URL, also above the repository
    let above_the_repository = text.contains("../..");
    // JavaScript takes it for the object's prototype and forgets it
    let prototype = text.contains("__proto__");
    other_repository
        || old_yaml
        || unknown_content
        || lone_carriage_return
        || inner_byte_order_mark
        || above_the_repository
        || prototype
}

/// How the verdicts on one document differ.
fn difference(theirs: &Value, ours: &Verdict) -> Option<String> {
    let is_valid = theirs["error"].is_null();
    if is_valid != ours.errors.is_empty() {
        return Some("validity".to_owned());
    }
    if theirs["blocks"].as_bool().unwrap() != ours.blocks_file() {
        return Some("what is blocked".to_owned());
    }
    if !is_valid {
        return None;
    }
    if theirs["hidden"].as_bool().unwrap() != ours.never_shown {
        return Some("whether it is shown".to_owned());
    }
    if theirs["ref"].as_str() != ours.reference.as_deref() {
        return Some(format!("reference: {:?}", ours.reference));
    }
    let relations: Vec<&str> =
        theirs["relations"].as_array().unwrap().iter().map(|relation| relation.as_str().unwrap()).collect();
    (relations != ours.relations).then(|| format!("relations: {:?}", ours.relations))
}

/// Whether only one of the two takes the text for YAML: a matter of the parsers, which a test of their
/// own compares.
fn is_about_yaml(theirs: &Value, ours: &Verdict) -> bool {
    let refused = ours.errors.iter().any(|error| error.rule.as_str().starts_with("yaml-"));
    refused != (theirs["step"] == "parse" || theirs["step"] == "abort")
}

/// How the verdicts on a text differ; those about YAML are only counted.
fn differences(text: &str, theirs: &Value, about_yaml: &mut Vec<String>) -> Vec<String> {
    let ours = judge(&Nothing, None, "a.yaml", text);
    let theirs = theirs.as_array().unwrap();
    // behind what is not YAML, documents may be counted otherwise
    let broken = |verdict: &Value| verdict["step"] == "abort" || verdict["step"] == "parse";
    let is_broken = theirs.iter().any(broken);
    let mut found = Vec::new();
    for verdict in theirs.iter().filter(|verdict| !is_known(verdict, text)) {
        let index = verdict["index"].as_u64().unwrap();
        let nothing = Verdict::default();
        let ours = ours.get(&index).unwrap_or(&nothing);
        if let Some(what) = difference(verdict, ours) {
            if is_about_yaml(verdict, ours) {
                about_yaml.push(format!(
                    "{what}\n  theirs: {verdict}\n  ours: {:?}\n--- text\n{text}",
                    ours.messages()
                ));
                continue;
            }
            found.push(format!(
                "document {index}: {what}\n  theirs: {verdict}\n  ours: {:?}",
                ours.messages()
            ));
        }
    }
    let unseen = |index: &u64| !theirs.iter().any(|verdict| verdict["index"].as_u64() == Some(*index));
    for (index, ours) in ours.iter().filter(|(index, _)| !is_broken && unseen(index)) {
        if is_about_yaml(&Value::Null, ours) {
            about_yaml.push(format!("ours: {:?}\n--- text\n{text}", ours.messages()));
        } else if !ours.errors.is_empty() {
            found.push(format!("document {index}: unknown to Backstage, ours: {:?}", ours.messages()));
        }
    }
    found
}

#[test]
fn the_verdict_on_mutants_is_backstages() {
    let wanted = std::env::var("PLATFORM_TEST_MUTANTS").map_or(2000, |count| count.parse().unwrap());
    let seeds = seeds();
    let seed = std::env::var("PLATFORM_TEST_SEED").map_or(20_261_122, |seed| seed.parse().unwrap());
    let mut mutator = Mutator::new(seed);
    let texts: Vec<String> = (0..wanted).map(|at| mutator.mutate(&seeds, at)).collect();
    let questions = texts.iter().map(|text| Value::String(text.clone()));
    let Some(answers) = ask("oracle/entity", "verdict.js", questions) else { return };
    let (mut different, mut refused, mut about_yaml) = (Vec::new(), 0, Vec::new());
    for (text, theirs) in texts.iter().zip(&answers) {
        refused += usize::from(theirs.as_array().unwrap().iter().any(|verdict| !verdict["error"].is_null()));
        for difference in differences(text, theirs, &mut about_yaml) {
            different.push(format!("{difference}\n--- text\n{text}"));
        }
    }
    eprintln!("{wanted} mutants, YAML to only one of the two: {}", about_yaml.len());
    let share = refused * 100 / wanted;
    assert!(
        (15..90).contains(&share),
        "{share} % of the mutants are refused: they no longer test both sides"
    );
    assert!(
        about_yaml.len() <= 2 + wanted / 5000,
        "{} of {wanted} mutants are YAML to only one of the two:\n{}",
        about_yaml.len(),
        about_yaml.join("\n=====\n")
    );
    let shown = different.iter().take(60).cloned().collect::<Vec<_>>().join("\n=====\n");
    assert!(different.is_empty(), "{} differences in {wanted} mutants:\n{shown}", different.len());
}
