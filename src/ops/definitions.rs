//! The definitions of kinds that a repository brings: CRDs in `crds/`, and those of Crossplane beside the
//! resource types and in `gitops/`, at any depth. The program's own types bring theirs.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;

use super::file_failure;
use super::types::BUILT_IN;
use crate::diagnostic::{Diagnostic, RuleId};
use crate::error::Failure;
use crate::fs::{self, TreeKind};
use crate::object::{Gvk, Object};
use crate::render::{Definitions, ResourceType};
use crate::source::{SourceId, Sources, Span};
use crate::yaml;

/// The rule of definitions that cannot be read.
pub(super) const RULE: RuleId = RuleId::new("invalid-definition");

/// The folder that `types pull-crds` writes to.
pub(super) const CRDS: &str = "crds";

/// The folders in which definitions are looked for.
const FOLDERS: [&str; 3] = [CRDS, "types", "gitops"];

/// More entries than this are not looked through.
const MAX_ENTRIES: usize = 100_000;

/// What only definitions have in them.
const WORDS: [&str; 2] = ["CustomResourceDefinition", "CompositeResourceDefinition"];

/// The kind of what kro makes definitions from.
const GRAPH: &str = "ResourceGraphDefinition";

/// Definitions and what is wrong with them.
pub(super) struct Collector<'a> {
    /// The kinds that are asked for; all with `None`. Files without any of them are not read.
    wanted: Option<&'a BTreeSet<String>>,
    pub definitions: Definitions,
    pub findings: Vec<Diagnostic>,
}

/// Whether a file is in a folder of definitions.
pub(super) fn is_place(path: &str) -> bool {
    let folder = path.split_once('/').map_or("", |(folder, _)| folder);
    FOLDERS.contains(&folder) && fs::is_yaml(Path::new(path))
}

/// The kinds that types make; `None` where one cannot be told without an entity.
pub(super) fn kinds<'a>(types: impl Iterator<Item = &'a ResourceType>) -> Option<BTreeSet<String>> {
    let mut all = BTreeSet::new();
    for resource_type in types {
        all.extend(crate::render::kinds(resource_type)?);
    }
    Some(all)
}

impl<'a> Collector<'a> {
    pub fn new(wanted: Option<&'a BTreeSet<String>>) -> Self {
        Self { wanted, definitions: Definitions::default(), findings: Vec::new() }
    }

    /// Whether a file may hold a definition that is asked for.
    pub fn wants(&self, text: &str) -> bool {
        let is_asked = |kind: &String| memchr::memmem::find(text.as_bytes(), kind.as_bytes()).is_some();
        WORDS.iter().any(|word| memchr::memmem::find(text.as_bytes(), word.as_bytes()).is_some())
            && self.wanted.is_none_or(|kinds| kinds.iter().any(is_asked))
    }

    /// Adds the definitions of a file. Those of an earlier file stay.
    pub fn add(&mut self, source: SourceId, text: &str) {
        let (tree, findings) = yaml::parse(source, text);
        self.findings.extend(findings.into_iter().map(|finding| Diagnostic { rule: RULE, ..finding }));
        for document in tree.documents(text).filter(|document| !document.is_broken()) {
            let Some(root) = document.root() else { continue };
            let kind = root.get("kind").and_then(yaml::Node::as_str);
            if !kind.is_some_and(|kind| WORDS.contains(&&*kind)) {
                continue;
            }
            for fault in self.definitions.add(&Object(root.to_json())) {
                let span = nearest(root, &fault.pointer).span();
                self.findings.push(Diagnostic::warning(RULE, span, fault.message));
            }
        }
    }

    /// The definitions, with those that the program's own types bring.
    pub fn finish(mut self) -> (Definitions, Vec<Diagnostic>) {
        let files = BUILT_IN.dirs().flat_map(include_dir::Dir::files);
        for text in files
            .filter_map(include_dir::File::contents_utf8)
            .filter(|text| self.wants(text))
            .collect::<Vec<_>>()
        {
            self.add(SourceId(0), text);
        }
        (self.definitions, self.findings)
    }
}

/// The definitions in the repository at `root` of the kinds that are asked for.
pub(super) fn read(
    root: Option<&Path>,
    wanted: Option<&BTreeSet<String>>,
    sources: &mut Sources,
) -> Result<(Definitions, Vec<Diagnostic>), Failure> {
    read_folders(root, &FOLDERS, wanted, sources)
}

/// The same of all kinds, without those of the folder that [`CRDS`] names.
pub(super) fn read_without_crds(root: &Path, sources: &mut Sources) -> Result<Definitions, Failure> {
    let folders: Vec<&str> = FOLDERS.into_iter().filter(|folder| *folder != CRDS).collect();
    Ok(read_folders(Some(root), &folders, None, sources)?.0)
}

