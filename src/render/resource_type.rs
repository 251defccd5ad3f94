//! The definition of a resource type: what may be asked for, and what it becomes.
//!
//! ```yaml
//! apiVersion: platform.internal/v1alpha1
//! kind: ResourceType
//! metadata: {name: dns-record, title: DNS record, description: ...}   # name: the spec.type of its entities
//! spec:
//!   route: manifests        # or composite (one Crossplane composite resource), kro (one kro instance)
//!   parameters: {}          # JSON Schema of the entity's spec.parameters; defaults are filled in
//!   settings: {}            # JSON Schema of types.<name> in platform.yaml
//!   checks:                 # what a schema cannot say: CEL that must be true
//!     - {each: LIST?, rule: CEL, message: TEXT, help: TEXT?, pointer: POINTER?}
//!   objects:                # in the order in which they are written
//!     - {id: NAME, if: CONDITION?, each: LIST?, manifest: {}}
//!   health:                 # CEL over an object as `self`; asked in the order failed, inProgress, current
//!     - {apiVersion: ..., kind: ..., current: CEL, inProgress: CEL?, failed: CEL?}
//!   links:
//!     - {each: LIST?, if: CONDITION?, title: TEXT, url: TEXT}
//!   hostnames:              # names in DNS that no other entity may answer for; paths: their prefixes
//!     - {each: LIST?, if: CONDITION?, name: TEXT, paths: LIST?, pointer: POINTER?}
//!   access:                 # who may do what with it, for `platform diff`: a Group or User, and a level
//!     - {each: LIST?, if: CONDITION?, to: REF, level: TEXT, on: TEXT?}   # on: what it is access to
//! ```
//!
//! Texts are `${{ }}` templates over `entity`, `parameters`, `settings`, `owner` (`ref`, `name`,
//! `displayName`, and `members`: `ref`, `name`, `displayName`, `email`, `userId`), `system`, `cluster`,
//! `entities` (for each Group and User that the parameters name, as in `group:default/shop`, what `owner` has,
//! by that text) and, under an `each`, `each.value` and `each.key`. In a manifest an expression without a value is a problem,
//! and one whose value is null leaves its field out (`${{ parameters.x or null }}`). A list item
//! `{$each: LIST, $item: ...}` stands for one item each, and `{$if: CONDITION, $item: ...}` for one or none.

use serde_json::Value;

use crate::cel::Condition;
use crate::diagnostic::{Diagnostic, RuleId};
use crate::source::{SourceId, Span};
use crate::yaml;

use super::decode::decode;
use super::schema::Schema;

/// `apiVersion` of a resource type.
pub const API_VERSION: &str = "platform.internal/v1alpha1";

/// The rule that findings in a resource type have.
pub const RULE: RuleId = RuleId::new("invalid-resource-type");

/// Which way an entity goes to the cluster.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Route {
    /// A list of manifests, as they are.
    Manifests,
    /// One Crossplane composite resource; a Composition in the cluster fans it out.
    Composite,
    /// One instance of a kro `ResourceGraphDefinition`.
    Kro,
}

impl Route {
    /// Every route.
    pub const ALL: [Self; 3] = [Self::Manifests, Self::Composite, Self::Kro];

    /// The word for it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Manifests => "manifests",
            Self::Composite => "composite",
            Self::Kro => "kro",
        }
    }
}

/// A condition on an entity that a schema cannot say.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Check {
    pub each: Option<Value>,
    pub rule: Condition,
    pub message: String,
    /// How to mend it; may be empty.
    pub help: String,
    pub pointer: String,
}

/// One object, or one for each item of a list.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Template {
    pub id: String,
    pub condition: Option<Value>,
    pub each: Option<Value>,
    pub manifest: Value,
}

/// How objects of a kind are judged, in place of what the tool knows of the kind.
#[derive(Clone, Debug, PartialEq)]
pub struct HealthRule {
    /// `apiVersion` of the kind.
    pub api_version: String,
    /// The kind.
    pub kind: String,
    /// True when the object failed.
    pub failed: Option<Condition>,
    /// True while it is on its way.
    pub in_progress: Option<Condition>,
    /// True when it is as it should be.
    pub current: Condition,
}

/// A link for people, before its texts are filled in.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct LinkTemplate {
    pub each: Option<Value>,
    pub condition: Option<Value>,
    pub title: String,
    pub url: String,
}

/// A name that an entity answers for, before its texts are filled in.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct HostnameTemplate {
    pub each: Option<Value>,
    pub condition: Option<Value>,
    pub name: String,
    pub paths: Option<Value>,
    pub pointer: String,
}

/// Access that an entity gives, before its texts are filled in.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct AccessTemplate {
    pub each: Option<Value>,
    pub condition: Option<Value>,
    pub to: String,
    pub level: String,
    pub on: String,
}

/// A resource type that was read without an error.
#[derive(Clone, Debug, PartialEq)]
pub struct ResourceType {
    /// The `spec.type` of its entities.
    pub name: String,
    /// What people call it; its name if there is no title.
    pub title: String,
    /// What it is for; may be empty.
    pub description: String,
    /// Which way it goes.
    pub route: Route,
    /// How objects are judged.
    pub health: Vec<HealthRule>,
    pub(crate) parameters: Schema,
    pub(crate) settings: Schema,
    pub(crate) checks: Vec<Check>,
    pub(crate) objects: Vec<Template>,
    pub(crate) links: Vec<LinkTemplate>,
    pub(crate) hostnames: Vec<HostnameTemplate>,
    pub(crate) access: Vec<AccessTemplate>,
}

