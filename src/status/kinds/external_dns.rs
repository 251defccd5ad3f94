//! ExternalDNS.

use crate::status::generic;
use crate::status::verdict::{Health, Verdict};
use crate::status::view::View;

/// `status.observedGeneration` is written when the object is read, before any DNS server is asked: that
/// the record exists can only be seen in DNS itself. The verdict says so instead of pretending.
pub(crate) fn endpoint(view: &View<'_>) -> Option<Verdict> {
    let conditions = view.conditions();
    if conditions.iter().any(|condition| matches!(condition.kind, "Ready" | "Programmed")) {
        return generic::judge(view);
    }
    if view.int("/status/observedGeneration").is_none() {
        return generic::not_observed(view);
    }
    Some(Verdict::healthy("Read", "ExternalDNS has read it; whether the record exists only DNS can tell"))
}

/// One record of the `crd` registry (0.22 and later): `Failed` marks every record of a failed batch.
pub(crate) fn record(view: &View<'_>) -> Option<Verdict> {
    let Some(ready) = view.condition("Ready") else {
        return generic::not_observed(view);
    };
    Some(match (ready.status, ready.reason) {
        ("True", _) => ready.verdict(Health::Healthy),
        ("False", "Failed") => ready.verdict(Health::Degraded),
        _ => ready.verdict(Health::Progressing),
    })
}