/// The kinds that kro defines in the cluster: those of the `ResourceGraphDefinition`s in the repository, and of those
/// that the program's own types bring.
pub(super) fn graphs(root: &Path) -> Result<BTreeSet<Gvk>, Failure> {
    let mut kinds = BTreeSet::new();
    each_file(Some(root), &FOLDERS, |_, text| kinds.extend(kinds_of_graphs(&text)))?;
    let own = BUILT_IN.dirs().flat_map(include_dir::Dir::files).filter_map(include_dir::File::contents_utf8);
    kinds.extend(own.flat_map(kinds_of_graphs));
    Ok(kinds)
}

/// The kind of each `ResourceGraphDefinition` in a text. The group is `kro.run` where none is written.
fn kinds_of_graphs(text: &str) -> Vec<Gvk> {
    if memchr::memmem::find(text.as_bytes(), GRAPH.as_bytes()).is_none() {
        return Vec::new();
    }
    let (tree, _) = yaml::parse(SourceId(0), text);
    let kind = |root: yaml::Node<'_>| {
        let text = |pointer: &str| root.pointer(pointer)?.as_str().map(|text| text.to_string());
        if text("/kind")? != GRAPH {
            return None;
        }
        let group = text("/spec/schema/group").unwrap_or_else(|| "kro.run".to_owned());
        let (version, kind) = (text("/spec/schema/apiVersion")?, text("/spec/schema/kind")?);
        Some(Gvk { group, version, kind })
    };
    let documents = tree.documents(text).filter(|document| !document.is_broken());
    documents.filter_map(|document| document.root()).filter_map(kind).collect()
}

fn read_folders(
    root: Option<&Path>,
    folders: &[&str],
    wanted: Option<&BTreeSet<String>>,
    sources: &mut Sources,
) -> Result<(Definitions, Vec<Diagnostic>), Failure> {
    let mut collector = Collector::new(wanted);
    each_file(root, folders, |path, text| {
        if collector.wants(&text) {
            let source = sources.add(path, Some(Arc::clone(&text)));
            collector.add(source, &text);
        }
    })?;
    Ok(collector.finish())
}

/// Hands over each file that may hold definitions, by its path.
fn each_file(
    root: Option<&Path>,
    folders: &[&str],
    mut take: impl FnMut(String, Arc<str>),
) -> Result<(), Failure> {
    for (root, folder) in folders.iter().filter_map(|folder| Some((root?, folder))) {
        let whole = root.join(folder);
        if !fs::is_directory(&whole) {
            continue;
        }
        for entry in fs::tree(&whole, MAX_ENTRIES).map_err(|error| file_failure(&error))? {
            let path = format!("{folder}/{}", entry.path);
            if !matches!(entry.kind, TreeKind::File { .. }) || !is_place(&path) {
                continue;
            }
            let text: Arc<str> = match fs::read_text(&root.join(&path)) {
                Ok(text) => text.into(),
                Err(error) => return Err(file_failure(&error)),
            };
            take(path, text);
        }
    }
    Ok(())
}

/// The node at a pointer, or the nearest one above it that is there.
pub(super) fn nearest<'a>(root: yaml::Node<'a>, pointer: &str) -> yaml::Node<'a> {
    let mut pointer = pointer;
    loop {
        if let Some(node) = root.pointer(pointer) {
            return node;
        }
        let Some(end) = pointer.rfind('/') else { return root };
        pointer = &pointer[..end];
    }
}

/// The place of a pointer in the first document of a text.
pub(super) fn span_at(source: SourceId, text: &str, pointer: &str) -> Span {
    let (tree, _) = yaml::parse(source, text);
    let root = tree.documents(text).next().and_then(|document| document.root());
    root.map_or(Span::start_of(source), |root| nearest(root, pointer).span())
}

#[cfg(test)]
mod tests {
    use super::kinds_of_graphs;

    #[test]
    fn a_graph_defines_a_kind() {
        let check = |schema: &str, expected: &[&str]| {
            let text =
                format!("kind: ResourceGraphDefinition\nspec:\n  schema: {schema}\n---\nkind: ConfigMap\n");
            let kinds = kinds_of_graphs(&text);
            let found: Vec<String> =
                kinds.iter().map(|gvk| format!("{} {}", gvk.api_version(), gvk.kind)).collect();
            assert_eq!(found, expected);
        };
        check("{apiVersion: v1, kind: Queue}", &["kro.run/v1 Queue"]);
        check("{group: example.org, apiVersion: v1, kind: Queue}", &["example.org/v1 Queue"]);
        check("{kind: Queue}", &[]);
    }
}
