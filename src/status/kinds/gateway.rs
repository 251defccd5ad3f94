//! Gateway API: routes speak through `status.parents`, one entry a gateway and controller.

use serde_json::Value;

use crate::status::generic;
use crate::status::verdict::{Health, Verdict};
use crate::status::view::{Condition, View, conditions_of};

/// Seconds after which a route that no controller has claimed is nobody's.
const CLAIMED_WITHIN: i64 = 120;

/// A route is as bad as the worst of the parents it asks for. Entries of `status.parents` that belong to
/// no present `spec.parentRefs` are leftovers and do not count.
pub(crate) fn route(view: &View<'_>) -> Option<Verdict> {
    let wanted = view.list("/spec/parentRefs");
    let parents = view.list("/status/parents");
    let judged = parents
        .iter()
        .filter(|parent| is_wanted(wanted, parent.get("parentRef").unwrap_or(&Value::Null)))
        .map(|parent| attached(view, parent, "parentRef", "parent"));
    Some(worst(judged).unwrap_or_else(|| unclaimed(view, wanted)))
}

/// Policies speak through `status.ancestors`.
pub(crate) fn policy(view: &View<'_>) -> Option<Verdict> {
    let ancestors = view.list("/status/ancestors").iter();
    let judged = ancestors.map(|ancestor| attached(view, ancestor, "ancestorRef", "ancestor"));
    Some(worst(judged).unwrap_or_else(|| unclaimed(view, view.list("/spec/targetRefs"))))
}

fn worst(verdicts: impl Iterator<Item = Verdict>) -> Option<Verdict> {
    verdicts.reduce(|worst, next| if next.health > worst.health { next } else { worst })
}

/// Whether a parent is among the wanted ones; where nothing is wanted everything counts.
fn is_wanted(wanted: &[Value], parent: &Value) -> bool {
    let same = |key: &str, a: &Value, b: &Value| match (a.get(key), b.get(key)) {
        // Left out means the default, which both sides may or may not spell out.
        (Some(a), Some(b)) => a == b,
        _ => true,
    };
    let keys = ["group", "kind", "namespace", "name", "sectionName", "port"];
    wanted.is_empty() || wanted.iter().any(|want| keys.iter().all(|key| same(key, want, parent)))
}

/// What one controller says of one parent.
fn attached(view: &View<'_>, parent: &Value, reference: &str, word: &str) -> Verdict {
    let name =
        parent.get(reference).and_then(|parent| parent.get("name")).and_then(Value::as_str).unwrap_or("?");
    let conditions = conditions_of(parent.get("conditions"));
    let say = |health: Health, condition: &Condition<'_>| {
        let mut verdict = condition.verdict(health);
        let said = if condition.message.is_empty() { condition.reason } else { condition.message };
        verdict.message = format!("{word} {name}: {said}");
        verdict
    };
    if let Some(old) = conditions.iter().find(|condition| view.is_stale(condition)) {
        let message = format!("{word} {name} has not looked at the latest change yet");
        return Verdict::progressing("LatestGenerationNotObserved", message).since(old.last_transition);
    }
    let find = |kind: &str| conditions.iter().find(|condition| condition.kind == kind);
    let refused = ["Accepted", "ResolvedRefs"].into_iter().filter_map(find).find(|found| found.is_false());
    if let Some(refused) = refused {
        let health = if refused.reason == "Pending" { Health::Progressing } else { Health::Degraded };
        return say(health, refused);
    }
    // Not of the standard, but Kong and others add it: True once the proxy has the route.
    let unfinished = ["Programmed", "Accepted"].into_iter().filter_map(find).find(|found| !found.is_true());
    if let Some(unfinished) = unfinished {
        return say(Health::Progressing, unfinished);
    }
    match find("Accepted") {
        Some(accepted) => say(Health::Healthy, accepted),
        None => Verdict::progressing("Pending", format!("{word} {name} has not accepted it yet")),
    }
}

/// No controller has said anything.
fn unclaimed(view: &View<'_>, wanted: &[Value]) -> Verdict {
    let names: Vec<&str> =
        wanted.iter().filter_map(|parent| parent.get("name").and_then(Value::as_str)).collect();
    let of = if names.is_empty() { String::new() } else { format!(" of {}", names.join(", ")) };
    match view.age() {
        Some(age) if age >= CLAIMED_WITHIN => Verdict::degraded(
            "NoController",
            format!("no gateway controller{of} has claimed it: does the gateway exist, and does it allow this namespace?"),
        )
        .since(view.time("/metadata/creationTimestamp")),
        _ => Verdict::progressing("NotObserved", format!("no gateway controller{of} has claimed it yet")),
    }
}

/// Accepted and programmed, and so is each listener.
pub(crate) fn gateway(view: &View<'_>) -> Option<Verdict> {
    let own = judged(view, &view.conditions(), "");
    let listeners = view.list("/status/listeners").iter().map(|listener| {
        let name = listener.get("name").and_then(Value::as_str).unwrap_or("?");
        judged(view, &conditions_of(listener.get("conditions")), &format!("listener {name}: "))
    });
    worst(std::iter::once(own).chain(listeners).flatten()).or_else(|| generic::not_observed(view))
}

fn judged(view: &View<'_>, conditions: &[Condition<'_>], prefix: &str) -> Option<Verdict> {
    let decisive = ["Accepted", "ResolvedRefs", "Programmed"];
    let verdicts =
        conditions.iter().filter(|condition| decisive.contains(&condition.kind)).map(|condition| {
            let mut verdict = generic::by_condition(view, condition);
            verdict.message = format!("{prefix}{}", verdict.message);
            verdict
        });
    let conflict = conditions.iter().find(|condition| condition.kind == "Conflicted" && condition.is_true());
    let conflict = conflict.map(|condition| condition.verdict(Health::Degraded));
    worst(verdicts.chain(conflict))
}
