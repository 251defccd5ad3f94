//! Made-up templates: one seed is one template and its scope.

use platform::expression::RenderOptions;
use serde_json::{Value, json};

use super::Question;

/// A small generator of numbers (SplitMix64): the same seed makes the same template everywhere.
pub(super) struct Generator {
    state: u64,
}

const STRINGS: &[&str] = &[
    "",
    "a",
    "b",
    "abc",
    "hello world",
    "Hello World",
    "7",
    "07",
    "-1.5",
    "1e3",
    " 12 ",
    "0x1f",
    "true",
    "é✓",
    "a,b,c",
    "a.b",
    "😀x",
    "x-y_z",
    "<b>\\\"&",
    "line\\nnext",
    "\\tx ",
    "ǅ",
    "ß",
    "http://a.org",
    "(a@b.com)",
    "%",
    "{",
    "length",
    "key",
    "name",
    "NaN",
    "Infinity",
    "group:ns/n",
    "github.com?owner=o&repo=r",
    "a",
    "$&-$1",
];
const NAMES: &[&str] =
    &["s", "n", "f", "b", "list", "map", "none", "rows", "words", "missing", "empty", "x", "y", "arr"];
const TEXT_FILTERS: &[&str] = &[
    "capitalize",
    "center",
    "e",
    "escape",
    "first",
    "float",
    "forceescape",
    "indent",
    "int",
    "last",
    "length",
    "list",
    "lower",
    "nl2br",
    "replace",
    "replace",
    "reverse",
    "safe",
    "slice",
    "sort",
    "string",
    "striptags",
    "title",
    "trim",
    "truncate",
    "truncate",
    "upper",
    "urlencode",
    "urlize",
    "wordcount",
    "parseEntityRef",
    "parseRepoUrl",
    "pick",
    "projectSlug",
];
const LIST_FILTERS: &[&str] = &[
    "batch",
    "dump",
    "first",
    "groupby",
    "join",
    "last",
    "length",
    "list",
    "reject",
    "rejectattr",
    "reverse",
    "select",
    "selectattr",
    "slice",
    "sort",
    "sort",
    "sum",
    "urlencode",
    "string",
    "pick",
    "dictsort",
];
const ANY_FILTERS: &[&str] =
    &["abs", "d", "default", "dump", "float", "int", "length", "round", "safe", "string", "nope"];
const TEXT_METHODS: &[&str] = &[
    "charAt",
    "charCodeAt",
    "concat",
    "endsWith",
    "includes",
    "indexOf",
    "lastIndexOf",
    "replace",
    "replace",
    "slice",
    "split",
    "split",
    "startsWith",
    "substring",
    "toLowerCase",
    "toUpperCase",
    "trim",
    "trimEnd",
    "trimStart",
    "padStart",
];
const LIST_METHODS: &[&str] = &[
    "at",
    "concat",
    "copyWithin",
    "fill",
    "flat",
    "includes",
    "indexOf",
    "join",
    "lastIndexOf",
    "pop",
    "push",
    "reverse",
    "shift",
    "slice",
    "sort",
    "splice",
    "unshift",
    "append",
    "count",
    "find",
    "index",
    "insert",
    "remove",
];
const NUMBER_METHODS: &[&str] = &["toExponential", "toFixed", "toPrecision", "toString"];
const MAP_METHODS: &[&str] = &["get", "has_key", "items", "keys", "values"];
const TESTS: &[&str] = &[
    "callable",
    "defined",
    "divisibleby",
    "escaped",
    "eq",
    "equalto",
    "even",
    "falsy",
    "ge",
    "greaterthan",
    "gt",
    "iterable",
    "le",
    "lessthan",
    "lower",
    "lt",
    "mapping",
    "ne",
    "null",
    "number",
    "odd",
    "sameas",
    "string",
    "truthy",
    "undefined",
    "upper",
    "none",
    "true",
];
const BINARY: &[&str] = &[
    "+", "-", "*", "/", "//", "%", "**", "~", "==", "===", "!=", "!==", "<", "<=", ">", ">=", "and", "or",
    "in", "not in", "in", "+", "+", "~",
];
const REGEXES: &[&str] = &[
    "r/a/g",
    "r/[a-z]+/",
    "r/(\\w)(\\d?)/gi",
    "r/^\\s*|\\s*$/g",
    "r/l+?/gm",
    "r/(?<first>.)x?/",
    "r/\\./g",
    "r/(?=o)/g",
    "r/[^a-c]/y",
    "r/b|(c)/g",
    "r/.{2}/g",
    "r/\\bW/i",
    "r/É/i",
    "r/(a)|b\\1/g",
];

