//! Joins what was asked for with what is there.

use std::collections::BTreeSet;

use crate::clock::Timestamp;
use crate::object::{Object, ObjectRef};

use super::edges::{Links, Relation, Target, edges};
use super::health::health_by;
use super::next_step::{NextStep, next_step};
use super::rule::HealthRule;
use super::snapshot::{Listing, Observation, Snapshot};
use super::sync::{Difference, Sync, differences};
use super::verdict::{Health, Verdict};

/// Edges are followed this deep: a chain of real objects has five or six.
const DEPTH: usize = 16;

/// One object of a report.
#[derive(Clone, Debug, PartialEq)]
pub struct ObjectStatus {
    /// What it is called.
    pub reference: ObjectRef,
    /// How its parent led here; `None` for a desired object and an orphan.
    pub relation: Option<Relation>,
    /// Whether it is as it was asked for; `None` for what was not asked for by name.
    pub sync: Option<Sync>,
    /// Where it is not.
    pub differences: Vec<Difference>,
    /// How it is by itself.
    pub verdict: Verdict,
    /// What it led to, by group, kind, namespace and name.
    pub children: Vec<ObjectStatus>,
}

impl ObjectStatus {
    /// The worst of the object and its children. Children of an object whose own word counts for them
    /// (a Deployment that is available, a Certificate that is ready) do not lower it.
    pub fn overall(&self) -> Health {
        if self.speaks_for_its_children() {
            return self.verdict.health;
        }
        let children = self.children.iter().filter(|child| child.relation == Some(Relation::Child));
        children.map(Self::overall).fold(self.verdict.health, Health::max)
    }

    /// Workloads replace their Pods, and cert-manager tries again: what failed on the way does not matter
    /// once the object itself is well.
    fn speaks_for_its_children(&self) -> bool {
        self.verdict.health == Health::Healthy
            && matches!(
                self.reference.gvk.group.as_str(),
                "apps" | "batch" | "cert-manager.io" | "acme.cert-manager.io" | "gateway.networking.k8s.io"
            )
    }
}

/// The object that explains why the whole is not well.
#[derive(Clone, Debug, PartialEq)]
pub struct Cause {
    /// From the desired object to the one that fails, both included.
    pub path: Vec<ObjectRef>,
    /// What is said of the last.
    pub verdict: Verdict,
}

/// What [`assess`] found.
#[derive(Clone, Debug, PartialEq)]
pub struct StatusReport {
    /// The desired objects in their order, then the orphans.
    pub objects: Vec<ObjectStatus>,
    /// The worst of the desired objects; an orphan makes `Synced` to `Orphaned`.
    pub sync: Sync,
    /// The worst of all.
    pub health: Health,
    /// The deepest object that explains it; `None` when all is well.
    pub cause: Option<Cause>,
    /// Whose turn it is, and what to do; `None` when all is well.
    pub next: Option<NextStep>,
}

/// Judges the desired objects of one entity by what was observed.
///
/// Never fails: what could not be read is `Unknown`, with the reason. A desired object that is not in the
/// snapshot is missing; one that another object leads to and nobody looked at is unknown.
pub fn assess(desired: &[Object], snapshot: &Snapshot, now: Timestamp) -> StatusReport {
    assess_by(desired, snapshot, &[], now)
}

/// As [`assess`], with rules for kinds that the resource type knows better.
pub fn assess_by(
    desired: &[Object],
    snapshot: &Snapshot,
    rules: &[HealthRule],
    now: Timestamp,
) -> StatusReport {
    let mut walk = Walk { snapshot, links: Links::new(snapshot), rules, now, seen: BTreeSet::new() };
    // Named first, so that a desired object that is also a child stands where it was asked for.
    walk.seen.extend(desired.iter().map(Object::reference));
    let mut objects: Vec<ObjectStatus> = desired.iter().map(|object| walk.desired(object)).collect();
    objects.extend(walk.orphans(desired));
    let sync = objects.iter().filter_map(|object| object.sync).max().unwrap_or(Sync::Synced);
    let health = objects.iter().map(ObjectStatus::overall).max().unwrap_or(Health::Healthy);
    let cause = find_cause(&objects, health);
    let next = next_step(cause.as_ref(), &objects);
    StatusReport { objects, sync, health, cause, next }
}

