//! The parameters of a template as questions, page by page, with a way back.
//!
//! Each answer may open or close other questions: they are worked out again after each. Esc leads to
//! the question before, across pages, with its answer as the default. At the end all answers are shown,
//! and any can be changed before the template runs.

mod field;
mod repository;
mod review;

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};

use super::prompt::{Prompt, Reply};
use super::{Console, Style, Text};
use crate::error::Failure;
use crate::scaffolder::{EntityPicker, Field, Kind, Page, RepoPlace, TagsPicker, Template, with_defaults};
use review::Verdict;

/// Where the answers to pickers come from.
pub trait Candidates {
    /// The entities that a picker offers, sorted by their refs.
    fn entities(&self, picker: &EntityPicker) -> Vec<Offer>;
    /// The tags that a picker offers and how many entities have each, sorted.
    fn tags(&self, picker: &TagsPicker) -> Vec<(String, usize)>;
    /// The repository that the user works in.
    fn repository(&self) -> Option<RepoPlace>;
    /// The answer that is likely right for a field, if something about the user tells it.
    fn likely(&self, field: &Field) -> Option<Value>;
}

/// An entity that a picker offers.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Offer {
    /// Its ref.
    pub reference: String,
    /// Its title, where it has one.
    pub title: Option<String>,
}

/// What is known before the first question.
#[derive(Clone, Debug, Default)]
pub struct Known {
    /// Answers that were given: not asked for again.
    pub given: Map<String, Value>,
    /// Answers of an earlier run that still fit: not asked for again, but the way back leads to them.
    /// Null stands for a question that was answered with nothing.
    pub kept: Map<String, Value>,
    /// Answers of an earlier run to start from where they are asked for again.
    pub earlier: Map<String, Value>,
}

/// Asks for everything that is not known, and returns all answers. `keep` is handed the answers so far
/// after each, secrets included, and null for each question that was answered with nothing.
pub fn ask(
    console: &Console,
    template: &Template,
    known: Known,
    candidates: &dyn Candidates,
    keep: &dyn Fn(&Map<String, Value>),
) -> Result<Map<String, Value>, Failure> {
    let asked = known.kept.keys().filter(|name| !known.given.contains_key(*name)).cloned().collect();
    let (skipped, mut answers): (Map<String, Value>, _) =
        known.kept.into_iter().partition(|(_, answer)| answer.is_null());
    answers.extend(known.given);
    let course = Course {
        form: Form { console, prompt: Prompt::new(console), candidates },
        template,
        answers,
        earlier: known.earlier,
        skipped: skipped.into_iter().map(|(name, _)| name).collect(),
        asked,
        page: None,
        keep,
    };
    course.run()
}

/// Asks one question at a time.
struct Form<'a> {
    console: &'a Console,
    prompt: Prompt,
    candidates: &'a dyn Candidates,
}

/// The way through the form so far.
struct Course<'a> {
    form: Form<'a>,
    template: &'a Template,
    answers: Map<String, Value>,
    /// Answers that were taken back: the defaults when they are asked for again.
    earlier: Map<String, Value>,
    /// Questions that were answered with nothing.
    skipped: BTreeSet<String>,
    /// The questions that were asked, in their order.
    asked: Vec<String>,
    /// The page whose heading was shown last.
    page: Option<usize>,
    keep: &'a dyn Fn(&Map<String, Value>),
}

