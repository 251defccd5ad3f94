//! How the entities relate, in both directions.

use std::collections::BTreeSet;

use crate::entity::{Entity, EntityRef, Relation};

use super::Catalog;
use super::index::Index;

/// Who names whom, by position, sorted by the one who is named.
#[derive(Debug)]
pub(super) struct Edges {
    incoming: Vec<Edge>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Edge {
    target: u32,
    from: u32,
    relation: Relation,
}

impl Edges {
    pub(super) fn new(entities: &[Entity], index: &Index) -> Self {
        let mut incoming: Vec<Edge> = Vec::new();
        for (from, entity) in entities.iter().enumerate() {
            for reference in &entity.references {
                if let Some(target) = index.get(&reference.target, entities) {
                    let relation = reference.relation;
                    incoming.push(Edge { target: target as u32, from: from as u32, relation });
                }
            }
        }
        incoming.sort_unstable();
        incoming.dedup();
        Self { incoming }
    }

    fn of(&self, target: u32) -> &[Edge] {
        let start = self.incoming.partition_point(|edge| edge.target < target);
        let end = self.incoming.partition_point(|edge| edge.target <= target);
        &self.incoming[start..end]
    }
}

impl Catalog {
    /// All relations of an entity as Backstage stitches them: those it names and those in which
    /// others name it, seen from its side. Sorted, each once. Empty when there is no such entity.
    pub fn relations(&self, reference: &EntityRef) -> BTreeSet<(Relation, EntityRef)> {
        let Some(at) = self.index.get(reference, &self.entities) else { return BTreeSet::new() };
        let named = self.entities[at]
            .references
            .iter()
            .map(|reference| (reference.relation, reference.target.clone()));
        let naming = self
            .edges()
            .of(at as u32)
            .iter()
            .map(|edge| (edge.relation.reverse(), self.entities[edge.from as usize].reference.clone()));
        named.chain(naming).collect()
    }

    /// The entities that name this one, in their own words: `ownedBy` for what a group owns. Sorted.
    pub fn dependants(&self, reference: &EntityRef) -> BTreeSet<(Relation, EntityRef)> {
        let Some(at) = self.index.get(reference, &self.entities) else { return BTreeSet::new() };
        let naming = self.edges().of(at as u32).iter();
        naming.map(|edge| (edge.relation, self.entities[edge.from as usize].reference.clone())).collect()
    }

    /// The entities that stand in `relation` to this one.
    pub fn related(&self, reference: &EntityRef, relation: Relation) -> BTreeSet<EntityRef> {
        let related = self.relations(reference).into_iter();
        related.filter(|(found, _)| *found == relation).map(|(_, other)| other).collect()
    }

    /// The users of a group and of the groups below it, also where groups contain one another. A user
    /// who is named but not in the catalog is a member all the same. Sorted.
    pub fn members(&self, group: &EntityRef) -> BTreeSet<EntityRef> {
        let mut members = BTreeSet::new();
        let mut seen = BTreeSet::from([group.clone()]);
        let mut open = vec![group.clone()];
        while let Some(group) = open.pop() {
            for (relation, other) in self.relations(&group) {
                match relation {
                    Relation::HasMember => {
                        members.insert(other);
                    }
                    Relation::ParentOf if seen.insert(other.clone()) => open.push(other),
                    _ => {}
                }
            }
        }
        members
    }
}

#[cfg(test)]
mod tests {
    use crate::catalog::{Catalog, build};
    use crate::entity::EntityRef;
    use crate::source::Sources;

    fn catalog() -> Catalog {
        let group = |name: &str, spec: &str| {
            format!(
                "apiVersion: backstage.io/v1alpha1\nkind: Group\nmetadata: {{name: {name}}}\n\
                 spec: {{type: team, {spec}}}\n---\n"
            )
        };
        let all = group("top", "children: [left], members: [ada]")
            + &group("left", "children: [top]")
            + &group("right", "children: [], parent: top")
            + "apiVersion: backstage.io/v1alpha1\nkind: User\nmetadata: {name: bob}\nspec: {memberOf: [right]}\n";
        let mut sources = Sources::default();
        sources.add("a.yaml", Some(all.into()));
        let (catalog, findings) = build(sources);
        assert_eq!(findings, []);
        catalog
    }

    fn check(found: impl IntoIterator<Item = String>, expected: &[&str]) {
        assert_eq!(found.into_iter().collect::<Vec<_>>(), expected);
    }

    #[test]
    fn members_come_from_groups_below_even_in_a_circle() {
        let group = |name| EntityRef::new("group", "default", name);
        let members = |name| catalog().members(&group(name)).into_iter().map(|member| member.to_string());
        check(members("top"), &["user:default/ada", "user:default/bob"]);
        check(members("left"), &["user:default/ada", "user:default/bob"]);
        check(members("right"), &["user:default/bob"]);
        check(members("none"), &[]);
    }

    #[test]
    fn relations_are_seen_from_both_sides() {
        let catalog = catalog();
        let show = |set: std::collections::BTreeSet<(super::Relation, EntityRef)>| {
            set.into_iter().map(|(relation, other)| format!("{relation} {}", other.short()))
        };
        let top = EntityRef::new("group", "default", "top");
        check(
            show(catalog.relations(&top)),
            &["childOf group:left", "parentOf group:left", "parentOf group:right", "hasMember user:ada"],
        );
        check(show(catalog.dependants(&top)), &["childOf group:right", "parentOf group:left"]);
    }
}
