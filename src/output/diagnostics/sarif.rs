//! Findings as SARIF 2.1.0 (OASIS Standard, with Errata 01), which code scanning of GitHub, GitLab,
//! Azure DevOps and editors read.
//!
//! Columns count Unicode code points (`columnKind`), and an end column is the one behind the last
//! character (3.30.8). Paths are relative to the root of the repository, percent-encoded (3.4.3).

use std::collections::BTreeMap;
use std::fmt::Write;

use serde::{Serialize, Serializer};
use serde_json::{Map, Value, json};

use super::{Findings, Places, fingerprint, whole_message};
use crate::diagnostic::{Applicability, Diagnostic, Edit, Label, Severity, Suggestion};
use crate::ops::explain::{self, Explained};
use crate::output::json::document;
use crate::source::Span;

/// What relative paths are relative to; its place on disk is left to the reader.
const ROOT: &str = "%SRCROOT%";

#[derive(Serialize)]
struct Log<'a> {
    #[serde(rename = "$schema")]
    schema: &'static str,
    version: &'static str,
    runs: [Run<'a>; 1],
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Run<'a> {
    tool: Value,
    column_kind: &'static str,
    original_uri_base_ids: Value,
    results: Results<'a>,
}

/// The results, made one by one while they are written: there may be very many.
struct Results<'a> {
    findings: &'a Findings<'a>,
    positions: BTreeMap<String, usize>,
}

impl Serialize for Results<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let findings = self.findings;
        let results = findings.sorted.iter().zip(fingerprint::all(findings));
        serializer.collect_seq(
            results.map(|(found, print)| result(&findings.places, &self.positions, found, &print)),
        )
    }
}

pub(super) fn written(findings: &Findings<'_>) -> String {
    let Table { rules, positions } = Table::of(findings);
    let driver = json!({
        "name": env!("CARGO_PKG_NAME"),
        "semanticVersion": env!("CARGO_PKG_VERSION"),
        "rules": rules,
    });
    let run = Run {
        tool: json!({ "driver": driver }),
        column_kind: "unicodeCodePoints",
        original_uri_base_ids: json!({ ROOT: { "description": { "text": "the root of the repository" } } }),
        results: Results { findings, positions },
    };
    document(&Log { schema: "https://json.schemastore.org/sarif-2.1.0.json", version: "2.1.0", runs: [run] })
}

/// The table of rules: those of the tool, then those that only findings know, such as policies.
struct Table {
    rules: Vec<Value>,
    positions: BTreeMap<String, usize>,
}

impl Table {
    fn of(findings: &Findings<'_>) -> Self {
        let mut table = Self { rules: Vec::new(), positions: BTreeMap::new() };
        for rule in explain::all(None) {
            table.add(&rule.id, described(&rule));
        }
        for found in &findings.sorted {
            let id = found.rule.as_str();
            if !table.positions.contains_key(id) {
                table.add(id, json!({ "id": id }));
            }
        }
        table
    }

    fn add(&mut self, id: &str, rule: Value) {
        self.positions.insert(id.to_owned(), self.rules.len());
        self.rules.push(rule);
    }
}

fn described(rule: &Explained) -> Value {
    let Explained { id, fix, why, .. } = rule;
    let text = format!("{why}\n\nFix: {fix}.\n\nplatform explain {id} shows examples.");
    let mut markdown = why.clone();
    for (title, example) in [("Wrong", &rule.bad), ("Right", &rule.good)] {
        if !example.is_empty() {
            let _ = write!(markdown, "\n\n{title}:\n\n```yaml\n{example}```");
        }
    }
    let _ = write!(markdown, "\n\nFix: {fix}.\n\n`platform explain {id}` says more.");
    json!({
        "id": id,
        "shortDescription": { "text": rule.summary },
        "fullDescription": { "text": why },
        "help": { "text": text, "markdown": markdown },
        "defaultConfiguration": { "level": level(rule.severity) },
    })
}

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info => "note",
    }
}

