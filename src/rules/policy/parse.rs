//! Reads policies.

use std::borrow::Cow;

use crate::cel::Condition;
use crate::diagnostic::{Applicability, Diagnostic, Reach, RuleId, Severity, did_you_mean};
use crate::source::{SourceId, Span};
use crate::yaml::{self, Kind, Node};

use super::{INVALID, Policy, examples};
use crate::rules::{finding, rule};

/// The fields of a policy.
const FIELDS: [&str; 11] =
    ["id", "summary", "severity", "kinds", "types", "condition", "message", "why", "fix", "at", "good"];

/// Reads the policies of one file, one a document, and runs their examples. A policy with errors is
/// left out.
pub fn parse(source: SourceId, text: &str) -> (Vec<Policy>, Vec<Diagnostic>) {
    let (tree, mut findings) = yaml::parse(source, text);
    let mut policies = Vec::new();
    for document in tree.documents(text).filter(|document| !document.is_broken()) {
        let Some(root) = document.root().filter(|root| root.kind() != Kind::Null) else { continue };
        let mut reader = Reader { root, findings: Vec::new() };
        let policy = reader.policy();
        let is_good = reader.findings.is_empty();
        findings.extend(reader.findings);
        if let Some(policy) = policy.filter(|_| is_good) {
            findings.extend(examples::check(&policy));
            policies.push(policy);
        }
    }
    findings.sort_by_key(|finding| finding.primary.span);
    (policies, findings)
}

/// A message of the CEL parser without the place that it begins with, which is in a text of its own.
fn without_place(message: &str) -> &str {
    let rest = message.split_once("<input>:").map(|(_, rest)| rest);
    rest.and_then(|rest| rest.split_once(": ")).map_or(message, |(_, rest)| rest)
}

struct Reader<'a> {
    root: Node<'a>,
    findings: Vec<Diagnostic>,
}

impl<'a> Reader<'a> {
    fn policy(&mut self) -> Option<Policy> {
        if self.root.kind() != Kind::Mapping {
            self.report(self.root.span(), "a policy must be a mapping");
            return None;
        }
        self.unknown_fields();
        let id = self.needed("id").and_then(|text| self.id(&text));
        let condition = self.needed("condition").and_then(|text| self.condition(&text));
        let [summary, message] = [self.needed("summary"), self.needed("message")];
        let [good, bad] = [self.needed("good"), self.needed("bad")];
        let (kinds, types) = (self.list("kinds"), self.list("types"));
        let (severity, at) = (self.severity(), self.pointer());
        let [why, fix] =
            [self.text("why"), self.text("fix")].map(|text| text.unwrap_or_default().into_owned());
        Some(Policy {
            id: id?,
            summary: summary?.into_owned(),
            message: message?.into_owned(),
            good: good?.into_owned(),
            bad: bad?.into_owned(),
            span: self.span("id"),
            severity,
            why,
            fix,
            kinds,
            types,
            at,
            condition: condition?,
        })
    }

    fn report(&mut self, span: Span, message: impl Into<String>) {
        self.findings.push(finding(&INVALID, span, message).reaching(Reach::Nothing));
    }

    /// The place of a field's value, or of the first key.
    fn span(&self, field: &str) -> Span {
        let value = self.root.get(field).map(Node::span);
        value.unwrap_or_else(|| self.root.entries().next().map_or(self.root.span(), |(key, _)| key.span()))
    }

    fn unknown_fields(&mut self) {
        for (key, _) in self.root.entries() {
            let name = yaml::key_text(key);
            let known = || FIELDS.into_iter().chain(["bad"]);
            if known().any(|field| field == name) {
                continue;
            }
            let found = finding(&INVALID, key.span(), format!("`{name}` is not a field of a policy"));
            let found = found.reaching(Reach::Nothing);
            self.findings.push(match did_you_mean(&name, known()) {
                Some(meant) => {
                    found.fix(Applicability::Guess, format!("did you mean `{meant}`?"), key.span(), meant)
                }
                None => found.note(format!("a policy has {}, bad", FIELDS.join(", "))),
            });
        }
    }

    fn text(&mut self, field: &str) -> Option<Cow<'a, str>> {
        let node = self.root.get(field)?;
        let text = node.as_str();
        if text.is_none() {
            self.report(node.span(), format!("`{field}` must be text"));
        }
        text
    }

    fn needed(&mut self, field: &str) -> Option<Cow<'a, str>> {
        if self.root.get(field).is_none() {
            self.report(self.span(field), format!("the policy has no `{field}`"));
            return None;
        }
        let text = self.text(field)?;
        if text.trim().is_empty() {
            self.report(self.span(field), format!("`{field}` must not be empty"));
            return None;
        }
        Some(text)
    }

    fn list(&mut self, field: &str) -> Vec<String> {
        let Some(node) = self.root.get(field) else { return Vec::new() };
        let items: Vec<String> = node.items().filter_map(|item| Some(item.as_str()?.into_owned())).collect();
        if node.kind() != Kind::Sequence || items.is_empty() || items.len() != node.items().count() {
            self.report(node.span(), format!("`{field}` must be a list of texts, with at least one"));
        }
        items
    }

    fn severity(&mut self) -> Severity {
        match self.text("severity").as_deref() {
            None | Some("error") => Severity::Error,
            Some("warning") => Severity::Warning,
            Some("info") => Severity::Info,
            Some(_) => {
                self.report(self.span("severity"), "`severity` must be `error`, `warning` or `info`");
                Severity::Error
            }
        }
    }

    fn pointer(&mut self) -> String {
        let Some(text) = self.text("at") else { return String::new() };
        if !text.starts_with('/') {
            self.report(self.span("at"), "`at` must be a JSON pointer such as `/spec/owner`");
        }
        text.into_owned()
    }

    fn condition(&mut self, text: &str) -> Option<Condition> {
        match Condition::compile(text) {
            Ok(condition) => Some(condition),
            Err(error) => {
                let reason = without_place(&error.message);
                self.report(self.span("condition"), format!("`condition` is no CEL: {reason}"));
                None
            }
        }
    }

    /// The name of the rule: words in lower case with `-` between them, not one of the tool's own.
    fn id(&mut self, text: &str) -> Option<RuleId> {
        let is_word = |word: &str| {
            !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit())
        };
        if !text.split('-').all(is_word) || text.len() > 63 {
            self.report(self.span("id"), "`id` must be words in lower case with `-` between them");
            return None;
        }
        if rule(text).is_some() {
            self.report(self.span("id"), format!("`{text}` is the name of a rule of the tool"));
            return None;
        }
        Some(RuleId(Cow::Owned(text.to_owned())))
    }
}
