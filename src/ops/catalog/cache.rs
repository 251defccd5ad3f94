//! What is remembered of the files of a repository between two runs, so that a run parses only what
//! changed.
//!
//! One file in the Git directory of the work tree holds the entities of each content in which nothing is
//! wrong, by the name that Git gives to the content, its blob id. So a file that was touched, moved, copied
//! or checked out again is read, but not parsed. As in Git's index, the [`Stamp`] of a path tells its blob
//! id: a file whose stamp is still the same is not even read. Contents that no file has any more stay for
//! a while, [`UNUSED`] at most, for the way back to another branch.
//!
//! A record holds what follows from the content alone. The one thing that depends on the path is whether
//! the content counts whatever is in it, which is part of the key; places and relative targets are made
//! whole for the path by whoever reads them. Files with findings, waivers, placeholders that read other
//! files, or templates are not remembered, so what is reported always comes from the text.
//!
//! Git's own index is not asked: it knows nothing of files that are new or changed, and where line breaks
//! are converted on checkout it names another content than the one on disk.
//!
//! The cache is never needed: one that is missing, cut off, changed, of another program or another
//! version is passed over and written anew, and where it cannot be written nothing happens. It is read in
//! one go and replaced in one step, so that runs side by side never see half of one; the last one wins.

use std::path::PathBuf;

use crate::catalog::Catalog;
use crate::catalog::stored::{Tables, Writer};
use crate::clock::Timestamp;
use crate::entity::Entity;
use crate::fs::{self, Stamp};
use crate::git::ID_LENGTH;
use crate::source::SourceId;

/// The name of the file in its folder.
const NAME: &str = "entities";
/// What the file starts with; the number is that of its format.
const MARK: &str = "platform entities 2 ";
/// A file that is larger is not read: ten times that of 100,000 entities.
const LARGEST: u64 = 160 * 1024 * 1024;
/// Opening a file costs as much as reading so many bytes.
const OPENING: u64 = 4096;
/// The cache is written when reading what is not in it costs as much as so many bytes, and one in
/// [`SHARE`] of all.
const LEAST: u64 = 64 * 1024;
/// See [`LEAST`].
const SHARE: u64 = 100;
/// How many contents that no file has any more are kept, those that were in use last: about one megabyte.
const UNUSED: usize = 10_000;
/// How many bytes their records may have.
const UNUSED_BYTES: usize = 4 * 1024 * 1024;
/// Sum, then the lengths of the five parts.
const HEAD: usize = 6 * 4;
/// Path end, number of the content, stamp.
const ROW: usize = 4 + 4 + Stamp::LENGTH;
/// Blob id, sort, age, record end.
const BLOB: usize = ID_LENGTH + 1 + 1 + 4;

/// What Git calls a content.
pub(super) type BlobId = [u8; ID_LENGTH];

/// Where the cache is.
#[derive(Clone, Debug)]
pub struct Place {
    /// The folder, which need not be there.
    pub folder: PathBuf,
    /// The time on the clock, whatever time the run is told it is.
    pub now: Timestamp,
}

/// A file that may be remembered.
#[derive(Clone, Copy, Debug)]
pub(super) struct Known {
    pub(super) source: SourceId,
    pub(super) blob: BlobId,
    pub(super) sort: Sort,
    pub(super) stamp: Stamp,
    pub(super) origin: Origin,
}

/// Where what is known of a file comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Origin {
    /// The file was read and parsed.
    Text,
    /// The file was read; the cache knew its content.
    Content,
    /// The cache knew the file by its stamp.
    Stamp,
}

/// What is known of a content.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Sort {
    /// It holds no entities because it does not look like Backstage's.
    Other = 0,
    /// It counts as it looks like Backstage's.
    Backstage = 1,
    /// It counts whatever is in it.
    Catalog = 2,
}

impl Sort {
    /// Whether the content counts whatever is in it, which its path decides.
    fn counts(self) -> bool {
        self == Self::Catalog
    }
}

/// What the cache says of a file.
#[derive(Debug)]
pub(super) struct Remembered {
    pub(super) blob: BlobId,
    pub(super) sort: Sort,
    pub(super) entities: Vec<Entity>,
}

/// A cache that was read.
#[derive(Debug)]
pub(super) struct Cache {
    bytes: Vec<u8>,
    rows: usize,
    /// How many contents there are, in the order of their ids, then of whether they count.
    blobs: usize,
    /// Where the table of files starts.
    start: usize,
    /// Where the paths start.
    paths: usize,
    /// Where the table of contents starts; the records follow.
    contents: usize,
    tables: Tables,
}

