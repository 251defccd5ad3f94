//! `platform types list|show|lint`.

use super::Output;
use super::session::Session;
use crate::diagnostic::Diagnostic;
use crate::error::{Exit, Failure};
use crate::ops::types::{Available, available};
use crate::output::diagnostics::{Counts, Format};
use crate::output::{self, diagnostics};

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
    let root = session.place_if_any()?.map(|place| place.root);
    let report = available(root.as_deref())?;
    match &arguments.command {
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
    }
}
