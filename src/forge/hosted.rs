//! What the clients of hosted forges have in common: one repository behind an API, the fields of
//! an update, and what a refusal means.

use reqwest::Method;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};
use url::Url;

use super::{Error, Project, PullRequest, Reviews, State, Update, fit};
use crate::http::{self, Endpoint, Response};

/// One repository on a server.
pub(super) struct Server {
    pub(super) api: Endpoint,
    /// Base address of its pages.
    pub(super) web: Url,
    pub(super) project: Project,
}

/// The words of an API for the fields of an update.
pub(super) struct Words {
    pub(super) body: &'static str,
    /// Most characters of a description.
    pub(super) body_limit: usize,
    pub(super) base: &'static str,
    pub(super) state: &'static str,
    /// The values of `state` that open and close.
    pub(super) states: [&'static str; 2],
}

impl Server {
    pub(super) fn host(&self) -> &str {
        self.web.host_str().unwrap_or("")
    }

    pub(super) fn need_token(&self, doing: &'static str) -> Result<(), Error> {
        Error::need_token(self.api.credential_source(), self.host(), doing)
    }

    /// Forges say 404 to who may not see a repository.
    pub(super) fn no_access(&self, error: http::Error) -> Error {
        match error {
            http::Error::NotFound(_) => {
                Error::no_access(&self.project, self.host(), self.api.credential_source())
            }
            other => Error::Http(other),
        }
    }

    /// Sends the fields that `update` names.
    pub(super) fn update<W>(
        &self,
        method: Method,
        url: Url,
        number: u64,
        update: &Update,
        words: &Words,
    ) -> Result<PullRequest, Error>
    where
        W: DeserializeOwned + Into<PullRequest>,
    {
        let fields = [
            ("title", update.title.clone()),
            (words.body, update.body.as_deref().map(|text| fit(text, words.body_limit))),
            (words.base, update.base.clone()),
            (words.state, update.closed.map(|closed| words.states[usize::from(closed)].to_owned())),
        ];
        let named = fields.into_iter().filter_map(|(key, value)| Some((key.to_owned(), value?.into())));
        one::<W>(number, self.api.write(method, url, Value::Object(named.collect::<Map<_, _>>())))
    }

    /// The page that compares two branches: GitHub, Gitea and Forgejo have the same.
    pub(super) fn compare_page(&self, head: &str, base: &str) -> Option<Url> {
        let mut url = self.web.clone();
        let mut segments = url.path_segments_mut().ok()?;
        segments.pop_if_empty().extend([&self.project.owner, &self.project.name, "compare"]);
        segments.push(&format!("{base}...{head}"));
        drop(segments);
        Some(url)
    }
}

/// The pull request in an answer about number `number`.
pub(super) fn one<W>(number: u64, answer: Result<Response, http::Error>) -> Result<PullRequest, Error>
where
    W: DeserializeOwned + Into<PullRequest>,
{
    match answer {
        Ok(answer) => Ok(answer.json::<W>()?.into()),
        Err(http::Error::NotFound(_)) => Err(Error::NoPullRequest { number }),
        Err(error) => Err(error.into()),
    }
}

/// Of the pull requests that have a commit, the one that brought it to the base branch, else the
/// oldest.
pub(super) fn landing<W: Into<PullRequest>>(found: Vec<W>) -> Option<PullRequest> {
    found
        .into_iter()
        .map(Into::into)
        .min_by_key(|pull_request: &PullRequest| (pull_request.state != State::Merged, pull_request.number))
}

/// Each name once, in order.
pub(super) fn sorted(mut reviews: Reviews) -> Reviews {
    let Reviews { approved_by, changes_requested_by, checks_failed, checks_pending } = &mut reviews;
    for names in [approved_by, changes_requested_by, checks_failed, checks_pending] {
        names.sort();
        names.dedup();
    }
    reviews
}
