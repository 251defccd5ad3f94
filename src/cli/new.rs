//! `platform new [TEMPLATE]` and its short forms.

use std::path::PathBuf;
use std::sync::Arc;

use serde_json::{Map, Value};

use super::session::{Place, Session};
use super::{Output, submit};
use crate::catalog::Catalog;
use crate::diagnostic::Severity;
use crate::error::{Exit, Failure};
use crate::ops::new::{self, Prepared};
use crate::ops::submit::{Sending, fetch_base, request_of};
use crate::ops::{edit, file_failure, rendered, templates, whoami};
use crate::output::form::{self, Candidates};
use crate::output::progress::Steps;
use crate::output::prompt::Prompt;
use crate::output::{Text, diagnostics};
use crate::scaffolder::{self, EntityPicker, Field, Kind, Template, User, Wrong};

/// `new TEMPLATE`.
#[derive(Debug, clap::Args)]
pub(super) struct NewArguments {
    /// The template: `platform templates list` shows them
    template: Option<String>,
    #[command(flatten)]
    arguments: Arguments,
}

#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// Answer a parameter; may be given many times. `a.b=c` reaches into mappings
    #[arg(long = "set", value_name = "NAME=VALUE")]
    set: Vec<String>,
    /// Read answers from a YAML or JSON file, or from standard input with `-`
    #[arg(long, value_name = "FILE")]
    answers: Option<PathBuf>,
    /// Only show what would be written
    #[arg(long)]
    dry_run: bool,
    /// Replace files that are there
    #[arg(long)]
    overwrite: bool,
    /// Write nothing here: open the pull request at once
    #[arg(long)]
    submit: bool,
    /// Format of the answer
    #[arg(short, long, value_enum, default_value_t)]
    output: Output,
}

pub(super) fn run(arguments: &NewArguments, session: &Session) -> Result<Exit, Failure> {
    let name = match &arguments.template {
        Some(name) => name.clone(),
        None => choose(session)?,
    };
    run_template(&name, &arguments.arguments, session)
}

/// Asks for a template.
fn choose(session: &Session) -> Result<String, Failure> {
    if !session.console.can_ask() {
        return Err(Failure::usage("which template? there is nobody to ask")
            .hint("platform new TEMPLATE; `platform templates list` shows them"));
    }
    let root = session.place_if_any()?.map(|place| place.root);
    let all = templates::available(root.as_deref())?;
    let labels: Vec<String> = all
        .iter()
        .map(|available| {
            match available.template.as_ref().ok().and_then(|template| template.title.as_deref()) {
                Some(title) => format!("{}: {title}", available.name),
                None => available.name.clone(),
            }
        })
        .collect();
    let chosen = Prompt::new(&session.console).choose("What do you need?", &labels, None)?;
    all.get(chosen)
        .map(|available| available.name.clone())
        .ok_or_else(|| Failure::usage("there is no template"))
}

/// Runs the template of this name.
pub(super) fn run_template(name: &str, arguments: &Arguments, session: &Session) -> Result<Exit, Failure> {
    let place = session.place()?;
    let available = templates::named(Some(&place.root), name)?;
    let template = available.usable()?;
    new::check_plan(template)?;
    let now = session.environment.now()?;
    let validation = place.validation(now);
    let catalog = place.catalog(now);
    let user =
        session.identity(place.repository.as_ref()).ok().and_then(|who| whoami::user(&catalog, &who.email));
    let (answers, asked) = answers(name, template, arguments, session, &catalog, user.as_ref())?;
    let prepared = new::prepare(&new::Request {
        root: &place.root,
        template,
        skeleton: &*available.skeleton,
        answers: &answers,
        catalog: &catalog,
        user,
        validation,
    })?;
    if asked {
        let command = equivalent(name, template, &answers);
        session.console.note(Text::new().plain("\nthe same without questions:\n  ").plain(command).end());
    }
    finish(&prepared, arguments, session, &place)
}

