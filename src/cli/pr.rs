//! `platform pr show|merge`.

use std::sync::Arc;

use super::session::Session;
use super::{Output, forge};
use crate::error::{Exit, Failure};
use crate::ops::forge::failure;
use crate::output::progress::Steps;

#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    /// A pull request and what it waits for
    Show {
        /// Its number
        number: u64,
        /// Format of the answer
        #[arg(short, long, value_enum, default_value_t)]
        output: Output,
    },
    /// Merge a pull request of the built-in local forge; elsewhere people merge on the forge
    Merge {
        /// Its number
        number: u64,
        /// Format of the answer
        #[arg(short, long, value_enum, default_value_t)]
        output: Output,
    },
}

pub(super) fn run(arguments: &Arguments, session: &Session) -> Result<Exit, Failure> {
    let place = session.place()?;
    let (forge, _) = forge::connect(session, &place, Arc::new(Steps::new(&session.console)))?;
    let (pull_request, output) = match arguments.command {
        Command::Show { number, output } => (forge.get(number), output),
        Command::Merge { number, output } => (forge.merge(number), output),
    };
    let pull_request = pull_request.map_err(|error| failure(&error))?;
    let reviews = forge.reviews(&pull_request).map_err(|error| failure(&error))?;
    crate::output::pr::print(&session.console, output.into(), &pull_request, &reviews)?;
    Ok(Exit::Fine)
}
