//! Fills the expressions of a manifest in.

use serde_json::{Map, Value, json};

use crate::expression::Engine;

use super::problem::{Problem, pointer};
use super::schema::short;

/// A list that an `each` may run over is at most this long.
const LONGEST: usize = 1000;

/// A manifest has at most this many values, so that lists in lists end.
const MOST: usize = 100_000;

/// What expressions see, and what went wrong in them.
pub(crate) struct Filler<'a> {
    engine: &'a Engine,
    scope: Value,
    values: usize,
    /// Where the item of each loop around comes from, for [`trace`](Self::trace).
    pub items: Vec<Option<String>>,
    pub problems: Vec<Problem>,
}

impl<'a> Filler<'a> {
    /// `scope` is a mapping of all names that expressions see.
    pub fn new(engine: &'a Engine, scope: Map<String, Value>) -> Self {
        Self { engine, scope: Value::Object(scope), values: 0, items: Vec::new(), problems: Vec::new() }
    }

    /// Evaluates the expressions.
    pub fn engine(&self) -> &'a Engine {
        self.engine
    }

    /// What expressions see.
    pub fn scope(&self) -> &Value {
        &self.scope
    }

    /// Notes something that is wrong with the type.
    pub fn fault(&mut self, at: &str, message: impl Into<String>) {
        self.problems.push(Problem::of_type(at, message));
    }

    /// Runs `body` once for each item of the list behind `each`, with `each.value` and `each.key` in
    /// scope; once if there is no `each`. The outer `each` is back afterwards.
    pub fn each<T>(
        &mut self,
        each: Option<&Value>,
        at: &str,
        mut body: impl FnMut(&mut Self) -> T,
    ) -> Vec<T> {
        let Some(each) = each else { return vec![body(self)] };
        let items = match self.evaluate(each, at) {
            Some(Value::Array(items)) if items.len() <= LONGEST => items,
            Some(Value::Array(items)) => {
                self.fault(at, format!("a list of {} items is too long: at most {LONGEST}", items.len()));
                return Vec::new();
            }
            Some(other) => {
                self.fault(at, format!("`each` needs a list, and this is {}", short(&other)));
                return Vec::new();
            }
            None => return Vec::new(),
        };
        let outer = self.scope.get("each").cloned();
        let mut results = Vec::new();
        for (key, value) in items.into_iter().enumerate() {
            self.set_each(Some(json!({"key": key, "value": value})));
            results.push(body(self));
        }
        self.set_each(outer);
        results
    }

    fn set_each(&mut self, each: Option<Value>) {
        let Some(scope) = self.scope.as_object_mut() else { return };
        match each {
            Some(each) => scope.insert("each".into(), each),
            None => scope.remove("each"),
        };
    }

    /// The value of a template; `None` where it has none.
    fn value(&self, template: &str) -> Result<Option<Value>, crate::expression::Error> {
        match path_in(template).and_then(|path| value_at(&self.scope, path)) {
            Some(value) => Ok(Some(value.clone())),
            None => self.engine.evaluate(template, &self.scope),
        }
    }

    /// Whether a condition holds, as JavaScript sees it: an undefined value, null, false, 0 and the empty
    /// text do not. One that is left out does.
    pub fn holds(&mut self, condition: Option<&Value>, at: &str) -> bool {
        let Some(condition) = condition else { return true };
        let value = match condition {
            Value::String(template) => match self.value(template) {
                Ok(value) => value.unwrap_or(Value::Null),
                Err(error) => {
                    self.fault(at, error.message);
                    Value::Null
                }
            },
            other => other.clone(),
        };
        match value {
            Value::Null => false,
            Value::Bool(value) => value,
            Value::Number(number) => number.as_f64().is_some_and(|number| number != 0.0),
            Value::String(text) => !text.is_empty(),
            Value::Array(_) | Value::Object(_) => true,
        }
    }

    /// A text with its expressions filled in; numbers and truth values as text.
    pub fn text(&mut self, template: &str, at: &str) -> String {
        match self.string(template, at) {
            Some(Value::String(text)) => text,
            Some(Value::Null) | None => String::new(),
            Some(other) => other.to_string(),
        }
    }

    fn evaluate(&mut self, value: &Value, at: &str) -> Option<Value> {
        match value {
            Value::String(template) => self.string(template, at),
            other => Some(other.clone()),
        }
    }

    /// One text. An expression without a value is a problem, here and inside a longer text.
    fn string(&mut self, template: &str, at: &str) -> Option<Value> {
        if !template.contains("${{") {
            return Some(Value::String(template.to_owned()));
        }
        if let Some(text) = joined(template, &self.scope) {
            return Some(Value::String(text));
        }
        for part in expressions(template).filter(|part| part.len() < template.len()) {
            if matches!(self.value(part), Ok(None)) {
                self.fault(at, format!("{part} has no value"));
                return None;
            }
        }
        match self.value(template) {
            Ok(Some(value)) => Some(value),
            Ok(None) => {
                let problem = Problem::of_type(at, format!("{template} has no value"));
                self.problems
                    .push(problem.help("if it may be missing, write `or null`: its field is left out then"));
                None
            }
            Err(error) => {
                self.fault(at, format!("{}: {template}", error.message));
                None
            }
        }
    }

    /// A value with everything in it filled in; `None` where it is to be left out.
    pub fn fill(&mut self, template: &Value, at: &str) -> Option<Value> {
        self.values += 1;
        if self.values == MOST {
            self.fault(at, format!("a manifest has at most {MOST} values"));
        }
        if self.values >= MOST {
            return None;
        }
        match template {
            Value::String(text) => self.string(text, at).filter(|value| !value.is_null()),
            Value::Array(items) => {
                let items = items.iter().enumerate();
                Some(items.flat_map(|(index, item)| self.item(item, &format!("{at}/{index}"))).collect())
            }
            Value::Object(fields) if fields.contains_key("$item") => {
                if fields.contains_key("$each") {
                    self.fault(at, "`$each` stands only in a list");
                }
                self.item(template, at).pop()
            }
            Value::Object(fields) => Some(Value::Object(self.fields(fields, at))),
            other => Some(other.clone()),
        }
    }

    /// One item of a list, which may stand for several or for none.
    fn item(&mut self, item: &Value, at: &str) -> Vec<Value> {
        let Some(inner) = item.get("$item") else { return self.fill(item, at).into_iter().collect() };
        let each = item.get("$each").filter(|each| !each.is_null());
        let items = self.each(each, &pointer(at, "$each"), |filler| {
            let holds = filler.holds(item.get("$if"), &pointer(at, "$if"));
            if holds { filler.fill(inner, &pointer(at, "$item")) } else { None }
        });
        items.into_iter().flatten().collect()
    }

    fn fields(&mut self, fields: &Map<String, Value>, at: &str) -> Map<String, Value> {
        let mut filled = Map::new();
        for (name, value) in fields {
            let at = pointer(at, name);
            let name = if name.contains("${{") { self.text(name, &at) } else { name.clone() };
            if let Some(value) = self.fill(value, &at) {
                filled.insert(name, value);
            }
        }
        filled
    }
}

