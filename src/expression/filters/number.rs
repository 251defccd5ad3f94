//! Filters that make numbers.

use super::super::fault::Result;
use super::super::value::{Heap, Value, truthy};
use super::argument;
use super::list::{attribute_key, attributes, required_list};
use crate::javascript::{parse_float, parse_int, power};

pub(super) fn abs(heap: &mut Heap, input: &Value, _: &[Value]) -> Result<Value> {
    Ok(Value::Number(heap.number_of(input)?.abs()))
}

pub(super) fn float(heap: &mut Heap, input: &Value, arguments: &[Value]) -> Result<Value> {
    let number = parse_float(&heap.text_of(input)?.to_lossy());
    Ok(if number.is_nan() { argument(arguments, 0).clone() } else { Value::Number(number) })
}

pub(super) fn int(heap: &mut Heap, input: &Value, arguments: &[Value]) -> Result<Value> {
    let radix = match argument(arguments, 1) {
        Value::Undefined => 10.0,
        radix => heap.number_of(radix)?.trunc(),
    };
    // `parseInt` takes its radix modulo 2^32.
    let radix = crate::javascript::to_uint32(radix).cast_signed();
    let number = parse_int(&heap.text_of(input)?.to_lossy(), radix);
    Ok(if number.is_nan() { argument(arguments, 0).clone() } else { Value::Number(number) })
}

pub(super) fn round(heap: &mut Heap, input: &Value, arguments: &[Value]) -> Result<Value> {
    let precision = argument(arguments, 0);
    let precision = if truthy(precision) { heap.number_of(precision)? } else { 0.0 };
    let factor = power(10.0, precision);
    let scaled = heap.number_of(input)? * factor;
    let method = argument(arguments, 1);
    let is = |name: &str| matches!(method, Value::Text(text) if text.is(name));
    let rounded = if is("ceil") {
        scaled.ceil()
    } else if is("floor") {
        scaled.floor()
    } else {
        half_up(scaled)
    };
    Ok(Value::Number(rounded / factor))
}

/// `Math.round`: a half goes up, also below zero.
fn half_up(number: f64) -> f64 {
    let floor = number.floor();
    if number - floor >= 0.5 { floor + 1.0 } else { floor }
}

pub(super) fn sum(heap: &mut Heap, input: &Value, arguments: &[Value]) -> Result<Value> {
    let values = match attribute_key(heap, argument(arguments, 0))? {
        None => {
            let list = required_list(input)?;
            heap.items(list).iter().flatten().cloned().collect()
        }
        Some(key) => attributes(heap, input, &key)?.into_iter().flatten().collect::<Vec<_>>(),
    };
    let mut sum = Value::Number(0.0);
    for value in &values {
        sum = heap.add(&sum, value)?;
    }
    match argument(arguments, 1) {
        Value::Undefined => heap.add(&Value::Number(0.0), &sum),
        start => heap.add(start, &sum),
    }
}
