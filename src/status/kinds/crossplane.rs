//! Crossplane: packages, definitions, managed resources and composite resources.

use crate::status::generic;
use crate::status::verdict::{Health, Verdict};
use crate::status::view::{Condition, View};

/// Installed and healthy; a condition that is missing is on its way.
pub(crate) fn package(view: &View<'_>) -> Option<Verdict> {
    let wanted = ["Installed", "Healthy", "RevisionHealthy", "RuntimeHealthy"];
    let conditions = view.conditions();
    conditions
        .iter()
        .filter(|condition| wanted.contains(&condition.kind))
        .map(|condition| generic::by_condition(view, condition))
        .reduce(|worst, next| if next.health > worst.health { next } else { worst })
        .or_else(|| generic::judge(view))
}

/// Definitions say `Established`; compositions and the like have no status.
pub(crate) fn extension(view: &View<'_>) -> Option<Verdict> {
    let valid = view.condition("ValidPipeline").filter(Condition::is_false);
    valid.map(|condition| condition.verdict(Health::Degraded)).or_else(|| generic::judge(view))
}

/// Recognised by the condition `Synced`, which only Crossplane sets, or by what only its objects have in
/// their spec: the group is the company's own.
pub(crate) fn managed_or_composite(view: &View<'_>) -> Option<Verdict> {
    let conditions = conditions(view);
    let synced = conditions.iter().find(|condition| condition.kind == "Synced");
    let by_shape = ["/spec/crossplane", "/spec/resourceRefs", "/spec/providerConfigRef"];
    if synced.is_none() && !by_shape.iter().any(|pointer| view.value(pointer).is_some()) {
        return None;
    }
    if let Some(paused) = synced.filter(|condition| condition.reason == "ReconcilePaused") {
        return Some(paused.verdict(Health::Suspended));
    }
    failed(view, &conditions).or_else(|| ready(view, &conditions))
}

/// `Synced=False` or a failed asynchronous operation: the controller cannot do what it is asked to. It
/// tries again and again, so there is no grace to wait for when it says `ReconcileError`.
fn failed(view: &View<'_>, conditions: &[Condition<'_>]) -> Option<Verdict> {
    let failed = conditions.iter().find(|condition| {
        condition.is_false() && matches!(condition.kind, "Synced" | "LastAsyncOperation" | "AsyncOperation")
    })?;
    if view.is_stale(failed) {
        return Some(generic::by_condition(view, failed));
    }
    if failed.kind == "AsyncOperation" {
        return Some(failed.verdict(Health::Progressing));
    }
    Some(failed.verdict(Health::Degraded))
}

/// `Ready=False` with `Creating` is also what a composite shows when something that worked broke: it is
/// progress here, and the leaves tell. `Unavailable` likewise comes and goes while a cloud works.
fn ready(view: &View<'_>, conditions: &[Condition<'_>]) -> Option<Verdict> {
    let Some(ready) = conditions.iter().find(|condition| condition.kind == "Ready") else {
        if conditions.is_empty() {
            return generic::judge(view).or_else(|| generic::not_observed(view));
        }
        return Some(Verdict::progressing("Creating", "synced, but not ready yet"));
    };
    if view.is_stale(ready) || ready.is_true() {
        return Some(generic::by_condition(view, ready));
    }
    Some(ready.verdict(Health::Progressing))
}

/// `status.conditions`, or where the first generation of Crossplane kept them.
fn conditions<'a>(view: &View<'a>) -> Vec<Condition<'a>> {
    let conditions = view.conditions();
    if conditions.is_empty() {
        view.conditions_in("/status/conditionedStatus/conditions")
    } else {
        conditions
    }
}
