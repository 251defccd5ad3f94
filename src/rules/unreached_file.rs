//! `unreached-file`: a file that Backstage never reads.

use std::collections::{BTreeMap, BTreeSet};

use crate::catalog::Catalog;
use crate::diagnostic::{Diagnostic, Reach, RuleId, Severity};
use crate::entity::{Entity, Resolved, resolve_target};

use super::{Check, Context, Docs, Paths, Rule, finding};

pub(super) const RULE: Rule = Rule {
    id: RuleId::new("unreached-file"),
    severity: Severity::Warning,
    summary: "no Location leads to a file with entities",
    docs: Docs {
        why: "When a file in the top folder of the repository holds a Location, Backstage is most likely registered with that file and reads only what it leads to. Entities in other files are written, reviewed and never seen.",
        bad: "\
# file: catalog-info.yaml
apiVersion: backstage.io/v1alpha1
kind: Location
metadata:
  name: all
spec:
  targets:
    - ./teams/*.yaml
# file: teams/payments.yaml
apiVersion: backstage.io/v1alpha1
kind: Group
metadata:
  name: team-payments
spec:
  type: team
  children: []
# file: group/shop.yaml
apiVersion: backstage.io/v1alpha1
kind: Group
metadata:
  name: team-shop
spec:
  type: team
  children: []
",
        good: "\
# file: catalog-info.yaml
apiVersion: backstage.io/v1alpha1
kind: Location
metadata:
  name: all
spec:
  targets:
    - ./teams/*.yaml
# file: teams/payments.yaml
apiVersion: backstage.io/v1alpha1
kind: Group
metadata:
  name: team-payments
spec:
  type: team
  children: []
# file: teams/shop.yaml
apiVersion: backstage.io/v1alpha1
kind: Group
metadata:
  name: team-shop
spec:
  type: team
  children: []
",
        fix: "add the file to the targets of a Location, or move it to where one leads",
    },
    check: Check::Catalog(check),
};

fn check(context: &Context<'_>) -> Vec<Diagnostic> {
    let (catalog, Some(paths)) = (context.catalog, context.paths) else { return Vec::new() };
    let locations = locations(catalog);
    let roots: Vec<&str> = locations.keys().copied().filter(|path| !path.contains('/')).collect();
    if roots.is_empty() {
        return Vec::new();
    }
    let reached = reach(&roots, &locations, paths);
    let mut findings = Vec::new();
    let mut last = None;
    for entity in catalog.entities() {
        let path = catalog.sources().path(entity.span.source);
        // a file is reported once, at its first entity
        if last.replace(entity.span.source) != Some(entity.span.source) && !reached.contains(path) {
            findings.push(report(entity, path, &roots));
        }
    }
    findings
}

/// The entities of kind Location, by file.
fn locations(catalog: &Catalog) -> BTreeMap<&str, Vec<&Entity>> {
    let mut locations: BTreeMap<&str, Vec<&Entity>> = BTreeMap::new();
    for entity in catalog.entities().filter(|entity| entity.location.is_some()) {
        locations.entry(catalog.sources().path(entity.span.source)).or_default().push(entity);
    }
    locations
}

/// The files that one comes to from these files.
fn reach(roots: &[&str], locations: &BTreeMap<&str, Vec<&Entity>>, paths: &Paths) -> BTreeSet<String> {
    let mut reached: BTreeSet<String> = roots.iter().map(|path| (*path).to_owned()).collect();
    let mut open: Vec<String> = reached.iter().cloned().collect();
    while let Some(from) = open.pop() {
        let entities = locations.get(from.as_str()).into_iter().flatten();
        let targets =
            entities.filter_map(|entity| entity.location.as_deref()).flat_map(|location| &location.targets);
        for target in targets {
            let Resolved::Inside(path) = resolve_target(&from, &target.value) else { continue };
            for file in paths.matching(&path) {
                if reached.insert(file.to_owned()) {
                    open.push(file.to_owned());
                }
            }
        }
    }
    reached
}

fn report(entity: &Entity, path: &str, roots: &[&str]) -> Diagnostic {
    let message = format!("no Location leads to `{path}`");
    finding(&RULE, entity.name_span, message)
        .reaching(Reach::Nothing)
        .note(format!("Locations start at `{}`", roots.join("`, `")))
        .help("add the file to the targets of a Location, or move it to where one leads")
}
