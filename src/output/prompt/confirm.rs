//! Yes or no.

use console::Key;

use super::Question;
use super::screen::{Frame, Step, Widget, cut};
use crate::output::text::columns;
use crate::output::{Style, Text};

/// A question with two answers.
pub(super) struct Confirm<'a> {
    question: &'a Question,
    default: bool,
}

impl<'a> Confirm<'a> {
    pub(super) fn new(question: &'a Question, default: bool) -> Self {
        Self { question, default }
    }
}

impl Widget for Confirm<'_> {
    type Answer = bool;

    fn frame(&self, width: usize) -> Frame {
        let choice = if self.default { " [Y/n] " } else { " [y/N] " };
        let title = cut(&self.question.title, width.saturating_sub(columns(choice)));
        let column = columns(&title) + columns(choice);
        let line = Text::new().styled(Style::Strong, title).styled(Style::Dim, choice);
        Frame { lines: vec![line], cursor: Some((0, column)) }
    }

    fn press(&mut self, key: &Key) -> Step<bool> {
        match key {
            Key::Enter => Step::Done(self.default),
            Key::Char('y' | 'Y') => Step::Done(true),
            Key::Char('n' | 'N') => Step::Done(false),
            Key::Escape if self.question.back => Step::Back,
            _ => Step::Open,
        }
    }

    fn answered(&self, answer: &bool) -> Option<Text> {
        if self.question.passing {
            return None;
        }
        let word = if *answer { "yes" } else { "no" };
        Some(self.question.answered(word))
    }
}
