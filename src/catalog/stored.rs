//! Entities as bytes, and back: what a cache keeps of files that it has seen.
//!
//! Words and references that entities share are written once, to [`Tables`]; the entities of a file are
//! a record that points into them. Reading takes any bytes: what does not fit gives `None`, and memory
//! grows with the length of the bytes, whatever is in them. That they are the bytes that were written is
//! for the caller to know.
#![expect(clippy::disallowed_types, reason = "only looked up in: no order leaks")]

use std::borrow::Cow;
use std::collections::HashMap;

use crate::entity::{Entity, EntityRef, Location, Reference, Relation};
use crate::source::{SourceId, Span, Spanned};

/// Writes entities.
#[derive(Debug, Default)]
pub struct Writer<'e> {
    records: Vec<u8>,
    words: HashMap<&'e str, u32>,
    word_texts: Vec<u8>,
    references: HashMap<&'e EntityRef, u32>,
    reference_texts: Vec<u8>,
}

impl<'e> Writer<'e> {
    /// Adds the entities of one file and returns where their record ends: it starts where the last one
    /// ended.
    pub fn add(&mut self, entities: &'e [Entity]) -> usize {
        number(&mut self.records, entities.len() as u32);
        for entity in entities {
            self.entity(entity);
        }
        self.records.len()
    }

    /// The records, and the tables that they point into.
    pub fn finish(self) -> (Vec<u8>, Vec<u8>) {
        let mut tables = Vec::new();
        number(&mut tables, self.words.len() as u32);
        tables.extend(self.word_texts);
        number(&mut tables, self.references.len() as u32);
        tables.extend(self.reference_texts);
        (self.records, tables)
    }

    fn entity(&mut self, entity: &'e Entity) {
        let location = entity.location.as_deref();
        let is_optional = location.is_some_and(|location| location.is_optional);
        let flags = [entity.is_valid, entity.spec_type.is_some(), location.is_some(), is_optional];
        let flags = flags.iter().rev().fold(0, |all, flag| all << 1 | u8::from(*flag));
        self.records.push(flags);
        self.reference(&entity.reference);
        self.word(&entity.kind);
        number(&mut self.records, entity.document);
        for place in [entity.span, entity.kind_span, entity.name_span] {
            span(&mut self.records, place);
        }
        if let Some(spec_type) = &entity.spec_type {
            self.word(&spec_type.value);
            span(&mut self.records, spec_type.span);
        }
        number(&mut self.records, entity.references.len() as u32);
        for reference in &entity.references {
            self.word(reference.field);
            self.records.push(reference.relation as u8);
            self.reference(&reference.target);
            span(&mut self.records, reference.span);
        }
        if let Some(location) = location {
            number(&mut self.records, location.targets.len() as u32);
            for target in &location.targets {
                text(&mut self.records, &target.value);
                span(&mut self.records, target.span);
            }
        }
    }

    fn word(&mut self, word: &'e str) {
        let new = self.words.len() as u32;
        let at = *self.words.entry(word).or_insert_with(|| {
            text(&mut self.word_texts, word);
            new
        });
        number(&mut self.records, at);
    }

    fn reference(&mut self, reference: &'e EntityRef) {
        let new = self.references.len() as u32;
        let at = *self.references.entry(reference).or_insert_with(|| {
            let (colon, slash) = reference.separators();
            number(&mut self.reference_texts, colon);
            number(&mut self.reference_texts, slash);
            text(&mut self.reference_texts, reference.as_str());
            new
        });
        number(&mut self.records, at);
    }
}

/// Seven bits a byte, the lowest first; the eighth says that more follow.
fn number(into: &mut Vec<u8>, mut value: u32) {
    while value >= 0x80 {
        into.push(value as u8 | 0x80);
        value >>= 7;
    }
    into.push(value as u8);
}

fn text(into: &mut Vec<u8>, text: &str) {
    number(into, text.len() as u32);
    into.extend(text.as_bytes());
}

