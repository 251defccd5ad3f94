//! The scaffolder of a running Backstage: the form of a template, and tasks.

use std::time::Duration;

use reqwest::Method;
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::events::{Event, Parser, list};
use super::{Backstage, Error, wire};
use crate::entity::EntityRef;
use crate::http::{self, Part, Stream, one_line};

/// The form of a template, as the server hands it to the portal.
#[derive(Clone, Debug, Deserialize)]
pub struct TemplateForm {
    /// Its title.
    #[serde(default)]
    pub title: Option<String>,
    /// Its description.
    #[serde(default)]
    pub description: Option<String>,
    /// Its pages.
    #[serde(default)]
    pub steps: Vec<FormPage>,
}

/// One page of the form.
#[derive(Clone, Debug, Deserialize)]
pub struct FormPage {
    /// Its title.
    #[serde(default)]
    pub title: Option<String>,
    /// Its description.
    #[serde(default)]
    pub description: Option<String>,
    /// Its JSON Schema.
    pub schema: Value,
}

/// What came of a request to run a template.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Started {
    /// The id of the task.
    Task(String),
    /// The server does not take the answers: what is wrong with which, one line each.
    Refused(Vec<String>),
    /// There is no such template.
    Unknown,
}

/// How far a task is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TaskState {
    /// It waits or runs.
    Running,
    /// It has done everything.
    Completed,
    /// It has failed, or was skipped.
    Failed,
    /// It was cancelled.
    Cancelled,
}

/// The events of a task as they come.
pub struct Events {
    stream: Stream,
    parser: Parser,
}

/// What came of waiting for events.
#[derive(Debug, PartialEq)]
pub enum Next {
    /// Some events.
    Events(Vec<Event>),
    /// None within the time.
    Quiet,
    /// The server has ended the stream.
    End,
}

impl Events {
    /// Waits for events, not longer than `wait`.
    pub fn next(&mut self, wait: Duration) -> Result<Next, Error> {
        match self.stream.next(wait)? {
            Part::Nothing => Ok(Next::Quiet),
            Part::End => Ok(Next::End),
            Part::Bytes(bytes) => self.parser.push(&bytes).map(Next::Events),
        }
    }
}

impl Backstage {
    /// The form of a template; `None` when there is no such template or the token may not see it.
    pub fn template_form(&self, template: &EntityRef) -> Result<Option<TemplateForm>, Error> {
        let path =
            ["v2", "templates", template.namespace(), template.kind(), template.name(), "parameter-schema"];
        match self.api.get(self.scaffolder(&path), &[]) {
            Ok(answer) => Ok(Some(answer.json()?)),
            Err(http::Error::NotFound(answer)) if wire::is_backstage(&answer) => Ok(None),
            Err(error) => Err(self.sort(error, "read templates")),
        }
    }

    /// Starts a task that runs a template.
    pub fn start_task(
        &self,
        template: &EntityRef,
        values: &Map<String, Value>,
        secrets: &Map<String, Value>,
    ) -> Result<Started, Error> {
        #[derive(Deserialize)]
        struct Task {
            id: String,
        }
        let body = json!({ "templateRef": template.to_string(), "values": values, "secrets": secrets });
        match self.api.write(Method::POST, self.scaffolder(&["v2", "tasks"]), body) {
            Ok(answer) => Ok(Started::Task(answer.json::<Task>()?.id)),
            Err(http::Error::NotFound(answer)) if wire::is_backstage(&answer) => Ok(Started::Unknown),
            Err(http::Error::Rejected(answer)) if answer.status == 400 => {
                let refusals = answer.body.as_ref().map(refusals).unwrap_or_default();
                if refusals.is_empty() {
                    return Err(http::Error::Rejected(answer).into());
                }
                Ok(Started::Refused(refusals))
            }
            Err(error) => Err(self.sort(error, "run templates")),
        }
    }

    /// How far a task is.
    pub fn task_state(&self, id: &str) -> Result<TaskState, Error> {
        #[derive(Deserialize)]
        struct Task {
            status: String,
        }
        let answer = self.api.get(self.scaffolder(&["v2", "tasks", id]), &[]);
        let task: Task = answer.map_err(|error| self.sort(error, "read tasks"))?.json()?;
        Ok(match task.status.as_str() {
            "completed" => TaskState::Completed,
            "failed" | "skipped" => TaskState::Failed,
            "cancelled" => TaskState::Cancelled,
            _ => TaskState::Running,
        })
    }

