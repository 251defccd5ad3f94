//! Texts that somebody broke: deterministic changes of sound ones.

/// How many mutants a test makes: `PLATFORM_TEST_MUTANTS`, or `default`.
pub(super) fn count(default: usize) -> usize {
    std::env::var("PLATFORM_TEST_MUTANTS").ok().and_then(|count| count.parse().ok()).unwrap_or(default)
}

/// Pieces that mean something in YAML, somewhere.
const PIECES: &[&str] = &[
    "\n",
    "\n\n",
    " ",
    "  ",
    "\t",
    ":",
    ": ",
    ":\n",
    "-",
    "- ",
    "\n- ",
    "?",
    "? ",
    ",",
    ", ",
    "[",
    "]",
    "{",
    "}",
    "{{ ",
    " }}",
    "\"",
    "'",
    "''",
    "\\",
    "\\n",
    "\\\"",
    "#",
    " # c",
    "&a ",
    "*a",
    "*a ",
    "!t ",
    "!!str ",
    "|\n",
    ">\n",
    "|-\n",
    ">+\n",
    "|2\n",
    "---\n",
    "--- ",
    "\n---\n",
    "...\n",
    "%YAML 1.2\n",
    "<<",
    "~",
    "null",
    "true",
    "1",
    "0x1",
    "1.0",
    "é",
    "\r\n",
    "\r",
    "a",
    "a: b\n",
    "  a: b\n",
    "- a\n",
    "@",
    "`",
    "%",
    "=",
    ".",
    "\u{a0}",
];

/// Numbers that look random and are the same in each run.
pub(super) struct Random(u64);

impl Random {
    pub(super) fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1)
    }

    /// A number below `limit`, by xorshift64*.
    pub(super) fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 33) as usize % limit.max(1)
    }
}

/// Makes mutants of `texts`, always the same for the same texts.
pub(super) struct Mutants<'a> {
    texts: &'a [String],
    random: Random,
}

impl<'a> Mutants<'a> {
    pub(super) fn new(texts: &'a [String], seed: u64) -> Self {
        assert!(!texts.is_empty());
        Self { texts, random: Random::new(seed) }
    }

    fn below(&mut self, limit: usize) -> usize {
        self.random.below(limit)
    }

    /// An offset between two characters.
    fn boundary(&mut self, text: &str) -> usize {
        let at = self.below(text.len() + 1);
        text.floor_char_boundary(at)
    }

    /// A piece of a text, not longer than about 600 bytes, so that one change matters.
    fn excerpt(&mut self) -> String {
        let index = self.below(self.texts.len());
        let text = &self.texts[index];
        if text.len() < 600 || self.below(20) == 0 {
            return text.chars().take(20_000).collect();
        }
        let start = self.boundary(text);
        let start = text[..start].rfind('\n').map_or(0, |newline| newline + 1);
        let end = text.ceil_char_boundary((start + 100 + self.below(500)).min(text.len()));
        text[start..end].to_owned()
    }

    fn change(&mut self, text: &mut String) {
        let at = self.boundary(text);
        let piece = PIECES[self.below(PIECES.len())];
        match self.below(6) {
            0 | 1 => text.insert_str(at, piece),
            2 => {
                let end = text.ceil_char_boundary((at + 1).min(text.len()));
                text.replace_range(at..end, piece);
            }
            3 => {
                let end = text.ceil_char_boundary((at + self.below(8)).min(text.len()));
                text.replace_range(at..end, "");
            }
            4 => {
                let line = text[..at].rfind('\n').map_or(0, |newline| newline + 1);
                text.insert_str(line, &" ".repeat(self.below(4)));
            }
            _ => {
                let end = text.ceil_char_boundary((at + self.below(40)).min(text.len()));
                let copy = text[at..end].to_owned();
                let to = self.boundary(text);
                text.insert_str(to, &copy);
            }
        }
    }
}

impl Iterator for Mutants<'_> {
    type Item = String;

    fn next(&mut self) -> Option<String> {
        let mut text = self.excerpt();
        for _ in 0..=self.below(3) {
            self.change(&mut text);
        }
        Some(text)
    }
}
