//! `new --remote`: a template that a running Backstage runs.
//!
//! The same form is asked for here, a task is started there, and its events are followed to their end.
//! A connection that breaks is taken up again behind the last event, so no line is lost or told twice.

use std::sync::Arc;
use std::time::Duration;

use serde_json::{Map, Value, json};

use super::status::BackstageTarget;
use crate::backstage::{Backstage, Error, Event, EventKind, Next, Started, TaskState, TemplateForm};
use crate::diagnostic::did_you_mean;
use crate::entity::EntityRef;
use crate::error::{Exit, Failure};
use crate::http::{self, Client, Limits};
use crate::progress::Progress;
use crate::scaffolder::{API_VERSION, EntityPicker, Template};

/// How long one look for events takes: as long as Ctrl-C may go unseen.
const LOOK: Duration = Duration::from_millis(200);
/// After how many looks without an event the task is asked whether it still runs: some proxies hold
/// streams back.
const LOOKS_QUIET: u32 = 75;
/// How often a broken connection is taken up again before an event comes.
const TRIES: u32 = 6;
/// The most events of one task that are followed, and the most bytes of their messages.
const MOST_EVENTS: u64 = 200_000;
const MOST_BYTES: usize = 256 << 20;
/// The most entities that a picker offers.
const MOST_OFFERS: u32 = 1000;

/// A Backstage that runs templates.
pub struct Remote {
    backstage: Backstage,
    base: url::Url,
}

/// Who watches a task.
pub trait Watch {
    /// Takes an event.
    fn event(&mut self, event: &Event);
    /// Says something about the connection.
    fn note(&mut self, words: &str);
    /// Whether the task is to be cancelled. Asked several times a second.
    fn wants_to_cancel(&mut self) -> Result<bool, Failure>;
}

/// How a task ended.
#[derive(Clone, Debug, PartialEq)]
pub struct Finished {
    /// How.
    pub state: TaskState,
    /// Why it failed, in Backstage's words.
    pub error: Option<String>,
    /// What the template says in the end.
    pub output: Map<String, Value>,
    /// Whether it ended because it was asked to.
    pub cancelled_here: bool,
}

impl Remote {
    /// The Backstage at an address. Nothing is asked yet.
    pub fn connect(
        target: &BackstageTarget,
        progress: Arc<dyn Progress + Send + Sync>,
    ) -> Result<Self, Failure> {
        let limits = Limits { request: Duration::from_secs(45), ..Backstage::limits() };
        let client = Client::new(limits, progress)
            .map_err(|error| Failure::usage("cannot start the HTTP client").because(error))?;
        let backstage = Backstage::new(client, target.url.clone(), target.credential.clone());
        Ok(Self { backstage, base: target.url.clone() })
    }

    /// The templates there, sorted by their refs, with their titles.
    pub fn templates(&self) -> Result<Vec<(String, Option<String>)>, Failure> {
        let found = self.backstage.find_entities(&["kind=template".to_owned()], MOST_OFFERS);
        let mut found: Vec<(String, Option<String>)> = found
            .map_err(|error| failure(&error))?
            .iter()
            .filter_map(|value| Some((reference_of(value)?, title_of(value))))
            .collect();
        found.sort();
        Ok(found)
    }

    /// A template there, with what it asks for. Its steps are not told.
    pub fn template(&self, reference: &EntityRef) -> Result<Template, Failure> {
        let form = self.backstage.template_form(reference).map_err(|error| failure(&error))?;
        let Some(form) = form else { return Err(self.unknown(reference)) };
        template_of(reference, form).map_err(|problems| {
            Failure::usage(format!("the form of {reference} cannot be read")).because(problems.join("; "))
        })
    }

    fn unknown(&self, reference: &EntityRef) -> Failure {
        let failure = Failure::usage(format!("there is no template {reference} at {}", self.base));
        let Ok(templates) = self.templates() else { return failure };
        let names = templates.iter().map(|(name, _)| name.as_str());
        match did_you_mean(reference.as_str(), names) {
            Some(meant) => failure.hint(format!("did you mean `{meant}`?")),
            None if templates.is_empty() => failure.because("it shows no templates to this token"),
            None => {
                let names: Vec<&str> = templates.iter().take(20).map(|(name, _)| name.as_str()).collect();
                failure.because(format!("there are: {}", names.join(", ")))
            }
        }
    }

