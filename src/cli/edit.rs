//! `platform edit ENTITY`.

use std::sync::Arc;

use serde_json::Value;

use super::session::{Place, Session};
use super::{Output, entity, forge, submit};
use crate::entity::EntityRef;
use crate::error::{Exit, Failure};
use crate::ops::edit::{self, Change, Prepared};
use crate::ops::new;
use crate::ops::submit::{Sending, fetch_base};
use crate::output::diagnostics;
use crate::output::new::Done;
use crate::output::progress::Steps;
use crate::output::prompt::Prompt;
use crate::source::SourceId;
use crate::yaml::Kind;

#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// The entity: `[kind:][namespace/]name`
    entity: String,
    /// Give a field a value, as in `spec.owner=group:shop`; may be given many times. Values are YAML
    /// scalars, or JSON for lists and mappings; quote with `"` what shall be text
    #[arg(long = "set", value_name = "FIELD=VALUE")]
    set: Vec<String>,
    /// Remove a field, as in `metadata.title`; may be given many times
    #[arg(long = "unset", value_name = "FIELD")]
    unset: Vec<String>,
    #[command(flatten)]
    writing: Writing,
}

/// What commands that change entities do with the result.
#[derive(Debug, clap::Args)]
pub(super) struct Writing {
    /// Only show what would be written
    #[arg(long)]
    dry_run: bool,
    /// Write nothing here: open the pull request at once
    #[arg(long)]
    submit: bool,
    /// Format of the answer
    #[arg(short, long, value_enum, default_value_t)]
    output: Output,
}

pub(super) fn run(arguments: &Arguments, session: &Session) -> Result<Exit, Failure> {
    let changes = changes(arguments)?;
    let place = session.place()?;
    let now = session.environment.now()?;
    let catalog = place.catalog(now);
    let found = entity::find(&catalog, &arguments.entity)?;
    let prepared = edit::prepare(&edit::Request {
        root: &place.root,
        catalog: &catalog,
        changes: vec![(found, changes)],
        validation: place.validation(now),
    })?;
    finish(&prepared, &Purpose::default(), &arguments.writing, session, &place)
}

/// What the flags ask for; everything that is wrong with them at once.
fn changes(arguments: &Arguments) -> Result<Vec<Change>, Failure> {
    let mut changes = Vec::new();
    let mut wrong = Vec::new();
    for flag in &arguments.set {
        let change = flag
            .split_once('=')
            .ok_or_else(|| format!("--set {flag}: a value is missing, as in --set {flag}=VALUE"))
            .and_then(|(field, text)| {
                let place = pointer(field).ok_or_else(|| format!("--set {flag}: `{field}` is no field"))?;
                let value = value(text).map_err(|reason| format!("--set {flag}: {reason}"))?;
                Ok(Change::Set { pointer: place, value })
            });
        change.map_or_else(|reason| wrong.push(reason), |change| changes.push(change));
    }
    for field in &arguments.unset {
        match pointer(field) {
            Some(pointer) => changes.push(Change::Remove { pointer }),
            None => wrong.push(format!("--unset {field}: `{field}` is no field")),
        }
    }
    if !wrong.is_empty() {
        let failure = Failure::usage("some changes cannot be read");
        let failure = wrong.into_iter().fold(failure, Failure::because);
        return Err(failure.hint("write fields like spec.owner, or as JSON pointers like /spec/owner"));
    }
    if changes.is_empty() {
        return Err(Failure::usage("there is nothing to change").hint(format!(
            "platform edit {} --set spec.owner=group:NAME, or --unset FIELD",
            arguments.entity
        )));
    }
    Ok(changes)
}

/// A field as a JSON pointer. Fields are written with dots; `\.` is a dot in a name, and what follows
/// `metadata.labels.` and `metadata.annotations.` is one name: those have dots as a rule.
fn pointer(field: &str) -> Option<String> {
    if field.starts_with('/') {
        return Some(field.to_owned());
    }
    let mut parts = vec![String::new()];
    let mut chars = field.chars().peekable();
    while let Some(c) = chars.next() {
        let in_map = matches!(parts.as_slice(), [first, second, _] if first == "metadata" && matches!(second.as_str(), "labels" | "annotations"));
        match c {
            '\\' if chars.peek() == Some(&'.') => parts.last_mut()?.extend(chars.next()),
            '.' if !in_map => parts.push(String::new()),
            c => parts.last_mut()?.push(c),
        }
    }
    let is_name = |part: &String| !part.trim().is_empty();
    let escaped = |part: &String| format!("/{}", part.replace('~', "~0").replace('/', "~1"));
    parts.iter().all(is_name).then(|| parts.iter().map(escaped).collect())
}

/// A value as YAML reads a scalar, or JSON where it starts like a list, a mapping or a quoted text.
/// What YAML would read as anything longer than a scalar is text: `Orders: the service`.
fn value(text: &str) -> Result<Value, String> {
    if text.starts_with(['[', '{', '"']) {
        return serde_json::from_str(text)
            .map_err(|error| format!("the value is no JSON ({error}); for text, quote it as JSON does"));
    }
    let (tree, findings) = crate::yaml::parse(SourceId(0), text);
    let mut documents = tree.documents(text);
    let root = documents.next().and_then(|document| document.root());
    let is_whole = findings.is_empty() && documents.next().is_none() && !text.is_empty();
    let scalar = root.filter(|root| {
        let is_typed = matches!(root.kind(), Kind::Null | Kind::Bool | Kind::Int | Kind::Float);
        let is_quoted = text.starts_with('\'') && root.kind() == Kind::String;
        is_whole && root.span().range() == (0..text.len()) && (is_typed || is_quoted)
    });
    Ok(scalar.map_or_else(|| Value::String(text.to_owned()), crate::yaml::Node::to_json))
}

