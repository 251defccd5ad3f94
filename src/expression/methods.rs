//! Methods of strings, numbers, lists and regular expressions: the closed list of nunjitsu 0.6.2
//! (`src/runtime/intrinsics.ts`), with the results of the JavaScript methods of these names.

use super::coerce::{length, strictly_equal};
use super::fault::{Fault, Result};
use super::regex_methods::{regex_replace, regex_split, regex_test, substitute};
use super::sort::sort_items;
use super::text::{Search, Text, join};
use super::value::{Heap, List, Value};
use crate::javascript::{to_exponential, to_fixed, to_precision, to_radix, to_uint32};

/// A method: how many arguments may be written, and what it does. The last parameter says whether
/// the template is rendered in Cookiecutter's way.
pub(super) struct Method {
    pub(super) name: &'static str,
    pub(super) minimum: usize,
    pub(super) maximum: usize,
    /// The maximum in Cookiecutter's way.
    pub(super) compat_maximum: usize,
    pub(super) run: fn(&mut Heap, &Value, &[Value], bool) -> Result<Value>,
}

const MANY: usize = usize::MAX;

const fn method(
    name: &'static str,
    minimum: usize,
    maximum: usize,
    run: fn(&mut Heap, &Value, &[Value], bool) -> Result<Value>,
) -> Method {
    Method { name, minimum, maximum, compat_maximum: maximum, run }
}

static STRING: &[Method] = &[
    method("charAt", 0, 1, |heap, text, a, _| {
        let index = heap.index_or(a.first(), 0.0)?;
        Ok(Value::Text(unit(units(text), index).unwrap_or_else(|| Text::from(""))))
    }),
    method("charCodeAt", 0, 1, |heap, text, a, _| {
        let index = heap.index_or(a.first(), 0.0)?;
        let found = unit(units(text), index).and_then(|text| text.units().first().copied());
        Ok(Value::Number(found.map_or(f64::NAN, f64::from)))
    }),
    method("concat", 0, MANY, |heap, text, a, _| {
        let mut pieces = vec![Text::from(units(text))];
        for argument in a {
            pieces.push(heap.text_of(argument)?);
        }
        let joined = join(&pieces, &[]);
        heap.budget.toil(joined.len())?;
        Ok(Value::Text(joined))
    }),
    method("endsWith", 1, 2, |heap, text, a, _| {
        let needle = heap.text_of(&a[0])?;
        let end = clamp(heap.index_or(a.get(1), f64::INFINITY)?, units(text).len());
        Ok(Value::Bool(units(text)[..end].ends_with(needle.units())))
    }),
    method("includes", 1, 2, |heap, text, a, _| Ok(Value::Bool(found_at(heap, text, a)?.is_some()))),
    method("indexOf", 1, 2, |heap, text, a, _| Ok(position(found_at(heap, text, a)?))),
    method("lastIndexOf", 1, 2, |heap, text, a, _| {
        let needle = heap.text_of(&a[0])?;
        let from = match a.get(1) {
            None | Some(Value::Undefined) => f64::NAN,
            Some(from) => heap.number_of(from)?,
        };
        let from = if from.is_nan() { f64::INFINITY } else { from.trunc() };
        heap.budget.toil(units(text).len() + needle.len())?;
        let from = clamp(from, units(text).len());
        Ok(position(Search::new(needle.units()).find_last(units(text), from)))
    }),
    method("replace", 2, 2, replace),
    method("slice", 0, 2, |heap, text, a, _| {
        let (start, end) = heap.relative_range(a, units(text).len())?;
        Ok(Value::Text(Text::from(&units(text)[start..end])))
    }),
    method("split", 0, 2, split),
    method("startsWith", 1, 2, |heap, text, a, _| {
        let needle = heap.text_of(&a[0])?;
        let start = clamp(heap.index_or(a.get(1), 0.0)?, units(text).len());
        Ok(Value::Bool(units(text)[start..].starts_with(needle.units())))
    }),
    method("substring", 0, 2, |heap, text, a, _| {
        let size = units(text).len();
        let start = clamp(heap.index_or(a.first(), 0.0)?, size);
        let end = clamp(heap.index_or(a.get(1), f64::INFINITY)?, size);
        Ok(Value::Text(Text::from(&units(text)[start.min(end)..start.max(end)])))
    }),
    method("toLowerCase", 0, 0, |_, text, _, _| Ok(map_text(text, Text::to_lower))),
    method("toUpperCase", 0, 0, |_, text, _, _| Ok(map_text(text, Text::to_upper))),
    method("trim", 0, 0, |_, text, _, _| Ok(map_text(text, Text::trim))),
    method("trimEnd", 0, 0, |_, text, _, _| Ok(map_text(text, Text::trim_end))),
    method("trimStart", 0, 0, |_, text, _, _| Ok(map_text(text, Text::trim_start))),
];

