//! The names of the rules that hold for one document.

use crate::diagnostic::RuleId;

/// The document is not a mapping.
pub const NOT_AN_ENTITY: RuleId = RuleId::new("not-an-entity");
/// A field that must be there is not.
pub const MISSING_FIELD: RuleId = RuleId::new("missing-field");
/// A value is of the wrong sort: a list in place of text, say.
pub const WRONG_TYPE: RuleId = RuleId::new("wrong-type");
/// A text that must not be empty is.
pub const EMPTY_VALUE: RuleId = RuleId::new("empty-value");
/// A field at the root that no entity has.
pub const UNKNOWN_FIELD: RuleId = RuleId::new("unknown-field");
/// A field that looks like another one that the kind has.
pub const MISSPELLED_FIELD: RuleId = RuleId::new("misspelled-field");
/// A word that is none of the allowed ones.
pub const INVALID_VALUE: RuleId = RuleId::new("invalid-value");
/// An apiVersion of the wrong form.
pub const INVALID_API_VERSION: RuleId = RuleId::new("invalid-api-version");
/// A kind of the wrong form.
pub const INVALID_KIND: RuleId = RuleId::new("invalid-kind");
/// A name of the wrong form.
pub const INVALID_NAME: RuleId = RuleId::new("invalid-name");
/// A namespace of the wrong form.
pub const INVALID_NAMESPACE: RuleId = RuleId::new("invalid-namespace");
/// A label with a key or value of the wrong form.
pub const INVALID_LABEL: RuleId = RuleId::new("invalid-label");
/// An annotation with a key of the wrong form.
pub const INVALID_ANNOTATION: RuleId = RuleId::new("invalid-annotation");
/// A tag of the wrong form.
pub const INVALID_TAG: RuleId = RuleId::new("invalid-tag");
/// A link with a URL, title or icon of the wrong form.
pub const INVALID_LINK: RuleId = RuleId::new("invalid-link");
/// A kind, or an apiVersion of it, that no processor recognizes.
pub const UNKNOWN_KIND: RuleId = RuleId::new("unknown-kind");
/// A text that is not an entity reference.
pub const INVALID_REFERENCE: RuleId = RuleId::new("invalid-reference");
/// A placeholder whose file cannot be read.
pub const UNREADABLE_PLACEHOLDER: RuleId = RuleId::new("unreadable-placeholder");
/// A placeholder that Backstage leaves as it is.
pub const UNPARSED_PLACEHOLDER: RuleId = RuleId::new("unparsed-placeholder");
/// A Location of a type that is not allowed.
pub const LOCATION_TYPE: RuleId = RuleId::new("location-type");

/// All of them, by name.
pub const ALL: [RuleId; 20] = [
    EMPTY_VALUE,
    INVALID_ANNOTATION,
    INVALID_API_VERSION,
    INVALID_KIND,
    INVALID_LABEL,
    INVALID_LINK,
    INVALID_NAME,
    INVALID_NAMESPACE,
    INVALID_REFERENCE,
    INVALID_TAG,
    INVALID_VALUE,
    LOCATION_TYPE,
    MISSING_FIELD,
    MISSPELLED_FIELD,
    NOT_AN_ENTITY,
    UNKNOWN_FIELD,
    UNKNOWN_KIND,
    UNPARSED_PLACEHOLDER,
    UNREADABLE_PLACEHOLDER,
    WRONG_TYPE,
];
