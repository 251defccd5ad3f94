//! A typed answer: one line, several, or one that is not shown.

use console::Key;

use super::Question;
use super::screen::{Frame, Step, Widget, cut};
use crate::output::text::{clean, columns, wrapped};
use crate::output::{Style, Text};

/// Columns that typing has at least beside the question; with fewer it gets a line of its own.
const BESIDE: usize = 20;

/// How a line is typed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Line {
    /// Shown, ended by Enter.
    Plain,
    /// Any number of lines, ended by an empty one.
    Several,
    /// Stars are shown.
    Hidden,
}

/// A question that is answered by typing.
pub(super) struct LineQuestion<'a> {
    question: &'a Question,
    line: Line,
    check: &'a dyn Fn(&str) -> Result<(), String>,
    /// The answer of an empty line; Backspace takes it away.
    default: Option<String>,
    typed: Vec<char>,
    cursor: usize,
    wrong: Option<String>,
}

impl<'a> LineQuestion<'a> {
    pub(super) fn new(
        question: &'a Question,
        line: Line,
        check: &'a dyn Fn(&str) -> Result<(), String>,
    ) -> Self {
        let default = question.default.clone();
        Self { question, line, check, default, typed: Vec::new(), cursor: 0, wrong: None }
    }

    fn edit(&mut self, key: &Key) {
        match key {
            Key::Tab | Key::ArrowRight | Key::End if self.typed.is_empty() => {
                self.typed = self.default.iter().flat_map(|default| default.chars()).collect();
                self.cursor = self.typed.len();
            }
            Key::Backspace if self.typed.is_empty() => self.default = None,
            Key::Backspace if self.cursor > 0 => {
                self.cursor -= 1;
                self.typed.remove(self.cursor);
            }
            Key::Del if self.cursor < self.typed.len() => drop(self.typed.remove(self.cursor)),
            Key::ArrowLeft => self.cursor = self.cursor.saturating_sub(1),
            Key::ArrowRight => self.cursor = (self.cursor + 1).min(self.typed.len()),
            Key::Home => self.cursor = 0,
            Key::End => self.cursor = self.typed.len(),
            // Ctrl-U, Ctrl-K, Ctrl-W as a shell has them
            Key::Char('\u{15}') => self.remove(0),
            Key::Char('\u{b}') => self.typed.truncate(self.cursor),
            Key::Char('\u{17}') => self.remove(self.start_of_word()),
            Key::Char(c) if !c.is_control() => {
                self.typed.insert(self.cursor, *c);
                self.cursor += 1;
            }
            _ => {}
        }
    }

    /// Removes what is typed from `from` to the cursor.
    fn remove(&mut self, from: usize) {
        self.typed.drain(from..self.cursor);
        self.cursor = from;
    }

    fn start_of_word(&self) -> usize {
        let before = &self.typed[..self.cursor];
        let word_end = before.iter().rposition(|c| *c != ' ').map_or(0, |at| at + 1);
        before[..word_end].iter().rposition(|c| *c == ' ').map_or(0, |at| at + 1)
    }

    fn enter(&mut self) -> Step<String> {
        let at_end = self.cursor == self.typed.len() && self.typed.last().is_none_or(|last| *last == '\n');
        if self.line == Line::Several && !at_end {
            self.typed.insert(self.cursor, '\n');
            self.cursor += 1;
            return Step::Open;
        }
        let typed: String = self.typed.iter().collect();
        let typed = if self.line == Line::Several { typed.trim_end_matches('\n').to_owned() } else { typed };
        let answer = if typed.is_empty() { self.default.clone().unwrap_or_default() } else { typed };
        let verdict = match () {
            () if answer.is_empty() && !self.question.optional => Err("an answer is needed".to_owned()),
            () => (self.check)(&answer),
        };
        match verdict {
            Ok(()) => Step::Done(answer),
            Err(wrong) => {
                self.wrong = Some(wrong);
                Step::Open
            }
        }
    }

    /// The default and the example, as they stand behind the question.
    fn aside(&self) -> String {
        let default = self.default.as_deref().filter(|default| !default.is_empty());
        match (default, &self.question.example) {
            (Some(_), _) if self.line == Line::Hidden => " [as before]".to_owned(),
            (Some(default), _) => format!(" [{}]", cut(default, 60)),
            (None, Some(example)) => format!(" (for example {})", cut(example, 60)),
            (None, None) if self.question.optional => " (optional)".to_owned(),
            (None, None) => String::new(),
        }
    }

    /// What is typed as it is shown: its lines, and the cursor's line and column in them.
    fn shown(&self) -> (Vec<String>, (usize, usize)) {
        let show = |chars: &[char]| -> String {
            if self.line == Line::Hidden {
                return "*".repeat(chars.len());
            }
            clean(&chars.iter().collect::<String>())
        };
        let lines = self.typed.split(|c| *c == '\n').map(show).collect();
        let before = &self.typed[..self.cursor];
        let row = before.iter().filter(|c| **c == '\n').count();
        let start = before.iter().rposition(|c| *c == '\n').map_or(0, |at| at + 1);
        (lines, (row, columns(&show(&before[start..]))))
    }
}

