//! `retire`: entities that go, with all that names them.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use super::consequences::{Consequences, Outcome, Reference};
use super::edit::{Change, Prepared};
use super::rename::place;
use super::revision::Revision;
use super::validate;
use crate::catalog::Catalog;
use crate::change::mentions::{Mention, mentions, named, spelled};
use crate::entity::{Entity, EntityRef, Relation};
use crate::error::{Exit, Failure};

/// What goes.
pub struct Request<'a> {
    /// The top folder of the repository.
    pub root: &'a Path,
    /// The catalog, with its texts.
    pub catalog: &'a Catalog,
    /// The entities.
    pub entities: Vec<&'a Entity>,
    /// Whether what belongs to them goes with them: see [`with_parts`].
    pub cascade: bool,
    /// Whether others that can do without them lose their references.
    pub unlink: bool,
    /// The entity that others name from now on in their place.
    pub replacement: Option<&'a Entity>,
    /// What the repository is checked against.
    pub validation: &'a validate::Request,
}

/// Works out the change and checks the result. References that nothing is done about are among the
/// consequences, and the entities that they name do not go: see [`blocked`].
pub fn prepare(request: &Request<'_>) -> Result<Prepared, Failure> {
    let catalog = request.catalog;
    let entities =
        if request.cascade { with_parts(catalog, &request.entities) } else { request.entities.clone() };
    let going: BTreeSet<EntityRef> = entities.iter().map(|entity| entity.reference.clone()).collect();
    if let Some(replacement) = request.replacement.filter(|found| going.contains(&found.reference)) {
        return Err(Failure::usage(format!("{} cannot take its own place", replacement.reference.short()))
            .hint("name an entity that stays"));
    }
    let targets: Vec<EntityRef> = going.iter().cloned().collect();
    let mut revision = Revision::new(request.root, catalog);
    let mut consequences = Consequences::default();
    let mut removals: Vec<Mention> = Vec::new();
    for (target, found) in mentions(catalog, &targets) {
        for mention in found.into_iter().filter(|mention| !going.contains(&mention.from)) {
            let outcome = outcome(request, &mention);
            consequences.references.push(Reference {
                target: target.clone(),
                from: mention.from.clone(),
                place: place(catalog, &mention.pointer, mention.span),
                outcome,
            });
            if outcome == Outcome::Removed {
                removals.push(mention);
            }
        }
    }
    replace(request, &mut revision, &going, &removals)?;
    unlink(catalog, &mut revision, removals)?;
    take_out(&mut revision, &entities, &going)?;
    revision.finish(request.validation, &entities, consequences)
}

/// The references that nothing is done about: with any, the entities have to stay.
pub fn blocked(consequences: &Consequences) -> impl Iterator<Item = &Reference> {
    consequences.references.iter().filter(|found| matches!(found.outcome, Outcome::Stays { .. }))
}

fn outcome(request: &Request<'_>, mention: &Mention) -> Outcome {
    let can_go = mention.can_go();
    match request.replacement {
        // What would name itself, or the same one twice, lets go.
        Some(replacement) if is_named_already(request.catalog, mention, &replacement.reference) => {
            if can_go {
                Outcome::Removed
            } else {
                Outcome::Stays { can_go }
            }
        }
        Some(_) => Outcome::Changed,
        None if request.unlink && can_go => Outcome::Removed,
        None => Outcome::Stays { can_go },
    }
}

/// Whether the entity that names one that goes is the replacement, or names it in the same list.
fn is_named_already(catalog: &Catalog, mention: &Mention, replacement: &EntityRef) -> bool {
    let list = mention.pointer.strip_prefix("/spec/").and_then(|rest| rest.split_once('/'));
    let names = |entity: &Entity| {
        let fits = |field: &str| list.is_some_and(|(list, _)| list == field);
        entity.references.iter().any(|found| fits(found.field) && found.target == *replacement)
    };
    mention.from == *replacement || catalog.get(&mention.from).is_some_and(names)
}