impl Cache {
    /// Reads the cache, if there is one of this very program.
    pub(super) fn open(place: &Place) -> Option<Self> {
        Self::parse(fs::read_at_most(&place.folder.join(NAME), LARGEST).ok()?)
    }

    fn parse(bytes: Vec<u8>) -> Option<Self> {
        let rest = bytes.strip_prefix(&*mark()?)?;
        let (head, body) = rest.split_first_chunk::<HEAD>()?;
        let [sum, rows, paths, blobs, records, tables] = numbers(head);
        let lengths = [
            (rows as usize).checked_mul(ROW)?,
            paths as usize,
            (blobs as usize).checked_mul(BLOB)?,
            records as usize,
            tables as usize,
        ];
        let total = lengths.iter().try_fold(0, |all: usize, length| all.checked_add(*length))?;
        if total != body.len() || crc32fast::hash(body) != sum {
            return None;
        }
        let tables = Tables::read(&body[total - lengths[4]..])?;
        let start = bytes.len() - total;
        let (paths_at, contents) = (start + lengths[0], start + lengths[0] + lengths[1]);
        let (rows, blobs) = (rows as usize, blobs as usize);
        let cache = Self { bytes, rows, blobs, start, paths: paths_at, contents, tables };
        let are_right = are_in_order((0..rows).map(|at| cache.path_end(at)), paths as usize)
            && are_in_order((0..blobs).map(|at| cache.record_end(at)), records as usize);
        are_right.then_some(cache)
    }

    /// How many files it knows.
    pub(super) fn len(&self) -> usize {
        self.rows
    }

    fn row(&self, at: usize) -> &[u8] {
        &self.bytes[self.start + at * ROW..][..ROW]
    }

    fn path_end(&self, at: usize) -> usize {
        number(&self.row(at)[..4])
    }

    fn path(&self, at: usize) -> &[u8] {
        let from = if at == 0 { 0 } else { self.path_end(at - 1) };
        &self.bytes[self.paths + from..self.paths + self.path_end(at)]
    }

    fn content(&self, at: usize) -> &[u8] {
        &self.bytes[self.contents + at * BLOB..][..BLOB]
    }

    fn record_end(&self, at: usize) -> usize {
        number(&self.content(at)[ID_LENGTH + 2..])
    }

    fn record(&self, at: usize) -> &[u8] {
        let records = self.contents + self.blobs * BLOB;
        let from = if at == 0 { 0 } else { self.record_end(at - 1) };
        &self.bytes[records + from..records + self.record_end(at)]
    }

    /// Id, sort and age of a content.
    fn key(&self, at: usize) -> Option<(BlobId, Sort, u8)> {
        let (blob, rest) = self.content(at).split_first_chunk::<ID_LENGTH>()?;
        let sort = [Sort::Other, Sort::Backstage, Sort::Catalog];
        Some((*blob, *sort.get(usize::from(rest[0]))?, rest[1]))
    }

    /// What is known of a content by its number; `source` is what the file is called now.
    fn remembered(&self, at: usize, source: SourceId) -> Option<Remembered> {
        let (blob, sort, _) = self.key(at)?;
        Some(Remembered { blob, sort, entities: self.tables.entities(self.record(at), source)? })
    }

    /// The row of a path. `hint` is where it is when paths are asked for in order.
    fn find(&self, path: &str, hint: &mut usize) -> Option<usize> {
        let mut at = *hint;
        if at >= self.rows || self.path(at) != path.as_bytes() {
            let (mut low, mut high) = (0, self.rows);
            while low < high {
                let middle = usize::midpoint(low, high);
                if self.path(middle) < path.as_bytes() { low = middle + 1 } else { high = middle }
            }
            at = low;
        }
        let is_there = at < self.rows && self.path(at) == path.as_bytes();
        *hint = if is_there { at + 1 } else { at };
        is_there.then_some(at)
    }

