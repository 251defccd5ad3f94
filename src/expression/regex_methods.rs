//! What JavaScript's string methods do with regular expressions: replace, split, test.

use super::fault::Result;
use super::regex::{Captures, Program};
use super::text::Text;
use super::value::{Heap, Regex, Value};

/// Where a search begins, and the match; keeps `lastIndex` as `RegExp.prototype.exec` does.
fn exec(heap: &mut Heap, regex: &Regex, text: &[u16]) -> Result<Option<Captures>> {
    let program = &regex.program;
    let keeps = program.is_global() || program.is_sticky();
    let start = if keeps { regex.last_index.get() } else { 0 };
    let found = if start > text.len() {
        None
    } else if program.is_sticky() {
        program.match_at(text, start, &mut heap.budget)?
    } else {
        program.search(text, start, &mut heap.budget)?
    };
    if keeps {
        regex.last_index.set(whole(found.as_ref()).map_or(0, |(_, end)| end));
    }
    Ok(found)
}

fn whole(captures: Option<&Captures>) -> Option<(usize, usize)> {
    captures.and_then(|captures| captures.first().copied().flatten())
}

/// `regex.test(text)`.
pub(super) fn regex_test(heap: &mut Heap, regex: &Regex, text: &Text) -> Result<bool> {
    Ok(exec(heap, regex, text.units())?.is_some())
}

/// `text.replace(regex, template)`: all matches with the flag `g`, the first one without.
pub(super) fn regex_replace(
    heap: &mut Heap,
    regex: &Regex,
    text: &[u16],
    template: &Text,
) -> Result<Vec<u16>> {
    let global = regex.program.is_global();
    if global {
        regex.last_index.set(0);
    }
    let mut output = Vec::new();
    let mut copied = 0;
    while let Some(captures) = exec(heap, regex, text)? {
        let Some((start, end)) = whole(Some(&captures)) else { break };
        if start >= copied {
            output.extend_from_slice(&text[copied..start]);
            substitute(heap, template, text, &captures, &regex.program.names, &mut output)?;
            copied = end;
        }
        if !global {
            break;
        }
        if end == start {
            regex.last_index.set(end + 1);
        }
    }
    output.extend_from_slice(&text[copied..]);
    heap.budget.toil(output.len())?;
    Ok(output)
}

/// `GetSubstitution` of ECMA-262: `$$`, `$&`, `` $` ``, `$'`, `$1` and `$<name>` in a replacement.
pub(super) fn substitute(
    heap: &mut Heap,
    template: &Text,
    text: &[u16],
    captures: &Captures,
    names: &[(String, usize)],
    output: &mut Vec<u16>,
) -> Result<()> {
    let Some((start, end)) = whole(Some(captures)) else { return Ok(()) };
    let units = template.units();
    let mut index = 0;
    while index < units.len() {
        let next = units.get(index + 1).and_then(|unit| char::from_u32(u32::from(*unit)));
        let (piece, used): (&[u16], usize) = match next {
            _ if units[index] != u16::from(b'$') => (&units[index..=index], 1),
            Some('$') => (&units[index..=index], 2),
            Some('&') => (&text[start..end], 2),
            Some('`') => (&text[..start], 2),
            Some('\'') => (&text[end..], 2),
            Some('<') if !names.is_empty() => match named(&units[index + 2..], names) {
                Some((group, length)) => (captured(text, captures, group), length + 3),
                None => (&units[index..=index], 1),
            },
            _ => match group_number(&units[index + 1..], captures.len()) {
                Some((group, digits)) => (captured(text, captures, Some(group)), digits + 1),
                None => (&units[index..=index], 1),
            },
        };
        heap.budget.toil(piece.len())?;
        output.extend_from_slice(piece);
        index += used;
    }
    Ok(())
}

fn captured<'a>(text: &'a [u16], captures: &Captures, group: Option<usize>) -> &'a [u16] {
    group
        .and_then(|group| captures.get(group).copied().flatten())
        .map_or(&[], |(start, end)| &text[start..end])
}

/// The group named before `>` (none when there is no such group), and the name's length.
fn named(units: &[u16], names: &[(String, usize)]) -> Option<(Option<usize>, usize)> {
    let length = units.iter().position(|unit| *unit == u16::from(b'>'))?;
    let name = String::from_utf16_lossy(&units[..length]);
    Some((names.iter().find(|(known, _)| *known == name).map(|(_, group)| *group), length))
}

/// A group's number of two digits or one, whichever exists.
fn group_number(units: &[u16], groups: usize) -> Option<(usize, usize)> {
    let digit = |index: usize| {
        let unit = u8::try_from(*units.get(index)?).ok()?;
        unit.is_ascii_digit().then(|| usize::from(unit - b'0'))
    };
    let first = digit(0)?;
    let both = digit(1).map(|second| first * 10 + second);
    if let Some(group) = both.filter(|group| (1..groups).contains(group)) {
        return Some((group, 2));
    }
    (1..groups).contains(&first).then_some((first, 1))
}

/// `text.split(regex)`: captured groups become items too.
pub(super) fn regex_split(
    heap: &mut Heap,
    program: &Program,
    text: &[u16],
    limit: usize,
) -> Result<Vec<Value>> {
    let mut items = Vec::new();
    if limit == 0 {
        return Ok(items);
    }
    let part = |start: usize, end: usize| Value::Text(Text::from(&text[start..end]));
    if text.is_empty() {
        if program.match_at(text, 0, &mut heap.budget)?.is_none() {
            items.push(part(0, 0));
        }
        return Ok(items);
    }
    let (mut start, mut position) = (0, 0);
    while position < text.len() {
        let found = program.match_at(text, position, &mut heap.budget)?;
        let Some((captures, end)) =
            found.and_then(|found| Some((whole(Some(&found))?.1, found)).map(|(end, found)| (found, end)))
        else {
            position += 1;
            continue;
        };
        if end == start {
            position += 1;
            continue;
        }
        items.push(part(start, position));
        for capture in &captures[1..] {
            items.push(capture.map_or(Value::Undefined, |(start, end)| part(start, end)));
        }
        if items.len() >= limit {
            return Ok(items);
        }
        start = end;
        position = end;
    }
    items.push(part(start, text.len()));
    Ok(items)
}
