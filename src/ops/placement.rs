//! Where the files of a template go in this repository: entities into the folders that its layout says, and
//! registered locations into the catalog.

use serde_json::{Value, json};

use crate::catalog::Catalog;
use crate::change::layout::Layout;
use crate::entity;
use crate::fs;
use crate::scaffolder::{Entry, Files, FilesError, Outcome, Registration};
use crate::source::SourceId;
use crate::yaml;

/// The files of a template where this repository wants them. Without a layout they stay where the template
/// puts them.
pub(super) fn placed(
    outcome: &Outcome,
    made: &Files,
    layout: Option<&Layout>,
    catalog: &Catalog,
    catalog_folder: &str,
) -> Result<Files, FilesError> {
    let mut placed = Files::default();
    for (path, entry) in made.iter() {
        match entry {
            Entry::File { bytes, executable } => {
                let path =
                    layout.and_then(|layout| wanted(layout, path, bytes)).unwrap_or_else(|| path.to_owned());
                placed.write(&path, bytes.clone(), *executable)?;
            }
            Entry::Link { target } => placed.link(path, target.clone())?,
            Entry::Folder => {}
        }
    }
    for registration in &outcome.registrations {
        if let Some((name, text)) = location(outcome, registration, catalog) {
            placed.write(&format!("{catalog_folder}/locations/{name}.yaml"), text.into_bytes(), false)?;
        }
    }
    Ok(placed)
}

/// The path of a file of entities that all belong into one folder.
fn wanted(layout: &Layout, path: &str, bytes: &[u8]) -> Option<String> {
    let text = std::str::from_utf8(bytes).ok().filter(|_| fs::is_yaml(std::path::Path::new(path)))?;
    let (tree, _) = yaml::parse(SourceId(0), text);
    let entities = tree.documents(text).filter_map(|document| entity::decode(&document).0);
    let mut folders: Vec<String> = entities.map(|entity| layout.folder(&entity)).collect::<Option<_>>()?;
    folders.dedup();
    let [folder] = folders.as_slice() else { return None };
    Some(format!("{folder}/{}", path.rsplit('/').next()?))
}

/// The Location of a registered address. What the template itself publishes is in this repository already,
/// and what is in the catalog is not added again.
fn location(outcome: &Outcome, registration: &Registration, catalog: &Catalog) -> Option<(String, String)> {
    let path = registration.path.as_deref().unwrap_or_default().trim_start_matches('/');
    let target = match path {
        "" => registration.url.clone(),
        path => format!("{}/{path}", registration.url.trim_end_matches('/')),
    };
    let url = url::Url::parse(&target).ok().filter(|url| matches!(url.scheme(), "http" | "https"))?;
    let is_published = outcome.changes.iter().any(|change| {
        let repository = &change.repository;
        let parts: Vec<&str> = url.path().split('/').collect();
        url.host_str().is_some_and(|host| repository.host.starts_with(host))
            && repository.repo.as_deref().is_some_and(|repo| parts.contains(&repo))
    });
    let is_known = catalog.entities().any(|entity| {
        entity
            .location
            .as_deref()
            .is_some_and(|location| location.targets.iter().any(|known| known.value == target))
    });
    if is_published || is_known {
        return None;
    }
    let name = name(&url);
    let mut spec = json!({"type": "url", "target": target});
    if registration.optional {
        spec["presence"] = Value::from("optional");
    }
    let entity = json!({"apiVersion": "backstage.io/v1alpha1", "kind": "Location", "metadata": {"name": name.clone()},
        "spec": spec});
    Some((name, yaml::emit::to_string(&entity)))
}

/// A valid name that says where it leads: the owner and the repository.
fn name(url: &url::Url) -> String {
    let parts: Vec<&str> = url.path().split('/').filter(|part| !part.is_empty()).take(2).collect();
    let text = parts.join("-");
    let plain: String = text
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '-' })
        .take(60)
        .collect();
    let parts: Vec<&str> = plain.split('-').filter(|part| !part.is_empty()).collect();
    if parts.is_empty() { "registered".to_owned() } else { parts.join("-") }
}

#[cfg(test)]
mod tests {
    use super::placed;
    use crate::catalog::Catalog;
    use crate::change::layout::Layout;
    use crate::scaffolder::{Files, Outcome, Registration};

    const ORDERS: &[u8] = b"apiVersion: backstage.io/v1alpha1\nkind: Component\nmetadata: {name: orders}\nspec: {type: x, lifecycle: x, owner: team-a}\n";

    #[track_caller]
    fn check(layout: Option<&str>, url: &str, expected: &[&str]) {
        let mut made = Files::default();
        made.write("out/orders.yaml", ORDERS.to_vec(), false).unwrap();
        made.write("README.md", b"x".to_vec(), false).unwrap();
        let registration = Registration { step: "r".into(), url: url.into(), path: None, optional: false };
        let outcome = Outcome { registrations: vec![registration], ..Outcome::default() };
        let layout = layout.map(|text| Layout::new(text).unwrap());
        let placed = placed(&outcome, &made, layout.as_ref(), &Catalog::default(), "catalog").unwrap();
        assert_eq!(placed.iter().map(|(path, _)| path).collect::<Vec<_>>(), expected);
    }

    #[test]
    fn files_go_where_the_repository_wants_them() {
        let url = "https://github.com/acme/orders/blob/main/catalog-info.yaml";
        check(None, "", &["README.md", "out/orders.yaml"]);
        check(Some("entities/${{ owner }}"), "", &["README.md", "entities/team-a/orders.yaml"]);
        check(None, url, &["README.md", "catalog/locations/acme-orders.yaml", "out/orders.yaml"]);
    }
}
