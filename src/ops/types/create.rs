//! Makes a new resource type: the definition, what the cluster needs for it, and a first test.

use std::path::Path;

use include_dir::{Dir, include_dir};
use serde_json::Value;

use super::cases::objects_of;
use super::{FILE, FOLDER, Report, built_in, read};
use crate::error::{Exit, Failure};
use crate::fs;
use crate::ops::embedded::all_files;
use crate::ops::file_failure;
use crate::ops::new::{NewFile, write};
use crate::render::Route;
use crate::source::SourceId;

/// What a type of each route starts from, a folder each.
static PATTERNS: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/templates/new-type");

/// What to make.
#[derive(Clone, Debug)]
pub struct Request<'a> {
    /// The top folder of the repository.
    pub root: &'a Path,
    /// The name of the type: the `spec.type` of its Resources.
    pub name: &'a str,
    /// Which way its Resources go to the cluster.
    pub route: Route,
    /// Whether nothing is written.
    pub dry_run: bool,
}

/// Makes the files of the type. One that is there already is left alone.
pub fn create(request: &Request<'_>) -> Result<Vec<NewFile>, Failure> {
    let name = request.name;
    if !crate::render::is_label(name) {
        return Err(Failure::usage(format!("`{name}` is no name of a type"))
            .hint("lower-case letters, digits and `-`, at most 63 characters, such as message-queue"));
    }
    let folder = format!("{FOLDER}/{name}");
    if fs::exists(&request.root.join(&folder)) {
        return Err(Failure::new(Exit::No, format!("{folder} is there already"))
            .hint("choose another name, or change the files in it"));
    }
    if built_in(name).is_some() {
        return Err(Failure::new(Exit::No, format!("the type {name} is built in"))
            .hint(format!("choose another name; platform types show {name} says what it takes")));
    }
    let mut files = pattern(request);
    files.push(expected(&files, name, &folder)?);
    files.sort_by(|a, b| a.path.cmp(&b.path));
    if !request.dry_run {
        fs::confined(request.root, Path::new(&folder)).map_err(|error| file_failure(&error))?;
        write(request.root, &files)?;
    }
    Ok(files)
}

fn pattern(request: &Request<'_>) -> Vec<NewFile> {
    let kind = kind(request.name);
    let plural = format!("{}s", kind.to_lowercase());
    let title = title(request.name);
    let folder = PATTERNS.get_dir(request.route.as_str());
    let files = folder.into_iter().flat_map(all_files).map(|file| {
        let path = file.path().iter().skip(1).map(|part| part.to_string_lossy()).collect::<Vec<_>>();
        let text = file.contents_utf8().unwrap_or_default();
        let text = text.replace("NAME", request.name).replace("TITLE", &title);
        let text = text.replace("PLURAL", &plural).replace("KIND", &kind);
        new_file(format!("{FOLDER}/{}/{}", request.name, path.join("/")), text)
    });
    files.collect()
}

fn new_file(path: String, text: String) -> NewFile {
    NewFile { path, after: Some(text.into_bytes()), executable: false, before: None }
}

/// What the first test expects: what the type makes.
fn expected(files: &[NewFile], name: &str, folder: &str) -> Result<NewFile, Failure> {
    let text = |path: String| {
        files.iter().find(|file| file.path == path).and_then(NewFile::text).unwrap_or_default().into_owned()
    };
    let failure = || Failure::usage(format!("the type {name} cannot be made of its pattern"));
    let (definition, findings) = read(SourceId(0), name, &text(format!("{folder}/{FILE}")));
    let Some(definition) = definition else {
        return Err(findings.iter().fold(failure(), |failure, finding| failure.because(&finding.message)));
    };
    let entity = text(format!("{folder}/tests/minimal/entity.yaml"));
    let made = objects_of(&Report::default(), &definition, &entity, &Value::Null);
    let made = made.map_err(|reasons| reasons.iter().fold(failure(), Failure::because))?;
    Ok(new_file(format!("{folder}/tests/minimal/expected.yaml"), made))
}

/// `message-queue` as a kind: `MessageQueue`.
fn kind(name: &str) -> String {
    let kind: String = name.split('-').map(capital).collect();
    // a kind starts with a letter
    if kind.starts_with(|letter: char| letter.is_ascii_digit()) { format!("X{kind}") } else { kind }
}

/// `message-queue` as a title: `Message queue`.
fn title(name: &str) -> String {
    capital(&name.replace('-', " "))
}

fn capital(word: &str) -> String {
    let mut letters = word.chars();
    let first = letters.next().map(|first| first.to_ascii_uppercase());
    first.into_iter().chain(letters).collect()
}
