//! Finding ends in template code without parsing it: strings, names and regular expressions are
//! stepped over, as they may contain what is looked for.

use super::fault::{Fault, Result};
use super::regex::Program;

/// A part of the template text and where it begins there.
#[derive(Clone, Copy, Debug)]
pub(super) struct Piece<'a> {
    pub(super) text: &'a str,
    pub(super) offset: usize,
}

impl Piece<'_> {
    pub(super) fn from(self, start: usize) -> Self {
        Piece { text: &self.text[start..], offset: self.offset + start }
    }

    pub(super) fn to(self, end: usize) -> Self {
        Piece { text: &self.text[..end], offset: self.offset }
    }

    /// Without code white space at both ends.
    pub(super) fn trim(self) -> Self {
        let trimmed = self.text.trim_start_matches(is_code_space);
        let start = self.text.len() - trimmed.len();
        Piece { text: trimmed.trim_end_matches(is_code_space), offset: self.offset + start }
    }
}

/// White space between tokens.
pub(super) fn is_code_space(character: char) -> bool {
    matches!(character, ' ' | '\t' | '\n' | '\r' | '\u{a0}')
}

/// End of the name at `start`; behind a point a name may begin with digits.
pub(super) fn name_end(source: &str, start: usize, leading_digits: bool) -> Option<usize> {
    let bytes = source.as_bytes();
    let mut first = start;
    while leading_digits && bytes.get(first).is_some_and(u8::is_ascii_digit) {
        first += 1;
    }
    let begins = |byte: &u8| byte.is_ascii_alphabetic() || *byte == b'_';
    if !bytes.get(first).is_some_and(begins) {
        return None;
    }
    let length = bytes[first..].iter().take_while(|byte| begins(byte) || byte.is_ascii_digit()).count();
    Some(first + length)
}

/// A regular-expression literal `r/pattern/flags`.
pub(super) struct RegexLiteral {
    pub(super) program: Program,
    pub(super) end: usize,
}

/// Longest pattern in UTF-16 code units.
const MAX_PATTERN: usize = 16 * 1024;

/// Scans the regular expression whose `r` is at `start`.
pub(super) fn regex_literal(source: &str, start: usize) -> Result<RegexLiteral> {
    let bytes = source.as_bytes();
    let (mut index, mut backslashes) = (start + 2, 0);
    let close = loop {
        match bytes.get(index) {
            None => return Err(Fault::new("the regular expression is not closed: end it with `/`")),
            Some(b'/') if backslashes == 0 => break index,
            Some(b'/') if backslashes % 2 == 0 => {
                return Err(Fault::new(
                    "`\\\\/` in a regular expression can be read in two ways: write `[\\\\]\\/`",
                ));
            }
            Some(b'\\') => backslashes += 1,
            Some(_) => backslashes = 0,
        }
        index += 1;
    };
    let pattern = &source[start + 2..close];
    if pattern.len() > MAX_PATTERN && pattern.encode_utf16().count() > MAX_PATTERN {
        return Err(Fault::new(format!("the regular expression is longer than {MAX_PATTERN} characters")));
    }
    let is_flag = |byte: &u8| matches!(byte, b'g' | b'i' | b'm' | b'y');
    let end = close + 1 + bytes[close + 1..].iter().take_while(|byte| is_flag(byte)).count();
    let flags = &source[close + 1..end];
    if flags.bytes().enumerate().any(|(at, flag)| flags.as_bytes()[..at].contains(&flag)) {
        return Err(Fault::new("a flag of the regular expression stands twice"));
    }
    if bytes.get(end).is_some_and(u8::is_ascii_alphabetic) {
        return Err(Fault::new("unknown flag of a regular expression: only g, i, m and y are known"));
    }
    Ok(RegexLiteral { program: Program::parse(pattern, flags)?, end })
}

/// End of the string, name, number or regular expression at `index`.
fn token_end(source: &str, index: usize) -> Result<Option<usize>> {
    let bytes = source.as_bytes();
    if let Some(quote @ (b'"' | b'\'')) = bytes.get(index) {
        return Ok(Some(string_end(bytes, index, *quote)));
    }
    if let Some(end) = name_end(source, index, true) {
        if &source[index..end] == "r" && bytes.get(end) == Some(&b'/') {
            return regex_literal(source, index)
                .map(|literal| Some(literal.end))
                .map_err(|fault| fault.at(index as u32));
        }
        return Ok(Some(end));
    }
    let digits = bytes[index..].iter().take_while(|byte| byte.is_ascii_digit()).count();
    Ok((digits > 0).then_some(index + digits))
}

fn string_end(bytes: &[u8], start: usize, quote: u8) -> usize {
    let mut index = start + 1;
    while index < bytes.len() {
        if bytes[index] == b'\\' {
            index += 1;
        } else if bytes[index] == quote {
            return index + 1;
        }
        index += 1;
    }
    bytes.len()
}

/// Where `terminator` first stands in code at or after `start`.
pub(super) fn find_terminator(source: &str, start: usize, terminator: &str) -> Result<Option<usize>> {
    let mut index = start;
    while index + terminator.len() <= source.len() {
        if let Some(end) = token_end(source, index)? {
            index = end;
        } else if source.as_bytes()[index..].starts_with(terminator.as_bytes()) {
            return Ok(Some(index));
        } else {
            index += 1;
        }
    }
    Ok(None)
}

/// The bracket that closes the one at the start.
pub(super) fn matching_bracket(source: &str) -> Result<Option<usize>> {
    let mut open = Vec::new();
    let mut index = 0;
    while index < source.len() {
        if let Some(end) = token_end(source, index)? {
            index = end;
            continue;
        }
        match source.as_bytes()[index] {
            b'(' => open.push(b')'),
            b'[' => open.push(b']'),
            b'{' => open.push(b'}'),
            close @ (b')' | b']' | b'}') if open.last() == Some(&close) => {
                open.pop();
                if open.is_empty() {
                    return Ok(Some(index));
                }
            }
            _ => {}
        }
        index += 1;
    }
    Ok(None)
}

fn nesting(byte: u8) -> i64 {
    match byte {
        b'(' | b'[' | b'{' => 1,
        b')' | b']' | b'}' => -1,
        _ => 0,
    }
}

/// Where a character first stands outside all brackets.
pub(super) fn find_outside(source: &str, wanted: u8) -> Result<Option<usize>> {
    let (mut depth, mut index) = (0, 0);
    while index < source.len() {
        if let Some(end) = token_end(source, index)? {
            index = end;
            continue;
        }
        let byte = source.as_bytes()[index];
        match nesting(byte) {
            0 if depth == 0 && byte == wanted => return Ok(Some(index)),
            change => depth += change,
        }
        index += 1;
    }
    Ok(None)
}

/// Splits around a keyword that stands alone outside all brackets.
pub(super) fn split_keyword<'a>(source: Piece<'a>, keyword: &str) -> Result<Option<(Piece<'a>, Piece<'a>)>> {
    let text = source.text;
    let (mut depth, mut index) = (0, 0);
    while index < text.len() {
        if let Some(end) = name_end(text, index, true)
            && depth == 0
            && &text[index..end] == keyword
            && text[..index].chars().next_back().is_none_or(is_code_space)
            && text[end..].chars().next().is_none_or(is_code_space)
        {
            return Ok(Some((source.to(index).trim(), source.from(end).trim())));
        }
        if let Some(end) = token_end(text, index)? {
            index = end;
            continue;
        }
        depth += nesting(text.as_bytes()[index]);
        index += 1;
    }
    Ok(None)
}
