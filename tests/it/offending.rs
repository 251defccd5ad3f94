//! The place of each finding is the offending node, no more and no less.
//!
//! The wrong examples of all rules and lints, with the places of their findings marked, are fixtures that people
//! have read: `tests/fixtures/places/<rule>.yaml` has `«»` around the offending node and `‹›` around related
//! places. A property test then changes what is around the marks (line ends, comments, byte order mark, other
//! documents, blank lines) and wants the same nodes marked again.

use std::fmt::Write as _;

use platform::diagnostic::{Diagnostic, RuleId};
use platform::expression::Engine;
use platform::rules::{AllowedKind, RULES, Settings};
use platform::scaffolder::{self, Files, LINTS};
use platform::source::Sources;
use platform::yaml;
use proptest::prelude::*;

use crate::rules::{Memory, example, findings};
use crate::support::cli::matches_snapshot;

/// Opening and closing marks of primary and of related places.
const PRIMARY: [char; 2] = ['«', '»'];
const RELATED: [char; 2] = ['‹', '›'];

/// An example: its rule, its text, and whether it is one of a lint, which is about a template alone.
struct Example {
    id: RuleId,
    text: &'static str,
    is_lint: bool,
}

fn examples() -> Vec<Example> {
    let rules = RULES.iter().map(|rule| Example { id: rule.id.clone(), text: rule.docs.bad, is_lint: false });
    let lints = LINTS.iter().map(|lint| Example { id: lint.id.clone(), text: lint.bad, is_lint: true });
    let policies = POLICIES.iter().map(|(id, text)| Example { id: RuleId::new(id), text, is_lint: false });
    rules.chain(lints).chain(policies).filter(|example| !example.text.is_empty()).collect()
}

/// Policies that find something at the entity's name, and at a place that they name.
const POLICIES: [(&str, &str); 2] = [
    ("own-policy", include_str!("../fixtures/places/own-policy.yaml")),
    ("own-policy-with-place", include_str!("../fixtures/places/own-policy-with-place.yaml")),
];

/// The findings of the example's rule in these files.
fn found(example: &Example, files: &Memory) -> (Sources, Vec<Diagnostic>) {
    let (sources, mut found) = if example.is_lint { linted(files) } else { findings(files, &settings()) };
    found.retain(|finding| finding.rule == example.id);
    (sources, found)
}

fn settings() -> Settings {
    let kinds = ["API", "Component", "Group", "Location", "Resource", "System", "Template", "User"];
    let allowed_kinds = Some(kinds.into_iter().map(AllowedKind::parse).collect());
    Settings { allowed_kinds, ..Settings::default() }
}

fn linted(files: &Memory) -> (Sources, Vec<Diagnostic>) {
    let mut sources = Sources::default();
    let mut skeleton = Files::default();
    for (path, text) in &files.0[1..] {
        skeleton.write(path, text.as_bytes().to_vec(), false).unwrap();
    }
    let (path, text) = &files.0[0];
    let source = sources.add(path.as_str(), Some(text.as_str().into()));
    let (tree, _) = yaml::parse(source, text);
    let root = tree.documents(text).filter_map(|document| document.root()).last().unwrap();
    let found = scaffolder::lint(root, &Engine::default(), Some(&skeleton));
    (sources, found)
}

/// The files of an example. What stands before the first `# file:` is the template of a lint.
fn files(example_of: &Example) -> Memory {
    match example_of.text.split_once("# file: ") {
        Some((template, _)) if example_of.is_lint => {
            let mut files = example(&example_of.text[template.len()..]);
            files.0.insert(0, ("template.yaml".to_owned(), template.to_owned()));
            files
        }
        _ => example(example_of.text),
    }
}

/// The files with marks around the places of findings.
fn marked(files: &Memory, sources: &Sources, found: &[Diagnostic]) -> Memory {
    let mark = |(path, text): &(String, String)| {
        let id = sources.iter().find(|(_, source)| &*source.path == path).map(|(id, _)| id);
        let mut marks = Vec::new();
        for finding in found {
            let related = finding.related.iter().map(|label| (label.span, RELATED));
            let all = std::iter::once((finding.primary.span, PRIMARY)).chain(related);
            for (span, [open, close]) in all.filter(|(span, _)| Some(span.source) == id) {
                // of places that begin or end alike the longer one is outside; an empty place is closed last
                let length = span.end - span.start;
                marks.push((span.start, u32::from(length > 0), u32::MAX - length, open));
                marks.push((span.end, if length > 0 { 0 } else { 2 }, length, close));
            }
        }
        marks.sort_unstable();
        marks.dedup();
        let mut text = text.clone();
        for (at, _, _, sign) in marks.into_iter().rev() {
            text.insert(at as usize, sign);
        }
        (path.clone(), text)
    };
    Memory(files.0.iter().map(mark).collect())
}