static NUMBER: &[Method] = &[
    method("toExponential", 0, 1, |heap, number, a, _| {
        let digits = heap.optional_number(a.first())?;
        printed(to_exponential(heap.number_of(number)?, digits), "0 to 100 digits")
    }),
    method("toFixed", 0, 1, |heap, number, a, _| {
        let digits = heap.optional_number(a.first())?.unwrap_or(0.0);
        printed(to_fixed(heap.number_of(number)?, digits), "0 to 100 digits")
    }),
    method("toPrecision", 0, 1, |heap, number, a, _| match heap.optional_number(a.first())? {
        None => heap.text_of(number).map(Value::Text),
        Some(digits) => printed(to_precision(heap.number_of(number)?, digits), "1 to 100 digits"),
    }),
    method("toString", 0, 1, |heap, number, a, _| {
        let radix = heap.optional_number(a.first())?.unwrap_or(10.0);
        printed(to_radix(heap.number_of(number)?, radix), "a radix of 2 to 36")
    }),
];

static LIST: &[Method] = &[
    method("at", 1, 1, |heap, list, a, _| {
        let index = heap.integer_of(&a[0])?;
        let items = heap.items(number(list)?);
        let index = if index < 0.0 { index + count(items.len()) } else { index };
        Ok(item_at(items, index))
    }),
    method("concat", 0, MANY, |heap, list, a, _| {
        let mut items = heap.items(number(list)?).to_vec();
        for argument in a {
            match argument {
                Value::List(other) => items.extend_from_slice(heap.items(*other)),
                other => items.push(Some(other.clone())),
            }
            heap.budget.toil(items.len())?;
        }
        heap.sparse_list(items)
    }),
    method("copyWithin", 1, 3, |heap, list, a, _| {
        let mut items = heap.items(number(list)?).to_vec();
        let size = items.len();
        let target = relative(heap.index_or(a.first(), 0.0)?, size);
        let (start, end) = heap.relative_range(&a[1..], size)?;
        let moved: Vec<Option<Value>> = items[start..end.max(start)].to_vec();
        for (place, item) in items[target..].iter_mut().zip(moved) {
            *place = item;
        }
        heap.replace(number(list)?, items, &[])?;
        Ok(list.clone())
    }),
    method("fill", 1, 3, |heap, list, a, _| {
        let mut items = heap.items(number(list)?).to_vec();
        let (start, end) = heap.relative_range(&a[1..], items.len())?;
        items[start..end.max(start)].fill(Some(a[0].clone()));
        heap.replace(number(list)?, items, &a[..1])?;
        Ok(list.clone())
    }),
    method("flat", 0, 1, |heap, list, a, _| {
        let depth = heap.index_or(a.first(), 1.0)?.max(0.0);
        let mut flat = Vec::new();
        flatten(heap, number(list)?, depth, &mut flat, 0)?;
        heap.list(flat)
    }),
    method("includes", 1, 2, |heap, list, a, _| {
        let from = heap.start_index(a.get(1), list)?;
        let same = |item: &Value| match (item, &a[0]) {
            (Value::Number(left), Value::Number(right)) if left.is_nan() => right.is_nan(),
            (left, right) => strictly_equal(left, right),
        };
        let items = &heap.items(number(list)?)[from..];
        Ok(Value::Bool(items.iter().any(|item| same(item.as_ref().unwrap_or(&Value::Undefined)))))
    }),
    method("indexOf", 1, 2, |heap, list, a, _| {
        let from = heap.start_index(a.get(1), list)?;
        Ok(position(index_of(&heap.items(number(list)?)[from..], &a[0]).map(|index| index + from)))
    }),
    method("join", 0, 1, |heap, list, a, _| {
        let separator = match a.first() {
            None | Some(Value::Undefined) => Text::from(","),
            Some(separator) => heap.text_of(separator)?,
        };
        let mut pieces = Vec::new();
        for item in heap.dense(number(list)?)? {
            pieces.push(heap.render(&item)?);
            heap.budget.toil(separator.len())?;
        }
        Ok(Value::Text(join(&pieces, separator.units())))
    }),
    method("lastIndexOf", 1, 2, |heap, list, a, _| {
        let size = heap.items(number(list)?).len();
        let from = heap.index_or(a.get(1), f64::INFINITY)?;
        let end = if from < 0.0 { clamp(from + count(size) + 1.0, size) } else { clamp(from + 1.0, size) };
        let items = &heap.items(number(list)?)[..end];
        let same = |item: &Option<Value>| item.as_ref().is_some_and(|item| strictly_equal(item, &a[0]));
        Ok(position(items.iter().rposition(same)))
    }),
    Method { name: "pop", minimum: 0, maximum: 0, compat_maximum: 1, run: pop },
    method("push", 0, MANY, push),
    method("reverse", 0, 0, |heap, list, _, _| {
        let mut items = heap.items(number(list)?).to_vec();
        items.reverse();
        heap.replace(number(list)?, items, &[])?;
        Ok(list.clone())
    }),
    method("shift", 0, 0, |heap, list, _, _| {
        let mut items = heap.items(number(list)?).to_vec();
        let first = if items.is_empty() { None } else { items.remove(0) };
        heap.replace(number(list)?, items, &[])?;
        Ok(first.unwrap_or(Value::Undefined))
    }),
    method("slice", 0, 2, |heap, list, a, _| {
        let (start, end) = heap.relative_range(a, heap.items(number(list)?).len())?;
        let items = heap.items(number(list)?)[start..end].to_vec();
        heap.sparse_list(items)
    }),
    method("sort", 0, 0, |heap, list, _, _| {
        let items = heap.items(number(list)?).to_vec();
        let sorted = sort_items(items, |left, right| {
            heap.budget.toil(1)?;
            Ok(heap.text_of(left)?.cmp(&heap.text_of(right)?))
        })?;
        heap.replace(number(list)?, sorted, &[])?;
        Ok(list.clone())
    }),
    method("splice", 0, MANY, |heap, list, a, _| {
        let mut items = heap.items(number(list)?).to_vec();
        let size = items.len();
        let first = a.first().unwrap_or(&Value::Undefined);
        let second = a.get(1).unwrap_or(&Value::Undefined);
        let start = relative(heap.index_or(Some(first), 0.0)?, size);
        let removed: Vec<Option<Value>> = match (first, second) {
            (Value::Undefined, _) => Vec::new(),
            (_, Value::Undefined) => items.split_off(start),
            _ => {
                let end = start + clamp(heap.integer_of(second)?, size - start);
                items.splice(start..end, a[2..].iter().cloned().map(Some)).collect()
            }
        };
        heap.replace(number(list)?, items, a.get(2..).unwrap_or(&[]))?;
        heap.sparse_list(removed)
    }),
    method("unshift", 0, MANY, |heap, list, a, _| {
        let mut items = heap.items(number(list)?).to_vec();
        items.splice(0..0, a.iter().cloned().map(Some));
        let size = length(items.len());
        heap.replace(number(list)?, items, a)?;
        Ok(size)
    }),
];

