//! `validate`: every finding of a repository, or those in the paths that were named, or those of a
//! change.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::Arc;

use super::catalog::{self, CachePlace, Loaded, below, is_beside, is_passed_over};
use super::new::NewFile;
use super::render::{Setup, Unchecked};
use crate::clock::Timestamp;
use crate::diagnostic::{Diagnostic, RuleId};
use crate::fs;
use crate::rules;
use crate::rules::waiver::{self, Waiver};
use crate::scaffolder::LINTS;
use crate::source::{Sources, Span};

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
    /// The files of a change with what they held before it, `None` where they were not there. With a
    /// change, what is wrong elsewhere because of it is reported beside what is in the paths, and
    /// empty paths mean that nothing else is.
    pub before: Option<BTreeMap<String, Option<Arc<str>>>>,
    /// Files whose text is not the one on disk, by their path in the repository.
    pub overlay: BTreeMap<String, Arc<str>>,
    /// Files that count as not there.
    pub absent: BTreeSet<String>,
    /// What entities are rendered with, to report those that cannot be; `None` renders none.
    pub rendering: Option<Setup>,
    /// Where to remember what was read; `None` to read everything.
    pub cache: Option<CachePlace>,
}

impl Request {
    /// Lays the files of a change over the repository.
    pub fn lay_over(&mut self, files: &[NewFile]) {
        for file in files {
            if let Some(text) = file.text() {
                self.absent.remove(&file.path);
                self.overlay.insert(file.path.clone(), text.into());
            } else {
                self.overlay.remove(&file.path);
                self.absent.insert(file.path.clone());
            }
        }
    }
}

/// What was found.
#[derive(Debug)]
pub struct Report {
    /// The sources; those with findings have their texts.
    pub sources: Sources,
    /// The findings.
    pub findings: Vec<Diagnostic>,
    /// All waivers in the paths, and what has become of each.
    pub waivers: Vec<(Waiver, waiver::State)>,
    /// How many entities were read.
    pub entities: usize,
    /// How many files hold them.
    pub files: usize,
    /// What of the objects that entities become was not checked.
    pub unchecked: Unchecked,
    /// How many files were not read because the cache knew them.
    pub unread: usize,
    /// How many files were read but not parsed because the cache knew their contents.
    pub unparsed: usize,
}

/// Checks a repository.
pub fn validate(request: &Request) -> Report {
    let Loaded { catalog, mut findings, files, unread, unparsed, mut waivers, checks, .. } = load(request);
    let entities = catalog.len();
    let mut sources = catalog.into_sources();
    if !request.paths.is_empty() || request.before.is_some() {
        retain(request, &sources, &mut findings);
        waivers.retain(|(waiver, _)| is_named(request, &sources, waiver.span));
    }
    let spans = findings.iter().flat_map(spans).chain(waivers.iter().map(|(waiver, _)| waiver.span));
    read_texts(request, &mut sources, spans);
    let unchecked = checks.unchecked();
    Report { sources, findings, waivers, entities, files, unchecked, unread, unparsed }
}

fn load(request: &Request) -> Loaded {
    catalog::load(&catalog::Request {
        root: request.root.clone(),
        catalog_paths: request.catalog_paths.clone(),
        keep_texts: false,
        settings: request.settings.clone(),
        now: request.now,
        overlay: request.overlay.clone(),
        absent: request.absent.clone(),
        rendering: request.rendering.clone(),
        // What a change brought about is found by comparing all that is wrong with all that was.
        reported: Some(if request.before.is_some() { Vec::new() } else { request.paths.clone() }),
        cache: request.cache.clone(),
    })
}

/// All places of a finding.
fn spans(finding: &Diagnostic) -> impl Iterator<Item = Span> {
    std::iter::once(finding.primary.span).chain(finding.related.iter().map(|label| label.span))
}

fn is_named(request: &Request, sources: &Sources, span: Span) -> bool {
    request.paths.iter().any(|path| below(sources.path(span.source), path))
}

/// Whether a finding may be about a file that a template renders.
fn is_about_files(finding: &Diagnostic) -> bool {
    LINTS.iter().any(|lint| lint.id == finding.rule)
}

fn is_named_beside(request: &Request, sources: &Sources, span: Span) -> bool {
    request.paths.iter().any(|path| is_beside(path, sources.path(span.source)))
}

/// Keeps the findings that have a place in the paths, and those that the change brought about.
///
/// A new file that names an entity again is reported with it, wherever the finding itself stands.
fn retain(request: &Request, sources: &Sources, findings: &mut Vec<Diagnostic>) {
    let named = |finding: &Diagnostic| {
        spans(finding).any(|span| is_named(request, sources, span))
            || request.before.is_none()
                && is_about_files(finding)
                && is_named_beside(request, sources, finding.primary.span)
    };
    let Some(before) = &request.before else {
        findings.retain(named);
        return;
    };
    if before.is_empty() {
        findings.retain(named);
        return;
    }
    if findings.iter().all(named) {
        return;
    }
    let mut old = old_findings(request, before);
    findings.retain(|finding| {
        if named(finding) {
            return true;
        }
        match old.get_mut(&identity(sources, finding)) {
            Some(count) if *count > 0 => {
                *count -= 1;
                false
            }
            _ => true,
        }
    });
}

/// What makes a finding the same one although lines have moved: its path, rule and message.
type Identity = (String, RuleId, String);

fn identity(sources: &Sources, finding: &Diagnostic) -> Identity {
    let path = sources.path(finding.primary.span.source).to_owned();
    (path, finding.rule.clone(), finding.message.clone())
}

/// What was wrong before the change, and how often: the same repository with the old texts laid over.
fn old_findings(request: &Request, before: &BTreeMap<String, Option<Arc<str>>>) -> BTreeMap<Identity, usize> {
    let mut old = Request { before: None, paths: Vec::new(), ..request.clone() };
    let walked = fs::walk(&request.root);
    let seen: BTreeSet<&str> = walked
        .yaml
        .iter()
        .map(|found| &*found.path)
        .chain(walked.others.iter().map(|path| &**path))
        .collect();
    for (path, text) in before {
        old.overlay.remove(path);
        match text {
            None => {
                old.absent.insert(path.clone());
            }
            // what the walk passes over is passed over then as now
            Some(_) if is_passed_over(&request.root, &seen, path) => {}
            Some(text) => {
                old.absent.remove(path);
                old.overlay.insert(path.clone(), Arc::clone(text));
            }
        }
    }
    let Loaded { catalog, findings, .. } = load(&old);
    let mut counts = BTreeMap::new();
    for finding in &findings {
        *counts.entry(identity(catalog.sources(), finding)).or_default() += 1;
    }
    counts
}

/// Reads again what is pointed at and nobody kept.
fn read_texts(request: &Request, sources: &mut Sources, spans: impl Iterator<Item = Span>) {
    let missing: BTreeSet<_> =
        spans.map(|span| span.source).filter(|source| sources.text(*source).is_none()).collect();
    for source in missing {
        let path = sources.path(source);
        let text = match request.overlay.get(path) {
            Some(text) => Arc::clone(text),
            None => match fs::read_text(&request.root.join(path)) {
                Ok(text) => text.into(),
                Err(_) => continue,
            },
        };
        sources.set_text(source, text);
    }
}
