//! The resource types that entities can have here: those of the repository, and the built-in ones
//! that it does not replace.

pub mod cases;
pub mod create;
pub mod pull;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;

use include_dir::{Dir, File, include_dir};

use super::embedded::all_files;
use super::render::Unchecked;
use super::{definitions, file_failure};
use crate::diagnostic::{Diagnostic, Severity, did_you_mean};
use crate::error::{Exit, Failure};
use crate::fs;
use crate::render::{
    Definitions, Place, Problem, RULE, ResourceType, check_manifests, parse_type, unknown_kinds,
};
use crate::source::{SourceId, Sources, Span};
use crate::yaml;

/// The built-in resource types, a folder each.
pub(super) static BUILT_IN: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/templates/types");

/// The folder of the repository that resource types are in.
const FOLDER: &str = "types";
/// The file of a type in its folder.
pub(super) const FILE: &str = "type.yaml";

/// Where a resource type comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    /// It is part of the program.
    BuiltIn,
    /// A file of the repository, by its path.
    Repository(String),
}

/// A resource type that is there.
#[derive(Debug)]
pub struct Available {
    /// The name it is called by: its folder's.
    pub name: String,
    /// Where it comes from.
    pub origin: Origin,
    /// The type; `None` when something is wrong with it.
    pub definition: Option<ResourceType>,
    /// What is wrong with it.
    pub findings: Vec<Diagnostic>,
    /// The source that the findings are in.
    pub source: SourceId,
}

/// All types, with the sources that their findings are in.
#[derive(Debug, Default)]
pub struct Report {
    /// Sorted by name.
    pub types: Vec<Available>,
    /// A source for each type, in the same order of reading, then those of definitions.
    pub sources: Sources,
    /// The definitions of the kinds that the types make.
    pub definitions: Definitions,
    /// What is wrong with the definitions.
    pub wrong_definitions: Vec<Diagnostic>,
}

/// All types of the repository at `root`, with the built-in ones that it does not replace.
pub fn available(root: Option<&Path>) -> Result<Report, Failure> {
    let mut report = available_with(root, &BTreeMap::new())?;
    report.hold_against_definitions(root)?;
    Ok(report)
}

/// The same with other texts in some files of the repository, by path; `None` for a file that is not there.
/// What they make is not held against definitions, which are those of another state.
pub(super) fn available_with(
    root: Option<&Path>,
    texts: &BTreeMap<String, Option<Arc<str>>>,
) -> Result<Report, Failure> {
    let mut report = Report::default();
    let mut names: BTreeSet<String> = match root {
        Some(root) => {
            fs::directories(&root.join(FOLDER)).map_err(|error| file_failure(&error))?.into_iter().collect()
        }
        None => BTreeSet::new(),
    };
    names.extend(texts.keys().filter_map(|path| name_of(path)).map(str::to_owned));
    for (root, name) in names.into_iter().filter_map(|name| Some((root?, name))) {
        let path = format!("{FOLDER}/{name}/{FILE}");
        let text = match texts.get(&path) {
            Some(text) => text.as_deref().map(str::to_owned),
            None => fs::read_text_if_exists(&root.join(&path)).map_err(|error| file_failure(&error))?,
        };
        if let Some(text) = text {
            report.add(name, Origin::Repository(path), text);
        }
    }
    for name in built_in_names() {
        let is_replaced = report.types.iter().any(|found| found.name == name);
        if let Some(text) = built_in(&name).filter(|_| !is_replaced) {
            report.add(name, Origin::BuiltIn, text.to_owned());
        }
    }
    report.types.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(report)
}

impl Report {
    fn add(&mut self, name: String, origin: Origin, text: String) {
        let path = match &origin {
            Origin::BuiltIn => format!("{name}/{FILE}"),
            Origin::Repository(path) => path.clone(),
        };
        let source = self.sources.add(path, None);
        let (definition, findings) = read(source, &name, &text);
        self.sources.set_text(source, text.into());
        self.types.push(Available { name, origin, definition, findings, source });
    }

    /// Looks at the manifests of the types with the definitions of their kinds.
    fn hold_against_definitions(&mut self, root: Option<&Path>) -> Result<(), Failure> {
        let wanted = definitions::kinds(self.types.iter().filter_map(|found| found.definition.as_ref()));
        let read = definitions::read(root, wanted.as_ref(), &mut self.sources)?;
        (self.definitions, self.wrong_definitions) = read;
        for available in &mut self.types {
            let Some(definition) = &available.definition else { continue };
            let text = self.sources.text(available.source).map_or("", |text| &**text);
            available.findings.extend(misfits(definition, &self.definitions, available.source, text));
        }
        Ok(())
    }

    /// The kinds that some types make and that nothing defines.
    pub fn unchecked(&self, types: &[&Available]) -> Unchecked {
        let definitions = types.iter().filter_map(|available| available.definition.as_ref());
        let kinds = definitions.flat_map(|definition| unknown_kinds(definition, &self.definitions));
        Unchecked { kinds: kinds.collect(), ..Unchecked::default() }
    }

