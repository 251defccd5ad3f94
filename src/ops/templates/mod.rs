//! The Software Templates that can be run here: those of the repository, and the built-in ones
//! that it does not replace.

pub mod cases;
pub mod external;
mod laid_over;
pub mod lint;
mod resource_types;
pub mod show;
pub mod trust;

use std::fmt;
use std::path::{Path, PathBuf};

use include_dir::{Dir, include_dir};

use super::embedded::all_files;
use super::file_failure;
use crate::diagnostic::did_you_mean;
use crate::error::Failure;
use crate::fs::{self, TreeKind};
use crate::scaffolder::{
    Files, Listed, Listing, MAX_ENTRIES, MAX_FILE_BYTES, Problem, Skeleton, SkeletonError, SkeletonKind,
    Template,
};
use crate::source::{SourceId, Sources};
use crate::yaml;

pub use resource_types::with_types;

/// The built-in templates, a folder each.
static BUILT_IN: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/templates/software");

/// The folder of the repository that templates are in.
const FOLDER: &str = "templates";
/// The file of a template in its folder.
const FILE: &str = "template.yaml";

/// Where a template comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    /// It is part of the program.
    BuiltIn,
    /// A file of the repository, by its path.
    Repository(String),
    /// A folder or a Git repository outside.
    Elsewhere {
        /// Where, as it is shown.
        source: String,
        /// The commit, or the SHA-256 over the files of a folder.
        version: String,
    },
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::BuiltIn => "built in",
            Self::Repository(path) => path,
            Self::Elsewhere { source, .. } => source,
        })
    }
}

/// A template that can be run.
pub struct Available {
    /// The name it is called by: its folder's.
    pub name: String,
    /// Where it comes from.
    pub origin: Origin,
    /// The text of its file.
    pub text: String,
    /// The template, or what is wrong with it.
    pub template: Result<Template, Vec<Problem>>,
    /// What it copies from.
    pub skeleton: Box<dyn Skeleton>,
}

impl Available {
    /// Its file in the repository; `None` for one that is built in.
    pub fn path(&self) -> Option<&str> {
        match &self.origin {
            Origin::BuiltIn | Origin::Elsewhere { .. } => None,
            Origin::Repository(path) => Some(path),
        }
    }

    /// The template, or a failure that says what is wrong with it.
    pub fn usable(&self) -> Result<&Template, Failure> {
        self.template.as_ref().map_err(|problems| {
            let failure = Failure::usage(format!("the template {} is broken", self.name));
            problems.iter().fold(failure, |failure, problem| {
                failure.because(format!("{} {}", problem.pointer, problem.message).trim_start())
            })
        })
    }
}

/// All templates of the repository at `root`, with the built-in ones that it does not replace, sorted
/// by name.
pub fn available(root: Option<&Path>) -> Result<Vec<Available>, Failure> {
    let mut found = Vec::new();
    if let Some(root) = root {
        let folders = fs::directories(&root.join(FOLDER)).map_err(|error| file_failure(&error))?;
        for name in folders {
            found.extend(in_repository(root, &name)?);
        }
    }
    for folder in BUILT_IN.dirs() {
        let name = folder.path().to_string_lossy().into_owned();
        if !found.iter().any(|available| available.name == name) {
            found.push(built_in(folder, name)?);
        }
    }
    found.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(found)
}

/// The text of a built-in template.
pub(super) fn built_in_text(name: &str) -> Option<&'static str> {
    BUILT_IN.get_file(Path::new(name).join(FILE)).and_then(include_dir::File::contents_utf8)
}

/// The names of the built-in templates, sorted.
pub fn built_in_names() -> Vec<String> {
    let mut names: Vec<String> =
        BUILT_IN.dirs().map(|folder| folder.path().to_string_lossy().into_owned()).collect();
    names.sort_unstable();
    names
}

/// One of them by name.
pub fn named(root: Option<&Path>, name: &str) -> Result<Available, Failure> {
    let mut all = available(root)?;
    if let Some(at) = all.iter().position(|available| available.name == name) {
        return Ok(all.swap_remove(at));
    }
    let names = all.iter().map(|available| available.name.as_str());
    let hint = match did_you_mean(name, names) {
        Some(meant) => format!("did you mean `{meant}`?"),
        None => "`platform templates list` shows what there is".to_owned(),
    };
    Err(Failure::usage(format!("there is no template `{name}`")).hint(hint))
}

