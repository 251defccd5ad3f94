//! What a change does: two states of a catalog, with the objects of their entities, to a plan.
//!
//! [`compare`] tells which entities and objects are made, changed and destroyed, field by field; which
//! others are touched by that; who gains or loses access; and what about it is dangerous. Pure: who reads
//! the states, and renders what may differ, is `ops::diff`. It does not judge whether the states are
//! right: `rules` does that.

mod access;
mod entities;
mod fields;
mod guard;
mod objects;
mod rename;
mod risk;
mod risk_hosts;
mod touched;

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::catalog::Catalog;
use crate::entity::EntityRef;
use crate::object::{Object, ObjectRef};
use crate::render::Grant;
use crate::source::LineIndex;

pub use access::{Access, AccessChange, MembershipChange, groups_above};
pub use fields::{FieldChange, fields};
pub use guard::{ALLOW_ANNOTATION, Guard, Refusal, guard};
pub use risk::{Risk, Severity, holds_data};
pub use touched::{Cause, RelationChange, Touched};

/// What one entity becomes.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Resource {
    /// The cluster that its objects go to.
    pub cluster: String,
    /// Its objects.
    pub objects: Vec<Object>,
    /// The access that it gives.
    pub grants: Vec<Grant>,
}

/// One state.
pub struct Side<'a> {
    /// All entities.
    pub catalog: &'a Catalog,
    /// What entities become. Those that become the same on both sides may be left out.
    pub resources: BTreeMap<EntityRef, Resource>,
}

/// Two states.
pub struct States<'a> {
    /// The state before the change.
    pub before: Side<'a>,
    /// The state after it.
    pub after: Side<'a>,
    /// The entities that may differ. All others are the same on both sides.
    pub candidates: BTreeSet<EntityRef>,
    /// Entities whose objects are not known on one side: their objects are not compared.
    pub unknown: BTreeSet<EntityRef>,
    /// The resource types whose definition or settings differ, with what happened to them.
    pub types: BTreeMap<String, Action>,
}

/// What happens to something.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Action {
    /// It is new.
    Create,
    /// It is there on both sides and differs.
    Change,
    /// It is there on both sides under different names.
    Rename,
    /// It goes.
    Destroy,
}

impl Action {
    /// The word for it: `create`, `change`, `rename`, `destroy`.
    pub fn word(self) -> &'static str {
        match self {
            Self::Create => "create",
            Self::Change => "change",
            Self::Rename => "rename",
            Self::Destroy => "destroy",
        }
    }
}

/// Where an entity is written.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// Path in the repository.
    pub path: String,
    /// Line, from 1; 0 where it is not known.
    pub line: u32,
}

/// What happens to an entity.
#[derive(Clone, Debug, PartialEq)]
pub struct EntityChange {
    /// Which one: its name after the change, before it if it goes.
    pub entity: EntityRef,
    /// What it was called, if it is renamed.
    pub before: Option<EntityRef>,
    /// What happens.
    pub action: Action,
    /// `spec.type`, where it has one.
    pub spec_type: Option<String>,
    /// Where it is written; the old place if it goes.
    pub place: Place,
    /// The fields that differ; none if it is new or goes.
    pub fields: Vec<FieldChange>,
}

/// What happens to an object.
#[derive(Clone, Debug, PartialEq)]
pub struct ObjectChange {
    /// Which one.
    pub object: ObjectRef,
    /// The cluster that it is in.
    pub cluster: String,
    /// The entity that it belongs to; the old one if it goes.
    pub entity: EntityRef,
    /// The entity that it belonged to, if that was another one.
    pub entity_before: Option<EntityRef>,
    /// What happens: never [`Action::Rename`], as Kubernetes has no such thing.
    pub action: Action,
    /// The fields that differ; none if it is new or goes.
    pub fields: Vec<FieldChange>,
}

/// Everything that a change does.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Plan {
    /// The entities, by reference.
    pub entities: Vec<EntityChange>,
    /// The resource types whose definition or settings differ.
    pub types: BTreeMap<String, Action>,
    /// The objects, by entity, then by name.
    pub objects: Vec<ObjectChange>,
    /// The entities that are not changed themselves.
    pub touched: Vec<Touched>,
    /// Who gains and loses what.
    pub access: Access,
    /// What is dangerous, the worst first.
    pub risks: Vec<Risk>,
}

impl Plan {
    /// Whether nothing differs.
    pub fn is_empty(&self) -> bool {
        self.entities.is_empty() && self.types.is_empty() && self.objects.is_empty()
    }

    /// How many entities and objects are made, changed, renamed and destroyed.
    pub fn count(&self, action: Action) -> (usize, usize) {
        let entities = self.entities.iter().filter(|change| change.action == action).count();
        (entities, self.objects.iter().filter(|change| change.action == action).count())
    }
}

/// Compares two states.
pub fn compare(states: &States<'_>) -> Plan {
    let entities = entities::compare(states);
    let objects = objects::compare(states);
    let access = access::compare(states, &entities);
    let touched = touched::find(states, &entities, &objects);
    let mut plan =
        Plan { entities, types: states.types.clone(), objects, touched, access, risks: Vec::new() };
    plan.risks = risk::find(states, &plan);
    plan
}

impl Side<'_> {
    /// The whole entity; null if it is not there.
    fn value(&self, entity: &EntityRef) -> Value {
        self.catalog.value(entity).unwrap_or_default()
    }

    /// Where an entity is written.
    fn place(&self, entity: &EntityRef) -> Place {
        let Some(entity) = self.catalog.get(entity) else { return Place { path: String::new(), line: 0 } };
        let sources = self.catalog.sources();
        let path = sources.path(entity.span.source).to_owned();
        let line = sources
            .text(entity.span.source)
            .map_or(0, |text| LineIndex::new(text).position(text, entity.span.start).line);
        Place { path, line }
    }
}

#[cfg(test)]
mod tests;
