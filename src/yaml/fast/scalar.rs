//! Scalars: without quotes, in quotes, in blocks.

use super::{GiveUp, Reader, Step};
use crate::yaml::text::simple_escape;
use crate::yaml::tree::{Decoding, Shape};

impl Reader<'_, '_> {
    /// Reads a plain scalar in its line. Stops at a colon that makes a key of it, and says so, or
    /// behind its last character.
    pub(super) fn plain(&mut self) -> Step<bool> {
        let start = self.at;
        match self.byte() {
            b'&' | b'*' | b'!' | b'%' | b'@' | b'`' | b',' | b'[' | b']' | b'{' | b'}' | b'#' | b'|'
            | b'>' | b'"' | b'\'' => return Err(GiveUp),
            b'?' | b':' | b'-' if matches!(self.byte_at(1), b' ' | b'\n') => return Err(GiveUp),
            _ => {}
        }
        let mut at = start;
        loop {
            at = memchr::memchr3(b'\n', b':', b'#', &self.bytes[at..])
                .map_or(self.bytes.len(), |length| at + length);
            match self.bytes.get(at) {
                Some(b':') if matches!(self.bytes.get(at + 1), None | Some(b' ' | b'\r' | b'\n')) => {
                    self.at = at;
                    return Ok(true);
                }
                Some(b'#') if self.bytes[at - 1] == b' ' => break,
                Some(b':' | b'#') => at += 1,
                _ => break,
            }
        }
        self.at = start + self.text[start..at].trim_end_matches([' ', '\r']).len();
        Ok(false)
    }

    /// Reads a quoted scalar. Lines that continue it have to be indented more than `column`.
    pub(super) fn quoted(&mut self, column: usize) -> Step<(Shape, Decoding)> {
        let double = self.byte() == b'"';
        let quote = self.byte();
        let mut at = self.at + 1;
        let mut decoding = Decoding::Verbatim;
        loop {
            let found = memchr::memchr3(quote, b'\\', b'\n', &self.bytes[at..]).ok_or(GiveUp)?;
            at += found;
            match self.bytes[at] {
                b'\n' => {
                    at = self.continued(at + 1, column)?;
                    decoding = Decoding::Quoted;
                }
                b'\\' if double => {
                    let escaped = self.bytes.get(at + 1).copied();
                    escaped.and_then(simple_escape).ok_or(GiveUp)?;
                    decoding = Decoding::Quoted;
                    at += 2;
                }
                b'\\' => at += 1,
                _ if !double && self.bytes.get(at + 1) == Some(&b'\'') => {
                    decoding = Decoding::Quoted;
                    at += 2;
                }
                _ => break,
            }
        }
        self.at = at + 1;
        Ok((if double { Shape::Double } else { Shape::Single }, decoding))
    }

    /// The first content of a line inside quotes.
    fn continued(&self, line: usize, column: usize) -> Step<usize> {
        let mut at = line;
        while self.bytes.get(at) == Some(&b' ') {
            at += 1;
        }
        let blank = matches!(self.bytes.get(at), Some(b'\r' | b'\n'));
        if column == usize::MAX || (!blank && at - line <= column) { Err(GiveUp) } else { Ok(at) }
    }

    pub(super) fn push_text(&mut self, shape: Shape, decoding: Decoding, start: usize) {
        let index = self.push(shape, start, self.at);
        self.tree.entries[index as usize].decoding = decoding;
    }

    /// Reads a `|` or `>` scalar; `column` is that of the collection it is in.
    pub(super) fn block_scalar(&mut self, column: usize) -> Step<()> {
        let start = self.at;
        let shape = if self.byte() == b'|' { Shape::Literal } else { Shape::Folded };
        self.at += 1;
        if self.byte() == b'-' {
            self.at += 1;
        }
        let header_end = self.at;
        self.skip_blanks();
        if self.byte() == b'#' && self.at > header_end {
            self.at = self.line_end(self.at);
        }
        if self.bytes.get(self.at) == Some(&b'\r') {
            self.at += 1;
        }
        if self.bytes.get(self.at) != Some(&b'\n') {
            return Err(GiveUp);
        }
        let (end, indent) = self.block_lines(self.at + 1, column)?;
        let index = self.push(shape, start, end);
        let entry = &mut self.tree.entries[index as usize];
        (entry.decoding, entry.extra) = (Decoding::Block, indent as u32);
        self.next_content();
        Ok(())
    }

    /// The lines of a block scalar: where its content ends and how far it is indented. Reading goes on
    /// in the line behind them.
    fn block_lines(&mut self, first: usize, column: usize) -> Step<(usize, usize)> {
        let (mut line, mut end, mut indent, mut widest_blank) = (first, first, 0, 0);
        while line < self.bytes.len() {
            let mut at = line;
            while self.bytes.get(at) == Some(&b' ') {
                at += 1;
            }
            let blanks = at - line;
            match self.bytes.get(at) {
                // Blanks at the very end of the text: rare and read in different ways.
                None => return Err(GiveUp),
                Some(b'\r' | b'\n') => {
                    if indent == 0 {
                        widest_blank = widest_blank.max(blanks);
                    } else if blanks > indent {
                        end = at;
                    }
                    line = self.line_end(at) + 1;
                    continue;
                }
                Some(_) => {}
            }
            if indent == 0 && blanks > column && blanks >= widest_blank {
                indent = blanks;
            }
            if indent == 0 || blanks < indent {
                break;
            }
            let feed = self.line_end(at);
            line = (feed + 1).min(self.bytes.len());
            end = if self.bytes[feed - 1] == b'\r' { feed - 1 } else { feed };
        }
        self.at = line;
        if indent == 0 { Err(GiveUp) } else { Ok((end, indent)) }
    }
}
