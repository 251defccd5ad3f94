//! The catalog API of a Backstage backend.
