//! Parameters: which there are, and which of them nobody reads.

use std::collections::{BTreeMap, BTreeSet};

use crate::diagnostic::Diagnostic;
use crate::source::Span;
use crate::yaml::{Kind, Node};

use super::{Linter, MAX_DEPTH, rule};

/// The parameters of all pages.
#[derive(Default)]
pub(super) struct Declared {
    /// Where each is declared first.
    pub places: BTreeMap<String, Span>,
    /// Those that decide which others there are.
    pub deciding: BTreeSet<String>,
    /// Whether there may be others: a page refers to a schema elsewhere or takes any property.
    pub open: bool,
}

pub(super) fn declared(spec: Node<'_>) -> Declared {
    let mut declared = Declared::default();
    let Some(pages) = spec.get("parameters") else { return declared };
    match pages.kind() {
        Kind::Sequence => pages.items().for_each(|page| declared.schema(page, 0)),
        _ => declared.schema(pages, 0),
    }
    declared
}

impl Declared {
    /// A schema for the answers as a whole: a page, or a branch of one.
    fn schema(&mut self, schema: Node<'_>, depth: usize) {
        if depth > MAX_DEPTH {
            return;
        }
        for (key, value) in schema.entries() {
            match key.as_str().as_deref() {
                Some("properties") => {
                    for (name, _) in value.entries() {
                        if let Some(text) = name.as_str() {
                            self.places.entry(text.into_owned()).or_insert(name.span());
                        }
                    }
                }
                Some("dependencies") => {
                    for (name, dependent) in value.entries() {
                        self.deciding.extend(name.as_str().map(std::borrow::Cow::into_owned));
                        self.schema(dependent, depth + 1);
                    }
                }
                Some("if") => {
                    let names = value.get("properties").into_iter().flat_map(Node::entries);
                    self.deciding.extend(
                        names.filter_map(|(name, _)| name.as_str()).map(std::borrow::Cow::into_owned),
                    );
                }
                Some("then" | "else") => self.schema(value, depth + 1),
                Some("allOf" | "anyOf" | "oneOf") => {
                    value.items().for_each(|part| self.schema(part, depth + 1));
                }
                Some("$ref") => self.open = true,
                Some("additionalProperties") => self.open |= value.as_bool() != Some(false),
                _ => {}
            }
        }
    }
}

/// The parameters that expressions read.
#[derive(Default)]
pub(super) struct Used {
    pub names: BTreeSet<String>,
    /// All of them: something reads `parameters` as a whole.
    pub all: bool,
}

impl Linter<'_> {
    pub(super) fn unused_parameters(&mut self, declared: &Declared, used: &Used) {
        if used.all {
            return;
        }
        for (name, span) in &declared.places {
            if used.names.contains(name) || declared.deciding.contains(name) {
                continue;
            }
            let finding = Diagnostic::warning(
                rule("template-unused-parameter"),
                *span,
                format!("nothing reads the parameter {name}"),
            )
            .note("people are asked for something that makes no difference")
            .help(format!("read it as ${{{{ parameters.{name} }}}}, or remove it"));
            self.report(finding);
        }
    }
}
