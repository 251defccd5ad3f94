//! `owner-not-a-group-or-user`: an owner that cannot own.

use crate::diagnostic::{Diagnostic, Reach, RuleId, Severity};
use crate::entity::Relation;

use super::{Check, Context, Docs, Rule, finding};

pub(super) const RULE: Rule = Rule {
    id: RuleId::new("owner-not-a-group-or-user"),
    severity: Severity::Warning,
    summary: "an owner is neither a group nor a user",
    docs: Docs {
        why: "Backstage accepts any reference as owner, but only groups and users can sign in: nobody is asked, notified or given access for what a component owns.",
        bad: "\
apiVersion: backstage.io/v1alpha1
kind: Component
metadata:
  name: orders
spec:
  type: service
  lifecycle: production
  owner: component:shop
---
apiVersion: backstage.io/v1alpha1
kind: Component
metadata:
  name: shop
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
  name: shop
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
        fix: "name the group or user that answers for it",
    },
    check: Check::Catalog(check),
};

fn check(context: &Context<'_>) -> Vec<Diagnostic> {
    let references = context.catalog.entities().flat_map(|entity| &entity.references);
    references
        .filter(|reference| reference.relation == Relation::OwnedBy)
        .filter(|reference| !matches!(reference.target.kind(), "group" | "user"))
        .map(|reference| {
            let message = format!(
                "`{}` cannot own anything: it is neither a group nor a user",
                reference.target.short()
            );
            finding(&RULE, reference.span, message)
                .reaching(Reach::Nothing)
                .help("name the group or user that answers for it")
        })
        .collect()
}
