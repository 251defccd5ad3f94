//! What is wrong in a user's text, as a value.
//!
//! A [`Diagnostic`] says what, where, why and how to mend it. It knows nothing of terminals or file
//! formats: `output::diagnostics` has one renderer for each.

use std::borrow::Cow;
use std::fmt;

use crate::source::Span;

/// The stable name of a rule, after the problem it finds: `dangling-reference`. Never reused.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RuleId(pub Cow<'static, str>);

impl RuleId {
    /// A rule of the tool itself.
    pub const fn new(name: &'static str) -> Self {
        Self(Cow::Borrowed(name))
    }

    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for RuleId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// How bad a finding is. The order is from mild to severe.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Worth knowing; never fails a run.
    Info,
    /// Works, but is likely not what was meant; never fails a run unless asked to.
    Warning,
    /// Backstage or the platform will refuse it; the answer of the run is no.
    Error,
}

impl Severity {
    /// The word for it: `info`, `warning` or `error`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Info => "info",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

/// What a finding stops in Backstage.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Reach {
    /// Nothing: Backstage accepts it.
    Nothing,
    /// The entity it is in: its last good version stays, all others are updated.
    Entity,
    /// Everything that comes through the same Location entity: nothing of it is updated.
    Location,
}

/// A place with a word about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Label {
    /// The place.
    pub span: Span,
    /// What is to be seen there; may be empty.
    pub message: String,
}

impl Label {
    /// A place with a word about it.
    pub fn new(span: Span, message: impl Into<String>) -> Self {
        Self { span, message: message.into() }
    }
}

/// Replaces the text at a place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edit {
    /// What is replaced; empty to insert.
    pub span: Span,
    /// The new text.
    pub replacement: String,
}

/// Whether a suggestion may be carried out without asking.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Applicability {
    /// The only sensible repair: `--fix` carries it out.
    Safe,
    /// A guess: shown, never carried out.
    Guess,
}

/// A repair.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Suggestion {
    /// What to do, as an imperative: `write the tag in lower case`.
    pub message: String,
    /// How, where it is known to the byte; may be empty.
    pub edits: Vec<Edit>,
    /// Whether it may be carried out without asking.
    pub applicability: Applicability,
}

/// One finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// The rule that found it.
    pub rule: RuleId,
    /// How bad it is.
    pub severity: Severity,
    /// What it stops in Backstage.
    pub reach: Reach,
    /// What is wrong: one line, lower case first, no full stop.
    pub message: String,
    /// Where, with a word about it.
    pub primary: Label,
    /// Other places that belong to it: the other definition of a duplicate, say.
    pub related: Vec<Label>,
    /// Why it is wrong, one thought a line.
    pub notes: Vec<String>,
    /// How to mend it.
    pub suggestions: Vec<Suggestion>,
}

impl Diagnostic {
    /// An error that hits the entity it is in.
    pub fn error(rule: RuleId, span: Span, message: impl Into<String>) -> Self {
        Self {
            rule,
            severity: Severity::Error,
            reach: Reach::Entity,
            message: one_line(message.into()),
            primary: Label::new(span, ""),
            related: Vec::new(),
            notes: Vec::new(),
            suggestions: Vec::new(),
        }
    }

    /// A warning about something that Backstage accepts.
    pub fn warning(rule: RuleId, span: Span, message: impl Into<String>) -> Self {
        Self { severity: Severity::Warning, reach: Reach::Nothing, ..Self::error(rule, span, message) }
    }

    /// Sets what the finding stops.
    #[must_use]
    pub fn reaching(mut self, reach: Reach) -> Self {
        self.reach = reach;
        self
    }

    /// Says what is to be seen at the primary place.
    #[must_use]
    pub fn label(mut self, message: impl Into<String>) -> Self {
        self.primary.message = message.into();
        self
    }

    /// Adds another place.
    #[must_use]
    pub fn related(mut self, span: Span, message: impl Into<String>) -> Self {
        self.related.push(Label::new(span, message));
        self
    }

