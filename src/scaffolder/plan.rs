//! What running a template here would do, before it runs.

use serde_json::Value;

use super::actions::fetch::is_remote;
use super::actions::{ACTIONS, Action, Effect};
use super::template::{Condition, Step, Template};
use crate::diagnostic::did_you_mean;

/// What running a template here would do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan {
    /// The steps in their order.
    pub steps: Vec<PlannedStep>,
}

/// One step of a plan.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlannedStep {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// The id of its action.
    pub action: String,
    /// JSON pointer of the step in the entity.
    pub pointer: String,
    /// Whether it may be skipped: it has an `if` or an `each`.
    pub conditional: bool,
    /// What becomes of it.
    pub readiness: Readiness,
}

/// What becomes of a step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Readiness {
    /// It runs here, or is drafted or recorded.
    Ready(Effect),
    /// It cannot run here.
    Unavailable {
        /// Why not.
        reason: String,
        /// What to do instead.
        hint: String,
    },
    /// It never runs: its `if` is `false`.
    Never,
}

impl Plan {
    /// The steps that cannot run here.
    pub fn unavailable(&self) -> impl Iterator<Item = &PlannedStep> {
        self.steps.iter().filter(|step| matches!(step.readiness, Readiness::Unavailable { .. }))
    }
}

/// What running a template here would do.
pub fn plan(template: &Template) -> Plan {
    let planned = |step: &Step| PlannedStep {
        id: step.id.clone(),
        name: step.name.clone(),
        action: step.action.clone(),
        pointer: step.pointer.clone(),
        conditional: step.each.is_some() || matches!(step.condition, Condition::When(_)),
        readiness: readiness(step),
    };
    Plan { steps: template.steps().iter().map(planned).collect() }
}

fn readiness(step: &Step) -> Readiness {
    if step.condition == Condition::Never {
        return Readiness::Never;
    }
    let Some(action) = Action::find(&step.action) else {
        return Readiness::Unavailable { reason: unknown(&step.action), hint: UNKNOWN_HINT.to_owned() };
    };
    let url = step.input.get("url").and_then(Value::as_str).filter(|url| !url.contains("${{"));
    match url {
        Some(url) if action.id.starts_with("fetch:") && is_remote(url) => Readiness::Unavailable {
            reason: format!("{url} is remote; only what is in the repository can be fetched here"),
            hint: "copy what it points to into the template's folder and write a relative path".to_owned(),
        },
        _ => Readiness::Ready(action.effect),
    }
}

/// What to do about an action that does not run here.
pub(super) const UNKNOWN_HINT: &str =
    "run the template with `--remote`, or give the step an `if` that is false here";

/// Why a step with this action cannot run here.
pub(super) fn unknown(id: &str) -> String {
    match did_you_mean(id, ACTIONS.iter().map(|action| action.id)) {
        Some(meant) => format!("action {id} cannot run here; did you mean {meant}?"),
        None => format!("action {id} cannot run here"),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::{Effect, Readiness, plan};
    use crate::scaffolder::Template;

    fn check(step: &Value, expected: &Readiness) {
        let entity = json!({
            "apiVersion": crate::scaffolder::API_VERSION, "kind": "Template", "metadata": {"name": "t"},
            "spec": {"type": "x", "steps": [step]},
        });
        let plan = plan(&Template::from_entity(&entity).unwrap());
        assert_eq!(&plan.steps[0].readiness, expected, "{step}");
        assert_eq!(
            plan.unavailable().count(),
            usize::from(matches!(expected, Readiness::Unavailable { .. }))
        );
    }

    #[test]
    fn a_step_is_ready_or_says_why_not() {
        check(&json!({"action": "fetch:plain", "input": {"url": "./a"}}), &Readiness::Ready(Effect::Done));
        check(
            &json!({"action": "fetch:plain", "input": {"url": "${{ parameters.url }}"}}),
            &Readiness::Ready(Effect::Done),
        );
        check(&json!({"action": "publish:github"}), &Readiness::Ready(Effect::Drafted));
        check(&json!({"action": "catalog:register"}), &Readiness::Ready(Effect::Recorded));
        check(&json!({"action": "acme:brew", "if": false}), &Readiness::Never);
        let hint = super::UNKNOWN_HINT.to_owned();
        let reason = "action fetch:templat cannot run here; did you mean fetch:template?".to_owned();
        check(&json!({"action": "fetch:templat"}), &Readiness::Unavailable { reason, hint });
        let reason =
            "https://x.test/y is remote; only what is in the repository can be fetched here".to_owned();
        let hint = "copy what it points to into the template's folder and write a relative path".to_owned();
        check(
            &json!({"action": "fetch:template", "input": {"url": "https://x.test/y"}}),
            &Readiness::Unavailable { reason, hint },
        );
    }
}
