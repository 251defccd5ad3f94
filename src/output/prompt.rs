//! Questions to the user, on stderr, so that stdout stays a result.
//!
//! Every question has a flag; callers ask only where [`Console::can_ask`] says so.

use std::io;

use dialoguer::theme::{ColorfulTheme, SimpleTheme, Theme};
use dialoguer::{Confirm, FuzzySelect, Input, MultiSelect, Password, Select};

use super::console::Console;
use super::text::clean;
use crate::error::{Exit, Failure};

/// From how many choices on a list is searched by typing.
const SEARCH_FROM: usize = 8;

/// Asks questions.
pub struct Prompt {
    theme: Box<dyn Theme>,
}

impl Prompt {
    /// Questions in the console's style.
    pub fn new(console: &Console) -> Self {
        super::console::mend_terminal_on_interrupt();
        let theme: Box<dyn Theme> =
            if console.has_colour() { Box::new(ColorfulTheme::default()) } else { Box::new(SimpleTheme) };
        Self { theme }
    }

    /// Asks for a text. `check` says what is wrong with an answer; it is asked again then.
    pub fn text(
        &self,
        question: &str,
        default: Option<&str>,
        may_be_empty: bool,
        check: impl Fn(&str) -> Result<(), String>,
    ) -> Result<String, Failure> {
        let mut input =
            Input::<String>::with_theme(&*self.theme).with_prompt(clean(question)).allow_empty(may_be_empty);
        if let Some(default) = default {
            input = input.default(default.to_owned());
        }
        let checked = move |answer: &String| check(answer);
        input.validate_with(checked).interact_text().map_err(|error| ended(&error))
    }

    /// Asks for something that must not be seen.
    pub fn secret(&self, question: &str) -> Result<String, Failure> {
        Password::with_theme(&*self.theme)
            .with_prompt(clean(question))
            .interact()
            .map_err(|error| ended(&error))
    }

    /// Asks yes or no.
    pub fn confirm(&self, question: &str, default: bool) -> Result<bool, Failure> {
        let asked =
            Confirm::with_theme(&*self.theme).with_prompt(clean(question)).default(default).interact();
        asked.map_err(|error| ended(&error))
    }

    /// Asks for one of several; the answer is its index. A long list is searched by typing.
    pub fn choose(
        &self,
        question: &str,
        choices: &[String],
        default: Option<usize>,
    ) -> Result<usize, Failure> {
        let shown: Vec<String> = choices.iter().map(|choice| clean(choice)).collect();
        let asked = if shown.len() >= SEARCH_FROM {
            let select = FuzzySelect::with_theme(&*self.theme)
                .with_prompt(clean(question))
                .items(&shown)
                .max_length(12);
            select.default(default.unwrap_or(0)).interact()
        } else {
            let select = Select::with_theme(&*self.theme).with_prompt(clean(question)).items(&shown);
            select.default(default.unwrap_or(0)).interact()
        };
        asked.map_err(|error| ended(&error))
    }

    /// Asks for any number of several; the answers are their indices.
    pub fn choose_many(
        &self,
        question: &str,
        choices: &[String],
        chosen: &[bool],
    ) -> Result<Vec<usize>, Failure> {
        let shown: Vec<String> = choices.iter().map(|choice| clean(choice)).collect();
        let asked = MultiSelect::with_theme(&*self.theme)
            .with_prompt(format!("{} (space to choose, enter when done)", clean(question)))
            .items(&shown)
            .defaults(chosen)
            .interact();
        asked.map_err(|error| ended(&error))
    }
}

/// A question that got no answer: interrupted, or the terminal is gone.
fn ended(error: &dialoguer::Error) -> Failure {
    let dialoguer::Error::IO(error) = error;
    match error.kind() {
        io::ErrorKind::Interrupted => Failure::new(Exit::Interrupted, "interrupted; nothing was written"),
        _ => Failure::usage("cannot ask on this terminal")
            .because(error)
            .hint("give the answers as flags and add --no-input"),
    }
}
