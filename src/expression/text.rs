//! Strings as JavaScript has them: UTF-16 code units, so that lengths, indexes and halves of
//! surrogate pairs come out as they do in Backstage.

use std::fmt;
use std::rc::Rc;

use crate::javascript::is_space;

/// An immutable string of UTF-16 code units; cheap to clone.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Text(Rc<[u16]>);

impl Text {
    /// Number of code units.
    pub(super) fn len(&self) -> usize {
        self.0.len()
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(super) fn units(&self) -> &[u16] {
        &self.0
    }

    /// The code unit at `index` as a text of its own.
    pub(super) fn at(&self, index: usize) -> Option<Text> {
        self.0.get(index).map(|unit| Text::from(&[*unit][..]))
    }

    /// Halves of surrogate pairs become U+FFFD, as they do when Node writes a file.
    pub(super) fn to_lossy(&self) -> String {
        String::from_utf16_lossy(&self.0)
    }

    pub(super) fn is(&self, text: &str) -> bool {
        self.0.iter().copied().eq(text.encode_utf16())
    }

    /// Bytes in UTF-8.
    pub(super) fn utf8_len(&self) -> usize {
        char::decode_utf16(self.0.iter().copied()).map(|unit| unit.map_or(3, char::len_utf8)).sum()
    }

    pub(super) fn to_upper(&self) -> Text {
        self.map_well_formed(str::to_uppercase)
    }

    pub(super) fn to_lower(&self) -> Text {
        self.map_well_formed(str::to_lowercase)
    }

    /// First code unit in upper case, the rest as it is.
    pub(super) fn capitalized(&self) -> Text {
        let Some(first) = self.at(0) else { return self.clone() };
        let mut units = first.to_upper().units().to_vec();
        units.extend_from_slice(&self.0[1..]);
        Text::from(units)
    }

    pub(super) fn trim(&self) -> Text {
        self.trim_start().trim_end()
    }

    pub(super) fn trim_start(&self) -> Text {
        let start = self.0.iter().position(|unit| !is_space_unit(*unit)).unwrap_or(self.len());
        Text::from(&self.0[start..])
    }

    pub(super) fn trim_end(&self) -> Text {
        let end = self.0.iter().rposition(|unit| !is_space_unit(*unit)).map_or(0, |last| last + 1);
        Text::from(&self.0[..end])
    }

    /// All pieces between occurrences of a separator; an empty separator splits into code units.
    pub(super) fn split(&self, separator: &Text) -> Vec<Text> {
        if separator.is_empty() {
            return self.0.iter().map(|unit| Text::from(&[*unit][..])).collect();
        }
        let search = Search::new(separator.units());
        let (mut pieces, mut start) = (Vec::new(), 0);
        while let Some(found) = search.find(&self.0, start) {
            pieces.push(Text::from(&self.0[start..found]));
            start = found + separator.len();
        }
        pieces.push(Text::from(&self.0[start..]));
        pieces
    }

    /// Case mapping works on characters: halves of pairs stay as they are.
    fn map_well_formed(&self, map: impl Fn(&str) -> String) -> Text {
        if let Ok(text) = String::from_utf16(&self.0) {
            return Text::from(map(&text).as_str());
        }
        let mut units = Vec::with_capacity(self.len());
        let mut run = String::new();
        for unit in char::decode_utf16(self.0.iter().copied()) {
            match unit {
                Ok(character) => run.push(character),
                Err(lone) => {
                    units.extend(map(&run).encode_utf16());
                    run.clear();
                    units.push(lone.unpaired_surrogate());
                }
            }
        }
        units.extend(map(&run).encode_utf16());
        Text::from(units)
    }
}

impl From<&str> for Text {
    fn from(text: &str) -> Self {
        Text(text.encode_utf16().collect())
    }
}

impl From<String> for Text {
    fn from(text: String) -> Self {
        Text::from(text.as_str())
    }
}

impl From<Vec<u16>> for Text {
    fn from(units: Vec<u16>) -> Self {
        Text(units.into())
    }
}

impl From<&[u16]> for Text {
    fn from(units: &[u16]) -> Self {
        Text(units.into())
    }
}

impl fmt::Debug for Text {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{:?}", self.to_lossy())
    }
}

/// White space of `trim` and `\s`; none of it is outside the basic plane.
pub(super) fn is_space_unit(unit: u16) -> bool {
    char::from_u32(u32::from(unit)).is_some_and(is_space)
}

/// Joins texts with a separator.
pub(super) fn join(pieces: &[Text], separator: &[u16]) -> Text {
    let mut units = Vec::with_capacity(pieces.iter().map(|piece| piece.len() + separator.len()).sum());
    for (index, piece) in pieces.iter().enumerate() {
        if index > 0 {
            units.extend_from_slice(separator);
        }
        units.extend_from_slice(piece.units());
    }
    Text::from(units)
}

/// A prepared search (Knuth, Morris, Pratt): linear also where needle and text were chosen to hurt.
pub(super) struct Search<'a> {
    needle: &'a [u16],
    fallback: Vec<usize>,
}

impl<'a> Search<'a> {
    pub(super) fn new(needle: &'a [u16]) -> Self {
        let mut fallback = vec![0; needle.len()];
        let mut matched = 0;
        for index in 1..needle.len() {
            while matched > 0 && needle[index] != needle[matched] {
                matched = fallback[matched - 1];
            }
            if needle[index] == needle[matched] {
                matched += 1;
            }
            fallback[index] = matched;
        }
        Search { needle, fallback }
    }

    /// First occurrence at or after `from`; an empty needle is found at `from`.
    pub(super) fn find(&self, text: &[u16], from: usize) -> Option<usize> {
        if self.needle.is_empty() {
            return (from <= text.len()).then_some(from);
        }
        let mut matched = 0;
        for (index, unit) in text.iter().enumerate().skip(from) {
            while matched > 0 && *unit != self.needle[matched] {
                matched = self.fallback[matched - 1];
            }
            if *unit == self.needle[matched] {
                matched += 1;
            }
            if matched == self.needle.len() {
                return Some(index + 1 - matched);
            }
        }
        None
    }

    /// Last occurrence that starts at or before `from`.
    pub(super) fn find_last(&self, text: &[u16], from: usize) -> Option<usize> {
        let last_start = from.min(text.len());
        if self.needle.is_empty() {
            return Some(last_start);
        }
        let (mut matched, mut last) = (0, None);
        for (index, unit) in text.iter().enumerate() {
            while matched > 0 && *unit != self.needle[matched] {
                matched = self.fallback[matched - 1];
            }
            if *unit == self.needle[matched] {
                matched += 1;
            }
            if matched == self.needle.len() {
                let start = index + 1 - matched;
                if start > last_start {
                    break;
                }
                last = Some(start);
                matched = self.fallback[matched - 1];
            }
        }
        last
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, needle: &str, expected: Option<usize>) {
        let (text, needle) = (Text::from(text), Text::from(needle));
        assert_eq!(Search::new(needle.units()).find(text.units(), 0), expected);
    }

    #[test]
    fn finds_the_first_occurrence() {
        check("ababaca", "abac", Some(2));
        check("abc", "", Some(0));
        check("abc", "d", None);
    }

    #[test]
    fn a_surrogate_half_survives_case_mapping() {
        let text = Text::from(&[0x61, 0xd83d, 0x62][..]);
        assert_eq!(text.to_upper().units(), &[0x41, 0xd83d, 0x42]);
    }
}
