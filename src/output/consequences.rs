//! What a change means beyond its own files: who named the entity, which Kubernetes objects come and go.

use serde::Serialize;

use super::table::Rows;
use super::validate::count;
use super::{Console, Style, Text};
use crate::ops::consequences::{Consequences, ObjectChange, Outcome, Place, Reference, State};

/// More lines of one sort are counted, not shown; `-o json` has all.
const MOST: usize = 20;

/// The consequences as they go to JSON.
#[derive(Serialize)]
pub(super) struct Wire<'a> {
    #[serde(skip_serializing_if = "Vec::is_empty")]
    references: Vec<ReferenceWire<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    objects: Vec<ObjectWire<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    moved: Vec<MovedWire<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    left: Vec<PlaceWire<'a>>,
}

#[derive(Serialize)]
struct ReferenceWire<'a> {
    target: &'a str,
    from: &'a str,
    #[serde(flatten)]
    place: PlaceWire<'a>,
    outcome: &'static str,
}

#[derive(Serialize)]
struct PlaceWire<'a> {
    path: &'a str,
    line: u32,
    field: &'a str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ObjectWire<'a> {
    api_version: String,
    kind: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    namespace: Option<&'a str>,
    name: &'a str,
    entity: &'a str,
    change: &'static str,
    state: &'static str,
}

#[derive(Serialize)]
struct MovedWire<'a> {
    from: &'a str,
    to: &'a str,
}

pub(super) fn wire(consequences: &Consequences) -> Wire<'_> {
    Wire {
        references: consequences.references.iter().map(reference).collect(),
        objects: consequences.objects.iter().map(object).collect(),
        moved: consequences.moved.iter().map(|(from, to)| MovedWire { from, to }).collect(),
        left: consequences.left.iter().map(place).collect(),
    }
}

fn place(place: &Place) -> PlaceWire<'_> {
    PlaceWire { path: &place.path, line: place.line, field: &place.field }
}

fn reference(reference: &Reference) -> ReferenceWire<'_> {
    ReferenceWire {
        target: reference.target.as_str(),
        from: reference.from.as_str(),
        place: place(&reference.place),
        outcome: match reference.outcome {
            Outcome::Stays { .. } => "stays",
            Outcome::Removed => "removed",
            Outcome::Changed => "changed",
        },
    }
}

fn object(change: &ObjectChange) -> ObjectWire<'_> {
    ObjectWire {
        api_version: change.object.gvk.api_version(),
        kind: &change.object.gvk.kind,
        namespace: change.object.namespace.as_deref(),
        name: &change.object.name,
        entity: &change.entity,
        change: if change.is_new { "new" } else { "destroyed" },
        state: match change.state {
            State::Nothing => "none",
            State::Unknown => "unknown",
            State::Data => "data",
        },
    }
}

/// Says on stderr what a change means. References that stay are left to the failure that follows.
pub fn note(console: &Console, consequences: &Consequences) {
    let mut text = Text::new();
    let mut rows = Rows::new(&["", "", ""]);
    for found in &consequences.references {
        let what = match found.outcome {
            Outcome::Stays { .. } => continue,
            Outcome::Removed => "taken out",
            Outcome::Changed => "changed",
        };
        rows.row([
            at(&found.place),
            format!("{} {}", found.from.short(), found.place.field),
            what.to_owned(),
        ]);
    }
    section(&mut text, console, "references", rows);
    let mut rows = Rows::new(&["", "", ""]);
    let sorted = consequences.destroyed().chain(consequences.objects.iter().filter(|change| change.is_new));
    for change in sorted {
        let what = match (change.is_new, change.state) {
            (true, _) => "new".to_owned(),
            (false, State::Nothing) => "destroyed".to_owned(),
            (false, State::Data) => "destroyed, with the data in it".to_owned(),
            (false, State::Unknown) => "destroyed, with what its operator made for it".to_owned(),
        };
        rows.row([change.object.to_string(), change.entity.clone(), what]);
    }
    section(&mut text, console, "in the cluster", rows);
    let mut rows = Rows::new(&["", ""]);
    for left in &consequences.left {
        rows.row([at(left), left.field.clone()]);
    }
    section(&mut text, console, "the same word, left as it is: check whether it means the entity", rows);
    if text != Text::new() {
        console.note(text);
    }
}

fn at(place: &Place) -> String {
    format!("{}:{}", place.path, place.line)
}

fn section(text: &mut Text, console: &Console, title: &str, mut rows: Rows) {
    if rows.is_empty() {
        return;
    }
    let more = rows.shorten(MOST);
    text.push(Style::Strong, format!("{title}\n"));
    text.append(rows.rendered(console.width()));
    if more > 0 {
        text.push(Style::Dim, format!("and {}\n", count(more, "more", "more")));
    }
    text.line("");
}
