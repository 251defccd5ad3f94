//! The report of `templates show`.

use serde::Serialize;
use serde_json::Value;

use super::super::{Console, Format, Style, Text, json};
use crate::error::Failure;
use crate::ops::templates::Available;
use crate::ops::templates::show::{Parameter, ShownPage, pages, plain};
use crate::scaffolder::{Effect, Field, Kind, PlannedStep, Readiness, Template, plan};

/// Writes what a template asks for and what becomes of its steps.
pub fn show(
    console: &Console,
    format: Format,
    available: &Available,
    template: &Template,
) -> Result<(), Failure> {
    let (pages, steps) = (pages(template), plan(template).steps);
    if format != Format::Text {
        return json::print(console, format, &wire(available, template, &pages, &steps));
    }
    let title = template.title.as_deref().unwrap_or(&template.name);
    let mut text = Text::new().styled(Style::Strong, format!("{}: {title}", available.name)).end();
    if let Some(description) = &template.description {
        text.line(description.trim());
    }
    text.push(Style::Dim, format!("makes: {}; from: {}\n", template.kind, available.origin));
    for (index, page) in pages.iter().enumerate() {
        page_text(&mut text, index, page);
    }
    text.push(Style::Strong, "\nsteps\n");
    for step in &steps {
        step_text(&mut text, step);
    }
    console.print(text);
    console.note(format!("run it: platform new {}\n", available.name));
    Ok(())
}

fn page_text(text: &mut Text, index: usize, page: &ShownPage) {
    let title = page.title.clone().unwrap_or_else(|| format!("page {}", index + 1));
    text.push(Style::Strong, format!("\n{title}\n"));
    if let Some(description) = &page.description {
        text.line(format!("  {}", one_line(description)));
    }
    for parameter in &page.parameters {
        let field = &parameter.field;
        text.push(Style::Plain, "  ");
        text.push(Style::Accent, format!("--set {}=VALUE", field.path));
        text.line(format!("  {}", about(parameter)));
        for line in field.description.iter().chain(&field.help) {
            text.push(Style::Dim, format!("      {}\n", one_line(line)));
        }
        if let Some(pattern) = &field.pattern {
            let words = pattern.message.as_ref().map(|words| format!("  ({words})")).unwrap_or_default();
            text.push(Style::Dim, format!("      matches {}{}\n", pattern.expression, one_line(&words)));
        }
    }
}

/// `one of a, b; required; default a; with c=true`.
fn about(parameter: &Parameter) -> String {
    let field = &parameter.field;
    let mut words = vec![sort(&field.kind)];
    if !field.choices().is_empty() {
        words[0] = format!("{}: {}", words[0], allowed(field).map(plain).collect::<Vec<_>>().join(", "));
    }
    if field.required {
        words.push("required".to_owned());
    }
    if let Some(default) = default(field) {
        words.push(format!("default {}", plain(default)));
    }
    if let Some(when) = &parameter.when {
        words.push(format!("with {when}"));
    }
    words.join("; ")
}

fn allowed(field: &Field) -> impl Iterator<Item = &Value> {
    field.choices().iter().map(|choice| &choice.value)
}

/// The default, unless it must not be shown.
fn default(field: &Field) -> Option<&Value> {
    field.default.as_ref().filter(|_| !field.is_secret())
}

/// What sort of answer a field takes, in words.
fn sort(kind: &Kind) -> String {
    match kind {
        Kind::Text { .. } => "text",
        Kind::Number { integer: true } => "whole number",
        Kind::Number { integer: false } => "number",
        Kind::Boolean => "true or false",
        Kind::Choice(_) => "one of",
        Kind::MultiChoice(_) => "any of",
        Kind::List(of) => return format!("list of {}", sort(of)),
        Kind::Object(_) => "mapping",
        Kind::Entity(_) => "entity ref",
        Kind::Entities(_) => "list of entity refs",
        Kind::Owner(_) => "ref of a group or user",
        Kind::EntityName => "entity name",
        Kind::Tags(_) => "list of tags",
        Kind::RepoUrl(_) => "repository",
        Kind::Secret | Kind::Password => "secret",
    }
    .to_owned()
}

