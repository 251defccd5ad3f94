//! Prints the schemas of Kubernetes' own kinds as one JSON document: kinds with their scope, and the
//! definitions they are made of, without the descriptions.

use std::collections::BTreeMap;

use k8s_openapi::api;
use k8s_openapi::{ClusterResourceScope, NamespaceResourceScope, Resource};
use schemars::{JsonSchema, SchemaGenerator, generate::SchemaSettings};
use serde_json::{Value, json};

/// Whether the objects of a scope are in a namespace.
trait Scope {
    const NAMESPACED: bool;
}

impl Scope for NamespaceResourceScope {
    const NAMESPACED: bool = true;
}

impl Scope for ClusterResourceScope {
    const NAMESPACED: bool = false;
}

struct Kinds {
    generator: SchemaGenerator,
    kinds: BTreeMap<String, Value>,
}

impl Kinds {
    fn add<T: Resource + JsonSchema>(&mut self)
    where
        T::Scope: Scope,
    {
        self.generator.subschema_for::<T>();
        let kind = json!({ "is": T::schema_name(), "namespaced": T::Scope::NAMESPACED });
        self.kinds.insert(format!("{} {}", T::API_VERSION, T::KIND), kind);
    }
}

macro_rules! add {
    ($to:ident, $($group:ident $version:ident $kind:ident,)+) => {
        $($to.add::<api::$group::$version::$kind>();)+
    };
}

fn main() {
    let generator = SchemaSettings::draft07().into_generator();
    let mut kinds = Kinds { generator, kinds: BTreeMap::new() };
    add! { kinds,
        admissionregistration v1 MutatingWebhookConfiguration,
        admissionregistration v1 ValidatingAdmissionPolicy,
        admissionregistration v1 ValidatingAdmissionPolicyBinding,
        admissionregistration v1 ValidatingWebhookConfiguration,
        apps v1 DaemonSet,
        apps v1 Deployment,
        apps v1 ReplicaSet,
        apps v1 StatefulSet,
        autoscaling v2 HorizontalPodAutoscaler,
        batch v1 CronJob,
        batch v1 Job,
        coordination v1 Lease,
        core v1 ConfigMap,
        core v1 Endpoints,
        core v1 LimitRange,
        core v1 Namespace,
        core v1 PersistentVolume,
        core v1 PersistentVolumeClaim,
        core v1 Pod,
        core v1 PodTemplate,
        core v1 ReplicationController,
        core v1 ResourceQuota,
        core v1 Secret,
        core v1 Service,
        core v1 ServiceAccount,
        discovery v1 EndpointSlice,
        networking v1 Ingress,
        networking v1 IngressClass,
        networking v1 NetworkPolicy,
        node v1 RuntimeClass,
        policy v1 PodDisruptionBudget,
        rbac v1 ClusterRole,
        rbac v1 ClusterRoleBinding,
        rbac v1 Role,
        rbac v1 RoleBinding,
        scheduling v1 PriorityClass,
        storage v1 CSIDriver,
        storage v1 StorageClass,
    }
    kinds.add::<k8s_openapi::apiextensions_apiserver::pkg::apis::apiextensions::v1::CustomResourceDefinition>();
    kinds.add::<k8s_openapi::kube_aggregator::pkg::apis::apiregistration::v1::APIService>();
    let definitions: BTreeMap<String, Value> = kinds
        .generator
        .take_definitions(true)
        .into_iter()
        .map(|(name, schema)| (name, compact(schema)))
        .collect();
    println!("{{\"source\":\"the OpenAPI document of Kubernetes 1.35, by way of k8s-openapi 0.29.0 (Apache-2.0)\",");
    println!("\"kinds\":{{");
    lines(&kinds.kinds);
    println!("}},\n\"definitions\":{{");
    lines(&definitions);
    println!("}}}}");
}

/// One entry a line, so that a new version can be read as a diff.
fn lines(entries: &BTreeMap<String, Value>) {
    for (index, (name, value)) in entries.iter().enumerate() {
        let comma = if index + 1 == entries.len() { "" } else { "," };
        println!("{}:{value}{comma}", json!(name));
    }
}

/// Without what is for people, and with short references.
fn compact(value: Value) -> Value {
    match value {
        Value::Object(fields) => fields
            .into_iter()
            .filter(|(name, value)| name != "description" || !value.is_string())
            .map(|(name, value)| match value.as_str() {
                Some(text) if name == "$ref" => (name, json!(text.trim_start_matches("#/definitions/"))),
                _ => (name, compact(value)),
            })
            .map(|(name, value)| match (name.as_str(), value.as_array()) {
                // a reference with a description beside it
                ("allOf", Some(one)) if one.len() == 1 && one[0].get("$ref").is_some() => {
                    ("$ref".to_owned(), one[0]["$ref"].clone())
                }
                _ => (name, value),
            })
            .collect(),
        Value::Array(items) => items.into_iter().map(compact).collect(),
        other => other,
    }
}
