//! `platform validate [PATH...]`.

use std::path::{Path, PathBuf};

use clap::ValueEnum;

use super::scope;
use super::session::{Place, Session};
use crate::error::{Exit, Failure};
use crate::ops::{fix, policy_examples, validate};
use crate::output;
use crate::output::diagnostics::{Counts, Format};
use crate::output::progress::Steps;
use crate::progress::Progress;

#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// Files and folders to report on; they are checked against the whole repository. `-` reads one
    /// file from standard input
    #[arg(value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// Format of the findings
    #[arg(short, long, value_enum, default_value_t)]
    output: FindingFormat,
    /// Report on what changed since BASE and on what that breaks elsewhere, uncommitted changes
    /// included; without BASE, since the branch that requests go to
    #[arg(long, value_name = "BASE", num_args = 0..=1, default_missing_value = "", conflicts_with = "paths")]
    changed: Option<String>,
    #[command(flatten)]
    repair: Repair,
    /// List the comments that allow findings: until when, why, and whether they are needed
    #[arg(long, conflicts_with = "fix")]
    waivers: bool,
    /// Run the good and the bad example of each policy in `policies/`, and look at nothing else
    #[arg(long, conflicts_with_all = ["paths", "changed", "fix", "waivers", "hook", "stdin_filename"])]
    policies_test: bool,
    /// For commit hooks: report on PATH... and on what the commit breaks elsewhere. Paths that are gone
    /// and files that Git does not track are passed over
    #[arg(long, conflicts_with_all = ["changed", "stdin_filename"])]
    hook: bool,
    /// The path that the text on standard input counts as
    #[arg(long, value_name = "PATH")]
    stdin_filename: Option<PathBuf>,
}

#[derive(Clone, Copy, Debug, clap::Args)]
struct Repair {
    /// Carry out the repairs that are safe; every other byte stays
    #[arg(long)]
    fix: bool,
    /// With --fix: show the difference and write nothing
    #[arg(long, requires = "fix")]
    dry_run: bool,
}

#[derive(Clone, Copy, Debug, Default, ValueEnum)]
pub(super) enum FindingFormat {
    /// With an excerpt of the file
    #[default]
    Text,
    /// One line each
    Concise,
    /// One JSON document
    Json,
    /// One JSON object a line
    Jsonl,
    /// SARIF 2.1.0, for code scanning
    Sarif,
    /// JUnit XML, for test reports
    Junit,
    /// Annotations of GitHub Actions
    Github,
    /// A Code Quality report of GitLab
    Gitlab,
    /// For reviewdog
    Rdjson,
}

impl From<FindingFormat> for Format {
    fn from(format: FindingFormat) -> Self {
        match format {
            FindingFormat::Text => Self::Text,
            FindingFormat::Concise => Self::Concise,
            FindingFormat::Json => Self::Json,
            FindingFormat::Jsonl => Self::JsonLines,
            FindingFormat::Sarif => Self::Sarif,
            FindingFormat::Junit => Self::Junit,
            FindingFormat::Github => Self::Github,
            FindingFormat::Gitlab => Self::Gitlab,
            FindingFormat::Rdjson => Self::Rdjson,
        }
    }
}

pub(super) fn run(arguments: &Arguments, session: &Session) -> Result<Exit, Failure> {
    let place = session.place()?;
    if arguments.policies_test {
        return test_policies(arguments, session, place.root);
    }
    let request = request(arguments, session, &place)?;
    if arguments.repair.fix {
        return fix_safely(arguments, session, request);
    }
    let at_work = Steps::patient(&session.console, "reading the catalog");
    let report = validate::validate(&request);
    at_work.done();
    if arguments.waivers {
        output::waivers::print(&session.console, list_format(arguments.output)?, &report)?;
        return Ok(Exit::Fine);
    }
    output::validate::print(&session.console, arguments.output.into(), &report);
    Ok(verdict(&report))
}

fn test_policies(arguments: &Arguments, session: &Session, root: PathBuf) -> Result<Exit, Failure> {
    let report = policy_examples::test(&policy_examples::Request { root });
    output::policy_examples::print(&session.console, arguments.output.into(), &report)?;
    let is_fine = report.passed() == report.policies.len() && Counts::of(&report.findings).errors == 0;
    Ok(if is_fine { Exit::Fine } else { Exit::No })
}

fn verdict(report: &validate::Report) -> Exit {
    if Counts::of(&report.findings).errors > 0 { Exit::No } else { Exit::Fine }
}

fn fix_safely(
    arguments: &Arguments,
    session: &Session,
    validation: validate::Request,
) -> Result<Exit, Failure> {
    let dry_run = arguments.repair.dry_run;
    let report = fix::fix(&fix::Request { validation, dry_run })?;
    output::fix::print(&session.console, arguments.output.into(), &report, dry_run);
    let wanted = if dry_run && !report.files.is_empty() { Exit::Differences } else { Exit::Fine };
    let skipped = if report.skipped.is_empty() { Exit::Fine } else { Exit::No };
    Ok(verdict(&report.left).max(wanted).max(skipped))
}

/// The format of a list that is not of findings.
fn list_format(format: FindingFormat) -> Result<output::Format, Failure> {
    match format {
        FindingFormat::Text | FindingFormat::Concise => Ok(output::Format::Text),
        FindingFormat::Json => Ok(output::Format::Json),
        _ => Err(Failure::usage("--waivers is written as text or json").hint("add -o json")),
    }
}

fn request(arguments: &Arguments, session: &Session, place: &Place) -> Result<validate::Request, Failure> {
    let mut request = place.validation(session.environment.now()?);
    if arguments.paths == [PathBuf::from("-")] {
        from_stdin(arguments, session, place, &mut request)?;
    } else if let Some(base) = &arguments.changed {
        scope::changed(place, base, &mut request)?;
    } else if arguments.hook {
        scope::hook(session, place, &arguments.paths, &mut request)?;
    } else {
        for path in &arguments.paths {
            existing(session, path)?;
            request.paths.push(place.relative(session, path)?);
        }
    }
    Ok(request)
}

fn from_stdin(
    arguments: &Arguments,
    session: &Session,
    place: &Place,
    request: &mut validate::Request,
) -> Result<(), Failure> {
    if arguments.repair.fix {
        return Err(Failure::usage("--fix has no file to write when the text comes from standard input")
            .hint("name the file in place of `-`"));
    }
    let name = arguments.stdin_filename.clone().unwrap_or_else(|| PathBuf::from("catalog-info.yaml"));
    if !crate::fs::is_yaml(&name) {
        return Err(Failure::usage(format!("{} is not the name of a YAML file", name.display()))
            .hint("--stdin-filename NAME.yaml"));
    }
    let path = place.relative(session, &name)?;
    let bytes = crate::fs::read_stdin().map_err(|error| crate::ops::file_failure(&error))?;
    let text = String::from_utf8_lossy(&bytes).into_owned();
    request.overlay.insert(path.clone(), text.into());
    request.paths = vec![path];
    Ok(())
}

fn existing(session: &Session, path: &Path) -> Result<(), Failure> {
    if crate::fs::exists(&session.environment.directory().join(path)) {
        return Ok(());
    }
    Err(Failure::usage(format!("there is no file or folder {}", path.display())).hint("check the path"))
}
