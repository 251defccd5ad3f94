//! The `platform` program: see the library's documentation for the map of the code.

use std::process::ExitCode;

fn main() -> ExitCode {
    platform::run(std::env::args_os())
}
