//! The report of `codeowners`.

use serde::Serialize;

use super::{Console, Format, json, new};
use crate::error::Failure;
use crate::ops::codeowners::{FILE, Report};

/// What is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// The file as it should be.
    Text,
    /// What is or would be different in it.
    Difference,
    /// That it was written.
    Written,
}

#[derive(Serialize)]
struct Wire<'a> {
    path: &'static str,
    #[serde(rename = "upToDate")]
    up_to_date: bool,
    written: bool,
    text: &'a str,
    unknown: Vec<&'a str>,
}

/// Writes the report.
pub fn print(console: &Console, format: Format, report: &Report, mode: Mode) -> Result<(), Failure> {
    let up_to_date = report.is_up_to_date();
    if format != Format::Text {
        let unknown = report.unknown.iter().map(String::as_str).collect();
        let written = mode == Mode::Written && !up_to_date;
        return json::print(
            console,
            format,
            &Wire { path: FILE, up_to_date, written, text: &report.after, unknown },
        );
    }
    for reason in &report.unknown {
        console.warn(&format!("{reason}: nobody is asked for it"));
    }
    match mode {
        Mode::Text => console.print(report.after.as_str()),
        _ if up_to_date => console.note(format!("{FILE} is up to date\n")),
        Mode::Written => console.note(format!("wrote {FILE}; commit it\n")),
        Mode::Difference => {
            console.print(new::unified(FILE, report.before.as_deref(), Some(&report.after)));
            console.note(format!("{FILE} is not what the catalog says: platform codeowners --write\n"));
        }
    }
    Ok(())
}