    /// Starts a task; returns its id.
    pub fn start(
        &self,
        reference: &EntityRef,
        values: &Map<String, Value>,
        secrets: &Map<String, Value>,
    ) -> Result<String, Failure> {
        match self.backstage.start_task(reference, values, secrets).map_err(|error| failure(&error))? {
            Started::Task(id) => Ok(id),
            Started::Unknown => Err(self.unknown(reference)),
            Started::Refused(refusals) => {
                let failure = Failure::new(Exit::No, "Backstage does not take the answers");
                let failure = refusals.into_iter().fold(failure, Failure::because);
                Err(failure.hint("give other answers"))
            }
        }
    }

    /// The page of a task in the portal, where portal and backend have the same address, as they mostly
    /// do.
    pub fn page(&self, id: &str) -> String {
        self.below(&["create", "tasks", id])
    }

    /// The page of an entity in the portal, likewise.
    pub fn entity_page(&self, reference: &str) -> Option<String> {
        let reference = EntityRef::parse(reference, Some("component"), "default").ok()?;
        Some(self.below(&["catalog", reference.namespace(), reference.kind(), reference.name()]))
    }

    fn below(&self, path: &[&str]) -> String {
        let mut url = self.base.clone();
        if let Ok(mut segments) = url.path_segments_mut() {
            segments.pop_if_empty().extend(path);
        }
        url.to_string()
    }

    /// Follows a task to its end.
    pub fn follow(&self, id: &str, watch: &mut dyn Watch) -> Result<Finished, Failure> {
        let mut following = Following {
            remote: self,
            id,
            after: 0,
            bytes: 0,
            failures: 0,
            noted: false,
            error: None,
            output: Map::new(),
            ended: false,
            cancelled_here: false,
            watch,
        };
        let state = following.follow()?;
        let Following { error, output, cancelled_here, .. } = following;
        Ok(Finished { state, error, output, cancelled_here })
    }

    /// The entities that a picker offers, as the catalog there has them; at most a thousand.
    pub fn entities(&self, picker: &EntityPicker) -> Result<Vec<Value>, Failure> {
        let filters = picker.filter.as_ref().map(filters).unwrap_or_default();
        let found = self.backstage.find_entities(&filters, MOST_OFFERS).map_err(|error| failure(&error))?;
        Ok(found.into_iter().filter(|value| picker.matches(value)).collect())
    }

    /// Entities of some kinds, of all kinds without any.
    pub fn entities_of(&self, kinds: &[String]) -> Result<Vec<Value>, Failure> {
        let kinds: Vec<String> = kinds.iter().map(|kind| format!("kind={kind}")).collect();
        let filters = if kinds.is_empty() { Vec::new() } else { vec![kinds.join(",")] };
        self.backstage.find_entities(&filters, MOST_OFFERS).map_err(|error| failure(&error))
    }

    /// The refs that the user of the token owns things through; none for the token of a service.
    pub fn ownership(&self) -> Result<Vec<String>, Failure> {
        let refs = self.backstage.ownership().map_err(|error| failure(&error))?;
        Ok(refs.unwrap_or_default())
    }
}

/// A task that is followed.
struct Following<'a> {
    remote: &'a Remote,
    id: &'a str,
    /// The number of the last event.
    after: u64,
    bytes: usize,
    /// Failures since the last event.
    failures: u32,
    /// Whether that was said.
    noted: bool,
    error: Option<String>,
    output: Map<String, Value>,
    ended: bool,
    cancelled_here: bool,
    watch: &'a mut dyn Watch,
}

