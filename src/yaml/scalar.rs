//! YAML 1.2's core schema, as npm `yaml` 2.9.1 reads it: which text is null, a truth value, a number
//! or a string.
//!
//! The patterns are those of its `schema/core` and `schema/common` modules.

use std::borrow::Cow;

use super::node::Kind;
use super::tree::{Entry, Shape, Tag};

/// A scalar's value.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Scalar<'a> {
    Null,
    Bool(bool),
    Int(f64),
    Float(f64),
    String(Cow<'a, str>),
}

impl Scalar<'_> {
    pub(super) fn kind(&self) -> Kind {
        match self {
            Self::Null => Kind::Null,
            Self::Bool(_) => Kind::Bool,
            Self::Int(_) => Kind::Int,
            Self::Float(_) => Kind::Float,
            Self::String(_) => Kind::String,
        }
    }
}

/// The value of a node that is no collection and no alias; null for those.
pub(super) fn resolve<'a>(entry: &Entry, text: impl FnOnce() -> Cow<'a, str>) -> Scalar<'a> {
    match entry.shape {
        Shape::Missing if entry.tag == Tag::String => Scalar::String(Cow::Borrowed("")),
        Shape::Missing | Shape::Alias => Scalar::Null,
        shape if shape.is_collection() => Scalar::Null,
        shape => resolve_text(shape == Shape::Plain, entry.tag, text()),
    }
}

fn resolve_text(plain: bool, tag: Tag, text: Cow<'_, str>) -> Scalar<'_> {
    match tag {
        Tag::None if plain => plain_value(&text).unwrap_or(Scalar::String(text)),
        Tag::String | Tag::None => Scalar::String(text),
        _ => tagged_value(tag, &text).unwrap_or(Scalar::String(text)),
    }
}

/// The value that a core tag makes of a text; `None` where the text does not fit the tag, which
/// leaves it a string. A float needs a point or an exponent: `!!float 1` is the string `1`.
pub(super) fn tagged_value(tag: Tag, text: &str) -> Option<Scalar<'static>> {
    let value = plain_value(text)?;
    match (tag, &value) {
        (Tag::Null, Scalar::Null)
        | (Tag::Bool, Scalar::Bool(_))
        | (Tag::Int, Scalar::Int(_))
        | (Tag::Float, Scalar::Float(_)) => Some(value),
        _ => None,
    }
}

/// What a plain scalar is, unless it is a string.
pub(super) fn plain_value(text: &str) -> Option<Scalar<'static>> {
    // No keyword and no number is longer than its digits, and none starts with any other byte.
    match text.as_bytes().first() {
        None => Some(Scalar::Null),
        Some(b'~' | b'n' | b'N' | b't' | b'T' | b'f' | b'F') => keyword(text),
        Some(b'0'..=b'9' | b'+' | b'-' | b'.') => number(text),
        Some(_) => None,
    }
}

fn keyword(text: &str) -> Option<Scalar<'static>> {
    match text {
        "~" | "null" | "Null" | "NULL" => Some(Scalar::Null),
        "true" | "True" | "TRUE" => Some(Scalar::Bool(true)),
        "false" | "False" | "FALSE" => Some(Scalar::Bool(false)),
        _ => None,
    }
}

fn number(text: &str) -> Option<Scalar<'static>> {
    if let Some(digits) = text.strip_prefix("0o") {
        return radix(digits, 3).map(Scalar::Int);
    }
    if let Some(digits) = text.strip_prefix("0x") {
        return radix(digits, 4).map(Scalar::Int);
    }
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    if !unsigned.is_empty() && unsigned.bytes().all(|byte| byte.is_ascii_digit()) {
        return text.parse().ok().map(Scalar::Int);
    }
    match unsigned {
        ".inf" | ".Inf" | ".INF" => {
            let sign = if text.starts_with('-') { -1.0 } else { 1.0 };
            return Some(Scalar::Float(f64::INFINITY * sign));
        }
        ".nan" | ".NaN" | ".NAN" if unsigned.len() == text.len() => return Some(Scalar::Float(f64::NAN)),
        _ => {}
    }
    is_float(unsigned).then(|| text.parse().ok().map(Scalar::Float)).flatten()
}

