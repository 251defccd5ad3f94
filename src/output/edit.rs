//! The report of changes to entities: the difference on stdout, the rest on stderr.

use serde::Serialize;

use super::new::{Done, difference, moved};
use super::{Console, Format, Text, consequences, json};
use crate::entity::EntityRef;
use crate::error::Failure;
use crate::ops::edit::Prepared;

#[derive(Serialize)]
struct Wire<'a> {
    written: bool,
    entities: Vec<&'a str>,
    files: Vec<File<'a>>,
    #[serde(flatten)]
    consequences: consequences::Wire<'a>,
}

#[derive(Serialize)]
struct File<'a> {
    path: &'a str,
    diff: String,
}

/// Writes the report.
pub fn print(console: &Console, format: Format, prepared: &Prepared, done: Done) -> Result<(), Failure> {
    if format != Format::Text {
        let files = prepared
            .files
            .iter()
            .map(|file| File { path: &file.path, diff: difference(file).rendered(false) });
        let wire = Wire {
            written: done == Done::Written && !prepared.files.is_empty(),
            entities: prepared.entities.iter().map(EntityRef::as_str).collect(),
            files: files.collect(),
            consequences: consequences::wire(&prepared.consequences),
        };
        return json::print(console, format, &wire);
    }
    if prepared.files.is_empty() {
        console.note("nothing to change: it is so already\n");
        return Ok(());
    }
    console.print(differences(prepared));
    console.note(match done {
        Done::Nothing => "dry run: nothing was written\n",
        Done::Written => "next: platform submit\n",
    });
    Ok(())
}

/// What becomes of each file, as unified diffs; a file that moves is one of them.
pub fn differences(prepared: &Prepared) -> Text {
    let mut text = Text::new();
    let moves = &prepared.consequences.moved;
    for file in &prepared.files {
        if let Some((from, _)) = moves.iter().find(|(_, to)| *to == file.path) {
            let before = prepared.files.iter().find(|other| other.path == *from);
            text.append(moved(from, before.and_then(|file| file.before.as_deref()), file));
        } else if !moves.iter().any(|(from, _)| *from == file.path) {
            text.append(difference(file));
        }
    }
    text
}
