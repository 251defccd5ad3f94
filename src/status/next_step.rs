//! Whose turn it is, and what to do.
//!
//! A table from what fails to a sentence. What it does not know gets the general word for its health.

use super::assess::{Cause, ObjectStatus};
use super::sync::Sync;
use super::verdict::Health;

/// Who can get things going.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Turn {
    /// Nobody: controllers are at work.
    Wait,
    /// Whoever asked for it.
    Requester,
    /// Whoever runs the platform.
    PlatformTeam,
}

impl Turn {
    /// The word for it in text and JSON: `platform-team`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Wait => "wait",
            Self::Requester => "requester",
            Self::PlatformTeam => "platform-team",
        }
    }
}

/// What to do next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NextStep {
    /// Whose turn it is.
    pub turn: Turn,
    /// What to do: an imperative, or what is waited for.
    pub action: String,
}

use Turn::{PlatformTeam, Requester, Wait};

/// Kind (`*` for any), reason, whose turn, what to do. `{}` stands for the object. The first row that
/// fits counts.
const STEPS: &[(&str, &str, Turn, &str)] = &[
    ("*", "KindUnknown", PlatformTeam, "install the definition (CRD) of {} in the cluster, or activate it"),
    ("*", "Forbidden", Requester, "ask for the right to read {}, or for somebody's answer who has it"),
    ("*", "Unreachable", Wait, "try again when the cluster answers"),
    ("*", "NotLookedAt", Requester, "look at {} too: it is not in the snapshot"),
    ("*", "NoController", PlatformTeam, "check that the controller for {} is installed and running"),
    ("*", "Paused", PlatformTeam, "resume {}: somebody paused it"),
    ("*", "Suspended", PlatformTeam, "resume {}: somebody suspended it"),
    ("*", "ReconcilePaused", PlatformTeam, "resume {}: somebody paused it"),
    ("*", "Deleting", Wait, "{} goes once its finalizers are done; if it stays, look at their controllers"),
    (
        "HTTPRoute",
        "BackendNotFound",
        Requester,
        "deploy the Service that {} sends to, or correct its name and port",
    ),
    (
        "HTTPRoute",
        "RefNotPermitted",
        Requester,
        "allow {} to reach the other namespace with a ReferenceGrant there",
    ),
    (
        "HTTPRoute",
        "NotAllowedByListeners",
        PlatformTeam,
        "let a listener of the gateway accept routes of the namespace of {}",
    ),
    (
        "HTTPRoute",
        "NoMatchingListenerHostname",
        Requester,
        "use a hostname that a listener of the gateway serves, or have one added for {}",
    ),
    ("HTTPRoute", "NoMatchingParent", PlatformTeam, "correct the gateway or listener that {} names"),
    (
        "Challenge",
        "pending",
        Wait,
        "the certificate authority checks {}; with DNS-01 that takes a few minutes",
    ),
    (
        "Challenge",
        "*",
        PlatformTeam,
        "see why the certificate authority refused {}: the DNS record or the solver is wrong",
    ),
    (
        "Order",
        "*",
        PlatformTeam,
        "see why the certificate authority refused {}: names, rate limit or account",
    ),
    ("CertificateRequest", "Pending", Wait, "{} waits for its issuer or its approval"),
    ("CertificateRequest", "*", PlatformTeam, "see why {} was refused: issuer or policy"),
    ("ClusterIssuer", "*", PlatformTeam, "repair the issuer {}: no certificate can be made with it"),
    ("Issuer", "*", Requester, "repair the issuer {}: no certificate can be made with it"),
    ("Certificate", "Expired", PlatformTeam, "see why {} was not renewed in time"),
    ("Pod", "ImagePullBackOff", Requester, "correct the image of {}, or the right to pull it"),
    ("Pod", "ErrImagePull", Requester, "correct the image of {}, or the right to pull it"),
    ("Pod", "CrashLoopBackOff", Requester, "read the last log lines of {}: it ends right after its start"),
    ("Pod", "PodUnschedulable", PlatformTeam, "make room for {}, or have its requests lowered"),
    ("Deployment", "*", Requester, "look at the Pods of {}"),
    (
        "Group",
        "ReconcileError",
        PlatformTeam,
        "check the rights of the Entra ID provider, and that the members of {} exist",
    ),
    (
        "Member",
        "ReconcileError",
        PlatformTeam,
        "check that the user behind {} exists and the provider may add members",
    ),
    ("Request", "ReconcileError", PlatformTeam, "check the credentials and the address that {} uses"),
    ("*", "ReconcileError", PlatformTeam, "see why the provider cannot carry out {}"),
    (
        "Application",
        "*",
        PlatformTeam,
        "repair the Argo CD application {}: nothing new is applied until then",
    ),
    ("Kustomization", "*", PlatformTeam, "repair the Flux object {}: nothing new is applied until then"),
];

/// The next step for a report.
pub(crate) fn next_step(cause: Option<&Cause>, objects: &[ObjectStatus]) -> Option<NextStep> {
    let Some(cause) = cause else { return drift(objects) };
    let object = cause.path.last()?;
    let of_kind = |kind: &str| kind == "*" || kind == object.gvk.kind;
    let health = cause.verdict.health;
    // A row for any reason speaks of failures: what is on its way or stopped has words of its own.
    let of_reason = |reason: &str| match reason {
        "*" => health == Health::Degraded,
        reason => reason == cause.verdict.reason,
    };
    let row = STEPS.iter().find(|(kind, reason, _, _)| of_kind(kind) && of_reason(reason));
    let (turn, action) = row.map_or_else(|| general(health), |(_, _, turn, action)| (*turn, *action));
    Some(NextStep { turn, action: action.replace("{}", &object.to_string()) })
}

fn general(health: Health) -> (Turn, &'static str) {
    match health {
        Health::Healthy => (Wait, "nothing is left to do for {}"),
        Health::Suspended => (PlatformTeam, "resume {}"),
        Health::Unknown => (PlatformTeam, "find out how {} is: it does not say"),
        Health::Progressing => (Wait, "{} is on its way"),
        Health::Missing => (Wait, "GitOps has not applied {} yet; if it stays away, look at its sync"),
        Health::Degraded => (PlatformTeam, "see why {} fails"),
    }
}

/// All is well, but not as it was asked for.
fn drift(objects: &[ObjectStatus]) -> Option<NextStep> {
    let first = |sync: Sync| objects.iter().find(|object| object.sync == Some(sync));
    if let Some(object) = first(Sync::OutOfSync) {
        let action = format!(
            "GitOps has not applied the change of {} yet, or somebody changed it by hand",
            object.reference
        );
        return Some(NextStep { turn: Wait, action });
    }
    let orphan = first(Sync::Orphaned)?;
    let action = format!("{} is not wanted any more: it goes when GitOps prunes it", orphan.reference);
    Some(NextStep { turn: Wait, action })
}
