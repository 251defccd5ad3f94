//! Reads the entities of a repository: walks, reads and decodes in parallel.
//!
//! No async runtime, no memory maps: reading small files is bound by system calls, and each worker
//! makes its own.

mod cache;
mod read;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::definitions;
use super::render::{self, Checks, Rendering, Setup};
use super::rule_settings;
use super::stale_rendered::{self, Stale};
use super::templates::lint::folder_of;
use super::types;
use crate::catalog::Catalog;
use crate::clock::Timestamp;
use crate::diagnostic::{Diagnostic, Reach, RuleId};
use crate::entity::Entity;
use crate::fs::{self, Folder, Walked};
use crate::render::{Definitions, ResourceType};
use crate::rules::policy::{self, Policy};
use crate::rules::waiver::{self, Waiver};
use crate::rules::{self, Ingest, Level, Paths, Surroundings};
use crate::source::{SourceId, Sources, Span};

use cache::{Cache, Origin};
use read::{Part, Reader};

pub use cache::Place as CachePlace;

/// The rule that names files which could not be read.
pub const UNREADABLE: RuleId = RuleId::new("unreadable-file");

/// The rule about `rendered/`.
pub(super) const STALE: RuleId = RuleId::new("stale-rendered");

/// The folder of the organisation's own rules.
pub(super) const POLICIES: &str = "policies";

/// What to read.
#[derive(Clone, Debug)]
pub struct Request {
    /// The top folder of the repository.
    pub root: PathBuf,
    /// Folders whose YAML files are entities whatever is in them. Elsewhere a file counts when it
    /// looks like Backstage's.
    pub catalog_paths: Vec<String>,
    /// Whether the texts are kept, for [`Catalog::value`]. Texts with findings always are.
    pub keep_texts: bool,
    /// What the repository wants of the rules.
    pub settings: rules::Settings,
    /// The time: waivers end.
    pub now: Timestamp,
    /// Files whose text is not the one on disk, by their path in the repository.
    pub overlay: BTreeMap<String, Arc<str>>,
    /// Files that count as not there, by their path in the repository.
    pub absent: BTreeSet<String>,
    /// What entities are rendered with, to find those that cannot be; `None` renders none.
    pub rendering: Option<Setup>,
    /// Files and folders whose findings are wanted; all when empty. What takes long is only done for
    /// them: to lint templates with their skeletons, and to judge by policies. `None` where no finding is
    /// wanted.
    pub reported: Option<Vec<String>>,
    /// Where to remember what was read; `None` to read everything.
    pub cache: Option<CachePlace>,
}

impl Request {
    fn reports(&self, path: &str) -> bool {
        let is_named = |named: &String| below(path, named) || is_beside(named, path);
        self.reported.as_ref().is_some_and(|reported| reported.is_empty() || reported.iter().any(is_named))
    }
}

/// What was read.
#[derive(Debug, Default)]
pub struct Loaded {
    /// The entities.
    pub catalog: Catalog,
    /// What is wrong in the files, each on its own.
    pub findings: Vec<Diagnostic>,
    /// How many files hold entities.
    pub files: usize,
    /// How many files were not read because the cache knew them.
    pub unread: usize,
    /// How many files were read but not parsed because the cache knew their contents.
    pub unparsed: usize,
    /// All waivers, and what has become of each.
    pub waivers: Vec<(Waiver, waiver::State)>,
    /// The resource types of the repository by name, `None` for those that are not right; none when
    /// nothing is rendered.
    pub types: BTreeMap<String, Option<ResourceType>>,
    /// What the objects of entities are held against.
    pub checks: Arc<Checks>,
}

