//! Filters on lists and maps.

use std::collections::hash_map::RandomState;
use std::hash::{BuildHasher, Hasher};

use super::super::coerce::length;
use super::super::fault::{Fault, Result};
use super::super::json::stringify;
use super::super::predicate;
use super::super::text::{Text, join};
use super::super::value::{Heap, List, Map, Value, is_reserved_text, truthy};
use super::argument;
use std::rc::Rc;

fn missing() -> Fault {
    Fault::new("there is no value: it needs a list or a string")
}

pub(super) fn required_list(input: &Value) -> Result<List> {
    match input {
        Value::List(list) => Ok(*list),
        _ => Err(Fault::new("it needs a list")),
    }
}

/// The items of a list (holes as undefined) or the code units of a string.
pub(super) fn sequence(heap: &mut Heap, input: &Value) -> Result<Option<Vec<Value>>> {
    match input {
        Value::List(list) => heap.dense(*list).map(Some),
        Value::Text(_) | Value::Safe(_) => {
            let text = input.as_text().map_or(&[][..], Text::units);
            heap.budget.toil(text.len())?;
            Ok(Some(text.iter().map(|unit| Value::Text(Text::from(&[*unit][..]))).collect()))
        }
        _ => Ok(None),
    }
}

/// The numbered entries of a map with a `length`, as JavaScript treats such a map as a list.
/// `strict`: the length must be that of a list.
#[expect(clippy::cast_sign_loss, reason = "negative lengths were refused or are 0")]
pub(super) fn array_like(heap: &mut Heap, map: &Rc<Map>, strict: bool) -> Result<Vec<Value>> {
    let size = map.get_str("length").cloned().unwrap_or(Value::Undefined);
    if let Value::Number(number) = size
        && strict
        && !number.is_nan()
        && (number.fract() != 0.0 || !(0.0..=f64::from(u32::MAX)).contains(&number))
    {
        return Err(Fault::new("`length` is not the length of a list"));
    }
    let count = heap.number_of(&size)?.ceil().max(0.0) as usize;
    heap.budget.work(count)?;
    let entry = |index: usize| map.get_str(&index.to_string()).cloned().unwrap_or(Value::Undefined);
    Ok((0..count).map(entry).collect())
}

#[expect(clippy::unnecessary_wraps, reason = "a row of the table of filters")]
pub(super) fn default(_: &mut Heap, input: &Value, arguments: &[Value]) -> Result<Value> {
    let replaces =
        if truthy(argument(arguments, 1)) { !truthy(input) } else { matches!(input, Value::Undefined) };
    Ok(if replaces { argument(arguments, 0).clone() } else { input.clone() })
}

pub(super) fn dump(heap: &mut Heap, input: &Value, arguments: &[Value]) -> Result<Value> {
    let indent = match argument(arguments, 0) {
        Value::Text(text) => text.units()[..text.len().min(10)].to_vec(),
        #[expect(clippy::cast_sign_loss, reason = "clamped to 0 before")]
        Value::Number(number) => vec![u16::from(b' '); number.clamp(0.0, 10.0) as usize],
        _ => Vec::new(),
    };
    Ok(stringify(heap, input, &indent)?.map_or(Value::Undefined, Value::Text))
}

pub(super) fn batch(heap: &mut Heap, input: &Value, arguments: &[Value]) -> Result<Value> {
    if input.is_nullish() {
        return Err(missing());
    }
    let width = positive(heap, argument(arguments, 0))?;
    let values = match input {
        Value::Map(map) => array_like(heap, map, false)?,
        other => sequence(heap, other)?.unwrap_or_default(),
    };
    let fill = argument(arguments, 1);
    let mut rows = Vec::new();
    for chunk in values.chunks(width) {
        let mut row = chunk.to_vec();
        if truthy(fill) && row.len() < width {
            heap.budget.toil(width)?;
            heap.budget.scratch(width.saturating_mul(32))?;
            row.resize(width, fill.clone());
        }
        rows.push(heap.list(row)?);
    }
    heap.list(rows)
}

