//! `platform config show`.

use serde::Serialize;

use super::{Output, Session};
use crate::config::table::ROWS;
use crate::error::{Exit, Failure};
use crate::output::table::Rows;
use crate::output::{Format, json};

#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    /// Every setting, its value, and where it comes from
    Show {
        /// Format of the answer
        #[arg(short, long, value_enum, default_value_t)]
        output: Output,
    },
}

#[derive(Serialize)]
struct Report {
    settings: Vec<Setting>,
}

#[derive(Serialize)]
struct Setting {
    key: String,
    value: serde_json::Value,
    origin: String,
}

pub(super) fn run(arguments: &Arguments, session: &Session) -> Result<Exit, Failure> {
    let Command::Show { output } = arguments.command;
    let settings = match session.place_if_any()? {
        Some(place) => place.settings,
        None => session.settings(None)?,
    };
    let mut shown: Vec<Setting> = settings
        .iter()
        .map(|(key, value)| Setting {
            key: key.into(),
            value: value.value.clone(),
            origin: value.origin.to_string(),
        })
        .collect();
    let unset = ROWS.iter().filter(|row| !row.key.ends_with('*') && settings.text(row.key).is_none());
    for row in unset.filter(|row| row.default.is_empty()) {
        shown.push(Setting { key: row.key.into(), value: serde_json::Value::Null, origin: "not set".into() });
    }
    shown.sort_by(|a, b| a.key.cmp(&b.key));
    match output.into() {
        Format::Text => print(session, &shown),
        format => json::print(&session.console, format, &Report { settings: shown })?,
    }
    Ok(Exit::Fine)
}

fn print(session: &Session, settings: &[Setting]) {
    let mut rows = Rows::new(&["setting", "value", "from"]);
    for setting in settings {
        let value = match &setting.value {
            serde_json::Value::Null => "-".to_owned(),
            serde_json::Value::String(text) => text.clone(),
            serde_json::Value::Array(items) => {
                items.iter().filter_map(serde_json::Value::as_str).collect::<Vec<_>>().join(", ")
            }
            other => other.to_string(),
        };
        rows.row([setting.key.clone(), value, setting.origin.clone()]);
    }
    session.console.print(rows.rendered(session.console.width()));
}