/// Python's methods, for Cookiecutter templates.
static COMPAT_LIST: &[Method] = &[
    method("append", 1, 1, push),
    method("count", 1, 1, |heap, list, a, _| {
        let items = heap.items(number(list)?).iter().flatten();
        Ok(length(items.filter(|item| strictly_equal(item, &a[0])).count()))
    }),
    method("find", 1, 1, |heap, list, a, _| Ok(position(index_of(heap.items(number(list)?), &a[0])))),
    method("index", 1, 1, |heap, list, a, _| Ok(position(index_of(heap.items(number(list)?), &a[0])))),
    method("insert", 2, 2, |heap, list, a, _| {
        let mut items = heap.items(number(list)?).to_vec();
        let index = relative(heap.integer_of(&a[0])?, items.len());
        items.insert(index, Some(a[1].clone()));
        heap.replace(number(list)?, items, &a[1..])?;
        heap.list(Vec::new())
    }),
    method("remove", 1, 1, |heap, list, a, _| {
        let mut items = heap.items(number(list)?).to_vec();
        let removed = match index_of(&items, &a[0]) {
            Some(index) => vec![items.remove(index)],
            None => Vec::new(),
        };
        heap.replace(number(list)?, items, &[])?;
        heap.sparse_list(removed)
    }),
];

