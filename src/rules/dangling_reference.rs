//! `dangling-reference`: an entity names one that is not there.

use std::collections::BTreeMap;

use crate::diagnostic::{Applicability, Diagnostic, Reach, RuleId, Severity, did_you_mean};
use crate::entity::{Entity, EntityRef, Reference, written};

use super::{Check, Context, Docs, Rule, finding};

pub(super) const RULE: Rule = Rule {
    id: RuleId::new("dangling-reference"),
    severity: Severity::Error,
    summary: "an entity names an entity that does not exist",
    docs: Docs {
        why: "Backstage accepts a reference to nobody and shows a relation that leads nowhere: an owner who \
              gets no access, a dependency that nobody finds. In a repository that does not hold the whole \
              catalog only references that look like a slip are reported, as warnings.",
        bad: "\
apiVersion: backstage.io/v1alpha1
kind: Component
metadata:
  name: orders
spec:
  type: service
  lifecycle: production
  owner: team-payment
---
apiVersion: backstage.io/v1alpha1
kind: Group
metadata:
  name: team-payments
spec:
  type: team
  children: []
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
kind: Group
metadata:
  name: team-payments
spec:
  type: team
  children: []
",
        fix: "correct the name, name the kind and the namespace if they differ from the defaults of the field, \
              or add the entity that is missing",
    },
    check: Check::Catalog(check),
};

/// How many names are compared in one run to find what was meant: a catalog full of dangling
/// references must not take its square in time.
const COMPARISONS: usize = 300_000;

fn check(context: &Context<'_>) -> Vec<Diagnostic> {
    let mut guesses = Guesses { context, known: Vec::new(), made: BTreeMap::new(), left: COMPARISONS };
    let mut findings = Vec::new();
    for entity in context.catalog.entities() {
        for reference in &entity.references {
            if context.catalog.position(&reference.target).is_none() {
                let meant = guesses.meant(&reference.target);
                findings.extend(judge(context, entity, reference, meant));
            }
        }
    }
    findings
}

fn judge(
    context: &Context<'_>,
    entity: &Entity,
    reference: &Reference,
    meant: Option<&Entity>,
) -> Option<Diagnostic> {
    let is_whole = context.settings.is_whole_catalog;
    if !is_whole && meant.is_none() {
        return None;
    }
    let target = reference.target.short();
    let message = format!("`{}` names `{target}`, which does not exist", reference.field);
    let mut found = finding(&RULE, reference.span, message)
        .reaching(Reach::Nothing)
        .note("Backstage accepts it, and shows a relation that leads nowhere");
    if !is_whole {
        found.severity = Severity::Warning;
    }
    Some(match meant {
        Some(meant) => {
            let text = as_written(&meant.reference, reference, entity);
            let advice = format!("did you mean `{text}`?");
            let label = format!("`{}` is defined here", meant.reference.short());
            found.related(meant.name_span, label).fix(
                Applicability::Guess,
                advice,
                reference.span,
                written(&text),
            )
        }
        None => found.help(format!("add the entity `{target}`, or correct the name")),
    })
}

/// What was meant by references that lead nowhere, each found once.
struct Guesses<'a> {
    context: &'a Context<'a>,
    /// All entities, sorted by reference; empty until the first guess.
    known: Vec<&'a Entity>,
    made: BTreeMap<EntityRef, Option<&'a Entity>>,
    left: usize,
}

impl<'a> Guesses<'a> {
    fn meant(&mut self, target: &EntityRef) -> Option<&'a Entity> {
        if let Some(meant) = self.made.get(target) {
            return *meant;
        }
        if self.known.is_empty() {
            self.known = self.context.catalog.entities().collect();
            self.known.sort_by(|a, b| a.reference.cmp(&b.reference));
        }
        let start = self.known.partition_point(|entity| entity.reference.kind() < target.kind());
        let end = self.known.partition_point(|entity| entity.reference.kind() <= target.kind());
        let cost = (end - start).max(1);
        if cost > self.left {
            return None;
        }
        self.left -= cost;
        let meant = nearest(target, &self.known[start..end]).or_else(|| self.of_other_kind(target));
        self.made.insert(target.clone(), meant);
        meant
    }

    /// An entity of the very name and namespace, of the kind that most likely stands in such a place.
    fn of_other_kind(&self, target: &EntityRef) -> Option<&'a Entity> {
        const LIKELY: [&str; 5] = ["group", "user", "component", "resource", "api"];
        LIKELY.iter().find_map(|kind| {
            let other = EntityRef::new(kind, target.namespace(), target.name());
            self.context.catalog.get(&other)
        })
    }
}

/// The same name in another namespace, or the nearest name.
fn nearest<'a>(target: &EntityRef, of_kind: &[&'a Entity]) -> Option<&'a Entity> {
    let named = |name: &str| of_kind.iter().find(|entity| entity.reference.name() == name).copied();
    named(target.name())
        .or_else(|| named(did_you_mean(target.name(), of_kind.iter().map(|entity| entity.reference.name()))?))
}

/// A reference as short as the field allows.
fn as_written(meant: &EntityRef, reference: &Reference, entity: &Entity) -> String {
    let kind = match reference.default_kind() {
        Some(kind) if kind.eq_ignore_ascii_case(meant.kind()) => String::new(),
        _ => format!("{}:", meant.kind()),
    };
    let namespace = match meant.namespace() {
        namespace if namespace == entity.reference.namespace() => String::new(),
        namespace => format!("{namespace}/"),
    };
    format!("{kind}{namespace}{}", meant.name())
}
