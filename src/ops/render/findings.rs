//! Where the problems of rendering are: in an entity or in a resource type.

use super::{RULE, Rendering};
use crate::catalog::Catalog;
use crate::diagnostic::Diagnostic;
use crate::entity::Entity;
use crate::ops::{definitions, types};
use crate::render::{Place, Problem};
use crate::source::Span;
use crate::yaml;

/// A problem at the node of the entity that it is about, or at the nearest one above it that is there.
pub(super) fn diagnostic(rendering: &Rendering<'_>, entity: &Entity, problem: &Problem) -> Diagnostic {
    let found = match &problem.place {
        Place::Entity(pointer) => {
            Diagnostic::error(RULE, node_span(rendering.catalog, entity, pointer), &problem.message)
        }
        Place::Type(pointer) => of_type(rendering, entity, pointer, &problem.message),
    };
    problem.help.iter().fold(found, Diagnostic::help)
}

/// A problem with a type: at its line where it is a file of the repository, else at the entity that has it.
fn of_type(rendering: &Rendering<'_>, entity: &Entity, pointer: &str, message: &str) -> Diagnostic {
    let name = entity.spec_type.as_ref().map(|written| written.value.to_string()).unwrap_or_default();
    let at = entity.spec_type.as_ref().map_or(entity.name_span, |written| written.span);
    let mut sources = rendering.catalog.sources().iter();
    let source = sources.find(|(_, source)| types::name_of(&source.path) == Some(&name)).map(|(id, _)| id);
    match (source, rendering.checks.texts.get(&name)) {
        (Some(source), Some(text)) if pointer.starts_with("/spec/objects") => {
            let span = definitions::span_at(source, text, pointer);
            Diagnostic::error(RULE, span, message).related(at, format!("made for {}", entity.reference))
        }
        _ => {
            Diagnostic::error(RULE, at, format!("the resource type {name} is wrong at {pointer}: {message}"))
        }
    }
}

/// The place of a pointer in an entity, or of the nearest node above it that is there.
pub(in crate::ops) fn node_span(catalog: &Catalog, entity: &Entity, pointer: &str) -> Span {
    let find = || {
        let text = catalog.sources().text(entity.span.source)?;
        let (tree, _) = yaml::parse(entity.span.source, text);
        let root = tree.documents(text).nth(entity.document as usize)?.root()?;
        let mut pointer = pointer;
        loop {
            if let Some(node) = root.pointer(pointer) {
                return Some(node.span());
            }
            pointer = &pointer[..pointer.rfind('/')?];
        }
    };
    find().unwrap_or(entity.name_span)
}