impl Following<'_> {
    fn follow(&mut self) -> Result<TaskState, Failure> {
        loop {
            let followed = self.stream();
            self.unless_lasting(followed)?;
            // Ended, broken or quiet: only the task itself knows which.
            let asked = self.state();
            match self.unless_lasting(asked)? {
                Some(state) if state != TaskState::Running => return Ok(state),
                Some(_) | None => self.wait(Duration::from_secs(1 << self.failures.min(4)))?,
            }
        }
    }

    /// Takes events until there are no more to come for now.
    fn stream(&mut self) -> Result<(), Problem> {
        let mut events = self.remote.backstage.events(self.id, self.after)?;
        let mut quiet = 0;
        while quiet < LOOKS_QUIET && !self.ended {
            self.cancel_if_wanted()?;
            match events.next(LOOK)? {
                Next::Events(events) => {
                    self.take(&events)?;
                    quiet = 0;
                }
                Next::Quiet => quiet += 1,
                Next::End => break,
            }
        }
        Ok(())
    }

    /// How far the task is; one that has ended has said everything before it is believed.
    fn state(&mut self) -> Result<TaskState, Problem> {
        let state = self.remote.backstage.task_state(self.id)?;
        if matches!(state, TaskState::Completed | TaskState::Failed) && !self.ended {
            let rest = self.remote.backstage.remaining_events(self.id, self.after)?;
            self.take(&rest)?;
        }
        self.failures = 0;
        Ok(state)
    }

    fn take(&mut self, events: &[Event]) -> Result<(), Problem> {
        for event in events.iter().filter(|event| event.id > self.after).collect::<Vec<_>>() {
            self.after = event.id;
            self.failures = 0;
            self.noted = false;
            self.bytes += event.message.len();
            if event.id > MOST_EVENTS || self.bytes > MOST_BYTES {
                let failure = Failure::usage("the task says more than can be followed");
                let page = self.remote.page(self.id);
                return Err(Failed::from(failure.hint(format!("it goes on in Backstage: {page}"))).into());
            }
            if event.kind == EventKind::Completion {
                self.ended = true;
                self.output.clone_from(&event.output);
            }
            if let Some(error) = &event.error {
                self.error = Some(error.clone());
            }
            self.watch.event(event);
        }
        Ok(())
    }

    fn cancel_if_wanted(&mut self) -> Result<(), Problem> {
        if self.cancelled_here || !self.watch.wants_to_cancel().map_err(Failed::from)? {
            return Ok(());
        }
        self.remote.backstage.cancel_task(self.id)?;
        self.cancelled_here = true;
        self.watch.note("asked Backstage to cancel the task; it ends with its step");
        Ok(())
    }

    /// `None` for a failure that may pass, as long as there were not too many.
    fn unless_lasting<T>(&mut self, result: Result<T, Problem>) -> Result<Option<T>, Failure> {
        let error = match result {
            Ok(value) => return Ok(Some(value)),
            Err(Problem::Failed(failed)) => return Err(*failed.0),
            Err(Problem::Backstage(error)) => error,
        };
        self.failures += 1;
        if passes(&error) && self.failures < TRIES {
            // Once is enough: the task is asked how far it is until its events come again.
            if !std::mem::replace(&mut self.noted, true) {
                self.watch.note(&format!("{error}; trying again"));
            }
            return Ok(None);
        }
        let page = self.remote.page(self.id);
        let failure = failure(&error);
        let hint = failure.hint.clone().map(|hint| format!("{hint}\n")).unwrap_or_default();
        Err(failure.hint(format!("{hint}the task may go on in Backstage: {page}")))
    }

    /// Waits, but not for somebody who has had enough.
    fn wait(&mut self, time: Duration) -> Result<(), Failure> {
        for _ in 0..time.as_millis() / LOOK.as_millis() {
            std::thread::sleep(LOOK);
            let cancelled = self.cancel_if_wanted();
            self.unless_lasting(cancelled)?;
        }
        Ok(())
    }
}

/// What stops following: something about the connection, or a failure that nothing can mend.
enum Problem {
    Backstage(Error),
    Failed(Failed),
}

struct Failed(Box<Failure>);

impl From<Failure> for Failed {
    fn from(failure: Failure) -> Self {
        Self(Box::new(failure))
    }
}

impl From<Failed> for Problem {
    fn from(failed: Failed) -> Self {
        Self::Failed(failed)
    }
}

impl From<Error> for Problem {
    fn from(error: Error) -> Self {
        Self::Backstage(error)
    }
}

