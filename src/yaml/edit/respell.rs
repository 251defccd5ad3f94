//! Strings that are written in another way, wherever in a text they stand.

use std::collections::BTreeMap;

use serde_json::Value;

use super::super::node::Node;
use super::super::tree::{Shape, Tree};
use super::{Refusal, apply, render, whole};
use crate::diagnostic::Edit;
use crate::yaml::parse;

/// What a string becomes: told its document, its JSON pointer in it and its text; `None` where it stays.
pub type Respelling<'a> = dyn Fn(usize, &str, &str) -> Option<String> + 'a;

/// Puts other strings in place of strings in all documents of a text. Quotes, comments and layout stay.
/// A string that is written as an alias follows its anchor where that changes in the same way, and is
/// written out where it does not. Documents with errors are left alone.
pub fn respell(tree: &Tree, text: &str, respelling: &Respelling<'_>) -> Result<Vec<Edit>, Refusal> {
    let mut edits = Vec::new();
    let mut expected: Vec<Option<Value>> = Vec::new();
    for document in tree.documents(text) {
        let root = document.root().filter(|_| !document.is_broken());
        expected.push(root.map(|root| {
            let change = |pointer: &str, text: &str| respelling(document.index(), pointer, text);
            let mut walk = Walk { change: &change, done: BTreeMap::new(), aliases: Vec::new() };
            walk.node(root, false, &mut String::new());
            edits.extend(walk.edits());
            let mut value = root.to_json();
            replace(&mut value, &change, &mut String::new());
            value
        }));
    }
    if edits.is_empty() {
        return Ok(edits);
    }
    let after = apply(text, &edits);
    let (changed, _) = parse(tree.source(), &after);
    let found: Vec<Option<Value>> = changed.documents(&after).map(|document| whole(&document)).collect();
    if found == expected {
        return Ok(edits);
    }
    Err(Refusal::new("a name is also used for something else through an alias"))
}

/// What a string at a pointer becomes.
type Change<'a> = dyn Fn(&str, &str) -> Option<String> + 'a;

struct Walk<'a> {
    change: &'a Change<'a>,
    /// The edits by the index of their node.
    done: BTreeMap<u32, Edit>,
    /// Aliases that change: the node they stand for, and the edit.
    aliases: Vec<(u32, Edit)>,
}

impl Walk<'_> {
    fn node(&mut self, node: Node<'_>, in_flow: bool, pointer: &mut String) {
        let shape = node.tree.entries[node.at as usize].shape;
        if let Some(text) = node.as_str() {
            let Some(new) = (self.change)(pointer, &text) else { return };
            let is_alias = shape == Shape::Alias;
            let before = (!is_alias).then_some(shape);
            let replacement = render::inline(&Value::String(new), before, in_flow);
            let edit = Edit { span: node.span(), replacement };
            if is_alias {
                self.aliases.push((node.resolved().at, edit));
            } else {
                self.done.insert(node.at, edit);
            }
            return;
        }
        if shape == Shape::Alias {
            return;
        }
        let in_flow = in_flow || matches!(shape, Shape::FlowMapping | Shape::FlowSequence);
        let length = pointer.len();
        for (key, value) in node.entries() {
            push(pointer, &super::super::json::key(key));
            self.node(value, in_flow, pointer);
            pointer.truncate(length);
        }
        for (index, item) in node.items().enumerate() {
            push(pointer, &index.to_string());
            self.node(item, in_flow, pointer);
            pointer.truncate(length);
        }
    }

    fn edits(self) -> Vec<Edit> {
        let alone: Vec<Edit> = self
            .aliases
            .into_iter()
            .filter(|(target, _)| !self.done.contains_key(target))
            .map(|(_, edit)| edit)
            .collect();
        self.done.into_values().chain(alone).collect()
    }
}

fn push(pointer: &mut String, part: &str) {
    pointer.push('/');
    pointer.push_str(&part.replace('~', "~0").replace('/', "~1"));
}

/// The same on the value.
fn replace(value: &mut Value, change: &Change<'_>, pointer: &mut String) {
    let length = pointer.len();
    match value {
        Value::String(text) => {
            if let Some(new) = change(pointer, text) {
                *text = new;
            }
        }
        Value::Array(items) => {
            for (index, item) in items.iter_mut().enumerate() {
                push(pointer, &index.to_string());
                replace(item, change, pointer);
                pointer.truncate(length);
            }
        }
        Value::Object(map) => {
            for (key, item) in map.iter_mut() {
                push(pointer, key);
                replace(item, change, pointer);
                pointer.truncate(length);
            }
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::respell;
    use crate::source::SourceId;
    use crate::yaml::edit::apply;
    use crate::yaml::parse;

    #[track_caller]
    fn check(text: &str, expected: Option<&str>) {
        let (tree, findings) = parse(SourceId(0), text);
        assert_eq!(findings, [], "{text}");
        let edits = respell(&tree, text, &|_, pointer, text| {
            (text == "old" && !pointer.starts_with("/keep")).then(|| "new".to_owned())
        });
        assert_eq!(edits.ok().map(|edits| apply(text, &edits)).as_deref(), expected, "{text}");
    }

    #[test]
    fn strings_change_and_nothing_else() {
        check(
            "a: old # old\nb: 'old'\nc: [\"old\", older]\n",
            Some("a: new # old\nb: 'new'\nc: [\"new\", older]\n"),
        );
        check("keep: old\n---\n{a: {b: old}}\n", Some("keep: old\n---\n{a: {b: new}}\n"));
        check("old: 1\n", Some("old: 1\n"));
    }

    #[test]
    fn aliases_follow_or_are_written_out() {
        check("a: &x old\nb: *x\n", Some("a: &x new\nb: *x\n"));
        check("keep: &x old\nb: *x\n", Some("keep: &x old\nb: new\n"));
        check("a: &x old\nkeep: *x\n", None);
        check("a: &x [old]\nb: *x\n", Some("a: &x [new]\nb: *x\n"));
    }
}