/// Reads all entities below the root and runs every rule.
pub fn load(request: &Request) -> Loaded {
    // who wants the texts reads all files in any case
    let place = request.cache.as_ref().filter(|_| !request.keep_texts);
    let mut walked = fs::walk(&request.root);
    lay_over(request, &mut walked);
    walked.yaml.retain(|found| !types::cases::is_test(&found.path));
    let mut sources = Sources::default();
    for file in &walked.yaml {
        sources.add(Arc::clone(&file.path), None);
    }
    let (policies, mut findings) = policies(request, &walked.yaml, &mut sources);
    let (types, checks, wrong) = resource_types(request, &walked.yaml, &mut sources);
    findings.extend(wrong);
    if findings.is_empty() {
        findings.extend(rule_settings::unknown(request, &walked.yaml, &policies, &mut sources));
    }
    let old = place.and_then(Cache::open);
    let folder = place.and_then(|_| Folder::open(&request.root));
    let reader = Reader { request, folder: folder.as_ref(), cache: old.as_ref() };
    let part = read::all(&reader, &walked.yaml);
    let Part { ingest, texts, files, mut known } = part;
    // its memory is needed for the rest
    let before = old.map_or(0, |cache| cache.len());
    for (source, text) in texts {
        sources.set_text(source, text);
    }
    let needed = needed_texts(request, &ingest, &sources, &policies, &types);
    read::texts(request, &walked.yaml, needed, &mut sources);
    for error in &walked.errors {
        let source = sources.add(error.path_below(&request.root), None);
        findings.push(unreadable(source, error));
    }
    let outcome = finish(request, ingest, sources, &walked, &policies, (&types, &checks));
    let from = |origin| known.iter().filter(|known| known.origin == origin).count();
    let (unread, unparsed) = (from(Origin::Stamp), from(Origin::Content));
    if let Some(place) = place {
        known.retain(|known| !outcome.skeletons.contains(&known.source));
        known.sort_unstable_by_key(|known| known.source);
        cache::save(place, before, known, &outcome.catalog);
    }
    findings.extend(outcome.findings);
    request.settings.apply(&mut findings);
    let (catalog, waivers) = (outcome.catalog, outcome.waivers);
    Loaded { catalog, findings, files, unread, unparsed, waivers, types, checks }
}

fn paths(walked: &Walked) -> Paths {
    let names = walked.yaml.iter().map(|found| &found.path).chain(&walked.others);
    names.map(Arc::clone).collect()
}

fn finish(
    request: &Request,
    ingest: Ingest,
    sources: Sources,
    walked: &Walked,
    policies: &[Policy],
    (types, checks): (&BTreeMap<String, Option<ResourceType>>, &Arc<Checks>),
) -> rules::Outcome {
    let paths = paths(walked);
    let settings = &request.settings;
    let is_reported =
        |catalog: &Catalog, entity: &Entity| request.reports(catalog.sources().path(entity.span.source));
    let elsewhere = |catalog: &Catalog| match &request.rendering {
        Some(setup) => rendered(catalog, setup, types, checks, request, &walked.yaml),
        None => Vec::new(),
    };
    let around = Surroundings {
        paths: Some(&paths),
        settings,
        policies,
        is_judged: &is_reported,
        elsewhere: &elsewhere,
        now: request.now,
    };
    ingest.finish(sources, &around)
}

/// The files whose texts the rules look into: those that policies judge, with the files of their owners,
/// and everything that rendering reads when there is something to render.
fn needed_texts(
    request: &Request,
    ingest: &Ingest,
    sources: &Sources,
    policies: &[Policy],
    types: &BTreeMap<String, Option<ResourceType>>,
) -> BTreeSet<SourceId> {
    let is_reported = |entity: &&Entity| request.reports(sources.path(entity.span.source));
    let entities = ingest.entities();
    let mut needed = BTreeSet::new();
    if !policies.is_empty() {
        let mut owners = BTreeSet::new();
        for entity in entities.iter().filter(is_reported) {
            if policies.iter().any(|policy| policy.is_about(entity)) {
                needed.insert(entity.span.source);
                owners.extend(entity.owner());
            }
        }
        let named = entities.iter().filter(|entity| owners.contains(&entity.reference));
        needed.extend(named.map(|entity| entity.span.source));
    }
    let becomes_objects = |entity: &Entity| type_of(entity, types).is_some();
    if request.rendering.is_some() && entities.iter().any(becomes_objects) {
        let read = entities.iter().filter(|entity| is_rendered_from(entity));
        needed.extend(read.map(|entity| entity.span.source));
    }
    needed
}

/// Whether rendering reads the text of such an entity.
fn is_rendered_from(entity: &Entity) -> bool {
    matches!(entity.reference.kind(), "resource" | "group" | "user" | "system")
}

