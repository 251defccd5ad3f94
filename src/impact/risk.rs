//! What is dangerous about a change, and what to do about it.
//!
//! Told by the rendered objects and the entities alone. What a Composition makes out of a composite resource
//! is not seen: kinds that hold data are known by a table and by their names.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::access::{Holding, Target, effective, expand};
use super::{Action, EntityChange, ObjectChange, Place, Plan, States, risk_hosts};
use crate::entity::{EntityRef, Relation};
use crate::object::{Gvk, ObjectRef};

/// How bad it is, the worst first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// Data is lost, or something in use ends.
    High,
    /// Something in use is interrupted or may be.
    Medium,
    /// Worth a look.
    Low,
}

impl Severity {
    /// The word for it: `high`, `medium`, `low`.
    pub fn word(self) -> &'static str {
        match self {
            Self::High => "high",
            Self::Medium => "medium",
            Self::Low => "low",
        }
    }
}

/// One thing that is dangerous.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Risk {
    /// How bad it is.
    pub severity: Severity,
    /// What sort of danger: `data-loss`.
    pub id: &'static str,
    /// The entity that it is about; for what goes, the old one.
    pub entity: EntityRef,
    /// The object that it is about, if it is about one.
    pub object: Option<ObjectRef>,
    /// Where to look.
    pub place: Place,
    /// What happens and why: one line.
    pub reason: String,
    /// What to do about it: one line.
    pub action: String,
}

/// What risks are found in and added to.
pub(super) struct Finder<'a> {
    pub states: &'a States<'a>,
    pub plan: &'a Plan,
    pub risks: Vec<Risk>,
}

/// All risks, the worst first.
pub(super) fn find(states: &States<'_>, plan: &Plan) -> Vec<Risk> {
    let mut finder = Finder { states, plan, risks: Vec::new() };
    finder.data();
    finder.stranded();
    finder.moves();
    finder.immutable();
    risk_hosts::find(&mut finder);
    for change in &plan.entities {
        finder.entity(change);
    }
    finder.dangling();
    finder.last();
    let mut risks = finder.risks;
    risks.sort();
    risks.dedup();
    risks
}

/// Kinds that hold data, or without which data is lost, by group and kind.
const HOLDS_DATA: [(&str, &str); 22] = [
    ("", "Namespace"),
    ("", "PersistentVolume"),
    ("", "PersistentVolumeClaim"),
    ("acid.zalan.do", "postgresql"),
    ("apps", "StatefulSet"),
    ("beat.k8s.elastic.co", "Beat"),
    ("elasticsearch.k8s.elastic.co", "Elasticsearch"),
    ("k8ssandra.io", "K8ssandraCluster"),
    ("kafka.strimzi.io", "Kafka"),
    ("kafka.strimzi.io", "KafkaNodePool"),
    ("kafka.strimzi.io", "KafkaTopic"),
    ("mariadb.mmontes.io", "MariaDB"),
    ("minio.min.io", "Tenant"),
    ("mongodbcommunity.mongodb.com", "MongoDBCommunity"),
    ("moco.cybozu.com", "MySQLCluster"),
    ("mysql.oracle.com", "InnoDBCluster"),
    ("postgres-operator.crunchydata.com", "PostgresCluster"),
    ("postgresql.cnpg.io", "Cluster"),
    ("rabbitmq.com", "RabbitmqCluster"),
    ("redis.redis.opstreelabs.in", "Redis"),
    ("snapshot.storage.k8s.io", "VolumeSnapshot"),
    ("vault.banzaicloud.com", "Vault"),
];

/// Words in the kinds of custom resources that hold data, cloud resources and composites among them.
const DATA_WORDS: [&str; 22] = [
    "namespace",
    "database",
    "postgres",
    "mysql",
    "mariadb",
    "mongo",
    "redis",
    "valkey",
    "cassandra",
    "kafka",
    "elasticsearch",
    "opensearch",
    "bucket",
    "filesystem",
    "volume",
    "storageaccount",
    "queue",
    "topic",
    "dbinstance",
    "dbcluster",
    "keyvault",
    "registry",
];

