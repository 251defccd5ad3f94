//! Finds an entity by its reference: a table of positions, so that no reference is kept twice.

use std::hash::{BuildHasher, RandomState};

use crate::entity::{Entity, EntityRef};

/// Open addressing over the positions of entities; at most half full.
#[derive(Debug, Default)]
pub(super) struct Index {
    /// Position plus one, 0 where nothing is. The length is a power of two, or 0.
    slots: Vec<u32>,
    /// Seeded anew each time, so that nobody can choose names that collide. Only looked up in, never
    /// listed: no order leaks.
    hasher: RandomState,
}

impl Index {
    /// The table of these entities. The first of several with one reference is found.
    pub(super) fn new(entities: &[Entity]) -> Self {
        let slots = vec![0; (entities.len() * 2 + 1).next_power_of_two()];
        let mut index = Self { slots, hasher: RandomState::new() };
        for (at, entity) in entities.iter().enumerate() {
            let slot = index.slot(&entity.reference, entities);
            if index.slots[slot] == 0 {
                index.slots[slot] = at as u32 + 1;
            }
        }
        index
    }

    /// The position of an entity.
    pub(super) fn get(&self, reference: &EntityRef, entities: &[Entity]) -> Option<usize> {
        if self.slots.is_empty() {
            return None;
        }
        (self.slots[self.slot(reference, entities)] as usize).checked_sub(1)
    }

    /// The slot that holds the reference, or the free one where it belongs.
    fn slot(&self, reference: &EntityRef, entities: &[Entity]) -> usize {
        let mask = self.slots.len() - 1;
        let mut slot = self.hasher.hash_one(reference.as_str()) as usize & mask;
        while let Some(at) = (self.slots[slot] as usize).checked_sub(1) {
            if entities[at].reference == *reference {
                break;
            }
            slot = (slot + 1) & mask;
        }
        slot
    }
}
