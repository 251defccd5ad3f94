//! cert-manager: the chain Certificate, `CertificateRequest`, Order, Challenge.

use crate::status::generic;
use crate::status::verdict::{Health, Verdict};
use crate::status::view::{Condition, View};

/// `Issuing=True` stands while a new certificate is made, in a renewal beside `Ready=True`: then the old
/// one still serves and nothing is wrong. A failed attempt is `Issuing=False` with the reason `Failed`.
pub(crate) fn certificate(view: &View<'_>) -> Option<Verdict> {
    let ready = view.condition("Ready");
    let issuing = view.condition("Issuing");
    if let Some(verdict) = expired(view) {
        return Some(verdict);
    }
    if let Some(failed) = issuing.filter(|condition| condition.is_false() && condition.reason == "Failed")
        && !ready.is_some_and(|ready| ready.is_true())
    {
        return Some(failed.verdict(Health::Degraded));
    }
    if let Some(issuing) = issuing.filter(Condition::is_true) {
        return Some(issuing.verdict(Health::Progressing));
    }
    ready.map(|ready| generic::by_condition(view, &ready)).or_else(|| generic::not_observed(view))
}

fn expired(view: &View<'_>) -> Option<Verdict> {
    let end = view.time("/status/notAfter").filter(|end| view.now.seconds_since(*end) > 0)?;
    Some(Verdict::degraded("Expired", format!("the certificate expired at {end}")).since(Some(end)))
}

/// `Denied` and `InvalidRequest` are final; `Ready=False` says by its reason whether it waits.
pub(crate) fn request(view: &View<'_>) -> Option<Verdict> {
    let conditions = view.conditions();
    let refused = conditions
        .iter()
        .find(|condition| matches!(condition.kind, "Denied" | "InvalidRequest") && condition.is_true());
    if let Some(refused) = refused {
        return Some(refused.verdict(Health::Degraded));
    }
    let Some(ready) = conditions.iter().find(|condition| condition.kind == "Ready") else {
        let approved = conditions.iter().any(|condition| condition.kind == "Approved" && condition.is_true());
        let waits = if approved { "waits for its issuer" } else { "waits for approval" };
        return Some(Verdict::progressing("Pending", waits));
    };
    Some(match (ready.status, ready.reason) {
        ("True", _) => ready.verdict(Health::Healthy),
        ("False", "Failed" | "Denied") => ready.verdict(Health::Degraded),
        _ => ready.verdict(Health::Progressing),
    })
}

/// Order and Challenge: one word in `status.state` and a sentence in `status.reason`.
pub(crate) fn acme(view: &View<'_>) -> Option<Verdict> {
    let state = view.text("/status/state").unwrap_or("");
    let said = view.text("/status/reason").unwrap_or("");
    Some(match state {
        "valid" | "ready" => Verdict::healthy(state, said),
        "invalid" | "expired" | "errored" => {
            Verdict::degraded(state, said).since(view.time("/status/failureTime"))
        }
        "" => Verdict::progressing("Pending", if said.is_empty() { "not submitted yet" } else { said }),
        _ => Verdict::progressing(state, said),
    })
}
