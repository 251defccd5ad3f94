//! Filters for HTML and addresses.

use std::cell::Cell;
use std::fmt::Write as _;
use std::rc::Rc;

use super::super::fault::{Fault, Result};
use super::super::regex::Program;
use super::super::regex_methods::{regex_replace, regex_split};
use super::super::text::Text;
use super::super::value::{Heap, Regex, Value, truthy};
use super::argument;
use super::text::{as_safe_as, normalized, text};

const TAG: &str = r"<\/?([a-z][a-z0-9]*)\b[^>]*>|<!--[\s\S]*?-->";
const MAX_STRIP_PASSES: usize = 8;

fn regex(pattern: &str, flags: &str) -> Result<Regex> {
    Ok(Regex { program: Rc::new(Program::parse(pattern, flags)?), last_index: Cell::new(0) })
}

fn replace_all(heap: &mut Heap, body: &Text, pattern: &str, flags: &str, replacement: &str) -> Result<Text> {
    let regex = regex(pattern, flags)?;
    regex_replace(heap, &regex, body.units(), &Text::from(replacement)).map(Text::from)
}

fn escaped(body: &Text) -> Text {
    let mut units = Vec::with_capacity(body.len());
    for unit in body.units() {
        let entity = match u8::try_from(*unit) {
            Ok(b'&') => "&amp;",
            Ok(b'"') => "&quot;",
            Ok(b'\'') => "&#39;",
            Ok(b'<') => "&lt;",
            Ok(b'>') => "&gt;",
            Ok(b'\\') => "&#92;",
            _ => "",
        };
        if entity.is_empty() {
            units.push(*unit);
        } else {
            units.extend(entity.encode_utf16());
        }
    }
    Text::from(units)
}

pub(super) fn escape(heap: &mut Heap, input: &Value, arguments: &[Value]) -> Result<Value> {
    if matches!(input, Value::Safe(_)) { Ok(input.clone()) } else { force_escape(heap, input, arguments) }
}

pub(super) fn force_escape(heap: &mut Heap, input: &Value, _: &[Value]) -> Result<Value> {
    let body = heap.render(input)?;
    heap.budget.toil(body.len())?;
    Ok(Value::safe(escaped(&body)))
}

pub(super) fn safe(heap: &mut Heap, input: &Value, _: &[Value]) -> Result<Value> {
    if matches!(input, Value::Safe(_)) { Ok(input.clone()) } else { heap.render(input).map(Value::safe) }
}

pub(super) fn break_lines(heap: &mut Heap, input: &Value, _: &[Value]) -> Result<Value> {
    let body = if input.is_nullish() { Text::from("") } else { text(input)? };
    Ok(as_safe_as(input, replace_all(heap, &body, r"\r\n|\n", "g", "<br />\n")?))
}

pub(super) fn strip_tags(heap: &mut Heap, input: &Value, arguments: &[Value]) -> Result<Value> {
    let mut stripped = text(&normalized(input))?;
    let mut passes = 0;
    loop {
        let next = replace_all(heap, &stripped, TAG, "gi", "")?;
        if next == stripped {
            break;
        }
        if passes == MAX_STRIP_PASSES {
            return Err(Fault::new("its tags are nested too deeply"));
        }
        passes += 1;
        stripped = next;
    }
    let mut body = stripped.trim();
    if truthy(argument(arguments, 0)) {
        let steps =
            [("^ +| +$", "gm", ""), (" +", "g", " "), (r"\r\n", "g", "\n"), (r"\n\n\n+", "g", "\n\n")];
        for (pattern, flags, replacement) in steps {
            body = replace_all(heap, &body, pattern, flags, replacement)?;
        }
    } else {
        body = replace_all(heap, &body, r"\s+", "g", " ")?;
    }
    Ok(as_safe_as(input, body))
}

/// `encodeURIComponent`.
fn encoded(body: &Text) -> Result<String> {
    let body = String::from_utf16(body.units())
        .map_err(|_| Fault::new("half a surrogate pair cannot be encoded"))?;
    let mut output = String::with_capacity(body.len());
    for byte in body.bytes() {
        if byte.is_ascii_alphanumeric() || b"-_.!~*'()".contains(&byte) {
            output.push(char::from(byte));
        } else {
            let _ = write!(output, "%{byte:02X}");
        }
    }
    Ok(output)
}

fn encoded_pair(heap: &mut Heap, key: &Value, value: &Value) -> Result<String> {
    let key = heap.text_of(key)?;
    let value = heap.text_of(value)?;
    heap.budget.toil(key.len() + value.len())?;
    Ok(format!("{}={}", encoded(&key)?, encoded(&value)?))
}

