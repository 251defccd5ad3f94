//! Who names an entity, in which words, and how these words change when it is called something else.
//!
//! A mention is a field that makes a relation, or a text that is a whole reference with its kind: the value
//! of an annotation, an answer of a template, a field that only the organisation knows. Words within a
//! longer text are no mentions, nor are titles, descriptions, tags, labels and definitions.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::catalog::Catalog;
use crate::entity::{DEFAULT_NAMESPACE, Entity, EntityRef, Relation, reference_parts};
use crate::source::Span;
use crate::yaml::{self, Node};

/// A place that names an entity.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mention {
    /// The entity that names the other one.
    pub from: EntityRef,
    /// Which document of its source that is.
    pub document: u32,
    /// The place in the document, as a JSON pointer.
    pub pointer: String,
    /// The text.
    pub span: Span,
    /// The relation that it makes; `None` for a text that makes none.
    pub relation: Option<Relation>,
}

impl Mention {
    /// Whether the entity that names the other one can do without: an item of a list can go, and so can a
    /// field that its kind does not need.
    pub fn can_go(&self) -> bool {
        match (self.relation, self.pointer.rsplit('/').next()) {
            (Some(Relation::OwnedBy), _) => self.from.kind() == "template",
            (Some(_), _) => true,
            (None, last) => last == Some("default") || self.pointer.starts_with("/metadata/annotations/"),
        }
    }
}

/// What a text names, and how much of it may be left unsaid.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Named {
    /// Whom it names.
    pub target: EntityRef,
    /// The kind of a reference here that names none; `None` where it must name one.
    pub default_kind: Option<String>,
    /// The namespace of a reference here that names none.
    pub default_namespace: String,
    /// The relation that it makes.
    pub relation: Option<Relation>,
}

/// What the text at a pointer of an entity names; `root` is the entity as a value.
pub fn named(entity: &Entity, root: &Value, pointer: &str, text: &str) -> Option<Named> {
    let named = |kind: Option<&str>, namespace: &str, relation| {
        let target = EntityRef::parse(text, kind, namespace).ok()?;
        let default_kind = kind.map(str::to_lowercase);
        Some(Named { target, default_kind, default_namespace: namespace.to_owned(), relation })
    };
    let field = pointer.strip_prefix("/spec/").map(|rest| rest.split_once('/').unwrap_or((rest, "")));
    if let Some((field, rest)) = field
        && rest.bytes().all(|byte| byte.is_ascii_digit())
        && let Some(known) = entity.references.iter().find(|reference| reference.field == field)
    {
        return named(known.default_kind(), entity.reference.namespace(), Some(known.relation));
    }
    if entity.kind == "Template"
        && let Some(kind) = picker_kind(root, pointer)
    {
        return named(Some(&kind), DEFAULT_NAMESPACE, None);
    }
    let is_prose = ["/metadata/name", "/metadata/namespace", "/metadata/title", "/metadata/description"]
        .contains(&pointer)
        || ["/metadata/tags/", "/metadata/labels/", "/spec/definition"]
            .iter()
            .any(|prefix| pointer.starts_with(prefix));
    let (kind, _, name) = reference_parts(text).ok()?;
    let is_word = |part: &str| !part.contains(|c: char| c.is_whitespace() || matches!(c, '/' | ':' | '$'));
    (!is_prose && kind.is_some_and(is_word) && is_word(name)).then(|| named(None, DEFAULT_NAMESPACE, None))?
}

/// The kind that a picker's default names without saying so.
fn picker_kind(root: &Value, pointer: &str) -> Option<String> {
    let field = pointer.strip_suffix("/default").filter(|field| field.starts_with("/spec/parameters"))?;
    let schema = root.pointer(field)?;
    match schema.get("ui:field")?.as_str()? {
        "OwnerPicker" | "MyGroupsPicker" => Some("group".to_owned()),
        "EntityPicker" | "OwnedEntityPicker" | "MultiEntityPicker" => {
            let kind = schema.pointer("/ui:options/defaultKind")?.as_str()?;
            Some(kind.to_lowercase())
        }
        _ => None,
    }
}

/// A text for another entity, in the words of the one before: as long as that was, and as short as it
/// stays clear. `name` is the other one's name as it is written.
pub fn spelled(before: &str, place: &Named, namespace: &str, other: &EntityRef, name: &str) -> String {
    let (kind, written_namespace, _) = reference_parts(before).unwrap_or((None, None, before));
    let kind = match kind {
        Some(kind) if kind.eq_ignore_ascii_case(other.kind()) => format!("{kind}:"),
        None if place.default_kind.as_deref() == Some(other.kind()) => String::new(),
        _ => format!("{}:", other.kind()),
    };
    let namespace = match written_namespace {
        Some(written) if written.eq_ignore_ascii_case(other.namespace()) => format!("{written}/"),
        None if namespace.eq_ignore_ascii_case(other.namespace()) => String::new(),
        _ => format!("{}/", other.namespace()),
    };
    format!("{kind}{namespace}{name}")
}

