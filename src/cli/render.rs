//! `platform render [ENTITY...]`.

use std::path::Path;

use super::session::Session;
use super::{Output, entity};
use crate::error::{Exit, Failure};
use crate::object::Object;
use crate::ops::{render, rendered, server_dry_run};
use crate::output::progress::Steps;

#[derive(Debug, clap::Args)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag")]
pub(super) struct Arguments {
    /// Entities: `[kind:][namespace/]name`; all that become objects by default
    #[arg(value_name = "ENTITY")]
    entities: Vec<String>,
    /// Write the objects to `rendered/`, a file for each entity, and remove those of entities that are gone
    #[arg(long, conflicts_with_all = ["entities", "check"])]
    write: bool,
    /// Show what --write would do
    #[arg(short = 'n', long, requires = "write")]
    dry_run: bool,
    /// Fail (exit code 3) when `rendered/` is not what the entities become
    #[arg(long, conflicts_with = "entities")]
    check: bool,
    /// Print manifests only, and none at all when one entity cannot be rendered: for Argo CD
    /// (`platform help argocd-plugin`)
    #[arg(long, conflicts_with_all = ["write", "check", "output"])]
    stdout: bool,
    /// Ask an API server whether it would take the objects, without storing them (server-side apply with
    /// `dryRun`), and show what it would refuse at the lines of the entities
    #[arg(long, conflicts_with_all = ["write", "check", "stdout"])]
    server_dry_run: bool,
    /// The context of the kubeconfig that --server-dry-run asks; the current one by default
    #[arg(long, value_name = "NAME", requires = "server_dry_run")]
    context: Option<String>,
    /// Only what goes to this cluster
    #[arg(long, value_name = "NAME", conflicts_with_all = ["write", "check"])]
    cluster: Option<String>,
    /// Format of the answer
    #[arg(short, long, value_enum, default_value_t)]
    output: Output,
}

pub(super) fn run(arguments: &Arguments, session: &Session) -> Result<Exit, Failure> {
    let place = session.place()?;
    let catalog = place.catalog(session.environment.now()?);
    let rendering = entity::rendering(&place, &catalog)?;
    if arguments.write || arguments.check {
        return keep(arguments, session, &place.root, &rendering);
    }
    let mut entities = Vec::new();
    for text in &arguments.entities {
        entities.push(entity::find(&catalog, text)?);
    }
    let cluster = arguments.cluster.as_deref();
    if arguments.server_dry_run {
        let request = server_dry_run::Request {
            rendering: &rendering,
            entities: &entities,
            cluster,
            target: super::status::target(session, &place, arguments.context.as_deref())?,
        };
        let progress = Steps::new(&session.console);
        let report = server_dry_run::run(&request, &progress)?;
        crate::output::server_dry_run::print(&session.console, arguments.output.into(), &report)?;
        return Ok(report.exit());
    }
    let all = entities.is_empty();
    let report = if all {
        render::everything(&rendering, cluster)
    } else {
        render::chosen(&rendering, &entities, cluster)?
    };
    if arguments.stdout {
        crate::output::render::print_manifests(&session.console, &report)?;
        return Ok(if report.problems.is_empty() { Exit::Fine } else { Exit::No });
    }
    crate::output::render::print(&session.console, arguments.output.into(), &report)?;
    Ok(if report.problems.is_empty() { Exit::Fine } else { Exit::No })
}

/// Makes `rendered/` what the entities become, or says what is missing.
fn keep(
    arguments: &Arguments,
    session: &Session,
    root: &Path,
    rendering: &render::Rendering<'_>,
) -> Result<Exit, Failure> {
    let mut plan = rendered::plan(root, rendering)?;
    if !plan.problems.is_empty() {
        // What cannot be rendered may change any of them: nothing is written by halves.
        plan.changes.clear();
    } else if let Some(path) = plan.obstacles.first() {
        return Err(rendered::obstructed(path));
    }
    let is_written = arguments.write && !arguments.dry_run;
    if is_written {
        rendered::write(root, &plan)?;
    }
    crate::output::rendered::print(&session.console, arguments.output.into(), &plan, is_written)?;
    Ok(if !plan.problems.is_empty() {
        Exit::No
    } else if is_written || plan.changes.is_empty() {
        Exit::Fine
    } else {
        Exit::Differences
    })
}

/// The objects of the whole repository.
pub(super) fn everything(session: &Session) -> Result<Vec<Object>, Failure> {
    let place = session.place()?;
    let catalog = place.catalog(session.environment.now()?);
    Ok(render::everything(&entity::rendering(&place, &catalog)?, None).objects)
}
