//! What is remembered of the files of a repository between two runs, so that a run reads only those that
//! changed.
//!
//! One file in the Git directory of the work tree holds the entities of each YAML file in which nothing
//! is wrong, beside the file's [`Stamp`]: a file whose stamp is still the same is not read. Files with
//! findings, waivers, placeholders that read other files, or templates are not remembered, so what is
//! reported always comes from the text. Git's own index would tell a blob's name by its stamp, but not
//! for files that are new, changed or converted on checkout, and a name costs as much to compute as the
//! file costs to parse.
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
use crate::source::SourceId;

/// The name of the file in its folder.
const NAME: &str = "entities";
/// What the file starts with; the number is that of its format.
const MARK: &str = "platform entities 1 ";
/// A file that is larger is not read: ten times that of 100,000 entities.
const LARGEST: u64 = 160 * 1024 * 1024;
/// Opening a file costs as much as reading so many bytes.
const OPENING: u64 = 4096;
/// The cache is written when reading what is not in it costs as much as so many bytes, and one in
/// [`SHARE`] of all.
const LEAST: u64 = 64 * 1024;
/// See [`LEAST`].
const SHARE: u64 = 100;
/// Path end, record end, sort of file, stamp.
const ROW: usize = 4 + 4 + 1 + Stamp::LENGTH;

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
    pub(super) sort: Sort,
    pub(super) stamp: Stamp,
    /// Whether it came from the cache.
    pub(super) was_cached: bool,
}

/// What is known of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sort {
    /// It holds no entities because it does not look like Backstage's.
    Other = 0,
    /// It counts as it looks like Backstage's.
    Backstage = 1,
    /// It counts whatever is in it.
    Catalog = 2,
}

/// A cache that was read.
#[derive(Debug)]
pub(super) struct Cache {
    bytes: Vec<u8>,
    rows: usize,
    /// Where the table of files starts; paths, then records follow.
    start: usize,
    tables: Tables,
}

impl Cache {
    /// Reads the cache, if there is one of this very program.
    pub(super) fn open(place: &Place) -> Option<Self> {
        Self::parse(fs::read_at_most(&place.folder.join(NAME), LARGEST).ok()?)
    }

    fn parse(bytes: Vec<u8>) -> Option<Self> {
        let rest = bytes.strip_prefix(&*mark()?)?;
        let (head, body) = rest.split_first_chunk::<20>()?;
        let [sum, rows, paths, records, tables] = numbers(head);
        let lengths = [(rows as usize).checked_mul(ROW)?, paths as usize, records as usize, tables as usize];
        let total = lengths.iter().try_fold(0, |all: usize, length| all.checked_add(*length))?;
        if total != body.len() || crc32fast::hash(body) != sum {
            return None;
        }
        let tables = Tables::read(&body[total - lengths[3]..])?;
        let start = bytes.len() - total;
        let cache = Self { bytes, rows: rows as usize, start, tables };
        cache.is_in_order(paths, records).then_some(cache)
    }

    /// How many files it knows.
    pub(super) fn len(&self) -> usize {
        self.rows
    }

    /// Whether paths and records each start where the last one ended, and all are used.
    fn is_in_order(&self, paths: u32, records: u32) -> bool {
        let mut last = (0, 0);
        for at in 0..self.rows {
            let ends = self.ends(at);
            if ends.0 < last.0 || ends.1 < last.1 {
                return false;
            }
            last = ends;
        }
        last == (paths as usize, records as usize)
    }

    fn row(&self, at: usize) -> &[u8] {
        &self.bytes[self.start + at * ROW..][..ROW]
    }

    /// Where path and record of a row end.
    fn ends(&self, at: usize) -> (usize, usize) {
        let number = |bytes: &[u8]| bytes.iter().rev().fold(0, |all, byte| all << 8 | usize::from(*byte));
        let row = self.row(at);
        (number(&row[..4]), number(&row[4..8]))
    }

    /// Path and record of a row.
    fn parts(&self, at: usize) -> (&[u8], &[u8]) {
        let from = if at == 0 { (0, 0) } else { self.ends(at - 1) };
        let to = self.ends(at);
        let paths = self.start + self.rows * ROW;
        let records = paths + self.ends(self.rows - 1).0;
        (&self.bytes[paths + from.0..paths + to.0], &self.bytes[records + from.1..records + to.1])
    }

    /// The row of a path. `hint` is where it is when paths are asked for in order.
    fn find(&self, path: &str, hint: &mut usize) -> Option<usize> {
        let mut at = *hint;
        if at >= self.rows || self.parts(at).0 != path.as_bytes() {
            let (mut low, mut high) = (0, self.rows);
            while low < high {
                let middle = usize::midpoint(low, high);
                if self.parts(middle).0 < path.as_bytes() { low = middle + 1 } else { high = middle }
            }
            at = low;
        }
        let is_there = at < self.rows && self.parts(at).0 == path.as_bytes();
        *hint = if is_there { at + 1 } else { at };
        is_there.then_some(at)
    }

    /// What is known of a file that is still the same; `source` is what it is called now.
    pub(super) fn get(
        &self,
        (path, stamp): (&str, Stamp),
        in_catalog: bool,
        source: SourceId,
        hint: &mut usize,
    ) -> Option<(Sort, Vec<Entity>)> {
        let at = self.find(path, hint)?;
        let row = self.row(at);
        let sort = match (row[8], in_catalog) {
            (0, false) => Sort::Other,
            (1, false) => Sort::Backstage,
            (2, true) => Sort::Catalog,
            _ => return None,
        };
        if row[9..] != stamp.to_bytes() {
            return None;
        }
        Some((sort, self.tables.entities(self.parts(at).1, source)?))
    }
}