struct Walk<'a> {
    snapshot: &'a Snapshot,
    links: Links<'a>,
    rules: &'a [HealthRule],
    now: Timestamp,
    seen: BTreeSet<ObjectRef>,
}

impl Walk<'_> {
    fn desired(&mut self, object: &Object) -> ObjectStatus {
        let reference = object.reference();
        let observed = self.snapshot.get(&reference);
        let (sync, differences) = match observed {
            Some(Observation::Found(observed)) => {
                let differences = differences(object, observed);
                (if differences.is_empty() { Sync::Synced } else { Sync::OutOfSync }, differences)
            }
            Some(Observation::Forbidden(_) | Observation::Unreachable(_)) => (Sync::Unknown, Vec::new()),
            Some(Observation::NotFound | Observation::KindUnknown) | None => (Sync::Missing, Vec::new()),
        };
        let verdict = match observed {
            None => Verdict::new(Health::Missing, "NotFound", "not in the snapshot"),
            Some(observation) => self.verdict(observation, &reference),
        };
        let children = self.children(&reference, 0);
        ObjectStatus { reference, relation: None, sync: Some(sync), differences, verdict, children }
    }

    fn verdict(&self, observation: &Observation, reference: &ObjectRef) -> Verdict {
        match observation {
            Observation::Found(object) => health_by(object, self.rules, self.now),
            Observation::NotFound => Verdict::new(Health::Missing, "NotFound", "not in the cluster"),
            Observation::Forbidden(reason) => Verdict::unknown("Forbidden", reason.as_str()),
            Observation::Unreachable(reason) => Verdict::unknown("Unreachable", reason.as_str()),
            Observation::KindUnknown => {
                let (kind, group) = (&reference.gvk.kind, &reference.gvk.group);
                let message = format!(
                    "the cluster does not know the kind {kind} of {group}: its definition is not installed"
                );
                Verdict::new(Health::Missing, "KindUnknown", message)
            }
        }
    }

    /// What an object leads to, each object once in the whole report.
    fn children(&mut self, parent: &ObjectRef, depth: usize) -> Vec<ObjectStatus> {
        let Some(object) = self.snapshot.object(parent) else { return Vec::new() };
        if depth >= DEPTH {
            return Vec::new();
        }
        let is_deleting = object.text("/metadata/deletionTimestamp").is_some();
        let mut children = Vec::new();
        for (relation, reference) in self.links.neighbours(object) {
            // Shared objects are shown once for each that uses them, but not walked into.
            if relation == Relation::Child && !self.seen.insert(reference.clone()) {
                continue;
            }
            let observation = self.snapshot.get(&reference);
            // A child that went before its parent is what a deletion looks like.
            if is_deleting && matches!(observation, Some(Observation::NotFound)) {
                continue;
            }
            let verdict = match observation {
                None => Verdict::unknown("NotLookedAt", "not in the snapshot"),
                Some(observation) => self.verdict(observation, &reference),
            };
            let below =
                if relation == Relation::Child { self.children(&reference, depth + 1) } else { Vec::new() };
            children.push(ObjectStatus {
                reference,
                relation: Some(relation),
                sync: None,
                differences: Vec::new(),
                verdict,
                children: below,
            });
        }
        children
    }

    /// Objects that say they were rendered for one of these entities and are not wanted any more.
    fn orphans(&mut self, desired: &[Object]) -> Vec<ObjectStatus> {
        let entities: BTreeSet<&str> = desired.iter().filter_map(entity_of).collect();
        let mut orphans = Vec::new();
        for object in self.snapshot.objects() {
            let reference = object.reference();
            let ours = entity_of(object).is_some_and(|entity| entities.contains(entity));
            if !ours || !self.seen.insert(reference.clone()) {
                continue;
            }
            let verdict = health_by(object, self.rules, self.now);
            let (sync, differences, children) = (Some(Sync::Orphaned), Vec::new(), Vec::new());
            orphans.push(ObjectStatus { reference, relation: None, sync, differences, verdict, children });
        }
        orphans
    }
}

