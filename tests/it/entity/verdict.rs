//! Our verdict on each document of a file, in the terms of Backstage's.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;

use platform::catalog::Reading;
use platform::clock::Timestamp;
use platform::diagnostic::{Diagnostic, Reach, Severity};
use platform::entity::{Files, Lookup, Place, decode_in};
use platform::rules::{self, Ingest, Paths, Settings, Surroundings};
use platform::source::{SourceId, Sources};
use platform::yaml;

/// The files below a folder of the disk.
pub(crate) struct Disk(pub PathBuf);

impl Files for Disk {
    fn read(&self, path: &str) -> Lookup {
        match fs::read_to_string(self.0.join(path)) {
            Ok(text) => Lookup::Text(text.into()),
            Err(_) => Lookup::Missing,
        }
    }
}

/// Our verdict on one document.
#[derive(Debug, Default)]
pub(crate) struct Verdict {
    /// What Backstage would refuse it for.
    pub errors: Vec<Diagnostic>,
    /// Whether Backstage accepts it and never shows it.
    pub never_shown: bool,
    /// The entity's reference, where it has one.
    pub reference: Option<String>,
    /// Its own relations as `type target`, sorted.
    pub relations: Vec<String>,
}

impl Verdict {
    /// Whether more than this entity is stopped. Backstage looks at targets last, so they do not count
    /// as long as anything else is wrong.
    pub(crate) fn blocks_file(&self) -> bool {
        let is_target = |error: &&Diagnostic| error.rule.as_str().starts_with("location-");
        let (targets, others): (Vec<_>, Vec<_>) = self.errors.iter().partition(is_target);
        let counted = if others.is_empty() { targets } else { others };
        counted.iter().any(|error| error.reach == Reach::Location)
    }

    pub(crate) fn messages(&self) -> Vec<String> {
        self.errors.iter().map(|error| format!("{}: {}", error.rule, error.message)).collect()
    }
}

/// Our verdict on every document of a text, by its number. Without `paths` the targets of Locations
/// are not looked at.
pub(crate) fn judge(
    files: &dyn Files,
    paths: Option<&Paths>,
    path: &str,
    text: &str,
) -> BTreeMap<u64, Verdict> {
    let (tree, yaml_findings) = yaml::parse(SourceId(0), text);
    let mut verdicts = BTreeMap::new();
    let whole_file = whole_file(files, paths, path, text);
    for document in tree.documents(text) {
        let (entity, mut errors) = decode_in(&document, Some(Place { path, files }));
        if document.is_broken() {
            errors.extend(yaml_findings.iter().cloned());
        }
        let mut verdict = Verdict::default();
        if let Some(entity) = entity {
            let within = |finding: &&Diagnostic| {
                let span = finding.primary.span;
                entity.span.start <= span.start && span.end <= entity.span.end
            };
            for finding in whole_file.iter().filter(within) {
                match finding.rule.as_str() {
                    "case-colliding-keys" => verdict.never_shown = true,
                    "location-target" => errors.push(finding.clone()),
                    _ => {}
                }
            }
            for reference in &entity.references {
                verdict.relations.push(format!("{} {}", reference.relation, reference.target));
                if reference.target == entity.reference {
                    verdict.relations.push(format!("{} {}", reference.relation.reverse(), reference.target));
                }
            }
            verdict.relations.sort();
            verdict.relations.dedup();
            verdict.reference = Some(entity.reference.to_string());
        }
        errors.retain(|finding| finding.severity == Severity::Error);
        verdict.errors = errors;
        verdicts.insert(document.index() as u64, verdict);
    }
    verdicts
}

fn whole_file(files: &dyn Files, paths: Option<&Paths>, path: &str, text: &str) -> Vec<Diagnostic> {
    let mut sources = Sources::default();
    let id = sources.add(path, Some(text.into()));
    let mut ingest = Ingest::default();
    ingest.add(rules::read(id, path, text, &Reading { files: Some(files), only_backstage: false }));
    let settings = Settings::default();
    let around = Surroundings {
        paths,
        settings: &settings,
        policies: &[],
        is_judged: &|_, _| true,
        elsewhere: &|_| Vec::new(),
        now: Timestamp(0),
    };
    ingest.finish(sources, &around).findings
}
