//! The report of `diff`: text for people, JSON for machines, Markdown for the pull request.

mod markdown;
mod text;
mod wire;

use std::collections::BTreeMap;

use serde_json::Value;

use super::text::clean;
use super::{Console, diagnostics, json};
use crate::entity::EntityRef;
use crate::error::Failure;
use crate::impact::{AccessChange, Action, Cause, FieldChange, MembershipChange, Touched};
use crate::ops::diff::{Report, State};

pub use markdown::markdown;

/// The longest text that Markdown is written in: GitHub takes 65,536 characters.
pub const LONGEST: usize = 60_000;

/// How the report is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// For people. Not a contract.
    Text,
    /// JSON with `schemaVersion`.
    Json,
    /// The same as YAML.
    Yaml,
    /// For a pull request.
    Markdown,
}

/// Writes the report. What cannot be rendered goes to stderr.
pub fn print(console: &Console, format: Format, report: &Report) -> Result<(), Failure> {
    diagnostics::print_to_stderr(console, &report.sources, &report.problems);
    match format {
        Format::Text => console.print(text::whole(report, console.width())),
        Format::Markdown => console.print_raw(&clean(&markdown(report, LONGEST))),
        Format::Json => json::print(console, super::Format::Json, &wire::Wire::of(report))?,
        Format::Yaml => json::print(console, super::Format::Yaml, &wire::Wire::of(report))?,
    }
    if let Some(Err(failure)) = &report.live {
        console.fail(failure);
    }
    Ok(())
}

/// Why an entity is touched, in words: at most five causes.
fn causes(touched: &Touched) -> Vec<String> {
    let causes = touched.because.iter().map(|cause| match cause {
        Cause::Type(name) => format!("type {name}"),
        Cause::Entity(entity) => entity.short(),
    });
    let mut shown: Vec<String> = causes.take(5).collect();
    if touched.because.len() > shown.len() {
        shown.push(format!("{} more", touched.because.len() - shown.len()));
    }
    shown
}

/// Changes of several users that differ in nothing but the user.
fn grouped<'a, T, K: Ord>(
    all: &'a [T],
    same: impl Fn(&'a T) -> K,
    user: impl Fn(&'a T) -> &'a EntityRef,
) -> Vec<(&'a T, Vec<&'a EntityRef>)> {
    let mut groups: BTreeMap<K, (&T, Vec<&EntityRef>)> = BTreeMap::new();
    for one in all {
        groups.entry(same(one)).or_insert_with(|| (one, Vec::new())).1.push(user(one));
    }
    groups.into_values().collect()
}

/// Access that several users gain or lose in the same way, by what it is access to.
fn grouped_grants(all: &[AccessChange]) -> Vec<(&AccessChange, Vec<&EntityRef>)> {
    let same = |it: &'_ AccessChange| {
        (it.on.clone(), it.cluster.clone(), it.before.clone(), it.after.clone(), it.through.clone())
    };
    grouped(all, same, |it| &it.user)
}

/// Users who join or leave a group in the same way, by group.
fn grouped_members(all: &[MembershipChange]) -> Vec<(&MembershipChange, Vec<&EntityRef>)> {
    grouped(all, |it| (it.group.clone(), it.joins, it.through.clone()), |it| &it.user)
}

/// The first of several users, and how many more there are.
fn user_names(users: &[&EntityRef], most: usize, shown: impl Fn(&EntityRef) -> String) -> String {
    let names: Vec<String> = users.iter().take(most).map(|user| shown(user)).collect();
    match users.len() - names.len() {
        0 => names.join(", "),
        more => format!("{} and {more} more", names.join(", ")),
    }
}

/// What the cluster says of an object, in words.
fn live_words(state: &State) -> String {
    match state {
        State::Same => "as it should be".to_owned(),
        State::Missing => "not there, would be made".to_owned(),
        State::Different(_) => "would be changed".to_owned(),
        State::Prunable => "there, and nothing in Git wants it any more".to_owned(),
        State::NamespaceMissing { name, is_coming: true } => {
            format!("waits for the namespace {name}, which comes with an object here")
        }
        State::NamespaceMissing { name, is_coming: false } => format!("there is no namespace {name}"),
        State::Refused(problems) => {
            let all: Vec<String> = problems
                .iter()
                .map(|problem| match problem.field.as_str() {
                    "" => problem.message.clone(),
                    field => format!("{field}: {}", problem.message),
                })
                .collect();
            format!("would be refused: {}", all.join("; "))
        }
        State::KindUnknown => "the cluster does not know this kind: is its CRD installed?".to_owned(),
        State::Undecided { reason, .. } => format!("the cluster cannot say: {reason}"),
    }
}

/// The fields that differ in the cluster.
fn live_fields(state: &State) -> &[FieldChange] {
    match state {
        State::Different(fields) | State::Undecided { fields, .. } => fields,
        _ => &[],
    }
}

/// The sign of an action: nothing is said by colour alone.
fn sign(action: Action) -> &'static str {
    match action {
        Action::Create => "+",
        Action::Change => "~",
        Action::Rename => ">",
        Action::Destroy => "-",
    }
}

/// What happens to a field.
fn field_action(field: &FieldChange) -> Action {
    match (&field.before, &field.after) {
        (None, _) => Action::Create,
        (_, None) => Action::Destroy,
        _ => Action::Change,
    }
}

/// A value on one line of at most `longest` characters.
fn short(value: &Value, longest: usize) -> String {
    let is_plain = |text: &str| {
        !text.is_empty()
            && !text.contains(['\n', '\r', '\t', '"'])
            && text.trim() == text
            && serde_json::from_str::<Value>(text).is_err()
    };
    let text = match value {
        Value::String(text) if is_plain(text) => text.clone(),
        other => other.to_string(),
    };
    if text.chars().count() <= longest {
        return text;
    }
    text.chars().take(longest.saturating_sub(1)).chain(['…']).collect()
}

/// `1 to create, 2 to change`; what there is nothing of is left out.
fn summary(counts: impl Fn(Action) -> usize) -> String {
    let parts: Vec<String> = [
        (Action::Create, "to create"),
        (Action::Change, "to change"),
        (Action::Rename, "to rename"),
        (Action::Destroy, "to destroy"),
    ]
    .into_iter()
    .filter(|(action, _)| counts(*action) > 0)
    .map(|(action, words)| format!("{} {words}", counts(action)))
    .collect();
    if parts.is_empty() { "none".to_owned() } else { parts.join(", ") }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::short;

    #[test]
    fn values_are_shown_on_one_line() {
        let check = |value: Value, expected: &str| assert_eq!(short(&value, 12), expected, "{value}");
        check(json!("text"), "text");
        check(json!("80"), "\"80\"");
        check(json!("true"), "\"true\"");
        check(json!(80), "80");
        check(json!(""), "\"\"");
        check(json!("a\nb"), "\"a\\nb\"");
        check(json!({"a": [1, 2]}), "{\"a\":[1,2]}");
        check(json!("a very long text"), "a very long…");
    }
}
