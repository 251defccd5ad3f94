//! Patterns to trees: the grammar of ECMA-262 with Annex B, which is what V8 accepts.

use super::super::fault::{Fault, Result};
use super::class::Class;

#[derive(Debug)]
pub(super) enum Node {
    Unit(u16),
    Class(Class),
    Sequence(Vec<Node>),
    Alternatives(Vec<Node>),
    /// A capturing group and its number.
    Capture(usize, Box<Node>),
    Reference(usize),
    Start,
    End,
    Boundary {
        negated: bool,
    },
    Look {
        behind: bool,
        negated: bool,
        node: Box<Node>,
    },
    /// `first..last` are the capturing groups inside: each round forgets them.
    Repeat {
        node: Box<Node>,
        min: u32,
        max: u32,
        greedy: bool,
        first: usize,
        last: usize,
    },
}

pub(super) struct Parsed {
    pub(super) node: Node,
    /// Number of groups; the whole match is group 0.
    pub(super) groups: usize,
    pub(super) names: Vec<(String, usize)>,
}

/// Groups inside each other.
const MAX_DEPTH: usize = 100;
/// Stands for "without end".
pub(super) const UNBOUNDED: u32 = u32::MAX;

pub(super) fn parse(pattern: &str) -> Result<Parsed> {
    let units: Vec<u16> = pattern.encode_utf16().collect();
    let (groups, names) = count_groups(&units)?;
    let mut parser = Parser { units: &units, index: 0, depth: 0, next_group: 1, groups, names: &names };
    let node = parser.alternatives()?;
    if parser.index < units.len() {
        return Err(broken("a bracket closes nothing"));
    }
    Ok(Parsed { node, groups, names })
}

fn broken(reason: &str) -> Fault {
    Fault::new(format!("the regular expression is invalid: {reason}"))
}

/// References may stand before their groups: all groups are counted first.
fn count_groups(units: &[u16]) -> Result<(usize, Vec<(String, usize)>)> {
    let (mut groups, mut names) = (1, Vec::new());
    let (mut index, mut in_class) = (0, false);
    while index < units.len() {
        match char_at(units, index) {
            '\\' => index += 1,
            '[' => in_class = true,
            ']' => in_class = false,
            '(' if !in_class => {
                let has_name = char_at(units, index + 1) == '?'
                    && char_at(units, index + 2) == '<'
                    && !matches!(char_at(units, index + 3), '=' | '!');
                if has_name {
                    let (name, _) = group_name(units, index + 3).ok_or_else(|| broken("a group's name"))?;
                    if names.iter().any(|(known, _)| *known == name) {
                        return Err(broken("two groups have the same name"));
                    }
                    names.push((name, groups));
                }
                groups += usize::from(has_name || char_at(units, index + 1) != '?');
            }
            _ => {}
        }
        index += 1;
    }
    Ok((groups, names))
}

/// The name up to `>`, and the index behind it.
fn group_name(units: &[u16], start: usize) -> Option<(String, usize)> {
    let length = units[start.min(units.len())..].iter().position(|unit| *unit == u16::from(b'>'))?;
    let name = String::from_utf16(&units[start..start + length]).ok()?;
    let mut characters = name.chars();
    let first = characters.next()?;
    let valid = (first.is_alphabetic() || matches!(first, '_' | '$'))
        && characters.all(|c| c.is_alphanumeric() || matches!(c, '_' | '$' | '\u{200c}' | '\u{200d}'));
    valid.then_some((name, start + length + 1))
}

fn char_at(units: &[u16], index: usize) -> char {
    units.get(index).and_then(|unit| char::from_u32(u32::from(*unit))).unwrap_or('\0')
}

struct Parser<'a> {
    units: &'a [u16],
    index: usize,
    depth: usize,
    next_group: usize,
    groups: usize,
    names: &'a [(String, usize)],
}

