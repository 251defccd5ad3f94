//! CEL, the expression language of Kubernetes' validation rules: conditions that the platform team
//! writes, over JSON values. Texts are made with [`expression`](crate::expression) instead.
//!
//! Numbers without a fraction are `int`, as in Kubernetes. Durations, timestamps and Kubernetes'
//! own function libraries are not in the conditions of the platform team; the rules of definitions have
//! them ([`KubernetesRule`]).

mod kubernetes;

pub use kubernetes::{KubernetesRule, KubernetesValue};

use std::collections::BTreeSet;
use std::sync::{Arc, LazyLock};

use cel::common::ast::{EntryExpr, Expr, MapExpr, StructExpr};
use cel::parser::{Expression, PrattParser};
use cel::{Context, Env, Value as CelValue};
use serde_json::Value;

/// The standard functions, made once: making them takes longer than most conditions.
static STANDARD: LazyLock<Arc<Env>> = LazyLock::new(|| Arc::new(Env::stdlib()));

/// Longest condition, in bytes. Kubernetes has no limit on the text but one on the estimated cost; a
/// short text over bounded values is ours.
const LONGEST: usize = 2048;

/// Deepest nesting while reading, and deepest tree, of a condition: deciding one takes tens of kilobytes of
/// stack a level. A chain of `.` or `+` is as deep as it is long.
const DEEPEST: u16 = 32;

/// Deepest nesting of `all`, `exists`, `map` and `filter`: each multiplies the time with the length of
/// its list.
const LOOPS: u16 = 3;

/// Why a condition is not valid, or could not be decided.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct Error {
    /// What is wrong: one line, lower case first, no full stop.
    pub message: String,
}

impl Error {
    fn new(message: impl Into<String>) -> Self {
        let message: String = message.into();
        let line = message.lines().map(str::trim).find(|line| !line.is_empty()).unwrap_or("not valid");
        let mut letters = line.trim_end_matches('.').chars();
        let first = letters.next().map(|first| first.to_lowercase().to_string()).unwrap_or_default();
        Self { message: first + letters.as_str() }
    }
}

/// A condition that was compiled.
#[derive(Clone, Debug)]
pub struct Condition {
    text: Arc<str>,
    expression: Arc<Expression>,
    /// The names in it: only their values are converted.
    names: Arc<BTreeSet<String>>,
}

impl PartialEq for Condition {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

impl Condition {
    /// Compiles a condition. Says what is wrong with one that is too long or no CEL.
    pub fn compile(text: &str) -> Result<Self, Error> {
        if text.len() > LONGEST {
            return Err(Error::new(format!("longer than {LONGEST} bytes")));
        }
        let parser = PrattParser::new().max_recursion_depth(DEEPEST);
        let expression = parser.parse(text).map_err(|errors| Error::new(errors.to_string()))?;
        if !fits(&expression, DEEPEST, LOOPS) {
            return Err(Error::new(format!("nested deeper than {DEEPEST} levels, or {LOOPS} loops")));
        }
        let mut names = BTreeSet::new();
        collect_names(&expression, &mut names);
        Ok(Self { text: text.into(), expression: Arc::new(expression), names: Arc::new(names) })
    }

