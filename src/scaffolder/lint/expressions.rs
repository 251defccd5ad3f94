//! Expressions in steps and output: what they call and what they read.

use crate::diagnostic::{Applicability, Diagnostic, Reach, did_you_mean};
use crate::expression::Reference;
use crate::yaml::Node;

use super::parameters::{Declared, Used};
use super::steps::Step;
use super::{Linter, Site, each_text, rule};

/// The names that expressions of steps and output may read.
const ROOTS: [&str; 7] = ["parameters", "steps", "user", "each", "context", "environment", "secrets"];

/// What an expression may read.
struct Known<'k, 'a> {
    declared: &'k Declared,
    /// The ids of the steps that run before.
    before: Vec<&'k str>,
    /// The steps that run later, with the one that the expression is in.
    later: &'k [Step<'a>],
}

impl Linter<'_> {
    /// Looks at every expression and returns which parameters they read.
    pub(super) fn expressions(&mut self, spec: Node<'_>, steps: &[Step<'_>], declared: &Declared) -> Used {
        let mut used = Used::default();
        let ids = |steps: &'_ [Step<'_>]| -> Vec<String> {
            steps.iter().filter_map(|step| step.id.as_ref()).map(|id| id.text.to_string()).collect()
        };
        let all = ids(steps);
        for (index, step) in steps.iter().enumerate() {
            let before = all_before(&all, steps, index);
            let known = Known { declared, before, later: &steps[index..] };
            self.unwrapped_condition(step, &mut used);
            for part in ["if", "each", "input"].iter().filter_map(|key| step.node.get(key)) {
                each_text(part, &mut |site| self.expression(&site, &known, &mut used), 0);
            }
        }
        if let Some(output) = spec.get("output") {
            let known = Known { declared, before: all.iter().map(String::as_str).collect(), later: &[] };
            each_text(output, &mut |site| self.expression(&site, &known, &mut used), 0);
        }
        used
    }

    /// What an `if` without signs was meant to read is not unused.
    fn unwrapped_condition(&self, step: &Step<'_>, used: &mut Used) {
        let text = step.node.get("if").and_then(Node::as_str).filter(|text| !text.contains("${{"));
        let parsed = text.and_then(|text| self.engine.parse(&format!("${{{{ {text} }}}}")).ok());
        for reference in parsed.into_iter().flat_map(|parsed| parsed.references) {
            if let [root, name, ..] = reference.path.as_slice()
                && root == "parameters"
            {
                used.names.insert(name.clone());
            }
        }
    }

    fn expression(&mut self, site: &Site<'_>, known: &Known<'_, '_>, used: &mut Used) {
        let parsed = match self.engine.parse(&site.text) {
            Ok(parsed) => parsed,
            Err(error) => {
                let (span, _) = site.place(error.offset.min(site.text.len()), 0);
                let finding = Diagnostic::error(rule("template-broken-expression"), span, error.message)
                    .reaching(Reach::Nothing)
                    .note("Backstage says nothing and passes the text on as it is");
                self.report(finding);
                return;
            }
        };
        for filter in &parsed.filters {
            if !self.engine.has_filter(&filter.name) {
                let (span, exact) = site.place(filter.offset, filter.name.len());
                self.unknown_filter(&filter.name, span, exact.then_some(span));
            }
        }
        let mut behind = 0;
        for reference in &parsed.references {
            // The rest of a name that is read as a subtraction has been reported with its start.
            if reference.offset >= behind && self.reference(site, reference, known, used) {
                behind = reference.offset + reference.hyphenated.as_ref().map_or(0, String::len);
            }
        }
    }

    pub(super) fn unknown_filter(
        &mut self,
        name: &str,
        span: crate::source::Span,
        exact: Option<crate::source::Span>,
    ) {
        let finding =
            Diagnostic::error(rule("template-unknown-filter"), span, format!("there is no filter {name}"))
                .reaching(Reach::Nothing)
                .note("in a step Backstage passes the text on as it is, in a file it stops");
        let meant = did_you_mean(name, self.engine.filter_names()).map(str::to_owned);
        self.report(match (meant, exact) {
            (Some(meant), Some(span)) => {
                finding.fix(Applicability::Guess, format!("write {meant}"), span, meant)
            }
            (Some(meant), None) => finding.help(format!("write {meant}")),
            _ => finding.help("use a filter of Backstage, or one that the portal adds"),
        });
    }

    /// Says whether the reference is a hyphenated name.
    fn reference(
        &mut self,
        site: &Site<'_>,
        reference: &Reference,
        known: &Known<'_, '_>,
        used: &mut Used,
    ) -> bool {
        let path: Vec<&str> = reference.path.iter().map(String::as_str).collect();
        match path.as_slice() {
            ["parameters"] => used.all = true,
            ["parameters", name, ..] => return self.parameter(site, reference, name, known, used),
            ["steps", id, ..] => return self.step_reference(site, reference, id, known),
            // `undefined` is how authors write that there is no value.
            ["undefined"] => {}
            [root, ..] if !ROOTS.contains(root) && !reference.guarded => {
                self.undefined_name(site, reference, root);
            }
            _ => {}
        }
        false
    }

    fn parameter(
        &mut self,
        site: &Site<'_>,
        reference: &Reference,
        name: &str,
        known: &Known<'_, '_>,
        used: &mut Used,
    ) -> bool {
        used.names.insert(name.to_owned());
        if known.declared.places.contains_key(name) || known.declared.open {
            return false;
        }
        if let Some(hyphenated) =
            hyphenated(reference, name).filter(|name| known.declared.places.contains_key(name))
        {
            used.names.insert(hyphenated.clone());
            self.hyphen(site, reference, "parameters", &hyphenated, "template-undefined-parameter");
            return true;
        }
        let written = format!("parameters.{name}");
        let (span, exact) = place(site, reference, &written);
        let finding = Diagnostic::warning(
            rule("template-undefined-parameter"),
            span,
            format!("the template has no parameter {name}"),
        )
        .note("it is undefined, so a key with it alone is left out and a text has nothing in its place");
        let meant = did_you_mean(name, known.declared.places.keys().map(String::as_str));
        self.report(match meant {
            Some(meant) if exact => finding.fix(
                Applicability::Guess,
                format!("write {meant}"),
                span,
                format!("parameters.{meant}"),
            ),
            Some(meant) => finding.help(format!("write {meant}")),
            None => finding.help("add it to a page of parameters"),
        });
        false
    }

    fn step_reference(
        &mut self,
        site: &Site<'_>,
        reference: &Reference,
        id: &str,
        known: &Known<'_, '_>,
    ) -> bool {
        if known.before.contains(&id) {
            return false;
        }
        let is_step = |wanted: &str| {
            let later = known.later.iter().filter_map(|step| step.id.as_ref());
            known.before.contains(&wanted) || later.into_iter().any(|id| id.text == wanted)
        };
        if let Some(hyphenated) = hyphenated(reference, id).filter(|id| is_step(id)) {
            self.hyphen(site, reference, "steps", &hyphenated, "template-hyphenated-step");
            return true;
        }
        let (span, exact) = place(site, reference, &format!("steps.{id}"));
        let message = if is_step(id) {
            format!("the step {id} has not run yet here")
        } else {
            format!("there is no step {id}")
        };
        let finding = Diagnostic::warning(rule("template-undefined-step"), span, message)
            .note("its output is undefined");
        self.report(match did_you_mean(id, known.before.iter().copied()) {
            Some(meant) if exact => {
                finding.fix(Applicability::Guess, format!("write {meant}"), span, format!("steps.{meant}"))
            }
            Some(meant) => finding.help(format!("write {meant}")),
            None => finding.help("name a step that runs before this one"),
        });
        false
    }

    fn hyphen(&mut self, site: &Site<'_>, reference: &Reference, root: &str, name: &str, id: &'static str) {
        let written = format!("{root}.{name}");
        let (span, exact) = place(site, reference, &written);
        let finding = Diagnostic::error(
            rule(id),
            span,
            format!("{written} is a subtraction, not the {} {name}", root.trim_end_matches('s')),
        )
        .reaching(Reach::Nothing)
        .note("a hyphen is a minus sign in an expression");
        // in the quotes that the text around it is not in
        let is_single = site.node.written().starts_with('\'');
        let quoted = if is_single { format!("{root}[\"{name}\"]") } else { format!("{root}['{name}']") };
        self.report(if exact {
            finding.fix(Applicability::Safe, format!("write {quoted}"), span, quoted)
        } else {
            finding.help(format!("write {quoted}"))
        });
    }

    fn undefined_name(&mut self, site: &Site<'_>, reference: &Reference, root: &str) {
        let (span, exact) = site.place(reference.offset, root.len());
        let finding =
            Diagnostic::warning(rule("template-undefined-name"), span, format!("{root} is not defined here"))
                .note(format!("an expression of a step may read {}", ROOTS.join(", ")));
        self.report(match did_you_mean(root, ROOTS) {
            Some(meant) if exact => finding.fix(Applicability::Guess, format!("write {meant}"), span, meant),
            _ => finding.help("read a parameter, or keep the text out of the expression"),
        });
    }
}

/// The ids of the steps in front of the one at `index`.
fn all_before<'k>(all: &'k [String], steps: &[Step<'_>], index: usize) -> Vec<&'k str> {
    let count = steps[..index].iter().filter(|step| step.id.is_some()).count();
    all[..count].iter().map(String::as_str).collect()
}

/// The name that was meant where a subtraction stands right behind `name`.
fn hyphenated(reference: &Reference, name: &str) -> Option<String> {
    let whole = reference.hyphenated.as_deref()?;
    let rest = whole.strip_prefix(reference.path[0].as_str())?.strip_prefix('.')?;
    let meant = rest.split(['.', '[']).next()?;
    (reference.path.len() == 2 && meant.starts_with(name)).then(|| meant.to_owned())
}

/// The place of a reference when it is written as `written`.
fn place(site: &Site<'_>, reference: &Reference, written: &str) -> (crate::source::Span, bool) {
    let there = site.text.get(reference.offset..).is_some_and(|rest| rest.starts_with(written));
    let (span, exact) =
        site.place(reference.offset, if there { written.len() } else { reference.path[0].len() });
    (span, exact && there)
}
