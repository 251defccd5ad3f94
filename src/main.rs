//! The `platform` program: see the library's documentation for the map of the code.

fn main() {}
