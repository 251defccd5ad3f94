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
    /// Reads the environment of this process. Variables that are not UTF-8 count as unset. Fails where the
    /// current folder is gone.
    pub fn read() -> Result<Self, Failure> {
        let directory = std::env::current_dir().map_err(|error| {
            Failure::usage("cannot find the current folder")
                .because(error)
                .hint("change to a folder that exists")
        })?;
        Ok(Self { directory, ..Self::without_directory() })
    }

    /// The variables alone, for what needs no folder.
    pub fn without_directory() -> Self {
        let variables = std::env::vars_os()
            .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
            .collect();
        Self { variables, directory: PathBuf::new() }
    }

    /// The same environment with another current folder.
    #[must_use]
    pub fn in_directory(&self, directory: PathBuf) -> Self {
        Self { variables: self.variables.clone(), directory }
    }

    /// The environment of the tour: a name for Git where it knows none, nothing that leads to servers
    /// of the user's own, and one time for all of it.
    #[must_use]
    pub fn for_tour(&self, now: &str) -> Self {
        let mut tour = self.clone();
        let own = |name: &str| name.starts_with("PLATFORM_") || name == "KUBECONFIG";
        tour.variables.retain(|name, _| !own(name));
        for (name, value) in [
            ("GIT_AUTHOR_NAME", "Tour Guide"),
            ("GIT_AUTHOR_EMAIL", "tour@example.com"),
            ("PLATFORM_NOW", now),
            ("PLATFORM_CONFIG", "/dev/null"),
            ("KUBECONFIG", "/dev/null"),
        ] {
            tour.variables.insert(name.to_owned(), value.to_owned());
        }
        tour
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

    /// The folder for what the program remembers between runs: `$XDG_STATE_HOME/platform`, with
    /// `~/.local/state` for want of `XDG_STATE_HOME`.
    pub fn state_folder(&self) -> Option<PathBuf> {
        let folder = match self.get("XDG_STATE_HOME") {
            Some(folder) => PathBuf::from(folder),
            None => PathBuf::from(self.get("HOME")?).join(".local").join("state"),
        };
        Some(folder.join("platform"))
    }

    /// The folder for what can be fetched again: `$XDG_CACHE_HOME/platform`, with `~/.cache` for want of
    /// `XDG_CACHE_HOME`.
    pub fn cache_folder(&self) -> Option<PathBuf> {
        let folder = match self.get("XDG_CACHE_HOME") {
            Some(folder) => PathBuf::from(folder),
            None => PathBuf::from(self.get("HOME")?).join(".cache"),
        };
        Some(folder.join("platform"))
    }

    /// The folders in which a shell looks for programs.
    pub fn search_path(&self) -> impl Iterator<Item = PathBuf> + use<'_> {
        std::env::split_paths(self.get("PATH").unwrap_or_default())
    }

    /// The kubeconfig files: those of `KUBECONFIG`, or `~/.kube/config` if it is there.
    pub fn kubeconfig(&self) -> Vec<PathBuf> {
        if let Some(list) = self.get("KUBECONFIG") {
            let files = std::env::split_paths(list).filter(|path| !path.as_os_str().is_empty());
            return files.map(|path| self.directory.join(path)).collect();
        }
        let file = self.get("HOME").map(|home| PathBuf::from(home).join(".kube").join("config"));
        file.filter(|file| file.exists()).into_iter().collect()
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
