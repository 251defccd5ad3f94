//! Rules for kinds nobody has written a rule for: conditions, then words, then existence.

use serde_json::Value;

use super::kinds;
use super::verdict::{Health, Verdict};
use super::view::{Condition, View};

/// Seconds for which a positive condition may be `False` before that is called a failure. Controllers
/// pass through `False` while they set things up; a minute is what `cert-manager` and Crossplane
/// providers need for that.
pub(crate) const GRACE: i64 = 60;

/// Seconds after which an object that no controller has written a status to is no longer called new.
const OBSERVED_WITHIN: i64 = 300;

/// Conditions that are good when they are `True`. `Ready` speaks for all others where it is there.
const POSITIVE: [&str; 14] = [
    "Available",
    "Healthy",
    "Programmed",
    "Accepted",
    "Synced",
    "Established",
    "Installed",
    "Deployed",
    "Configured",
    "Succeeded",
    "Completed",
    "Reconciled",
    "ResourcesUpToDate",
    "Valid",
];

/// Conditions that are bad when they are `True`.
const NEGATIVE: [&str; 8] = [
    "Failed",
    "Degraded",
    "Failure",
    "ErrorOccurred",
    "Error",
    "ReplicaFailure",
    "NotReady",
    "PartiallyReady",
];

/// Conditions, then words, then "nobody has looked yet".
pub(crate) fn judge(view: &View<'_>) -> Option<Verdict> {
    stalled_or_reconciling(view)
        .or_else(|| ready(view))
        .or_else(|| positive(view))
        .or_else(|| words(view))
        .or_else(|| not_observed(view))
}

/// A condition that ought to be `True`: `False` fails after a grace, anything else is on its way.
pub(crate) fn by_condition(view: &View<'_>, condition: &Condition<'_>) -> Verdict {
    if view.is_stale(condition) {
        let message = format!("{} was last looked at before the latest change", condition.kind);
        return Verdict::progressing("LatestGenerationNotObserved", message).since(condition.last_transition);
    }
    match condition.status {
        "True" => condition.verdict(Health::Healthy),
        // Not yet is no failure.
        "False" if matches!(condition.kind, "Completed" | "Succeeded") => {
            condition.verdict(Health::Progressing)
        }
        "False" if !within_grace(view, condition) => condition.verdict(Health::Degraded),
        _ => condition.verdict(Health::Progressing),
    }
}

/// Whether a condition changed so recently that `False` may still be a step on the way. One without
/// a time counts by the age of the object.
pub(crate) fn within_grace(view: &View<'_>, condition: &Condition<'_>) -> bool {
    let age = condition.last_transition.map(|time| view.now.seconds_since(time)).or_else(|| view.age());
    age.is_some_and(|age| age < GRACE)
}

/// kstatus' own conditions. Whichever stands first wins, as there.
pub(crate) fn stalled_or_reconciling(view: &View<'_>) -> Option<Verdict> {
    let conditions = view.conditions();
    let ready_is_false = conditions.iter().any(|other| other.kind == "Ready" && other.is_false());
    let first = conditions
        .iter()
        .find(|condition| condition.is_true() && matches!(condition.kind, "Stalled" | "Reconciling"))?;
    if first.kind == "Stalled" {
        return Some(first.verdict(Health::Degraded));
    }
    if first.reason == "ProgressingWithRetry" && ready_is_false {
        let ready = conditions.iter().find(|other| other.kind == "Ready")?;
        return Some(ready.verdict(Health::Degraded));
    }
    Some(first.verdict(Health::Progressing))
}

fn ready(view: &View<'_>) -> Option<Verdict> {
    view.condition("Ready").map(|condition| by_condition(view, &condition))
}

