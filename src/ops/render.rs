//! `render`: entities of the catalog to Kubernetes objects, offline.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use serde_json::Value;

use super::types;
use crate::catalog::Catalog;
use crate::diagnostic::{Diagnostic, RuleId, did_you_mean};
use crate::entity::{Entity, Relation};
use crate::error::{Exit, Failure};
use crate::expression::Engine;
use crate::object::{Gvk, Object};
use crate::render::{Context, Place, Problem, ResourceType, Surroundings, objects, path, to_yaml};
use crate::source::{Sources, Span};
use crate::status::HealthRule;
use crate::yaml;

/// The rule that the findings of rendering go by.
pub(super) const RULE: RuleId = RuleId::new("cannot-render");

/// Everything that rendering needs.
pub struct Rendering<'a> {
    /// The catalog, with its texts.
    pub catalog: &'a Catalog,
    /// The resource types by name.
    pub types: BTreeMap<String, ResourceType>,
    /// Settings and cluster.
    pub setup: Setup,
}

/// What was rendered.
#[derive(Debug, Default)]
pub struct Report {
    /// The objects, in the order of their entities' references.
    pub objects: Vec<Object>,
    /// What keeps entities from being rendered.
    pub problems: Vec<Diagnostic>,
    /// The sources that the problems are in.
    pub sources: Sources,
}

/// What rendering needs beside the catalog and the types.
#[derive(Clone, Debug)]
pub struct Setup {
    /// The settings of the types by name.
    pub settings: BTreeMap<String, Value>,
    /// The cluster of entities that name none.
    pub cluster: String,
}

/// The resource types of the repository at `root`, with the built-in ones that it does not replace. One
/// that is broken is an error.
pub fn types(root: &Path) -> Result<BTreeMap<String, ResourceType>, Failure> {
    let report = types::available(Some(root))?;
    let mut found = BTreeMap::new();
    for available in report.types {
        if let Some(failure) = types::failure(&available, &report.sources) {
            return Err(failure);
        }
        found.extend(available.definition.map(|definition| (available.name, definition)));
    }
    Ok(found)
}

/// What in the entities themselves keeps them from becoming objects. What is wrong with a type or its
/// settings is not theirs to mend, and left out, as is what follows from an owner that is not there.
/// `made` is told of every entity of a known type with its objects, `None` where there are none for a fault.
pub(super) fn faults(
    rendering: &Rendering<'_>,
    made: &mut dyn FnMut(&Entity, Option<&[Object]>),
) -> Vec<Diagnostic> {
    let engine = Engine::default();
    let mut found = Vec::new();
    for entity in rendering.catalog.entities().filter(|entity| type_of(rendering, entity).is_some()) {
        let result = one(rendering, &engine, entity);
        made(entity, result.as_deref().ok());
        if let Err(problems) = result {
            let mut owners = rendering.catalog.related(&entity.reference, Relation::OwnedBy).into_iter();
            let is_owned = owners.any(|owner| rendering.catalog.get(&owner).is_some());
            let own = problems.iter().filter(|problem| match &problem.place {
                Place::Entity(pointer) => is_owned || pointer != "/spec/owner",
                Place::Type(_) => false,
            });
            found.extend(own.map(|problem| diagnostic(rendering, entity, problem)));
        }
    }
    found
}

/// The files of `rendered/`.
#[derive(Debug, Default)]
pub struct Files {
    /// Their texts by their paths in the repository; none for an entity that becomes no objects.
    pub files: BTreeMap<String, String>,
    /// What keeps entities from being rendered.
    pub problems: Vec<Diagnostic>,
    /// The sources that the problems are in.
    pub sources: Sources,
}

/// The files of every entity that has a resource type.
pub fn files(rendering: &Rendering<'_>) -> Result<Files, Failure> {
    let engine = Engine::default();
    let mut found = Files { sources: rendering.catalog.sources().clone(), ..Files::default() };
    for entity in rendering.catalog.entities() {
        match one(rendering, &engine, entity) {
            Ok(objects) if objects.is_empty() => {}
            Ok(objects) => {
                let path = path_of(rendering, entity)?;
                found.files.insert(path, to_yaml(&objects)?);
            }
            Err(problems) => {
                found.problems.extend(problems.iter().map(|problem| diagnostic(rendering, entity, problem)));
            }
        }
    }
    Ok(found)
}

pub(super) fn path_of(rendering: &Rendering<'_>, entity: &Entity) -> Result<String, Failure> {
    let value = rendering.catalog.value_of(entity).unwrap_or_default();
    let around = Surroundings::of(&value, rendering.catalog, &rendering.setup.cluster);
    path(&value, &around.cluster).ok_or_else(|| {
        let cluster = &around.cluster;
        Failure::new(Exit::No, format!("{} of the cluster `{cluster}` cannot be a file", entity.reference))
            .hint("name the cluster with letters, digits, `-`, `_` and `.`")
    })
}

/// The objects of every entity that has a resource type.
pub fn everything(rendering: &Rendering<'_>) -> Result<Report, Failure> {
    let mut entities: Vec<&Entity> =
        rendering.catalog.entities().filter(|entity| type_of(rendering, entity).is_some()).collect();
    entities.sort_by(|a, b| a.reference.cmp(&b.reference));
    Ok(report(rendering, &entities))
}

/// The objects of some entities. One that becomes no objects is an error: somebody asked for them.
pub fn chosen(rendering: &Rendering<'_>, entities: &[&Entity]) -> Result<Report, Failure> {
    let mut wanted = Vec::new();
    for entity in entities {
        let related = resources(rendering, entity);
        if related.is_empty() {
            return Err(without_type(rendering, entity));
        }
        wanted.extend(related);
    }
    Ok(report(rendering, &wanted))
}

