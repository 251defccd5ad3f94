//! Filters that sort.

use std::cmp::Ordering;

use super::super::coerce::strictly_equal;
use super::super::fault::{Fault, Result};
use super::super::sort::{sort as sort_values, sort_items};
use super::super::value::{Heap, Value, truthy};
use super::argument;
use super::list::{array_like, attribute_path, lookup_path, sequence};

pub(super) fn dictsort(heap: &mut Heap, input: &Value, arguments: &[Value]) -> Result<Value> {
    let Value::Map(map) = input else { return Err(Fault::new("it needs a map")) };
    let case_sensitive = truthy(argument(arguments, 0));
    let by_value = match argument(arguments, 1) {
        Value::Undefined => false,
        Value::Text(by) if by.is("key") => false,
        Value::Text(by) if by.is("value") => true,
        _ => return Err(Fault::new("it sorts by \"key\" or by \"value\"")),
    };
    let mut pairs = map.entries().to_vec();
    sort_values(&mut pairs, &mut |left, right| {
        let side =
            |(key, value): &(_, Value)| if by_value { value.clone() } else { Value::Text(Clone::clone(key)) };
        let (left, right) = (upper(side(left), case_sensitive), upper(side(right), case_sensitive));
        heap.budget.toil(1)?;
        Ok(match heap.order(&left, &right)? {
            Some(Ordering::Greater) => Ordering::Greater,
            _ if strictly_equal(&left, &right) => Ordering::Equal,
            _ => Ordering::Less,
        })
    })?;
    let pairs = pairs.into_iter().map(|(key, value)| heap.list(vec![Value::Text(key), value]));
    let pairs = pairs.collect::<Result<Vec<_>>>()?;
    heap.list(pairs)
}

fn upper(value: Value, case_sensitive: bool) -> Value {
    match value.as_text() {
        Some(text) if !case_sensitive => Value::Text(text.to_upper()),
        _ => value,
    }
}

pub(super) fn sort(heap: &mut Heap, input: &Value, arguments: &[Value]) -> Result<Value> {
    let items = match input {
        Value::Map(map) => array_like(heap, map, true)?.into_iter().map(Some).collect(),
        Value::List(list) => heap.items(*list).to_vec(),
        other => match sequence(heap, other)? {
            Some(items) => items.into_iter().map(Some).collect(),
            None => return heap.list(Vec::new()),
        },
    };
    let reverse = truthy(argument(arguments, 0));
    let case_sensitive = truthy(argument(arguments, 1));
    let path = attribute_path(heap, argument(arguments, 2))?;
    let sorted = sort_items(items, |left, right| {
        heap.budget.toil(1)?;
        let (mut left, mut right) = (lookup_path(heap, left, &path)?, lookup_path(heap, right, &path)?);
        if let (false, Some(first), Some(second)) = (case_sensitive, left.as_text(), right.as_text()) {
            (left, right) = (Value::Text(first.to_lower()), Value::Text(second.to_lower()));
        }
        let order = heap.order(&left, &right)?.unwrap_or(Ordering::Equal);
        Ok(if reverse { order.reverse() } else { order })
    })?;
    heap.sparse_list(sorted)
}
