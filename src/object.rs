//! Kubernetes objects as values: what they are called, what they say of themselves.
//!
//! Nothing here talks to a cluster and nothing judges: `status` does that.

use std::fmt;

use serde_json::Value;

/// Group, version and kind of an object. The core group is the empty string.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Gvk {
    /// API group, empty for core.
    pub group: String,
    /// Version: `v1`.
    pub version: String,
    /// Kind: `HTTPRoute`.
    pub kind: String,
}

impl Gvk {
    /// Splits `apiVersion` (`group/version`, or `version` alone for core).
    pub fn from_api_version(api_version: &str, kind: &str) -> Self {
        let (group, version) = api_version.split_once('/').unwrap_or(("", api_version));
        Self { group: group.into(), version: version.into(), kind: kind.into() }
    }

    /// `group/version`, or `version` alone for core.
    pub fn api_version(&self) -> String {
        if self.group.is_empty() { self.version.clone() } else { format!("{}/{}", self.group, self.version) }
    }
}

/// Names one object. `namespace` is `None` for a cluster-scoped object.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ObjectRef {
    /// What it is.
    pub gvk: Gvk,
    /// Namespace, if it has one.
    pub namespace: Option<String>,
    /// Name.
    pub name: String,
}

impl fmt::Display for ObjectRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.namespace {
            Some(namespace) => write!(f, "{} {namespace}/{}", self.gvk.kind, self.name),
            None => write!(f, "{} {}", self.gvk.kind, self.name),
        }
    }
}

/// A whole object as JSON. The fields that every object has are read on demand, leniently: a field
/// of the wrong type counts as absent.
#[derive(Clone, Debug, PartialEq)]
pub struct Object(pub Value);

impl Object {
    /// The text at a JSON pointer (`/metadata/name`).
    pub fn text(&self, pointer: &str) -> Option<&str> {
        self.0.pointer(pointer).and_then(Value::as_str)
    }

    /// Group, version and kind; empty strings where they are missing.
    pub fn gvk(&self) -> Gvk {
        Gvk::from_api_version(self.text("/apiVersion").unwrap_or(""), self.text("/kind").unwrap_or(""))
    }

    /// What the object is called.
    pub fn reference(&self) -> ObjectRef {
        ObjectRef {
            gvk: self.gvk(),
            namespace: self.text("/metadata/namespace").map(Into::into),
            name: self.text("/metadata/name").unwrap_or("").into(),
        }
    }

    /// `metadata.generation`.
    pub fn generation(&self) -> Option<i64> {
        self.0.pointer("/metadata/generation").and_then(Value::as_i64)
    }

    /// `status.observedGeneration`.
    pub fn observed_generation(&self) -> Option<i64> {
        self.0.pointer("/status/observedGeneration").and_then(Value::as_i64)
    }

    /// `status.conditions`, in order; elements that are no conditions are left out.
    pub fn conditions(&self) -> Vec<Condition> {
        let list = self.0.pointer("/status/conditions").and_then(Value::as_array);
        list.into_iter().flatten().filter_map(Condition::from_value).collect()
    }
}

/// One entry of `status.conditions`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Condition {
    /// What it is about: `Ready`.
    pub kind: String,
    /// `True`, `False` or `Unknown`.
    pub status: String,
    /// A machine's word for why; may be empty.
    pub reason: String,
    /// A sentence for people; may be empty.
    pub message: String,
    /// When the status changed last, RFC 3339, as it was written.
    pub last_transition: Option<String>,
    /// The generation that was looked at.
    pub observed_generation: Option<i64>,
}

impl Condition {
    fn from_value(value: &Value) -> Option<Self> {
        let text = |key: &str| value.get(key).and_then(Value::as_str);
        Some(Self {
            kind: text("type")?.into(),
            status: text("status")?.into(),
            reason: text("reason").unwrap_or("").into(),
            message: text("message").unwrap_or("").into(),
            last_transition: text("lastTransitionTime").map(Into::into),
            observed_generation: value.get("observedGeneration").and_then(Value::as_i64),
        })
    }
}
