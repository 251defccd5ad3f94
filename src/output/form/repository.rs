//! Where a repository will be, part by part.

use serde_json::Value;

use super::Form;
use crate::error::Failure;
use crate::output::prompt::{Entry, Question, Reply};
use crate::scaffolder::{Field, RepoPart, RepoPlace, RepoUrl};

/// The host where nothing says another.
const USUAL_HOST: &str = "github.com";

impl Form<'_> {
    /// Host, then the parts that its forge has. What only has one value is not asked for.
    pub(super) fn repository(
        &self,
        field: &Field,
        picker: &RepoUrl,
        back: bool,
    ) -> Result<Reply<Value>, Failure> {
        let earlier = field.default.as_ref().and_then(Value::as_str).and_then(RepoPlace::parse);
        let here = self.candidates.repository();
        let start = earlier.clone().or_else(|| here.clone()).unwrap_or_default();
        let mut hosts: Vec<String> = picker.hosts.clone();
        hosts.sort();
        'host: loop {
            let usual = if start.host.is_empty() { USUAL_HOST } else { &start.host };
            let question = part_question(field, "host", Some(usual), true, back);
            let host = match self.listed(&question, &hosts)? {
                Reply::Given(host) => host,
                Reply::Back => return Ok(Reply::Back),
            };
            let parts = picker.parts(&host);
            let mut place = RepoPlace { host, ..RepoPlace::default() };
            let mut index = 0;
            let mut asked: Vec<usize> = Vec::new();
            while let Some(part) = parts.get(index) {
                let known = earlier.as_ref().filter(|earlier| earlier.host == place.host);
                let known = known.and_then(|known| known.parts.get(part)).or_else(|| {
                    let here =
                        here.as_ref().filter(|here| here.host == place.host && *part != RepoPart::Repo);
                    here.and_then(|here| here.parts.get(part))
                });
                let needed = *part != RepoPart::Organization;
                let question = part_question(field, part.name(), known.map(String::as_str), needed, true);
                let allowed = picker.allowed(*part);
                match self.listed(&question, allowed)? {
                    Reply::Given(value) => {
                        if allowed.len() != 1 {
                            asked.push(index);
                        }
                        if !value.is_empty() {
                            place.parts.insert(*part, value);
                        }
                        index += 1;
                    }
                    Reply::Back => match asked.pop() {
                        Some(before) => index = before,
                        None if hosts.len() == 1 => return Ok(Reply::Back),
                        None => continue 'host,
                    },
                }
            }
            return Ok(Reply::Given(Value::String(place.to_string())));
        }
    }

    /// One of the values, or any text where none is listed.
    fn listed(&self, question: &Question, allowed: &[String]) -> Result<Reply<String>, Failure> {
        match allowed {
            [] => self.prompt.ask(question, &|text| no_blank(text)),
            [only] => Ok(Reply::Given(only.clone())),
            several => {
                let at = several.iter().position(|value| Some(value) == question.default.as_ref());
                self.prompt.ask_entry(
                    question,
                    several.iter().map(|value| Entry::plain(value)).collect(),
                    at,
                    None,
                )
            }
        }
    }
}

/// The question for one part of the place.
fn part_question(field: &Field, part: &str, default: Option<&str>, needed: bool, back: bool) -> Question {
    Question {
        title: format!("{} ({part})", field.title),
        default: default.map(str::to_owned),
        example: None,
        optional: !needed,
        back,
        passing: false,
    }
}

fn no_blank(text: &str) -> Result<(), String> {
    if text.contains(char::is_whitespace) { Err("must not have blanks".to_owned()) } else { Ok(()) }
}
