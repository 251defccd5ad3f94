//! `platform init [DIR]`.

use std::path::{Path, PathBuf};

use super::Output;
use super::session::Session;
use crate::error::{Exit, Failure};
use crate::ops::init;
use crate::output::prompt::Prompt;

/// The first team when nobody names one.
const TEAM: &str = "platform-team";

#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// The folder of the repository; it is made if it is missing
    #[arg(value_name = "DIR", default_value = ".")]
    directory: PathBuf,
    /// The first team in the catalog
    #[arg(long, value_name = "NAME")]
    team: Option<String>,
    /// Your object id in Entra ID; groups in the cluster are made of these
    #[arg(long, value_name = "ID", value_parser = user_id)]
    user_id: Option<String>,
    /// The branch that pull requests go to
    #[arg(long, value_name = "BRANCH", default_value = "main")]
    base: String,
    /// Only say what would be made
    #[arg(long)]
    dry_run: bool,
    /// Format of the answer
    #[arg(short, long, value_enum, default_value_t)]
    output: Output,
}

pub(super) fn run(arguments: &Arguments, session: &Session) -> Result<Exit, Failure> {
    let directory = normal(&session.environment.directory().join(&arguments.directory));
    let request = init::Request {
        team: team(arguments, session)?,
        user_id: arguments.user_id.clone(),
        base: arguments.base.clone(),
        identity: session.identity(None).ok(),
        now: session.environment.now()?,
        dry_run: arguments.dry_run,
        directory,
    };
    let report = init::init(&request)?;
    crate::output::init::print(&session.console, arguments.output.into(), &report, arguments.dry_run)?;
    if request.user_id.is_none() && request.identity.is_some() && !arguments.dry_run {
        let file = format!("catalog/{}/team.yaml", request.team);
        session.console.note(format!(
            "before the first namespace: give the user in {file} the annotation graph.microsoft.com/user-id\n"
        ));
    }
    Ok(Exit::Fine)
}

fn team(arguments: &Arguments, session: &Session) -> Result<String, Failure> {
    let check = |name: &str| init::check_team(name);
    match &arguments.team {
        Some(team) => match check(team) {
            Ok(()) => Ok(team.clone()),
            Err(reason) => {
                Err(Failure::usage(format!("`{team}` cannot be the name of a team")).because(reason))
            }
        },
        None if session.console.can_ask() => {
            Prompt::new(&session.console).text("The first team in the catalog", Some(TEAM), false, check)
        }
        None => Ok(TEAM.to_owned()),
    }
}

/// An object id: a GUID such as `11111111-2222-3333-4444-555555555555`.
fn user_id(text: &str) -> Result<String, String> {
    let lengths: Vec<usize> = text.split('-').map(str::len).collect();
    let is_guid = lengths == [8, 4, 4, 4, 12] && text.chars().all(|c| c == '-' || c.is_ascii_hexdigit());
    if is_guid { Ok(text.to_owned()) } else { Err("it must be a GUID".to_owned()) }
}

/// The path without `.` and `..`, as far as that needs no look at the disk.
fn normal(path: &Path) -> PathBuf {
    let mut normal = PathBuf::new();
    for part in path.components() {
        match part {
            std::path::Component::CurDir => {}
            std::path::Component::ParentDir => {
                normal.pop();
            }
            part => normal.push(part),
        }
    }
    normal
}
