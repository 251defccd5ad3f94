//! Which objects are made, changed and destroyed.

use std::collections::{BTreeMap, BTreeSet};

use super::{Action, ObjectChange, Side, States, fields};
use crate::entity::EntityRef;
use crate::object::Object;

/// What makes an object the same one: another version of its API does not make it another.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Key {
    cluster: String,
    group: String,
    kind: String,
    namespace: Option<String>,
    name: String,
}

/// An object and where it comes from.
#[derive(Clone, Copy)]
struct Made<'a> {
    entity: &'a EntityRef,
    object: &'a Object,
}

/// The changes, by entity, then by cluster, kind and name.
pub(super) fn compare(states: &States<'_>) -> Vec<ObjectChange> {
    let before = all(&states.before, &states.unknown);
    let after = all(&states.after, &states.unknown);
    let mut changes = Vec::new();
    for (key, made) in &after {
        changes.extend(match before.get(key) {
            Some(old) => changed(key, *old, *made),
            None => Some(whole(key, *made, Action::Create)),
        });
    }
    let gone = before.iter().filter(|(key, _)| !after.contains_key(*key));
    changes.extend(gone.map(|(key, made)| whole(key, *made, Action::Destroy)));
    changes.sort_by(|a, b| {
        let key = |change: &ObjectChange| {
            (change.entity.clone(), change.cluster.clone(), change.action, change.object.clone())
        };
        key(a).cmp(&key(b))
    });
    changes
}

/// All objects of a side; of two with one name the first one.
fn all<'a>(side: &'a Side<'_>, unknown: &BTreeSet<EntityRef>) -> BTreeMap<Key, Made<'a>> {
    let mut found = BTreeMap::new();
    for (entity, resource) in side.resources.iter().filter(|(entity, _)| !unknown.contains(*entity)) {
        for object in &resource.objects {
            let reference = object.reference();
            let key = Key {
                cluster: resource.cluster.clone(),
                group: reference.gvk.group,
                kind: reference.gvk.kind,
                namespace: reference.namespace,
                name: reference.name,
            };
            found.entry(key).or_insert(Made { entity, object });
        }
    }
    found
}

fn changed(key: &Key, old: Made<'_>, new: Made<'_>) -> Option<ObjectChange> {
    let fields = fields(&old.object.0, &new.object.0);
    (!fields.is_empty()).then(|| ObjectChange {
        entity_before: (old.entity != new.entity).then(|| old.entity.clone()),
        fields,
        ..whole(key, new, Action::Change)
    })
}

fn whole(key: &Key, made: Made<'_>, action: Action) -> ObjectChange {
    ObjectChange {
        object: made.object.reference(),
        cluster: key.cluster.clone(),
        entity: made.entity.clone(),
        entity_before: None,
        action,
        fields: Vec::new(),
    }
}
