//! `platform status ENTITY`.

use std::path::PathBuf;
use std::sync::Arc;

use super::session::{Place, Session};
use super::{Output, entity, forge};
use crate::catalog::Catalog;
use crate::cluster;
use crate::entity::Entity;
use crate::error::{Exit, Failure};
use crate::ops::status::{Forged, GitTarget, Observed, Request, status};
use crate::ops::{file_failure, render};
use crate::output::progress::Steps;
use crate::source::{LineIndex, Sources};
use crate::status::Snapshot;

#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// The entity: `[kind:][namespace/]name`
    entity: String,
    /// Read the observed objects from a file, as `kubectl get -o yaml` writes it, instead of a cluster
    #[arg(long, value_name = "FILE")]
    snapshot: Option<PathBuf>,
    /// Format of the answer
    #[arg(short, long, value_enum, default_value_t)]
    output: Output,
}

pub(super) fn run(arguments: &Arguments, session: &Session) -> Result<Exit, Failure> {
    let place = session.place()?;
    let catalog = place.catalog(session.environment.now()?);
    let found = entity::find(&catalog, &arguments.entity)?;
    let progress = Arc::new(Steps::new(&session.console));
    let connected = forge::connect(session, &place, progress.clone());
    let now = session.environment.now()?;
    let git = git_target(session, &place, &catalog, found, &connected)?;
    let rendering = entity::rendering(&place, &catalog)?;
    let desired = render::objects_with_dependencies(&rendering, found);
    let report = status(Request {
        entity: found.reference.clone(),
        git,
        desired: desired.map_err(|failure| failure.causes.join("; ")),
        health: render::health_rules(&rendering, found),
        observed: observed(arguments, session, &place)?,
        backstage: session.backstage(&place.settings)?,
        now,
        progress,
    });
    crate::output::status::print(&session.console, arguments.output.into(), &report)?;
    Ok(report.exit())
}

type Connected = Result<(Box<dyn crate::forge::Forge>, crate::git::Identity), Failure>;

fn git_target<'a>(
    session: &Session,
    place: &'a Place,
    catalog: &Catalog,
    entity: &Entity,
    connected: &'a Connected,
) -> Result<GitTarget<'a>, Failure> {
    let source = entity.span.source;
    let path = catalog.sources().path(source).to_owned();
    let text = catalog.sources().text(source).cloned().unwrap_or_else(|| "".into());
    let line = LineIndex::new(&text).position(&text, entity.span.start).line;
    let content = crate::fs::read(&place.root.join(&path)).map_err(|error| file_failure(&error))?;
    let prefix = place.settings.text("git.branchPrefix").unwrap_or("platform/");
    let forge = match connected {
        Ok((forge, _)) => Ok(Forged { forge: &**forge, prefix }),
        Err(failure) => Err(failure.clone()),
    };
    Ok(GitTarget {
        repository: place.repository.as_ref(),
        remote: place.settings.remote(),
        base: place.settings.base(),
        path,
        line,
        content,
        forge,
        now: session.environment.now()?,
    })
}

fn observed(arguments: &Arguments, session: &Session, place: &Place) -> Result<Observed, Failure> {
    if let Some(file) = &arguments.snapshot {
        return snapshot(session, file);
    }
    Ok(match cluster_target(session, place) {
        Some(target) => Observed::Cluster(target),
        None => Observed::Nowhere("no kubeconfig; set KUBECONFIG, or use --snapshot FILE".to_owned()),
    })
}

/// The cluster that the settings and the environment name; `None` without a kubeconfig.
pub(super) fn cluster_target(session: &Session, place: &Place) -> Option<cluster::Target> {
    let settings = &place.settings;
    let files = match settings.text("kubernetes.kubeconfig") {
        Some(file) => vec![session.environment.directory().join(file)],
        None => session.environment.kubeconfig(),
    };
    let context = settings.text("kubernetes.context").map(str::to_owned);
    let interactive = session.console.can_ask();
    (!files.is_empty()).then_some(cluster::Target { files, context, interactive })
}

/// The cluster to ask, for a command that needs one; `context` in place of what is set.
pub(super) fn target(
    session: &Session,
    place: &Place,
    context: Option<&str>,
) -> Result<cluster::Target, Failure> {
    let mut target = cluster_target(session, place).ok_or_else(|| {
        Failure::usage("no kubeconfig names a cluster to ask").hint("set KUBECONFIG to the path of one")
    })?;
    if let Some(context) = context {
        target.context = Some(context.to_owned());
    }
    Ok(target)
}

fn snapshot(session: &Session, file: &std::path::Path) -> Result<Observed, Failure> {
    let path = session.environment.directory().join(file);
    let text = crate::fs::read_text(&path).map_err(|error| file_failure(&error))?;
    let name = file.display().to_string();
    let mut sources = Sources::default();
    let source = sources.add(name.as_str(), Some(text.as_str().into()));
    let (tree, findings) = crate::yaml::parse(source, &text);
    if !findings.is_empty() {
        crate::output::diagnostics::print_to_stderr(&session.console, &sources, &findings);
        return Err(
            Failure::usage(format!("{name} is no snapshot")).hint("kubectl get KIND NAME -o yaml > FILE")
        );
    }
    let values = tree.documents(&text).filter_map(|document| Some(document.root()?.to_json()));
    Ok(Observed::File(name, Snapshot::from_values(values)))
}
