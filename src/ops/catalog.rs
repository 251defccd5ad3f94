//! Reads the entities of a repository: walks, reads and decodes in parallel.
//!
//! No async runtime, no memory maps: reading small files is bound by system calls, and each worker
//! makes its own.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use crate::catalog::{self, Builder, Catalog, Reading};
use crate::diagnostic::{Diagnostic, Reach, RuleId};
use crate::entity::{Files, Lookup};
use crate::fs;
use crate::source::{SourceId, Sources, Span};
use crate::yaml;

/// The rule that names files which could not be read.
pub const UNREADABLE: RuleId = RuleId::new("unreadable-file");

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
    /// A file whose text is not the one on disk: its path in the repository and the text.
    pub overlay: Option<(String, Arc<str>)>,
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
}

/// Reads all entities below the root.
pub fn load(request: &Request) -> Loaded {
    let (mut found, errors) = fs::walk(&fs::Walk { root: request.root.clone(), paths: Vec::new() });
    if let Some((path, _)) = &request.overlay
        && found.binary_search_by(|found| found.path.as_str().cmp(path)).is_err()
    {
        found.push(fs::Found { path: path.clone(), file: request.root.join(path) });
        found.sort();
    }
    let mut sources = Sources::default();
    for file in &found {
        sources.add(file.path.as_str(), None);
    }
    let files = Repository { root: request.root.clone() };
    let read = read_all(request, &found, &files);
    let mut builder = Builder::default();
    let mut findings = Vec::new();
    let mut holding = 0;
    for One { file, text } in read {
        holding += usize::from(file.holds_entities);
        if let Some(text) = text {
            sources.set_text(file.source, text);
        }
        builder.add(file);
    }
    for error in errors {
        let source = sources.add(error.path_below(&request.root), None);
        findings.push(unreadable(source, &error));
    }
    let (catalog, found) = builder.finish(sources);
    findings.extend(found);
    Loaded { catalog, findings, files: holding }
}

/// One file that was read.
struct One {
    file: catalog::File,
    text: Option<Arc<str>>,
}

fn read_all(request: &Request, found: &[fs::Found], files: &Repository) -> Vec<One> {
    let next = AtomicUsize::new(0);
    let workers =
        thread::available_parallelism().map_or(1, usize::from).min(found.len().div_ceil(BATCH)).max(1);
    let work = || {
        let mut done = Vec::new();
        loop {
            let start = next.fetch_add(BATCH, Ordering::Relaxed);
            let Some(batch) = found.get(start..).filter(|rest| !rest.is_empty()) else { return done };
            for (offset, file) in batch.iter().take(BATCH).enumerate() {
                done.push(read_one(request, SourceId((start + offset) as u32), file, files));
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

fn read_one(request: &Request, source: SourceId, found: &fs::Found, files: &Repository) -> One {
    let in_catalog = request.catalog_paths.iter().any(|folder| below(&found.path, folder));
    let reading = Reading { files: Some(files), only_backstage: !in_catalog };
    let overlay = request.overlay.as_ref().filter(|(path, _)| *path == found.path);
    let mut wrong = None;
    let text: Arc<str> = match overlay {
        Some((_, text)) => Arc::clone(text),
        None => match fs::read(&found.file) {
            Ok(bytes) => text_of(source, bytes, &mut wrong),
            Err(error) => {
                wrong = Some(Box::new(unreadable(source, &error)));
                Arc::from("")
            }
        },
    };
    let mut file = catalog::read(source, &found.path, &text, &reading);
    if let Some(wrong) = wrong
        && (file.holds_entities || in_catalog)
    {
        file.holds_entities = true;
        file.findings.insert(0, *wrong);
    }
    let keep = request.keep_texts && file.holds_entities || !file.findings.is_empty();
    One { file, text: keep.then_some(text) }
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

fn unreadable(source: SourceId, error: &fs::Error) -> Diagnostic {
    Diagnostic::error(UNREADABLE, Span::start_of(source), error.to_string())
        .reaching(Reach::Location)
        .help("make it readable for you, or take it out of the catalog's folders")
}

/// Whether a path is a folder or below it; `.` and the empty folder hold everything.
pub(super) fn below(path: &str, folder: &str) -> bool {
    let folder = folder.trim_start_matches("./").trim_end_matches('/');
    folder.is_empty()
        || folder == "."
        || path == folder
        || path.strip_prefix(folder).is_some_and(|rest| rest.starts_with('/'))
}

/// The files of the repository, for placeholders.
struct Repository {
    root: PathBuf,
}

impl Files for Repository {
    fn read(&self, path: &str) -> Lookup {
        let Ok(path) = fs::confined(&self.root, Path::new(path)) else { return Lookup::Unknown };
        match fs::read_text(&path) {
            Ok(text) => Lookup::Text(text.into()),
            Err(error) if error.is_not_found() => Lookup::Missing,
            Err(_) => Lookup::Unknown,
        }
    }
}
