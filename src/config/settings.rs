//! The settings that hold, each with where it came from.

use std::collections::BTreeMap;

use super::environment::Environment;
use super::file::mismatch;
use super::table::{ROWS, Shape};
use crate::error::Failure;

/// Where a value came from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    /// Nobody set it.
    Default,
    /// A file.
    File {
        /// The file's path, as it is shown.
        path: String,
        /// The line, from 1.
        line: u32,
    },
    /// An environment variable.
    Variable(&'static str),
    /// A flag.
    Flag(&'static str),
}

impl std::fmt::Display for Origin {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Default => f.write_str("default"),
            Self::File { path, line } => write!(f, "{path}:{line}"),
            Self::Variable(name) | Self::Flag(name) => f.write_str(name),
        }
    }
}

/// A value and where it came from.
#[derive(Clone, Debug, PartialEq)]
pub struct Value {
    /// The value, of the shape that its row asks for.
    pub value: serde_json::Value,
    /// Where it came from.
    pub origin: Origin,
}

/// The settings that hold for one run.
#[derive(Clone, Debug, Default)]
pub struct Settings {
    values: BTreeMap<String, Value>,
}

impl Settings {
    /// Lays the layers over each other, the weakest first: defaults, the given files in their order,
    /// the environment.
    pub fn layered(files: Vec<BTreeMap<String, Value>>, environment: &Environment) -> Result<Self, Failure> {
        let mut values = BTreeMap::new();
        for row in ROWS.iter().filter(|row| !row.default.is_empty()) {
            let value = serde_json::from_str(row.default).unwrap_or_default();
            values.insert(row.key.to_owned(), Value { value, origin: Origin::Default });
        }
        for file in files {
            values.extend(file);
        }
        for row in ROWS {
            let Some(name) = row.variable else { continue };
            let Some(text) = environment.get(name) else { continue };
            let value = match row.shape {
                Shape::List => text.split(',').map(str::trim).collect(),
                _ => serde_json::Value::from(text),
            };
            if let Some(expected) = mismatch(row.shape, &value) {
                return Err(Failure::usage(format!("{name} must be {expected}, and it is `{text}`"))
                    .because(row.about));
            }
            values.insert(row.key.to_owned(), Value { value, origin: Origin::Variable(name) });
        }
        Ok(Self { values })
    }

    /// Sets a value by a flag.
    pub fn set_by_flag(&mut self, key: &str, flag: &'static str, value: impl Into<serde_json::Value>) {
        self.values.insert(key.to_owned(), Value { value: value.into(), origin: Origin::Flag(flag) });
    }

    /// Every value, sorted by key.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Value)> {
        self.values.iter().map(|(key, value)| (key.as_str(), value))
    }

    /// A text setting; `None` if it has no value.
    pub fn text(&self, key: &str) -> Option<&str> {
        self.values.get(key).and_then(|value| value.value.as_str())
    }

    /// A list setting; empty if it has no value.
    pub fn list(&self, key: &str) -> Vec<String> {
        let items = self.values.get(key).and_then(|value| value.value.as_array());
        items.into_iter().flatten().filter_map(|item| item.as_str().map(str::to_owned)).collect()
    }

    /// The values of a `*` row by name: `rules` gives the severity of each rule.
    pub fn named(&self, section: &str) -> BTreeMap<String, serde_json::Value> {
        let prefix = format!("{section}.");
        let of_section = self
            .values
            .iter()
            .filter_map(|(key, value)| Some((key.strip_prefix(&prefix)?.to_owned(), value.value.clone())));
        of_section.collect()
    }

    /// The folders whose YAML files are entities.
    pub fn catalog_paths(&self) -> Vec<String> {
        self.list("catalog.paths")
    }

    /// The Git remote of the central repository.
    pub fn remote(&self) -> &str {
        self.text("git.remote").unwrap_or("origin")
    }

    /// The branch that pull requests go to.
    pub fn base(&self) -> &str {
        self.text("git.base").unwrap_or("main")
    }
}

#[cfg(test)]
mod tests {
    use super::{Origin, Settings};
    use crate::config::file::{Layer, read_layer};
    use crate::config::{Environment, table};
    use crate::source::SourceId;

    fn findings(layer: Layer, text: &str) -> Vec<String> {
        let (_, findings) = read_layer(layer, SourceId(0), "platform.yaml", text);
        findings.into_iter().map(|finding| finding.message).collect()
    }

    #[test]
    fn the_table_is_sorted_and_its_defaults_fit() {
        assert!(table::ROWS.is_sorted_by_key(|row| row.key));
        for row in table::ROWS.iter().filter(|row| !row.default.is_empty()) {
            let value = serde_json::from_str(row.default).unwrap();
            assert_eq!(super::mismatch(row.shape, &value), None, "{}", row.key);
        }
    }

    #[test]
    fn a_stronger_layer_wins_and_is_named() {
        let (file, found) = read_layer(
            Layer::Repository,
            SourceId(0),
            "platform.yaml",
            "git:\n  remote: up\n  base: trunk\n",
        );
        assert!(found.is_empty(), "{found:?}");
        let environment = Environment::of(&[("PLATFORM_BASE", "develop")]);
        let settings = Settings::layered(vec![file], &environment).unwrap();
        assert_eq!((settings.remote(), settings.base()), ("up", "develop"));
        let origins: Vec<_> = settings
            .iter()
            .filter(|(key, _)| key.starts_with("git."))
            .map(|(_, v)| v.origin.clone())
            .collect();
        let file = Origin::File { path: "platform.yaml".into(), line: 2 };
        assert_eq!(origins, [Origin::Variable("PLATFORM_BASE"), Origin::Default, file]);
    }

    #[test]
    fn what_is_wrong_in_a_file_is_said() {
        let repository = Layer::Repository;
        assert_eq!(findings(repository, "git:\n  remot: x\n"), ["unknown setting `git.remot`"]);
        assert_eq!(findings(repository, "catalog:\n  paths: x\n"), ["catalog.paths must be a list of texts"]);
        assert_eq!(
            findings(repository, "rules:\n  a: loud\n"),
            ["rules.a must be one of off, info, warning, error"]
        );
        assert_eq!(findings(repository, "[]\n"), ["the configuration must be a mapping"]);
        assert_eq!(
            findings(repository, "forge:\n  url: https://x\n"),
            ["forge.url cannot be set in this file"]
        );
        assert_eq!(
            findings(Layer::User, "catalog:\n  paths: [x]\n"),
            ["catalog.paths cannot be set in this file"]
        );
        assert_eq!(findings(repository, ""), [""; 0]);
    }
}
