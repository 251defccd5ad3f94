//! `duplicate-entity`: two documents define the same entity.

use std::collections::BTreeMap;

use crate::diagnostic::{Diagnostic, RuleId, Severity};
use crate::entity::Entity;

use super::{Check, Context, Docs, Rule, finding};

pub(super) const RULE: Rule = Rule {
    id: RuleId::new("duplicate-entity"),
    severity: Severity::Error,
    summary: "an entity is defined more than once",
    docs: Docs {
        why: "Backstage keeps one of the definitions and drops the other without a word: of two files the one that it read first, within one file the last. References are compared without regard to case, so `Orders` and `orders` are one entity.",
        bad: "\
apiVersion: backstage.io/v1alpha1
kind: Component
metadata:
  name: orders
spec:
  type: service
  lifecycle: production
  owner: team-payments
---
apiVersion: backstage.io/v1alpha1
kind: Component
metadata:
  name: Orders
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
spec:
  type: service
  lifecycle: production
  owner: team-payments
---
apiVersion: backstage.io/v1alpha1
kind: Component
metadata:
  name: orders-legacy
spec:
  type: service
  lifecycle: production
  owner: team-payments
",
        fix: "rename one of them, put it into a namespace of its own, or remove it",
    },
    check: Check::Catalog(check),
};

fn check(context: &Context<'_>) -> Vec<Diagnostic> {
    let catalog = context.catalog;
    let mut others: BTreeMap<usize, Vec<&Entity>> = BTreeMap::new();
    for (at, entity) in catalog.entities().enumerate() {
        if let Some(first) = catalog.position(&entity.reference).filter(|first| *first != at) {
            others.entry(first).or_default().push(entity);
        }
    }
    let each = others.into_iter().flat_map(|(first, others)| {
        let first = catalog.at(first);
        others.into_iter().map(move |other| report(first, other))
    });
    each.collect()
}

fn report(first: &Entity, other: &Entity) -> Diagnostic {
    let same_file = first.span.source == other.span.source;
    let note = if same_file {
        "of two documents in one file Backstage takes the last, without a word"
    } else {
        "of two files Backstage takes the one that it reads first, and only logs the conflict"
    };
    let message = format!("`{}` is defined more than once", other.reference.short());
    finding(&RULE, other.name_span, message)
        .related(first.name_span, "it is defined here already")
        .note(note)
        .help("rename one of them, put it into a namespace of its own, or remove it")
}
