//! Kubernetes' own kinds. `kubernetes.json` is made from its OpenAPI document by
//! `tests/oracle/kubernetes/regenerate`; what that document does not say is added here from the API's own
//! documentation: the words that a field may be, and fields without which nothing can be made.

use std::collections::BTreeMap;
use std::sync::{Arc, LazyLock};

use serde_json::{Map, Value};

use super::structural::{Id, Schemas, Type};
use crate::object::Gvk;

/// The schemas as one JSON document, 120 KB.
static TEXT: &str = include_str!("kubernetes.json");

/// Kubernetes' own kinds.
pub(super) struct BuiltIn {
    pub schemas: Arc<Schemas>,
    /// The schema of a kind, and whether its objects are in a namespace.
    pub kinds: BTreeMap<Gvk, (Id, bool)>,
    /// The schema of `metadata`.
    pub metadata: Option<Id>,
}

pub(super) static BUILT_IN: LazyLock<BuiltIn> = LazyLock::new(|| {
    let all: Value = serde_json::from_str(TEXT).unwrap_or_default();
    let empty = Map::new();
    let definitions = all.get("definitions").and_then(Value::as_object).unwrap_or(&empty);
    let mut schemas = Schemas::named(definitions);
    complete(&mut schemas);
    let kinds = all.get("kinds").and_then(Value::as_object).into_iter().flatten();
    let kinds = kinds.filter_map(|(name, kind)| {
        let (api_version, word) = name.split_once(' ')?;
        let id = schemas.find(kind.get("is")?.as_str()?)?;
        Some((Gvk::from_api_version(api_version, word), (id, kind.get("namespaced")?.as_bool()?)))
    });
    let kinds = kinds.collect();
    let metadata = schemas.find("io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta");
    BuiltIn { kinds, metadata, schemas: Arc::new(schemas) }
});

/// The words that a field may be: definition, field, words. Those of a list's field are of its items.
const WORDS: &[(&str, &str, &str)] = &[
    ("core.v1.ServiceSpec", "type", "ClusterIP NodePort LoadBalancer ExternalName"),
    ("core.v1.ServiceSpec", "sessionAffinity", "None ClientIP"),
    ("core.v1.ServiceSpec", "externalTrafficPolicy", "Cluster Local"),
    ("core.v1.ServiceSpec", "internalTrafficPolicy", "Cluster Local"),
    ("core.v1.ServiceSpec", "ipFamilyPolicy", "SingleStack PreferDualStack RequireDualStack"),
    ("core.v1.ServiceSpec", "ipFamilies", "IPv4 IPv6"),
    ("core.v1.ServicePort", "protocol", "TCP UDP SCTP"),
    ("core.v1.ContainerPort", "protocol", "TCP UDP SCTP"),
    ("core.v1.Container", "imagePullPolicy", "Always IfNotPresent Never"),
    ("core.v1.Container", "terminationMessagePolicy", "File FallbackToLogsOnError"),
    ("core.v1.PodSpec", "restartPolicy", "Always OnFailure Never"),
    ("core.v1.PodSpec", "dnsPolicy", "ClusterFirst ClusterFirstWithHostNet Default None"),
    ("core.v1.PodSpec", "preemptionPolicy", "Never PreemptLowerPriority"),
    ("core.v1.Toleration", "operator", "Exists Equal Lt Gt"),
    ("core.v1.Toleration", "effect", "NoSchedule PreferNoSchedule NoExecute"),
    ("core.v1.TopologySpreadConstraint", "whenUnsatisfiable", "DoNotSchedule ScheduleAnyway"),
    ("core.v1.NodeSelectorRequirement", "operator", "In NotIn Exists DoesNotExist Gt Lt"),
    (
        "core.v1.PersistentVolumeClaimSpec",
        "accessModes",
        "ReadWriteOnce ReadOnlyMany ReadWriteMany ReadWriteOncePod",
    ),
    ("core.v1.PersistentVolumeClaimSpec", "volumeMode", "Block Filesystem"),
    ("core.v1.ScopedResourceSelectorRequirement", "operator", "In NotIn Exists DoesNotExist"),
    ("apps.v1.DeploymentStrategy", "type", "Recreate RollingUpdate"),
    ("apps.v1.DaemonSetUpdateStrategy", "type", "RollingUpdate OnDelete"),
    ("apps.v1.StatefulSetUpdateStrategy", "type", "RollingUpdate OnDelete"),
    ("apps.v1.StatefulSetSpec", "podManagementPolicy", "OrderedReady Parallel"),
    ("batch.v1.CronJobSpec", "concurrencyPolicy", "Allow Forbid Replace"),
    ("batch.v1.JobSpec", "completionMode", "NonIndexed Indexed"),
    ("autoscaling.v2.MetricSpec", "type", "ContainerResource External Object Pods Resource"),
    ("autoscaling.v2.MetricTarget", "type", "AverageValue Utilization Value"),
    ("networking.v1.NetworkPolicySpec", "policyTypes", "Ingress Egress"),
    ("networking.v1.NetworkPolicyPort", "protocol", "TCP UDP SCTP"),
    ("networking.v1.HTTPIngressPath", "pathType", "Exact Prefix ImplementationSpecific"),
    ("policy.v1.PodDisruptionBudgetSpec", "unhealthyPodEvictionPolicy", "AlwaysAllow IfHealthyBudget"),
    ("rbac.v1.RoleRef", "kind", "Role ClusterRole"),
    ("rbac.v1.RoleRef", "apiGroup", "rbac.authorization.k8s.io"),
    ("rbac.v1.Subject", "kind", "User Group ServiceAccount"),
    ("storage.v1.StorageClass", "reclaimPolicy", "Delete Recycle Retain"),
    ("storage.v1.StorageClass", "volumeBindingMode", "Immediate WaitForFirstConsumer"),
];

