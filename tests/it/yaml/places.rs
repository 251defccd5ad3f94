//! Places are exact: the text of a node, read alone, is that node.

use platform::source::{SourceId, Span};
use platform::yaml::{self, Kind, Node};

use super::corpus;
use super::mutants::{self, Mutants};

/// The text of a node so that it can stand alone: in the column it had, without its surroundings.
fn alone(text: &str, span: Span) -> String {
    let start = span.start as usize;
    let line = text[..start].rfind('\n').map_or(0, |newline| newline + 1);
    let written = &text[span.range()];
    let is_block = written.starts_with(['|', '>']);
    // A block scalar is indented against its parent, which is no longer there.
    let before = if is_block {
        String::new()
    } else {
        " ".repeat(text[line..start].trim_start_matches('\u{feff}').chars().count())
    };
    format!("{before}{written}\n")
}

fn check_node(text: &str, node: Node<'_>, readable: bool) {
    let span = node.span();
    assert!(span.start <= span.end && text.get(span.range()).is_some(), "{span:?} of {text:?}");
    let inner = || node.entries().flat_map(|(key, value)| [key, value]).chain(node.items());
    if node.is_alias() {
        assert!(text[span.range()].starts_with('*'), "{span:?} of {text:?}");
        return;
    }
    for child in inner() {
        let place = child.span();
        assert!(
            span.start <= place.start && place.end <= span.end,
            "{place:?} is inside {span:?} of {text:?}"
        );
        check_node(text, child, readable && !is_single_pair(text, node, child));
    }
    let children: Vec<Span> = inner().map(Node::span).collect();
    assert!(children.windows(2).all(|pair| pair[0].end <= pair[1].start), "{children:?} of {text:?}");
    if readable {
        check_alone(text, node);
    }
}

/// Whether a node is a pair in brackets without braces, which alone would be a block.
fn is_single_pair(text: &str, parent: Node<'_>, node: Node<'_>) -> bool {
    let starts = |node: Node<'_>, sign| text[node.span().range()].starts_with(sign);
    node.kind() == Kind::Mapping && starts(parent, '[') && !starts(node, '{')
}

fn check_alone(text: &str, node: Node<'_>) {
    let written = &text[node.span().range()];
    let explicit = written.starts_with(['|', '>'])
        && written[1..].starts_with(|c: char| c.is_ascii_digit() || matches!(c, '+' | '-'));
    let misread = written.contains('?')
        || written.starts_with(':')
        || written.ends_with(':')
        || matches!(written, "-" | "..." | "---");
    // Reading large ones again and again shows nothing new.
    if written.is_empty() || written.len() > 1000 || explicit || misread {
        return;
    }
    let alone = alone(text, node.span());
    let (tree, found) = yaml::parse(SourceId(0), &alone);
    let again = tree.documents(&alone).next().and_then(|document| document.root()).map(Node::to_json);
    assert_eq!(again, Some(node.to_json()), "{alone:?} of {text:?}: {found:?}");
}

fn check(text: &str) {
    let (tree, found) = yaml::parse(SourceId(0), text);
    for diagnostic in &found {
        let places = diagnostic.related.iter().chain([&diagnostic.primary]);
        assert!(
            places.into_iter().all(|label| text.get(label.span.range()).is_some()),
            "{diagnostic:?} of {text:?}"
        );
    }
    // Aliases need their anchor, and what a tag makes of a value is not in its text.
    // Nor is it clear whether blanks at the very end belong to a block scalar.
    let readable = !text.contains(['*', '!', '&', '%']) && !text.ends_with(' ');
    for document in tree.documents(text).filter(|document| !document.is_broken()) {
        check_node(text, document.root().unwrap(), readable);
    }
}

#[test]
fn each_place_holds_its_node() {
    let mut texts = corpus::own();
    texts.extend(corpus::semantic_cases());
    texts.extend(corpus::real().into_iter().filter(|text| text.len() < 20_000));
    for text in &texts {
        check(text);
    }
    for text in Mutants::new(&texts, 2).take(mutants::count(2000)) {
        check(&text);
    }
}