    /// Adds a reason.
    #[must_use]
    pub fn note(mut self, note: impl Into<String>) -> Self {
        self.notes.push(note.into());
        self
    }

    /// Adds an advice without an edit.
    #[must_use]
    pub fn help(mut self, message: impl Into<String>) -> Self {
        let message = one_line(message.into());
        self.suggestions.push(Suggestion { message, edits: Vec::new(), applicability: Applicability::Guess });
        self
    }

    /// Adds a repair that replaces the text at `span`.
    #[must_use]
    pub fn fix(
        mut self,
        applicability: Applicability,
        message: impl Into<String>,
        span: Span,
        replacement: impl Into<String>,
    ) -> Self {
        let edits = vec![Edit { span, replacement: replacement.into() }];
        self.suggestions.push(Suggestion { message: one_line(message.into()), edits, applicability });
        self
    }
}

/// A message: texts of files have line breaks and may be of any length, and messages quote them.
fn one_line(text: String) -> String {
    const LONGEST: usize = 1000;
    let text = match text.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}...", &text[..end]),
        None => text,
    };
    if text.contains(['\n', '\r']) { text.replace(['\n', '\r'], " ") } else { text }
}

/// The candidate that somebody who wrote `wrong` most likely meant: the nearest by edit distance,
/// at most a third of its length away, the first in order among equals. None for what is too long to be a name:
/// the distance takes the square of the length.
pub fn did_you_mean<'a>(wrong: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    const LONGEST: usize = 256;
    if wrong.len() > LONGEST {
        return None;
    }
    let lower = wrong.to_lowercase();
    let limit = (lower.chars().count() / 3).max(1);
    candidates
        .into_iter()
        .map(|candidate| (edit_distance(&lower, &candidate.to_lowercase(), limit), candidate))
        .filter(|(distance, _)| *distance <= limit)
        .min()
        .map(|(_, candidate)| candidate)
}

/// Insertions, deletions, substitutions and swaps of neighbours between two words; more than `limit`
/// is not counted exactly.
fn edit_distance(a: &str, b: &str, limit: usize) -> usize {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    if a.len().abs_diff(b.len()) > limit {
        return limit + 1;
    }
    let mut before = vec![0; b.len() + 1];
    let mut last: Vec<usize> = (0..=b.len()).collect();
    for i in 1..=a.len() {
        let mut row = vec![i; b.len() + 1];
        for j in 1..=b.len() {
            let substituted = last[j - 1] + usize::from(a[i - 1] != b[j - 1]);
            row[j] = substituted.min(last[j] + 1).min(row[j - 1] + 1);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                row[j] = row[j].min(before[j - 2] + 1);
            }
        }
        before = std::mem::replace(&mut last, row);
    }
    last[b.len()]
}

#[cfg(test)]
mod tests {
    use super::{Diagnostic, RuleId, did_you_mean};
    use crate::source::{SourceId, Span};

    fn check(wrong: &str, candidates: &[&str], meant: Option<&str>) {
        assert_eq!(did_you_mean(wrong, candidates.iter().copied()), meant, "{wrong}");
    }

    #[test]
    fn a_message_is_one_line_however_long_what_it_quotes() {
        let span = Span::start_of(SourceId(0));
        let found = Diagnostic::error(RuleId::new("x"), span, format!("a\nb{}", "ä".repeat(5000)));
        assert!(found.message.starts_with("a b") && found.message.ends_with("ä..."));
        assert_eq!(found.message.chars().count(), 1003);
    }

    #[test]
    fn the_nearest_word_is_meant() {
        check("validte", &["render", "validate", "status"], Some("validate"));
        check("team-a", &["team-b", "team-c"], Some("team-b"));
        check("tema-pay", &["team-pay", "team-day"], Some("team-pay"));
        check("Service", &["service"], Some("service"));
        check("orders", &["payments", "shop"], None);
        check("", &["a"], Some("a"));
        let long = "x".repeat(1_000_000);
        check(&long, &[&long], None);
    }
}
