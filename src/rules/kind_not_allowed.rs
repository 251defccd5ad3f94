//! `kind-not-allowed`: a kind that the repository does not take.

use crate::diagnostic::{Diagnostic, Reach, RuleId, Severity};
use crate::entity::Entity;

use super::settings::AllowedKind;
use super::{Check, Context, Docs, Rule, finding};

pub(super) const RULE: Rule = Rule {
    id: RuleId::new("kind-not-allowed"),
    severity: Severity::Error,
    summary: "an entity is of a kind that this catalog does not take",
    docs: Docs {
        why: "Backstage takes only the kinds that its configuration allows for a location (`catalog.rules`); one entity of another kind stops all updates that come through the same Location. `platform.yaml` repeats that list, so that the mistake shows before the pull request. The example stands for a catalog that takes all kinds but domains.",
        bad: "\
apiVersion: backstage.io/v1alpha1
kind: Domain
metadata:
  name: shop
spec:
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
kind: System
metadata:
  name: shop
spec:
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
        fix: "use an allowed kind, or allow this one in Backstage's `catalog.rules` and in `catalog.kinds` of `platform.yaml`",
    },
    check: Check::Catalog(check),
};

fn check(context: &Context<'_>) -> Vec<Diagnostic> {
    let Some(allowed) = &context.settings.allowed_kinds else { return Vec::new() };
    let refused = context.catalog.entities().filter(|entity| !is_allowed(entity, allowed));
    refused.map(|entity| report(entity, allowed)).collect()
}

fn is_allowed(entity: &Entity, allowed: &[AllowedKind]) -> bool {
    let spec_type = entity.spec_type.as_ref().map(|spec_type| &*spec_type.value);
    allowed.iter().any(|allowed| {
        allowed.kind.eq_ignore_ascii_case(&entity.kind)
            && allowed.spec_type.as_deref().is_none_or(|wanted| {
                spec_type.is_some_and(|spec_type| spec_type.eq_ignore_ascii_case(wanted))
            })
    })
}

fn report(entity: &Entity, allowed: &[AllowedKind]) -> Diagnostic {
    let is_type = allowed.iter().any(|allowed| allowed.kind.eq_ignore_ascii_case(&entity.kind));
    let (span, what) = match &entity.spec_type {
        Some(spec_type) if is_type => {
            (spec_type.span, format!("{} of type `{}`", entity.kind, spec_type.value))
        }
        _ => (entity.kind_span, entity.kind.to_string()),
    };
    let list: Vec<String> = allowed
        .iter()
        .map(|allowed| match &allowed.spec_type {
            Some(spec_type) => format!("{}/{spec_type}", allowed.kind),
            None => allowed.kind.clone(),
        })
        .collect();
    finding(&RULE, span, format!("this catalog does not take {what}"))
        .reaching(Reach::Location)
        .note(format!("it takes {}", list.join(", ")))
        .help(
            "use an allowed kind, or allow this one in `catalog.rules` of Backstage and `catalog.kinds` here",
        )
}