/// Whether what such an object stands for is lost with it.
pub fn holds_data(gvk: &Gvk) -> bool {
    if HOLDS_DATA.contains(&(gvk.group.as_str(), gvk.kind.as_str())) {
        return true;
    }
    // Groups without a dot are Kubernetes' own (`apps`, `batch`), and k8s.io is: their kinds are in the table.
    let is_custom = gvk.group.contains('.') && !gvk.group.ends_with("k8s.io");
    let kind = gvk.kind.to_lowercase();
    let is_rule_about = ["policy", "binding", "role", "claim", "user", "acl", "attachment"];
    is_custom
        && DATA_WORDS.iter().any(|word| kind.contains(word))
        && !is_rule_about.iter().any(|word| kind.ends_with(word))
}

/// Fields that the API server does not let anybody change, by kind: the start of their paths.
const IMMUTABLE: [(&str, &str, &[&str]); 9] = [
    (
        "",
        "PersistentVolumeClaim",
        &["spec.storageClassName", "spec.accessModes", "spec.volumeMode", "spec.selector"],
    ),
    ("", "Service", &["spec.clusterIP"]),
    ("", "Secret", &["type"]),
    (
        "apps",
        "StatefulSet",
        &["spec.volumeClaimTemplates", "spec.serviceName", "spec.selector", "spec.podManagementPolicy"],
    ),
    ("apps", "Deployment", &["spec.selector"]),
    ("apps", "DaemonSet", &["spec.selector"]),
    ("batch", "Job", &["spec.template", "spec.selector", "spec.completionMode"]),
    ("rbac.authorization.k8s.io", "RoleBinding", &["roleRef"]),
    ("rbac.authorization.k8s.io", "ClusterRoleBinding", &["roleRef"]),
];

