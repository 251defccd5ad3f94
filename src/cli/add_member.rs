//! `platform add-member GROUP USER`.

use super::edit::{self, Purpose, Writing};
use super::entity;
use super::session::Session;
use crate::catalog::Catalog;
use crate::entity::{Entity, EntityRef, reference_parts};
use crate::error::{Exit, Failure};
use crate::ops::{self, add_member};

#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// The group: `[namespace/]name`
    group: String,
    /// The user: `[namespace/]name`
    user: String,
    /// End the membership instead
    #[arg(long)]
    remove: bool,
    #[command(flatten)]
    writing: Writing,
}

pub(super) fn run(arguments: &Arguments, session: &Session) -> Result<Exit, Failure> {
    let place = session.place()?;
    let now = session.environment.now()?;
    let catalog = place.catalog(now);
    let group = find(&catalog, "group", &arguments.group)?;
    let found = find(&catalog, "user", &arguments.user);
    let (user, changes) = if arguments.remove {
        let (user, entity) = leaving(&catalog, group, found, &arguments.user)?;
        let changes = add_member::remove(&catalog, group, &user, entity);
        (user, changes)
    } else {
        let user = found?;
        (user.reference.clone(), add_member::add(&catalog, group, user))
    };
    let prepared = ops::edit::prepare(&ops::edit::Request {
        root: &place.root,
        catalog: &catalog,
        changes,
        validation: place.validation(now),
    })?;
    let (user, group) = (user.name(), group.reference.name());
    let title = if arguments.remove {
        format!("Remove {user} from {group}")
    } else {
        format!("Add {user} to {group}")
    };
    let purpose = Purpose { title: Some(title), ..Purpose::default() };
    edit::finish(&prepared, &purpose, &arguments.writing, session, &place)
}

/// The entity of this kind.
fn find<'a>(catalog: &'a Catalog, kind: &str, text: &str) -> Result<&'a Entity, Failure> {
    match reference_parts(text) {
        Ok((None, _, _)) => entity::find(catalog, &format!("{kind}:{text}")),
        Ok((Some(other), _, _)) if !other.eq_ignore_ascii_case(kind) => {
            Err(Failure::usage(format!("`{text}` is no {kind}"))
                .hint("platform add-member GROUP USER: the group comes first"))
        }
        _ => entity::find(catalog, text),
    }
}

/// Who leaves a group. Somebody whose entity is gone already can leave as long as the group names them.
fn leaving<'a>(
    catalog: &Catalog,
    group: &Entity,
    found: Result<&'a Entity, Failure>,
    text: &str,
) -> Result<(EntityRef, Option<&'a Entity>), Failure> {
    let failure = match found {
        Ok(user) => return Ok((user.reference.clone(), Some(user))),
        Err(failure) => failure,
    };
    match EntityRef::parse(text, Some("user"), group.reference.namespace()) {
        Ok(user) if !add_member::remove(catalog, group, &user, None).is_empty() => Ok((user, None)),
        _ => Err(failure),
    }
}
