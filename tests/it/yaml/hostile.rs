//! Texts that somebody made to hurt: each is read, or refused with a word, in bounded time and memory.

use platform::diagnostic::{Diagnostic, RuleId};
use platform::source::SourceId;
use platform::yaml::{self, ALIAS, LIMIT, Node, SYNTAX};
use serde_json::Value;

fn read(text: &str) -> (usize, Vec<Diagnostic>) {
    let (tree, found) = yaml::parse(SourceId(0), text);
    let sound =
        tree.documents(text).filter(|document| !document.is_broken()).filter_map(|document| document.root());
    // To walk the value is part of reading it.
    let values: Vec<Value> = sound.map(Node::to_json).collect();
    (values.len(), found)
}

/// Every document is refused for `rule`.
fn check_refused(text: &str, rule: &RuleId) {
    let start: String = text.chars().take(40).collect();
    let (sound, found) = read(text);
    assert_eq!(sound, 0, "{start}");
    assert!(found.iter().any(|found| found.rule == *rule), "{start}: {found:?}");
}

#[test]
fn deep_nesting_is_refused_and_overflows_nothing() {
    for opener in ["[", "{a: ", "- ", "? ", "{? ", "[{a: ["] {
        check_refused(&opener.repeat(10_000), &LIMIT);
    }
    let steps: Vec<String> = (0..2_000).map(|depth| format!("{}a:\n", " ".repeat(depth))).collect();
    check_refused(&steps.concat(), &LIMIT);
    let closed = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
    check_refused(&closed, &LIMIT);
}

#[test]
fn as_deep_as_allowed_is_read() {
    let brackets = format!("{}{}", "[".repeat(250), "]".repeat(250));
    assert_eq!(read(&brackets), (1, Vec::new()));
    let both = format!("{}{brackets}\n", "- ".repeat(250));
    assert_eq!(read(&both), (1, Vec::new()));
}

#[test]
fn aliases_expand_neither_in_memory_nor_forever() {
    let level = |level: usize| {
        let inner = vec![format!("*a{}", level - 1); 10].join(", ");
        format!("a{level}: &a{level} [{inner}]\n")
    };
    let laughs: String = std::iter::once("a0: &a0 [lol]\n".to_owned()).chain((1..20).map(level)).collect();
    check_refused(&laughs, &ALIAS);
    // npm yaml counts scalars: a bomb of empty lists gets past it, and past memory in JSON.
    check_refused(&laughs.replace("lol", ""), &ALIAS);
    let list = vec!["x"; 20_000].join(", ");
    let aliases = vec!["*a"; 20_000].join(", ");
    check_refused(&format!("a: &a [{list}]\nb: [{aliases}]\n"), &ALIAS);
    check_refused("a: &a\n  b: *a\n", &ALIAS);
    let chain: Vec<String> = (1..2000).map(|at| format!("a{at}: &a{at} [*a{}]\n", at - 1)).collect();
    check_refused(&format!("a0: &a0 []\n{}", chain.concat()), &ALIAS);
}

#[test]
fn a_hundred_aliases_are_the_limit() {
    let text = |uses: usize| format!("a: &a x\nb: [{}]\n", vec!["*a"; uses].join(", "));
    assert_eq!(read(&text(99)), (1, Vec::new()));
    check_refused(&text(100), &ALIAS);
}

#[test]
fn long_scalars_are_read() {
    let styles = [("a: ", "", 5), ("a: \"", "\"", 100), ("a: |\n  ", "\n", 5), ("a: !!str '", "'", 5)];
    for (before, after, megabytes) in styles {
        let long = "x".repeat(megabytes * 1_000_000);
        let text = format!("{before}{long}{after}");
        let (tree, found) = yaml::parse(SourceId(0), &text);
        assert_eq!(found, []);
        let root = tree.documents(&text).next().unwrap().root().unwrap();
        let value = root.get("a").unwrap().as_str().unwrap();
        assert_eq!(value.trim_end().len(), long.len());
    }
}

#[test]
fn many_documents_keys_and_findings_are_counted() {
    assert_eq!(read(&"---\na: 1\n".repeat(319)).0, 319);
    assert_eq!(read(&"--- # c\n".repeat(100_000)).0, 100_000);
    let wide: Vec<String> = (0..50_000).map(|key| format!("k{key}: 1\n")).collect();
    assert_eq!(read(&wide.concat()), (1, Vec::new()));
    let (sound, found) = read(&"a: 1\n".repeat(20_000));
    assert_eq!((sound, found.len()), (0, 1000));
    let (sound, found) = read(&"---\na: [\n".repeat(5000));
    assert_eq!((sound, found.len()), (0, 1000));
}

#[test]
fn odd_bytes_are_read_or_refused() {
    assert_eq!(read("\u{feff}a: 1\r\nb: |\r\n  x\r\n").0, 1);
    for text in ["a: \0", "\0", "a: \u{7}", "a: 1\rb: 2", "\u{fffe}"] {
        check_refused(text, &SYNTAX);
    }
    for text in ["\u{feff}", "", "\n\n", "#", "# only\n# comments"] {
        assert_eq!(read(text), (0, Vec::new()), "{text:?}");
    }
}

#[test]
fn bytes_that_are_no_text_have_a_place() {
    let found = yaml::decode_utf8(SourceId(0), b"a: \xff\n").unwrap_err();
    assert_eq!(found.primary.span.start, 3);
    assert_eq!(found.rule, yaml::ENCODING);
    assert_eq!(yaml::decode_utf8(SourceId(0), "ä".as_bytes()).unwrap(), "ä");
}