static COMPAT_MAP: &[Method] = &[
    method("get", 1, 2, |heap, map, a, _| {
        let key = heap.text_of(&a[0])?;
        let missing = a.get(1).cloned().unwrap_or(Value::Undefined);
        Ok(entries(map).iter().find(|(known, _)| *known == key).map_or(missing, |(_, value)| value.clone()))
    }),
    method("has_key", 1, 1, |heap, map, a, _| {
        let key = heap.text_of(&a[0])?;
        Ok(Value::Bool(entries(map).iter().any(|(known, _)| *known == key)))
    }),
    method("items", 0, 0, |heap, map, _, _| {
        let pairs =
            entries(map).iter().map(|(key, value)| heap.list(vec![Value::Text(key.clone()), value.clone()]));
        let pairs = pairs.collect::<Result<Vec<_>>>()?;
        heap.list(pairs)
    }),
    method("keys", 0, 0, |heap, map, _, _| {
        heap.list(entries(map).iter().map(|(key, _)| Value::Text(key.clone())).collect())
    }),
    method("values", 0, 0, |heap, map, _, _| {
        heap.list(entries(map).iter().map(|(_, value)| value.clone()).collect())
    }),
];

static REGEX: &[Method] = &[method("test", 1, 1, |heap, regex, a, _| {
    let Value::Regex(regex) = regex else { return Ok(Value::Undefined) };
    let text = heap.text_of(&a[0])?;
    regex_test(heap, regex, &text).map(Value::Bool)
})];

/// The method that a value has under a name.
pub(super) fn find(receiver: &Value, name: &Text, compat: bool) -> Option<&'static Method> {
    let (own, python): (&[Method], &[Method]) = match receiver {
        Value::Text(_) | Value::Safe(_) => (STRING, &[]),
        Value::Number(_) => (NUMBER, &[]),
        Value::List(_) => (LIST, COMPAT_LIST),
        Value::Map(_) => (&[], COMPAT_MAP),
        Value::Regex(_) => (REGEX, &[]),
        _ => return None,
    };
    own.iter().chain(python.iter().filter(|_| compat)).find(|method| name.is(method.name))
}

fn units(text: &Value) -> &[u16] {
    text.as_text().map_or(&[], Text::units)
}

fn entries(map: &Value) -> &[(Text, Value)] {
    match map {
        Value::Map(map) => map.entries(),
        _ => &[],
    }
}

fn number(list: &Value) -> Result<List> {
    match list {
        Value::List(list) => Ok(*list),
        _ => Err(Fault::new("not a list: please report it as a bug")),
    }
}

fn map_text(text: &Value, map: impl Fn(&Text) -> Text) -> Value {
    text.as_text().map_or(Value::Undefined, |text| Value::Text(map(text)))
}

fn printed(text: Option<String>, allowed: &str) -> Result<Value> {
    let text =
        text.ok_or_else(|| Fault::new(format!("the argument is out of range: it allows {allowed}")))?;
    Ok(Value::Text(Text::from(text)))
}

/// An index, or -1.
fn position(found: Option<usize>) -> Value {
    found.map_or(Value::Number(-1.0), length)
}

fn count(size: usize) -> f64 {
    u32::try_from(size).map_or(f64::INFINITY, f64::from)
}

/// A number between 0 and `size`.
#[expect(clippy::cast_sign_loss, reason = "clamped to 0 before")]
fn clamp(number: f64, size: usize) -> usize {
    number.clamp(0.0, count(size)) as usize
}

/// A position that may count from the end.
fn relative(number: f64, size: usize) -> usize {
    clamp(if number < 0.0 { number + count(size) } else { number }, size)
}

fn unit(units: &[u16], index: f64) -> Option<Text> {
    let inside = index >= 0.0 && index < count(units.len());
    inside.then(|| Text::from(&units[clamp(index, units.len())..=clamp(index, units.len())]))
}

fn item_at(items: &[Option<Value>], index: f64) -> Value {
    let inside = index >= 0.0 && index < count(items.len());
    let item = if inside { items[clamp(index, items.len())].clone() } else { None };
    item.unwrap_or(Value::Undefined)
}

/// The first item that is identical; holes are no items.
fn index_of(items: &[Option<Value>], wanted: &Value) -> Option<usize> {
    items.iter().position(|item| item.as_ref().is_some_and(|item| strictly_equal(item, wanted)))
}

impl Heap {
    fn index_or(&mut self, value: Option<&Value>, missing: f64) -> Result<f64> {
        match value {
            None | Some(Value::Undefined) => Ok(missing),
            Some(value) => self.integer_of(value),
        }
    }

    fn optional_number(&mut self, value: Option<&Value>) -> Result<Option<f64>> {
        match value {
            None | Some(Value::Undefined) => Ok(None),
            Some(value) => self.number_of(value).map(Some),
        }
    }

