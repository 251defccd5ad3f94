//! What a cluster would say to objects, without storing them: server-side apply with `dryRun`.
//!
//! The server's answers are not what their status codes suggest (measured against 1.36): an
//! unknown or mistyped field is a 500 without a reason, an object in a namespace that is not there
//! yet is a 404, and the dry run needs the right to really apply.

use kube::api::{Patch, PatchParams, Request};
use kube::core::Status;
use serde_json::Value;
use tokio::task::JoinSet;

use super::kinds::Kinds;
use super::{Error, PARALLEL, REQUEST_LIMIT};
use crate::http::{Reason, one_line};
use crate::object::{Object, ObjectRef};

/// The name under which fields are applied, unless another one is asked for.
pub const MANAGER: &str = "platform";

/// What to do about fields that somebody else owns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ownership {
    /// Name them and their owners: [`DryRun::Conflict`].
    Respect,
    /// Show what would be if we took them over.
    Override,
}

/// What would become of one object.
#[derive(Clone, Debug, PartialEq)]
pub enum DryRun {
    /// It would be accepted; the object as it would be stored, defaults included.
    Accepted(Object),
    /// Its fields do not fit the kind's schema or its rules.
    Invalid(Vec<FieldProblem>),
    /// Somebody else owns fields that it sets differently.
    Conflict(Vec<Conflict>),
    /// Its namespace does not exist yet, so the server cannot tell.
    NamespaceMissing(String),
    /// We may not apply it; the server's words.
    Forbidden(String),
    /// The cluster does not serve this kind.
    KindUnknown,
    /// Anything else, an admission webhook's refusal included.
    Error(String),
}

/// What is wrong with a field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldProblem {
    /// `spec.issuerRef`; empty when the server does not say.
    pub field: String,
    /// `Required value`.
    pub message: String,
}

/// A field that somebody else owns.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Conflict {
    /// `.metadata.labels.team`.
    pub field: String,
    /// Whose it is: `argocd-controller`.
    pub manager: String,
}

/// In whose name, and what about the fields of others.
#[derive(Clone, Copy)]
pub(super) struct Applied<'a> {
    pub manager: &'a str,
    pub ownership: Ownership,
}

fn parameters(applied: Applied<'_>) -> PatchParams {
    let mut parameters = PatchParams::apply(applied.manager).dry_run().validation_strict();
    parameters.force = applied.ownership == Ownership::Override;
    parameters
}

pub(super) async fn all(
    client: &kube::Client,
    server: &str,
    kinds: &Kinds,
    objects: &[Object],
    applied: Applied<'_>,
) -> Result<Vec<(ObjectRef, DryRun)>, Error> {
    let mut answers: Vec<Option<(ObjectRef, DryRun)>> = vec![None; objects.len()];
    let mut running = JoinSet::new();
    for (index, object) in objects.iter().enumerate() {
        let reference = object.reference();
        let collection = match kinds.find(client, &reference.gvk).await? {
            Some(resource) => resource.home(&reference).map_err(DryRun::Error),
            None => Err(DryRun::KindUnknown),
        };
        match collection {
            Ok(collection) => {
                if running.len() >= PARALLEL {
                    collect(&mut running, &mut answers).await?;
                }
                let call =
                    one(client.clone(), server.to_owned(), collection, object.clone(), parameters(applied));
                running.spawn(async move { (index, reference, call.await) });
            }
            Err(answer) => answers[index] = Some((reference, answer)),
        }
    }
    while !running.is_empty() {
        collect(&mut running, &mut answers).await?;
    }
    Ok(answers.into_iter().flatten().collect())
}

type Ended = (usize, ObjectRef, Result<DryRun, Error>);

async fn collect(
    running: &mut JoinSet<Ended>,
    answers: &mut [Option<(ObjectRef, DryRun)>],
) -> Result<(), Error> {
    if let Some(ended) = running.join_next().await {
        let (index, reference, answer) = ended.map_err(|error| Error::Setup { reason: error.to_string() })?;
        answers[index] = Some((reference, answer?));
    }
    Ok(())
}

/// One request; `collection` is where the object lives.
async fn one(
    client: kube::Client,
    server: String,
    collection: String,
    object: Object,
    parameters: PatchParams,
) -> Result<DryRun, Error> {
    let name = object.text("/metadata/name").unwrap_or("");
    let request = match Request::new(collection).patch(name, &parameters, &Patch::Apply(&object.0)) {
        Ok(request) => request,
        Err(error) => return Ok(DryRun::Error(one_line(&error.to_string()))),
    };
    match tokio::time::timeout(REQUEST_LIMIT, client.request::<Value>(request)).await {
        Ok(Ok(value)) => Ok(DryRun::Accepted(Object(value))),
        Ok(Err(kube::Error::Api(status))) if status.code != 401 => Ok(judge(&status)),
        Ok(Err(error)) => Err(Error::of(&error, &server, REQUEST_LIMIT)),
        Err(_) => Err(Error::Unreachable { server, reason: Reason::Timeout(REQUEST_LIMIT) }),
    }
}

