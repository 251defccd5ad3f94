//! Files to a catalog and everything that is wrong in it.

use std::collections::BTreeSet;

use crate::catalog::{self, Builder, Catalog, Reading};
use crate::clock::Timestamp;
use crate::diagnostic::Diagnostic;
use crate::entity::Entity;
use crate::scaffolder::LINTS;
use crate::source::{SourceId, Sources};
use crate::yaml::Tree;

use super::waiver::{self, State, Waiver};
use super::{Check, Context, FileView, Paths, Policy, RULES, Settings, policy, run};

/// What was read from one file, with the findings of all rules that need no other file.
#[derive(Clone, Debug)]
pub struct FileReport {
    /// Its entities and findings.
    pub file: catalog::File,
    /// Its comments that allow findings.
    pub waivers: Vec<Waiver>,
}

/// Reads one file and checks it. Needs nothing but the text: many threads can read many files.
pub fn read(source: SourceId, path: &str, text: &str, reading: &Reading<'_>) -> FileReport {
    let (mut file, tree) = catalog::read_with_tree(source, path, text, reading);
    let Some(tree) = tree else { return FileReport { file, waivers: Vec::new() } };
    let (waivers, findings) = waiver::collect(source, text, &tree);
    file.findings.extend(findings);
    file.findings.extend(check_file(&tree, text));
    file.findings.sort_by_key(|finding| finding.primary.span);
    FileReport { file, waivers }
}

fn check_file(tree: &Tree, text: &str) -> Vec<Diagnostic> {
    let view = FileView { text, tree };
    let checks = RULES.iter().filter_map(|rule| match &rule.check {
        Check::File(check) => Some(check),
        _ => None,
    });
    checks.flat_map(|check| check(&view)).collect()
}

/// Puts file reports together; they may come in any order.
#[derive(Debug, Default)]
pub struct Ingest {
    builder: Builder,
    waivers: Vec<Waiver>,
}

/// What the rules need beside the files of entities.
#[derive(Clone, Copy)]
pub struct Surroundings<'a> {
    /// The files of the repository; `None` where they are not known, which keeps the rules about
    /// files silent.
    pub paths: Option<&'a Paths>,
    /// What the repository wants.
    pub settings: &'a Settings,
    /// The organisation's own rules. The texts of the entities that
    /// they are about and of their owners must be kept.
    pub policies: &'a [Policy],
    /// The entities that the policies are applied to: judging takes its time.
    pub is_judged: &'a dyn Fn(&Catalog, &Entity) -> bool,
    /// What other areas find in the catalog; waivers and levels hold for it as for any rule.
    pub elsewhere: &'a dyn Fn(&Catalog) -> Vec<Diagnostic>,
    /// Decides which waivers still hold.
    pub now: Timestamp,
}

/// A catalog and what is wrong in it.
#[derive(Debug)]
pub struct Outcome {
    /// All entities.
    pub catalog: Catalog,
    /// All findings, by path and place.
    pub findings: Vec<Diagnostic>,
    /// All waivers, by path and place, and what has become of each.
    pub waivers: Vec<(Waiver, State)>,
    /// The files that are part of a template's skeleton and were left out.
    pub skeletons: BTreeSet<SourceId>,
}

impl Ingest {
    /// Adds what was read from a file.
    pub fn add(&mut self, report: FileReport) {
        self.waivers.extend(report.waivers);
        self.builder.add(report.file);
    }

    /// Adds the entities of a file in which nothing is wrong and nothing is waived, in the order of their
    /// documents.
    pub fn add_entities(&mut self, entities: impl IntoIterator<Item = Entity>) {
        self.builder.add_entities(entities);
    }

    /// Adds what another one holds.
    pub fn append(&mut self, mut other: Self) {
        self.builder.append(other.builder);
        self.waivers.append(&mut other.waivers);
    }

    /// All entities so far, in no order.
    pub fn entities(&self) -> &[Entity] {
        self.builder.entities()
    }

    /// Runs the rules that need all files.
    pub fn finish(mut self, sources: Sources, around: &Surroundings<'_>) -> Outcome {
        let Surroundings { paths, settings, policies, is_judged, elsewhere, now } = *around;
        let skeletons = self.builder.leave_out_skeletons(&sources);
        let mut waivers = self.waivers;
        waivers.retain(|waiver| !skeletons.contains(&waiver.span.source));
        waivers.sort_by(|a, b| sources.path(a.span.source).cmp(sources.path(b.span.source)));
        let (catalog, mut findings) = self.builder.finish(sources);
        findings.extend(run(&Context { catalog: &catalog, paths, settings }));
        findings.extend(policy::run(&catalog, policies, is_judged));
        findings.extend(elsewhere(&catalog));
        let lints = LINTS.iter().map(|lint| lint.id.as_str());
        let beside: Vec<&str> = policies.iter().map(|policy| policy.id.as_str()).chain(lints).collect();
        let states = waiver::apply(&waivers, &mut findings, now, &beside);
        settings.apply(&mut findings);
        sort(&mut findings, catalog.sources());
        Outcome { catalog, findings, waivers: waivers.into_iter().zip(states).collect(), skeletons }
    }
}

/// By path, place, rule and message.
fn sort(findings: &mut [Diagnostic], sources: &Sources) {
    findings.sort_by(|a, b| {
        let place = |finding: &Diagnostic| {
            let span = finding.primary.span;
            (sources.path(span.source), span.start, span.end)
        };
        place(a).cmp(&place(b)).then_with(|| (&a.rule, &a.message).cmp(&(&b.rule, &b.message)))
    });
}
