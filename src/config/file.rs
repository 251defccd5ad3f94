//! A configuration file as values with places. What is wrong in it is told with its place.

use std::collections::BTreeMap;

use super::settings::{Origin, Value};
use super::table::{ROWS, Row, Shape, row};
use crate::diagnostic::{Applicability, Diagnostic, RuleId, did_you_mean};
use crate::source::{LineIndex, SourceId};
use crate::yaml::{self, Kind, Node};

/// Which file a setting stands in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Layer {
    /// `platform.yaml` in the repository.
    Repository,
    /// The user's own file.
    User,
}

const RULE: RuleId = RuleId::new("configuration");

/// The values of a file by key, and what is wrong in it.
pub fn read_layer(
    layer: Layer,
    source: SourceId,
    path: &str,
    text: &str,
) -> (BTreeMap<String, Value>, Vec<Diagnostic>) {
    let (tree, mut findings) = yaml::parse(source, text);
    let mut reader = Reader {
        layer,
        path,
        text,
        lines: LineIndex::new(text),
        values: BTreeMap::new(),
        findings: Vec::new(),
    };
    for document in tree.documents(text) {
        if let Some(root) = document.root() {
            reader.mapping("", root);
        }
    }
    findings.append(&mut reader.findings);
    (reader.values, findings)
}

struct Reader<'a> {
    layer: Layer,
    path: &'a str,
    text: &'a str,
    lines: LineIndex,
    values: BTreeMap<String, Value>,
    findings: Vec<Diagnostic>,
}

impl Reader<'_> {
    fn mapping(&mut self, prefix: &str, node: Node<'_>) {
        if node.kind() == Kind::Null {
            return;
        }
        if node.kind() != Kind::Mapping {
            let what = if prefix.is_empty() { "the configuration" } else { prefix };
            self.findings.push(Diagnostic::error(RULE, node.span(), format!("{what} must be a mapping")));
            return;
        }
        for (key, value) in node.entries() {
            let name = key.as_str().unwrap_or_default();
            let path = if prefix.is_empty() { name.into_owned() } else { format!("{prefix}.{name}") };
            match row(&path) {
                Some(row) => self.setting(row, &path, key, value),
                None if ROWS.iter().any(|row| row.key.starts_with(&format!("{path}."))) => {
                    self.mapping(&path, value);
                }
                None => self.unknown(&path, prefix, key),
            }
        }
    }

    fn setting(&mut self, row: &Row, path: &str, key: Node<'_>, node: Node<'_>) {
        if !row.layers.contains(&self.layer) {
            self.findings.push(misplaced(row, path, key));
            return;
        }
        let value = node.to_json();
        if let Some(expected) = mismatch(row.shape, &value) {
            let finding = Diagnostic::error(RULE, node.span(), format!("{path} must be {expected}"));
            self.findings.push(finding.note(row.about));
            return;
        }
        let line = self.lines.position(self.text, key.span().start).line;
        let origin = Origin::File { path: self.path.to_owned(), line };
        self.values.insert(path.to_owned(), Value { value, origin });
    }

    fn unknown(&mut self, path: &str, prefix: &str, key: Node<'_>) {
        let below = if prefix.is_empty() { String::new() } else { format!("{prefix}.") };
        let names: Vec<&str> = ROWS
            .iter()
            .filter_map(|row| row.key.strip_prefix(&below)?.split('.').next())
            .filter(|name| *name != "*")
            .collect();
        let mut finding = Diagnostic::error(RULE, key.span(), format!("unknown setting `{path}`"));
        let name = key.as_str().unwrap_or_default();
        finding = match did_you_mean(&name, names.iter().copied()) {
            Some(meant) => {
                finding.fix(Applicability::Guess, format!("did you mean `{meant}`?"), key.span(), meant)
            }
            None => finding.help("`platform config show` lists every setting"),
        };
        self.findings.push(finding);
    }
}

fn misplaced(row: &Row, path: &str, key: Node<'_>) -> Diagnostic {
    let finding = Diagnostic::error(RULE, key.span(), format!("{path} cannot be set in this file"));
    if row.layers.contains(&Layer::User) {
        let variable = row.variable.map(|name| format!(", or set {name}")).unwrap_or_default();
        finding
            .note("it decides where a token goes or what runs on your machine, so the repository may not set it")
            .help(format!("write it into your own configuration file{variable}"))
    } else {
        finding.help("it belongs to the repository: write it into platform.yaml")
    }
}

/// What a value should have been, if it is not.
pub(super) fn mismatch(shape: Shape, value: &serde_json::Value) -> Option<String> {
    let fits = match shape {
        Shape::Text => value.as_str().is_some_and(|text| !text.is_empty()),
        Shape::List => value.as_array().is_some_and(|items| items.iter().all(serde_json::Value::is_string)),
        Shape::Choice(words) => value.as_str().is_some_and(|text| words.contains(&text)),
        Shape::Free => true,
    };
    let expected = || match shape {
        Shape::Text => "a text".to_owned(),
        Shape::List => "a list of texts".to_owned(),
        Shape::Choice(words) => format!("one of {}", words.join(", ")),
        Shape::Free => String::new(),
    };
    (!fits).then(expected)
}