    /// What is known of a file that is still the same, without a look into it. `counts` tells whether it
    /// counts whatever is in it, `source` is what it is called now.
    pub(super) fn by_stamp(
        &self,
        (path, stamp): (&str, Stamp),
        counts: bool,
        source: SourceId,
        hint: &mut usize,
    ) -> Option<Remembered> {
        let row = self.row(self.find(path, hint)?);
        let at = number(&row[4..8]);
        if row[8..] != stamp.to_bytes() || at >= self.blobs {
            return None;
        }
        let (blob, sort, _) = self.key(at)?;
        // the catalog may have other folders now
        if sort.counts() == counts { self.remembered(at, source) } else { self.by_id(&blob, counts, source) }
    }

    /// What is known of a content, wherever it was.
    pub(super) fn by_id(&self, blob: &BlobId, counts: bool, source: SourceId) -> Option<Remembered> {
        let key = |at: usize| Some((&self.content(at)[..ID_LENGTH], self.key(at)?.1.counts()));
        let wanted = (&blob[..], counts);
        let (mut low, mut high) = (0, self.blobs);
        while low < high {
            let middle = usize::midpoint(low, high);
            if key(middle)? < wanted { low = middle + 1 } else { high = middle }
        }
        let is_there = low < self.blobs && key(low)? == wanted;
        is_there.then(|| self.remembered(low, source))?
    }

    /// The contents that are in no use, those that were in use last first.
    fn unused(&self, used: &[Content<'_>]) -> Vec<(Remembered, u8)> {
        let is_used = |key: (BlobId, bool)| used.binary_search_by_key(&key, Content::key).is_ok();
        let mut unused: Vec<(u8, usize)> = (0..self.blobs)
            .filter_map(|at| {
                let (blob, sort, age) = self.key(at)?;
                (!is_used((blob, sort.counts()))).then_some((age.saturating_add(1), at))
            })
            .collect();
        unused.sort_unstable();
        let mut left = UNUSED_BYTES;
        let has_room = |(_, at): &(u8, usize)| {
            let rest = left.checked_sub(self.record(*at).len());
            left = rest.unwrap_or(left);
            rest.is_some()
        };
        let source = SourceId(0);
        unused
            .into_iter()
            .take(UNUSED)
            .take_while(has_room)
            .filter_map(|(age, at)| Some((self.remembered(at, source)?, age)))
            .collect()
    }
}

fn number(bytes: &[u8]) -> usize {
    bytes.iter().rev().fold(0, |all, byte| all << 8 | usize::from(*byte))
}

fn numbers<const N: usize>(bytes: &[u8; HEAD]) -> [u32; N] {
    let mut numbers = [0; N];
    for (into, bytes) in numbers.iter_mut().zip(bytes.chunks_exact(4)) {
        *into = number(bytes) as u32;
    }
    numbers
}

/// Whether parts each start where the last one ended, and all of `length` is used.
fn are_in_order(ends: impl Iterator<Item = usize>, length: usize) -> bool {
    let mut last = 0;
    for end in ends {
        if end < last {
            return false;
        }
        last = end;
    }
    last == length
}

/// What a cache of this very program starts with: rules change with the program, so does what they make
/// of a file.
fn mark() -> Option<Vec<u8>> {
    let program = fs::stamp_of_program()?;
    Some([MARK.as_bytes(), env!("CARGO_PKG_VERSION").as_bytes(), b"\n", &program.to_bytes()].concat())
}

/// Writes what is known of the files, in the order of their paths, if that is worth it. `before` is how
/// many the cache knew.
pub(super) fn save(place: &Place, before: usize, known: Vec<Known>, catalog: &Catalog) {
    if is_worth_it(place, &known, before) {
        // Without it the next run takes longer, no more.
        let _ = write(place, known, catalog);
    }
}

fn is_worth_it(place: &Place, known: &[Known], before: usize) -> bool {
    let cost = |known: &Known| known.stamp.size() + OPENING;
    // the content of a file that was just changed is worth keeping, its stamp is not
    let is_fresh = |known: &&Known| match known.origin {
        Origin::Text => true,
        Origin::Content => known.stamp.is_settled(place.now),
        Origin::Stamp => false,
    };
    let of_all: u64 = known.iter().map(cost).sum();
    let of_fresh: u64 = known.iter().filter(is_fresh).map(cost).sum();
    let gone = before - known.iter().filter(|known| known.origin == Origin::Stamp).count();
    of_fresh >= LEAST.max(of_all / SHARE) || gone > known.len()
}

/// A content that is written.
struct Content<'e> {
    blob: BlobId,
    sort: Sort,
    /// How often the cache was written since a file had it.
    age: u8,
    entities: &'e [Entity],
}