    /// Start and end of a slice, counted from the end when negative; never reversed.
    fn relative_range(&mut self, arguments: &[Value], size: usize) -> Result<(usize, usize)> {
        let start = relative(self.index_or(arguments.first(), 0.0)?, size);
        let end = relative(self.index_or(arguments.get(1), f64::INFINITY)?, size);
        Ok((start, end.max(start)))
    }

    fn start_index(&mut self, value: Option<&Value>, list: &Value) -> Result<usize> {
        let size = self.items(number(list)?).len();
        Ok(relative(self.index_or(value, 0.0)?, size))
    }
}

fn found_at(heap: &mut Heap, text: &Value, arguments: &[Value]) -> Result<Option<usize>> {
    let needle = heap.text_of(&arguments[0])?;
    let from = clamp(heap.index_or(arguments.get(1), 0.0)?, units(text).len());
    heap.budget.toil(units(text).len() + needle.len())?;
    Ok(Search::new(needle.units()).find(units(text), from))
}

/// Replaces the first occurrence, or what a regular expression matches.
fn replace(heap: &mut Heap, text: &Value, arguments: &[Value], _: bool) -> Result<Value> {
    let template = heap.text_of(&arguments[1])?;
    if let Value::Regex(regex) = &arguments[0] {
        return regex_replace(heap, regex, units(text), &template).map(|text| Value::Text(Text::from(text)));
    }
    let needle = heap.text_of(&arguments[0])?;
    heap.budget.toil(units(text).len() + needle.len())?;
    let Some(start) = Search::new(needle.units()).find(units(text), 0) else {
        return Ok(Value::Text(Text::from(units(text))));
    };
    let end = start + needle.len();
    let mut output = units(text)[..start].to_vec();
    substitute(heap, &template, units(text), &vec![Some((start, end))], &[], &mut output)?;
    output.extend_from_slice(&units(text)[end..]);
    Ok(Value::Text(Text::from(output)))
}

fn split(heap: &mut Heap, text: &Value, arguments: &[Value], _: bool) -> Result<Value> {
    let limit = match arguments.get(1) {
        None | Some(Value::Undefined) => usize::MAX,
        Some(limit) => to_uint32(heap.number_of(limit)?) as usize,
    };
    let text = text.as_text().cloned().unwrap_or_else(|| Text::from(""));
    heap.budget.toil(text.len())?;
    let mut items: Vec<Value> = match arguments.first() {
        Some(Value::Regex(regex)) => regex_split(heap, &regex.program, text.units(), limit)?,
        None | Some(Value::Undefined) => vec![Value::Text(text)],
        Some(separator) => {
            let separator = heap.text_of(separator)?;
            text.split(&separator).into_iter().map(Value::Text).collect()
        }
    };
    items.truncate(limit);
    heap.list(items)
}

fn push(heap: &mut Heap, list: &Value, arguments: &[Value], _: bool) -> Result<Value> {
    let mut items = heap.items(number(list)?).to_vec();
    items.extend(arguments.iter().cloned().map(Some));
    let size = length(items.len());
    heap.replace(number(list)?, items, arguments)?;
    Ok(size)
}

/// Removes the last item, or in Cookiecutter's way the one at an index.
fn pop(heap: &mut Heap, list: &Value, arguments: &[Value], compat: bool) -> Result<Value> {
    let mut items = heap.items(number(list)?).to_vec();
    let removed = match arguments.first() {
        Some(index) if compat && !matches!(index, Value::Undefined) => {
            let index = heap.integer_of(index)?;
            let index = if index < 0.0 { index + count(items.len()) } else { index };
            if !(0.0..count(items.len())).contains(&index) {
                return Ok(Value::Undefined);
            }
            items.remove(clamp(index, items.len()))
        }
        _ => items.pop().flatten(),
    };
    heap.replace(number(list)?, items, &[])?;
    Ok(removed.unwrap_or(Value::Undefined))
}

fn flatten(heap: &mut Heap, list: List, depth: f64, flat: &mut Vec<Value>, level: usize) -> Result<()> {
    super::value::check_depth(level)?;
    let items: Vec<Value> = heap.items(list).iter().flatten().cloned().collect();
    heap.budget.work(items.len())?;
    for item in items {
        match item {
            Value::List(inner) if depth > 0.0 => flatten(heap, inner, depth - 1.0, flat, level + 1)?,
            item => flat.push(item),
        }
    }
    Ok(())
}
