//! The seeds of the fuzz targets, and mutants of them, with an ordinary compiler.

use super::corpus;
use super::mutants::{self, Mutants};
use crate::support::shared::files;

#[path = "../../fuzz/checks.rs"]
mod checks;

fn seeds(target: &str) -> Vec<String> {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fuzz/corpus").join(target);
    let mut seeds: Vec<String> =
        files(&folder, &[""]).iter().map(|path| std::fs::read_to_string(path).unwrap()).collect();
    assert!(!seeds.is_empty(), "the target {target} has seeds");
    seeds.extend(corpus::own());
    seeds
}

#[test]
fn seeds_of_the_reader_hold() {
    let seeds = seeds("yaml");
    for seed in &seeds {
        checks::read(seed);
    }
    Mutants::new(&seeds, 5).take(mutants::count(2000)).for_each(|text| checks::read(&text));
}

#[test]
fn seeds_of_the_edits_hold() {
    let seeds = seeds("edit");
    for seed in &seeds {
        checks::change(seed);
    }
    Mutants::new(&seeds, 6).take(mutants::count(1000)).for_each(|text| checks::change(&text));
}

#[test]
fn seeds_of_the_entities_hold() {
    let seeds = seeds("entity");
    for seed in &seeds {
        checks::decode(seed);
    }
    Mutants::new(&seeds, 7).take(mutants::count(2000)).for_each(|text| checks::decode(&text));
}

#[test]
fn seeds_of_the_references_hold() {
    let seeds = seeds("reference");
    for seed in &seeds {
        checks::reference(seed);
    }
    Mutants::new(&seeds, 8).take(mutants::count(5000)).for_each(|text| checks::reference(&text));
}