impl Content<'_> {
    fn key(&self) -> (BlobId, bool) {
        (self.blob, self.sort.counts())
    }
}

/// `None` where there is no room or no right to write.
fn write(place: &Place, known: Vec<Known>, catalog: &Catalog) -> Option<()> {
    let content = |known: &Known| Content {
        blob: known.blob,
        sort: known.sort,
        age: 0,
        entities: catalog.entities_in(known.source),
    };
    let mut contents: Vec<Content<'_>> = known.iter().map(content).collect();
    contents.sort_unstable_by_key(Content::key);
    contents.dedup_by_key(|content| content.key());
    // read again, as another run may have written it in the meantime
    let unused = Cache::open(place).map_or_else(Vec::new, |cache| cache.unused(&contents));
    contents.extend(unused.iter().map(|(Remembered { blob, sort, entities }, age)| Content {
        blob: *blob,
        sort: *sort,
        age: *age,
        entities,
    }));
    contents.sort_unstable_by_key(Content::key);
    let (rows, paths) = files(place, &known, catalog, &contents)?;
    // its memory is needed for the records
    drop(known);
    let mut blobs = Vec::with_capacity(contents.len() * BLOB);
    let mut writer = Writer::default();
    for content in contents {
        let end = writer.add(content.entities);
        blobs.extend(content.blob);
        blobs.extend([content.sort as u8, content.age]);
        blobs.extend(u32::try_from(end).ok()?.to_le_bytes());
    }
    let (records, tables) = writer.finish();
    let counts = [rows.len() / ROW, paths.len(), blobs.len() / BLOB, records.len(), tables.len()];
    put(place, counts, [&rows, &paths, &blobs, &records, &tables])
}

