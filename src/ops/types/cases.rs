//! Runs the tests that resource types keep beside themselves, and rewrites what they expect on request.
//!
//! A test is a folder `tests/<case>/` beside `type.yaml`: `entity.yaml` holds the entity, as the first
//! document, and all that it needs of the catalog; `settings.yaml`, where there is one, stands for what
//! `platform.yaml` says below `types.<type>`; `expected.yaml` is the file that the entity becomes. Nothing
//! else is seen, so that the result is the same everywhere.

use std::path::Path;
use std::sync::Arc;

use serde_json::Value;

use super::{Available, BUILT_IN, FILE, FOLDER, Origin, Report};
use crate::catalog::{self, Catalog};
use crate::error::Failure;
use crate::expression::Engine;
use crate::fs::{self, TreeKind};
use crate::ops::file_failure;
use crate::ops::templates::cases::{Case, Tested, Verdict};
use crate::render::{Context, Place, Problem, ResourceType, Surroundings, check, objects, to_yaml};
use crate::scaffolder::{Files, compare};
use crate::source::{SourceId, Sources};
use crate::yaml;

/// The folder of the tests beside a type.
const TESTS: &str = "tests";
const ENTITY: &str = "entity.yaml";
const SETTINGS: &str = "settings.yaml";
const EXPECTED: &str = "expected.yaml";

/// The cluster that the entities of tests go to.
const CLUSTER: &str = "main";

/// More entries than this a folder of tests does not have.
const MAX_ENTRIES: usize = 10_000;

/// One test as it is kept.
#[derive(Debug, Default)]
struct Kept {
    name: String,
    entity: Option<String>,
    settings: Option<String>,
    expected: Option<String>,
}

/// What to test.
pub struct Request<'a> {
    /// The top folder of the repository; `None` outside of any.
    pub root: Option<&'a Path>,
    /// The names of the types; all of the repository when empty.
    pub names: &'a [String],
    /// Whether what a test expects is rewritten where it differs.
    pub update: bool,
}

/// Whether a file is part of a type's tests, and so not of the catalog.
pub(in crate::ops) fn is_test(path: &str) -> bool {
    let mut parts = path.split('/');
    parts.next() == Some(FOLDER) && parts.next().is_some() && parts.next() == Some(TESTS)
}

/// Runs the tests of types.
pub fn test(request: &Request<'_>) -> Result<Vec<Tested>, Failure> {
    let report = super::available(request.root)?;
    let chosen: Vec<&Available> = if request.names.is_empty() {
        report.types.iter().filter(|available| available.origin != Origin::BuiltIn).collect()
    } else {
        request.names.iter().map(|name| report.named(name)).collect::<Result<_, _>>()?
    };
    chosen.into_iter().map(|available| tested(request, &report, available)).collect()
}

fn tested(request: &Request<'_>, report: &Report, available: &Available) -> Result<Tested, Failure> {
    let mut tested = Tested { template: available.name.clone(), problems: Vec::new(), cases: Vec::new() };
    let Some(definition) = available.definition.as_ref().filter(|_| available.findings.is_empty()) else {
        let hint = format!("the type is not valid: platform types lint {}", available.name);
        tested.problems.push(crate::scaffolder::Problem::new("", hint));
        return Ok(tested);
    };
    for kept in kept(request.root, available)? {
        let verdict = match made(report, definition, &kept) {
            Err(reasons) => Verdict::Stopped(reasons),
            Ok(text) => judged(request, available, &kept, &text)?,
        };
        tested.cases.push(Case { name: kept.name, verdict });
    }
    Ok(tested)
}

fn judged(request: &Request<'_>, available: &Available, kept: &Kept, text: &str) -> Result<Verdict, Failure> {
    let differences = compare(&tree(kept.expected.as_deref())?, &tree(Some(text))?);
    if differences.is_empty() {
        return Ok(Verdict::Passed);
    }
    if !request.update {
        return Ok(Verdict::Differs(differences));
    }
    let (Some(root), Origin::Repository(_)) = (request.root, &available.origin) else {
        return Err(Failure::usage(format!("the type {} is built in", available.name))
            .because("its tests are part of the program and cannot be rewritten")
            .hint(format!("leave out --update, or keep a copy of it in {FOLDER}/")));
    };
    let path = format!("{FOLDER}/{}/{TESTS}/{}/{EXPECTED}", available.name, kept.name);
    let target = fs::confined(root, Path::new(&path)).map_err(|error| file_failure(&error))?;
    fs::write_replacing(&target, text.as_bytes()).map_err(|error| file_failure(&error))?;
    Ok(Verdict::Updated(differences))
}

fn tree(text: Option<&str>) -> Result<Files, Failure> {
    let mut files = Files::default();
    if let Some(text) = text {
        let written = files.write(EXPECTED, text.as_bytes().to_vec(), false);
        written.map_err(|error| Failure::usage(error.to_string()))?;
    }
    Ok(files)
}

