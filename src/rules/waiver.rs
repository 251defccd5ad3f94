//! Waivers: comments that allow a finding for a time.
//!
//! `# platform: allow <rule> until <date> <reason>` behind a value allows the rule on that line; on a
//! line of its own it allows it on the line below; at the head of a document, in all of it. A waiver
//! always says until when and why. The last day counts, in UTC.

use std::collections::BTreeMap;

use memchr::memmem;

use crate::clock::Timestamp;
use crate::diagnostic::{Applicability, Diagnostic, Edit, Reach, RuleId, Severity, Suggestion, did_you_mean};
use crate::source::{SourceId, Span};
use crate::yaml::{Kind, Node, Tree};

use super::{Check, Docs, RULES, Rule, finding};

/// A waiver ends with this many seconds after its last day began.
const DAY: i64 = 24 * 60 * 60;
/// Waivers that are read in one file: nobody writes more, and each is looked up in the whole text.
const MOST: usize = 200;
/// What every waiver starts with.
const MARK: &str = "platform: allow";
/// What it looks like, for messages.
const FORM: &str = "write `# platform: allow <rule> until <YYYY-MM-DD> <reason>`";

/// A comment that allows a finding for a time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Waiver {
    /// The rule that it allows.
    pub rule: Box<str>,
    /// The first moment at which it no longer holds.
    pub until: Timestamp,
    /// Why it was allowed, in the words of who allowed it.
    pub reason: Box<str>,
    /// The comment.
    pub span: Span,
    /// Where findings must start.
    scope: Span,
}

/// What has become of a waiver.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum State {
    /// It allows a finding.
    Used,
    /// It allows nothing: there is nothing to allow.
    Unused,
    /// It is past its last day.
    Expired,
    /// There is no rule of its name.
    UnknownRule,
}

/// The waivers in a text, the first 200 of them, and what is wrong with those that cannot be read.
pub fn collect(source: SourceId, text: &str, tree: &Tree) -> (Vec<Waiver>, Vec<Diagnostic>) {
    let (mut waivers, mut findings) = (Vec::new(), Vec::new());
    for at in memmem::find_iter(text.as_bytes(), MARK).take(MOST) {
        let Some(comment) =
            Comment::around(text, at).filter(|comment| !is_in_scalar(tree, text, comment.start))
        else {
            continue;
        };
        let span = Span::new(source, comment.start as u32..comment.end as u32);
        match parse(&text[at + MARK.len()..comment.end]) {
            Ok((rule, until, reason)) => {
                let scope = comment.scope(text, tree);
                let scope = Span::new(source, scope.0 as u32..scope.1 as u32);
                waivers.push(Waiver { rule: rule.into(), until, reason: reason.into(), span, scope });
            }
            Err(reason) => findings.push(malformed(span, reason)),
        }
    }
    (waivers, findings)
}

/// Takes away the findings that a waiver allows, and adds those about waivers: expired, unused, of an
/// unknown rule. `beside` names the rules beside [`RULES`]: lints of templates, policies. Returns what
/// has become of each.
pub fn apply(
    waivers: &[Waiver],
    findings: &mut Vec<Diagnostic>,
    now: Timestamp,
    beside: &[&str],
) -> Vec<State> {
    let mut used = vec![false; waivers.len()];
    let mut by_source: BTreeMap<SourceId, Vec<usize>> = BTreeMap::new();
    for (at, waiver) in waivers.iter().enumerate() {
        by_source.entry(waiver.span.source).or_default().push(at);
    }
    findings.retain(|finding| {
        let mut is_allowed = false;
        for &at in by_source.get(&finding.primary.span.source).into_iter().flatten() {
            if waivers[at].covers(finding) {
                used[at] = true;
                is_allowed |= now < waivers[at].until;
            }
        }
        !is_allowed
    });
    let judge = |(waiver, used): (&Waiver, bool)| {
        let state = waiver.state(used, now, beside);
        findings.extend(waiver.finding(state, beside));
        state
    };
    waivers.iter().zip(used).map(judge).collect()
}