/// What a refusal means.
fn judge(status: &Status) -> DryRun {
    let message = one_line(&status.message);
    let causes = || status.details.iter().flat_map(|details| &details.causes);
    match status.code {
        422 => {
            let problem =
                |field: &str, message: &str| FieldProblem { field: field.into(), message: one_line(message) };
            let problems: Vec<_> = causes().map(|cause| problem(&cause.field, &cause.message)).collect();
            DryRun::Invalid(if problems.is_empty() { vec![problem("", &status.message)] } else { problems })
        }
        // a field that is not in the schema, or of another type: not the server's fault at all
        500 if status.reason.is_empty() && status.message.contains("typed patch object") => {
            DryRun::Invalid(vec![schema_problem(&status.message)])
        }
        // a webhook with side effects: it says nothing about the object
        400 if status.message.contains("does not support dry run") => DryRun::Error(message),
        400 if status.message.contains("strict decoding error: ") => {
            DryRun::Invalid(strict_problems(&status.message))
        }
        400 => DryRun::Invalid(vec![FieldProblem { field: String::new(), message }]),
        409 => {
            let conflicts =
                causes().filter(|cause| cause.reason == "FieldManagerConflict").map(|cause| Conflict {
                    field: cause.field.clone(),
                    manager: one_line(cause.message.split('"').nth(1).unwrap_or(&cause.message)),
                });
            let conflicts: Vec<_> = conflicts.collect();
            if conflicts.is_empty() { DryRun::Error(message) } else { DryRun::Conflict(conflicts) }
        }
        404 => match status.details.as_ref().filter(|details| details.kind == "namespaces") {
            Some(details) => DryRun::NamespaceMissing(details.name.clone()),
            None => DryRun::Error(message),
        },
        // the answer of a webhook or a policy to the object, not one about our rights
        403 if status.message.starts_with("admission webhook ") => {
            DryRun::Invalid(vec![FieldProblem { field: String::new(), message }])
        }
        403 => DryRun::Forbidden(message),
        code => DryRun::Error(format!("{code}: {message}")),
    }
}

/// Takes the fields out of `... strict decoding error: unknown field "spec.a", unknown field "spec.b"`.
fn strict_problems(message: &str) -> Vec<FieldProblem> {
    let (_, problems) = message.split_once("strict decoding error: ").unwrap_or(("", message));
    let problem = |part: &str| match part.split('"').nth(1) {
        Some(field) => FieldProblem {
            field: one_line(field),
            message: one_line(part.split('"').next().unwrap_or(part).trim()),
        },
        None => FieldProblem { field: String::new(), message: one_line(part) },
    };
    problems.split(", ").map(problem).collect()
}

/// Takes field and reason out of
/// `failed to create typed patch object (/t; g/v, Kind=K): .spec.nope: field not declared in schema`.
fn schema_problem(message: &str) -> FieldProblem {
    let problem = message.split_once("): ").map_or(message, |(_, rest)| rest);
    match problem.split_once(": ") {
        Some((field, reason)) if field.starts_with('.') => {
            FieldProblem { field: one_line(&field[1..]), message: one_line(reason) }
        }
        _ => FieldProblem { field: String::new(), message: one_line(problem) },
    }
}

#[cfg(test)]
mod tests {
    use kube::core::Status;
    use serde_json::{Value, json};

    use super::{Conflict, DryRun, FieldProblem, judge};

    fn check(status: Value, expected: &DryRun) {
        let status: Status = serde_json::from_value(status).unwrap();
        assert_eq!(judge(&status), *expected);
    }

    fn invalid(field: &str, message: &str) -> DryRun {
        DryRun::Invalid(vec![FieldProblem { field: field.into(), message: message.into() }])
    }

    #[test]
    fn refusals_are_read_for_what_they_mean() {
        check(
            json!({ "code": 422, "reason": "Invalid", "message": "x is invalid", "details": { "causes": [
                { "reason": "FieldValueRequired", "message": "Required value", "field": "spec.issuerRef" }] } }),
            &invalid("spec.issuerRef", "Required value"),
        );
        check(
            json!({ "code": 500, "message": "failed to create typed patch object (/t; cert-manager.io/v1, Kind=Certificate): .spec.nope: field not declared in schema" }),
            &invalid("spec.nope", "field not declared in schema"),
        );
        check(
            json!({ "code": 500, "message": "failed to create typed patch object (/t; g/v1, Kind=K): .spec.secretName: expected string, got &value.valueUnstructured{Value:42}" }),
            &invalid("spec.secretName", "expected string, got &value.valueUnstructured{Value:42}"),
        );
        check(
            json!({ "code": 500, "reason": "InternalError", "message": "etcd is gone" }),
            &DryRun::Error("500: etcd is gone".into()),
        );
        check(
            json!({ "code": 409, "reason": "Conflict", "message": "Apply failed", "details": { "causes": [
                { "reason": "FieldManagerConflict", "message": "conflict with \"argocd-controller\"", "field": ".metadata.labels.team" }] } }),
            &DryRun::Conflict(vec![Conflict {
                field: ".metadata.labels.team".into(),
                manager: "argocd-controller".into(),
            }]),
        );
        check(
            json!({ "code": 404, "reason": "NotFound", "message": "namespaces \"new\" not found",
                "details": { "name": "new", "kind": "namespaces" } }),
            &DryRun::NamespaceMissing("new".into()),
        );
        check(
            json!({ "code": 403, "message": "User \"jane\" cannot patch" }),
            &DryRun::Forbidden("User \"jane\" cannot patch".into()),
        );
    }
}