/// `a.b` of a text that is `${{ a.b }}` and no more. Most expressions are one, and need no language.
fn path_in(text: &str) -> Option<&str> {
    let path = text.strip_prefix("${{")?.strip_suffix("}}")?.trim_matches(' ');
    let is_name = |part: &str| {
        part.starts_with(|letter: char| letter.is_ascii_alphabetic())
            && part.chars().all(|letter| letter.is_ascii_alphanumeric())
    };
    path.split('.').all(is_name).then_some(path)
}

/// What the language finds for such a path too: a text, truth value, whole number, list or mapping that is
/// written there. Anything else is left to it.
fn value_at<'a>(scope: &'a Value, path: &str) -> Option<&'a Value> {
    let mut value = scope;
    for part in path.split('.') {
        value = value.as_object()?.get(part)?;
    }
    let is_plain = match value {
        Value::Number(number) => number.is_i64(),
        _ => true,
    };
    is_plain.then_some(value)
}

/// What the language makes of a text with such paths in it and nothing else that it knows: its letters and
/// whole numbers. Anything else, also one expression alone, is left to it.
fn joined(template: &str, scope: &Value) -> Option<String> {
    const LONGEST: usize = 64 << 10;
    // names that the language refuses
    if ["constructor", "prototype"].iter().any(|name| template.contains(name)) {
        return None;
    }
    let mut text = String::new();
    let mut rest = template;
    for part in expressions(template).filter(|part| part.len() < template.len()) {
        let start = rest.find("${{")?;
        text.push_str(rest.get(..start).filter(|letters| !letters.contains(['{', '}']))?);
        match value_at(scope, path_in(part)?)? {
            Value::String(value) => text.push_str(value),
            // JavaScript writes larger ones in another way
            Value::Number(number) if number.as_i64().is_some_and(|it| it.unsigned_abs() < 1 << 53) => {
                text.push_str(&number.to_string());
            }
            _ => return None,
        }
        rest = &rest[start + part.len()..];
    }
    text.push_str(rest);
    (rest.len() < template.len() && !rest.contains(['{', '}']) && text.len() <= LONGEST).then_some(text)
}

/// Each `${{ ... }}` of a text with its brackets. Brackets inside quotes do not count.
fn expressions(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let start = rest.find("${{")?;
        let end = start + 3 + end_of_expression(&rest[start + 3..])?;
        let found = &rest[start..end];
        rest = &rest[end..];
        Some(found)
    })
}

