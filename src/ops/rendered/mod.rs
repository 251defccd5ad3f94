//! The folder `rendered/`, one file for each entity: what is in it, what should be, and how it follows a
//! change of the catalog.
//!
//! Only files in which every object says that this tool keeps it are changed or removed. Others are
//! reported and left alone.

mod follow;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;

use super::file_failure;
use super::render::{self, File, Rendering};
use crate::entity::EntityRef;
use crate::error::{Exit, Failure};
use crate::fs::{self, TreeKind};
use crate::object::Object;
use crate::render::{FOLDER, MANAGED_BY_LABEL, REF_ANNOTATION};
use crate::source::{SourceId, Sources, Span};
use crate::yaml;

pub use follow::{follow, of_request};

/// More entries than this are not looked through.
const MAX_ENTRIES: usize = 1_000_000;

/// One file that is not as it should be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// Its path in the repository.
    pub path: String,
    /// The entity whose objects belong in it, and where it is named; `None` when the entity is gone.
    pub entity: Option<(EntityRef, Span)>,
    /// What is in it; `None` where there is no file.
    pub before: Option<String>,
    /// What should be in it; `None` when its entity is gone.
    pub after: Option<String>,
}

/// What the folder needs.
#[derive(Debug, Default)]
pub struct Plan {
    /// The files that are not as they should be, by path.
    pub changes: Vec<Change>,
    /// How many files are as they should be.
    pub unchanged: usize,
    /// Files that this tool did not make, by path.
    pub foreign: Vec<String>,
    /// Files that this tool did not make, and that stand where the objects of an entity belong, by path.
    pub obstacles: Vec<String>,
    /// What keeps entities from being rendered. Their files are neither here nor among the changes.
    pub problems: Vec<crate::diagnostic::Diagnostic>,
    /// The sources that the problems and the entities are in.
    pub sources: Sources,
    /// What of the objects was not checked.
    pub unchecked: render::Unchecked,
}

/// All files of the folder by path, with their texts; `None` for what is no file of text.
pub type Present = BTreeMap<String, Option<String>>;

/// Compares the folder of the repository at `root` with what its entities become.
pub fn plan(root: &Path, rendering: &Rendering<'_>) -> Result<Plan, Failure> {
    Ok(compare(render::files(rendering)?, present(root, &BTreeMap::new(), &BTreeSet::new())?))
}

/// Compares what should be in the folder with what is.
pub fn compare(files: render::Files, present: Present) -> Plan {
    let render::Files { files: mut wanted, problems, sources, unchecked } = files;
    let mut plan = Plan { problems, sources, unchecked, ..Plan::default() };
    for (path, text) in present {
        let file = wanted.remove(&path);
        match (file, text) {
            (Some(File { text: None, .. }), _) => {}
            (Some(file), Some(before)) if file.text.as_deref() == Some(&before) => plan.unchanged += 1,
            (file, Some(before)) if is_ours(&before) => {
                let entity = file.as_ref().map(|file| (file.entity.clone(), file.place));
                let after = file.and_then(|file| file.text);
                plan.changes.push(Change { path, entity, before: Some(before), after });
            }
            (Some(_), _) => plan.obstacles.push(path),
            (None, _) => plan.foreign.push(path),
        }
    }
    let missing = wanted.into_iter().filter(|(_, file)| file.text.is_some());
    plan.changes.extend(missing.map(|(path, file)| Change {
        path,
        entity: Some((file.entity, file.place)),
        before: None,
        after: file.text,
    }));
    plan.changes.sort_by(|a, b| a.path.cmp(&b.path));
    plan
}

/// That a file by hand stands where the objects of an entity belong.
pub fn obstructed(path: &str) -> Failure {
    Failure::new(Exit::No, format!("{path} was not made by `platform render`"))
        .hint("move it away: objects of an entity belong there")
}