fn without_marks(files: &Memory) -> Memory {
    let is_mark = |sign: char| PRIMARY.contains(&sign) || RELATED.contains(&sign);
    let strip = |text: &String| text.chars().filter(|sign| !is_mark(*sign)).collect();
    Memory(files.0.iter().map(|(path, text)| (path.clone(), strip(text))).collect())
}

/// The example with its findings marked.
fn shown(example: &Example) -> Memory {
    let files = files(example);
    let (sources, found) = found(example, &files);
    marked(&files, &sources, &found)
}

#[test]
fn the_places_in_the_examples_are_what_people_have_read() {
    for example in examples() {
        let mut text = String::new();
        for (path, content) in shown(&example).0 {
            let _ = write!(text, "# file: {path}\n{content}");
        }
        assert!(text.contains(PRIMARY[0]), "{}: {text}", example.id);
        matches_snapshot(&format!("places/{}", example.id), &text);
    }
}

/// Something done to the text around the marks.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Change {
    /// Lines end with CRLF.
    CarriageReturns,
    /// The text starts with a byte order mark.
    ByteOrderMark,
    /// Comments and blank lines in front of the lines that are not indented.
    Comments,
    /// Blanks and a comment behind the first line.
    CommentBehind,
    /// A sound entity in front.
    DocumentBefore,
    /// A sound entity behind.
    DocumentBehind,
}

const OTHER: &str = "# ä🚀\napiVersion: backstage.io/v1alpha1\nkind: Group\nmetadata: {name: NAME, title: \"ö🚀\"}\nspec: {type: team, children: [], profile: {email: a@b}}\n";

pub(crate) fn changed(rule: &RuleId, path: &str, text: &str, change: Change) -> String {
    // what is no YAML may swallow what follows it
    let is_entity =
        rule.as_str() != "yaml-syntax" && !path.starts_with("policies/") && text.contains("kind:");
    // no other is named like it: each one adds a document
    let number = text.matches("ä🚀").count();
    let other = OTHER.replace("NAME", &format!("{}-{number}", path.replace(['/', '.'], "-")));
    match change {
        Change::CarriageReturns if !text.contains('\r') => text.replace('\n', "\r\n"),
        Change::ByteOrderMark if !text.starts_with('\u{feff}') => format!("\u{feff}{text}"),
        Change::Comments => {
            let line = |line: &str| {
                let is_outer = line.starts_with(|first: char| first.is_ascii_alphabetic() || first == '«');
                if is_outer { format!("# é\n\n{line}") } else { line.to_owned() }
            };
            text.split_inclusive('\n').map(line).collect()
        }
        Change::CommentBehind if is_entity && !text.starts_with(['%', '#']) => {
            let (first, rest) = text.split_once('\n').unwrap();
            let first = first.trim_end_matches('\r');
            if first.contains(['#', '|', '[']) { text.to_owned() } else { format!("{first}   # ü\n{rest}") }
        }
        // which tells a file at its first entity
        Change::DocumentBefore if rule.as_str() == "unreached-file" => text.to_owned(),
        Change::DocumentBefore if is_entity => format!("{other}...\n{text}"),
        Change::DocumentBehind if is_entity => {
            format!("{}\n---\n{other}", text.trim_end_matches(['\r', '\n']))
        }
        _ => text.to_owned(),
    }
}

pub(crate) fn change() -> impl Strategy<Value = Change> {
    prop_oneof![
        Just(Change::CarriageReturns),
        Just(Change::ByteOrderMark),
        Just(Change::Comments),
        Just(Change::CommentBehind),
        Just(Change::DocumentBefore),
        Just(Change::DocumentBehind),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 600, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn each_place_is_the_offending_node_whatever_is_around_it(
        at in any::<prop::sample::Index>(),
        changes in prop::collection::vec(change(), 1..5),
    ) {
        let examples = examples();
        let example = at.get(&examples);
        let mut expected = shown(example);
        // a byte order mark comes last: it is one only at the start
        let (marks, others): (Vec<Change>, Vec<Change>) =
            changes.into_iter().partition(|change| matches!(change, Change::ByteOrderMark));
        for change in others.into_iter().chain(marks) {
            for (path, text) in &mut expected.0 {
                *text = changed(&example.id, path, text, change);
            }
        }
        let files = without_marks(&expected);
        let (sources, found) = found(example, &files);
        prop_assert_eq!(marked(&files, &sources, &found).0, expected.0, "{}", example.id);
    }
}
