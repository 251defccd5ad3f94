//! One YAML document as a Backstage entity, with Backstage's verdict on it.
//!
//! [`decode`] goes through the same steps as a catalog backend of Backstage 1.55 with its default
//! processors and policies (envelope, placeholders, schema, field formats, kind, relations), but does
//! not stop at the first error: it reports all that is wrong, each at its place.
//!
//! It does not look at other entities, and at other files only through [`Files`]: whether a reference
//! leads somewhere is a question for the catalog and its rules.
//!
#![doc = include_str!("parity.md")]

mod check;
mod detect;
mod field_path;
mod format;
mod kinds;
mod path;
mod placeholder;
mod reference;
mod relation;
mod report;
pub mod rule;
mod view;

use std::borrow::Cow;

use crate::diagnostic::{Diagnostic, Severity};
use crate::source::{Span, Spanned};
use crate::yaml::{Document, Kind as Sort, Node};

use check::{Checker, Rest};
use field_path::FieldPath;
use placeholder::Placeholders;
use view::View;

pub use detect::{has_entity_name, holds_entities, may_hold_entities};
pub use path::{Resolved, resolve as resolve_target};
pub use placeholder::{Files, Lookup, Place};
pub use reference::{DEFAULT_NAMESPACE, EntityRef, RefError, parts as reference_parts};
pub use relation::Relation;
pub use report::written;

/// One entity, as light as a hundred thousand of them need: who it is, where it is written, whom it
/// names. Everything else is read again from its document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entity {
    /// Who it is.
    pub reference: EntityRef,
    /// Its kind as it is written: `Component`.
    pub kind: Cow<'static, str>,
    /// Which document of its source it is, from 0.
    pub document: u32,
    /// The whole document.
    pub span: Span,
    /// The value of `kind`.
    pub kind_span: Span,
    /// The value of `metadata.name`.
    pub name_span: Span,
    /// `spec.type`, when it is text.
    pub spec_type: Option<Spanned<Box<str>>>,
    /// The entities that it names, in the order in which they are written.
    pub references: Box<[Reference]>,
    /// What a Location points at.
    pub location: Option<Box<Location>>,
    /// Whether Backstage would accept it, on its own.
    pub is_valid: bool,
}

/// An entity that names another one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reference {
    /// The field of `spec`: `owner`.
    pub field: &'static str,
    /// The text of the reference.
    pub span: Span,
    /// Whom it names.
    pub target: EntityRef,
    /// The relation from the entity to the target.
    pub relation: Relation,
}

impl Reference {
    /// The name of a field that holds references, for the life of the program; `None` where no kind has
    /// such a field.
    pub fn field_named(name: &str) -> Option<&'static str> {
        kinds::reference_field(name)
    }

    /// The kind of a reference in this field that names none; `None` where it must name one.
    pub fn default_kind(&self) -> Option<&'static str> {
        match self.field {
            "owner" | "parent" | "children" | "memberOf" => Some("Group"),
            "members" => Some("User"),
            "system" => Some("System"),
            "domain" | "subdomainOf" => Some("Domain"),
            "subcomponentOf" => Some("Component"),
            "providesApis" | "consumesApis" => Some("API"),
            _ => None,
        }
    }
}

/// What an entity of kind Location points at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Location {
    /// The targets as they are written, with [`resolve_target`] they become paths.
    pub targets: Vec<Spanned<String>>,
    /// Whether a target may be absent.
    pub is_optional: bool,
}

impl Entity {
    /// A kind as entities hold it: those that Backstage knows take no memory.
    pub fn kind_named(name: &str) -> Cow<'static, str> {
        kinds::row(name).map_or_else(|| Cow::Owned(name.to_owned()), |row| Cow::Borrowed(row.name))
    }

    /// The first entity that it names in this way.
    pub fn related(&self, relation: Relation) -> Option<&EntityRef> {
        self.references
            .iter()
            .find(|reference| reference.relation == relation)
            .map(|reference| &reference.target)
    }

    /// Its owner, where it has one.
    pub fn owner(&self) -> Option<&EntityRef> {
        self.related(Relation::OwnedBy)
    }
}

/// Reads one document as an entity. Placeholders stand for unknown values that fit everywhere.
///
/// There is an entity as soon as it can be named, however much else is wrong with it. An empty
/// document is neither an entity nor a finding, as in Backstage; a document that is broken as YAML has
/// its findings from the parser.
pub fn decode(document: &Document<'_>) -> (Option<Entity>, Vec<Diagnostic>) {
    decode_in(document, None)
}

