//! Reports for machines: JSON with a schema version, or the same as YAML.

use serde::Serialize;

use super::console::{Console, Format};
use crate::error::Failure;

/// The version of the JSON that every report is written in.
pub const SCHEMA_VERSION: u32 = 1;

/// A report with its version in front.
#[derive(Serialize)]
struct Versioned<'a, T: Serialize> {
    #[serde(rename = "schemaVersion")]
    schema_version: u32,
    #[serde(flatten)]
    report: &'a T,
}

/// Writes a report in a machine's format. `Format::Text` is the caller's business.
pub fn print<T: Serialize>(console: &Console, format: Format, report: &T) -> Result<(), Failure> {
    let versioned = Versioned { schema_version: SCHEMA_VERSION, report };
    let value = serde_json::to_value(&versioned)
        .map_err(|error| Failure::usage("cannot write the report as JSON").because(error))?;
    match format {
        Format::Yaml => console.print_raw(&crate::yaml::emit::to_string(&value)),
        Format::Text | Format::Json => console.print_raw(&format!("{value:#}\n")),
    }
    Ok(())
}
