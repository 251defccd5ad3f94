//! Finds an entity by what somebody types.

use crate::diagnostic::did_you_mean;
use crate::entity::{DEFAULT_NAMESPACE, Entity, EntityRef, reference_parts};

use super::Catalog;

/// What a typed reference means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Found<'a> {
    /// This entity.
    One(&'a Entity),
    /// One of these, sorted by reference: the text does not say which.
    Several(Vec<&'a Entity>),
    /// No entity; with the reference that may have been meant.
    None(Option<EntityRef>),
}

impl Catalog {
    /// Finds `[kind:][namespace/]name`. What is left out may be anything as long as the entity is
    /// the only one; with a kind and no namespace, `default` comes first, as in Backstage.
    pub fn find(&self, text: &str) -> Found<'_> {
        let Ok((kind, namespace, name)) = reference_parts(text) else { return Found::None(None) };
        if let Some(kind) = kind {
            let exact = EntityRef::new(kind, namespace.unwrap_or(DEFAULT_NAMESPACE), name);
            if let Some(entity) = self.get(&exact) {
                return Found::One(entity);
            }
        }
        let (kind, namespace) = (kind.map(str::to_lowercase), namespace.map(str::to_lowercase));
        let name = name.to_lowercase();
        let fits = |reference: &EntityRef| {
            kind.as_deref().is_none_or(|kind| kind == reference.kind())
                && namespace.as_deref().is_none_or(|namespace| namespace == reference.namespace())
        };
        let mut found: Vec<&Entity> = self
            .entities()
            .filter(|entity| entity.reference.name() == name && fits(&entity.reference))
            .collect();
        found.sort_by(|a, b| a.reference.cmp(&b.reference));
        found.dedup_by(|a, b| a.reference == b.reference);
        match found.as_slice() {
            [] => Found::None(self.meant(&name, fits)),
            [one] => Found::One(one),
            _ => Found::Several(found),
        }
    }

    /// The entity whose name is nearest: first among those that fit the rest, then among all.
    fn meant(&self, name: &str, fits: impl Fn(&EntityRef) -> bool) -> Option<EntityRef> {
        let mut references: Vec<&EntityRef> = self.entities().map(|entity| &entity.reference).collect();
        references.sort();
        let nearest = |candidates: &[&EntityRef]| {
            let meant = did_you_mean(name, candidates.iter().map(|reference| reference.name()))?;
            candidates
                .iter()
                .find(|reference| reference.name() == meant)
                .map(|reference| (*reference).clone())
        };
        let fitting: Vec<&EntityRef> =
            references.iter().copied().filter(|reference| fits(reference)).collect();
        nearest(&fitting).or_else(|| nearest(&references))
    }
}

#[cfg(test)]
mod tests {
    use super::Found;
    use crate::catalog::build;
    use crate::source::Sources;

    fn check(text: &str, expected: &str) {
        let entity = |kind: &str, namespace: &str, name: &str| {
            format!("kind: {kind}\nmetadata: {{name: {name}, namespace: {namespace}}}\n---\n")
        };
        let all = entity("Component", "default", "Orders")
            + &entity("API", "default", "orders")
            + &entity("Group", "default", "team-a")
            + &entity("Group", "other", "team-a")
            + &entity("User", "people", "ada");
        let mut sources = Sources::default();
        sources.add("a.yaml", Some(all.into()));
        let (catalog, _) = build(sources);
        let found = match catalog.find(text) {
            Found::One(entity) => entity.reference.to_string(),
            Found::Several(all) => {
                all.iter().map(|entity| entity.reference.as_str()).collect::<Vec<_>>().join(" ")
            }
            Found::None(meant) => format!("no, {}", meant.map_or(String::new(), |meant| meant.to_string())),
        };
        assert_eq!(found, expected, "{text}");
    }

    #[test]
    fn a_name_is_enough_where_it_is_the_only_one() {
        check("ada", "user:people/ada");
        check("ADA", "user:people/ada");
        check("orders", "api:default/orders component:default/orders");
        check("component:orders", "component:default/orders");
        check("group:team-a", "group:default/team-a");
        check("team-a", "group:default/team-a group:other/team-a");
        check("other/team-a", "group:other/team-a");
        check("user:ada", "user:people/ada");
        check("group:taem-a", "no, group:default/team-a");
        check("zebra", "no, ");
        check("", "no, ");
    }
}
