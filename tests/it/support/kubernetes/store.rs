//! The kinds and objects of the server.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use super::Fault;

/// A kind that is served.
#[derive(Clone, Debug)]
pub struct Kind {
    /// Group, empty for core.
    pub group: String,
    /// Version.
    pub version: String,
    /// `Certificate`.
    pub word: String,
    /// Plural in lower case.
    pub plural: String,
    /// Whether its objects have a namespace.
    pub namespaced: bool,
    /// `type`, `properties`, `required`, `items`, `additionalProperties` of the whole object;
    /// `None` takes everything.
    pub schema: Option<Value>,
}

impl Kind {
    /// A namespaced kind.
    pub fn namespaced(api_version: &str, kind: &str, plural: &str) -> Self {
        let (group, version) = api_version.split_once('/').unwrap_or(("", api_version));
        let (group, version) = (group.to_owned(), version.to_owned());
        Self {
            group,
            version,
            word: kind.to_owned(),
            plural: plural.to_owned(),
            namespaced: true,
            schema: None,
        }
    }

    /// A kind without namespaces.
    pub fn cluster(api_version: &str, kind: &str, plural: &str) -> Self {
        Self { namespaced: false, ..Self::namespaced(api_version, kind, plural) }
    }

    /// Checks applied objects against a schema of their fields beside `metadata`.
    #[must_use]
    pub fn fields(mut self, properties: &Value) -> Self {
        let mut all = json!({ "apiVersion": { "type": "string" }, "kind": { "type": "string" },
            "metadata": { "type": "object", "additionalProperties": true },
            "status": { "type": "object", "additionalProperties": true } });
        all.as_object_mut().unwrap().extend(properties.as_object().unwrap().clone());
        self.schema = Some(json!({ "type": "object", "properties": all }));
        self
    }

    pub(super) fn api_version(&self) -> String {
        if self.group.is_empty() { self.version.clone() } else { format!("{}/{}", self.group, self.version) }
    }

    /// Whether no CRD is behind it. Lists and discovery leave out what such a kind is.
    pub(super) fn is_built_in(&self) -> bool {
        matches!(self.group.as_str(), "" | "apps" | "batch" | "rbac.authorization.k8s.io")
    }

    /// `certificates.cert-manager.io`.
    pub(super) fn resource(&self) -> String {
        if self.group.is_empty() { self.plural.clone() } else { format!("{}.{}", self.plural, self.group) }
    }
}

/// Group, plural, namespace (empty without), name.
pub(super) type Key = (String, String, String, String);

/// Everything the server knows.
pub(super) struct Store {
    pub(super) kinds: Vec<Kind>,
    pub(super) objects: BTreeMap<Key, Value>,
    /// Who applied which leaf of an object last.
    pub(super) owners: BTreeMap<Key, BTreeMap<String, String>>,
    pub(super) forbidden: BTreeSet<(String, String)>,
    /// Of the names of objects what their apply is refused with.
    pub(super) refused: BTreeMap<String, (u16, String, String, Value)>,
    pub(super) events: Vec<(u64, &'static str, Key, Value)>,
    pub(super) revision: u64,
    pub(super) oldest: u64,
    pub(super) fault: Fault,
    pub(super) seen: Vec<String>,
}

impl Store {
    pub(super) fn new() -> Self {
        let mut store = Self {
            kinds: kinds(),
            objects: BTreeMap::new(),
            owners: BTreeMap::new(),
            forbidden: BTreeSet::new(),
            refused: BTreeMap::new(),
            events: Vec::new(),
            revision: 100,
            oldest: 0,
            fault: Fault::None,
            seen: Vec::new(),
        };
        store.ensure_namespace("default");
        store
    }

    pub(super) fn kind(&self, api_version: &str, kind: &str) -> &Kind {
        let found = self.kinds.iter().find(|known| known.api_version() == api_version && known.word == kind);
        found.unwrap_or_else(|| panic!("the server has no kind {api_version} {kind}"))
    }

    pub(super) fn key(&self, object: &Value) -> Key {
        let text = |pointer: &str| object.pointer(pointer).and_then(Value::as_str).unwrap_or("");
        let kind = self.kind(text("/apiVersion"), text("/kind"));
        let namespace = if kind.namespaced { text("/metadata/namespace") } else { "" };
        assert!(!kind.namespaced || !namespace.is_empty(), "{object} has no namespace");
        (kind.group.clone(), kind.plural.clone(), namespace.to_owned(), text("/metadata/name").to_owned())
    }

    pub(super) fn put(&mut self, object: Value) {
        let key = self.key(&object);
        if !key.2.is_empty() {
            self.ensure_namespace(&key.2);
        }
        self.store(key, object);
    }

