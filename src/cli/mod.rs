//! The command line: clap types, and one file a subcommand that turns flags and settings into a
//! request, calls the operation, and hands its report to `output`.

mod add_member;
mod central;
mod codeowners;
mod completions;
mod config;
mod diff;
mod edit;
mod entity;
mod explain;
mod external;
mod forge;
mod help;
mod init;
mod list;
mod move_entity;
mod new;
mod pr;
mod rename;
mod render;
mod retire;
mod scope;
mod session;
mod status;
mod submit;
mod templates;
mod tour;
mod types;
mod validate;
mod version;

use std::ffi::OsString;
use std::path::PathBuf;

use clap::{CommandFactory, Parser, Subcommand, ValueEnum};

use crate::config::Environment;
use crate::error::{Exit, Failure};
use crate::output::Console;
use crate::output::console::{Appearance, Colour};
use session::Session;

/// The developer's front door to a platform kept as Backstage entities in Git.
#[derive(Debug, Parser)]
#[command(name = "platform", version, disable_help_subcommand = true, propagate_version = false)]
#[command(after_help = "`platform tour` shows the main job once, from nothing to a merged request.")]
struct Arguments {
    #[command(flatten)]
    globals: Globals,
    #[command(subcommand)]
    command: Command,
}

/// Flags that every command takes.
#[derive(Clone, Debug, clap::Args)]
struct Globals {
    /// Run as if started in this folder
    #[arg(short = 'C', long = "directory", value_name = "DIR", global = true)]
    start_in: Option<PathBuf>,
    /// When to use colour
    #[arg(long, value_enum, default_value_t = When::Auto, global = true)]
    color: When,
    /// Never ask: name every missing answer instead
    #[arg(long, global = true)]
    no_input: bool,
    /// Leave out hints and progress
    #[arg(short, long, global = true)]
    quiet: bool,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum When {
    Auto,
    Always,
    Never,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// The main job once, in a throw-away central repository
    Tour(tour::Arguments),
    /// Make a central repository, or add what is missing in one
    Init(Box<init::Arguments>),
    /// Make catalog entries from a template, by questions or by flags
    New(new::NewArguments),
    /// A service with all that belongs to it: `new service`
    NewService(new::Arguments),
    /// A namespace: `new namespace`
    NewNamespace(new::Arguments),
    /// A DNS entry: `new dns`
    NewDns(new::Arguments),
    /// Change fields of an entity; comments and layout stay
    Edit(edit::Arguments),
    /// Make a user a member of a group, or end it with `--remove`
    AddMember(add_member::Arguments),
    /// Take entities out of the catalog, with all that names them
    Retire(retire::Arguments),
    /// Give an entity another name; all that name it follow
    Rename(rename::Arguments),
    /// Move an entity to another file, namespace, system or domain; all that name it follow
    Move(move_entity::Arguments),
    /// What can be made: the Software Templates
    Templates(templates::Arguments),
    /// The entities of the catalog
    List(list::Arguments),
    /// One entity with all that it is related to
    Show(list::ShowArguments),
    /// What Resources can be: the resource types
    Types(types::Arguments),
    /// Check the catalog: every finding with its place, reason and fix
    Validate(validate::Arguments),
    /// Why a rule exists, a wrong and a right example, how to mend or allow it
    Explain(explain::Arguments),
    /// What entities become in the cluster: Kubernetes objects, without any server
    Render(render::Arguments),
    /// What your changes do: objects, access, risks; before anybody merges them
    Diff(diff::Arguments),
    /// Who is asked to approve: CODEOWNERS from who owns what in the catalog
    Codeowners(codeowners::Arguments),
    /// Send your changes: branch, commit, push, pull request; twice changes nothing
    Submit(submit::Arguments),
    /// A pull request: look at it, or merge it on the local forge
    Pr(pr::Arguments),
    /// How far an entity has come: Git, pull request, cluster, Backstage
    Status(status::Arguments),
    /// Settings and where they come from
    Config(config::Arguments),
    /// Completion script for a shell
    Completions(completions::Arguments),
    /// The version, and what it was built with
    Version(version::Arguments),
    /// This text, or help on a command or topic
    Help(help::Arguments),
}

/// The format of a report.
#[derive(Clone, Copy, Debug, Default, ValueEnum)]
enum Output {
    /// For people; not a contract
    #[default]
    Text,
    /// With `schemaVersion`
    Json,
    /// The same as YAML
    Yaml,
}

impl From<Output> for crate::output::Format {
    fn from(output: Output) -> Self {
        match output {
            Output::Text => Self::Text,
            Output::Json => Self::Json,
            Output::Yaml => Self::Yaml,
        }
    }
}

/// Runs the program with its arguments, the program's name first, and says how the process ends.
pub fn run(args: impl IntoIterator<Item = OsString>) -> Exit {
    match Environment::read() {
        Ok(environment) => run_in(environment, args),
        Err(failure) => run_nowhere(&failure, args),
    }
}

/// The same where the current folder is gone: what needs none is answered all the same.
fn run_nowhere(failure: &Failure, args: impl IntoIterator<Item = OsString>) -> Exit {
    let environment = Environment::without_directory();
    match Arguments::try_parse_from(args) {
        Err(error) => usage(&environment, &error),
        Ok(arguments) if arguments.needs_no_folder() => run_parsed(environment, arguments),
        Ok(_) => end_early(failure),
    }
}

impl Arguments {
    fn needs_no_folder(&self) -> bool {
        let is_named = self.globals.start_in.as_ref().is_some_and(|folder| folder.is_absolute());
        is_named || matches!(self.command, Command::Version(_) | Command::Help(_) | Command::Completions(_))
    }
}

/// The same in an environment that is given.
fn run_in(environment: Environment, args: impl IntoIterator<Item = OsString>) -> Exit {
    match Arguments::try_parse_from(args) {
        Ok(arguments) => run_parsed(environment, arguments),
        Err(error) => usage(&environment, &error),
    }
}

fn run_parsed(environment: Environment, arguments: Arguments) -> Exit {
    let console = Console::new(appearance(&environment, &arguments.globals));
    let session = match session(console, environment, &arguments.globals) {
        Ok(session) => session,
        Err(failure) => return end_early(&failure),
    };
    let exit = dispatch(arguments.command, &session).unwrap_or_else(|failure| {
        session.console.fail(&failure);
        failure.exit
    });
    session.console.finish(exit)
}

fn dispatch(command: Command, session: &Session) -> Result<Exit, Failure> {
    match command {
        Command::Tour(arguments) => tour::run(&arguments, session),
        Command::Init(arguments) => init::run(&arguments, session),
        Command::New(arguments) => new::run(&arguments, session),
        Command::NewService(arguments) => new::run_template("service", &arguments, session),
        Command::NewNamespace(arguments) => new::run_template("namespace", &arguments, session),
        Command::NewDns(arguments) => new::run_template("dns", &arguments, session),
        Command::Edit(arguments) => edit::run(&arguments, session),
        Command::AddMember(arguments) => add_member::run(&arguments, session),
        Command::Retire(arguments) => retire::run(&arguments, session),
        Command::Rename(arguments) => rename::run(&arguments, session),
        Command::Move(arguments) => move_entity::run(&arguments, session),
        Command::Templates(arguments) => templates::run(&arguments, session),
        Command::List(arguments) => list::run(&arguments, session),
        Command::Show(arguments) => list::show(&arguments, session),
        Command::Types(arguments) => types::run(&arguments, session),
        Command::Validate(arguments) => validate::run(&arguments, session),
        Command::Explain(arguments) => explain::run(&arguments, session),
        Command::Render(arguments) => render::run(&arguments, session),
        Command::Diff(arguments) => diff::run(&arguments, session),
        Command::Codeowners(arguments) => codeowners::run(&arguments, session),
        Command::Submit(arguments) => submit::run(&arguments, session),
        Command::Pr(arguments) => pr::run(&arguments, session),
        Command::Status(arguments) => status::run(&arguments, session),
        Command::Config(arguments) => config::run(&arguments, session),
        Command::Completions(arguments) => completions::run(&arguments, session),
        Command::Version(arguments) => version::run(&arguments, session),
        Command::Help(arguments) => help::run(&arguments, session),
    }
}

fn session(console: Console, environment: Environment, globals: &Globals) -> Result<Session, Failure> {
    let Some(directory) = &globals.start_in else { return Ok(Session { console, environment }) };
    let directory = environment.directory().join(directory);
    if !crate::fs::is_directory(&directory) {
        return Err(
            Failure::usage(format!("{} is not a folder", directory.display())).hint("check what -C names")
        );
    }
    let environment = environment.in_directory(directory);
    Ok(Session { console, environment })
}

fn appearance(environment: &Environment, globals: &Globals) -> Appearance {
    let colour = match globals.color {
        When::Always => Colour::Always,
        When::Never => Colour::Never,
        When::Auto if environment.get("NO_COLOR").is_some() => Colour::Never,
        When::Auto if environment.get("CLICOLOR_FORCE").is_some_and(|value| value != "0") => Colour::Always,
        When::Auto if environment.get("TERM") == Some("dumb") => Colour::Never,
        When::Auto => Colour::Auto,
    };
    let width = environment.get("COLUMNS").and_then(|columns| columns.parse().ok());
    Appearance { colour, quiet: globals.quiet, no_input: globals.no_input, width }
}

/// Help and version go to stdout and are fine, wrong usage goes to stderr and is not.
fn usage(environment: &Environment, error: &clap::Error) -> Exit {
    let globals = Globals { start_in: None, color: When::Auto, no_input: true, quiet: false };
    let console = Console::new(appearance(environment, &globals));
    let text = error.render();
    if error.use_stderr() {
        console.note(crate::output::Text::from(text.to_string()));
        return console.finish(Exit::Usage);
    }
    let shown = if console.has_colour() { text.ansi().to_string() } else { text.to_string() };
    console.print_raw(&format!("{}\n", shown.trim_end()));
    console.finish(Exit::Fine)
}

fn end_early(failure: &Failure) -> Exit {
    let console = Console::new(Appearance::default());
    console.fail(failure);
    console.finish(failure.exit)
}

/// The whole command line as clap knows it.
fn command() -> clap::Command {
    Arguments::command()
}
