//! `new --remote`: the template runs on a live Backstage, with the same questions.

use std::cell::OnceCell;
use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::{Map, Value};

use super::super::session::{Place, Session};
use super::answers::Asking;
use super::candidates::origin;
use super::keeping::{self, Keeping};
use super::{Arguments, settle, tell_equivalent};
use crate::backstage::{Event, TaskState};
use crate::entity::EntityRef;
use crate::error::{Exit, Failure};
use crate::ops::recover::Key;
use crate::ops::remote::{Finished, Remote, Watch, reference_of, title_of};
use crate::ops::templates;
use crate::output::console::{self, Interrupts};
use crate::output::form::{Candidates, Offer};
use crate::output::prompt::{Prompt, Question, Reply};
use crate::output::remote::Ended;
use crate::output::{Console, Style, Text};
use crate::scaffolder::{self, EntityPicker, Field, Kind, RepoPlace, TagsPicker, Template, Whose};

/// Runs a template of the configured Backstage there.
pub(super) fn run(name: Option<&str>, arguments: &Arguments, session: &Session) -> Result<Exit, Failure> {
    let place = session.place_if_any()?;
    let settings = match &place {
        Some(_) => None,
        None => Some(session.settings(None)?),
    };
    let settings = place.as_ref().map(|place| &place.settings).or(settings.as_ref());
    let target = settings.map(|settings| session.backstage(settings)).transpose()?.flatten();
    let target = target.ok_or_else(|| {
        Failure::usage("which Backstage runs the template is not set")
            .hint("set backstage.url in your own configuration, or PLATFORM_BACKSTAGE_URL")
    })?;
    let host = target.url.host_str().unwrap_or_default().to_owned();
    session.console.note(Text::new().styled(Style::Dim, format!("asking Backstage at {host}\n")));
    // Lines of a log and a spinner would write over each other: without one.
    let remote = Remote::connect(&target, Arc::new(()))?;
    let folder = place.as_ref().map(|place| place.root.display().to_string()).unwrap_or_default();
    let key =
        |template: String| Key { template, folder: folder.clone(), backstage: Some(target.url.to_string()) };
    let name = match name {
        Some(name) => name.to_owned(),
        None if arguments.recover => last(session, &key(String::new()))?,
        None => choose(session, &remote)?,
    };
    let reference = EntityRef::parse(&name, Some("template"), "default").map_err(|error| {
        Failure::usage(format!("{name:?} names no template"))
            .because(error)
            .hint("write NAME or NAMESPACE/NAME")
    })?;
    let template = remote.template(&reference)?;
    let template = match &place {
        Some(place) => templates::with_types(&template, Some(&place.root))?.into_owned(),
        None => template,
    };
    let keeping = Keeping::new(session, key(name.clone()))?;
    let candidates = FromBackstage {
        remote: &remote,
        console: &session.console,
        place: place.as_ref(),
        mine: OnceCell::new(),
    };
    let asking = Asking {
        name: &name,
        template: &template,
        arguments,
        session,
        keeping: &keeping,
        candidates: &candidates,
    };
    let answers = asking.answers()?;
    if answers.asked {
        tell_equivalent(&asking, &answers.all);
    }
    let (values, mut secrets) = scaffolder::split_secrets(&template, &answers.all);
    tokens(&template, &values, &mut secrets, session)?;
    if arguments.dry_run {
        let names: Vec<&String> = secrets.keys().collect();
        let (shown, _) = scaffolder::without_secrets(&template, &values);
        let reference = reference.to_string();
        crate::output::remote::print_request(
            &session.console,
            arguments.output.into(),
            &reference,
            &shown,
            &names,
        )?;
        return Ok(Exit::Fine);
    }
    let ended = task(&remote, &reference, &values, &secrets, arguments, session);
    settle(ended, &keeping, arguments, session)
}

/// The template of the last run there that came to nothing.
fn last(session: &Session, like: &Key) -> Result<String, Failure> {
    let store = keeping::store(session)?;
    let fits = |key: &Key| key.folder == like.folder && key.backstage == like.backstage;
    let kept = store.and_then(|store| store.newest(fits));
    kept.map(|kept| kept.key.template).ok_or_else(|| keeping::nothing_kept(&like.folder))
}

