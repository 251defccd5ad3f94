//! One YAML document as a Backstage entity.
