//! The files of a repository in parallel: read, decoded, checked each on its own.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread;

use super::cache::{BlobId, Cache, Known, Origin, Remembered, Sort};
use super::{Request, below, unreadable};
use crate::catalog::{Reading, Shared};
use crate::diagnostic::Diagnostic;
use crate::entity::{self, Files, Lookup};
use crate::fs::{self, Folder, Found, Stamp};
use crate::git;
use crate::ops::templates::lint::lint_file;
use crate::rules::{self, FileReport, Ingest};
use crate::source::{SourceId, Sources};
use crate::yaml;

/// Files that one worker takes at a time: enough to make taking cheap, few enough to share well.
const BATCH: usize = 32;

/// What one worker, or all together, read.
#[derive(Default)]
pub(super) struct Part {
    pub(super) ingest: Ingest,
    /// The texts that are kept.
    pub(super) texts: Vec<(SourceId, Arc<str>)>,
    /// How many files hold entities.
    pub(super) files: usize,
    /// The files that may be remembered.
    pub(super) known: Vec<Known>,
}

impl Part {
    fn append(mut self, mut other: Self) -> Self {
        self.ingest.append(other.ingest);
        self.texts.append(&mut other.texts);
        self.files += other.files;
        self.known.append(&mut other.known);
        self
    }
}

/// Reads all files that were found.
pub(super) fn all(reader: &Reader<'_>, found: &[Found]) -> Part {
    let parts = in_parallel(found, |batches| {
        let (part, shared) = (Part::default(), Shared::default());
        let mut worker = Worker { reader, part, shared, buffer: Vec::new(), hint: 0 };
        for (start, batch) in batches {
            for (offset, file) in batch.iter().enumerate() {
                worker.take(SourceId((start + offset) as u32), file);
            }
        }
        worker.part
    });
    parts.into_iter().reduce(Part::append).unwrap_or_default()
}

/// Reads the texts of the files that are needed and not kept yet.
pub(super) fn texts(request: &Request, found: &[Found], needed: BTreeSet<SourceId>, sources: &mut Sources) {
    let missing: Vec<SourceId> = needed.into_iter().filter(|id| sources.text(*id).is_none()).collect();
    let parts = in_parallel(&missing, |batches| {
        let each = batches.flat_map(|(_, batch)| batch).filter_map(|id| {
            let file = found.get(id.0 as usize)?;
            let text = match request.overlay.get(&*file.path) {
                Some(text) => Arc::clone(text),
                None => fs::read_text(&file.file(&request.root)).ok()?.into(),
            };
            Some((*id, text))
        });
        each.collect::<Vec<(SourceId, Arc<str>)>>()
    });
    for (id, text) in parts.into_iter().flatten() {
        sources.set_text(id, text);
    }
}

/// Lets as many threads as there are processors take batches of `items`, each with its position, until
/// none is left.
fn in_parallel<'i, T: Sync, R: Send>(
    items: &'i [T],
    work: impl Fn(&mut dyn Iterator<Item = (usize, &'i [T])>) -> R + Sync,
) -> Vec<R> {
    let next = AtomicUsize::new(0);
    let workers =
        thread::available_parallelism().map_or(1, usize::from).min(items.len().div_ceil(BATCH)).max(1);
    let work = || {
        let mut batches = std::iter::from_fn(|| {
            let start = next.fetch_add(BATCH, Ordering::Relaxed);
            let rest = items.get(start..).filter(|rest| !rest.is_empty())?;
            Some((start, &rest[..rest.len().min(BATCH)]))
        });
        work(&mut batches)
    };
    if workers == 1 {
        return vec![work()];
    }
    thread::scope(|scope| {
        let handles: Vec<_> = (0..workers).map(|_| scope.spawn(work)).collect();
        handles.into_iter().filter_map(|handle| handle.join().ok()).collect()
    })
}

/// What every worker shares.
pub(super) struct Reader<'a> {
    pub(super) request: &'a Request,
    /// The root, where files may be remembered.
    pub(super) folder: Option<&'a Folder>,
    pub(super) cache: Option<&'a Cache>,
}

/// One worker.
struct Worker<'a> {
    reader: &'a Reader<'a>,
    part: Part,
    shared: Shared,
    /// The file that is read.
    buffer: Vec<u8>,
    /// Where in the cache the next file may be.
    hint: usize,
}

