//! Software Templates against the scaffolder of Backstage and the form of its portal.

mod built_in;
mod dry_run;
mod form;
mod live;

use std::path::{Path, PathBuf};

use platform::source::SourceId;
use serde_json::Value;

use crate::support::shared::{files, shared};

/// A template file and its entity.
struct Found {
    path: PathBuf,
    entity: Value,
}

/// The templates that come with the program.
fn built_in() -> Vec<Found> {
    read(&Path::new(env!("CARGO_MANIFEST_DIR")).join("templates/software"))
}

/// Templates of others, where there are any.
fn of_others() -> Vec<Found> {
    shared("corpus/templates").map_or_else(Vec::new, |folder| read(&folder))
}

fn read(folder: &Path) -> Vec<Found> {
    let mut found = Vec::new();
    for path in files(folder, &[".yaml", ".yml"]) {
        let text = std::fs::read_to_string(&path).unwrap();
        let (tree, _) = platform::yaml::parse(SourceId(0), &text);
        for document in tree.documents(&text) {
            let entity = document.root().map_or(Value::Null, platform::yaml::Node::to_json);
            if entity["kind"] == "Template" {
                found.push(Found { path: path.clone(), entity });
            }
        }
    }
    found
}
