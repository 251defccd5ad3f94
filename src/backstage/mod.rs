//! Asks a running Backstage what became of an entity: whether it is in the catalog, what its
//! processing complains about, and whether a change of it would be accepted. And has it run templates:
//! the form of one, a task, and what the task says while it runs.
//!
//! Backstage keeps the last good version of an entity that breaks, and shows one that was never
//! good nowhere in its catalog. [`Backstage::ingestion`] looks in all the places in the order that
//! gives one answer.

mod events;
mod scaffolder;
mod wire;

use std::collections::BTreeSet;

use reqwest::Method;
use serde_json::{Value, json};
use url::Url;

use crate::entity::EntityRef;
use crate::error::Exit;
use crate::http::{self, Client, Credential, Endpoint, Limits, Scheme};
pub use events::{Event, EventKind};
pub use scaffolder::{Events, FormPage, Next, Started, TaskState, TemplateForm};
use wire::{Ancestry, Unprocessed, Verdict};

/// A Backstage backend.
pub struct Backstage {
    api: Endpoint,
}

/// Why Backstage did not answer the question.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The network, the token, or an answer nobody foresaw.
    #[error(transparent)]
    Http(#[from] http::Error),
    /// The token may read but not do this, and Backstage says no more than that.
    #[error("the token from {source_name} may not {what} in Backstage")]
    NotAllowed {
        /// Where the token came from.
        source_name: String,
        /// What was refused: `refresh entities`.
        what: &'static str,
    },
    /// What answers is not Backstage, or has no catalog.
    #[error("{base} does not answer like a Backstage backend: {reason}")]
    NotBackstage {
        /// The address that was given.
        base: String,
        /// What is wrong.
        reason: String,
    },
    /// A stream that does not keep to what a stream of events is.
    #[error("Backstage sent an event of more than {limit} bytes")]
    Flood {
        /// The limit in bytes.
        limit: usize,
    },
}

impl Error {
    /// The exit code that fits when nobody above knows better.
    pub fn exit(&self) -> Exit {
        match self {
            Self::Http(error) => error.exit(),
            Self::NotAllowed { .. } => Exit::Login,
            Self::NotBackstage { .. } | Self::Flood { .. } => Exit::Usage,
        }
    }
}

/// How far an entity has come into the catalog.
#[derive(Clone, Debug, PartialEq)]
pub enum Ingestion {
    /// In the catalog, and its last processing went well.
    Ingested(Box<Ingested>),
    /// In the catalog, but what is shown is the last good version: processing it, or the Location
    /// that reads its file, fails now.
    Stale {
        /// The last good version.
        entity: Box<Ingested>,
        /// Why, in the order of the entity first, then the Locations above it.
        problems: Vec<Problem>,
    },
    /// Seen by Backstage, but never accepted.
    Refused(Vec<Problem>),
    /// Backstage has not seen it. `unprocessed_known` tells whether it could be asked for refused
    /// entities, which takes an optional module: without, a refused entity looks like this too.
    NotSeen {
        /// Whether refused entities could be looked through.
        unprocessed_known: bool,
    },
}

/// An entity as the catalog has it.
#[derive(Clone, Debug, PartialEq)]
pub struct Ingested {
    /// The whole entity with relations and status.
    pub entity: Value,
    /// `metadata.etag`: changes with any change of content, relations or status.
    pub etag: Option<String>,
    /// Where it was read from: `url:https://…/catalog-info.yaml`.
    pub location: Option<String>,
}

/// What processing complains about.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Problem {
    /// The entity it is about: the one asked for, or a Location above it.
    pub about: String,
    /// Backstage's words, one line.
    pub message: String,
}

impl Backstage {
    /// The backend at `base`, for example `https://backstage.example.org`.
    pub fn new(client: Client, base: Url, credential: Option<Credential>) -> Self {
        Self {
            api: Endpoint::new(client, base, Scheme::Bearer, credential).header("accept", "application/json"),
        }
    }

    /// Limits for a catalog: answers are whole entities, and a definition in them may be large.
    pub fn limits() -> Limits {
        Limits { body: 32 << 20, ..Limits::default() }
    }

    /// The entity as the catalog has it; `None` when it is not there. Any case.
    pub fn entity(&self, reference: &EntityRef) -> Result<Option<Ingested>, Error> {
        Ok(self.value(reference)?.map(wire::ingested))
    }

    /// How far an entity has come: the catalog, its processing errors, those of the Locations above
    /// it, then what was refused.
    pub fn ingestion(&self, reference: &EntityRef) -> Result<Ingestion, Error> {
        let Some(value) = self.value(reference)? else {
            return self.refused(reference);
        };
        let mut problems = wire::problems(&value);
        for ancestor in self.ancestors(reference)? {
            problems.extend(wire::problems(&ancestor));
        }
        let entity = Box::new(wire::ingested(value));
        if problems.is_empty() {
            return Ok(Ingestion::Ingested(entity));
        }
        let mut seen = BTreeSet::new();
        problems.retain(|problem| seen.insert(problem.clone()));
        Ok(Ingestion::Stale { entity, problems })
    }