/// The entities with what belongs to them: what is part of them, and the Resources that depend on them.
pub fn with_parts<'a>(catalog: &'a Catalog, entities: &[&'a Entity]) -> Vec<&'a Entity> {
    let mut found: BTreeMap<EntityRef, &Entity> = BTreeMap::new();
    let mut open: Vec<&Entity> = entities.to_vec();
    while let Some(entity) = open.pop() {
        if found.insert(entity.reference.clone(), entity).is_some() {
            continue;
        }
        for (relation, other) in catalog.dependants(&entity.reference) {
            let belongs = relation == Relation::PartOf
                || relation == Relation::DependsOn
                    && other.kind() == "resource"
                    && entity.reference.kind() != "resource";
            open.extend(catalog.get(&other).filter(|_| belongs));
        }
    }
    found.into_values().collect()
}

/// Lets others name the replacement.
fn replace(
    request: &Request<'_>,
    revision: &mut Revision<'_>,
    going: &BTreeSet<EntityRef>,
    removals: &[Mention],
) -> Result<(), Failure> {
    let Some(replacement) = request.replacement else { return Ok(()) };
    let value = request.catalog.value_of(replacement).unwrap_or_default();
    let name = value.pointer("/metadata/name").and_then(serde_json::Value::as_str);
    let name = name.unwrap_or(replacement.reference.name());
    let names: Vec<&str> = going.iter().map(EntityRef::name).collect();
    revision.respell(&names, &|entity, value, pointer, text| {
        let is_removed = |mention: &Mention| mention.from == entity.reference && mention.pointer == pointer;
        if going.contains(&entity.reference) || removals.iter().any(is_removed) {
            return None;
        }
        let place = named(entity, value, pointer, text).filter(|place| going.contains(&place.target))?;
        Some(spelled(text, &place, &place.default_namespace, &replacement.reference, name))
    })
}

/// Takes references out, the last ones of a list first: so the places of the others stay what they are.
fn unlink(catalog: &Catalog, revision: &mut Revision<'_>, mut removals: Vec<Mention>) -> Result<(), Failure> {
    let order = |mention: &Mention| {
        let (list, index) = mention.pointer.rsplit_once('/').unwrap_or_default();
        let index = index.parse::<usize>().ok();
        (mention.span.source, mention.document, list.to_owned(), index)
    };
    removals.sort_by_key(|mention| std::cmp::Reverse(order(mention)));
    for mention in removals {
        let here = catalog.entities_in(mention.span.source);
        if let Some(entity) = here.iter().find(|entity| entity.document == mention.document) {
            revision.change(entity, &Change::Remove { pointer: mention.pointer })?;
        }
    }
    Ok(())
}

/// Takes the entities out of their files, and the files that are empty then out of the Locations.
fn take_out(
    revision: &mut Revision<'_>,
    entities: &[&Entity],
    going: &BTreeSet<EntityRef>,
) -> Result<(), Failure> {
    let gone: BTreeSet<String> = entities
        .iter()
        .map(|entity| entity.span.source)
        .filter(|source| {
            revision.catalog().entities_in(*source).iter().all(|entity| going.contains(&entity.reference))
        })
        .map(|source| revision.catalog().sources().path(source).to_owned())
        .collect();
    let gone: Vec<String> = gone.into_iter().collect();
    revision.forget(&gone, &|entity| !going.contains(&entity.reference))?;
    let mut last_first = entities.to_vec();
    last_first.sort_by_key(|entity| std::cmp::Reverse((entity.span.source, entity.document)));
    for entity in last_first {
        revision.cut(entity)?;
    }
    Ok(())
}

/// Says why the entities cannot go, with each place that keeps them.
pub fn refusal(consequences: &Consequences, asked: &[&Entity]) -> Option<Failure> {
    let names: Vec<String> = asked.iter().map(|entity| entity.reference.short()).collect();
    let staying: Vec<&Reference> = blocked(consequences).collect();
    let first = staying.first()?;
    let failure = Failure::new(Exit::No, format!("{} cannot go: others name it", first.target.short()));
    let failure = staying.iter().fold(failure, |failure, reference| {
        let place = &reference.place;
        failure.because(format!("{}:{}  {} {}", place.path, place.line, reference.from.short(), place.field))
    });
    let can_all_go = staying.iter().all(|found| matches!(found.outcome, Outcome::Stays { can_go: true }));
    let names = names.join(" ");
    Some(failure.hint(if can_all_go {
        format!("platform retire {names} --unlink takes these out; --replace-with ENTITY names another one instead; --cascade retires what belongs to it too")
    } else {
        format!("platform retire {names} --replace-with ENTITY lets them name another one; or retire them in the same command, or with --cascade what belongs to it")
    }))
}
