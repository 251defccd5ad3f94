//! What is likely wrong in templates, shown at its place in their files.
//!
//! A template of the repository gets the verdict of `validate`, so that waivers and severities hold. A
//! built-in one is no file of the repository and is judged on its own.

use std::path::Path;

use super::laid_over::LaidOver;
use super::{Available, FILE, FOLDER, Folder, Origin, available, named};
use crate::diagnostic::{Diagnostic, Reach, RuleId, Severity};
use crate::entity;
use crate::error::Failure;
use crate::expression::Engine;
use crate::ops::{catalog, validate};
use crate::scaffolder::{self, API_VERSION, Problem, Skeleton};
use crate::source::{SourceId, Sources, Span};
use crate::yaml::{self, Node};

/// The rule for a file that is in the place of a template and is none.
const INVALID: RuleId = RuleId::new("not-an-entity");

/// What was found in templates.
#[derive(Debug)]
pub struct Report {
    /// The sources; those with findings have their texts.
    pub sources: Sources,
    /// The findings.
    pub findings: Vec<Diagnostic>,
    /// How many templates were looked at.
    pub templates: usize,
}

/// Looks at the templates of these names, at all of the repository when there are none.
///
/// `validation` says what the repository wants of the rules; `None` outside of any.
pub fn lint(validation: Option<validate::Request>, names: &[String]) -> Result<Report, Failure> {
    let root = validation.as_ref().map(|request| request.root.clone());
    let templates = chosen(root.as_deref(), names)?;
    let mut report = Report { sources: Sources::default(), findings: Vec::new(), templates: templates.len() };
    let settings = validation.as_ref().map(|request| request.settings.clone());
    if let Some(mut request) = validation {
        request.paths = templates.iter().filter_map(Available::path).map(str::to_owned).collect();
        if !request.paths.is_empty() {
            let found = validate::validate(&request);
            report.sources = found.sources;
            report.findings = found.findings;
        }
    }
    for template in &templates {
        let mut found = judge(template, &mut report);
        if let Some(settings) = &settings {
            settings.apply(&mut found);
        }
        report.findings.append(&mut found);
    }
    Ok(report)
}

/// The templates of these names, each once; all of the repository when there are none.
pub fn chosen(root: Option<&Path>, names: &[String]) -> Result<Vec<Available>, Failure> {
    if names.is_empty() {
        let mut all = available(root)?;
        all.retain(|template| template.path().is_some());
        return Ok(all);
    }
    let mut names: Vec<&str> = names.iter().map(String::as_str).collect();
    names.sort_unstable();
    names.dedup();
    names.into_iter().map(|name| named(root, name)).collect()
}

/// What `validate` has not said: all about a built-in template, and that a file is no template at all.
fn judge(template: &Available, report: &mut Report) -> Vec<Diagnostic> {
    if template.origin == Origin::BuiltIn {
        let path = format!("{FOLDER}/{}/{FILE}", template.name);
        let source = report.sources.add(path.as_str(), Some(template.text.as_str().into()));
        return judge_text(source, &template.text, &*template.skeleton);
    }
    let (Err(problems), Some(path)) = (&template.template, template.path()) else { return Vec::new() };
    let known = report.sources.iter().find(|(_, source)| &*source.path == path).map(|(id, _)| id);
    let source = known.unwrap_or_else(|| report.sources.add(path, None));
    let is_told = report
        .findings
        .iter()
        .any(|found| found.primary.span.source == source && found.severity == Severity::Error);
    if is_told {
        return Vec::new();
    }
    report.sources.set_text(source, template.text.as_str().into());
    problems.iter().map(|problem| shown(source, &template.text, problem)).collect()
}

fn judge_text(source: SourceId, text: &str, skeleton: &dyn Skeleton) -> Vec<Diagnostic> {
    let (tree, mut findings) = yaml::parse(source, text);
    for document in tree.documents(text) {
        findings.extend(entity::decode(&document).1);
    }
    findings.extend(lint_text(source, text, skeleton));
    findings
}

/// What is likely wrong in the templates that a file of the repository holds. The files are read that they
/// render, as the request wants them; links are not followed.
pub(in crate::ops) fn lint_file(
    request: &catalog::Request,
    path: &str,
    source: SourceId,
    text: &str,
) -> Vec<Diagnostic> {
    let below = Folder { root: request.root.clone(), folder: folder_of(path).to_owned() };
    lint_text(source, text, &LaidOver { below, overlay: &request.overlay, absent: &request.absent })
}

/// The folder that a file is in, relative to the root; empty for the root.
pub(in crate::ops) fn folder_of(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(folder, _)| folder)
}

fn lint_text(source: SourceId, text: &str, skeleton: &dyn Skeleton) -> Vec<Diagnostic> {
    let engine = Engine::default();
    let (tree, _) = yaml::parse(source, text);
    let documents = tree.documents(text).filter(|document| !document.is_broken());
    let templates = documents.filter_map(|document| document.root()).filter(|root| is_template(*root));
    templates.flat_map(|root| scaffolder::lint(root, &engine, Some(skeleton))).collect()
}

fn is_template(root: Node<'_>) -> bool {
    let is =
        |key: &str, wanted: &str| root.get(key).and_then(Node::as_str).is_some_and(|text| text == wanted);
    is("kind", "Template") && is("apiVersion", API_VERSION)
}

/// A problem of a template at its place, or at the nearest that is there.
fn shown(source: SourceId, text: &str, problem: &Problem) -> Diagnostic {
    let (tree, _) = yaml::parse(source, text);
    let root = tree.documents(text).find_map(|document| document.root());
    let mut pointer = problem.pointer.as_str();
    let mut span = None;
    while let (None, Some((above, _))) = (span, pointer.rsplit_once('/')) {
        span = root.and_then(|root| root.pointer(pointer)).map(Node::span);
        pointer = above;
    }
    let span = span.unwrap_or_else(|| Span::start_of(source));
    let finding = Diagnostic::error(INVALID, span, problem.message.clone()).reaching(Reach::Entity);
    match &problem.hint {
        Some(hint) => finding.help(hint.clone()),
        None => finding,
    }
}
