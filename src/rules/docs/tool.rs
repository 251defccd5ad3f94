//! Rules of the areas around the catalog. Their findings are not about entities, so their examples are
//! in the documentation of those areas.

use crate::diagnostic::{RuleId, Severity};
use crate::render;
use crate::rules::{Check, Docs, Rule};

/// An entity cannot become objects.
pub(in crate::rules) const CANNOT_RENDER: Rule = Rule {
    id: RuleId::new("cannot-render"),
    severity: Severity::Error,
    summary: "an entity cannot become Kubernetes objects",
    docs: Docs {
        why: "The resource type of the entity refuses its parameters, or fails on them: nothing would be applied.",
        bad: "",
        good: "",
        fix: "correct the field that the finding names; `platform types` shows what the type takes",
    },
    check: Check::Elsewhere,
};

/// A configuration file says what it may not, or what nobody understands.
pub(in crate::rules) const CONFIGURATION: Rule = Rule {
    id: RuleId::new("configuration"),
    severity: Severity::Error,
    summary: "a configuration file is not valid",
    docs: Docs {
        why: "A setting that is not understood is a setting that does not hold.",
        bad: "",
        good: "",
        fix: "correct the setting; `platform config show` prints all of them with their values and origins",
    },
    check: Check::Elsewhere,
};

/// Two entities want the same name in DNS.
pub(in crate::rules) const HOSTNAME_CONFLICT: Rule = Rule {
    id: RuleId::new("hostname-conflict"),
    severity: Severity::Error,
    summary: "two entities want the same name in DNS",
    docs: Docs {
        why: "A request goes to one of the two routes, the older one as a rule, and the other team waits for requests that never come. A path below the other's, and a name below the other's wildcard, work as the Gateway API says and take requests away from it: these are warnings.",
        bad: "",
        good: "",
        fix: "take another name or path, let one entity answer for both, or allow an exception with a waiver",
    },
    check: Check::Elsewhere,
};

/// A definition of a kind that cannot be read.
pub(in crate::rules) const INVALID_DEFINITION: Rule = Rule {
    id: RuleId::new("invalid-definition"),
    severity: Severity::Warning,
    summary: "a definition of a kind cannot be read in full",
    docs: Docs {
        why: "Objects are held against the definitions of their kinds. What is not understood of one is not looked at.",
        bad: "",
        good: "",
        fix: "get the definition again: `platform types pull-crds`",
    },
    check: Check::Elsewhere,
};

/// A definition of a resource type that cannot be read.
pub(in crate::rules) const INVALID_RESOURCE_TYPE: Rule = Rule {
    id: render::RULE,
    severity: Severity::Error,
    summary: "a definition of a resource type is not valid",
    docs: Docs {
        why: "Entities of a type that cannot be read cannot become objects.",
        bad: "",
        good: "",
        fix: "correct the field that the finding names in `types/<type>/type.yaml`",
    },
    check: Check::Elsewhere,
};

/// A file of `rendered/` that is not what its entity becomes.
pub(in crate::rules) const STALE_RENDERED: Rule = Rule {
    id: RuleId::new("stale-rendered"),
    severity: Severity::Warning,
    summary: "a file of `rendered/` is not what its entity becomes",
    docs: Docs {
        why: "Argo CD or Flux applies what is in `rendered/`. What the entities say now and nobody rendered is reviewed, merged and never applied. The rule looks once there is a file in `rendered/`, or once `platform.yaml` gives it a severity.",
        bad: "",
        good: "",
        fix: "run `platform render --write` and commit what it changes; `platform render --check` shows the difference",
    },
    check: Check::Elsewhere,
};

/// A file that cannot be read from the disk.
pub(in crate::rules) const UNREADABLE_FILE: Rule = Rule {
    id: RuleId::new("unreadable-file"),
    severity: Severity::Error,
    summary: "a file cannot be read",
    docs: Docs {
        why: "What is in a file that cannot be read is not checked, and Backstage may read it all the same.",
        bad: "",
        good: "",
        fix: "make the file readable, or take it out of the catalog's folders",
    },
    check: Check::Elsewhere,
};
