//! One YAML document as a Backstage entity.

mod reference;
mod relation;

pub use reference::{DEFAULT_NAMESPACE, EntityRef, RefError};
pub use relation::Relation;