impl Worker<'_> {
    fn take(&mut self, source: SourceId, found: &Found) {
        let request = self.reader.request;
        let in_catalog = request.catalog_paths.iter().any(|folder| below(&found.path, folder));
        let counts = in_catalog || entity::has_entity_name(&found.path);
        let overlaid = request.overlay.get(&*found.path);
        // before the file is read: what is written later has another stamp
        let folder = self.reader.folder.filter(|_| overlaid.is_none() && !found.is_odd());
        let stamp = folder.and_then(|folder| folder.stamp(&found.path));
        if let (Some(stamp), Some(cache)) = (stamp, self.reader.cache)
            && let Some(remembered) = cache.by_stamp((&found.path, stamp), counts, source, &mut self.hint)
        {
            return self.remember(source, stamp, remembered, Origin::Stamp);
        }
        let mut buffer = std::mem::take(&mut self.buffer);
        let content = match overlaid {
            Some(text) => Ok(text.as_bytes()),
            None => fs::read_into(&mut buffer, &found.file(&request.root)).map(|length| &buffer[..length]),
        };
        // a name is only worth its price where something can be remembered
        let name = match (stamp, &content) {
            (Some(stamp), Ok(content)) => git::blob_id(content).map(|blob| (stamp, blob)),
            _ => None,
        };
        if let (Some((stamp, blob)), Some(cache)) = (name, self.reader.cache)
            && let Some(remembered) = cache.by_id(&blob, counts, source)
        {
            self.remember(source, stamp, remembered, Origin::Content);
        } else {
            self.parse((source, found), content, name, in_catalog);
        }
        self.buffer = buffer;
    }

    /// Takes what the cache knows.
    fn remember(&mut self, source: SourceId, stamp: Stamp, remembered: Remembered, origin: Origin) {
        let Remembered { blob, sort, entities } = remembered;
        self.part.files += usize::from(sort != Sort::Other);
        self.part.ingest.add_entities(entities);
        self.part.known.push(Known { source, blob, sort, stamp, origin });
    }

    fn parse(
        &mut self,
        (source, found): (SourceId, &Found),
        content: Result<&[u8], fs::Error>,
        name: Option<(Stamp, BlobId)>,
        in_catalog: bool,
    ) {
        let request = self.reader.request;
        let files = Repository { request, was_asked: AtomicBool::new(false) };
        let (mut report, kept) = read(request, (source, found), content, in_catalog, &files);
        for entity in &mut report.file.entities {
            self.shared.share(entity);
        }
        if let Some((stamp, blob)) = name
            && !files.was_asked.load(Ordering::Relaxed)
            && is_plain(&report)
        {
            let counts = in_catalog || entity::has_entity_name(&found.path);
            let sort = sort(&report, counts);
            self.part.known.push(Known { source, blob, sort, stamp, origin: Origin::Text });
        }
        self.part.files += usize::from(report.file.holds_entities);
        self.part.texts.extend(kept.map(|text| (source, text)));
        self.part.ingest.add(report);
    }
}

/// Reads one file, with its text when that is kept.
fn read(
    request: &Request,
    (source, found): (SourceId, &Found),
    content: Result<&[u8], fs::Error>,
    in_catalog: bool,
    files: &Repository<'_>,
) -> (FileReport, Option<Arc<str>>) {
    let mut wrong = None;
    let text = match content {
        Ok(bytes) => text_of(source, bytes, &mut wrong),
        Err(error) => {
            wrong = Some(Box::new(unreadable(source, &error)));
            Cow::Borrowed("")
        }
    };
    let reading = Reading { files: Some(files), only_backstage: !in_catalog };
    let mut report = rules::read(source, &found.path, &text, &reading);
    let file = &mut report.file;
    if file.entities.iter().any(|entity| entity.kind == "Template") && request.reports(&found.path) {
        file.findings.extend(lint_file(request, &found.path, source, &text));
    }
    if let Some(wrong) = wrong
        && (file.holds_entities || in_catalog)
    {
        file.holds_entities = true;
        file.findings.insert(0, *wrong);
    }
    let keep = request.keep_texts && file.holds_entities || !file.findings.is_empty();
    let kept = keep.then(|| text.as_ref().into());
    (report, kept)
}

/// Whether there is nothing to say about a file, and what it holds follows from its text alone.
fn is_plain(report: &FileReport) -> bool {
    let file = &report.file;
    file.findings.is_empty()
        && report.waivers.is_empty()
        && file.skeletons.is_empty()
        && file.entities.iter().all(|entity| entity.kind != "Template")
}

fn sort(report: &FileReport, counts: bool) -> Sort {
    match (report.file.holds_entities, counts) {
        (_, true) => Sort::Catalog,
        (true, false) => Sort::Backstage,
        (false, false) => Sort::Other,
    }
}

/// The text of a file; bytes that are no UTF-8 are told and replaced, as Backstage replaces them.
fn text_of<'b>(source: SourceId, bytes: &'b [u8], wrong: &mut Option<Box<Diagnostic>>) -> Cow<'b, str> {
    if let Ok(text) = std::str::from_utf8(bytes) {
        return Cow::Borrowed(text);
    }
    *wrong = yaml::decode_utf8(source, bytes).err();
    String::from_utf8_lossy(bytes)
}

/// The files of the repository, for placeholders.
struct Repository<'a> {
    request: &'a Request,
    /// Whether any file was asked for.
    was_asked: AtomicBool,
}

impl Files for Repository<'_> {
    fn read(&self, path: &str) -> Lookup {
        self.was_asked.store(true, Ordering::Relaxed);
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
