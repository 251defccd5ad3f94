//! `platform templates list`.

use serde::Serialize;

use super::Output;
use super::session::Session;
use crate::error::{Exit, Failure};
use crate::ops::templates::{Available, Origin, available};
use crate::output::table::Rows;
use crate::output::{Format, json};

#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    /// What `platform new` can make
    List {
        /// Format of the answer
        #[arg(short, long, value_enum, default_value_t)]
        output: Output,
    },
}

#[derive(Serialize)]
struct Report {
    templates: Vec<Row>,
}

#[derive(Serialize)]
struct Row {
    name: String,
    title: Option<String>,
    description: Option<String>,
    origin: String,
    problems: Vec<String>,
}

pub(super) fn run(arguments: &Arguments, session: &Session) -> Result<Exit, Failure> {
    let Command::List { output } = arguments.command;
    let root = session.place_if_any()?.map(|place| place.root);
    let rows: Vec<Row> = available(root.as_deref())?.into_iter().map(row).collect();
    match output.into() {
        Format::Text => print(session, &rows),
        format => json::print(&session.console, format, &Report { templates: rows })?,
    }
    Ok(Exit::Fine)
}

fn row(available: Available) -> Row {
    let origin = match &available.origin {
        Origin::BuiltIn => "built in".to_owned(),
        Origin::Repository(path) => path.clone(),
    };
    let (template, problems) = match available.template {
        Ok(template) => (Some(template), Vec::new()),
        Err(problems) => (None, problems.into_iter().map(|problem| problem.message).collect()),
    };
    let title = template.as_ref().and_then(|template| template.title.clone());
    let description = template.and_then(|template| template.description);
    Row { name: available.name, title, description, origin, problems }
}

fn print(session: &Session, rows: &[Row]) {
    let mut table = Rows::new(&["template", "makes", "from"]);
    for row in rows {
        let makes = match row.problems.first() {
            Some(problem) => format!("broken: {problem}"),
            None => row.description.clone().or_else(|| row.title.clone()).unwrap_or_default(),
        };
        table.row([row.name.clone(), makes.trim().replace('\n', " "), row.origin.clone()]);
    }
    session.console.print(table.rendered(session.console.width()));
    session.console.note("run one: platform new TEMPLATE\n");
}