impl Waiver {
    fn covers(&self, finding: &Diagnostic) -> bool {
        let place = finding.primary.span;
        place.source == self.scope.source
            && (self.scope.start..self.scope.end).contains(&place.start)
            && finding.rule.as_str() == &*self.rule
    }

    /// The last day on which it holds: `2027-03-31`.
    pub fn last_day(&self) -> String {
        let day = Timestamp(self.until.0 - DAY).to_string();
        day.split('T').next().unwrap_or(&day).to_owned()
    }

    fn state(&self, used: bool, now: Timestamp, beside: &[&str]) -> State {
        if super::rule(&self.rule).is_none() && !beside.contains(&&*self.rule) {
            State::UnknownRule
        } else if now >= self.until {
            State::Expired
        } else if used {
            State::Used
        } else {
            State::Unused
        }
    }

    /// What is wrong with it.
    fn finding(&self, state: State, beside: &[&str]) -> Option<Diagnostic> {
        match state {
            State::Used => None,
            State::UnknownRule => {
                let found = malformed(self.span, &format!("there is no rule `{}`", self.rule));
                let known = RULES.iter().map(|rule| rule.id.as_str()).chain(beside.iter().copied());
                Some(match did_you_mean(&self.rule, known) {
                    Some(meant) => found.help(format!("did you mean `{meant}`?")),
                    None => found,
                })
            }
            State::Expired => {
                let message = format!("this waiver of `{}` ended on {}", self.rule, self.last_day());
                let advice = "mend what it allowed and remove the comment, or agree on a new date";
                Some(finding(&EXPIRED, self.span, message).reaching(Reach::Nothing).help(advice))
            }
            State::Unused => {
                let message = format!("this waiver allows nothing: `{}` finds nothing here", self.rule);
                let mut found = finding(&UNUSED, self.span, message).reaching(Reach::Nothing);
                found.suggestions.push(Suggestion {
                    message: "remove the comment".to_owned(),
                    edits: vec![Edit { span: self.span, replacement: String::new() }],
                    applicability: Applicability::Safe,
                });
                Some(found)
            }
        }
    }
}

fn malformed(span: Span, reason: &str) -> Diagnostic {
    finding(&MALFORMED, span, format!("this waiver is not valid: {reason}"))
        .reaching(Reach::Nothing)
        .help(FORM)
}

/// Rule, end and reason of ` <rule> until <date> <reason>`, or what is wrong with it.
fn parse(text: &str) -> Result<(&str, Timestamp, &str), &'static str> {
    let mut words = text.split_whitespace();
    let rule = words.next().ok_or("it names no rule")?;
    if words.next() != Some("until") {
        return Err("`until` and a date must follow the rule");
    }
    let date = words.next().ok_or("`until` needs a date")?;
    let start =
        Timestamp::parse(&format!("{date}T00:00:00Z")).ok_or("the date must be a day such as 2027-03-31")?;
    let reason = text.split_once(date).map_or("", |(_, rest)| rest.trim());
    if reason.is_empty() {
        return Err("it gives no reason");
    }
    Ok((rule, Timestamp(start.0 + DAY), reason))
}

/// A comment: from its `#` to the end of its line.
struct Comment {
    line: usize,
    start: usize,
    end: usize,
}

impl Comment {
    /// The comment that starts with what is at `at`.
    fn around(text: &str, at: usize) -> Option<Self> {
        let head = if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
        let line = text[..at].rfind('\n').map_or(head, |before| before + 1);
        let start = line + text[line..at].trim_end_matches([' ', '\t']).len();
        let start = start.checked_sub(1).filter(|&start| start >= line && text.as_bytes()[start] == b'#')?;
        let begins = start == line || matches!(text.as_bytes()[start - 1], b' ' | b'\t');
        let end = text[at..].find('\n').map_or(text.len(), |length| at + length);
        let end = at + text[at..end].trim_end().len();
        begins.then_some(Self { line, start, end })
    }

