//! Values as JavaScript has them: which count as true, and in which order mappings list their keys.

use serde_json::{Map, Value};

/// Whether a rendered `if` lets something happen: lists by their length, all else as in JavaScript.
pub(super) fn is_truthy(value: Option<&Value>) -> bool {
    match value {
        None | Some(Value::Null) => false,
        Some(Value::Bool(value)) => *value,
        Some(Value::Number(number)) => {
            number.as_f64().is_some_and(|number| number != 0.0 && !number.is_nan())
        }
        Some(Value::String(text)) => !text.is_empty(),
        Some(Value::Array(items)) => !items.is_empty(),
        Some(Value::Object(_)) => true,
    }
}

/// The value with the keys of its mappings in the order of JavaScript: whole numbers first, by size.
pub(super) fn in_script_order(value: Value) -> Value {
    match value {
        Value::Array(items) => Value::Array(items.into_iter().map(in_script_order).collect()),
        Value::Object(entries) => Value::Object(map_in_script_order(entries)),
        other => other,
    }
}

/// The same for a mapping.
pub(super) fn map_in_script_order(entries: Map<String, Value>) -> Map<String, Value> {
    let index =
        |key: &str| key.parse::<u32>().ok().filter(|number| *number != u32::MAX && number.to_string() == key);
    let mut entries: Vec<_> = entries.into_iter().map(|(key, value)| (key, in_script_order(value))).collect();
    entries.sort_by_key(|(key, _)| index(key).map_or((1, 0), |number| (0, number)));
    entries.into_iter().collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::in_script_order;

    #[test]
    fn whole_numbers_come_first() {
        let value = json!({"b": 1, "10": [{"x": 1, "0": 2}], "2": 3, "01": 4, "-1": 5});
        let expected = r#"{"2":3,"10":[{"0":2,"x":1}],"b":1,"01":4,"-1":5}"#;
        assert_eq!(in_script_order(value).to_string(), expected);
    }
}
