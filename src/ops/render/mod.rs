//! `render`: entities of the catalog to Kubernetes objects, offline.

mod files;
mod findings;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use serde_json::Value;

use super::types::Origin;
use super::{hostnames, types};
use crate::catalog::Catalog;
use crate::diagnostic::{Diagnostic, RuleId, did_you_mean};
use crate::entity::{Entity, EntityRef, Relation};
use crate::error::{Exit, Failure};
use crate::expression::Engine;
use crate::impact::Resource;
use crate::object::{Gvk, Object};
use crate::render::{
    CheckedObjects, Context, Definitions, Grant, Neighbours, Place, Problem, Rendered, ResourceType,
    Violation, check, cluster, grants, problems_of, rendered,
};
use crate::source::Sources;
use crate::status::HealthRule;

pub use files::{File, Files, files};
use files::{Made, each, one_file};
pub(super) use files::{files_of, processors};
use findings::diagnostic;
pub(super) use findings::node_span;

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
    /// What objects are held against.
    pub checks: Arc<Checks>,
}

/// What objects are held against, and what could not be.
#[derive(Debug, Default)]
pub struct Checks {
    /// The definitions of kinds.
    pub definitions: Definitions,
    /// The texts of the types that are files of the repository, by their names.
    pub texts: BTreeMap<String, Arc<str>>,
    /// What could not be checked up to now.
    unchecked: Mutex<Unchecked>,
}

/// What was not held against a definition, or not in full.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Unchecked {
    /// Kinds of which there is no definition.
    pub kinds: BTreeSet<Gvk>,
    /// Rules of definitions that could not be decided, with the reason, by the kind that has them.
    pub rules: BTreeMap<Gvk, BTreeSet<String>>,
}

impl Checks {
    /// Checks with these definitions and types.
    pub fn new(definitions: Definitions, texts: BTreeMap<String, Arc<str>>) -> Self {
        Self { definitions, texts, unchecked: Mutex::default() }
    }

    /// What could not be checked of everything that was rendered with these checks.
    pub fn unchecked(&self) -> Unchecked {
        self.unchecked.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn add(&self, checked: CheckedObjects) {
        if checked.unknown.is_empty() && checked.undecided.is_empty() {
            return;
        }
        let mut unchecked = self.unchecked.lock().unwrap_or_else(PoisonError::into_inner);
        unchecked.kinds.extend(checked.unknown);
        for (kind, rules) in checked.undecided {
            unchecked.rules.entry(kind).or_default().extend(rules);
        }
    }
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
    /// What was not checked.
    pub unchecked: Unchecked,
}

/// What rendering needs beside the catalog and the types.
#[derive(Clone, Debug)]
pub struct Setup {
    /// The settings of the types by name.
    pub settings: BTreeMap<String, Value>,
    /// The cluster of entities that name none.
    pub cluster: String,
    /// Whether a change brings its rendered files with it.
    pub commit: Commit,
}

/// Whether a change brings its rendered files with it: the setting `render.commit`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Commit {
    /// Where there is a folder `rendered/`.
    Auto,
    /// Everywhere.
    Always,
    /// Nowhere: something else keeps the folder, or there is none.
    Never,
}

impl Commit {
    /// The word that the setting has; any other is `auto`.
    pub fn parse(word: &str) -> Self {
        match word {
            "always" => Self::Always,
            "never" => Self::Never,
            _ => Self::Auto,
        }
    }
}

/// What rendering a catalog needs: the resource types of the repository at `root`, with the built-in ones
/// that it does not replace, and the definitions of the kinds that they make. A type that is broken is an
/// error.
pub fn prepare<'a>(root: &Path, catalog: &'a Catalog, setup: Setup) -> Result<Rendering<'a>, Failure> {
    let report = types::available(Some(root))?;
    let (mut found, mut texts) = (BTreeMap::new(), BTreeMap::new());
    for available in report.types {
        if let Some(failure) = types::failure(&available, &report.sources) {
            return Err(failure);
        }
        if let (Origin::Repository(_), Some(text)) =
            (&available.origin, report.sources.text(available.source))
        {
            texts.insert(available.name.clone(), Arc::clone(text));
        }
        found.extend(available.definition.map(|definition| (available.name, definition)));
    }
    let checks = Arc::new(Checks::new(report.definitions, texts));
    Ok(Rendering { catalog, types: found, setup, checks })
}

/// Who is told of an entity and of its file with its path.
pub(super) type Told<'a> = &'a mut dyn FnMut(&Entity, (String, File));

