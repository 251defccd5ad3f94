#![expect(clippy::needless_pass_by_value, reason = "`json!` in place reads better without a reference")]

use serde_json::{Value, json};

use super::{append, apply, remove, rename_key, set};
use crate::diagnostic::Edit;
use crate::source::SourceId;
use crate::yaml::{Document, parse};

fn check(
    text: &str,
    change: impl FnOnce(&Document<'_>) -> Result<Vec<Edit>, super::Refusal>,
    expected: Result<&str, &str>,
) {
    let (tree, diagnostics) = parse(SourceId(0), text);
    assert_eq!(diagnostics, [], "{text}");
    let document = tree.documents(text).last().unwrap();
    let changed = change(&document).map(|edits| apply(text, &edits)).map_err(|refusal| refusal.to_string());
    assert_eq!(changed.as_deref().map_err(String::as_str), expected, "{text}");
}

fn check_set(text: &str, pointer: &str, value: Value, expected: &str) {
    check(text, |document| set(document, pointer, &value), Ok(expected));
}

fn check_remove(text: &str, pointer: &str, expected: &str) {
    check(text, |document| remove(document, pointer), Ok(expected));
}

fn check_append(text: &str, pointer: &str, value: Value, expected: &str) {
    check(text, |document| append(document, pointer, &value), Ok(expected));
}

#[test]
fn scalars_keep_their_quotes_and_comments() {
    check_set("a: b # c\n", "/a", json!("d"), "a: d # c\n");
    check_set("a: 'b' # c\n", "/a", json!("it's"), "a: 'it''s' # c\n");
    check_set("a: \"b\"\n", "/a", json!("d"), "a: \"d\"\n");
    check_set("a: b\n", "/a", json!("42"), "a: \"42\"\n");
    check_set("a: b\n", "/a", json!("say \"hi\": x"), "a: 'say \"hi\": x'\n");
    check_set("a: b\n", "/a", json!(1.5), "a: 1.5\n");
    check_set("a: b", "/a", json!(null), "a: null");
    check_set("a: [b, c]\n", "/a/1", json!("x, y"), "a: [b, \"x, y\"]\n");
    check_set("a:\nb: 1\n", "/a", json!("x"), "a: x\nb: 1\n");
    check_set("a: # c\nb: 1\n", "/a", json!("x"), "a: x # c\nb: 1\n");
    check_set("a: |\n  x\n  y\n\nb: 1\n", "/a", json!("z"), "a: z\n\nb: 1\n");
    check_set("a: one\n  two\nb: 1\n", "/a", json!("z"), "a: z\nb: 1\n");
    check_set("- a\n-\n", "/1", json!(true), "- a\n- true\n");
    check_set("a: &x 1\nb: *x\n", "/b", json!(2), "a: &x 1\nb: 2\n");
    check_set("--- 1\n--- 2\n", "", json!("x"), "--- 1\n--- x\n");
    check_set("{a, b: 1}\n", "/a", json!(2), "{a: 2, b: 1}\n");
}

#[test]
fn blocks_come_and_go() {
    check_set("a: b # c\nd: 1\n", "/a", json!({"x": 1}), "a: # c\n  x: 1\nd: 1\n");
    check_set("a:\n  b: 1\n  # c\n  d: 2 # e\nf: 1\n", "/a", json!("x"), "a: x\nf: 1\n");
    check_set(
        "a:\n    b: 1\nf: 1\n",
        "/a",
        json!({"x": {"y": [1, 2]}}),
        "a:\n    x:\n        y:\n            - 1\n            - 2\nf: 1\n",
    );
    check_set(
        "a:\n- b\nf: 1\n",
        "/a",
        json!(["x", {"k": 1, "l": [2]}]),
        "a:\n- x\n- k: 1\n  l:\n  - 2\nf: 1\n",
    );
    check_set("a:\n- b\nf: 1\n", "/a", json!({"x": 1}), "a:\n  x: 1\nf: 1\n");
    check_set("- a: 1\n  b: 2\n- c\n", "/0", json!("x"), "- x\n- c\n");
    check_set("- a: 1\n  b: 2\n- c\n", "/0", json!({"x": 1, "y": 2}), "- x: 1\n  y: 2\n- c\n");
    check_set("a:\r\n  b: 1\r\n", "/a", json!({"x": 1, "y": 2}), "a:\r\n  x: 1\r\n  y: 2\r\n");
    check_set("a: x\nb: 1\n", "/a", json!("one\ntwo\n"), "a: |\n  one\n  two\nb: 1\n");
    check_set("a: {}\n", "/a", json!({"x": 1}), "a:\n  x: 1\n");
    check_set("a: 1\n", "", json!({"x": 1, "y": [2]}), "x: 1\ny:\n  - 2\n");
}

#[test]
fn new_keys_come_last() {
    check_set("a: 1\n", "/b", json!("x"), "a: 1\nb: x\n");
    check_set("a: 1", "/b", json!("x"), "a: 1\nb: x");
    check_set("a:\n  b: 1 # c\n\nd: 2\n", "/a/x", json!([1]), "a:\n  b: 1 # c\n  x:\n    - 1\n\nd: 2\n");
    check_set("a:\n  b: |\n    text\n\nd: 2\n", "/a/x", json!(1), "a:\n  b: |\n    text\n  x: 1\n\nd: 2\n");
    check_set("a: {b: 1}\n", "/a/x", json!({"y": "z"}), "a: {b: 1, x: {y: z}}\n");
    check_set("a: {}\n", "/a/x", json!(1), "a: {x: 1}\n");
    check_set("a: [\n  b, # c\n]\n", "/a/-", json!("d"), "a: [\n  b, d # c\n]\n");
    check_set("a:\n", "/a/b/c", json!(1), "a:\n  b:\n    c: 1\n");
    check_set("- k: v\n- x\n", "/0/l", json!(1), "- k: v\n  l: 1\n- x\n");
    check_set("a:\r\n  b: 1\r\n", "/a/c", json!(2), "a:\r\n  b: 1\r\n  c: 2\r\n");
    check_set("a: 1\n", "/multi line", json!("x\ny"), "a: 1\nmulti line: |-\n  x\n  y\n");
    check_set("\u{feff}a: 1\n", "/b/c", json!("x"), "\u{feff}a: 1\nb:\n  c: x\n");
    check_set("a: 1\n...\n", "/b", json!(2), "a: 1\nb: 2\n...\n");
}

#[test]
fn items_are_appended() {
    check_append("a:\n- b\n# c\nd: 1\n", "/a", json!("x"), "a:\n- b\n- x\n# c\nd: 1\n");
    check_append("a:\n  - b: 1\n    c: 2\n", "/a", json!({"b": 2}), "a:\n  - b: 1\n    c: 2\n  - b: 2\n");
    check_append("a: [b]\n", "/a", json!("x"), "a: [b, x]\n");
    check_append("a: []\n", "/a", json!("x"), "a: [x]\n");
    check_append("a:\nb: 1\n", "/a", json!("x"), "a:\n  - x\nb: 1\n");
    check_append("b: 1\n", "/a", json!("x"), "b: 1\na:\n  - x\n");
    check("a: 1\n", |document| append(document, "/a", &json!(1)), Err("the value at `/a` is no list"));
}

#[test]
fn entries_and_items_go() {
    check_remove("a: 1\nb: 2 # c\nd: 3\n", "/b", "a: 1\nd: 3\n");
    check_remove("a: 1\nb:\n  c: 2\n", "/b", "a: 1\n");
    check_remove("a: 1\nb:\n  c: 2\n", "/b/c", "a: 1\nb: {}\n");
    check_remove("a:\n- b\n- c\n", "/a/0", "a:\n- c\n");
    check_remove("a:\n- b\n", "/a/0", "a: []\n");
    check_remove("- k: v # c\n  # d\n  l: w\n", "/0/k", "- # d\n  l: w\n");
    check_remove("- k: v\n  l: w\n", "/0/l", "- k: v\n");
    check_remove("a: {b: 1, c: 2}\n", "/a/b", "a: {c: 2}\n");
    check_remove("a: {b: 1, c: 2}\n", "/a/c", "a: {b: 1}\n");
    check_remove("a: [b]\n", "/a/0", "a: []\n");
    check_remove("a: |\n  x\n\nb: 1\n", "/a", "\nb: 1\n");
    check_remove("a: 1\nb: 2", "/b", "a: 1\n");
    check(
        "a: &x 1\nb: *x\n",
        |document| remove(document, "/a"),
        Err("the value is used elsewhere through an alias"),
    );
    check("a: 1\n", |document| remove(document, "/b"), Err("there is nothing at `/b`"));
}

#[test]
fn keys_are_renamed() {
    check("a: {'b': 1}\n", |document| rename_key(document, "/a/b", "c d"), Ok("a: {c d: 1}\n"));
    check(
        "a: &x {b: 1}\nc: *x\n",
        |document| set(document, "/c/b", &json!(1)),
        Err("the place is behind an alias, and a change there would show wherever the alias is used"),
    );
}
