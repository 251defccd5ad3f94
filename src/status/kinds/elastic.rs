//! Elastic: ECK, and the community operator `eck-custom-resources`.

use crate::status::generic;
use crate::status::verdict::Verdict;
use crate::status::view::View;

/// The phase first, then the colour.
pub(crate) fn elasticsearch(view: &View<'_>) -> Option<Verdict> {
    match view.text("/status/phase") {
        Some("Invalid") => {
            Some(Verdict::degraded("Invalid", "the specification is not valid: see its events"))
        }
        Some("Stalled") => {
            Some(Verdict::degraded("Stalled", "a change cannot be carried out: see its events"))
        }
        Some(phase @ ("ApplyingChanges" | "MigratingData")) => {
            Some(Verdict::progressing(phase, "the cluster is being changed"))
        }
        _ => by_colour(view),
    }
}

/// `status.health`: green, yellow or red. Yellow serves, but without all its copies.
pub(crate) fn by_colour(view: &View<'_>) -> Option<Verdict> {
    match view.text("/status/health") {
        Some("green") => Some(Verdict::healthy("green", "")),
        Some("yellow") => Some(Verdict::progressing("yellow", "it serves, but not all replicas are there")),
        Some("red") => Some(Verdict::degraded("red", "a part of it does not serve")),
        Some(colour) => Some(Verdict::progressing(colour, "its health is not known yet")),
        None => {
            generic::judge(view).or_else(|| Some(Verdict::progressing("NotObserved", "not reported on yet")))
        }
    }
}

/// `status.phase`, with the first error of the details.
pub(crate) fn stack_config_policy(view: &View<'_>) -> Option<Verdict> {
    let errors = view.count("/status/errors");
    let ready = view.text("/status/readyCount").unwrap_or("0/0");
    Some(match view.text("/status/phase") {
        Some("Ready") if errors == 0 => Verdict::healthy("Ready", format!("applied to {ready} resources")),
        Some(phase @ ("Invalid" | "Error" | "Conflict")) => Verdict::degraded(
            phase,
            first_error(view).unwrap_or_else(|| format!("applied to {ready} resources")),
        ),
        Some(phase) => Verdict::progressing(phase, format!("applied to {ready} resources")),
        None => return generic::not_observed(view),
    })
}

fn first_error(view: &View<'_>) -> Option<String> {
    let parts = view.value("/status/details")?.as_object()?.values();
    parts.filter_map(serde_json::Value::as_object).flatten().find_map(|(name, detail)| {
        let message = detail.pointer("/error/message")?.as_str()?;
        Some(format!("{name}: {message}"))
    })
}

/// `eck-custom-resources` writes no status at all: its outcome is in events and in its finalizer, which
/// it adds when it takes an object on.
pub(crate) fn without_status(view: &View<'_>) -> Option<Verdict> {
    if view.list("/metadata/finalizers").is_empty() {
        return Some(Verdict::progressing("NotObserved", "the operator has not taken it on yet"));
    }
    Some(Verdict::healthy("TakenOn", "the operator has taken it on; it reports its outcome only in events"))
}
