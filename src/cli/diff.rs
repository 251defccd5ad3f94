//! `platform diff [BASE]`.

use clap::ValueEnum;

use super::scope::{base_commit, fork_point};
use super::session::{Place, Session, setup};
use crate::config::{REPOSITORY_FILE, Settings};
use crate::error::{Exit, Failure};
use crate::git::{CommitId, Repository};
use crate::impact::Guard;
use crate::ops::diff::{self, Head, Live, Report, Request, SideSettings};
use crate::ops::git_failure;
use crate::output::diff::Format;
use crate::output::progress::Steps;

#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// The commit to compare with; by default where your work left the branch that requests go to
    #[arg(value_name = "BASE")]
    base: Option<String>,
    /// Compare this commit with BASE, and not the files of the work tree
    #[arg(long, value_name = "REV")]
    head: Option<String>,
    /// Fail (exit code 1) when something is destroyed, or when a risk is high; an entity whose annotation
    /// `platform.internal/allow-destroy` names a day is let go until then
    #[arg(long, value_enum, value_name = "WHAT", value_delimiter = ',')]
    fail_on: Option<Vec<FailOn>>,
    /// Ask the cluster too: what applying the objects would change there, drift included. Nothing is stored
    #[arg(long)]
    live: bool,
    /// The cluster that --live asks, by its name in the catalog; the one of `render.cluster` by default
    #[arg(long, value_name = "NAME", requires = "live")]
    cluster: Option<String>,
    /// Format of the answer
    #[arg(short, long, value_enum, default_value_t)]
    output: DiffFormat,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum FailOn {
    /// Entities or objects that are destroyed
    Destroy,
    /// Risks that are high
    Risk,
    /// Nothing, whatever `diff.failOn` says
    Nothing,
}

#[derive(Clone, Copy, Debug, Default, ValueEnum)]
enum DiffFormat {
    /// For people; not a contract
    #[default]
    Text,
    /// With `schemaVersion`
    Json,
    /// The same as YAML
    Yaml,
    /// For a pull request
    Markdown,
}

impl From<DiffFormat> for Format {
    fn from(format: DiffFormat) -> Self {
        match format {
            DiffFormat::Text => Self::Text,
            DiffFormat::Json => Self::Json,
            DiffFormat::Yaml => Self::Yaml,
            DiffFormat::Markdown => Self::Markdown,
        }
    }
}

pub(super) fn run(arguments: &Arguments, session: &Session) -> Result<Exit, Failure> {
    let place = session.place()?;
    let repository = place.repository()?;
    let head = arguments.head.as_ref().map(|name| base_commit(&place, repository, name)).transpose()?;
    let base = base(arguments.base.as_deref(), &place, repository, head.as_ref())?;
    let head = head.map_or(Head::WorkTree, Head::Commit);
    let flag = arguments.fail_on.as_deref().map(|words| Guard {
        destroy: words.contains(&FailOn::Destroy),
        risk: words.contains(&FailOn::Risk),
    });
    let progress = Steps::new(&session.console);
    let live = arguments.live.then(|| live(arguments, session, &place, &progress)).transpose()?;
    let report = compare(session, &place, Comparison { base, head, guard: flag, live })?;
    crate::output::diff::print(&session.console, arguments.output.into(), &report)?;
    Ok(exit(&report))
}

/// What is compared.
pub(super) struct Comparison<'a> {
    /// The commit before.
    pub(super) base: CommitId,
    /// What comes after.
    pub(super) head: Head,
    /// What is guarded; without it the settings decide: those of the base as well, so that no change lets
    /// itself through.
    pub(super) guard: Option<Guard>,
    /// The cluster that is asked.
    pub(super) live: Option<Live<'a>>,
}

/// What `head` does in the place of `base`.
pub(super) fn compare(
    session: &Session,
    place: &Place,
    comparison: Comparison<'_>,
) -> Result<Report, Failure> {
    let Comparison { base, head, guard, live } = comparison;
    let repository = place.repository()?;
    let before = settings_at(session, repository, &base)?;
    let after = match &head {
        Head::WorkTree => None,
        Head::Commit(head) => Some(settings_at(session, repository, head)?),
        Head::Edits(edits) => match edits.iter().find(|edit| edit.path == REPOSITORY_FILE) {
            Some(edit) => {
                let text = edit.content.as_deref().map(|bytes| String::from_utf8_lossy(bytes).into_owned());
                Some(session.settings_with(text)?)
            }
            None => Some(before.clone()),
        },
    };
    let after = after.as_ref().unwrap_or(&place.settings);
    let guard = match guard {
        Some(guard) => guard,
        None => guard_of([&before, after])?,
    };
    diff::diff(&Request {
        root: place.root.clone(),
        repository,
        base,
        head,
        before: side_settings(&before),
        after: side_settings(after),
        rules: place.rules(),
        guard,
        now: session.environment.now()?,
        live,
    })
}

/// The cluster that --live asks.
fn live<'a>(
    arguments: &Arguments,
    session: &Session,
    place: &Place,
    progress: &'a Steps,
) -> Result<Live<'a>, Failure> {
    let target = super::status::cluster_target(session, place).ok_or_else(|| {
        Failure::usage("no kubeconfig names a cluster to ask").hint("set KUBECONFIG, or leave --live out")
    })?;
    let cluster = arguments.cluster.clone().unwrap_or_else(|| place.rendering().cluster);
    Ok(Live { target, cluster, progress })
}

fn exit(report: &Report) -> Exit {
    let (live, is_different_there) = match &report.live {
        None => (Exit::Fine, false),
        Some(Err(failure)) => (failure.exit, false),
        Some(Ok(observed)) if observed.is_refused() => (Exit::No, true),
        Some(Ok(observed)) => (Exit::Fine, !observed.objects.is_empty()),
    };
    let plan = if !report.refusals.is_empty() || !report.problems.is_empty() {
        Exit::No
    } else if report.plan.is_empty() && !is_different_there {
        Exit::Fine
    } else {
        Exit::Differences
    };
    plan.max(live)
}

/// The commit that was named, or the point where the work left the branch that requests go to.
fn base(
    named: Option<&str>,
    place: &Place,
    repository: &Repository,
    head: Option<&CommitId>,
) -> Result<CommitId, Failure> {
    if let Some(name) = named.filter(|name| !name.is_empty()) {
        return base_commit(place, repository, name);
    }
    let tip = base_commit(place, repository, "")?;
    Ok(match head {
        Some(head) => repository.merge_base(head, &tip).unwrap_or(tip),
        None => fork_point(repository, &tip),
    })
}

fn settings_at(session: &Session, repository: &Repository, commit: &CommitId) -> Result<Settings, Failure> {
    let file = repository.file(commit, REPOSITORY_FILE).map_err(|error| git_failure(&error))?;
    let text = file.map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
    session
        .settings_with(text)
        .map_err(|failure| failure.because(format!("in the commit {}", commit.short())))
}

fn side_settings(settings: &Settings) -> SideSettings {
    SideSettings { catalog_paths: settings.catalog_paths(), rendering: setup(settings) }
}

/// What any of these settings guards.
fn guard_of(settings: [&Settings; 2]) -> Result<Guard, Failure> {
    let mut guard = Guard::default();
    for word in settings.iter().flat_map(|settings| settings.list("diff.failOn")) {
        match word.as_str() {
            "destroy" => guard.destroy = true,
            "risk" => guard.risk = true,
            other => {
                return Err(Failure::usage(format!("diff.failOn names `{other}`"))
                    .hint("write destroy, risk, or both, in platform.yaml"));
            }
        }
    }
    Ok(guard)
}
