//! What a `GitOps` tool says of the commit that it applied.

use serde_json::Value;

use crate::clock::Timestamp;
use crate::object::{Object, ObjectRef};

use super::health::health;
use super::verdict::Verdict;

/// How far a `GitOps` object has come. Whether a commit is contained in the applied one, Git knows.
#[derive(Clone, Debug, PartialEq)]
pub struct Delivery {
    /// The Argo CD Application or Flux Kustomization.
    pub reference: ObjectRef,
    /// The commit whose objects are in the cluster, in full; `None` if none is, or nothing says which.
    pub applied: Option<String>,
    /// The commit that was last seen, where it is another one: it is being applied, or failed to be.
    pub attempted: Option<String>,
    /// When the applied commit got there.
    pub since: Option<Timestamp>,
    /// How the object itself is: a failed sync is said here.
    pub verdict: Verdict,
}

/// Reads an Argo CD Application, or a Flux Kustomization or `GitRepository`; `None` for anything else.
///
/// Argo CD: the commit it compares with counts as applied when the Application is synced, else that of
/// the last operation that succeeded. Several sources have several commits, and the first is taken. Flux:
/// `lastAppliedRevision` and `lastAttemptedRevision`, as in `main@sha1:<commit>`.
pub fn delivery(object: &Object, now: Timestamp) -> Option<Delivery> {
    let gvk = object.gvk();
    let (applied, seen, since) = match (gvk.group.as_str(), gvk.kind.as_str()) {
        ("argoproj.io", "Application") => argo_cd(object),
        ("kustomize.toolkit.fluxcd.io", "Kustomization") => (
            object.text("/status/lastAppliedRevision").and_then(commit),
            object.text("/status/lastAttemptedRevision").and_then(commit),
            ready_since(object),
        ),
        ("source.toolkit.fluxcd.io", "GitRepository") => (
            object.text("/status/artifact/revision").and_then(commit),
            None,
            object.text("/status/artifact/lastUpdateTime").and_then(Timestamp::parse),
        ),
        _ => return None,
    };
    let attempted = seen.filter(|seen| Some(seen) != applied.as_ref());
    Some(Delivery { reference: object.reference(), applied, attempted, since, verdict: health(object, now) })
}

type Progress = (Option<String>, Option<String>, Option<Timestamp>);

fn argo_cd(object: &Object) -> Progress {
    let at = |pointer: &str| object.text(pointer).and_then(commit);
    let either = |one: &str, many: &str| at(one).or_else(|| at(many));
    let compared = either("/status/sync/revision", "/status/sync/revisions/0");
    let operation = "/status/operationState";
    let synced =
        either("/status/operationState/syncResult/revision", "/status/operationState/syncResult/revisions/0");
    let has_succeeded = object.text(&format!("{operation}/phase")) == Some("Succeeded");
    let finished = object.text(&format!("{operation}/finishedAt")).and_then(Timestamp::parse);
    if object.text("/status/sync/status") == Some("Synced") {
        // A commit that changed nothing here is synced without an operation of its own.
        let since = finished.filter(|_| synced == compared);
        return (compared, synced.filter(|_| !has_succeeded), since);
    }
    let applied = synced.filter(|_| has_succeeded).or_else(|| last_in_history(object));
    (applied, compared, finished.filter(|_| has_succeeded))
}

/// The commit of the last sync that succeeded: `status.history` has only those.
fn last_in_history(object: &Object) -> Option<String> {
    let last = object.0.pointer("/status/history")?.as_array()?.last()?;
    last.get("revision").and_then(Value::as_str).and_then(commit)
}

fn ready_since(object: &Object) -> Option<Timestamp> {
    let ready = object.conditions().into_iter().find(|condition| condition.kind == "Ready")?;
    ready.last_transition.as_deref().and_then(Timestamp::parse)
}

/// The commit in a revision: `main@sha1:<commit>`, `main/<commit>` (Flux before 2.0) or the commit alone.
fn commit(revision: &str) -> Option<String> {
    let start = revision.rfind([':', '/', '@']).map_or(0, |at| at + 1);
    let commit = &revision[start..];
    let is_commit =
        matches!(commit.len(), 40 | 64) && commit.chars().all(|letter| letter.is_ascii_hexdigit());
    is_commit.then(|| commit.to_lowercase())
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::delivery;
    use crate::clock::Timestamp;
    use crate::object::Object;

    const A: &str = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
    const B: &str = "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb";

    fn check(api_version: &str, kind: &str, status: &Value, applied: Option<&str>, attempted: Option<&str>) {
        let object = Object(json!({"apiVersion": api_version, "kind": kind, "status": status}));
        let found = delivery(&object, Timestamp(0)).unwrap();
        assert_eq!((found.applied.as_deref(), found.attempted.as_deref()), (applied, attempted), "{status}");
    }

    #[test]
    fn argo_cd_compares_and_syncs() {
        let check = |status: Value, applied, attempted| {
            check("argoproj.io/v1alpha1", "Application", &status, applied, attempted);
        };
        let operation =
            |phase: &str, revision: &str| json!({"phase": phase, "syncResult": {"revision": revision}});
        let sync = |status: &str| json!({"status": status, "revision": B});
        check(json!({"sync": sync("Synced"), "operationState": operation("Succeeded", A)}), Some(B), None);
        check(
            json!({"sync": sync("OutOfSync"), "operationState": operation("Succeeded", A)}),
            Some(A),
            Some(B),
        );
        let failed = json!({"sync": sync("OutOfSync"), "operationState": operation("Failed", B), "history": [{"revision": A}]});
        check(failed, Some(A), Some(B));
        check(json!({"sync": {"status": "Unknown"}}), None, None);
        check(json!({"sync": {"status": "Synced", "revisions": [A, B]}}), Some(A), None);
    }

    #[test]
    fn flux_names_both_revisions() {
        let check = |status: Value, applied, attempted| {
            check("kustomize.toolkit.fluxcd.io/v1", "Kustomization", &status, applied, attempted);
        };
        let revision = |commit: &str| format!("main@sha1:{commit}");
        check(
            json!({"lastAppliedRevision": revision(A), "lastAttemptedRevision": revision(A)}),
            Some(A),
            None,
        );
        check(
            json!({"lastAppliedRevision": revision(A), "lastAttemptedRevision": revision(B)}),
            Some(A),
            Some(B),
        );
        check(json!({"lastAppliedRevision": "main@sha1:short"}), None, None);
    }

    #[test]
    fn other_objects_deliver_nothing() {
        assert_eq!(delivery(&Object(json!({"kind": "Application"})), Timestamp(0)), None);
    }
}
