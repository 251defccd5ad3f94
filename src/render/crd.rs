//! A `CustomResourceDefinition` as it is kept in a repository: what it defines, and nothing of the cluster
//! that it came from.

use serde_json::{Map, Value, json};

use crate::object::{Object, is_path_part};

/// Annotations that say which version of a project a definition is of; others belong to the cluster.
const VERSIONS: [&str; 3] = [
    "controller-gen.kubebuilder.io/version",
    "gateway.networking.k8s.io/bundle-version",
    "gateway.networking.k8s.io/channel",
];

/// The path and the text of the file of a definition, `crds/<group>/<plural>.yaml`; `None` for an object that
/// is none. The text is the same for the same definition, whichever cluster it comes from.
pub fn crd_file(object: &Object) -> Option<(String, String)> {
    if object.gvk().kind != "CustomResourceDefinition" {
        return None;
    }
    let (group, plural) = (object.text("/spec/group")?, object.text("/spec/names/plural")?);
    if !is_path_part(group) || !is_path_part(plural) {
        return None;
    }
    let mut spec = object.0.get("spec")?.clone();
    // A webhook, with the certificate of its cluster, or the default.
    spec.as_object_mut()?.remove("conversion");
    spec.sort_all_objects();
    let mut metadata = Map::new();
    metadata.insert("name".into(), json!(object.text("/metadata/name")?));
    let annotations = object.0.pointer("/metadata/annotations").and_then(Value::as_object);
    let kept: Map<String, Value> = VERSIONS
        .iter()
        .filter_map(|name| Some(((*name).to_owned(), annotations?.get(*name)?.clone())))
        .collect();
    if !kept.is_empty() {
        metadata.insert("annotations".into(), Value::Object(kept));
    }
    let kept = json!({
        "apiVersion": "apiextensions.k8s.io/v1",
        "kind": "CustomResourceDefinition",
        "metadata": metadata,
        "spec": spec,
    });
    let text = serde_saphyr::to_string(&kept).ok()?;
    Some((
        format!("crds/{group}/{plural}.yaml"),
        format!("# Copied from a cluster by `platform types pull-crds`.\n{text}"),
    ))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{Object, crd_file};

    #[test]
    fn nothing_of_the_cluster_is_kept() {
        let object = |uid: &str| {
            Object(json!({"apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition",
                "metadata": {"name": "widgets.example.com", "uid": uid, "resourceVersion": "7", "managedFields": [],
                    "annotations": {"controller-gen.kubebuilder.io/version": "v0.21.0", "helm.sh/hook": "x"}},
                "spec": {"scope": "Namespaced", "group": "example.com", "names": {"plural": "widgets", "kind": "Widget"},
                    "conversion": {"strategy": "None"}, "versions": []},
                "status": {"storedVersions": ["v1"]}}))
        };
        let (path, text) = crd_file(&object("1")).unwrap();
        assert_eq!(path, "crds/example.com/widgets.yaml");
        assert_eq!(Some((path, text.clone())), crd_file(&object("2")));
        for word in ["uid", "status", "managedFields", "conversion", "helm"] {
            assert!(!text.contains(word), "{word}: {text}");
        }
        assert!(text.contains("v0.21.0"), "{text}");
        let mut escaping = object("1");
        escaping.0["spec"]["group"] = json!("../..");
        assert_eq!(crd_file(&escaping), None);
    }
}