/// As [`decode`], with the files around the document to read placeholders from.
pub fn decode_in(document: &Document<'_>, place: Option<Place<'_>>) -> (Option<Entity>, Vec<Diagnostic>) {
    decode_with(document, place, true)
}

/// As [`decode_in`]; who knows that there is no `$` in the text saves the search for placeholders.
pub fn decode_with(
    document: &Document<'_>,
    place: Option<Place<'_>>,
    may_have_placeholders: bool,
) -> (Option<Entity>, Vec<Diagnostic>) {
    match document.root() {
        Some(root) if !document.is_broken() && root.kind() != Sort::Null => {
            if root.kind() != Sort::Mapping {
                return (None, vec![report::not_an_entity(View::Yaml(root))]);
            }
            let mut findings = Vec::new();
            let placeholders = if may_have_placeholders {
                placeholder::resolve(root, place, &mut findings)
            } else {
                Placeholders::default()
            };
            decode_root(root, document.index() as u32, &placeholders, findings)
        }
        _ => (None, Vec::new()),
    }
}

fn decode_root(
    root: Node<'_>,
    document: u32,
    placeholders: &Placeholders,
    mut findings: Vec<Diagnostic>,
) -> (Option<Entity>, Vec<Diagnostic>) {
    let envelope = Envelope::read(root);
    let (spec, finding) = envelope.spec();
    let about_kind = findings.len();
    findings.extend(finding);
    for node in ["kind", "apiVersion"].into_iter().filter_map(|key| root.get(key)) {
        report::fit_repairs(&mut findings[about_kind..], View::Yaml(node));
    }
    let mut checker = Checker {
        placeholders,
        spec: spec.map(|row| row.spec),
        kind: spec.map_or("", |row| row.name),
        namespace: envelope.namespace.as_deref().unwrap_or(DEFAULT_NAMESPACE),
        references: Vec::new(),
        findings,
    };
    let path = FieldPath::root(report::head(View::Yaml(root), placeholders));
    checker.object(View::Yaml(root), kinds::ROOT, Rest::Nothing, &path);
    let Checker { references, mut findings, .. } = checker;
    let location = envelope.location(root, &mut findings);
    findings.sort_by_key(|finding| (finding.primary.span.start, finding.primary.span.end));
    let is_valid = findings.iter().all(|finding| finding.severity < Severity::Error);
    let entity = envelope.entity(root, document, references, location, is_valid);
    (entity, findings)
}

