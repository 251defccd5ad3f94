//! `diff`: what the work tree, or a commit, does when it takes the place of another commit.
//!
//! Both states come from the work tree and Git's objects: nothing is checked out. Files that are the same
//! are read once, and only what may have become different is rendered; a test holds that against rendering
//! everything.

mod live;
mod select;
mod states;

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::Arc;

use super::render::{self, Rendering, Setup};
use crate::change::Edit;
use crate::clock::Timestamp;
use crate::diagnostic::Diagnostic;
use crate::entity::{Entity, EntityRef};
use crate::error::Failure;
use crate::git::{CommitId, Repository};
use crate::impact::{self, Guard, Plan, Refusal, Resource, Side, States};
use crate::rules;
use crate::source::Sources;
use states::Loaded;

pub use live::{Live, LiveObject, Observed, State};

/// What to compare.
pub struct Request<'a> {
    /// The top folder of the repository.
    pub root: PathBuf,
    /// The repository.
    pub repository: &'a Repository,
    /// The commit that is there before.
    pub base: CommitId,
    /// What comes after.
    pub head: Head,
    /// What the settings of the base say.
    pub before: SideSettings,
    /// What the settings after the change say.
    pub after: SideSettings,
    /// What the repository wants of the rules.
    pub rules: rules::Settings,
    /// What is guarded.
    pub guard: Guard,
    /// The time: what the guard lets go ends.
    pub now: Timestamp,
    /// The cluster that is asked; `None` starts no async runtime and opens no socket.
    pub live: Option<Live<'a>>,
}

/// What takes the place of the base.
#[derive(Clone, Debug)]
pub enum Head {
    /// The files of the work tree.
    WorkTree,
    /// A commit.
    Commit(CommitId),
    /// The base with these edits.
    Edits(Vec<Edit>),
}

/// What one state's `platform.yaml` says.
#[derive(Clone, Debug)]
pub struct SideSettings {
    /// Folders whose YAML files are entities.
    pub catalog_paths: Vec<String>,
    /// What entities are rendered with.
    pub rendering: Setup,
}

/// What differs.
#[derive(Debug)]
pub struct Report {
    /// The commit before.
    pub base: CommitId,
    /// The commit after; `None` for what is not committed.
    pub head: Option<CommitId>,
    /// What the change does.
    pub plan: Plan,
    /// What the guard does not let happen.
    pub refusals: Vec<Refusal>,
    /// Files that differ and are no entities, resource types or rendered objects: not compared.
    pub other_files: Vec<String>,
    /// Entities that could not be rendered before, and so are not compared.
    pub unknown_before: BTreeSet<EntityRef>,
    /// What keeps entities from being rendered after the change.
    pub problems: Vec<Diagnostic>,
    /// The sources that the problems are in.
    pub sources: Sources,
    /// What the cluster says, if it is asked.
    pub live: Option<Result<Observed, Failure>>,
}

/// Compares two states of a repository.
pub fn diff(request: &Request<'_>) -> Result<Report, Failure> {
    let Loaded { before, after, changed } = states::load(request)?;
    let rendering = |side: &SideSettings| side.rendering.clone();
    // Kubernetes' own kinds only: what custom ones allow is for `validate` to say.
    let checks = Arc::default;
    let before = Rendering {
        catalog: &before.0,
        types: before.1,
        setup: rendering(&request.before),
        checks: checks(),
    };
    let after =
        Rendering { catalog: &after.0, types: after.1, setup: rendering(&request.after), checks: checks() };
    let candidates = select::candidates(before.catalog, after.catalog, &changed);
    let types = select::types(&before, &after);
    let wanted = select::resources(&before, &after, &candidates, &types);
    let old = rendered(&before, &wanted);
    let new = rendered(&after, &wanted);
    let unknown_before: BTreeSet<EntityRef> = old.failed.keys().cloned().collect();
    let states = States {
        unknown: old.failed.keys().chain(new.failed.keys()).cloned().collect(),
        before: Side { catalog: before.catalog, resources: old.resources },
        after: Side { catalog: after.catalog, resources: new.resources },
        candidates,
        types,
    };
    let plan = impact::compare(&states);
    let live = request.live.as_ref().map(|live| {
        let all: BTreeSet<EntityRef> =
            after.catalog.entities().map(|entity| entity.reference.clone()).collect();
        live::observe(live, &rendered(&after, &all).resources, &plan)
    });
    Ok(Report {
        base: request.base.clone(),
        head: match &request.head {
            Head::Commit(commit) => Some(commit.clone()),
            Head::WorkTree | Head::Edits(_) => None,
        },
        refusals: impact::guard(request.guard, &plan, &states.before, request.now),
        other_files: select::other_files(before.catalog, after.catalog, &changed),
        plan,
        unknown_before,
        problems: new.failed.into_values().flatten().collect(),
        sources: after.catalog.sources().clone(),
        live,
    })
}

/// What entities become, and what keeps others from it.
#[derive(Default)]
struct Rendered {
    resources: BTreeMap<EntityRef, Resource>,
    failed: BTreeMap<EntityRef, Vec<Diagnostic>>,
}

fn rendered(rendering: &Rendering<'_>, wanted: &BTreeSet<EntityRef>) -> Rendered {
    let entities: Vec<&Entity> = wanted.iter().filter_map(|entity| rendering.catalog.get(entity)).collect();
    let mut found = Rendered::default();
    for (entity, made) in render::resources_of(rendering, &entities) {
        match made {
            Ok(resource) => drop(found.resources.insert(entity, resource)),
            Err(problems) => drop(found.failed.insert(entity, problems)),
        }
    }
    found
}
