//! Regular expressions of ECMA-262 without the `u` flag, on UTF-16 code units.
//!
//! Templates bring their own patterns, look-around and back-references included, so the `regex`
//! crate cannot run them. This is a backtracking matcher on an explicit stack that pays for each
//! step from the render's budget: a pattern that explodes ends with an error. It does not know
//! what came after ES2023 (modifiers, duplicate names); a V8 that knows them accepts more patterns.

mod class;
mod compile;
mod exec;
mod parse;

use super::fault::Result;
use super::text::Text;

/// A compiled pattern.
#[derive(Debug)]
pub(super) struct Program {
    pattern: String,
    flags: String,
    code: Vec<compile::Instruction>,
    classes: Vec<class::Class>,
    pub(super) groups: usize,
    pub(super) names: Vec<(String, usize)>,
    counters: usize,
    ignore_case: bool,
    multiline: bool,
}

/// A match: the ends of each group, the whole match first.
pub(super) type Captures = Vec<Option<(usize, usize)>>;

impl Program {
    /// Compiles a pattern; `flags` are some of `gimy`.
    pub(super) fn parse(pattern: &str, flags: &str) -> Result<Program> {
        let parsed = parse::parse(pattern)?;
        let ignore_case = flags.contains('i');
        let compiled = compile::compile(&parsed, ignore_case)?;
        Ok(Program {
            pattern: pattern.to_owned(),
            flags: flags.to_owned(),
            code: compiled.code,
            classes: compiled.classes,
            groups: parsed.groups,
            names: parsed.names,
            counters: compiled.counters,
            ignore_case,
            multiline: flags.contains('m'),
        })
    }

    pub(super) fn is_global(&self) -> bool {
        self.flags.contains('g')
    }

    pub(super) fn is_sticky(&self) -> bool {
        self.flags.contains('y')
    }

    /// `/pattern/flags`, with line breaks escaped and flags in JavaScript's order.
    pub(super) fn literal(&self) -> Text {
        let mut source = if self.pattern.is_empty() { "(?:)".to_owned() } else { String::new() };
        for character in self.pattern.chars() {
            match character {
                '\n' => source.push_str("\\n"),
                '\r' => source.push_str("\\r"),
                '\u{2028}' => source.push_str("\\u2028"),
                '\u{2029}' => source.push_str("\\u2029"),
                other => source.push(other),
            }
        }
        let flags: String = "gimy".chars().filter(|flag| self.flags.contains(*flag)).collect();
        Text::from(format!("/{source}/{flags}"))
    }
}

#[cfg(test)]
mod tests {
    use super::super::limits::{Budget, Limits};
    use super::*;

    fn check(pattern: &str, flags: &str, text: &str, expected: Option<&[Option<&str>]>) {
        let program = Program::parse(pattern, flags).unwrap();
        let units = Text::from(text);
        let mut budget = Budget::new(Limits::default());
        let found = program.search(units.units(), 0, &mut budget).unwrap();
        let found = found.map(|captures| {
            let part = |(start, end): (usize, usize)| String::from_utf16_lossy(&units.units()[start..end]);
            captures.into_iter().map(|capture| capture.map(part)).collect::<Vec<_>>()
        });
        let expected =
            expected.map(|parts| parts.iter().map(|part| part.map(str::to_owned)).collect::<Vec<_>>());
        assert_eq!(found, expected, "/{pattern}/{flags} on {text:?}");
    }

    #[test]
    fn matches_like_javascript() {
        check("a+?b|c", "", "xaab", Some(&[Some("aab")]));
        check("(a*)*", "", "b", Some(&[Some(""), None]));
        check(
            "(z)((a+)?(b+)?(c))*",
            "",
            "zaacbbbcac",
            Some(&[Some("zaacbbbcac"), Some("z"), Some("ac"), Some("a"), None, Some("c")]),
        );
        check("(?=(a+))a*b\\1", "", "baaabac", Some(&[Some("aba"), Some("a")]));
        check("(?<=\\$)\\d{2,}", "", "a$123", Some(&[Some("123")]));
        check("(?<!\\$)\\b\\d+", "", "$1 23", Some(&[Some("23")]));
        check("[^\\w-]", "", "a-b c", Some(&[Some(" ")]));
        check("^b$", "m", "a\nb", Some(&[Some("b")]));
        check("É", "i", "é", Some(&[Some("é")]));
        check("a{,2}", "", "a{,2}", Some(&[Some("a{,2}")]));
        check("(?:a|ab)(?:c|bcd)(d*)", "", "abcd", Some(&[Some("abcd"), Some("")]));
    }

    #[test]
    fn broken_patterns_are_refused() {
        for pattern in [
            "(",
            ")",
            "[",
            "*",
            "a**",
            "(?<n>a)(?<n>b)",
            "[z-a]",
            "a{2,1}",
            "(?<=a)*",
            "\\",
            "(?<n>a)\\k<m>",
            "{1}",
        ] {
            assert!(Program::parse(pattern, "").is_err(), "{pattern}");
        }
    }

    #[test]
    fn an_exploding_pattern_ends_with_an_error() {
        let program = Program::parse("(a*)*b", "").unwrap();
        let text = Text::from("a".repeat(40));
        let mut budget = Budget::new(Limits::default());
        assert!(program.search(text.units(), 0, &mut budget).is_err());
    }
}
