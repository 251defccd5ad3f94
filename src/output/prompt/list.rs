//! One or several entries of a list that typing searches.

use console::Key;

use super::Question;
use super::screen::{Frame, Step, Widget, cut};
use super::search::search;
use crate::output::text::{columns, wrapped};
use crate::output::{Style, Text};

/// How many entries are seen at once.
const SHOWN: usize = 10;

/// An entry of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The answer that it stands for.
    pub value: String,
    /// What is shown and searched.
    pub label: String,
}

impl Entry {
    /// An entry that is shown as it is.
    pub fn plain(value: &str) -> Self {
        Self { value: value.to_owned(), label: value.to_owned() }
    }
}

/// Judges what was chosen.
type Check<'a> = &'a dyn Fn(&[String]) -> Result<(), String>;
/// Makes an answer of what was typed, or says why it cannot be one.
pub type Own<'a> = &'a dyn Fn(&str) -> Result<String, String>;

/// A question that is answered from a list.
pub(super) struct List<'a> {
    question: &'a Question,
    entries: Vec<Entry>,
    /// Per entry; `None` when one is asked for.
    chosen: Option<Vec<bool>>,
    own: Option<Own<'a>>,
    check: Option<Check<'a>>,
    typed: String,
    /// The entries that fit what was typed.
    found: Vec<usize>,
    /// Which of those the cursor is on; their number is the line of what was typed itself.
    at: usize,
    wrong: Option<String>,
}

impl<'a> List<'a> {
    pub(super) fn one(
        question: &'a Question,
        entries: Vec<Entry>,
        default: Option<usize>,
        own: Option<Own<'a>>,
    ) -> Self {
        let found = (0..entries.len()).collect();
        let at = default.filter(|at| *at < entries.len()).unwrap_or(0);
        Self {
            question,
            entries,
            chosen: None,
            own,
            check: None,
            typed: String::new(),
            found,
            at,
            wrong: None,
        }
    }

    pub(super) fn several(
        question: &'a Question,
        mut entries: Vec<Entry>,
        chosen: &[String],
        own: Option<Own<'a>>,
        check: Check<'a>,
    ) -> Self {
        let missing: Vec<&String> =
            chosen.iter().filter(|value| !entries.iter().any(|entry| entry.value == **value)).collect();
        entries.extend(missing.into_iter().map(|value| Entry::plain(value)));
        let marks = entries.iter().map(|entry| chosen.contains(&entry.value)).collect();
        let mut list = Self::one(question, entries, None, own);
        (list.chosen, list.check) = (Some(marks), Some(check));
        list
    }

    /// Whether what was typed is offered as an answer of its own.
    fn offers_own(&self) -> bool {
        let typed = self.typed.trim();
        let known = |entry: &Entry| entry.value == typed || entry.label == typed;
        self.own.is_some() && !typed.is_empty() && !self.entries.iter().any(known)
    }

    fn rows(&self) -> usize {
        self.found.len() + usize::from(self.offers_own())
    }

    fn search(&mut self) {
        self.found = search(&self.typed, self.entries.iter().map(|entry| entry.label.as_str()));
        self.at = 0;
    }

    /// What was typed as an answer, if it can be one.
    fn own(&mut self) -> Option<String> {
        match self.own?(self.typed.trim()) {
            Ok(value) => Some(value),
            Err(wrong) => {
                self.wrong = Some(wrong);
                None
            }
        }
    }

    fn toggle(&mut self) {
        let at = match self.found.get(self.at) {
            Some(at) => *at,
            None if self.offers_own() => {
                let Some(value) = self.own() else { return };
                self.entries.push(Entry::plain(&value));
                self.chosen.iter_mut().for_each(|chosen| chosen.push(false));
                self.typed.clear();
                self.search();
                self.at = self.entries.len() - 1;
                self.at
            }
            None => return,
        };
        if let Some(mark) = self.chosen.as_mut().and_then(|chosen| chosen.get_mut(at)) {
            *mark = !*mark;
        }
    }

    fn enter(&mut self) -> Step<Vec<String>> {
        if let Some(chosen) = &self.chosen {
            let marked = self.entries.iter().zip(chosen).filter(|(_, chosen)| **chosen);
            let values: Vec<String> = marked.map(|(entry, _)| entry.value.clone()).collect();
            return match self.check.map_or(Ok(()), |check| check(&values)) {
                Ok(()) => Step::Done(values),
                Err(wrong) => {
                    self.wrong = Some(wrong);
                    Step::Open
                }
            };
        }
        if let Some(entry) = self.found.get(self.at).and_then(|at| self.entries.get(*at)) {
            return Step::Done(vec![entry.value.clone()]);
        }
        if self.offers_own() {
            return self.own().map_or(Step::Open, |value| Step::Done(vec![value]));
        }
        self.wrong = Some(format!("nothing fits {:?}", self.typed));
        Step::Open
    }

    fn row(&self, row: usize, width: usize) -> Text {
        let here = row == self.at;
        let pointer = if here { "> " } else { "  " };
        let (mark, label) = match self.found.get(row) {
            None => ("", format!("use {:?}", self.typed.trim())),
            Some(at) => {
                let mark = match self.chosen.as_ref().and_then(|chosen| chosen.get(*at)) {
                    Some(true) => "[x] ",
                    Some(false) => "[ ] ",
                    None => "",
                };
                (mark, self.entries.get(*at).map(|entry| entry.label.clone()).unwrap_or_default())
            }
        };
        let style = if here { Style::Accent } else { Style::Plain };
        Text::new().styled(style, cut(&format!("{pointer}{mark}{label}"), width))
    }

