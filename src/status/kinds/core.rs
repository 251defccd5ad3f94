//! Kinds of Kubernetes itself other than workloads.
//!
//! Source of the rules: kstatus' table and Argo CD's built-in checks. Where they differ the stricter one
//! was taken and the difference is listed in the corpus test.

use serde_json::Value;

use crate::status::verdict::{Health, Verdict};
use crate::status::view::{Condition, View, conditions_of};

/// Seconds that the scheduler gets before an unschedulable Pod is a failure, as in kstatus.
const SCHEDULED_WITHIN: i64 = 15;

pub(crate) fn namespace(view: &View<'_>) -> Option<Verdict> {
    match view.text("/status/phase") {
        Some("Terminating") => {
            Some(Verdict::progressing("Terminating", what_keeps_a_namespace(view).join("; ")))
        }
        _ => Some(Verdict::healthy("Active", "")),
    }
}

/// What a namespace that is being deleted still waits for; empty for everything else.
pub(crate) fn what_keeps_a_namespace(view: &View<'_>) -> Vec<String> {
    if view.gvk.kind != "Namespace" {
        return Vec::new();
    }
    let conditions = view.conditions();
    conditions
        .iter()
        .filter(|condition| condition.kind.starts_with("Namespace") && condition.is_true())
        .map(|condition| condition.message.to_owned())
        .collect()
}

pub(crate) fn service(view: &View<'_>) -> Option<Verdict> {
    if view.text("/spec/type") != Some("LoadBalancer") {
        return Some(Verdict::healthy("Exists", ""));
    }
    balanced(view, "the load balancer has no address yet")
}

pub(crate) fn ingress(view: &View<'_>) -> Option<Verdict> {
    balanced(view, "no ingress controller has published an address yet")
}

fn balanced(view: &View<'_>, waiting: &str) -> Option<Verdict> {
    if view.list("/status/loadBalancer/ingress").is_empty() {
        return Some(Verdict::progressing("NoIPAssigned", waiting));
    }
    Some(Verdict::healthy("AddressAssigned", ""))
}

pub(crate) fn volume_claim(view: &View<'_>) -> Option<Verdict> {
    Some(match view.text("/status/phase") {
        Some("Bound") => Verdict::healthy("Bound", ""),
        Some("Lost") => Verdict::degraded("Lost", "the volume it was bound to is gone"),
        _ => Verdict::progressing("NotBound", "no volume is bound yet"),
    })
}

pub(crate) fn disruption_budget(view: &View<'_>) -> Option<Verdict> {
    let failed = view.conditions().into_iter().find(|condition| condition.reason == "SyncFailed");
    Some(
        failed
            .map_or_else(|| Verdict::healthy("Exists", ""), |condition| condition.verdict(Health::Degraded)),
    )
}

pub(crate) fn definition(view: &View<'_>) -> Option<Verdict> {
    let conditions = view.conditions();
    let find = |kind: &str| conditions.iter().find(|condition| condition.kind == kind);
    if let Some(terminating) = find("Terminating").filter(|condition| condition.is_true()) {
        return Some(terminating.verdict(Health::Progressing));
    }
    if let Some(refused) = find("NamesAccepted").filter(|condition| condition.is_false()) {
        return Some(refused.verdict(Health::Degraded));
    }
    if let Some(wrong) = find("NonStructuralSchema").filter(|condition| condition.is_true()) {
        return Some(wrong.verdict(Health::Degraded));
    }
    Some(match find("Established") {
        Some(established) if established.is_true() => established.verdict(Health::Healthy),
        Some(established) if established.is_false() && established.reason != "Installing" => {
            established.verdict(Health::Degraded)
        }
        _ => Verdict::progressing("Installing", "the API server is still installing it"),
    })
}

/// Argo CD's rule: a False condition whose reason is a failure, in `status.conditions` (v2) or in the
/// annotation that v1 keeps them in.
pub(crate) fn autoscaler(view: &View<'_>) -> Option<Verdict> {
    let annotated: Option<Value> = view
        .annotation("autoscaling.alpha.kubernetes.io/conditions")
        .and_then(|text| serde_json::from_str(text).ok());
    let conditions = match &annotated {
        Some(list) => conditions_of(Some(list)),
        None => view.conditions(),
    };
    let failed = conditions.iter().find(|condition| {
        condition.is_false()
            && (condition.reason.starts_with("Failed") || condition.reason.starts_with("Invalid"))
    });
    if let Some(failed) = failed {
        return Some(failed.verdict(Health::Degraded));
    }
    let works = |condition: &&Condition<'_>| {
        condition.is_true() && matches!(condition.kind, "AbleToScale" | "ScalingActive" | "ScalingLimited")
    };
    Some(match conditions.iter().find(works) {
        Some(condition) => condition.verdict(Health::Healthy),
        None => Verdict::progressing("NotObserved", "the autoscaler has not reported yet"),
    })
}

