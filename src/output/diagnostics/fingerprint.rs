//! A name for a finding that stays the same while lines move.

use std::collections::BTreeMap;
use std::fmt::Write;

use sha2::{Digest, Sha256};

use super::{Findings, Places};
use crate::diagnostic::Diagnostic;

/// The fingerprints of findings, in their order: 64 hexadecimal digits each.
///
/// They are made of the rule, the path, the message and what stands at the place; of findings that
/// are alike in all of it each has a number, in the order of their places. Line numbers are not in it:
/// GitLab and GitHub take a finding with a new fingerprint for a new finding.
pub(super) fn all(findings: &Findings<'_>) -> Vec<String> {
    let mut seen: BTreeMap<String, u32> = BTreeMap::new();
    let fingerprint = |found: &&Diagnostic| {
        let base = hashed(&parts(&findings.places, found));
        let number = seen.entry(base.clone()).or_default();
        *number += 1;
        if *number == 1 { base } else { hashed(&[&base, &number.to_string()]) }
    };
    findings.sorted.iter().map(fingerprint).collect()
}

fn parts<'a>(places: &Places<'a>, found: &'a Diagnostic) -> [&'a str; 4] {
    let span = found.primary.span;
    [found.rule.as_str(), places.path(span), &found.message, places.excerpt(span)]
}

fn hashed(parts: &[&str]) -> String {
    let mut hash = Sha256::new();
    for part in parts {
        // the length in front keeps `ab`, `c` apart from `a`, `bc`
        hash.update((part.len() as u64).to_le_bytes());
        hash.update(part.as_bytes());
    }
    let mut digits = String::with_capacity(64);
    for byte in hash.finalize() {
        let _ = write!(digits, "{byte:02x}");
    }
    digits
}
