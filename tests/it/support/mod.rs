//! What more than one area of the tests uses.

pub(crate) mod node;
pub(crate) mod shared;