/// The entity that an object was rendered for.
fn entity_of(object: &Object) -> Option<&str> {
    let labels = object.0.pointer("/metadata/labels")?;
    labels.get("app.kubernetes.io/managed-by").filter(|by| by.as_str() == Some("platform"))?;
    object.0.pointer("/metadata/annotations")?.get("platform.internal/entity-ref")?.as_str()
}

/// The first of the worst objects, followed down to the leaf that explains it.
fn find_cause(objects: &[ObjectStatus], worst: Health) -> Option<Cause> {
    if worst == Health::Healthy {
        return None;
    }
    let mut node = objects.iter().find(|object| object.overall() == worst)?;
    let mut path = vec![node.reference.clone()];
    while let Some(next) = explains(node) {
        path.push(next.reference.clone());
        node = next;
    }
    Some(Cause { path, verdict: node.verdict.clone() })
}

/// The neighbour that explains why an object is not well, if one does: it is at least as bad. Something
/// shared explains only what is itself not well, and only when it is known to be bad.
fn explains(node: &ObjectStatus) -> Option<&ObjectStatus> {
    let own = node.verdict.health;
    let candidates = node.children.iter().filter(|child| match child.relation {
        Some(Relation::Uses) => own != Health::Healthy && child.verdict.health == Health::Degraded,
        _ => !node.speaks_for_its_children() && child.overall() != Health::Healthy,
    });
    let worst =
        candidates.reduce(|worst, next| if next.overall() > worst.overall() { next } else { worst })?;
    (worst.overall() >= own).then_some(worst)
}

/// What is still to be looked at before [`assess`] can say all it could.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Want {
    /// One object.
    Object(ObjectRef),
    /// All objects of a kind.
    List(Listing),
}

/// Everything that the desired objects and what is known of them lead to, and that `snapshot` does not
/// have. An adapter gets it, adds it to the snapshot (also what it did not find) and asks again until
/// nothing is left. The answers have no duplicates and a fixed order.
pub fn wanted(desired: &[Object], snapshot: &Snapshot) -> Vec<Want> {
    let links = Links::new(snapshot);
    let mut wanted = BTreeSet::new();
    let mut seen: BTreeSet<ObjectRef> = BTreeSet::new();
    let mut level: Vec<ObjectRef> = desired.iter().map(Object::reference).collect();
    for _ in 0..=DEPTH {
        let mut next = Vec::new();
        for reference in std::mem::take(&mut level) {
            if !seen.insert(reference.clone()) {
                continue;
            }
            let Some(observation) = snapshot.get(&reference) else {
                wanted.insert(Want::Object(reference));
                continue;
            };
            let Some(object) = observation.object() else { continue };
            wanted.extend(unasked_lists(object, snapshot));
            next.extend(links.neighbours(object).into_iter().map(|(_, reference)| reference));
        }
        level = next;
    }
    wanted.into_iter().collect()
}

