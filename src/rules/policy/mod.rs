//! The organisation's own rules: files in `policies/` with a condition in CEL.
//!
//! A policy says which entities it is about, what must hold for them, and shows with a good and a bad
//! example that it does what it means to: the examples are run whenever the policy is read.
//!
//! ```yaml
//! id: service-needs-on-call
//! summary: a service in production says who is on call
//! severity: warning
//! kinds: [Component]
//! types: [service]
//! condition: has(entity.metadata.annotations) && 'example.com/on-call' in entity.metadata.annotations
//! message: nobody is on call for this service
//! fix: add the annotation `example.com/on-call`
//! at: /metadata
//! good: |
//!   ...a YAML document...
//! bad: |
//!   ...
//! ```
//!
//! Conditions see `entity`, the document as it is written; `owner`, the document of its owner, or null;
//! `relations`, a map from the name of a relation to the references at its other end, `{}` when there
//! are none; `members`, the references of all users in a group; and `ownerMembers`, those of the owner
//! (a user who owns is its one member). Of an example with several documents the first is judged and the
//! others are the catalog around it.

mod examples;
mod parse;

use serde_json::{Map, Value};

use crate::catalog::Catalog;
use crate::cel::Condition;
use crate::diagnostic::{Diagnostic, Reach, RuleId, Severity};
use crate::entity::{Entity, EntityRef, Relation};
use crate::source::Span;
use crate::yaml;

use super::{Check, Docs, POLICY_EXAMPLE, Rule, finding};

pub use examples::Examples;
pub use parse::parse;

/// A rule of the organisation.
#[derive(Clone, Debug)]
pub struct Policy {
    /// Its name, after the problem it finds.
    pub id: RuleId,
    /// What it is about, in one line.
    pub summary: String,
    /// How bad its findings are.
    pub severity: Severity,
    /// What its findings say.
    pub message: String,
    /// Why it exists; empty when it does not say.
    pub why: String,
    /// How to mend what it finds; empty when it does not say.
    pub fix: String,
    /// An entity for which it holds.
    pub good: String,
    /// An entity for which it does not.
    pub bad: String,
    /// Where it is defined.
    pub span: Span,
    kinds: Vec<String>,
    types: Vec<String>,
    at: String,
    condition: Condition,
}

/// Judges the entities that `is_judged` wants by all policies. Their texts and those of their owners must
/// be kept: an entity without its text is reported as undecided.
pub fn run(
    catalog: &Catalog,
    policies: &[Policy],
    is_judged: &dyn Fn(&Catalog, &Entity) -> bool,
) -> Vec<Diagnostic> {
    let mut findings = Vec::new();
    for entity in catalog.entities() {
        let wanted: Vec<&Policy> = policies.iter().filter(|policy| policy.is_about(entity)).collect();
        if !wanted.is_empty() && is_judged(catalog, entity) {
            findings.extend(judge(catalog, entity, &wanted));
        }
    }
    findings
}

fn judge(catalog: &Catalog, entity: &Entity, policies: &[&Policy]) -> Vec<Diagnostic> {
    let Some(view) = View::new(catalog, entity) else {
        let missing = |policy: &&Policy| policy.undecided(entity, "the text of the entity is not at hand");
        return policies.iter().map(missing).collect();
    };
    let judged = policies.iter().filter_map(|policy| match view.decide(&policy.condition) {
        Ok(true) => None,
        Ok(false) => Some(policy.broken(catalog, entity)),
        Err(reason) => Some(policy.undecided(entity, &reason)),
    });
    judged.collect()
}

impl Policy {
    /// Runs its good and its bad example.
    pub fn examples(&self) -> Examples {
        examples::run(self)
    }

    /// Whether the entity is of a kind and type that the policy is about.
    pub fn is_about(&self, entity: &Entity) -> bool {
        let spec_type = entity.spec_type.as_ref().map(|spec_type| &*spec_type.value);
        let is_kind = self.kinds.is_empty() || self.kinds.iter().any(|kind| *kind == entity.kind);
        is_kind
            && (self.types.is_empty() || self.types.iter().any(|wanted| Some(wanted.as_str()) == spec_type))
    }

    fn broken(&self, catalog: &Catalog, entity: &Entity) -> Diagnostic {
        let span = place(catalog, entity, &self.at).unwrap_or(entity.name_span);
        let found = Diagnostic {
            severity: self.severity,
            ..Diagnostic::error(self.id.clone(), span, &*self.message)
        }
        .reaching(Reach::Nothing)
        .note(format!("the policy wants: {}", self.summary));
        if self.fix.is_empty() { found } else { found.help(&*self.fix) }
    }

    fn undecided(&self, entity: &Entity, reason: &str) -> Diagnostic {
        let message = format!("the policy `{}` could not be decided: {reason}", self.id);
        finding(&UNDECIDED, entity.name_span, message)
            .reaching(Reach::Nothing)
            .related(self.span, "the policy")
            .help("ask for optional fields with `has(entity.spec.field)` before they are used")
    }
}

/// Where a JSON pointer leads in the text of an entity.
fn place(catalog: &Catalog, entity: &Entity, pointer: &str) -> Option<Span> {
    if pointer.is_empty() {
        return None;
    }
    let text = catalog.sources().text(entity.span.source)?;
    let (tree, _) = yaml::parse(entity.span.source, text);
    let root = tree.documents(text).nth(entity.document as usize)?.root()?;
    let (parent, key) = pointer.rsplit_once('/')?;
    // the key rather than the value, which may be long
    let parent = root.pointer(parent)?;
    parent.entry_of(key).map(|(key, _)| key.span())
}

