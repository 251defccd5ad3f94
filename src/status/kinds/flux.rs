//! Flux: all its kinds share `Ready`, `Reconciling` and `Stalled`.

use crate::status::generic;
use crate::status::verdict::{Health, Verdict};
use crate::status::view::{Condition, View};

/// Flux advances `status.observedGeneration` only when it is ready or stalled (-1 before): a condition
/// that has seen the present generation knows better.
pub(crate) fn reports_by_condition(view: &View<'_>) -> bool {
    view.gvk.group.ends_with(".toolkit.fluxcd.io")
        && view.generation().is_some()
        && view.condition("Ready").is_some_and(|ready| ready.observed_generation == view.generation())
}

/// `Reconciling` with the reason `ProgressingWithRetry` is a failure that is tried again. A
/// `HelmRepository` of type `oci` has nothing to reconcile and no status.
pub(crate) fn object(view: &View<'_>) -> Option<Verdict> {
    if view.gvk.kind == "HelmRepository" && view.text("/spec/type") == Some("oci") {
        return Some(Verdict::healthy("Exists", "a repository of type oci has nothing to reconcile"));
    }
    if view.has_status() && !view.conditions().is_empty() {
        return ready_beats_reconciling(view).or_else(|| generic::judge(view));
    }
    generic::not_observed(view).or_else(|| Some(Verdict::progressing("NotObserved", "not reported on yet")))
}

/// `Ready=False` with a failure's reason stands beside `Reconciling=True` while Flux takes the next try:
/// that is a failure, not progress. `DependencyNotReady` is progress: the failure, if any, is elsewhere.
fn ready_beats_reconciling(view: &View<'_>) -> Option<Verdict> {
    let ready = view.condition("Ready").filter(Condition::is_false)?;
    if view.is_stale(&ready) {
        return None;
    }
    match ready.reason {
        "" | "Progressing" | "ProgressingWithRetry" => None,
        "DependencyNotReady" => Some(ready.verdict(Health::Progressing)),
        _ => Some(generic::by_condition(view, &ready)),
    }
}
