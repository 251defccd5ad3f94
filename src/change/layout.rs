//! Where the files of entities are: the folder that belongs to an entity.

use serde_json::{Value, json};

use crate::entity::{Entity, Relation};
use crate::expression::{Engine, RenderOptions};

/// The folder of an entity as an expression: `catalog/${{ system or domain or owner }}`.
///
/// It may use `kind`, `namespace` and `name` of the entity, and the names of its `system`, `domain` and
/// `owner`. A System, a Domain and a Group are their own, and a User belongs to their first group.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Layout {
    text: String,
}

impl Layout {
    /// The layout that a text says; an error says what is wrong with it.
    pub fn new(text: &str) -> Result<Self, String> {
        let layout = Self { text: text.trim_matches('/').to_owned() };
        let sample = json!({"kind": "component", "namespace": "default", "name": "name", "system": "system",
            "domain": "domain", "owner": "owner"});
        let folder = Engine::default().render(&layout.text, &sample, &RenderOptions::default());
        match folder {
            Ok(folder) if is_folder(&folder) => Ok(layout),
            Ok(folder) => Err(format!("`{folder}` is no folder in the repository")),
            Err(error) => Err(error.message),
        }
    }

    /// The folder of an entity, relative to the root of the repository; `None` where the entity does not
    /// say enough.
    pub fn folder(&self, entity: &Entity) -> Option<String> {
        let own = &entity.reference;
        let of = |kind: &str, relation: Relation| {
            if own.kind() == kind {
                return Value::from(own.name());
            }
            let named = entity.references.iter().filter(|reference| reference.relation == relation);
            let mut fitting = named.filter(|found| kind == "group" || found.target.kind() == kind);
            fitting.next().map_or(Value::Null, |found| Value::from(found.target.name()))
        };
        let owner = match of("group", Relation::OwnedBy) {
            Value::Null => of("group", Relation::MemberOf),
            owner => owner,
        };
        let scope = json!({"kind": own.kind(), "namespace": own.namespace(), "name": own.name(),
            "system": of("system", Relation::PartOf), "domain": of("domain", Relation::PartOf), "owner": owner});
        let options = RenderOptions::default();
        let folder = Engine::default().render(&self.text, &scope, &options).ok()?;
        let is_whole =
            folder.split('/').all(|part| !part.is_empty() && part != "null" && part != "undefined");
        (is_whole && is_folder(&folder)).then_some(folder)
    }
}

/// Whether a text is a relative path that stays where it is.
fn is_folder(text: &str) -> bool {
    let fits = |part: &str| {
        !part.is_empty()
            && !part.starts_with('.')
            && part.len() <= 255
            && !part.contains(|c: char| c.is_control() || c.is_whitespace() || matches!(c, '\\' | ':'))
    };
    text.split('/').all(fits)
}

#[cfg(test)]
mod tests {
    use super::Layout;
    use crate::catalog::build;
    use crate::source::Sources;

    #[track_caller]
    fn check(layout: &str, entity: &str, expected: Option<&str>) {
        let mut sources = Sources::default();
        sources.add("a.yaml", Some(format!("apiVersion: backstage.io/v1alpha1\n{entity}").into()));
        let (catalog, _) = build(sources);
        let entity = catalog.at(0);
        let folder = Layout::new(layout).unwrap().folder(entity);
        assert_eq!(folder.as_deref(), expected, "{}", entity.reference);
    }

    #[test]
    fn entities_are_in_the_folder_of_their_system_or_team() {
        let layout = "catalog/${{ system or domain or owner }}";
        let component = "kind: Component\nmetadata: {name: web}\nspec: {owner: team-a, system: Shop}\n";
        check(layout, component, Some("catalog/shop"));
        check(layout, &component.replace(", system: Shop", ""), Some("catalog/team-a"));
        check(layout, "kind: System\nmetadata: {name: shop}\nspec: {owner: team-a}\n", Some("catalog/shop"));
        check(
            layout,
            "kind: Domain\nmetadata: {name: retail}\nspec: {owner: team-a}\n",
            Some("catalog/retail"),
        );
        check(
            layout,
            "kind: Group\nmetadata: {name: team-a}\nspec: {children: []}\n",
            Some("catalog/team-a"),
        );
        check(
            layout,
            "kind: User\nmetadata: {name: ada}\nspec: {memberOf: [team-a, b]}\n",
            Some("catalog/team-a"),
        );
        check(layout, "kind: Location\nmetadata: {name: x}\n", None);
        check("x/${{ kind }}", component, Some("x/component"));
    }

    #[test]
    fn no_layout_leads_out() {
        for wrong in ["../x", "x/${{ '..' }}", "", "a//b", "${{ name", "a b"] {
            assert!(Layout::new(wrong).is_err(), "{wrong}");
        }
    }
}