/// The name of the resource type of an entity, when there is such a type.
fn type_of<'e>(entity: &'e Entity, types: &BTreeMap<String, Option<ResourceType>>) -> Option<&'e str> {
    let name = &*entity.spec_type.as_ref().filter(|_| entity.reference.kind() == "resource")?.value;
    (types.contains_key(name) || types::built_in(name).is_some()).then_some(name)
}

/// The text of a file, or a finding that it cannot be read.
fn read_or_tell(
    request: &Request,
    file: &fs::Found,
    source: SourceId,
    findings: &mut Vec<Diagnostic>,
) -> Option<Arc<str>> {
    text_now(request, file).map_err(|error| findings.push(unreadable(source, &error))).ok()
}

/// The organisation's own rules, and what is wrong with them.
fn policies(request: &Request, found: &[fs::Found], sources: &mut Sources) -> (Vec<Policy>, Vec<Diagnostic>) {
    let (mut policies, mut findings) = (Vec::new(), Vec::new());
    for (index, file) in found.iter().enumerate().filter(|(_, file)| below(&file.path, POLICIES)) {
        let source = SourceId(index as u32);
        let Some(text) = read_or_tell(request, file, source, &mut findings) else { continue };
        let (mut read, mut wrong) = policy::parse(source, &text);
        policies.append(&mut read);
        findings.append(&mut wrong);
        sources.set_text(source, text);
    }
    (policies, findings)
}

/// The resource types of the repository by name, `None` for those that are not right, what their objects are
/// held against, and what is wrong with them. Nothing is read when nothing is rendered.
fn resource_types(
    request: &Request,
    found: &[fs::Found],
    sources: &mut Sources,
) -> (BTreeMap<String, Option<ResourceType>>, Arc<Checks>, Vec<Diagnostic>) {
    let (mut types, mut findings) = (BTreeMap::new(), Vec::new());
    if request.rendering.is_none() {
        return (types, Arc::default(), findings);
    }
    let (mut texts, mut ids) = (BTreeMap::new(), BTreeMap::new());
    for (index, file) in found.iter().enumerate() {
        let Some(name) = types::name_of(&file.path) else { continue };
        let source = SourceId(index as u32);
        let Some(text) = read_or_tell(request, file, source, &mut findings) else { continue };
        let (read, wrong) = types::read(source, name, &text);
        types.insert(name.to_owned(), read);
        texts.insert(name.to_owned(), Arc::clone(&text));
        ids.insert(name.to_owned(), source);
        findings.extend(wrong);
        sources.set_text(source, text);
    }
    let (definitions, wrong) = definitions_of(request, found, &types);
    findings.extend(wrong);
    for (name, read) in &mut types {
        let Some(definition) = read else { continue };
        let misfits = types::misfits(definition, &definitions, ids[name], &texts[name]);
        if !misfits.is_empty() {
            *read = None;
        }
        findings.extend(misfits);
    }
    request.settings.apply(&mut findings);
    (types, Arc::new(Checks::new(definitions, texts)), findings)
}

/// The definitions of the kinds that the types make, those of the program included.
fn definitions_of(
    request: &Request,
    found: &[fs::Found],
    types: &BTreeMap<String, Option<ResourceType>>,
) -> (Definitions, Vec<Diagnostic>) {
    let built_in: Vec<ResourceType> = types::built_in_types()
        .filter(|(name, _)| !types.contains_key(name))
        .map(|(_, definition)| definition)
        .collect();
    let wanted = definitions::kinds(types.values().flatten().chain(&built_in));
    let mut collector = definitions::Collector::new(wanted.as_ref());
    for (index, file) in found.iter().enumerate().filter(|(_, file)| definitions::is_place(&file.path)) {
        // A file that cannot be read is told with the entities.
        if let Ok(text) = text_now(request, file)
            && collector.wants(&text)
        {
            collector.add(SourceId(index as u32), &text);
        }
    }
    collector.finish()
}

fn text_now(request: &Request, file: &fs::Found) -> Result<Arc<str>, fs::Error> {
    match request.overlay.get(&*file.path) {
        Some(text) => Ok(Arc::clone(text)),
        None => fs::read_text(&file.file(&request.root)).map(Into::into),
    }
}

