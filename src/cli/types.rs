//! `platform types`: what Resources can be, what they become, and what keeps their definitions right.

use super::Output;
use super::session::Session;
use crate::diagnostic::Diagnostic;
use crate::error::{Exit, Failure};
use crate::ops::templates::cases::Tested;
use crate::ops::types::pull::{self, Wanted};
use crate::ops::types::{Available, available, cases, create};
use crate::output::diagnostics::{Counts, Format};
use crate::output::progress::Steps;
use crate::output::templates::Subject;
use crate::output::{self, diagnostics};
use crate::progress::Progress;
use crate::render::Route;

#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    /// The types that Resources can have, and where they come from
    List {
        /// Format of the answer
        #[arg(short, long, value_enum, default_value_t)]
        output: Output,
    },
    /// What a type is for and which parameters it takes
    Show {
        /// The type: the `spec.type` of its Resources
        name: String,
        /// Format of the answer
        #[arg(short, long, value_enum, default_value_t)]
        output: Output,
    },
    /// Check the definitions of types
    Lint {
        /// The type; all by default
        name: Option<String>,
        /// Format of the findings
        #[arg(short, long, value_enum, default_value_t)]
        output: Findings,
    },
    /// Run the tests of types: `tests/CASE/entity.yaml` must become `tests/CASE/expected.yaml`
    Test {
        /// Types; all of the repository when there are none
        #[arg(value_name = "NAME")]
        names: Vec<String>,
        /// Make what differs the expected
        #[arg(long)]
        update: bool,
        /// Format of the answer
        #[arg(short, long, value_enum, default_value_t)]
        output: Output,
    },
    /// Make a new type: its definition, what the cluster needs for it, and a first test
    New {
        /// The name: the `spec.type` of its Resources
        name: String,
        /// What its Resources become
        #[arg(long, value_enum, default_value_t)]
        kind: Kind,
        /// Show the files and write nothing
        #[arg(short = 'n', long)]
        dry_run: bool,
        /// Format of the answer
        #[arg(short, long, value_enum, default_value_t)]
        output: Output,
    },
    /// Copy definitions of kinds (CRDs) from a cluster to `crds/`, to check objects without it
    PullCrds(PullCrds),
}

#[derive(Debug, clap::Args)]
struct PullCrds {
    /// API groups, such as cert-manager.io; by default the kinds that the types make
    #[arg(value_name = "GROUP")]
    groups: Vec<String>,
    /// Every definition of the cluster
    #[arg(long, conflicts_with = "groups")]
    all: bool,
    /// The context of the kubeconfig; the current one by default
    #[arg(long, value_name = "NAME")]
    context: Option<String>,
    /// Show what would change and write nothing
    #[arg(short = 'n', long)]
    dry_run: bool,
    /// Format of the answer
    #[arg(short, long, value_enum, default_value_t)]
    output: Output,
}

#[derive(Clone, Copy, Debug, Default, clap::ValueEnum)]
enum Kind {
    /// Plain manifests
    #[default]
    Manifests,
    /// One Crossplane composite resource
    Composite,
    /// One kro instance
    Kro,
}

impl From<Kind> for Route {
    fn from(kind: Kind) -> Self {
        match kind {
            Kind::Manifests => Self::Manifests,
            Kind::Composite => Self::Composite,
            Kind::Kro => Self::Kro,
        }
    }
}

#[derive(Clone, Copy, Debug, Default, clap::ValueEnum)]
enum Findings {
    /// With an excerpt of the file
    #[default]
    Text,
    /// One JSON document
    Json,
}

pub(super) fn run(arguments: &Arguments, session: &Session) -> Result<Exit, Failure> {
    match &arguments.command {
        Command::Test { names, update, output } => test(names, *update, *output, session),
        Command::New { name, kind, dry_run, output } => {
            create(name, (*kind).into(), *dry_run, *output, session)
        }
        Command::PullCrds(arguments) => pull(arguments, session),
        command => look(command, session),
    }
}

fn test(names: &[String], update: bool, output: Output, session: &Session) -> Result<Exit, Failure> {
    let root = session.place_if_any()?.map(|place| place.root);
    let tested = cases::test(&cases::Request { root: root.as_deref(), names, update })?;
    output::templates::test(&session.console, output.into(), Subject::Types, &tested)?;
    Ok(if tested.iter().all(Tested::is_fine) { Exit::Fine } else { Exit::No })
}

fn create(
    name: &str,
    route: Route,
    dry_run: bool,
    output: Output,
    session: &Session,
) -> Result<Exit, Failure> {
    let place = session.place()?;
    let files = create::create(&create::Request { root: &place.root, name, route, dry_run })?;
    output::types::created(&session.console, output.into(), name, &files, dry_run)?;
    Ok(Exit::Fine)
}

fn pull(arguments: &PullCrds, session: &Session) -> Result<Exit, Failure> {
    let place = session.place()?;
    let wanted = match (arguments.all, arguments.groups.as_slice()) {
        (true, _) => Wanted::All,
        (false, []) => Wanted::Needed,
        (false, groups) => Wanted::Groups(groups.to_vec()),
    };
    let target = super::status::target(session, &place, arguments.context.as_deref())?;
    let request = pull::Request { root: &place.root, wanted, target, dry_run: arguments.dry_run };
    let progress = Steps::new(&session.console);
    let report = pull::pull(&request, &progress)?;
    progress.done();
    output::types::pulled(&session.console, arguments.output.into(), &report, arguments.dry_run)?;
    let is_complete = report.missing.is_empty() && report.missing_groups.is_empty();
    Ok(if is_complete { Exit::Fine } else { Exit::No })
}

fn look(command: &Command, session: &Session) -> Result<Exit, Failure> {
    let root = session.place_if_any()?.map(|place| place.root);
    let report = available(root.as_deref())?;
    match command {
        Command::List { output } => {
            output::types::list(&session.console, (*output).into(), &report.types)?;
            Ok(Exit::Fine)
        }
        Command::Show { name, output } => {
            let found = report.named(name)?;
            diagnostics::print_to_stderr(&session.console, &report.sources, &found.findings);
            let Some(definition) = &found.definition else {
                return Err(Failure::new(Exit::No, format!("the resource type {name} is not valid"))
                    .hint("mend the places above"));
            };
            output::types::show(&session.console, (*output).into(), found, definition)?;
            Ok(Exit::Fine)
        }
        Command::Lint { name, output } => {
            let chosen: Vec<&Available> = match name {
                Some(name) => vec![report.named(name)?],
                None => report.types.iter().collect(),
            };
            let mut findings: Vec<Diagnostic> =
                chosen.iter().flat_map(|available| available.findings.clone()).collect();
            if name.is_none() {
                findings.extend(report.wrong_definitions.iter().cloned());
            }
            let format = match output {
                Findings::Text => Format::Text,
                Findings::Json => Format::Json,
            };
            diagnostics::print(&session.console, format, &report.sources, &findings);
            if format.is_for_people() {
                output::unchecked::note(&session.console, &report.unchecked(&chosen));
            }
            if findings.is_empty() && format.is_for_people() {
                session.console.note(output::types::fine(chosen.len()));
            }
            Ok(if Counts::of(&findings).errors > 0 { Exit::No } else { Exit::Fine })
        }
        Command::Test { .. } | Command::New { .. } | Command::PullCrds(_) => Ok(Exit::Fine),
    }
}