impl Course<'_> {
    fn run(mut self) -> Result<Map<String, Value>, Failure> {
        loop {
            while let Some((page, field)) = self.next() {
                self.head(page);
                match self.form.field(&field, !self.asked.is_empty())? {
                    Reply::Given(answer) => self.answer(&field.name, answer),
                    Reply::Back => self.back(),
                }
            }
            self.prune();
            match self.form.review(self.template, &self.all())? {
                Verdict::Right => return Ok(self.all()),
                Verdict::Change(name) => self.change(&name),
                Verdict::Back => self.back(),
            }
        }
    }

    /// The answers with the defaults under them.
    fn all(&self) -> Map<String, Value> {
        with_defaults(self.template, &self.answers)
    }

    /// The first question that is open, with what it starts from as its default.
    fn next(&self) -> Option<(usize, Field)> {
        let answers = self.all();
        let open = |field: &Field| {
            let closed = field.hidden || field.read_only;
            !closed && !self.answers.contains_key(&field.name) && !self.skipped.contains(&field.name)
        };
        let on_page = |(index, page): (usize, &Page)| {
            let field = page.fields(&answers).into_iter().find(|field| open(field))?;
            Some((index, field))
        };
        let (page, mut field) = self.template.parameters().iter().enumerate().find_map(on_page)?;
        let earlier = self.earlier.get(&field.name).cloned();
        field.default = earlier.or(field.default.take()).or_else(|| self.form.candidates.likely(&field));
        Some((page, field))
    }

    fn answer(&mut self, name: &str, answer: Value) {
        if answer.is_null() {
            self.skipped.insert(name.to_owned());
        } else {
            self.answers.insert(name.to_owned(), answer);
        }
        self.asked.push(name.to_owned());
        let mut answers = self.answers.clone();
        answers.extend(self.skipped.iter().map(|name| (name.clone(), Value::Null)));
        (self.keep)(&answers);
    }

    fn back(&mut self) {
        if let Some(name) = self.asked.pop() {
            self.take_back(&name);
        }
        // The heading is shown again, so that it is seen where one is.
        self.page = None;
    }

    fn take_back(&mut self, name: &str) {
        self.skipped.remove(name);
        if let Some(answer) = self.answers.shift_remove(name) {
            self.earlier.insert(name.to_owned(), answer);
        }
    }

    /// Takes an answer back, and those to questions that are others without it.
    fn change(&mut self, name: &str) {
        let kinds = |answers: &Map<String, Value>| -> BTreeMap<String, Kind> {
            let fields = self.template.parameters().iter().flat_map(|page| page.fields(answers));
            fields.map(|field| (field.name, field.kind)).collect()
        };
        let before = kinds(&self.all());
        let mut answers = self.answers.clone();
        answers.shift_remove(name);
        let after = kinds(&with_defaults(self.template, &answers));
        let is_other = |asked: &String| {
            asked == name || after.get(asked).is_some_and(|kind| before.get(asked) != Some(kind))
        };
        let (others, asked) = std::mem::take(&mut self.asked).into_iter().partition(is_other);
        self.asked = asked;
        for other in Vec::<String>::into_iter(others) {
            self.take_back(&other);
        }
    }

    /// Drops answers to questions that a later answer has closed.
    fn prune(&mut self) {
        let answers = self.all();
        let pages = self.template.parameters().iter();
        let open: BTreeSet<String> =
            pages.flat_map(|page| page.fields(&answers)).map(|field| field.name).collect();
        let closed: Vec<String> = self.asked.iter().filter(|name| !open.contains(*name)).cloned().collect();
        for name in closed {
            self.take_back(&name);
            self.asked.retain(|asked| *asked != name);
        }
    }

    fn head(&mut self, page: usize) {
        if self.page == Some(page) {
            return;
        }
        self.page = Some(page);
        let pages = self.template.parameters();
        let Some(shown) = pages.get(page) else { return };
        let mut text = Text::new().end();
        text.push(Style::Strong, shown.title.as_deref().unwrap_or("Parameters"));
        let counted =
            if pages.len() > 1 { format!("{} of {}, ", page + 1, pages.len()) } else { String::new() };
        text.push(Style::Dim, format!("  ({counted}esc goes back)"));
        text.line("");
        if let Some(description) = &shown.description {
            text.append(self.form.paragraph(Style::Plain, description));
        }
        for field in shown.fields(&self.all()).iter().filter(|field| field.read_only && !field.hidden) {
            if let Some(value) = self.all().get(&field.name) {
                text.line(format!("{}: {} (fixed)", field.title, review::shown(field, value)));
            }
        }
        self.form.console.note(text);
    }
}

impl Form<'_> {
    /// Prose in lines that fit, indented.
    fn paragraph(&self, style: Style, prose: &str) -> Text {
        let mut text = Text::new();
        for paragraph in prose.trim().lines() {
            for line in super::text::wrapped(paragraph, self.console.width().saturating_sub(3)) {
                text.push(style, format!("  {line}\n"));
            }
        }
        text
    }
}
