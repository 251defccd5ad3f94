//! Mappings and sequences in lines.

use super::{GiveUp, Reader, Step};
use crate::yaml::scalar::plain_value;
use crate::yaml::tree::{Decoding, Entry, Shape};

/// Collections in each other.
const MAX_DEPTH: usize = 64;
/// Keys of one mapping: each is compared with those before.
const MAX_KEYS: usize = 64;
/// The grammar wants the `:` at most 1024 characters behind the start of its key.
const MAX_KEY_LENGTH: usize = 1000;

impl Reader<'_, '_> {
    /// The block collection at the place of reading, which is the first content of its line.
    pub(super) fn block(&mut self, depth: usize) -> Step<()> {
        let column = self.column;
        if self.is_dash() { self.sequence(column, depth) } else { self.mapping(column, depth) }
    }

    pub(super) fn is_dash(&self) -> bool {
        self.byte() == b'-' && matches!(self.byte_at(1), b' ' | b'\n')
    }

    fn begin(&mut self, shape: Shape, depth: usize) -> Step<u32> {
        if depth > MAX_DEPTH {
            return Err(GiveUp);
        }
        Ok(self.push(shape, self.at, self.at))
    }

    /// Ends a collection with its last child.
    fn end(&mut self, index: u32, last: u32) {
        let end = self.tree.entries[last as usize].end;
        let next = self.tree.entries.len() as u32;
        let entry = &mut self.tree.entries[index as usize];
        (entry.end, entry.next) = (end, next);
    }

    fn sequence(&mut self, column: usize, depth: usize) -> Step<()> {
        let index = self.begin(Shape::BlockSequence, depth)?;
        loop {
            let last = self.tree.entries.len() as u32;
            let dash = self.at;
            self.at += 1;
            self.skip_blanks();
            let inner = column + (self.at - dash);
            self.item(column, inner, dash + 1, depth)?;
            if self.ended || self.column < column || (self.column == column && !self.is_dash()) {
                self.end(index, last);
                return Ok(());
            }
            if self.column > column {
                return Err(GiveUp);
            }
        }
    }

    /// What follows a dash; `column` is the dash's, `inner` that of the content behind it.
    fn item(&mut self, column: usize, inner: usize, behind_dash: usize, depth: usize) -> Step<()> {
        match self.byte() {
            b'-' if self.is_dash() => self.sequence(inner, depth + 1),
            b'\n' | b'#' => {
                self.at = behind_dash;
                self.nested(column, false, depth)
            }
            b'"' | b'\'' => {
                let start = self.at;
                let (shape, decoding) = self.quoted(column)?;
                if self.is_colon() {
                    self.at = start;
                    return self.mapping(inner, depth + 1);
                }
                self.push_text(shape, decoding, start);
                self.finish_line()
            }
            b'|' | b'>' => self.block_scalar(column),
            b'[' | b'{' => {
                self.flow(0)?;
                self.finish_line()
            }
            _ => {
                let start = self.at;
                let is_key = self.plain()?;
                if is_key {
                    self.at = start;
                    return self.mapping(inner, depth + 1);
                }
                self.push(Shape::Plain, start, self.at);
                self.finish_line()
            }
        }
    }

    /// Behind a `:` or `-` that ends its line: a block in the next lines, or nothing.
    fn nested(&mut self, column: usize, in_mapping: bool, depth: usize) -> Step<()> {
        let missing = self.at;
        self.finish_line()?;
        let belongs = self.column > column || (in_mapping && self.column == column && self.is_dash());
        if !self.ended && belongs {
            return self.block(depth + 1);
        }
        self.push(Shape::Missing, missing, missing);
        Ok(())
    }

    pub(super) fn is_colon(&self) -> bool {
        self.byte() == b':' && matches!(self.byte_at(1), b' ' | b'\n')
    }

    fn mapping(&mut self, column: usize, depth: usize) -> Step<()> {
        let index = self.begin(Shape::BlockMapping, depth)?;
        let mut keys = 0;
        loop {
            self.key(index, keys)?;
            keys += 1;
            // Behind the colon.
            self.at += 1;
            let last = self.tree.entries.len() as u32;
            self.value(column, depth)?;
            if self.ended || self.column < column {
                self.end(index, last);
                return Ok(());
            }
            if self.column > column || self.is_dash() {
                return Err(GiveUp);
            }
        }
    }

    fn value(&mut self, column: usize, depth: usize) -> Step<()> {
        let behind_colon = self.at;
        self.skip_blanks();
        let start = self.at;
        match self.byte() {
            b'\n' | b'#' => {
                self.at = behind_colon;
                self.nested(column, true, depth)
            }
            b'"' | b'\'' => {
                let (shape, decoding) = self.quoted(column)?;
                self.push_text(shape, decoding, start);
                self.finish_line()
            }
            b'|' | b'>' => self.block_scalar(column),
            b'[' | b'{' => {
                self.flow(0)?;
                self.finish_line()
            }
            _ => {
                let is_key = self.plain()?;
                if is_key {
                    return Err(GiveUp);
                }
                self.push(Shape::Plain, start, self.at);
                self.finish_line()
            }
        }
    }

    /// A key up to its colon.
    fn key(&mut self, mapping: u32, keys: usize) -> Step<()> {
        let start = self.at;
        let quoted = matches!(self.byte(), b'"' | b'\'');
        if quoted {
            let (shape, decoding) = self.quoted(usize::MAX)?;
            self.push_text(shape, decoding, start);
            self.skip_blanks();
            if !self.is_colon() {
                return Err(GiveUp);
            }
        } else {
            if matches!(self.byte(), b'[' | b'{' | b'|' | b'>') || !self.plain()? {
                return Err(GiveUp);
            }
            let end = self.text[..self.at].trim_end_matches(' ').len();
            self.push(Shape::Plain, start, end);
        }
        self.check_key(mapping, keys)
    }

    /// The last node is a key that is surely a string and was not there before.
    pub(super) fn check_key(&self, mapping: u32, keys: usize) -> Step<()> {
        let entries = &self.tree.entries;
        let Some(last) = entries.last() else { return Err(GiveUp) };
        let key = self.key_text(last);
        let text = self.text.get(last.start as usize..last.end as usize).unwrap_or_default();
        let plain_string = last.shape != Shape::Plain || (!text.is_empty() && plain_value(text).is_none());
        if keys >= MAX_KEYS
            || key.len() > MAX_KEY_LENGTH
            || last.decoding != Decoding::Verbatim
            || !plain_string
        {
            return Err(GiveUp);
        }
        let mut at = mapping as usize + 1;
        for _ in 0..keys {
            if self.key_text(&entries[at]) == key {
                return Err(GiveUp);
            }
            at = entries[at + 1].next as usize;
        }
        Ok(())
    }

    fn key_text(&self, key: &Entry) -> &[u8] {
        let quote = usize::from(key.shape != Shape::Plain);
        &self.bytes[key.start as usize + quote..key.end as usize - quote]
    }
}
