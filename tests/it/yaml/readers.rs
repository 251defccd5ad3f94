//! The fast reader against the full one: the same tree, node by node, or none.

use platform::source::SourceId;
use platform::yaml::{self, Node};

use super::corpus;
use super::mutants::{self, Mutants};

fn check_node(text: &str, fast: Node<'_>, full: Node<'_>) {
    assert_eq!(fast.kind(), full.kind(), "{:?} of {text:?}", fast.span());
    assert_eq!(fast.span(), full.span(), "{:?} of {text:?}", fast.to_json());
    assert_eq!(fast.is_alias(), full.is_alias());
    assert_eq!(fast.as_str(), full.as_str(), "{:?} of {text:?}", fast.span());
    let inner =
        |node: Node<'_>| node.entries().flat_map(|(key, value)| [key, value]).chain(node.items()).count();
    assert_eq!(inner(fast), inner(full), "{:?} of {text:?}", fast.span());
    for ((fast_key, fast), (full_key, full)) in fast.entries().zip(full.entries()) {
        check_node(text, fast_key, full_key);
        check_node(text, fast, full);
    }
    for (fast, full) in fast.items().zip(full.items()) {
        check_node(text, fast, full);
    }
}

/// Whether the fast reader took the text.
fn check(text: &str) -> bool {
    if !yaml::is_plain(text) {
        return false;
    }
    let (fast, _) = yaml::parse(SourceId(0), text);
    let (full, diagnostics) = yaml::parse_in_full(SourceId(0), text);
    assert_eq!(diagnostics, [], "{text:?}");
    assert_eq!(fast.documents(text).count(), full.documents(text).count(), "{text:?}");
    for (fast, full) in fast.documents(text).zip(full.documents(text)) {
        assert_eq!(fast.is_broken(), full.is_broken(), "{text:?}");
        let (fast, full) = (fast.root().unwrap(), full.root().unwrap());
        check_node(text, fast, full);
        assert_eq!(fast.to_json(), full.to_json(), "{text:?}");
    }
    true
}

/// The texts, and the same with the line breaks of Windows.
fn with_both_breaks(mut texts: Vec<String>) -> Vec<String> {
    let others: Vec<String> =
        texts.iter().filter(|text| !text.contains('\r')).map(|text| text.replace('\n', "\r\n")).collect();
    texts.extend(others);
    texts
}

#[test]
fn files_read_alike() {
    let mut texts = corpus::own();
    texts.extend(corpus::semantic_cases());
    texts.extend(corpus::real());
    let texts = with_both_breaks(texts);
    let taken = texts.iter().filter(|text| check(text)).count();
    eprintln!("the fast reader took {taken} of {} texts", texts.len());
    assert!(taken > 0);
}

#[test]
fn generated_catalogs_read_alike_and_fast() {
    let texts = with_both_breaks((0..300).map(corpus::generated).collect());
    assert!(texts.iter().all(|text| check(text)), "an ordinary entity takes the short way");
    let together = texts.join("---\n");
    assert!(check(&together));
}

#[test]
fn mutants_read_alike() {
    let mut texts = corpus::own();
    texts.extend(corpus::semantic_cases());
    texts.extend((0..300).map(corpus::generated));
    texts.extend(corpus::real());
    let texts = with_both_breaks(texts);
    let count = mutants::count(10_000);
    let taken = Mutants::new(&texts, 4).take(count).filter(|text| check(text)).count();
    eprintln!("the fast reader took {taken} of {count} mutants");
    assert!(taken * 20 > count, "too few mutants are plain enough to compare anything");
}
