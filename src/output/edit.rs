//! The report of changes to entities: the difference on stdout, the rest on stderr.

use serde::Serialize;

use super::new::{Done, difference};
use super::{Console, Format, json};
use crate::entity::EntityRef;
use crate::error::Failure;
use crate::ops::edit::Prepared;

#[derive(Serialize)]
struct Wire<'a> {
    written: bool,
    entities: Vec<&'a str>,
    files: Vec<File<'a>>,
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
        };
        return json::print(console, format, &wire);
    }
    if prepared.files.is_empty() {
        console.note("nothing to change: it is so already\n");
        return Ok(());
    }
    for file in &prepared.files {
        console.print(difference(file));
    }
    console.note(match done {
        Done::Nothing => "dry run: nothing was written\n",
        Done::Written => "next: platform submit\n",
    });
    Ok(())
}
