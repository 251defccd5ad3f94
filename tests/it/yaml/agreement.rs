//! Our reading against that of npm `yaml`, which Backstage uses.

use std::collections::BTreeMap;

use platform::source::SourceId;
use platform::yaml;
use serde_json::Value;

use super::corpus;
use super::mutants::{self, Mutants};
use crate::support::node;

/// What a reader makes of one document.
#[derive(Debug, PartialEq)]
enum Verdict {
    Value(Value),
    Refused(String),
}

fn ours(text: &str) -> Vec<Verdict> {
    let (tree, diagnostics) = yaml::parse(SourceId(0), text);
    let verdict = |document: yaml::Document<'_>| match document.root() {
        Some(root) if !document.is_broken() => Verdict::Value(root.to_json()),
        _ => Verdict::Refused(diagnostics.first().map(|found| found.message.clone()).unwrap_or_default()),
    };
    tree.documents(text).map(verdict).collect()
}

fn theirs(answer: &Value) -> Vec<Verdict> {
    let verdict = |document: &Value| match document.get("json") {
        Some(value) => Verdict::Value(value.clone()),
        None => Verdict::Refused(document.to_string()),
    };
    answer.as_array().unwrap().iter().map(verdict).collect()
}

/// How two readings differ, up to the first document that either refuses: where one document ends
/// and the next begins behind an error is anybody's guess, and so is whether an error between two
/// documents belongs to the one before or to the one behind it. Empty documents, which Backstage
/// skips, do not count.
fn difference(ours: &[Verdict], theirs: &[Verdict]) -> Option<&'static str> {
    let counts = |verdict: &&Verdict| **verdict != Verdict::Value(Value::Null);
    let (ours, theirs): (Vec<_>, Vec<_>) =
        (ours.iter().filter(counts).collect(), theirs.iter().filter(counts).collect());
    let refused = |verdicts: &[&Verdict], at: usize| matches!(verdicts.get(at), Some(Verdict::Refused(_)));
    for at in 0..ours.len().max(theirs.len()) {
        match (refused(&ours, at), refused(&theirs, at)) {
            (true, true) => return None,
            (true, false) => return (!refused(&theirs, at + 1)).then_some("stricter"),
            (false, true) => return (!refused(&ours, at + 1)).then_some("laxer"),
            (false, false) => match (ours.get(at), theirs.get(at)) {
                (mine, other) if mine == other => {}
                (Some(Verdict::Value(mine)), Some(Verdict::Value(other)))
                    if without_complex_keys(mine) == without_complex_keys(other) => {}
                _ => return Some("other value"),
            },
        }
    }
    None
}

/// A difference that is meant, and why.
struct Exception {
    reason: &'static str,
    how: &'static [&'static str],
    applies: fn(&str) -> bool,
}

