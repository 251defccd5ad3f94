//! The report of `new`.

use serde::Serialize;
use similar::TextDiff;

use super::{Console, Format, Style, Text, json};
use crate::error::Failure;
use crate::ops::new::{NewFile, Prepared};

/// What was done with the files.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Done {
    /// They are only shown.
    Nothing,
    /// They are written.
    Written,
}

#[derive(Serialize)]
struct Wire<'a> {
    written: bool,
    files: Vec<File<'a>>,
    output: &'a serde_json::Map<String, serde_json::Value>,
}

#[derive(Serialize)]
struct File<'a> {
    path: &'a str,
    change: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    content: Option<std::borrow::Cow<'a, str>>,
}

/// Writes the report: the files, and in a dry run as a tree and what is in them.
pub fn print(console: &Console, format: Format, prepared: &Prepared, done: Done) -> Result<(), Failure> {
    if format != Format::Text {
        let files = prepared.files.iter().map(|file| File {
            path: &file.path,
            change: change(file),
            content: if done == Done::Nothing { file.text() } else { None },
        });
        let wire = Wire { written: done == Done::Written, files: files.collect(), output: &prepared.output };
        return json::print(console, format, &wire);
    }
    if prepared.files.is_empty() {
        console.note("nothing to write: everything is there already\n");
    }
    if done == Done::Nothing && !prepared.files.is_empty() {
        console.print(tree(&prepared.files).end());
    }
    for file in &prepared.files {
        match done {
            Done::Nothing => console.print(difference(file)),
            Done::Written => console
                .print(Text::new().styled(Style::Good, change(file)).plain(format!("  {}\n", file.path))),
        }
    }
    console.note(match done {
        Done::Nothing => "dry run: nothing was written\n",
        Done::Written if prepared.files.is_empty() => "",
        Done::Written => "next: platform submit\n",
    });
    Ok(())
}

/// The files below their folders, each with what becomes of it. They are sorted by path.
fn tree(files: &[NewFile]) -> Text {
    let mut text = Text::new();
    let mut above: Vec<&str> = Vec::new();
    for file in files {
        let mut folders: Vec<&str> = file.path.split('/').collect();
        let name = folders.pop().unwrap_or_default();
        let shared = above.iter().zip(&folders).take_while(|(one, other)| one == other).count();
        for (depth, folder) in folders.iter().enumerate().skip(shared) {
            text.line(format!("{}{folder}/", "  ".repeat(depth)));
        }
        text.push(Style::Plain, format!("{}{name}  ", "  ".repeat(folders.len())));
        let style = if file.after.is_some() { Style::Good } else { Style::Bad };
        text.push(style, change(file));
        text.line("");
        above = folders;
    }
    text
}

fn change(file: &NewFile) -> &'static str {
    match (&file.before, &file.after) {
        (None, _) => "new",
        (Some(_), Some(_)) => "changed",
        (Some(_), None) => "removed",
    }
}

/// What becomes of a file, as a unified diff.
pub fn difference(file: &NewFile) -> Text {
    let before = file.before.as_deref().map(String::from_utf8_lossy);
    unified(&file.path, before.as_deref(), file.text().as_deref())
}

/// The same of texts; `None` where there is no file.
pub(super) fn unified(path: &str, before: Option<&str>, after: Option<&str>) -> Text {
    let header = |side: &str, text: Option<&str>| match text {
        Some(_) => format!("{side}/{path}"),
        None => "/dev/null".to_owned(),
    };
    let header = (header("a", before), header("b", after));
    headed(Text::new(), &header, before.unwrap_or_default(), after.unwrap_or_default())
}

/// What becomes of a file that moves, in the words of Git.
pub(super) fn moved(from: &str, before: Option<&[u8]>, file: &NewFile) -> Text {
    let before = String::from_utf8_lossy(before.unwrap_or_default());
    let text = Text::new().styled(Style::Dim, format!("rename from {from}\nrename to {}\n", file.path));
    let header = (format!("a/{from}"), format!("b/{}", file.path));
    headed(text, &header, &before, &file.text().unwrap_or_default())
}

fn headed(mut text: Text, header: &(String, String), before: &str, after: &str) -> Text {
    let diff = TextDiff::from_lines(before, after);
    let shown = diff.unified_diff().header(&header.0, &header.1).to_string();
    for line in shown.lines() {
        let style = match line.as_bytes().first() {
            Some(b'+') => Style::Good,
            Some(b'-') => Style::Bad,
            Some(b'@') => Style::Dim,
            _ => Style::Plain,
        };
        text.push(style, format!("{line}\n"));
    }
    text
}
