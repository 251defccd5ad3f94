//! `add-member`: who belongs to a group, written where the catalog keeps it.
//!
//! A membership stands in `spec.members` of the Group or in `spec.memberOf` of the User; Backstage reads
//! both. A group that lists members keeps its list, all others are named by their users.

use serde_json::Value;

use super::edit::Change;
use crate::catalog::Catalog;
use crate::entity::{Entity, EntityRef, Relation};

/// Changes, each with the entity that they are made to.
pub type Changes<'a> = Vec<(&'a Entity, Vec<Change>)>;

/// What makes the user a member; nothing when they are one already.
pub fn add<'a>(catalog: &Catalog, group: &'a Entity, user: &'a Entity) -> Changes<'a> {
    if catalog.related(&user.reference, Relation::MemberOf).contains(&group.reference) {
        return Vec::new();
    }
    let value = catalog.value_of(group).unwrap_or_default();
    let (entity, list, other) = match value.pointer("/spec/members") {
        Some(Value::Array(_)) => (group, "/spec/members", user),
        _ => (user, "/spec/memberOf", group),
    };
    let item = Value::String(item(catalog, entity, list, other));
    vec![(entity, vec![Change::Append { pointer: list.to_owned(), item }])]
}

/// What ends the membership, in both places; nothing when there is none. The user need not be in the
/// catalog any more.
pub fn remove<'a>(
    catalog: &Catalog,
    group: &'a Entity,
    user: &EntityRef,
    user_entity: Option<&'a Entity>,
) -> Changes<'a> {
    let in_group = removals(catalog, group, "/spec/members", "user", user);
    let in_user = user_entity
        .map(|entity| (entity, removals(catalog, entity, "/spec/memberOf", "group", &group.reference)));
    [(group, in_group)].into_iter().chain(in_user).filter(|(_, changes)| !changes.is_empty()).collect()
}

/// The removals of all items of a list that name `other`, the last one first: so the places of the
/// others stay what they are.
fn removals(catalog: &Catalog, entity: &Entity, list: &str, kind: &str, other: &EntityRef) -> Vec<Change> {
    let namespace = entity.reference.namespace();
    let names = |item: &Value| {
        let parsed = EntityRef::parse(item.as_str().unwrap_or_default(), Some(kind), namespace);
        parsed.is_ok_and(|found| found == *other)
    };
    let value = catalog.value_of(entity).unwrap_or_default();
    let items = value.pointer(list).and_then(Value::as_array).cloned().unwrap_or_default();
    let found = items.iter().enumerate().rev().filter(|(_, item)| names(item));
    found.map(|(index, _)| Change::Remove { pointer: format!("{list}/{index}") }).collect()
}

/// How `other` is written in a list: as short as it stays clear, with its kind where the list does so.
fn item(catalog: &Catalog, entity: &Entity, list: &str, other: &Entity) -> String {
    let value = catalog.value_of(other).unwrap_or_default();
    let written = value.pointer("/metadata/name").and_then(Value::as_str);
    let name = written.unwrap_or_else(|| other.reference.name());
    let (kind, namespace) = (other.reference.kind(), other.reference.namespace());
    let name = if namespace == entity.reference.namespace() {
        name.to_owned()
    } else {
        format!("{namespace}/{name}")
    };
    let value = catalog.value_of(entity).unwrap_or_default();
    let first = value.pointer(list).and_then(|items| items.get(0)).and_then(Value::as_str);
    if first.is_some_and(|first| first.contains(':')) { format!("{kind}:{name}") } else { name }
}
