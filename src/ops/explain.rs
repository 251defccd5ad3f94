//! `explain`: what there is to say about a rule of the tool or a policy of the organisation.

use std::path::Path;

use crate::diagnostic::{Severity, did_you_mean};
use crate::error::Failure;
use crate::fs;
use crate::rules::{Policy, RULES, Rule, policy};
use crate::scaffolder::{LINTS, Lint};
use crate::source::SourceId;

use super::catalog::POLICIES;

/// A rule, whoever made it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Explained {
    /// Its name.
    pub id: String,
    /// How bad its findings are unless the repository wants otherwise.
    pub severity: Severity,
    /// What it finds, in one line.
    pub summary: String,
    /// Why it exists; may be empty.
    pub why: String,
    /// A text in which it finds something; may be empty.
    pub bad: String,
    /// The same, mended; may be empty.
    pub good: String,
    /// How to mend what it finds; may be empty.
    pub fix: String,
    /// The file that defines it; `None` for a rule of the tool.
    pub defined_in: Option<String>,
}

/// Every rule of the tool, every lint of templates and every policy of the repository at `root`, by name. Policies that cannot
/// be read are left out: `validate` says why.
pub fn all(root: Option<&Path>) -> Vec<Explained> {
    let mut all: Vec<Explained> = RULES.iter().map(of_rule).collect();
    all.extend(LINTS.iter().map(of_lint));
    all.extend(root.map(policies).unwrap_or_default());
    all.sort_by(|a, b| a.id.cmp(&b.id));
    all
}

/// The rule of this name.
pub fn one(code: &str, root: Option<&Path>) -> Result<Explained, Failure> {
    let all = all(root);
    if let Some(found) = all.iter().find(|rule| rule.id == code) {
        return Ok(found.clone());
    }
    let ids = || all.iter().map(|rule| rule.id.as_str());
    let part = || ids().find(|id| !code.is_empty() && id.contains(code));
    let hint = match did_you_mean(code, ids()).or_else(part) {
        Some(meant) => format!("did you mean `platform explain {meant}`?"),
        None => "`platform explain` lists the rules".to_owned(),
    };
    Err(Failure::usage(format!("there is no rule `{code}`")).hint(hint))
}

fn of_rule(rule: &Rule) -> Explained {
    Explained {
        id: rule.id.as_str().to_owned(),
        severity: rule.severity,
        summary: rule.summary.to_owned(),
        why: rule.docs.why.to_owned(),
        bad: rule.docs.bad.to_owned(),
        good: rule.docs.good.to_owned(),
        fix: rule.docs.fix.to_owned(),
        defined_in: None,
    }
}

fn of_lint(lint: &Lint) -> Explained {
    Explained {
        id: lint.id.as_str().to_owned(),
        severity: lint.severity,
        summary: lint.summary.to_owned(),
        why: lint.why.to_owned(),
        bad: lint.bad.to_owned(),
        good: lint.good.to_owned(),
        fix: lint.fix.to_owned(),
        defined_in: None,
    }
}

fn policies(root: &Path) -> Vec<Explained> {
    let folder = root.join(POLICIES);
    let mut all = Vec::new();
    if !fs::is_directory(&folder) {
        return all;
    }
    for file in fs::walk(&folder).yaml {
        let Ok(text) = fs::read_text(&file.file(&folder)) else { continue };
        let path = format!("{POLICIES}/{}", file.path);
        let (policies, _) = policy::parse(SourceId(0), &text);
        all.extend(policies.into_iter().map(|policy| of_policy(policy, &path)));
    }
    all
}

fn of_policy(policy: Policy, path: &str) -> Explained {
    Explained {
        id: policy.id.as_str().to_owned(),
        severity: policy.severity,
        summary: policy.summary,
        why: policy.why,
        bad: policy.bad,
        good: policy.good,
        fix: policy.fix,
        defined_in: Some(path.to_owned()),
    }
}
