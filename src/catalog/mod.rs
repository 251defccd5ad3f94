//! The set of entities and how they relate.
