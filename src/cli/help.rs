//! `platform help [COMMAND|TOPIC]`.

use super::Session;
use crate::diagnostic::did_you_mean;
use crate::error::{Exit, Failure};
use crate::output::table::Rows;

/// The topic that is made of a table.
const EXIT_CODES: &str = "exit-codes";

/// The topics that are texts.
const TEXTS: [(&str, &str); 3] = [
    ("argocd-plugin", include_str!("../../templates/help/argocd-plugin.yaml")),
    ("rendered", include_str!("../../templates/help/rendered.txt")),
    ("resource-types", include_str!("../../templates/help/resource-types.txt")),
];

#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// A command such as `new`, or a topic: `argocd-plugin`, `exit-codes`, `rendered`, `resource-types`
    #[arg(value_name = "COMMAND|TOPIC")]
    path: Vec<String>,
}

pub(super) fn run(arguments: &Arguments, session: &Session) -> Result<Exit, Failure> {
    if arguments.path == [EXIT_CODES] {
        return Ok(exit_codes(session));
    }
    if let Some((_, text)) = TEXTS.iter().find(|(topic, _)| arguments.path == [*topic]) {
        session.console.print_raw(text);
        return Ok(Exit::Fine);
    }
    let mut command = super::command();
    command.build();
    let mut command = &mut command;
    for name in &arguments.path {
        let known: Vec<String> = command.get_subcommands().map(|sub| sub.get_name().to_owned()).collect();
        command = command.find_subcommand_mut(name).ok_or_else(|| unknown(name, &known))?;
    }
    let text = command.render_help();
    let shown = if session.console.has_colour() { text.ansi().to_string() } else { text.to_string() };
    session.console.print_raw(&shown);
    Ok(Exit::Fine)
}

fn unknown(name: &str, known: &[String]) -> Failure {
    let texts = TEXTS.iter().map(|(topic, _)| *topic);
    let topics = known.iter().map(String::as_str).chain([EXIT_CODES]).chain(texts);
    let hint = match did_you_mean(name, topics) {
        Some(meant) => format!("did you mean `platform help {meant}`?"),
        None => "`platform help` lists the commands".into(),
    };
    Failure::usage(format!("there is no command or topic `{name}`")).hint(hint)
}

fn exit_codes(session: &Session) -> Exit {
    let mut rows = Rows::new(&["code", "meaning"]);
    for (exit, meaning) in Exit::TABLE {
        rows.row([exit.code().to_string(), meaning.to_owned()]);
    }
    rows.row(["101", "a bug in platform: please report it"]);
    session.console.print(rows.rendered(session.console.width()));
    session.console.print("\nWhen several apply, the most severe wins.\n");
    Exit::Fine
}