fn positive(heap: &mut Heap, value: &Value) -> Result<usize> {
    let number = heap.number_of(value)?.trunc();
    if number.is_finite() && (1.0..=9_007_199_254_740_991.0).contains(&number) {
        #[expect(clippy::cast_sign_loss, reason = "positive")]
        return Ok(number as usize);
    }
    Err(Fault::new("the number must be a whole number above 0"))
}

pub(super) fn slice(heap: &mut Heap, input: &Value, arguments: &[Value]) -> Result<Value> {
    let is_text = input.as_text().is_some();
    let items: Vec<Option<Value>> = match input {
        Value::List(list) => heap.items(*list).to_vec(),
        other => match sequence(heap, other)? {
            Some(items) => items.into_iter().map(Some).collect(),
            None => return Err(Fault::new("it needs a list or a string")),
        },
    };
    let count = positive(heap, argument(arguments, 0))?;
    heap.budget.work(count)?;
    let (base, extra) = (items.len() / count, items.len() % count);
    let fill = argument(arguments, 1);
    let (mut slices, mut offset) = (Vec::new(), 0);
    for index in 0..count {
        let size = base + usize::from(index < extra);
        let mut part = items[offset..offset + size].to_vec();
        offset += size;
        let fills = truthy(fill) && index >= extra;
        if is_text {
            if fills {
                return Err(Fault::new("a string cannot be filled up"));
            }
            let units: Vec<Text> = part.iter().flatten().filter_map(|unit| unit.as_text().cloned()).collect();
            slices.push(Value::Text(join(&units, &[])));
            continue;
        }
        if fills {
            part.push(Some(fill.clone()));
        }
        slices.push(heap.sparse_list(part)?);
    }
    heap.list(slices)
}

pub(super) fn first(heap: &mut Heap, input: &Value, _: &[Value]) -> Result<Value> {
    if input.is_nullish() {
        return Err(missing());
    }
    Ok(heap.own(input, &Text::from("0")).unwrap_or(Value::Undefined))
}

pub(super) fn last(heap: &mut Heap, input: &Value, _: &[Value]) -> Result<Value> {
    if input.is_nullish() {
        return Err(missing());
    }
    let size = heap.own(input, &Text::from("length")).unwrap_or(Value::Undefined);
    let index = Value::Number(heap.number_of(&size)? - 1.0);
    let key = heap.text_of(&index)?;
    Ok(heap.own(input, &key).unwrap_or(Value::Undefined))
}

pub(super) fn random(heap: &mut Heap, input: &Value, _: &[Value]) -> Result<Value> {
    if input.is_nullish() {
        return Err(missing());
    }
    let size = heap.own(input, &Text::from("length")).unwrap_or(Value::Undefined);
    let size = heap.number_of(&size)?;
    // Each process seeds its hashers anew; nothing here needs more than that.
    let fraction = f64::from(RandomState::new().build_hasher().finish() as u32) / (f64::from(u32::MAX) + 1.0);
    let key = heap.text_of(&Value::Number((fraction * size).floor()))?;
    Ok(heap.own(input, &key).unwrap_or(Value::Undefined))
}

#[expect(clippy::unnecessary_wraps, reason = "a row of the table of filters")]
pub(super) fn length_of(heap: &mut Heap, input: &Value, _: &[Value]) -> Result<Value> {
    Ok(match input {
        Value::Map(map) => length(map.len()),
        Value::Undefined | Value::Null | Value::Bool(false) => Value::Number(0.0),
        Value::Text(_) | Value::Safe(_) => {
            input.as_text().map_or(Value::Undefined, |text| length(text.len()))
        }
        Value::List(list) => length(heap.items(*list).len()),
        _ => Value::Undefined,
    })
}

pub(super) fn list(heap: &mut Heap, input: &Value, _: &[Value]) -> Result<Value> {
    match input {
        Value::List(_) => Ok(input.clone()),
        Value::Map(map) => {
            let mut items = Vec::with_capacity(map.len());
            for (key, value) in map.entries() {
                let pair =
                    [(Text::from("key"), Value::Text(key.clone())), (Text::from("value"), value.clone())];
                items.push(heap.map(pair)?);
            }
            heap.list(items)
        }
        other => match sequence(heap, other)? {
            Some(items) => heap.list(items),
            None => Err(Fault::new("it needs a list, a map or a string")),
        },
    }
}

