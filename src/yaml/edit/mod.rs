//! Changes to YAML text that keep every other byte: comments, layout, anchors, line ends.
//!
//! Each function works out the edits for one change and then carries them out on a copy: unless the
//! result reads as the document with exactly that change, the answer is a [`Refusal`]. Edits count in
//! the text that the document was parsed from, so those of several changes can be applied together
//! where they do not touch the same places.

mod documents;
mod insert;
mod remove;
mod render;
mod replace;
mod respell;
mod site;
#[cfg(test)]
mod tests;

use std::fmt;

use serde_json::Value;

use super::node::{Kind, Node};
use super::tree::{Document, Shape};
use super::{json, parse};
use crate::diagnostic::Edit;

pub use documents::{Cut, cut, join};
pub use respell::{Respelling, respell};

/// Why a change cannot be made without touching what has to stay.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal(String);

impl Refusal {
    fn new(reason: impl Into<String>) -> Self {
        Self(reason.into())
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Refusal {}

/// Sets the value at a JSON pointer. What is there is replaced; what is not there is added at the end
/// of its mapping, with the mappings in between. `-` as the last part appends to a sequence.
pub fn set(document: &Document<'_>, pointer: &str, value: &Value) -> Result<Vec<Edit>, Refusal> {
    let root = sound_root(document)?;
    let (site, missing) = site::find(document, root, pointer)?;
    let edits = match missing.split_first() {
        None => replace::with(&site, value)?,
        Some((key, below)) => {
            let value = below.iter().rev().fold(value.clone(), |value, key| nested(key, value));
            match site.node.kind() {
                Kind::Mapping => insert::entry(&site, key, &value)?,
                Kind::Sequence if key == "-" => insert::item(&site, &value)?,
                Kind::Null => replace::with(&site, &nested(key, value))?,
                _ => return Err(Refusal::new(format!("there is no place for `{pointer}`"))),
            }
        }
    };
    let mut expected = root.to_json();
    put(&mut expected, &parts(pointer)?, normal(value));
    verified(document, edits, Some(&expected))
}

/// Appends an item to the sequence at a JSON pointer; a sequence that is not there, or nothing, is
/// made.
pub fn append(document: &Document<'_>, pointer: &str, item: &Value) -> Result<Vec<Edit>, Refusal> {
    match sound_root(document)?.pointer(pointer).map(Node::kind) {
        Some(Kind::Sequence) => set(document, &format!("{pointer}/-"), item),
        Some(Kind::Null) | None => set(document, pointer, &Value::Array(vec![item.clone()])),
        Some(_) => Err(Refusal::new(format!("the value at `{pointer}` is no list"))),
    }
}

/// Removes the entry of a mapping or the item of a sequence at a JSON pointer, with the comment in its
/// last line. Where it was the last one, an empty `{}` or `[]` stays.
pub fn remove(document: &Document<'_>, pointer: &str) -> Result<Vec<Edit>, Refusal> {
    let root = sound_root(document)?;
    let (site, missing) = site::find(document, root, pointer)?;
    if !missing.is_empty() {
        return Err(Refusal::new(format!("there is nothing at `{pointer}`")));
    }
    let edits = remove::at(&site)?;
    let mut expected = root.to_json();
    take(&mut expected, &parts(pointer)?);
    verified(document, edits, Some(&expected))
}

/// Renames a key and keeps its value and place.
pub fn rename_key(document: &Document<'_>, pointer: &str, key: &str) -> Result<Vec<Edit>, Refusal> {
    let root = sound_root(document)?;
    let (site, missing) = site::find(document, root, pointer)?;
    let Some(old) = site.key().filter(|_| missing.is_empty()) else {
        return Err(Refusal::new(format!("there is no key at `{pointer}`")));
    };
    let replacement = render::key(key, site.in_flow());
    let edits = vec![Edit { span: old.span(), replacement }];
    let mut expected = root.to_json();
    let mut path = parts(pointer)?;
    let value = take(&mut expected, &path).unwrap_or_default();
    path.pop();
    path.push(key.to_owned());
    put(&mut expected, &path, value);
    verified(document, edits, Some(&expected))
}

/// The text with all edits made. They may come in any order; of two that overlap the one that starts
/// later is left out.
pub fn apply(text: &str, edits: &[Edit]) -> String {
    let mut sorted: Vec<&Edit> = edits.iter().collect();
    sorted.sort_by_key(|edit| (edit.span.start, edit.span.end));
    let mut out = String::with_capacity(text.len());
    let mut done = 0;
    for edit in sorted {
        let range = edit.span.range();
        let Some(kept) = text.get(done..range.start) else { continue };
        out.push_str(kept);
        out.push_str(&edit.replacement);
        done = range.end.min(text.len());
    }
    out.push_str(text.get(done..).unwrap_or_default());
    out
}

fn nested(key: &str, value: Value) -> Value {
    Value::Object([(key.to_owned(), value)].into_iter().collect())
}

fn sound_root<'a>(document: &Document<'a>) -> Result<Node<'a>, Refusal> {
    let root = document.root().filter(|_| !document.is_broken());
    root.ok_or_else(|| Refusal::new("the document has errors: mend them first"))
}

