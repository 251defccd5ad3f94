//! Which YAML files hold entities.
//!
//! A repository is full of YAML that is none of ours: Helm charts, Kubernetes manifests, CI files. A
//! file holds entities when a document in it says so by its apiVersion, or when its name does.

use memchr::memmem;

use crate::yaml::{Document, Node, Tree};

/// The groups of the apiVersions that mark an entity.
const GROUPS: [&str; 2] = ["backstage.io/", "scaffolder.backstage.io/"];

/// Whether a file may hold entities: a quick look at its bytes, without parsing. `false` is certain.
pub fn may_hold_entities(path: &str, text: &str) -> bool {
    has_entity_name(path) || memmem::find(text.as_bytes(), b"backstage.io/").is_some()
}

/// Whether a file holds entities: it is called `catalog-info.yaml`, or the apiVersion of at least one
/// of its documents is Backstage's. All documents of such a file count, as Backstage reads them all. A
/// document that is broken as YAML is judged by its text.
pub fn holds_entities(path: &str, tree: &Tree, text: &str) -> bool {
    has_entity_name(path) || tree.documents(text).any(|document| is_entity(&document, text))
}

/// Whether a file is called as Backstage expects it: it holds entities whatever is in it.
pub fn has_entity_name(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    matches!(name, "catalog-info.yaml" | "catalog-info.yml")
}

fn is_entity(document: &Document<'_>, text: &str) -> bool {
    let Some(root) = document.root() else { return text.lines().any(is_api_version_line) };
    root.get("apiVersion")
        .and_then(Node::as_str)
        .is_some_and(|version| GROUPS.iter().any(|group| version.starts_with(group)))
}

/// Whether a line gives an apiVersion of Backstage, in block or JSON style.
fn is_api_version_line(line: &str) -> bool {
    let line = line.trim_start_matches(['{', '"', ' ', '\'']);
    line.strip_prefix("apiVersion").is_some_and(|rest| {
        let value = rest.trim_start_matches(['"', '\'', ':', ' ']);
        GROUPS.iter().any(|group| value.starts_with(group))
    })
}

#[cfg(test)]
mod tests {
    use super::{holds_entities, may_hold_entities};
    use crate::source::SourceId;
    use crate::yaml;

    fn check(path: &str, text: &str, expected: bool) {
        let (tree, _) = yaml::parse(SourceId(0), text);
        assert_eq!(holds_entities(path, &tree, text), expected, "{path}: {text}");
        assert!(!expected || may_hold_entities(path, text), "the quick look missed {path}: {text}");
    }

    #[test]
    fn only_backstages_own_files_count() {
        check("a.yaml", "apiVersion: backstage.io/v1alpha1\nkind: X\n", true);
        check("a.yaml", "apiVersion: v1\n---\napiVersion: scaffolder.backstage.io/v1beta3\n", true);
        check("a.yaml", "{\"apiVersion\": \"backstage.io/v1alpha1\"}", true);
        check("a.yaml", "apiVersion: backstage.io/v1alpha1\nkind: 'X\n", true);
        check("a/catalog-info.yaml", "kind: X\n", true);
        check("a.yaml", "apiVersion: apps/v1\nkind: Deployment\n", false);
        check("a.yaml", "annotations:\n  backstage.io/kubernetes-id: x\n", false);
        check("chart.yaml", "apiVersion: {{ .Values.a }}: [\n", false);
        check("a.yaml", "", false);
    }
}
