//! Runs the tests that templates keep beside themselves, and rewrites what they expect on request.
//!
//! A test sees the catalog of the repository for `catalog:fetch` and nobody as its user, so that its
//! result is the same for everybody. What counts is the workspace at the end.

use std::path::Path;

use serde_json::Map;

use super::lint::chosen;
use super::{Available, FOLDER};
use crate::catalog::Catalog;
use crate::error::Failure;
use crate::expression::Engine;
use crate::fs;
use crate::ops::file_failure;
use crate::ops::new::Lookup;
use crate::scaffolder::{
    CatalogLookup, Context, Difference, Entry, Files, NoCatalog, Problem, Template, TestCase, Wrong, check,
    compare, run, test_cases, with_defaults,
};

/// The tests of one template.
#[derive(Clone, Debug, PartialEq)]
pub struct Tested {
    /// The name of the template.
    pub template: String,
    /// What keeps all of its tests from running; empty when nothing does.
    pub problems: Vec<Problem>,
    /// Its tests, in the order of their names.
    pub cases: Vec<Case>,
}

/// One test.
#[derive(Clone, Debug, PartialEq)]
pub struct Case {
    /// The name of its folder.
    pub name: String,
    /// How it ended.
    pub verdict: Verdict,
}

/// How a test ended.
#[derive(Clone, Debug, PartialEq)]
pub enum Verdict {
    /// The files are as expected.
    Passed,
    /// They are not.
    Differs(Vec<Difference>),
    /// They were not, and are what is expected from now on.
    Updated(Vec<Difference>),
    /// The template made nothing: what is wrong, one thing an entry.
    Stopped(Vec<String>),
}

impl Verdict {
    /// Whether the test is as it should be now.
    pub fn is_fine(&self) -> bool {
        matches!(self, Self::Passed | Self::Updated(_))
    }
}

impl Tested {
    /// Whether all tests are as they should be now.
    pub fn is_fine(&self) -> bool {
        self.problems.is_empty() && self.cases.iter().all(|case| case.verdict.is_fine())
    }
}

/// What to test.
pub struct Request<'a> {
    /// The top folder of the repository; `None` outside of any.
    pub root: Option<&'a Path>,
    /// The catalog for `catalog:fetch`.
    pub catalog: Option<&'a Catalog>,
    /// The names of the templates; all of the repository when empty.
    pub names: &'a [String],
    /// Whether what a test expects is rewritten where it differs.
    pub update: bool,
}

/// Runs the tests of templates.
pub fn test(request: &Request<'_>) -> Result<Vec<Tested>, Failure> {
    chosen(request.root, request.names)?.iter().map(|template| tested(request, template)).collect()
}

fn tested(request: &Request<'_>, available: &Available) -> Result<Tested, Failure> {
    let name = available.name.clone();
    let broken = |problems: Vec<Problem>| Tested { template: name.clone(), problems, cases: Vec::new() };
    let template = match &available.template {
        Ok(template) => template,
        Err(problems) => return Ok(broken(problems.clone())),
    };
    let cases = match test_cases(&*available.skeleton) {
        Ok(cases) => cases,
        Err(error) => return Ok(broken(vec![Problem::new("", error.0)])),
    };
    let cases: Result<_, Failure> =
        cases.into_iter().map(|case| judge(request, available, template, case)).collect();
    Ok(Tested { template: name.clone(), problems: Vec::new(), cases: cases? })
}

fn judge(
    request: &Request<'_>,
    available: &Available,
    template: &Template,
    case: TestCase,
) -> Result<Case, Failure> {
    let verdict = match made(request, available, template, &case) {
        Err(reasons) => Verdict::Stopped(reasons),
        Ok(files) => {
            let differences = compare(&case.expected, &files);
            if differences.is_empty() {
                Verdict::Passed
            } else if request.update {
                update(request, available, &case.name, &differences, &files)?;
                Verdict::Updated(differences)
            } else {
                Verdict::Differs(differences)
            }
        }
    };
    Ok(Case { name: case.name, verdict })
}

/// The files that the template makes of the answers of a test, or why it makes none.
fn made(
    request: &Request<'_>,
    available: &Available,
    template: &Template,
    case: &TestCase,
) -> Result<Files, Vec<String>> {
    let answers = with_defaults(template, &case.answers);
    let wrong = check(template, &answers);
    if !wrong.is_empty() {
        return Err(wrong.iter().map(words).collect());
    }
    let lookup = request.catalog.map(Lookup);
    let catalog: &dyn CatalogLookup = lookup.as_ref().map_or(&NoCatalog, |lookup| lookup);
    let context = Context {
        skeleton: &*available.skeleton,
        catalog,
        engine: &Engine::default(),
        user: None,
        task_id: "test".to_owned(),
        template_ref: Some(template.reference()),
        environment: Map::new(),
        secrets: Map::new(),
    };
    let outcome = run(template, &answers, &context);
    outcome.map(|outcome| outcome.files).map_err(|error| {
        let reason = format!("step {}: {}", error.step, error.message);
        std::iter::once(reason).chain(error.hint).collect()
    })
}

fn words(wrong: &Wrong) -> String {
    let mut words = format!("{}: {}", wrong.path, wrong.message);
    if !wrong.allowed.is_empty() {
        words = format!("{words}  (one of {})", wrong.allowed.join(", "));
    }
    words
}

/// Makes the expected tree what the template makes, where they differ.
fn update(
    request: &Request<'_>,
    available: &Available,
    case: &str,
    differences: &[Difference],
    files: &Files,
) -> Result<(), Failure> {
    let (Some(root), Some(_)) = (request.root, available.path()) else {
        return Err(Failure::usage(format!("the template {} is built in", available.name))
            .because("its tests are part of the program and cannot be rewritten")
            .hint(format!("leave out --update, or keep a copy of it in {FOLDER}/")));
    };
    let folder = format!("{FOLDER}/{}/tests/{case}/expected", available.name);
    for difference in differences {
        let path = format!("{folder}/{}", difference.path);
        let target = fs::confined(root, Path::new(&path)).map_err(|error| file_failure(&error))?;
        replace(&target, &path, files.get(&difference.path))?;
    }
    Ok(())
}

fn replace(target: &Path, path: &str, entry: Option<&Entry>) -> Result<(), Failure> {
    let written = match entry {
        None | Some(Entry::Folder) => fs::remove_file(target),
        Some(Entry::File { bytes, executable }) => {
            let written = fs::write_replacing(target, bytes);
            written.and_then(|()| if *executable { fs::make_executable(target) } else { Ok(()) })
        }
        Some(Entry::Link { .. }) => {
            return Err(Failure::usage(format!("cannot write {path}: the template makes a symbolic link"))
                .hint("make the link in the expected tree by hand"));
        }
    };
    written.map_err(|error| file_failure(&error))
}
