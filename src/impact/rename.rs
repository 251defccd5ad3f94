//! Which of the entities that go is which of those that come: Git's idea of a rename, with fields in the
//! place of lines.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::entity::EntityRef;

/// Of this many thousandths two entities must be the same. Git wants 500; entities share more that says
/// nothing (`type: service`), so it is more here.
const LEAST: usize = 600;

/// More pairs than this are not looked at: only entities that are the same but for their name count then.
/// Git has such a limit too (`diff.renameLimit`).
const MOST_PAIRS: usize = 40_000;

/// The most fields of an entity that are looked at.
const MOST_LEAVES: usize = 2_000;

/// An entity that goes or comes.
pub(super) struct Candidate {
    pub entity: EntityRef,
    /// `spec.type`: an entity of another type is another entity.
    pub spec_type: Option<String>,
    pub path: String,
    pub value: Value,
}

/// What says something about an entity, without its name.
struct Content<'a> {
    candidate: &'a Candidate,
    leaves: BTreeSet<(String, String)>,
}

/// Pairs of what goes and what comes, each at most once, the most alike first.
pub(super) fn pairs(gone: &[Candidate], new: &[Candidate]) -> BTreeMap<EntityRef, EntityRef> {
    let gone: Vec<Content<'_>> = gone.iter().map(Content::of).collect();
    let new: Vec<Content<'_>> = new.iter().map(Content::of).collect();
    let only_exact = gone.len().saturating_mul(new.len()) > MOST_PAIRS;
    let mut found = Vec::new();
    if only_exact {
        let mut by_content: BTreeMap<_, Vec<&Content<'_>>> = BTreeMap::new();
        for content in &new {
            by_content.entry(&content.leaves).or_default().push(content);
        }
        for old in &gone {
            let same = by_content.get(&old.leaves).into_iter().flatten().take(8);
            found.extend(same.filter(|new| old.may_be(new)).map(|new| rank(1000, old, new)));
        }
    } else {
        for old in &gone {
            for new in new.iter().filter(|new| old.may_be(new)) {
                let score = old.likeness(new);
                if score >= LEAST {
                    found.push(rank(score, old, new));
                }
            }
        }
    }
    found.sort();
    let mut taken: (BTreeSet<&EntityRef>, BTreeSet<&EntityRef>) = Default::default();
    let mut pairs = BTreeMap::new();
    for (_, _, _, old, new) in found {
        if !taken.0.contains(old) && !taken.1.contains(new) {
            taken.0.insert(old);
            taken.1.insert(new);
            pairs.insert(old.clone(), new.clone());
        }
    }
    pairs
}

type Rank<'a> = (usize, bool, usize, &'a EntityRef, &'a EntityRef);

/// Sorts the best pair first: the most alike, then in the same file, then with the most of the name.
fn rank<'a>(score: usize, old: &Content<'a>, new: &Content<'a>) -> Rank<'a> {
    let (old, new) = (old.candidate, new.candidate);
    let same = |a: &str, b: &str| a.bytes().zip(b.bytes()).take_while(|(a, b)| a == b).count();
    let name = same(old.entity.name(), new.entity.name());
    (1000 - score, old.path != new.path, 1000_usize.saturating_sub(name), &old.entity, &new.entity)
}

impl<'a> Content<'a> {
    fn of(candidate: &'a Candidate) -> Self {
        let mut leaves = BTreeSet::new();
        collect(&candidate.value, "", candidate.entity.name(), 0, &mut leaves);
        Self { candidate, leaves }
    }

    fn may_be(&self, new: &Content<'_>) -> bool {
        let (old, new) = (self.candidate, new.candidate);
        old.entity.kind() == new.entity.kind() && old.spec_type == new.spec_type
    }

    /// How much is the same, in thousandths.
    fn likeness(&self, other: &Self) -> usize {
        let all = self.leaves.len() + other.leaves.len();
        if all == 0 {
            return 1000;
        }
        self.leaves.intersection(&other.leaves).count() * 2000 / all
    }
}