    /// The text it was compiled from.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Decides the condition over named values. An error is a value that is missing, an operation on the
    /// wrong type, or a result that is not a boolean.
    pub fn holds(&self, variables: &[(&str, &Value)]) -> Result<bool, Error> {
        let mut context = Context::with_env(Arc::clone(&STANDARD));
        for (name, value) in variables.iter().filter(|(name, _)| self.names.contains(*name)) {
            context.add_variable_from_value(*name, convert(value));
        }
        match CelValue::resolve(&self.expression, &context) {
            Ok(CelValue::Bool(result)) => Ok(result),
            Ok(_) => Err(Error::new("the result is neither true nor false")),
            Err(error) => Err(Error::new(error.to_string())),
        }
    }
}

/// Whether the tree of an expression has at most `levels` levels and `loops` loops inside each other.
fn fits(expression: &Expression, levels: u16, loops: u16) -> bool {
    let Some(below) = levels.checked_sub(1) else { return false };
    let is_loop = matches!(expression.expr, Expr::Comprehension(_));
    let Some(loops) = loops.checked_sub(u16::from(is_loop)) else { return false };
    let fits = |inner: &Expression| fits(inner, below, loops);
    match &expression.expr {
        Expr::Unspecified | Expr::Ident(_) | Expr::Literal(_) => true,
        Expr::Call(call) => call.args.iter().all(fits) && call.target.as_deref().is_none_or(fits),
        Expr::Comprehension(all) => {
            [&all.iter_range, &all.accu_init, &all.loop_cond, &all.loop_step, &all.result]
                .into_iter()
                .all(fits)
        }
        Expr::List(list) => list.elements.iter().all(fits),
        Expr::Select(select) => fits(&select.operand),
        Expr::Map(MapExpr { entries }) | Expr::Struct(StructExpr { entries, .. }) => {
            entries.iter().all(|entry| match &entry.expr {
                EntryExpr::MapEntry(entry) => fits(&entry.key) && fits(&entry.value),
                EntryExpr::StructField(field) => fits(&field.value),
            })
        }
    }
}

/// Every name of an expression that was found to [fit](fits), those of its own loops too.
fn collect_names(expression: &Expression, names: &mut BTreeSet<String>) {
    let mut below = |inner: &Expression| collect_names(inner, names);
    match &expression.expr {
        Expr::Unspecified | Expr::Literal(_) => {}
        Expr::Ident(name) => {
            names.insert(name.clone());
        }
        Expr::Call(call) => call.target.as_deref().into_iter().chain(&call.args).for_each(below),
        Expr::Comprehension(all) => {
            for inner in [&all.iter_range, &all.accu_init, &all.loop_cond, &all.loop_step, &all.result] {
                below(inner);
            }
        }
        Expr::List(list) => list.elements.iter().for_each(below),
        Expr::Select(select) => below(&select.operand),
        Expr::Map(MapExpr { entries }) | Expr::Struct(StructExpr { entries, .. }) => {
            for entry in entries {
                match &entry.expr {
                    EntryExpr::MapEntry(entry) => {
                        below(&entry.key);
                        below(&entry.value);
                    }
                    EntryExpr::StructField(field) => below(&field.value),
                }
            }
        }
    }
}

/// JSON to CEL. A number is an `int` where it is one.
fn convert(value: &Value) -> CelValue {
    match value {
        Value::Null => CelValue::Null,
        Value::Bool(value) => CelValue::Bool(*value),
        Value::Number(number) => match number.as_i64() {
            Some(number) => CelValue::Int(number),
            None => CelValue::Float(number.as_f64().unwrap_or(f64::NAN)),
        },
        Value::String(text) => CelValue::String(Arc::new(text.clone())),
        Value::Array(items) => CelValue::from(items.iter().map(convert).collect::<Vec<_>>()),
        Value::Object(fields) => {
            #[expect(clippy::disallowed_types, reason = "the crate's own type; its order is never shown")]
            let map: std::collections::HashMap<String, CelValue> =
                fields.iter().map(|(key, value)| (key.clone(), convert(value))).collect();
            CelValue::from(map)
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::Condition;

    fn check(text: &str, expected: Result<bool, &str>) {
        let object =
            json!({"status": {"replicas": 3, "phase": "Ready", "share": 0.5, "hosts": ["a.example.com"]}});
        let found = Condition::compile(text).and_then(|condition| condition.holds(&[("self", &object)]));
        let found = found.map_err(|error| error.message);
        assert_eq!(
            found.as_ref().map_err(String::as_str).copied(),
            expected.as_ref().map_err(|text| *text).copied(),
            "{text}"
        );
    }

    #[test]
    fn conditions_over_json() {
        check("self.status.replicas > 2 && self.status.phase == 'Ready'", Ok(true));
        check("self.status.replicas + 1 == 4", Ok(true));
        check("self.status.share < 1", Ok(true));
        check("has(self.status.none)", Ok(false));
        check("self.status.hosts.all(host, host.endsWith('.example.com'))", Ok(true));
        check("self.status.phase.matches('^R.*y$')", Ok(true));
    }

    #[test]
    fn what_cannot_be_decided_is_an_error() {
        check("self.status.none == 1", Err("no such key: none"));
        check("self.status.phase", Err("the result is neither true nor false"));
        check("other == 1", Err("undeclared reference to 'other'"));
        assert!(Condition::compile("self.").is_err());
        for text in ["(", "!", "-", "[", "a ? b : "] {
            assert!(Condition::compile(&text.repeat(4000 / text.len())).is_err());
        }
        assert!(Condition::compile(&"a".repeat(5000)).is_err());
    }

    #[test]
    fn the_deepest_conditions_are_decided_and_deeper_ones_refused() {
        let nested = (0..40).fold(json!(true), |inner, _| json!({"b": inner}));
        let decide = |text: &str| Condition::compile(text).and_then(|it| it.holds(&[("a", &nested)]));
        let loops = |depth: usize| format!("{}true{}", "[1].all(x, ".repeat(depth), ")".repeat(depth));
        let all = [
            format!("has(a{})", ".b".repeat(31)),
            format!("1{} > 2", "+1".repeat(30)),
            "true||".repeat(300) + "true",
            loops(3),
        ];
        for text in all {
            assert_eq!(decide(&text), Ok(true), "{text}");
        }
        for text in [format!("a{}", ".b".repeat(1000)), format!("1{}", "+1".repeat(1000)), loops(4)] {
            assert!(decide(&text).is_err(), "{text}");
        }
    }
}
