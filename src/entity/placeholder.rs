//! Placeholders: `$text`, `$json` and `$yaml` stand for the content of another file.
//!
//! Follows Backstage's `PlaceholderProcessor`: a mapping with exactly one key that starts with `$` is
//! replaced; with more keys, or with a name that no resolver knows, it stays as it is.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::Value;

use crate::diagnostic::{Applicability, Diagnostic, did_you_mean};
use crate::source::Span;
use crate::yaml::{self, Kind, Node};

use super::path;
use super::rule;
use super::view::key_text;

/// Read access to the repository that an entity file is in. Implementers bound and confine it.
pub trait Files: Sync {
    /// The file at `path`, relative to the root of the repository with `/` between its parts.
    fn read(&self, path: &str) -> Lookup;
}

/// What reading a file gave.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Lookup {
    /// Its text.
    Text(Arc<str>),
    /// There is no such file.
    Missing,
    /// It was not looked for, or is too large to be read.
    Unknown,
}

/// What a placeholder stands for.
#[derive(Debug)]
pub(crate) enum Content {
    Known(Value),
    Unknown,
}

/// The placeholders of one document that Backstage would replace, by where they start.
#[derive(Debug, Default)]
pub(crate) struct Placeholders {
    found: BTreeMap<u32, Content>,
}

impl Placeholders {
    /// What stands in the place of this node, when it is a placeholder.
    pub(crate) fn at(&self, node: Node<'_>) -> Option<&Content> {
        if self.found.is_empty() || node.kind() != Kind::Mapping {
            return None;
        }
        self.found.get(&node.span().start)
    }
}

/// Where the document is: its path and the files around it.
#[derive(Clone, Copy)]
pub struct Place<'a> {
    /// The path of the document's file, relative to the root of the repository.
    pub path: &'a str,
    /// The files of the repository.
    pub files: &'a dyn Files,
}

/// The resolvers of a stock Backstage.
const RESOLVERS: [&str; 3] = ["text", "json", "yaml"];
/// The resolvers that a module adds.
const MODULE_RESOLVERS: [&str; 2] = ["openapi", "asyncapi"];
/// Deeper than this no placeholder is looked for; the YAML parser's own limit is lower.
const MAX_DEPTH: u32 = 256;

/// Finds the placeholders of a document and what they stand for.
pub(crate) fn resolve(
    root: Node<'_>,
    place: Option<Place<'_>>,
    findings: &mut Vec<Diagnostic>,
) -> Placeholders {
    let mut walk = Walk { place, findings, found: BTreeMap::new() };
    walk.visit_root(root);
    Placeholders { found: walk.found }
}

struct Walk<'w> {
    place: Option<Place<'w>>,
    findings: &'w mut Vec<Diagnostic>,
    found: BTreeMap<u32, Content>,
}

