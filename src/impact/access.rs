//! Who gains and loses what: access that resources give, and membership in groups.
//!
//! A group has the members of the groups below it, as Backstage and the resource types see it. Groups that
//! contain one another are no obstacle: each is looked at once.

use std::collections::{BTreeMap, BTreeSet};

use super::{EntityChange, Side, States};
use crate::catalog::Catalog;
use crate::entity::{EntityRef, Relation};

/// The levels that contain one another, the least first: the user-facing cluster roles of Kubernetes.
const LEVELS: [&str; 3] = ["view", "edit", "admin"];

/// Who gains and loses what.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Access {
    /// Access to what resources give access to, by user.
    pub grants: Vec<AccessChange>,
    /// Membership in groups, by group.
    pub memberships: Vec<MembershipChange>,
}

/// Access of a user to one thing.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct AccessChange {
    /// The user.
    pub user: EntityRef,
    /// What it is access to: `namespace shop`.
    pub on: String,
    /// The cluster that it is in.
    pub cluster: String,
    /// The entity that gives it.
    pub entity: EntityRef,
    /// The level before; `None` for no access.
    pub before: Option<String>,
    /// The level after; `None` for no access.
    pub after: Option<String>,
    /// The groups through which the user has, or had, it: the one that is named first, the one that the
    /// user is in last. Empty for a user who is named.
    pub through: Vec<EntityRef>,
}

/// A user who joins or leaves a group.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct MembershipChange {
    /// The group.
    pub group: EntityRef,
    /// The user.
    pub user: EntityRef,
    /// Whether the user joins.
    pub joins: bool,
    /// The groups below through which that is; empty for a member of the group itself.
    pub through: Vec<EntityRef>,
}

pub(super) fn compare(states: &States<'_>, changes: &[EntityChange]) -> Access {
    Access { grants: grants(states), memberships: memberships(states, changes) }
}

/// What one user may do with one thing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Holding {
    pub level: String,
    pub entity: EntityRef,
    pub through: Vec<EntityRef>,
}

/// Cluster and thing.
pub(super) type Target = (String, String);

/// Of each user and thing the levels held: the greatest of those that contain one another, and all others.
pub(super) fn effective(side: &Side<'_>) -> BTreeMap<(EntityRef, Target), Vec<Holding>> {
    let mut members: BTreeMap<&EntityRef, BTreeMap<EntityRef, Vec<EntityRef>>> = BTreeMap::new();
    let mut found: BTreeMap<(EntityRef, Target), Vec<Holding>> = BTreeMap::new();
    for (entity, resource) in &side.resources {
        for grant in &resource.grants {
            let users = members.entry(&grant.to).or_insert_with(|| expand(side.catalog, &grant.to));
            let target = (resource.cluster.clone(), grant.on.clone());
            for (user, through) in users.iter() {
                let holding =
                    Holding { level: grant.level.clone(), entity: entity.clone(), through: through.clone() };
                keep(found.entry((user.clone(), target.clone())).or_default(), holding);
            }
        }
    }
    for held in found.values_mut() {
        held.sort_by(|a, b| a.level.cmp(&b.level));
    }
    found
}

fn rank(level: &str) -> Option<usize> {
    LEVELS.iter().position(|known| *known == level)
}

/// Adds a level unless a greater one is held; takes out those that it contains.
fn keep(held: &mut Vec<Holding>, new: Holding) {
    let contains = |a: &str, b: &str| a == b || matches!((rank(a), rank(b)), (Some(a), Some(b)) if a >= b);
    if held.iter().any(|old| contains(&old.level, &new.level)) {
        return;
    }
    held.retain(|old| !contains(&new.level, &old.level));
    held.push(new);
}

