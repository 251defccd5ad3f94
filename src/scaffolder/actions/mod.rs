//! What a step can do, one file an action.
//!
//! An action changes the files in memory and says what it did. Actions that reach out (`publish`,
//! `catalog:register`) leave a record in the outcome for the caller to act on.

mod catalog_fetch;
mod catalog_register;
mod catalog_write;
mod debug_log;
mod debug_wait;
pub(super) mod fetch;
mod fetch_plain;
mod fetch_plain_file;
pub(super) mod fetch_template;
mod fetch_template_file;
mod fs_delete;
mod fs_readdir;
mod fs_rename;
mod publish;

use std::sync::LazyLock;

use serde_json::{Map, Value};

use super::files::{Files, FilesError};
use super::outcome::{LogLine, Outcome};
use super::problem::Problem;
use super::run::Context;
use super::skeleton::SkeletonError;

/// What becomes of a step when the template runs here.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Effect {
    /// It does what it does in Backstage.
    Done,
    /// It becomes the draft of a change, which the caller may open.
    Drafted,
    /// It is only recorded.
    Recorded,
}

/// One action.
pub struct Action {
    /// Its id, as steps name it.
    pub id: &'static str,
    /// What it does, in one line.
    pub summary: &'static str,
    /// What becomes of it here.
    pub effect: Effect,
    pub(super) run: fn(&mut Call<'_>) -> Result<(), ActionError>,
}

const fn action(
    id: &'static str,
    effect: Effect,
    run: fn(&mut Call<'_>) -> Result<(), ActionError>,
    summary: &'static str,
) -> Action {
    Action { id, summary, effect, run }
}

/// Every action that runs here, in the order of their ids.
pub const ACTIONS: &[Action] = &[
    action("catalog:fetch", Effect::Done, catalog_fetch::run, "reads entities from the catalog"),
    action("catalog:register", Effect::Recorded, catalog_register::run, "adds a location to the catalog"),
    action("catalog:write", Effect::Done, catalog_write::run, "writes an entity as YAML"),
    action("debug:log", Effect::Done, debug_log::run, "writes a message or a list of the files to the log"),
    action("debug:wait", Effect::Recorded, debug_wait::run, "waits for a while"),
    action("fetch:plain", Effect::Done, fetch_plain::run, "copies a folder"),
    action("fetch:plain:file", Effect::Done, fetch_plain_file::run, "copies a file"),
    action(
        "fetch:template",
        Effect::Done,
        fetch_template::run,
        "copies a folder, rendering names and contents",
    ),
    action(
        "fetch:template:file",
        Effect::Done,
        fetch_template_file::run,
        "copies a file, rendering its content",
    ),
    action("fs:delete", Effect::Done, fs_delete::run, "deletes files"),
    action("fs:readdir", Effect::Done, fs_readdir::run, "lists files and folders"),
    action("fs:rename", Effect::Done, fs_rename::run, "moves files and folders"),
    action("publish:azure", Effect::Drafted, publish::repository, "makes a repository on Azure DevOps"),
    action(
        "publish:bitbucketCloud",
        Effect::Drafted,
        publish::repository,
        "makes a repository on Bitbucket Cloud",
    ),
    action(
        "publish:bitbucketCloud:pull-request",
        Effect::Drafted,
        publish::pull_request,
        "opens a pull request",
    ),
    action(
        "publish:bitbucketServer",
        Effect::Drafted,
        publish::repository,
        "makes a repository on Bitbucket Server",
    ),
    action(
        "publish:bitbucketServer:pull-request",
        Effect::Drafted,
        publish::pull_request,
        "opens a pull request",
    ),
    action("publish:gerrit", Effect::Drafted, publish::repository, "makes a repository on Gerrit"),
    action("publish:gerrit:review", Effect::Drafted, publish::pull_request, "opens a review"),
    action("publish:gitea", Effect::Drafted, publish::repository, "makes a repository on Gitea"),
    action("publish:github", Effect::Drafted, publish::repository, "makes a repository on GitHub"),
    action("publish:github:pull-request", Effect::Drafted, publish::pull_request, "opens a pull request"),
    action("publish:gitlab", Effect::Drafted, publish::repository, "makes a repository on GitLab"),
    action("publish:gitlab:merge-request", Effect::Drafted, publish::pull_request, "opens a merge request"),
];

/// The input schemas that Backstage 1.55 ships for these actions, by id.
static SCHEMAS: LazyLock<Map<String, Value>> =
    LazyLock::new(|| serde_json::from_str(include_str!("schemas.json")).unwrap_or_default());

impl Action {
    /// The action with this id.
    pub fn find(id: &str) -> Option<&'static Self> {
        ACTIONS.iter().find(|action| action.id == id)
    }

    /// The JSON Schema of its input as Backstage ships it; `None` where it is not known.
    pub fn input_schema(&self) -> Option<&'static Value> {
        SCHEMAS.get(self.id)
    }
}

/// Why an action failed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct ActionError {
    pub message: String,
    pub hint: Option<String>,
}

impl ActionError {
    pub fn new(message: impl Into<String>) -> Self {
        Self { message: message.into(), hint: None }
    }

    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }
}

impl From<FilesError> for ActionError {
    fn from(error: FilesError) -> Self {
        Self::new(error.to_string())
    }
}

impl From<SkeletonError> for ActionError {
    fn from(error: SkeletonError) -> Self {
        Self::new(error.0)
    }
}

/// One call of an action.
pub(super) struct Call<'a> {
    /// The id of the step.
    pub step: &'a str,
    /// The id of the action.
    pub action: &'a str,
    /// JSON pointer of the step in the entity.
    pub pointer: &'a str,
    /// The rendered input, already checked against the schema of the action.
    pub input: &'a Map<String, Value>,
    pub context: &'a Context<'a>,
    pub outcome: &'a mut Outcome,
    /// What the step hands on as `steps.<id>.output`.
    pub output: Map<String, Value>,
}

impl Call<'_> {
    pub fn text(&self, key: &str) -> Option<&str> {
        self.input.get(key).and_then(Value::as_str)
    }

    /// A text that the schema requires; empty where there is no schema and it is missing.
    pub fn required(&self, key: &str) -> &str {
        self.text(key).unwrap_or_default()
    }

    pub fn flag(&self, key: &str) -> bool {
        self.input.get(key) == Some(&Value::Bool(true))
    }

    pub fn texts(&self, key: &str) -> Vec<String> {
        let list = self.input.get(key).and_then(Value::as_array).into_iter().flatten();
        list.filter_map(Value::as_str).map(str::to_owned).collect()
    }

    pub fn files(&mut self) -> &mut Files {
        &mut self.outcome.files
    }

    pub fn say(&mut self, text: impl Into<String>) {
        self.outcome.log.push(LogLine { step: self.step.to_owned(), text: text.into() });
    }

    pub fn warn(&mut self, message: impl Into<String>) {
        self.outcome.warnings.push(Problem::new(self.pointer, message));
    }
}

#[cfg(test)]
mod tests {
    use super::{ACTIONS, Action};

    #[test]
    fn the_table_is_in_order_and_has_the_schemas() {
        assert!(ACTIONS.is_sorted_by(|a, b| a.id < b.id));
        for id in super::SCHEMAS.keys() {
            assert!(Action::find(id).is_some(), "{id} has a schema and no action");
        }
        for action in ACTIONS {
            assert!(action.input_schema().is_some(), "{} has no schema", action.id);
        }
    }
}