fn step_text(text: &mut Text, step: &PlannedStep) {
    text.push(Style::Plain, format!("  {}", one_line(&step.name)));
    if step.name != step.action {
        text.push(Style::Plain, format!(" ({})", one_line(&step.action)));
    }
    text.push(Style::Plain, ": ");
    let (style, word) = match &step.readiness {
        Readiness::Ready(effect) => (Style::Good, becomes(*effect)),
        Readiness::Unavailable { .. } => (Style::Bad, "cannot run here"),
        Readiness::Never => (Style::Dim, "never runs"),
    };
    text.push(style, word);
    text.line(if step.conditional { ", depending on the answers" } else { "" });
    if let Readiness::Unavailable { reason, hint } = &step.readiness {
        text.line(format!("      {}\n      {}", one_line(reason), one_line(hint)));
    }
}

fn becomes(effect: Effect) -> &'static str {
    match effect {
        Effect::Done => "runs here",
        Effect::Drafted => "becomes a change to submit",
        Effect::Recorded => "needs nothing here",
    }
}

fn one_line(text: &str) -> String {
    text.trim().replace('\n', " ")
}

#[derive(Serialize)]
struct Wire<'a> {
    name: &'a str,
    title: Option<&'a str>,
    description: Option<&'a str>,
    #[serde(rename = "type")]
    kind: &'a str,
    owner: Option<&'a str>,
    tags: &'a [String],
    origin: String,
    pages: Vec<WirePage<'a>>,
    steps: Vec<WireStep<'a>>,
}

#[derive(Serialize)]
struct WirePage<'a> {
    title: Option<&'a str>,
    description: Option<&'a str>,
    parameters: Vec<WireParameter<'a>>,
}

#[derive(Serialize)]
struct WireParameter<'a> {
    name: &'a str,
    flag: String,
    title: &'a str,
    description: Option<&'a str>,
    #[serde(rename = "type")]
    kind: String,
    required: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    default: Option<&'a Value>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    allowed: Vec<&'a Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pattern: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    when: Option<&'a str>,
}

#[derive(Serialize)]
struct WireStep<'a> {
    id: &'a str,
    name: &'a str,
    action: &'a str,
    conditional: bool,
    readiness: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    hint: Option<&'a str>,
}

fn wire<'a>(
    available: &'a Available,
    template: &'a Template,
    pages: &'a [ShownPage],
    steps: &'a [PlannedStep],
) -> Wire<'a> {
    Wire {
        name: &available.name,
        title: template.title.as_deref(),
        description: template.description.as_deref(),
        kind: &template.kind,
        owner: template.owner.as_deref(),
        tags: &template.tags,
        origin: available.origin.to_string(),
        pages: pages.iter().map(wire_page).collect(),
        steps: steps.iter().map(wire_step).collect(),
    }
}

fn wire_page(page: &ShownPage) -> WirePage<'_> {
    WirePage {
        title: page.title.as_deref(),
        description: page.description.as_deref(),
        parameters: page.parameters.iter().map(wire_parameter).collect(),
    }
}

fn wire_parameter(parameter: &Parameter) -> WireParameter<'_> {
    let field = &parameter.field;
    WireParameter {
        name: &field.path,
        flag: format!("--set {}=VALUE", field.path),
        title: &field.title,
        description: field.description.as_deref(),
        kind: sort(&field.kind),
        required: field.required,
        default: default(field),
        allowed: allowed(field).collect(),
        pattern: field.pattern.as_ref().map(|pattern| pattern.expression.as_str()),
        when: parameter.when.as_deref(),
    }
}

fn wire_step(step: &PlannedStep) -> WireStep<'_> {
    let (readiness, reason, hint) = match &step.readiness {
        Readiness::Ready(Effect::Done) => ("ready", None, None),
        Readiness::Ready(Effect::Drafted) => ("drafted", None, None),
        Readiness::Ready(Effect::Recorded) => ("recorded", None, None),
        Readiness::Unavailable { reason, hint } => ("unavailable", Some(&**reason), Some(&**hint)),
        Readiness::Never => ("never", None, None),
    };
    let PlannedStep { id, name, action, conditional, .. } = step;
    WireStep { id, name, action, conditional: *conditional, readiness, reason, hint }
}
