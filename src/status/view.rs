//! Reads an object leniently: a field of the wrong type counts as absent and is noted.
//!
//! kstatus gives up on such an object. But controllers write odd statuses (a hash as
//! `observedGeneration`, conditions as a map), and the rest of the object still has something to say.

use std::cell::RefCell;

use serde_json::Value;

use crate::clock::Timestamp;
use crate::object::{Gvk, Object};

use super::verdict::{Health, Verdict};

/// An object, the time, and what was odd about the object so far.
pub(crate) struct View<'a> {
    root: &'a Value,
    /// Group, version and kind.
    pub gvk: Gvk,
    /// The time of the judgement.
    pub now: Timestamp,
    notes: RefCell<Vec<String>>,
}

/// One entry of a list of conditions, borrowed.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Condition<'a> {
    pub kind: &'a str,
    pub status: &'a str,
    pub reason: &'a str,
    pub message: &'a str,
    pub last_transition: Option<Timestamp>,
    pub observed_generation: Option<i64>,
}

impl<'a> Condition<'a> {
    pub fn is_true(&self) -> bool {
        self.status == "True"
    }

    pub fn is_false(&self) -> bool {
        self.status == "False"
    }

    /// A verdict with this condition's words. Without a reason it is the condition's type.
    pub fn verdict(&self, health: Health) -> Verdict {
        let reason = if self.reason.is_empty() { self.kind } else { self.reason };
        Verdict::new(health, reason, self.message).since(self.last_transition)
    }

    fn from_value(value: &'a Value) -> Option<Self> {
        let text = |key: &str| value.get(key).and_then(Value::as_str);
        let time = text("lastTransitionTime").and_then(Timestamp::parse);
        Some(Self {
            kind: text("type")?,
            status: text("status").unwrap_or(""),
            reason: text("reason").unwrap_or(""),
            message: text("message").unwrap_or(""),
            // A CRD that defaults its conditions writes 1970-01-01: nobody has touched it yet.
            last_transition: time.filter(|time| time.0 > 0),
            observed_generation: value.get("observedGeneration").and_then(Value::as_i64),
        })
    }
}

impl<'a> View<'a> {
    pub fn new(object: &'a Object, now: Timestamp) -> Self {
        Self { root: &object.0, gvk: object.gvk(), now, notes: RefCell::new(Vec::new()) }
    }

    /// What was odd so far.
    pub fn into_notes(self) -> Vec<String> {
        self.notes.into_inner()
    }

    fn note(&self, pointer: &str, wanted: &str, found: &Value) {
        let found = match found {
            Value::Null => "null",
            Value::Bool(_) => "a boolean",
            Value::Number(_) => "a number",
            Value::String(_) => "text",
            Value::Array(_) => "a list",
            Value::Object(_) => "a mapping",
        };
        let field = pointer.trim_start_matches('/').replace('/', ".");
        let note = format!("{field} is {found} instead of {wanted}: not used");
        let mut notes = self.notes.borrow_mut();
        if !notes.contains(&note) {
            notes.push(note);
        }
    }

    fn read<T>(&self, pointer: &str, wanted: &str, read: impl Fn(&'a Value) -> Option<T>) -> Option<T> {
        let value = self.value(pointer)?;
        let result = read(value);
        if result.is_none() {
            self.note(pointer, wanted, value);
        }
        result
    }

    /// The value at a pointer; `null` counts as absent.
    pub fn value(&self, pointer: &str) -> Option<&'a Value> {
        self.root.pointer(pointer).filter(|value| !value.is_null())
    }

    pub fn text(&self, pointer: &str) -> Option<&'a str> {
        self.read(pointer, "text", Value::as_str)
    }

    pub fn int(&self, pointer: &str) -> Option<i64> {
        self.read(pointer, "a whole number", Value::as_i64)
    }

    /// A whole number that counts 0 when it is absent, as Kubernetes leaves zeros out.
    pub fn count(&self, pointer: &str) -> i64 {
        self.int(pointer).unwrap_or(0)
    }

    pub fn is_set(&self, pointer: &str) -> bool {
        self.read(pointer, "a boolean", Value::as_bool).unwrap_or(false)
    }

    pub fn list(&self, pointer: &str) -> &'a [Value] {
        self.read(pointer, "a list", Value::as_array).map_or(&[], Vec::as_slice)
    }

    pub fn time(&self, pointer: &str) -> Option<Timestamp> {
        self.text(pointer).and_then(Timestamp::parse)
    }

    /// An annotation.
    pub fn annotation(&self, name: &str) -> Option<&'a str> {
        self.value("/metadata/annotations")?.get(name)?.as_str()
    }

    pub fn generation(&self) -> Option<i64> {
        self.int("/metadata/generation")
    }

    /// `status.conditions`. A list inside an object without `type` is left out and noted.
    pub fn conditions(&self) -> Vec<Condition<'a>> {
        self.conditions_in("/status/conditions")
    }

    /// A list of conditions somewhere else.
    pub fn conditions_in(&self, pointer: &str) -> Vec<Condition<'a>> {
        let list = self.list(pointer);
        let read: Vec<_> = list.iter().filter_map(Condition::from_value).collect();
        if read.len() < list.len() {
            self.note(&format!("{pointer}[]"), "a condition with a type", &Value::Null);
        }
        read
    }

    /// The first condition of a type.
    pub fn condition(&self, kind: &str) -> Option<Condition<'a>> {
        self.conditions().into_iter().find(|condition| condition.kind == kind)
    }

    /// Whether a condition was made for an older generation than the present one.
    pub fn is_stale(&self, condition: &Condition<'_>) -> bool {
        matches!((condition.observed_generation, self.generation()), (Some(seen), Some(now)) if seen < now)
    }

    /// Seconds since the object was made.
    pub fn age(&self) -> Option<i64> {
        self.time("/metadata/creationTimestamp").map(|made| self.now.seconds_since(made))
    }

    /// Whether the object has a status with anything in it.
    pub fn has_status(&self) -> bool {
        match self.value("/status") {
            Some(Value::Object(fields)) => !fields.is_empty(),
            Some(other) => {
                self.note("/status", "a mapping", other);
                false
            }
            None => false,
        }
    }
}

/// The conditions in a JSON value that is a list of them; anything else has none.
pub(crate) fn conditions_of(value: Option<&Value>) -> Vec<Condition<'_>> {
    value.and_then(Value::as_array).into_iter().flatten().filter_map(Condition::from_value).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::View;
    use crate::clock::Timestamp;
    use crate::object::Object;

    #[test]
    fn what_has_the_wrong_type_is_absent_and_noted_once() {
        let object = Object(json!({
            "metadata": {"generation": 2},
            "status": {"observedGeneration": "6c5d", "conditions": {"Ready": "True"}, "phase": 3},
        }));
        let view = View::new(&object, Timestamp(0));
        assert_eq!(view.int("/status/observedGeneration"), None);
        assert_eq!(view.text("/status/phase"), None);
        assert!(view.conditions().is_empty() && view.conditions().is_empty());
        let notes = view.into_notes();
        assert_eq!(notes.len(), 3, "{notes:?}");
        assert_eq!(notes[0], "status.observedGeneration is text instead of a whole number: not used");
    }

    #[test]
    fn a_condition_that_the_schema_defaulted_has_no_time() {
        let object = Object(json!({"status": {"conditions": [
            {"type": "Programmed", "status": "Unknown", "lastTransitionTime": "1970-01-01T00:00:00Z"}
        ]}}));
        let view = View::new(&object, Timestamp(9));
        assert_eq!(view.condition("Programmed").map(|condition| condition.last_transition), Some(None));
    }
}
