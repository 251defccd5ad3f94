//! `rename`: another name, or another namespace, for an entity; all that name it follow.

use std::path::Path;

use serde_json::Value;

use super::consequences::{Consequences, Outcome, Place, Reference};
use super::edit::{Change, Prepared};
use super::revision::{Revision, Touched, folder};
use super::validate;
use crate::catalog::Catalog;
use crate::change::layout::Layout;
use crate::change::mentions::{self, Mention, mentions, named, spelled};
use crate::entity::{Entity, EntityRef, Relation, reference_parts};
use crate::error::{Exit, Failure};
use crate::source::{LineIndex, Span};
use crate::yaml;

/// More places with the same word are not listed.
const MOST_LEFT: usize = 50;

/// What an entity is called from now on.
pub struct Request<'a> {
    /// The top folder of the repository.
    pub root: &'a Path,
    /// The catalog, with its texts.
    pub catalog: &'a Catalog,
    /// The entity.
    pub entity: &'a Entity,
    /// Its new name.
    pub name: &'a str,
    /// Where the files of entities are.
    pub layout: &'a Layout,
    /// What the repository is checked against.
    pub validation: &'a validate::Request,
}

/// Works out the change and checks the result.
pub fn prepare(request: &Request<'_>) -> Result<Prepared, Failure> {
    let entity = request.entity;
    let to = EntityRef::new(entity.reference.kind(), entity.reference.namespace(), request.name);
    let renaming = Renaming { from: &entity.reference, to, name: request.name.to_owned() };
    free(request.catalog, &renaming)?;
    let mut revision = Revision::new(request.root, request.catalog);
    let mut consequences = renaming.apply(&mut revision, entity)?;
    consequences.left = left(request.catalog, &renaming, &consequences.references);
    follow_layout(&mut revision, request.layout, &renaming)?;
    revision.finish(request.validation, &[entity], consequences)
}

/// Another reference for an entity.
pub(super) struct Renaming<'a> {
    pub from: &'a EntityRef,
    pub to: EntityRef,
    /// The name as it is written.
    pub name: String,
}

/// An error when another entity has the reference already.
pub(super) fn free(catalog: &Catalog, renaming: &Renaming<'_>) -> Result<(), Failure> {
    match catalog.get(&renaming.to).filter(|_| renaming.to != *renaming.from) {
        None => Ok(()),
        Some(other) => {
            let path = catalog.sources().path(other.span.source);
            Err(Failure::new(Exit::No, format!("there is a {} already", renaming.to.short()))
                .because(format!("it is in {path}"))
                .hint("choose another name, or retire that one first"))
        }
    }
}

impl Renaming<'_> {
    /// Renames the entity, and everything that names it, in a revision.
    pub fn apply(&self, revision: &mut Revision<'_>, entity: &Entity) -> Result<Consequences, Failure> {
        let catalog = revision.catalog();
        revision.respell(&[self.from.name()], &|entity, value, pointer, text| {
            self.respelled(entity, value, pointer, text)
        })?;
        if self.to.namespace() != self.from.namespace() {
            let value = Value::from(self.to.namespace());
            revision.change(entity, &Change::Set { pointer: "/metadata/namespace".to_owned(), value })?;
        }
        let found = mentions(catalog, std::slice::from_ref(self.from)).remove(self.from).unwrap_or_default();
        let changed = |mention: &Mention| Reference {
            target: self.from.clone(),
            from: mention.from.clone(),
            place: place(catalog, &mention.pointer, mention.span),
            outcome: Outcome::Changed,
        };
        Ok(Consequences { references: found.iter().map(changed).collect(), ..Consequences::default() })
    }

    fn respelled(&self, entity: &Entity, value: &Value, pointer: &str, text: &str) -> Option<String> {
        let is_own = entity.reference == *self.from;
        if is_own && pointer == "/metadata/name" {
            return (text != self.name).then(|| self.name.clone());
        }
        let place = named(entity, value, pointer, text)?;
        let leaves = is_own && self.to.namespace() != self.from.namespace() && place.relation.is_some();
        let namespace = if leaves { self.to.namespace() } else { &place.default_namespace };
        let spelled = if place.target == *self.from {
            spelled(text, &place, namespace, &self.to, &self.name)
        } else if leaves {
            let (_, _, name) = reference_parts(text).ok()?;
            spelled(text, &place, namespace, &place.target, name)
        } else {
            return None;
        };
        (spelled != text).then_some(spelled)
    }
}

