//! A template's text cut into literal text, variables and tags (`scanTemplate` of nunjitsu 0.6.2):
//! comments, `raw`, white-space control with `-`, `trim_blocks` and `lstrip_blocks`.

use super::RenderOptions;
use super::fault::{Fault, Result};
use super::scan::{Piece, find_terminator, is_code_space, name_end};
use crate::javascript::is_space;

#[derive(Debug)]
pub(super) enum Part<'a> {
    Text { text: String, offset: usize },
    Variable { code: Piece<'a>, offset: usize },
    Block { code: Piece<'a>, offset: usize },
}

impl Part<'_> {
    pub(super) fn offset(&self) -> u32 {
        let (Part::Text { offset, .. } | Part::Variable { offset, .. } | Part::Block { offset, .. }) = self;
        *offset as u32
    }
}

/// The tag's name; empty when it does not begin with one.
pub(super) fn tag_name(code: Piece<'_>) -> &str {
    let code = code.trim();
    name_end(code.text, 0, false).map_or("", |end| &code.text[..end])
}

/// What stands behind the tag's name.
pub(super) fn tag_rest(code: Piece<'_>) -> Piece<'_> {
    let code = code.trim();
    code.from(tag_name(code).len()).trim()
}

/// Cuts a template into parts.
pub(super) fn parts<'a>(source: &'a str, options: &RenderOptions) -> Result<Vec<Part<'a>>> {
    let mut scanner = Scanner {
        source,
        options,
        index: 0,
        parts: Vec::new(),
        text: String::new(),
        text_offset: 0,
        line_has_content: false,
        openings: [
            Finder::new(if options.cookiecutter_compat { "{{" } else { "${{" }),
            Finder::new("{%"),
            Finder::new("{#"),
        ],
        comment_end: Finder::new("#}"),
    };
    scanner.scan()?;
    Ok(scanner.parts)
}

/// Where a delimiter comes next; remembered, so that many tags do not search the same text again.
struct Finder {
    wanted: &'static str,
    next: Option<usize>,
    searched_from: Option<usize>,
}

impl Finder {
    fn new(wanted: &'static str) -> Self {
        Finder { wanted, next: None, searched_from: None }
    }

