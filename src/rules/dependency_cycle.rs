//! `dependency-cycle`: entities that depend on each other.

use crate::diagnostic::{Diagnostic, Reach, RuleId, Severity};
use crate::entity::Relation;

use super::cycle::{Graph, describe};
use super::{Check, Context, Docs, Rule, finding};

pub(super) const RULE: Rule = Rule {
    id: RuleId::new("dependency-cycle"),
    severity: Severity::Warning,
    summary: "entities depend on each other in a circle",
    docs: Docs {
        why: "What depends on itself can neither be set up nor taken down in any order, and when one fails all fail.",
        bad: "\
apiVersion: backstage.io/v1alpha1
kind: Component
metadata:
  name: orders
spec:
  type: service
  lifecycle: production
  owner: team-payments
  dependsOn: ['component:billing']
---
apiVersion: backstage.io/v1alpha1
kind: Component
metadata:
  name: billing
spec:
  type: service
  lifecycle: production
  owner: team-payments
  dependsOn: ['component:orders']
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
  dependsOn: ['component:billing']
---
apiVersion: backstage.io/v1alpha1
kind: Component
metadata:
  name: billing
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
        fix: "remove one `dependsOn` or `dependencyOf` entry of the circle",
    },
    check: Check::Catalog(check),
};

fn check(context: &Context<'_>) -> Vec<Diagnostic> {
    let graph = Graph::of(context.catalog, &[Relation::DependsOn], &[Relation::DependencyOf]);
    let circles = graph.circles();
    let reports = circles.iter().filter_map(|circle| {
        let (first, rest) = circle.split_first()?;
        let message = format!("entities depend on each other: {}", describe(circle, context.catalog));
        let found =
            finding(&RULE, first.span, message).reaching(Reach::Nothing).help("remove one of these entries");
        Some(rest.iter().fold(found, |found, edge| found.related(edge.span, "the circle goes on here")))
    });
    reports.collect()
}