/// The offset behind the `}}` that ends an expression.
fn end_of_expression(text: &str) -> Option<usize> {
    let mut quote = None;
    let mut escaped = false;
    for (at, letter) in text.char_indices() {
        match quote {
            _ if escaped => escaped = false,
            Some(_) if letter == '\\' => escaped = true,
            Some(open) if letter == open => quote = None,
            None if letter == '\'' || letter == '"' => quote = Some(letter),
            None if text[at..].starts_with("}}") => return Some(at + 2),
            _ => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::{Filler, expressions};
    use crate::expression::Engine;

    fn fill(template: &Value) -> (Option<Value>, Vec<String>) {
        let engine = Engine::default();
        let scope = json!({"name": "shop", "hosts": ["a", "b"], "none": null, "yes": true, "n": 3});
        let mut filler = Filler::new(&engine, scope.as_object().cloned().unwrap_or_default());
        let value = filler.fill(template, "");
        (value, filler.problems.into_iter().map(|problem| problem.message).collect())
    }

    fn check(template: &Value, expected: &Value) {
        assert_eq!(fill(template), (Some(expected.clone()), vec![]), "{template}");
    }

    #[test]
    fn values_keep_their_type_and_nulls_go() {
        check(&json!({"n": "${{ n }}", "t": "x-${{ n }}"}), &json!({"n": 3, "t": "x-3"}));
        check(
            &json!({"a": "${{ none or null }}", "b": 1, "c": ["${{ none or null }}"]}),
            &json!({"b": 1, "c": []}),
        );
    }

    #[test]
    fn a_path_is_what_the_language_makes_of_it() {
        let engine = Engine::default();
        let scope =
            json!({"a": {"b": 1, "n": null, "t": "x", "l": [1], "m": {"c": true}, "length": 7}, "true": 1});
        for text in [
            "${{ a.b }}",
            "${{a.n}}",
            "${{ a.t }}",
            "${{ a.l }}",
            "${{ a.m }}",
            "${{ a.m.c }}",
            "${{ a.length }}",
        ] {
            let fast = super::path_in(text).and_then(|path| super::value_at(&scope, path));
            assert_eq!(fast.cloned(), engine.evaluate(text, &scope).unwrap(), "{text}");
        }
        for text in
            ["${{ a }} ", "${{ a['b'] }}", "${{ a.b }}${{ a.b }}", "${{ a | upper }}", "${{ }}", "${{ 1 }}"]
        {
            assert_eq!(super::path_in(text), None, "{text}");
        }
        assert_eq!(super::value_at(&scope, "a.t.length"), None);
    }

    #[test]
    fn texts_with_paths_are_what_the_language_makes_of_them() {
        let engine = Engine::default();
        let scope = json!({"a": {"b": 1, "n": -3, "t": "x${{ y }}\n", "l": [1], "yes": true, "none": null}});
        for text in [
            "x-${{ a.b }}",
            "${{ a.t }}${{ a.n }}\n",
            "\r\n ${{a.t}} #% ä $ ${{ a.t }}",
            "\t${{ a.b }}\n\n",
            " ${{ a.b }}",
            "${{ a.b }} ",
        ] {
            let fast = super::joined(text, &scope).map(Value::String);
            let slow = engine.evaluate(text, &scope).unwrap();
            assert_eq!(fast, slow, "{text}");
        }
        for text in [
            "${{ a.b }}",
            "x",
            "x${{ a.l }}",
            "x${{ a.yes }}",
            "x${{ a.none }}",
            "x${{ a.missing }}",
            "{# x #}${{ a.b }}",
            "${{ a.b }}{% raw %}${{ a.b }}",
            "${{ a.b }} {{ a.b }}",
            "x${{- a.b }}",
        ] {
            assert_eq!(super::joined(text, &scope), None, "{text}");
        }
    }

    #[test]
    fn lists_and_conditions_unfold() {
        check(
            &json!([{"$each": "${{ hosts }}", "$item": {"host": "${{ each.value }}", "at": "${{ each.key }}"}}, "z"]),
            &json!([{"host": "a", "at": 0}, {"host": "b", "at": 1}, "z"]),
        );
        check(
            &json!([{"$if": "${{ yes }}", "$item": 1}, {"$if": "${{ missing }}", "$item": 2}]),
            &json!([1]),
        );
        check(&json!({"x": {"$if": "${{ not yes }}", "$item": 1}}), &json!({}));
        let inner = json!({"$each": "${{ hosts }}", "$item": "${{ each.value }}"});
        check(&json!([{"$each": ["x"], "$item": [inner, "${{ each.value }}"]}]), &json!([["a", "b", "x"]]));
    }

    #[test]
    fn an_expression_without_a_value_is_a_problem() {
        let (_, problems) = fill(&json!({"a": "${{ missing }}", "b": "x-${{ missing }}", "c": "${{ 1 + }}"}));
        assert_eq!(problems.len(), 3, "{problems:?}");
        assert!(problems[0].contains("has no value") && problems[1].contains("has no value"), "{problems:?}");
        let (_, problems) = fill(&json!([{"$each": "${{ name }}", "$item": 1}]));
        assert_eq!(problems, ["`each` needs a list, and this is \"shop\""]);
    }

    #[test]
    fn expressions_end_at_their_brackets() {
        let found: Vec<&str> = expressions("a ${{ b }}${{ '}}' }} ${{ open").collect();
        assert_eq!(found, ["${{ b }}", "${{ '}}' }}"]);
    }
}
