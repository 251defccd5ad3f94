//! Numbers as ECMAScript reads and writes them.
//!
//! Backstage is JavaScript: what its template engine and its YAML writer make of a number is
//! defined by ECMA-262. The expression language and the YAML emitter share these rules. It does not
//! know strings of code units nor coercion of other values; that is `expression`'s.
#![expect(
    clippy::cast_possible_wrap,
    clippy::cast_sign_loss,
    reason = "digits and exponents of an f64 fit; their ranges are checked beside each cast"
)]

mod power;

pub use power::power;

/// `Number.prototype.toString` for radix 10 (ECMA-262 6.1.6.1.20): the shortest digits that read
/// back as the same number, exponents from 1e21 and below 1e-6.
pub fn number_to_string(number: f64) -> String {
    if let Some(text) = not_finite(number) {
        return text.to_owned();
    }
    if number == 0.0 {
        return "0".to_owned();
    }
    let (digits, exponent) = shortest(number.abs());
    let sign = if number < 0.0 { "-" } else { "" };
    let point = exponent + 1;
    let count = digits.len() as i32;
    let body = if (count..=21).contains(&point) {
        format!("{digits}{}", "0".repeat((point - count) as usize))
    } else if (1..=21).contains(&point) {
        let (whole, fraction) = digits.split_at(point as usize);
        format!("{whole}.{fraction}")
    } else if (-5..=0).contains(&point) {
        format!("0.{}{digits}", "0".repeat(-point as usize))
    } else {
        with_exponent(&digits, exponent)
    };
    format!("{sign}{body}")
}

fn not_finite(number: f64) -> Option<&'static str> {
    if number.is_nan() {
        Some("NaN")
    } else if number.is_infinite() {
        Some(if number > 0.0 { "Infinity" } else { "-Infinity" })
    } else {
        None
    }
}

fn with_exponent(digits: &str, exponent: i32) -> String {
    let (first, rest) = digits.split_at(1);
    let point = if rest.is_empty() { "" } else { "." };
    let sign = if exponent < 0 { '-' } else { '+' };
    format!("{first}{point}{rest}e{sign}{}", exponent.abs())
}

/// Shortest digits without trailing zeros, and the exponent of the first one.
fn shortest(number: f64) -> (String, i32) {
    let text = format!("{number:e}");
    let (mantissa, exponent) = text.split_once('e').unwrap_or((&text, "0"));
    (mantissa.replace('.', ""), exponent.parse().unwrap_or(0))
}

/// All decimal digits of a positive number (a binary fraction has at most 1074 of them), and how
/// many stand before the point.
fn exact(number: f64) -> (Vec<u8>, usize) {
    let text = format!("{number:.1074}");
    let point = text.find('.').unwrap_or(text.len());
    (text.bytes().filter(u8::is_ascii_digit).map(|digit| digit - b'0').collect(), point)
}

/// Keeps `count` digits, a half goes up: what ECMA-262 means by "pick the larger n".
/// The second value says that a carry added a digit in front.
fn round_digits(digits: &[u8], count: usize) -> (Vec<u8>, bool) {
    let mut kept: Vec<u8> = digits.iter().copied().take(count).collect();
    kept.resize(count, 0);
    if digits.get(count).is_none_or(|next| *next < 5) {
        return (kept, false);
    }
    for digit in kept.iter_mut().rev() {
        if *digit < 9 {
            *digit += 1;
            return (kept, false);
        }
        *digit = 0;
    }
    kept.insert(0, 1);
    (kept, true)
}

fn join(digits: &[u8]) -> String {
    digits.iter().map(|digit| char::from(b'0' + digit)).collect()
}

/// `Number.prototype.toFixed`; nothing when `digits` is not 0 to 100 (a `RangeError` there).
pub fn to_fixed(number: f64, digits: f64) -> Option<String> {
    let digits = integer(digits);
    if !(0.0..=100.0).contains(&digits) {
        return None;
    }
    if let Some(text) = not_finite(number) {
        return Some(text.to_owned());
    }
    if number.abs() >= 1e21 {
        return Some(number_to_string(number));
    }
    let digits = digits as usize;
    let (all, point) = exact(number.abs());
    let (kept, carried) = round_digits(&all, point + digits);
    let point = point + usize::from(carried);
    let (whole, fraction) = kept.split_at(point);
    let sign = if number < 0.0 { "-" } else { "" };
    let dot = if digits == 0 { "" } else { "." };
    Some(format!("{sign}{}{dot}{}", join(whole), join(fraction)))
}

