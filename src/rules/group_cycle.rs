//! `group-cycle`: groups that contain each other.

use crate::diagnostic::{Diagnostic, Reach, RuleId, Severity};
use crate::entity::Relation;

use super::cycle::{Graph, describe};
use super::{Check, Context, Docs, Rule, finding};

pub(super) const RULE: Rule = Rule {
    id: RuleId::new("group-cycle"),
    severity: Severity::Error,
    summary: "groups contain each other in a circle",
    docs: Docs {
        why: "Members of a group are members of the groups above it. In a circle everybody in any of the groups has the rights of all of them, and tools that walk up the tree never arrive.",
        bad: "\
apiVersion: backstage.io/v1alpha1
kind: Group
metadata:
  name: shop
spec:
  type: team
  parent: payments
  children: []
---
apiVersion: backstage.io/v1alpha1
kind: Group
metadata:
  name: payments
spec:
  type: team
  parent: shop
  children: []
",
        good: "\
apiVersion: backstage.io/v1alpha1
kind: Group
metadata:
  name: shop
spec:
  type: team
  parent: payments
  children: []
---
apiVersion: backstage.io/v1alpha1
kind: Group
metadata:
  name: payments
spec:
  type: team
  children: []
",
        fix: "remove one `parent` or `children` entry of the circle",
    },
    check: Check::Catalog(check),
};

fn check(context: &Context<'_>) -> Vec<Diagnostic> {
    let graph = Graph::of(context.catalog, &[Relation::ChildOf], &[Relation::ParentOf]);
    let circles = graph.circles();
    let reports = circles.iter().filter_map(|circle| {
        let (first, rest) = circle.split_first()?;
        let message = format!("groups contain each other: {}", describe(circle, context.catalog));
        let found = finding(&RULE, first.span, message)
            .reaching(Reach::Nothing)
            .note("everybody in one of them has the rights of all of them")
            .help("remove one of these entries");
        Some(rest.iter().fold(found, |found, edge| found.related(edge.span, "the circle goes on here")))
    });
    reports.collect()
}
