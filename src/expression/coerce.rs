//! Conversions between kinds of values, and comparisons: what JavaScript does (ECMA-262 7.1, 7.2),
//! as far as nunjitsu lets values meet.

use std::cmp::Ordering;
use std::rc::Rc;

use super::fault::Result;
use super::text::{Text, join};
use super::value::{Heap, Value, array_index, check_depth};
use crate::javascript::{integer, number_to_string, string_to_number};

impl Heap {
    /// Lists become their items joined by `,`, maps `[object Object]`; a primitive stays.
    pub(super) fn primitive(&mut self, value: &Value) -> Result<Value> {
        self.refuse_functions(value)?;
        self.primitive_at(value, 0)
    }

    fn primitive_at(&mut self, value: &Value, depth: usize) -> Result<Value> {
        check_depth(depth)?;
        Ok(match value {
            Value::Safe(text) => Value::Text(Text::clone(text)),
            Value::Map(_) => Value::text("[object Object]"),
            Value::Regex(regex) => Value::Text(regex.program.literal()),
            Value::List(list) => {
                let items = self.dense(*list)?;
                let mut pieces = Vec::with_capacity(items.len());
                for item in &items {
                    pieces.push(if item.is_nullish() {
                        Text::from("")
                    } else {
                        let item = self.primitive_at(item, depth + 1)?;
                        self.primitive_text(&item)?
                    });
                }
                let joined = join(&pieces, &[u16::from(b',')]);
                self.budget.toil(joined.len())?;
                Value::Text(joined)
            }
            other => other.clone(),
        })
    }

    fn primitive_text(&mut self, value: &Value) -> Result<Text> {
        let text = match value {
            Value::Text(text) => text.clone(),
            Value::Undefined => Text::from("undefined"),
            Value::Null => Text::from("null"),
            Value::Bool(value) => Text::from(if *value { "true" } else { "false" }),
            Value::Number(number) => Text::from(number_to_string(*number)),
            other => return self.text_of(other),
        };
        self.budget.toil(1)?;
        Ok(text)
    }

    /// `String(value)`: also undefined and null have a text.
    pub(super) fn text_of(&mut self, value: &Value) -> Result<Text> {
        if let Value::Text(text) = value {
            return Ok(text.clone());
        }
        let primitive = self.primitive(value)?;
        self.primitive_text(&primitive)
    }

    /// What `${{ }}` prints: like `String(value)`, but undefined and null print nothing.
    pub(super) fn render(&mut self, value: &Value) -> Result<Text> {
        if value.is_nullish() { Ok(Text::from("")) } else { self.text_of(value) }
    }

    /// `Number(value)`.
    pub(super) fn number_of(&mut self, value: &Value) -> Result<f64> {
        Ok(match self.primitive(value)? {
            Value::Null => 0.0,
            Value::Bool(value) => f64::from(u8::from(value)),
            Value::Number(number) => number,
            Value::Text(text) => {
                self.budget.toil(text.len())?;
                string_to_number(&text.to_lossy())
            }
            _ => f64::NAN,
        })
    }

    /// `ToIntegerOrInfinity(value)`.
    pub(super) fn integer_of(&mut self, value: &Value) -> Result<f64> {
        Ok(integer(self.number_of(value)?))
    }

    /// `==`.
    pub(super) fn loosely_equal(&mut self, left: &Value, right: &Value) -> Result<bool> {
        if strictly_equal(left, right) {
            return Ok(true);
        }
        if !is_primitive(left) && !is_primitive(right) {
            return Ok(false);
        }
        let left = if is_primitive(left) { left.clone() } else { self.primitive(left)? };
        let right = if is_primitive(right) { right.clone() } else { self.primitive(right)? };
        if left.is_nullish() || right.is_nullish() {
            return Ok(left.is_nullish() && right.is_nullish());
        }
        if let (Value::Text(left), Value::Text(right)) = (&left, &right) {
            return Ok(left == right);
        }
        Ok(same_number(self.number_of(&left)?, self.number_of(&right)?))
    }