fn result(
    places: &Places<'_>,
    positions: &BTreeMap<String, usize>,
    found: &Diagnostic,
    fingerprint: &str,
) -> Value {
    let mut result = Map::new();
    result.insert("ruleId".into(), found.rule.as_str().into());
    result.insert("ruleIndex".into(), positions.get(found.rule.as_str()).copied().into());
    result.insert("level".into(), level(found.severity).into());
    result.insert("message".into(), json!({ "text": whole_message(found) }));
    result.insert("locations".into(), json!([location(places, &found.primary, None)]));
    result.insert("partialFingerprints".into(), json!({ "platform/v1": fingerprint }));
    let related = found.related.iter().enumerate();
    let related: Vec<Value> = related.map(|(id, label)| location(places, label, Some(id))).collect();
    if !related.is_empty() {
        result.insert("relatedLocations".into(), related.into());
    }
    let fixes = found.suggestions.iter().filter(|suggestion| !suggestion.edits.is_empty());
    let fixes: Vec<Value> = fixes.map(|suggestion| fix(places, suggestion)).collect();
    if !fixes.is_empty() {
        result.insert("fixes".into(), fixes.into());
    }
    Value::Object(result)
}

fn location(places: &Places<'_>, label: &Label, id: Option<usize>) -> Value {
    let mut location = Map::new();
    if let Some(id) = id {
        location.insert("id".into(), id.into());
    }
    location.insert(
        "physicalLocation".into(),
        json!({ "artifactLocation": artifact(places, label.span), "region": region(places, label.span) }),
    );
    if !label.message.is_empty() {
        location.insert("message".into(), json!({ "text": label.message }));
    }
    Value::Object(location)
}

/// The edits of one repair, by file in the order of their paths.
fn fix(places: &Places<'_>, suggestion: &Suggestion) -> Value {
    let mut by_file: BTreeMap<&str, Vec<&Edit>> = BTreeMap::new();
    for edit in &suggestion.edits {
        by_file.entry(places.path(edit.span)).or_default().push(edit);
    }
    let changes = by_file.values().map(|edits| {
        let replacements = edits.iter().map(|edit| {
            json!({
                "deletedRegion": region(places, edit.span),
                "insertedContent": { "text": edit.replacement },
            })
        });
        let file = edits.first().map(|edit| artifact(places, edit.span));
        json!({ "artifactLocation": file, "replacements": replacements.collect::<Vec<_>>() })
    });
    json!({
        "description": { "text": suggestion.message },
        "artifactChanges": changes.collect::<Vec<_>>(),
        "properties": { "safe": suggestion.applicability == Applicability::Safe },
    })
}

fn artifact(places: &Places<'_>, span: Span) -> Value {
    json!({ "uri": uri(places.path(span)), "uriBaseId": ROOT })
}

fn region(places: &Places<'_>, span: Span) -> Value {
    let (start, end) = places.range(span);
    json!({
        "startLine": start.line,
        "startColumn": start.column,
        "endLine": end.line,
        "endColumn": end.column,
    })
}

/// A relative path as a URI reference: RFC 3986, 3.3. A colon is encoded, since one in the first part
/// would end a scheme.
fn uri(path: &str) -> String {
    let mut uri = String::with_capacity(path.len());
    for byte in path.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~/!$&'()*+,;=@".contains(&byte) {
            uri.push(char::from(byte));
        } else {
            let _ = write!(uri, "%{byte:02X}");
        }
    }
    uri
}

#[cfg(test)]
mod tests {
    use super::uri;

    fn check(path: &str, expected: &str) {
        assert_eq!(uri(path), expected);
    }

    #[test]
    fn a_path_is_a_relative_uri() {
        check("catalog/a-b_c.yaml", "catalog/a-b_c.yaml");
        check("c:/ä b#?%.yaml", "c%3A/%C3%A4%20b%23%3F%25.yaml");
    }
}