impl Parser<'_> {
    fn peek(&self) -> Option<u16> {
        self.units.get(self.index).copied()
    }

    fn peek_char(&self) -> char {
        char_at(self.units, self.index)
    }

    fn take(&mut self, text: &str) -> bool {
        let found =
            text.encode_utf16().enumerate().all(|(at, unit)| self.units.get(self.index + at) == Some(&unit));
        self.index += if found { text.len() } else { 0 };
        found
    }

    fn alternatives(&mut self) -> Result<Node> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err(broken("its groups are nested too deeply"));
        }
        let mut alternatives = vec![self.sequence()?];
        while self.take("|") {
            alternatives.push(self.sequence()?);
        }
        self.depth -= 1;
        let only = alternatives.len() == 1;
        Ok(match alternatives.pop() {
            Some(node) if only => node,
            last => Node::Alternatives(alternatives.into_iter().chain(last).collect()),
        })
    }

    fn sequence(&mut self) -> Result<Node> {
        let mut nodes = Vec::new();
        while let Some(unit) = self.peek() {
            if unit == u16::from(b'|') || unit == u16::from(b')') {
                break;
            }
            nodes.push(self.term()?);
        }
        Ok(Node::Sequence(nodes))
    }

    fn term(&mut self) -> Result<Node> {
        let first = self.next_group;
        let (node, repeatable) = self.atom()?;
        let Some((min, max)) = self.quantifier()? else { return Ok(node) };
        if !repeatable {
            return Err(broken("there is nothing to repeat"));
        }
        let greedy = !self.take("?");
        Ok(Node::Repeat { node: Box::new(node), min, max, greedy, first, last: self.next_group })
    }

    fn quantifier(&mut self) -> Result<Option<(u32, u32)>> {
        let bounds = match self.peek_char() {
            '*' => (0, UNBOUNDED),
            '+' => (1, UNBOUNDED),
            '?' => (0, 1),
            '{' => match self.braces(self.index) {
                Some((min, max, end)) => {
                    if min > max {
                        return Err(broken("the numbers of a quantifier are out of order"));
                    }
                    self.index = end;
                    return Ok(Some((min, max)));
                }
                None => return Ok(None),
            },
            _ => return Ok(None),
        };
        self.index += 1;
        Ok(Some(bounds))
    }

    /// `{2}`, `{2,}` or `{2,3}` at an index.
    fn braces(&self, start: usize) -> Option<(u32, u32, usize)> {
        let (min, mut index) = self.number(start + 1)?;
        let mut max = min;
        if char_at(self.units, index) == ',' {
            index += 1;
            max = UNBOUNDED;
            if let Some((number, end)) = self.number(index) {
                (max, index) = (number, end);
            }
        }
        (char_at(self.units, index) == '}').then_some((min, max, index + 1))
    }

    fn number(&self, start: usize) -> Option<(u32, usize)> {
        let mut index = start;
        let mut number: u32 = 0;
        while let Some(digit) = char_at(self.units, index).to_digit(10) {
            number = number.saturating_mul(10).saturating_add(digit);
            index += 1;
        }
        (index > start).then_some((number, index))
    }

    /// An atom or assertion, and whether it can be repeated.
    fn atom(&mut self) -> Result<(Node, bool)> {
        let unit = self.peek().unwrap_or(0);
        let character = self.peek_char();
        if character == '{' && self.braces(self.index).is_some() {
            return Err(broken("there is nothing to repeat"));
        }
        self.index += 1;
        Ok(match character {
            '^' => (Node::Start, false),
            '$' => (Node::End, false),
            '.' => (Node::Class(Class::any()), true),
            '(' => return self.group(),
            '[' => (Node::Class(self.class()?), true),
            '*' | '+' | '?' => return Err(broken("there is nothing to repeat")),
            '\\' => return self.escape(),
            _ => (Node::Unit(unit), true),
        })
    }

    fn group(&mut self) -> Result<(Node, bool)> {
        let look = |behind, negated| Some((behind, negated));
        let look = if self.take("?=") {
            look(false, false)
        } else if self.take("?!") {
            look(false, true)
        } else if self.take("?<=") {
            look(true, false)
        } else if self.take("?<!") {
            look(true, true)
        } else {
            None
        };
        let mut number = None;
        if look.is_none() && !self.take("?:") {
            number = Some(self.next_group);
            self.next_group += 1;
            if self.take("?<") {
                self.index = group_name(self.units, self.index).ok_or_else(|| broken("a group's name"))?.1;
            } else if self.peek_char() == '?' {
                return Err(broken("an unknown kind of group"));
            }
        }
        let node = self.alternatives()?;
        if !self.take(")") {
            return Err(broken("a group is not closed"));
        }
        Ok(match (look, number) {
            (Some((behind, negated)), _) => (Node::Look { behind, negated, node: Box::new(node) }, !behind),
            (None, Some(number)) => (Node::Capture(number, Box::new(node)), true),
            (None, None) => (node, true),
        })
    }

    fn escape(&mut self) -> Result<(Node, bool)> {
        let Some(unit) = self.peek() else { return Err(broken("it ends with `\\`")) };
        match self.peek_char() {
            letter @ ('b' | 'B') => {
                self.index += 1;
                return Ok((Node::Boundary { negated: letter == 'B' }, false));
            }
            'k' if !self.names.is_empty() => {
                self.index += 1;
                return self.named_reference();
            }
            '1'..='9' => {
                let (number, end) = self.number(self.index).unwrap_or((0, self.index));
                if (number as usize) < self.groups {
                    self.index = end;
                    return Ok((Node::Reference(number as usize), true));
                }
            }
            _ => {}
        }
        if let Some(class) = Class::escape(unit) {
            self.index += 1;
            return Ok((Node::Class(class), true));
        }
        Ok((Node::Unit(self.unit_escape(false)), true))
    }

    fn named_reference(&mut self) -> Result<(Node, bool)> {
        let unknown = || broken("a reference names no group");
        if !self.take("<") {
            return Err(unknown());
        }
        let (name, end) = group_name(self.units, self.index).ok_or_else(unknown)?;
        self.index = end;
        let group = self.names.iter().find(|(known, _)| *known == name).ok_or_else(unknown)?.1;
        Ok((Node::Reference(group), true))
    }

    /// An escape that stands for one unit. `\c` without a letter is a backslash before a `c`.
    fn unit_escape(&mut self, in_class: bool) -> u16 {
        let unit = self.peek().unwrap_or(0);
        let character = self.peek_char();
        self.index += 1;
        match character {
            't' => 9,
            'n' => 10,
            'v' => 11,
            'f' => 12,
            'r' => 13,
            'b' if in_class => 8,
            'c' => {
                let letter = self.peek_char();
                if letter.is_ascii_alphabetic() || (in_class && (letter.is_ascii_digit() || letter == '_')) {
                    self.index += 1;
                    return (letter as u16) % 32;
                }
                self.index -= 1;
                u16::from(b'\\')
            }
            'x' => self.hexadecimal(2).unwrap_or(unit),
            'u' => self.hexadecimal(4).unwrap_or(unit),
            '0'..='7' => self.octal(unit - u16::from(b'0')),
            _ => unit,
        }
    }

    fn hexadecimal(&mut self, count: usize) -> Option<u16> {
        let digits = (0..count).map(|at| char_at(self.units, self.index + at).to_digit(16));
        let number =
            digits.collect::<Option<Vec<u32>>>()?.into_iter().fold(0, |number, digit| number * 16 + digit);
        self.index += count;
        u16::try_from(number).ok()
    }

    /// Up to three octal digits, at most 0o377.
    fn octal(&mut self, first: u16) -> u16 {
        let mut number = first;
        for _ in 0..2 {
            match self.peek_char().to_digit(8) {
                Some(digit) if number * 8 + digit as u16 <= 0o377 => {
                    number = number * 8 + digit as u16;
                    self.index += 1;
                }
                _ => break,
            }
        }
        number
    }

    fn class(&mut self) -> Result<Class> {
        let mut class = Class::default();
        if self.take("^") {
            class.negate();
        }
        loop {
            if self.peek().is_none() {
                return Err(broken("a class is not closed"));
            }
            if self.take("]") {
                class.finish();
                return Ok(class);
            }
            let first = self.class_atom();
            let is_range = self.peek_char() == '-'
                && self.index + 1 < self.units.len()
                && char_at(self.units, self.index + 1) != ']';
            if !is_range {
                add(&mut class, &first);
                continue;
            }
            self.index += 1;
            let last = self.class_atom();
            match (&first, &last) {
                (ClassAtom::Unit(first), ClassAtom::Unit(last)) if first > last => {
                    return Err(broken("a range of a class is out of order"));
                }
                (ClassAtom::Unit(first), ClassAtom::Unit(last)) => class.add(*first, *last),
                _ => {
                    add(&mut class, &first);
                    class.add(u16::from(b'-'), u16::from(b'-'));
                    add(&mut class, &last);
                }
            }
        }
    }

    fn class_atom(&mut self) -> ClassAtom {
        let unit = self.peek().unwrap_or(0);
        self.index += 1;
        if unit != u16::from(b'\\') || self.peek().is_none() {
            return ClassAtom::Unit(unit);
        }
        if let Some(class) = self.peek().and_then(Class::escape) {
            self.index += 1;
            return ClassAtom::Class(class);
        }
        ClassAtom::Unit(self.unit_escape(true))
    }
}

enum ClassAtom {
    Unit(u16),
    Class(Class),
}

fn add(class: &mut Class, atom: &ClassAtom) {
    match atom {
        ClassAtom::Unit(unit) => class.add(*unit, *unit),
        ClassAtom::Class(other) => class.add_class(other),
    }
}