/// Makes the folder what the plan says, and removes folders that hold nothing then. Each file is written
/// whole or not at all; a second run goes on where one was stopped.
pub fn write(root: &Path, plan: &Plan) -> Result<(), Failure> {
    if let Some(path) = plan.obstacles.first() {
        return Err(obstructed(path));
    }
    for change in &plan.changes {
        let target = fs::confined(root, Path::new(&change.path)).map_err(|error| file_failure(&error))?;
        let written = match &change.after {
            Some(text) => fs::write_replacing(&target, text.as_bytes()),
            None => fs::remove_file(&target),
        };
        written.map_err(|error| file_failure(&error).hint("mend the rights, then run it again"))?;
        if change.after.is_none() {
            fs::remove_empty_folders(&target, &root.join(FOLDER));
        }
    }
    Ok(())
}

/// All files of the folder, with a change laid over the repository at `root`.
pub fn present(
    root: &Path,
    overlay: &BTreeMap<String, Arc<str>>,
    absent: &BTreeSet<String>,
) -> Result<Present, Failure> {
    let mut found = on_disk(root)?;
    found.retain(|path, _| !absent.contains(path));
    let below = overlay.iter().filter(|(path, _)| holds(path));
    found.extend(below.map(|(path, text)| (path.clone(), Some(text.as_ref().to_owned()))));
    Ok(found)
}

/// Whether a path is below the folder.
pub fn holds(path: &str) -> bool {
    path.strip_prefix(FOLDER).is_some_and(|rest| rest.starts_with('/'))
}

fn on_disk(root: &Path) -> Result<Present, Failure> {
    let folder = root.join(FOLDER);
    if !fs::exists(&folder) {
        return Ok(BTreeMap::new());
    }
    let failure = |error| file_failure(&error);
    fs::confined(root, Path::new(FOLDER)).map_err(failure)?;
    let mut found = BTreeMap::new();
    for entry in fs::tree(&folder, MAX_ENTRIES).map_err(failure)? {
        let text = match entry.kind {
            TreeKind::Folder => continue,
            TreeKind::Link { .. } => None,
            TreeKind::File { .. } => {
                String::from_utf8(fs::read(&folder.join(&entry.path)).map_err(failure)?).ok()
            }
        };
        found.insert(format!("{FOLDER}/{}", entry.path), text);
    }
    Ok(found)
}

/// Whether every object in a file says that this tool keeps it for an entity.
pub(super) fn is_ours(text: &str) -> bool {
    let (tree, _) = yaml::parse(SourceId(0), text);
    let label = format!("/metadata/labels/{}", MANAGED_BY_LABEL.replace('/', "~1"));
    let annotation = format!("/metadata/annotations/{}", REF_ANNOTATION.replace('/', "~1"));
    let mut objects = 0;
    for document in tree.documents(text) {
        let Some(root) = document.root().filter(|_| !document.is_broken()) else { return false };
        if root.kind() == yaml::Kind::Null {
            continue;
        }
        let object = Object(root.to_json());
        if object.text(&label) != Some("platform") || object.text(&annotation).is_none() {
            return false;
        }
        objects += 1;
    }
    objects > 0
}

#[cfg(test)]
mod tests {
    use super::is_ours;

    const OURS: &str = "# Made\n---\napiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\n  labels: {app.kubernetes.io/managed-by: platform}\n  annotations: {platform.internal/entity-ref: 'resource:default/a'}\n";

    fn check(text: &str, expected: bool) {
        assert_eq!(is_ours(text), expected, "{text}");
    }

    #[test]
    fn a_file_is_ours_when_all_its_objects_say_so() {
        check(OURS, true);
        check(&format!("{OURS}---\napiVersion: v1\nkind: Secret\nmetadata: {{name: mine}}\n"), false);
        check(&OURS.replace("managed-by: platform", "managed-by: Helm"), false);
        check(&OURS.replace("entity-ref", "other"), false);
        check(&format!("{OURS}broken: [\n"), false);
        check("", false);
        check("# only a comment\n", false);
    }
}
