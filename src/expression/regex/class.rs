//! Sets of code units, and which units are the same when case is ignored.

use std::collections::BTreeMap;
use std::sync::OnceLock;

/// A character class: ranges of code units, ends included.
#[derive(Clone, Debug, Default)]
pub(super) struct Class {
    ranges: Vec<(u16, u16)>,
    negated: bool,
}

const DIGITS: &[(u16, u16)] = &[(0x30, 0x39)];
const WORD: &[(u16, u16)] = &[(0x30, 0x39), (0x41, 0x5a), (0x5f, 0x5f), (0x61, 0x7a)];
const SPACE: &[(u16, u16)] = &[
    (0x9, 0xd),
    (0x20, 0x20),
    (0xa0, 0xa0),
    (0x1680, 0x1680),
    (0x2000, 0x200a),
    (0x2028, 0x2029),
    (0x202f, 0x202f),
    (0x205f, 0x205f),
    (0x3000, 0x3000),
    (0xfeff, 0xfeff),
];
const LINE_ENDS: &[(u16, u16)] = &[(0xa, 0xa), (0xd, 0xd), (0x2028, 0x2029)];

impl Class {
    /// `.`
    pub(super) fn any() -> Class {
        Class { ranges: LINE_ENDS.to_vec(), negated: true }
    }

    /// `\d`, `\s`, `\w` and their opposites, by their letter.
    pub(super) fn escape(letter: u16) -> Option<Class> {
        let letter = u8::try_from(letter).ok()?;
        let ranges = match letter.to_ascii_lowercase() {
            b'd' => DIGITS,
            b's' => SPACE,
            b'w' => WORD,
            _ => return None,
        };
        let mut class = Class { ranges: ranges.to_vec(), negated: false };
        if letter.is_ascii_uppercase() {
            class.ranges = class.complement();
        }
        Some(class)
    }

    pub(super) fn add(&mut self, first: u16, last: u16) {
        self.ranges.push((first, last));
    }

    pub(super) fn add_class(&mut self, class: &Class) {
        self.ranges.extend_from_slice(&class.ranges);
    }

    pub(super) fn negate(&mut self) {
        self.negated = true;
    }

    /// Sorts and merges the ranges, so that a unit is found quickly.
    pub(super) fn finish(&mut self) {
        self.ranges.sort_unstable();
        let mut merged: Vec<(u16, u16)> = Vec::with_capacity(self.ranges.len());
        for (first, last) in self.ranges.drain(..) {
            match merged.last_mut() {
                Some(previous) if u32::from(first) <= u32::from(previous.1) + 1 => {
                    previous.1 = previous.1.max(last);
                }
                _ => merged.push((first, last)),
            }
        }
        self.ranges = merged;
    }

    fn complement(&self) -> Vec<(u16, u16)> {
        let mut gaps = Vec::new();
        let mut next = 0u32;
        for (first, last) in &self.ranges {
            if u32::from(*first) > next {
                gaps.push((next as u16, first - 1));
            }
            next = u32::from(*last) + 1;
        }
        if next <= 0xffff {
            gaps.push((next as u16, 0xffff));
        }
        gaps
    }

    fn holds(&self, unit: u16) -> bool {
        let after = self.ranges.partition_point(|(first, _)| *first <= unit);
        after > 0 && self.ranges[after - 1].1 >= unit
    }

    pub(super) fn contains(&self, unit: u16, ignore_case: bool) -> bool {
        let held = self.holds(unit) || (ignore_case && same_case(unit).iter().any(|unit| self.holds(*unit)));
        held != self.negated
    }
}

/// `Canonicalize` of ECMA-262 without the `u` flag: one upper-case unit, or the unit itself.
pub(super) fn canonical(unit: u16) -> u16 {
    let Some(character) = char::from_u32(u32::from(unit)) else { return unit };
    let mut upper = character.to_uppercase();
    match (upper.next(), upper.next()) {
        (Some(single), None) if !(unit >= 128 && (single as u32) < 128) => {
            u16::try_from(single as u32).unwrap_or(unit)
        }
        _ => unit,
    }
}

/// All units with the same canonical unit, where there are others.
fn same_case(unit: u16) -> &'static [u16] {
    static CASES: OnceLock<BTreeMap<u16, Vec<u16>>> = OnceLock::new();
    let cases = CASES.get_or_init(|| {
        let mut cases: BTreeMap<u16, Vec<u16>> = BTreeMap::new();
        for unit in 0..=u16::MAX {
            cases.entry(canonical(unit)).or_default().push(unit);
        }
        cases.retain(|_, units| units.len() > 1);
        cases
    });
    cases.get(&canonical(unit)).map_or(&[], Vec::as_slice)
}

/// Whether a unit is part of a word for `\b`.
pub(super) fn is_word(unit: u16) -> bool {
    WORD.iter().any(|(first, last)| (*first..=*last).contains(&unit))
}

pub(super) fn is_line_end(unit: u16) -> bool {
    LINE_ENDS.iter().any(|(first, last)| (*first..=*last).contains(&unit))
}
