//! The names under `rules` in `platform.yaml`: a setting for a rule that does not exist does nothing.

use std::sync::Arc;

use super::catalog::Request;
use crate::diagnostic::{Applicability, Diagnostic, Reach, did_you_mean};
use crate::fs;
use crate::rules::{self, Policy, RULES};
use crate::scaffolder::LINTS;
use crate::source::{SourceId, Sources};
use crate::yaml::{self, Node};

/// The repository's own configuration.
const FILE: &str = "platform.yaml";
/// The rule for what is wrong in it.
const RULE: &str = "configuration";

/// Names of no rule, with what was likely meant. `policies` are all of the repository; when one of them could
/// not be read, its name is not known.
pub(super) fn unknown(
    request: &Request,
    found: &[fs::Found],
    policies: &[Policy],
    sources: &mut Sources,
) -> Vec<Diagnostic> {
    let lints = LINTS.iter().map(|lint| lint.id.as_str());
    let own = policies.iter().map(|policy| policy.id.as_str());
    let known: Vec<&str> = RULES.iter().map(|rule| rule.id.as_str()).chain(lints).chain(own).collect();
    let is_known = |name: &String| known.contains(&name.as_str());
    if request.settings.levels.keys().all(is_known) {
        return Vec::new();
    }
    let Some(index) = found.iter().position(|file| *file.path == *FILE) else { return Vec::new() };
    let (source, file) = (SourceId(index as u32), &found[index]);
    let text: Arc<str> = match (request.overlay.get(FILE), fs::read_text(&file.file(&request.root))) {
        (Some(text), _) => Arc::clone(text),
        (None, Ok(text)) => text.into(),
        (None, Err(_)) => return Vec::new(),
    };
    let (tree, _) = yaml::parse(source, &text);
    let root = tree.documents(&text).next().and_then(|document| document.root());
    let names = root.and_then(|root| root.get("rules")).into_iter().flat_map(Node::entries);
    let findings = names.filter_map(|(key, _)| judge(key, &known)).collect();
    sources.set_text(source, text);
    findings
}

fn judge(key: Node<'_>, known: &[&str]) -> Option<Diagnostic> {
    let name = yaml::key_text(key);
    if known.contains(&&*name) {
        return None;
    }
    let message = format!("there is no rule `{name}`: its severity holds for nothing");
    let found =
        Diagnostic::error(rules::rule(RULE)?.id.clone(), key.span(), message).reaching(Reach::Nothing);
    Some(match did_you_mean(&name, known.iter().copied()) {
        Some(meant) => found.fix(Applicability::Guess, format!("did you mean `{meant}`?"), key.span(), meant),
        None => found.help("`platform explain` lists the rules"),
    })
}
