//! Files to entities, one file at a time.

use std::collections::BTreeSet;

use crate::diagnostic::Diagnostic;
use crate::entity::{self, Entity, Files, Place};
use crate::source::{SourceId, Sources};
use crate::yaml::{self, Tree};

use super::Catalog;
use super::skeleton::{self, Skeletons};

/// How a file is read.
#[derive(Clone, Copy, Default)]
pub struct Reading<'a> {
    /// The files of the repository, to read placeholders from. Without, they fit everywhere.
    pub files: Option<&'a dyn Files>,
    /// Whether the file counts only when it looks like Backstage's
    /// ([`holds_entities`](entity::holds_entities)). Else it counts whatever is in it.
    pub only_backstage: bool,
}

/// What was read from one file.
#[derive(Clone, Debug)]
pub struct File {
    /// The source.
    pub source: SourceId,
    /// Its entities, in the order of their documents.
    pub entities: Vec<Entity>,
    /// What is wrong in it, in the order of the places.
    pub findings: Vec<Diagnostic>,
    /// Whether it counts as a file of entities.
    pub holds_entities: bool,
    /// Folders that templates in it copy from, relative to the root of the repository: what is in
    /// them is text for new repositories, not entities of this one.
    pub skeletons: Vec<String>,
}

/// Reads one file. Needs nothing but the text, so that many threads can read many files.
pub fn read(source: SourceId, path: &str, text: &str, reading: &Reading<'_>) -> File {
    read_with_tree(source, path, text, reading).0
}

/// As [`read`], with the parsed text when the file holds entities, for further checks.
pub fn read_with_tree(
    source: SourceId,
    path: &str,
    text: &str,
    reading: &Reading<'_>,
) -> (File, Option<Tree>) {
    let mut file = File {
        source,
        entities: Vec::new(),
        findings: Vec::new(),
        holds_entities: false,
        skeletons: Vec::new(),
    };
    if reading.only_backstage && !entity::may_hold_entities(path, text) {
        return (file, None);
    }
    let (tree, findings) = yaml::parse(source, text);
    if reading.only_backstage && !entity::holds_entities(path, &tree, text) {
        return (file, None);
    }
    file.holds_entities = true;
    file.findings = findings;
    let place = reading.files.map(|files| Place { path, files });
    let has_dollar = memchr::memchr(b'$', text.as_bytes()).is_some();
    for document in tree.documents(text) {
        let (entity, findings) = entity::decode_with(&document, place, has_dollar);
        file.findings.extend(findings);
        if let Some(entity) = entity {
            if entity.kind == "Template" {
                file.skeletons
                    .extend(document.root().into_iter().flat_map(|root| skeleton::skeletons(root, path)));
            }
            file.entities.push(entity);
        }
    }
    // a vector of one would hold room for four
    file.entities.shrink_to_fit();
    file.findings.sort_by_key(|finding| finding.primary.span);
    (file, Some(tree))
}

/// Puts files together. They may come in any order; the result is in the order of their paths.
#[derive(Debug, Default)]
pub struct Builder {
    entities: Vec<Entity>,
    findings: Vec<Diagnostic>,
    /// What templates copy, by the files of the templates.
    skeletons: Vec<(SourceId, Vec<String>)>,
}

impl Builder {
    /// Adds what was read from a file.
    pub fn add(&mut self, file: File) {
        self.entities.extend(file.entities);
        self.findings.extend(file.findings);
        if !file.skeletons.is_empty() {
            self.skeletons.push((file.source, file.skeletons));
        }
    }

    /// Adds the entities of a file in which nothing is wrong, in the order of their documents.
    pub fn add_entities(&mut self, entities: impl IntoIterator<Item = Entity>) {
        self.entities.extend(entities);
    }

    /// Adds what another builder holds.
    pub fn append(&mut self, mut other: Self) {
        self.entities.append(&mut other.entities);
        self.findings.append(&mut other.findings);
        self.skeletons.append(&mut other.skeletons);
    }

    /// All entities so far, in no order.
    pub fn entities(&self) -> &[Entity] {
        &self.entities
    }

    /// Takes out the files that are part of a template's skeleton, and returns them.
    pub fn leave_out_skeletons(&mut self, sources: &Sources) -> BTreeSet<SourceId> {
        if self.skeletons.is_empty() {
            return BTreeSet::new();
        }
        let mut skeletons = Skeletons::default();
        for (source, folders) in std::mem::take(&mut self.skeletons) {
            skeletons.add(sources.path(source), &folders);
        }
        let left_out: BTreeSet<SourceId> =
            sources.iter().filter(|(_, source)| skeletons.contains(&source.path)).map(|(id, _)| id).collect();
        self.entities.retain(|entity| !left_out.contains(&entity.span.source));
        self.findings.retain(|finding| !left_out.contains(&finding.primary.span.source));
        left_out
    }

    /// The catalog of all files, and the findings in them by path and place. Files that are part of a
    /// template's skeleton are left out, with their findings.
    pub fn finish(mut self, sources: Sources) -> (Catalog, Vec<Diagnostic>) {
        self.leave_out_skeletons(&sources);
        let Self { mut entities, mut findings, .. } = self;
        entities.shrink_to_fit();
        // one source is one file, and its documents are in order: only the files need sorting
        entities.sort_by_key(|entity: &Entity| entity.span.source);
        findings.sort_by(|a, b| {
            let path = |finding: &Diagnostic| sources.path(finding.primary.span.source);
            path(a).cmp(path(b))
        });
        (Catalog::new(sources, entities), findings)
    }
}
