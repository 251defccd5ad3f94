//! Makes mutants of entity files: of their lines, their values and their characters.

/// A small generator of numbers (xorshift64*): the same seed gives the same mutants everywhere.
pub(crate) struct Mutator(u64);

/// Values that sit on the edges of the rules.
const VALUES: &[&str] = &[
    "",
    "''",
    "~",
    "null",
    "true",
    "5",
    "1.10",
    ".nan",
    "[]",
    "{}",
    "[a]",
    "{a: b}",
    "a b",
    "A",
    "ä",
    "-a",
    "a-",
    "a--b",
    "a..b",
    "a_b",
    "a.b",
    "a/b",
    "a:b",
    "a:b/c",
    "a/b:c",
    "/a",
    ":a",
    "a/",
    "a:",
    "c++",
    "'a#b'",
    "node.js",
    "https://example.com",
    "example.com",
    "mailto:a@b",
    "'  '",
    "Component",
    "component",
    "API",
    "Template",
    "Group",
    "backstage.io/v1alpha1",
    "backstage.io/v1beta1",
    "scaffolder.backstage.io/v1beta3",
    "v1",
    "a/b/c",
    "\"\\u00a0\"",
    "0x1f",
    "0o17",
    "007",
    "1e3",
    "2024-01-01",
    "yes",
    "on",
    "default",
    "resource:db",
    "user:ada",
    "[resource:db]",
    "[[a]]",
    "[null]",
    "[5]",
    "['']",
    "{$text: ./a.txt}",
    "{$text: 'https://example.com/a'}",
    "{$foo: b}",
    "{$json: 5}",
    "*alias",
    "&anchor x",
    "!tag x",
    "| \n    text",
    "${{ values.a }}",
    "{{ values.a }}",
    "optional",
    "required",
    "maybe",
    "file",
    "url",
    "[{url: a}, {URL: b}]",
    "{Foo: 1, foo: 2}",
    "{a.b: 1, a: {B: 2}}",
    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
    "[a, [b, c], {kind: d, name: e}]",
    "{kind: group, name: g}",
    "-0",
    "0",
    "false",
    "\"a\\nb\"",
    "'😀'",
];

/// Keys that mean something somewhere.
const KEYS: &[&str] = &[
    "apiVersion",
    "kind",
    "metadata",
    "spec",
    "name",
    "namespace",
    "title",
    "description",
    "labels",
    "annotations",
    "tags",
    "links",
    "url",
    "icon",
    "type",
    "uid",
    "etag",
    "lifecycle",
    "owner",
    "system",
    "subcomponentOf",
    "providesApis",
    "consumesApis",
    "dependsOn",
    "dependencyOf",
    "definition",
    "domain",
    "subdomainOf",
    "parent",
    "children",
    "members",
    "memberOf",
    "profile",
    "displayName",
    "email",
    "picture",
    "target",
    "targets",
    "presence",
    "steps",
    "parameters",
    "output",
    "text",
    "action",
    "input",
    "if",
    "id",
    "relations",
    "status",
    "backstage.io/a",
    "Owner",
    "ownr",
    "$text",
    "$json",
    "a b",
    "5",
    "null",
    "~",
    "''",
    "__proto__",
    "secrets",
    "presentation",
    "backstage:permissions",
    "formDecorators",
    "backstage.io/managed-by-location",
    "backstage.io/View-url",
];

const CHARACTERS: &[char] = &[
    ' ', '\n', '\t', ':', '-', '#', '\'', '"', '{', '}', '[', ']', ',', '&', '*', '!', '|', '>', '%', '@',
    '`', '.', '/', '_', 'a', 'A', '0', 'ä', '\u{a0}', '\u{feff}', '😀', '$', '?', '\r',
];