    fn keys(&self) -> String {
        let mut keys = if self.chosen.is_some() {
            vec!["space marks, enter ends"]
        } else {
            vec!["up/down, enter takes"]
        };
        keys.push("typing searches");
        if self.question.back {
            keys.push("esc goes back");
        }
        keys.join(", ")
    }
}

impl Widget for List<'_> {
    type Answer = Vec<String>;

    fn frame(&self, width: usize) -> Frame {
        let mut frame = Frame::default();
        if let Some(wrong) = &self.wrong {
            frame.line(Style::Bad, &format!("not right: {wrong}"), width);
        }
        let title = format!("{} ", self.question.label(width.saturating_sub(12)));
        let typed = cut(&self.typed, width.saturating_sub(columns(&title)));
        frame.cursor = Some((frame.lines.len(), columns(&title) + columns(&typed)));
        frame.lines.push(Text::new().styled(Style::Strong, title).plain(typed));
        let rows = self.rows();
        let first = self.at.saturating_sub(SHOWN / 2).min(rows.saturating_sub(SHOWN));
        let last = (first + SHOWN).min(rows);
        for row in first..last {
            let line = self.row(row, width);
            frame.lines.push(line);
        }
        if rows == 0 {
            frame.line(Style::Dim, "  (nothing fits; backspace)", width);
        }
        let more = rows - (last - first);
        let counted = if more > 0 { format!("{more} more; ") } else { String::new() };
        for line in wrapped(&format!("{counted}{}", self.keys()), width.saturating_sub(2)) {
            frame.line(Style::Dim, &format!("  {line}"), width);
        }
        frame
    }

    fn press(&mut self, key: &Key) -> Step<Vec<String>> {
        self.wrong = None;
        let rows = self.rows();
        match key {
            Key::Enter => return self.enter(),
            Key::Escape if self.question.back => return Step::Back,
            Key::ArrowUp | Key::BackTab if rows > 0 => self.at = (self.at + rows - 1) % rows,
            Key::ArrowDown | Key::Tab if rows > 0 => self.at = (self.at + 1) % rows,
            Key::PageUp => self.at = self.at.saturating_sub(SHOWN),
            Key::PageDown => self.at = (self.at + SHOWN).min(rows.saturating_sub(1)),
            Key::Home => self.at = 0,
            Key::End => self.at = rows.saturating_sub(1),
            Key::Char(' ') if self.chosen.is_some() => self.toggle(),
            Key::Char('\u{15}') => {
                self.typed.clear();
                self.search();
            }
            Key::Backspace => {
                self.typed.pop();
                self.search();
            }
            Key::Char(c) if !c.is_control() => {
                self.typed.push(*c);
                self.search();
            }
            _ => {}
        }
        Step::Open
    }

    fn answered(&self, answer: &Vec<String>) -> Option<Text> {
        if self.question.passing {
            return None;
        }
        let label = |value: &String| {
            let known = self.entries.iter().find(|entry| entry.value == *value);
            known.map_or_else(|| value.clone(), |entry| entry.label.clone())
        };
        let labels: Vec<String> = answer.iter().map(label).collect();
        Some(self.question.answered(&labels.join(", ")))
    }
}

#[cfg(test)]
mod tests {
    use console::Key;

    use super::super::Question;
    use super::super::screen::{Step, Widget};
    use super::{Entry, List};

    fn entries() -> Vec<Entry> {
        ["red", "green", "blue"].iter().map(|name| Entry::plain(name)).collect()
    }

    /// Presses keys (`v` is down, `^` is Esc) and then Enter.
    fn check(mut list: List<'_>, typed: &str, expected: &Step<Vec<String>>) {
        let mut step = Step::Open;
        for c in typed.chars().chain(['\n']) {
            let key = match c {
                'v' => Key::ArrowDown,
                '^' => Key::Escape,
                '\n' => Key::Enter,
                c => Key::Char(c),
            };
            step = list.press(&key);
            if step != Step::Open {
                break;
            }
            assert!(list.frame(12).cursor.is_some());
        }
        assert_eq!(&step, expected, "{typed:?}");
    }

    fn done(values: &[&str]) -> Step<Vec<String>> {
        Step::Done(values.iter().map(|value| (*value).to_owned()).collect())
    }

    #[test]
    fn one_entry_is_chosen() {
        let question = Question { back: true, ..Question::default() };
        let own =
            |typed: &str| if typed == "no" { Err("not this".to_owned()) } else { Ok(format!("<{typed}>")) };
        check(List::one(&question, entries(), None, None), "", &done(&["red"]));
        check(List::one(&question, entries(), Some(1), None), "", &done(&["green"]));
        check(List::one(&question, entries(), None, None), "vv", &done(&["blue"]));
        check(List::one(&question, entries(), None, None), "bl", &done(&["blue"]));
        check(List::one(&question, entries(), None, None), "xx", &Step::Open);
        check(List::one(&question, entries(), None, Some(&own)), "xx", &done(&["<xx>"]));
        check(List::one(&question, entries(), None, Some(&own)), "no", &Step::Open);
        check(List::one(&question, entries(), None, None), "^", &Step::Back);
        check(List::one(&Question::default(), entries(), None, None), "^", &done(&["red"]));
    }

    #[test]
    fn several_entries_are_chosen() {
        let question = Question::default();
        let most = |values: &[String]| if values.len() > 2 { Err("at most 2".to_owned()) } else { Ok(()) };
        let own = |typed: &str| Ok(typed.to_uppercase());
        let chosen = ["green".to_owned()];
        let list = |own| List::several(&question, entries(), &chosen, own, &most);
        check(list(None), "", &done(&["green"]));
        check(list(None), " ", &done(&["red", "green"]));
        check(list(None), " vv ", &Step::Open);
        check(list(Some(&own)), "pink ", &done(&["green", "PINK"]));
    }
}