/// What keeps entities from becoming objects that an API server takes. Settings of a type that are wrong are
/// not theirs to mend, and left out, as is what follows from an owner that is not there. What a type makes
/// wrong of every entity is told once.
/// `made` is told of the file of every entity of a known type.
pub(super) fn faults(rendering: &Rendering<'_>, mut made: Option<Told<'_>>) -> Vec<Diagnostic> {
    let entities: Vec<&Entity> = rendered_entities(rendering).collect();
    let with_files = made.is_some();
    let each = each(rendering, &entities, processors(), |entity, value, made| {
        let problems = made.as_ref().err().cloned().unwrap_or_default();
        let hostnames = made.as_ref().map(|made| made.hostnames.clone()).unwrap_or_default();
        let file = with_files.then(|| one_file(rendering, entity, value, made).ok()?.file).flatten();
        (file, problems, hostnames)
    });
    let mut found = Vec::new();
    let mut told = BTreeSet::new();
    let mut names = Vec::new();
    for (entity, (file, problems, hostnames)) in entities.iter().zip(each) {
        names.push(hostnames);
        if let (Some(made), Some(file)) = (&mut made, file) {
            made(entity, file);
        }
        if problems.is_empty() {
            continue;
        }
        let mut owners = rendering.catalog.related(&entity.reference, Relation::OwnedBy).into_iter();
        let is_owned = owners.any(|owner| rendering.catalog.get(&owner).is_some());
        let own = problems.iter().filter(|problem| match &problem.place {
            Place::Entity(pointer) => is_owned || pointer != "/spec/owner",
            Place::Type(pointer) => {
                let name = entity.spec_type.as_ref().map(|written| written.value.clone());
                pointer.starts_with("/spec/objects") && told.insert((name, (*problem).clone()))
            }
        });
        found.extend(own.map(|problem| diagnostic(rendering, entity, problem)));
    }
    found.extend(hostnames::findings(rendering, &entities, &names));
    found
}

/// The objects of every entity that has a resource type, or of those whose objects go to one cluster.
pub fn everything(rendering: &Rendering<'_>, cluster: Option<&str>) -> Report {
    let mut entities: Vec<&Entity> = rendered_entities(rendering).collect();
    entities.sort_by(|a, b| a.reference.cmp(&b.reference));
    report(rendering, &entities, cluster)
}

/// The objects of some entities. One that becomes no objects is an error: somebody asked for them.
pub fn chosen(
    rendering: &Rendering<'_>,
    entities: &[&Entity],
    cluster: Option<&str>,
) -> Result<Report, Failure> {
    let mut wanted = Vec::new();
    for entity in entities {
        let related = resources(rendering, entity);
        if related.is_empty() {
            return Err(without_type(rendering, entity));
        }
        wanted.extend(related);
    }
    Ok(report(rendering, &wanted, cluster))
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

fn report(rendering: &Rendering<'_>, entities: &[&Entity], wanted: Option<&str>) -> Report {
    let mut report = Report { sources: sources(rendering), ..Report::default() };
    let mut done = BTreeSet::new();
    let entities: Vec<&Entity> =
        entities.iter().filter(|entity| done.insert(entity.reference.clone())).copied().collect();
    let made = each(rendering, &entities, processors(), |entity, value, made| {
        let is_wanted = wanted.is_none_or(|wanted| wanted == cluster(value, &rendering.setup.cluster));
        is_wanted.then_some((entity, made))
    });
    for (entity, made) in made.into_iter().flatten() {
        match made {
            Ok(mut made) => report.objects.append(&mut made.objects),
            Err(problems) => {
                report.problems.extend(problems.iter().map(|problem| diagnostic(rendering, entity, problem)));
            }
        }
    }
    report.unchecked = rendering.checks.unchecked();
    report
}

/// Entities with their objects, for a server to try.
pub(super) struct Tried<'a> {
    pub entities: Vec<(&'a Entity, Vec<Object>)>,
    /// What keeps others from being rendered.
    pub findings: Vec<Diagnostic>,
    pub sources: Sources,
}

/// The objects of some entities, or of all; one that becomes none is an error, as in [`chosen`].
pub(super) fn tried<'a>(
    rendering: &'a Rendering<'_>,
    entities: &[&'a Entity],
    wanted: Option<&str>,
) -> Result<Tried<'a>, Failure> {
    let mut chosen: Vec<&Entity> = Vec::new();
    for entity in entities {
        let related = resources(rendering, entity);
        if related.is_empty() {
            return Err(without_type(rendering, entity));
        }
        chosen.extend(related);
    }
    if entities.is_empty() {
        chosen.extend(rendered_entities(rendering));
    }
    chosen.sort_by(|a, b| a.reference.cmp(&b.reference));
    chosen.dedup_by(|a, b| a.reference == b.reference);
    let mut tried = Tried { entities: Vec::new(), findings: Vec::new(), sources: sources(rendering) };
    let made = each(rendering, &chosen, processors(), |entity, value, made| {
        let is_wanted = wanted.is_none_or(|wanted| wanted == cluster(value, &rendering.setup.cluster));
        is_wanted.then_some((entity, made))
    });
    for (entity, made) in made.into_iter().flatten() {
        match made {
            Ok(rendered) => tried.entities.push((entity, rendered.objects)),
            Err(problems) => {
                tried.findings.extend(problems.iter().map(|problem| diagnostic(rendering, entity, problem)));
            }
        }
    }
    Ok(tried)
}

