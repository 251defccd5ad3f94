//! YAML that we write against what npm `yaml` writes.

use platform::yaml::emit::to_string;
use serde_json::{Map, Value, json};

use crate::support::node;

/// How many values to make up: `PLATFORM_TEST_MUTANTS`, or a sample.
fn count() -> u64 {
    std::env::var("PLATFORM_TEST_MUTANTS").ok().and_then(|count| count.parse().ok()).unwrap_or(2000)
}

fn compare(values: &[Value]) {
    let Some(theirs) = node::ask("oracle/yaml", "stringify.js", values.iter().cloned()) else { return };
    let mut different = Vec::new();
    for (value, theirs) in values.iter().zip(theirs) {
        let ours = to_string(value);
        if theirs.as_str() != Some(&ours) {
            different.push(format!("{value}\n   ours {ours:?}\n theirs {:?}", theirs.as_str().unwrap()));
        }
    }
    let shown: Vec<&str> = different.iter().take(12).map(String::as_str).collect();
    assert!(different.is_empty(), "{} of {} differ:\n{}", different.len(), values.len(), shown.join("\n"));
}

#[test]
fn made_up_values_are_written_alike() {
    let values: Vec<Value> = (0..count()).map(|seed| Generator { state: seed }.value(4)).collect();
    compare(&values);
}

#[test]
fn awkward_values_are_written_alike() {
    let mut values = Vec::new();
    let texts = PIECES.iter().map(|piece| (*piece).to_owned());
    let pairs = PIECES.iter().flat_map(|first| PIECES.iter().map(move |second| format!("{first}{second}")));
    for text in texts.chain(pairs) {
        values.push(json!(text));
        values.push(json!({ &text: [text, { "k": text }] }));
    }
    for length in
        [1, 20, 55, 59, 60, 61, 62, 75, 78, 79, 80, 81, 82, 200, 1020, 1021, 1022, 1023, 1024, 1025, 1026]
    {
        let (word, words) = ("x".repeat(length), "ab ".repeat(length / 3) + "c");
        values.push(json!({ &word: word, &words: words }));
        values.push(json!({ &word: [word, { "k": words }], "m": { &words: { "a": 1 } } }));
        values.push(json!([
            format!("{words}\n{words}"),
            format!("\"{words}'"),
            format!("\"{words}"),
            format!("{word}\n\n")
        ]));
    }
    values.extend([
        json!(null),
        json!(true),
        json!([]),
        json!({}),
        json!([[], {}, [[]]]),
        json!({ "10": 1, "b": 2, "9": 3 }),
    ]);
    for number in [
        "0",
        "-0",
        "-0.0",
        "1.0",
        "1.50",
        "1e21",
        "1e-7",
        "123456789012345678",
        "18446744073709551615",
        "0.1",
    ] {
        values.push(serde_json::from_str(number).unwrap());
    }
    compare(&values);
}

/// Pieces of text that mean something in YAML, somewhere.
const PIECES: &[&str] = &[
    "",
    "a",
    "word",
    " ",
    "  ",
    "\n",
    "\n\n",
    "\t",
    ":",
    ": ",
    " #",
    "#",
    "- ",
    "-",
    "--- ",
    "---",
    "...",
    "%",
    "? ",
    "?",
    "[",
    "]",
    "{",
    "}",
    ",",
    "&",
    "*",
    "!",
    "|",
    ">",
    "'",
    "\"",
    "@",
    "`",
    "~",
    "null",
    "true",
    "False",
    "yes",
    "0o7",
    "0x1F",
    "12",
    "-1.5",
    "1e3",
    ".inf",
    ".NaN",
    "+.5",
    "<<",
    "=",
    "\\",
    "\\n",
    "é",
    "✓",
    "😀",
    "\u{a0}",
    "\u{85}",
    "\u{7}",
    "\u{1b}",
    "\u{0}",
    "\r",
    "\r\n",
    "\u{2028}",
    "\u{feff}",
    "\u{7f}",
    "2001-01-01",
    "12:30:45",
    "0b1",
    "1_000",
    "key: value",
    "a\n b",
    "a\n  b\nc",
    " lead",
    "trail ",
    "\n a",
    "a\n\n\n",
    "a \nb",
    "ab\ncd\n\n\nef\n",
    "\u{fffd}",
];
const WORDS: &[&str] = &[
    "service",
    "a",
    "the",
    "deployment",
    "https://example.org/a/very/long/path?with=query&and=more",
    "owner:",
    "x-y",
    "1.5",
    "\"quoted\"",
    "it's",
    "internationalization",
    "&anchor",
    "#hash",
    "é✓",
    "😀😀",
    "\\d+",
    "${{",
    "}}",
    "%",
    "a\tb",
];

struct Generator {
    state: u64,
}

impl Generator {
    fn below(&mut self, limit: usize) -> usize {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.state;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((mixed ^ (mixed >> 31)) % limit as u64).unwrap()
    }

    fn text(&mut self) -> String {
        let mut text = String::new();
        let count = if self.below(4) == 0 { self.below(60) } else { self.below(8) };
        let style = self.below(4);
        for _ in 0..count {
            match (style, self.below(8)) {
                (0, _) | (3, 0) => text.push_str(PIECES[self.below(PIECES.len())]),
                (1, 0) => text.push('\n'),
                (2, 0) => text.push_str(["\n", "\n\n", "\n  ", "\n\t", " \n", "  "][self.below(6)]),
                (_, 1) => text.push_str(&"word".repeat(self.below(30))),
                _ => text.push_str(WORDS[self.below(WORDS.len())]),
            }
            if style > 0 && self.below(5) > 0 {
                text.push(' ');
            }
        }
        if self.below(6) == 0 { text.trim_end().to_owned() } else { text }
    }

    fn value(&mut self, depth: usize) -> Value {
        let choice = self.below(if depth == 0 { 7 } else { 13 });
        match choice {
            0 => Value::Null,
            1 => json!(self.below(2) == 0),
            2 => {
                let digits = i32::try_from(self.below(40)).unwrap() - 20;
                let number = f64::from(u32::try_from(self.below(1_000_000)).unwrap()) * 10f64.powi(digits);
                json!(if self.below(2) == 0 { number } else { -number.floor() })
            }
            3..=6 => json!(self.text()),
            7..=9 => {
                let count = self.below(5);
                (0..count).map(|_| self.value(depth - 1)).collect()
            }
            _ => {
                let mut map = Map::new();
                for _ in 0..self.below(5) {
                    let key =
                        if self.below(3) == 0 { self.text() } else { format!("key{}", self.below(100)) };
                    map.insert(key, self.value(depth - 1));
                }
                Value::Object(map)
            }
        }
    }
}
