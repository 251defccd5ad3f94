//! `platform render [ENTITY...]`.

use super::session::Session;
use super::{Output, entity};
use crate::error::{Exit, Failure};
use crate::object::Object;
use crate::ops::render;

#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// Entities: `[kind:][namespace/]name`; all that become objects by default
    #[arg(value_name = "ENTITY")]
    entities: Vec<String>,
    /// Format of the answer
    #[arg(short, long, value_enum, default_value_t)]
    output: Output,
}

pub(super) fn run(arguments: &Arguments, session: &Session) -> Result<Exit, Failure> {
    let place = session.place()?;
    let catalog = place.catalog(session.environment.now()?);
    let rendering = entity::rendering(&place, &catalog)?;
    let mut entities = Vec::new();
    for text in &arguments.entities {
        entities.push(entity::find(&catalog, text)?);
    }
    let all = entities.is_empty();
    let report = if all { render::everything(&rendering)? } else { render::chosen(&rendering, &entities)? };
    crate::output::render::print(&session.console, arguments.output.into(), &report)?;
    Ok(if report.problems.is_empty() { Exit::Fine } else { Exit::No })
}

/// The objects of the whole repository.
pub(super) fn everything(session: &Session) -> Result<Vec<Object>, Failure> {
    let place = session.place()?;
    let catalog = place.catalog(session.environment.now()?);
    let report = render::everything(&entity::rendering(&place, &catalog)?)?;
    Ok(report.objects)
}
