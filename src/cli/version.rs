//! `platform version`.

use serde::Serialize;

use super::{Output, Session};
use crate::error::{Exit, Failure};
use crate::output::{Format, json};

#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// Format of the answer
    #[arg(short, long, value_enum, default_value_t)]
    output: Output,
}

/// The Backstage release whose shipped code our verdicts are compared with.
const BACKSTAGE_RELEASE: &str = "1.55";

#[derive(Serialize)]
struct Report {
    version: &'static str,
    backstage: &'static str,
    target: String,
}

pub(super) fn run(arguments: &Arguments, session: &Session) -> Result<Exit, Failure> {
    let report = Report {
        version: env!("CARGO_PKG_VERSION"),
        backstage: BACKSTAGE_RELEASE,
        target: format!("{}-{}", std::env::consts::ARCH, std::env::consts::OS),
    };
    match arguments.output.into() {
        Format::Text => session.console.print(format!(
            "platform {} ({})\nverdicts as of Backstage {}\n",
            report.version, report.target, report.backstage
        )),
        format => json::print(&session.console, format, &report)?,
    }
    Ok(Exit::Fine)
}