/// What a server would refuse in some objects of an entity, by their index.
pub(super) fn refused(
    rendering: &Rendering<'_>,
    entity: &Entity,
    objects: &[Object],
    wrong: &[(usize, Vec<Violation>)],
) -> Vec<Diagnostic> {
    let Some(resource_type) = type_of(rendering, entity).filter(|_| !wrong.is_empty()) else {
        return Vec::new();
    };
    let value = rendering.catalog.value_of(entity).unwrap_or_default();
    let neighbours = Neighbours::new(rendering.catalog, &rendering.setup.cluster);
    let (engine, surroundings) = (Engine::default(), neighbours.surroundings(&value));
    let nothing = Value::Null;
    let settings = rendering.setup.settings.get(&resource_type.name).unwrap_or(&nothing);
    let context = Context { engine: &engine, surroundings: &surroundings, settings };
    let problems = problems_of(&value, resource_type, &context, objects, wrong);
    problems.iter().map(|problem| diagnostic(rendering, entity, problem)).collect()
}

/// The sources of the catalog, with the texts of types.
fn sources(rendering: &Rendering<'_>) -> Sources {
    let mut sources = rendering.catalog.sources().clone();
    let known = sources.iter().filter_map(|(id, source)| {
        Some((id, Arc::clone(rendering.checks.texts.get(types::name_of(&source.path)?)?)))
    });
    for (id, text) in known.collect::<Vec<_>>() {
        sources.set_text(id, text);
    }
    sources
}

/// The entities that have a resource type.
fn rendered_entities<'a>(rendering: &Rendering<'a>) -> impl Iterator<Item = &'a Entity> {
    rendering.catalog.entities().filter(|entity| type_of(rendering, entity).is_some())
}

fn type_of<'a>(rendering: &'a Rendering<'_>, entity: &Entity) -> Option<&'a ResourceType> {
    let written = entity.spec_type.as_ref().filter(|_| entity.reference.kind() == "resource")?;
    rendering.types.get(&*written.value)
}

fn one(
    rendering: &Rendering<'_>,
    engine: &Engine,
    neighbours: &Neighbours<'_>,
    entity: &Entity,
    value: &Value,
) -> Made {
    let Some(resource_type) = type_of(rendering, entity) else { return Ok(Rendered::default()) };
    let surroundings = neighbours.surroundings(value);
    let nothing = Value::Null;
    let settings = rendering.setup.settings.get(&resource_type.name).unwrap_or(&nothing);
    let context = Context { engine, surroundings: &surroundings, settings };
    let made = rendered(value, resource_type, &context)?;
    let mut checked = check(value, resource_type, &context, &made.objects, &rendering.checks.definitions);
    if !checked.problems.is_empty() {
        return Err(std::mem::take(&mut checked.problems));
    }
    rendering.checks.add(checked);
    Ok(made)
}

/// What entities become, with the access that they give, or what keeps them from it. Those without a
/// resource type are left out.
pub(super) fn resources_of(
    rendering: &Rendering<'_>,
    entities: &[&Entity],
) -> Vec<(EntityRef, Result<Resource, Vec<Diagnostic>>)> {
    let typed = |entity: &&Entity| type_of(rendering, entity).is_some();
    let entities: Vec<&Entity> = entities.iter().copied().filter(typed).collect();
    let neighbours = Neighbours::new(rendering.catalog, &rendering.setup.cluster);
    let engine = Engine::default();
    each(rendering, &entities, processors(), |entity, value, made| {
        let made = made.and_then(|Rendered { objects, .. }| {
            let cluster = cluster(value, &rendering.setup.cluster).to_owned();
            let grants = access(rendering, &engine, &neighbours, entity, value)?;
            Ok(Resource { cluster, objects, grants })
        });
        let told = |problems: Vec<Problem>| {
            problems.iter().map(|problem| diagnostic(rendering, entity, problem)).collect()
        };
        (entity.reference.clone(), made.map_err(told))
    })
}

/// The access that an entity gives.
fn access(
    rendering: &Rendering<'_>,
    engine: &Engine,
    neighbours: &Neighbours<'_>,
    entity: &Entity,
    value: &Value,
) -> Result<Vec<Grant>, Vec<Problem>> {
    let Some(resource_type) = type_of(rendering, entity).filter(|it| it.gives_access()) else {
        return Ok(Vec::new());
    };
    let surroundings = neighbours.surroundings(value);
    let nothing = Value::Null;
    let settings = rendering.setup.settings.get(&resource_type.name).unwrap_or(&nothing);
    grants(value, resource_type, &Context { engine, surroundings: &surroundings, settings })
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
    let report = report(rendering, &resources(rendering, entity), None);
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
