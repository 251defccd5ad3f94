//! `platform completions SHELL`.

use clap_complete::Shell;

use super::Session;
use crate::error::{Exit, Failure};

#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// The shell
    #[arg(value_enum)]
    shell: Shell,
}

pub(super) fn run(arguments: &Arguments, session: &Session) -> Result<Exit, Failure> {
    let mut script = Vec::new();
    clap_complete::generate(arguments.shell, &mut super::command(), "platform", &mut script);
    session.console.print_raw(&String::from_utf8_lossy(&script));
    Ok(Exit::Fine)
}