    /// Where findings must start to be allowed.
    fn scope(&self, text: &str, tree: &Tree) -> (usize, usize) {
        if !text[self.line..self.start].trim().is_empty() {
            return (self.line, self.end);
        }
        if let Some(document) = self.document(text, tree) {
            return document;
        }
        // the next line that is neither empty nor a comment
        let mut start = self.end;
        for line in text[self.end..].split_inclusive('\n') {
            let content = line.trim();
            if !content.is_empty() && !content.starts_with('#') {
                return (start, start + line.len());
            }
            start += line.len();
        }
        (start, start)
    }

    /// The document at whose head the comment stands.
    fn document(&self, text: &str, tree: &Tree) -> Option<(usize, usize)> {
        let roots = tree.documents(text).filter_map(|document| document.root());
        let spans = roots.filter(|root| root.kind() != Kind::Null).map(Node::span);
        let mut first = true;
        for span in spans {
            let (start, end) = (span.start as usize, span.end as usize);
            if self.start < start {
                let between = &text[self.end..start];
                let has_marker = between.lines().any(|line| line.starts_with("---"));
                return (first || !has_marker).then_some((start, end.max(start + 1)));
            }
            if self.start < end {
                return None;
            }
            first = false;
        }
        None
    }
}

/// Whether a place is within a text value, where `#` starts no comment.
fn is_in_scalar(tree: &Tree, text: &str, at: usize) -> bool {
    let mut open: Vec<Node<'_>> = tree.documents(text).filter_map(|document| document.root()).collect();
    while let Some(node) = open.pop() {
        let span = node.span();
        if !(span.start as usize..span.end as usize).contains(&at) || node.is_alias() {
            continue;
        }
        match node.kind() {
            Kind::Mapping => open.extend(node.entries().flat_map(|(key, value)| [key, value])),
            Kind::Sequence => open.extend(node.items()),
            _ => return true,
        }
    }
    false
}

pub(super) const EXPIRED: Rule = Rule {
    id: RuleId::new("waiver-expired"),
    severity: Severity::Warning,
    summary: "a waiver is past its last day",
    docs: Docs {
        why: "A waiver is a promise to mend something by a day. Past that day what it allowed is found again.",
        bad: "\
apiVersion: backstage.io/v1alpha1
kind: Component
metadata:
  name: orders
spec:
  type: service
  lifecycle: production
  owner: component:shop # platform: allow owner-not-a-group-or-user until 2020-01-31 team is being set up
",
        good: "\
apiVersion: backstage.io/v1alpha1
kind: Component
metadata:
  name: orders
spec:
  type: service
  lifecycle: production
  owner: component:shop # platform: allow owner-not-a-group-or-user until 2999-01-31 team is being set up
",
        fix: "mend what the waiver allowed and remove the comment, or agree on a new date",
    },
    check: Check::Comments,
};

pub(super) const UNUSED: Rule = Rule {
    id: RuleId::new("waiver-unused"),
    severity: Severity::Warning,
    summary: "a waiver allows nothing",
    docs: Docs {
        why: "A waiver that allows nothing any more hides the next mistake of its sort.",
        bad: "\
# platform: allow dangling-reference until 2999-01-31 the team comes with the next release
apiVersion: backstage.io/v1alpha1
kind: Group
metadata:
  name: team-payments
spec:
  type: team
  children: []
",
        good: "\
apiVersion: backstage.io/v1alpha1
kind: Group
metadata:
  name: team-payments
spec:
  type: team
  children: []
",
        fix: "remove the comment",
    },
    check: Check::Comments,
};

pub(super) const MALFORMED: Rule = Rule {
    id: RuleId::new("waiver-malformed"),
    severity: Severity::Error,
    summary: "a waiver cannot be read",
    docs: Docs {
        why: "A waiver names one rule, a last day and a reason; without them it allows nothing.",
        bad: "\
# platform: allow dangling-reference because the team comes later
apiVersion: backstage.io/v1alpha1
kind: Component
metadata:
  name: orders
spec:
  type: service
  lifecycle: production
  owner: component:shop # platform: allow owner-not-a-group-or-user until 2999-01-31 team is being set up
",
        good: "\
apiVersion: backstage.io/v1alpha1
kind: Component
metadata:
  name: orders
spec:
  type: service
  lifecycle: production
  owner: component:shop # platform: allow owner-not-a-group-or-user until 2999-01-31 team is being set up
",
        fix: "write `# platform: allow <rule> until <YYYY-MM-DD> <reason>`",
    },
    check: Check::Comments,
};

