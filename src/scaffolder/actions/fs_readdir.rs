//! `fs:readdir`: what is in folders of the workspace.
//!
//! Backstage lists in the order of its disk and gives an absolute `fullPath`. Here the order is that
//! of the paths, and `fullPath` is the same as `path`: there is no disk.

use serde_json::{Value, json};

use super::super::files::{self, Entry};
use super::fetch::join;
use super::{ActionError, Call};

pub(super) fn run(call: &mut Call<'_>) -> Result<(), ActionError> {
    let recursive = call.flag("recursive");
    let (mut found_files, mut found_folders) = (Vec::new(), Vec::new());
    for written in call.texts("paths") {
        let folder = files::normalise("", &written)?;
        if !call.files().is_folder(&folder) {
            return Err(ActionError::new(format!("folder {written:?} does not exist")));
        }
        for (below, entry) in call.outcome.files.below(&folder) {
            if !recursive && below.contains('/') {
                continue;
            }
            let path = join(&folder, below);
            let name = below.rsplit('/').next().unwrap_or(below);
            let element = json!({"name": name, "path": path, "fullPath": path});
            if matches!(entry, Entry::Folder) {
                found_folders.push(element);
            } else {
                found_files.push(element);
            }
        }
    }
    call.output.insert("files".to_owned(), Value::Array(found_files));
    call.output.insert("folders".to_owned(), Value::Array(found_folders));
    Ok(())
}
