//! What there is to say about a rule.

use serde::Serialize;

use super::table::Rows;
use super::text::wrapped;
use super::{Console, Format, Style, Text, json};
use crate::error::Failure;
use crate::ops::explain::Explained;

/// What the repository wants of a rule: a severity or `off`, and where that is set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Configured {
    /// `off`, `info`, `warning` or `error`.
    pub level: String,
    /// `platform.yaml:12`, say.
    pub origin: String,
}

#[derive(Serialize)]
struct List<'a> {
    rules: Vec<Wire<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Wire<'a> {
    id: &'a str,
    severity: &'static str,
    summary: &'a str,
    why: &'a str,
    bad: &'a str,
    good: &'a str,
    fix: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    defined_in: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    configured: Option<&'a str>,
}

/// Lists rules.
pub fn print_all(console: &Console, format: Format, all: &[Explained]) -> Result<(), Failure> {
    if format != Format::Text {
        let rules = all.iter().map(|rule| wire(rule, None)).collect();
        return json::print(console, format, &List { rules });
    }
    let mut rows = Rows::new(&["rule", "severity", "finds"]);
    for rule in all {
        rows.row([&*rule.id, rule.severity.as_str(), &rule.summary]);
    }
    console.print(rows.rendered(console.width()));
    console.note("`platform explain RULE` says why, with examples\n");
    Ok(())
}

/// Explains one rule.
pub fn print(
    console: &Console,
    format: Format,
    rule: &Explained,
    configured: Option<&Configured>,
) -> Result<(), Failure> {
    if format != Format::Text {
        return json::print(console, format, &wire(rule, configured));
    }
    let width = console.width();
    let mut text = Text::new().styled(Style::Strong, &*rule.id).plain(format!(
        " ({}): {}\n",
        rule.severity.as_str(),
        rule.summary
    ));
    if let Some(path) = &rule.defined_in {
        text.line(format!("a policy of this repository, in {path}"));
    }
    paragraph(&mut text, width, &rule.why);
    example(&mut text, "Wrong", Style::Bad, &rule.bad);
    example(&mut text, "Right", Style::Good, &rule.good);
    if !rule.fix.is_empty() {
        heading(&mut text, "Fix", Style::Strong);
        indented(&mut text, width, &rule.fix);
    }
    waiver(&mut text, width, &rule.id);
    severity(&mut text, width, rule, configured);
    console.print(text);
    Ok(())
}

fn wire<'a>(rule: &'a Explained, configured: Option<&'a Configured>) -> Wire<'a> {
    Wire {
        id: &rule.id,
        severity: rule.severity.as_str(),
        summary: &rule.summary,
        why: &rule.why,
        bad: &rule.bad,
        good: &rule.good,
        fix: &rule.fix,
        defined_in: rule.defined_in.as_deref(),
        configured: configured.map(|configured| configured.level.as_str()),
    }
}

fn heading(text: &mut Text, title: &str, style: Style) {
    text.line("");
    text.push(style, title);
    text.line(":");
}

fn paragraph(text: &mut Text, width: usize, words: &str) {
    if !words.trim().is_empty() {
        text.line("");
        for line in wrapped(words, width) {
            text.line(line);
        }
    }
}

fn indented(text: &mut Text, width: usize, words: &str) {
    for line in wrapped(words, width.saturating_sub(4)) {
        text.line(format!("    {line}"));
    }
}

fn example(text: &mut Text, title: &str, style: Style, example: &str) {
    if example.trim().is_empty() {
        return;
    }
    heading(text, title, style);
    for line in example.trim_end().lines() {
        text.line(format!("    {line}").trim_end());
    }
}

fn waiver(text: &mut Text, width: usize, id: &str) {
    heading(text, "Allow it for a time", Style::Strong);
    let where_to =
        "as a comment behind the value, on a line above it, or at the head of a document for all of it:";
    indented(text, width, where_to);
    text.line(format!("    # platform: allow {id} until YYYY-MM-DD the reason"));
}

fn severity(text: &mut Text, width: usize, rule: &Explained, configured: Option<&Configured>) {
    heading(text, "Change its severity", Style::Strong);
    let level = rule.severity.as_str();
    let now = match configured {
        Some(Configured { level, origin }) => format!("it is `{level}` here ({origin}); "),
        None => String::new(),
    };
    indented(
        text,
        width,
        &format!("{now}in platform.yaml to off, info, warning or error, {level} unless set:"),
    );
    text.line("    rules:");
    let other = if level == "error" { "warning" } else { "error" };
    text.line(format!("      {}: {other}", rule.id));
}