/// What a condition sees of an entity.
struct View {
    entity: Value,
    owner: Value,
    relations: Value,
    members: Value,
    owner_members: Value,
}

impl View {
    fn new(catalog: &Catalog, entity: &Entity) -> Option<Self> {
        let owner = entity.owner().and_then(|owner| catalog.value(owner)).unwrap_or(Value::Null);
        let mut relations = Map::new();
        for (relation, other) in catalog.relations(&entity.reference) {
            let list = relations.entry(relation.name()).or_insert_with(|| Value::Array(Vec::new()));
            if let Value::Array(list) = list {
                list.push(Value::String(other.to_string()));
            }
        }
        let owners = catalog.related(&entity.reference, Relation::OwnedBy);
        Some(Self {
            entity: catalog.value_of(entity)?,
            owner,
            relations: Value::Object(relations),
            members: match entity.reference.kind() {
                "group" => people(catalog, &entity.reference).into(),
                _ => Value::Array(Vec::new()),
            },
            owner_members: owners.iter().flat_map(|owner| people(catalog, owner)).collect(),
        })
    }

    fn decide(&self, condition: &Condition) -> Result<bool, String> {
        let variables = [
            ("entity", &self.entity),
            ("owner", &self.owner),
            ("relations", &self.relations),
            ("members", &self.members),
            ("ownerMembers", &self.owner_members),
        ];
        condition.holds(&variables).map_err(|error| error.message)
    }
}

/// The references of the users that a group has; of a user, its own.
fn people(catalog: &Catalog, reference: &EntityRef) -> Vec<Value> {
    match reference.kind() {
        "group" => catalog.members(reference).iter().map(|user| user.to_string().into()).collect(),
        "user" => vec![reference.to_string().into()],
        _ => Vec::new(),
    }
}

/// A group for the examples below.
const GOOD: &str = "\
# file: policies/group-needs-email.yaml
id: group-needs-email
summary: a group can be written to
severity: warning
kinds: [Group]
condition: has(entity.spec.profile) && has(entity.spec.profile.email)
message: this group has no mail address
good: |
  apiVersion: backstage.io/v1alpha1
  kind: Group
  metadata:
    name: team-payments
  spec:
    type: team
    children: []
    profile:
      email: payments@example.com
bad: |
  apiVersion: backstage.io/v1alpha1
  kind: Group
  metadata:
    name: team-payments
  spec:
    type: team
    children: []
";

pub(super) const INVALID: Rule = Rule {
    id: RuleId::new("policy-invalid"),
    severity: Severity::Error,
    summary: "a policy cannot be read",
    docs: Docs {
        why: "A policy that cannot be read is not checked, and everything looks fine.",
        bad: "\
# file: policies/group-needs-email.yaml
id: group-needs-email
summary: a group can be written to
condition: has(entity.spec.profile
message: this group has no mail address
",
        good: GOOD,
        fix: "write `id`, `summary`, `condition`, `message`, and an example under `good` and `bad`",
    },
    check: Check::Policies,
};

pub(super) const EXAMPLE: Rule = Rule {
    id: POLICY_EXAMPLE,
    severity: Severity::Error,
    summary: "an example of a policy shows otherwise",
    docs: Docs {
        why: "The examples say what a policy means. When its condition says otherwise, one of them is wrong.",
        bad: "\
# file: policies/group-needs-email.yaml
id: group-needs-email
summary: a group can be written to
kinds: [Group]
condition: has(entity.spec.profile)
message: this group has no mail address
good: |
  apiVersion: backstage.io/v1alpha1
  kind: Group
  metadata:
    name: team-payments
  spec:
    type: team
    children: []
    profile:
      email: payments@example.com
bad: |
  apiVersion: backstage.io/v1alpha1
  kind: Group
  metadata:
    name: team-payments
  spec:
    type: team
    children: []
    profile:
      displayName: Payments
",
        good: GOOD,
        fix: "correct the condition or the example",
    },
    check: Check::Policies,
};

pub(super) const UNDECIDED: Rule = Rule {
    id: RuleId::new("policy-undecided"),
    severity: Severity::Error,
    summary: "a policy fails on an entity",
    docs: Docs {
        why: "A condition that uses a field that is not there neither holds nor does not. That is for the author of \
              the policy to decide, with `has`.",
        bad: "\
# file: catalog-info.yaml
apiVersion: backstage.io/v1alpha1
kind: Group
metadata:
  name: team-shop
spec:
  type: team
  children: []
# file: policies/group-needs-email.yaml
id: group-needs-email
summary: a group can be written to
kinds: [Group]
condition: entity.spec.profile.email != ''
message: this group has no mail address
good: |
  apiVersion: backstage.io/v1alpha1
  kind: Group
  metadata:
    name: team-payments
  spec:
    type: team
    children: []
    profile:
      email: payments@example.com
bad: |
  apiVersion: backstage.io/v1alpha1
  kind: Group
  metadata:
    name: team-payments
  spec:
    type: team
    children: []
    profile:
      email: ''
",
        good: GOOD,
        fix: "ask for optional fields with `has(entity.spec.field)` before they are used",
    },
    check: Check::Policies,
};