/// All places that name one of these entities, in the order of their files, by whom they name. Texts must be
/// kept.
pub fn mentions(catalog: &Catalog, targets: &[EntityRef]) -> BTreeMap<EntityRef, Vec<Mention>> {
    let mut found: BTreeMap<EntityRef, Vec<Mention>> = BTreeMap::new();
    let names: Vec<&str> = targets.iter().map(EntityRef::name).collect();
    for (source, held) in catalog.sources().iter() {
        let Some(text) = held.text.as_deref().filter(|text| has_any(text, &names)) else { continue };
        let entities = catalog.entities_in(source);
        if entities.is_empty() {
            continue;
        }
        let (tree, _) = yaml::parse(source, text);
        for document in tree.documents(text) {
            let here = entities.iter().find(|entity| entity.document as usize == document.index());
            let (Some(entity), Some(root)) = (here, document.root()) else { continue };
            let value = root.to_json();
            strings(root, &mut String::new(), &mut |node, pointer, text| {
                let Some(place) = named(entity, &value, pointer, text) else { return };
                if targets.contains(&place.target) {
                    found.entry(place.target).or_default().push(Mention {
                        from: entity.reference.clone(),
                        document: entity.document,
                        pointer: pointer.to_owned(),
                        span: node.span(),
                        relation: place.relation,
                    });
                }
            });
        }
    }
    found
}

/// Whether a text may name one of these names, whatever the case of its letters.
pub fn has_any(text: &str, names: &[&str]) -> bool {
    let lower = text.to_lowercase();
    names.iter().any(|name| lower.contains(name))
}

/// Every string of a node with its pointer. What is behind an alias counts where it stands.
pub fn strings<'a>(node: Node<'a>, pointer: &mut String, found: &mut dyn FnMut(Node<'a>, &str, &str)) {
    if let Some(text) = node.as_str() {
        found(node, pointer, &text);
        return;
    }
    if node.is_alias() {
        return;
    }
    let length = pointer.len();
    for (key, value) in node.entries() {
        pointer.push('/');
        pointer.push_str(&yaml::key_text(key).replace('~', "~0").replace('/', "~1"));
        strings(value, pointer, found);
        pointer.truncate(length);
    }
    for (index, item) in node.items().enumerate() {
        pointer.push('/');
        pointer.push_str(&index.to_string());
        strings(item, pointer, found);
        pointer.truncate(length);
    }
}

#[cfg(test)]
mod tests {
    use super::{Named, mentions, spelled};
    use crate::catalog::build;
    use crate::entity::EntityRef;
    use crate::source::Sources;

    #[track_caller]
    fn check(before: &str, other: &str, name: &str, expected: &str) {
        let place = Named {
            target: EntityRef::new("group", "default", "x"),
            default_kind: Some("group".into()),
            default_namespace: "default".into(),
            relation: None,
        };
        let other = EntityRef::parse(other, None, "default").unwrap();
        assert_eq!(spelled(before, &place, "default", &other, name), expected, "{before}");
    }

    #[test]
    fn a_spelling_is_kept() {
        check("x", "group:y", "Y", "Y");
        check("default/x", "group:y", "y", "default/y");
        check("Group:x", "group:y", "y", "Group:y");
        check("group:default/x", "group:y", "y", "group:default/y");
        check("x", "group:ops/y", "y", "ops/y");
        check("group:Default/x", "group:ops/y", "y", "group:ops/y");
        check("x", "user:y", "y", "user:y");
        check("group:x", "user:y", "y", "user:y");
    }

    #[test]
    fn mentions_are_relations_and_whole_references() {
        let text = "apiVersion: backstage.io/v1alpha1
kind: Component
metadata:
  name: web
  description: group:x
  annotations: {a.b/c: group:default/x, a.b/d: the group:x, a.b/e: component:x}
spec: {type: group:x, lifecycle: x, owner: X, dependsOn: [group:x, group:ops/x]}
---
apiVersion: scaffolder.backstage.io/v1beta3
kind: Template
metadata: {name: t}
spec:
  type: service
  parameters:
    properties:
      owner: {type: string, ui:field: OwnerPicker, default: x}
      other: {type: string, default: x}
  steps: []
";
        let mut sources = Sources::default();
        sources.add("a.yaml", Some(text.into()));
        let (catalog, findings) = build(sources);
        assert_eq!(findings, []);
        let target = EntityRef::new("group", "default", "x");
        let found = mentions(&catalog, std::slice::from_ref(&target));
        let places: Vec<(&str, bool)> =
            found[&target].iter().map(|mention| (mention.pointer.as_str(), mention.can_go())).collect();
        assert_eq!(
            places,
            [
                ("/metadata/annotations/a.b~1c", true),
                ("/spec/type", false),
                ("/spec/owner", false),
                ("/spec/dependsOn/0", true),
                ("/spec/parameters/properties/owner/default", true),
            ]
        );
    }
}