/// All answers, complete and checked, and whether somebody was asked.
fn answers(
    name: &str,
    template: &Template,
    arguments: &Arguments,
    session: &Session,
    catalog: &Catalog,
    user: Option<&User>,
) -> Result<(Map<String, Value>, bool), Failure> {
    let mut given = from_file(arguments, session)?;
    let (set, mut wrong) = scaffolder::from_set(template, arguments.set.iter().map(String::as_str));
    given.extend(set);
    let complete = scaffolder::with_defaults(template, &given);
    wrong.extend(scaffolder::check(template, &complete));
    if wrong.is_empty() && !session.console.can_ask() {
        return Ok((complete, false));
    }
    let can_ask = session.console.can_ask() && wrong.iter().all(|wrong| wrong.missing);
    if !can_ask {
        return Err(unanswered(name, &wrong));
    }
    let candidates = FromCatalog { catalog, user };
    let complete = form::ask(&session.console, template, &given, &candidates)?;
    let wrong = scaffolder::check(template, &complete);
    if wrong.is_empty() { Ok((complete, true)) } else { Err(unanswered(name, &wrong)) }
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

/// Everything that is missing or wrong at once, each with its flag.
fn unanswered(name: &str, wrong: &[Wrong]) -> Failure {
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
    if flags.is_empty() { failure } else { failure.hint(format!("platform new {name} {}", flags.join(" "))) }
}

/// Shows what is wrong, then writes, submits, or only shows what would be written.
fn finish(
    prepared: &Prepared,
    arguments: &Arguments,
    session: &Session,
    place: &Place,
) -> Result<Exit, Failure> {
    let console = &session.console;
    for warning in &prepared.warnings {
        console.warn(&format!("{} {}", warning.pointer, warning.message));
    }
    diagnostics::print_to_stderr(console, &prepared.report.sources, &prepared.report.findings);
    if prepared.report.findings.iter().any(|found| found.severity == Severity::Error) {
        return Err(Failure::new(Exit::No, "nothing was written: the files would have errors")
            .hint("give other answers, or mend the template"));
    }
    if arguments.dry_run {
        crate::output::new::print(
            console,
            arguments.output.into(),
            prepared,
            crate::output::new::Done::Nothing,
        )?;
        return Ok(Exit::Fine);
    }
    consent(prepared, arguments, session)?;
    if arguments.submit {
        return send(prepared, arguments, session, place);
    }
    new::write(&place.root, &prepared.files)?;
    crate::output::new::print(console, arguments.output.into(), prepared, crate::output::new::Done::Written)?;
    Ok(Exit::Fine)
}

/// Files that are there are replaced only after their difference was shown and agreed to.
fn consent(prepared: &Prepared, arguments: &Arguments, session: &Session) -> Result<(), Failure> {
    let is_by_hand = |file: &&new::NewFile| !rendered::holds(&file.path);
    let replaced: Vec<_> = prepared.files.iter().filter(|file| file.replaces()).filter(is_by_hand).collect();
    if replaced.is_empty() || arguments.overwrite {
        return Ok(());
    }
    for file in &replaced {
        session.console.note(crate::output::new::difference(file));
    }
    if session.console.can_ask() && Prompt::new(&session.console).confirm("Replace what is there?", false)? {
        return Ok(());
    }
    let names: Vec<&str> = replaced.iter().map(|file| file.path.as_str()).collect();
    Err(Failure::new(Exit::No, "nothing was written: there are other files already")
        .because(names.join(", "))
        .hint("choose another name, or add --overwrite"))
}

fn send(
    prepared: &Prepared,
    arguments: &Arguments,
    session: &Session,
    place: &Place,
) -> Result<Exit, Failure> {
    let progress = Arc::new(Steps::new(&session.console));
    let base_commit = fetch_base(place.repository()?, place.settings.remote(), place.settings.base())?;
    let repository = place.repository()?;
    let ours = prepared.files.iter().filter(|file| rendered::holds(&file.path));
    edit::check_base(repository, &base_commit, ours.filter(|file| file.before.is_some()))?;
    let request = request_of(repository, &base_commit, &prepared.files)?;
    let sending = Sending { request, base_commit, draft: false, dry_run: false };
    submit::send(session, place, &sending, arguments.output, progress)
}

/// The command that gives the same answers without questions.
fn equivalent(name: &str, template: &Template, answers: &Map<String, Value>) -> String {
    let defaults = scaffolder::with_defaults(template, &Map::new());
    let flag = |(key, value): (&String, &Value)| {
        let text = match value {
            Value::String(text) => text.clone(),
            other => other.to_string(),
        };
        format!("--set {}", quoted(&format!("{key}={text}")))
    };
    let chosen = answers.iter().filter(|(key, value)| defaults.get(*key) != Some(*value));
    let words = [format!("platform new {name} --no-input")].into_iter().chain(chosen.map(flag));
    words.collect::<Vec<_>>().join(" ")
}

/// A word as a POSIX shell reads it.
fn quoted(word: &str) -> String {
    let plain = |c: char| {
        c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '=' | '.' | '/' | ':' | ',' | '@' | '+')
    };
    if word.chars().all(plain) { word.to_owned() } else { format!("'{}'", word.replace('\'', r"'\''")) }
}

/// Answers to pickers from the catalog of the repository.
struct FromCatalog<'a> {
    catalog: &'a Catalog,
    user: Option<&'a User>,
}

impl Candidates for FromCatalog<'_> {
    fn entities(&self, picker: &EntityPicker) -> Vec<String> {
        let fits = |entity: &&crate::entity::Entity| {
            self.catalog.value_of(entity).is_some_and(|value| picker.matches(&value))
        };
        let mut found: Vec<String> =
            self.catalog.entities().filter(fits).map(|entity| entity.reference.to_string()).collect();
        found.sort();
        found.dedup();
        found
    }

    fn likely(&self, field: &Field) -> Option<Value> {
        match &field.kind {
            Kind::Owner(_) => {
                let group = whoami::groups(self.catalog, self.user?).into_iter().next()?;
                Some(Value::String(group.to_string()))
            }
            _ => None,
        }
    }
}
