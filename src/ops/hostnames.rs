//! `hostname-conflict`: two entities that want the same name in DNS.

use super::render::{Rendering, node_span};
use crate::diagnostic::{Diagnostic, RuleId, Severity};
use crate::entity::Entity;
use crate::render::{Conflict, Hostname, Overlap, conflicts};

/// The rule.
const RULE: RuleId = RuleId::new("hostname-conflict");

/// What is wrong with the names that entities answer for, told at the one that comes later in the catalog.
pub(super) fn findings(
    rendering: &Rendering<'_>,
    entities: &[&Entity],
    names: &[Vec<Hostname>],
) -> Vec<Diagnostic> {
    let found = conflicts(names).into_iter().filter(|conflict| {
        // An entity that is defined twice is another rule's affair.
        entities[conflict.first.0].reference != entities[conflict.second.0].reference
    });
    found.map(|conflict| finding(rendering, entities, names, &conflict)).collect()
}

fn finding(
    rendering: &Rendering<'_>,
    entities: &[&Entity],
    names: &[Vec<Hostname>],
    conflict: &Conflict,
) -> Diagnostic {
    let hostname = |at: (usize, usize)| (&entities[at.0], &names[at.0][at.1]);
    let place = |at: (usize, usize)| {
        let (entity, hostname) = hostname(at);
        node_span(rendering.catalog, entity, &hostname.pointer)
    };
    let ((first, theirs), (_, ours)) = (hostname(conflict.first), hostname(conflict.second));
    let (first, theirs, name) = (first.reference.short(), &theirs.name, &ours.name);
    let path = conflict.path.trim_end_matches('/');
    let (severity, message, help) = match conflict.overlap {
        Overlap::Same => (
            Severity::Error,
            format!("{name}{path} belongs to {first} already"),
            "take another name or path, or let one entity answer for both",
        ),
        Overlap::Path => (
            Severity::Warning,
            format!("{name}{path} takes requests away from {first}, which has a path above it"),
            "if it is meant to, allow it with a waiver",
        ),
        Overlap::Wildcard => (
            Severity::Warning,
            format!("{name} takes requests away from {theirs} of {first}"),
            "if it is meant to, allow it with a waiver",
        ),
    };
    let found = Diagnostic::error(RULE, place(conflict.second), message);
    let found = found.related(place(conflict.first), format!("{first} has it here")).help(help);
    Diagnostic { severity, ..found }
}