/// Whether an error may be gone at the next try.
fn passes(error: &Error) -> bool {
    match error {
        Error::Http(http::Error::Unreachable { .. } | http::Error::Throttled { .. }) => true,
        Error::Http(http::Error::Rejected(answer)) => answer.status >= 500,
        _ => false,
    }
}

/// What went wrong at Backstage, with what to do about it.
fn failure(error: &Error) -> Failure {
    // A server that answers with an error of its own is no mistake of the user's.
    let exit = match error {
        Error::Http(http::Error::Rejected(answer)) if answer.status >= 500 => Exit::Unreachable,
        error => error.exit(),
    };
    let failure = Failure::new(exit, error.to_string());
    match exit {
        Exit::Login => failure.hint("set PLATFORM_BACKSTAGE_TOKEN to a token that may run templates there"),
        Exit::Unreachable => failure.hint("check backstage.url and the network, then run it again"),
        _ => failure,
    }
}

/// The form of a template there as a template here, without steps.
fn template_of(reference: &EntityRef, form: TemplateForm) -> Result<Template, Vec<String>> {
    let page = |page: crate::backstage::FormPage| {
        let mut schema = page.schema;
        if let Value::Object(schema) = &mut schema {
            for (key, text) in [("title", page.title), ("description", page.description)] {
                if let Some(text) = text {
                    schema.entry(key).or_insert(Value::String(text));
                }
            }
        }
        schema
    };
    let pages: Vec<Value> = form.steps.into_iter().map(page).collect();
    let entity = json!({
        "apiVersion": API_VERSION, "kind": "Template",
        "metadata": {"name": reference.name(), "namespace": reference.namespace(),
            "title": form.title, "description": form.description},
        "spec": {"type": "remote", "parameters": pages, "steps": []},
    });
    Template::from_entity(&entity).map_err(|problems| problems.iter().map(ToString::to_string).collect())
}

/// A `catalogFilter` as filters of the catalog's API. What these cannot say (that a field is absent) is
/// left out: the answer is looked through again.
fn filters(filter: &Value) -> Vec<String> {
    let plain = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    match filter {
        Value::Array(filters_of) => {
            let each: Vec<Vec<String>> = filters_of.iter().map(filters).collect();
            // One that lets everything pass makes the others moot.
            if each.iter().any(Vec::is_empty) { Vec::new() } else { each.concat() }
        }
        Value::Object(conditions) => {
            let mut parts = Vec::new();
            for (key, wanted) in conditions {
                match wanted {
                    Value::Array(values) => {
                        parts.extend(values.iter().map(|value| format!("{key}={}", plain(value))));
                    }
                    Value::Object(options) => {
                        parts
                            .extend((options.get("exists") == Some(&Value::Bool(true))).then(|| key.clone()));
                    }
                    value => parts.push(format!("{key}={}", plain(value))),
                }
            }
            if parts.is_empty() { Vec::new() } else { vec![parts.join(",")] }
        }
        _ => Vec::new(),
    }
}

/// The ref of an entity in lower case.
pub fn reference_of(entity: &Value) -> Option<String> {
    let text = |pointer: &str| entity.pointer(pointer).and_then(Value::as_str);
    let namespace = text("/metadata/namespace").unwrap_or("default");
    Some(EntityRef::new(text("/kind")?, namespace, text("/metadata/name")?).to_string())
}

/// The name of an entity for people.
pub fn title_of(entity: &Value) -> Option<String> {
    let pointers = ["/metadata/title", "/spec/profile/displayName"];
    pointers.iter().find_map(|pointer| entity.pointer(pointer)?.as_str()).map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::filters;

    fn check(filter: &Value, expected: &[&str]) {
        assert_eq!(filters(filter), expected, "{filter}");
    }

    #[test]
    fn filters_are_those_of_the_api() {
        check(
            &json!({"kind": ["Group", "User"], "spec.type": "team"}),
            &["kind=Group,kind=User,spec.type=team"],
        );
        check(
            &json!([{"kind": "API"}, {"metadata.annotations.a/b": {"exists": true}}]),
            &["kind=API", "metadata.annotations.a/b"],
        );
        check(&json!([{"kind": "API"}, {"spec.x": {"exists": false}}]), &[]);
        check(&json!({}), &[]);
    }
}