pub(crate) fn pod(view: &View<'_>) -> Option<Verdict> {
    Some(match view.text("/status/phase") {
        None => Verdict::progressing("PodNotObserved", "the kubelet has not reported on it yet"),
        Some("Succeeded") => Verdict::healthy("PodCompleted", "ran to its end"),
        Some("Failed") => failed_pod(view),
        Some("Running") => running_pod(view),
        Some("Pending") => pending_pod(view),
        Some(phase) => Verdict::unknown(phase, format!("the phase {phase} is not known")),
    })
}

fn failed_pod(view: &View<'_>) -> Verdict {
    let message = view
        .text("/status/message")
        .map(str::to_owned)
        .or_else(|| containers(view).find_map(exit))
        .unwrap_or_else(|| "a container failed".to_owned());
    Verdict::degraded(view.text("/status/reason").unwrap_or("PodFailed"), message)
}

fn running_pod(view: &View<'_>) -> Verdict {
    if let Some(stuck) = stuck_container(view) {
        return stuck;
    }
    match view.condition("Ready") {
        Some(ready) if ready.is_true() => match view.text("/spec/restartPolicy") {
            // It is meant to end: running is not yet done.
            Some("Never" | "OnFailure") => Verdict::progressing("PodRunning", "runs; it is meant to end"),
            _ => ready.verdict(Health::Healthy),
        },
        Some(ready) => Verdict::progressing("PodRunningNotReady", ready.message).since(ready.last_transition),
        None => Verdict::progressing("PodRunningNotReady", "runs, but is not ready yet"),
    }
}

fn pending_pod(view: &View<'_>) -> Verdict {
    if let Some(stuck) = stuck_container(view) {
        return stuck;
    }
    let scheduled = view.condition("PodScheduled");
    match scheduled.filter(|condition| condition.is_false() && condition.reason == "Unschedulable") {
        Some(condition) if view.age().is_some_and(|age| age < SCHEDULED_WITHIN) => {
            Verdict::progressing("PodNotScheduled", condition.message).since(condition.last_transition)
        }
        Some(condition) => {
            Verdict::degraded("PodUnschedulable", condition.message).since(condition.last_transition)
        }
        None => Verdict::progressing("PodPending", "its containers are being made"),
    }
}

fn containers<'a>(view: &View<'a>) -> impl Iterator<Item = &'a Value> {
    let init = view.list("/status/initContainerStatuses").iter();
    init.chain(view.list("/status/containerStatuses"))
}

/// A container that waits for something that does not get better by itself: `CrashLoopBackOff`,
/// `ImagePullBackOff`, `ErrImagePull`, `CreateContainerConfigError`.
fn stuck_container(view: &View<'_>) -> Option<Verdict> {
    containers(view).find_map(|container| {
        let waiting = container.pointer("/state/waiting")?;
        let reason = waiting.get("reason")?.as_str()?;
        if !(reason.starts_with("Err") || reason.ends_with("Error") || reason.ends_with("BackOff")) {
            return None;
        }
        let name = container.get("name").and_then(Value::as_str).unwrap_or("?");
        let said = waiting.get("message").and_then(Value::as_str).unwrap_or("");
        let last = exit(container).map(|exit| format!(" ({exit})")).unwrap_or_default();
        let message = format!("container {name}: {}{last}", if said.is_empty() { reason } else { said });
        Some(Verdict::degraded(reason, message))
    })
}

/// How a container ended last: `container main exited with 1 (Error)`.
fn exit(container: &Value) -> Option<String> {
    let ended =
        container.pointer("/state/terminated").or_else(|| container.pointer("/lastState/terminated"))?;
    let code = ended.get("exitCode").and_then(Value::as_i64).filter(|code| *code != 0)?;
    let name = container.get("name").and_then(Value::as_str).unwrap_or("?");
    let reason = ended.get("reason").and_then(Value::as_str).unwrap_or("");
    Some(format!("container {name} exited with {code} {reason}").trim_end().to_owned())
}
