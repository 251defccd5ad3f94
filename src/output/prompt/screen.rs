//! Draws a question again after each key, and tells how it ended.

use std::io;

use console::{Key, Term};

use super::Reply;
use super::raw::Quiet;
use crate::error::{Exit, Failure};
use crate::output::text::columns;
use crate::output::{Style, Text};

/// What a key did to a question.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Step<T> {
    /// It is still open.
    Open,
    /// It has its answer.
    Done(T),
    /// The question before is wanted.
    Back,
}

/// A question on the screen: what it looks like, and what keys do to it.
pub(super) trait Widget {
    /// The sort of its answer.
    type Answer;
    /// How it looks in this many columns.
    fn frame(&self, width: usize) -> Frame;
    /// Takes a key.
    fn press(&mut self, key: &Key) -> Step<Self::Answer>;
    /// The line that stays when it is answered, if one does.
    fn answered(&self, answer: &Self::Answer) -> Option<Text>;
}

/// Lines on the screen, none wider than the screen.
#[derive(Debug, Default)]
pub(super) struct Frame {
    /// The lines, without line breaks.
    pub(super) lines: Vec<Text>,
    /// Where the cursor is: line and column. Behind the last line where nobody says.
    pub(super) cursor: Option<(usize, usize)>,
}

impl Frame {
    /// Adds a line in one style, cut to the width.
    pub(super) fn line(&mut self, style: Style, text: &str, width: usize) {
        self.lines.push(Text::new().styled(style, cut(text, width)));
    }
}

/// Asks until there is an answer.
pub(super) fn run<W: Widget>(
    mut widget: W,
    colour: bool,
    width: Option<usize>,
) -> Result<Reply<W::Answer>, Failure> {
    let terminal = Term::buffered_stderr();
    let _quiet = Quiet::new();
    let mut at = 0;
    loop {
        let columns = width.unwrap_or_else(|| usize::from(terminal.size().1)).max(20) - 1;
        at = draw(&terminal, &widget.frame(columns), at, colour).map_err(|error| ended(&error))?;
        let key = terminal.read_key_raw();
        let step = match key {
            Ok(Key::CtrlC) => Err(io::Error::from(io::ErrorKind::Interrupted)),
            Ok(key) => Ok(widget.press(&key)),
            Err(error) => Err(error),
        };
        let last = match &step {
            Ok(Step::Open) => continue,
            Ok(Step::Done(answer)) => widget.answered(answer).map(Text::end),
            Ok(Step::Back) | Err(_) => None,
        };
        let erased = erase(&terminal, at).and_then(|()| {
            terminal.write_str(&last.map(|line| line.rendered(colour)).unwrap_or_default())?;
            terminal.flush()
        });
        erased.map_err(|error| ended(&error))?;
        return match step {
            Ok(Step::Done(answer)) => Ok(Reply::Given(answer)),
            Ok(Step::Back | Step::Open) => Ok(Reply::Back),
            Err(error) => Err(ended(&error)),
        };
    }
}

/// Draws over the frame whose cursor is on line `at`; returns the line of the new one's cursor.
fn draw(terminal: &Term, frame: &Frame, at: usize, colour: bool) -> io::Result<usize> {
    erase(terminal, at)?;
    let shown: Vec<String> = frame.lines.iter().map(|line| line.rendered(colour)).collect();
    terminal.write_str(&shown.join("\n"))?;
    let last = shown.len().saturating_sub(1);
    let (line, column) = frame.cursor.unwrap_or((last, 0));
    terminal.move_cursor_up(last - line.min(last))?;
    terminal.write_str("\r")?;
    terminal.move_cursor_right(column)?;
    terminal.flush()?;
    Ok(line.min(last))
}

fn erase(terminal: &Term, at: usize) -> io::Result<()> {
    terminal.move_cursor_up(at)?;
    terminal.write_str("\r")?;
    terminal.clear_to_end_of_screen()
}

/// A question that got no answer: interrupted, or the terminal is gone.
fn ended(error: &io::Error) -> Failure {
    match error.kind() {
        io::ErrorKind::Interrupted => Failure::new(Exit::Interrupted, "interrupted; nothing was written"),
        _ => Failure::usage("cannot ask on this terminal")
            .because(error)
            .hint("give the answers as flags and add --no-input"),
    }
}

/// As much of the first line of `text` as fits into `width` columns, with `…` where something is left out.
pub(super) fn cut(text: &str, width: usize) -> String {
    let text = crate::output::text::clean(text).replace(['\n', '\t'], " ");
    if columns(&text) <= width {
        return text;
    }
    let mut short = String::new();
    for c in text.chars() {
        if columns(&short) + unicode_width::UnicodeWidthChar::width(c).unwrap_or(0) + 1 > width {
            break;
        }
        short.push(c);
    }
    short.push('…');
    short
}

#[cfg(test)]
mod tests {
    use super::cut;

    #[test]
    fn lines_are_cut_by_columns() {
        assert_eq!(cut("short", 5), "short");
        assert_eq!(cut("longer", 5), "long…");
        assert_eq!(cut("日本語", 5), "日本…");
        assert_eq!(cut("a\u{1b}[2J\nb", 40), "a\\u{1b}[2J b");
    }
}
