//! `move`: another file, namespace, system or domain for an entity; all that name it follow.

use std::path::Path;

use serde_json::Value;

use super::consequences::Consequences;
use super::edit::{Change, Prepared};
use super::rename::{Renaming, follow_layout, free};
use super::revision::{Revision, folder};
use super::validate;
use crate::catalog::Catalog;
use crate::change::layout::Layout;
use crate::change::mentions::{Named, named, spelled};
use crate::entity::{Entity, EntityRef};
use crate::error::{Exit, Failure};
use crate::fs;

/// Where an entity goes.
pub struct Request<'a> {
    /// The top folder of the repository.
    pub root: &'a Path,
    /// The catalog, with its texts.
    pub catalog: &'a Catalog,
    /// The entity.
    pub entity: &'a Entity,
    /// The file or, with a `/` at its end, the folder; `None` where the layout decides.
    pub to: Option<&'a str>,
    /// Its new namespace.
    pub namespace: Option<&'a str>,
    /// The System or Domain that it is part of from now on.
    pub part_of: Option<&'a Entity>,
    /// Where the files of entities are.
    pub layout: &'a Layout,
    /// What the repository is checked against.
    pub validation: &'a validate::Request,
}

/// Works out the change and checks the result.
pub fn prepare(request: &Request<'_>) -> Result<Prepared, Failure> {
    let entity = request.entity;
    let mut revision = Revision::new(request.root, request.catalog);
    let own = &entity.reference;
    let value = request.catalog.value_of(entity).unwrap_or_default();
    let written = value.pointer("/metadata/name").and_then(Value::as_str).unwrap_or(own.name());
    let to = EntityRef::new(own.kind(), request.namespace.unwrap_or(own.namespace()), written);
    let renaming = Renaming { from: own, to, name: written.to_owned() };
    let mut consequences = Consequences::default();
    if renaming.to != *own {
        free(request.catalog, &renaming)?;
        consequences = renaming.apply(&mut revision, entity)?;
    }
    if let Some(whole) = request.part_of {
        revision.change(entity, &part_of(request, whole, &renaming, &value)?)?;
    }
    match request.to {
        Some(to) => place_at(&mut revision, entity, to)?,
        None => follow_layout(&mut revision, request.layout, &renaming)?,
    }
    revision.finish(request.validation, &[entity], consequences)
}

/// The change that makes an entity part of another one, written as it was before.
fn part_of(
    request: &Request<'_>,
    whole: &Entity,
    renaming: &Renaming<'_>,
    value: &Value,
) -> Result<Change, Failure> {
    let (entity, kind) = (request.entity, whole.reference.kind());
    let field = match (entity.reference.kind(), kind) {
        ("component" | "api" | "resource", "system") => "system",
        ("system", "domain") => "domain",
        ("domain", "domain") => "subdomainOf",
        (own, _) => {
            let fits = if own == "system" || own == "domain" { "--domain" } else { "--system" };
            return Err(Failure::usage(format!("a {own} is never part of a {kind}")).hint(format!(
                "a Component, API or Resource has a --system, a System or Domain a --domain: {fits}"
            )));
        }
    };
    let pointer = format!("/spec/{field}");
    let before = value.pointer(&pointer).and_then(Value::as_str).unwrap_or_default();
    let place = named(entity, value, &pointer, before).unwrap_or_else(|| Named {
        target: whole.reference.clone(),
        default_kind: Some(kind.to_owned()),
        default_namespace: entity.reference.namespace().to_owned(),
        relation: None,
    });
    let written = request.catalog.value_of(whole).unwrap_or_default();
    let name = written.pointer("/metadata/name").and_then(Value::as_str).unwrap_or(whole.reference.name());
    let text = spelled(before, &place, renaming.to.namespace(), &whole.reference, name);
    Ok(Change::Set { pointer, value: Value::from(text) })
}

/// Puts an entity into a file: its own file moves when nothing else is in it and the place is free, else its
/// document goes to the end of the file that is there.
fn place_at(revision: &mut Revision<'_>, entity: &Entity, to: &str) -> Result<(), Failure> {
    let from = revision.path(entity).to_owned();
    let is_alone = revision.catalog().entities_in(entity.span.source).len() == 1;
    let target = if to.is_empty() || to.ends_with('/') {
        let name =
            if is_alone { from.rsplit('/').next().unwrap_or_default().to_owned() } else { own_file(entity) };
        format!("{to}{name}")
    } else {
        to.to_owned()
    };
    if target == from {
        return Ok(());
    }
    if !fs::is_yaml(Path::new(&target)) {
        return Err(Failure::usage(format!("{target} is no YAML file"))
            .hint(format!("name a file that ends in .yaml, or a folder: --to {target}/")));
    }
    if is_alone && !revision.present(&target) {
        return revision.move_file(entity.span.source, &target);
    }
    if folder(&target) != folder(&from) {
        let value = revision.catalog().value_of(entity).unwrap_or_default();
        if names_files(&value) {
            return Err(Failure::new(
                Exit::No,
                format!("{} cannot leave its file alone", entity.reference.short()),
            )
            .because("it names other files relative to its own")
            .hint("move it within its folder, or move its files by hand"));
        }
    }
    revision.carry(entity, &target)
}

fn own_file(entity: &Entity) -> String {
    format!("{}.yaml", entity.reference.name())
}

/// Whether an entity has relative paths in it: placeholders, targets, a template's skeleton.
fn names_files(value: &Value) -> bool {
    match value {
        Value::Object(map) => {
            map.iter().any(|(key, value)| (key.starts_with('$') && value.is_string()) || names_files(value))
                || map.get("kind").is_some_and(|kind| kind == "Location" || kind == "Template")
        }
        Value::Array(items) => items.iter().any(names_files),
        Value::String(text) => text.starts_with("dir:."),
        _ => false,
    }
}
