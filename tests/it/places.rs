//! Each finding is somewhere: its places lie in their files, on the boundaries of characters, and what is
//! found in an entity is a whole key, value or document.

use std::collections::BTreeSet;
use std::fs;

use platform::diagnostic::Diagnostic;
use platform::rules::{Ingest, Settings, Surroundings};
use platform::source::{SourceId, Sources, Span};
use platform::yaml::{self, Node};
use platform::{catalog::Reading, clock::Timestamp, rules};

use crate::support::shared::{files, shared};

fn findings(path: &str, text: &str) -> (Sources, Vec<Diagnostic>) {
    let mut sources = Sources::default();
    let source = sources.add(path, Some(text.into()));
    let mut ingest = Ingest::default();
    ingest.add(rules::read(source, path, text, &Reading::default()));
    let settings = Settings { is_whole_catalog: true, ..Settings::default() };
    let now = Timestamp::parse("2026-11-22T10:00:00Z").unwrap();
    let around = Surroundings {
        paths: None,
        settings: &settings,
        policies: &[],
        is_judged: &|_, _| true,
        elsewhere: &|_| Vec::new(),
        now,
    };
    let outcome = ingest.finish(sources, &around);
    (outcome.catalog.sources().clone(), outcome.findings)
}

/// The parser finds what is between nodes, waivers are comments, and an expression is a part of a text.
fn is_about_a_node(finding: &Diagnostic) -> bool {
    let rule = finding.rule.as_str();
    !["yaml-", "waiver-", "template-"].iter().any(|prefix| rule.starts_with(prefix))
}

/// The places of all keys, values and documents of a text.
fn nodes(text: &str) -> BTreeSet<(u32, u32)> {
    let (tree, _) = yaml::parse(SourceId(0), text);
    let mut open: Vec<Node<'_>> = tree.documents(text).filter_map(|document| document.root()).collect();
    let mut nodes = BTreeSet::new();
    while let Some(node) = open.pop() {
        nodes.insert((node.span().start, node.span().end));
        if !node.is_alias() {
            open.extend(node.entries().flat_map(|(key, value)| [key, value]).chain(node.items()));
        }
    }
    nodes
}

fn check(path: &str, text: &str) -> usize {
    let (sources, findings) = findings(path, text);
    let nodes = nodes(text);
    for finding in &findings {
        let Span { start, end, .. } = finding.primary.span;
        let is_node = nodes.contains(&(start, end));
        assert!(is_node || !is_about_a_node(finding), "{path}: {start}..{end} of {finding:#?}");
        let edits = finding.suggestions.iter().flat_map(|suggestion| &suggestion.edits);
        let spans = std::iter::once(finding.primary.span)
            .chain(finding.related.iter().map(|label| label.span))
            .chain(edits.map(|edit| edit.span));
        for span in spans {
            let Span { start, end, source } = span;
            let text = sources.text(source).unwrap();
            assert!(
                start <= end && text.get(span.range()).is_some(),
                "{path}: {start}..{end} of {finding:#?}"
            );
        }
        assert!(!finding.message.is_empty() && !finding.message.contains('\n'), "{path}: {finding:#?}");
    }
    findings.len()
}

#[test]
fn each_place_lies_in_its_file_over_real_files_and_what_becomes_of_them() {
    let Some(corpus) = shared("corpus") else { return };
    let mut found = 0;
    for file in files(&corpus, &[".yaml", ".yml"]) {
        let Ok(text) = fs::read_to_string(&file) else { continue };
        let path = file.display().to_string();
        found += check(&path, &text);
        found += check(&path, &text.replace('\n', "\r\n"));
        found += check(&path, &format!("\u{feff}{text}"));
        // characters of several bytes in every word, and a file that stops in the middle
        found += check(&path, &text.replace('e', "é").replace("kiné", "kind"));
        found += check(&path, &text[..text.floor_char_boundary(text.len() * 2 / 3)]);
    }
    assert!(found > 10_000, "{found} findings");
}
