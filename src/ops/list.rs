//! `list` and `show`: the entities of the catalog, and one of them with all that it is related to.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::catalog::Catalog;
use crate::diagnostic::did_you_mean;
use crate::entity::{Entity, EntityRef, Relation, reference_parts};
use crate::error::{Exit, Failure};
use crate::source::{LineIndex, SourceId};

/// Which entities are wanted: those that fit all that is given. Case does not count.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// The kind: `component`.
    pub kind: Option<String>,
    /// `spec.type`.
    pub spec_type: Option<String>,
    /// The owner: `[kind:][namespace/]name`; what is left out may be anything.
    pub owner: Option<String>,
    /// The system, written like an owner.
    pub system: Option<String>,
}

/// Where an entity is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The file in the repository.
    pub path: String,
    /// The line, from 1.
    pub line: u32,
}

/// An entity in brief.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// Who it is.
    pub reference: EntityRef,
    /// `spec.type`.
    pub spec_type: Option<String>,
    /// Who answers for it.
    pub owner: Option<EntityRef>,
    /// What it is a part of.
    pub system: Option<EntityRef>,
    /// Where it is written.
    pub place: Place,
}

/// The entities that fit, sorted by reference. A value that no entity has is refused: it is a typing
/// error more often than not.
pub fn list(catalog: &Catalog, filter: &Filter) -> Result<Vec<Row>, Failure> {
    let mut entities: Vec<&Entity> = catalog.entities().collect();
    entities.sort_by(|a, b| a.reference.cmp(&b.reference));
    let kinds = entities.iter().map(|entity| &*entity.kind);
    known("kind", filter.kind.as_deref(), kinds, str::eq_ignore_ascii_case)?;
    let types = entities.iter().filter_map(|entity| spec_type(entity));
    known("type", filter.spec_type.as_deref(), types, str::eq_ignore_ascii_case)?;
    for (field, wanted) in [("owner", &filter.owner), ("system", &filter.system)] {
        let mentioned = entities.iter().filter_map(|entity| named(entity, field));
        let there = entities.iter().map(|entity| &entity.reference);
        let there = there.filter(|reference| match field {
            "system" => reference.kind() == "system",
            _ => matches!(reference.kind(), "group" | "user"),
        });
        let mut names: Vec<String> = mentioned.chain(there).map(EntityRef::short).collect();
        names.sort();
        names.dedup();
        let fits = |name: &str, wanted: &str| {
            EntityRef::parse(name, None, "default").is_ok_and(|reference| is_named(&reference, wanted))
        };
        known(field, wanted.as_deref(), names.iter().map(String::as_str), fits)?;
    }
    let mut lines = Lines { catalog, indexes: BTreeMap::new() };
    let wanted = entities.into_iter().filter(|entity| fits(entity, filter));
    Ok(wanted.map(|entity| row(entity, lines.place(entity))).collect())
}

fn known<'a>(
    what: &str,
    wanted: Option<&str>,
    there: impl Iterator<Item = &'a str> + Clone,
    fits: impl Fn(&str, &str) -> bool,
) -> Result<(), Failure> {
    let Some(wanted) = wanted.filter(|wanted| !there.clone().any(|one| fits(one, wanted))) else {
        return Ok(());
    };
    let failure = Failure::new(Exit::No, format!("no entity has the {what} `{wanted}`"));
    let by_name = |one: &'a str| one.rsplit([':', '/']).next().unwrap_or(one);
    let meant = did_you_mean(wanted, there.clone()).or_else(|| did_you_mean(wanted, there.map(by_name)));
    Err(match meant {
        Some(meant) => failure.hint(format!("did you mean `{meant}`?")),
        None => failure.hint("`platform list` without filters shows what there is"),
    })
}

fn fits(entity: &Entity, filter: &Filter) -> bool {
    let same = |wanted: &Option<String>, there: Option<&str>| {
        wanted.as_deref().is_none_or(|wanted| there.is_some_and(|there| there.eq_ignore_ascii_case(wanted)))
    };
    let names = |wanted: &Option<String>, field| {
        wanted
            .as_deref()
            .is_none_or(|wanted| named(entity, field).is_some_and(|reference| is_named(reference, wanted)))
    };
    same(&filter.kind, Some(&entity.kind))
        && same(&filter.spec_type, spec_type(entity))
        && names(&filter.owner, "owner")
        && names(&filter.system, "system")
}

fn spec_type(entity: &Entity) -> Option<&str> {
    entity.spec_type.as_ref().map(|written| &*written.value)
}

fn named<'a>(entity: &'a Entity, field: &str) -> Option<&'a EntityRef> {
    entity.references.iter().find(|reference| reference.field == field).map(|reference| &reference.target)
}

/// Whether a text names the entity, as far as it goes.
fn is_named(reference: &EntityRef, text: &str) -> bool {
    let Ok((kind, namespace, name)) = reference_parts(text) else { return false };
    kind.is_none_or(|kind| kind.eq_ignore_ascii_case(reference.kind()))
        && namespace.is_none_or(|namespace| namespace.eq_ignore_ascii_case(reference.namespace()))
        && name.eq_ignore_ascii_case(reference.name())
}

fn row(entity: &Entity, place: Place) -> Row {
    Row {
        reference: entity.reference.clone(),
        spec_type: spec_type(entity).map(str::to_owned),
        owner: named(entity, "owner").cloned(),
        system: named(entity, "system").cloned(),
        place,
    }
}

/// The lines of sources, each counted once.
struct Lines<'a> {
    catalog: &'a Catalog,
    indexes: BTreeMap<SourceId, LineIndex>,
}

impl Lines<'_> {
    fn place(&mut self, entity: &Entity) -> Place {
        let source = entity.span.source;
        let sources = self.catalog.sources();
        let line = sources.text(source).map_or(1, |text| {
            let index = self.indexes.entry(source).or_insert_with(|| LineIndex::new(text));
            index.position(text, entity.span.start).line
        });
        Place { path: sources.path(source).to_owned(), line }
    }
}

/// An entity that another one is related to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Related {
    /// How.
    pub relation: Relation,
    /// To whom.
    pub target: EntityRef,
    /// Whether the target is in the catalog.
    pub exists: bool,
}

/// One entity with all that it is related to.
#[derive(Clone, Debug, PartialEq)]
pub struct Shown {
    /// In brief.
    pub row: Row,
    /// The whole entity.
    pub entity: Value,
    /// Its relations in both directions as Backstage stitches them, sorted.
    pub relations: Vec<Related>,
    /// The entities that name it, in their own words: `dependsOn` for what needs it. Sorted.
    pub dependants: Vec<(Relation, EntityRef)>,
}

/// Looks an entity up.
pub fn show(catalog: &Catalog, entity: &Entity) -> Shown {
    let relations = catalog.relations(&entity.reference).into_iter().map(|(relation, target)| {
        let exists = catalog.get(&target).is_some();
        Related { relation, target, exists }
    });
    Shown {
        row: row(entity, Lines { catalog, indexes: BTreeMap::new() }.place(entity)),
        entity: catalog.value_of(entity).unwrap_or_default(),
        relations: relations.collect(),
        dependants: catalog.dependants(&entity.reference).into_iter().collect(),
    }
}