/// Kinds that cannot be made without a `spec`.
const WITH_SPEC: &[&str] = &[
    "apps.v1.DaemonSet",
    "apps.v1.Deployment",
    "apps.v1.StatefulSet",
    "autoscaling.v2.HorizontalPodAutoscaler",
    "batch.v1.CronJob",
    "batch.v1.Job",
    "core.v1.PersistentVolumeClaim",
    "core.v1.Pod",
    "core.v1.Service",
];

fn complete(schemas: &mut Schemas) {
    for (definition, field, words) in WORDS {
        let Some(id) = schemas.find(&format!("io.k8s.api.{definition}")) else { continue };
        let Some(&field) = schemas.node(id).properties.get(*field) else { continue };
        let field = schemas.node(field).items.unwrap_or(field);
        schemas.node_mut(field).bounds.options = words.split(' ').map(Value::from).collect();
    }
    for definition in WITH_SPEC {
        if let Some(id) = schemas.find(&format!("io.k8s.api.{definition}")) {
            schemas.node_mut(id).required.push("spec".to_owned());
        }
    }
    if let Some(id) = schemas.find("io.k8s.apimachinery.pkg.apis.meta.v1.LabelSelectorRequirement")
        && let Some(&id) = schemas.node(id).properties.get("operator")
    {
        let words = ["In", "NotIn", "Exists", "DoesNotExist"];
        schemas.node_mut(id).bounds.options = words.map(Value::from).to_vec();
    }
    if let Some(id) = schemas.find("io.k8s.apimachinery.pkg.api.resource.Quantity") {
        schemas.node_mut(id).kind = Type::Quantity;
        schemas.node_mut(id).bounds.format = Some("quantity".to_owned());
    }
}

#[cfg(test)]
mod tests {
    use super::{BUILT_IN, WITH_SPEC, WORDS};

    #[test]
    fn what_is_added_is_added_somewhere() {
        let schemas = &BUILT_IN.schemas;
        assert!(BUILT_IN.kinds.len() >= 40 && BUILT_IN.metadata.is_some());
        for (definition, field, _) in WORDS {
            let id =
                schemas.find(&format!("io.k8s.api.{definition}")).unwrap_or_else(|| panic!("{definition}"));
            assert!(schemas.node(id).properties.contains_key(*field), "{definition} {field}");
        }
        for definition in WITH_SPEC {
            assert!(schemas.find(&format!("io.k8s.api.{definition}")).is_some(), "{definition}");
        }
    }
}
