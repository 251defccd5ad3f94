//! The destroy guard: what a repository does not let happen without being asked twice.
//!
//! An entity says that it may go by an annotation, until a day. It counts only when it is there before the
//! change: who wants to destroy what is guarded merges the annotation first, in a request of its own that
//! the owners see.

use std::collections::BTreeSet;

use serde_json::Value;

use super::{Action, Plan, Severity, Side};
use crate::clock::Timestamp;
use crate::entity::EntityRef;

/// The annotation that lets an entity go: `until 2026-12-31`, or only the date, and a reason.
pub const ALLOW_ANNOTATION: &str = "platform.internal/allow-destroy";

/// What is guarded.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Guard {
    /// Whatever is destroyed: entities and objects.
    pub destroy: bool,
    /// Risks of [`Severity::High`].
    pub risk: bool,
}

/// What the guard does not let happen.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Refusal {
    /// The entity that would have to allow it.
    pub entity: EntityRef,
    /// What happens to it.
    pub what: String,
    /// Why an annotation that is there does not count.
    pub annotation: Option<String>,
}

/// What the guard refuses, by entity.
pub fn guard(guard: Guard, plan: &Plan, before: &Side<'_>, now: Timestamp) -> Vec<Refusal> {
    let mut wanted: BTreeSet<(EntityRef, String)> = BTreeSet::new();
    if guard.destroy {
        for change in &plan.entities {
            match (change.action, &change.before) {
                (Action::Destroy, _) => wanted.insert((change.entity.clone(), "it is destroyed".into())),
                (Action::Rename, Some(old)) if loses_objects(plan, old) => {
                    let what = format!("it becomes {}, and its objects are destroyed", change.entity);
                    wanted.insert((old.clone(), what))
                }
                _ => false,
            };
        }
        for change in plan.objects.iter().filter(|change| change.action == Action::Destroy) {
            if !wanted.iter().any(|(entity, _)| *entity == change.entity) {
                wanted.insert((change.entity.clone(), format!("{} is destroyed", change.object)));
            }
        }
    }
    if guard.risk {
        for risk in plan.risks.iter().filter(|risk| risk.severity == Severity::High) {
            wanted.insert((risk.entity.clone(), risk.reason.clone()));
        }
    }
    let refusals =
        wanted.into_iter().filter_map(|(entity, what)| match allowed(&before.value(&entity), now) {
            Allowed::Yes => None,
            Allowed::No => Some(Refusal { entity, what, annotation: None }),
            Allowed::Not(reason) => Some(Refusal { entity, what, annotation: Some(reason) }),
        });
    refusals.collect()
}

fn loses_objects(plan: &Plan, entity: &EntityRef) -> bool {
    plan.objects.iter().any(|change| change.action == Action::Destroy && change.entity == *entity)
}

enum Allowed {
    Yes,
    No,
    Not(String),
}

/// What the annotation of an entity says about the present.
fn allowed(entity: &Value, now: Timestamp) -> Allowed {
    let annotation = entity.pointer("/metadata/annotations").and_then(|all| all.get(ALLOW_ANNOTATION));
    let Some(text) = annotation.and_then(Value::as_str) else { return Allowed::No };
    let mut words = text.split_whitespace().skip_while(|word| *word == "until");
    let date = words.next().unwrap_or_default();
    // the whole day counts
    let Some(end) = Timestamp::parse(&format!("{date}T23:59:59Z")) else {
        return Allowed::Not(format!("its annotation names no date: write `until 2026-12-31`, not `{text}`"));
    };
    if now.seconds_since(end) > 0 {
        return Allowed::Not(format!("its annotation allowed it until {date}"));
    }
    Allowed::Yes
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{ALLOW_ANNOTATION, Allowed, allowed};
    use crate::clock::Timestamp;

    fn check(annotation: &str, expected: &str) {
        let entity = json!({"metadata": {"annotations": {(ALLOW_ANNOTATION): annotation}}});
        let now = Timestamp::parse("2026-11-22T10:00:00Z").unwrap();
        let found = match allowed(&entity, now) {
            Allowed::Yes => "yes".to_owned(),
            Allowed::No => "no".to_owned(),
            Allowed::Not(reason) => reason,
        };
        assert_eq!(found, expected, "{annotation}");
    }

    #[test]
    fn what_is_allowed_ends() {
        check("until 2026-11-22", "yes");
        check("2026-12-01 moved to another cluster", "yes");
        check("until 2026-11-21", "its annotation allowed it until 2026-11-21");
        check("true", "its annotation names no date: write `until 2026-12-31`, not `true`");
        check("", "its annotation names no date: write `until 2026-12-31`, not ``");
    }
}