/// Asks for a template.
fn choose(session: &Session, remote: &Remote) -> Result<String, Failure> {
    if !session.console.can_ask() {
        return Err(
            Failure::usage("which template? there is nobody to ask").hint("platform new --remote TEMPLATE")
        );
    }
    let templates = remote.templates()?;
    if templates.is_empty() {
        return Err(Failure::new(Exit::No, "Backstage shows no templates to this token"));
    }
    let label = |(name, title): &(String, Option<String>)| match title {
        Some(title) => format!("{name}: {title}"),
        None => name.clone(),
    };
    let labels: Vec<String> = templates.iter().map(label).collect();
    let chosen = Prompt::new(&session.console).choose("What do you need?", &labels, None)?;
    templates
        .into_iter()
        .nth(chosen)
        .map(|(name, _)| name)
        .ok_or_else(|| Failure::usage("there is no template"))
}

/// Tokens that repository pickers ask for. The portal gets them by signing the user in at the forge,
/// which is not possible here: they are asked for, and the template may do without.
fn tokens(
    template: &Template,
    values: &Map<String, Value>,
    secrets: &mut Map<String, Value>,
    session: &Session,
) -> Result<(), Failure> {
    for field in template.parameters().iter().flat_map(|page| page.fields(values)) {
        let Kind::RepoUrl(picker) = &field.kind else { continue };
        let Some(key) = picker.secrets_key.as_ref().filter(|key| !secrets.contains_key(*key)) else {
            continue;
        };
        let place = values.get(&field.name).and_then(Value::as_str).and_then(RepoPlace::parse);
        let host = place.map_or_else(|| "the forge".to_owned(), |place| place.host);
        if !session.console.can_ask() {
            session.console.warn(&format!(
                "the template wants a token of yours for {host} as the secret {key}, which the portal gets by signing you in; it runs without (give it as {key} in a file: --answers FILE)"
            ));
            continue;
        }
        let question = Question {
            title: format!("A token of yours for {host}, as the secret {key}"),
            optional: true,
            ..Question::default()
        };
        if let Reply::Given(token) = Prompt::new(&session.console).ask_secret(&question, &|_| Ok(()))?
            && !token.is_empty()
        {
            secrets.insert(key.clone(), Value::String(token));
        }
    }
    Ok(())
}

/// Starts the task and follows it to its end.
fn task(
    remote: &Remote,
    reference: &EntityRef,
    values: &Map<String, Value>,
    secrets: &Map<String, Value>,
    arguments: &Arguments,
    session: &Session,
) -> Result<Exit, Failure> {
    let id = remote.start(reference, values, secrets)?;
    let page = remote.page(&id);
    let console = &session.console;
    console.note(Text::new().plain("task: ").styled(Style::Accent, page.clone()).end());
    console::on_interrupt(format!("the task may go on in Backstage: {page}"));
    let mut watcher =
        Watcher { console, interrupts: Interrupts::watch(), asked: false, steps: Vec::new(), page: &page };
    let finished = remote.follow(&id, &mut watcher)?;
    let ended = Ended {
        id: &id,
        page: &page,
        state: finished.state,
        error: finished.error.as_deref(),
        output: &finished.output,
        steps: &watcher.steps,
    };
    let link = |reference: &str| remote.entity_page(reference);
    crate::output::remote::print(console, arguments.output.into(), reference.as_str(), &ended, link)?;
    verdict(&finished, &page)
}

fn verdict(finished: &Finished, page: &str) -> Result<Exit, Failure> {
    let failure = match finished.state {
        TaskState::Completed => return Ok(Exit::Fine),
        // Backstage calls a task failed whose step was cancelled.
        _ if finished.cancelled_here => {
            Failure::new(Exit::Interrupted, "interrupted; the task was cancelled")
        }
        TaskState::Cancelled => Failure::new(Exit::No, "the task was cancelled in Backstage"),
        TaskState::Failed | TaskState::Running => Failure::new(Exit::No, "the task failed in Backstage"),
    };
    let failure = finished.error.iter().fold(failure, |failure, error| {
        failure.because(error.lines().take(20).collect::<Vec<_>>().join("\n"))
    });
    Err(failure.hint(format!("its log: {page}")))
}

