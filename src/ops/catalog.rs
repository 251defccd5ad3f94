//! Reads the entities of a repository: walks, reads and decodes in parallel.
//!
//! No async runtime, no memory maps: reading small files is bound by system calls, and each worker
//! makes its own.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use super::definitions;
use super::render::{self, Checks, Rendering, Setup};
use super::rule_settings;
use super::stale_rendered::{self, Stale};
use super::templates::lint::{folder_of, lint_file};
use super::types;
use crate::catalog::{Catalog, Reading};
use crate::clock::Timestamp;
use crate::diagnostic::{Diagnostic, Reach, RuleId};
use crate::entity::{Entity, Files, Lookup};
use crate::fs;
use crate::render::{Definitions, ResourceType};
use crate::rules::policy::{self, Policy};
use crate::rules::waiver::{self, Waiver};
use crate::rules::{self, FileReport, Ingest, Level, Paths, Surroundings};
use crate::source::{SourceId, Sources, Span};
use crate::yaml;

/// The rule that names files which could not be read.
pub const UNREADABLE: RuleId = RuleId::new("unreadable-file");

/// The rule about `rendered/`.
pub(super) const STALE: RuleId = RuleId::new("stale-rendered");

/// The folder of the organisation's own rules.
pub(super) const POLICIES: &str = "policies";

/// Files that one worker takes at a time: enough to make taking cheap, few enough to share well.
const BATCH: usize = 32;

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
    /// Files and folders whose templates are linted, which reads their skeletons too; all when empty,
    /// none when `None`.
    pub linted: Option<Vec<String>>,
}

