//! The files of `rendered/`, made in parallel.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use serde_json::Value;

use super::{Rendering, Unchecked, diagnostic, one, rendered_entities, sources};
use crate::diagnostic::Diagnostic;
use crate::entity::{Entity, EntityRef};
use crate::error::Failure;
use crate::expression::Engine;
use crate::render::{CLUSTER_POINTER, Neighbours, Problem, Rendered, cluster, path, to_yaml};
use crate::source::{Sources, Span};

/// A file of `rendered/`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct File {
    /// The entity whose objects are in it.
    pub entity: EntityRef,
    /// Where the entity is named.
    pub place: Span,
    /// What should be in it; `None` when the entity cannot be rendered, so that nobody knows.
    pub text: Option<String>,
}

/// The files of `rendered/`.
#[derive(Debug, Default)]
pub struct Files {
    /// The files by their paths in the repository; none for an entity that becomes no objects.
    pub files: BTreeMap<String, File>,
    /// What keeps entities from being rendered.
    pub problems: Vec<Diagnostic>,
    /// The sources that the problems are in.
    pub sources: Sources,
    /// What was not checked.
    pub unchecked: Unchecked,
}

/// The files of every entity that has a resource type.
pub fn files(rendering: &Rendering<'_>) -> Result<Files, Failure> {
    files_of(rendering, &rendered_entities(rendering).collect::<Vec<_>>(), processors())
}

/// The files of some entities, made by a number of threads, which changes nothing in the result.
pub(in crate::ops) fn files_of(
    rendering: &Rendering<'_>,
    entities: &[&Entity],
    workers: usize,
) -> Result<Files, Failure> {
    // Of an entity that is defined twice the first counts, as everywhere.
    let is_first = |entity: &&&Entity| {
        rendering.catalog.get(&entity.reference).is_some_and(|first| first.span == entity.span)
    };
    let entities: Vec<&Entity> = entities.iter().filter(is_first).copied().collect();
    let made =
        each(rendering, &entities, workers, |entity, value, made| one_file(rendering, entity, value, made));
    let mut found = Files { sources: sources(rendering), ..Files::default() };
    for made in made {
        let One { file, problems } = made?;
        found.files.extend(file);
        found.problems.extend(problems);
    }
    found.unchecked = rendering.checks.unchecked();
    Ok(found)
}

/// What rendering one entity came to.
pub(super) type Made = Result<Rendered, Vec<Problem>>;

/// What is found about one entity: its file with its path, if it has one, and what is wrong with it.
#[derive(Default)]
pub(super) struct One {
    pub(super) file: Option<(String, File)>,
    problems: Vec<Diagnostic>,
}

pub(super) fn one_file(
    rendering: &Rendering<'_>,
    entity: &Entity,
    value: &Value,
    made: Made,
) -> Result<One, Failure> {
    let told = |problems: &[Problem]| {
        problems.iter().map(|problem| diagnostic(rendering, entity, problem)).collect::<Vec<_>>()
    };
    let cluster = cluster(value, &rendering.setup.cluster);
    let Some(path) = path(value, cluster) else {
        let problem = Problem::entity(CLUSTER_POINTER, format!("the cluster `{cluster}` cannot be a folder"));
        let problem = problem.help("name it with letters, digits, `-`, `_` and `.`");
        return Ok(One { file: None, problems: told(&[problem]) });
    };
    let (text, problems) = match made {
        Ok(made) if made.objects.is_empty() => return Ok(One::default()),
        Ok(made) => (Some(to_yaml(&made.objects)?), Vec::new()),
        Err(problems) => (None, told(&problems)),
    };
    let file = File { entity: entity.reference.clone(), place: entity.name_span, text };
    Ok(One { file: Some((path, file)), problems })
}

/// How many threads may run at once.
pub(in crate::ops) fn processors() -> usize {
    thread::available_parallelism().map_or(1, usize::from)
}

/// Entities that one thread takes at a time.
const BATCH: usize = 64;

/// Renders entities in parallel. What `finish` makes of each is in the order of the entities, however many
/// threads there are.
pub(super) fn each<'a, T: Send>(
    rendering: &Rendering<'_>,
    entities: &[&'a Entity],
    workers: usize,
    finish: impl Fn(&'a Entity, &Value, Made) -> T + Sync,
) -> Vec<T> {
    let neighbours = Neighbours::new(rendering.catalog, &rendering.setup.cluster);
    let engine = Engine::default();
    let next = AtomicUsize::new(0);
    let work = || {
        let mut done = Vec::new();
        loop {
            let start = next.fetch_add(BATCH, Ordering::Relaxed);
            let Some(rest) = entities.get(start..).filter(|rest| !rest.is_empty()) else { return done };
            let batch = rest.iter().take(BATCH);
            let made = batch.map(|entity| {
                let value = rendering.catalog.value_of(entity).unwrap_or_default();
                finish(entity, &value, one(rendering, &engine, &neighbours, entity, &value))
            });
            done.push((start, made.collect::<Vec<T>>()));
        }
    };
    let workers = workers.min(entities.len().div_ceil(BATCH));
    let mut done = if workers <= 1 {
        work()
    } else {
        thread::scope(|scope| {
            let handles: Vec<_> = (0..workers).map(|_| scope.spawn(work)).collect();
            let joined = handles.into_iter().map(|handle| {
                // What is missing here would be taken for an entity that is gone.
                handle.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
            });
            joined.flatten().collect()
        })
    };
    done.sort_by_key(|(start, _)| *start);
    done.into_iter().flat_map(|(_, made)| made).collect()
}