/// The worst of the other positive and negative conditions; none if there is no known one.
fn positive(view: &View<'_>) -> Option<Verdict> {
    let conditions = view.conditions();
    let bad = conditions.iter().find(|condition| NEGATIVE.contains(&condition.kind) && condition.is_true());
    if let Some(bad) = bad {
        return Some(bad.verdict(Health::Degraded));
    }
    conditions
        .iter()
        .filter(|condition| POSITIVE.contains(&condition.kind))
        .map(|condition| by_condition(view, condition))
        .reduce(|worst, next| if next.health > worst.health { next } else { worst })
}

/// `status.phase`, `status.state`, `status.health` (text, or a mapping with `status`).
fn words(view: &View<'_>) -> Option<Verdict> {
    let health = match view.value("/status/health") {
        Some(Value::Object(fields)) => fields.get("status").and_then(Value::as_str),
        _ => view.text("/status/health"),
    };
    let word = [view.text("/status/phase"), view.text("/status/state"), health]
        .into_iter()
        .flatten()
        .find(|word| !word.is_empty())?;
    let message = view.text("/status/message").or_else(|| view.text("/status/reason")).unwrap_or("");
    Some(Verdict::new(meaning(word)?, word, message))
}

/// What a word in a status means; none for a word nobody has agreed on.
pub(crate) fn meaning(word: &str) -> Option<Health> {
    Some(match word.to_lowercase().as_str() {
        "ready" | "active" | "running" | "healthy" | "green" | "available" | "bound" | "succeeded"
        | "successful" | "valid" | "deployed" | "completed" | "complete" | "ok" | "online" | "synced" => {
            Health::Healthy
        }
        "failed" | "error" | "errored" | "red" | "invalid" | "degraded" | "unhealthy" | "conflict"
        | "lost" | "crashloopbackoff" | "expired" | "stalled" => Health::Degraded,
        "pending" | "creating" | "provisioning" | "progressing" | "yellow" | "updating" | "installing"
        | "in_progress" | "inprogress" | "processing" | "deploying" | "applyingchanges" | "migratingdata"
        | "initializing" | "reconciling" | "terminating" | "deleting" | "waiting" | "starting" => {
            Health::Progressing
        }
        "suspended" | "paused" => Health::Suspended,
        "unknown" | "inconclusive" => Health::Unknown,
        _ => return None,
    })
}

/// Nobody has written a status to an object whose kind should get one. Of a kind nobody has written a
/// rule for it is not known whether it ever gets one.
pub(crate) fn not_observed(view: &View<'_>) -> Option<Verdict> {
    if view.has_status() || has_no_status(view) {
        return None;
    }
    if view.age().is_none_or(|age| age < OBSERVED_WITHIN) {
        return Some(Verdict::progressing("NotObserved", "no controller has looked at it yet"));
    }
    let message = "no controller has written a status: is the one for this kind running?";
    let health = if kinds::is_known_group(&view.gvk.group) { Health::Progressing } else { Health::Unknown };
    let made = view.time("/metadata/creationTimestamp");
    Some(Verdict::new(health, "NoController", message).since(made))
}

/// Kinds that never get a status: their existence is all there is.
fn has_no_status(view: &View<'_>) -> bool {
    let group = view.gvk.group.as_str();
    // Only the groups of Kubernetes itself have no dot, or end in k8s.io; those with a status that matters
    // have a rule of their own.
    let built_in = !group.contains('.')
        || (group.ends_with(".k8s.io") && !matches!(group, "gateway.networking.k8s.io" | "metrics.k8s.io"));
    built_in
        || matches!(
            view.gvk.kind.as_str(),
            "ReferenceGrant"
                | "ProviderConfig"
                | "ClusterProviderConfig"
                | "ProviderConfigUsage"
                | "AppProject"
                | "Composition"
                | "DeploymentRuntimeConfig"
                | "EnvironmentConfig"
                | "CronWorkflow"
        )
}

/// Nothing else is known of it: it is there.
pub(crate) fn exists(view: &View<'_>) -> Verdict {
    let message = if view.has_status() { "its status says nothing that could be judged" } else { "" };
    Verdict::healthy("Exists", message)
}
