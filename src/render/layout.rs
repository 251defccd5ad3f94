//! Where the objects of an entity are written to, and how.
//!
//! One file an entity: `rendered/<cluster>/<namespace>/<kind>-<name>.yaml`, all of the entity and in lower
//! case, with its objects as documents. So a review sees one file for one entity, what an entity does not
//! need any more goes with it, and a file whose entity is gone is seen by its name. Argo CD (a directory with
//! `recurse`) and Flux (a Kustomization without a `kustomization.yaml`) read it as it is.

use serde_json::Value;

use crate::error::Failure;
use crate::object::Object;

/// The folder below which rendered objects are kept.
pub const FOLDER: &str = "rendered";

/// The path of an entity's file, relative to the top of the repository. `None` when the cluster or the
/// entity's kind, namespace or name cannot be a part of a path.
pub fn path(entity: &Value, cluster: &str) -> Option<String> {
    let text = |pointer: &str| entity.pointer(pointer).and_then(Value::as_str);
    let kind = text("/kind")?.to_lowercase();
    let namespace = text("/metadata/namespace").unwrap_or("default").to_lowercase();
    let name = text("/metadata/name")?.to_lowercase();
    let parts = [cluster, &namespace, &kind, &name];
    parts
        .iter()
        .all(|part| is_part(part))
        .then(|| format!("{FOLDER}/{cluster}/{namespace}/{kind}-{name}.yaml"))
}

/// Letters, digits, `-`, `_` and `.`, and not only dots: nothing that leads out of its folder.
fn is_part(text: &str) -> bool {
    let inner = |letter: char| letter.is_ascii_alphanumeric() || "-_.".contains(letter);
    text.len() <= 128
        && text.chars().all(inner)
        && text.starts_with(|letter: char| letter.is_ascii_alphanumeric())
}

/// The content of an entity's file: a line that says where it comes from, then the objects.
///
/// Kubernetes' tools read YAML 1.1, so texts that are something else there (`on`, `0o7`, `1:30`) are quoted.
/// That is why this is not `yaml::emit`, which writes as Backstage does, for readers of YAML 1.2.
pub fn to_yaml(objects: &[Object]) -> Result<String, Failure> {
    documents(objects).map(|documents| format!("{HEADER}{documents}"))
}

/// The line above the objects of a file.
pub const HEADER: &str =
    "# Made by `platform render` from the entity named below. Change the entity, not this file.\n";

/// The objects alone, as [`to_yaml`] writes them.
pub fn documents(objects: &[Object]) -> Result<String, Failure> {
    let mut text = String::new();
    for object in objects {
        let written = serde_saphyr::to_string(&object.0).map_err(|error| {
            Failure::usage(format!("{} cannot be written as YAML", object.reference()))
                .because(error.to_string())
        })?;
        text.push_str("---\n");
        text.push_str(&written);
    }
    Ok(text)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{path, to_yaml};
    use crate::object::Object;

    fn check(name: &str, cluster: &str, expected: Option<&str>) {
        let entity = json!({"kind": "Resource", "metadata": {"name": name}});
        assert_eq!(path(&entity, cluster).as_deref(), expected);
    }

    #[test]
    fn no_name_leads_out_of_the_folder() {
        check("Shop_1.x", "main", Some("rendered/main/default/resource-shop_1.x.yaml"));
        check("../x", "main", None);
        check("x", "..", None);
        check("x", "a/b", None);
        check("", "main", None);
    }

    #[test]
    fn texts_that_are_something_else_in_yaml_1_1_are_quoted() {
        let data = json!({"on": "off", "y": "0755", "time": "1:30", "yes": true, "port": 80, "text": "a"});
        let text = to_yaml(&[Object(json!({"kind": "ConfigMap", "data": data}))]).unwrap();
        let body = text.split_once("data:\n").map(|(_, body)| body);
        let expected = "  \"on\": \"off\"\n  \"y\": \"0755\"\n  time: \"1:30\"\n  \"yes\": true\n  port: 80\n  text: a\n";
        assert_eq!(body, Some(expected));
    }
}
