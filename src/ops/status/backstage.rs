//! Whether Backstage shows the entity.

use std::sync::Arc;

use url::Url;

use super::{Stage, State};
use crate::backstage::{Backstage, Error, Ingestion, Problem};
use crate::entity::EntityRef;
use crate::error::Exit;
use crate::http::{Client, Credential};
use crate::progress::Progress;

/// The Backstage to ask.
#[derive(Clone, Debug)]
pub struct BackstageTarget {
    /// Its base URL.
    pub url: Url,
    /// Its token, if there is one.
    pub credential: Option<Credential>,
}

/// How far an entity has come in Backstage.
pub fn ask(
    target: &BackstageTarget,
    entity: &EntityRef,
    progress: Arc<dyn Progress + Send + Sync>,
) -> Result<Ingestion, Error> {
    progress.step(&format!("asking Backstage at {}", target.url.host_str().unwrap_or_default()));
    let client = Client::new(Backstage::limits(), progress)?;
    Backstage::new(client, target.url.clone(), target.credential.clone()).ingestion(entity)
}

pub(super) fn stage(
    target: &BackstageTarget,
    entity: &EntityRef,
    progress: Arc<dyn Progress + Send + Sync>,
) -> Stage {
    let name = "backstage";
    match ask(target, entity, progress) {
        Ok(Ingestion::Ingested(_)) => {
            Stage::new(name, State::Done, "in the catalog").detail(page(target, entity))
        }
        Ok(Ingestion::Stale { problems, .. }) => told(
            Stage::new(name, State::Failed, "shows an old version: processing the new one fails"),
            &problems,
        ),
        Ok(Ingestion::Refused(problems)) => {
            told(Stage::new(name, State::Failed, "refused the entity"), &problems)
        }
        Ok(Ingestion::NotSeen { unprocessed_known }) => {
            let stage = Stage::new(name, State::Waiting, "has not seen the entity yet");
            if unprocessed_known {
                stage
            } else {
                stage
                    .detail("or has refused it: without its module for unprocessed entities it does not tell")
            }
        }
        Err(error) => {
            let state = match error.exit() {
                Exit::Login => State::Login,
                Exit::Unreachable => State::Unreachable,
                _ => State::Failed,
            };
            Stage::new(name, state, error.to_string())
        }
    }
}

fn told(stage: Stage, problems: &[Problem]) -> Stage {
    problems
        .iter()
        .fold(stage, |stage, problem| stage.detail(format!("{}: {}", problem.about, problem.message)))
}

/// The entity's page in the portal, where portal and backend have the same address, as they mostly do.
fn page(target: &BackstageTarget, entity: &EntityRef) -> String {
    let mut url = target.url.clone();
    if let Ok(mut path) = url.path_segments_mut() {
        path.pop_if_empty().extend(["catalog", entity.namespace(), entity.kind(), entity.name()]);
    }
    url.to_string()
}
