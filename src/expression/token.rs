//! The words of an expression.

use super::fault::{Fault, Result, quote};
use super::regex::Program;
use super::scan::{Piece, is_code_space, name_end, regex_literal};
use std::rc::Rc;

#[derive(Clone, Debug)]
pub(super) enum Word {
    End,
    Name,
    Number,
    String,
    Regex(Rc<Program>),
    Operator,
}

#[derive(Clone, Debug)]
pub(super) struct Token {
    pub(super) word: Word,
    /// Names, operators and digits as written; strings without quotes and escapes.
    pub(super) value: String,
    pub(super) offset: u32,
}

impl Token {
    pub(super) fn is_name(&self) -> bool {
        matches!(self.word, Word::Name)
    }

    pub(super) fn is_operator(&self, value: &str) -> bool {
        matches!(self.word, Word::Operator) && self.value == value
    }

    /// What a message calls the token.
    pub(super) fn shown(&self) -> String {
        match self.word {
            Word::End => "the end".to_owned(),
            _ => quote(&self.value),
        }
    }

    fn ends_operand(&self) -> bool {
        match self.word {
            Word::Operator => matches!(self.value.as_str(), ")" | "]" | "}"),
            Word::End => false,
            _ => true,
        }
    }
}

const OPERATORS: &[&str] = &["===", "!==", "**", "//", "==", "!=", "<=", ">="];
const CHARACTERS: &str = "()[]{}.,:|~+-*/%<>=";

/// Splits code into words; the last one is `End`.
pub(super) fn tokens(code: Piece<'_>) -> Result<Vec<Token>> {
    let source = code.text;
    let mut tokens: Vec<Token> = Vec::new();
    let mut index = 0;
    while let Some(character) = source[index..].chars().next() {
        if is_code_space(character) {
            index += character.len_utf8();
            continue;
        }
        let offset = (code.offset + index) as u32;
        let (word, value, end) = next(source, index, tokens.last()).map_err(|fault| fault.at(offset))?;
        tokens.push(Token { word, value, offset });
        index = end;
    }
    tokens.push(Token { word: Word::End, value: String::new(), offset: (code.offset + source.len()) as u32 });
    Ok(tokens)
}

fn next(source: &str, index: usize, previous: Option<&Token>) -> Result<(Word, String, usize)> {
    let bytes = source.as_bytes();
    if let Some(end) = name_end(source, index, previous.is_some_and(|token| token.is_operator("."))) {
        if &source[index..end] == "r" && bytes.get(end) == Some(&b'/') {
            let literal = regex_literal(source, index)?;
            let value = literal.program.literal().to_lossy();
            return Ok((Word::Regex(Rc::new(literal.program)), value, literal.end));
        }
        return Ok((Word::Name, source[index..end].to_owned(), end));
    }
    let is_digit = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_digit);
    if bytes[index] == b'.' && is_digit(index + 1) && !previous.is_some_and(Token::ends_operand) {
        return Err(Fault::new("a number cannot begin with a point: write 0 before it"));
    }
    if is_digit(index) {
        return number(source, index);
    }
    if matches!(bytes[index], b'"' | b'\'') {
        return string(source, index);
    }
    if let Some(operator) = OPERATORS.iter().find(|operator| source[index..].starts_with(**operator)) {
        return Ok((Word::Operator, (*operator).to_owned(), index + operator.len()));
    }
    let character = source[index..].chars().next().unwrap_or_default();
    if !CHARACTERS.contains(character) {
        return Err(Fault::new(format!("unexpected character {}", quote(&character.to_string()))));
    }
    Ok((Word::Operator, character.to_string(), index + 1))
}

fn number(source: &str, start: usize) -> Result<(Word, String, usize)> {
    let bytes = source.as_bytes();
    let digits = |from: usize| bytes[from..].iter().take_while(|byte| byte.is_ascii_digit()).count();
    let mut end = start + digits(start);
    if bytes.get(end) == Some(&b'.') {
        end += 1 + digits(end + 1);
    }
    if bytes.get(end).is_some_and(|byte| byte.is_ascii_alphabetic() || *byte == b'_') {
        return Err(Fault::new("letters behind a number: exponents and suffixes are not supported"));
    }
    Ok((Word::Number, source[start..end].to_owned(), end))
}

fn string(source: &str, start: usize) -> Result<(Word, String, usize)> {
    let quote = source[start..].chars().next();
    let mut value = String::new();
    let mut characters = source[start + 1..].char_indices();
    while let Some((at, character)) = characters.next() {
        if Some(character) == quote {
            return Ok((Word::String, value, start + 1 + at + 1));
        }
        if character != '\\' {
            value.push(character);
            continue;
        }
        match characters.next() {
            Some((_, 'n')) => value.push('\n'),
            Some((_, 'r')) => value.push('\r'),
            Some((_, 't')) => value.push('\t'),
            Some((_, other)) => value.push(other),
            None => break,
        }
    }
    Err(Fault::new("the string is not closed"))
}
