//! Backstage's verdict on entities, and ours.

mod verdict;
mod verdicts;
