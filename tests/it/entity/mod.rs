//! Backstage's verdict on entities, and ours.

mod mutants;
mod mutate;
mod verdict;
mod verdicts;
