//! `diff --live`: what the cluster would make of the objects, by server-side apply with `dryRun`.
//!
//! Each object is read and tried. What differs is either part of the change or drift: somebody made it
//! otherwise in the cluster, or what applies it there is behind. Where a server cannot say (no right to apply, a
//! webhook that supports no dry run), the fields that we write are compared with those that are there.
//!
//! The dry run applies in the name of the field manager that applied the object before, if that is Argo CD's
//! or Flux': so a field goes that Git does not have any more. Where none did, it applies in the name of this tool,
//! and a field that is there beside ours is nobody's business.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};

use crate::cluster::{Cluster, DryRun, Error, FieldProblem, Lookup, MANAGER, Ownership, Target};
use crate::entity::EntityRef;
use crate::error::Failure;
use crate::impact::{Action, FieldChange, Plan, Resource, fields};
use crate::object::{Object, ObjectRef};
use crate::progress::Progress;

/// Objects in one call to the cluster, which has a limit of time.
const AT_A_TIME: usize = 200;

/// Which cluster is asked, and who wants to know what is waited for.
pub struct Live<'a> {
    /// How it is reached.
    pub target: Target,
    /// What the catalog calls it: only objects that go there are tried.
    pub cluster: String,
    /// Who wants to know.
    pub progress: &'a dyn Progress,
}

/// What the cluster says.
#[derive(Clone, Debug, PartialEq)]
pub struct Observed {
    /// The address of the API server.
    pub server: String,
    /// What the catalog calls the cluster.
    pub cluster: String,
    /// The objects that are not as they should be or that nothing is known of, by entity and name.
    pub objects: Vec<LiveObject>,
    /// How many are as they should be.
    pub same: usize,
    /// How many go to other clusters.
    pub elsewhere: usize,
}

/// An object in the cluster.
#[derive(Clone, Debug, PartialEq)]
pub struct LiveObject {
    /// The entity that it belongs to.
    pub entity: EntityRef,
    /// Which one.
    pub object: ObjectRef,
    /// Whether the change makes, changes or destroys it; if not, what differs is drift.
    pub is_in_plan: bool,
    /// How it stands.
    pub state: State,
}

/// How an object stands.
#[derive(Clone, Debug, PartialEq)]
pub enum State {
    /// It is as it should be.
    Same,
    /// It is not there and would be made.
    Missing,
    /// Fields would change: from what is there to what would be.
    Different(Vec<FieldChange>),
    /// It is there, and nothing in Git wants it after the change.
    Prunable,
    /// Its namespace is not there yet, so the server cannot say; whether the change makes it.
    NamespaceMissing {
        /// The namespace.
        name: String,
        /// Whether an object of the change makes it.
        is_coming: bool,
    },
    /// The server would refuse it.
    Refused(Vec<FieldProblem>),
    /// The cluster does not know its kind.
    KindUnknown,
    /// The server could not try it, and why; with what differs in the fields that we write, as far as that
    /// can be read.
    Undecided {
        /// Why.
        reason: String,
        /// What differs.
        fields: Vec<FieldChange>,
    },
}

impl State {
    /// The word for it.
    pub fn word(&self) -> &'static str {
        match self {
            Self::Same => "same",
            Self::Missing => "missing",
            Self::Different(_) => "different",
            Self::Prunable => "prunable",
            Self::NamespaceMissing { .. } => "namespace-missing",
            Self::Refused(_) => "refused",
            Self::KindUnknown => "kind-unknown",
            Self::Undecided { .. } => "undecided",
        }
    }
}

impl Observed {
    /// Whether an object would be refused.
    pub fn is_refused(&self) -> bool {
        self.objects.iter().any(|object| matches!(object.state, State::Refused(_)))
    }
}

/// An object that is asked about.
struct Asked<'a> {
    entity: &'a EntityRef,
    object: &'a Object,
}

