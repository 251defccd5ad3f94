//! What a command works with: the console, the environment, the repository and its settings.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use url::Url;

use crate::catalog::Catalog;
use crate::change::layout::Layout;
use crate::clock::{self, Timestamp};
use crate::config::{Environment, Layer, Origin, REPOSITORY_FILE, Settings, backstage_token, read_layer};
use crate::error::{Exit, Failure};
use crate::git::{Identity, Repository};
use crate::ops::catalog::CachePlace;
use crate::ops::render::{Commit, Setup};
use crate::ops::status::BackstageTarget;
use crate::ops::{catalog, file_failure, git_failure, validate};
use crate::output::{Console, diagnostics};
use crate::rules::{self, AllowedKind, Level};
use crate::source::Sources;

/// What a command works with.
pub(super) struct Session {
    pub(super) console: Console,
    pub(super) environment: Environment,
}

/// The repository a command works on.
pub(super) struct Place {
    /// The top folder.
    pub(super) root: PathBuf,
    /// The Git repository; `None` where a `platform.yaml` marks the top of a folder without Git.
    pub(super) repository: Option<Repository>,
    /// What is set.
    pub(super) settings: Settings,
    /// Whether it is a central repository: it has a `platform.yaml`.
    pub(super) is_central: bool,
}

impl Place {
    /// What `validate` checks here.
    pub(super) fn validation(&self, now: Timestamp) -> validate::Request {
        validate::Request {
            root: self.root.clone(),
            catalog_paths: self.settings.catalog_paths(),
            settings: self.rules(),
            now,
            paths: Vec::new(),
            before: None,
            overlay: BTreeMap::new(),
            absent: BTreeSet::new(),
            rendering: self.is_central.then(|| self.rendering()),
            cache: self.cache(),
        }
    }

    /// Where to remember what was read of the work tree. Without Git there is no place for it.
    fn cache(&self) -> Option<CachePlace> {
        let repository = self.repository.as_ref().filter(|_| self.settings.text("cache") != Some("off"))?;
        Some(CachePlace { folder: repository.own_folder(), now: clock::now() })
    }

    /// Where the repository itself says that the files of entities are.
    pub(super) fn own_layout(&self) -> Result<Option<Layout>, Failure> {
        let is_set = self
            .settings
            .iter()
            .any(|(key, value)| key == "catalog.layout" && value.origin != Origin::Default);
        is_set.then(|| self.layout()).transpose()
    }

    /// Where the files of entities are.
    pub(super) fn layout(&self) -> Result<Layout, Failure> {
        let text = self.settings.text("catalog.layout").unwrap_or_default();
        Layout::new(text).map_err(|reason| {
            Failure::usage(format!("catalog.layout is not right: {reason}"))
                .hint("write it like catalog/${{ system or domain or owner }} in platform.yaml")
        })
    }

    /// What rendering needs beside the catalog.
    pub(super) fn rendering(&self) -> Setup {
        setup(&self.settings)
    }

    /// The catalog of the work tree, with its texts.
    pub(super) fn catalog(&self, now: Timestamp) -> Catalog {
        let loaded = catalog::load(&catalog::Request {
            root: self.root.clone(),
            catalog_paths: self.settings.catalog_paths(),
            keep_texts: true,
            settings: self.rules(),
            now,
            overlay: BTreeMap::new(),
            absent: BTreeSet::new(),
            rendering: None,
            reported: None,
            cache: None,
        });
        loaded.catalog
    }

    /// What the repository wants of the rules. One with a `platform.yaml` holds the whole catalog.
    pub(super) fn rules(&self) -> rules::Settings {
        let words = self.settings.named("rules").into_iter();
        rules::Settings {
            levels: words.filter_map(|(rule, word)| Some((rule, Level::parse(word.as_str()?)?))).collect(),
            allowed_kinds: self.is_central.then(|| {
                self.settings.list("catalog.kinds").iter().map(|kind| AllowedKind::parse(kind)).collect()
            }),
            is_whole_catalog: self.is_central,
        }
    }

    /// A path that the user typed, relative to the root with `/` between its parts.
    pub(super) fn relative(&self, session: &Session, path: &Path) -> Result<String, Failure> {
        let outside = || {
            Failure::usage(format!("{} is not in this repository", path.display()))
                .because(format!("the repository is {}", self.root.display()))
        };
        let full = session.environment.directory().join(path);
        let root = crate::fs::canonical(&self.root).map_err(|error| file_failure(&error))?;
        let parent =
            full.parent().and_then(|parent| crate::fs::canonical(parent).ok()).ok_or_else(outside)?;
        let full = match full.file_name() {
            Some(name) => parent.join(name),
            None => crate::fs::canonical(&full).map_err(|error| file_failure(&error))?,
        };
        let below = full.strip_prefix(&root).map_err(|_| outside())?;
        let parts: Vec<_> = below.iter().map(|part| part.to_string_lossy()).collect();
        Ok(parts.join("/"))
    }