/// The plain values with their fields. The entity's own name stands for itself, so that a title or a host
/// that is made of it counts as the same.
fn collect(value: &Value, at: &str, name: &str, depth: usize, leaves: &mut BTreeSet<(String, String)>) {
    let says_nothing = ["/apiVersion", "/kind", "/metadata/name", "/metadata/namespace"];
    if leaves.len() >= MOST_LEAVES || says_nothing.contains(&at) {
        return;
    }
    match value {
        Value::Object(fields) if depth < 64 => {
            for (field, value) in fields {
                collect(value, &format!("{at}/{field}"), name, depth + 1, leaves);
            }
        }
        // the position says nothing: an item that moved is the same
        Value::Array(items) if depth < 64 => {
            for item in items {
                collect(item, &format!("{at}/*"), name, depth + 1, leaves);
            }
        }
        Value::String(text) => {
            let text = text.to_lowercase();
            let text = if name.len() < 3 { text } else { text.replace(name, "\0") };
            leaves.insert((at.to_owned(), text));
        }
        other => {
            leaves.insert((at.to_owned(), other.to_string()));
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::{Candidate, pairs};
    use crate::entity::EntityRef;

    fn candidates(all: &[(&str, Value)]) -> Vec<Candidate> {
        let one = |(name, spec): &(&str, Value)| Candidate {
            entity: EntityRef::parse(name, None, "default").unwrap(),
            spec_type: spec.get("type").and_then(Value::as_str).map(str::to_owned),
            path: "catalog/a.yaml".into(),
            value: json!({"kind": "X", "metadata": {"name": name}, "spec": spec}),
        };
        all.iter().map(one).collect()
    }

    fn check(gone: &[(&str, Value)], new: &[(&str, Value)], expected: &[&str]) {
        let found: Vec<String> = pairs(&candidates(gone), &candidates(new))
            .into_iter()
            .map(|(old, new)| format!("{} {}", old.short(), new.short()))
            .collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn the_same_content_under_another_name_is_a_rename() {
        let spec = json!({"type": "service", "owner": "a", "lifecycle": "production"});
        let component = |name| (name, spec.clone());
        check(
            &[component("component:orders")],
            &[component("component:shop")],
            &["component:orders component:shop"],
        );
        check(&[component("component:orders")], &[component("resource:orders")], &[]);
        check(
            &[component("component:a-one"), component("component:b-one")],
            &[component("component:b-two"), component("component:a-two")],
            &["component:a-one component:a-two", "component:b-one component:b-two"],
        );
    }

    #[test]
    fn most_of_the_content_is_enough() {
        let old = json!({"type": "dns", "owner": "a", "hostnames": ["orders.example.com"], "ttl": 60});
        let new = json!({"type": "dns", "owner": "a", "hostnames": ["basket.example.com"], "ttl": 90});
        check(
            &[("resource:orders", old.clone())],
            &[("resource:basket", new)],
            &["resource:orders resource:basket"],
        );
        let other = json!({"type": "dns", "owner": "b", "hostnames": ["x.example.org"], "ttl": 5});
        check(&[("resource:orders", old.clone())], &[("resource:x", other)], &[]);
        let of_another_type = json!({"type": "db", "owner": "a", "hostnames": ["x.example.com"], "ttl": 60});
        check(&[("resource:orders", old)], &[("resource:x", of_another_type)], &[]);
    }

    #[test]
    fn a_great_many_are_paired_only_when_they_are_the_same() {
        let spec = |number: usize| json!({"type": "service", "owner": format!("team-{number}")});
        let names: Vec<(String, String)> = (0..300)
            .map(|number| (format!("component:old{number}"), format!("component:new{number}")))
            .collect();
        let gone: Vec<_> = names.iter().enumerate().map(|(at, name)| (name.0.as_str(), spec(at))).collect();
        let new: Vec<_> = names.iter().enumerate().map(|(at, name)| (name.1.as_str(), spec(at))).collect();
        assert_eq!(pairs(&candidates(&gone), &candidates(&new)).len(), 300);
    }
}