#[cfg(test)]
mod tests {
    use super::{apply, collect};
    use crate::clock::Timestamp;
    use crate::diagnostic::{Diagnostic, RuleId};
    use crate::source::{LineIndex, SourceId, Span};
    use crate::yaml;

    /// What is left of findings of `empty-value` that start on `lines`, each as `line rule`.
    fn check(text: &str, lines: &[u32], expected: &[&str]) {
        let (findings, index) = found(text, lines);
        let shown = findings.iter().map(|finding| {
            format!("{} {}", index.position(text, finding.primary.span.start).line, finding.rule)
        });
        assert_eq!(shown.collect::<Vec<_>>(), expected, "{text}");
    }

    /// What is left of findings of `empty-value` that start on `lines`.
    fn found(text: &str, lines: &[u32]) -> (Vec<Diagnostic>, LineIndex) {
        let source = SourceId(0);
        let (tree, _) = yaml::parse(source, text);
        let index = LineIndex::new(text);
        let at = |line: u32| index.line_range(text, line).start as u32 + 1;
        let error = |line: &u32| {
            Diagnostic::error(RuleId::new("empty-value"), Span::new(source, at(*line)..at(*line)), "")
        };
        let (waivers, mut findings) = collect(source, text, &tree);
        findings.extend(lines.iter().map(error));
        let today = Timestamp::parse("2026-06-30T12:00:00Z").unwrap();
        apply(&waivers, &mut findings, today, &["template-unknown-filter", "service-needs-on-call"]);
        (findings, index)
    }

    #[test]
    fn the_rule_that_was_meant_may_be_any() {
        for (wrong, meant) in [
            ("empty-valeu", "empty-value"),
            ("template-unknown-fliter", "template-unknown-filter"),
            ("service-need-on-call", "service-needs-on-call"),
        ] {
            let (findings, _) = found(&format!("a: 1 # platform: allow {wrong} until 2026-06-30 x\n"), &[]);
            assert_eq!(findings[0].suggestions[1].message, format!("did you mean `{meant}`?"));
        }
    }

    const ALLOW: &str = "# platform: allow empty-value until 2026-06-30 why not";

    #[test]
    fn a_waiver_holds_on_its_line_the_line_below_or_its_document() {
        check(&format!("a: '' {ALLOW}\nb: ''\n"), &[1, 2], &["2 empty-value"]);
        check(&format!("x: 1\n{ALLOW}\n# more\na: ''\nb: ''\n"), &[4, 5], &["5 empty-value"]);
        check(&format!("{ALLOW}\n---\na: ''\nb: ''\n---\nc: ''\n"), &[3, 4, 6], &["6 empty-value"]);
        check(&format!("a: ''\n---\n{ALLOW}\nb: ''\nc: ''\n"), &[1, 4, 5], &["1 empty-value"]);
    }

    #[test]
    fn what_is_wrong_with_a_waiver_is_found() {
        check(&format!("a: 1 {ALLOW}\n"), &[], &["1 waiver-unused"]);
        check(
            "a: '' # platform: allow empty-value until 2026-06-29 x\n",
            &[1],
            &["1 empty-value", "1 waiver-expired"],
        );
        check(
            "a: '' # platform: allow empty-value until soon x\n",
            &[1],
            &["1 waiver-malformed", "1 empty-value"],
        );
        check(
            "a: '' # platform: allow empty-value until 2026-06-30\n",
            &[1],
            &["1 waiver-malformed", "1 empty-value"],
        );
        check(
            "a: '' # platform: allow empty-velue until 2026-06-30 x\n",
            &[1],
            &["1 empty-value", "1 waiver-malformed"],
        );
    }

    #[test]
    fn only_comments_are_waivers() {
        check(&format!("a: |\n  {ALLOW}\nb: \"{ALLOW}\"\nc: 'platform: allow'\n"), &[], &[]);
    }
}
