//! `case-colliding-keys`: keys that differ only in case.

use std::collections::{BTreeMap, BTreeSet};

use crate::diagnostic::{Diagnostic, RuleId, Severity};
use crate::source::Span;
use crate::yaml::{Document, Kind, Node, key_text};

use super::{Check, Docs, FileView, Rule, finding};

pub(super) const RULE: Rule = Rule {
    id: RuleId::new("case-colliding-keys"),
    severity: Severity::Error,
    summary: "two keys differ only in case, so the entity never appears",
    docs: Docs {
        why: "Backstage accepts the entity and then fails to put it into its search index, again and again, and says so only in its log: the entity is never seen, or stays as it was. Keys are compared as paths with dots, so `a.b` collides with `B` in the mapping `a`, and `url` in one link with `URL` in another.",
        bad: "\
apiVersion: backstage.io/v1alpha1
kind: Component
metadata:
  name: orders
  labels:
    Team: payments
    team: shop
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
    team: payments
    sub-team: shop
spec:
  type: service
  lifecycle: production
  owner: team-payments
",
        fix: "rename one of the keys, or write both alike",
    },
    check: Check::File(check),
};

/// Deeper than this nothing is looked for; the parser's own limit is lower.
const MAX_DEPTH: u32 = 256;

/// Keys that Backstage adds to every entity's search rows.
const ADDED: [&str; 8] = [
    "metadata.name",
    "metadata.namespace",
    "metadata.uid",
    "metadata.annotations.backstage.io/managed-by-location",
    "metadata.annotations.backstage.io/managed-by-origin-location",
    "metadata.annotations.backstage.io/view-url",
    "metadata.annotations.backstage.io/edit-url",
    "metadata.annotations.backstage.io/source-location",
];

/// Keys that are no search rows.
const SPECIAL: [&str; 7] = [
    "attachments",
    "relations",
    "status",
    "metadata.name",
    "metadata.namespace",
    "metadata.uid",
    "metadata.etag",
];

fn check(view: &FileView<'_>) -> Vec<Diagnostic> {
    view.tree
        .documents(view.text)
        .filter(|document| !document.is_broken())
        .flat_map(|document| collisions(&document))
        .collect()
}

fn collisions(document: &Document<'_>) -> Vec<Diagnostic> {
    let Some(root) = document.root().filter(|root| root.kind() == Kind::Mapping) else { return Vec::new() };
    if !may_collide(root) {
        return Vec::new();
    }
    let mut rows =
        Rows { by_lower: BTreeMap::new(), items: BTreeSet::new(), path: String::new(), findings: Vec::new() };
    for key in ADDED {
        rows.by_lower.insert(key.to_owned(), (key.to_owned(), None));
    }
    rows.visit(root, None, 0);
    rows.findings
}

/// Two paths that collide: letters beyond ASCII need the thorough look.
const UNSURE: [(u64, u64); 2] = [(0, 0), (0, 1)];

/// A quick look for keys that differ only in case, on hashes of paths: `false` is certain.
fn may_collide(root: Node<'_>) -> bool {
    let mut paths: Vec<(u64, u64)> = Vec::with_capacity(64);
    for key in ADDED {
        let path = key.split('.').fold(PathHash::default(), PathHash::below);
        paths.push((path.lower, path.exact));
    }
    collect(root, PathHash::default(), 0, &mut paths);
    paths.sort_unstable();
    paths.windows(2).any(|pair| pair[0].0 == pair[1].0 && pair[0].1 != pair[1].1)
}

/// The hash of a path as it is written and in lower case (FNV-1a over its bytes).
#[derive(Clone, Copy)]
struct PathHash {
    exact: u64,
    lower: u64,
}

impl Default for PathHash {
    fn default() -> Self {
        Self { exact: 0xcbf2_9ce4_8422_2325, lower: 0xcbf2_9ce4_8422_2325 }
    }
}

