//! `platform retire ENTITY...`.

use super::edit::{self, Purpose, Writing};
use super::entity;
use super::session::Session;
use crate::error::{Exit, Failure};
use crate::ops::retire;

#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// The entities: `[kind:][namespace/]name`
    #[arg(required = true, value_name = "ENTITY")]
    entities: Vec<String>,
    /// Retire with them what is part of them, and the Resources that depend on them
    #[arg(long)]
    cascade: bool,
    /// Take out the references of others that can do without
    #[arg(long, conflicts_with = "replace_with")]
    unlink: bool,
    /// Let others name this entity in their place
    #[arg(long, value_name = "ENTITY")]
    replace_with: Option<String>,
    #[command(flatten)]
    confirming: Confirming,
    #[command(flatten)]
    writing: Writing,
}

/// How severe things are agreed to without a question.
#[derive(Debug, clap::Args)]
pub(super) struct Confirming {
    /// Agree that Kubernetes objects are destroyed: the name of the entity; may be given many times
    #[arg(long, value_name = "NAME")]
    pub(super) confirm: Vec<String>,
}

pub(super) fn run(arguments: &Arguments, session: &Session) -> Result<Exit, Failure> {
    let place = session.place()?;
    let now = session.environment.now()?;
    let catalog = place.catalog(now);
    let mut entities = Vec::new();
    for name in &arguments.entities {
        entities.push(entity::find(&catalog, name)?);
    }
    let replacement =
        arguments.replace_with.as_deref().map(|name| entity::find(&catalog, name)).transpose()?;
    let validation = place.validation(now);
    let prepared = retire::prepare(&retire::Request {
        root: &place.root,
        catalog: &catalog,
        entities: entities.clone(),
        cascade: arguments.cascade,
        unlink: arguments.unlink,
        replacement,
        validation: &validation,
    })?;
    if let Some(refusal) = retire::refusal(&prepared.consequences, &entities) {
        return Err(refusal);
    }
    let first = entities.first().map(|entity| entity.reference.clone());
    let purpose = Purpose {
        title: None,
        subject: first.map(|first| ("retire", first)),
        names: entities.iter().map(|entity| entity.reference.name().to_owned()).collect(),
        confirmed: arguments.confirming.confirm.clone(),
    };
    edit::finish(&prepared, &purpose, &arguments.writing, session, &place)
}
