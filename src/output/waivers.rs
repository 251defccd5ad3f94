//! The waivers of a repository.

use serde::Serialize;

use super::diagnostics::Places;
use super::table::Rows;
use super::{Console, Format, json};
use crate::error::Failure;
use crate::ops::validate::Report;
use crate::rules::waiver::{State, Waiver};

#[derive(Serialize)]
struct List<'a> {
    waivers: Vec<Wire<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Wire<'a> {
    rule: &'a str,
    until: String,
    state: &'static str,
    path: &'a str,
    line: u32,
    column: u32,
    reason: &'a str,
}

/// Lists waivers: where and until when something is allowed, why, and whether there is any need.
pub fn print(console: &Console, format: Format, report: &Report) -> Result<(), Failure> {
    let mut places = Places::new(&report.sources);
    report.waivers.iter().for_each(|(waiver, _)| places.add(waiver.span.source));
    let mut all: Vec<Wire<'_>> =
        report.waivers.iter().map(|(waiver, state)| wire(&places, waiver, *state)).collect();
    all.sort_by(|a, b| (a.path, a.line, a.column).cmp(&(b.path, b.line, b.column)));
    if format != Format::Text {
        return json::print(console, format, &List { waivers: all });
    }
    if all.is_empty() {
        console.note("there are no waivers\n");
        return Ok(());
    }
    let mut rows = Rows::new(&["rule", "until", "state", "place", "reason"]);
    for waiver in &all {
        let place = format!("{}:{}", waiver.path, waiver.line);
        rows.row([waiver.rule, &waiver.until, waiver.state, &place, waiver.reason]);
    }
    console.print(rows.rendered(console.width()));
    Ok(())
}

fn wire<'a>(places: &Places<'a>, waiver: &'a Waiver, state: State) -> Wire<'a> {
    let (start, _) = places.range(waiver.span);
    Wire {
        rule: &waiver.rule,
        until: waiver.last_day(),
        state: match state {
            State::Used => "used",
            State::Unused => "unused",
            State::Expired => "expired",
            State::UnknownRule => "unknown rule",
        },
        path: places.path(waiver.span),
        line: start.line,
        column: start.column,
        reason: &waiver.reason,
    }
}
