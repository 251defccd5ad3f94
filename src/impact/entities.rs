//! Which entities are made, changed, renamed and destroyed.

use serde_json::Value;

use super::rename::{self, Candidate};
use super::{Action, EntityChange, Side, States, fields};
use crate::entity::EntityRef;

/// The changes, by reference.
pub(super) fn compare(states: &States<'_>) -> Vec<EntityChange> {
    let (mut gone, mut new, mut changes) = (Vec::new(), Vec::new(), Vec::new());
    for entity in &states.candidates {
        let before = states.before.catalog.get(entity).is_some();
        match (before, states.after.catalog.get(entity).is_some()) {
            (true, true) => changes.extend(changed(states, entity)),
            (true, false) => gone.push(candidate(&states.before, entity)),
            (false, true) => new.push(candidate(&states.after, entity)),
            (false, false) => {}
        }
    }
    let renamed = rename::pairs(&gone, &new);
    for old in &gone {
        changes.push(match renamed.get(&old.entity) {
            Some(entity) => rename_of(states, old, entity),
            None => whole(old, Action::Destroy, &states.before),
        });
    }
    let is_renamed = |entity: &EntityRef| renamed.values().any(|new| new == entity);
    let created = new.iter().filter(|new| !is_renamed(&new.entity));
    changes.extend(created.map(|new| whole(new, Action::Create, &states.after)));
    changes.sort_by(|a, b| a.entity.cmp(&b.entity));
    changes
}

fn candidate(side: &Side<'_>, entity: &EntityRef) -> Candidate {
    Candidate {
        entity: entity.clone(),
        spec_type: spec_type(side, entity),
        path: side.place(entity).path,
        value: side.value(entity),
    }
}

fn spec_type(side: &Side<'_>, entity: &EntityRef) -> Option<String> {
    Some(side.catalog.get(entity)?.spec_type.as_ref()?.value.to_string())
}

fn changed(states: &States<'_>, entity: &EntityRef) -> Option<EntityChange> {
    let (before, after) = (states.before.value(entity), states.after.value(entity));
    let fields = fields(&before, &after);
    (!fields.is_empty()).then(|| EntityChange {
        entity: entity.clone(),
        before: None,
        action: Action::Change,
        spec_type: spec_type(&states.after, entity),
        place: states.after.place(entity),
        fields,
    })
}

fn rename_of(states: &States<'_>, old: &Candidate, entity: &EntityRef) -> EntityChange {
    let after: Value = states.after.value(entity);
    EntityChange {
        entity: entity.clone(),
        before: Some(old.entity.clone()),
        action: Action::Rename,
        spec_type: spec_type(&states.after, entity),
        place: states.after.place(entity),
        fields: fields(&old.value, &after),
    }
}

fn whole(candidate: &Candidate, action: Action, side: &Side<'_>) -> EntityChange {
    EntityChange {
        entity: candidate.entity.clone(),
        before: None,
        action,
        spec_type: candidate.spec_type.clone(),
        place: side.place(&candidate.entity),
        fields: Vec::new(),
    }
}
