//! Answers that outlive a failure or Ctrl-C.

use std::cell::Cell;

use serde_json::{Map, Value};

use super::super::session::Session;
use crate::error::Failure;
use crate::ops::recover::{Kept, Key, Store};
use crate::output::console;
use crate::scaffolder::{self, Template};

/// Keeps the answers of one run.
pub(super) struct Keeping {
    /// `None` where the environment names no place for state.
    store: Option<Store>,
    key: Key,
    kept: Cell<bool>,
}

/// Where answers are kept, if the environment names a place.
pub(super) fn store(session: &Session) -> Result<Option<Store>, Failure> {
    let now = session.environment.now()?;
    Ok(session.environment.state_folder().map(|folder| Store::new(&folder, now)))
}

impl Keeping {
    pub(super) fn new(session: &Session, key: Key) -> Result<Self, Failure> {
        Ok(Self { store: store(session)?, key, kept: Cell::new(false) })
    }

    /// The answers of the last run that came to nothing.
    pub(super) fn recover(&self) -> Result<Kept, Failure> {
        let kept = self.store.as_ref().and_then(|store| store.newest(|key| *key == self.key));
        self.kept.set(kept.is_some());
        kept.ok_or_else(|| nothing_kept(&self.key.folder))
    }

    /// Keeps the answers so far. That it cannot is no reason to stop: then nobody is told of them.
    pub(super) fn save(&self, template: &Template, answers: &Map<String, Value>) {
        let Some(store) = &self.store else { return };
        let (answers, _) = scaffolder::without_secrets(template, answers);
        self.kept.set(store.save(&self.key, answers).is_ok());
        console::on_interrupt(if self.kept.get() {
            format!("your answers are kept, take them up again: {}", self.command())
        } else {
            "run it again to go on".to_owned()
        });
    }

    /// The command that takes them up again.
    fn command(&self) -> String {
        let remote = if self.key.backstage.is_some() { "--remote " } else { "" };
        format!("platform new {remote}{} --recover", super::quoted(&self.key.template))
    }

    /// Tells in a failure how to go on.
    pub(super) fn advise(&self, mut failure: Failure) -> Failure {
        if self.kept.get() {
            let more = format!("your answers are kept, take them up again: {}", self.command());
            failure.hint = Some(match failure.hint {
                Some(hint) => format!("{hint}\n{more}"),
                None => more,
            });
        }
        failure
    }

    /// How to go on, where answers are kept.
    pub(super) fn advice(&self) -> Option<String> {
        self.kept.get().then(|| self.command())
    }

    /// They have become something.
    pub(super) fn forget(&self) -> Result<(), Failure> {
        self.kept.set(false);
        self.store.as_ref().map_or(Ok(()), |store| store.forget(&self.key))
    }
}

/// There is nothing to take up again.
pub(super) fn nothing_kept(folder: &str) -> Failure {
    let place = if folder.is_empty() { "runs outside of a repository" } else { folder };
    Failure::usage(format!("no answers are kept for {place}"))
        .because("they are kept when a run that asked for them fails or is interrupted")
        .hint("run it without --recover")
}
