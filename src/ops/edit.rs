//! `edit`: changes to entities that are there, checked with the whole catalog before one byte is
//! written. Comments and layout around a change stay as they are.
//!
//! It does not rename: an entity is after the change who it was before.

use std::collections::BTreeMap;
use std::path::Path;

use serde_json::Value;

use super::consequences::Consequences;
use super::forge::failure as forge_failure;
use super::new::NewFile;
use super::submit::request_of;
use super::{file_failure, git_failure, rendered, validate};
use crate::catalog::Catalog;
use crate::change;
use crate::diagnostic::{Diagnostic, Severity, did_you_mean};
use crate::entity::{self, Entity, EntityRef};
use crate::error::{Exit, Failure};
use crate::forge::{Forge, State};
use crate::fs;
use crate::git::transport::Transport;
use crate::git::{CommitId, Repository};
use crate::yaml::{self, Node};

/// One change to an entity. Places are JSON pointers into its document.
#[derive(Clone, Debug, PartialEq)]
pub enum Change {
    /// The place has this value from now on.
    Set {
        /// The place.
        pointer: String,
        /// The value.
        value: Value,
    },
    /// The list at the place has one more item; a list that is not there is made.
    Append {
        /// The place of the list.
        pointer: String,
        /// The item.
        item: Value,
    },
    /// The place and its key go.
    Remove {
        /// The place.
        pointer: String,
    },
}

/// What to change.
pub struct Request<'a> {
    /// The top folder of the repository.
    pub root: &'a Path,
    /// The catalog that the entities are in.
    pub catalog: &'a Catalog,
    /// The entities, each with its changes in the order in which they are made.
    pub changes: Vec<(&'a Entity, Vec<Change>)>,
    /// What the repository is checked against, with the changed files laid over it.
    pub validation: validate::Request,
}

/// What would be written.
pub struct Prepared {
    /// The entities that were named, whether or not they become different.
    pub entities: Vec<EntityRef>,
    /// The files that become different, sorted by path.
    pub files: Vec<NewFile>,
    /// What is wrong in these files, and errors elsewhere that were not there before.
    pub report: validate::Report,
    /// What else it means.
    pub consequences: Consequences,
}

impl Prepared {
    /// Whether there are errors, so that nothing may be written.
    pub fn has_errors(&self) -> bool {
        self.report.findings.iter().any(is_error)
    }
}

/// Makes the changes in memory and checks the result.
pub fn prepare(request: &Request<'_>) -> Result<Prepared, Failure> {
    let mut texts: BTreeMap<String, (String, String)> = BTreeMap::new();
    for (entity, changes) in &request.changes {
        let path = request.catalog.sources().path(entity.span.source);
        if !texts.contains_key(path) {
            let text = read(request.root, path)?;
            texts.insert(path.to_owned(), (text.clone(), text));
        }
        if let Some((_, text)) = texts.get_mut(path) {
            *text = changed(entity, changes, text).map_err(|failure| at(failure, path))?;
        }
    }
    let mut files: Vec<NewFile> = texts
        .into_iter()
        .filter(|(_, (before, after))| before != after)
        .map(|(path, (before, after))| NewFile {
            path,
            after: Some(after.into_bytes()),
            executable: false,
            before: Some(before.into_bytes()),
        })
        .collect();
    files.extend(rendered::follow(&request.validation, &files)?);
    let report = check(&request.validation, &files);
    let entities = request.changes.iter().map(|(entity, _)| entity.reference.clone()).collect();
    Ok(Prepared { entities, files, report, consequences: Consequences::default() })
}

fn at(failure: Failure, path: &str) -> Failure {
    let hint = format!("nothing was written; change {path} by hand");
    if failure.hint.is_some() { failure } else { failure.hint(hint) }
}

pub(super) fn read(root: &Path, path: &str) -> Result<String, Failure> {
    let target = fs::confined(root, Path::new(path)).map_err(|error| file_failure(&error))?;
    let bytes = fs::read(&target).map_err(|error| file_failure(&error))?;
    String::from_utf8(bytes).map_err(|_| {
        Failure::new(Exit::No, format!("{path} is not UTF-8"))
            .hint("nothing was written; save the file as UTF-8, then run it again")
    })
}

/// The text of a file with the changes to one of its entities.
fn changed(entity: &Entity, changes: &[Change], text: &str) -> Result<String, Failure> {
    let mut text = text.to_owned();
    for change in changes {
        text = one_changed(entity, change, &text)?;
    }
    let (tree, _) = yaml::parse(entity.span.source, &text);
    let document = tree.documents(&text).nth(entity.document as usize);
    let after = document.and_then(|document| entity::decode(&document).0);
    if after.is_none_or(|after| after.reference != entity.reference) {
        return Err(Failure::new(Exit::No, format!("{} would be another entity", entity.reference.short()))
            .because("kind, namespace and name are what others call it by")
            .hint("nothing was written; make a new entity and let the others name that one"));
    }
    Ok(text)
}