fn in_repository(root: &Path, name: &str) -> Result<Option<Available>, Failure> {
    let path = format!("{FOLDER}/{name}/{FILE}");
    let text = fs::read_text_if_exists(&root.join(&path)).map_err(|error| file_failure(&error))?;
    let Some(text) = text else { return Ok(None) };
    let skeleton = Box::new(Folder { root: root.to_path_buf(), folder: format!("{FOLDER}/{name}") });
    let template = decode(&path, &text);
    Ok(Some(Available { name: name.to_owned(), origin: Origin::Repository(path), text, template, skeleton }))
}

fn built_in(folder: &'static Dir<'static>, name: String) -> Result<Available, Failure> {
    let mut files = Files::default();
    let mut text = String::new();
    for file in all_files(folder) {
        let path = file.path().strip_prefix(folder.path()).unwrap_or(file.path()).to_string_lossy();
        if path == FILE {
            file.contents_utf8().unwrap_or_default().clone_into(&mut text);
        }
        let written = files.write(&path, file.contents().to_vec(), false);
        written.map_err(|error| {
            Failure::usage(format!("the built-in template {name} is broken")).because(error)
        })?;
    }
    let template = decode(&format!("{name}/{FILE}"), &text);
    Ok(Available { name, origin: Origin::BuiltIn, text, template, skeleton: Box::new(files) })
}

fn decode(path: &str, text: &str) -> Result<Template, Vec<Problem>> {
    let mut sources = Sources::default();
    let source: SourceId = sources.add(path, None);
    let (tree, findings) = yaml::parse(source, text);
    if let Some(finding) = findings.first() {
        return Err(vec![Problem::new("", format!("{path}: {}", finding.message))]);
    }
    let mut documents = tree.documents(text).filter_map(|document| document.root());
    let template = documents
        .find(|root| root.get("kind").and_then(yaml::Node::as_str).is_some_and(|kind| kind == "Template"));
    match template {
        Some(root) => Template::from_entity(&root.to_json()),
        None => Err(vec![Problem::new("", format!("{path} holds no entity of kind Template"))]),
    }
}

/// A template's folder in the repository. Nothing outside of the repository is read, no link followed.
struct Folder {
    root: PathBuf,
    folder: String,
}

impl Folder {
    fn place(&self, path: &str) -> Result<PathBuf, SkeletonError> {
        fs::confined(&self.root, Path::new(path)).map_err(|error| SkeletonError(error.to_string()))
    }
}

impl Skeleton for Folder {
    fn folder(&self) -> &str {
        &self.folder
    }

    fn list(&self, path: &str) -> Result<Listing, SkeletonError> {
        let place = self.place(path)?;
        match fs::kind_of(&place) {
            None | Some(TreeKind::Link { .. }) => Ok(Listing::Missing),
            Some(TreeKind::File { executable }) => Ok(Listing::File { executable }),
            Some(TreeKind::Folder) => {
                let entries =
                    fs::tree(&place, MAX_ENTRIES).map_err(|error| SkeletonError(error.to_string()))?;
                Ok(Listing::Folder(entries.into_iter().map(listed).collect()))
            }
        }
    }

    fn read(&self, path: &str) -> Result<Vec<u8>, SkeletonError> {
        let bytes = fs::read(&self.place(path)?).map_err(|error| SkeletonError(error.to_string()))?;
        if bytes.len() > MAX_FILE_BYTES {
            return Err(SkeletonError(format!("{path} is larger than a template's file may be")));
        }
        Ok(bytes)
    }
}

fn listed(entry: fs::TreeEntry) -> Listed {
    let kind = match entry.kind {
        TreeKind::Folder => SkeletonKind::Folder,
        TreeKind::File { executable } => SkeletonKind::File { executable },
        TreeKind::Link { target } => SkeletonKind::Link { target },
    };
    Listed { path: entry.path, kind }
}
