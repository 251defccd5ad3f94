//! Checks objects against the definitions of their kinds, offline.
//!
//! Definitions are Kubernetes' own kinds, `CustomResourceDefinition`s and Crossplane's
//! `CompositeResourceDefinition`s. What the API server would refuse in an object that is created, with
//! `fieldValidation=Strict`, is found: unknown and missing fields, types, enumerations, patterns, limits,
//! formats, items given twice, metadata, and the rules in CEL. Not looked at: admission webhooks, what
//! Kubernetes' own kinds want beside their schema (ports that are given twice, say), and what only
//! other objects tell.

mod built_in;
mod formats;
mod metadata;
mod rules;
mod structural;
mod walk;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use serde_json::Value;

use crate::diagnostic::did_you_mean;
use crate::object::{Gvk, Object};

use built_in::BUILT_IN;
use rules::Runner;
use structural::{Id, Node, Schemas};
pub use walk::Violation;
use walk::{Stage, Walk};

/// Defaults are filled in down to this depth.
const DEPTH: u32 = 64;

/// The definitions of kinds, beside Kubernetes' own.
#[derive(Clone, Debug, Default)]
pub struct Definitions {
    kinds: BTreeMap<Gvk, Arc<Kind>>,
}

#[derive(Debug)]
struct Kind {
    schemas: Schemas,
    root: Id,
    is_namespaced: bool,
}

/// What was found in one object.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Checked {
    /// What the API server would refuse.
    pub violations: Vec<Violation>,
    /// Whether the object's kind is known; nothing but its metadata is looked at otherwise.
    pub is_known: bool,
    /// The rules of its definition that could not be decided, each with the reason.
    pub undecided: BTreeSet<String>,
}

/// One thing that is wrong with a definition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DefinitionFault {
    /// A JSON pointer into the definition.
    pub pointer: String,
    /// What is wrong.
    pub message: String,
}

impl Definitions {
    /// Adds the kinds that an object defines, if it is a definition. A kind that is there already stays.
    /// Says what of it could not be read.
    pub fn add(&mut self, object: &Object) -> Vec<DefinitionFault> {
        let mut faults = Vec::new();
        let is_composite = match object.gvk().kind.as_str() {
            "CompositeResourceDefinition" => true,
            "CustomResourceDefinition" => false,
            _ => return faults,
        };
        let text = |at: &str| object.text(at).filter(|text| !text.is_empty()).map(str::to_owned);
        let mut required = |at: &str| {
            let found = text(at);
            if found.is_none() {
                let message = format!("a definition needs `{}`", at.rsplit('/').next().unwrap_or(at));
                faults.push(DefinitionFault { pointer: at.to_owned(), message });
            }
            found
        };
        let (Some(group), Some(kind)) = (required("/spec/group"), required("/spec/names/kind")) else {
            return faults;
        };
        let claim = text("/spec/claimNames/kind").filter(|_| is_composite);
        let versions = object.0.pointer("/spec/versions").and_then(Value::as_array);
        for (index, version) in versions.into_iter().flatten().enumerate() {
            let name = version.get("name").and_then(Value::as_str).unwrap_or("");
            // An API server knows nothing of a version that is not served.
            if name.is_empty() || version.get("served") == Some(&Value::Bool(false)) {
                continue;
            }
            let open = serde_json::json!({"type": "object", "x-kubernetes-preserve-unknown-fields": true});
            let schema = version.pointer("/schema/openAPIV3Schema").unwrap_or(&open);
            for kind in std::iter::once(&kind).chain(&claim) {
                let is_claim = Some(kind) == claim.as_ref();
                let made = Kind::of(object, schema, is_composite, is_claim);
                let at = format!("/spec/versions/{index}/schema/openAPIV3Schema");
                faults.extend(made.schemas.faults.iter().map(|(below, message)| DefinitionFault {
                    pointer: format!("{at}{below}"),
                    message: message.clone(),
                }));
                let gvk = Gvk { group: group.clone(), version: name.to_owned(), kind: kind.clone() };
                self.kinds.entry(gvk).or_insert_with(|| Arc::new(made));
            }
        }
        faults
    }

    /// Whether there is a definition of the object's kind in its version.
    pub fn knows(&self, object: &Object) -> bool {
        self.knows_kind(&object.gvk())
    }

    /// The same for a kind.
    pub fn knows_kind(&self, gvk: &Gvk) -> bool {
        self.kinds.contains_key(gvk) || BUILT_IN.kinds.contains_key(gvk)
    }

    /// What the API server would refuse in a whole object.
    pub fn check(&self, object: &Object) -> Checked {
        let (mut checked, custom) = self.walk(object, Stage::Object);
        if let Some(kind) = custom.filter(|_| checked.violations.is_empty())
            && kind.schemas.node(kind.root).has_rules
        {
            let complete = rules::complete(&kind.schemas, kind.root, &object.0, DEPTH);
            let mut runner = Runner { schemas: &kind.schemas, found: Vec::new(), undecided: BTreeSet::new() };
            runner.value(kind.root, &complete, &mut String::new());
            checked.violations = runner.found;
            checked.undecided = runner.undecided;
        }
        checked.violations.sort();
        checked.violations.dedup();
        checked
    }

