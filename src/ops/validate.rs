//! `validate`: every finding of a repository, or those in the paths that were named.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use super::catalog::{self, Loaded, below};
use crate::clock::Timestamp;
use crate::diagnostic::Diagnostic;
use crate::fs;
use crate::rules;
use crate::source::{SourceId, Sources};

/// What to check.
#[derive(Clone, Debug)]
pub struct Request {
    /// The top folder of the repository.
    pub root: PathBuf,
    /// Folders whose YAML files are entities.
    pub catalog_paths: Vec<String>,
    /// What the repository wants of the rules.
    pub settings: rules::Settings,
    /// The time: waivers end.
    pub now: Timestamp,
    /// Files and folders to report on, relative to the root; everything when empty. Everything is
    /// read in any case: references lead anywhere.
    pub paths: Vec<String>,
    /// Files whose text is not the one on disk, by their path in the repository.
    pub overlay: BTreeMap<String, Arc<str>>,
}

/// What was found.
#[derive(Debug)]
pub struct Report {
    /// The sources; those with findings have their texts.
    pub sources: Sources,
    /// The findings.
    pub findings: Vec<Diagnostic>,
    /// How many entities were read.
    pub entities: usize,
    /// How many files hold them.
    pub files: usize,
}

/// Checks a repository.
pub fn validate(request: &Request) -> Report {
    let Loaded { catalog, mut findings, files } = catalog::load(&catalog::Request {
        root: request.root.clone(),
        catalog_paths: request.catalog_paths.clone(),
        keep_texts: false,
        settings: request.settings.clone(),
        now: request.now,
        overlay: request.overlay.clone(),
    });
    let entities = catalog.len();
    let mut sources = catalog.sources().clone();
    if !request.paths.is_empty() {
        let reported = |source: SourceId| request.paths.iter().any(|path| below(sources.path(source), path));
        findings.retain(|finding| reported(finding.primary.span.source));
    }
    read_texts(request, &mut sources, &findings);
    Report { sources, findings, entities, files }
}

/// Reads again what findings point at and nobody kept.
fn read_texts(request: &Request, sources: &mut Sources, findings: &[Diagnostic]) {
    for finding in findings {
        for label in std::iter::once(&finding.primary).chain(&finding.related) {
            let source = label.span.source;
            if sources.text(source).is_some() {
                continue;
            }
            let path = sources.path(source);
            if let Some(text) = request.overlay.get(path) {
                sources.set_text(source, Arc::clone(text));
            } else if let Ok(text) = fs::read_text(&request.root.join(path)) {
                sources.set_text(source, text.into());
            }
        }
    }
}
