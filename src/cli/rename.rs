//! `platform rename ENTITY NEW-NAME`.

use super::edit::{self, Purpose, Writing};
use super::entity;
use super::retire::Confirming;
use super::session::Session;
use crate::error::{Exit, Failure};
use crate::ops::rename;

#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// The entity: `[kind:][namespace/]name`
    entity: String,
    /// Its new name, without kind and namespace
    #[arg(value_name = "NEW-NAME")]
    name: String,
    #[command(flatten)]
    confirming: Confirming,
    #[command(flatten)]
    writing: Writing,
}

pub(super) fn run(arguments: &Arguments, session: &Session) -> Result<Exit, Failure> {
    if arguments.name.is_empty() || arguments.name.contains([':', '/']) {
        return Err(Failure::usage(format!("`{}` is no name", arguments.name))
            .because("a kind never changes, and a namespace changes with `platform move`")
            .hint(format!("platform rename {} NEW-NAME", arguments.entity)));
    }
    let place = session.place()?;
    let now = session.environment.now()?;
    let catalog = place.catalog(now);
    let found = entity::find(&catalog, &arguments.entity)?;
    let (validation, layout) = (place.validation(now), place.layout()?);
    let prepared = rename::prepare(&rename::Request {
        root: &place.root,
        catalog: &catalog,
        entity: found,
        name: &arguments.name,
        layout: &layout,
        validation: &validation,
    })?;
    let reference = &found.reference;
    let purpose = Purpose {
        title: Some(format!("Rename {} {} to {}", reference.kind(), reference.name(), arguments.name)),
        subject: Some(("rename", reference.clone())),
        names: vec![reference.name().to_owned()],
        confirmed: arguments.confirming.confirm.clone(),
    };
    edit::finish(&prepared, &purpose, &arguments.writing, session, &place)
}