/// Shows what a task says.
struct Watcher<'a> {
    console: &'a Console,
    interrupts: Interrupts,
    asked: bool,
    /// The steps in their order with their last states.
    steps: Vec<(String, String)>,
    page: &'a str,
}

/// The most steps whose states are remembered.
const MOST_STEPS: usize = 10_000;

impl Watch for Watcher<'_> {
    fn event(&mut self, event: &Event) {
        if let (Some(step), Some(status)) = (&event.step, &event.status) {
            match self.steps.iter().position(|(id, _)| id == step) {
                Some(at) => self.steps[at].1.clone_from(status),
                None if self.steps.len() < MOST_STEPS => self.steps.push((step.clone(), status.clone())),
                None => {}
            }
        }
        crate::output::remote::event(self.console, event);
    }

    fn note(&mut self, words: &str) {
        self.console.note(format!("  {words}\n"));
    }

    fn wants_to_cancel(&mut self) -> Result<bool, Failure> {
        if self.asked || !self.interrupts.pressed() {
            return Ok(false);
        }
        self.asked = true;
        if !self.console.can_ask() {
            return Ok(true);
        }
        if Prompt::new(self.console).confirm("Cancel the task in Backstage too?", true)? {
            return Ok(true);
        }
        Err(Failure::new(Exit::Interrupted, "interrupted; the task goes on in Backstage").hint(self.page))
    }
}

/// The catalog of a live Backstage as pickers see it.
struct FromBackstage<'a> {
    remote: &'a Remote,
    console: &'a Console,
    place: Option<&'a Place>,
    /// What the user of the token owns things through.
    mine: OnceCell<Vec<String>>,
}

impl FromBackstage<'_> {
    /// What was found; nothing, and a warning, where Backstage does not say.
    fn or_warn<T: Default>(&self, found: Result<T, Failure>) -> T {
        found.unwrap_or_else(|failure| {
            self.console.warn(&format!("nothing can be offered: {failure}"));
            T::default()
        })
    }

    fn mine(&self) -> &[String] {
        self.mine.get_or_init(|| self.or_warn(self.remote.ownership()))
    }
}

impl Candidates for FromBackstage<'_> {
    fn entities(&self, picker: &EntityPicker) -> Vec<Offer> {
        let found = self.or_warn(self.remote.entities(picker));
        let owned = |value: &Value| {
            let relations = value.get("relations").and_then(Value::as_array).into_iter().flatten();
            let owners = relations.filter(|relation| relation.get("type") == Some(&Value::from("ownedBy")));
            let mut owners = owners.filter_map(|relation| relation.get("targetRef")?.as_str());
            owners.any(|owner| self.mine().iter().any(|mine| mine == owner))
        };
        let offer = |value: &Value| {
            let reference = reference_of(value)?;
            let offered = match picker.whose {
                Whose::Anyone => true,
                Whose::Owned => owned(value),
                Whose::Memberships => self.mine().contains(&reference),
            };
            offered.then(|| Offer { reference, title: title_of(value) })
        };
        let mut offers: Vec<Offer> = found.iter().filter_map(offer).collect();
        offers.sort();
        offers
    }

    fn tags(&self, picker: &TagsPicker) -> Vec<(String, usize)> {
        let mut counts: BTreeMap<String, usize> = BTreeMap::new();
        for entity in self.or_warn(self.remote.entities_of(&picker.kinds)) {
            let tags = entity.pointer("/metadata/tags").and_then(Value::as_array);
            for tag in tags.into_iter().flatten().filter_map(Value::as_str) {
                *counts.entry(tag.to_owned()).or_default() += 1;
            }
        }
        counts.into_iter().collect()
    }

    fn repository(&self) -> Option<RepoPlace> {
        origin(self.place?)
    }

    fn likely(&self, field: &Field) -> Option<Value> {
        let Kind::Owner(picker) = &field.kind else { return None };
        let offers = self.entities(picker);
        let mine = self.mine().iter().filter(|mine| mine.starts_with("group:"));
        let mut mine = mine.filter(|mine| offers.iter().any(|offer| offer.reference == **mine));
        mine.next().map(|group| Value::String(group.clone()))
    }
}
