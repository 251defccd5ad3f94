//! What the chosen resource types bring into a cluster: their kinds, and the files that define them.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::source::SourceId;
use crate::yaml;

/// A kind of Kubernetes objects.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Kind {
    /// Its API group; empty for the core.
    pub group: String,
    /// Its name.
    pub name: String,
    /// The version that is used.
    pub version: String,
    /// Its name in URLs.
    pub plural: String,
}

/// Everything about the types that GitOps has to know.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Kinds {
    /// The kinds that the types themselves define.
    pub composites: BTreeSet<Kind>,
    /// Objects that are in no namespace.
    pub cluster: BTreeSet<Kind>,
    /// Objects that are in one.
    pub namespaced: BTreeSet<Kind>,
}

impl Kinds {
    /// Adds what `type.yaml` makes.
    pub fn add_type(&mut self, text: &str) {
        for value in documents(text) {
            let objects = value.pointer("/spec/objects").and_then(Value::as_array);
            for manifest in objects.into_iter().flatten().filter_map(|object| object.get("manifest")) {
                let Some(kind) = kind_of(manifest) else { continue };
                let is_namespaced = manifest.pointer("/metadata/namespace").is_some();
                if is_namespaced {
                    self.namespaced.insert(kind)
                } else {
                    self.cluster.insert(kind)
                };
            }
        }
    }

    /// Adds the composite resources that a file defines.
    pub fn add_definitions(&mut self, text: &str) {
        for value in documents(text) {
            let text = |pointer: &str| Some(value.pointer(pointer)?.as_str()?.to_owned());
            if text("/kind").as_deref() != Some("CompositeResourceDefinition") {
                continue;
            }
            let definition = || {
                Some(Kind {
                    group: text("/spec/group")?,
                    name: text("/spec/names/kind")?,
                    version: text("/spec/versions/0/name")?,
                    plural: text("/spec/names/plural")?,
                })
            };
            self.composites.extend(definition());
        }
    }
}

/// The kind of a manifest; `None` where an expression makes it. Its plural is guessed as `kubectl` does for
/// a kind that it has not seen.
fn kind_of(manifest: &Value) -> Option<Kind> {
    let text = |key: &str| manifest.get(key)?.as_str().filter(|text| !text.contains("${{"));
    let (api_version, kind) = (text("apiVersion")?, text("kind")?);
    let (group, version) = api_version.split_once('/').unwrap_or(("", api_version));
    let lower = kind.to_lowercase();
    let plural = match lower.strip_suffix('y') {
        Some(stem) => format!("{stem}ies"),
        None if lower.ends_with('s') => format!("{lower}es"),
        None => format!("{lower}s"),
    };
    Some(Kind { group: group.into(), name: kind.into(), version: version.into(), plural })
}

fn documents(text: &str) -> Vec<Value> {
    let (tree, _) = yaml::parse(SourceId(0), text);
    tree.documents(text).filter_map(|document| Some(document.root()?.to_json())).collect()
}

#[cfg(test)]
mod tests {
    use super::Kinds;
    use crate::ops::types;

    fn check(name: &str, composites: &[&str], cluster: &[&str], namespaced: &[&str]) {
        let mut kinds = Kinds::default();
        for (path, text) in types::built_in_files(name) {
            if path == "type.yaml" { kinds.add_type(text) } else { kinds.add_definitions(text) }
        }
        let names = |found: &std::collections::BTreeSet<super::Kind>| {
            found.iter().map(|kind| kind.plural.clone()).collect::<Vec<_>>()
        };
        assert_eq!(names(&kinds.composites), composites);
        assert_eq!(names(&kinds.cluster), cluster);
        assert_eq!(names(&kinds.namespaced), namespaced);
    }

    #[test]
    fn the_kinds_of_the_built_in_types_are_known() {
        check("kubernetes-namespace", &["platformnamespaces"], &["platformnamespaces"], &[]);
        check(
            "dns-record",
            &[],
            &[],
            &["certificates", "dnsendpoints", "httproutes", "listenersets", "referencegrants"],
        );
    }
}
