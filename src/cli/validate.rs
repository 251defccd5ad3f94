//! `platform validate [PATH...]`.

use std::path::{Path, PathBuf};

use clap::ValueEnum;

use super::session::{Place, Session};
use crate::error::{Exit, Failure};
use crate::ops::validate;
use crate::output::diagnostics::{Counts, Format};

#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// Files and folders to report on; they are checked against the whole repository. `-` reads one
    /// file from standard input
    #[arg(value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// Format of the findings
    #[arg(short, long, value_enum, default_value_t)]
    output: FindingFormat,
    /// The path that the text on standard input counts as
    #[arg(long, value_name = "PATH")]
    stdin_filename: Option<PathBuf>,
}

#[derive(Clone, Copy, Debug, Default, ValueEnum)]
enum FindingFormat {
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
    let report = validate::validate(&request(arguments, session, &place)?);
    crate::output::validate::print(&session.console, arguments.output.into(), &report);
    Ok(if Counts::of(&report.findings).errors > 0 { Exit::No } else { Exit::Fine })
}

fn request(arguments: &Arguments, session: &Session, place: &Place) -> Result<validate::Request, Failure> {
    let mut request = place.validation(session.environment.now()?);
    if arguments.paths == [PathBuf::from("-")] {
        let name = arguments.stdin_filename.clone().unwrap_or_else(|| PathBuf::from("catalog-info.yaml"));
        let path = place.relative(session, &name)?;
        let bytes = crate::fs::read_stdin().map_err(|error| crate::ops::file_failure(&error))?;
        let text = String::from_utf8_lossy(&bytes).into_owned();
        request.overlay.insert(path.clone(), text.into());
        request.paths = vec![path];
        return Ok(request);
    }
    for path in &arguments.paths {
        existing(session, path)?;
        request.paths.push(place.relative(session, path)?);
    }
    Ok(request)
}

fn existing(session: &Session, path: &Path) -> Result<(), Failure> {
    if crate::fs::exists(&session.environment.directory().join(path)) {
        return Ok(());
    }
    Err(Failure::usage(format!("there is no file or folder {}", path.display())).hint("check the path"))
}
