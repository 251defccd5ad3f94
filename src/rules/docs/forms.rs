//! Rules of [`entity`](crate::entity) about the form of single texts.

use crate::diagnostic::Severity;
use crate::entity::rule as entity;
use crate::rules::{Check, Docs, Rule};

/// An annotation has a key of the wrong form.
pub(in crate::rules) const INVALID_ANNOTATION: Rule = Rule {
    id: entity::INVALID_ANNOTATION,
    severity: Severity::Error,
    summary: "an annotation has a key of the wrong form",
    docs: Docs {
        why: "Keys of annotations have the form of Kubernetes labels: a name, or a lower-case DNS name, a slash and a name. The value may be any text.",
        bad: "\
apiVersion: backstage.io/v1alpha1
kind: Component
metadata:
  name: orders
  annotations:
    Example.com/chat: '#orders'
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
  annotations:
    example.com/chat: '#orders'
spec:
  type: service
  lifecycle: production
  owner: team-payments
",
        fix: "write the prefix in lower case, and only letters, digits, `-`, `_` and `.` after the slash",
    },
    check: Check::Reading,
};

/// An apiVersion has the wrong form.
pub(in crate::rules) const INVALID_API_VERSION: Rule = Rule {
    id: entity::INVALID_API_VERSION,
    severity: Severity::Error,
    summary: "an apiVersion has the wrong form",
    docs: Docs {
        why: "An apiVersion is a version, or a DNS name, one slash and a version of letters and digits.",
        bad: "\
apiVersion: backstage.io/v1.alpha1
kind: Component
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
        fix: "write `backstage.io/v1alpha1`, or `scaffolder.backstage.io/v1beta3` for a Template",
    },
    check: Check::Reading,
};

/// A kind has the wrong form.
pub(in crate::rules) const INVALID_KIND: Rule = Rule {
    id: entity::INVALID_KIND,
    severity: Severity::Error,
    summary: "a kind has the wrong form",
    docs: Docs {
        why: "A kind is a letter followed by letters and digits.",
        bad: "\
apiVersion: backstage.io/v1alpha1
kind: My-Component
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
        fix: "write one of the known kinds",
    },
    check: Check::Reading,
};

/// A label has a key or value of the wrong form.
pub(in crate::rules) const INVALID_LABEL: Rule = Rule {
    id: entity::INVALID_LABEL,
    severity: Severity::Error,
    summary: "a label has a key or value of the wrong form",
    docs: Docs {
        why: "Labels have the form of Kubernetes labels, so that they can be used there: letters and digits with `-`, `_` or `.` between them, at most 63 characters. What does not fit belongs into an annotation.",
        bad: "\
apiVersion: backstage.io/v1alpha1
kind: Component
metadata:
  name: orders
  labels:
    team: payments and billing
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
  labels:
    team: payments-and-billing
spec:
  type: service
  lifecycle: production
  owner: team-payments
",
        fix: "shorten the value to a name, or move it into an annotation",
    },
    check: Check::Reading,
};

/// A link has a URL, title or icon of the wrong form.
pub(in crate::rules) const INVALID_LINK: Rule = Rule {
    id: entity::INVALID_LINK,
    severity: Severity::Error,
    summary: "a link has a URL, title or icon of the wrong form",
    docs: Docs {
        why: "The URL of a link must be absolute, with its scheme; title and icon must not be blank.",
        bad: "\
apiVersion: backstage.io/v1alpha1
kind: Component
metadata:
  name: orders
  links:
    - url: example.com/orders
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
  links:
    - url: https://example.com/orders
spec:
  type: service
  lifecycle: production
  owner: team-payments
",
        fix: "write the whole URL with `https://`",
    },
    check: Check::Reading,
};

/// A name has the wrong form.
pub(in crate::rules) const INVALID_NAME: Rule = Rule {
    id: entity::INVALID_NAME,
    severity: Severity::Error,
    summary: "a name has the wrong form",
    docs: Docs {
        why: "A name is letters and digits with `-`, `_` or `.` only between them, at most 63 characters: it becomes part of references, URLs and the names of Kubernetes objects.",
        bad: "\
apiVersion: backstage.io/v1alpha1
kind: Component
metadata:
  name: orders service
  title: Orders
spec:
  type: service
  lifecycle: production
  owner: team-payments
",
        good: "\
apiVersion: backstage.io/v1alpha1
kind: Component
metadata:
  name: orders-service
  title: Orders
spec:
  type: service
  lifecycle: production
  owner: team-payments
",
        fix: "write a short name and put the rest into `metadata.title`",
    },
    check: Check::Reading,
};

/// A namespace has the wrong form.
pub(in crate::rules) const INVALID_NAMESPACE: Rule = Rule {
    id: entity::INVALID_NAMESPACE,
    severity: Severity::Error,
    summary: "a namespace has the wrong form",
    docs: Docs {
        why: "A namespace is lower-case letters and digits with `-` only between them, at most 63 characters.",
        bad: "\
apiVersion: backstage.io/v1alpha1
kind: Component
metadata:
  name: orders
  namespace: Payments
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
  namespace: payments
spec:
  type: service
  lifecycle: production
  owner: team-payments
",
        fix: "write it in lower case, with `-` between words",
    },
    check: Check::Reading,
};

/// A text is not a reference to an entity.
pub(in crate::rules) const INVALID_REFERENCE: Rule = Rule {
    id: entity::INVALID_REFERENCE,
    severity: Severity::Error,
    summary: "a text is not a reference to an entity",
    docs: Docs {
        why: "A reference has the form `[<kind>:][<namespace>/]<name>`. Most fields have a default kind; `dependsOn` and `dependencyOf` have none, so the kind must be written there.",
        bad: "\
apiVersion: backstage.io/v1alpha1
kind: Component
metadata:
  name: orders
spec:
  type: service
  lifecycle: production
  owner: team-payments
  dependsOn: [orders-db]
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
  dependsOn: ['resource:orders-db']
",
        fix: "write the kind in front: `resource:orders-db`",
    },
    check: Check::Reading,
};

/// A tag has the wrong form.
pub(in crate::rules) const INVALID_TAG: Rule = Rule {
    id: entity::INVALID_TAG,
    severity: Severity::Error,
    summary: "a tag has the wrong form",
    docs: Docs {
        why: "Tags are lower-case letters, digits, `:`, `+` and `#`, with single `-` between them, at most 63 characters. Backstage's own message leaves out the colon.",
        bad: "\
apiVersion: backstage.io/v1alpha1
kind: Component
metadata:
  name: orders
  tags: [Java, node.js]
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
  tags: [java, node-js]
spec:
  type: service
  lifecycle: production
  owner: team-payments
",
        fix: "write it in lower case, with `-` in place of other characters",
    },
    check: Check::Reading,
};

/// A word is none of those that the field takes.
pub(in crate::rules) const INVALID_VALUE: Rule = Rule {
    id: entity::INVALID_VALUE,
    severity: Severity::Error,
    summary: "a word is none of those that the field takes",
    docs: Docs {
        why: "Some fields take only certain words: `presence` of a Location is `required` or `optional`.",
        bad: "\
apiVersion: backstage.io/v1alpha1
kind: Location
metadata:
  name: all
spec:
  target: https://example.com/all.yaml
  presence: maybe
",
        good: "\
apiVersion: backstage.io/v1alpha1
kind: Location
metadata:
  name: all
spec:
  target: https://example.com/all.yaml
  presence: optional
",
        fix: "write one of the words that the finding names",
    },
    check: Check::Reading,
};