    fn find(&mut self, source: &str, from: usize) -> Option<usize> {
        let known = self.searched_from.is_some() && self.next.is_none_or(|next| next >= from);
        if !known {
            self.next =
                memchr::memmem::find(&source.as_bytes()[from..], self.wanted.as_bytes()).map(|at| from + at);
            self.searched_from = Some(from);
        }
        self.next
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Opening {
    Variable,
    Block,
    Comment,
}

struct Scanner<'a, 'o> {
    source: &'a str,
    options: &'o RenderOptions,
    index: usize,
    parts: Vec<Part<'a>>,
    text: String,
    text_offset: usize,
    /// Whether something else than white space stands before the index in its line.
    line_has_content: bool,
    openings: [Finder; 3],
    comment_end: Finder,
}

impl<'a> Scanner<'a, '_> {
    fn scan(&mut self) -> Result<()> {
        while self.index < self.source.len() {
            let opening = self.next_opening();
            let stray = self.comment_end.find(self.source, self.index);
            if let Some(stray) = stray.filter(|stray| opening.is_none_or(|(_, at)| *stray < at)) {
                return Err(Fault::new("`#}` closes no comment").at(stray as u32));
            }
            let Some((kind, at)) = opening else {
                self.take_text(self.source.len());
                break;
            };
            self.take_text(at);
            self.tag(kind, at)?;
        }
        self.flush();
        Ok(())
    }

    fn next_opening(&mut self) -> Option<(Opening, usize)> {
        let kinds = [Opening::Variable, Opening::Block, Opening::Comment];
        let found = kinds.into_iter().zip(&mut self.openings);
        let (source, index) = (self.source, self.index);
        found
            .filter_map(|(kind, finder)| finder.find(source, index).map(|at| (kind, at)))
            .min_by_key(|(_, at)| *at)
    }

    /// Moves on to `end`, keeping track of what the line holds.
    fn advance(&mut self, end: usize) {
        for character in self.source[self.index..end].chars() {
            if character == '\n' {
                self.line_has_content = false;
            } else if !is_space(character) {
                self.line_has_content = true;
            }
        }
        self.index = end;
    }

    fn take_text(&mut self, end: usize) {
        if self.text.is_empty() {
            self.text_offset = self.index;
        }
        self.text.push_str(&self.source[self.index..end]);
        self.advance(end);
    }

    fn flush(&mut self) {
        if !self.text.is_empty() {
            let text = std::mem::take(&mut self.text);
            self.parts.push(Part::Text { text, offset: self.text_offset });
        }
    }

    fn tag(&mut self, kind: Opening, at: usize) -> Result<()> {
        let (open, close) = match kind {
            Opening::Variable => (self.openings[0].wanted, "}}"),
            Opening::Block => ("{%", "%}"),
            Opening::Comment => ("{#", "#}"),
        };
        if kind == Opening::Block && self.options.lstrip_blocks {
            self.strip_indent();
        }
        let trims_left = self.source[at + open.len()..].starts_with('-');
        if trims_left {
            self.text.truncate(self.text.trim_end_matches(is_space).len());
        }
        self.flush();
        self.advance(at + open.len() + usize::from(trims_left));
        let end = if kind == Opening::Comment {
            self.source[self.index..].find(close).map(|end| self.index + end)
        } else {
            find_terminator(self.source, self.index, close)?
        };
        let Some(end) = end else {
            return Err(Fault::new(format!("`{open}` is not closed: `{close}` is missing")).at(at as u32));
        };
        let trims_right = self.source[..end].ends_with('-');
        let start = self.index;
        let code_end = (end - usize::from(trims_right)).max(start);
        self.advance(end + close.len());
        let code = Piece { text: &self.source[start..code_end], offset: start };
        let is_raw = kind == Opening::Block && matches!(tag_name(code), "raw" | "verbatim");
        if is_raw {
            self.raw(code, at)?;
        } else if kind == Opening::Variable {
            let trimmed = code.text.trim_start_matches(is_code_space);
            self.parts.push(Part::Variable { code: code.from(code.text.len() - trimmed.len()), offset: at });
        } else if kind == Opening::Block {
            self.parts.push(Part::Block { code: code.trim(), offset: at });
        }
        if trims_right {
            self.skip_space();
        } else if kind == Opening::Block && self.options.trim_blocks && !is_raw {
            self.skip_newline();
        }
        Ok(())
    }

    /// Removes indentation before a tag that begins its line.
    fn strip_indent(&mut self) {
        if self.line_has_content {
            return;
        }
        let line = self.text.rfind('\n').map_or(0, |newline| newline + 1);
        if self.text[line..].chars().all(is_space) {
            self.text.truncate(line);
        }
    }

    fn skip_space(&mut self) {
        let rest = self.source[self.index..].trim_start_matches(is_space);
        self.advance(self.source.len() - rest.len());
    }

    fn skip_newline(&mut self) {
        let rest = &self.source[self.index..];
        let length = if rest.starts_with("\r\n") { 2 } else { usize::from(rest.starts_with('\n')) };
        self.advance(self.index + length);
    }

    /// Text up to the matching end tag is taken as it is.
    fn raw(&mut self, code: Piece<'a>, at: usize) -> Result<()> {
        let name = tag_name(code);
        if !tag_rest(code).text.is_empty() {
            return Err(Fault::new(format!("`{name}` takes nothing behind its name")).at(at as u32));
        }
        if self.options.trim_blocks {
            self.skip_newline();
        }
        let Some((start, end)) = raw_end(self.source, self.index, name) else {
            return Err(Fault::new(format!("`{name}` is not closed: `end{name}` is missing")).at(at as u32));
        };
        if self.source[start..end].contains('\n') {
            return Err(Fault::new(format!("the tag `end{name}` must stand in one line")).at(start as u32));
        }
        self.take_text(start);
        self.advance(end);
        Ok(())
    }
}

/// The tag that ends a raw block: where it begins and ends. Raw blocks can be nested.
fn raw_end(source: &str, start: usize, name: &str) -> Option<(usize, usize)> {
    let (mut depth, mut index) = (1, start);
    loop {
        let marker = index + source[index..].find("{%")?;
        let Some((opens, end)) = raw_marker(source, marker, name) else {
            index = marker + 2;
            continue;
        };
        depth = if opens { depth + 1 } else { depth - 1 };
        if depth == 0 {
            return Some((marker, end));
        }
        index = end;
    }
}

fn raw_marker(source: &str, start: usize, name: &str) -> Option<(bool, usize)> {
    let inner = source[start + 2..].trim_start_matches(is_space);
    let (opens, rest) = match inner.strip_prefix("end").and_then(|rest| rest.strip_prefix(name)) {
        Some(rest) => (false, rest),
        None => (true, inner.strip_prefix(name)?),
    };
    let rest = rest.trim_start_matches(is_space).strip_prefix("%}")?;
    Some((opens, source.len() - rest.len()))
}
