//! `platform new [TEMPLATE]` and its short forms.

mod answers;
mod candidates;
mod keeping;
mod remote;

use std::path::PathBuf;
use std::sync::Arc;

use serde_json::{Map, Value};

use super::session::{Place, Session};
use super::{Output, central, external, submit};
use crate::diagnostic::Severity;
use crate::error::{Exit, Failure};
use crate::ops::new::{self, Prepared};
use crate::ops::recover::Key;
use crate::ops::submit::{Sending, fetch_base, request_of};
use crate::ops::{edit, rendered, templates, whoami};
use crate::output::progress::Steps;
use crate::output::prompt::Prompt;
use crate::output::{Text, diagnostics};
use crate::scaffolder;
use answers::Asking;
use candidates::FromCatalog;
use keeping::Keeping;

/// `new TEMPLATE`.
#[derive(Debug, clap::Args)]
pub(super) struct NewArguments {
    /// The template: a name that `platform templates list` shows, a folder (`../folder`), or an address:
    /// `https://host/owner/name//folder@ref`
    template: Option<String>,
    #[command(flatten)]
    arguments: Arguments,
}

#[derive(Debug, clap::Args)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag")]
pub(super) struct Arguments {
    /// Answer a parameter; may be given many times. `a.b=c` reaches into mappings
    #[arg(long = "set", value_name = "NAME=VALUE")]
    set: Vec<String>,
    /// Read answers from a YAML or JSON file, or from standard input with `-`
    #[arg(long, value_name = "FILE")]
    answers: Option<PathBuf>,
    /// Take up the answers of the last run again, which failed or was interrupted
    #[arg(long)]
    recover: bool,
    /// Run the template on the Backstage of `backstage.url`, in place of here
    #[arg(long, conflicts_with_all = ["overwrite", "submit"])]
    remote: bool,
    /// The central repository, by its address: no clone of it is needed with --submit
    #[arg(long, value_name = "URL")]
    repository: Option<String>,
    /// Agree to run a template from outside at this commit, which `new` shows; 7 digits are enough
    #[arg(long, value_name = "COMMIT")]
    trust: Option<String>,
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
    if arguments.arguments.remote {
        return remote::run(arguments.template.as_deref(), &arguments.arguments, session);
    }
    let name = match &arguments.template {
        Some(name) => name.clone(),
        None if arguments.arguments.recover => last(session)?,
        None => choose(session)?,
    };
    run_template(&name, &arguments.arguments, session)
}

/// The template of the last run here that came to nothing.
fn last(session: &Session) -> Result<String, Failure> {
    let folder = session.place()?.root.display().to_string();
    let store = keeping::store(session)?;
    let fits = |key: &Key| key.folder == folder && key.backstage.is_none();
    let kept = store.and_then(|store| store.newest(fits));
    kept.map(|kept| kept.key.template).ok_or_else(|| keeping::nothing_kept(&folder))
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
    if arguments.remote {
        return remote::run(Some(name), arguments, session);
    }
    let place =
        central::place(session, arguments.repository.as_deref(), arguments.submit || arguments.dry_run)?;
    let available = external::template(session, &place.root, name, arguments.trust.as_deref())?;
    let template = templates::with_types(available.usable()?, Some(&place.root))?;
    let template = &*template;
    new::check_plan(name, template)?;
    let now = session.environment.now()?;
    let validation = place.validation(now);
    let catalog = place.catalog(now);
    let user =
        session.identity(place.repository.as_ref()).ok().and_then(|who| whoami::user(&catalog, &who.email));
    let keeping = Keeping::new(session, here(name, &place))?;
    let folders = candidates::folders(&place, session.environment.directory());
    let candidates = FromCatalog { catalog: &catalog, user: user.as_ref(), place: Some(&place), folders };
    let asking = Asking { name, template, arguments, session, keeping: &keeping, candidates: &candidates };
    let answers = asking.answers()?;
    let (parameters, secrets) = scaffolder::split_secrets(template, &answers.all);
    let prepared = new::prepare(&new::Request {
        root: &place.root,
        template,
        skeleton: &*available.skeleton,
        answers: &parameters,
        secrets: &secrets,
        catalog: &catalog,
        user: user.clone(),
        validation,
        layout: place.own_layout()?,
    });
    let prepared = prepared.map_err(|failure| keeping.advise(failure))?;
    if answers.asked {
        tell_equivalent(&asking, &answers.all);
    }
    let ended = finish(&prepared, arguments, session, &place);
    settle(ended, &keeping, arguments, session)
}

/// What a run here is about.
fn here(name: &str, place: &Place) -> Key {
    Key { template: name.to_owned(), folder: place.root.display().to_string(), backstage: None }
}

/// Shows the command that needs no questions.
fn tell_equivalent(asking: &Asking<'_>, answers: &Map<String, Value>) {
    let (command, left_out) = asking.equivalent(answers);
    let mut text = Text::new().plain("\nthe same without questions:\n  ").plain(command).end();
    if !left_out.is_empty() {
        let names = left_out.join(", ");
        text.line(format!("  and the secrets, which are not shown, from a file: --answers FILE ({names})"));
    }
    asking.session.console.note(text);
}

/// Forgets the answers when they have become something, and tells how to go on when not.
fn settle(
    ended: Result<Exit, Failure>,
    keeping: &Keeping,
    arguments: &Arguments,
    session: &Session,
) -> Result<Exit, Failure> {
    match ended {
        Ok(Exit::Fine) if !arguments.dry_run => {
            // What stays behind is forgotten by itself in time; the work is done.
            let _ = keeping.forget();
        }
        Ok(_) => {
            if let Some(command) = keeping.advice() {
                session.console.note(format!("your answers are kept, take them up again: {command}\n"));
            }
        }
        Err(_) => {}
    }
    ended.map_err(|failure| keeping.advise(failure))
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

/// A word as a POSIX shell reads it.
pub(super) fn quoted(word: &str) -> String {
    let plain = |c: char| {
        c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '=' | '.' | '/' | ':' | ',' | '@' | '+')
    };
    if word.chars().all(plain) { word.to_owned() } else { format!("'{}'", word.replace('\'', r"'\''")) }
}