pub(super) fn reverse(heap: &mut Heap, input: &Value, _: &[Value]) -> Result<Value> {
    match input {
        Value::Text(text) => Ok(Value::Text(reversed(text))),
        Value::Safe(text) => Ok(Value::safe(reversed(text))),
        Value::List(list) => {
            let items = heap.items(*list).iter().rev().cloned().collect();
            heap.sparse_list(items)
        }
        Value::Map(map) => {
            let mut items = array_like(heap, map, true)?;
            items.reverse();
            heap.list(items)
        }
        _ => heap.list(Vec::new()),
    }
}

fn reversed(text: &Text) -> Text {
    Text::from(text.units().iter().rev().copied().collect::<Vec<u16>>())
}

pub(super) fn join_items(heap: &mut Heap, input: &Value, arguments: &[Value]) -> Result<Value> {
    let separator = argument(arguments, 0);
    let separator = if truthy(separator) { heap.text_of(separator)? } else { Text::from("") };
    let items = match attribute_key(heap, argument(arguments, 1))? {
        None => {
            let list = required_list(input)?;
            heap.items(list).to_vec()
        }
        Some(key) => attributes(heap, input, &key)?,
    };
    let mut pieces = Vec::with_capacity(items.len());
    for item in items {
        heap.budget.toil(1 + separator.len())?;
        pieces.push(heap.render(&item.unwrap_or(Value::Undefined))?);
    }
    Ok(Value::Text(join(&pieces, separator.units())))
}

/// An attribute's name; nothing when none was given.
pub(super) fn attribute_key(heap: &mut Heap, value: &Value) -> Result<Option<Text>> {
    if !truthy(value) {
        return Ok(None);
    }
    let key = heap.text_of(value)?;
    refuse_reserved(&key)?;
    Ok(Some(key))
}

fn refuse_reserved(key: &Text) -> Result<()> {
    if is_reserved_text(key) {
        return Err(Fault::new(format!("the name `{}` is reserved", key.to_lossy())));
    }
    Ok(())
}

/// One attribute of each item; holes stay holes.
pub(super) fn attributes(heap: &mut Heap, input: &Value, key: &Text) -> Result<Vec<Option<Value>>> {
    let items: Vec<Option<Value>> = match input {
        Value::List(list) => heap.items(*list).to_vec(),
        Value::Text(_) => sequence(heap, input)?.unwrap_or_default().into_iter().map(Some).collect(),
        Value::Map(map) => array_like(heap, map, true)?.into_iter().map(Some).collect(),
        Value::Safe(text) if !text.is_empty() => return Err(no_attribute()),
        _ => Vec::new(),
    };
    items.into_iter().map(|item| item.map(|item| attribute(heap, &item, key)).transpose()).collect()
}

fn no_attribute() -> Fault {
    Fault::new("an item is undefined or null and has no attributes")
}

fn attribute(heap: &mut Heap, item: &Value, key: &Text) -> Result<Value> {
    if item.is_nullish() {
        return Err(no_attribute());
    }
    Ok(heap.own(item, key).unwrap_or(Value::Undefined))
}

/// `a.b.c` as a path of attributes; empty when none was given.
pub(super) fn attribute_path(heap: &mut Heap, value: &Value) -> Result<Vec<Text>> {
    if !truthy(value) {
        return Ok(Vec::new());
    }
    let path = match value {
        Value::Text(text) => text.split(&Text::from(".")),
        other => vec![heap.text_of(other)?],
    };
    path.iter().try_for_each(refuse_reserved)?;
    Ok(path)
}

pub(super) fn lookup_path(heap: &mut Heap, value: &Value, path: &[Text]) -> Result<Value> {
    let mut current = value.clone();
    for key in path {
        if current.is_nullish() {
            return Err(no_attribute());
        }
        match heap.own(&current, key) {
            Some(found) => current = found,
            None => return Ok(Value::Undefined),
        }
    }
    Ok(current)
}

