//! `unfilled-expression`: an expression of a template that nobody filled in.

use memchr::memmem;

use crate::diagnostic::{Diagnostic, Reach, RuleId, Severity};
use crate::source::Span;
use crate::yaml::{Kind, Node};

use super::{Check, Docs, FileView, Rule, finding};

pub(super) const RULE: Rule = Rule {
    id: RuleId::new("unfilled-expression"),
    severity: Severity::Warning,
    summary: "an entity contains a template expression that was not filled in",
    docs: Docs {
        why: "`${{ values.name }}` in an entity is text as any other for Backstage. It is most likely a template's skeleton that was copied by hand, or that lies where entities are expected.",
        bad: "\
apiVersion: backstage.io/v1alpha1
kind: Component
metadata:
  name: orders
  description: Orders of ${{ values.shop }}
spec:
  type: service
  lifecycle: production
  owner: team-payments
",
        good: "\
apiVersion: backstage.io/v1alpha1
kind: Component
metadata:
  name: orders
  description: Orders of the web shop
spec:
  type: service
  lifecycle: production
  owner: team-payments
",
        fix: "write the value, or keep the file in the skeleton folder that a template's `fetch:template` step names",
    },
    check: Check::File(check),
};

/// Deeper than this nothing is looked for; the parser's own limit is lower.
const MAX_DEPTH: u32 = 256;

fn check(view: &FileView<'_>) -> Vec<Diagnostic> {
    let mut findings = Vec::new();
    if memmem::find(view.text.as_bytes(), b"${{").is_none() {
        return findings;
    }
    // a broken document may hold aliases that multiply
    let documents = view.tree.documents(view.text).filter(|document| !document.is_broken());
    for root in documents.filter_map(|document| document.root()) {
        let is_template = root.get("kind").and_then(Node::as_str).is_some_and(|kind| kind == "Template");
        if !is_template {
            let mut found = Vec::new();
            visit(root, 0, &mut found);
            findings.extend(first_of(found));
        }
    }
    findings
}

fn visit(node: Node<'_>, depth: u32, findings: &mut Vec<Diagnostic>) {
    match node.kind() {
        _ if depth > MAX_DEPTH => {}
        Kind::Mapping => node.entries().for_each(|(_, value)| visit(value, depth + 1, findings)),
        Kind::Sequence => node.items().for_each(|item| visit(item, depth + 1, findings)),
        Kind::String => {
            if let Some(expression) = node.as_str().as_deref().and_then(expression) {
                findings.push(report(node.span(), expression));
            }
        }
        _ => {}
    }
}

/// One finding a document: a skeleton that lies in the wrong place is full of them.
fn first_of(found: Vec<Diagnostic>) -> Option<Diagnostic> {
    let others = found.len().saturating_sub(1);
    let first = found.into_iter().next()?;
    Some(if others == 0 { first } else { first.note(format!("{others} more in this document")) })
}

/// The first `${{ }}` in a text.
fn expression(text: &str) -> Option<&str> {
    let start = text.find("${{")?;
    let length = text[start..].find("}}")? + 2;
    Some(&text[start..start + length])
}

fn report(span: Span, expression: &str) -> Diagnostic {
    finding(&RULE, span, format!("`{expression}` was not filled in"))
        .reaching(Reach::Nothing)
        .note("only templates contain expressions; in an entity it is text")
        .help("write the value, or keep the file in a template's skeleton folder")
}
