//! What the commands that take an ENTITY have in common.

use super::session::Place;
use crate::catalog::{Catalog, Found};
use crate::entity::Entity;
use crate::error::{Exit, Failure};
use crate::ops::render::{Rendering, prepare};

/// The entity that a text names.
pub(super) fn find<'a>(catalog: &'a Catalog, text: &str) -> Result<&'a Entity, Failure> {
    match catalog.find(text) {
        Found::One(entity) => Ok(entity),
        Found::Several(entities) => {
            let failure = Failure::usage(format!("`{text}` names several entities"));
            let failure = entities.iter().fold(failure, |failure, entity| failure.because(&entity.reference));
            Err(failure.hint("name one of them with its kind"))
        }
        Found::None(meant) => {
            let failure = Failure::new(Exit::No, format!("there is no entity `{text}` in the catalog"));
            Err(match meant {
                Some(meant) => failure.hint(format!("did you mean `{}`?", meant.short())),
                None => {
                    failure.hint("check the name; it is looked for in your checkout, so `git pull` may help")
                }
            })
        }
    }
}

/// What rendering needs: the catalog, the resource types, the settings.
pub(super) fn rendering<'a>(place: &Place, catalog: &'a Catalog) -> Result<Rendering<'a>, Failure> {
    prepare(&place.root, catalog, place.rendering())
}
