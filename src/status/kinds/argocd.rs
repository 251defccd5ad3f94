//! Argo CD's own kinds, and the Rollout of Argo Rollouts.

use crate::status::generic;
use crate::status::verdict::{Health, Verdict};
use crate::status::view::View;

/// Conditions of an Application have no status: they are there or not. Then the running operation, then
/// the health that Argo CD itself computed.
pub(crate) fn application(view: &View<'_>) -> Option<Verdict> {
    let broken = view.list("/status/conditions").iter().find(|condition| {
        let kind = condition.get("type").and_then(serde_json::Value::as_str).unwrap_or("");
        kind.ends_with("Error")
    });
    if let Some(broken) = broken {
        let text = |key: &str| broken.get(key).and_then(serde_json::Value::as_str).unwrap_or("");
        return Some(Verdict::degraded(text("type"), text("message")));
    }
    let said = view.text("/status/operationState/message").unwrap_or("");
    match view.text("/status/operationState/phase") {
        Some(phase @ ("Failed" | "Error")) => return Some(Verdict::degraded(phase, said)),
        Some(phase @ ("Running" | "Terminating")) => return Some(Verdict::progressing(phase, said)),
        _ => {}
    }
    let word = view.text("/status/health/status");
    let message = view.text("/status/health/message").unwrap_or("");
    match word {
        Some("Missing") => Some(Verdict::new(Health::Missing, "Missing", message)),
        Some(word) => Some(Verdict::new(generic::meaning(word)?, word, message)),
        None => generic::not_observed(view),
    }
}

/// `ErrorOccurred`, then a rollout, then `ResourcesUpToDate`.
pub(crate) fn application_set(view: &View<'_>) -> Option<Verdict> {
    let conditions = view.conditions();
    let is = |kind: &str, status: &str| {
        conditions.iter().find(|condition| condition.kind == kind && condition.status == status)
    };
    is("ErrorOccurred", "True")
        .map(|condition| condition.verdict(Health::Degraded))
        .or_else(|| is("RolloutProgressing", "True").map(|condition| condition.verdict(Health::Progressing)))
        .or_else(|| is("ResourcesUpToDate", "True").map(|condition| condition.verdict(Health::Healthy)))
        .or_else(|| generic::judge(view))
}

/// Aborted, timed out, paused; then counts as of a Deployment. Versions before 1.0 write a hash as
/// `observedGeneration`, later ones the number as text.
pub(crate) fn rollout(view: &View<'_>) -> Option<Verdict> {
    let progressing = view.condition("Progressing");
    let seen = view.value("/status/observedGeneration").and_then(|value| value.as_str()?.parse::<i64>().ok());
    if let (Some(seen), Some(generation)) = (seen, view.generation())
        && seen < generation
    {
        let message = format!("the controller has seen generation {seen} of {generation}");
        return Some(Verdict::progressing("LatestGenerationNotObserved", message));
    }
    if let Some(failed) = progressing.filter(|condition| {
        condition.is_false() && matches!(condition.reason, "ProgressDeadlineExceeded" | "RolloutAborted")
    }) {
        return Some(failed.verdict(Health::Degraded));
    }
    if !view.list("/status/pauseConditions").is_empty()
        || progressing.is_some_and(|it| it.reason == "RolloutPaused")
    {
        return Some(Verdict::suspended("RolloutPaused", "the rollout waits to be promoted"));
    }
    let wanted = view.int("/spec/replicas").unwrap_or(1);
    let (updated, replicas) = (view.count("/status/updatedReplicas"), view.count("/status/replicas"));
    Some(if updated < wanted {
        Verdict::progressing("LessUpdated", format!("{updated} of {wanted} replicas updated"))
    } else if replicas > updated {
        Verdict::progressing(
            "ExtraPods",
            format!("{} old replicas are still being removed", replicas - updated),
        )
    } else if view.count("/status/availableReplicas") < updated {
        Verdict::progressing("LessAvailable", "not all replicas are available yet")
    } else {
        Verdict::healthy("Available", format!("{updated} of {wanted} replicas updated"))
    })
}
