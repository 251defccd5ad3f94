//! What a task in Backstage says while it runs, and what came of it.
//!
//! Everything in it was written by templates and servers: colours are taken out, and what else would
//! steer a terminal is spelled out.

use serde::Serialize;
use serde_json::{Map, Value};

use super::{Console, Format, Style, Text, json};
use crate::backstage::{Event, EventKind, TaskState};
use crate::error::Failure;

/// The longest line of a log that is shown, in characters.
const LONGEST: usize = 2000;

/// Writes an event to stderr: the state of a step, or a line of its log.
pub fn event(console: &Console, event: &Event) {
    let words = without_colours(&event.message);
    // Behind the first line of an error is where in Backstage's own code it came up.
    let first = words.lines().next().unwrap_or_default();
    let text = match (event.kind, event.status.as_deref()) {
        (EventKind::Completion, _) => return,
        (_, Some("processing")) => {
            Text::new().styled(Style::Strong, format!("{}\n", name(&words, "Beginning step ")))
        }
        (_, Some("completed")) => state(Style::Good, "done", &name(&words, "Finished step ")),
        (_, Some("failed")) => state(Style::Bad, "failed", first),
        (_, Some(other)) => state(Style::Warn, other, first),
        (_, None) => {
            let mut text = Text::new();
            for line in words.lines() {
                let short: String = line.chars().take(LONGEST).collect();
                text.push(Style::Dim, format!("    {short}\n"));
            }
            text
        }
    };
    console.note(text);
}

/// The name of a step, from the words that Backstage has for its states.
fn name(words: &str, prefix: &str) -> String {
    words.strip_prefix(prefix).unwrap_or(words).to_owned()
}

fn state(style: Style, word: &str, about: &str) -> Text {
    Text::new().plain("  ").styled(style, word).plain(format!("  {about}\n"))
}

/// A text without the sequences that set colours.
fn without_colours(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find("\u{1b}[") {
        plain.push_str(&rest[..at]);
        let sequence = &rest[at + 2..];
        let end = sequence.find(|c: char| !(c.is_ascii_digit() || c == ';'));
        match end {
            Some(end) if sequence[end..].starts_with('m') => rest = &sequence[end + 1..],
            _ => {
                plain.push_str("\u{1b}[");
                rest = sequence;
            }
        }
    }
    plain.push_str(rest);
    plain
}

/// How a task ended, for the report.
pub struct Ended<'a> {
    /// Its id.
    pub id: &'a str,
    /// Its page in the portal.
    pub page: &'a str,
    /// How.
    pub state: TaskState,
    /// Why it failed.
    pub error: Option<&'a str>,
    /// What the template says.
    pub output: &'a Map<String, Value>,
    /// The steps in their order with their last states.
    pub steps: &'a [(String, String)],
}

#[derive(Serialize)]
struct Wire<'a> {
    template: &'a str,
    task: Option<Task<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    values: Option<&'a Map<String, Value>>,
    output: &'a Map<String, Value>,
}

#[derive(Serialize)]
struct Task<'a> {
    id: &'a str,
    url: &'a str,
    status: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<&'a str>,
    steps: Vec<Step<'a>>,
}

#[derive(Serialize)]
struct Step<'a> {
    id: &'a str,
    status: &'a str,
}

/// The word for how a task ended.
fn word(state: TaskState) -> &'static str {
    match state {
        TaskState::Running => "processing",
        TaskState::Completed => "completed",
        TaskState::Failed => "failed",
        TaskState::Cancelled => "cancelled",
    }
}

/// Writes what came of a task. `link` makes the address of an entity's page.
pub fn print(
    console: &Console,
    format: Format,
    template: &str,
    ended: &Ended<'_>,
    link: impl Fn(&str) -> Option<String>,
) -> Result<(), Failure> {
    if format != Format::Text {
        let steps = ended.steps.iter().map(|(id, status)| Step { id, status }).collect();
        let task =
            Task { id: ended.id, url: ended.page, status: word(ended.state), error: ended.error, steps };
        let wire = Wire { template, task: Some(task), values: None, output: ended.output };
        return json::print(console, format, &wire);
    }
    let style = if ended.state == TaskState::Completed { Style::Good } else { Style::Bad };
    console.print(Text::new().styled(style, word(ended.state)).plain(format!("  {template}\n")));
    console.print(said(ended.output, link));
    Ok(())
}

/// Links and texts of an output.
fn said(output: &Map<String, Value>, link: impl Fn(&str) -> Option<String>) -> Text {
    let list = |key: &str| output.get(key).and_then(Value::as_array).into_iter().flatten();
    let text = |item: &Value, key: &str| item.get(key).and_then(Value::as_str).map(str::to_owned);
    let mut shown = Text::new();
    for item in list("links") {
        let target =
            text(item, "url").or_else(|| text(item, "entityRef").and_then(|reference| link(&reference)));
        let Some(target) = target else { continue };
        let title = text(item, "title").unwrap_or_else(|| "link".to_owned());
        shown.push(Style::Plain, format!("  {title}: "));
        shown.push(Style::Accent, format!("{target}\n"));
    }
    for item in list("text") {
        if let Some(title) = text(item, "title") {
            shown.push(Style::Strong, format!("  {title}\n"));
        }
        for line in text(item, "content").unwrap_or_default().trim_end().lines() {
            shown.line(format!("    {line}"));
        }
    }
    shown
}

/// Writes what would be sent: nothing was started.
pub fn print_request(
    console: &Console,
    format: Format,
    template: &str,
    values: &Map<String, Value>,
    secrets: &[&String],
) -> Result<(), Failure> {
    if format != Format::Text {
        let wire = Wire { template, task: None, values: Some(values), output: &Map::new() };
        return json::print(console, format, &wire);
    }
    let mut text = Text::new().styled(Style::Strong, format!("{template}\n"));
    for (name, value) in values {
        let value = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        text.line(format!("  {name}: {}", value.replace('\n', "\n    ")));
    }
    for name in secrets {
        text.line(format!("  secret {name}: ***"));
    }
    console.print(text);
    console.note("dry run: nothing was started\n");
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::without_colours;

    #[test]
    fn colours_go_and_the_rest_stays_for_the_console_to_spell_out() {
        assert_eq!(without_colours("\u{1b}[32minfo\u{1b}[39m: a\u{1b}[1;31mb"), "info: ab");
        assert_eq!(without_colours("a\u{1b}[2Jb\u{1b}[3"), "a\u{1b}[2Jb\u{1b}[3");
    }
}
