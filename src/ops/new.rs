//! `new`: answers to files, checked with the whole catalog before one byte is written.

use std::borrow::Cow;
use std::path::{Path, PathBuf};

use serde_json::{Map, Value};

use super::placement::placed;
use super::{file_failure, rendered, validate};
use crate::catalog::Catalog;
use crate::change::layout::Layout;
use crate::entity::EntityRef;
use crate::error::{Exit, Failure};
use crate::expression::Engine;
use crate::fs;
use crate::scaffolder::{
    CatalogLookup, Context, Entry, Files, LogLine, Problem, Readiness, RunError, Skeleton, Template, User,
    plan, run,
};

/// What to make.
pub struct Request<'a> {
    /// The top folder of the repository.
    pub root: &'a Path,
    /// The template.
    pub template: &'a Template,
    /// What it copies from.
    pub skeleton: &'a dyn Skeleton,
    /// All answers, complete and checked.
    pub answers: &'a Map<String, Value>,
    /// What steps see as `secrets`.
    pub secrets: &'a Map<String, Value>,
    /// The catalog, for `catalog:fetch`.
    pub catalog: &'a Catalog,
    /// Who asks, where the catalog knows them.
    pub user: Option<User>,
    /// What the repository is checked against, with the new files laid over it.
    pub validation: validate::Request,
    /// The folders that the repository wants the files of entities in, where it says so.
    pub layout: Option<Layout>,
}

impl Request<'_> {
    /// The template as Backstage names it, where the catalog has it: what it makes says where it came from.
    fn template_ref(&self) -> Option<String> {
        let reference = self.template.reference();
        let parsed = EntityRef::parse(&reference, Some("template"), "default").ok()?;
        self.catalog.get(&parsed).map(|_| reference)
    }

    fn catalog_folder(&self) -> &str {
        self.validation.catalog_paths.first().map_or("catalog", String::as_str)
    }
}

/// A file that a command makes, changes or removes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewFile {
    /// Its path in the repository.
    pub path: String,
    /// Its bytes from now on; `None` when it goes.
    pub after: Option<Vec<u8>>,
    /// Whether it may be run.
    pub executable: bool,
    /// What is there now.
    pub before: Option<Vec<u8>>,
}

impl NewFile {
    /// Whether another content is there now.
    pub fn replaces(&self) -> bool {
        self.before.is_some() && self.before != self.after
    }

    /// Its text from now on; `None` when it goes.
    pub fn text(&self) -> Option<Cow<'_, str>> {
        self.after.as_deref().map(String::from_utf8_lossy)
    }
}

/// What would be written.
pub struct Prepared {
    /// The files that differ from what is there, sorted by path.
    pub files: Vec<NewFile>,
    /// What is wrong in these files.
    pub report: validate::Report,
    /// What the template's steps said.
    pub log: Vec<LogLine>,
    /// What Backstage would pass over in silence.
    pub warnings: Vec<Problem>,
    /// The template's output.
    pub output: Map<String, Value>,
}

/// Steps that cannot run here, as a failure that names all of them with what to do.
pub fn check_plan(name: &str, template: &Template) -> Result<(), Failure> {
    let plan = plan(template);
    let mut failure = Failure::usage(format!("the template {name} has steps that cannot run here"));
    for step in plan.unavailable() {
        if let Readiness::Unavailable { reason, hint } = &step.readiness {
            failure = failure.because(format!("step {} ({}): {reason}; {hint}", step.id, step.action));
        }
    }
    if failure.causes.is_empty() {
        Ok(())
    } else {
        Err(failure.hint(format!(
            "run it on Backstage instead: platform new {name} --remote (its address is backstage.url)"
        )))
    }
}

/// Runs the template in memory and checks the result.
pub fn prepare(request: &Request<'_>) -> Result<Prepared, Failure> {
    let engine = Engine::default();
    let catalog = Lookup(request.catalog);
    let context = Context {
        skeleton: request.skeleton,
        catalog: &catalog,
        engine: &engine,
        user: request.user.clone(),
        task_id: "local".to_owned(),
        template_ref: request.template_ref(),
        environment: Map::new(),
        secrets: request.secrets.clone(),
    };
    let outcome = run(request.template, request.answers, &context).map_err(|error| stopped(&error))?;
    let made = outcome.change.as_ref().map_or(&outcome.files, |change| &change.files);
    let made = placed(&outcome, made, request.layout.as_ref(), request.catalog, request.catalog_folder())
        .map_err(|error| Failure::new(Exit::No, "the template makes too much").because(error))?;
    let mut files = new_files(request.root, &made)?;
    files.extend(rendered::follow(&request.validation, &files)?);
    files.sort_by(|a, b| a.path.cmp(&b.path));
    let report = check(request, &files);
    Ok(Prepared { files, report, log: outcome.log, warnings: outcome.warnings, output: outcome.output })
}

