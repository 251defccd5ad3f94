//! `platform list` and `platform show ENTITY`.

use super::session::Session;
use super::{Output, entity};
use crate::error::{Exit, Failure};
use crate::ops::list;

#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// Only entities of this kind
    #[arg(long)]
    kind: Option<String>,
    /// Only entities of this `spec.type`
    #[arg(long = "type", value_name = "TYPE")]
    spec_type: Option<String>,
    /// Only what this group or user owns
    #[arg(long)]
    owner: Option<String>,
    /// Only what is part of this system
    #[arg(long)]
    system: Option<String>,
    /// Format of the answer
    #[arg(short, long, value_enum, default_value_t)]
    output: Output,
}

#[derive(Debug, clap::Args)]
pub(super) struct ShowArguments {
    /// The entity: `[kind:][namespace/]name`
    entity: String,
    /// Format of the answer
    #[arg(short, long, value_enum, default_value_t)]
    output: Output,
}

pub(super) fn run(arguments: &Arguments, session: &Session) -> Result<Exit, Failure> {
    let catalog = session.place()?.catalog(session.environment.now()?);
    let filter = list::Filter {
        kind: arguments.kind.clone(),
        spec_type: arguments.spec_type.clone(),
        owner: arguments.owner.clone(),
        system: arguments.system.clone(),
    };
    let rows = list::list(&catalog, &filter)?;
    crate::output::list::print(&session.console, arguments.output.into(), &rows)?;
    Ok(Exit::Fine)
}

pub(super) fn show(arguments: &ShowArguments, session: &Session) -> Result<Exit, Failure> {
    let catalog = session.place()?.catalog(session.environment.now()?);
    let shown = list::show(&catalog, entity::find(&catalog, &arguments.entity)?);
    crate::output::list::print_one(&session.console, arguments.output.into(), &shown)?;
    Ok(Exit::Fine)
}