fn span(into: &mut Vec<u8>, span: Span) {
    number(into, span.start);
    number(into, span.end - span.start);
}

/// What records point into.
#[derive(Debug)]
pub struct Tables {
    words: Vec<Word>,
    references: Vec<EntityRef>,
}

#[derive(Debug)]
struct Word {
    text: Cow<'static, str>,
    /// The word as the name of a field that holds references.
    field: Option<&'static str>,
}

impl Tables {
    /// Reads what [`Writer::finish`] wrote.
    pub fn read(bytes: &[u8]) -> Option<Self> {
        let mut bytes = Bytes(bytes);
        let mut words = Vec::new();
        for _ in 0..bytes.number()? {
            let text = bytes.text()?;
            words.push(Word { text: Entity::kind_named(text), field: Reference::field_named(text) });
        }
        let count = bytes.number()? as usize;
        let mut references = Vec::with_capacity(count.min(bytes.0.len()));
        for _ in 0..count {
            let (colon, slash) = (bytes.number()?, bytes.number()?);
            references.push(EntityRef::from_text(bytes.text()?, colon, slash)?);
        }
        bytes.0.is_empty().then_some(Self { words, references })
    }

    /// Reads one record: the entities of one file, which is `source` now.
    pub fn entities(&self, record: &[u8], source: SourceId) -> Option<Vec<Entity>> {
        let mut bytes = Bytes(record);
        let count = bytes.number()? as usize;
        let mut entities = Vec::with_capacity(count.min(record.len() / 8));
        for _ in 0..count {
            entities.push(self.entity(&mut bytes, source)?);
        }
        bytes.0.is_empty().then_some(entities)
    }

    fn entity(&self, bytes: &mut Bytes<'_>, source: SourceId) -> Option<Entity> {
        let flags = bytes.byte()?;
        let is_set = |at: u8| flags >> at & 1 == 1;
        Some(Entity {
            is_valid: is_set(0),
            reference: self.reference(bytes)?,
            kind: self.word(bytes)?.text.clone(),
            document: bytes.number()?,
            span: bytes.span(source)?,
            kind_span: bytes.span(source)?,
            name_span: bytes.span(source)?,
            spec_type: if is_set(1) { Some(self.spec_type(bytes, source)?) } else { None },
            references: self.references(bytes, source)?,
            location: if is_set(2) { Some(Box::new(location(bytes, source, is_set(3))?)) } else { None },
        })
    }

    fn spec_type(&self, bytes: &mut Bytes<'_>, source: SourceId) -> Option<Spanned<Box<str>>> {
        Some(Spanned { value: (&*self.word(bytes)?.text).into(), span: bytes.span(source)? })
    }

    fn references(&self, bytes: &mut Bytes<'_>, source: SourceId) -> Option<Box<[Reference]>> {
        let count = bytes.number()? as usize;
        let mut references = Vec::with_capacity(count.min(bytes.0.len()));
        for _ in 0..count {
            references.push(Reference {
                field: self.word(bytes)?.field?,
                relation: *Relation::ALL.get(usize::from(bytes.byte()?))?,
                target: self.reference(bytes)?,
                span: bytes.span(source)?,
            });
        }
        Some(references.into())
    }

    fn word(&self, bytes: &mut Bytes<'_>) -> Option<&Word> {
        self.words.get(bytes.number()? as usize)
    }

    fn reference(&self, bytes: &mut Bytes<'_>) -> Option<EntityRef> {
        self.references.get(bytes.number()? as usize).cloned()
    }
}

fn location(bytes: &mut Bytes<'_>, source: SourceId, is_optional: bool) -> Option<Location> {
    let mut targets = Vec::new();
    for _ in 0..bytes.number()? {
        targets.push(Spanned { value: bytes.text()?.to_owned(), span: bytes.span(source)? });
    }
    Some(Location { targets, is_optional })
}

/// Bytes that are still to be read.
struct Bytes<'a>(&'a [u8]);