/// `Number.prototype.toExponential`; `None` digits means as many as needed, the outer nothing means
/// that `digits` is not 0 to 100.
pub fn to_exponential(number: f64, digits: Option<f64>) -> Option<String> {
    let digits = digits.map(integer);
    if let Some(text) = not_finite(number) {
        return Some(text.to_owned());
    }
    if digits.is_some_and(|digits| !(0.0..=100.0).contains(&digits)) {
        return None;
    }
    let sign = if number < 0.0 { "-" } else { "" };
    let body = match digits {
        None if number == 0.0 => with_exponent("0", 0),
        None => {
            let (text, exponent) = shortest(number.abs());
            with_exponent(&text, exponent)
        }
        Some(digits) => {
            let (text, exponent) = significant(number.abs(), digits as usize + 1);
            with_exponent(&text, exponent)
        }
    };
    Some(format!("{sign}{body}"))
}

/// `Number.prototype.toPrecision`; nothing when `digits` is not 1 to 100.
pub fn to_precision(number: f64, digits: f64) -> Option<String> {
    let digits = integer(digits);
    if let Some(text) = not_finite(number) {
        return Some(text.to_owned());
    }
    if !(1.0..=100.0).contains(&digits) {
        return None;
    }
    let count = digits as usize;
    let (text, exponent) = significant(number.abs(), count);
    let sign = if number < 0.0 { "-" } else { "" };
    let body = if exponent < -6 || exponent >= count as i32 {
        with_exponent(&text, exponent)
    } else if exponent >= 0 {
        let (whole, fraction) = text.split_at(exponent as usize + 1);
        let dot = if fraction.is_empty() { "" } else { "." };
        format!("{whole}{dot}{fraction}")
    } else {
        format!("0.{}{text}", "0".repeat((-exponent - 1) as usize))
    };
    Some(format!("{sign}{body}"))
}

/// `count` significant digits and the exponent of the first.
fn significant(number: f64, count: usize) -> (String, i32) {
    if number == 0.0 {
        return ("0".repeat(count), 0);
    }
    let (all, point) = exact(number);
    let first = all.iter().position(|digit| *digit != 0).unwrap_or(0);
    let (mut kept, carried) = round_digits(&all[first..], count);
    kept.truncate(count);
    (join(&kept), point as i32 - first as i32 - 1 + i32::from(carried))
}

/// `Number.prototype.toString(radix)`; nothing when the radix is not 2 to 36. Digits of fractions
/// are those that V8 writes: ECMA-262 leaves them to the engine.
pub fn to_radix(number: f64, radix: f64) -> Option<String> {
    let radix = integer(radix);
    if !(2.0..=36.0).contains(&radix) {
        return None;
    }
    if (radix - 10.0).abs() < 0.5 {
        return Some(number_to_string(number));
    }
    if let Some(text) = not_finite(number) {
        return Some(text.to_owned());
    }
    let mut whole = number.abs().floor();
    let fraction = fraction_digits(number.abs(), &mut whole, radix);
    let mut text: Vec<u8> = Vec::new();
    // Digits below the precision of an f64 print as zeros.
    while whole / radix >= 9_007_199_254_740_992.0 {
        whole /= radix;
        text.push(b'0');
    }
    loop {
        let rest = whole % radix;
        text.push(digit_char(rest as u8));
        whole = (whole - rest) / radix;
        if whole < 1.0 {
            break;
        }
    }
    let sign = if number < 0.0 { "-" } else { "" };
    let whole: String = text.iter().rev().map(|byte| char::from(*byte)).collect();
    Some(format!("{sign}{whole}{fraction}"))
}

