//! What has to hold for every input: used by the fuzz targets and by the ordinary tests.

use platform::catalog::Reading;
use platform::clock::Timestamp;
use platform::diagnostic::Diagnostic;
use platform::entity::{Entity, EntityRef, reference_parts};
use platform::rules::{self, Ingest, Settings, Surroundings};
use platform::source::{SourceId, Sources, Span};
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

/// A file of entities gives findings with sound places whatever is in it, and entities whose places are
/// those of their kinds and names.
pub fn decode(text: &str) {
    let mut sources = Sources::default();
    let source = sources.add("catalog-info.yaml", Some(text.into()));
    let mut ingest = Ingest::default();
    ingest.add(rules::read(source, "catalog-info.yaml", text, &Reading::default()));
    let settings = Settings { is_whole_catalog: true, ..Settings::default() };
    let around = Surroundings {
        paths: None,
        settings: &settings,
        policies: &[],
        is_judged: &|_, _| true,
        elsewhere: &|_| Vec::new(),
        now: Timestamp(1_800_000_000),
    };
    let outcome = ingest.finish(sources, &around);
    for finding in &outcome.findings {
        assert!(spans(finding).all(|span| text.get(span.range()).is_some()), "{finding:?}");
        assert!(!finding.message.is_empty() && !finding.message.contains('\n'), "{finding:?}");
    }
    for entity in outcome.catalog.entities() {
        sound(text, entity);
    }
}

/// All places of a finding.
fn spans(finding: &Diagnostic) -> impl Iterator<Item = Span> {
    let edits = finding.suggestions.iter().flat_map(|suggestion| &suggestion.edits).map(|edit| edit.span);
    let related = finding.related.iter().map(|label| label.span);
    std::iter::once(finding.primary.span).chain(related).chain(edits)
}

fn sound(text: &str, entity: &Entity) {
    let within = |span: Span| {
        entity.span.start <= span.start && span.end <= entity.span.end && text.get(span.range()).is_some()
    };
    assert!(text.get(entity.span.range()).is_some(), "{entity:?}");
    assert!(within(entity.kind_span) && within(entity.name_span), "{entity:?}");
    for reference in &entity.references {
        assert!(within(reference.span), "{entity:?}");
        round_trip(&reference.target);
    }
    round_trip(&entity.reference);
}

/// A reference that was written out reads as the same one.
fn round_trip(reference: &EntityRef) {
    let kind = reference.kind();
    // an entity may be of any kind and namespace, also of one that no reference can name
    if kind.contains([':', '/']) || reference.namespace().contains('/') {
        return;
    }
    assert_eq!(EntityRef::parse(reference.as_str(), None, "other").as_ref(), Ok(reference));
    assert_eq!(EntityRef::parse(&reference.short(), None, "default").as_ref(), Ok(reference));
}

/// A reference is taken apart without loss, and is the same when it is read again.
pub fn reference(text: &str) {
    if let Ok((kind, namespace, name)) = reference_parts(text) {
        let kind = kind.map(|kind| format!("{kind}:")).unwrap_or_default();
        let namespace = namespace.map(|namespace| format!("{namespace}/")).unwrap_or_default();
        assert_eq!(format!("{kind}{namespace}{name}"), text);
    }
    for kind in [None, Some("Group"), Some("")] {
        for namespace in ["default", "own", ""] {
            let Ok(reference) = EntityRef::parse(text, kind, namespace) else { continue };
            assert!(![reference.kind(), reference.namespace(), reference.name()].contains(&""), "{text:?}");
            round_trip(&reference);
        }
    }
}