/// `.5`, `1.`, `1.5`, and with an exponent `1e3` too; without a sign.
fn is_float(text: &str) -> bool {
    let digits = |text: &str| text.bytes().take_while(u8::is_ascii_digit).count();
    let whole = digits(text);
    let rest = &text[whole..];
    let (point, fraction) = rest.strip_prefix('.').map_or((false, 0), |rest| (true, digits(rest)));
    if whole + fraction == 0 || (!point && !rest.starts_with(['e', 'E'])) {
        return false;
    }
    let rest = &rest[usize::from(point) + fraction..];
    let Some(exponent) = rest.strip_prefix(['e', 'E']) else { return rest.is_empty() };
    let exponent = exponent.strip_prefix(['+', '-']).unwrap_or(exponent);
    !exponent.is_empty() && digits(exponent) == exponent.len()
}

/// Digits of `bits` bits each as the nearest double, ties to even, like `parseInt`.
fn radix(digits: &str, bits: u32) -> Option<f64> {
    if digits.is_empty() || digits.starts_with(['+', '-']) {
        return None;
    }
    let significant = digits.trim_start_matches('0');
    let (mut value, mut exponent) = (0_u128, 0_i32);
    for digit in significant.chars() {
        let digit = u128::from(digit.to_digit(1 << bits)?);
        if value >> 100 == 0 {
            value = value << bits | digit;
        } else {
            // Far behind the 53 bits of a double: all that counts is whether there is anything.
            value |= u128::from(digit != 0);
            exponent = exponent.saturating_add(bits.cast_signed());
        }
    }
    #[expect(clippy::cast_precision_loss, reason = "rounding to the nearest double is the point")]
    let nearest = value as f64;
    Some(nearest * 2_f64.powi(exponent))
}

#[cfg(test)]
mod tests {
    use super::{Scalar, plain_value};
    use crate::javascript::number_to_string;

    fn check(text: &str, value: impl Into<Option<Scalar<'static>>>) {
        let (found, value) = (plain_value(text), value.into());
        // NaN is not equal to itself.
        assert_eq!(format!("{found:?}"), format!("{value:?}"), "{text:?}");
    }

    #[test]
    fn the_core_schema_tells_values_from_strings() {
        for text in ["yes", "no", "on", "off", "y", "nULL", "tRUE", "0b101", "1_000", "12:30:45", "1.2.3"] {
            check(text, None);
        }
        for text in
            ["0o", "0x", "0o8", "0xg", "+0x1", "-", "+", ".", "e3", ".e3", "1e", "1e+", "+.nan", "0o+1"]
        {
            check(text, None);
        }
        for text in ["", "~", "null", "Null", "NULL"] {
            check(text, Scalar::Null);
        }
        check("True", Some(Scalar::Bool(true)));
        check("FALSE", Some(Scalar::Bool(false)));
        check("007", Some(Scalar::Int(7.0)));
        check("-0", Some(Scalar::Int(-0.0)));
        check("+12", Some(Scalar::Int(12.0)));
        check("0o17", Some(Scalar::Int(15.0)));
        check("0x1F", Some(Scalar::Int(31.0)));
        check("0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF", Some(Scalar::Int(2_f64.powi(144))));
        check("1.10", Some(Scalar::Float(1.1)));
        check("1.", Some(Scalar::Float(1.0)));
        check(".5", Some(Scalar::Float(0.5)));
        check("-.5e-3", Some(Scalar::Float(-0.0005)));
        check("1e3", Some(Scalar::Float(1000.0)));
        check("1e999", Some(Scalar::Float(f64::INFINITY)));
        check("-.INF", Some(Scalar::Float(f64::NEG_INFINITY)));
        check(".nan", Some(Scalar::Float(f64::NAN)));
    }

    #[test]
    fn numbers_become_text_as_in_javascript() {
        let check = |value: f64, text: &str| assert_eq!(number_to_string(value), text);
        check(-0.0, "0");
        check(1.0, "1");
        check(-1.5, "-1.5");
        check(0.000_001, "0.000001");
        check(0.000_000_1, "1e-7");
        check(1e20, "100000000000000000000");
        check(1e21, "1e+21");
        check(1.25e-10, "1.25e-10");
        check(12_345_678_901_234_567_890.0, "12345678901234567000");
        check(f64::MAX, "1.7976931348623157e+308");
        check(123.456, "123.456");
    }
}