    /// The Git repository, for commands that need one.
    pub(super) fn repository(&self) -> Result<&Repository, Failure> {
        self.repository.as_ref().ok_or_else(|| {
            Failure::usage(format!("{} is not in a Git repository", self.root.display()))
                .hint("git init, or change into a clone of the central repository")
        })
    }
}

impl Session {
    /// The repository that the current folder is in, with its settings.
    pub(super) fn place(&self) -> Result<Place, Failure> {
        self.place_at(self.environment.directory())
    }

    /// The same of another folder.
    pub(super) fn place_at(&self, directory: &Path) -> Result<Place, Failure> {
        let (root, repository) = match Repository::discover(directory) {
            Ok(repository) => (repository.root().to_path_buf(), Some(repository)),
            Err(crate::git::Error::NotARepository(_)) => (without_git(directory)?, None),
            Err(error) => return Err(git_failure(&error)),
        };
        let settings = self.settings(Some(&root))?;
        let is_central = crate::fs::exists(&root.join(REPOSITORY_FILE));
        Ok(Place { root, repository, settings, is_central })
    }

    /// The same; `None` outside of any repository.
    pub(super) fn place_if_any(&self) -> Result<Option<Place>, Failure> {
        match self.place() {
            Ok(place) => Ok(Some(place)),
            Err(_) if self.is_nowhere() => Ok(None),
            Err(failure) => Err(failure),
        }
    }

    /// Whether the current folder is in no repository.
    fn is_nowhere(&self) -> bool {
        let directory = self.environment.directory();
        Repository::discover(directory).is_err() && without_git(directory).is_err()
    }

    /// Who the user is: what Git says, with its own variables first.
    pub(super) fn identity(&self, repository: Option<&Repository>) -> Result<Identity, crate::git::Error> {
        let told = |name: &str| self.environment.get(name).map(str::to_owned);
        if let (Some(name), Some(email)) = (told("GIT_AUTHOR_NAME"), told("GIT_AUTHOR_EMAIL")) {
            return Ok(Identity { name, email });
        }
        repository.map_or_else(Repository::default_identity, Repository::identity)
    }

    /// The Backstage that is set, with its token.
    pub(super) fn backstage(&self, settings: &Settings) -> Result<Option<BackstageTarget>, Failure> {
        let Some(text) = settings.text("backstage.url") else { return Ok(None) };
        let url = Url::parse(text).map_err(|error| {
            Failure::usage(format!("backstage.url is no URL: `{text}`"))
                .because(error)
                .hint("write it like https://backstage.example.org")
        })?;
        Ok(Some(BackstageTarget { url, credential: backstage_token(&self.environment) }))
    }

    /// The settings of the repository at `root`, or those that hold outside of any.
    pub(super) fn settings(&self, root: Option<&Path>) -> Result<Settings, Failure> {
        let repository = match root {
            Some(root) => crate::fs::read_text_if_exists(&root.join(REPOSITORY_FILE))
                .map_err(|error| unreadable(&error))?,
            None => None,
        };
        self.settings_with(repository)
    }

    /// The settings with this text as the repository's file.
    pub(super) fn settings_with(&self, repository: Option<String>) -> Result<Settings, Failure> {
        let mut sources = Sources::default();
        let mut findings = Vec::new();
        let mut layers = Vec::new();
        let user = self.environment.user_file().map(|path| (Layer::User, path.display().to_string(), path));
        let user = match user {
            Some((layer, shown, path)) => crate::fs::read_text_if_exists(&path)
                .map_err(|error| unreadable(&error))?
                .map(|text| (layer, shown, text)),
            None => None,
        };
        let repository = repository.map(|text| (Layer::Repository, REPOSITORY_FILE.to_owned(), text));
        for (layer, shown, text) in [user, repository].into_iter().flatten() {
            let source = sources.add(shown.as_str(), Some(text.as_str().into()));
            let (values, mut found) = read_layer(layer, source, &shown, &text);
            layers.push(values);
            findings.append(&mut found);
        }
        if !findings.is_empty() {
            diagnostics::print_to_stderr(&self.console, &sources, &findings);
            return Err(
                Failure::new(Exit::Usage, "the configuration is not right").hint("mend the places above")
            );
        }
        Settings::layered(layers, &self.environment)
    }
}

fn unreadable(error: &crate::fs::Error) -> Failure {
    Failure::usage(error.to_string()).hint("make the file readable, or move it away")
}

/// What rendering needs of some settings.
pub(super) fn setup(settings: &Settings) -> Setup {
    Setup {
        settings: settings.named("types"),
        cluster: settings.text("render.cluster").unwrap_or("main").to_owned(),
        commit: Commit::parse(settings.text("render.commit").unwrap_or_default()),
    }
}

/// The nearest folder above that has a `platform.yaml`.
fn without_git(directory: &Path) -> Result<PathBuf, Failure> {
    let marked = directory.ancestors().find(|folder| crate::fs::exists(&folder.join(REPOSITORY_FILE)));
    marked.map(Path::to_path_buf).ok_or_else(|| {
        Failure::usage(format!("{} is not in a Git repository", directory.display()))
            .hint("change into a clone of the central repository, or make one: platform init DIR")
    })
}