impl ResourceType {
    /// The JSON Schema of `spec.parameters`.
    pub fn parameters(&self) -> &Value {
        self.parameters.value()
    }

    /// Whether its entities give access to anything.
    pub fn gives_access(&self) -> bool {
        !self.access.is_empty()
    }

    /// The JSON Schema of the settings below `types.<name>`.
    pub fn settings(&self) -> &Value {
        self.settings.value()
    }
}

/// Reads the text of a `type.yaml`. There is a type only if nothing is wrong with it.
pub fn parse_type(source: SourceId, text: &str) -> (Option<ResourceType>, Vec<Diagnostic>) {
    let (tree, mut findings) = yaml::parse(source, text);
    let mut documents = tree.documents(text);
    let root = documents.next().filter(|document| !document.is_broken()).and_then(|document| document.root());
    let Some(root) = root else {
        if findings.is_empty() {
            findings.push(Diagnostic::error(
                RULE,
                Span::start_of(source),
                "there is no resource type in this file",
            ));
        }
        return (None, findings);
    };
    let (decoded, faults) = decode(&root.to_json());
    for fault in faults {
        // A field that is missing has no place: the nearest mapping above it has.
        let mut pointer = fault.pointer.as_str();
        let node = loop {
            match (root.pointer(pointer), pointer.rsplit_once('/')) {
                (Some(node), _) => break node,
                (None, Some((parent, _))) => pointer = parent,
                (None, None) => break root,
            }
        };
        let mut finding = Diagnostic::error(RULE, node.span(), fault.message);
        if let Some(help) = fault.help {
            finding = finding.help(help);
        }
        findings.push(finding);
    }
    if let Some(extra) = documents.next().and_then(|document| document.root()) {
        findings.push(Diagnostic::error(
            RULE,
            extra.span(),
            "a file holds one resource type: this is a second document",
        ));
    }
    let is_fine = findings.iter().all(|finding| finding.severity < crate::diagnostic::Severity::Error);
    (decoded.filter(|_| is_fine), findings)
}

#[cfg(test)]
mod tests {
    use super::parse_type;
    use crate::source::{LineIndex, SourceId};

    const FINE: &str = "\
apiVersion: platform.internal/v1alpha1
kind: ResourceType
metadata: {name: bucket}
spec:
  route: manifests
  parameters:
    additionalProperties: false
    properties: {size: {type: integer}}
  objects:
    - id: bucket
      manifest:
        apiVersion: v1
        kind: ConfigMap
        metadata: {name: x}
        data: {size: '${{ parameters.size }}'}
";

    /// The findings of the text in which `from` is replaced by `to`.
    fn check(from: &str, to: &str, expected: &[&str]) {
        assert!(FINE.contains(from), "{from}");
        let text = FINE.replace(from, to);
        let (found, findings) = parse_type(SourceId(0), &text);
        let found_all: Vec<String> = findings
            .iter()
            .map(|finding| {
                let at = LineIndex::new(&text).position(&text, finding.primary.span.start);
                let help = finding.suggestions.first().map(|it| format!(" ({})", it.message));
                format!("{}:{}: {}{}", at.line, at.column, finding.message, help.unwrap_or_default())
            })
            .collect();
        assert_eq!(found_all, expected);
        assert_eq!(found.is_some(), expected.is_empty());
    }

    #[test]
    fn a_definition_is_read() {
        check("route", "route", &[]);
    }

    #[test]
    fn findings_stand_where_they_are_mended() {
        check("ResourceType", "Type", &["2:7: `kind` must be ResourceType"]);
        check(
            "route: manifests",
            "rout: kro",
            &["5:9: there is no field `rout` (write `route`)", "5:3: `route` is missing"],
        );
        check(
            "route: manifests",
            "route: helm",
            &["5:10: `helm` is no route: write manifests, composite or kro"],
        );
        check(
            "name: bucket",
            "name: Bucket",
            &[
                "3:18: `Bucket` is no name of a type: lower-case letters, digits and `-`, at most 63 characters",
            ],
        );
        check("kind: ConfigMap", "k: ConfigMap", &["12:9: the manifest has no `kind`"]);
        check(
            "metadata: {name: bucket}",
            "metadata: [",
            &["3:11: a bracket is not closed (write `]` behind the last item)"],
        );
    }

    #[test]
    fn expressions_are_looked_at() {
        check(
            "parameters.size",
            "parameters.sise",
            &["15:22: the schema has no `parameters.sise` (write `size`)"],
        );
        check(
            "parameters.size",
            "parameter.size",
            &[
                "15:22: there is no `parameter` here, only entity, parameters, settings, owner, system, cluster, entities, each (write `parameters`)",
            ],
        );
        check(
            "parameters.size",
            "parameters.size | uper",
            &["15:22: there is no filter `uper` (write `upper`)"],
        );
    }
}