fn fraction_digits(number: f64, whole: &mut f64, radix: f64) -> String {
    let mut fraction = number - *whole;
    let mut delta = (0.5 * (next_up(number) - number)).max(f64::from_bits(1));
    let mut digits: Vec<u8> = Vec::new();
    if fraction < delta {
        return String::new();
    }
    while fraction >= delta {
        fraction *= radix;
        delta *= radix;
        let digit = fraction as u8;
        digits.push(digit);
        fraction -= f64::from(digit);
        let half = (fraction - 0.5).abs() < f64::EPSILON / 4.0 && digit % 2 == 1;
        if (fraction > 0.5 || half) && fraction + delta > 1.0 {
            carry(&mut digits, whole, radix as u8);
            break;
        }
    }
    if digits.is_empty() {
        return String::new();
    }
    format!(".{}", digits.iter().map(|digit| char::from(digit_char(*digit))).collect::<String>())
}

fn carry(digits: &mut Vec<u8>, whole: &mut f64, radix: u8) {
    while let Some(last) = digits.pop() {
        if last + 1 < radix {
            digits.push(last + 1);
            return;
        }
    }
    *whole += 1.0;
}

fn next_up(number: f64) -> f64 {
    f64::from_bits(number.to_bits() + 1)
}

fn digit_char(digit: u8) -> u8 {
    if digit < 10 { b'0' + digit } else { b'a' + digit - 10 }
}

/// `ToIntegerOrInfinity`: truncates, NaN is 0.
pub fn integer(number: f64) -> f64 {
    if number.is_nan() { 0.0 } else { number.trunc() + 0.0 }
}

/// `ToUint32`: truncates and wraps at 2^32.
pub fn to_uint32(number: f64) -> u32 {
    if !number.is_finite() {
        return 0;
    }
    let wrapped = number.trunc().rem_euclid(4_294_967_296.0);
    wrapped as u32
}

/// What `String.prototype.trim` and `\s` call white space.
pub fn is_space(unit: char) -> bool {
    matches!(unit,
        '\t'..='\r' | ' ' | '\u{a0}' | '\u{1680}' | '\u{2000}'..='\u{200a}' | '\u{2028}' | '\u{2029}'
        | '\u{202f}' | '\u{205f}' | '\u{3000}' | '\u{feff}')
}

/// `Number(text)` (ECMA-262 `StringToNumber`): NaN when the whole text is not a number.
pub fn string_to_number(text: &str) -> f64 {
    let text = text.trim_matches(is_space);
    if text.is_empty() {
        return 0.0;
    }
    if let Some((radix, digits)) = prefixed(text) {
        let valid = !digits.is_empty() && digits.chars().all(|digit| digit.is_digit(radix));
        return if valid { digits_to_number(digits, radix) } else { f64::NAN };
    }
    match decimal_prefix(text) {
        length if length == text.len() => decimal(text),
        _ => f64::NAN,
    }
}

fn prefixed(text: &str) -> Option<(u32, &str)> {
    let prefix = text.get(..2)?;
    let radix = match prefix {
        "0x" | "0X" => 16,
        "0o" | "0O" => 8,
        "0b" | "0B" => 2,
        _ => return None,
    };
    Some((radix, &text[2..]))
}

fn decimal(text: &str) -> f64 {
    match text.trim_start_matches(['+', '-']) {
        "Infinity" if text.starts_with('-') => f64::NEG_INFINITY,
        "Infinity" => f64::INFINITY,
        _ => text.parse().unwrap_or(f64::NAN),
    }
}

/// How many bytes at the start are a decimal literal: sign, digits, point, exponent, or Infinity.
fn decimal_prefix(text: &str) -> usize {
    let bytes = text.as_bytes();
    let sign = usize::from(matches!(bytes.first(), Some(b'+' | b'-')));
    if text[sign..].starts_with("Infinity") {
        return sign + 8;
    }
    let digits = |from: usize| bytes[from..].iter().take_while(|byte| byte.is_ascii_digit()).count();
    let whole = digits(sign);
    let mut end = sign + whole;
    let mut fraction = 0;
    if bytes.get(end) == Some(&b'.') {
        fraction = digits(end + 1);
        if whole + fraction > 0 {
            end += 1 + fraction;
        }
    }
    if whole + fraction == 0 {
        return 0;
    }
    if matches!(bytes.get(end), Some(b'e' | b'E')) {
        let sign = usize::from(matches!(bytes.get(end + 1), Some(b'+' | b'-')));
        let exponent = digits((end + 1 + sign).min(bytes.len()));
        if exponent > 0 {
            end += 1 + sign + exponent;
        }
    }
    end
}

