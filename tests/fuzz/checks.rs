//! What has to hold for every input: used by the fuzz targets and by the ordinary tests.

use platform::source::SourceId;
use platform::yaml::{self, Node, edit};
use serde_json::json;

/// Both readers make the same of a text, every place is in it, and every value can be walked.
pub fn read(text: &str) {
    let (tree, found) = yaml::parse(SourceId(0), text);
    let (full, found_in_full) = yaml::parse_in_full(SourceId(0), text);
    assert_eq!(found, found_in_full);
    for diagnostic in &found {
        assert!(text.get(diagnostic.primary.span.range()).is_some(), "{diagnostic:?}");
    }
    assert_eq!(tree.documents(text).count(), full.documents(text).count());
    for (document, full) in tree.documents(text).zip(full.documents(text)) {
        assert_eq!(document.is_broken(), full.is_broken());
        match (document.root(), full.root()) {
            (Some(root), Some(full)) => same(text, root, full),
            (root, full) => assert_eq!(root.is_some(), full.is_some()),
        }
    }
}

fn same(text: &str, fast: Node<'_>, full: Node<'_>) {
    assert_eq!((fast.kind(), fast.span(), fast.as_str()), (full.kind(), full.span(), full.as_str()));
    assert!(text.get(fast.span().range()).is_some());
    if fast.is_alias() {
        return;
    }
    let (fast, full) = (inner(fast), inner(full));
    assert_eq!(fast.len(), full.len());
    for (fast, full) in fast.into_iter().zip(full) {
        same(text, fast, full);
    }
}

/// Keys, values and items in order.
fn inner(node: Node<'_>) -> Vec<Node<'_>> {
    node.entries().flat_map(|(key, value)| [key, value]).chain(node.items()).collect()
}

/// An edit says no or makes a document with exactly that change.
pub fn change(text: &str) {
    let (tree, _) = yaml::parse(SourceId(0), text);
    let Some(document) = tree.documents(text).next() else { return };
    let Some(root) = document.root().filter(|_| !document.is_broken()) else { return };
    let key = root.entries().filter_map(|(key, _)| Some(key.as_str()?.into_owned())).last();
    let key = key.unwrap_or_default().replace('~', "~0").replace('/', "~1");
    for value in [json!("x: y"), json!("one\ntwo\n"), json!({"a": ["b", {"c": null}]})] {
        for pointer in [format!("/{key}"), format!("/{key}/added"), "/added".to_owned()] {
            if let Ok(edits) = edit::set(&document, &pointer, &value) {
                let after = edit::apply(text, &edits);
                let (tree, _) = yaml::parse(SourceId(0), &after);
                let root = tree.documents(&after).next().and_then(|document| document.root());
                assert_eq!(
                    root.and_then(|root| root.pointer(&pointer)).map(Node::to_json),
                    Some(value.clone())
                );
            }
        }
    }
    if let Ok(edits) = edit::remove(&document, &format!("/{key}")) {
        read(&edit::apply(text, &edits));
    }
}
