//! `render --write` and `--check`: the folder `rendered/`, one file for each entity.
//!
//! Only files in which every object says that this tool keeps it are changed or removed. Others are
//! reported and left alone.

use std::collections::BTreeMap;
use std::path::Path;

use super::file_failure;
use super::render::{self, Rendering};
use crate::error::{Exit, Failure};
use crate::fs::{self, TreeKind};
use crate::object::Object;
use crate::render::{FOLDER, MANAGED_BY_LABEL, REF_ANNOTATION};
use crate::source::{SourceId, Sources};
use crate::yaml;

/// More entries than this are not looked through.
const MAX_ENTRIES: usize = 1_000_000;

/// One file that is not as it should be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// Its path in the repository.
    pub path: String,
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
    /// What keeps entities from being rendered. With any, nothing else is told.
    pub problems: Vec<crate::diagnostic::Diagnostic>,
    /// The sources that the problems are in.
    pub sources: Sources,
}

/// Compares the folder of the repository at `root` with what its entities become.
pub fn plan(root: &Path, rendering: &Rendering<'_>) -> Result<Plan, Failure> {
    let render::Files { files: mut wanted, problems, sources } = render::files(rendering)?;
    let mut plan = Plan { problems, sources, ..Plan::default() };
    if !plan.problems.is_empty() {
        return Ok(plan);
    }
    for (path, text) in present(root)? {
        let after = wanted.remove(&path);
        match text {
            Some(before) if after.as_deref() == Some(&before) => plan.unchanged += 1,
            Some(before) if is_ours(&before) => {
                plan.changes.push(Change { path, before: Some(before), after });
            }
            _ if after.is_some() => {
                let failure = Failure::new(Exit::No, format!("{path} was not made by `platform render`"));
                return Err(failure.hint("move it away: objects of an entity belong there"));
            }
            _ => plan.foreign.push(path),
        }
    }
    plan.changes.extend(wanted.into_iter().map(|(path, text)| Change {
        path,
        before: None,
        after: Some(text),
    }));
    plan.changes.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(plan)
}

/// Makes the folder what the plan says. Each file is written whole or not at all; a second run goes on
/// where one was stopped.
pub fn write(root: &Path, plan: &Plan) -> Result<(), Failure> {
    for change in &plan.changes {
        let target = fs::confined(root, Path::new(&change.path)).map_err(|error| file_failure(&error))?;
        let written = match &change.after {
            Some(text) => fs::write_replacing(&target, text.as_bytes()),
            None => fs::remove_file(&target),
        };
        written.map_err(|error| file_failure(&error).hint("mend the rights, then run it again"))?;
    }
    Ok(())
}

/// All files of the folder by path, with their texts; `None` for what is no file of text.
fn present(root: &Path) -> Result<BTreeMap<String, Option<String>>, Failure> {
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
