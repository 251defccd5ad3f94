//! The report of `render --write` and `--check`: the files, and what is or would be different in them.

use serde::Serialize;

use super::validate::count;
use super::{Console, Format, Style, Text, diagnostics, json, new, unchecked};
use crate::error::Failure;
use crate::ops::rendered::{Change, Plan};

#[derive(Serialize)]
struct Wire<'a> {
    written: bool,
    files: Vec<File<'a>>,
    unchanged: usize,
    #[serde(rename = "byHand")]
    by_hand: &'a [String],
}

#[derive(Serialize)]
struct File<'a> {
    path: &'a str,
    change: &'static str,
}

/// Writes what was done, or, when nothing was written, what would be different.
pub fn print(console: &Console, format: Format, plan: &Plan, is_written: bool) -> Result<(), Failure> {
    diagnostics::print_to_stderr(console, &plan.sources, &plan.problems);
    unchecked::note(console, &plan.unchecked);
    if format != Format::Text {
        let files = plan.changes.iter().map(|change| File { path: &change.path, change: word(change) });
        let (files, by_hand) = (files.collect(), plan.foreign.as_slice());
        let wire = Wire { written: is_written, files, unchanged: plan.unchanged, by_hand };
        return json::print(console, format, &wire);
    }
    for change in &plan.changes {
        let style = if change.after.is_some() { Style::Good } else { Style::Bad };
        console.print(Text::new().styled(style, word(change)).plain(format!("  {}\n", change.path)));
    }
    if !is_written {
        for change in &plan.changes {
            let (before, after) = (change.before.as_deref(), change.after.as_deref());
            console.print(new::unified(&change.path, before, after));
        }
    }
    for path in &plan.foreign {
        console.warn(&format!("{path} was not made by `platform render`: it is left as it is"));
    }
    if plan.problems.is_empty() {
        console.note(summary(plan, is_written));
    }
    Ok(())
}

fn word(change: &Change) -> &'static str {
    match (&change.before, &change.after) {
        (None, _) => "new",
        (Some(_), Some(_)) => "changed",
        (Some(_), None) => "removed",
    }
}

fn summary(plan: &Plan, is_written: bool) -> String {
    let files = |number| count(number, "file", "files");
    match (plan.changes.len(), is_written) {
        (0, _) => format!("rendered/ is up to date: {}\n", files(plan.unchanged)),
        (number, true) => format!("{} written or removed, {} as before\n", files(number), plan.unchanged),
        (number, false) => format!("{} stale: platform render --write\n", files(number)),
    }
}
