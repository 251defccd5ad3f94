//! `platform move ENTITY`.

use std::path::{Component, Path};

use super::edit::{self, Purpose, Writing};
use super::entity;
use super::retire::Confirming;
use super::session::{Place, Session};
use crate::catalog::Catalog;
use crate::entity::{Entity, reference_parts};
use crate::error::{Exit, Failure};
use crate::ops::{file_failure, move_entity};

#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// The entity: `[kind:][namespace/]name`
    entity: String,
    /// The file or folder that it goes to; a file that is there gets one more document
    #[arg(long, value_name = "PATH")]
    to: Option<String>,
    /// The namespace that it goes to; references follow
    #[arg(long, value_name = "NAMESPACE")]
    namespace: Option<String>,
    /// The System that it is part of from now on
    #[arg(long, value_name = "SYSTEM", conflicts_with = "domain")]
    system: Option<String>,
    /// The Domain that it is part of from now on
    #[arg(long, value_name = "DOMAIN")]
    domain: Option<String>,
    #[command(flatten)]
    confirming: Confirming,
    #[command(flatten)]
    writing: Writing,
}

pub(super) fn run(arguments: &Arguments, session: &Session) -> Result<Exit, Failure> {
    let Arguments { to, namespace, system, domain, .. } = arguments;
    if [to, namespace, system, domain].iter().all(|flag| flag.is_none()) {
        return Err(Failure::usage("where to?").hint(format!(
            "platform move {} with --to PATH, --system NAME, --domain NAME or --namespace NAME",
            arguments.entity
        )));
    }
    let place = session.place()?;
    let now = session.environment.now()?;
    let catalog = place.catalog(now);
    let found = entity::find(&catalog, &arguments.entity)?;
    let part_of = match (system, domain) {
        (Some(name), _) => Some(whole(&catalog, "system", name)?),
        (None, Some(name)) => Some(whole(&catalog, "domain", name)?),
        (None, None) => None,
    };
    let (validation, layout) = (place.validation(now), place.layout()?);
    let to = to.as_deref().map(|to| target(session, &place, to)).transpose()?;
    let prepared = move_entity::prepare(&move_entity::Request {
        root: &place.root,
        catalog: &catalog,
        entity: found,
        to: to.as_deref(),
        namespace: namespace.as_deref(),
        part_of,
        layout: &layout,
        validation: &validation,
    })?;
    let reference = &found.reference;
    let purpose = Purpose {
        title: Some(format!("Move {} {}", reference.kind(), reference.name())),
        subject: Some(("move", reference.clone())),
        names: vec![reference.name().to_owned()],
        confirmed: arguments.confirming.confirm.clone(),
    };
    edit::finish(&prepared, &purpose, &arguments.writing, session, &place)
}

fn whole<'a>(catalog: &'a Catalog, kind: &str, text: &str) -> Result<&'a Entity, Failure> {
    match reference_parts(text) {
        Ok((None, _, _)) => entity::find(catalog, &format!("{kind}:{text}")),
        _ => entity::find(catalog, text),
    }
}

/// A path that was typed, relative to the root; a folder ends with a `/`. It need not be there yet.
fn target(session: &Session, place: &Place, text: &str) -> Result<String, Failure> {
    let here = crate::fs::canonical(session.environment.directory()).map_err(|error| file_failure(&error))?;
    let root = crate::fs::canonical(&place.root).map_err(|error| file_failure(&error))?;
    let mut full = std::path::PathBuf::new();
    for part in here.join(text).components() {
        match part {
            Component::ParentDir => drop(full.pop()),
            Component::CurDir => {}
            part => full.push(part),
        }
    }
    let below = full.strip_prefix(&root).map_err(|_| {
        Failure::usage(format!("{text} is not in this repository"))
            .because(format!("the repository is {}", root.display()))
    })?;
    let parts: Vec<_> = below.iter().map(|part| part.to_string_lossy()).collect();
    let path = parts.join("/");
    let is_folder =
        text.ends_with('/') || crate::fs::is_directory(&full) || Path::new(&path).extension().is_none();
    Ok(if is_folder && !path.is_empty() { format!("{path}/") } else { path })
}
