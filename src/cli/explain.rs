//! `platform explain [RULE]`.

use super::Output;
use super::session::{Place, Session};
use crate::error::{Exit, Failure};
use crate::ops::explain;
use crate::output::explain::{Configured, print, print_all};

#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// A rule such as `dangling-reference`, or a policy of this repository; all of them are listed
    /// without
    #[arg(value_name = "RULE")]
    rule: Option<String>,
    /// Format of the answer
    #[arg(short, long, value_enum, default_value_t)]
    output: Output,
}

pub(super) fn run(arguments: &Arguments, session: &Session) -> Result<Exit, Failure> {
    let place = session.place_if_any()?;
    let root = place.as_ref().map(|place| place.root.as_path());
    let format = arguments.output.into();
    match &arguments.rule {
        None => print_all(&session.console, format, &explain::all(root))?,
        Some(code) => {
            let rule = explain::one(code, root)?;
            let configured = place.as_ref().and_then(|place| configured(place, code));
            print(&session.console, format, &rule, configured.as_ref())?;
        }
    }
    Ok(Exit::Fine)
}

/// What the repository wants of a rule.
fn configured(place: &Place, code: &str) -> Option<Configured> {
    let key = format!("rules.{code}");
    let (_, value) = place.settings.iter().find(|(name, _)| *name == key)?;
    Some(Configured { level: value.value.as_str()?.to_owned(), origin: value.origin.to_string() })
}
