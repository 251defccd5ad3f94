//! The health of one object: which question is asked in which order.

use crate::clock::Timestamp;
use crate::object::Object;

use super::rule::HealthRule;
use super::verdict::{Health, Verdict};
use super::view::View;
use super::{generic, kinds};

/// Judges one object by itself.
///
/// The first of these that has an opinion decides:
/// 1. it is being deleted
/// 2. it is suspended or paused
/// 3. the controller has not seen the present generation
/// 4. what is known of its kind ([`kinds`])
/// 5. `Stalled` and `Reconciling`, the conditions of kstatus. `Reconciling` with the reason
///    `ProgressingWithRetry` beside `Ready=False` is a failure that is tried again, where kstatus says
///    "in progress" for ever
/// 6. conditions that are good when they are `True`: `Ready`, `Available` and so on. `False` is a
///    failure once it has lasted for [`generic::GRACE`] seconds, as controllers pass through it on
///    their way
/// 7. the words in `status.phase`, `status.state` and `status.health`
/// 8. nobody has written a status yet
/// 9. it exists
pub fn health(object: &Object, now: Timestamp) -> Verdict {
    health_by(object, &[], now)
}

/// As [`health`], where a rule for the object's kind stands in place of steps 4 to 9.
pub(crate) fn health_by(object: &Object, rules: &[HealthRule], now: Timestamp) -> Verdict {
    let view = View::new(object, now);
    let mut verdict = judge(&view, object, rules);
    verdict.notes.extend(view.into_notes());
    verdict
}

fn judge(view: &View<'_>, object: &Object, rules: &[HealthRule]) -> Verdict {
    let rule = rules.iter().find(|rule| rule.is_for(&view.gvk));
    deleting(view)
        .or_else(|| suspended(view))
        .or_else(|| stale(view))
        .or_else(|| rule.map(|rule| rule.judge(object)))
        .or_else(|| kinds::judge(view))
        .or_else(|| generic::judge(view))
        .unwrap_or_else(|| generic::exists(view))
}

/// `metadata.deletionTimestamp` is set: says what it waits for.
fn deleting(view: &View<'_>) -> Option<Verdict> {
    let since = view.text("/metadata/deletionTimestamp").filter(|time| !time.is_empty())?;
    let mut waits: Vec<String> = kinds::core::what_keeps_a_namespace(view);
    let finalizers: Vec<&str> =
        view.list("/metadata/finalizers").iter().filter_map(serde_json::Value::as_str).collect();
    if !finalizers.is_empty() {
        waits.push(format!("waits for the finalizer {}", finalizers.join(", ")));
    }
    let mut message = "being deleted".to_owned();
    if !waits.is_empty() {
        message = format!("{message}: {}", waits.join("; "));
    }
    Some(Verdict::new(Health::Progressing, "Deleting", message).since(Timestamp::parse(since)))
}

/// Somebody stopped it: `spec.suspend` (Flux, Job), `spec.paused` (Deployment, Cluster API),
/// and the annotations of Crossplane, Argo CD and ECK.
fn suspended(view: &View<'_>) -> Option<Verdict> {
    // A suspended CronJob is as it was asked to be, and says so itself below.
    if view.is_set("/spec/suspend") && view.gvk.kind != "CronJob" {
        return Some(Verdict::suspended("Suspended", "spec.suspend is true: nothing is reconciled"));
    }
    if view.is_set("/spec/paused") {
        return Some(Verdict::suspended("Paused", "spec.paused is true: nothing is reconciled"));
    }
    let stopped = [
        ("crossplane.io/paused", "true"),
        ("argocd.argoproj.io/skip-reconcile", "true"),
        ("eck.k8s.elastic.co/managed", "false"),
        ("kustomize.toolkit.fluxcd.io/reconcile", "disabled"),
        ("cluster.x-k8s.io/paused", "true"),
    ];
    let (name, value) = stopped.into_iter().find(|(name, value)| view.annotation(name) == Some(*value))?;
    Some(Verdict::suspended("Paused", format!("the annotation {name}: \"{value}\" stops its reconciliation")))
}

/// The controller has not seen the present generation. As in kstatus any difference counts: Flux writes
/// -1 before its first success.
fn stale(view: &View<'_>) -> Option<Verdict> {
    let (generation, observed) = (view.generation()?, view.int("/status/observedGeneration")?);
    // Flux keeps observedGeneration back while it fails: its conditions know better.
    if generation == observed || kinds::flux::reports_by_condition(view) {
        return None;
    }
    let message = format!("the controller has seen generation {observed} of {generation}");
    Some(Verdict::progressing("LatestGenerationNotObserved", message))
}
