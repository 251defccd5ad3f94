//! The border to JSON: values in, values out, and `dump`.

use serde_json::Value as Json;

use super::fault::{Fault, Result};
use super::text::Text;
use super::value::{Heap, Value, check_depth};
use crate::javascript::number_to_string;

/// A JSON value as a value of the language.
pub(super) fn import(heap: &mut Heap, json: &Json) -> Result<Value> {
    import_at(heap, json, 1)
}

fn import_at(heap: &mut Heap, json: &Json, depth: usize) -> Result<Value> {
    heap.budget.toil(1)?;
    Ok(match json {
        Json::Null => Value::Null,
        Json::Bool(value) => Value::Bool(*value),
        Json::Number(number) => Value::Number(number.as_f64().unwrap_or(f64::NAN)),
        Json::String(text) => Value::text(text),
        Json::Array(items) => {
            check_depth(depth)?;
            let items = items.iter().map(|item| import_at(heap, item, depth + 1));
            let items = items.collect::<Result<Vec<_>>>()?;
            heap.list(items)?
        }
        Json::Object(entries) => {
            check_depth(depth)?;
            let entries = entries
                .iter()
                .map(|(key, value)| Ok((Text::from(key.as_str()), import_at(heap, value, depth + 1)?)));
            let entries = entries.collect::<Result<Vec<_>>>()?;
            heap.map(entries)?
        }
    })
}

/// A value as JSON; nothing for undefined. What JSON cannot hold becomes what `JSON.stringify` makes
/// of it: NaN and infinity null, undefined in a list null, undefined in a map no entry.
pub(super) fn export(heap: &mut Heap, value: &Value) -> Result<Option<Json>> {
    heap.refuse_functions(value)?;
    export_at(heap, value, 0)
}

fn export_at(heap: &mut Heap, value: &Value, depth: usize) -> Result<Option<Json>> {
    check_depth(depth)?;
    heap.budget.toil(1)?;
    Ok(Some(match value {
        Value::Undefined => return Ok(None),
        Value::Null => Json::Null,
        Value::Bool(value) => Json::Bool(*value),
        Value::Number(number) => number_to_json(*number),
        Value::Text(text) => Json::String(text.to_lossy()),
        Value::Safe(text) => Json::String(text.to_lossy()),
        Value::Regex(regex) => Json::String(regex.program.literal().to_lossy()),
        Value::List(list) => {
            let items = heap.dense(*list)?;
            heap.budget.work(items.len())?;
            let items = items.iter().map(|item| Ok(export_at(heap, item, depth + 1)?.unwrap_or(Json::Null)));
            Json::Array(items.collect::<Result<_>>()?)
        }
        Value::Map(map) => {
            heap.budget.work(map.len())?;
            let mut entries = serde_json::Map::new();
            for (key, item) in map.entries() {
                if let Some(item) = export_at(heap, item, depth + 1)? {
                    entries.insert(key.to_lossy(), item);
                }
            }
            Json::Object(entries)
        }
        Value::Function(_) => return Err(Fault::new("a function can only be called, not used as a value")),
    }))
}

/// Whole numbers that an f64 holds exactly are integers in JSON.
fn number_to_json(number: f64) -> Json {
    const EXACT: f64 = 9_007_199_254_740_992.0;
    let is_negative_zero = number == 0.0 && number.is_sign_negative();
    if number.trunc().to_bits() == number.to_bits() && number.abs() <= EXACT && !is_negative_zero {
        return Json::from(number as i64);
    }
    serde_json::Number::from_f64(number).map_or(Json::Null, Json::Number)
}

/// `JSON.stringify(value, null, indent)`; nothing for undefined.
pub(super) fn stringify(heap: &mut Heap, value: &Value, indent: &[u16]) -> Result<Option<Text>> {
    heap.refuse_functions(value)?;
    let mut writer = Writer { output: Vec::new(), indent, line: vec![u16::from(b'\n')] };
    let written = writer.value(heap, value, 0)?;
    Ok(written.then(|| Text::from(writer.output)))
}

struct Writer<'a> {
    output: Vec<u16>,
    indent: &'a [u16],
    /// A line break and the current indentation.
    line: Vec<u16>,
}

impl Writer<'_> {
    fn put(&mut self, text: &str) {
        self.output.extend(text.encode_utf16());
    }

    fn value(&mut self, heap: &mut Heap, value: &Value, depth: usize) -> Result<bool> {
        check_depth(depth)?;
        heap.budget.toil(1 + self.line.len())?;
        match value {
            Value::Undefined | Value::Function(_) => return Ok(false),
            Value::Bool(value) => self.put(if *value { "true" } else { "false" }),
            Value::Number(number) if number.is_finite() => self.put(&number_to_string(*number)),
            Value::Null | Value::Number(_) => self.put("null"),
            Value::Text(text) => self.string(heap, text)?,
            Value::Safe(text) => self.string(heap, text)?,
            Value::Regex(_) => self.put("{}"),
            Value::List(list) => {
                let items = heap.dense(*list)?;
                self.open("[");
                for (index, item) in items.iter().enumerate() {
                    self.separate(index);
                    if !self.value(heap, item, depth + 1)? {
                        self.put("null");
                    }
                }
                self.close("]", items.is_empty());
            }
            Value::Map(map) => {
                self.open("{");
                let mut count = 0;
                for (key, item) in map.entries() {
                    if matches!(item, Value::Undefined) {
                        continue;
                    }
                    self.separate(count);
                    count += 1;
                    self.string(heap, key)?;
                    self.put(if self.indent.is_empty() { ":" } else { ": " });
                    self.value(heap, item, depth + 1)?;
                }
                self.close("}", count == 0);
            }
        }
        Ok(true)
    }

    fn open(&mut self, bracket: &str) {
        self.put(bracket);
        self.line.extend_from_slice(self.indent);
    }

    fn separate(&mut self, index: usize) {
        if index > 0 {
            self.put(",");
        }
        if !self.indent.is_empty() {
            self.output.extend_from_slice(&self.line);
        }
    }

    fn close(&mut self, bracket: &str, empty: bool) {
        self.line.truncate(self.line.len() - self.indent.len());
        if !empty && !self.indent.is_empty() {
            self.output.extend_from_slice(&self.line);
        }
        self.put(bracket);
    }

    /// A JSON string; halves of surrogate pairs are escaped.
    fn string(&mut self, heap: &mut Heap, text: &Text) -> Result<()> {
        heap.budget.toil(text.len())?;
        self.put("\"");
        for unit in char::decode_utf16(text.units().iter().copied()) {
            match unit {
                Ok('"') => self.put("\\\""),
                Ok('\\') => self.put("\\\\"),
                Ok('\u{8}') => self.put("\\b"),
                Ok('\u{c}') => self.put("\\f"),
                Ok('\n') => self.put("\\n"),
                Ok('\r') => self.put("\\r"),
                Ok('\t') => self.put("\\t"),
                Ok(control) if control < ' ' => self.put(&format!("\\u{:04x}", control as u32)),
                Ok(character) => self.output.extend_from_slice(character.encode_utf16(&mut [0; 2])),
                Err(lone) => self.put(&format!("\\u{:04x}", lone.unpaired_surrogate())),
            }
        }
        self.put("\"");
        Ok(())
    }
}
