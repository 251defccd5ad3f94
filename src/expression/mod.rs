//! The `${{ }}` language of Software Templates, exactly as Backstage 1.55 evaluates it.
//!
//! Backstage renders templates with nunjitsu 0.6.2, a closed interpreter of a subset of Nunjucks;
//! this is the same language in Rust: lexer, parser, planner of variables, evaluator. Values are those
//! of JavaScript (UTF-16 strings, f64 numbers, loose equality, chainable undefined), with JSON at the
//! border. It opens nothing, and every template ends within [`Limits`], however hostile.
//!
//! What it does not do: load other templates (`include`, `import`, `extends` are errors, as they are
//! in nunjitsu), escape HTML on its own, or decide what Backstage does with an error: see
//! [`Engine::evaluate_all`] and [`Engine::evaluate_all_lenient`].
//!
//! Where it is known to differ:
//! - Messages of errors are our own; whether there is an error is the same.
//! - Limits: coercions of lists are not counted as work but as elementary steps, of which nunjitsu
//!   knows none; brackets and tags nest 256 deep, and a syntax tree may be 600 levels deep also
//!   where it is never evaluated. A
//!   template that comes near a limit can end with an error in one engine alone.
//! - A name of the scope that JavaScript reserves (`constructor`) is an error where its value is
//!   used; there it is one before anything is rendered.
//! - `sort` and `dictsort` of 64 items and more that contradict each other (numbers and texts mixed)
//!   may come out in another order.
//! - Upper and lower case follow the Unicode version of the Rust standard library, and patterns of
//!   regular expressions ES2023; V8 may be ahead in both.
//! - `parseRepoUrl` knows no configured integrations: a host that Backstage does not know without
//!   configuration passes when `repo` is there.

mod ast;
mod backstage;
mod call;
mod coerce;
mod evaluate;
mod fault;
mod filters;
mod json;
mod limits;
mod memo;
mod methods;
mod operate;
mod outline;
mod parser;
mod plan;
mod predicate;
mod regex;
mod regex_methods;
mod scan;
mod scope;
mod sort;
mod statements;
mod structure;
mod template;
mod text;
mod token;
mod value;

use std::collections::BTreeMap;

use serde_json::Value as Json;

pub use backstage::Filter;
pub use fault::Error;
pub use limits::Limits;
pub use outline::{Called, Parsed, Reference};
pub use structure::Swallowed;

use evaluate::Evaluator;
use fault::Result;

/// How the text of files is rendered: the options of `fetch:template`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RenderOptions {
    /// Removes the line break behind a tag.
    pub trim_blocks: bool,
    /// Removes indentation before a tag that begins its line.
    pub lstrip_blocks: bool,
    /// Cookiecutter's way: `{{ }}` instead of `${{ }}`, Python's methods of lists and maps, `True`,
    /// `False`, `None`, and the filter `jsonify`.
    pub cookiecutter_compat: bool,
}

/// The outcome of a step's `if` or `each`.
#[derive(Clone, Debug, PartialEq)]
pub struct Condition {
    /// The value; `None` is undefined.
    pub value: Option<Json>,
    /// Whether `always()` or `failure()` was called. After a failure Backstage runs only such steps.
    pub asked_status: bool,
}

/// The language: its filters, globals and limits.
#[derive(Clone, Debug)]
pub struct Engine {
    filters: BTreeMap<&'static str, Filter>,
    limits: Limits,
    step_failed: Option<bool>,
}

impl Default for Engine {
    /// The built-in filters and those of Backstage, nunjitsu's limits, no step globals.
    fn default() -> Self {
        Engine {
            filters: backstage::FILTERS.iter().copied().collect(),
            limits: Limits::default(),
            step_failed: None,
        }
    }
}

impl Engine {
    /// Adds a filter; one of the same name is replaced, also a built-in one.
    #[must_use]
    pub fn with_filter(mut self, name: &'static str, filter: Filter) -> Self {
        self.filters.insert(name, filter);
        self
    }

