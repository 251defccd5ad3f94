//! Edits do what they say and nothing else, on real files.

use platform::source::SourceId;
use platform::yaml::{self, Kind, Node, edit};
use serde_json::{Value, json};

use super::corpus;
use super::mutants::Random;

/// All places in a value, as JSON pointers.
fn pointers(node: Node<'_>, pointer: &str, found: &mut Vec<String>) {
    found.push(pointer.to_owned());
    if node.is_alias() || found.len() > 500 {
        return;
    }
    for (key, value) in node.entries() {
        let Some(key) = key.as_str() else { continue };
        let key = key.replace('~', "~0").replace('/', "~1");
        pointers(value, &format!("{pointer}/{key}"), found);
    }
    for (index, item) in node.items().enumerate() {
        pointers(item, &format!("{pointer}/{index}"), found);
    }
}

fn values() -> Vec<Value> {
    vec![
        json!("plain"),
        json!("needs: quotes # here"),
        json!("yes"),
        json!("1.0"),
        json!(""),
        json!(" blanks "),
        json!("it's \"both\""),
        json!("tab\tand\u{7}bell"),
        json!("- item"),
        json!("[not, a, list]"),
        json!("one\ntwo\n"),
        json!("one\n\n  two"),
        json!("one\ntwo\n\n"),
        json!("\nleading"),
        json!(42),
        json!(-1.5e300),
        json!(true),
        json!(null),
        json!([]),
        json!({}),
        json!(["a", ["b"], {"c": {"d": []}, "e f": "g"}]),
        json!({"a": {"b": ["x", {"y": 1, "z": "p\nq\n"}]}, "c: d": null}),
    ]
}

/// Comments that start a line, in order.
fn comments(text: &str) -> Vec<&str> {
    text.lines().filter(|line| line.starts_with('#')).collect()
}

#[derive(Default)]
struct Tally {
    done: usize,
    refused: usize,
}

fn check(text: &str, random: &mut Random, tally: &mut Tally) {
    let (tree, _) = yaml::parse(SourceId(0), text);
    let Some(document) = tree.documents(text).find(|document| !document.is_broken()) else { return };
    let Some(root) = document.root().filter(|root| root.kind() == Kind::Mapping) else { return };
    let mut places = Vec::new();
    pointers(root, "", &mut places);
    let values = values();
    for _ in 0..4 {
        let pointer = &places[random.below(places.len())];
        let value = &values[random.below(values.len())];
        let (what, edits) = match random.below(4) {
            0 => ("set", edit::set(&document, pointer, value)),
            1 => ("add", edit::set(&document, &format!("{pointer}/brand new"), value)),
            2 if !pointer.is_empty() => ("remove", edit::remove(&document, pointer)),
            _ => ("append", edit::append(&document, pointer, value)),
        };
        let is_collection =
            matches!(root.pointer(pointer).map(Node::kind), Some(Kind::Mapping | Kind::Sequence));
        let Ok(edits) = edits else {
            // A scalar takes no new key and no item.
            tally.refused += usize::from(
                what == "set"
                    || what == "remove"
                    || (what == "add"
                        && is_collection
                        && root.pointer(pointer).map(Node::kind) == Some(Kind::Mapping)),
            );
            continue;
        };
        tally.done += 1;
        let after = edit::apply(text, &edits);
        let (tree, found) = yaml::parse(SourceId(0), &after);
        let again = tree.documents(&after).nth(document.index()).unwrap();
        assert!(!again.is_broken(), "{what} {pointer} {value}: {found:?}\n{after}");
        check_value(root, again.root().unwrap(), what, pointer, value);
        check_bytes(text, &after, &edits, what);
    }
}

fn check_value(before: Node<'_>, after: Node<'_>, what: &str, pointer: &str, value: &Value) {
    let expected = match what {
        "set" | "add" => value.clone(),
        "append" => match before.pointer(pointer).unwrap().to_json() {
            Value::Array(mut items) => {
                items.push(value.clone());
                Value::Array(items)
            }
            _ => json!([value]),
        },
        _ => {
            // The rest of the document is compared by the edit itself; here, that it is gone.
            let (parent, _) = pointer.rsplit_once('/').unwrap();
            let count = |node: Node<'_>| {
                node.pointer(parent).map(|node| node.entries().count() + node.items().count())
            };
            assert_eq!(count(after).map(|count| count + 1), count(before), "remove {pointer}");
            return;
        }
    };
    let place = if what == "add" { format!("{pointer}/brand new") } else { pointer.to_owned() };
    assert_eq!(after.pointer(&place).map(Node::to_json), Some(expected), "{what} {pointer} {value}");
}

/// What is outside the edits is there, byte for byte, and comments at the left edge stay unless they
/// are inside what is replaced.
fn check_bytes(before: &str, after: &str, edits: &[platform::diagnostic::Edit], what: &str) {
    let removed: usize = edits.iter().map(|edit| edit.span.range().len()).sum();
    let added: usize = edits.iter().map(|edit| edit.replacement.len()).sum();
    assert_eq!(before.len() - removed + added, after.len());
    if what == "add" || what == "append" {
        let blank = |edit: &platform::diagnostic::Edit| {
            before[edit.span.range()]
                .trim()
                .trim_matches(['~', '[', ']', '{', '}'])
                .trim_matches(|c: char| c.is_alphabetic())
                .is_empty()
        };
        assert!(edits.iter().all(blank), "{edits:?} remove more than nothing");
        assert_eq!(comments(before), comments(after));
    }
}

#[test]
fn real_files_keep_their_bytes() {
    let mut texts = corpus::own();
    texts.extend(corpus::real().into_iter().filter(|text| text.len() < 20_000));
    let (mut random, mut tally) = (Random::new(3), Tally::default());
    for text in &texts {
        check(text, &mut random, &mut tally);
        check(&text.replace("\r\n", "\n").replace('\n', "\r\n"), &mut random, &mut tally);
    }
    eprintln!("{} edits made, {} refused", tally.done, tally.refused);
    assert!(tally.refused * 50 < tally.done, "{} of {} edits are refused", tally.refused, tally.done);
}