fn grants(states: &States<'_>) -> Vec<AccessChange> {
    let (before, after) = (effective(&states.before), effective(&states.after));
    let keys: BTreeSet<_> = before.keys().chain(after.keys()).collect();
    let mut changes = Vec::new();
    for key in keys {
        let held = |side: &BTreeMap<_, Vec<Holding>>| side.get(key).cloned().unwrap_or_default();
        let (mut old, mut new) = (held(&before), held(&after));
        if states.unknown.iter().any(|entity| old.iter().chain(&new).any(|it| it.entity == *entity)) {
            continue;
        }
        let same: BTreeSet<String> = old
            .iter()
            .filter(|old| new.iter().any(|new| new.level == old.level))
            .map(|it| it.level.clone())
            .collect();
        old.retain(|it| !same.contains(&it.level));
        new.retain(|it| !same.contains(&it.level));
        let mut old = old.into_iter();
        let mut new = new.into_iter();
        loop {
            let (old, new) = (old.next(), new.next());
            let Some(shown) = new.as_ref().or(old.as_ref()) else { break };
            changes.push(AccessChange {
                user: key.0.clone(),
                on: key.1.1.clone(),
                cluster: key.1.0.clone(),
                entity: shown.entity.clone(),
                through: shown.through.clone(),
                before: old.as_ref().map(|it| it.level.clone()),
                after: new.as_ref().map(|it| it.level.clone()),
            });
        }
    }
    changes
}

fn memberships(states: &States<'_>, changes: &[EntityChange]) -> Vec<MembershipChange> {
    let entities: Vec<&EntityRef> =
        changes.iter().flat_map(|change| change.before.iter().chain([&change.entity])).collect();
    let mut groups = groups_above(states.before.catalog, &entities);
    groups.extend(groups_above(states.after.catalog, &entities));
    let mut found = Vec::new();
    for group in groups {
        let before = expand(states.before.catalog, &group);
        let after = expand(states.after.catalog, &group);
        let change = |user: &EntityRef, chain: &[EntityRef], joins| MembershipChange {
            group: group.clone(),
            user: user.clone(),
            joins,
            through: chain.get(1..).unwrap_or_default().to_vec(),
        };
        let joins = after.iter().filter(|(user, _)| !before.contains_key(*user));
        found.extend(joins.map(|(user, chain)| change(user, chain, true)));
        let leaves = before.iter().filter(|(user, _)| !after.contains_key(*user));
        found.extend(leaves.map(|(user, chain)| change(user, chain, false)));
    }
    found.sort();
    found
}

/// The users behind a Group or User, each with the groups that lead there: the shortest way.
pub(super) fn expand(catalog: &Catalog, to: &EntityRef) -> BTreeMap<EntityRef, Vec<EntityRef>> {
    if to.kind() == "user" {
        return BTreeMap::from([(to.clone(), Vec::new())]);
    }
    let mut members: BTreeMap<EntityRef, Vec<EntityRef>> = BTreeMap::new();
    let mut seen = BTreeSet::from([to.clone()]);
    let mut round = vec![vec![to.clone()]];
    while !round.is_empty() {
        let mut next = Vec::new();
        for chain in round {
            let Some(group) = chain.last() else { continue };
            for (relation, other) in catalog.relations(group) {
                if relation == Relation::HasMember {
                    members.entry(other).or_insert_with(|| chain.clone());
                } else if relation == Relation::ParentOf && seen.insert(other.clone()) {
                    let mut longer = chain.clone();
                    longer.push(other);
                    next.push(longer);
                }
            }
        }
        round = next;
    }
    members
}

/// The groups whose members may depend on these users and groups: themselves, and all groups above.
pub fn groups_above(catalog: &Catalog, entities: &[&EntityRef]) -> BTreeSet<EntityRef> {
    let mut found = BTreeSet::new();
    let mut open: Vec<EntityRef> = Vec::new();
    for entity in entities {
        match entity.kind() {
            "group" => open.push((*entity).clone()),
            "user" => open.extend(catalog.related(entity, Relation::MemberOf)),
            _ => {}
        }
    }
    while let Some(group) = open.pop() {
        if found.insert(group.clone()) {
            open.extend(catalog.related(&group, Relation::ChildOf));
        }
    }
    found
}