impl Finder<'_> {
    /// Adds a risk; its place is where the entity is written after the change, or was before.
    pub(super) fn add(
        &mut self,
        severity: Severity,
        id: &'static str,
        entity: &EntityRef,
        object: Option<&ObjectRef>,
        texts: (String, impl Into<String>),
    ) {
        let after = self.states.after.place(entity);
        let place = if after.line > 0 { after } else { self.states.before.place(entity) };
        let (reason, action) = (texts.0, texts.1.into());
        let (entity, object) = (entity.clone(), object.cloned());
        self.risks.push(Risk { severity, id, entity, object, place, reason, action });
    }

    fn destroyed(&self) -> impl Iterator<Item = &ObjectChange> {
        self.plan.objects.iter().filter(|change| change.action == Action::Destroy)
    }

    /// The object of the same kind and name that is new: what is destroyed comes back elsewhere.
    fn elsewhere(&self, gone: &ObjectChange) -> Option<&ObjectChange> {
        self.plan.objects.iter().find(|new| {
            new.action == Action::Create
                && new.object.gvk.group == gone.object.gvk.group
                && new.object.gvk.kind == gone.object.gvk.kind
                && new.object.name == gone.object.name
                && (new.object.namespace != gone.object.namespace || new.cluster != gone.cluster)
        })
    }

    /// What an entity is called after the change, if it is renamed.
    fn new_name(&self, entity: &EntityRef) -> Option<&EntityRef> {
        let renamed = self.plan.entities.iter().find(|change| change.before.as_ref() == Some(entity));
        renamed.map(|change| &change.entity)
    }

    fn data(&mut self) {
        let gone: Vec<ObjectChange> =
            self.destroyed().filter(|change| holds_data(&change.object.gvk)).cloned().collect();
        for change in gone {
            let what = &change.object;
            let lost = if what.gvk.kind.to_lowercase().contains("namespace") {
                "everything in the namespace goes with it"
            } else {
                "its data goes with it"
            };
            let why = match self.new_name(&change.entity) {
                Some(new) => format!(
                    ": {} becomes {}, and objects cannot be renamed",
                    change.entity.short(),
                    new.short()
                ),
                None => String::new(),
            };
            let reason = format!("{what} is destroyed, and {lost}{why}");
            let action = "make sure that nobody needs it, or move the data first";
            self.add(Severity::High, "data-loss", &change.entity, Some(what), (reason, action));
        }
    }

    /// Objects that stay in a namespace that goes, and go with it.
    fn stranded(&mut self) {
        let gone: BTreeMap<(String, String), EntityRef> = self
            .destroyed()
            .filter(|change| change.object.gvk.kind.ends_with("Namespace"))
            .map(|change| ((change.cluster.clone(), change.object.name.clone()), change.entity.clone()))
            .collect();
        let mut found = Vec::new();
        for (entity, resource) in &self.states.after.resources {
            let mut inside: BTreeMap<&str, (usize, &EntityRef)> = BTreeMap::new();
            for namespace in resource.objects.iter().filter_map(|object| object.text("/metadata/namespace")) {
                if let Some(of) = gone.get(&(resource.cluster.clone(), namespace.to_owned())) {
                    inside.entry(namespace).or_insert((0, of)).0 += 1;
                }
            }
            found.extend(inside.into_iter().map(|(namespace, (count, of))| {
                let objects = if count == 1 { "1 object".to_owned() } else { format!("{count} objects") };
                let reason =
                    format!("has {objects} in the namespace {namespace}, which goes with {}", of.short());
                (entity.clone(), reason)
            }));
        }
        for (entity, reason) in found {
            let action = "move it to another namespace, or remove it, before the namespace goes";
            self.add(Severity::High, "stranded-objects", &entity, None, (reason, action));
        }
    }

    fn moves(&mut self) {
        let mut moved: BTreeMap<(EntityRef, &'static str, String, String), Vec<ObjectRef>> = BTreeMap::new();
        for gone in self.destroyed() {
            let Some(new) = self.elsewhere(gone) else { continue };
            let key = if new.cluster == gone.cluster {
                let name = |object: &ObjectRef| object.namespace.clone().unwrap_or_default();
                (new.entity.clone(), "namespace-move", name(&gone.object), name(&new.object))
            } else {
                (new.entity.clone(), "cluster-move", gone.cluster.clone(), new.cluster.clone())
            };
            moved.entry(key).or_default().push(gone.object.clone());
        }
        for ((entity, id, from, to), objects) in moved {
            let what = if id == "namespace-move" { "namespace" } else { "cluster" };
            let kinds: BTreeSet<&str> = objects.iter().map(|object| object.gvk.kind.as_str()).collect();
            let kinds = kinds.into_iter().collect::<Vec<_>>().join(", ");
            let holds_data = objects.iter().any(|object| holds_data(&object.gvk));
            let severity = if holds_data { Severity::High } else { Severity::Medium };
            let reason =
                format!("moves from the {what} {from} to {to}: {kinds} removed there and made anew here");
            let action =
                "expect an interruption; make a second entity first and remove this one later to avoid it";
            self.add(severity, id, &entity, None, (reason, action));
        }
    }

    fn immutable(&mut self) {
        let changes: Vec<&ObjectChange> =
            self.plan.objects.iter().filter(|change| change.action == Action::Change).collect();
        for change in changes {
            let gvk = &change.object.gvk;
            let row = IMMUTABLE.iter().find(|row| row.0 == gvk.group && row.1 == gvk.kind);
            let Some((_, _, starts)) = row else { continue };
            let field =
                change.fields.iter().find(|field| starts.iter().any(|start| field.path.starts_with(start)));
            if let Some(field) = field {
                let reason =
                    format!("{}: {} cannot be changed, so applying it fails", change.object, field.path);
                let action = "give the object another name, or delete it in the cluster when that is safe";
                self.add(
                    Severity::High,
                    "immutable-field",
                    &change.entity,
                    Some(&change.object),
                    (reason, action),
                );
            }
        }
    }

    fn entity(&mut self, change: &EntityChange) {
        let before = self.states.before.value(change.before.as_ref().unwrap_or(&change.entity));
        let after = self.states.after.value(&change.entity);
        let text =
            |value: &Value, pointer: &str| value.pointer(pointer).and_then(Value::as_str).map(str::to_owned);
        let lifecycle = (text(&before, "/spec/lifecycle"), text(&after, "/spec/lifecycle"));
        let entity = &change.entity;
        if change.action == Action::Destroy {
            if lifecycle.0.as_deref() == Some("production") {
                let reason = format!("{} is in production and goes", entity.short());
                let action = "make sure that nobody uses it; set its lifecycle to deprecated first";
                self.add(Severity::Medium, "production-destroyed", entity, None, (reason, action));
            }
            return;
        }
        if change.action == Action::Create {
            return;
        }
        if let (Some("production"), Some(new)) = (lifecycle.0.as_deref(), lifecycle.1.as_deref())
            && new != "production"
        {
            let reason = format!("leaves the lifecycle production for {new}");
            let action = "tell those who depend on it; rules that hold for production end";
            self.add(Severity::Medium, "lifecycle-lowered", entity, None, (reason, action));
        }
        if let (Some(old), Some(new)) = (text(&before, "/spec/owner"), text(&after, "/spec/owner"))
            && old != new
        {
            let reason = format!("its owner was {old} and is {new}");
            self.add(Severity::Low, "owner-change", entity, None, (reason, format!("have {new} approve it")));
        }
    }

    fn dangling(&mut self) {
        for touched in self.plan.touched.iter().filter(|touched| !touched.dangling.is_empty()) {
            let gone: Vec<String> = touched.dangling.iter().map(EntityRef::short).collect();
            let reason = format!("still names {}, which is gone then", gone.join(", "));
            let action = "change or remove the reference in the same request";
            self.add(Severity::Medium, "dangling-reference", &touched.entity, None, (reason, action));
        }
    }

    /// Things that lose the last who may administer them, or everybody.
    fn last(&mut self) {
        let held = [effective(&self.states.before), effective(&self.states.after)];
        let [before, after] = held.map(|held| by_target(&held));
        for (target, (entity, levels)) in &before {
            let is_left = self.states.after.resources.get(entity).is_some_and(|resource| {
                resource.cluster == target.0 && resource.grants.iter().any(|grant| grant.on == target.1)
            });
            if !is_left || self.states.unknown.contains(entity) {
                continue;
            }
            match after.get(target) {
                None => {
                    let reason = format!("nobody has access to {} any more", target.1);
                    let action = "add a member to the group, or another group";
                    self.add(Severity::High, "last-member-lost", entity, None, (reason, action));
                }
                Some((_, left)) if levels.contains("admin") && !left.contains("admin") => {
                    let reason = format!("nobody has admin access to {} any more", target.1);
                    self.add(
                        Severity::Medium,
                        "last-admin-lost",
                        entity,
                        None,
                        (reason, "leave one who has"),
                    );
                }
                Some(_) => {}
            }
        }
        let groups: BTreeSet<&EntityRef> =
            self.plan.access.memberships.iter().filter(|it| !it.joins).map(|it| &it.group).collect();
        for group in groups {
            let catalog = self.states.after.catalog;
            let owns = catalog.related(group, Relation::OwnerOf).len();
            if catalog.get(group).is_some() && owns > 0 && expand(catalog, group).is_empty() {
                let reason = format!("has no members any more and owns {owns}");
                let action = "add a member, or give what it owns to another group";
                self.add(Severity::Medium, "group-emptied", group, None, (reason, action));
            }
        }
    }
}