    /// Stores an object and gives it what every stored object has.
    pub(super) fn store(&mut self, key: Key, mut object: Value) -> Value {
        self.revision += 1;
        let before = self.objects.get(&key);
        let metadata = object["metadata"].as_object_mut().unwrap();
        let uid = format!("00000000-0000-4000-8000-{:012x}", self.revision);
        let kept = |field: &str| before.and_then(|before| before["metadata"].get(field)).cloned();
        metadata.entry("uid").or_insert_with(|| kept("uid").unwrap_or_else(|| uid.into()));
        let created = "2026-11-22T09:00:00Z";
        metadata
            .entry("creationTimestamp")
            .or_insert_with(|| kept("creationTimestamp").unwrap_or_else(|| created.into()));
        metadata.insert("resourceVersion".to_owned(), self.revision.to_string().into());
        if !metadata.contains_key("generation") {
            let last = before.and_then(|before| before["metadata"]["generation"].as_u64()).unwrap_or(0);
            let same = before.is_some_and(|before| before.get("spec") == object.get("spec"));
            object["metadata"]["generation"] = (if same { last } else { last + 1 }).into();
        }
        let event = if before.is_some() { "MODIFIED" } else { "ADDED" };
        self.events.push((self.revision, event, key.clone(), object.clone()));
        self.objects.insert(key, object.clone());
        object
    }

    pub(super) fn remove(
        &mut self,
        api_version: &str,
        kind: &str,
        namespace: Option<&str>,
        name: &str,
    ) -> bool {
        let kind = self.kind(api_version, kind);
        let key =
            (kind.group.clone(), kind.plural.clone(), namespace.unwrap_or("").to_owned(), name.to_owned());
        self.remove_key(&key)
    }

    pub(super) fn remove_key(&mut self, key: &Key) -> bool {
        let Some(mut object) = self.objects.remove(key) else { return false };
        self.owners.remove(key);
        self.revision += 1;
        object["metadata"]["resourceVersion"] = self.revision.to_string().into();
        self.events.push((self.revision, "DELETED", key.clone(), object));
        true
    }

    pub(super) fn find(
        &self,
        api_version: &str,
        kind: &str,
        namespace: Option<&str>,
        name: &str,
    ) -> Option<&Value> {
        let kind = self.kind(api_version, kind);
        let key =
            (kind.group.clone(), kind.plural.clone(), namespace.unwrap_or("").to_owned(), name.to_owned());
        self.objects.get(&key)
    }

    pub(super) fn has_namespace(&self, name: &str) -> bool {
        self.objects.contains_key(&(String::new(), "namespaces".to_owned(), String::new(), name.to_owned()))
    }

    pub(super) fn compact(&mut self) {
        self.revision += 1;
        self.oldest = self.revision;
        self.events.clear();
    }

    pub(super) fn ensure_namespace(&mut self, name: &str) {
        if !self.has_namespace(name) {
            let labels = json!({ "kubernetes.io/metadata.name": name });
            self.put(json!({ "apiVersion": "v1", "kind": "Namespace", "metadata": { "name": name, "labels": labels },
                "spec": { "finalizers": ["kubernetes"] }, "status": { "phase": "Active" } }));
        }
    }
}

/// What is served from the start.
fn kinds() -> Vec<Kind> {
    let certificate = json!({ "type": "object", "required": ["issuerRef", "secretName"], "properties": {
        "dnsNames": { "type": "array", "items": { "type": "string" } }, "secretName": { "type": "string" },
        "duration": { "type": "string" }, "renewBefore": { "type": "string" },
        "issuerRef": { "type": "object", "required": ["name"], "properties": {
            "name": { "type": "string" }, "kind": { "type": "string" }, "group": { "type": "string" } } } } });
    let labels = json!({ "type": "object", "additionalProperties": { "type": "string" } });
    let endpoint = json!({ "type": "object", "properties": { "endpoints": { "type": "array", "items": {
        "type": "object", "properties": { "dnsName": { "type": "string" }, "recordType": { "type": "string" },
            "recordTTL": { "type": "integer" }, "targets": { "type": "array", "items": { "type": "string" } },
            "labels": labels, "setIdentifier": { "type": "string" }, "providerSpecific": { "type": "array" } } } } } });
    vec![
        Kind::cluster("v1", "Namespace", "namespaces"),
        Kind::namespaced("v1", "ConfigMap", "configmaps")
            .fields(&json!({ "data": labels, "immutable": { "type": "boolean" } })),
        Kind::namespaced("v1", "Event", "events"),
        Kind::namespaced("v1", "Service", "services"),
        Kind::namespaced("v1", "ResourceQuota", "resourcequotas"),
        Kind::namespaced("apps/v1", "Deployment", "deployments"),
        Kind::namespaced("rbac.authorization.k8s.io/v1", "RoleBinding", "rolebindings"),
        Kind::namespaced("cert-manager.io/v1", "Certificate", "certificates")
            .fields(&json!({ "spec": certificate })),
        Kind::namespaced("externaldns.k8s.io/v1alpha1", "DNSEndpoint", "dnsendpoints")
            .fields(&json!({ "spec": endpoint })),
        Kind::namespaced("gateway.networking.k8s.io/v1", "HTTPRoute", "httproutes"),
        Kind::namespaced("gateway.networking.k8s.io/v1", "Gateway", "gateways"),
    ]
}