/// The fields that name an entity, where they are text.
struct Envelope<'a> {
    api_version: Option<(Cow<'a, str>, Span)>,
    kind: Option<(Cow<'a, str>, Span)>,
    name: Option<(Cow<'a, str>, Span)>,
    namespace: Option<Cow<'a, str>>,
}

impl<'a> Envelope<'a> {
    fn read(root: Node<'a>) -> Self {
        let text = |node: Option<Node<'a>>| {
            let node = node?;
            node.as_str().filter(|text| !text.is_empty()).map(|text| (text, node.span()))
        };
        let metadata = root.get("metadata");
        Self {
            api_version: text(root.get("apiVersion")),
            kind: text(root.get("kind")),
            name: text(metadata.and_then(|metadata| metadata.get("name"))),
            namespace: text(metadata.and_then(|metadata| metadata.get("namespace"))).map(|(text, _)| text),
        }
    }

    /// The fields of the kind; when Backstage does not know it, those of the kind that was meant.
    fn spec(&self) -> (Option<&'static kinds::KindRow>, Option<Diagnostic>) {
        let (Some((kind, kind_span)), Some((version, version_span))) = (&self.kind, &self.api_version) else {
            return (None, None);
        };
        let row = kinds::row(kind);
        if row.is_some_and(|row| row.versions.contains(&&**version)) {
            return (row, None);
        }
        let is_well_formed = format::Format::Kind.fits(kind) && format::Format::ApiVersion.fits(version);
        let finding =
            is_well_formed.then(|| report::unknown_kind((kind, *kind_span), (version, *version_span)));
        let meant = row.or_else(|| kinds::row_ignoring_case(kind));
        (meant, finding)
    }

    /// What a Location points at; its type is checked here, as it is not a matter of form.
    fn location(&self, root: Node<'a>, findings: &mut Vec<Diagnostic>) -> Option<Box<Location>> {
        self.kind.as_ref().filter(|(kind, _)| kind == "Location")?;
        let spec = root.get("spec")?;
        if let Some(node) = spec.get("type")
            && let Some(text) = node.as_str().filter(|text| !text.is_empty() && text != "url")
        {
            findings.push(report::location_type(&text, node.span()));
        }
        let targets =
            spec.get("target").into_iter().chain(spec.get("targets").into_iter().flat_map(Node::items));
        let targets = targets
            .filter_map(|node| Some(Spanned { value: node.as_str()?.into_owned(), span: node.span() }))
            .collect();
        let is_optional = spec.get("presence").and_then(Node::as_str).as_deref() == Some("optional");
        Some(Box::new(Location { targets, is_optional }))
    }

    fn entity(
        &self,
        root: Node<'a>,
        document: u32,
        references: Vec<Reference>,
        location: Option<Box<Location>>,
        is_valid: bool,
    ) -> Option<Entity> {
        let (kind, kind_span) = self.kind.as_ref()?;
        let (name, name_span) = self.name.as_ref()?;
        let namespace = self.namespace.as_deref().unwrap_or(DEFAULT_NAMESPACE);
        let spec_type = root.get("spec").and_then(|spec| spec.get("type"));
        Some(Entity {
            reference: EntityRef::new(kind, namespace, name),
            kind: Entity::kind_named(kind),
            document,
            span: root.span(),
            kind_span: *kind_span,
            name_span: *name_span,
            spec_type: spec_type
                .and_then(|node| Some(Spanned { value: node.as_str()?.into(), span: node.span() })),
            references: references.into_boxed_slice(),
            location,
            is_valid,
        })
    }
}

#[cfg(test)]
mod tests {
    use crate::source::{LineIndex, SourceId};
    use crate::yaml;

    use super::decode;

    /// What is found in a text, each as `line:column rule: message`.
    fn check(text: &str, expected: &[&str]) {
        let (tree, findings) = yaml::parse(SourceId(0), text);
        assert_eq!(findings, [], "{text}");
        let lines = LineIndex::new(text);
        let found: Vec<String> = tree
            .documents(text)
            .flat_map(|document| decode(&document).1)
            .map(|finding| {
                let at = lines.position(text, finding.primary.span.start);
                format!("{}:{} {}: {}", at.line, at.column, finding.rule, finding.message)
            })
            .collect();
        assert_eq!(found, expected, "{text}");
    }

    const HEAD: &str = "apiVersion: backstage.io/v1alpha1\nkind: Component\nmetadata: {name: a}\n";

    #[test]
    fn a_good_entity_has_no_findings() {
        check(&format!("{HEAD}spec: {{type: service, lifecycle: production, owner: team-a}}\n"), &[]);
        check("", &[]);
        check("# nothing\n", &[]);
    }

    #[test]
    fn all_findings_are_reported_in_text_order() {
        check(
            &format!("{HEAD}spec:\n  type: 5\n  owner: ''\n  dependsOn: [db]\n  sytem: shop\n"),
            &[
                "4:1 missing-field: `spec.lifecycle` is missing: every Component needs it",
                "5:9 wrong-type: `spec.type` must be text, but is a number",
                "6:10 empty-value: `spec.owner` must not be empty",
                "7:15 invalid-reference: `db` is not an entity reference: the kind is missing: \
                 write `<kind>:<name>`",
                "8:3 misspelled-field: `spec.sytem` is ignored by Backstage: no field of this name is known",
            ],
        );
    }

    #[test]
    fn a_kind_in_wrong_case_is_checked_as_what_was_meant() {
        check(
            "apiVersion: backstage.io/v1alpha1\nkind: user\nmetadata: {name: a}\nspec: {}\n",
            &[
                "2:7 unknown-kind: `user` is not a kind that Backstage knows: it is written `User`",
                "4:1 missing-field: `spec.memberOf` is missing: every User needs it",
            ],
        );
    }

    #[test]
    fn what_is_missing_is_said_at_the_key_of_the_mapping() {
        check(
            "kind: Group\nmetadata:\n  title: A\n",
            &["1:1 missing-field: `apiVersion` is missing", "2:1 missing-field: `metadata.name` is missing"],
        );
        check("[]\n", &["1:1 not-an-entity: an entity must be a mapping, but this document is a list"]);
    }
}
