//! `render --server-dry-run`: what a real API server says to the objects, at the lines of the entities.
//!
//! Each object is applied with `dryRun`, and fields that somebody else owns are taken over in that trial: who
//! owns them is for the tool that applies them to settle. Nothing is stored.

use std::collections::BTreeSet;

use super::render::{Rendering, Tried, refused, tried};
use super::types::pull::cluster_failure;
use crate::cluster::{Cluster, DryRun, FieldProblem, Ownership, Target};
use crate::diagnostic::Diagnostic;
use crate::entity::Entity;
use crate::error::{Exit, Failure};
use crate::object::{Object, ObjectRef};
use crate::progress::Progress;
use crate::render::Violation;
use crate::source::Sources;

/// Objects in one call to the cluster, which has a limit of time.
const AT_A_TIME: usize = 200;

/// What to ask.
pub struct Request<'a> {
    /// The catalog with its types.
    pub rendering: &'a Rendering<'a>,
    /// The entities; all with a resource type when empty.
    pub entities: &'a [&'a Entity],
    /// Only what goes to this cluster.
    pub cluster: Option<&'a str>,
    /// Which server.
    pub target: Target,
}

/// What the server said.
#[derive(Debug, Default)]
pub struct Report {
    /// Its address.
    pub server: String,
    /// How many objects it would take.
    pub accepted: usize,
    /// What it would refuse, and what keeps entities from being rendered.
    pub findings: Vec<Diagnostic>,
    /// The sources that the findings are in.
    pub sources: Sources,
    /// Namespaces that are not there yet, so that nothing is known of what goes into them.
    pub namespaces: BTreeSet<String>,
    /// Objects that we have no right to try, in the server's words.
    pub forbidden: Vec<String>,
    /// Objects that it could not try, and why.
    pub undecided: Vec<(ObjectRef, String)>,
}

impl Report {
    /// What the run comes to: what is refused counts less than a login that is needed.
    pub fn exit(&self) -> Exit {
        let refused = if self.findings.is_empty() { Exit::Fine } else { Exit::No };
        let login = if self.forbidden.is_empty() { Exit::Fine } else { Exit::Login };
        refused.max(login)
    }
}

/// Asks the server about the objects of entities.
pub fn run(request: &Request<'_>, progress: &dyn Progress) -> Result<Report, Failure> {
    let Tried { entities, findings, sources } = tried(request.rendering, request.entities, request.cluster)?;
    let mut report = Report { findings, sources, ..Report::default() };
    let failed = |error: crate::cluster::Error| cluster_failure(&error);
    progress.step("connecting to the cluster");
    let cluster = Cluster::connect(&request.target).map_err(failed)?;
    cluster.server().clone_into(&mut report.server);
    let objects: Vec<Object> = entities.iter().flat_map(|(_, objects)| objects.clone()).collect();
    let mut answers = Vec::new();
    for chunk in objects.chunks(AT_A_TIME) {
        answers.extend(cluster.dry_run(chunk, Ownership::Override, progress).map_err(failed)?);
    }
    progress.done();
    let mut answers = answers.into_iter();
    for (entity, objects) in &entities {
        let mut wrong = Vec::new();
        for (index, object) in objects.iter().enumerate() {
            let Some((reference, answer)) = answers.next() else { break };
            let violations = report.sort(object, reference, answer);
            if !violations.is_empty() {
                wrong.push((index, violations));
            }
        }
        report.findings.extend(refused(request.rendering, entity, objects, &wrong));
    }
    Ok(report)
}

impl Report {
    /// Counts an answer; what the server would refuse comes back.
    fn sort(&mut self, object: &Object, reference: ObjectRef, answer: DryRun) -> Vec<Violation> {
        match answer {
            DryRun::Accepted(_) => self.accepted += 1,
            DryRun::NamespaceMissing(name) => _ = self.namespaces.insert(name),
            DryRun::Forbidden(message) => self.forbidden.push(message),
            DryRun::Conflict(conflicts) => {
                let owners = conflicts.iter().map(|it| format!("{} owns {}", it.manager, it.field));
                self.undecided.push((reference, owners.collect::<Vec<_>>().join(", ")));
            }
            DryRun::Error(message) => self.undecided.push((reference, message)),
            DryRun::KindUnknown => {
                let gvk = object.gvk();
                let message = format!("the cluster does not serve {} in {}", gvk.kind, gvk.api_version());
                let help = "install its definition, or correct the version: kubectl api-resources";
                let help = Some(help.to_owned());
                return vec![Violation { pointer: "/kind".into(), message, help, is_of_value: true }];
            }
            DryRun::Invalid(problems) => return problems.iter().map(violation).collect(),
        }
        Vec::new()
    }
}

fn violation(problem: &FieldProblem) -> Violation {
    let is_about_fields =
        problem.message.contains("not declared in schema") || problem.message.starts_with("Required");
    Violation {
        pointer: pointer(&problem.field),
        message: problem.message.clone(),
        help: None,
        is_of_value: !is_about_fields,
    }
}

/// A path as the API server writes it, as a JSON pointer: `.spec.rules[0].name`, `data[a.b]`.
fn pointer(field: &str) -> String {
    let mut pointer = String::new();
    let mut rest = field.trim_start_matches('.');
    while !rest.is_empty() {
        let (part, after) = match rest.strip_prefix('[') {
            Some(inner) => inner.split_once(']').unwrap_or((inner, "")),
            None => rest.split_at(rest.find(['.', '[']).unwrap_or(rest.len())),
        };
        let part = part.trim_matches('"').replace('~', "~0").replace('/', "~1");
        pointer.extend(["/", &part]);
        rest = after.trim_start_matches('.');
    }
    pointer
}

#[cfg(test)]
mod tests {
    use super::pointer;

    #[test]
    fn paths_of_the_server_are_read() {
        for (field, expected) in [
            ("spec.issuerRef", "/spec/issuerRef"),
            (".spec.rules[0].matches[12].path", "/spec/rules/0/matches/12/path"),
            ("metadata.annotations[a.b/c]", "/metadata/annotations/a.b~1c"),
            ("", ""),
            ("[", "/"),
        ] {
            assert_eq!(pointer(field), expected, "{field}");
        }
    }
}
