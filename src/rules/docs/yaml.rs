//! Rules of [`yaml`].

use crate::diagnostic::Severity;
use crate::rules::{Check, Docs, Rule};
use crate::yaml;

/// An alias that names nothing, itself or too much.
pub(in crate::rules) const YAML_ALIAS: Rule = Rule {
    id: yaml::ALIAS,
    severity: Severity::Error,
    summary: "an alias that names nothing, itself or too much",
    docs: Docs {
        why: "An alias must name an anchor that stands before it in the same document. Backstage gives up the rest of the file when it does not, or when aliases multiply.",
        bad: "\
apiVersion: backstage.io/v1alpha1
kind: Component
metadata:
  name: orders
spec:
  type: service
  lifecycle: production
  owner: *owner
",
        good: "\
apiVersion: backstage.io/v1alpha1
kind: Component
metadata:
  name: orders
spec:
  type: service
  lifecycle: production
  owner: &owner team-payments
  maintainer: *owner
",
        fix: "write the value, or the anchor before its first use",
    },
    check: Check::Reading,
};

/// A key occurs twice in a mapping.
pub(in crate::rules) const YAML_DUPLICATE_KEY: Rule = Rule {
    id: yaml::DUPLICATE_KEY,
    severity: Severity::Error,
    summary: "a key occurs twice in a mapping",
    docs: Docs {
        why: "Backstage refuses the whole document, and stops all updates that come through the same Location.",
        bad: "\
apiVersion: backstage.io/v1alpha1
kind: Component
metadata:
  name: orders
spec:
  type: service
  lifecycle: production
  owner: team-payments
  type: website
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
        fix: "remove one of the two",
    },
    check: Check::Reading,
};

/// A file is not UTF-8.
pub(in crate::rules) const YAML_ENCODING: Rule = Rule {
    id: yaml::ENCODING,
    severity: Severity::Error,
    summary: "a file is not UTF-8",
    docs: Docs {
        why: "YAML is UTF-8. Backstage puts a replacement character in the place of other bytes, so values are not what was meant. There is no example: text that is not UTF-8 cannot be printed.",
        bad: "\
",
        good: "\
",
        fix: "save the file as UTF-8",
    },
    check: Check::Reading,
};

/// A file is deeper or larger than any file for people.
pub(in crate::rules) const YAML_LIMIT: Rule = Rule {
    id: yaml::LIMIT,
    severity: Severity::Error,
    summary: "a file is deeper or larger than any file for people",
    docs: Docs {
        why: "A file nested hundreds of levels deep, or of more than a gigabyte, is a mistake or an attack. There is no example, as it would be very long.",
        bad: "\
",
        good: "\
",
        fix: "split the file, or generate less",
    },
    check: Check::Reading,
};

/// The text is not YAML.
pub(in crate::rules) const YAML_SYNTAX: Rule = Rule {
    id: yaml::SYNTAX,
    severity: Severity::Error,
    summary: "the text is not YAML",
    docs: Docs {
        why: "One document that is not YAML stops all updates that come through the same Location.",
        bad: "\
apiVersion: backstage.io/v1alpha1
kind: Component
metadata:
  name: orders
spec:
  type: service
  lifecycle: production
  owner: 'team-payments
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
        fix: "mend the text at the place that the finding names",
    },
    check: Check::Reading,
};

/// A tag that says nothing to Backstage.
pub(in crate::rules) const YAML_TAG: Rule = Rule {
    id: yaml::TAG,
    severity: Severity::Warning,
    summary: "a tag that says nothing to Backstage",
    docs: Docs {
        why: "Backstage ignores tags that it does not know and keeps the value.",
        bad: "\
apiVersion: backstage.io/v1alpha1
kind: Component
metadata:
  name: orders
spec:
  type: !Ref service
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
        fix: "remove the tag",
    },
    check: Check::Reading,
};

/// A document that asks for YAML 1.1.
pub(in crate::rules) const YAML_VERSION: Rule = Rule {
    id: yaml::VERSION,
    severity: Severity::Warning,
    summary: "a document that asks for YAML 1.1",
    docs: Docs {
        why: "`%YAML 1.1` changes what words mean: `yes` and `no` become truth values. Backstage follows it, most other tools do not, and neither does this one.",
        bad: "\
%YAML 1.1
---
apiVersion: backstage.io/v1alpha1
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
        fix: "remove the line",
    },
    check: Check::Reading,
};
