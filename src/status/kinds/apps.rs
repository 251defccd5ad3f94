//! Workloads. Source of the rules: kstatus' table; the order is its order.

use crate::status::verdict::{Health, Verdict};
use crate::status::view::{Condition, View};

/// `spec.replicas`, which defaults to 1.
fn wanted(view: &View<'_>) -> i64 {
    view.int("/spec/replicas").unwrap_or(1)
}

/// The first of a list of counts that is too small.
fn too_few(rows: &[(i64, &'static str, &'static str)], wanted: i64) -> Option<Verdict> {
    let (count, reason, what) = rows.iter().find(|(count, _, _)| *count < wanted)?;
    Some(Verdict::progressing(*reason, format!("{count} of {wanted} replicas {what}")))
}

fn too_many(replicas: i64, wanted: i64) -> Option<Verdict> {
    (replicas > wanted).then(|| {
        Verdict::progressing(
            "ExtraPods",
            format!("{} old replicas are still being removed", replicas - wanted),
        )
    })
}

pub(crate) fn deployment(view: &View<'_>) -> Option<Verdict> {
    let progressing = view.condition("Progressing");
    if let Some(failed) = progressing.filter(|condition| condition.reason == "ProgressDeadlineExceeded") {
        return Some(failed.verdict(Health::Degraded));
    }
    let wanted = wanted(view);
    let (replicas, updated) = (view.count("/status/replicas"), view.count("/status/updatedReplicas"));
    let (available, ready) = (view.count("/status/availableReplicas"), view.count("/status/readyReplicas"));
    too_few(&[(replicas, "LessReplicas", "made"), (updated, "LessUpdated", "updated")], wanted)
        .or_else(|| too_many(replicas, wanted))
        .or_else(|| too_few(&[(available, "LessAvailable", "available")], updated))
        .or_else(|| too_few(&[(ready, "LessReady", "ready")], wanted))
        .or_else(|| unfinished_rollout(view))
        .or_else(|| Some(Verdict::healthy("Available", format!("{ready} of {wanted} replicas ready"))))
}

/// The counts agree, but the conditions do not say so yet.
fn unfinished_rollout(view: &View<'_>) -> Option<Verdict> {
    // The condition exists only where there is a deadline.
    let deadline =
        view.int("/spec/progressDeadlineSeconds").is_some_and(|seconds| seconds < i64::from(i32::MAX));
    let done = view
        .condition("Progressing")
        .is_some_and(|condition| condition.is_true() && condition.reason == "NewReplicaSetAvailable");
    if deadline && !done {
        return Some(Verdict::progressing(
            "ReplicaSetNotAvailable",
            "the new ReplicaSet is not available yet",
        ));
    }
    match view.condition("Available") {
        Some(available) if available.is_true() => None,
        Some(available) => Some(Verdict::progressing("DeploymentNotAvailable", available.message)),
        None => Some(Verdict::progressing("DeploymentNotAvailable", "not available yet")),
    }
}

pub(crate) fn stateful_set(view: &View<'_>) -> Option<Verdict> {
    if view.text("/spec/updateStrategy/type") == Some("OnDelete") {
        return Some(Verdict::healthy("OnDelete", "its Pods are updated when they are deleted"));
    }
    let wanted = wanted(view);
    let (replicas, ready) = (view.count("/status/replicas"), view.count("/status/readyReplicas"));
    too_few(&[(replicas, "LessReplicas", "made"), (ready, "LessReady", "ready")], wanted)
        .or_else(|| too_many(replicas, wanted))
        .or_else(|| stateful_rollout(view, wanted))
        .or_else(|| Some(Verdict::healthy("Available", format!("{ready} of {wanted} replicas ready"))))
}

fn stateful_rollout(view: &View<'_>, wanted: i64) -> Option<Verdict> {
    if let Some(partition) = view.int("/spec/updateStrategy/rollingUpdate/partition").filter(|at| *at > 0) {
        let updated = view.count("/status/updatedReplicas");
        return too_few(&[(updated, "PartitionRollout", "updated")], (wanted - partition).max(0));
    }
    let current = view.count("/status/currentReplicas");
    too_few(&[(current, "LessCurrent", "of the current revision")], wanted).or_else(|| {
        let same = view.text("/status/currentRevision") == view.text("/status/updateRevision");
        (!same).then(|| Verdict::progressing("RevisionMismatch", "the new revision is being rolled out"))
    })
}

pub(crate) fn daemon_set(view: &View<'_>) -> Option<Verdict> {
    let Some(wanted) = view.int("/status/desiredNumberScheduled") else {
        return Some(Verdict::progressing("NoDesiredNumber", "the controller has not counted its nodes yet"));
    };
    let mut rows = vec![(view.count("/status/currentNumberScheduled"), "LessCurrent", "scheduled")];
    if view.text("/spec/updateStrategy/type") != Some("OnDelete") {
        rows.push((view.count("/status/updatedNumberScheduled"), "LessUpdated", "updated"));
    }
    rows.push((view.count("/status/numberAvailable"), "LessAvailable", "available"));
    rows.push((view.count("/status/numberReady"), "LessReady", "ready"));
    too_few(&rows, wanted)
        .or_else(|| Some(Verdict::healthy("Available", format!("ready on {wanted} of {wanted} nodes"))))
}

pub(crate) fn replica_set(view: &View<'_>) -> Option<Verdict> {
    if let Some(failed) = view.condition("ReplicaFailure").filter(Condition::is_true) {
        return Some(failed.verdict(Health::Progressing));
    }
    let wanted = wanted(view);
    let rows = [
        (view.count("/status/fullyLabeledReplicas"), "LessLabelled", "labelled"),
        (view.count("/status/availableReplicas"), "LessAvailable", "available"),
        (view.count("/status/readyReplicas"), "LessReady", "ready"),
    ];
    too_few(&rows, wanted)
        .or_else(|| too_many(view.count("/status/replicas"), wanted))
        .or_else(|| Some(Verdict::healthy("Available", format!("{wanted} of {wanted} replicas ready"))))
}

/// A Job that runs is on its way; kstatus calls that done.
pub(crate) fn job(view: &View<'_>) -> Option<Verdict> {
    let conditions = view.conditions();
    let is = |kind: &str| conditions.iter().find(|condition| condition.kind == kind && condition.is_true());
    Some(if let Some(complete) = is("Complete") {
        complete.verdict(Health::Healthy)
    } else if let Some(failed) = is("Failed") {
        failed.verdict(Health::Degraded)
    } else if view.time("/status/startTime").is_none() {
        Verdict::progressing("JobNotStarted", "not started yet")
    } else {
        Verdict::progressing("JobRunning", format!("{} active", view.count("/status/active")))
            .since(view.time("/status/startTime"))
    })
}

/// Existence is all there is; a failed run is in its Jobs.
pub(crate) fn cron_job(view: &View<'_>) -> Option<Verdict> {
    let message =
        if view.is_set("/spec/suspend") { "spec.suspend is true: it starts no new Jobs" } else { "" };
    Some(Verdict::healthy("Exists", message))
}