    /// What the API server would refuse in every object that is made of a manifest with expressions, which
    /// stand for any value. The pointers are those of the manifest.
    pub fn check_template(&self, manifest: &Value) -> Checked {
        let (mut checked, _) = self.walk(&Object(manifest.clone()), Stage::Template);
        checked.violations.sort();
        checked
    }

    fn walk(&self, object: &Object, stage: Stage) -> (Checked, Option<&Kind>) {
        let gvk = object.gvk();
        let built_in = &*BUILT_IN;
        let custom = self.kinds.get(&gvk).map(Arc::as_ref);
        let (schemas, root, is_namespaced) = match (custom, built_in.kinds.get(&gvk)) {
            (Some(kind), _) => (&kind.schemas, kind.root, Some(kind.is_namespaced)),
            (None, Some((root, is_namespaced))) => (&*built_in.schemas, *root, Some(*is_namespaced)),
            (None, None) => return (self.unknown(object, &gvk, stage), None),
        };
        let mut walk = Walk::new(schemas, stage);
        walk.value(root, &object.0, &mut String::new());
        let mut violations = walk.found;
        if custom.is_some() {
            violations.extend(metadata_fields(object, stage));
        }
        if stage == Stage::Object {
            violations.extend(metadata::check(object, is_namespaced));
        }
        (Checked { violations, is_known: true, undecided: BTreeSet::new() }, custom)
    }

    /// Of an object whose kind is not known only the metadata is looked at, and whether the kind is a
    /// misspelt one of a group that is known.
    fn unknown(&self, object: &Object, gvk: &Gvk, stage: Stage) -> Checked {
        let mut violations = metadata_fields(object, stage);
        if stage == Stage::Object {
            violations.extend(metadata::check(object, None));
        }
        let all = || self.kinds.keys().chain(BUILT_IN.kinds.keys()).filter(|it| it.group == gvk.group);
        let versions: Vec<String> = all().filter(|it| it.kind == gvk.kind).map(Gvk::api_version).collect();
        let meant = did_you_mean(&gvk.kind, all().map(|it| it.kind.as_str()));
        let (at, help) = match (versions.first(), meant) {
            (Some(_), _) => ("/apiVersion", format!("write {}", versions.join(" or "))),
            (None, Some(meant)) => ("/kind", format!("write `{meant}`")),
            (None, None) => {
                return Checked { violations, ..Checked::default() };
            }
        };
        violations.push(Violation {
            pointer: at.to_owned(),
            message: format!("there is no kind {} in {}", gvk.kind, gvk.api_version()),
            help: Some(help),
            is_of_value: true,
        });
        // it is known not to be there
        Checked { violations, is_known: true, undecided: BTreeSet::new() }
    }
}

/// The fields of `metadata`, which a definition cannot change.
fn metadata_fields(object: &Object, stage: Stage) -> Vec<Violation> {
    let (Some(id), Some(metadata)) = (BUILT_IN.metadata, object.0.get("metadata")) else {
        return Vec::new();
    };
    let mut walk = Walk::new(&BUILT_IN.schemas, stage);
    walk.value(id, metadata, &mut "/metadata".to_owned());
    walk.found
}

impl Kind {
    fn of(definition: &Object, schema: &Value, is_composite: bool, is_claim: bool) -> Self {
        let (mut schemas, root) = Schemas::structural(schema);
        let open = schemas.add(Node::open());
        let properties = &mut schemas.node_mut(root).properties;
        for name in ["apiVersion", "kind", "metadata"] {
            properties.insert(name.to_owned(), open);
        }
        let scope = definition.text("/spec/scope");
        let is_modern = definition.gvk().version == "v2";
        if is_composite {
            properties.entry("status".to_owned()).or_insert(open);
            let names: &[&str] =
                if is_modern && scope != Some("LegacyCluster") { &["crossplane"] } else { LEGACY };
            if let Some(&spec) = properties.get("spec") {
                let properties = &mut schemas.node_mut(spec).properties;
                for name in names {
                    properties.entry((*name).to_owned()).or_insert(open);
                }
            }
        }
        let default = if is_composite && !is_modern { "Cluster" } else { "Namespaced" };
        let is_namespaced = is_claim || scope.unwrap_or(default) == "Namespaced";
        Self { schemas, root, is_namespaced }
    }
}

/// What Crossplane adds to the spec of a composite resource or claim of its first version.
const LEGACY: &[&str] = &[
    "claimRef",
    "compositeDeletePolicy",
    "compositionRef",
    "compositionRevisionRef",
    "compositionRevisionSelector",
    "compositionSelector",
    "compositionUpdatePolicy",
    "publishConnectionDetailsTo",
    "resourceRef",
    "resourceRefs",
    "writeConnectionSecretToRef",
];

#[cfg(test)]
mod tests;
