//! `unquoted-expression`: braces that YAML takes for a mapping.

use crate::diagnostic::{Applicability, Diagnostic, Edit, Reach, RuleId, Severity, Suggestion};
use crate::source::Span;

use super::{Check, Docs, FileView, Rule, finding};

pub(super) const RULE: Rule = Rule {
    id: RuleId::new("unquoted-expression"),
    severity: Severity::Warning,
    summary: "`{{ }}` without quotes is a mapping, not text",
    docs: Docs {
        why: "YAML reads `name: {{ x }}` as a mapping within a mapping. Backstage accepts that where it expects nothing in particular, and the value is not the text that was meant.",
        bad: "\
apiVersion: backstage.io/v1alpha1
kind: Component
metadata:
  name: orders
spec:
  type: service
  lifecycle: production
  owner: team-payments
  url: {{ host }}
",
        good: "\
apiVersion: backstage.io/v1alpha1
kind: Component
metadata:
  name: orders
spec:
  type: service
  lifecycle: production
  owner: team-payments
  url: '{{ host }}'
",
        fix: "put quotes around the value, or write `${{ }}` if an expression of a Software Template is meant",
    },
    check: Check::File(check),
};

fn check(view: &FileView<'_>) -> Vec<Diagnostic> {
    let documents = view.tree.documents(view.text).filter(|document| !document.is_broken());
    documents.flat_map(|document| document.placeholders()).map(report).collect()
}

fn report(span: Span) -> Diagnostic {
    let at = |offset| Edit { span: Span::new(span.source, offset..offset), replacement: "\"".to_owned() };
    let mut found =
        finding(&RULE, span, "YAML reads these braces as a mapping, not as text").reaching(Reach::Nothing);
    found.suggestions.push(Suggestion {
        message: "put quotes around it".to_owned(),
        edits: vec![at(span.start), at(span.end)],
        applicability: Applicability::Guess,
    });
    found
}
