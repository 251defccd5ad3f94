//! YAML: what we read against what npm `yaml` reads, places, edits, hostile texts.

mod agreement;
mod corpus;
mod edits;
mod hostile;
mod mutants;
mod places;
mod readers;
mod seeds;
mod wording;