/// The table of the files whose stamps can be relied on, and their paths.
fn files(
    place: &Place,
    known: &[Known],
    catalog: &Catalog,
    contents: &[Content<'_>],
) -> Option<(Vec<u8>, Vec<u8>)> {
    let path = |known: &Known| catalog.sources().path(known.source).as_bytes();
    // vectors that grow take up to twice their room
    let mut rows = Vec::with_capacity(known.len() * ROW);
    let mut paths = Vec::with_capacity(known.iter().map(|known| path(known).len()).sum());
    for known in known.iter().filter(|known| known.stamp.is_settled(place.now)) {
        let key = (known.blob, known.sort.counts());
        let at = contents.binary_search_by_key(&key, Content::key).ok()?;
        paths.extend(path(known));
        rows.extend(u32::try_from(paths.len()).ok()?.to_le_bytes());
        rows.extend(u32::try_from(at).ok()?.to_le_bytes());
        rows.extend(known.stamp.to_bytes());
    }
    Some((rows, paths))
}

/// Replaces the cache by one of these parts.
fn put(place: &Place, counts: [usize; 5], body: [&[u8]; 5]) -> Option<()> {
    if body.iter().map(|part| part.len() as u64).sum::<u64>() > LARGEST / 2 {
        return None;
    }
    let mut sum = crc32fast::Hasher::new();
    for part in body {
        sum.update(part);
    }
    let mut head = mark()?;
    head.extend(sum.finalize().to_le_bytes());
    for count in counts {
        head.extend((count as u32).to_le_bytes());
    }
    let [rows, paths, blobs, records, tables] = body;
    let parts = [&head, rows, paths, blobs, records, tables];
    fs::write_parts_replacing(&place.folder.join(NAME), &parts).ok()
}

#[cfg(test)]
#[cfg(unix)]
mod tests {
    use super::{Cache, HEAD, Known, NAME, Origin, Place, Sort, mark, write};
    use crate::catalog::build;
    use crate::clock::Timestamp;
    use crate::fs::{self, Folder, Stamp, TemporaryDirectory};
    use crate::git::blob_id;
    use crate::source::{SourceId, Sources};

    const GROUP: &str = "apiVersion: backstage.io/v1alpha1\nkind: Group\nmetadata: {name: NAME}\n\
                         spec: {type: team, parent: top, children: []}\n";

    /// Three files and their cache.
    fn cached(folder: &TemporaryDirectory) -> (Vec<(&'static str, Stamp)>, Vec<u8>) {
        let mut sources = Sources::default();
        let (mut files, mut settled) = (Vec::new(), Vec::new());
        for (path, name) in [("a.yaml", "a"), ("b/c.yaml", "b-c"), ("d.yaml", "d")] {
            let text = GROUP.replace("NAME", name);
            let blob = blob_id(text.as_bytes()).unwrap();
            fs::write_new(&folder.path().join(path), text.as_bytes()).unwrap();
            let source = sources.add(path, Some(text.into()));
            let stamp = Folder::open(folder.path()).unwrap().stamp(path).unwrap();
            files.push((path, stamp));
            settled.push(Known { source, blob, sort: Sort::Catalog, stamp, origin: Origin::Text });
        }
        let (catalog, _) = build(sources);
        let place = Place { folder: folder.path().join("cache"), now: Timestamp(i64::MAX) };
        write(&place, settled, &catalog).unwrap();
        (files, fs::read(&place.folder.join(NAME)).unwrap())
    }

    /// The names of the entities that are found in a cache, `-` where there is none.
    fn check(bytes: Vec<u8>, files: &[(&str, Stamp)]) -> Option<String> {
        let cache = Cache::parse(bytes)?;
        // whatever is found, it is found in bounds
        let _ = (cache.by_id(&[0x80; 20], false, SourceId(0)), cache.unused(&[]));
        let mut hint = 0;
        let names = files.iter().enumerate().map(|(at, file)| {
            let known = cache.by_stamp(*file, true, SourceId(at as u32), &mut hint);
            known.map_or("-".to_owned(), |known| {
                known.entities.iter().map(|entity| entity.reference.name()).collect::<Vec<_>>().join("+")
            })
        });
        Some(names.collect::<Vec<_>>().join(" "))
    }

    #[test]
    fn files_are_found_in_any_order_as_long_as_they_are_the_same() {
        let folder = TemporaryDirectory::new("cache").unwrap();
        let (mut files, bytes) = cached(&folder);
        assert_eq!(check(bytes.clone(), &files).as_deref(), Some("a b-c d"));
        files.reverse();
        assert_eq!(check(bytes.clone(), &files).as_deref(), Some("d b-c a"));
        files[1].1 = files[0].1;
        files[2].0 = "e.yaml";
        assert_eq!(check(bytes, &files).as_deref(), Some("d - -"));
    }

    #[test]
    fn a_content_is_found_under_any_name_where_it_means_the_same() {
        let folder = TemporaryDirectory::new("cache").unwrap();
        let cache = Cache::parse(cached(&folder).1).unwrap();
        let name = |text: &str, counts| {
            let found = cache.by_id(&blob_id(text.as_bytes()).unwrap(), counts, SourceId(7))?;
            Some((found.entities[0].reference.name().to_owned(), found.entities[0].span.source.0))
        };
        for expected in ["a", "b-c", "d"] {
            let text = GROUP.replace("NAME", expected);
            assert_eq!(name(&text, true), Some((expected.to_owned(), 7)));
            assert_eq!(name(&text, false), None);
        }
        assert_eq!(name("", true), None);
    }

    #[test]
    fn contents_out_of_use_stay_behind_those_in_use() {
        let folder = TemporaryDirectory::new("cache").unwrap();
        let place = Place { folder: folder.path().join("cache"), now: Timestamp(i64::MAX) };
        cached(&folder);
        for expected in [1, 2, 3] {
            write(&place, Vec::new(), &build(Sources::default()).0).unwrap();
            let cache = Cache::open(&place).unwrap();
            let ages: Vec<u8> = (0..cache.blobs).map(|at| cache.key(at).unwrap().2).collect();
            assert_eq!((cache.len(), ages), (0, vec![expected; 3]));
        }
        let ids: Vec<_> = Cache::open(&place).unwrap().unused(&[]).into_iter().map(|it| it.0.blob).collect();
        assert!(ids.is_sorted() && ids.len() == 3);
    }

    #[test]
    fn a_hostile_cache_does_no_harm() {
        let folder = TemporaryDirectory::new("cache").unwrap();
        let (files, good) = cached(&folder);
        let start = mark().unwrap().len();
        let body = start + HEAD;
        for at in start..good.len() {
            for byte in [0, 1, 0x7f, 0x80, 0xff] {
                let mut bytes = good.clone();
                bytes[at] = byte;
                assert!(bytes == good || check(bytes.clone(), &files).is_none(), "the sum tells at {at}");
                let sum = crc32fast::hash(&bytes[body..]);
                bytes[start..start + 4].copy_from_slice(&sum.to_le_bytes());
                check(bytes, &files);
            }
            check(good[..at].to_vec(), &files);
        }
    }
}