/// The file that the entity of a test becomes, or why it becomes none.
fn made(report: &Report, definition: &ResourceType, kept: &Kept) -> Result<String, Vec<String>> {
    let Some(text) = &kept.entity else { return Err(vec![format!("there is no {ENTITY} in the test")]) };
    let settings = settings(kept.settings.as_deref())?;
    objects_of(report, definition, text, &settings)
}

/// The file that the first entity of a text becomes with a type.
pub(super) fn objects_of(
    report: &Report,
    definition: &ResourceType,
    text: &str,
    settings: &Value,
) -> Result<String, Vec<String>> {
    let (catalog, value) = entity(text, &definition.name)?;
    let engine = Engine::default();
    let surroundings = Surroundings::of(&value, &catalog, CLUSTER);
    let context = Context { engine: &engine, surroundings: &surroundings, settings };
    let words = |problems: Vec<Problem>| problems.iter().map(words).collect::<Vec<_>>();
    let objects = objects(&value, definition, &context).map_err(words)?;
    let checked = check(&value, definition, &context, &objects, &report.definitions);
    if !checked.problems.is_empty() {
        return Err(words(checked.problems));
    }
    to_yaml(&objects).map_err(|failure| vec![failure.to_string()])
}

/// The catalog of a test, and its first entity.
fn entity(text: &str, name: &str) -> Result<(Catalog, Value), Vec<String>> {
    let mut sources = Sources::default();
    let source = sources.add(ENTITY, Some(Arc::from(text)));
    let (catalog, findings) = catalog::build(sources);
    if !findings.is_empty() {
        return Err(findings.into_iter().map(|finding| format!("{ENTITY}: {}", finding.message)).collect());
    }
    let first = catalog.entities().find(|entity| entity.span.source == source && entity.document == 0);
    let Some(first) = first else { return Err(vec![format!("{ENTITY}: there is no entity in it")]) };
    let written = first.spec_type.as_ref().map_or("", |written| &*written.value);
    if first.reference.kind() != "resource" || written != name {
        let reference = &first.reference;
        return Err(vec![format!(
            "{ENTITY}: the first entity, {reference}, is no Resource of the type {name}"
        )]);
    }
    let value = catalog.value_of(first).unwrap_or_default();
    Ok((catalog, value))
}

fn settings(text: Option<&str>) -> Result<Value, Vec<String>> {
    let Some(text) = text else { return Ok(Value::Null) };
    let (tree, findings) = yaml::parse(SourceId(0), text);
    if let Some(finding) = findings.first() {
        return Err(vec![format!("{SETTINGS}: {}", finding.message)]);
    }
    let root = tree.documents(text).next().and_then(|document| Some(document.root()?.to_json()));
    Ok(root.unwrap_or(Value::Null))
}

fn words(problem: &Problem) -> String {
    let place = match &problem.place {
        Place::Entity(pointer) => format!("{ENTITY} {pointer}"),
        Place::Type(pointer) => format!("{FILE} {pointer}"),
    };
    let help = problem.help.as_ref().map(|help| format!(" ({help})")).unwrap_or_default();
    format!("{place}: {}{help}", problem.message)
}

/// The tests beside a type, by name.
fn kept(root: Option<&Path>, available: &Available) -> Result<Vec<Kept>, Failure> {
    let mut all: Vec<Kept> = Vec::new();
    let mut add = |path: &str, text: String| {
        let Some((name, file)) = path.split_once('/') else { return };
        let at = all.iter().position(|kept| kept.name == name).unwrap_or_else(|| {
            all.push(Kept { name: name.to_owned(), ..Kept::default() });
            all.len() - 1
        });
        match file {
            ENTITY => all[at].entity = Some(text),
            SETTINGS => all[at].settings = Some(text),
            EXPECTED => all[at].expected = Some(text),
            _ => {}
        }
    };
    if let (Origin::Repository(_), Some(root)) = (&available.origin, root) {
        let folder = root.join(FOLDER).join(&available.name).join(TESTS);
        let entries = if fs::is_directory(&folder) {
            fs::tree(&folder, MAX_ENTRIES).map_err(|error| file_failure(&error))?
        } else {
            Vec::new()
        };
        for entry in entries.into_iter().filter(|entry| matches!(entry.kind, TreeKind::File { .. })) {
            let text = fs::read_text(&folder.join(&entry.path)).map_err(|error| file_failure(&error))?;
            add(&entry.path, text);
        }
    } else {
        let folder = BUILT_IN.get_dir(Path::new(&available.name).join(TESTS));
        for file in folder.into_iter().flat_map(crate::ops::embedded::all_files) {
            let path = file.path().iter().skip(2).map(|part| part.to_string_lossy());
            let path = path.collect::<Vec<_>>().join("/");
            add(&path, file.contents_utf8().unwrap_or_default().to_owned());
        }
    }
    all.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(all)
}