/// A place as people find it.
pub(super) fn place(catalog: &Catalog, pointer: &str, span: Span) -> Place {
    let text = catalog.sources().text(span.source).map(|text| &**text).unwrap_or_default();
    let parts = pointer.split('/').skip(1).map(|part| part.replace("~1", "/").replace("~0", "~"));
    let field = parts.filter(|part| part.parse::<u32>().is_err()).collect::<Vec<_>>().join(".");
    Place {
        path: catalog.sources().path(span.source).to_owned(),
        line: LineIndex::new(text).position(text, span.start).line,
        field,
    }
}

/// Texts that are the old name alone, in the entity and in those that name it: whether they mean it, nobody
/// can tell.
fn left(catalog: &Catalog, renaming: &Renaming<'_>, references: &[Reference]) -> Vec<Place> {
    let mut found = Vec::new();
    let near = |entity: &&Entity| {
        entity.reference == *renaming.from
            || entity.references.iter().any(|reference| reference.target == *renaming.from)
            || shares_owner_and_system(catalog, entity, renaming.from)
    };
    for entity in catalog.entities().filter(near) {
        let Some(text) = catalog.sources().text(entity.span.source) else { continue };
        if !mentions::has_any(text, &[renaming.from.name()]) {
            continue;
        }
        let (tree, _) = yaml::parse(entity.span.source, text);
        let Some(root) = tree.documents(text).nth(entity.document as usize).and_then(|found| found.root())
        else {
            continue;
        };
        mentions::strings(root, &mut String::new(), &mut |node, pointer, text| {
            let is_field = pointer.starts_with("/spec/") || pointer.starts_with("/metadata/annotations/");
            if is_field && text == renaming.from.name() && found.len() < MOST_LEFT {
                found.push(place(catalog, pointer, node.span()));
            }
        });
    }
    found.retain(|place| !references.iter().any(|reference| reference.place == *place));
    found.sort();
    found.dedup();
    found
}

/// Whether an entity is in the same system as another one: what was made in one go.
fn shares_owner_and_system(catalog: &Catalog, entity: &Entity, other: &EntityRef) -> bool {
    let system = |entity: &Entity| entity.related(Relation::PartOf).cloned();
    let of_other = catalog.get(other).and_then(system);
    of_other.is_some() && system(entity) == of_other
}

/// Moves the files whose place the layout tells by what has changed: their folder, where that was the one
/// that the layout says, and the name of the entity's own file, where it begins with the entity's name.
pub(super) fn follow_layout(
    revision: &mut Revision<'_>,
    layout: &Layout,
    renaming: &Renaming<'_>,
) -> Result<(), Failure> {
    let wanted: Vec<_> = revision
        .touched()
        .iter()
        .filter_map(|touched| {
            let to = format!("{}{}", new_folder(touched, layout), file_name(touched, renaming)?);
            (to != touched.path).then_some((touched.source, to))
        })
        .collect();
    for (source, to) in wanted {
        let stays = folder(revision.catalog().sources().path(source)) == folder(&to);
        let has_template =
            revision.catalog().entities_in(source).iter().any(|entity| entity.kind == "Template");
        if !revision.present(&to) && (stays || !has_template) {
            revision.move_file(source, &to)?;
        }
    }
    Ok(())
}

/// The folder of a file from now on, with a `/` at its end.
fn new_folder(touched: &Touched<'_>, layout: &Layout) -> String {
    let here = folder(&touched.path);
    let only = |entities: &mut dyn Iterator<Item = &Entity>| {
        let mut folders: Vec<Option<String>> = entities.map(|entity| layout.folder(entity)).collect();
        folders.dedup();
        folders.pop().filter(|_| folders.is_empty())?
    };
    let before = only(&mut touched.before.iter());
    let after = only(&mut touched.after.iter()).filter(|_| before.as_deref() == Some(here));
    match after.as_deref().unwrap_or(here) {
        "" => String::new(),
        folder => format!("{folder}/"),
    }
}

fn file_name(touched: &Touched<'_>, renaming: &Renaming<'_>) -> Option<String> {
    let name = touched.path.rsplit('/').next()?;
    let (stem, end) = name.rsplit_once('.')?;
    let first = touched.before.first()?;
    let rest = stem.to_lowercase().strip_prefix(renaming.from.name()).map(|rest| stem.len() - rest.len());
    let rest = rest.map(|at| &stem[at..]);
    let fits = match rest {
        Some("") => first.reference == *renaming.from,
        Some(rest) => {
            rest.starts_with(['-', '.']) && touched.before.len() == 1 && first.reference == *renaming.from
        }
        None => false,
    };
    Some(match rest.filter(|_| fits) {
        Some(rest) => format!("{}{rest}.{end}", renaming.to.name()),
        None => name.to_owned(),
    })
}
