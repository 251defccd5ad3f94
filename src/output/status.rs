//! The report of `status`.

use serde::Serialize;

use super::{Console, Format, Style, Text, json};
use crate::error::Failure;
use crate::ops::status::{Report, Stage, State};
use crate::status::{Health, ObjectStatus, StatusReport, Sync};

/// Width of the column of stage names.
const NAMES: usize = 13;

/// Writes the report.
pub fn print(console: &Console, format: Format, report: &Report) -> Result<(), Failure> {
    if format != Format::Text {
        return json::print(console, format, &wire(report));
    }
    let mut text = Text::new().styled(Style::Strong, report.entity.to_string()).end();
    for stage in &report.stages {
        text.append(stage_text(stage));
        if stage.name == "objects"
            && let Some(objects) = &report.objects
        {
            for object in &objects.objects {
                object_text(&mut text, object, 0, true);
            }
        }
    }
    if let Some(next) = report.objects.as_ref().and_then(|objects| objects.next.as_ref()) {
        text.push(Style::Accent, "next");
        text.line(format!(" ({}): {}", next.turn.as_str(), next.action));
    }
    console.print(text);
    Ok(())
}

fn mark(state: State) -> (&'static str, Style) {
    match state {
        State::Done => ("ok", Style::Good),
        State::NotConfigured => ("-", Style::Dim),
        State::Waiting => ("..", Style::Warn),
        State::Unreachable | State::Login => ("??", Style::Warn),
        State::Failed => ("!!", Style::Bad),
    }
}

fn stage_text(stage: &Stage) -> Text {
    let (mark, style) = mark(stage.state);
    let mut text = Text::new().styled(style, format!("{mark:<3}"));
    text.push(Style::Plain, format!("{:<NAMES$} ", stage.name));
    text.line(stage.summary.replace('\n', " "));
    for detail in &stage.details {
        text.push(Style::Dim, format!("{:indent$}{}\n", "", detail.replace('\n', " "), indent = NAMES + 4));
    }
    text
}

fn object_text(text: &mut Text, object: &ObjectStatus, depth: usize, wanted: bool) {
    let verdict = &object.verdict;
    let style = match verdict.health {
        Health::Healthy => Style::Good,
        Health::Degraded | Health::Missing => Style::Bad,
        _ => Style::Warn,
    };
    let indent = NAMES + 4 + depth * 2;
    let pad = 44_usize.saturating_sub(depth * 2);
    text.push(Style::Plain, format!("{:indent$}{:<pad$} ", "", object.reference.to_string()));
    text.push(style, format!("{:<12}", verdict.health));
    let sync =
        object.sync.filter(|sync| wanted && *sync != Sync::Synced).map(Sync::as_str).unwrap_or_default();
    let words = if verdict.message.is_empty() { &verdict.reason } else { &verdict.message };
    let words = if verdict.health == Health::Healthy { "" } else { words };
    let line = [sync, words].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("; ");
    text.line(line.replace('\n', " ").trim_end());
    for child in &object.children {
        object_text(text, child, depth + 1, false);
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Wire<'a> {
    entity: String,
    at: String,
    exit: u8,
    stages: Vec<WireStage<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    objects: Option<WireObjects<'a>>,
}

#[derive(Serialize)]
struct WireStage<'a> {
    name: &'a str,
    state: &'static str,
    summary: &'a str,
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    details: &'a [String],
}

#[derive(Serialize)]
struct WireObjects<'a> {
    health: &'static str,
    sync: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<WireNext<'a>>,
    items: Vec<WireObject<'a>>,
}

#[derive(Serialize)]
struct WireNext<'a> {
    turn: &'static str,
    action: &'a str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct WireObject<'a> {
    api_version: String,
    kind: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    namespace: Option<&'a str>,
    name: &'a str,
    health: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    sync: Option<&'static str>,
    reason: &'a str,
    message: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    since: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    differences: Vec<&'a str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    children: Vec<WireObject<'a>>,
}

fn wire(report: &Report) -> Wire<'_> {
    Wire {
        entity: report.entity.to_string(),
        at: report.now.to_string(),
        exit: report.exit().code(),
        stages: report
            .stages
            .iter()
            .map(|stage| WireStage {
                name: stage.name,
                state: stage.state.as_str(),
                summary: &stage.summary,
                details: &stage.details,
            })
            .collect(),
        objects: report.objects.as_ref().map(wire_objects),
    }
}

fn wire_objects(report: &StatusReport) -> WireObjects<'_> {
    WireObjects {
        health: report.health.as_str(),
        sync: report.sync.as_str(),
        next: report.next.as_ref().map(|next| WireNext { turn: next.turn.as_str(), action: &next.action }),
        items: report.objects.iter().map(wire_object).collect(),
    }
}

fn wire_object(object: &ObjectStatus) -> WireObject<'_> {
    WireObject {
        api_version: object.reference.gvk.api_version(),
        kind: &object.reference.gvk.kind,
        namespace: object.reference.namespace.as_deref(),
        name: &object.reference.name,
        health: object.verdict.health.as_str(),
        sync: object.sync.map(Sync::as_str),
        reason: &object.verdict.reason,
        message: &object.verdict.message,
        since: object.verdict.since.map(|since| since.to_string()),
        differences: object.differences.iter().map(|difference| difference.pointer.as_str()).collect(),
        children: object.children.iter().map(wire_object).collect(),
    }
}
