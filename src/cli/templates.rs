//! `platform templates`: what there is, what one asks for, and what its author gets wrong.

use serde::Serialize;

use super::Output;
use super::session::Session;
use super::validate::FindingFormat;
use crate::error::{Exit, Failure};
use crate::ops::templates::cases::{self, Tested};
use crate::ops::templates::{Available, available, lint, named, with_types};
use crate::output::diagnostics::Counts;
use crate::output::table::Rows;
use crate::output::templates::Subject;
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
    /// What a template asks for, and what becomes of its steps here
    Show {
        /// The template
        name: String,
        /// Format of the answer
        #[arg(short, long, value_enum, default_value_t)]
        output: Output,
    },
    /// What is likely wrong in templates
    Lint {
        /// Templates; all of the repository when there are none
        #[arg(value_name = "NAME")]
        names: Vec<String>,
        /// Format of the findings
        #[arg(short, long, value_enum, default_value_t)]
        output: FindingFormat,
    },
    /// Run the tests of templates: `tests/CASE/answers.yaml` must make `tests/CASE/expected/`
    Test {
        /// Templates; all of the repository when there are none
        #[arg(value_name = "NAME")]
        names: Vec<String>,
        /// Make what differs the expected
        #[arg(long)]
        update: bool,
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
    match &arguments.command {
        Command::List { output } => list((*output).into(), session),
        Command::Show { name, output } => show(name, (*output).into(), session),
        Command::Lint { names, output } => lint(names, *output, session),
        Command::Test { names, update, output } => test(names, *update, (*output).into(), session),
    }
}

fn show(name: &str, format: Format, session: &Session) -> Result<Exit, Failure> {
    let root = session.place_if_any()?.map(|place| place.root);
    let available = named(root.as_deref(), name)?;
    let template = with_types(available.usable()?, root.as_deref())?;
    crate::output::templates::show(&session.console, format, &available, &template)?;
    Ok(Exit::Fine)
}

fn lint(names: &[String], format: FindingFormat, session: &Session) -> Result<Exit, Failure> {
    let now = session.environment.now()?;
    let validation = session.place_if_any()?.map(|place| place.validation(now));
    let report = lint::lint(validation, names)?;
    crate::output::templates::lint(&session.console, format.into(), &report);
    Ok(if Counts::of(&report.findings).errors > 0 { Exit::No } else { Exit::Fine })
}

fn test(names: &[String], update: bool, format: Format, session: &Session) -> Result<Exit, Failure> {
    let now = session.environment.now()?;
    let place = session.place_if_any()?;
    let catalog = place.as_ref().map(|place| place.catalog(now));
    let root = place.as_ref().map(|place| place.root.as_path());
    let tested = cases::test(&cases::Request { root, catalog: catalog.as_ref(), names, update })?;
    crate::output::templates::test(&session.console, format, Subject::Templates, &tested)?;
    Ok(if tested.iter().all(Tested::is_fine) { Exit::Fine } else { Exit::No })
}

fn list(format: Format, session: &Session) -> Result<Exit, Failure> {
    let root = session.place_if_any()?.map(|place| place.root);
    let rows: Vec<Row> = available(root.as_deref())?.into_iter().map(row).collect();
    match format {
        Format::Text => print(session, &rows),
        format => json::print(&session.console, format, &Report { templates: rows })?,
    }
    Ok(Exit::Fine)
}

fn row(available: Available) -> Row {
    let origin = available.origin.to_string();
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
