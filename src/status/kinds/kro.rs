//! kro: definitions and their instances.

use crate::status::generic;
use crate::status::verdict::{Health, Verdict};
use crate::status::view::{Condition, View};

/// Conditions first; `status.state` is only `Active` or `Inactive`.
pub(crate) fn definition(view: &View<'_>) -> Option<Verdict> {
    let conditions = view.conditions();
    let failed = conditions.iter().find(|condition| condition.is_false());
    if let Some(failed) = failed {
        return Some(generic::by_condition(view, failed));
    }
    Some(match view.text("/status/state") {
        Some("Active") => Verdict::healthy("Active", ""),
        Some(state) => Verdict::degraded(state, "kro does not serve this definition"),
        None => return generic::not_observed(view),
    })
}

/// Recognised by its conditions or its label, as the group is the company's own. `Ready=False` beside the
/// state `ERROR` is a failure, otherwise a step on the way.
pub(crate) fn instance(view: &View<'_>) -> Option<Verdict> {
    let conditions = view.conditions();
    let known = |condition: &&Condition<'_>| {
        matches!(condition.kind, "InstanceManaged" | "GraphResolved" | "ResourcesReady")
    };
    conditions.iter().find(known)?;
    let open = conditions.iter().find(|condition| known(condition) && !condition.is_true());
    let ready = conditions.iter().find(|condition| condition.kind == "Ready");
    let decisive = open.or(ready)?;
    Some(match (decisive.is_true(), view.text("/status/state")) {
        (true, _) => decisive.verdict(Health::Healthy),
        (false, Some("ERROR" | "FAILED")) => decisive.verdict(Health::Degraded),
        (false, _) => decisive.verdict(Health::Progressing),
    })
}
