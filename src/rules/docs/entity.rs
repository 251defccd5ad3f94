//! Rules of [`entity`](crate::entity).

use crate::diagnostic::Severity;
use crate::entity::rule as entity;
use crate::rules::{Check, Docs, Rule};

/// A text that must not be empty is empty.
pub(in crate::rules) const EMPTY_VALUE: Rule = Rule {
    id: entity::EMPTY_VALUE,
    severity: Severity::Error,
    summary: "a text that must not be empty is empty",
    docs: Docs {
        why: "Backstage's schema wants at least one character in almost every text; an empty one is refused, not taken as absent.",
        bad: "\
apiVersion: backstage.io/v1alpha1
kind: Component
metadata:
  name: orders
spec:
  type: ''
  lifecycle: production
  owner: team-payments
",
        good: "\
apiVersion: backstage.io/v1alpha1
kind: Component
metadata:
  name: orders
spec:
  type: service
  lifecycle: production
  owner: team-payments
",
        fix: "write a value, or remove the key if the field is optional",
    },
    check: Check::Reading,
};

/// A Location is of a type that Backstage does not follow.
pub(in crate::rules) const LOCATION_TYPE: Rule = Rule {
    id: entity::LOCATION_TYPE,
    severity: Severity::Error,
    summary: "a Location is of a type that Backstage does not follow",
    docs: Docs {
        why: "A Location that is read by URL may only lead to other URLs. `type: file` works on a developer's machine and stops all updates of that Location in a deployed Backstage.",
        bad: "\
apiVersion: backstage.io/v1alpha1
kind: Location
metadata:
  name: all
spec:
  type: file
  target: https://example.com/all.yaml
",
        good: "\
apiVersion: backstage.io/v1alpha1
kind: Location
metadata:
  name: all
spec:
  type: url
  target: https://example.com/all.yaml
",
        fix: "write `type: url`, or leave it out: relative targets work as well",
    },
    check: Check::Reading,
};

/// A field that the kind needs is missing.
pub(in crate::rules) const MISSING_FIELD: Rule = Rule {
    id: entity::MISSING_FIELD,
    severity: Severity::Error,
    summary: "a field that the kind needs is missing",
    docs: Docs {
        why: "Every kind needs some fields of `spec`, and every entity needs `apiVersion`, `kind` and `metadata.name`. Without one of the latter Backstage cannot even name the entity, and stops all updates that come through the same Location.",
        bad: "\
apiVersion: backstage.io/v1alpha1
kind: Component
metadata:
  name: orders
spec:
  type: service
  owner: team-payments
",
        good: "\
apiVersion: backstage.io/v1alpha1
kind: Component
metadata:
  name: orders
spec:
  type: service
  lifecycle: production
  owner: team-payments
",
        fix: "add the field that the finding names",
    },
    check: Check::Reading,
};

/// A field looks like a slip for another one.
pub(in crate::rules) const MISSPELLED_FIELD: Rule = Rule {
    id: entity::MISSPELLED_FIELD,
    severity: Severity::Warning,
    summary: "a field looks like a slip for another one",
    docs: Docs {
        why: "Backstage ignores fields of `spec` and `metadata` that it does not know, so a slip in an optional field is never noticed: the relation or link is just not there.",
        bad: "\
apiVersion: backstage.io/v1alpha1
kind: Component
metadata:
  name: orders
spec:
  type: service
  lifecycle: production
  owner: team-payments
  sytem: shop
",
        good: "\
apiVersion: backstage.io/v1alpha1
kind: Component
metadata:
  name: orders
spec:
  type: service
  lifecycle: production
  owner: team-payments
  system: shop
",
        fix: "correct the name of the field; turn the rule off if a plugin of yours reads it",
    },
    check: Check::Reading,
};

/// A document is not a mapping.
pub(in crate::rules) const NOT_AN_ENTITY: Rule = Rule {
    id: entity::NOT_AN_ENTITY,
    severity: Severity::Error,
    summary: "a document is not a mapping",
    docs: Docs {
        why: "Every document of a file of entities must be an entity. A list or a text stops all updates that come through the same Location.",
        bad: "\
# file: catalog-info.yaml
- orders
- billing
",
        good: "\
# file: catalog-info.yaml
apiVersion: backstage.io/v1alpha1
kind: Component
metadata:
  name: orders
spec:
  type: service
  lifecycle: production
  owner: team-payments
",
        fix: "write one entity a document, and `---` between documents",
    },
    check: Check::Reading,
};

