//! What a repository wants of the rules.

use std::collections::BTreeMap;

use crate::diagnostic::{Diagnostic, Severity};

/// How a rule is taken in a repository.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Level {
    /// Not at all.
    Off,
    /// As severe as this.
    At(Severity),
}

impl Level {
    /// Reads `off`, `info`, `warning` or `error`.
    pub fn parse(text: &str) -> Option<Self> {
        Some(match text {
            "off" => Self::Off,
            "info" => Self::At(Severity::Info),
            "warning" => Self::At(Severity::Warning),
            "error" => Self::At(Severity::Error),
            _ => return None,
        })
    }
}

/// A kind that a repository allows, of one type or of any.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AllowedKind {
    /// The kind, compared without regard to case, as Backstage's `catalog.rules` does.
    pub kind: String,
    /// `spec.type`; `None` for any.
    pub spec_type: Option<String>,
}

impl AllowedKind {
    /// Reads `Resource` or `Resource/dns-record`.
    pub fn parse(text: &str) -> Self {
        match text.split_once('/') {
            Some((kind, spec_type)) => Self { kind: kind.to_owned(), spec_type: Some(spec_type.to_owned()) },
            None => Self { kind: text.to_owned(), spec_type: None },
        }
    }
}

/// What a repository wants of the rules.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Settings {
    /// Levels other than the rules' own, by the name of the rule.
    pub levels: BTreeMap<String, Level>,
    /// The kinds that may be in the repository; `None` allows all.
    pub allowed_kinds: Option<Vec<AllowedKind>>,
    /// Whether the repository holds the whole catalog, so that a reference that leads nowhere in it
    /// leads nowhere at all.
    pub is_whole_catalog: bool,
}

impl Settings {
    /// Gives each finding the severity that is wanted, and leaves out those of rules that are off.
    pub fn apply(&self, findings: &mut Vec<Diagnostic>) {
        if self.levels.is_empty() {
            return;
        }
        findings.retain_mut(|finding| match self.levels.get(finding.rule.as_str()) {
            Some(Level::Off) => false,
            Some(Level::At(severity)) => {
                finding.severity = *severity;
                true
            }
            None => true,
        });
    }
}