/// Everything that npm `yaml` and we read differently on purpose.
const EXCEPTIONS: &[Exception] = &[
    Exception {
        reason: "YAML forbids control characters and byte order marks inside a text: nobody means them",
        how: &["stricter"],
        applies: |text| {
            text.char_indices().any(|(at, c)| {
                (c.is_control() && !matches!(c, '\t' | '\n' | '\r' | '\u{85}')) || (c == '\u{feff}' && at > 0)
            })
        },
    },
    Exception {
        reason: "a carriage return alone is a line break for YAML and a letter for npm yaml: refused",
        how: &["stricter"],
        applies: |text| text.replace("\r\n", "").contains('\r'),
    },
    Exception {
        reason: "half of a surrogate pair is no character: npm yaml keeps it, which is no Unicode",
        how: &["stricter"],
        applies: |text| text.to_ascii_lowercase().contains("\\ud"),
    },
    Exception {
        reason: "an unclosed quote is closed for npm yaml where its line, or the text, ends with an escaped one",
        how: &["stricter"],
        applies: |text| text.contains("''\n") || text.ends_with("\\\"") || text.ends_with("''"),
    },
    Exception {
        reason: "a key in braces that ends with `:{` or `:[` without a blank is refused",
        how: &["stricter"],
        applies: |text| text.contains(":{") || text.contains(":["),
    },
    Exception {
        reason: "a line of blanks with a tab in it is empty, where npm yaml may take it for content",
        how: &["laxer"],
        applies: |text| text.lines().any(|line| line.contains('\t') && line.trim().is_empty()),
    },
    Exception {
        reason: "a `---` behind a `|` is text in the header for us, and a document of its own for npm yaml",
        how: &["stricter"],
        applies: |text| text.contains("| ---") || text.contains("> ---"),
    },
    Exception {
        reason: "a block scalar at the root cannot begin with a tab",
        how: &["stricter"],
        applies: |text| text.contains("\n\t") && text.contains(['|', '>']),
    },
    Exception {
        reason: "blanks at the end of the text belong to a block scalar that names its indentation",
        how: &["other value"],
        applies: |text| text.ends_with(' ') && text.contains(['|', '>']),
    },
    Exception {
        reason: "YAML 1.1 is read as 1.2, with a warning",
        how: &["other value", "stricter", "laxer"],
        applies: |text| text.contains("%YAML"),
    },
    Exception {
        reason: "a directive that is not well formed, or without a document behind it, is refused",
        how: &["stricter"],
        applies: |text| text.lines().any(|line| line.starts_with('%')),
    },
    Exception {
        reason: "npm yaml takes a `:` or `?` in odd columns, or behind a bracket, for a key that is not there",
        how: &["stricter", "other value"],
        applies: |text| {
            let starts = |line: &str| line.trim_start().starts_with([':', '?']);
            text.lines().any(starts) || ["}:", "]:", "[?", "{?", ", ?"].iter().any(|sign| text.contains(sign))
        },
    },
    Exception {
        reason: "tags that make more than text, numbers, lists and mappings keep the value, with a warning",
        how: &["other value", "laxer"],
        applies: |text| {
            ["binary", "set", "omap", "pairs", "timestamp", "merge"]
                .iter()
                .any(|tag| text.contains(&format!("!!{tag}")))
        },
    },
];

fn exception(text: &str, how: &str) -> Option<&'static str> {
    let exception =
        EXCEPTIONS.iter().find(|exception| exception.how.contains(&how) && (exception.applies)(text))?;
    Some(exception.reason)
}

/// The same value with one name for all keys that are collections: npm yaml folds long ones over
/// several lines and writes their scalars anew.
fn without_complex_keys(value: &Value) -> Value {
    match value {
        Value::Object(map) => {
            let name =
                |key: &String| if key.starts_with(['{', '[']) { "complex".to_owned() } else { key.clone() };
            map.iter().map(|(key, value)| (name(key), without_complex_keys(value))).collect()
        }
        Value::Array(items) => items.iter().map(without_complex_keys).collect(),
        other => other.clone(),
    }
}

fn check(name: &str, texts: &[String]) {
    let Some(answers) =
        node::ask("oracle/yaml", "documents.js", texts.iter().map(|text| text.as_str().into()))
    else {
        return;
    };
    let mut failures = Vec::new();
    let mut meant = BTreeMap::new();
    for (text, answer) in texts.iter().zip(&answers) {
        let (mine, other) = (ours(text), theirs(answer));
        let Some(how) = difference(&mine, &other) else { continue };
        if let Some(reason) = exception(text, how) {
            *meant.entry(reason).or_insert(0) += 1;
        } else {
            failures.push(format!("--- {how}\n{text:?}\n  ours:   {mine:?}\n  theirs: {other:?}"));
        }
    }
    eprintln!("{name}: {} texts, differences that are meant: {meant:#?}", texts.len());
    let shown: String = failures
        .iter()
        .take(40)
        .map(|failure| failure.chars().take(1500).collect::<String>() + "\n")
        .collect();
    assert!(failures.is_empty(), "{name}: {} of {} differ\n{shown}", failures.len(), texts.len());
}

#[test]
fn every_difference_is_in_the_docs() {
    let page = include_str!("../../../src/entity/parity.md");
    for exception in EXCEPTIONS {
        assert!(page.contains(exception.reason), "{}", exception.reason);
    }
}

#[test]
fn the_semantic_cases_agree() {
    check("semantic cases", &corpus::semantic_cases());
}

#[test]
fn own_texts_agree() {
    check("own texts", &corpus::own());
}

#[test]
fn real_files_agree() {
    check("real files", &corpus::real());
}

#[test]
fn mutants_agree() {
    let mut texts = corpus::own();
    texts.extend(corpus::semantic_cases());
    texts.extend(corpus::real());
    let mutants: Vec<String> = Mutants::new(&texts, 1).take(mutants::count(2000)).collect();
    check("mutants", &mutants);
}