    /// The type of this name.
    pub fn named(&self, name: &str) -> Result<&Available, Failure> {
        let found = self.types.iter().find(|available| available.name == name);
        found.ok_or_else(|| {
            let names = || self.types.iter().map(|available| available.name.as_str());
            let failure = Failure::new(Exit::No, format!("there is no resource type `{name}`"));
            match did_you_mean(name, names()) {
                Some(meant) => failure.hint(format!("did you mean `{meant}`?")),
                None => failure.hint(format!("known types: {}", names().collect::<Vec<_>>().join(", "))),
            }
        })
    }
}

/// Reads the definition in the folder `name`. There is a type only if nothing is wrong with it.
pub(super) fn read(source: SourceId, name: &str, text: &str) -> (Option<ResourceType>, Vec<Diagnostic>) {
    let (definition, mut findings) = parse_type(source, text);
    let Some(definition) = definition else { return (None, findings) };
    if definition.name == name {
        return (Some(definition), findings);
    }
    let message = format!("the type is called {} and its folder {name}", definition.name);
    let finding = Diagnostic::error(RULE, name_span(source, text), message);
    findings.push(finding.help("give both the same name"));
    (None, findings)
}

/// What the API server would refuse in everything that a type makes.
pub(super) fn misfits(
    definition: &ResourceType,
    definitions: &Definitions,
    source: SourceId,
    text: &str,
) -> Vec<Diagnostic> {
    let problems = check_manifests(definition, definitions).into_iter();
    problems.map(|problem| diagnostic(&problem, source, text)).collect()
}

/// A problem with a type at its line in the definition.
pub(super) fn diagnostic(problem: &Problem, source: SourceId, text: &str) -> Diagnostic {
    let (Place::Type(pointer) | Place::Entity(pointer)) = &problem.place;
    let span = definitions::span_at(source, text, pointer);
    let finding = Diagnostic::error(RULE, span, &problem.message);
    problem.help.iter().fold(finding, Diagnostic::help)
}

fn name_span(source: SourceId, text: &str) -> Span {
    let (tree, _) = yaml::parse(source, text);
    let name = tree.documents(text).next().and_then(|document| document.root()?.pointer("/metadata/name"));
    name.map_or(Span::start_of(source), yaml::Node::span)
}

/// The name of the type that a file of the repository defines; `None` for any other file.
pub(super) fn name_of(path: &str) -> Option<&str> {
    let name = path.strip_prefix(FOLDER)?.strip_prefix('/')?.strip_suffix(FILE)?.strip_suffix('/')?;
    (!name.contains('/')).then_some(name)
}

/// The text of a built-in type.
pub(super) fn built_in(name: &str) -> Option<&'static str> {
    BUILT_IN.get_file(Path::new(name).join(FILE)).and_then(File::contents_utf8)
}

/// The built-in types.
pub(super) fn built_in_types() -> impl Iterator<Item = (String, ResourceType)> {
    built_in_names().filter_map(|name| {
        let definition = read(SourceId(0), &name, built_in(&name)?).0?;
        Some((name, definition))
    })
}

/// The files of a built-in type, by their paths in its folder, sorted.
pub(super) fn built_in_files(name: &str) -> impl Iterator<Item = (&'static str, &'static str)> {
    let mut files: Vec<(&str, &str)> = BUILT_IN
        .get_dir(name)
        .map(all_files)
        .unwrap_or_default()
        .into_iter()
        .filter_map(|file| Some((file.path().strip_prefix(name).ok()?.to_str()?, file.contents_utf8()?)))
        .collect();
    files.sort_unstable();
    files.into_iter()
}

/// The names of the built-in types, sorted.
pub fn built_in_names() -> impl Iterator<Item = String> {
    let mut names: Vec<String> =
        BUILT_IN.dirs().map(|folder| folder.path().to_string_lossy().into_owned()).collect();
    names.sort_unstable();
    names.into_iter()
}

/// That a type which is needed is not right.
pub(super) fn failure(available: &Available, sources: &Sources) -> Option<Failure> {
    let errors: Vec<_> =
        available.findings.iter().filter(|finding| finding.severity == Severity::Error).collect();
    let first = errors.first()?;
    let path = sources.path(first.primary.span.source);
    let failure = Failure::usage(format!("the resource type {path} is broken"));
    Some(errors.iter().fold(failure, |failure, finding| {
        let span = finding.primary.span;
        let text = sources.text(span.source).map_or("", |text| &**text);
        let position = crate::source::LineIndex::new(text).position(text, span.start);
        failure.because(format!("{path}:{}:{}: {}", position.line, position.column, finding.message))
    }))
}

#[cfg(test)]
mod tests {
    use super::name_of;

    #[test]
    fn a_type_is_a_file_in_a_folder_of_its_name() {
        let check = |path: &str, expected: Option<&str>| assert_eq!(name_of(path), expected, "{path}");
        check("types/queue/type.yaml", Some("queue"));
        check("types/type.yaml", None);
        check("types/a/b/type.yaml", None);
        check("types/queue/composition.yaml", None);
        check("catalog/queue/type.yaml", None);
    }
}
