//! Findings as JSON lines: one object a finding, of the shape they have in the `json` format, each
//! with the version of the schema in front.

use serde::Serialize;

use super::{Findings, json};
use crate::output::json::{SCHEMA_VERSION, line};

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Line<'a> {
    schema_version: u32,
    #[serde(flatten)]
    finding: json::Finding<'a>,
}

pub(super) fn written(findings: &Findings<'_>) -> String {
    let lines = findings.sorted.iter().map(|found| {
        line(&Line { schema_version: SCHEMA_VERSION, finding: json::finding(&findings.places, found) })
    });
    lines.collect()
}
