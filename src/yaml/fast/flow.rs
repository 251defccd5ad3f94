//! Brackets and braces within one line.

use super::{GiveUp, Reader, Step};
use crate::yaml::tree::{Decoding, Shape};

/// Brackets in each other.
const MAX_DEPTH: usize = 16;

impl Reader<'_, '_> {
    /// Reads the flow collection at the place of reading.
    pub(super) fn flow(&mut self, depth: usize) -> Step<()> {
        if depth > MAX_DEPTH {
            return Err(GiveUp);
        }
        let is_mapping = self.byte() == b'{';
        let close = if is_mapping { b'}' } else { b']' };
        let index =
            self.push(if is_mapping { Shape::FlowMapping } else { Shape::FlowSequence }, self.at, self.at);
        self.at += 1;
        let mut count = 0;
        loop {
            self.skip_blanks();
            if self.byte() == close {
                break;
            }
            if is_mapping {
                self.flow_entry(index, count, depth)?;
            } else {
                self.flow_value(depth)?;
            }
            count += 1;
            self.skip_blanks();
            match self.byte() {
                b',' => self.at += 1,
                byte if byte == close => break,
                _ => return Err(GiveUp),
            }
        }
        self.at += 1;
        let (end, next) = (self.at as u32, self.tree.entries.len() as u32);
        let entry = &mut self.tree.entries[index as usize];
        (entry.end, entry.next) = (end, next);
        Ok(())
    }

    fn flow_entry(&mut self, mapping: u32, count: usize, depth: usize) -> Step<()> {
        if matches!(self.byte(), b'[' | b'{') {
            return Err(GiveUp);
        }
        self.flow_scalar()?;
        self.check_key(mapping, count)?;
        self.skip_blanks();
        if self.byte() != b':' || self.byte_at(1) != b' ' {
            return Err(GiveUp);
        }
        self.at += 1;
        self.skip_blanks();
        self.flow_value(depth)
    }

    fn flow_value(&mut self, depth: usize) -> Step<()> {
        match self.byte() {
            b'[' | b'{' => self.flow(depth + 1)?,
            _ => self.flow_scalar()?,
        }
        // A pair in a sequence is a mapping of its own.
        self.skip_blanks();
        if self.byte() == b':' { Err(GiveUp) } else { Ok(()) }
    }

    fn flow_scalar(&mut self) -> Step<()> {
        let start = self.at;
        match self.byte() {
            b'"' | b'\'' => {
                let (shape, decoding) = self.quoted(usize::MAX)?;
                self.push_text(shape, decoding, start);
                Ok(())
            }
            b'&' | b'*' | b'!' | b'%' | b'@' | b'`' | b'#' | b'|' | b'>' | b'?' | b':' | b'-' | b','
            | b'\n' | b']' | b'}' | b'<' => Err(GiveUp),
            _ => self.flow_plain(start),
        }
    }

    fn flow_plain(&mut self, start: usize) -> Step<()> {
        let mut at = start;
        loop {
            match self.bytes.get(at) {
                None | Some(b'\n' | b'[' | b'{') => return Err(GiveUp),
                Some(b',' | b']' | b'}') => break,
                Some(b':')
                    if matches!(
                        self.bytes.get(at + 1),
                        None | Some(b' ' | b',' | b']' | b'}' | b'[' | b'{' | b'\n')
                    ) =>
                {
                    break;
                }
                Some(b'#') if self.bytes[at - 1] == b' ' => return Err(GiveUp),
                Some(_) => at += 1,
            }
        }
        self.at = start + self.text[start..at].trim_end_matches(' ').len();
        self.push_text(Shape::Plain, Decoding::Verbatim, start);
        Ok(())
    }
}