pub(super) fn one_changed(entity: &Entity, change: &Change, text: &str) -> Result<String, Failure> {
    let (tree, _) = yaml::parse(entity.span.source, text);
    let Some(document) = tree.documents(text).nth(entity.document as usize) else {
        return Err(Failure::new(Exit::No, "the file has changed while it was read").hint("run it again"));
    };
    let there = |pointer: &str| document.root().and_then(|root| root.pointer(pointer)).map(Node::to_json);
    let (place, edits) = match change {
        Change::Set { pointer, value } if there(pointer).as_ref() == Some(value) => {
            return Ok(text.to_owned());
        }
        Change::Set { pointer, value } => (pointer, yaml::edit::set(&document, pointer, value)),
        Change::Append { pointer, item } => (pointer, yaml::edit::append(&document, pointer, item)),
        Change::Remove { pointer } if there(pointer).is_none() => {
            return Err(nothing_there(document.root(), pointer));
        }
        Change::Remove { pointer } => (pointer, yaml::edit::remove(&document, pointer)),
    };
    let edits = edits.map_err(|refusal| {
        let entity = entity.reference.short();
        Failure::new(Exit::No, format!("cannot change {} of {entity}", shown(place))).because(refusal)
    })?;
    Ok(yaml::edit::apply(text, &edits))
}

fn nothing_there(root: Option<Node<'_>>, pointer: &str) -> Failure {
    let failure = Failure::new(Exit::No, format!("there is no {} to remove", shown(pointer)));
    let (above, key) = pointer.rsplit_once('/').unwrap_or_default();
    let siblings = root.and_then(|root| root.pointer(above)).map(Node::to_json);
    let names = siblings.as_ref().and_then(Value::as_object).map(|map| map.keys().map(String::as_str));
    match names.and_then(|names| did_you_mean(key, names)) {
        Some(meant) => failure.hint(format!("did you mean {}?", shown(&format!("{above}/{meant}")))),
        None => failure,
    }
}

/// A pointer as people write places: `spec.owner`.
fn shown(pointer: &str) -> String {
    let parts = pointer.split('/').skip(1).map(|part| part.replace("~1", "/").replace("~0", "~"));
    parts.collect::<Vec<_>>().join(".")
}

fn is_error(finding: &Diagnostic) -> bool {
    finding.severity == Severity::Error
}

/// Checks the repository as it would be. Keeps what is about the files, and the errors elsewhere that
/// the change brings: those that were there before are not its fault.
fn check(validation: &validate::Request, files: &[NewFile]) -> validate::Report {
    let mut after = validation.clone();
    after.lay_over(files);
    let mut report = validate::validate(&after);
    let is_ours = |report: &validate::Report, finding: &Diagnostic| {
        let path = report.sources.path(finding.primary.span.source);
        files.iter().any(|file| file.path == path)
    };
    let mut findings = std::mem::take(&mut report.findings);
    findings.retain(|finding| is_error(finding) || is_ours(&report, finding));
    if findings.iter().any(|finding| !is_ours(&report, finding)) {
        let before = validate::validate(validation).findings;
        let is_old = |finding: &Diagnostic| {
            before.iter().any(|old| {
                (&old.rule, old.primary.span, &old.message)
                    == (&finding.rule, finding.primary.span, &finding.message)
            })
        };
        findings.retain(|finding| is_ours(&report, finding) || !is_old(finding));
    }
    report.findings = findings;
    report
}

/// The files as a request to the base branch. They were made from the files of the work tree, so these
/// have to be the ones of the base branch: anything else would undo or take along other changes.
pub fn request(
    repository: &Repository,
    base: &CommitId,
    files: &[NewFile],
) -> Result<change::Request, Failure> {
    check_base(repository, base, files)?;
    request_of(repository, base, files)
}

/// That files which are to be changed are on the base branch what they are here.
pub fn check_base<'a>(
    repository: &Repository,
    base: &CommitId,
    files: impl IntoIterator<Item = &'a NewFile>,
) -> Result<(), Failure> {
    for file in files {
        let there = repository.file(base, &file.path).map_err(|error| git_failure(&error))?;
        if there != file.before {
            return Err(Failure::new(
                Exit::No,
                format!("{} is not the same here and on the base branch", file.path),
            )
            .because("the request would carry more than this change")
            .hint("git pull, or leave out --submit and send your files with `platform submit`"));
        }
    }
    Ok(())
}

/// Sees to it that the request takes nothing out of an open one: requests about the same entity share a
/// branch, and the later one replaces what the earlier one wanted.
pub fn keep_open_request(
    repository: &Repository,
    remote: &str,
    forge: &dyn Forge,
    branch: &str,
    request: &change::Request,
) -> Result<(), Failure> {
    let earlier = forge.find_any(branch).map_err(|error| forge_failure(&error))?;
    let Some(open) = earlier.first().filter(|found| found.state == State::Open) else { return Ok(()) };
    let transport = Transport::new(repository.root(), remote);
    let Some(tip) = transport.branch(branch).map_err(|error| git_failure(&error))? else { return Ok(()) };
    let fetched = transport.fetch(branch, &format!("refs/platform/branch/{branch}"));
    fetched.map_err(|error| git_failure(&error))?;
    for edit in &request.edits {
        let there = repository.file(&tip, &edit.path).map_err(|error| git_failure(&error))?;
        if there != edit.content {
            let number = open.number;
            return Err(Failure::new(
                Exit::No,
                format!("pull request #{number} has another change to {}", edit.path),
            )
            .because("the new request would take its place")
            .hint(format!(
                "platform pr show {number}; merge or close it first, or work on its branch {branch}"
            )));
        }
    }
    Ok(())
}