/// Asks the cluster about all objects after the change, and about those that the change destroys.
pub(super) fn observe(
    live: &Live<'_>,
    resources: &BTreeMap<EntityRef, Resource>,
    plan: &Plan,
) -> Result<Observed, Failure> {
    let failure = |error: Error| {
        let failure = Failure::new(error.exit(), error.to_string());
        failure.hint("platform diff without --live needs no cluster")
    };
    let (here, others): (Vec<_>, Vec<_>) =
        resources.iter().partition(|(_, resource)| resource.cluster == live.cluster);
    let objects = |all: &[(&EntityRef, &Resource)]| all.iter().map(|(_, it)| it.objects.len()).sum();
    let elsewhere: usize = objects(&others);
    let asked: Vec<Asked<'_>> = here
        .iter()
        .flat_map(|(entity, resource)| resource.objects.iter().map(move |object| Asked { entity, object }))
        .collect();
    live.progress.step("connecting to the cluster");
    let cluster = Cluster::connect(&live.target).map_err(failure)?;
    let in_plan: BTreeSet<&ObjectRef> = plan.objects.iter().map(|change| &change.object).collect();
    let coming = namespaces(&asked);
    let mut found = Vec::new();
    for chunk in asked.chunks(AT_A_TIME) {
        let states = tried(&cluster, chunk, &coming, live.progress).map_err(failure)?;
        for (asked, state) in chunk.iter().zip(states) {
            let object = asked.object.reference();
            let is_in_plan = in_plan.contains(&object);
            found.push(LiveObject { entity: asked.entity.clone(), object, is_in_plan, state });
        }
    }
    found.extend(prunable(&cluster, live, plan).map_err(failure)?);
    live.progress.done();
    let all = found.len();
    found.retain(|object| object.state != State::Same);
    found.sort_by(|a, b| (&a.entity, &a.object).cmp(&(&b.entity, &b.object)));
    let (server, cluster) = (cluster.server().to_owned(), live.cluster.clone());
    Ok(Observed { server, cluster, same: all - found.len(), objects: found, elsewhere })
}