impl<'a> Bytes<'a> {
    fn byte(&mut self) -> Option<u8> {
        let (first, rest) = self.0.split_first()?;
        self.0 = rest;
        Some(*first)
    }

    fn number(&mut self) -> Option<u32> {
        let mut value = 0;
        for shift in [0, 7, 14, 21, 28] {
            let byte = self.byte()?;
            value |= u64::from(byte & 0x7f) << shift;
            if byte < 0x80 {
                return u32::try_from(value).ok();
            }
        }
        None
    }

    fn text(&mut self) -> Option<&'a str> {
        let length = self.number()? as usize;
        let (text, rest) = self.0.split_at_checked(length)?;
        self.0 = rest;
        std::str::from_utf8(text).ok()
    }

    fn span(&mut self, source: SourceId) -> Option<Span> {
        let start = self.number()?;
        Some(Span::new(source, start..start.checked_add(self.number()?)?))
    }
}

#[cfg(test)]
mod tests {
    use super::{Tables, Writer};
    use crate::catalog::{Reading, read};
    use crate::entity::{Entity, Relation};
    use crate::source::SourceId;

    const TEXTS: [&str; 4] = [
        "apiVersion: backstage.io/v1alpha1\nkind: Component\nmetadata: {name: Orders, namespace: Ärger}\n\
         spec: {type: service, lifecycle: x, owner: team-a, system: shop, dependsOn: ['resource:a/b']}\n\
         ---\nkind: Odd\nmetadata: {name: a}\n",
        "",
        "apiVersion: backstage.io/v1alpha1\nkind: Location\nmetadata: {name: all}\n\
         spec: {targets: [./a.yaml, ./b/*.yaml], presence: optional}\n",
        "apiVersion: backstage.io/v1alpha1\nkind: Group\nmetadata: {name: team-a}\n\
         spec: {type: team, parent: top, children: [b], members: [ada]}\n",
    ];

    fn entities() -> Vec<Vec<Entity>> {
        let read =
            |(at, text): (usize, &&str)| read(SourceId(at as u32), "a.yaml", text, &Reading::default());
        TEXTS.iter().enumerate().map(|(at, text)| read((at, text)).entities).collect()
    }

    /// The files of some tables and records.
    fn check(tables: &[u8], records: &[u8], ends: &[usize]) -> Option<Vec<Vec<Entity>>> {
        let tables = Tables::read(tables)?;
        let starts = std::iter::once(0).chain(ends.iter().copied());
        let records = starts.zip(ends).map(|(start, &end)| &records[start..end]);
        records.enumerate().map(|(at, record)| tables.entities(record, SourceId(at as u32))).collect()
    }

    #[test]
    fn what_is_read_is_what_was_written() {
        let files = entities();
        let mut writer = Writer::default();
        let ends: Vec<usize> = files.iter().map(|entities| writer.add(entities)).collect();
        let (records, tables) = writer.finish();
        assert_eq!(files.iter().map(Vec::len).collect::<Vec<_>>(), [2, 0, 1, 1]);
        assert_eq!(check(&tables, &records, &ends), Some(files));
    }

    #[test]
    fn other_bytes_give_nothing_or_something_but_never_a_panic() {
        let files = entities();
        let mut writer = Writer::default();
        let ends: Vec<usize> = files.iter().map(|entities| writer.add(entities)).collect();
        let (records, tables) = writer.finish();
        for bytes in 0..=255 {
            for at in 0..tables.len() {
                let mut broken = tables.clone();
                broken[at] = bytes;
                check(&broken, &records, &ends);
                check(&tables[..at], &records, &ends);
            }
            for at in 0..records.len() {
                let mut broken = records.clone();
                broken[at] = bytes;
                check(&tables, &broken, &ends);
            }
        }
        assert_eq!(check(&[0xff; 9], &records, &ends), None);
    }

    #[test]
    fn every_relation_has_its_number() {
        for (at, relation) in Relation::ALL.into_iter().enumerate() {
            assert_eq!(relation as usize, at);
        }
    }
}
