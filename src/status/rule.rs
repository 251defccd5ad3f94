//! Rules that a resource type brings for its own kinds.

use crate::cel::Condition;
use crate::object::{Gvk, Object};

use super::verdict::Verdict;

/// How objects of one kind are judged, over the whole object as `self`.
///
/// The conditions are asked in this order, as in Flux' health checks: `failed`, `in_progress`, `current`.
/// An object for which none holds is on its way; one for which a condition cannot be decided (a field that
/// is not there yet) counts as one for which it does not hold.
#[derive(Clone, Debug, PartialEq)]
pub struct HealthRule {
    /// The kind it is for; the version does not count.
    pub gvk: Gvk,
    /// True when the object failed.
    pub failed: Option<Condition>,
    /// True while it is on its way.
    pub in_progress: Option<Condition>,
    /// True when it is as it should be.
    pub current: Condition,
}

impl HealthRule {
    pub(crate) fn is_for(&self, gvk: &Gvk) -> bool {
        self.gvk.group == gvk.group && self.gvk.kind == gvk.kind
    }

    pub(crate) fn judge(&self, object: &Object) -> Verdict {
        let mut notes = Vec::new();
        let mut holds = |condition: &Condition| match condition.holds(&[("self", &object.0)]) {
            Ok(holds) => holds,
            Err(error) => {
                notes.push(format!("the rule `{}` could not be decided: {error}", condition.text()));
                false
            }
        };
        let mut verdict = if self.failed.as_ref().is_some_and(&mut holds) {
            Verdict::degraded("Failed", words(self.failed.as_ref()))
        } else if self.in_progress.as_ref().is_some_and(&mut holds) {
            Verdict::progressing("InProgress", words(self.in_progress.as_ref()))
        } else if holds(&self.current) {
            Verdict::healthy("Current", "")
        } else {
            Verdict::progressing("NotCurrent", format!("not yet: {}", self.current.text()))
        };
        verdict.notes = notes;
        verdict
    }
}

fn words(condition: Option<&Condition>) -> String {
    condition
        .map(|condition| format!("the rule of its resource type holds: {}", condition.text()))
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::HealthRule;
    use crate::cel::Condition;
    use crate::object::{Gvk, Object};
    use crate::status::Health;

    fn check(status: &Value, health: Health, notes: usize) {
        let condition = |text: &str| Condition::compile(text).unwrap();
        let rule = HealthRule {
            gvk: Gvk::from_api_version("example.com/v1", "Widget"),
            failed: Some(condition("self.status.error != ''")),
            in_progress: None,
            current: condition("self.status.done"),
        };
        let verdict = rule.judge(&Object(json!({"status": status})));
        assert_eq!((verdict.health, verdict.notes.len()), (health, notes), "{status}");
    }

    #[test]
    fn the_first_condition_that_holds_decides() {
        check(&json!({"error": "broken", "done": true}), Health::Degraded, 0);
        check(&json!({"error": "", "done": true}), Health::Healthy, 0);
        check(&json!({"error": "", "done": false}), Health::Progressing, 0);
        check(&json!({"done": true}), Health::Healthy, 1);
        check(&json!({}), Health::Progressing, 2);
    }
}
