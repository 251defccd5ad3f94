//! Answers from flags, a file, an earlier run and questions, complete and checked.

use serde_json::{Map, Value};

use super::super::session::Session;
use super::keeping::Keeping;
use super::{Arguments, quoted};
use crate::error::Failure;
use crate::ops::file_failure;
use crate::output::diagnostics;
use crate::output::form::{self, Candidates, Known};
use crate::scaffolder::{self, Template, Wrong};

/// What answers are wanted for.
pub(super) struct Asking<'a> {
    pub(super) name: &'a str,
    pub(super) template: &'a Template,
    pub(super) arguments: &'a Arguments,
    pub(super) session: &'a Session,
    pub(super) keeping: &'a Keeping,
    pub(super) candidates: &'a dyn Candidates,
}

/// All answers.
pub(super) struct Answers {
    /// With their defaults, and secrets as they are.
    pub(super) all: Map<String, Value>,
    /// Whether somebody was asked.
    pub(super) asked: bool,
}

impl Asking<'_> {
    /// Collects the answers, and asks for those that are missing.
    pub(super) fn answers(&self) -> Result<Answers, Failure> {
        let mut given = from_file(self.arguments, self.session)?;
        let set = self.arguments.set.iter().map(String::as_str);
        let (set, flags) = scaffolder::from_set(self.template, set);
        given.extend(set);
        let kept = if self.arguments.recover { self.keeping.recover()?.answers } else { Map::new() };
        let known = sorted(self.template, given, kept);
        let answers = together(&known);
        let complete = scaffolder::with_defaults(self.template, &answers);
        let mut wrong = scaffolder::check_as_form(self.template, &complete);
        // What nobody answered yet can be asked for, also where its default does not do.
        let can_ask = self.session.console.can_ask()
            && flags.is_empty()
            && wrong.iter().all(|wrong| wrong.missing || !answers.contains_key(first(&wrong.path)));
        wrong.retain(|wrong| !flags.iter().any(|flag| flag.path == wrong.path));
        wrong.splice(0..0, flags);
        if wrong.is_empty() && !(can_ask && self.arguments.recover) {
            return Ok(Answers { all: complete, asked: false });
        }
        if !can_ask {
            return Err(self.unanswered(&wrong));
        }
        let keep = |answers: &Map<String, Value>| self.keeping.save(self.template, answers);
        let asked = form::ask(&self.session.console, self.template, known, self.candidates, &keep);
        let complete = asked.map_err(|failure| self.keeping.advise(failure))?;
        let wrong = scaffolder::check_as_form(self.template, &complete);
        if wrong.is_empty() {
            return Ok(Answers { all: complete, asked: true });
        }
        Err(self.keeping.advise(self.unanswered(&wrong)))
    }

    /// Everything that is missing or wrong at once, each with its flag.
    fn unanswered(&self, wrong: &[Wrong]) -> Failure {
        let missing = wrong.iter().all(|wrong| wrong.missing);
        let what = if missing { "some answers are missing" } else { "some answers are not right" };
        let mut failure = Failure::usage(what);
        for wrong in wrong {
            let mut line =
                if wrong.missing { wrong.flag.clone() } else { format!("{}: {}", wrong.path, wrong.message) };
            if !wrong.allowed.is_empty() {
                line = format!("{line}  (one of {})", wrong.allowed.join(", "));
            }
            if let Some(meant) = &wrong.suggestion {
                line = format!("{line}; did you mean {meant}?");
            }
            failure = failure.because(line);
        }
        let flags: Vec<&str> =
            wrong.iter().filter(|wrong| wrong.missing).map(|wrong| wrong.flag.as_str()).collect();
        if flags.is_empty() {
            return failure;
        }
        let remote = if self.arguments.remote { "--remote " } else { "" };
        failure.hint(format!("platform new {remote}{} {}", quoted(self.name), flags.join(" ")))
    }

    /// The command that gives the same answers without questions, and the paths of the answers that are
    /// not in it because they are secret.
    pub(super) fn equivalent(&self, answers: &Map<String, Value>) -> (String, Vec<String>) {
        let (shown, left_out) = scaffolder::without_secrets(self.template, answers);
        let defaults = scaffolder::with_defaults(self.template, &Map::new());
        let flag = |(key, value): (&String, &Value)| {
            let text = match value {
                Value::String(text) => text.clone(),
                other => other.to_string(),
            };
            format!("--set {}", quoted(&format!("{key}={text}")))
        };
        let chosen = shown.iter().filter(|(key, value)| defaults.get(*key) != Some(*value));
        let mut words = vec![format!("platform new {} --no-input", quoted(self.name))];
        let switches = [
            (self.arguments.remote, "--remote"),
            (self.arguments.dry_run, "--dry-run"),
            (self.arguments.overwrite, "--overwrite"),
            (self.arguments.submit, "--submit"),
        ];
        words.extend(switches.iter().filter(|(set, _)| *set).map(|(_, word)| (*word).to_owned()));
        words.extend(chosen.map(flag));
        (words.join(" "), left_out)
    }
}

/// What is known, with kept answers that the template does not take any more set apart.
fn sorted(template: &Template, given: Map<String, Value>, kept: Map<String, Value>) -> Known {
    let mut known = Known { given, kept, earlier: Map::new() };
    known.kept.retain(|name, _| !known.given.contains_key(name));
    let complete = scaffolder::with_defaults(template, &together(&known));
    for wrong in scaffolder::check_as_form(template, &complete) {
        let name = first(&wrong.path);
        if let Some(answer) = known.kept.shift_remove(name) {
            known.earlier.insert(name.to_owned(), answer);
        }
    }
    known
}

/// The answers that are known, without the questions that were answered with nothing.
fn together(known: &Known) -> Map<String, Value> {
    let kept = known.kept.iter().filter(|(_, answer)| !answer.is_null());
    kept.chain(&known.given).map(|(name, answer)| (name.clone(), answer.clone())).collect()
}

/// The name of the parameter that a path leads into.
fn first(path: &str) -> &str {
    path.split('.').next().unwrap_or(path)
}

fn from_file(arguments: &Arguments, session: &Session) -> Result<Map<String, Value>, Failure> {
    let Some(file) = &arguments.answers else { return Ok(Map::new()) };
    let text = if file.as_os_str() == "-" {
        let bytes = crate::fs::read_stdin().map_err(|error| file_failure(&error))?;
        String::from_utf8_lossy(&bytes).into_owned()
    } else {
        let path = session.environment.directory().join(file);
        crate::fs::read_text(&path).map_err(|error| file_failure(&error))?
    };
    let mut sources = crate::source::Sources::default();
    let source = sources.add(file.display().to_string(), Some(text.as_str().into()));
    let (tree, findings) = crate::yaml::parse(source, &text);
    if !findings.is_empty() {
        diagnostics::print_to_stderr(&session.console, &sources, &findings);
        return Err(Failure::usage("the file of answers is not right").hint("mend the places above"));
    }
    let root = tree.documents(&text).find_map(|document| document.root()).map(crate::yaml::Node::to_json);
    match root {
        None | Some(Value::Null) => Ok(Map::new()),
        Some(Value::Object(answers)) => Ok(answers),
        Some(_) => Err(Failure::usage("the file of answers must be a mapping of names to values")),
    }
}