/// The namespaces that objects of ours make, composite resources included.
fn namespaces(asked: &[Asked<'_>]) -> BTreeSet<String> {
    let making = asked.iter().filter(|asked| asked.object.gvk().kind.ends_with("Namespace"));
    making.filter_map(|asked| asked.object.text("/metadata/name").map(str::to_owned)).collect()
}

fn tried(
    cluster: &Cluster,
    asked: &[Asked<'_>],
    coming: &BTreeSet<String>,
    progress: &dyn Progress,
) -> Result<Vec<State>, Error> {
    let references: Vec<ObjectRef> = asked.iter().map(|asked| asked.object.reference()).collect();
    let there = cluster.get(&references, progress)?;
    let mut by_manager: BTreeMap<&str, Vec<Object>> = BTreeMap::new();
    for (asked, reference) in asked.iter().zip(&references) {
        by_manager.entry(manager(there.get(reference))).or_default().push(asked.object.clone());
    }
    let mut answers = BTreeMap::new();
    for (manager, objects) in by_manager {
        // Who owns a field is for the GitOps tool to settle; here it is about what the fields would become.
        answers.extend(cluster.dry_run_as(manager, &objects, Ownership::Override, progress)?);
    }
    let states = asked.iter().zip(references).map(|(asked, reference)| match answers.get(&reference) {
        Some(answer) => judge(asked.object, there.get(&reference), answer.clone(), coming),
        None => State::Undecided { reason: "the cluster gave no answer".to_owned(), fields: Vec::new() },
    });
    Ok(states.collect())
}

/// The names under which Argo CD and Flux apply.
const APPLIERS: [&str; 3] = ["argocd-controller", "kustomize-controller", "helm-controller"];

/// In whose name an object is tried: that of Argo CD or Flux if it applied it before, else ours.
fn manager(there: Option<&Lookup>) -> &'static str {
    let Some(Lookup::Found(object)) = there else { return MANAGER };
    let entries = object.0.pointer("/metadata/managedFields").and_then(Value::as_array);
    let applied = |name: &&&str| {
        entries.into_iter().flatten().any(|entry| {
            entry["manager"] == **name && entry["operation"] == "Apply" && entry["subresource"].is_null()
        })
    };
    APPLIERS.iter().find(applied).copied().unwrap_or(MANAGER)
}

/// What reading and trying together say.
fn judge(wanted: &Object, there: Option<&Lookup>, answer: DryRun, coming: &BTreeSet<String>) -> State {
    let undecided = |reason: String| State::Undecided {
        reason,
        fields: match there {
            Some(Lookup::Found(there)) => fields(&projected(&there.0, &wanted.0), &wanted.0),
            _ => Vec::new(),
        },
    };
    match (answer, there) {
        (DryRun::Accepted(after), Some(Lookup::Found(before))) => {
            let differing = fields(&without_bookkeeping(&before.0), &without_bookkeeping(&after.0));
            if differing.is_empty() { State::Same } else { State::Different(differing) }
        }
        (DryRun::Accepted(_), Some(Lookup::NotFound)) => State::Missing,
        (DryRun::Accepted(_), Some(Lookup::Forbidden(reason) | Lookup::Error(reason))) => State::Undecided {
            reason: format!("would be accepted, but cannot be read: {reason}"),
            fields: Vec::new(),
        },
        (DryRun::Accepted(_) | DryRun::KindUnknown, _) => State::KindUnknown,
        (DryRun::NamespaceMissing(name), _) => {
            State::NamespaceMissing { is_coming: coming.contains(&name), name }
        }
        (DryRun::Invalid(problems), _) => match problems.iter().find(|it| supports_no_dry_run(&it.message)) {
            Some(problem) => undecided(problem.message.clone()),
            None => State::Refused(problems),
        },
        (DryRun::Conflict(conflicts), _) => {
            let owners: BTreeSet<&str> = conflicts.iter().map(|it| it.manager.as_str()).collect();
            undecided(format!("fields belong to {}", owners.into_iter().collect::<Vec<_>>().join(", ")))
        }
        (DryRun::Forbidden(reason) | DryRun::Error(reason), _) => undecided(reason),
    }
}

/// An admission webhook with side effects keeps the server from trying anything (400).
fn supports_no_dry_run(message: &str) -> bool {
    message.contains("does not support dry run")
}

/// Without what the server itself keeps account of, and without the status.
fn without_bookkeeping(object: &Value) -> Value {
    let mut object = object.clone();
    if let Some(fields) = object.as_object_mut() {
        fields.shift_remove("status");
    }
    if let Some(metadata) = object.get_mut("metadata").and_then(Value::as_object_mut) {
        for name in ["managedFields", "resourceVersion", "generation", "creationTimestamp", "uid", "selfLink"]
        {
            metadata.shift_remove(name);
        }
    }
    object
}

/// What is there of the fields that are wanted: a server fills in many others.
fn projected(there: &Value, wanted: &Value) -> Value {
    match (there, wanted) {
        (Value::Object(there), Value::Object(wanted)) => {
            let fields = wanted
                .iter()
                .filter_map(|(name, wanted)| Some((name.clone(), projected(there.get(name)?, wanted))));
            Value::Object(fields.collect::<Map<_, _>>())
        }
        (Value::Array(there), Value::Array(wanted)) => {
            let more = there.iter().skip(wanted.len()).cloned();
            let both = there.iter().zip(wanted).map(|(there, wanted)| projected(there, wanted));
            Value::Array(both.chain(more).collect())
        }
        (there, _) => there.clone(),
    }
}

/// What the change destroys and what is there.
fn prunable(cluster: &Cluster, live: &Live<'_>, plan: &Plan) -> Result<Vec<LiveObject>, Error> {
    let gone: Vec<_> = plan
        .objects
        .iter()
        .filter(|change| change.action == Action::Destroy && change.cluster == live.cluster)
        .collect();
    let mut found = Vec::new();
    for chunk in gone.chunks(AT_A_TIME) {
        let references: Vec<ObjectRef> = chunk.iter().map(|change| change.object.clone()).collect();
        let there = cluster.get(&references, live.progress)?;
        for change in chunk {
            let state = match there.get(&change.object) {
                Some(Lookup::Found(_)) => State::Prunable,
                Some(Lookup::Forbidden(reason) | Lookup::Error(reason)) => {
                    State::Undecided { reason: format!("cannot be read: {reason}"), fields: Vec::new() }
                }
                Some(Lookup::KindUnknown) => State::KindUnknown,
                Some(Lookup::NotFound) | None => State::Same,
            };
            let (entity, object) = (change.entity.clone(), change.object.clone());
            found.push(LiveObject { entity, object, is_in_plan: true, state });
        }
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use serde_json::{Value, json};

    use super::{State, judge};
    use crate::cluster::{DryRun, FieldProblem, Lookup};
    use crate::object::Object;

    fn check(there: &Lookup, answer: DryRun, expected: &str) {
        let wanted = Object(json!({"spec": {"a": 1, "list": [{"x": 1}]}}));
        let coming = BTreeSet::from(["coming".to_owned()]);
        let shown = match judge(&wanted, Some(there), answer, &coming) {
            State::Different(fields) => {
                let paths: Vec<String> = fields.into_iter().map(|field| field.path).collect();
                format!("different {}", paths.join(" "))
            }
            State::Undecided { reason, fields } => {
                let paths: Vec<String> = fields.into_iter().map(|field| field.path).collect();
                format!("undecided {reason}: {}", paths.join(" "))
            }
            State::NamespaceMissing { name, is_coming } => format!("{name} {is_coming}"),
            other => other.word().to_owned(),
        };
        assert_eq!(shown, expected);
    }

    fn there(spec: &Value) -> Lookup {
        let metadata =
            json!({"name": "x", "uid": "1", "generation": 3, "resourceVersion": "7", "managedFields": []});
        Lookup::Found(Object(json!({"metadata": metadata, "spec": spec, "status": {"ready": true}})))
    }

    fn accepted(spec: &Value) -> DryRun {
        let metadata = json!({"name": "x", "uid": "1", "generation": 4, "resourceVersion": "7"});
        DryRun::Accepted(Object(json!({"metadata": metadata, "spec": spec})))
    }

    #[test]
    fn only_what_somebody_wrote_counts() {
        check(&there(&json!({"a": 1, "default": 2})), accepted(&json!({"a": 1, "default": 2})), "same");
        check(&there(&json!({"a": 2})), accepted(&json!({"a": 1})), "different spec.a");
        check(&Lookup::NotFound, accepted(&json!({})), "missing");
    }

    #[test]
    fn where_the_server_cannot_say_our_own_fields_are_compared() {
        let live = || there(&json!({"a": 2, "default": 2, "list": [{"x": 1, "filled": 1}]}));
        check(&live(), DryRun::Forbidden("no".into()), "undecided no: spec.a");
        let webhook = "admission webhook \"w.example.org\" does not support dry run";
        let answer = DryRun::Invalid(vec![FieldProblem { field: String::new(), message: webhook.into() }]);
        check(&live(), answer, &format!("undecided {webhook}: spec.a"));
        check(&Lookup::NotFound, DryRun::Error("etcd is gone".into()), "undecided etcd is gone: ");
    }

    #[test]
    fn a_namespace_of_the_same_change_is_no_fault() {
        check(&Lookup::NotFound, DryRun::NamespaceMissing("coming".into()), "coming true");
        check(&Lookup::NotFound, DryRun::NamespaceMissing("typo".into()), "typo false");
    }

    #[test]
    fn what_cannot_be_is_refused() {
        let problem = FieldProblem { field: "spec.a".into(), message: "field is immutable".into() };
        check(&there(&json!({})), DryRun::Invalid(vec![problem]), "refused");
        check(&Lookup::KindUnknown, DryRun::KindUnknown, "kind-unknown");
    }
}