/// What a change is for, where the entities alone do not tell.
#[derive(Default)]
pub(super) struct Purpose {
    /// The title of the request.
    pub(super) title: Option<String>,
    /// What its branch is named after.
    pub(super) subject: Option<(&'static str, EntityRef)>,
    /// The names that have to be typed before Kubernetes objects are destroyed.
    pub(super) names: Vec<String>,
    /// Those that were given by a flag.
    pub(super) confirmed: Vec<String>,
}

/// Shows what is wrong, then writes, submits, or only shows what would be written.
pub(super) fn finish(
    prepared: &Prepared,
    purpose: &Purpose,
    writing: &Writing,
    session: &Session,
    place: &Place,
) -> Result<Exit, Failure> {
    let console = &session.console;
    if !prepared.files.is_empty() {
        if matches!(writing.output, Output::Text) {
            crate::output::consequences::note(console, &prepared.consequences);
        }
        diagnostics::print_to_stderr(console, &prepared.report.sources, &prepared.report.findings);
        if prepared.has_errors() {
            return Err(Failure::new(Exit::No, "nothing was written: the catalog would have errors")
                .hint("give other values, or mend the places above in the same command"));
        }
    }
    let output = writing.output.into();
    if writing.dry_run || prepared.files.is_empty() {
        crate::output::edit::print(console, output, prepared, Done::Nothing)?;
        return Ok(Exit::Fine);
    }
    confirm(prepared, purpose, session)?;
    if writing.submit {
        return send(prepared, purpose, writing, session, place);
    }
    new::write(&place.root, &prepared.files)?;
    crate::output::edit::print(console, output, prepared, Done::Written)?;
    Ok(Exit::Fine)
}

/// Objects are destroyed only after the names of their entities were typed.
fn confirm(prepared: &Prepared, purpose: &Purpose, session: &Session) -> Result<(), Failure> {
    let destroyed = prepared.consequences.destroyed().count();
    let missing: Vec<&String> =
        purpose.names.iter().filter(|name| !purpose.confirmed.contains(name)).collect();
    if destroyed == 0 || missing.is_empty() {
        return Ok(());
    }
    let objects = counted(destroyed);
    if !session.console.can_ask() {
        let flags: Vec<String> = missing.iter().map(|name| format!("--confirm={name}")).collect();
        return Err(Failure::usage(format!("{objects} would be destroyed, and nobody has confirmed it"))
            .because("nothing was written")
            .hint(format!("look at it with --dry-run, then add {}", flags.join(" "))));
    }
    for name in missing {
        let question = format!("{objects} will be destroyed. Type {name} to go on");
        let check = |answer: &str| {
            if answer.is_empty() || answer == name {
                Ok(())
            } else {
                Err(format!("it is not {name}; empty to stop"))
            }
        };
        if Prompt::new(&session.console).text(&question, None, true, check)? != *name {
            return Err(Failure::new(Exit::Interrupted, "stopped; nothing was written"));
        }
    }
    Ok(())
}

fn counted(objects: usize) -> String {
    format!("{objects} Kubernetes object{}", if objects == 1 { "" } else { "s" })
}

fn send(
    prepared: &Prepared,
    purpose: &Purpose,
    writing: &Writing,
    session: &Session,
    place: &Place,
) -> Result<Exit, Failure> {
    let progress = Arc::new(Steps::new(&session.console));
    let repository = place.repository()?;
    let base_commit = fetch_base(repository, place.settings.remote(), place.settings.base())?;
    let mut request = edit::request(repository, &base_commit, &prepared.files)?;
    request.own_title.clone_from(&purpose.title);
    request.subject.clone_from(&purpose.subject);
    let (forge, _) = forge::connect(session, place, progress.clone())?;
    let branch = request.branch(place.settings.text("git.branchPrefix").unwrap_or("platform/"));
    edit::keep_open_request(repository, place.settings.remote(), &*forge, &branch, &request)?;
    session.console.note(crate::output::edit::differences(prepared));
    let sending = Sending { request, base_commit, draft: false, dry_run: false };
    submit::send(session, place, &sending, writing.output, progress)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{pointer, value};

    #[track_caller]
    fn check(field: &str, expected: Option<&str>) {
        assert_eq!(pointer(field).as_deref(), expected, "{field}");
    }

    #[test]
    fn fields_become_pointers() {
        check("", None);
        check("spec.", None);
        check(".spec", None);
        check("spec..owner", None);
        check("spec.owner", Some("/spec/owner"));
        check("spec.a/b~c", Some("/spec/a~1b~0c"));
        check("spec.a\\.b", Some("/spec/a.b"));
        check(
            "metadata.annotations.backstage.io/techdocs-ref",
            Some("/metadata/annotations/backstage.io~1techdocs-ref"),
        );
        check("metadata.labels.", None);
        check("/spec/owner", Some("/spec/owner"));
    }

    #[test]
    fn values_are_scalars_or_json() {
        for (text, expected) in [
            ("3", json!(3)),
            ("true", json!(true)),
            ("null", json!(null)),
            ("", json!("")),
            ("'3'", json!("3")),
            ("\"3\"", json!("3")),
            ("group:x", json!("group:x")),
            ("Orders: the service", json!("Orders: the service")),
            ("# not a comment", json!("# not a comment")),
            ("- a", json!("- a")),
            ("*x", json!("*x")),
            ("[1, \"a\"]", json!([1, "a"])),
            ("{\"a\": 1}", json!({"a": 1})),
        ] {
            assert_eq!(value(text), Ok(expected), "{text}");
        }
        assert!(value("[draft] x").is_err());
    }
}