/// Of each thing the entity that gives access to it, and the levels that anybody has.
fn by_target(
    held: &BTreeMap<(EntityRef, Target), Vec<Holding>>,
) -> BTreeMap<Target, (EntityRef, BTreeSet<String>)> {
    let mut found: BTreeMap<Target, (EntityRef, BTreeSet<String>)> = BTreeMap::new();
    for ((_, target), holdings) in held {
        for holding in holdings {
            let entry =
                found.entry(target.clone()).or_insert_with(|| (holding.entity.clone(), BTreeSet::new()));
            entry.1.insert(holding.level.clone());
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::holds_data;
    use crate::object::Gvk;

    #[test]
    fn kinds_that_hold_data_are_known() {
        let check = |api_version: &str, kind: &str, expected: bool| {
            assert_eq!(
                holds_data(&Gvk::from_api_version(api_version, kind)),
                expected,
                "{api_version} {kind}"
            );
        };
        check("v1", "Namespace", true);
        check("v1", "ConfigMap", false);
        check("apps/v1", "StatefulSet", true);
        check("apps/v1", "Deployment", false);
        check("platform.internal/v1alpha1", "PlatformNamespace", true);
        check("s3.aws.upbound.io/v1beta1", "Bucket", true);
        check("s3.aws.upbound.io/v1beta1", "BucketPolicy", false);
        check("postgresql.cnpg.io/v1", "Cluster", true);
        check("cluster.x-k8s.io/v1beta1", "Cluster", false);
        check("gateway.networking.k8s.io/v1", "HTTPRoute", false);
    }
}
