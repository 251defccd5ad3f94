//! Questions to the user, on stderr, so that stdout stays a result.
//!
//! Every question has a flag; callers ask only where [`Console::can_ask`] says so. A question that is
//! one of several may be left backwards with Esc, where its [`Question::back`] says so.
//!
//! They stand on `console` alone. dialoguer, which stands on it too, has no way out of a line of text
//! but an answer, and lets the terminal echo what is typed ahead of a secret.

mod confirm;
mod line;
mod list;
pub(super) mod raw;
mod screen;
mod search;

pub use list::{Entry, Own};

use super::console::Console;
use super::{Style, Text};
use crate::error::Failure;
use confirm::Confirm;
use line::{Line, LineQuestion};
use list::List;

/// What came of a question.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reply<T> {
    /// The answer.
    Given(T),
    /// The user wants the question before this one again.
    Back,
}

impl<T> Reply<T> {
    /// The same reply with another answer.
    pub fn map<U>(self, with: impl FnOnce(T) -> U) -> Reply<U> {
        match self {
            Self::Given(answer) => Reply::Given(with(answer)),
            Self::Back => Reply::Back,
        }
    }
}

/// What is asked, and how the question may end.
#[derive(Clone, Debug, Default)]
pub struct Question {
    /// The question: one line.
    pub title: String,
    /// The answer of an empty line.
    pub default: Option<String>,
    /// What an answer may look like, shown beside the question and never taken.
    pub example: Option<String>,
    /// Whether nothing is an answer.
    pub optional: bool,
    /// Whether Esc leads to the question before.
    pub back: bool,
    /// Whether nothing of it stays on the screen when it is answered.
    pub passing: bool,
}

impl Question {
    /// The question as the start of a line, in at most this many columns and two.
    fn label(&self, width: usize) -> String {
        let title = screen::cut(&self.title, width);
        if title.ends_with(['?', ':']) { title } else { format!("{title}:") }
    }

    /// What stays on the screen of a question and its answer.
    fn answered(&self, answer: &str) -> Text {
        let answer = if answer.is_empty() { "(nothing)" } else { answer };
        Text::new().plain(format!("{} ", self.label(usize::MAX))).styled(Style::Accent, answer)
    }
}

/// Asks questions.
pub struct Prompt {
    colour: bool,
    width: Option<usize>,
}

impl Prompt {
    /// Questions in the console's style.
    pub fn new(console: &Console) -> Self {
        super::console::mend_terminal_on_interrupt();
        Self { colour: console.has_colour_on_stderr(), width: console.fixed_width() }
    }

    /// Asks for a text. `check` says what is wrong with an answer; it is asked again then.
    pub fn text(
        &self,
        question: &str,
        default: Option<&str>,
        may_be_empty: bool,
        check: impl Fn(&str) -> Result<(), String>,
    ) -> Result<String, Failure> {
        let question = Question {
            title: question.to_owned(),
            default: default.map(str::to_owned),
            optional: may_be_empty,
            ..Question::default()
        };
        only(self.line(&question, Line::Plain, &check)?)
    }

    /// Asks for a text of one line.
    pub fn ask(
        &self,
        question: &Question,
        check: &dyn Fn(&str) -> Result<(), String>,
    ) -> Result<Reply<String>, Failure> {
        self.line(question, Line::Plain, check)
    }

    /// Asks for a text of any number of lines; an empty one ends it.
    pub fn ask_lines(
        &self,
        question: &Question,
        check: &dyn Fn(&str) -> Result<(), String>,
    ) -> Result<Reply<String>, Failure> {
        self.line(question, Line::Several, check)
    }

    /// Asks for something that must not be seen.
    pub fn ask_secret(
        &self,
        question: &Question,
        check: &dyn Fn(&str) -> Result<(), String>,
    ) -> Result<Reply<String>, Failure> {
        self.line(question, Line::Hidden, check)
    }

    fn line(
        &self,
        question: &Question,
        line: Line,
        check: &dyn Fn(&str) -> Result<(), String>,
    ) -> Result<Reply<String>, Failure> {
        screen::run(LineQuestion::new(question, line, check), self.colour, self.width)
    }

    /// Asks yes or no.
    pub fn confirm(&self, question: &str, default: bool) -> Result<bool, Failure> {
        only(self.ask_confirm(&Question { title: question.to_owned(), ..Question::default() }, default)?)
    }

    /// The same as one question of several.
    pub fn ask_confirm(&self, question: &Question, default: bool) -> Result<Reply<bool>, Failure> {
        screen::run(Confirm::new(question, default), self.colour, self.width)
    }

    /// Asks for one of several; the answer is its index.
    pub fn choose(
        &self,
        question: &str,
        choices: &[String],
        default: Option<usize>,
    ) -> Result<usize, Failure> {
        let question = Question { title: question.to_owned(), ..Question::default() };
        let chosen = only(self.ask_entry(
            &question,
            choices.iter().map(|choice| Entry::plain(choice)).collect(),
            default,
            None,
        )?)?;
        Ok(choices.iter().position(|choice| *choice == chosen).unwrap_or_default())
    }

    /// Asks for one entry of a list, which typing searches; the answer is its value. With `own`, what was
    /// typed may be the answer itself: `own` makes it one, or says why it cannot be.
    pub fn ask_entry(
        &self,
        question: &Question,
        entries: Vec<Entry>,
        default: Option<usize>,
        own: Option<Own<'_>>,
    ) -> Result<Reply<String>, Failure> {
        let list = List::one(question, entries, default, own);
        let reply = screen::run(list, self.colour, self.width)?;
        Ok(reply.map(|mut values| values.pop().unwrap_or_default()))
    }

    /// Asks for any number of entries; the answers are their values, in the order of the list.
    pub fn ask_entries(
        &self,
        question: &Question,
        entries: Vec<Entry>,
        chosen: &[String],
        own: Option<Own<'_>>,
        check: &dyn Fn(&[String]) -> Result<(), String>,
    ) -> Result<Reply<Vec<String>>, Failure> {
        let list = List::several(question, entries, chosen, own, check);
        screen::run(list, self.colour, self.width)
    }
}

/// The answer to a question that cannot be left backwards.
fn only<T>(reply: Reply<T>) -> Result<T, Failure> {
    match reply {
        Reply::Given(answer) => Ok(answer),
        Reply::Back => Err(Failure::usage("there is no question before this one")),
    }
}