impl Generator {
    pub(super) fn new(seed: u64) -> Self {
        Generator { state: seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ 0x5bf0_3635 }
    }

    fn next(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.state;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, limit: usize) -> usize {
        usize::try_from(self.next() % limit as u64).unwrap()
    }

    fn chance(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }

    fn pick<'a>(&mut self, items: &[&'a str]) -> &'a str {
        items[self.below(items.len())]
    }

    /// One template, its scope and how to render it.
    pub(super) fn question(&mut self) -> Question {
        let options = RenderOptions {
            trim_blocks: self.chance(40),
            lstrip_blocks: self.chance(40),
            cookiecutter_compat: self.chance(25),
        };
        let scope = self.scope();
        if self.chance(55) {
            let expression = self.expression(4);
            return Question { template: format!("${{{{ {expression} }}}}"), scope, options: None };
        }
        let open = if options.cookiecutter_compat { "{{" } else { "${{" };
        let template = self.body(3, open);
        let template = if self.chance(8) { self.broken(template) } else { template };
        let options = (options.cookiecutter_compat || self.chance(70)).then_some(options);
        Question { template, scope, options }
    }

    fn scope(&mut self) -> Value {
        json!({
            "s": "hello World",
            "n": self.below(12),
            "f": -2.5,
            "b": self.chance(50),
            "list": [3, "b", null, true, "a", 1.5],
            "map": { "b": 1, "a": "x", "10": "ten", "2": [1, 2], "length": 3, "name": "N" },
            "none": null,
            "rows": [
                { "name": "web", "n": 2, "on": true, "deep": { "k": "z" } },
                { "name": "API", "n": 10, "on": false, "deep": { "k": "y" } },
                { "name": "api", "n": 1, "on": true },
            ],
            "words": ["pear", "Apple", "fig", "apple", "😀"],
            "empty": [],
            "x": "outer",
        })
    }

    fn expression(&mut self, depth: usize) -> String {
        if depth == 0 {
            return self.leaf();
        }
        match self.below(26) {
            0..=3 => self.leaf(),
            4..=7 => {
                let (left, right) = (self.expression(depth - 1), self.expression(depth - 1));
                format!("{left} {} {right}", self.pick(BINARY))
            }
            8 => format!("({})", self.expression(depth - 1)),
            9 => {
                format!("{}{}", self.pick(&["-", "+", "not ", "not not ", "- +"]), self.expression(depth - 1))
            }
            10..=14 => {
                let (input, filter) = match self.below(5) {
                    0 | 1 => (self.text_operand(depth - 1), self.pick(TEXT_FILTERS)),
                    2 | 3 => (self.list_operand(depth - 1), self.pick(LIST_FILTERS)),
                    _ => (self.operand(depth - 1), self.pick(ANY_FILTERS)),
                };
                let arguments = self.filter_arguments(filter, depth - 1);
                format!("{input} | {filter}{arguments}")
            }
            15..=17 => {
                let (input, method) = match self.below(8) {
                    0..=3 => (self.text_operand(depth - 1), self.pick(TEXT_METHODS)),
                    4 | 5 => (self.list_operand(depth - 1), self.pick(LIST_METHODS)),
                    6 => (self.pick(&["n", "f", "(n * 1.37)", "12.5"]).to_owned(), self.pick(NUMBER_METHODS)),
                    _ => (self.pick(&["map", "rows[0]", "r/l+/g"]).to_owned(), self.pick(MAP_METHODS)),
                };
                let count = match method {
                    "replace" | "insert" => 2,
                    "toLowerCase" | "toUpperCase" | "trim" | "pop" | "shift" | "sort" | "reverse"
                    | "keys" | "items" => 0,
                    "push" | "concat" | "unshift" | "splice" => self.below(4),
                    _ => 1 + usize::from(self.chance(25)),
                };
                let arguments: Vec<String> = (0..count).map(|_| self.argument(depth - 1)).collect();
                format!("{input}.{method}({})", arguments.join(", "))
            }
            18 => {
                let (input, name) = (self.expression(depth - 1), self.pick(TESTS));
                let negated = self.pick(&["", "", "not "]);
                let arguments = self.call_arguments(depth - 1, 30);
                format!("{input} is {negated}{name}{arguments}")
            }
            19 => {
                let (body, condition) = (self.expression(depth - 1), self.expression(depth - 1));
                let otherwise = if self.chance(60) {
                    format!(" else {}", self.expression(depth - 1))
                } else {
                    String::new()
                };
                format!("{body} if {condition}{otherwise}")
            }
            20 => format!("{}[{}]", self.operand(depth - 1), self.expression(depth - 1)),
            21 => {
                // Slices of what has no length go on until a limit is reached: slow, and all the same.
                let input = self
                    .pick(&["list", "words", "s", "map", "'héllo'", "range(7)", "rows", "(s ~ n)", "none"]);
                format!("{input}[{}]", self.slice())
            }
            22 => format!(
                "{}.{}",
                self.operand(depth - 1),
                self.pick(&["length", "name", "n", "0", "a", "deep.k", "val", "2x"])
            ),
            23 => self.literal(depth - 1),
            24 => {
                let count = 1 + self.below(3);
                let arguments: Vec<String> = (0..count).map(|_| self.below(9).to_string()).collect();
                format!("range({})", arguments.join(", "))
            }
            _ => format!("{} {} {}", self.leaf(), self.pick(BINARY), self.leaf()),
        }
    }

    fn text_operand(&mut self, depth: usize) -> String {
        match self.below(6) {
            0 => self.operand(depth),
            1 => format!("(s ~ {})", self.leaf()),
            2 => self.pick(&["s", "words[1]", "words[4]", "rows[1].name", "map.a"]).to_owned(),
            _ => format!("\"{}\"", self.pick(STRINGS)),
        }
    }

    fn list_operand(&mut self, depth: usize) -> String {
        match self.below(6) {
            0 => self.operand(depth),
            1 => format!("[{}, {}, {}]", self.leaf(), self.leaf(), self.leaf()),
            2 => format!("range({})", self.below(6)),
            _ => self.pick(&["list", "words", "rows", "rows", "map", "empty", "s.split('')"]).to_owned(),
        }
    }

    fn filter_arguments(&mut self, filter: &str, depth: usize) -> String {
        if self.chance(15) {
            return self.call_arguments(depth, 35);
        }
        let attributes = ["name", "n", "on", "deep", "deep.k"];
        match filter {
            "groupby" | "selectattr" | "rejectattr" => format!("(\"{}\")", self.pick(&attributes)),
            "select" | "reject" => self
                .pick(&["", "('odd')", "('string')", "('gt', 2)", "('eq', 'a')", "('defined')"])
                .to_owned(),
            "batch" | "slice" | "truncate" | "center" | "indent" => {
                format!("({}, {})", 1 + self.below(7), self.pick(&["''", "true", "'x'", "false"]))
            }
            "sort" => {
                let (reverse, case) = (self.chance(50), self.chance(50));
                format!("({reverse}, {case}{})", self.pick(&["", "", ", 'name'", ", 'n'"]))
            }
            "replace" => format!("({}, {})", self.argument(depth), self.argument(depth)),
            "join" => self.pick(&["", "(', ')", "('-', 'name')"]).to_owned(),
            "pick" => self.pick(&["('name')", "('0.name')", "('[1]')", "('a.b')", "('length')"]).to_owned(),
            "round" => format!("({}{})", self.below(4), self.pick(&["", ", 'ceil'", ", 'floor'"])),
            "default" | "d" => format!("({}{})", self.leaf(), self.pick(&["", ", true"])),
            "parseEntityRef" => self.pick(&["", "({defaultKind: 'group'})"]).to_owned(),
            _ => String::new(),
        }
    }

    fn operand(&mut self, depth: usize) -> String {
        if self.chance(60) { self.leaf() } else { format!("({})", self.expression(depth)) }
    }

    fn call_arguments(&mut self, depth: usize, none: usize) -> String {
        if self.chance(none) {
            return String::new();
        }
        let count = self.below(4);
        let mut arguments: Vec<String> = (0..count).map(|_| self.argument(depth)).collect();
        if self.chance(12) {
            let name =
                self.pick(&["attribute", "reverse", "case_sensitive", "default", "base", "boolean", "x"]);
            arguments.push(format!("{name}={}", self.argument(depth)));
        }
        format!("({})", arguments.join(", "))
    }

    fn argument(&mut self, depth: usize) -> String {
        match self.below(10) {
            0 => self.pick(REGEXES).to_owned(),
            1 | 2 => self.below(7).to_string(),
            3 => format!("-{}", self.below(5)),
            4 => format!(
                "\"{}\"",
                self.pick(&[
                    "name", "n", "on", "deep.k", "truthy", "odd", ",", "value", "$1$&", "ceil", "even",
                    "true"
                ])
            ),
            5 => self.expression(depth),
            _ => self.leaf(),
        }
    }

    fn slice(&mut self) -> String {
        let mut part = || match self.below(5) {
            0 | 1 => String::new(),
            2 => format!("-{}", self.below(4)),
            _ => self.below(6).to_string(),
        };
        match (part(), part(), part()) {
            (from, to, stride) if stride.is_empty() => format!("{from}:{to}"),
            (from, to, stride) => format!("{from}:{to}:{stride}"),
        }
    }

    fn leaf(&mut self) -> String {
        match self.below(12) {
            0..=3 => self.pick(NAMES).to_owned(),
            4..=6 => {
                let quote = self.pick(&["\"", "'"]);
                let text = self.pick(STRINGS);
                if quote == "'" { format!("'{}'", text.replace("\\\"", "\"")) } else { format!("\"{text}\"") }
            }
            7 => self.below(20).to_string(),
            8 => self
                .pick(&[
                    "0",
                    "1.5",
                    "2.",
                    "0.1",
                    "1000000000000000000000",
                    "100.25",
                    "3.0000000000000004",
                    "123456789",
                ])
                .to_owned(),
            9 => {
                self.pick(&["true", "false", "none", "null", "undefined", "loop", "True", "None"]).to_owned()
            }
            10 => format!("rows[{}]", self.below(4)),
            _ => self
                .pick(&[
                    "map.name",
                    "list[1]",
                    "rows[0].name",
                    "map.missing.deep",
                    "words[4]",
                    "list.length",
                    "map['2']",
                ])
                .to_owned(),
        }
    }

    fn literal(&mut self, depth: usize) -> String {
        let count = self.below(4);
        if self.chance(50) {
            let items: Vec<String> = (0..count).map(|_| self.expression(depth)).collect();
            return format!("[{}]", items.join(", "));
        }
        let entry = |generator: &mut Self| {
            let key = generator.pick(&["a", "b", "\"c d\"", "\"1\"", "'0'", "length", "z"]);
            format!("{key}: {}", generator.expression(depth))
        };
        let entries: Vec<String> = (0..count).map(|_| entry(self)).collect();
        format!("({{{}}})", entries.join(", "))
    }

    fn body(&mut self, depth: usize, open: &str) -> String {
        let count = 1 + self.below(4);
        (0..count).map(|_| self.piece(depth, open)).collect()
    }

    fn tag(&mut self, code: &str) -> String {
        let (left, right) = (self.pick(&["", "", "", "-"]), self.pick(&["", "", "", "-"]));
        let indent = self.pick(&["", "", "  ", "\n  ", "\n"]);
        let after = self.pick(&["", "", "\n", " \n", "\r\n"]);
        format!("{indent}{{%{left} {code} {right}%}}{after}")
    }

    fn piece(&mut self, depth: usize, open: &str) -> String {
        if depth == 0 || self.chance(30) {
            return self.text(open);
        }
        match self.below(13) {
            0 | 1 => {
                let condition = self.expression(2);
                let middle = match self.below(3) {
                    0 => {
                        let other = self.expression(1);
                        format!("{}{}", self.tag(&format!("elif {other}")), self.body(depth - 1, open))
                    }
                    1 => format!("{}{}", self.tag("else"), self.body(depth - 1, open)),
                    _ => String::new(),
                };
                format!(
                    "{}{}{middle}{}",
                    self.tag(&format!("if {condition}")),
                    self.body(depth - 1, open),
                    self.tag("endif")
                )
            }
            2..=4 => {
                let target = self.pick(&["x", "x", "y", "k, v", "x, y", "a, b, c"]);
                let input = self.expression(2);
                let otherwise =
                    if self.chance(30) { format!("{}none", self.tag("else")) } else { String::new() };
                let head = self.tag(&format!("for {target} in {input}"));
                let names = target.replace(", ", " ~ '|' ~ ");
                let shown = format!(
                    "{open} {names} }}}}{open} loop.index }}}}{open} loop.last }}}}/{open} loop.length }}}}"
                );
                format!("{head}{shown}{}{otherwise}{}", self.body(depth - 1, open), self.tag("endfor"))
            }
            5 | 6 => {
                let target = self.pick(&["x", "y", "x, y", "n", "loop"]);
                let value = self.expression(2);
                self.tag(&format!("set {target} = {value}"))
            }
            7 => {
                let head = format!("set {}", self.pick_name());
                let body = self.body(depth - 1, open);
                format!("{}{body}{}", self.tag(&head), self.tag("endset"))
            }
            choice => self.callable_piece(choice, depth, open),
        }
    }

    fn callable_piece(&mut self, choice: usize, depth: usize, open: &str) -> String {
        match choice {
            8 => {
                let parameters =
                    self.pick(&["", "x", "x, y", "x, y=2", "x=1, y=x", "y, caller=none", "x, x"]);
                let body = self.body(depth - 1, open);
                let head = self.tag(&format!("macro m({parameters})"));
                let call = self.macro_call();
                format!("{head}{body}{open} x }}}}{open} y }}}}{}{open} {call} }}}}", self.tag("endmacro"))
            }
            9 => {
                let (caller, given) =
                    (self.pick(&["", "(x) ", "(x, y=3) "]), self.pick(&["", "1", "1, 2", "s"]));
                let body = self.body(depth - 1, open);
                let call = self.macro_call();
                let macro_head = self.tag("macro m(x, y=1)");
                let macro_body =
                    format!("<{open} caller({given}) if caller }}}}{open} x }}}}>{}", self.tag("endmacro"));
                format!(
                    "{macro_head}{macro_body}{}{body}{}",
                    self.tag(&format!("call{caller} {call}")),
                    self.tag("endcall")
                )
            }
            10 => {
                let (filter, arguments) = (self.pick(TEXT_FILTERS), self.call_arguments(1, 60));
                format!(
                    "{}{}{}",
                    self.tag(&format!("filter {filter}{arguments}")),
                    self.body(depth - 1, open),
                    self.tag("endfilter")
                )
            }
            11 => self.rare(depth, open),
            _ => {
                let subject = self.expression(1);
                let (first, second) = (self.leaf(), self.leaf());
                let bodies =
                    (self.body(depth - 1, open), self.body(depth - 1, open), self.body(depth - 1, open));
                let first_body = if self.chance(30) { String::new() } else { bodies.0 };
                format!(
                    "{{% switch {subject} %}}{{% case {first} %}}{first_body}{{% case {second} %}}{}{{% default %}}{}{{% endswitch %}}",
                    bodies.1, bodies.2
                )
            }
        }
    }

    fn pick_name(&mut self) -> String {
        self.pick(&["x", "y", "z"]).to_owned()
    }

    fn macro_call(&mut self) -> String {
        let arguments = self.pick(&["", "1", "1, 2", "1, 2, 3", "y=5", "1, y=s", "x=4", "list", "n, z=1"]);
        format!("m({arguments})")
    }

    fn rare(&mut self, depth: usize, open: &str) -> String {
        match self.below(6) {
            0 => format!("{{% raw %}}{open} x }}}}{{% if %}}{{% endraw %}}"),
            1 => format!("{}{}{}", self.tag("block top"), self.body(depth - 1, open), self.tag("endblock")),
            2 => {
                let next = self.pick(&["c.next()", "c.current", "c.reset()", "c.next() ~ c.next()", "c()"]);
                format!("{{% set c = cycler(1, 'b', x) %}}{open} c.next() }}}}{open} {next} }}}}")
            }
            3 => format!("{{% set j = joiner({}) %}}{open} j() }}}}{open} j() ~ j() }}}}", self.leaf()),
            4 => {
                let (method, value) =
                    (self.pick(&["push", "unshift", "splice", "fill", "concat"]), self.leaf());
                format!(
                    "{{% set arr = [1, 2] %}}{open} arr.{method}({value}) }}}}{open} arr | dump }}}}{open} (arr.pop(), arr) }}}}"
                )
            }
            _ => {
                let value = self.leaf();
                format!(
                    "{{% set a = [{value}] %}}{{% set b = a %}}{open} a.push(b.length) }}}}{open} b }}}}{open} a == b }}}}{open} a.push(a) }}}}"
                )
            }
        }
    }

    fn text(&mut self, open: &str) -> String {
        match self.below(8) {
            0 => self.pick(&["text", " ", "\n", "  \n ", "a\r\nb", "{", "}", "$", "{ #", "é"]).to_owned(),
            1 => format!("{{#{} c }} %}} {}#}}", self.pick(&["", "-"]), self.pick(&["", "-"])),
            _ => {
                let (left, right) = (self.pick(&["", "", "-"]), self.pick(&["", "", "-"]));
                let space = self.pick(&["", " ", "\n"]);
                let expression = self.expression(2);
                format!("{space}{open}{left} {expression} {right}}}}}{space}")
            }
        }
    }

    /// A template with one place cut out or doubled.
    fn broken(&mut self, template: String) -> String {
        let characters: Vec<char> = template.chars().collect();
        if characters.is_empty() {
            return template;
        }
        let at = self.below(characters.len());
        let end = (at + self.below(4)).min(characters.len());
        let (before, cut, after) = (&characters[..at], &characters[at..end], &characters[end..]);
        let middle: &[char] = if self.chance(50) { &[] } else { cut };
        before.iter().chain(middle).chain(middle).chain(after).collect()
    }
}
