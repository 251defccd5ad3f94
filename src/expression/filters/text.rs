//! Filters on strings.

use std::cmp::Ordering;

use super::super::coerce::length;
use super::super::fault::{Fault, Result};
use super::super::regex_methods::regex_replace;
use super::super::text::{Search, Text, join};
use super::super::value::{Heap, Value, truthy};
use super::argument;

/// Spaces that a filter adds at most in one place.
const MAX_SPACES: f64 = 16.0 * 1024.0 * 1024.0;

/// The string of an input; anything else is refused.
pub(super) fn text(input: &Value) -> Result<Text> {
    input.as_text().cloned().ok_or_else(|| Fault::new("it needs a string"))
}

/// Undefined, null and false count as the empty string.
pub(super) fn normalized(input: &Value) -> Value {
    match input {
        Value::Undefined | Value::Null | Value::Bool(false) => Value::text(""),
        other => other.clone(),
    }
}

/// A result that is safe when its input was.
pub(super) fn as_safe_as(input: &Value, text: Text) -> Value {
    if matches!(input, Value::Safe(_)) { Value::safe(text) } else { Value::Text(text) }
}

#[expect(clippy::cast_sign_loss, reason = "positive")]
fn spaces(heap: &mut Heap, count: f64) -> Result<Vec<u16>> {
    if count.is_nan() || count <= 0.0 {
        return Ok(Vec::new());
    }
    if !count.is_finite() || count > MAX_SPACES {
        return Err(Fault::new(format!("it would add more than {MAX_SPACES} spaces")));
    }
    let count = count.ceil() as usize;
    heap.budget.toil(count)?;
    Ok(vec![u16::from(b' '); count])
}

/// `length` as JavaScript reads it from any value.
fn direct_length(heap: &Heap, input: &Value) -> Value {
    match input {
        Value::Text(_) | Value::Safe(_) => {
            input.as_text().map_or(Value::Undefined, |text| length(text.len()))
        }
        Value::List(list) => length(heap.items(*list).len()),
        Value::Map(map) => map.get_str("length").cloned().unwrap_or(Value::Undefined),
        _ => Value::Undefined,
    }
}

/// A truthy argument as it is, or a number.
fn argument_or(arguments: &[Value], index: usize, missing: f64) -> Value {
    match argument(arguments, index) {
        given if truthy(given) => given.clone(),
        _ => Value::Number(missing),
    }
}

pub(super) fn capitalize(_: &mut Heap, input: &Value, _: &[Value]) -> Result<Value> {
    let lower = text(&normalized(input))?.to_lower();
    Ok(as_safe_as(input, lower.capitalized()))
}

pub(super) fn center(heap: &mut Heap, input: &Value, arguments: &[Value]) -> Result<Value> {
    let input = normalized(input);
    let width = argument_or(arguments, 0, 80.0);
    let size = direct_length(heap, &input);
    if heap.order(&size, &width)?.is_some_and(Ordering::is_ge) {
        return Ok(input);
    }
    let missing = heap.number_of(&width)? - heap.number_of(&size)?;
    let body = heap.text_of(&input)?;
    let mut units = spaces(heap, missing / 2.0 - missing % 2.0)?;
    units.extend_from_slice(body.units());
    units.extend(spaces(heap, missing / 2.0)?);
    Ok(as_safe_as(&input, Text::from(units)))
}

pub(super) fn indent(heap: &mut Heap, input: &Value, arguments: &[Value]) -> Result<Value> {
    let input = normalized(input);
    let body = text(&input)?;
    if matches!(&input, Value::Text(text) if text.is_empty()) {
        return Ok(input);
    }
    let width = argument_or(arguments, 0, 4.0);
    let width = heap.number_of(&width)?;
    let first = truthy(argument(arguments, 1));
    let indentation = spaces(heap, width)?;
    let mut units = Vec::with_capacity(body.len());
    for (index, line) in body.split(&Text::from("\n")).iter().enumerate() {
        if index > 0 {
            units.push(u16::from(b'\n'));
        }
        if index > 0 || first {
            heap.budget.toil(indentation.len())?;
            units.extend_from_slice(&indentation);
        }
        units.extend_from_slice(line.units());
    }
    Ok(as_safe_as(&input, Text::from(units)))
}

pub(super) fn lower(_: &mut Heap, input: &Value, _: &[Value]) -> Result<Value> {
    Ok(Value::Text(text(&normalized(input))?.to_lower()))
}

pub(super) fn upper(_: &mut Heap, input: &Value, _: &[Value]) -> Result<Value> {
    Ok(Value::Text(text(&normalized(input))?.to_upper()))
}