    /// What the backend would say to an entity: its first complaint, or `None` when it is valid.
    ///
    /// It looks at this one entity only: references may lead nowhere, kinds may be not allowed.
    /// `location` is where the entity will be, as a web address; it is not read.
    pub fn validate(&self, entity: &Value, location: &Url) -> Result<Option<String>, Error> {
        let body = json!({ "entity": entity, "location": format!("url:{location}") });
        match self.api.write(Method::POST, self.url(&["validate-entity"]), body) {
            Ok(_) => Ok(None),
            Err(http::Error::Rejected(answer)) if answer.status == 400 => {
                let verdict = answer.body.as_ref().and_then(Verdict::read);
                verdict.map(|verdict| Some(verdict.first)).ok_or(Error::Http(http::Error::Rejected(answer)))
            }
            Err(error) => Err(self.sort(error, "validate entities")),
        }
    }

    /// Asks the backend to process an entity and the Locations above it soon. `false` when it does
    /// not know the entity. Backstage answers before it has done so.
    pub fn refresh(&self, reference: &EntityRef) -> Result<bool, Error> {
        let body = json!({ "entityRef": reference.to_string() });
        match self.api.write(Method::POST, self.url(&["refresh"]), body) {
            Ok(_) => Ok(true),
            Err(http::Error::NotFound(answer)) if wire::is_backstage(&answer) => Ok(false),
            Err(error) => Err(self.sort(error, "refresh entities")),
        }
    }

    /// Whether a backend answers there and takes the token; the number of its entities.
    pub fn count(&self) -> Result<u64, Error> {
        let answer = self.api.get(self.url(&["entities", "by-query"]), &[("limit", "0")]);
        let answer = answer.map_err(|error| self.sort(error, "read the catalog"))?;
        let value: Value = answer.json()?;
        value
            .get("totalItems")
            .and_then(Value::as_u64)
            .ok_or_else(|| self.not_backstage("it counts no entities"))
    }

    fn url(&self, rest: &[&str]) -> Url {
        self.api.url(["api", "catalog"].iter().chain(rest))
    }

    fn by_name(&self, reference: &EntityRef, rest: &[&str]) -> Url {
        let name = ["entities", "by-name", reference.kind(), reference.namespace(), reference.name()];
        self.url(&name.into_iter().chain(rest.iter().copied()).collect::<Vec<_>>())
    }

    fn value(&self, reference: &EntityRef) -> Result<Option<Value>, Error> {
        match self.api.get(self.by_name(reference, &[]), &[]) {
            Ok(answer) => Ok(Some(answer.json()?)),
            Err(http::Error::NotFound(answer)) if wire::is_backstage(&answer) => Ok(None),
            Err(error) => Err(self.sort(error, "read the catalog")),
        }
    }

    /// The Locations an entity came through, nearest first.
    fn ancestors(&self, reference: &EntityRef) -> Result<Vec<Value>, Error> {
        match self.api.get(self.by_name(reference, &["ancestry"]), &[]) {
            Ok(answer) => Ok(answer.json::<Ancestry>()?.above()),
            // removed between the two requests
            Err(http::Error::NotFound(_)) => Ok(Vec::new()),
            Err(error) => Err(self.sort(error, "read the catalog")),
        }
    }

    fn refused(&self, reference: &EntityRef) -> Result<Ingestion, Error> {
        match self.api.get(self.url(&["entities", "unprocessed", "pending"]), &[]) {
            Ok(answer) => {
                let problems = answer.json::<Unprocessed>()?.problems(reference);
                Ok(match problems {
                    Some(problems) if !problems.is_empty() => Ingestion::Refused(problems),
                    _ => Ingestion::NotSeen { unprocessed_known: true },
                })
            }
            // the module is not installed, or the token may not look
            Err(http::Error::NotFound(_) | http::Error::Unauthorized { .. }) => {
                Ok(Ingestion::NotSeen { unprocessed_known: false })
            }
            Err(error) => Err(error.into()),
        }
    }

    fn not_backstage(&self, reason: &str) -> Error {
        Error::NotBackstage { base: self.api.base().to_string(), reason: reason.to_owned() }
    }

    fn sort(&self, error: http::Error, what: &'static str) -> Error {
        match (error, self.api.credential_source()) {
            (http::Error::Unauthorized { answer, .. }, Some(source)) if answer.status == 403 => {
                Error::NotAllowed { source_name: source.to_owned(), what }
            }
            (http::Error::NotFound(answer), _) if !wire::is_backstage(&answer) => {
                self.not_backstage(&format!("there is nothing at {}", answer.url))
            }
            (error, _) => Error::Http(error),
        }
    }
}