impl PathHash {
    /// The path one step further. A dot within a step counts as a step, as it does in Backstage.
    fn below(mut self, step: &str) -> Self {
        const PRIME: u64 = 0x0100_0000_01b3;
        self.exact = (self.exact ^ u64::from(b'.')).wrapping_mul(PRIME);
        self.lower = (self.lower ^ u64::from(b'.')).wrapping_mul(PRIME);
        for byte in step.bytes() {
            self.exact = (self.exact ^ u64::from(byte)).wrapping_mul(PRIME);
            self.lower = (self.lower ^ u64::from(byte.to_ascii_lowercase())).wrapping_mul(PRIME);
        }
        self
    }
}

fn collect(node: Node<'_>, path: PathHash, depth: u32, paths: &mut Vec<(u64, u64)>) {
    if depth > MAX_DEPTH {
        return;
    }
    if node.is_mapping() {
        for (key, value) in node.entries() {
            let text = key.as_str().unwrap_or_else(|| key_text(key).into());
            if !text.is_ascii() {
                paths.extend(UNSURE);
            }
            collect(value, path.below(&text), depth + 1, paths);
        }
    } else if node.is_sequence() {
        for item in node.items() {
            collect(item, path, depth + 1, paths);
            if let Some(text) = item.as_str() {
                if !text.is_ascii() {
                    paths.extend(UNSURE);
                }
                let item = path.below(&text);
                paths.push((item.lower, item.exact));
            }
        }
    } else {
        paths.push((path.lower, path.exact));
    }
}

/// The search rows of an entity as Backstage's `buildEntitySearch` makes them.
struct Rows {
    /// By the key in lower case: the key as it came first, and where it is written.
    by_lower: BTreeMap<String, (String, Option<Span>)>,
    /// The keys, in lower case, that texts in lists made.
    items: BTreeSet<String>,
    path: String,
    findings: Vec<Diagnostic>,
}

impl Rows {
    fn visit(&mut self, node: Node<'_>, key: Option<Span>, depth: u32) {
        if depth > MAX_DEPTH || SPECIAL.contains(&self.path.as_str()) {
            return;
        }
        match node.kind() {
            Kind::Mapping => {
                for (name, value) in node.entries() {
                    self.below(&key_text(name), |rows| rows.visit(value, Some(name.span()), depth + 1));
                }
            }
            Kind::Sequence => {
                for item in node.items() {
                    self.visit(item, key, depth + 1);
                    if let Some(text) = item.as_str() {
                        self.below(&text, |rows| rows.add_item(item.span()));
                    }
                }
            }
            _ => self.add(key),
        }
    }

    /// Goes one step down and comes back.
    fn below(&mut self, step: &str, then: impl FnOnce(&mut Self)) {
        let length = self.path.len();
        if length > 0 {
            self.path.push('.');
        }
        self.path.push_str(step);
        then(self);
        self.path.truncate(length);
    }

    /// A text in a list makes a row of its own, unless such a text in another case did before.
    fn add_item(&mut self, span: Span) {
        if self.items.insert(self.path.to_lowercase()) {
            self.add(Some(span));
        }
    }

    fn add(&mut self, span: Option<Span>) {
        let lower = self.path.to_lowercase();
        match self.by_lower.get(&lower) {
            None => {
                self.by_lower.insert(lower, (self.path.clone(), span));
            }
            Some((first, other)) if *first != self.path => {
                if let Some(span) = span {
                    self.findings.push(report(span, &self.path, first, *other));
                }
            }
            Some(_) => {}
        }
    }
}

fn report(span: Span, path: &str, first: &str, other: Option<Span>) -> Diagnostic {
    let message = format!("the key `{path}` differs from `{first}` only in case");
    let found = finding(&RULE, span, message)
        .note("Backstage accepts the entity, but never shows it: its search index fails, in the log only")
        .help("rename one of the keys, or write both alike");
    match other {
        Some(other) => found.related(other, "the other key"),
        None => found.note(format!("Backstage adds `{first}` to every entity")),
    }
}
