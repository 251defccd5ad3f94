//! Resource types: the list, and one with its parameters.

use serde::Serialize;
use serde_json::Value;

use super::table::Rows;
use super::validate::count;
use super::{Console, Format, Style, Text, json};
use crate::error::Failure;
use crate::object::Gvk;
use crate::ops::new::NewFile;
use crate::ops::types::{Available, Origin, pull};
use crate::render::ResourceType;

/// Parameters inside of parameters are shown down to this depth.
const DEPTH: usize = 8;

#[derive(Serialize)]
struct List<'a> {
    types: Vec<Row<'a>>,
}

#[derive(Serialize)]
struct Row<'a> {
    name: &'a str,
    title: Option<&'a str>,
    description: Option<&'a str>,
    route: Option<&'static str>,
    origin: &'a str,
    problems: Vec<&'a str>,
}

#[derive(Serialize)]
struct Shown<'a> {
    #[serde(flatten)]
    row: Row<'a>,
    parameters: &'a Value,
    settings: &'a Value,
}

fn row(available: &Available) -> Row<'_> {
    let definition = available.definition.as_ref();
    Row {
        name: &available.name,
        title: definition.map(|definition| &*definition.title),
        description: definition.map(|definition| &*definition.description),
        route: definition.map(|definition| definition.route.as_str()),
        origin: origin(available),
        problems: available.findings.iter().map(|finding| &*finding.message).collect(),
    }
}

fn origin(available: &Available) -> &str {
    match &available.origin {
        Origin::BuiltIn => "built in",
        Origin::Repository(path) => path,
    }
}

/// Writes the list.
pub fn list(console: &Console, format: Format, types: &[Available]) -> Result<(), Failure> {
    let rows: Vec<Row<'_>> = types.iter().map(row).collect();
    if format != Format::Text {
        return json::print(console, format, &List { types: rows });
    }
    let mut table = Rows::new(&["type", "is", "from"]);
    for row in &rows {
        let is = match row.problems.first() {
            Some(problem) => format!("broken: {problem}"),
            None => row.title.unwrap_or_default().to_owned(),
        };
        table.row([row.name, &is, row.origin]);
    }
    console.print(table.rendered(console.width()));
    console.note("what one takes: platform types show TYPE\n");
    Ok(())
}

/// Writes one type.
pub fn show(
    console: &Console,
    format: Format,
    available: &Available,
    definition: &ResourceType,
) -> Result<(), Failure> {
    let (parameters, settings) = (definition.parameters(), definition.settings());
    if format != Format::Text {
        return json::print(console, format, &Shown { row: row(available), parameters, settings });
    }
    let title = format!("{} ({}, {})\n", definition.title, definition.route.as_str(), origin(available));
    console.print(Text::new().styled(Style::Strong, title));
    if !definition.description.is_empty() {
        console.print(format!("{}\n", definition.description.trim_end()));
    }
    for (name, place, schema) in [
        ("parameters", "spec.parameters of the entity".to_owned(), parameters),
        ("settings", format!("types.{} in platform.yaml", available.name), settings),
    ] {
        let mut table = Rows::new(&[name, "value", "default", "what"]);
        fields(&mut table, "", schema, DEPTH);
        if !table.is_empty() {
            console.print(format!("\n{place}:\n"));
            console.print(table.rendered(console.width()));
        }
    }
    Ok(())
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Changed<'a> {
    written: bool,
    files: Vec<Changes<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    unchanged: Option<usize>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    missing: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    by_kro: Vec<String>,
}

#[derive(Serialize)]
struct Changes<'a> {
    path: &'a str,
    change: &'static str,
}

fn changes(files: &[NewFile]) -> Vec<Changes<'_>> {
    let change = |file: &NewFile| if file.before.is_some() { "changed" } else { "new" };
    files.iter().map(|file| Changes { path: &file.path, change: change(file) }).collect()
}

fn listed(console: &Console, files: &[NewFile]) {
    for Changes { path, change } in changes(files) {
        console.print(Text::new().styled(Style::Good, change).plain(format!("  {path}\n")));
    }
}