/// Lists that an object leads to and that nobody asked for yet.
fn unasked_lists(object: &Object, snapshot: &Snapshot) -> Vec<Want> {
    let lists = edges(object).into_iter().filter_map(|edge| match edge.target {
        Target::Listed(listing) => Some(listing),
        Target::Object(_) => None,
    });
    lists.filter(|listing| snapshot.listing(listing).is_none()).map(Want::List).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::{Want, assess, wanted};
    use crate::clock::Timestamp;
    use crate::object::Object;
    use crate::status::{Health, Listing, Observation, Snapshot, Sync};

    fn certificate() -> Object {
        Object(json!({
            "apiVersion": "cert-manager.io/v1", "kind": "Certificate",
            "metadata": {"name": "shop", "namespace": "shop", "uid": "c"},
            "spec": {"issuerRef": {"name": "ca", "kind": "ClusterIssuer"}},
        }))
    }

    fn check(snapshot: &Snapshot, expected: &[&str]) {
        let found: Vec<String> = wanted(&[certificate()], snapshot)
            .iter()
            .map(|want| match want {
                Want::Object(reference) => reference.to_string(),
                Want::List(listing) => format!("all {} in {:?}", listing.gvk.kind, listing.namespace),
            })
            .collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn what_is_wanted_grows_with_what_was_found_and_ends() {
        let mut snapshot = Snapshot::new();
        check(&snapshot, &["Certificate shop/shop"]);
        snapshot.found(certificate());
        check(&snapshot, &["ClusterIssuer ca", "all CertificateRequest in Some(\"shop\")"]);
        for want in wanted(&[certificate()], &snapshot) {
            match want {
                Want::Object(reference) => snapshot.insert(reference, Observation::Forbidden("no".into())),
                Want::List(listing) => snapshot.insert_listing(listing, Ok(())),
            }
        }
        check(&snapshot, &[]);
    }

    #[test]
    fn a_listed_object_leads_on() {
        let mut snapshot = Snapshot::from_values([certificate().0]);
        let request = json!({
            "apiVersion": "cert-manager.io/v1", "kind": "CertificateRequest",
            "metadata": {"name": "shop-1", "namespace": "shop", "ownerReferences": [{"uid": "c"}]},
        });
        let gvk = Object(request.clone()).gvk();
        snapshot.found(Object(request));
        let listing = Listing { gvk, namespace: Some("shop".into()), selector: String::new() };
        snapshot.insert_listing(listing, Ok(()));
        check(&snapshot, &["ClusterIssuer ca", "all Order in Some(\"shop\")"]);
    }

    fn observed(observation: Observation) -> (Sync, Health, String) {
        let mut snapshot = Snapshot::new();
        snapshot.insert(certificate().reference(), observation);
        let report = assess(&[certificate()], &snapshot, Timestamp(0));
        (report.sync, report.health, report.cause.map(|cause| cause.verdict.reason).unwrap_or_default())
    }

    #[test]
    fn what_could_not_be_read_is_said() {
        let forbidden = observed(Observation::Forbidden("no".into()));
        assert_eq!(forbidden, (Sync::Unknown, Health::Unknown, "Forbidden".into()));
        let unreachable = observed(Observation::Unreachable("timeout".into()));
        assert_eq!(unreachable, (Sync::Unknown, Health::Unknown, "Unreachable".into()));
        assert_eq!(
            observed(Observation::KindUnknown),
            (Sync::Missing, Health::Missing, "KindUnknown".into())
        );
        assert_eq!(observed(Observation::NotFound), (Sync::Missing, Health::Missing, "NotFound".into()));
    }

    #[test]
    fn objects_that_own_each_other_end_the_walk() {
        let one = |name: &str, uid: &str, owner: &str| -> Value {
            json!({"apiVersion": "v1", "kind": "ConfigMap",
                "metadata": {"name": name, "uid": uid, "ownerReferences": [{"uid": owner}]}})
        };
        let (a, b) = (one("a", "1", "2"), one("b", "2", "1"));
        let desired = [Object(a.clone())];
        let report = assess(&desired, &Snapshot::from_values([a, b]), Timestamp(0));
        assert_eq!(report.objects.len(), 1);
        assert_eq!(report.objects[0].children.len(), 1);
        assert!(report.objects[0].children[0].children.is_empty());
    }

    #[test]
    fn children_that_went_before_their_parent_are_no_failure() {
        let parent = Object(json!({"apiVersion": "example.com/v1", "kind": "X",
            "metadata": {"name": "x", "deletionTimestamp": "2026-11-22T09:00:00Z"},
            "spec": {"resourceRefs": [{"apiVersion": "v1", "kind": "ConfigMap", "name": "gone"}]}}));
        let mut snapshot = Snapshot::from_values([parent.0.clone()]);
        let child = Object(json!({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "gone"}}));
        snapshot.insert(child.reference(), Observation::NotFound);
        let report = assess(&[parent], &snapshot, Timestamp(0));
        assert!(report.objects[0].children.is_empty());
        assert_eq!(report.health, Health::Progressing);
    }
}