/// `parseFloat`: the longest number at the start, NaN when there is none.
pub fn parse_float(text: &str) -> f64 {
    let text = text.trim_start_matches(is_space);
    match decimal_prefix(text) {
        0 => f64::NAN,
        end => decimal(&text[..end]),
    }
}

/// `parseInt`: the longest run of digits of the radix at the start; `0x` is understood for 16 and
/// for no radix (0).
pub fn parse_int(text: &str, radix: i32) -> f64 {
    let text = text.trim_start_matches(is_space);
    let negative = text.starts_with('-');
    let mut rest = text.strip_prefix(['+', '-']).unwrap_or(text);
    let mut radix = radix;
    if radix != 0 && !(2..=36).contains(&radix) {
        return f64::NAN;
    }
    if (radix == 0 || radix == 16) && (rest.starts_with("0x") || rest.starts_with("0X")) {
        rest = &rest[2..];
        radix = 16;
    }
    let radix = if radix == 0 { 10 } else { radix as u32 };
    let end = rest.find(|digit: char| !digit.is_digit(radix)).unwrap_or(rest.len());
    if end == 0 {
        return f64::NAN;
    }
    let number = digits_to_number(&rest[..end], radix);
    if negative { -number } else { number }
}

fn digits_to_number(digits: &str, radix: u32) -> f64 {
    if radix == 10 {
        return digits.parse().unwrap_or(f64::NAN);
    }
    digits
        .chars()
        .filter_map(|digit| digit.to_digit(radix))
        .fold(0.0, |number, digit| number * f64::from(radix) + f64::from(digit))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(expected: &str, actual: &str) {
        assert_eq!(actual, expected);
    }

    #[test]
    fn numbers_print_as_in_javascript() {
        check("0.30000000000000004", &number_to_string(0.1 + 0.2));
        check("100000000000000000000", &number_to_string(1e20));
        check("1e+21", &number_to_string(1e21));
        check("0.000001", &number_to_string(1e-6));
        check("1.5e-7", &number_to_string(1.5e-7));
        check("0", &number_to_string(-0.0));
        check("-12.5", &number_to_string(-12.5));
        check("1.7976931348623157e+308", &number_to_string(f64::MAX));
    }

    #[test]
    fn a_half_rounds_up_in_fixed_digits() {
        check("2.5", &to_fixed(2.5, 1.0).unwrap());
        check("3", &to_fixed(2.5, 0.0).unwrap());
        check("1.00", &to_fixed(1.005, 2.0).unwrap());
        check("10.0", &to_fixed(9.96, 1.0).unwrap());
        assert!(to_fixed(1.0, 101.0).is_none());
        check("1.3e+1", &to_exponential(12.5, Some(1.0)).unwrap());
        check("0.000012", &to_precision(0.000_012_3, 2.0).unwrap());
        check("1.2e+2", &to_precision(123.0, 2.0).unwrap());
    }

    #[test]
    fn other_radixes_print_as_v8_does() {
        check("ff", &to_radix(255.0, 16.0).unwrap());
        check("0.1", &to_radix(0.5, 2.0).unwrap());
        check("-7.8", &to_radix(-7.5, 16.0).unwrap());
    }

    #[test]
    fn texts_become_numbers() {
        for (text, expected) in [("", 0.0), (" 12 ", 12.0), ("0x1f", 31.0), (".5", 0.5), ("1e3", 1000.0)] {
            assert!((string_to_number(text) - expected).abs() < 1e-12, "{text}");
        }
        assert!(string_to_number("1px").is_nan());
        assert!(string_to_number("inf").is_nan());
        assert!((parse_float("1.5px") - 1.5).abs() < 1e-12);
        assert!((parse_int("12px", 10) - 12.0).abs() < 1e-12);
        assert!((parse_int("ff", 16) - 255.0).abs() < 1e-12);
    }
}
