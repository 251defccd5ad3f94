//! The fast reader: the block style that people write by hand, in one pass without a copy.
//!
//! It makes the same tree as the full reader or none at all: whatever it is not sure of, errors
//! included, makes it give up, and the full reader starts over. So it knows no diagnostics. What it
//! leaves alone: tabs, carriage returns that end no line and rare characters, anchors, aliases, tags, directives, `...`,
//! `? ` keys, keys that are not plainly strings, text over several lines without quotes, brackets over
//! several lines, scalars at the root, very deep or very wide collections.

mod block;
mod flow;
mod scalar;

use super::tree::{DocumentEntry, Shape, Tree};

/// The text is not for this reader.
#[derive(Clone, Copy, Debug)]
struct GiveUp;

type Step<T> = Result<T, GiveUp>;

/// Reads all documents of `text` into `tree`, which has to be empty. `false` leaves the tree in an
/// undefined state: clear it and read with the full reader.
pub(super) fn read(tree: &mut Tree, text: &str) -> bool {
    if !is_simple(text) {
        return false;
    }
    let reader = Reader { bytes: text.as_bytes(), text, tree, at: 0, column: 0, ended: false };
    reader.stream().is_ok()
}

/// Whether every character is printable or part of a line break.
fn is_simple(text: &str) -> bool {
    // Without a branch for each byte the compiler looks at many at once.
    let odd = |found: u8, &byte: &u8| found | u8::from(!matches!(byte, b' '..=b'~' | b'\n' | b'\r'));
    let is_plain = text.as_bytes().chunks(256).all(|chunk| chunk.iter().fold(0, odd) == 0);
    (is_plain || text.chars().all(is_simple_char)) && breaks_are_whole(text.as_bytes())
}

/// Whether every carriage return is part of a line break. Where this reader meets one, it is at the end
/// of a line.
fn breaks_are_whole(bytes: &[u8]) -> bool {
    memchr::memchr_iter(b'\r', bytes).all(|at| bytes.get(at + 1) == Some(&b'\n'))
}

fn is_simple_char(c: char) -> bool {
    match c {
        '\n' | '\r' | ' '..='~' => true,
        '\u{2028}' | '\u{2029}' | '\u{feff}' | '\u{fffe}' | '\u{ffff}' => false,
        c => c >= '\u{a0}',
    }
}

struct Reader<'t, 'a> {
    bytes: &'a [u8],
    text: &'a str,
    tree: &'t mut Tree,
    /// Where reading goes on.
    at: usize,
    /// The column of the content at `at`, where that is the first of its line.
    column: usize,
    /// Whether the document has ended: `at` is at a marker or at the end of the text.
    ended: bool,
}

impl Reader<'_, '_> {
    fn stream(mut self) -> Step<()> {
        self.next_content();
        while self.at < self.bytes.len() {
            let marker = self.ended;
            let behind_marker = self.at + 3;
            if marker {
                if self.byte() == b'.' {
                    return Err(GiveUp);
                }
                (self.at, self.ended) = (behind_marker, false);
                self.finish_line()?;
            }
            let root = self.tree.entries.len() as u32;
            if self.ended {
                self.push(Shape::Missing, behind_marker, behind_marker);
            } else {
                self.block(0)?;
            }
            if !self.ended {
                return Err(GiveUp);
            }
            self.tree.documents.push(DocumentEntry { root: Some(root), broken: false });
        }
        Ok(())
    }

    /// The byte at the place of reading; a line feed at the end of a line and of the text.
    fn byte(&self) -> u8 {
        self.byte_at(0)
    }

    fn byte_at(&self, offset: usize) -> u8 {
        match self.bytes.get(self.at + offset) {
            None | Some(b'\r') => b'\n',
            Some(byte) => *byte,
        }
    }

    fn skip_blanks(&mut self) {
        while self.byte() == b' ' {
            self.at += 1;
        }
    }

    /// Where the line feed is that ends a line, or where the text ends.
    fn line_end(&self, from: usize) -> usize {
        memchr::memchr(b'\n', &self.bytes[from..]).map_or(self.bytes.len(), |length| from + length)
    }

    fn push(&mut self, shape: Shape, start: usize, end: usize) -> u32 {
        self.tree.push(shape, start as u32, end as u32)
    }

    /// From the start of a line to the next thing that is no blank and no comment.
    fn next_content(&mut self) {
        loop {
            let line = self.at;
            while self.bytes.get(self.at) == Some(&b' ') {
                self.at += 1;
            }
            match self.bytes.get(self.at) {
                None => {
                    self.ended = true;
                    return;
                }
                Some(b'\r' | b'\n') => self.at += 1,
                Some(b'#') => self.at = (self.line_end(self.at) + 1).min(self.bytes.len()),
                Some(_) => {
                    self.column = self.at - line;
                    self.ended = self.column == 0 && self.is_marker();
                    return;
                }
            }
        }
    }

    fn is_marker(&self) -> bool {
        let rest = &self.bytes[self.at..];
        let marker = rest.starts_with(b"---") || rest.starts_with(b"...");
        marker && matches!(rest.get(3), None | Some(b' ' | b'\r' | b'\n'))
    }

    /// Behind a value: nothing but blanks and a comment may follow in its line.
    fn finish_line(&mut self) -> Step<()> {
        let value_end = self.at;
        self.skip_blanks();
        match self.bytes.get(self.at) {
            None => {
                self.ended = true;
                return Ok(());
            }
            Some(b'\r' | b'\n') => self.at += 1,
            Some(b'#') if self.at > value_end => {
                self.at = (self.line_end(self.at) + 1).min(self.bytes.len());
            }
            Some(_) => return Err(GiveUp),
        }
        self.next_content();
        Ok(())
    }
}
