//! What the process is told by its environment.
#![expect(clippy::disallowed_methods, reason = "the one home of the environment")]

use std::collections::BTreeMap;
use std::path::PathBuf;

use crate::clock::{self, Timestamp};
use crate::error::Failure;

/// The environment variables and the current folder, read once.
#[derive(Clone, Debug, Default)]
pub struct Environment {
    variables: BTreeMap<String, String>,
    directory: PathBuf,
}

impl Environment {
    /// Reads the environment of this process. Variables that are not UTF-8 count as unset.
    pub fn read() -> Result<Self, Failure> {
        let directory = std::env::current_dir().map_err(|error| {
            Failure::usage("cannot find the current folder")
                .because(error)
                .hint("change to a folder that exists")
        })?;
        let variables = std::env::vars_os()
            .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
            .collect();
        Ok(Self { variables, directory })
    }

    /// The same environment with another current folder.
    #[must_use]
    pub fn in_directory(&self, directory: PathBuf) -> Self {
        Self { variables: self.variables.clone(), directory }
    }

    /// The current folder.
    pub fn directory(&self) -> &std::path::Path {
        &self.directory
    }

    /// A variable; one that is empty counts as unset.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.variables.get(name).map(String::as_str).filter(|value| !value.is_empty())
    }

    /// The user's configuration file: `$XDG_CONFIG_HOME/platform/config.yaml`, with `~/.config` for
    /// want of `XDG_CONFIG_HOME`.
    pub fn user_file(&self) -> Option<PathBuf> {
        if let Some(file) = self.get("PLATFORM_CONFIG") {
            return Some(self.directory.join(file));
        }
        let folder = match self.get("XDG_CONFIG_HOME") {
            Some(folder) => PathBuf::from(folder),
            None => PathBuf::from(self.get("HOME")?).join(".config"),
        };
        Some(folder.join("platform").join("config.yaml"))
    }

    /// Where a kubeconfig is: the first file of `KUBECONFIG`, or `~/.kube/config`.
    pub fn kubeconfig(&self) -> Option<PathBuf> {
        if let Some(list) = self.get("KUBECONFIG") {
            return std::env::split_paths(list).find(|path| !path.as_os_str().is_empty());
        }
        let file = PathBuf::from(self.get("HOME")?).join(".kube").join("config");
        file.exists().then_some(file)
    }

    /// The present, or the fixed time of `PLATFORM_NOW` (RFC 3339), which makes a run repeatable.
    pub fn now(&self) -> Result<Timestamp, Failure> {
        match self.get("PLATFORM_NOW") {
            None => Ok(clock::now()),
            Some(text) => Timestamp::parse(text).ok_or_else(|| {
                Failure::usage(format!("PLATFORM_NOW is no time: `{text}`"))
                    .hint("write it like 2026-01-31T12:00:00Z, or unset it")
            }),
        }
    }
}

#[cfg(test)]
impl Environment {
    /// An environment of just these variables.
    pub fn of(variables: &[(&str, &str)]) -> Self {
        let variables = variables.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        Self { variables: variables.collect(), directory: PathBuf::from("/") }
    }
}
