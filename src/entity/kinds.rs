//! The kinds of entities that a stock Backstage knows, as tables of their fields.
//!
//! Source: the JSON schemas of `@backstage/catalog-model` 1.10.1 and, for Template, of
//! `@backstage/plugin-scaffolder-common` 2.3.0; the relations are those of its
//! `BuiltinKindsEntityProcessor` and `ScaffolderEntitiesProcessor`.

use super::format::Format;
use super::relation::Relation;

/// What a value must be.
#[derive(Debug)]
pub(crate) enum Shape {
    /// Text, not empty.
    Text,
    /// Text, also empty.
    AnyText,
    /// Text, not empty, of this form.
    Formatted(Format),
    /// One of these words.
    Word(&'static [&'static str]),
    /// A reference to an entity.
    Ref(RefField),
    /// A reference, a list of them, or nothing: read by Backstage without a schema.
    LooseRefs(RefField),
    /// Text, or true or false.
    TextOrBool,
    /// A list, all of this shape.
    List(&'static Shape),
    /// A mapping with these fields and, where given, a shape for all others.
    Object(&'static [Field], Option<&'static Shape>),
    /// A mapping with these fields, or a list of such mappings.
    ObjectOrList(&'static [Field]),
    /// A mapping of keys of this form to values of this shape.
    Map(Format, &'static Shape),
    /// A mapping of keys to text, or anything that JavaScript holds for false.
    Annotations,
    /// The mapping `spec`, whose fields depend on the kind.
    Spec,
}

/// How a reference is read and which relation it makes.
#[derive(Clone, Copy, Debug)]
pub(crate) struct RefField {
    /// The key that it is written under.
    pub(crate) name: &'static str,
    /// The kind of a reference that names none; `None` where it must name one.
    pub(crate) default_kind: Option<&'static str>,
    /// The relation from the entity to the one it names.
    pub(crate) relation: Relation,
}

/// A field of a mapping.
#[derive(Debug)]
pub(crate) struct Field {
    /// Its key.
    pub(crate) name: &'static str,
    /// What its value must be.
    pub(crate) shape: Shape,
    /// Whether it must be there.
    pub(crate) required: bool,
}

const fn required(name: &'static str, shape: Shape) -> Field {
    Field { name, shape, required: true }
}

const fn optional(name: &'static str, shape: Shape) -> Field {
    Field { name, shape, required: false }
}

const fn reference(name: &'static str, default_kind: &'static str, relation: Relation) -> Shape {
    Shape::Ref(RefField { name, default_kind: Some(default_kind), relation })
}

const fn kindless(name: &'static str, relation: Relation) -> RefField {
    RefField { name, default_kind: None, relation }
}

/// A kind of entity.
#[derive(Debug)]
pub(crate) struct KindRow {
    /// As it is written.
    pub(crate) name: &'static str,
    /// The apiVersions in which Backstage knows it.
    pub(crate) versions: &'static [&'static str],
    /// The fields of `spec`.
    pub(crate) spec: &'static [Field],
}

const CORE: &[&str] = &["backstage.io/v1alpha1", "backstage.io/v1beta1"];
const SCAFFOLDER: &[&str] = &["scaffolder.backstage.io/v1beta3"];

const OWNER: Shape = reference("owner", "Group", Relation::OwnedBy);
const SYSTEM: Shape = reference("system", "System", Relation::PartOf);
const APIS_PROVIDED: Shape = Shape::List(&reference("providesApis", "API", Relation::ProvidesApi));
const APIS_CONSUMED: Shape = Shape::List(&reference("consumesApis", "API", Relation::ConsumesApi));
const DEPENDS_ON: Shape = Shape::List(&Shape::Ref(kindless("dependsOn", Relation::DependsOn)));
const DEPENDENCY_OF: Shape = Shape::LooseRefs(kindless("dependencyOf", Relation::DependencyOf));
const PROFILE: Shape = Shape::Object(
    &[optional("displayName", Shape::Text), optional("email", Shape::Text), optional("picture", Shape::Text)],
    None,
);

/// The fields at the root of every entity.
pub(crate) const ROOT: &[Field] = &[
    required("apiVersion", Shape::Formatted(Format::ApiVersion)),
    required("kind", Shape::Formatted(Format::Kind)),
    required("metadata", Shape::Object(METADATA, None)),
    required("spec", Shape::Spec),
];

/// The fields of `metadata`.
pub(crate) const METADATA: &[Field] = &[
    required("name", Shape::Formatted(Format::Name)),
    optional("namespace", Shape::Formatted(Format::Namespace)),
    optional("uid", Shape::Text),
    optional("etag", Shape::Text),
    optional("title", Shape::Text),
    optional("description", Shape::AnyText),
    optional("labels", Shape::Map(Format::Key, &Shape::Formatted(Format::LabelValue))),
    optional("annotations", Shape::Annotations),
    optional("tags", Shape::List(&Shape::Formatted(Format::Tag))),
    optional("links", Shape::List(&Shape::Object(LINK, None))),
];

const LINK: &[Field] = &[
    required("url", Shape::Formatted(Format::Url)),
    optional("title", Shape::Formatted(Format::NotBlank)),
    optional("icon", Shape::Formatted(Format::NotBlank)),
    optional("type", Shape::Text),
];

/// All kinds.
pub(crate) const KINDS: &[KindRow] = &[
    KindRow {
        name: "Component",
        versions: CORE,
        spec: &[
            required("type", Shape::Text),
            required("lifecycle", Shape::Text),
            required("owner", OWNER),
            optional("system", SYSTEM),
            optional("subcomponentOf", reference("subcomponentOf", "Component", Relation::PartOf)),
            optional("providesApis", APIS_PROVIDED),
            optional("consumesApis", APIS_CONSUMED),
            optional("dependsOn", DEPENDS_ON),
            optional("dependencyOf", DEPENDENCY_OF),
        ],
    },
    KindRow {
        name: "API",
        versions: CORE,
        spec: &[
            required("type", Shape::Text),
            required("lifecycle", Shape::Text),
            required("owner", OWNER),
            required("definition", Shape::Text),
            optional("system", SYSTEM),
        ],
    },
    KindRow {
        name: "Resource",
        versions: CORE,
        spec: &[
            required("type", Shape::Text),
            required("owner", OWNER),
            optional("system", SYSTEM),
            optional("dependsOn", DEPENDS_ON),
            optional("dependencyOf", DEPENDENCY_OF),
        ],
    },
    KindRow {
        name: "System",
        versions: CORE,
        spec: &[
            required("owner", OWNER),
            optional("domain", reference("domain", "Domain", Relation::PartOf)),
            optional("type", Shape::Text),
        ],
    },
    KindRow {
        name: "Domain",
        versions: CORE,
        spec: &[
            required("owner", OWNER),
            optional("subdomainOf", reference("subdomainOf", "Domain", Relation::PartOf)),
            optional("type", Shape::Text),
        ],
    },
    KindRow {
        name: "Group",
        versions: CORE,
        spec: &[
            required("type", Shape::Text),
            required("children", Shape::List(&reference("children", "Group", Relation::ParentOf))),
            optional("parent", reference("parent", "Group", Relation::ChildOf)),
            optional("members", Shape::List(&reference("members", "User", Relation::HasMember))),
            optional("profile", PROFILE),
        ],
    },
    KindRow {
        name: "User",
        versions: CORE,
        spec: &[
            required("memberOf", Shape::List(&reference("memberOf", "Group", Relation::MemberOf))),
            optional("profile", PROFILE),
        ],
    },
    KindRow {
        name: "Location",
        versions: CORE,
        spec: &[
            optional("type", Shape::Text),
            optional("target", Shape::Text),
            optional("targets", Shape::List(&Shape::Text)),
            optional("presence", Shape::Word(&["required", "optional"])),
        ],
    },
    KindRow { name: "Template", versions: SCAFFOLDER, spec: TEMPLATE },
];

const PERMISSIONS: Shape = Shape::Object(&[optional("tags", Shape::List(&Shape::AnyText))], None);
const BUTTONS: Shape = Shape::Object(
    &[
        optional("backButtonText", Shape::AnyText),
        optional("createButtonText", Shape::AnyText),
        optional("reviewButtonText", Shape::AnyText),
    ],
    None,
);
const ANY_OBJECT: Shape = Shape::Object(&[], None);
const DECORATORS: Shape =
    Shape::List(&Shape::Object(&[optional("id", Shape::AnyText), optional("input", ANY_OBJECT)], None));
const STEP: Shape = Shape::Object(
    &[
        required("action", Shape::AnyText),
        optional("id", Shape::AnyText),
        optional("name", Shape::AnyText),
        optional("input", ANY_OBJECT),
        optional("if", Shape::TextOrBool),
        optional("backstage:permissions", PERMISSIONS),
    ],
    None,
);
const OUTPUT_LINK: Shape = Shape::Object(
    &[
        optional("if", Shape::TextOrBool),
        optional("url", Shape::Text),
        optional("entityRef", Shape::Text),
        optional("title", Shape::Text),
        optional("icon", Shape::Text),
    ],
    None,
);
const OUTPUT_TEXT: Shape = Shape::Object(
    &[
        optional("if", Shape::TextOrBool),
        optional("title", Shape::Text),
        optional("icon", Shape::Text),
        optional("content", Shape::AnyText),
    ],
    None,
);
const TEMPLATE: &[Field] = &[
    required("type", Shape::Text),
    required("steps", Shape::List(&STEP)),
    optional("owner", OWNER),
    optional("lifecycle", Shape::Text),
    optional("parameters", Shape::ObjectOrList(&[optional("backstage:permissions", PERMISSIONS)])),
    optional("secrets", Shape::Object(&[optional("schema", ANY_OBJECT)], None)),
    optional("presentation", Shape::Object(&[optional("buttonLabels", BUTTONS)], None)),
    optional("formDecorators", DECORATORS),
    optional("EXPERIMENTAL_formDecorators", DECORATORS),
    optional(
        "EXPERIMENTAL_recovery",
        Shape::Object(&[optional("EXPERIMENTAL_strategy", Shape::AnyText)], None),
    ),
    optional(
        "output",
        Shape::Object(
            &[optional("links", Shape::List(&OUTPUT_LINK)), optional("text", Shape::List(&OUTPUT_TEXT))],
            Some(&Shape::AnyText),
        ),
    ),
];

/// The row of a kind as it is written.
pub(crate) fn row(kind: &str) -> Option<&'static KindRow> {
    KINDS.iter().find(|row| row.name == kind)
}

/// The row of a kind, whatever the case of its letters.
pub(crate) fn row_ignoring_case(kind: &str) -> Option<&'static KindRow> {
    KINDS.iter().find(|row| row.name.eq_ignore_ascii_case(kind))
}

/// The name of a field that holds references, as the tables spell it.
pub(crate) fn reference_field(name: &str) -> Option<&'static str> {
    let fields = KINDS.iter().flat_map(|row| row.spec);
    fields.filter_map(|field| name_of_reference(&field.shape)).find(|known| *known == name)
}

fn name_of_reference(shape: &'static Shape) -> Option<&'static str> {
    match shape {
        Shape::Ref(field) | Shape::LooseRefs(field) => Some(field.name),
        Shape::List(inner) => name_of_reference(inner),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::{Field, KINDS, METADATA, Shape};

    fn check(fields: &[Field]) {
        assert!(fields.len() <= 32, "a mapping's fields are counted in 32 bits");
        for field in fields {
            if let Shape::Object(fields, _) | Shape::ObjectOrList(fields) = &field.shape {
                check(fields);
            }
        }
    }

    #[test]
    fn every_table_fits_the_walk() {
        check(METADATA);
        for row in KINDS {
            check(row.spec);
        }
    }
}
