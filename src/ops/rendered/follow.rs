//! The rendered files of a change: what the change touches becomes part of it, directly or through what
//! its entities are rendered from (members of a group, a resource type).
//!
//! A file that was stale before is left to `render --write`, unless the change touches its entity: a
//! request holds nothing that nobody asked for.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::{Change, compare, holds, obstructed, present};
use crate::catalog::Catalog;
use crate::entity::{Entity, EntityRef};
use crate::error::Failure;
use crate::fs;
use crate::git::{CommitId, Repository};
use crate::object::Object;
use crate::ops::new::NewFile;
use crate::ops::render::{self, Checks, Commit, Rendering, Setup};
use crate::ops::{catalog, git_failure, validate};
use crate::render::{FOLDER, REF_ANNOTATION, ResourceType};
use crate::rules::Level;
use crate::source::SourceId;
use crate::yaml;

/// The file of the repository's settings, which every type may read.
const SETTINGS: &str = "platform.yaml";

/// The files of `rendered/` that change with `files`, sorted by path; none where the folder is not kept.
///
/// `repository` is what the files are laid over.
pub fn follow(repository: &validate::Request, files: &[NewFile]) -> Result<Vec<NewFile>, Failure> {
    let setup = repository.rendering.as_ref().filter(|setup| is_kept(repository, setup, files));
    let Some(setup) = setup.filter(|_| !files.is_empty()) else { return Ok(Vec::new()) };
    let mut after = repository.clone();
    after.lay_over(files);
    let Some((catalog, types, checks)) = load(&after) else { return Ok(Vec::new()) };
    let rendering = Rendering { catalog: &catalog, types, setup: setup.clone(), checks };
    let plan = compare(render::files(&rendering)?, present(&after.root, &after.overlay, &after.absent)?);
    let touched = touched(repository, setup, files, &plan.changes)?;
    if let Some(path) = plan.obstacles.iter().find(|path| files.iter().any(|file| file.path == **path)) {
        return Err(obstructed(path));
    }
    let changes = plan.changes.into_iter().filter(|change| touched.contains(&change.path));
    Ok(changes.map(|change| new_file(repository, change)).collect())
}

/// Whether the repository keeps the folder, before the change or with it.
fn is_kept(repository: &validate::Request, setup: &Setup, files: &[NewFile]) -> bool {
    match setup.commit {
        Commit::Always => true,
        Commit::Never => false,
        Commit::Auto => {
            fs::is_directory(&repository.root.join(FOLDER))
                || repository.overlay.keys().any(|path| holds(path))
                || files.iter().any(|file| holds(&file.path))
        }
    }
}

/// A catalog with its types, and what their objects are held against.
type Loaded = (Catalog, BTreeMap<String, ResourceType>, Arc<Checks>);

/// The catalog and its types; `None` when a type is not right, as nobody knows then which files are left
/// over. It has findings of its own.
fn load(request: &validate::Request) -> Option<Loaded> {
    let mut settings = request.settings.clone();
    // What cannot be rendered or is stale is found by whoever asked: once is enough.
    settings.levels.insert(render::RULE.as_str().to_owned(), Level::Off);
    settings.levels.insert(catalog::STALE.as_str().to_owned(), Level::Off);
    let loaded = catalog::load(&catalog::Request {
        root: request.root.clone(),
        catalog_paths: request.catalog_paths.clone(),
        keep_texts: true,
        settings,
        now: request.now,
        overlay: request.overlay.clone(),
        absent: request.absent.clone(),
        rendering: request.rendering.clone(),
        reported: None,
        cache: None,
    });
    let types = catalog::used_types(&loaded.catalog, &loaded.types);
    loaded.types.values().all(Option::is_some).then_some((loaded.catalog, types, loaded.checks))
}

/// The paths of the stale files that became stale by the change, or that the change writes itself.
fn touched(
    repository: &validate::Request,
    setup: &Setup,
    files: &[NewFile],
    stale: &[Change],
) -> Result<BTreeSet<String>, Failure> {
    let paths = || stale.iter().map(|change| change.path.clone());
    if stale.is_empty() || files.iter().any(|file| file.path == SETTINGS) {
        return Ok(paths().collect());
    }
    let Some((catalog, types, checks)) = load(repository) else { return Ok(paths().collect()) };
    let entities: Vec<&Entity> = stale.iter().filter_map(|change| catalog.get(&entity_of(change)?)).collect();
    let rendering = Rendering { catalog: &catalog, types, setup: setup.clone(), checks };
    let before = render::files_of(&rendering, &entities, render::processors())?.files;
    let is_touched = |change: &&Change| {
        let old = before.get(&change.path);
        let was_unknown = old.is_some_and(|file| file.text.is_none());
        let is_written = files.iter().any(|file| file.path == change.path);
        is_written || was_unknown || old.and_then(|file| file.text.as_deref()) != change.after.as_deref()
    };
    Ok(stale.iter().filter(is_touched).map(|change| change.path.clone()).collect())
}

/// The entity that a file belongs to, or belonged to.
fn entity_of(change: &Change) -> Option<EntityRef> {
    if let Some((entity, _)) = &change.entity {
        return Some(entity.clone());
    }
    let text = change.before.as_deref()?;
    let (tree, _) = yaml::parse(SourceId(0), text);
    let object = Object(tree.documents(text).find_map(|document| document.root())?.to_json());
    let annotation = format!("/metadata/annotations/{}", REF_ANNOTATION.replace('/', "~1"));
    EntityRef::parse(object.text(&annotation)?, None, "default").ok()
}

/// What becomes of the file in the repository as it is without the change.
fn new_file(repository: &validate::Request, change: Change) -> NewFile {
    let path = change.path;
    let before = if let Some(text) = repository.overlay.get(&path) {
        Some(text.as_bytes().to_vec())
    } else if repository.absent.contains(&path) {
        None
    } else {
        fs::read(&repository.root.join(&path)).ok()
    };
    NewFile { path, after: change.after.map(String::into_bytes), executable: false, before }
}

/// As [`follow`], for files that go to the commit `base` whatever the work tree holds: the rendered files
/// that the request needs beside them.
pub fn of_request(
    repository: &Repository,
    base: &CommitId,
    work_tree: &validate::Request,
    files: &[NewFile],
) -> Result<Vec<NewFile>, Failure> {
    let mut there = work_tree.clone();
    let changed = repository.changed_files(base, true).map_err(|error| git_failure(&error))?;
    let as_of_base = changed.into_iter().map(|(path, before)| NewFile {
        path,
        after: before,
        executable: false,
        before: None,
    });
    there.lay_over(&as_of_base.collect::<Vec<_>>());
    follow(&there, files)
}