fn numbers<const N: usize>(bytes: &[u8; 20]) -> [u32; N] {
    let mut numbers = [0; N];
    for (number, bytes) in numbers.iter_mut().zip(bytes.chunks_exact(4)) {
        *number = bytes.iter().rev().fold(0, |all, byte| all << 8 | u32::from(*byte));
    }
    numbers
}

/// What a cache of this very program starts with: rules change with the program, so does what they make
/// of a file.
fn mark() -> Option<Vec<u8>> {
    let program = fs::stamp_of_program()?;
    Some([MARK.as_bytes(), env!("CARGO_PKG_VERSION").as_bytes(), b"\n", &program.to_bytes()].concat())
}

/// Writes what is known of the files, in the order of their paths, if that is worth it. `before` is how
/// many the cache knew.
pub(super) fn save(place: &Place, before: usize, known: &[Known], catalog: &Catalog) {
    let settled: Vec<Known> =
        known.iter().filter(|known| known.stamp.is_settled(place.now)).copied().collect();
    if is_worth_it(&settled, before) {
        // Without it the next run takes longer, no more.
        let _ = write(place, &settled, catalog);
    }
}

fn is_worth_it(settled: &[Known], before: usize) -> bool {
    let cost = |known: &Known| known.stamp.size() + OPENING;
    let of_all: u64 = settled.iter().map(cost).sum();
    let of_fresh: u64 = settled.iter().filter(|known| !known.was_cached).map(cost).sum();
    let gone = before - settled.iter().filter(|known| known.was_cached).count();
    of_fresh >= LEAST.max(of_all / SHARE) || gone > settled.len()
}

/// `None` where there is no room or no right to write.
fn write(place: &Place, settled: &[Known], catalog: &Catalog) -> Option<()> {
    let path = |known: &Known| catalog.sources().path(known.source).as_bytes();
    // vectors that grow take up to twice their room
    let mut rows = Vec::with_capacity(settled.len() * ROW);
    let mut paths = Vec::with_capacity(settled.iter().map(|known| path(known).len()).sum());
    let mut writer = Writer::default();
    for known in settled {
        paths.extend(path(known));
        let end = writer.add(catalog.entities_in(known.source));
        rows.extend(u32::try_from(paths.len()).ok()?.to_le_bytes());
        rows.extend(u32::try_from(end).ok()?.to_le_bytes());
        rows.push(known.sort as u8);
        rows.extend(known.stamp.to_bytes());
    }
    let (records, tables) = writer.finish();
    let lengths = [rows.len() / ROW, paths.len(), records.len(), tables.len()];
    let body = [&*rows, &*paths, &*records, &*tables];
    if body.iter().map(|part| part.len() as u64).sum::<u64>() > LARGEST / 2 {
        return None;
    }
    let mut sum = crc32fast::Hasher::new();
    for part in body {
        sum.update(part);
    }
    let mut head = mark()?;
    head.extend(sum.finalize().to_le_bytes());
    for length in lengths {
        head.extend((length as u32).to_le_bytes());
    }
    let [rows, paths, records, tables] = body;
    fs::write_parts_replacing(&place.folder.join(NAME), &[&head, rows, paths, records, tables]).ok()
}

#[cfg(test)]
#[cfg(unix)]
mod tests {
    use super::{Cache, Known, NAME, Place, Sort, mark, write};
    use crate::catalog::build;
    use crate::clock::Timestamp;
    use crate::fs::{self, Folder, Stamp, TemporaryDirectory};
    use crate::source::{SourceId, Sources};

    const GROUP: &str = "apiVersion: backstage.io/v1alpha1\nkind: Group\nmetadata: {name: NAME}\n\
                         spec: {type: team, parent: top, children: []}\n";

    /// Three files and their cache.
    fn cached(folder: &TemporaryDirectory) -> (Vec<(&'static str, Stamp)>, Vec<u8>) {
        let mut sources = Sources::default();
        let (mut files, mut settled) = (Vec::new(), Vec::new());
        for (path, name) in [("a.yaml", "a"), ("b/c.yaml", "b-c"), ("d.yaml", "d")] {
            let text = GROUP.replace("NAME", name);
            fs::write_new(&folder.path().join(path), text.as_bytes()).unwrap();
            let source = sources.add(path, Some(text.into()));
            let stamp = Folder::open(folder.path()).unwrap().stamp(path).unwrap();
            files.push((path, stamp));
            settled.push(Known { source, sort: Sort::Catalog, stamp, was_cached: false });
        }
        let (catalog, _) = build(sources);
        let place = Place { folder: folder.path().join("cache"), now: Timestamp(0) };
        write(&place, &settled, &catalog).unwrap();
        (files, fs::read(&place.folder.join(NAME)).unwrap())
    }

    /// The names of the entities that are found in a cache, `-` where there is none.
    fn check(bytes: Vec<u8>, files: &[(&str, Stamp)]) -> Option<String> {
        let cache = Cache::parse(bytes)?;
        let mut hint = 0;
        let names = files.iter().enumerate().map(|(at, file)| {
            let known = cache.get(*file, true, SourceId(at as u32), &mut hint);
            known.map_or("-".to_owned(), |(_, entities)| {
                entities.iter().map(|entity| entity.reference.name()).collect::<Vec<_>>().join("+")
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
    fn a_hostile_cache_does_no_harm() {
        let folder = TemporaryDirectory::new("cache").unwrap();
        let (files, good) = cached(&folder);
        let start = mark().unwrap().len();
        let body = start + 20;
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
