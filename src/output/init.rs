//! The report of `init`.

use serde::Serialize;

use super::{Console, Format, Style, Text, json};
use crate::error::Failure;
use crate::ops::init::Report;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Wire<'a> {
    directory: String,
    created: &'a [String],
    kept: &'a [String],
    committed: bool,
}

/// Writes the report.
pub fn print(console: &Console, format: Format, report: &Report, dry_run: bool) -> Result<(), Failure> {
    if format != Format::Text {
        let directory = report.directory.display().to_string();
        let (created, kept, committed) = (&report.created, &report.kept, report.committed);
        return json::print(console, format, &Wire { directory, created, kept, committed });
    }
    let mut text = Text::new();
    for path in &report.created {
        text.push(Style::Good, if dry_run { "would make " } else { "new   " });
        text.line(path);
    }
    for path in &report.kept {
        text.push(Style::Dim, "kept  ");
        text.line(path);
    }
    console.print(text);
    if dry_run {
        return Ok(());
    }
    let shown = report.directory.display();
    console.note(match (report.is_new_repository, report.committed) {
        (true, true) => format!("made and committed the central repository in {shown}\n"),
        (true, false) => format!(
            "made the central repository in {shown}; Git does not know you yet, so nothing is committed\n"
        ),
        (false, _) if report.created.is_empty() => "nothing was missing\n".to_owned(),
        (false, _) => "added what was missing; look at it and commit it\n".to_owned(),
    });
    console.note("next: platform new-service\n");
    Ok(())
}
