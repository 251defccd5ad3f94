//! `platform tour [DIR]`: the main job once, in a throw-away central repository.
//!
//! Each command is printed before it runs, and it really runs: nothing here makes up an answer. Only
//! the cluster is played by a file, and the tour says so.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use super::session::Session;
use crate::clock::Timestamp;
use crate::config::Environment;
use crate::error::{Exit, Failure};
use crate::fs;
use crate::ops::{file_failure, git_failure, tour};
use crate::output::{Console, Style, Text};
use crate::process::Run;

/// The folder of the clone below the tour's folder.
const CLONE: &str = "blueprint";
/// How the repository is made: there is no forge and no cluster here.
const INIT: [&str; 10] =
    ["init", CLONE, "--team", "shop-team", "--user-id", tour::USER_ID, "--forge", "none", "--gitops", "none"];
/// The snapshot that plays the cluster.
const SNAPSHOT: &str = "observed.yaml";

#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// The folder to work in; a new one among the temporary files by default
    #[arg(value_name = "DIR")]
    directory: Option<PathBuf>,
}

pub(super) fn run(arguments: &Arguments, session: &Session) -> Result<Exit, Failure> {
    let folder = folder(arguments, session)?;
    let guide = Guide {
        console: &session.console,
        environment: session.environment.for_tour(&session.environment.now()?.to_string()),
        folder: &folder,
    };
    guide.repository()?;
    guide.request()?;
    guide.merge_and_look(session.environment.now()?)?;
    guide.farewell();
    Ok(Exit::Fine)
}

fn folder(arguments: &Arguments, session: &Session) -> Result<PathBuf, Failure> {
    let Some(directory) = &arguments.directory else {
        let made = fs::TemporaryDirectory::new("tour").map_err(|error| file_failure(&error))?;
        return fs::canonical(&made.keep()).map_err(|error| file_failure(&error));
    };
    let folder = session.environment.directory().join(directory);
    if fs::exists(&folder) && !fs::is_empty_directory(&folder) {
        return Err(Failure::usage(format!("{} is not empty", folder.display()))
            .hint("name a new folder for the tour"));
    }
    fs::create_directory(&folder).map_err(|error| file_failure(&error))?;
    fs::canonical(&folder).map_err(|error| file_failure(&error))
}

struct Guide<'a> {
    console: &'a Console,
    environment: Environment,
    folder: &'a Path,
}

impl Guide<'_> {
    /// A central repository with a bare remote, as a platform team sets it up once.
    fn repository(&self) -> Result<(), Failure> {
        self.say("A platform team makes the central repository, once.");
        self.platform(".", &INIT, Exit::Fine)?;
        self.git(".", &["clone", "--quiet", "--bare", CLONE, "central.git"])?;
        self.git(CLONE, &["remote", "add", "origin", "../central.git"])?;
        self.git(CLONE, &["fetch", "--quiet", "origin"])
    }

    /// What a developer does: answers, checks, sends.
    fn request(&self) -> Result<(), Failure> {
        self.say(
            "A developer asks for a service. In a terminal the answers are asked for; here they are flags.",
        );
        let mut command = vec!["new-service", "--no-input"];
        for answer in tour::ANSWERS {
            command.extend(["--set", answer]);
        }
        self.platform(CLONE, &command, Exit::Fine)?;
        self.say("Is it right? Every finding would be shown with its place, its reason and its fix.");
        self.platform(CLONE, &["validate"], Exit::Fine)?;
        self.say("What will it become in the cluster?");
        self.platform(CLONE, &["render"], Exit::Fine)?;
        self.say(
            "Send it: one commit, one branch, one pull request. Your work tree and index stay as they are.",
        );
        self.platform(CLONE, &["submit"], Exit::Fine)
    }

    /// Review, merge, and how far it has come.
    fn merge_and_look(&self, now: Timestamp) -> Result<(), Failure> {
        self.say("A reviewer merges it. On GitHub that is a button; the built-in local forge has a command.");
        self.platform(CLONE, &["pr", "merge", "1"], Exit::Fine)?;
        self.say("The checkout follows: the files are on main now, as they are here.");
        self.git(CLONE, &["fetch", "--quiet", "origin"])?;
        self.git(CLONE, &["reset", "--quiet", "origin/main"])?;
        self.say(&format!(
            "How far has it come? There is no cluster here: {SNAPSHOT} plays it, the rendered objects as they would\n\
             look with their operators at work. In earnest the cluster of your kubeconfig is asked.",
        ));
        let rendered = self.rendered()?;
        let observed = tour::observed(&rendered, now)?;
        let file = self.folder.join(SNAPSHOT);
        fs::write_replacing(&file, observed.as_bytes()).map_err(|error| file_failure(&error))?;
        let snapshot = format!("../{SNAPSHOT}");
        self.platform(CLONE, &["status", tour::SERVICE, "--snapshot", &snapshot], Exit::Pending)
    }

    /// The objects that `render` shows, read as a value.
    fn rendered(&self) -> Result<Vec<crate::object::Object>, Failure> {
        let environment = self.environment.in_directory(self.folder.join(CLONE));
        let session =
            Session { console: Console::new(crate::output::console::Appearance::default()), environment };
        super::render::everything(&session)
    }

    fn say(&self, text: &str) {
        let mut shown = Text::new().end();
        for line in text.lines() {
            shown.push(Style::Dim, format!("# {line}\n"));
        }
        self.console.print(shown);
    }

    fn prompt(&self, directory: &str, command: &str) {
        let place = if directory == "." { String::new() } else { format!("{directory} ") };
        self.console.print(
            Text::new().styled(Style::Accent, format!("{place}$ ")).styled(Style::Strong, command).end(),
        );
        self.console.flush();
    }

    /// Runs one of our own commands as if it were typed. It must end as expected.
    fn platform(&self, directory: &str, arguments: &[&str], expected: Exit) -> Result<(), Failure> {
        let command = format!("platform {}", arguments.join(" "));
        self.prompt(directory, &command);
        let words = std::iter::once("platform").chain(arguments.iter().copied()).map(OsString::from);
        let exit = super::run_in(self.environment.in_directory(self.folder.join(directory)), words);
        if exit == expected {
            return Ok(());
        }
        Err(Failure::new(exit, format!("the tour stopped: `{command}` ended with {}", exit.code()))
            .hint(format!("look around in {}", self.folder.display())))
    }

    fn git(&self, directory: &str, arguments: &[&str]) -> Result<(), Failure> {
        let command = format!("git {}", arguments.join(" "));
        self.prompt(directory, &command);
        let mut run = Run::new("git", arguments.iter().copied());
        run.directory = Some(self.folder.join(directory));
        let ended = run.output().map_err(|error| git_failure(&error.into()))?;
        if ended.success() {
            return Ok(());
        }
        Err(Failure::usage(format!("the tour stopped: `{command}` failed")).because(ended.stderr.trim()))
    }

    /// Where this program is, when a shell would not find it by its name.
    fn program(&self) -> Option<String> {
        let program = std::env::current_exe().ok()?;
        let is_found = self.environment.search_path().any(|folder| folder.join("platform") == program);
        (!is_found).then(|| program.display().to_string())
    }

    fn farewell(&self) {
        let clone = self.folder.join(CLONE);
        self.say("Everything above really happened, and it is still there:");
        self.console
            .print(Text::new().plain("  cd ").styled(Style::Accent, clone.display().to_string()).end());
        if let Some(program) = self.program() {
            self.console.print(format!("  alias platform={program}\n"));
        }
        self.console.print("  platform new-dns\n");
        self.say(&format!("Remove it with: rm -r {}", self.folder.display()));
    }
}
