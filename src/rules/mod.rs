//! One file a rule.
//!
//! [`RULES`] has one row for every rule of the tool: those of this folder, which look at a whole file
//! or at the whole catalog, and the documentation of those that hold while YAML is parsed and a
//! document is decoded. [`read`] reads one file in any thread, [`Ingest`] puts the files together and
//! runs the rules that need all of them.
//!
//! A new rule is one file with a constant `RULE`, one row here, and fixtures.

mod case_colliding_keys;
mod cycle;
mod dangling_reference;
mod dependency_cycle;
mod docs;
mod duplicate_entity;
mod group_cycle;
mod ingest;
mod kind_not_allowed;
mod location_target;
mod owner_not_a_group_or_user;
mod paths;
pub mod policy;
mod settings;
mod unfilled_expression;
mod unquoted_expression;
mod unreached_file;
pub mod waiver;

use crate::catalog::Catalog;
use crate::diagnostic::{Diagnostic, RuleId, Severity};
use crate::yaml::Tree;

pub use ingest::{FileReport, Ingest, Outcome, Surroundings, read};
pub use paths::Paths;
pub use policy::Policy;
pub use settings::{AllowedKind, Level, Settings};

/// A rule: what it is called, how bad its findings are, what it is about, and how it is checked.
#[derive(Debug)]
pub struct Rule {
    /// Its name, after the problem it finds.
    pub id: RuleId,
    /// How bad its findings are unless the repository wants otherwise.
    pub severity: Severity,
    /// What it finds, in one line.
    pub summary: &'static str,
    /// What `platform explain` prints.
    pub docs: Docs,
    check: Check,
}

/// Why a rule exists and how to mend what it finds.
#[derive(Debug)]
pub struct Docs {
    /// What goes wrong without it.
    pub why: &'static str,
    /// A text in which the rule finds something. Several files are set apart by lines `# file: NAME`.
    pub bad: &'static str,
    /// The same, mended.
    pub good: &'static str,
    /// How to mend it.
    pub fix: &'static str,
}

/// When a rule is checked.
#[derive(Debug)]
enum Check {
    /// While the text is parsed or a document is decoded.
    Reading,
    /// In another area of the tool, on what are no entities.
    Elsewhere,
    /// On each file, with its text at hand.
    File(fn(&FileView<'_>) -> Vec<Diagnostic>),
    /// On the comments of each file, by [`waiver`].
    Comments,
    /// On the policies of the repository and the entities that they are about, by [`policy`].
    Policies,
    /// On the whole catalog.
    Catalog(fn(&Context<'_>) -> Vec<Diagnostic>),
}

/// A file with its text.
struct FileView<'a> {
    text: &'a str,
    tree: &'a Tree,
}

/// The catalog and what is around it.
pub struct Context<'a> {
    /// All entities.
    pub catalog: &'a Catalog,
    /// The files of the repository; `None` where they are not known, which keeps the rules about
    /// files silent.
    pub paths: Option<&'a Paths>,
    /// What the repository wants.
    pub settings: &'a Settings,
}

/// All rules, by name.
pub const RULES: &[Rule] = &[
    docs::CANNOT_RENDER,
    case_colliding_keys::RULE,
    docs::CONFIGURATION,
    dangling_reference::RULE,
    dependency_cycle::RULE,
    duplicate_entity::RULE,
    docs::EMPTY_VALUE,
    group_cycle::RULE,
    docs::HOSTNAME_CONFLICT,
    docs::INVALID_ANNOTATION,
    docs::INVALID_API_VERSION,
    docs::INVALID_DEFINITION,
    docs::INVALID_KIND,
    docs::INVALID_LABEL,
    docs::INVALID_LINK,
    docs::INVALID_NAME,
    docs::INVALID_NAMESPACE,
    docs::INVALID_REFERENCE,
    docs::INVALID_RESOURCE_TYPE,
    docs::INVALID_TAG,
    docs::INVALID_VALUE,
    kind_not_allowed::RULE,
    location_target::RULE,
    docs::LOCATION_TYPE,
    docs::MISSING_FIELD,
    docs::MISSPELLED_FIELD,
    docs::NOT_AN_ENTITY,
    owner_not_a_group_or_user::RULE,
    policy::EXAMPLE,
    policy::INVALID,
    policy::UNDECIDED,
    docs::STALE_RENDERED,
    unfilled_expression::RULE,
    docs::UNKNOWN_FIELD,
    docs::UNKNOWN_KIND,
    docs::UNPARSED_PLACEHOLDER,
    unquoted_expression::RULE,
    unreached_file::RULE,
    docs::UNREADABLE_FILE,
    docs::UNREADABLE_PLACEHOLDER,
    waiver::EXPIRED,
    waiver::MALFORMED,
    waiver::UNUSED,
    docs::WRONG_TYPE,
    docs::YAML_ALIAS,
    docs::YAML_DUPLICATE_KEY,
    docs::YAML_ENCODING,
    docs::YAML_LIMIT,
    docs::YAML_SYNTAX,
    docs::YAML_TAG,
    docs::YAML_VERSION,
];

/// The rule about examples of policies that show otherwise.
pub const POLICY_EXAMPLE: RuleId = RuleId::new("policy-example");

/// The rule of this name.
pub fn rule(id: &str) -> Option<&'static Rule> {
    RULES.iter().find(|rule| rule.id.as_str() == id)
}

/// The documentation of a rule.
pub fn docs(id: &str) -> Option<&'static Docs> {
    rule(id).map(|rule| &rule.docs)
}

/// Runs the rules that look at the whole catalog. The findings are sorted by place; their severities
/// are those that the settings want.
pub fn run(context: &Context<'_>) -> Vec<Diagnostic> {
    let mut findings = Vec::new();
    for rule in RULES {
        if context.settings.levels.get(rule.id.as_str()) == Some(&Level::Off) {
            continue;
        }
        if let Check::Catalog(check) = &rule.check {
            findings.extend(check(context));
        }
    }
    context.settings.apply(&mut findings);
    findings
        .sort_by(|a, b| (a.primary.span, &a.rule, &a.message).cmp(&(b.primary.span, &b.rule, &b.message)));
    findings
}

/// A finding of a rule with the rule's own severity.
fn finding(rule: &Rule, span: crate::source::Span, message: impl Into<String>) -> Diagnostic {
    Diagnostic { severity: rule.severity, ..Diagnostic::error(rule.id.clone(), span, message) }
}
