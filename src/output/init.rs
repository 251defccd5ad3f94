//! The report of `init`: the files as a tree, what was left out, what comes next.

use std::collections::BTreeMap;

use serde::Serialize;

use super::validate::count;
use super::{Console, Format, Style, Text, json};
use crate::error::Failure;
use crate::ops::init::Report;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Wire<'a> {
    directory: String,
    created: &'a [String],
    kept: &'a [String],
    differing: &'a [String],
    left_out: &'a [String],
    committed: bool,
}

/// Writes the report.
pub fn print(console: &Console, format: Format, report: &Report, dry_run: bool) -> Result<(), Failure> {
    if format != Format::Text {
        let Report { created, kept, differing, left_out, .. } = report;
        let directory = report.directory.display().to_string();
        let committed = report.committed;
        return json::print(
            console,
            format,
            &Wire { directory, created, kept, differing, left_out, committed },
        );
    }
    console.print(tree(report, console.width()));
    for what in &report.left_out {
        console.note(Text::new().plain("left out: ").plain(what.as_str()).end());
    }
    if !report.differing.is_empty() {
        let files = count(report.differing.len(), "file is", "files are");
        console.note(format!("{files} there with something else in it, which stays\n"));
    }
    console.note(outcome(report, dry_run));
    Ok(())
}

fn outcome(report: &Report, dry_run: bool) -> String {
    let shown = report.directory.display();
    match (report.is_new_repository, report.committed) {
        _ if dry_run => format!("nothing was written to {shown}\n"),
        (true, true) => format!("made and committed the central repository in {shown}\n"),
        (true, false) => format!("made the central repository in {shown}; look at it and commit it\n"),
        (false, _) if report.created.is_empty() => "nothing was missing\n".to_owned(),
        (false, _) => "added what was missing; look at it and commit it\n".to_owned(),
    }
}

/// What is in a folder.
#[derive(Default)]
struct Folder<'a> {
    folders: BTreeMap<&'a str, Folder<'a>>,
    files: BTreeMap<&'a str, State>,
}

#[derive(Clone, Copy)]
enum State {
    New,
    Kept,
    Differs,
}

impl State {
    fn mark(self) -> (Style, &'static str) {
        match self {
            Self::New => (Style::Good, "new      "),
            Self::Kept => (Style::Dim, "kept     "),
            Self::Differs => (Style::Warn, "differs  "),
        }
    }
}

fn tree(report: &Report, width: usize) -> Text {
    let mut top = Folder::default();
    let lists =
        [(&report.created, State::New), (&report.kept, State::Kept), (&report.differing, State::Differs)];
    for (paths, state) in lists {
        for path in paths {
            let mut folder = &mut top;
            let (above, name) = path.rsplit_once('/').unwrap_or(("", path));
            for part in above.split('/').filter(|part| !part.is_empty()) {
                folder = folder.folders.entry(part).or_default();
            }
            folder.files.insert(name, state);
        }
    }
    let mut text = Text::new();
    show(&top, "", 0, width, &mut text);
    text
}

/// The files of a folder, then its folders. Folders that hold nothing but one other are one line with it,
/// where that fits.
fn show(folder: &Folder<'_>, prefix: &str, depth: usize, width: usize, text: &mut Text) {
    let indent = "  ".repeat(depth);
    for (name, state) in &folder.files {
        let (style, mark) = state.mark();
        text.push(style, mark);
        text.line(format!("{indent}{prefix}{name}"));
    }
    for (name, below) in &folder.folders {
        let path = format!("{prefix}{name}/");
        let is_chain = below.files.len() + below.folders.len() == 1;
        let longest =
            below.files.keys().chain(below.folders.keys()).map(|name| name.len()).max().unwrap_or(0);
        if is_chain && 10 + indent.len() + path.len() + longest <= width {
            show(below, &path, depth, width, text);
        } else {
            text.line(format!("         {indent}{path}"));
            show(below, "", depth + 1, width, text);
        }
    }
}