fn stopped(error: &RunError) -> Failure {
    let failure = Failure::new(Exit::No, format!("the template stopped at step {}", error.step))
        .because(&error.message);
    match &error.hint {
        Some(hint) => failure.hint(hint),
        None => failure,
    }
}

/// The files that differ from what is there. A path that leaves the repository, also through a link
/// that is there already, is refused.
fn new_files(root: &Path, made: &Files) -> Result<Vec<NewFile>, Failure> {
    let mut files = Vec::new();
    for (path, entry) in made.iter() {
        let target = confined(root, path)?;
        match entry {
            Entry::Folder => {}
            Entry::Link { .. } => {
                return Err(Failure::new(Exit::No, format!("the template makes the symbolic link {path}"))
                    .because("a link in the catalog could lead out of it")
                    .hint("replace the link in the template's skeleton with a file"));
            }
            Entry::File { bytes, executable } => {
                let before = read_if_exists(&target)?;
                if before.as_deref() != Some(&bytes[..]) {
                    let (path, after) = (path.to_owned(), Some(bytes.clone()));
                    files.push(NewFile { path, after, executable: *executable, before });
                }
            }
        }
    }
    files.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(files)
}

fn confined(root: &Path, path: &str) -> Result<PathBuf, Failure> {
    fs::confined(root, Path::new(path)).map_err(|error| {
        Failure::new(Exit::No, "the template writes outside of the repository").because(error)
    })
}

fn read_if_exists(path: &Path) -> Result<Option<Vec<u8>>, Failure> {
    match fs::read(path) {
        Ok(bytes) => Ok(Some(bytes)),
        Err(error) if error.is_not_found() => Ok(None),
        Err(error) => Err(file_failure(&error)),
    }
}

/// Checks the repository as it would be, and keeps what is about the new files.
fn check(request: &Request<'_>, files: &[NewFile]) -> validate::Report {
    let mut validation = request.validation.clone();
    validation.lay_over(files);
    validation
        .paths
        .extend(files.iter().map(|file| file.path.clone()).filter(|path| fs::is_yaml(Path::new(path))));
    if validation.paths.is_empty() {
        // Nothing to report on is not everything to report on.
        validation.paths.push("\0".to_owned());
    }
    validate::validate(&validation)
}

/// Writes the files and removes those that go: all of them, or none. Ask before you replace what is there.
pub fn write(root: &Path, files: &[NewFile]) -> Result<(), Failure> {
    for (index, file) in files.iter().enumerate() {
        if let Err(failure) = write_one(root, file) {
            for done in &files[..index] {
                undo(root, done);
            }
            return Err(failure.hint("nothing was written; make room or mend the rights, then run it again"));
        }
    }
    Ok(())
}

fn write_one(root: &Path, file: &NewFile) -> Result<(), Failure> {
    let target = confined(root, &file.path)?;
    let written = match (&file.before, &file.after) {
        (None, Some(after)) => fs::write_new(&target, after),
        (Some(_), Some(after)) => fs::write_replacing(&target, after),
        (_, None) => fs::remove_file(&target),
    };
    let written = written.and_then(|()| if file.executable { fs::make_executable(&target) } else { Ok(()) });
    written.map_err(|error| file_failure(&error))
}

fn undo(root: &Path, file: &NewFile) {
    let Ok(target) = confined(root, &file.path) else { return };
    // What cannot be undone now could not be written either; the failure above is what counts.
    let _ = match &file.before {
        None => fs::remove_file(&target),
        Some(before) => fs::write_replacing(&target, before),
    };
}

/// The catalog as `catalog:fetch` sees it.
pub(super) struct Lookup<'a>(pub(super) &'a Catalog);

impl CatalogLookup for Lookup<'_> {
    fn entity(&self, reference: &EntityRef) -> Option<Value> {
        self.0.value(reference)
    }
}
