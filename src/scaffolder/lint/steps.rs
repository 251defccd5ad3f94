//! Steps: their ids, their actions, the keys of their inputs, their conditions.

use serde_json::Value;

use crate::diagnostic::{Applicability, Diagnostic, Reach, Severity, did_you_mean};
use crate::yaml::Node;

use super::super::actions::{ACTIONS, Action};
use super::{Linter, Site, rule};

/// A step as far as lints look at it.
pub(super) struct Step<'a> {
    pub node: Node<'a>,
    pub id: Option<Site<'a>>,
    pub action: Option<Site<'a>>,
    pub input: Option<Node<'a>>,
}

pub(super) fn read(spec: Node<'_>) -> Vec<Step<'_>> {
    let steps = spec.get("steps").into_iter().flat_map(Node::items);
    steps
        .map(|node| Step {
            node,
            id: node.get("id").and_then(Site::of),
            action: node.get("action").and_then(Site::of),
            input: node.get("input"),
        })
        .collect()
}

impl Step<'_> {
    /// Whether Backstage passes the step over before it looks at its action and input: the `if` is
    /// `false`, or an empty text where there is no `each`.
    pub(super) fn never_runs(&self) -> bool {
        let Some(condition) = self.node.get("if") else { return false };
        condition.as_bool() == Some(false)
            || self.node.get("each").is_none() && condition.as_str().is_some_and(|text| text.is_empty())
    }
}

impl Linter<'_> {
    pub(super) fn steps(&mut self, steps: &[Step<'_>]) {
        for (index, step) in steps.iter().enumerate() {
            self.duplicate(step, &steps[..index]);
            self.condition(step);
            let Some(name) = step.action.as_ref().filter(|_| !step.never_runs()) else { continue };
            match Action::find(&name.text) {
                Some(action) => self.input(step, action),
                None => self.unknown_action(name),
            }
        }
    }

    fn duplicate(&mut self, step: &Step<'_>, before: &[Step<'_>]) {
        let Some(id) = &step.id else { return };
        let first = before.iter().filter_map(|other| other.id.as_ref()).find(|other| other.text == id.text);
        if let Some(first) = first {
            let finding = Diagnostic::error(
                rule("template-duplicate-step"),
                id.node.span(),
                format!("two steps have the id {}", id.text),
            )
            .reaching(Reach::Nothing)
            .related(first.node.span(), "the first one")
            .note("the output of the later step takes the place of that of the earlier one")
            .help("give one of them another id");
            self.report(finding);
        }
    }

    fn condition(&mut self, step: &Step<'_>) {
        let Some(site) = step.node.get("if").and_then(Site::of) else { return };
        if site.text.is_empty() || site.text.contains("${{") || site.text.contains("{%") {
            return;
        }
        let span = site.place(0, site.text.len()).0;
        let finding = Diagnostic::warning(
            rule("template-condition-without-expression"),
            span,
            "this `if` is always true: it has no ${{ }}",
        )
        .note("a text that is not empty lets the step run, also the text `false`");
        let wrapped = format!("${{{{ {} }}}}", site.text);
        let finding = match (site.text.as_ref(), self.engine.parse(&wrapped)) {
            ("true" | "false", _) | (_, Err(_)) => {
                finding.help("write an expression, or true or false without quotes")
            }
            _ => finding.fix(Applicability::Guess, "make it an expression", site.node.span(), wrapped),
        };
        self.report(finding);
    }

    fn unknown_action(&mut self, name: &Site<'_>) {
        let meant = did_you_mean(&name.text, ACTIONS.iter().map(|action| action.id));
        let mut finding = Diagnostic::warning(
            rule("template-unknown-action"),
            name.node.span(),
            format!("the action {} cannot run here", name.text),
        )
        .note("it may come from a plugin of the portal; `platform new` stops at this step");
        if let Some(meant) = meant {
            finding = finding.fix(Applicability::Guess, format!("write {meant}"), name.node.span(), meant);
        } else {
            finding.severity = Severity::Info;
            finding = finding.help("use an action that runs here, or run the template in the portal");
        }
        self.report(finding);
    }

    fn input(&mut self, step: &Step<'_>, action: &Action) {
        let Some(schema) = action
            .input_schema()
            .filter(|schema| schema.get("additionalProperties") == Some(&Value::Bool(false)))
        else {
            return;
        };
        let properties = schema.get("properties").and_then(Value::as_object);
        let known: Vec<&str> = properties.into_iter().flatten().map(|(name, _)| name.as_str()).collect();
        for (key, _) in step.input.into_iter().flat_map(Node::entries) {
            if let Some(site) = Site::of(key).filter(|site| !known.contains(&site.text.as_ref())) {
                self.unknown_input(&site, action, &known);
            } else if key.as_str().as_deref() == Some("copyWithoutRender") {
                self.ignored_input(key);
            }
        }
        let required =
            schema.get("required").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str);
        for name in required.filter(|name| step.input.is_none_or(|input| input.get(name).is_none())) {
            let span = step.action.as_ref().map_or_else(|| step.node.span(), |action| action.node.span());
            let finding = Diagnostic::error(
                rule("template-missing-input"),
                span,
                format!("{} needs the input {name}", action.id),
            )
            .reaching(Reach::Nothing)
            .note("the step fails when the template is used")
            .help(format!("write {name} under input"));
            self.report(finding);
        }
    }

    fn unknown_input(&mut self, key: &Site<'_>, action: &Action, known: &[&str]) {
        let finding = Diagnostic::error(
            rule("template-unknown-input"),
            key.node.span(),
            format!("{} has no input {}", action.id, key.text),
        )
        .reaching(Reach::Nothing)
        .note("the step fails when the template is used");
        let finding = match did_you_mean(&key.text, known.iter().copied()) {
            Some(meant) => {
                finding.fix(Applicability::Guess, format!("write {meant}"), key.node.span(), meant)
            }
            None => finding.help(format!("use one of {}", known.join(", "))),
        };
        self.report(finding);
    }

    fn ignored_input(&mut self, key: Node<'_>) {
        let finding = Diagnostic::warning(
            rule("template-ignored-input"),
            key.span(),
            "copyWithoutRender is accepted and ignored: the files are rendered",
        )
        .fix(
            Applicability::Guess,
            "write copyWithoutTemplating",
            key.span(),
            "copyWithoutTemplating",
        );
        self.report(finding);
    }
}