/// A field at the root that no entity has.
pub(in crate::rules) const UNKNOWN_FIELD: Rule = Rule {
    id: entity::UNKNOWN_FIELD,
    severity: Severity::Error,
    summary: "a field at the root that no entity has",
    docs: Docs {
        why: "An entity has `apiVersion`, `kind`, `metadata` and `spec` at its root, and nothing else; `status` and `relations` are Backstage's own.",
        bad: "\
apiVersion: backstage.io/v1alpha1
kind: Component
metadata:
  name: orders
spec:
  type: service
  lifecycle: production
  owner: team-payments
owner: team-payments
",
        good: "\
apiVersion: backstage.io/v1alpha1
kind: Component
metadata:
  name: orders
spec:
  type: service
  lifecycle: production
  owner: team-payments
",
        fix: "move the field into `spec` or `metadata`, or remove it",
    },
    check: Check::Reading,
};

/// A kind, or its apiVersion, that Backstage does not know.
pub(in crate::rules) const UNKNOWN_KIND: Rule = Rule {
    id: entity::UNKNOWN_KIND,
    severity: Severity::Error,
    summary: "a kind, or its apiVersion, that Backstage does not know",
    docs: Docs {
        why: "Kinds are compared with regard to case, and each belongs to its apiVersions. Backstage says only that no processor recognized the entity.",
        bad: "\
apiVersion: backstage.io/v1alpha1
kind: component
metadata:
  name: orders
spec:
  type: service
  lifecycle: production
  owner: team-payments
",
        good: "\
apiVersion: backstage.io/v1alpha1
kind: Component
metadata:
  name: orders
spec:
  type: service
  lifecycle: production
  owner: team-payments
",
        fix: "write the kind as Backstage does, with its apiVersion; turn the rule off for a kind that a processor of yours knows",
    },
    check: Check::Reading,
};

/// A placeholder that Backstage leaves as it is.
pub(in crate::rules) const UNPARSED_PLACEHOLDER: Rule = Rule {
    id: entity::UNPARSED_PLACEHOLDER,
    severity: Severity::Warning,
    summary: "a placeholder that Backstage leaves as it is",
    docs: Docs {
        why: "`$text`, `$json` and `$yaml` are replaced only when they are the one key of a mapping, and other names only when a module knows them. Else the mapping stays as it is.",
        bad: "\
apiVersion: backstage.io/v1alpha1
kind: Component
metadata:
  name: orders
spec:
  type: service
  lifecycle: production
  owner: team-payments
  notes:
    $txt: ./notes.txt
",
        good: "\
apiVersion: backstage.io/v1alpha1
kind: Component
metadata:
  name: orders
spec:
  type: service
  lifecycle: production
  owner: team-payments
  notes:
    $text: https://example.com/notes.txt
",
        fix: "correct the name, and leave the placeholder alone in its mapping",
    },
    check: Check::Reading,
};

/// A placeholder whose file cannot be read.
pub(in crate::rules) const UNREADABLE_PLACEHOLDER: Rule = Rule {
    id: entity::UNREADABLE_PLACEHOLDER,
    severity: Severity::Error,
    summary: "a placeholder whose file cannot be read",
    docs: Docs {
        why: "Backstage reads the file while it ingests the entity. When there is no such file, or it is not what the placeholder says, the entity is refused.",
        bad: "\
apiVersion: backstage.io/v1alpha1
kind: API
metadata:
  name: orders
spec:
  type: openapi
  lifecycle: production
  owner: team-payments
  definition:
    $text: ./no-such-file.yaml
",
        good: "\
apiVersion: backstage.io/v1alpha1
kind: API
metadata:
  name: orders
spec:
  type: openapi
  lifecycle: production
  owner: team-payments
  definition:
    $text: https://example.com/openapi.yaml
",
        fix: "correct the path, which is relative to the file, or commit the file",
    },
    check: Check::Reading,
};

/// A value is of the wrong sort.
pub(in crate::rules) const WRONG_TYPE: Rule = Rule {
    id: entity::WRONG_TYPE,
    severity: Severity::Error,
    summary: "a value is of the wrong sort",
    docs: Docs {
        why: "YAML reads `1.10` as a number, `true` as a truth value and nothing as null. Backstage wants text, a list or a mapping, and converts nothing: null is not absent either.",
        bad: "\
apiVersion: backstage.io/v1alpha1
kind: Component
metadata:
  name: 1.10
spec:
  type: service
  lifecycle: production
  owner: team-payments
",
        good: "\
apiVersion: backstage.io/v1alpha1
kind: Component
metadata:
  name: \"1.10\"
spec:
  type: service
  lifecycle: production
  owner: team-payments
",
        fix: "put quotes around text that looks like something else; give the key a value or remove it",
    },
    check: Check::Reading,
};