pub(super) fn string(heap: &mut Heap, input: &Value, _: &[Value]) -> Result<Value> {
    match input {
        Value::Undefined | Value::Null => Err(Fault::new("there is no value")),
        Value::Safe(_) => Ok(input.clone()),
        other => heap.render(other).map(Value::Text),
    }
}

pub(super) fn title(_: &mut Heap, input: &Value, _: &[Value]) -> Result<Value> {
    let words = text(&normalized(input))?.split(&Text::from(" "));
    let words: Vec<Text> = words.iter().map(|word| word.to_lower().capitalized()).collect();
    Ok(as_safe_as(input, join(&words, &[u16::from(b' ')])))
}

pub(super) fn trim(_: &mut Heap, input: &Value, _: &[Value]) -> Result<Value> {
    Ok(as_safe_as(input, text(input)?.trim()))
}

#[expect(clippy::cast_sign_loss, reason = "negative and NaN saturate to 0, which is meant")]
pub(super) fn truncate(heap: &mut Heap, input: &Value, arguments: &[Value]) -> Result<Value> {
    let normalized = normalized(input);
    let limit = argument_or(arguments, 0, 255.0);
    let size = direct_length(heap, &normalized);
    if heap.order(&size, &limit)?.is_some_and(Ordering::is_le) {
        return Ok(normalized);
    }
    let body = text(&normalized)?;
    let limit = heap.number_of(&limit)?;
    let mut end = limit as usize;
    if !truthy(argument(arguments, 1)) {
        let from = if limit.is_nan() { usize::MAX } else { end };
        if let Some(space) = Search::new(&[u16::from(b' ')]).find_last(body.units(), from) {
            end = space;
        }
    }
    let mut units = body.units()[..end.min(body.len())].to_vec();
    match argument(arguments, 2) {
        Value::Undefined | Value::Null => units.extend("...".encode_utf16()),
        ending => units.extend_from_slice(heap.text_of(ending)?.units()),
    }
    Ok(as_safe_as(input, Text::from(units)))
}

/// Counts runs of `\w`; null when there are none.
pub(super) fn count_words(_: &mut Heap, input: &Value, _: &[Value]) -> Result<Value> {
    let normalized = normalized(input);
    if !truthy(&normalized) {
        return Ok(Value::Null);
    }
    let body = text(&normalized)?;
    let is_word =
        |unit: &u16| u8::try_from(*unit).is_ok_and(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    let words = body.units().split(|unit| !is_word(unit)).filter(|word| !word.is_empty()).count();
    Ok(if words == 0 { Value::Null } else { length(words) })
}

pub(super) fn replace(heap: &mut Heap, input: &Value, arguments: &[Value]) -> Result<Value> {
    let (search, replacement) = (argument(arguments, 0), argument(arguments, 1));
    if let Value::Regex(regex) = search {
        let body = text(input)?;
        let template = heap.text_of(replacement)?;
        let fresh = super::super::value::Regex { program: regex.program.clone(), last_index: 0.into() };
        return regex_replace(heap, &fresh, body.units(), &template)
            .map(|units| Value::Text(Text::from(units)));
    }
    if !matches!(search, Value::Text(_) | Value::Number(_)) {
        return Ok(input.clone());
    }
    let coerced =
        if matches!(input, Value::Number(_)) { Value::Text(heap.text_of(input)?) } else { input.clone() };
    let Some(body) = coerced.as_text().cloned() else { return Ok(coerced) };
    let needle = heap.text_of(search)?;
    let inserted = heap.text_of(replacement)?;
    if needle.is_empty() {
        let separator =
            if matches!(replacement, Value::Undefined) { Text::from(",") } else { inserted.clone() };
        heap.budget.toil((body.len() + 2).saturating_mul(separator.len() + 1))?;
        let spread = join(&body.split(&needle), separator.units());
        return Ok(as_safe_as(&coerced, join(&[inserted.clone(), spread, inserted], &[])));
    }
    let maximum = match argument(arguments, 2) {
        Value::Undefined => Value::Number(-1.0),
        given => given.clone(),
    };
    let is =
        |number: f64| matches!(maximum, Value::Number(found) if (found - number).abs() < f64::MIN_POSITIVE);
    let pieces = body.split(&needle);
    heap.budget.toil(body.len() + pieces.len().saturating_mul(inserted.len()))?;
    if is(0.0) || pieces.len() == 1 {
        return Ok(coerced);
    }
    let maximum = if is(-1.0) { f64::INFINITY } else { heap.number_of(&maximum)? };
    let mut units = Vec::new();
    for (index, piece) in pieces.iter().enumerate() {
        if index > 0 {
            let replaces = matches!(length(index - 1), Value::Number(done) if done < maximum);
            units.extend_from_slice(if replaces { inserted.units() } else { needle.units() });
        }
        units.extend_from_slice(piece.units());
    }
    Ok(as_safe_as(input, Text::from(units)))
}
