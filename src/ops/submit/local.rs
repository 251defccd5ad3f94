//! What the user changed, as a request that fits the remote's base branch.

use std::path::Path;

use crate::change::{Edit, EntityChange, Operation, Request};
use crate::entity::{self, EntityRef};
use crate::error::{Exit, Failure};
use crate::fs::is_yaml;
use crate::git::{CommitId, Repository};
use crate::ops::git_failure;
use crate::ops::new::NewFile;
use crate::source::SourceId;
use crate::yaml;

/// The request in the work tree.
#[derive(Clone, Debug)]
pub struct LocalRequest {
    /// Files and entities.
    pub request: Request,
    /// Changed files that are on the base branch already, as they are here.
    pub landed: Vec<String>,
    /// Changed files outside of the folders that belong to the platform: not part of the request.
    pub left_out: Vec<String>,
}

/// Compares the work tree with the point where it left the base branch.
///
/// `managed` are the folders and files that belong to the platform; `named` are the paths that the
/// user named and that are taken wherever they are. A file that somebody else changed on the base
/// branch since is a conflict.
pub fn local_request(
    repository: &Repository,
    base: &CommitId,
    managed: &[String],
    named: &[String],
) -> Result<LocalRequest, Failure> {
    let fork =
        repository.head().and_then(|head| repository.merge_base(&head, base)).unwrap_or_else(|| base.clone());
    let changes = repository.changes_since(&fork, named).map_err(|error| git_failure(&error))?;
    let mut edits = Vec::new();
    let mut landed = Vec::new();
    let mut left_out = Vec::new();
    for edit in changes.edits {
        if named.is_empty() && !managed.iter().any(|path| is_below(&edit.path, path)) {
            left_out.push(edit.path);
            continue;
        }
        let before = repository.file(&fork, &edit.path).map_err(|error| git_failure(&error))?;
        let there = repository.file(base, &edit.path).map_err(|error| git_failure(&error))?;
        if there == edit.content {
            landed.push(edit.path);
        } else if there == before {
            edits.push(edit);
        } else {
            return Err(conflict(repository, base, &edit.path));
        }
    }
    let entities = entity_changes(repository, base, &edits)?;
    Ok(LocalRequest { request: Request::new(edits, entities), landed, left_out })
}

impl LocalRequest {
    /// The files of the request, with what they hold at `base`.
    pub fn files(&self, repository: &Repository, base: &CommitId) -> Result<Vec<NewFile>, Failure> {
        let file = |edit: &Edit| {
            let before = repository.file(base, &edit.path).map_err(|error| git_failure(&error))?;
            let (path, after) = (edit.path.clone(), edit.content.clone());
            Ok(NewFile { path, after, executable: edit.executable, before })
        };
        self.request.edits.iter().map(file).collect()
    }

    /// Takes files into the request that are not in the work tree, in place of those that are.
    pub fn take(
        &mut self,
        repository: &Repository,
        base: &CommitId,
        files: &[NewFile],
    ) -> Result<(), Failure> {
        let mut edits = std::mem::take(&mut self.request.edits);
        edits.retain(|edit| files.iter().all(|file| file.path != edit.path));
        edits.extend(request_of(repository, base, files)?.edits);
        let entities = std::mem::take(&mut self.request.entities);
        self.request = Request { own_title: self.request.own_title.take(), ..Request::new(edits, entities) };
        Ok(())
    }
}

/// Files that are not in the work tree, as a request.
pub fn request_of(repository: &Repository, base: &CommitId, files: &[NewFile]) -> Result<Request, Failure> {
    let mut edits = Vec::new();
    for file in files {
        let there = repository.file(base, &file.path).map_err(|error| git_failure(&error))?;
        if there != file.after {
            edits.push(Edit {
                path: file.path.clone(),
                content: file.after.clone(),
                executable: file.executable,
                existed: there.is_some(),
            });
        }
    }
    let entities = entity_changes(repository, base, &edits)?;
    Ok(Request::new(edits, entities))
}

fn is_below(path: &str, folder: &str) -> bool {
    path == folder || path.strip_prefix(folder).is_some_and(|rest| rest.starts_with('/'))
}

fn conflict(repository: &Repository, base: &CommitId, path: &str) -> Failure {
    let failure = Failure::new(Exit::No, format!("{path} was changed on the base branch in the meantime"));
    let failure = match repository.last_change(base, path) {
        Ok(Some(change)) => {
            failure.because(format!("by {} in {} ({})", change.author, change.commit.short(), change.summary))
        }
        _ => failure.because("it was removed there"),
    };
    failure.hint("bring your branch up to date (git pull --rebase), then submit again")
}

/// What the edits do to entities: those of the old files against those of the new ones.
fn entity_changes(
    repository: &Repository,
    base: &CommitId,
    edits: &[Edit],
) -> Result<Vec<EntityChange>, Failure> {
    let mut before = Vec::new();
    let mut after = Vec::new();
    let is_entity_file = |path: &str| is_yaml(Path::new(path)) && !path.starts_with("rendered/");
    for edit in edits.iter().filter(|edit| is_entity_file(&edit.path)) {
        let old = repository.file(base, &edit.path).map_err(|error| git_failure(&error))?;
        before.extend(entities(old.as_deref()));
        after.extend(entities(edit.content.as_deref()));
    }
    let mut changes = Vec::new();
    for (entity, value) in &after {
        let old = before.iter().find(|(other, _)| other == entity);
        match old {
            None => changes.push(EntityChange { entity: entity.clone(), operation: Operation::Create }),
            Some((_, old)) if old != value => {
                changes.push(EntityChange { entity: entity.clone(), operation: Operation::Update });
            }
            Some(_) => {}
        }
    }
    for (entity, _) in before.iter().filter(|(entity, _)| !after.iter().any(|(other, _)| other == entity)) {
        changes.push(EntityChange { entity: entity.clone(), operation: Operation::Delete });
    }
    Ok(changes)
}

fn entities(content: Option<&[u8]>) -> Vec<(EntityRef, serde_json::Value)> {
    let text = String::from_utf8_lossy(content.unwrap_or_default());
    let (tree, _) = yaml::parse(SourceId(0), &text);
    let decoded = tree.documents(&text).filter_map(|document| {
        let (entity, _) = entity::decode(&document);
        Some((entity?.reference, document.root()?.to_json()))
    });
    decoded.collect()
}
