//! The built-in tests: `value is NAME`.

use super::coerce::strictly_equal;
use super::fault::{Fault, Result};
use super::value::{Heap, Value, truthy};

/// Names and how many arguments each takes.
pub(super) const NAMES: &[(&str, usize)] = &[
    ("callable", 0),
    ("defined", 0),
    ("divisibleby", 1),
    ("escaped", 0),
    ("eq", 1),
    ("equalto", 1),
    ("even", 0),
    ("falsy", 0),
    ("ge", 1),
    ("greaterthan", 1),
    ("gt", 1),
    ("iterable", 0),
    ("le", 1),
    ("lessthan", 1),
    ("lower", 0),
    ("lt", 1),
    ("mapping", 0),
    ("ne", 1),
    ("null", 0),
    ("number", 0),
    ("odd", 0),
    ("sameas", 1),
    ("string", 0),
    ("truthy", 0),
    ("undefined", 0),
    ("upper", 0),
];

pub(super) fn arity(name: &str) -> Option<usize> {
    NAMES.iter().find(|(known, _)| *known == name).map(|(_, arity)| *arity)
}

/// Whether a value passes a test; `arguments` has as many values as the test takes.
pub(super) fn holds(heap: &mut Heap, name: &str, input: &Value, arguments: &[Value]) -> Result<bool> {
    let argument = arguments.first().unwrap_or(&Value::Undefined);
    match name {
        "callable" => return Ok(matches!(input, Value::Function(_))),
        "eq" | "equalto" | "sameas" => return Ok(strictly_equal(input, argument)),
        "ne" => return Ok(!strictly_equal(input, argument)),
        _ => {}
    }
    heap.refuse_functions(input)?;
    heap.refuse_functions(argument)?;
    Ok(match name {
        "defined" => !matches!(input, Value::Undefined),
        "undefined" => matches!(input, Value::Undefined),
        "null" => matches!(input, Value::Null),
        "number" => matches!(input, Value::Number(_)),
        "string" => matches!(input, Value::Text(_)),
        "escaped" => matches!(input, Value::Safe(_)),
        "truthy" => truthy(input),
        "falsy" => !truthy(input),
        "mapping" => matches!(input, Value::Map(_) | Value::Safe(_) | Value::Regex(_)),
        "iterable" if input.is_nullish() => return Err(Fault::new("there is no value")),
        "iterable" => matches!(input, Value::Text(_) | Value::Safe(_) | Value::List(_)),
        "divisibleby" => is_remainder(heap.number_of(input)? % heap.number_of(argument)?, 0.0),
        "even" => is_remainder(heap.number_of(input)? % 2.0, 0.0),
        "odd" => is_remainder(heap.number_of(input)? % 2.0, 1.0),
        "ge" => heap.order(input, argument)?.is_some_and(std::cmp::Ordering::is_ge),
        "gt" | "greaterthan" => heap.order(input, argument)?.is_some_and(std::cmp::Ordering::is_gt),
        "le" => heap.order(input, argument)?.is_some_and(std::cmp::Ordering::is_le),
        "lt" | "lessthan" => heap.order(input, argument)?.is_some_and(std::cmp::Ordering::is_lt),
        "lower" | "upper" => match input {
            Value::Safe(_) => false,
            Value::Text(text) if name == "lower" => text.to_lower() == *text,
            Value::Text(text) => text.to_upper() == *text,
            _ => return Err(Fault::new("it needs a string")),
        },
        _ => return Err(Fault::new("unknown test")),
    })
}

#[expect(clippy::float_cmp, reason = "equality of numbers is what the test asks for")]
fn is_remainder(remainder: f64, wanted: f64) -> bool {
    remainder == wanted
}