/// The edits, if they make of the document what was wanted and leave the others alone.
fn verified(
    document: &Document<'_>,
    edits: Vec<Edit>,
    expected: Option<&Value>,
) -> Result<Vec<Edit>, Refusal> {
    let text = apply(document.text, &edits);
    let (tree, _) = parse(document.tree.source(), &text);
    let after: Vec<Option<Value>> = tree.documents(&text).map(|document| whole(&document)).collect();
    let mut before: Vec<Option<Value>> =
        document.tree.documents(document.text).map(|document| whole(&document)).collect();
    before[document.index] = expected.cloned();
    if before == after {
        return Ok(edits);
    }
    Err(Refusal::new("the change cannot be made without rewriting what is around it: edit the file by hand"))
}

fn whole(document: &Document<'_>) -> Option<Value> {
    document.root().filter(|_| !document.is_broken()).map(Node::to_json)
}

/// The value as it comes back from YAML: JavaScript's numbers.
fn normal(value: &Value) -> Value {
    match value {
        Value::Number(number) => number.as_f64().map_or(Value::Null, json::number),
        Value::Array(items) => items.iter().map(normal).collect(),
        Value::Object(map) => map.iter().map(|(key, value)| (key.clone(), normal(value))).collect(),
        other => other.clone(),
    }
}

fn parts(pointer: &str) -> Result<Vec<String>, Refusal> {
    if pointer.is_empty() {
        return Ok(Vec::new());
    }
    let Some(path) = pointer.strip_prefix('/') else {
        return Err(Refusal::new(format!("`{pointer}` is no JSON pointer: it has to start with `/`")));
    };
    Ok(path.split('/').map(|part| super::node::unescape_pointer(part).into_owned()).collect())
}

/// Puts a value into a JSON value, with the objects in between.
fn put(into: &mut Value, path: &[String], value: Value) {
    let Some((part, below)) = path.split_first() else {
        *into = value;
        return;
    };
    if let Value::Array(items) = into {
        if part == "-" {
            items.push(Value::Null);
        }
        let index = if part == "-" { items.len() - 1 } else { part.parse().unwrap_or(usize::MAX) };
        if let Some(item) = items.get_mut(index) {
            put(item, below, value);
        }
        return;
    }
    if !into.is_object() {
        *into = Value::Object(serde_json::Map::new());
    }
    if let Value::Object(map) = into {
        put(map.entry(part).or_insert(Value::Null), below, value);
    }
}

/// Takes a value out of a JSON value.
fn take(from: &mut Value, path: &[String]) -> Option<Value> {
    let (part, below) = path.split_first()?;
    match from {
        Value::Object(map) if below.is_empty() => map.shift_remove(part),
        Value::Object(map) => take(map.get_mut(part)?, below),
        Value::Array(items) => {
            let index = part.parse().ok().filter(|&index: &usize| index < items.len())?;
            if below.is_empty() { Some(items.remove(index)) } else { take(&mut items[index], below) }
        }
        _ => None,
    }
}

/// Whether any alias outside the nodes `from..to` stands for one of them.
fn is_used(document: &Document<'_>, from: u32, to: u32) -> bool {
    let entries = &document.tree.entries;
    let outside = |at: &usize| *at < from as usize || *at >= to as usize;
    let aliases = (0..entries.len()).filter(outside).filter(|&at| entries[at].shape == Shape::Alias);
    aliases.map(|at| entries[at].extra).any(|target| (from..to).contains(&target))
}
