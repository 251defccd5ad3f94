//! `location-target`: a Location that points at nothing.

use crate::diagnostic::{Applicability, Diagnostic, Reach, RuleId, Severity, did_you_mean};
use crate::entity::{Resolved, resolve_target, written};
use crate::source::Spanned;

use super::{Check, Context, Docs, Paths, Rule, finding};

pub(super) const RULE: Rule = Rule {
    id: RuleId::new("location-target"),
    severity: Severity::Error,
    summary: "a Location points at a file that does not exist",
    docs: Docs {
        why: "One target that does not exist, or one pattern that matches nothing, stops all updates that come through the same Location: nothing new appears, nothing old changes, and Backstage says so only on the Location itself.",
        bad: "\
# file: catalog-info.yaml
apiVersion: backstage.io/v1alpha1
kind: Location
metadata:
  name: all
spec:
  targets:
    - ./team.yaml
# file: teams.yaml
apiVersion: backstage.io/v1alpha1
kind: Group
metadata:
  name: team-payments
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
    - ./teams.yaml
# file: teams.yaml
apiVersion: backstage.io/v1alpha1
kind: Group
metadata:
  name: team-payments
spec:
  type: team
  children: []
",
        fix: "correct the path, which is relative to the file, or write `presence: optional`",
    },
    check: Check::Catalog(check),
};

fn check(context: &Context<'_>) -> Vec<Diagnostic> {
    let Some(paths) = context.paths else { return Vec::new() };
    let mut findings = Vec::new();
    for entity in context.catalog.entities() {
        let Some(location) = entity.location.as_deref().filter(|location| !location.is_optional) else {
            continue;
        };
        let from = context.catalog.sources().path(entity.span.source);
        findings.extend(location.targets.iter().filter_map(|target| judge(from, target, paths)));
    }
    findings
}

fn judge(from: &str, target: &Spanned<String>, paths: &Paths) -> Option<Diagnostic> {
    let (why, suggestion) = match resolve_target(from, &target.value) {
        Resolved::Elsewhere => return None,
        Resolved::Outside => (format!("`{}` leads out of the repository", target.value), None),
        Resolved::Inside(path) if !paths.matching(&path).is_empty() => return None,
        Resolved::Inside(path) => {
            let folder = path.rfind('/').map_or("", |at| &path[..=at]);
            let near =
                did_you_mean(&path, paths.in_folder(folder)).map(|near| near[folder.len()..].to_owned());
            (format!("there is no file `{path}`"), near)
        }
    };
    let found = finding(&RULE, target.span, why)
        .reaching(Reach::Location)
        .note("Backstage updates nothing that comes through this Location until it is mended");
    Some(match suggestion {
        Some(name) => {
            let folder = target.value.rfind('/').map_or("", |at| &target.value[..=at]);
            let text = format!("{folder}{name}");
            found.fix(Applicability::Guess, format!("did you mean `{text}`?"), target.span, written(&text))
        }
        None => found.help("correct the path, or write `presence: optional`"),
    })
}
