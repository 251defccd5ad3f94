//! Files to entities, one file at a time.

use std::collections::BTreeMap;

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
    /// Its path.
    pub path: Box<str>,
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
        path: path.into(),
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
    files: BTreeMap<Box<str>, File>,
}

impl Builder {
    /// Adds what was read from a file.
    pub fn add(&mut self, file: File) {
        self.files.insert(file.path.clone(), file);
    }

    /// Takes out the files that are part of a template's skeleton, and returns their paths.
    pub fn leave_out_skeletons(&mut self) -> Vec<Box<str>> {
        let mut skeletons = Skeletons::default();
        for file in self.files.values() {
            skeletons.add(&file.path, &file.skeletons);
        }
        let left_out: Vec<Box<str>> =
            self.files.keys().filter(|path| skeletons.contains(path)).cloned().collect();
        for path in &left_out {
            self.files.remove(path);
        }
        left_out
    }

    /// The catalog of all files, and the findings in them by path and place. Files that are part of a
    /// template's skeleton are left out, with their findings.
    pub fn finish(mut self, sources: Sources) -> (Catalog, Vec<Diagnostic>) {
        self.leave_out_skeletons();
        let mut findings = Vec::new();
        let mut entities = Vec::new();
        for file in self.files.into_values() {
            findings.extend(file.findings);
            entities.extend(file.entities);
        }
        entities.shrink_to_fit();
        // one source is one file, and its documents are in order: only the files need sorting
        entities.sort_by_key(|entity: &Entity| entity.span.source);
        (Catalog::new(sources, entities), findings)
    }
}
