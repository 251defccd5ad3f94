//! What of rendered objects was not checked, and how that can be changed.

use std::collections::BTreeSet;

use serde::Serialize;

use super::Console;
use crate::object::Gvk;
use crate::ops::render::Unchecked;

/// What was not checked, in JSON.
#[derive(Serialize)]
pub(super) struct Wire<'a> {
    kinds: Vec<Kind<'a>>,
    rules: Vec<Rule<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Kind<'a> {
    api_version: String,
    kind: &'a str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Rule<'a> {
    #[serde(flatten)]
    kind: Kind<'a>,
    reason: &'a str,
}

fn kind(gvk: &Gvk) -> Kind<'_> {
    Kind { api_version: gvk.api_version(), kind: &gvk.kind }
}

impl<'a> From<&'a Unchecked> for Wire<'a> {
    fn from(unchecked: &'a Unchecked) -> Self {
        let rules = unchecked
            .rules
            .iter()
            .flat_map(|(gvk, rules)| rules.iter().map(move |reason| Rule { kind: kind(gvk), reason }));
        Self { kinds: unchecked.kinds.iter().map(kind).collect(), rules: rules.collect() }
    }
}

/// Says so on stderr, once for each kind; nothing when everything was checked.
pub fn note(console: &Console, unchecked: &Unchecked) {
    let name = |gvk: &Gvk| format!("{} ({})", gvk.kind, gvk.api_version());
    if !unchecked.kinds.is_empty() {
        let kinds: BTreeSet<&str> = unchecked.kinds.iter().map(|gvk| gvk.kind.as_str()).collect();
        let kinds: Vec<&str> = kinds.into_iter().collect();
        console.note(format!("not checked against a definition: {}\n", kinds.join(", ")));
        console.note("  get the definitions from a cluster: platform types pull-crds\n");
    }
    for (gvk, rules) in &unchecked.rules {
        for rule in rules {
            console.note(format!("a rule of {} was not decided: {rule}\n", name(gvk)));
        }
    }
}
