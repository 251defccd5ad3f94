//! Where the objects of an entity are written to, and how.
//!
//! One file an entity: `rendered/<cluster>/<namespace>/<kind>-<name>.yaml`, all of the entity and in lower
//! case, with its objects as documents. So a review sees one file for one entity, what an entity does not
//! need any more goes with it, and a file whose entity is gone is seen by its name. Argo CD (a directory with
//! `recurse`) and Flux (a Kustomization without a `kustomization.yaml`) read it as it is.

use serde_json::Value;

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

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::path;

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
}