impl Request {
    fn lints(&self, path: &str) -> bool {
        let is_named = |named: &String| below(path, named) || is_beside(named, path);
        self.linted.as_ref().is_some_and(|linted| linted.is_empty() || linted.iter().any(is_named))
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
    let mut walked = fs::walk(&request.root);
    lay_over(request, &mut walked);
    let mut sources = Sources::default();
    for file in &walked.yaml {
        sources.add(file.path.as_str(), None);
    }
    let (policies, mut findings) = policies(request, &walked.yaml, &mut sources);
    let (types, checks, wrong) = resource_types(request, &walked.yaml, &mut sources);
    findings.extend(wrong);
    if findings.is_empty() {
        findings.extend(rule_settings::unknown(request, &walked.yaml, &policies, &mut sources));
    }
    let keep_texts = request.keep_texts || !policies.is_empty();
    let mut ingest = Ingest::default();
    let mut files = 0;
    for One { report, text } in read_all(request, &walked.yaml, keep_texts) {
        files += usize::from(report.file.holds_entities);
        if let Some(text) = text {
            sources.set_text(report.file.source, text);
        }
        ingest.add(report);
    }
    for error in walked.errors {
        let source = sources.add(error.path_below(&request.root), None);
        findings.push(unreadable(source, &error));
    }
    let names = walked.yaml.iter().map(|found| &found.path).chain(&walked.others);
    let paths: Paths = names.map(|path| path.as_str().into()).collect();
    let (settings, now) = (&request.settings, request.now);
    let elsewhere = |catalog: &Catalog| match &request.rendering {
        Some(setup) => rendered(catalog, setup, &types, &checks, request, &walked.yaml),
        None => Vec::new(),
    };
    let around =
        Surroundings { paths: Some(&paths), settings, policies: &policies, elsewhere: &elsewhere, now };
    let outcome = ingest.finish(sources, &around);
    findings.extend(outcome.findings);
    request.settings.apply(&mut findings);
    Loaded { catalog: outcome.catalog, findings, files, waivers: outcome.waivers, types, checks }
}

/// The organisation's own rules, and what is wrong with them.
fn policies(request: &Request, found: &[fs::Found], sources: &mut Sources) -> (Vec<Policy>, Vec<Diagnostic>) {
    let (mut policies, mut findings) = (Vec::new(), Vec::new());
    for (index, file) in found.iter().enumerate().filter(|(_, file)| below(&file.path, POLICIES)) {
        let source = SourceId(index as u32);
        let text = match text_now(request, file) {
            Ok(text) => text,
            Err(error) => {
                findings.push(unreadable(source, &error));
                continue;
            }
        };
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
        let text = match text_now(request, file) {
            Ok(text) => text,
            Err(error) => {
                findings.push(unreadable(source, &error));
                continue;
            }
        };
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
    match request.overlay.get(&file.path) {
        Some(text) => Ok(Arc::clone(text)),
        None => fs::read_text(&file.file).map(Into::into),
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
    let mut stale = Stale::new(&rendering, stale_rendered::present(files, &request.overlay));
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
    let resources = catalog.entities().filter(|entity| entity.reference.kind() == "resource");
    let used: BTreeSet<&str> =
        resources.filter_map(|entity| Some(&*entity.spec_type.as_ref()?.value)).collect();
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
        walked.yaml.retain(|found| !request.absent.contains(&found.path));
        walked.others.retain(|path| !request.absent.contains(path));
    }
    if request.overlay.is_empty() {
        return;
    }
    let mut added = Vec::new();
    for path in request.overlay.keys() {
        if walked.yaml.binary_search_by(|found| found.path.as_str().cmp(path)).is_ok() {
            continue;
        }
        if fs::is_yaml(Path::new(path)) {
            added.push(fs::Found { path: path.clone(), file: request.root.join(path) });
        } else {
            walked.others.push(path.clone());
        }
    }
    walked.yaml.append(&mut added);
    walked.yaml.sort();
}

/// One file that was read.
struct One {
    report: FileReport,
    text: Option<Arc<str>>,
}

fn read_all(request: &Request, found: &[fs::Found], keep_texts: bool) -> Vec<One> {
    let reader = Reader { request, files: Repository { request }, keep_texts };
    let next = AtomicUsize::new(0);
    let workers =
        thread::available_parallelism().map_or(1, usize::from).min(found.len().div_ceil(BATCH)).max(1);
    let work = || {
        let mut done = Vec::new();
        loop {
            let start = next.fetch_add(BATCH, Ordering::Relaxed);
            let Some(batch) = found.get(start..).filter(|rest| !rest.is_empty()) else { return done };
            for (offset, file) in batch.iter().take(BATCH).enumerate() {
                done.push(reader.read(SourceId((start + offset) as u32), file));
            }
        }
    };
    if workers == 1 {
        return work();
    }
    thread::scope(|scope| {
        let handles: Vec<_> = (0..workers).map(|_| scope.spawn(work)).collect();
        handles.into_iter().flat_map(|handle| handle.join().unwrap_or_default()).collect()
    })
}

/// What every worker shares.
struct Reader<'a> {
    request: &'a Request,
    files: Repository<'a>,
    keep_texts: bool,
}

impl Reader<'_> {
    fn read(&self, source: SourceId, found: &fs::Found) -> One {
        let in_catalog = self.request.catalog_paths.iter().any(|folder| below(&found.path, folder));
        let reading = Reading { files: Some(&self.files), only_backstage: !in_catalog };
        let mut wrong = None;
        let text: Arc<str> = match self.request.overlay.get(&found.path) {
            Some(text) => Arc::clone(text),
            None => match fs::read(&found.file) {
                Ok(bytes) => text_of(source, bytes, &mut wrong),
                Err(error) => {
                    wrong = Some(Box::new(unreadable(source, &error)));
                    Arc::from("")
                }
            },
        };
        let mut report = rules::read(source, &found.path, &text, &reading);
        let file = &mut report.file;
        if file.entities.iter().any(|entity| entity.kind == "Template") && self.request.lints(&found.path) {
            file.findings.extend(lint_file(self.request, &found.path, source, &text));
        }
        if let Some(wrong) = wrong
            && (file.holds_entities || in_catalog)
        {
            file.holds_entities = true;
            file.findings.insert(0, *wrong);
        }
        let keep = self.keep_texts && file.holds_entities
            || self.request.rendering.is_some() && file.entities.iter().any(is_rendered_from)
            || !file.findings.is_empty();
        One { report, text: keep.then_some(text) }
    }
}

/// Whether rendering reads the text of such an entity.
fn is_rendered_from(entity: &Entity) -> bool {
    matches!(entity.reference.kind(), "resource" | "group" | "user" | "system")
}

/// The text of a file; bytes that are no UTF-8 are told and replaced, as Backstage replaces them.
fn text_of(source: SourceId, bytes: Vec<u8>, wrong: &mut Option<Box<Diagnostic>>) -> Arc<str> {
    match yaml::decode_utf8(source, &bytes) {
        Ok(_) => String::from_utf8(bytes).unwrap_or_default().into(),
        Err(finding) => {
            *wrong = Some(finding);
            String::from_utf8_lossy(&bytes).into()
        }
    }
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

/// The files of the repository, for placeholders.
struct Repository<'a> {
    request: &'a Request,
}

impl Files for Repository<'_> {
    fn read(&self, path: &str) -> Lookup {
        let Request { root, overlay, absent, .. } = self.request;
        if let Some(text) = overlay.get(path) {
            return Lookup::Text(Arc::clone(text));
        }
        if absent.contains(path) {
            return Lookup::Missing;
        }
        let Ok(path) = fs::confined(root, Path::new(path)) else { return Lookup::Unknown };
        match fs::read_text(&path) {
            Ok(text) => Lookup::Text(text.into()),
            Err(error) if error.is_not_found() => Lookup::Missing,
            Err(_) => Lookup::Unknown,
        }
    }
}