/// What keeps entities from becoming objects, and what in `rendered/` is not what they become. Without that
/// folder it is only looked at when the settings name its rule.
fn rendered(
    catalog: &Catalog,
    setup: &Setup,
    types: &BTreeMap<String, Option<ResourceType>>,
    checks: &Arc<Checks>,
    request: &Request,
    found: &[fs::Found],
) -> Vec<Diagnostic> {
    let level = |rule: &RuleId| request.settings.levels.get(rule.as_str());
    let files = found.iter().enumerate().filter(|(_, file)| below(&file.path, crate::render::FOLDER));
    let mut files = files.map(|(index, file)| (SourceId(index as u32), file)).peekable();
    let is_compared = match level(&STALE) {
        Some(level) => *level != Level::Off,
        None => files.peek().is_some(),
    };
    if level(&render::RULE) == Some(&Level::Off) && !is_compared {
        return Vec::new();
    }
    let (types_used, checks) = (used_types(catalog, types), Arc::clone(checks));
    let rendering = Rendering { catalog, types: types_used, setup: setup.clone(), checks };
    if !is_compared {
        return render::faults(&rendering, None);
    }
    let mut stale = Stale::new(&rendering, stale_rendered::present(files, &request.root, &request.overlay));
    let mut findings = render::faults(&rendering, Some(&mut |entity, file| stale.entity(entity, file)));
    findings.extend(stale.finish(types.values().all(Option::is_some)));
    findings
}

/// The types of the Resources of a catalog by name. A catalog without Resources of a known type costs one look
/// at each entity.
pub(super) fn used_types(
    catalog: &Catalog,
    types: &BTreeMap<String, Option<ResourceType>>,
) -> BTreeMap<String, ResourceType> {
    let used: BTreeSet<&str> = catalog.entities().filter_map(|entity| type_of(entity, types)).collect();
    let known = used.into_iter().filter_map(|name| {
        let definition = match types.get(name) {
            Some(definition) => definition.clone()?,
            None => types::read(SourceId(0), name, types::built_in(name)?).0?,
        };
        Some((name.to_owned(), definition))
    });
    known.collect()
}

/// Takes away what counts as not there, and adds what is only laid over the repository.
fn lay_over(request: &Request, walked: &mut fs::Walked) {
    if !request.absent.is_empty() {
        walked.yaml.retain(|found| !request.absent.contains(&*found.path));
        walked.others.retain(|path| !request.absent.contains(&**path));
    }
    if request.overlay.is_empty() {
        return;
    }
    let mut added = Vec::new();
    for path in request.overlay.keys() {
        if walked.yaml.binary_search_by(|found| (*found.path).cmp(path)).is_ok() {
            continue;
        }
        if fs::is_yaml(Path::new(path)) {
            added.push(fs::Found::new(path));
        } else {
            walked.others.push(path.as_str().into());
        }
    }
    walked.yaml.append(&mut added);
    walked.yaml.sort_by(|a, b| a.path.cmp(&b.path));
}

pub(super) fn unreadable(source: SourceId, error: &fs::Error) -> Diagnostic {
    Diagnostic::error(UNREADABLE, Span::start_of(source), error.to_string())
        .reaching(Reach::Location)
        .help("make it readable for you, or take it out of the catalog's folders")
}

/// Whether a file of another state is none of the repository's here, as the walk passes over it: Git
/// ignores it now, or it is part of a program. `seen` are the files that the walk came across.
pub(super) fn is_passed_over(root: &Path, seen: &BTreeSet<&str>, path: &str) -> bool {
    !seen.contains(path) && fs::exists(&root.join(path)) || path.split('/').any(|part| part == "node_modules")
}

/// Whether a path is a folder or below it; `.` and the empty folder hold everything.
pub(super) fn below(path: &str, folder: &str) -> bool {
    let folder = folder.trim_start_matches("./").trim_end_matches('/');
    folder.is_empty()
        || folder == "."
        || path == folder
        || path.strip_prefix(folder).is_some_and(|rest| rest.starts_with('/'))
}

/// Whether a path lies in the folder of the template at `template`: what the template renders is told at the
/// template.
pub(super) fn is_beside(path: &str, template: &str) -> bool {
    let folder = folder_of(template);
    !folder.is_empty() && below(path, folder)
}