impl Walk<'_> {
    /// The root: what names the entity is checked before anything is replaced.
    fn visit_root(&mut self, root: Node<'_>) {
        if marked(root).is_some() {
            return;
        }
        for (key, value) in root.entries() {
            match key.as_str().as_deref() {
                Some("apiVersion" | "kind") => {}
                Some("metadata") if value.kind() == Kind::Mapping => self.visit_metadata(value),
                _ => self.visit(value, 1),
            }
        }
    }

    fn visit_metadata(&mut self, metadata: Node<'_>) {
        if marked(metadata).is_some() {
            return;
        }
        for (key, value) in metadata.entries() {
            match key.as_str().as_deref() {
                Some("name" | "namespace") => {}
                // Backstage adds annotations of its own before, so a placeholder is never the only key
                Some("annotations") if value.kind() == Kind::Mapping && marked(value).is_some() => {}
                _ => self.visit(value, 2),
            }
        }
    }

    fn visit(&mut self, node: Node<'_>, depth: u32) {
        if depth > MAX_DEPTH {
            return;
        }
        match node.kind() {
            Kind::Sequence => node.items().for_each(|item| self.visit(item, depth + 1)),
            Kind::Mapping => self.visit_mapping(node, depth),
            _ => {}
        }
    }

    fn visit_mapping(&mut self, node: Node<'_>, depth: u32) {
        let Some((key, value)) = marked(node) else {
            node.entries().for_each(|(_, value)| self.visit(value, depth + 1));
            return;
        };
        let text = key_text(key);
        let name = &text[1..];
        if node.entries().count() != 1 {
            self.report_company(name, key.span(), node);
        } else if RESOLVERS.contains(&name) {
            let content = self.content(name, value);
            self.found.insert(node.span().start, content);
        } else if !MODULE_RESOLVERS.contains(&name) {
            self.report_unknown(name, key.span());
        }
    }

    fn report_company(&mut self, name: &str, span: Span, node: Node<'_>) {
        if !RESOLVERS.contains(&name) && !MODULE_RESOLVERS.contains(&name) {
            return;
        }
        let message = format!("`${name}` is not replaced, because other keys stand beside it");
        let mut finding = Diagnostic::warning(rule::UNPARSED_PLACEHOLDER, span, message)
            .note("Backstage replaces a mapping only when the placeholder is its one key")
            .help("remove the other keys, or move them out of this mapping");
        for (key, _) in node.entries().filter(|(key, _)| key.span() != span) {
            finding = finding.related(key.span(), "this key stands beside it");
        }
        self.findings.push(finding);
    }

    /// Only what looks like a slip: other keys with `$` mean something to somebody else, as `$ref` does
    /// in JSON Schema.
    fn report_unknown(&mut self, name: &str, span: Span) {
        let Some(meant) = did_you_mean(name, RESOLVERS.into_iter().chain(MODULE_RESOLVERS)) else { return };
        let message = format!("`${name}` is not replaced: no resolver of that name is known");
        let finding = Diagnostic::warning(rule::UNPARSED_PLACEHOLDER, span, message).note(
            "Backstage resolves `$text`, `$json` and `$yaml`; a module adds `$openapi` and `$asyncapi`",
        );
        let advice = format!("did you mean `${meant}`?");
        self.findings.push(finding.fix(Applicability::Guess, advice, span, format!("${meant}")));
    }

    /// What the placeholder stands for. A failure is reported once, here, and fits everywhere.
    fn content(&mut self, name: &str, value: Node<'_>) -> Content {
        let outcome = match value.as_str() {
            None => Err("must name a file or a URL as text".to_owned()),
            Some(target) => self.read(&target).and_then(|text| match text {
                Some(text) => interpret(name, &text, value.span()).map(Content::Known),
                None => Ok(Content::Unknown),
            }),
        };
        outcome.unwrap_or_else(|reason| {
            let message = format!("`${name}` {reason}");
            let finding = Diagnostic::error(rule::UNREADABLE_PLACEHOLDER, value.span(), message).note(
                "Backstage reads the file when it ingests the entity, and refuses the entity when it cannot",
            );
            self.findings.push(finding);
            Content::Unknown
        })
    }

    fn read(&self, target: &str) -> Result<Option<Arc<str>>, String> {
        let Some(place) = self.place else { return Ok(None) };
        match path::resolve(place.path, target) {
            path::Resolved::Elsewhere => Ok(None),
            path::Resolved::Outside => Err(format!("names `{target}`, which is outside of the repository")),
            path::Resolved::Inside(path) => match place.files.read(&path) {
                Lookup::Text(text) => Ok(Some(text)),
                Lookup::Unknown => Ok(None),
                Lookup::Missing => Err(format!("names `{path}`, which does not exist")),
            },
        }
    }
}

/// The first entry whose key starts with `$`.
fn marked(node: Node<'_>) -> Option<(Node<'_>, Node<'_>)> {
    node.entries().find(|(key, _)| key.as_str().is_some_and(|key| key.starts_with('$')))
}

/// The content of a file as the placeholder of this name gives it.
fn interpret(name: &str, text: &str, span: Span) -> Result<Value, String> {
    match name {
        "json" => {
            serde_json::from_str(text).map_err(|error| format!("names a file that is not JSON: {error}"))
        }
        "yaml" => {
            let (tree, findings) = yaml::parse(span.source, text);
            if let Some(finding) =
                findings.iter().find(|finding| finding.severity == crate::diagnostic::Severity::Error)
            {
                return Err(format!("names a file that is not YAML: {}", finding.message));
            }
            let mut documents = tree.documents(text);
            match (documents.next(), documents.next()) {
                (Some(document), None) => Ok(document.root().map_or(Value::Null, Node::to_json)),
                (first, _) => {
                    let count = if first.is_some() { "more than one" } else { "no" };
                    Err(format!("names a file with {count} YAML document, exactly one is needed"))
                }
            }
        }
        _ => Ok(Value::String(text.to_owned())),
    }
}
