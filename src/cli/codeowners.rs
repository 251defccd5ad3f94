//! `platform codeowners`.

use std::path::Path;

use super::Output;
use super::session::{Place, Session};
use crate::error::{Exit, Failure};
use crate::forge::{Hint, Kind, Place as ForgePlace, Remote};
use crate::fs;
use crate::ops::codeowners::{self, FILE, Report, Syntax};
use crate::ops::file_failure;
use crate::output::codeowners::Mode;

#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// Write the lines between the marks of CODEOWNERS; what stands around them stays
    #[arg(long, conflicts_with = "check")]
    write: bool,
    /// Show what --write would change
    #[arg(short = 'n', long, requires = "write")]
    dry_run: bool,
    /// Fail (exit code 3) when CODEOWNERS is not what the catalog says
    #[arg(long)]
    check: bool,
    /// The organisation whose teams are called like the groups; codeowners.org of platform.yaml, or that of
    /// the remote by default
    #[arg(long, value_name = "ORG")]
    org: Option<String>,
    /// Format of the answer
    #[arg(short, long, value_enum, default_value_t)]
    output: Output,
}

pub(super) fn run(arguments: &Arguments, session: &Session) -> Result<Exit, Failure> {
    let place = session.place()?;
    let file = fs::confined(&place.root, Path::new(FILE)).map_err(|error| file_failure(&error))?;
    let present = fs::read_text_if_exists(&file).map_err(|error| file_failure(&error))?;
    let report = report(arguments, session, &place, present.as_deref())?;
    let is_stale = !report.is_up_to_date();
    let mode = match (arguments.write, arguments.dry_run || arguments.check) {
        (true, false) => Mode::Written,
        (_, true) => Mode::Difference,
        (false, false) => Mode::Text,
    };
    if mode == Mode::Written && is_stale {
        fs::write_replacing(&file, report.after.as_bytes()).map_err(|error| file_failure(&error))?;
    }
    crate::output::codeowners::print(&session.console, arguments.output.into(), &report, mode)?;
    Ok(if mode == Mode::Difference && is_stale { Exit::Differences } else { Exit::Fine })
}

fn report(
    arguments: &Arguments,
    session: &Session,
    place: &Place,
    present: Option<&str>,
) -> Result<Report, Failure> {
    let catalog = place.catalog(session.environment.now()?);
    let remote = remote(place);
    let named = place.settings.text("forge.type").and_then(Kind::parse);
    let kind = named.or_else(|| match remote.as_ref()?.place(&Hint::default()) {
        Ok(ForgePlace::Hosted(hosted)) => Some(hosted.kind),
        _ => None,
    });
    let org = arguments.org.clone().or_else(|| place.settings.text("codeowners.org").map(str::to_owned));
    let org = org.or_else(|| owner(remote.as_ref()?));
    let folders = place.settings.catalog_paths();
    Ok(codeowners::codeowners(&codeowners::Request {
        catalog: &catalog,
        folders: &folders,
        syntax: Syntax::of(kind),
        org: org.as_deref(),
        present,
    }))
}

fn remote(place: &Place) -> Option<Remote> {
    let url = place.repository.as_ref()?.remote_url(place.settings.remote()).ok()?;
    Remote::parse(&url).ok()
}

/// The organisation in a remote's address: all of its path but the repository.
fn owner(remote: &Remote) -> Option<String> {
    let Remote::Host { path, .. } = remote else { return None };
    path.rsplit_once('/').map(|(owner, _)| owner.to_owned())
}