impl Widget for LineQuestion<'_> {
    type Answer = String;

    fn frame(&self, width: usize) -> Frame {
        let mut frame = Frame::default();
        if let Some(wrong) = &self.wrong {
            for line in wrapped(&format!("not right: {wrong}"), width) {
                frame.line(Style::Bad, &line, width);
            }
        }
        let several = self.line == Line::Several;
        let aside = if several { format!("{} (an empty line ends)", self.aside()) } else { self.aside() };
        let title = clean(&self.question.title).replace('\n', " ");
        let label = columns(&title) + columns(&aside) + 2;
        let beside = !several && label + BESIDE <= width;
        if beside {
            let aside = format!("{aside}: ");
            frame.lines.push(Text::new().styled(Style::Strong, title).styled(Style::Dim, aside));
        } else {
            for line in wrapped(&format!("{title}{aside}:"), width) {
                frame.line(Style::Strong, &line, width);
            }
        }
        let (shown, (row, column)) = self.shown();
        let indent = if beside { label } else { 2 };
        let room = width.saturating_sub(indent).max(1);
        for (index, line) in shown.iter().enumerate() {
            let at = if index == row { column } else { 0 };
            let (visible, offset) = window(line, at, room);
            if beside {
                if let Some(last) = frame.lines.last_mut() {
                    last.push(Style::Plain, visible);
                }
            } else {
                frame.lines.push(Text::new().styled(Style::Accent, "> ").plain(visible));
            }
            if index == row {
                frame.cursor = Some((frame.lines.len() - 1, indent + at - offset));
            }
        }
        frame
    }

    fn press(&mut self, key: &Key) -> Step<String> {
        match key {
            Key::Enter => return self.enter(),
            Key::Escape if self.question.back => return Step::Back,
            _ => {}
        }
        self.wrong = None;
        self.edit(key);
        Step::Open
    }

    fn answered(&self, answer: &String) -> Option<Text> {
        if self.question.passing {
            return None;
        }
        let shown = match self.line {
            Line::Hidden if !answer.is_empty() => "***".to_owned(),
            _ => answer.replace('\n', "\n  "),
        };
        Some(self.question.answered(&shown))
    }
}

/// The part of a line that is seen when the cursor is at column `at` and there is room for `room`
/// columns, and how many columns are left out before it.
fn window(line: &str, at: usize, room: usize) -> (String, usize) {
    let skip = (at + 1).saturating_sub(room);
    let mut left_out = 0;
    let mut visible = String::new();
    for c in line.chars() {
        let width = unicode_width::UnicodeWidthChar::width(c).unwrap_or(0);
        if left_out < skip {
            left_out += width;
        } else if columns(&visible) + width <= room {
            visible.push(c);
        } else {
            break;
        }
    }
    (visible, left_out)
}

#[cfg(test)]
mod tests {
    use console::Key;

    use super::super::Question;
    use super::super::screen::{Step, Widget};
    use super::{Line, LineQuestion, window};

    /// Types keys (`<` is Backspace, `|` is Tab) and then Enter.
    fn check(question: &Question, line: Line, typed: &str, expected: Option<&str>) {
        let verdict = |answer: &str| if answer == "bad" { Err("it is bad".to_owned()) } else { Ok(()) };
        let mut asked = LineQuestion::new(question, line, &verdict);
        let mut step = Step::Open;
        for c in typed.chars().chain(['\n']) {
            let key = match c {
                '<' => Key::Backspace,
                '|' => Key::Tab,
                '\n' => Key::Enter,
                c => Key::Char(c),
            };
            step = asked.press(&key);
        }
        let expected = expected.map_or(Step::Open, |answer| Step::Done(answer.to_owned()));
        assert_eq!(step, expected, "{typed:?}");
    }

    #[test]
    fn a_line_is_typed_and_edited() {
        let plain = Question { optional: true, ..Question::default() };
        check(&plain, Line::Plain, "orders", Some("orders"));
        check(&plain, Line::Plain, "ordx<ers", Some("orders"));
        check(&plain, Line::Plain, "a b\u{17}c", Some("a c"));
        check(&plain, Line::Plain, "bad", None);
        check(&plain, Line::Several, "a\nb\n", Some("a\nb"));
        check(&Question::default(), Line::Plain, "", None);
    }

    #[test]
    fn a_default_is_taken_edited_or_dropped() {
        let question = Question { default: Some("shop".to_owned()), optional: true, ..Question::default() };
        check(&question, Line::Plain, "", Some("shop"));
        check(&question, Line::Plain, "x", Some("x"));
        check(&question, Line::Plain, "|s", Some("shops"));
        check(&question, Line::Plain, "<", Some(""));
    }

    #[test]
    fn a_long_line_moves_with_the_cursor() {
        assert_eq!(window("abcdef", 6, 4), ("def".to_owned(), 3));
        assert_eq!(window("abcdef", 0, 4), ("abcd".to_owned(), 0));
        assert_eq!(window("日本語", 6, 5), ("本語".to_owned(), 2));
    }
}
