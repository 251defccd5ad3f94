//! The reports of `list` and `show`.

use serde::Serialize;
use serde_json::{Map, Value};

use super::table::Rows;
use super::validate::count;
use super::{Console, Format, json};
use crate::entity::EntityRef;
use crate::error::Failure;
use crate::ops::list::{Place, Row, Shown};

#[derive(Serialize)]
struct Wire<'a> {
    entities: Vec<Brief<'a>>,
}

#[derive(Serialize)]
struct Brief<'a> {
    #[serde(rename = "ref")]
    reference: &'a str,
    #[serde(rename = "type")]
    spec_type: Option<&'a str>,
    owner: Option<&'a str>,
    system: Option<&'a str>,
    file: &'a str,
    line: u32,
}

#[derive(Serialize)]
struct Whole<'a> {
    #[serde(rename = "ref")]
    reference: &'a str,
    file: &'a str,
    line: u32,
    entity: &'a Value,
    relations: Vec<Edge<'a>>,
    dependants: Vec<Dependant<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Edge<'a> {
    #[serde(rename = "type")]
    relation: &'static str,
    target_ref: &'a str,
    exists: bool,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Dependant<'a> {
    #[serde(rename = "type")]
    relation: &'static str,
    source_ref: &'a str,
}

/// Writes the entities as a table.
pub fn print(console: &Console, format: Format, rows: &[Row]) -> Result<(), Failure> {
    if format != Format::Text {
        return json::print(console, format, &Wire { entities: rows.iter().map(brief).collect() });
    }
    let mut table = Rows::new(&["entity", "type", "owner", "system", "place"]);
    for row in rows {
        let short = |reference: &Option<EntityRef>| reference.as_ref().map_or_else(dash, EntityRef::short);
        table.row([
            row.reference.short(),
            row.spec_type.clone().unwrap_or_else(dash),
            short(&row.owner),
            short(&row.system),
            place(&row.place),
        ]);
    }
    if !table.is_empty() {
        console.print(table.rendered(console.width()));
    }
    console.note(format!("{}\n", count(rows.len(), "entity", "entities")));
    Ok(())
}

fn dash() -> String {
    "-".to_owned()
}

fn place(place: &Place) -> String {
    format!("{}:{}", place.path, place.line)
}

fn brief(row: &Row) -> Brief<'_> {
    Brief {
        reference: row.reference.as_str(),
        spec_type: row.spec_type.as_deref(),
        owner: row.owner.as_ref().map(EntityRef::as_str),
        system: row.system.as_ref().map(EntityRef::as_str),
        file: &row.place.path,
        line: row.place.line,
    }
}

/// Writes one entity: for people in brief, for machines as a whole.
pub fn print_one(console: &Console, format: Format, shown: &Shown) -> Result<(), Failure> {
    if format == Format::Text {
        console.print(crate::yaml::emit::to_string(&summary(shown)));
        return Ok(());
    }
    let relations = shown.relations.iter().map(|related| Edge {
        relation: related.relation.name(),
        target_ref: related.target.as_str(),
        exists: related.exists,
    });
    let dependants = shown
        .dependants
        .iter()
        .map(|(relation, source)| Dependant { relation: relation.name(), source_ref: source.as_str() });
    let whole = Whole {
        reference: shown.row.reference.as_str(),
        file: &shown.row.place.path,
        line: shown.row.place.line,
        entity: &shown.entity,
        relations: relations.collect(),
        dependants: dependants.collect(),
    };
    json::print(console, format, &whole)
}

/// What matters most, first who and where it is.
fn summary(shown: &Shown) -> Value {
    let mut summary = Map::new();
    summary.insert("entity".to_owned(), Value::String(shown.row.reference.to_string()));
    summary.insert("place".to_owned(), Value::String(place(&shown.row.place)));
    for pointer in
        ["/metadata/title", "/metadata/description", "/metadata/tags", "/spec/type", "/spec/lifecycle"]
    {
        let name = pointer.rsplit('/').next().unwrap_or_default();
        if let Some(value) = shown.entity.pointer(pointer) {
            summary.insert(name.to_owned(), value.clone());
        }
    }
    let mut relations = Map::new();
    for related in &shown.relations {
        let missing = if related.exists { "" } else { " (not in the catalog)" };
        add(&mut relations, related.relation.name(), format!("{}{missing}", related.target.short()));
    }
    let mut dependants = Map::new();
    for (relation, source) in &shown.dependants {
        add(&mut dependants, relation.name(), source.short());
    }
    for (name, map) in [("relations", relations), ("dependants", dependants)] {
        if !map.is_empty() {
            summary.insert(name.to_owned(), Value::Object(map));
        }
    }
    Value::Object(summary)
}

fn add(map: &mut Map<String, Value>, name: &str, text: String) {
    let list = map.entry(name).or_insert_with(|| Value::Array(Vec::new()));
    if let Value::Array(list) = list {
        list.push(Value::String(text));
    }
}
