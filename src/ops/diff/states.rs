//! Reads the two states: the one after the change from the work tree, the one before from Git's objects.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;

use super::{Head, Request, SideSettings};
use crate::catalog::{Catalog, Reading};
use crate::change::Edit;
use crate::error::Failure;
use crate::fs::{self, is_yaml};
use crate::git::Error;
use crate::ops::catalog::{self, below, is_passed_over};
use crate::ops::{git_failure, types};
use crate::render::ResourceType;

/// Texts of files by path; `None` for a file that is not there.
pub(super) type Texts = BTreeMap<String, Option<Arc<str>>>;

/// The resource types by name; `None` for one that is broken.
pub(super) type Types = BTreeMap<String, ResourceType>;

/// Both states.
pub(super) struct Loaded {
    pub before: (Catalog, Types),
    pub after: (Catalog, Types),
    /// The files that differ, with what they held before.
    pub changed: Texts,
}

pub(super) fn load(request: &Request<'_>) -> Result<Loaded, Failure> {
    let repository = request.repository;
    let (laid_over, changed) = match &request.head {
        Head::WorkTree => (Texts::new(), texts(repository.changed_files(&request.base, true))?),
        Head::Commit(head) => {
            let laid_over = texts(repository.changed_files(head, true))?;
            (laid_over, texts(repository.differing_files(&request.base, head))?)
        }
        Head::Edits(edits) => edited(request, edits)?,
    };
    let after = whole(request, &request.after, &laid_over);
    let mut earlier = laid_over.clone();
    earlier.extend(changed.clone());
    let before =
        before(request, &after, &changed).unwrap_or_else(|| whole(request, &request.before, &earlier));
    // A type that is broken after the change is for the user to mend; what was broken before is gone.
    let types_after = types_of(request, &laid_over, true)?;
    let types_before = types_of(request, &earlier, false)?;
    Ok(Loaded { before: (before, types_before), after: (after, types_after), changed })
}

/// The base with edits: what is laid over the work tree for it, and what the edited files held.
fn edited(request: &Request<'_>, edits: &[Edit]) -> Result<(Texts, Texts), Failure> {
    let repository = request.repository;
    let mut laid_over = texts(repository.changed_files(&request.base, true))?;
    let mut changed = BTreeMap::new();
    for edit in edits {
        let held = repository.file(&request.base, &edit.path).map_err(|error| git_failure(&error))?;
        changed.insert(edit.path.clone(), held);
        let content = edit.content.as_deref().map(|bytes| Arc::from(String::from_utf8_lossy(bytes)));
        laid_over.insert(edit.path.clone(), content);
    }
    Ok((laid_over, texts(Ok(changed))?))
}

fn texts(files: Result<BTreeMap<String, Option<Vec<u8>>>, Error>) -> Result<Texts, Failure> {
    let files = files.map_err(|error| git_failure(&error))?;
    let text = |bytes: Vec<u8>| Arc::from(String::from_utf8_lossy(&bytes));
    Ok(files.into_iter().map(|(path, bytes)| (path, bytes.map(text))).collect())
}

/// Reads everything, with some files laid over the work tree.
fn whole(request: &Request<'_>, settings: &SideSettings, laid_over: &Texts) -> Catalog {
    let (mut overlay, mut absent) = (BTreeMap::new(), BTreeSet::new());
    if !laid_over.is_empty() {
        let walked = fs::walk(&request.root);
        let seen = walked.yaml.iter().map(|found| &*found.path);
        let seen: BTreeSet<&str> = seen.chain(walked.others.iter().map(|path| &**path)).collect();
        for (path, text) in laid_over {
            match text {
                None => drop(absent.insert(path.clone())),
                Some(_) if is_passed_over(&request.root, &seen, path) => {}
                Some(text) => drop(overlay.insert(path.clone(), Arc::clone(text))),
            }
        }
    }
    let loaded = catalog::load(&catalog::Request {
        root: request.root.clone(),
        catalog_paths: settings.catalog_paths.clone(),
        keep_texts: true,
        settings: request.rules.clone(),
        now: request.now,
        overlay,
        absent,
        rendering: None,
        reported: None,
        cache: None,
    });
    loaded.catalog
}

/// The state before, with all that did not change taken over; `None` where that cannot be.
fn before(request: &Request<'_>, after: &Catalog, changed: &Texts) -> Option<Catalog> {
    if request.before.catalog_paths != request.after.catalog_paths {
        return None;
    }
    let seen: BTreeSet<&str> = after.sources().iter().map(|(_, source)| &*source.path).collect();
    after.with_texts(changed, |path| {
        let counts = is_yaml(Path::new(path)) && !is_passed_over(&request.root, &seen, path);
        let in_catalog = request.before.catalog_paths.iter().any(|folder| below(path, folder));
        counts.then_some(Reading { files: None, only_backstage: !in_catalog })
    })
}

/// The types of a state; with `strict`, a broken one is an error.
fn types_of(request: &Request<'_>, laid_over: &Texts, strict: bool) -> Result<Types, Failure> {
    let report = types::available_with(Some(&request.root), laid_over)?;
    let mut found = Types::new();
    for available in report.types {
        if let Some(failure) = types::failure(&available, &report.sources).filter(|_| strict) {
            return Err(failure);
        }
        found.extend(available.definition.map(|definition| (available.name, definition)));
    }
    Ok(found)
}
