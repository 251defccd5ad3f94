//! The report of `validate --fix`.

use super::diagnostics::{self, Format};
use super::validate::{count, summary};
use super::{Console, Style, Text, new};
use crate::ops::fix::{File, Report};
use crate::ops::new::NewFile;

/// Writes what is left to stdout, for people what was done to stderr; in a dry run the difference that
/// it would make to stdout in place of what would be left.
pub fn print(console: &Console, format: Format, report: &Report, dry_run: bool) {
    let left = &report.left;
    let shows_difference = dry_run && format.is_for_people();
    if shows_difference {
        report.files.iter().for_each(|file| console.print(difference(file)));
    } else {
        diagnostics::print_with_fixed(console, format, &left.sources, &left.findings, &report.fixed);
    }
    for path in &report.skipped {
        console.warn(&format!("{path} was changed in the meantime: it is left as it is, run it again"));
    }
    if format.is_for_people() {
        console.note(done(report, dry_run));
        console.note(summary(left));
    }
}

fn done(report: &Report, dry_run: bool) -> Text {
    let mut text = Text::new();
    let word = if dry_run { "would fix" } else { "fixed" };
    for fixed in &report.fixed {
        text.push(Style::Good, word);
        let place = format!("{}:{}:{}", fixed.path, fixed.position.line, fixed.position.column);
        text.line(format!(" {place} [{}] {}", fixed.finding.rule, fixed.repair));
    }
    let findings = count(report.fixed.len(), "finding", "findings");
    let files = count(report.files.len(), "file", "files");
    text.line(match (report.fixed.is_empty(), dry_run) {
        (true, _) => "nothing that is safe to fix".to_owned(),
        (false, true) => format!("dry run: {findings} would be fixed in {files}, nothing was written; left:"),
        (false, false) => format!("{findings} fixed in {files}; left:"),
    });
    text
}

fn difference(file: &File) -> Text {
    new::difference(&NewFile {
        path: file.path.clone(),
        after: Some(file.after.as_bytes().to_vec()),
        executable: false,
        before: Some(file.before.as_bytes().to_vec()),
    })
}
