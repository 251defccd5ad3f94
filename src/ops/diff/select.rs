//! What may have become different: entities by their content, objects by all that they are made of.

use std::collections::{BTreeMap, BTreeSet};

use regex::RegexBuilder;
use serde_json::Value;

use super::states::Texts;
use crate::catalog::Catalog;
use crate::entity::{Entity, EntityRef};
use crate::impact::{Action, groups_above};
use crate::ops::render::Rendering;
use crate::ops::types;
use crate::render::FOLDER as RENDERED;

/// With more names than this to look for, everything is rendered.
const MOST_NAMES: usize = 500;

/// The entities in changed files whose content is not the same.
pub(super) fn candidates(before: &Catalog, after: &Catalog, changed: &Texts) -> BTreeSet<EntityRef> {
    let mut found = BTreeSet::new();
    for catalog in [before, after] {
        let sources = catalog.sources().iter().filter(|(_, source)| changed.contains_key(&*source.path));
        for entity in sources.flat_map(|(id, _)| catalog.entities_in(id)) {
            found.insert(entity.reference.clone());
        }
    }
    found.retain(|entity| before.value(entity) != after.value(entity));
    found
}

/// The resource types whose definition or settings differ.
pub(super) fn types(before: &Rendering<'_>, after: &Rendering<'_>) -> BTreeMap<String, Action> {
    let mut found = BTreeMap::new();
    for name in before.types.keys().chain(after.types.keys()) {
        let settings = |rendering: &Rendering<'_>| {
            rendering.setup.settings.get(name).filter(|settings| **settings != Value::Null).cloned()
        };
        let action = match (before.types.get(name), after.types.get(name)) {
            (None, Some(_)) => Action::Create,
            (Some(_), None) => Action::Destroy,
            (old, new) if old != new || settings(before) != settings(after) => Action::Change,
            _ => continue,
        };
        found.insert(name.clone(), action);
    }
    found
}

/// The entities whose objects may differ: those that changed, those of a type that changed, and those whose
/// text names something that changed. An object is made of its entity and of what that names, so nothing is
/// missed, and what is rendered in vain does no harm.
pub(super) fn resources(
    before: &Rendering<'_>,
    after: &Rendering<'_>,
    candidates: &BTreeSet<EntityRef>,
    types: &BTreeMap<String, Action>,
) -> BTreeSet<EntityRef> {
    let candidate_list: Vec<&EntityRef> = candidates.iter().collect();
    let mut names: BTreeSet<&str> = candidates.iter().map(EntityRef::name).collect();
    let mut groups = groups_above(before.catalog, &candidate_list);
    groups.extend(groups_above(after.catalog, &candidate_list));
    names.extend(groups.iter().map(EntityRef::name));
    let is_elsewhere = before.setup.cluster != after.setup.cluster;
    let wanted = Names::new(&names);
    let mut found = BTreeSet::new();
    for side in [before, after] {
        let affected = side.catalog.entities().filter(|entity| {
            let written = entity.spec_type.as_ref().filter(|_| entity.reference.kind() == "resource");
            written.is_some_and(|written| {
                let name = &*written.value;
                (before.types.contains_key(name) || after.types.contains_key(name))
                    && (is_elsewhere
                        || types.contains_key(name)
                        || candidates.contains(&entity.reference)
                        || wanted.are_in(side.catalog, entity))
            })
        });
        found.extend(affected.map(|entity| entity.reference.clone()));
    }
    found
}

/// Names that are looked for.
enum Names {
    None,
    Some(regex::Regex),
    TooMany,
}

impl Names {
    fn new(names: &BTreeSet<&str>) -> Self {
        if names.is_empty() {
            return Self::None;
        }
        let any = names.iter().map(|name| regex::escape(name)).collect::<Vec<_>>().join("|");
        let built = || RegexBuilder::new(&any).case_insensitive(true).build().ok();
        match (names.len() <= MOST_NAMES).then(built).flatten() {
            Some(names) => Self::Some(names),
            None => Self::TooMany,
        }
    }

    fn are_in(&self, catalog: &Catalog, entity: &Entity) -> bool {
        match self {
            Self::None => false,
            Self::TooMany => true,
            Self::Some(names) => {
                let text = catalog.sources().text(entity.span.source);
                let text = text.and_then(|text| text.get(entity.span.range()));
                // Without its text nothing is known about the entity; and what is escaped may be any name.
                text.is_none_or(|text| names.is_match(text) || text.contains('\\'))
            }
        }
    }
}

/// The files that differ and are compared by nobody here.
pub(super) fn other_files(before: &Catalog, after: &Catalog, changed: &Texts) -> Vec<String> {
    let mut entities: BTreeSet<&str> = BTreeSet::new();
    for catalog in [before, after] {
        let sources = catalog.sources().iter();
        let holding = sources.filter(|(id, _)| !catalog.entities_in(*id).is_empty());
        entities.extend(holding.map(|(_, source)| &*source.path));
    }
    let is_compared = |path: &str| {
        entities.contains(path)
            || types::name_of(path).is_some()
            || path.strip_prefix(RENDERED).is_some_and(|rest| rest.starts_with('/'))
    };
    changed.keys().filter(|path| !is_compared(path)).cloned().collect()
}