impl Mutator {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed)
    }

    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        let number = self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 33;
        usize::try_from(number).unwrap() % limit.max(1)
    }

    fn pick<'a, T: ?Sized>(&mut self, all: &'a [&'a T]) -> &'a T {
        all[self.below(all.len())]
    }

    /// A mutant of the seeds in turn: one to three changes.
    pub(crate) fn mutate(&mut self, seeds: &[String], at: usize) -> String {
        let mut text = seeds[at % seeds.len()].clone();
        for _ in 0..=self.below(3) {
            text = match self.below(10) {
                0..4 => self.change_value(&text),
                4..6 => self.change_key(&text),
                6 => self.change_lines(&text),
                7 => self.add_line(&text),
                8 => self.change_part(&text),
                _ => self.change_character(&text),
            };
        }
        text
    }

    /// A line and the rest of the text around it.
    fn split<'t>(&mut self, text: &'t str, wanted: impl Fn(&str) -> bool) -> Option<(usize, &'t str)> {
        let mut lines = Vec::new();
        let mut start = 0;
        for line in text.split_inclusive('\n') {
            if wanted(line) {
                lines.push((start, line.trim_end_matches(['\n', '\r'])));
            }
            start += line.len();
        }
        if lines.is_empty() { None } else { Some(lines[self.below(lines.len())]) }
    }

    fn replace(text: &str, start: usize, length: usize, with: &str) -> String {
        format!("{}{with}{}", &text[..start], &text[start + length..])
    }

    fn change_value(&mut self, text: &str) -> String {
        let value = self.pick(VALUES);
        let Some((start, line)) = self.split(text, |line| line.contains(": ") || line.contains("- ")) else {
            return text.to_owned();
        };
        let mark = line.find(": ").or_else(|| line.find("- ")).unwrap() + 2;
        Self::replace(text, start + mark, line.len() - mark, value)
    }

    fn change_key(&mut self, text: &str) -> String {
        let key = self.pick(KEYS);
        let Some((start, line)) = self.split(text, |line| line.contains(':')) else { return text.to_owned() };
        let indent = line.len() - line.trim_start_matches([' ', '-']).len();
        let end = line.find(':').unwrap().max(indent);
        Self::replace(text, start + indent, end - indent, key)
    }

    /// Removes, doubles or indents a line.
    fn change_lines(&mut self, text: &str) -> String {
        let Some((start, line)) = self.split(text, |line| !line.trim().is_empty()) else {
            return text.to_owned();
        };
        match self.below(4) {
            0 => Self::replace(text, start, (line.len() + 1).min(text.len() - start), ""),
            1 => Self::replace(text, start, 0, &format!("{line}\n")),
            2 => Self::replace(text, start, 0, "  "),
            _ => Self::replace(text, start, 0, "---\n"),
        }
    }

    fn add_line(&mut self, text: &str) -> String {
        let (key, value) = (self.pick(KEYS), self.pick(VALUES));
        let Some((start, line)) = self.split(text, |line| line.contains(':')) else { return text.to_owned() };
        let indent = line.len() - line.trim_start_matches(' ').len();
        Self::replace(text, start, 0, &format!("{}{key}: {value}\n", " ".repeat(indent)))
    }

    /// Replaces the last word of a line, so that lists and flow styles are hit too.
    fn change_part(&mut self, text: &str) -> String {
        let value = self.pick(VALUES);
        let Some((start, line)) = self.split(text, |line| !line.trim().is_empty()) else {
            return text.to_owned();
        };
        let word = line.rfind([' ', '[', '{', ',', ':']).map_or(0, |at| at + 1);
        Self::replace(text, start + word, line.len() - word, value)
    }

    fn change_character(&mut self, text: &str) -> String {
        let places: Vec<usize> = text.char_indices().map(|(at, _)| at).collect();
        if places.is_empty() {
            return text.to_owned();
        }
        let at = places[self.below(places.len())];
        let length = text[at..].chars().next().map_or(0, char::len_utf8);
        let character = CHARACTERS[self.below(CHARACTERS.len())].to_string();
        match self.below(3) {
            0 => Self::replace(text, at, length, ""),
            1 => Self::replace(text, at, 0, &character),
            _ => Self::replace(text, at, length, &character),
        }
    }
}
