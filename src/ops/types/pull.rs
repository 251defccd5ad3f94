//! Copies definitions of kinds from a cluster to `crds/`, so that objects can be checked without it.

use std::collections::BTreeSet;
use std::path::Path;

use crate::cluster::{Cluster, Selector, Target};
use crate::error::{Exit, Failure};
use crate::fs;
use crate::object::{Gvk, Object};
use crate::ops::new::{NewFile, write};
use crate::ops::{definitions, file_failure};
use crate::progress::Progress;
use crate::render::{crd_file, made_kinds};
use crate::source::Sources;

/// Which definitions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Wanted {
    /// Those of the kinds that the types make.
    Needed,
    /// Those of some API groups.
    Groups(Vec<String>),
    /// All.
    All,
}

/// What to copy.
pub struct Request<'a> {
    /// The top folder of the repository.
    pub root: &'a Path,
    /// Which definitions.
    pub wanted: Wanted,
    /// The cluster.
    pub target: Target,
    /// Whether nothing is written.
    pub dry_run: bool,
}

/// What was copied.
#[derive(Debug, Default)]
pub struct Report {
    /// The address of the API server.
    pub server: String,
    /// The files that are new or another text than before, by path.
    pub files: Vec<NewFile>,
    /// How many are as they were.
    pub unchanged: usize,
    /// Kinds that are needed and that the cluster does not have.
    pub missing: BTreeSet<Gvk>,
    /// Kinds that are needed, that the cluster does not have yet, and that kro defines there once a
    /// `ResourceGraphDefinition` of the repository is applied.
    pub by_kro: BTreeSet<Gvk>,
    /// Groups that were asked for and of which the cluster has nothing.
    pub missing_groups: Vec<String>,
}

/// Copies definitions.
pub fn pull(request: &Request<'_>, progress: &dyn Progress) -> Result<Report, Failure> {
    let needed = match request.wanted {
        Wanted::Needed => needed(request.root)?,
        _ => BTreeSet::new(),
    };
    if request.wanted == Wanted::Needed && needed.is_empty() {
        return Err(Failure::new(Exit::No, "the types make no kind that a cluster has to define")
            .hint("name an API group, or add --all"));
    }
    let failed = |error: crate::cluster::Error| cluster_failure(&error);
    let cluster = Cluster::connect(&request.target).map_err(failed)?;
    progress.step(&format!("reading definitions from {}", cluster.server()));
    let kind = Gvk::from_api_version("apiextensions.k8s.io/v1", "CustomResourceDefinition");
    let all = cluster.list(&kind, None, &Selector::default()).map_err(failed)?;
    let mut report =
        Report { server: cluster.server().to_owned(), missing: needed.clone(), ..Report::default() };
    if let Wanted::Groups(groups) = &request.wanted {
        let has = |group: &&String| all.iter().any(|crd| crd.text("/spec/group") == Some(group.as_str()));
        report.missing_groups = groups.iter().filter(|group| !has(group)).cloned().collect();
    }
    for definition in &all {
        report.missing.retain(|kind| !defines(definition, kind));
        if is_wanted(definition, &request.wanted, &needed) {
            add(request.root, definition, &mut report)?;
        }
    }
    let graphs = if report.missing.is_empty() { BTreeSet::new() } else { definitions::graphs(request.root)? };
    (report.by_kro, report.missing) =
        std::mem::take(&mut report.missing).into_iter().partition(|kind| graphs.contains(kind));
    report.files.sort_by(|a, b| a.path.cmp(&b.path));
    if !request.dry_run {
        write(request.root, &report.files)?;
    }
    Ok(report)
}

/// What went wrong with a cluster, with what to do about it.
pub(in crate::ops) fn cluster_failure(error: &crate::cluster::Error) -> Failure {
    let failure = Failure::new(error.exit(), error.to_string());
    match error.exit() {
        Exit::Login => {
            failure.hint("log in to the cluster, or ask its owner for the right; platform doctor says more")
        }
        Exit::Unreachable => failure.hint("check the network and the kubeconfig: kubectl cluster-info"),
        _ => failure,
    }
}

/// The kinds that the types make and that neither Kubernetes itself nor a definition beside them has.
fn needed(root: &Path) -> Result<BTreeSet<Gvk>, Failure> {
    let report = super::available(Some(root))?;
    let made: BTreeSet<Gvk> =
        report.types.iter().filter_map(|found| found.definition.as_ref()).flat_map(made_kinds).collect();
    let others = definitions::read_without_crds(root, &mut Sources::default())?;
    Ok(made.into_iter().filter(|kind| !others.knows_kind(kind)).collect())
}

fn defines(definition: &Object, kind: &Gvk) -> bool {
    let versions = definition.0.pointer("/spec/versions").and_then(serde_json::Value::as_array);
    let has_version = || {
        versions.into_iter().flatten().any(|version| {
            version.get("name").and_then(serde_json::Value::as_str) == Some(kind.version.as_str())
        })
    };
    definition.text("/spec/group") == Some(kind.group.as_str())
        && definition.text("/spec/names/kind") == Some(kind.kind.as_str())
        && has_version()
}

fn is_wanted(definition: &Object, wanted: &Wanted, needed: &BTreeSet<Gvk>) -> bool {
    match wanted {
        Wanted::All => true,
        Wanted::Needed => needed.iter().any(|kind| defines(definition, kind)),
        Wanted::Groups(groups) => {
            definition.text("/spec/group").is_some_and(|group| groups.iter().any(|wanted| wanted == group))
        }
    }
}

fn add(root: &Path, definition: &Object, report: &mut Report) -> Result<(), Failure> {
    let Some((path, text)) = crd_file(definition) else { return Ok(()) };
    let target = fs::confined(root, Path::new(&path)).map_err(|error| file_failure(&error))?;
    let before = fs::read_text_if_exists(&target).map_err(|error| file_failure(&error))?;
    if before.as_deref() == Some(&text) {
        report.unchanged += 1;
    } else {
        let (before, after) = (before.map(String::into_bytes), Some(text.into_bytes()));
        report.files.push(NewFile { path, after, executable: false, before });
    }
    Ok(())
}