    /// `<` and its relatives; nothing when one side is not a number.
    pub(super) fn order(&mut self, left: &Value, right: &Value) -> Result<Option<Ordering>> {
        if let (Value::Number(left), Value::Number(right)) = (left, right) {
            return Ok(left.partial_cmp(right));
        }
        let (left, right) = (self.primitive(left)?, self.primitive(right)?);
        if let (Value::Text(left), Value::Text(right)) = (&left, &right) {
            return Ok(Some(left.cmp(right)));
        }
        Ok(self.number_of(&left)?.partial_cmp(&self.number_of(&right)?))
    }

    /// `+`: joins texts when one side is a text (or becomes one), adds numbers otherwise.
    pub(super) fn add(&mut self, left: &Value, right: &Value) -> Result<Value> {
        if let (Value::Number(left), Value::Number(right)) = (left, right) {
            return Ok(Value::Number(left + right));
        }
        let (left, right) = (self.primitive(left)?, self.primitive(right)?);
        if matches!(left, Value::Text(_)) || matches!(right, Value::Text(_)) {
            return self.concat(&left, &right);
        }
        Ok(Value::Number(self.number_of(&left)? + self.number_of(&right)?))
    }

    /// `~`: joins texts.
    pub(super) fn concat(&mut self, left: &Value, right: &Value) -> Result<Value> {
        let (left, right) = (self.text_of(left)?, self.text_of(right)?);
        self.budget.toil(left.len() + right.len())?;
        Ok(Value::Text(join(&[left, right], &[])))
    }

    /// `target[key]` without methods; nothing and undefined are told apart for `sort` and lookups.
    pub(super) fn own(&self, target: &Value, key: &Text) -> Option<Value> {
        match target {
            Value::Map(map) => map.get(key).cloned(),
            Value::List(list) if key.is("length") => Some(length(self.items(*list).len())),
            Value::List(list) => {
                let index = array_index(key)? as usize;
                let item = self.items(*list).get(index)?;
                Some(item.clone().unwrap_or(Value::Undefined))
            }
            Value::Safe(text) if key.is("val") => Some(Value::Text(Text::clone(text))),
            Value::Text(_) | Value::Safe(_) => {
                let text = target.as_text()?;
                if key.is("length") {
                    return Some(length(text.len()));
                }
                text.at(array_index(key)? as usize).map(Value::Text)
            }
            _ => None,
        }
    }
}

/// A count as a number.
pub(super) fn length(count: usize) -> Value {
    Value::Number(u32::try_from(count).map_or(f64::INFINITY, f64::from))
}

fn is_primitive(value: &Value) -> bool {
    matches!(value, Value::Undefined | Value::Null | Value::Bool(_) | Value::Number(_) | Value::Text(_))
}

#[expect(clippy::float_cmp, reason = "equality of numbers is what the language defines")]
fn same_number(left: f64, right: f64) -> bool {
    left == right
}

/// `===`: the same primitive, or the very same object.
pub(super) fn strictly_equal(left: &Value, right: &Value) -> bool {
    match (left, right) {
        (Value::Undefined, Value::Undefined) | (Value::Null, Value::Null) => true,
        (Value::Bool(left), Value::Bool(right)) => left == right,
        (Value::Number(left), Value::Number(right)) => same_number(*left, *right),
        (Value::Text(left), Value::Text(right)) => left == right,
        (Value::Safe(left), Value::Safe(right)) => Rc::ptr_eq(left, right),
        (Value::List(left), Value::List(right)) => left == right,
        (Value::Map(left), Value::Map(right)) => Rc::ptr_eq(left, right),
        (Value::Regex(left), Value::Regex(right)) => Rc::ptr_eq(left, right),
        (Value::Function(left), Value::Function(right)) => left.serial == right.serial,
        _ => false,
    }
}
