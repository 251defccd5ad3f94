//! The entities that a change touches though nobody changed them.

use std::collections::{BTreeMap, BTreeSet};

use super::access::{expand, groups_above};
use super::{Action, EntityChange, ObjectChange, Side, States};
use crate::entity::{EntityRef, Relation};

/// An entity that is not changed itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Touched {
    /// Which one.
    pub entity: EntityRef,
    /// How many of its objects are made, changed or destroyed.
    pub objects: usize,
    /// The entities that go, or get another name, and that it still names.
    pub dangling: BTreeSet<EntityRef>,
    /// What it is related to now and was not, or the other way round.
    pub relations: Vec<RelationChange>,
    /// Why.
    pub because: BTreeSet<Cause>,
}

/// Why an entity is touched.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Cause {
    /// Its resource type differs, in its definition or its settings.
    Type(String),
    /// Another entity is changed.
    Entity(EntityRef),
}

/// A relation that comes or goes.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct RelationChange {
    /// Which relation, seen from the entity that is touched.
    pub relation: Relation,
    /// The other entity.
    pub other: EntityRef,
    /// Whether it is new.
    pub is_new: bool,
}

/// Those that are touched, by reference.
pub(super) fn find(states: &States<'_>, changes: &[EntityChange], objects: &[ObjectChange]) -> Vec<Touched> {
    let own: BTreeSet<&EntityRef> =
        changes.iter().flat_map(|change| change.before.iter().chain([&change.entity])).collect();
    let mut finder = Finder { states, own, found: BTreeMap::new() };
    finder.objects(objects);
    finder.dangling(changes);
    finder.relations();
    finder.found.into_values().collect()
}

struct Finder<'a> {
    states: &'a States<'a>,
    /// The entities that are changed themselves.
    own: BTreeSet<&'a EntityRef>,
    found: BTreeMap<EntityRef, Touched>,
}

impl Finder<'_> {
    fn entry(&mut self, entity: &EntityRef) -> &mut Touched {
        self.found.entry(entity.clone()).or_insert_with(|| Touched {
            entity: entity.clone(),
            objects: 0,
            dangling: BTreeSet::new(),
            relations: Vec::new(),
            because: BTreeSet::new(),
        })
    }

    fn objects(&mut self, objects: &[ObjectChange]) {
        for change in objects {
            if !self.own.contains(&change.entity) {
                self.entry(&change.entity).objects += 1;
            }
        }
        let entities: Vec<EntityRef> = self.found.keys().cloned().collect();
        for entity in entities {
            let because = self.reasons(&entity);
            self.entry(&entity).because.extend(because);
        }
    }

    /// What the objects of an entity are made of and was changed.
    fn reasons(&self, entity: &EntityRef) -> BTreeSet<Cause> {
        let mut reasons = BTreeSet::new();
        for side in [&self.states.before, &self.states.after] {
            let around = surroundings(side, entity);
            let changed = around.iter().filter(|other| self.own.contains(other));
            reasons.extend(changed.cloned().map(Cause::Entity));
            let spec_type = side.catalog.get(entity).and_then(|entity| entity.spec_type.as_ref());
            if let Some(name) =
                spec_type.map(|it| &*it.value).filter(|it| self.states.types.contains_key(*it))
            {
                reasons.insert(Cause::Type(name.to_owned()));
            }
        }
        reasons
    }

    /// Who still names what goes.
    fn dangling(&mut self, changes: &[EntityChange]) {
        for change in changes {
            let gone = match change.action {
                Action::Destroy => &change.entity,
                Action::Rename => match &change.before {
                    Some(before) => before,
                    None => continue,
                },
                _ => continue,
            };
            for (_, from) in self.states.before.catalog.dependants(gone) {
                let Some(left) = self.states.after.catalog.get(&from) else { continue };
                if left.references.iter().any(|reference| reference.target == *gone) {
                    let because = Cause::Entity(gone.clone());
                    let touched = self.entry(&from);
                    touched.dangling.insert(gone.clone());
                    touched.because.insert(because);
                }
            }
        }
    }

    /// The other ends of relations that come or go.
    fn relations(&mut self) {
        let (before, after) = (self.states.before.catalog, self.states.after.catalog);
        let mut changes: BTreeMap<EntityRef, BTreeSet<RelationChange>> = BTreeMap::new();
        for entity in &self.own {
            let (old, new) = (before.relations(entity), after.relations(entity));
            let differs = |is_new: bool, (relation, other): &(Relation, EntityRef)| {
                let change =
                    RelationChange { relation: relation.reverse(), other: (*entity).clone(), is_new };
                (other.clone(), change)
            };
            let gained = new.difference(&old).map(|it| differs(true, it));
            for (other, change) in gained.chain(old.difference(&new).map(|it| differs(false, it))) {
                changes.entry(other).or_default().insert(change);
            }
        }
        let is_left = |entity: &EntityRef| before.get(entity).is_some() && after.get(entity).is_some();
        for (entity, relations) in changes {
            if is_left(&entity) && !self.own.contains(&entity) {
                let because: Vec<Cause> =
                    relations.iter().map(|change| Cause::Entity(change.other.clone())).collect();
                let touched = self.entry(&entity);
                touched.because.extend(because);
                touched.relations.extend(relations);
            }
        }
    }
}

/// The entities that rendering looks at beside the entity itself: owner, system, the groups below the
/// owner and their members.
fn surroundings(side: &Side<'_>, entity: &EntityRef) -> BTreeSet<EntityRef> {
    let mut around = side.catalog.related(entity, Relation::PartOf);
    let grants = side.resources.get(entity).into_iter().flat_map(|resource| &resource.grants);
    let mut groups = side.catalog.related(entity, Relation::OwnedBy);
    groups.extend(grants.map(|grant| grant.to.clone()));
    for group in groups {
        for (user, through) in expand(side.catalog, &group) {
            around.insert(user);
            around.extend(through);
        }
        // a group that became empty is in no way to a member
        let below = side.catalog.related(&group, Relation::ParentOf);
        let below: Vec<&EntityRef> = below.iter().collect();
        around.extend(groups_above(side.catalog, &below));
        around.insert(group);
    }
    around
}