    /// The events of a task behind the one with the number `after`, as they come.
    pub fn events(&self, id: &str, after: u64) -> Result<Events, Error> {
        let url = self.scaffolder(&["v2", "tasks", id, "eventstream"]);
        let stream = self.api.open(url, &[("after", &after.to_string())], "text/event-stream");
        let stream = stream.map_err(|error| self.sort(error, "read tasks"))?;
        Ok(Events { stream, parser: Parser::default() })
    }

    /// The events of a task that has ended, behind the one with the number `after`.
    pub fn remaining_events(&self, id: &str, after: u64) -> Result<Vec<Event>, Error> {
        let url = self.scaffolder(&["v2", "tasks", id, "events"]);
        let answer = self.api.get(url, &[("after", &after.to_string())]);
        Ok(list(answer.map_err(|error| self.sort(error, "read tasks"))?.json()?))
    }

    /// Asks for a task to be cancelled. It ends when its step does.
    pub fn cancel_task(&self, id: &str) -> Result<(), Error> {
        let url = self.scaffolder(&["v2", "tasks", id, "cancel"]);
        let sent = self.api.write(Method::POST, url, json!({}));
        sent.map(drop).map_err(|error| self.sort(error, "cancel tasks"))
    }

    /// Entities of the catalog, at most `limit` of them. A filter is one of Backstage's: conditions joined
    /// with commas; an entity is found that passes any of them, every one without any.
    pub fn find_entities(&self, filters: &[String], limit: u32) -> Result<Vec<Value>, Error> {
        #[derive(Deserialize)]
        struct Page {
            items: Vec<Value>,
        }
        let limit = limit.to_string();
        let mut query = vec![
            ("limit", limit.as_str()),
            (
                "fields",
                "kind,metadata.name,metadata.namespace,metadata.title,metadata.tags,metadata.annotations,metadata.labels,spec,relations",
            ),
        ];
        query.extend(filters.iter().map(|filter| ("filter", filter.as_str())));
        let answer = self.api.get(self.url(&["entities", "by-query"]), &query);
        Ok(answer.map_err(|error| self.sort(error, "read the catalog"))?.json::<Page>()?.items)
    }

    /// The user that the token stands for, and all that they own through; `None` for a token of a
    /// service.
    pub fn ownership(&self) -> Result<Option<Vec<String>>, Error> {
        match self.api.get(self.api.url(["api", "auth", "v1", "userinfo"]), &[]) {
            Ok(answer) => {
                let value: Value = answer.json()?;
                let refs = value.pointer("/claims/ent").and_then(Value::as_array);
                Ok(refs.map(|refs| refs.iter().filter_map(Value::as_str).map(str::to_owned).collect()))
            }
            Err(error @ http::Error::Unreachable { .. }) => Err(error.into()),
            Err(_) => Ok(None),
        }
    }

    fn scaffolder(&self, rest: &[&str]) -> url::Url {
        self.api.url(["api", "scaffolder"].iter().chain(rest))
    }
}

/// What a refusal says about each answer: `name: does not match pattern …`.
fn refusals(body: &Value) -> Vec<String> {
    let errors = body.get("errors").and_then(Value::as_array).into_iter().flatten();
    let line = |error: &Value| {
        let path = error.get("path").and_then(Value::as_array).into_iter().flatten();
        let path: Vec<String> =
            path.map(|part| part.as_str().map_or_else(|| part.to_string(), str::to_owned)).collect();
        let message = error.get("message").and_then(Value::as_str)?;
        let about = if path.is_empty() { "the answers".to_owned() } else { path.join(".") };
        Some(one_line(&format!("{about}: {message}")))
    };
    errors.filter_map(line).take(100).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::refusals;

    #[test]
    fn every_refused_answer_is_named() {
        let body = json!({"errors": [
            {"path": ["name"], "message": "does not match pattern \"^a\"", "schema": {}},
            {"path": [], "message": "requires property \"port\""},
            {"path": ["hosts", 0], "message": "is not of a type(s) string\u{1b}"},
        ]});
        assert_eq!(
            refusals(&body),
            [
                "name: does not match pattern \"^a\"",
                "the answers: requires property \"port\"",
                "hosts.0: is not of a type(s) string\\u{1b}",
            ]
        );
        assert!(refusals(&json!({"error": {}})).is_empty());
    }
}