pub(super) fn group_by(heap: &mut Heap, input: &Value, arguments: &[Value]) -> Result<Value> {
    let values = match input {
        Value::Undefined | Value::Null => return Err(missing()),
        Value::Map(map) => array_like(heap, map, false)?,
        other => match sequence(heap, other)? {
            Some(values) => values,
            None => return heap.map([]),
        },
    };
    let path = attribute_path(heap, argument(arguments, 0))?;
    let mut order: Vec<Text> = Vec::new();
    let mut groups: std::collections::BTreeMap<Text, Vec<Value>> = std::collections::BTreeMap::new();
    for value in values {
        let key = lookup_path(heap, &value, &path)?;
        let key = heap.text_of(&key)?;
        refuse_reserved(&key)?;
        let group = groups.entry(key.clone()).or_default();
        if group.is_empty() {
            order.push(key);
        }
        group.push(value);
    }
    let mut entries = Vec::with_capacity(order.len());
    for key in order {
        let items = groups.remove(&key).unwrap_or_default();
        entries.push((key, heap.list(items)?));
    }
    heap.map(entries)
}

pub(super) fn select(heap: &mut Heap, input: &Value, arguments: &[Value]) -> Result<Value> {
    filter_by_test(heap, input, arguments, true)
}

pub(super) fn reject(heap: &mut Heap, input: &Value, arguments: &[Value]) -> Result<Value> {
    filter_by_test(heap, input, arguments, false)
}

fn filter_by_test(heap: &mut Heap, input: &Value, arguments: &[Value], wanted: bool) -> Result<Value> {
    let name = match argument(arguments, 0) {
        Value::Undefined => "truthy".to_owned(),
        name => heap.text_of(name)?.to_lossy(),
    };
    let arity = predicate::arity(&name).ok_or_else(|| Fault::new(format!("unknown test `{name}`")))?;
    let values = match input {
        Value::Undefined | Value::Null => return Err(missing()),
        Value::Map(map) => numbered_entries(heap, map)?,
        Value::List(list) => heap.items(*list).iter().flatten().cloned().collect(),
        other => match sequence(heap, other)? {
            Some(values) => values,
            None => return heap.list(Vec::new()),
        },
    };
    let test_arguments = arguments.get(1..).unwrap_or(&[]);
    if test_arguments.len() != arity {
        return Err(Fault::new(format!(
            "the test `{name}` takes {arity} arguments, not {}",
            test_arguments.len()
        )));
    }
    let mut kept = Vec::new();
    for value in values {
        if predicate::holds(heap, &name, &value, test_arguments)? == wanted {
            kept.push(value);
        }
    }
    heap.list(kept)
}

/// The entries of a map that are there among those its `length` announces.
#[expect(clippy::cast_sign_loss, reason = "clamped to 0 before")]
fn numbered_entries(heap: &mut Heap, map: &Rc<Map>) -> Result<Vec<Value>> {
    let size = map.get_str("length").cloned().unwrap_or(Value::Undefined);
    let count = heap.number_of(&size)?.floor().max(0.0) as usize;
    heap.budget.work(count)?;
    Ok((0..count).filter_map(|index| map.get_str(&index.to_string()).cloned()).collect())
}

pub(super) fn select_attribute(heap: &mut Heap, input: &Value, arguments: &[Value]) -> Result<Value> {
    filter_by_attribute(heap, input, arguments, true)
}

pub(super) fn reject_attribute(heap: &mut Heap, input: &Value, arguments: &[Value]) -> Result<Value> {
    filter_by_attribute(heap, input, arguments, false)
}

fn filter_by_attribute(heap: &mut Heap, input: &Value, arguments: &[Value], wanted: bool) -> Result<Value> {
    let list = required_list(input)?;
    let key = heap.text_of(argument(arguments, 0))?;
    refuse_reserved(&key)?;
    let items: Vec<Value> = heap.items(list).iter().flatten().cloned().collect();
    let mut kept = Vec::new();
    for item in items {
        if truthy(&attribute(heap, &item, &key)?) == wanted {
            kept.push(item);
        }
    }
    heap.list(kept)
}