fn without_type(rendering: &Rendering<'_>, entity: &Entity) -> Failure {
    let known: Vec<&str> = rendering.types.keys().map(String::as_str).collect();
    let failure = Failure::new(Exit::No, format!("{} becomes no objects", entity.reference));
    let Some(written) = entity.spec_type.as_ref().filter(|_| entity.reference.kind() == "resource") else {
        return failure
            .because("only Resources of a known type become objects, and no such Resource depends on it");
    };
    let failure = failure.because(format!("there is no resource type `{}`", written.value));
    match did_you_mean(&written.value, known.iter().copied()) {
        Some(meant) => failure.hint(format!("did you mean `{meant}`?")),
        None => failure.hint(format!("known types: {}", known.join(", "))),
    }
}

fn report(rendering: &Rendering<'_>, entities: &[&Entity]) -> Report {
    let engine = Engine::default();
    let mut report = Report { sources: rendering.catalog.sources().clone(), ..Report::default() };
    let mut done = BTreeSet::new();
    for entity in entities.iter().filter(|entity| done.insert(entity.reference.clone())) {
        match one(rendering, &engine, entity) {
            Ok(mut rendered) => report.objects.append(&mut rendered),
            Err(problems) => {
                report.problems.extend(problems.iter().map(|problem| diagnostic(rendering, entity, problem)));
            }
        }
    }
    report
}

fn type_of<'a>(rendering: &'a Rendering<'_>, entity: &Entity) -> Option<&'a ResourceType> {
    let written = entity.spec_type.as_ref().filter(|_| entity.reference.kind() == "resource")?;
    rendering.types.get(&*written.value)
}

fn one(rendering: &Rendering<'_>, engine: &Engine, entity: &Entity) -> Result<Vec<Object>, Vec<Problem>> {
    let Some(resource_type) = type_of(rendering, entity) else { return Ok(Vec::new()) };
    let value = rendering.catalog.value_of(entity).unwrap_or_default();
    let surroundings = Surroundings::of(&value, rendering.catalog, &rendering.setup.cluster);
    let nothing = Value::Null;
    let settings = rendering.setup.settings.get(&resource_type.name).unwrap_or(&nothing);
    objects(&value, resource_type, &Context { engine, surroundings: &surroundings, settings })
}

/// The entity itself if it has a resource type, and the Resources around a component: those it depends
/// on, and those that depend on it.
fn resources<'a>(rendering: &Rendering<'a>, entity: &'a Entity) -> Vec<&'a Entity> {
    if type_of(rendering, entity).is_some() {
        return vec![entity];
    }
    let catalog = rendering.catalog;
    let around = [Relation::DependsOn, Relation::DependencyOf];
    let mut references: Vec<_> =
        around.into_iter().flat_map(|relation| catalog.related(&entity.reference, relation)).collect();
    references.sort();
    references.dedup();
    let found = references.iter().filter_map(|reference| catalog.get(reference));
    found.filter(|entity| type_of(rendering, entity).is_some()).collect()
}

/// The objects of an entity and of the Resources around it; the causes of a failure say why it cannot
/// be rendered.
pub fn objects_with_dependencies(rendering: &Rendering<'_>, entity: &Entity) -> Result<Vec<Object>, Failure> {
    let report = report(rendering, &resources(rendering, entity));
    if report.problems.is_empty() {
        return Ok(report.objects);
    }
    let failure = Failure::new(Exit::No, format!("{} cannot be rendered", entity.reference));
    Err(report.problems.iter().fold(failure, |failure, problem| failure.because(&problem.message)))
}

/// How the types of an entity and of the Resources around it judge their objects.
pub fn health_rules(rendering: &Rendering<'_>, entity: &Entity) -> Vec<HealthRule> {
    let types: BTreeMap<&str, &ResourceType> = resources(rendering, entity)
        .into_iter()
        .filter_map(|entity| type_of(rendering, entity))
        .map(|resource_type| (resource_type.name.as_str(), resource_type))
        .collect();
    let rules = types.values().flat_map(|resource_type| &resource_type.health);
    rules
        .map(|rule| HealthRule {
            gvk: Gvk::from_api_version(&rule.api_version, &rule.kind),
            failed: rule.failed.clone(),
            in_progress: rule.in_progress.clone(),
            current: rule.current.clone(),
        })
        .collect()
}

/// A problem at the node of the entity that it is about, or at the nearest one above it that is there.
fn diagnostic(rendering: &Rendering<'_>, entity: &Entity, problem: &Problem) -> Diagnostic {
    let (span, message) = match &problem.place {
        Place::Entity(pointer) => (node_span(rendering.catalog, entity, pointer), problem.message.clone()),
        Place::Type(pointer) => {
            let name = entity.spec_type.as_ref().map(|written| written.value.to_string()).unwrap_or_default();
            let at = entity.spec_type.as_ref().map_or(entity.name_span, |written| written.span);
            (at, format!("the resource type {name} is wrong at {pointer}: {}", problem.message))
        }
    };
    let found = Diagnostic::error(RULE, span, message);
    match &problem.help {
        Some(help) => found.help(help),
        None => found,
    }
}

fn node_span(catalog: &Catalog, entity: &Entity, pointer: &str) -> Span {
    let find = || {
        let text = catalog.sources().text(entity.span.source)?;
        let (tree, _) = yaml::parse(entity.span.source, text);
        let root = tree.documents(text).nth(entity.document as usize)?.root()?;
        let mut pointer = pointer;
        loop {
            if let Some(node) = root.pointer(pointer) {
                return Some(node.span());
            }
            pointer = &pointer[..pointer.rfind('/')?];
        }
    };
    find().unwrap_or(entity.name_span)
}