    /// Sets other limits.
    #[must_use]
    pub fn with_limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }

    /// Offers the globals of steps, `always()` and `failure()`; `failed` says whether an earlier
    /// step has failed.
    #[must_use]
    pub fn with_step_globals(mut self, failed: bool) -> Self {
        self.step_failed = Some(failed);
        self
    }

    /// The value of one string: a string that is exactly one `${{ }}` keeps the type of its value,
    /// any other becomes text. `None` is undefined.
    pub fn evaluate(&self, template: &str, scope: &Json) -> Result<Option<Json>, Error> {
        self.evaluate_condition(template, scope).map(|condition| condition.value)
    }

    /// Like [`Engine::evaluate`], and whether the template asked for the state of the run.
    pub fn evaluate_condition(&self, template: &str, scope: &Json) -> Result<Condition, Error> {
        let mut asked_status = false;
        let value = self.run(template, scope, &RenderOptions::default(), |evaluator, root| {
            let value = evaluator.value(root);
            asked_status = evaluator.asked_status;
            value
        })?;
        Ok(Condition { value, asked_status })
    }

    /// The text of a file or of its name.
    pub fn render(&self, text: &str, scope: &Json, options: &RenderOptions) -> Result<String, Error> {
        #[expect(
            clippy::redundant_closure_for_method_calls,
            reason = "the method alone fits one lifetime only"
        )]
        self.run(text, scope, options, |evaluator, root| evaluator.render(root))
    }

    fn run<T>(
        &self,
        template: &str,
        scope: &Json,
        options: &RenderOptions,
        evaluate: impl FnOnce(&mut Evaluator<'_>, ast::NodeId) -> Result<T>,
    ) -> Result<T, Error> {
        let rendered = || {
            let parsed = memo::parsed(template, options, &self.limits)?;
            evaluate(&mut Evaluator::new(self, options, &parsed.tree, &parsed.plan, scope), parsed.root)
        };
        rendered().map_err(fault::Fault::into_error)
    }

    /// Names of all filters.
    pub fn filter_names(&self) -> impl Iterator<Item = &str> {
        filters::FILTERS.iter().map(|(name, _)| *name).chain(self.filters.keys().copied())
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value as Json, json};

    use super::{Engine, RenderOptions};

    fn check(template: &str, expected: impl Into<Option<Json>>) {
        let scope =
            json!({"parameters": {"name": "web", "n": 7, "list": ["b", "a"], "map": {"a": 1}, "none": null}});
        assert_eq!(Engine::default().evaluate(template, &scope).unwrap(), expected.into(), "{template}");
    }

    #[test]
    fn a_sole_expression_keeps_its_type() {
        check("${{ parameters.n }}", json!(7));
        check("${{ parameters.list }}", json!(["b", "a"]));
        check("${{ parameters.none }}", json!(null));
        check("${{ parameters.missing.deep }}", None);
        check(" ${{ parameters.list }}", json!(" b,a"));
        check("${{ parameters.map }}!", json!("[object Object]!"));
    }

    #[test]
    fn values_meet_as_in_javascript() {
        check("${{ 0.1 + 0.2 }}", json!(0.300_000_000_000_000_04));
        check("${{ '1' + 1 }}", json!("11"));
        check("${{ '7' == parameters.n }}", json!(true));
        check("${{ parameters.n // 2 * 2 }}", json!(6));
        check("${{ parameters['name'].toUpperCase().split('') | last }}", json!("B"));
    }

    #[test]
    fn an_unknown_filter_is_named_with_its_place() {
        let error = Engine::default().evaluate("x ${{ 1 | upperr }}", &json!({})).unwrap_err();
        assert_eq!(
            (error.message.as_str(), error.offset),
            ("unknown filter `upperr`: did you mean `upper`?", 10)
        );
    }

    #[test]
    fn a_file_is_text() {
        let options = RenderOptions { trim_blocks: true, ..RenderOptions::default() };
        let text = "{% for x in values.l %}\n- ${{ x }}\n{% endfor %}\n";
        let rendered = Engine::default().render(text, &json!({"values": {"l": [1, 2]}}), &options).unwrap();
        assert_eq!(rendered, "- 1\n- 2\n");
    }

    #[test]
    fn undefined_removes_a_key_and_an_error_has_a_pointer() {
        let engine = Engine::default();
        let value = json!({"a": ["${{ x }}"], "b": "${{ x }}", "c": "${{ 1 }}"});
        assert_eq!(engine.evaluate_all(&value, &json!({})).unwrap(), json!({"a": [null], "c": 1}));
        let (pointer, _) = engine.evaluate_all(&json!({"a": {"b/c": "${{ (}}"}}), &json!({})).unwrap_err();
        assert_eq!(pointer, "/a/b~1c");
        let (kept, swallowed) = engine.evaluate_all_lenient(&json!(["${{ 1 | no }}"]), &json!({}));
        assert_eq!((kept, swallowed.len()), (Some(json!(["${{ 1 | no }}"])), 1));
    }
}
