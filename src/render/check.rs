//! Holds the objects of an entity against the definitions of their kinds, and the manifests of a type.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::object::{Gvk, Object};

use super::context::Context;
use super::definitions::{Definitions, Violation};
use super::fill::Filler;
use super::objects::scope;
use super::problem::{Place, Problem};
use super::resource_type::ResourceType;
use super::trace::Origin;

/// What was found in the objects of an entity.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct CheckedObjects {
    /// What the API server would refuse.
    pub problems: Vec<Problem>,
    /// The kinds without a definition: their objects were not held against anything.
    pub unknown: BTreeSet<Gvk>,
    /// Rules that could not be decided, with the reason, by the kind that has them.
    pub undecided: BTreeMap<Gvk, BTreeSet<String>>,
}

/// Checks the objects that [`objects`](super::objects) made of an entity with the same arguments.
pub fn check(
    entity: &Value,
    resource_type: &ResourceType,
    context: &Context<'_>,
    objects: &[Object],
    definitions: &Definitions,
) -> CheckedObjects {
    let mut found = CheckedObjects::default();
    let mut wrong: Vec<(usize, Vec<Violation>)> = Vec::new();
    for (index, object) in objects.iter().enumerate() {
        let checked = definitions.check(object);
        if !checked.is_known {
            found.unknown.insert(object.gvk());
        }
        if !checked.undecided.is_empty() {
            found.undecided.entry(object.gvk()).or_default().extend(checked.undecided);
        }
        if !checked.violations.is_empty() {
            wrong.push((index, checked.violations));
        }
    }
    found.problems = problems_of(entity, resource_type, context, objects, &wrong);
    found
}

/// What is wrong with some of the objects that [`objects`](super::objects) made, each by its index, where it is
/// to be mended.
pub fn problems_of(
    entity: &Value,
    resource_type: &ResourceType,
    context: &Context<'_>,
    objects: &[Object],
    wrong: &[(usize, Vec<Violation>)],
) -> Vec<Problem> {
    if wrong.is_empty() {
        return Vec::new();
    }
    let origins = origins(entity, resource_type, context);
    let mut problems = Vec::new();
    for (index, violations) in wrong {
        let kind = objects.get(*index).map(|object| object.gvk().kind).unwrap_or_default();
        let origin = origins.get(*index);
        problems.extend(violations.iter().map(|it| problem(it, &kind, entity, origin)));
    }
    problems.dedup();
    problems
}

/// Checks the manifests of a type as far as they are known without an entity.
pub fn check_manifests(resource_type: &ResourceType, definitions: &Definitions) -> Vec<Problem> {
    let mut problems = Vec::new();
    for (index, template) in resource_type.objects.iter().enumerate() {
        let kind = template.manifest.get("kind").and_then(Value::as_str).unwrap_or("");
        let text = |name: &str| template.manifest.get(name).and_then(Value::as_str).unwrap_or("${{");
        if text("apiVersion").contains("${{") || text("kind").contains("${{") {
            continue;
        }
        for violation in definitions.check_template(&template.manifest).violations {
            let at = format!("/spec/objects/{index}/manifest{}", violation.pointer);
            problems.push(Problem {
                place: Place::Type(at),
                message: message(&violation, kind),
                help: violation.help,
            });
        }
    }
    problems
}

/// The kinds that a type makes and that nothing defines.
pub fn unknown_kinds(resource_type: &ResourceType, definitions: &Definitions) -> BTreeSet<Gvk> {
    let manifests = resource_type.objects.iter().map(|template| Object(template.manifest.clone()));
    let is_plain = |gvk: &Gvk| ![&gvk.group, &gvk.version, &gvk.kind].iter().any(|part| part.contains("${{"));
    let unknown = manifests.filter(|object| !definitions.knows(object)).map(|object| object.gvk());
    unknown.filter(is_plain).collect()
}

/// The kinds that a type makes, as far as no expression says which.
pub fn made_kinds(resource_type: &ResourceType) -> BTreeSet<Gvk> {
    unknown_kinds(resource_type, &Definitions::default())
}

/// The kinds that a type makes; `None` where an expression says which.
pub fn kinds(resource_type: &ResourceType) -> Option<BTreeSet<String>> {
    let of = |manifest: &Value| manifest.get("kind").and_then(Value::as_str).map(str::to_owned);
    let all = resource_type.objects.iter().map(|template| of(&template.manifest));
    all.map(|kind| kind.filter(|kind| !kind.contains("${{"))).collect()
}

fn message(violation: &Violation, kind: &str) -> String {
    let path = path(&violation.pointer);
    if path.is_empty() {
        format!("{kind}: {}", violation.message)
    } else {
        format!("{kind} {path}: {}", violation.message)
    }
}

/// A violation where it is to be mended: at the field of the entity whose value it is, else at the line of the
/// type.
fn problem(violation: &Violation, kind: &str, entity: &Value, origin: Option<&Origin>) -> Problem {
    let message = message(violation, kind);
    let help = violation.help.clone();
    let Some(origin) = origin else {
        return Problem { place: Place::Type("/spec/objects".into()), message, help };
    };
    let (origin, rest) = origin.find(&violation.pointer);
    // a field that is missing or too much in what the entity gives as a whole is the entity's affair too
    let is_given = violation.is_of_value || origin.entity.is_some() && !rest.is_empty();
    let place = match &origin.entity {
        Some(at) if is_given && entity.pointer(at).is_some() => Place::Entity(format!("{at}{rest}")),
        _ => Place::Type(origin.at.clone()),
    };
    Problem { place, message, help }
}

/// The origins of all objects, in their order.
fn origins(entity: &Value, resource_type: &ResourceType, context: &Context<'_>) -> Vec<Origin> {
    let Ok(scope) = scope(entity, resource_type, context) else { return Vec::new() };
    let mut filler = Filler::new(context.engine, scope);
    let mut all = Vec::new();
    for (index, template) in resource_type.objects.iter().enumerate() {
        let at = format!("/spec/objects/{index}");
        let made = filler.trace_each(template.each.as_ref(), &format!("{at}/each"), |filler| {
            let holds = filler.holds(template.condition.as_ref(), &format!("{at}/if"));
            if holds { filler.trace(&template.manifest, &format!("{at}/manifest")) } else { None }
        });
        all.extend(made.into_iter().flatten());
    }
    all
}

/// A JSON pointer as Kubernetes writes paths: `spec.rules[0].matches`.
fn path(pointer: &str) -> String {
    let mut path = String::new();
    for part in pointer.split('/').skip(1).filter(|part| *part != "$item") {
        let part = part.replace("~1", "/").replace("~0", "~");
        if part.bytes().all(|byte| byte.is_ascii_digit()) || part.contains(['.', '/']) {
            path.extend(["[", &part, "]"]);
        } else {
            path.push_str(if path.is_empty() { "" } else { "." });
            path.push_str(&part);
        }
    }
    path
}
