//! The report of `submit`: the address of the pull request on stdout, the rest on stderr.

use serde::Serialize;

use super::validate::count;
use super::{Console, Format, Style, Text, json};
use crate::change::Edit;
use crate::error::Failure;
use crate::ops::submit::{Pushed, Report};

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Wire<'a> {
    title: &'a str,
    branch: &'a str,
    base: &'a str,
    files: Vec<File<'a>>,
    pushed: &'static str,
    commit: Option<&'a str>,
    pull_request: Option<PullRequest<'a>>,
}

#[derive(Serialize)]
struct File<'a> {
    path: &'a str,
    change: &'static str,
}

#[derive(Serialize)]
struct PullRequest<'a> {
    number: u64,
    url: &'a str,
    created: bool,
}

/// Writes the report.
pub fn print(console: &Console, format: Format, report: &Report) -> Result<(), Failure> {
    if format != Format::Text {
        return json::print(console, format, &wire(report));
    }
    let mut text = Text::new().styled(Style::Strong, &*report.title).end();
    for edit in &report.edits {
        text.line(format!("  {:<8} {}", change(edit), edit.path));
    }
    console.note(text);
    let Some(pushed) = &report.pushed else {
        console.note(format!(
            "dry run: would push {} and open a pull request to {}\n",
            report.branch, report.base
        ));
        return Ok(());
    };
    let short = pushed.commit().short();
    console.note(match pushed {
        Pushed::Created(_) => format!("pushed {} ({short})\n", report.branch),
        Pushed::Updated(_) => format!("added {short} to {}\n", report.branch),
        Pushed::Unchanged(_) => format!("{} is up to date ({short})\n", report.branch),
    });
    for warning in &report.warnings {
        console.warn(warning);
    }
    if let Some(pull_request) = &report.pull_request {
        let number = pull_request.number;
        console.note(if report.created {
            format!("opened pull request #{number}\n")
        } else {
            format!("pull request #{number} is open already: {}\n", pull_request.title)
        });
        console.print(Text::new().styled(Style::Accent, &*pull_request.url).end());
    }
    Ok(())
}

/// Says that there is nothing to send.
pub fn print_nothing(console: &Console, landed: &[String], base: &str) {
    if landed.is_empty() {
        console.note(format!("nothing to submit: your files are as they are on {base}\n"));
    } else {
        let files = count(landed.len(), "changed file, which is", "changed files, which are");
        console.note(format!("nothing to submit but {files} on {base} already\n"));
    }
}

fn wire(report: &Report) -> Wire<'_> {
    Wire {
        title: &report.title,
        branch: &report.branch,
        base: &report.base,
        files: report.edits.iter().map(|edit| File { path: &edit.path, change: change(edit) }).collect(),
        pushed: match &report.pushed {
            None => "dry-run",
            Some(Pushed::Created(_)) => "created",
            Some(Pushed::Updated(_)) => "updated",
            Some(Pushed::Unchanged(_)) => "unchanged",
        },
        commit: report.pushed.as_ref().map(|pushed| pushed.commit().0.as_str()),
        pull_request: report.pull_request.as_ref().map(|pull_request| PullRequest {
            number: pull_request.number,
            url: &pull_request.url,
            created: report.created,
        }),
    }
}

fn change(edit: &Edit) -> &'static str {
    match (&edit.content, edit.existed) {
        (None, _) => "remove",
        (Some(_), true) => "change",
        (Some(_), false) => "new",
    }
}