/// Writes the files of a new type; their texts too when they were not written.
pub fn created(
    console: &Console,
    format: Format,
    name: &str,
    files: &[NewFile],
    dry_run: bool,
) -> Result<(), Failure> {
    if format != Format::Text {
        let (files, missing, by_kro) = (changes(files), Vec::new(), Vec::new());
        let wire = Changed { written: !dry_run, files, unchanged: None, missing, by_kro };
        return json::print(console, format, &wire);
    }
    listed(console, files);
    if dry_run {
        for file in files {
            console.print(super::new::unified(&file.path, None, file.text().as_deref()));
        }
        return Ok(());
    }
    console.note(format!("next: change types/{name}/type.yaml, then platform types lint {name}\n"));
    console.note(format!("      platform types test {name} --update\n"));
    Ok(())
}

/// Writes what was copied from a cluster, and what it does not have.
pub fn pulled(
    console: &Console,
    format: Format,
    report: &pull::Report,
    dry_run: bool,
) -> Result<(), Failure> {
    let named = |gvk: &Gvk| format!("{} ({})", gvk.kind, gvk.api_version());
    let kinds = report.missing.iter().map(named);
    let missing: Vec<String> = kinds.chain(report.missing_groups.iter().cloned()).collect();
    let by_kro: Vec<String> = report.by_kro.iter().map(named).collect();
    if format != Format::Text {
        let (files, unchanged) = (changes(&report.files), Some(report.unchanged));
        let wire = Changed { written: !dry_run, files, unchanged, missing, by_kro };
        return json::print(console, format, &wire);
    }
    listed(console, &report.files);
    for what in &missing {
        console.warn(&format!("{} has no definition of {what}", report.server));
    }
    for what in &by_kro {
        console.note(format!("{what}: kro defines it from the ResourceGraphDefinition of its type\n"));
    }
    let number = count(report.files.len(), "definition", "definitions");
    let done = if dry_run { "would be written" } else { "written" };
    console.note(format!("{number} {done}, {} as before\n", report.unchanged));
    Ok(())
}

/// That nothing is wrong with some types.
pub fn fine(number: usize) -> Text {
    let types = count(number, "resource type", "resource types");
    Text::new().styled(Style::Good, "ok").plain(format!(": {types}")).end()
}

/// A row for each field of an object's schema, those inside of it after it.
fn fields(table: &mut Rows, above: &str, schema: &Value, depth: usize) {
    let required = schema.get("required").and_then(Value::as_array);
    let is_required = |name: &str| required.is_some_and(|all| all.iter().any(|one| one == name));
    let properties = schema.get("properties").and_then(Value::as_object);
    for (name, field) in properties.into_iter().flatten().filter(|_| depth > 0) {
        let path = format!("{above}{name}");
        let default = match field.get("default") {
            Some(default) => default.as_str().map_or_else(|| default.to_string(), str::to_owned),
            None if is_required(name) => "(required)".to_owned(),
            None => String::new(),
        };
        let what = field.get("description").and_then(Value::as_str).unwrap_or_default().trim();
        table.row([path.clone(), value_of(field), default, what.to_owned()]);
        fields(table, &format!("{path}."), field, depth - 1);
        if let Some(items) = field.get("items") {
            fields(table, &format!("{path}[]."), items, depth - 1);
        }
    }
}

/// What a field takes, in a word: its type, or the values of which it is one.
fn value_of(schema: &Value) -> String {
    if let Some(values) = schema.get("enum").and_then(Value::as_array) {
        let words =
            values.iter().map(|value| value.as_str().map_or_else(|| value.to_string(), str::to_owned));
        return words.collect::<Vec<_>>().join(", ");
    }
    match schema.get("type") {
        Some(Value::String(word)) if word == "array" => match schema.get("items").map(value_of) {
            Some(item) if !item.is_empty() => format!("array of {item}"),
            _ => word.clone(),
        },
        Some(Value::String(word)) => word.clone(),
        Some(Value::Array(words)) => words.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(" or "),
        _ => String::new(),
    }
}
