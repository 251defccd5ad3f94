//! One text for each entity that is named, however often it is named.
#![expect(clippy::disallowed_types, reason = "only looked up in: no order leaks")]

use std::collections::HashSet;

use crate::entity::{Entity, EntityRef};

/// The references that were seen so far.
#[derive(Debug, Default)]
pub struct Shared {
    known: HashSet<EntityRef>,
}

impl Shared {
    /// Lets the references of an entity share their texts with those that were seen before.
    pub fn share(&mut self, entity: &mut Entity) {
        for reference in &mut entity.references {
            match self.known.get(&reference.target) {
                Some(known) => reference.target = known.clone(),
                None => {
                    self.known.insert(reference.target.clone());
                }
            }
        }
    }
}
