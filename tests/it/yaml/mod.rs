//! YAML: what we read against what npm `yaml` reads, places, edits, hostile texts.

mod agreement;
mod corpus;
mod mutants;