pub(super) fn url_encode(heap: &mut Heap, input: &Value, _: &[Value]) -> Result<Value> {
    let mut pairs = Vec::new();
    match input {
        Value::Text(_) | Value::Safe(_) => return Ok(Value::text(&encoded(&text(input)?)?)),
        Value::Map(map) => {
            for (key, value) in map.entries() {
                pairs.push(encoded_pair(heap, &Value::Text(key.clone()), value)?);
            }
        }
        Value::List(list) => {
            for item in heap.items(*list).to_vec() {
                pairs.push(match item {
                    None => String::new(),
                    Some(Value::Undefined | Value::Null) => {
                        return Err(Fault::new("an item is undefined or null: it needs pairs"));
                    }
                    Some(item) => {
                        let part = |heap: &Heap, key: &str| {
                            heap.own(&item, &Text::from(key)).unwrap_or(Value::Undefined)
                        };
                        let (key, value) = (part(heap, "0"), part(heap, "1"));
                        encoded_pair(heap, &key, &value)?
                    }
                });
            }
        }
        _ => {}
    }
    Ok(Value::text(&pairs.join("&")))
}

#[expect(clippy::cast_sign_loss, reason = "negative and NaN saturate to 0, which is meant")]
pub(super) fn urlize(heap: &mut Heap, input: &Value, arguments: &[Value]) -> Result<Value> {
    let body = text(input)?;
    let shown = match argument(arguments, 0) {
        Value::Undefined => usize::MAX,
        Value::Number(number) if number.is_nan() => usize::MAX,
        other => heap.number_of(other)? as usize,
    };
    let follow = if matches!(argument(arguments, 1), Value::Bool(true)) { " rel=\"nofollow\"" } else { "" };
    let patterns = Patterns::new()?;
    let mut output = Vec::new();
    for word in regex_split(heap, &patterns.space, body.units(), usize::MAX)? {
        let Some(word) = word.as_text() else { continue };
        if word.is_empty() {
            continue;
        }
        let inner = patterns.inner(heap, word)?;
        let link = patterns.link(heap, &inner)?;
        let Some(prefix) = link else {
            output.extend_from_slice(word.units());
            continue;
        };
        let is_mail = prefix == "mailto:";
        let short = if is_mail { inner.units() } else { &inner.units()[..shown.min(inner.len())] };
        let follow = if is_mail { "" } else { follow };
        output.extend(format!("<a href=\"{prefix}").encode_utf16());
        output.extend_from_slice(inner.units());
        output.extend(format!("\"{follow}>").encode_utf16());
        output.extend_from_slice(short);
        output.extend("</a>".encode_utf16());
    }
    Ok(Value::Text(Text::from(output)))
}

struct Patterns {
    space: Program,
    punctuation: Program,
    http: Program,
    www: Program,
    mail: Program,
    domain: Program,
}

impl Patterns {
    fn new() -> Result<Patterns> {
        Ok(Patterns {
            space: Program::parse(r"(\s+)", "")?,
            punctuation: Program::parse(r"^(?:\(|<|&lt;)?(.*?)(?:\.|,|\)|\n|&gt;)?$", "")?,
            http: Program::parse(r"^https?:\/\/", "")?,
            www: Program::parse(r"^www\.", "")?,
            mail: Program::parse(r"^[\w.!#$%&'*+\-/=?^`{|}~]+@[a-z\d-]+(?:\.[a-z\d-]+)+$", "i")?,
            domain: Program::parse(r"\.(?:org|net|com)(?::|\/|$)", "")?,
        })
    }

    /// The word without punctuation around it.
    fn inner(&self, heap: &mut Heap, word: &Text) -> Result<Text> {
        let found = self.punctuation.match_at(word.units(), 0, &mut heap.budget)?;
        let inner = found.and_then(|captures| captures.get(1).copied().flatten());
        Ok(inner.map_or_else(|| word.clone(), |(start, end)| Text::from(&word.units()[start..end])))
    }

    /// What stands before the address in its link; nothing when the word is no address.
    fn link(&self, heap: &mut Heap, word: &Text) -> Result<Option<&'static str>> {
        let mut is = |program: &Program| {
            program.search(word.units(), 0, &mut heap.budget).map(|found| found.is_some())
        };
        Ok(if is(&self.http)? {
            Some("")
        } else if is(&self.www)? {
            Some("http://")
        } else if is(&self.mail)? {
            Some("mailto:")
        } else if is(&self.domain)? {
            Some("http://")
        } else {
            None
        })
    }
}
