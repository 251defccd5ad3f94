//! Long lines broken at spaces (`stringify/foldFlowLines.js` of npm `yaml` 2.9.1).

use std::collections::BTreeSet;

use super::{NEWLINE, SPACE, TAB, Units};

/// Columns of a line.
pub(super) const LINE_WIDTH: usize = 80;
/// Columns that content gets at least, however deep it is indented.
const MIN_CONTENT: usize = 20;
const BACKSLASH: u16 = b'\\' as u16;

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Mode {
    /// Plain and single-quoted text: breaks only at single spaces.
    Flow,
    /// A folded block: lines that are indented more are left alone.
    Block,
    /// Double-quoted text: may break anywhere, with a backslash.
    Quoted,
}

pub(super) struct Folded {
    pub(super) text: Units,
    /// A line stayed too long.
    pub(super) overflows: bool,
}

/// Folds a text whose first line begins at `column` (by default at the indentation).
pub(super) fn fold(text: &[u16], indent: &str, mode: Mode, column: Option<usize>) -> Folded {
    let step = (1 + MIN_CONTENT).max((1 + LINE_WIDTH).saturating_sub(indent.len()));
    if text.len() <= step {
        return Folded { text: text.to_vec(), overflows: false };
    }
    let mut folder = Folder {
        text,
        indent: indent.len(),
        mode,
        step,
        end: LINE_WIDTH.saturating_sub(indent.len()),
        folds: Vec::new(),
        escaped: BTreeSet::new(),
        overflows: false,
    };
    if let Some(column) = column {
        if column > LINE_WIDTH - MIN_CONTENT {
            folder.folds.push(0);
        } else {
            folder.end = LINE_WIDTH - column;
        }
    }
    let unbroken = !folder.find_folds();
    if unbroken || folder.folds.is_empty() {
        return Folded { text: text.to_vec(), overflows: folder.overflows };
    }
    Folded { text: folder.broken(indent), overflows: folder.overflows }
}

struct Folder<'a> {
    text: &'a [u16],
    indent: usize,
    mode: Mode,
    /// How far behind a break the next one must come.
    step: usize,
    end: usize,
    folds: Vec<usize>,
    /// Breaks inside a word, which need a backslash.
    escaped: BTreeSet<usize>,
    overflows: bool,
}

impl Folder<'_> {
    fn at(&self, index: usize) -> Option<u16> {
        self.text.get(index).copied()
    }

    /// Finds all breaks; false when there is no room for an escape, and nothing is to be broken.
    fn find_folds(&mut self) -> bool {
        let mut split: Option<usize> = None;
        let mut previous: Option<u16> = None;
        let (mut escape_start, mut escape_end): (Option<usize>, Option<usize>) = (None, None);
        let mut index = 0;
        if self.mode == Mode::Block
            && let Some(end) = self.more_indented(0)
        {
            self.end = end + self.step;
            index = end + 1;
        }
        while let Some(mut unit) = self.at(index) {
            if self.mode == Mode::Quoted && unit == BACKSLASH {
                escape_start = Some(index);
                index += match self.at(index + 1).and_then(|unit| u8::try_from(unit).ok()) {
                    Some(b'x') => 3,
                    Some(b'u') => 5,
                    Some(b'U') => 9,
                    _ => 1,
                };
                escape_end = Some(index);
            }
            if unit == NEWLINE {
                if self.mode == Mode::Block {
                    index = self.more_indented(index + 1).unwrap_or(index);
                }
                self.end = index + self.indent + self.step;
                split = None;
            } else {
                if unit == SPACE && !is_edge(previous) && !is_edge(self.at(index + 1)) {
                    split = Some(index);
                }
                if index >= self.end {
                    if let Some(at) = split.filter(|at| *at > 0) {
                        self.folds.push(at);
                        self.end = at + self.step;
                        split = None;
                    } else if self.mode == Mode::Quoted {
                        while matches!(previous, Some(SPACE | TAB)) {
                            previous = Some(unit);
                            index += 1;
                            self.overflows = true;
                            match self.at(index) {
                                Some(next) => unit = next,
                                None => break,
                            }
                        }
                        let before_escape = escape_start.map_or(0, |start| start.saturating_sub(1));
                        let is_free = escape_end.is_none_or(|end| index > end + 1);
                        let at = if is_free { index.saturating_sub(2) } else { before_escape };
                        if !self.escaped.insert(at) {
                            self.folds.clear();
                            return false;
                        }
                        self.folds.push(at);
                        self.end = at + self.step;
                        split = None;
                    } else {
                        self.overflows = true;
                    }
                }
            }
            previous = self.at(index).map(|_| unit);
            index += 1;
        }
        true
    }

    /// Steps over lines that are indented more than the block, from the start of a line: the break
    /// at the end of the last one.
    fn more_indented(&self, line: usize) -> Option<usize> {
        let mut end = None;
        let mut start = line;
        let mut index = line;
        while matches!(self.at(index), Some(SPACE | TAB)) {
            if index < start + self.indent {
                index += 1;
                continue;
            }
            while self.at(index).is_some_and(|unit| unit != NEWLINE) {
                index += 1;
            }
            end = Some(index);
            start = index + 1;
            index = start;
        }
        end
    }

    fn broken(&self, indent: &str) -> Units {
        let mut output: Units = self.text[..self.folds[0]].to_vec();
        for (index, fold) in self.folds.iter().enumerate() {
            let end = self.folds.get(index + 1).copied().filter(|end| *end > 0).unwrap_or(self.text.len());
            let rest = if *fold == 0 {
                output.clear();
                *fold
            } else {
                if self.mode == Mode::Quoted && self.escaped.contains(fold) {
                    output.extend([self.text[*fold], BACKSLASH]);
                }
                fold + 1
            };
            output.push(NEWLINE);
            output.extend(indent.encode_utf16());
            output.extend_from_slice(self.text.get(rest..end).unwrap_or(&[]));
        }
        output
    }
}

/// White space and the ends of the text: no single space stands beside them.
fn is_edge(unit: Option<u16>) -> bool {
    matches!(unit, None | Some(SPACE | NEWLINE | TAB))
}
