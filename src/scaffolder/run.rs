//! Runs a template in memory: the rules of Backstage's `NunjucksWorkflowRunner`, and its order.

use serde_json::{Map, Value, json};

use super::actions::{Action, ActionError, Call};
use super::outcome::{LogLine, Outcome, RunError};
use super::parameters::validate::violations;
use super::plan::{UNKNOWN_HINT, unknown};
use super::problem::{Problem, child};
use super::skeleton::Skeleton;
use super::template::{Condition, Step, Template};
use super::values::{in_script_order, is_truthy, map_in_script_order};
use crate::diagnostic::did_you_mean;
use crate::entity::EntityRef;
use crate::expression::Engine;

/// How often one step may run for its `each`.
const MAX_ITERATIONS: usize = 1000;

/// Reads entities for `catalog:fetch`.
pub trait CatalogLookup {
    /// The whole entity as JSON, or `None` when the catalog has none with this ref.
    fn entity(&self, reference: &EntityRef) -> Option<Value>;
}

/// No catalog: every `catalog:fetch` that is not optional fails.
pub struct NoCatalog;

impl CatalogLookup for NoCatalog {
    fn entity(&self, _: &EntityRef) -> Option<Value> {
        None
    }
}

/// What a template sees besides its answers.
pub struct Context<'a> {
    /// What it may copy from.
    pub skeleton: &'a dyn Skeleton,
    /// Where `catalog:fetch` looks.
    pub catalog: &'a dyn CatalogLookup,
    /// Evaluates `${{ }}`.
    pub engine: &'a Engine,
    /// `user.ref` and `user.entity`: who runs it, where that is known.
    pub user: Option<User>,
    /// `context.task.id`.
    pub task_id: String,
    /// The ref that `catalog:write` puts into `backstage.io/source-template`; nothing is put there
    /// when it is absent. See [`Template::reference`].
    pub template_ref: Option<String>,
    /// `environment.parameters`, in Backstage from `scaffolder.defaultEnvironment`.
    pub environment: Map<String, Value>,
    /// `secrets`, for step inputs alone. Must not be shown; log lines of steps may hold them.
    pub secrets: Map<String, Value>,
}

/// Who runs a template.
#[derive(Clone, Debug, PartialEq)]
pub struct User {
    /// The entity ref.
    pub reference: String,
    /// The entity, where it is known.
    pub entity: Option<Value>,
}

/// Runs all steps with answers that are complete (see [`with_defaults`](super::with_defaults) and
/// [`check`](super::check)) and returns what they made, or where it stopped.
///
/// As in Backstage a step that fails skips those behind it, except those whose `if` asks
/// `always()` or `failure()`; the error is that of the first step that failed.
pub fn run(
    template: &Template,
    answers: &Map<String, Value>,
    context: &Context<'_>,
) -> Result<Outcome, Box<RunError>> {
    let engine = context.engine.clone().with_step_globals(false);
    let mut runner = Runner {
        context,
        engine,
        outcome: Outcome::default(),
        scope: scope(answers, context),
        failure: None,
    };
    for step in template.steps() {
        runner.step(step);
    }
    runner.finish(template)
}

fn scope(answers: &Map<String, Value>, context: &Context<'_>) -> Value {
    let mut user = Map::new();
    if let Some(who) = &context.user {
        user.insert("ref".to_owned(), Value::from(who.reference.as_str()));
        user.extend(who.entity.clone().map(|entity| ("entity".to_owned(), entity)));
    }
    json!({
        "parameters": map_in_script_order(answers.clone()),
        "environment": {"parameters": context.environment, "secrets": {}},
        "steps": {},
        "user": user,
        "context": {"task": {"id": context.task_id}},
    })
}

struct Runner<'a> {
    context: &'a Context<'a>,
    /// With the globals of steps, `always()` and `failure()`.
    engine: Engine,
    outcome: Outcome,
    scope: Value,
    failure: Option<(Step, ActionError)>,
}

/// One time that a step runs.
struct Iteration {
    key: Option<String>,
    each: Option<Value>,
    input: Map<String, Value>,
    runs: bool,
}

impl Runner<'_> {
    fn step(&mut self, step: &Step) {
        if self.failure.is_some() && !self.cleans_up(step) {
            self.say(step, "skipped because a step before it failed");
            return;
        }
        if let Err(error) = self.execute(step) {
            self.say(step, format!("failed: {}", error.message));
            if self.failure.is_none() {
                self.failure = Some((step.clone(), error));
                self.engine = self.context.engine.clone().with_step_globals(true);
            }
        }
    }

    /// Whether the `if` of a step asks how the steps before it went.
    fn cleans_up(&self, step: &Step) -> bool {
        let Condition::When(text) = &step.condition else { return false };
        self.engine.evaluate_condition(text, &self.scope).is_ok_and(|condition| condition.asked_status)
    }

    fn execute(&mut self, step: &Step) -> Result<(), ActionError> {
        if !self.wanted(step) {
            self.say(step, "skipped because its if is false");
            return Ok(());
        }
        let action = Action::find(&step.action)
            .ok_or_else(|| ActionError::new(unknown(&step.action)).hint(UNKNOWN_HINT))?;
        let iterations = self.iterations(step)?;
        for iteration in iterations.iter().filter(|iteration| iteration.runs) {
            check_input(action, iteration)?;
        }
        let mut output = Map::new();
        for iteration in &iterations {
            if let Some(each) = &iteration.each {
                let key = iteration.key.as_deref().unwrap_or_default();
                let verb = if iteration.runs { "runs" } else { "skipped" };
                self.say(step, format!("{verb} for {key}: {}", super::parameters::validate::shown(each)));
            }
            if iteration.runs {
                self.call(step, action, iteration, &mut output)?;
            }
        }
        if let Some(Value::Object(steps)) = self.scope.get_mut("steps") {
            steps.insert(step.id.clone(), json!({"output": output}));
        }
        Ok(())
    }

    fn wanted(&mut self, step: &Step) -> bool {
        match &step.condition {
            Condition::Always => true,
            Condition::Never => false,
            // With `each` it is asked for every entry.
            Condition::When(_) if step.each.is_some() => true,
            Condition::When(text) => {
                let scope = self.scope.clone();
                self.holds(text, step, &scope)
            }
        }
    }

    fn holds(&mut self, text: &str, step: &Step, scope: &Value) -> bool {
        let value = self.render(&Value::from(text), &child(&step.pointer, "if"), scope);
        is_truthy(value.as_ref())
    }

    /// A value with every text in it evaluated. A text that fails is passed on as it is, as in
    /// Backstage, and leaves a warning.
    fn render(&mut self, value: &Value, pointer: &str, scope: &Value) -> Option<Value> {
        let (value, swallowed) = self.engine.evaluate_all_lenient(value, scope);
        for one in swallowed {
            let message = format!("{}; Backstage passes the text on as it is", one.error.message);
            self.outcome.warnings.push(Problem::new(format!("{pointer}{}", one.pointer), message));
        }
        value.map(in_script_order)
    }

    fn iterations(&mut self, step: &Step) -> Result<Vec<Iteration>, ActionError> {
        let mut scope = self.scope.clone();
        scope["secrets"] = Value::Object(self.context.secrets.clone());
        let input_place = child(&step.pointer, "input");
        let Some(each) = &step.each else {
            let input = object(self.render(&step.input, &input_place, &scope));
            return Ok(vec![Iteration { key: None, each: None, input, runs: true }]);
        };
        let rendered = self.render(each, &child(&step.pointer, "each"), &scope);
        let entries: Vec<(String, Value)> = match rendered {
            Some(Value::Array(items)) => {
                items.into_iter().enumerate().map(|(at, item)| (at.to_string(), item)).collect()
            }
            Some(Value::Object(entries)) => entries.into_iter().collect(),
            _ => return Err(ActionError::new("each must come to a list or a mapping")),
        };
        if entries.len() > MAX_ITERATIONS {
            return Err(ActionError::new(format!("each has more than {MAX_ITERATIONS} entries")));
        }
        let mut iterations = Vec::with_capacity(entries.len());
        for (key, value) in entries {
            let each = json!({"key": key, "value": value});
            scope["each"] = each.clone();
            let runs = match &step.condition {
                Condition::When(text) if !text.is_empty() => self.holds(text, step, &scope),
                _ => true,
            };
            let input = object(self.render(&step.input, &input_place, &scope));
            iterations.push(Iteration { key: Some(key), each: Some(value), input, runs });
        }
        Ok(iterations)
    }

    fn call(
        &mut self,
        step: &Step,
        action: &Action,
        iteration: &Iteration,
        output: &mut Map<String, Value>,
    ) -> Result<(), ActionError> {
        let mut call = Call {
            step: &step.id,
            action: action.id,
            pointer: &step.pointer,
            input: &iteration.input,
            context: self.context,
            outcome: &mut self.outcome,
            output: Map::new(),
        };
        (action.run)(&mut call)?;
        let made = call.output;
        for (name, value) in made {
            if iteration.key.is_none() {
                output.insert(name, value);
            } else if let Value::Array(list) = output.entry(name).or_insert_with(|| Value::Array(Vec::new()))
            {
                list.push(value);
            }
        }
        Ok(())
    }

    fn finish(mut self, template: &Template) -> Result<Outcome, Box<RunError>> {
        if let Some((step, error)) = self.failure {
            return Err(Box::new(RunError {
                step: step.id,
                pointer: step.pointer,
                message: error.message,
                hint: error.hint,
                log: self.outcome.log,
                warnings: self.outcome.warnings,
            }));
        }
        let scope = std::mem::take(&mut self.scope);
        let mut output =
            object(self.render(&Value::Object(template.output().clone()), "/spec/output", &scope));
        for key in ["links", "text"] {
            if let Some(Value::Array(items)) = output.get_mut(key) {
                keep_wanted(items);
            }
        }
        self.outcome.output = output;
        Ok(self.outcome)
    }

    fn say(&mut self, step: &Step, text: impl Into<String>) {
        self.outcome.log.push(LogLine { step: step.id.clone(), text: text.into() });
    }
}

fn object(value: Option<Value>) -> Map<String, Value> {
    match value {
        Some(Value::Object(object)) => object,
        _ => Map::new(),
    }
}

/// Leaves out the items whose `if` is false. One whose `if` is undefined has lost the key by then,
/// and stays, as in Backstage.
fn keep_wanted(items: &mut Vec<Value>) {
    items.retain(|item| item.get("if").is_none_or(|condition| is_truthy(Some(condition))));
    for item in items {
        if let Value::Object(item) = item {
            item.shift_remove("if");
        }
    }
}

/// The rendered input against the schema of the action, everything wrong in one message.
fn check_input(action: &Action, iteration: &Iteration) -> Result<(), ActionError> {
    let Some(schema) = action.input_schema() else { return Ok(()) };
    let found = violations(schema, schema, &Value::Object(iteration.input.clone()));
    if found.is_empty() {
        return Ok(());
    }
    let known: Vec<&str> = schema
        .get("properties")
        .and_then(Value::as_object)
        .into_iter()
        .flatten()
        .map(|(key, _)| key.as_str())
        .collect();
    let mut hint = None;
    let sentences: Vec<String> = found
        .iter()
        .map(|violation| {
            let name = violation.pointer.trim_start_matches('/');
            if violation.unexpected && hint.is_none() {
                hint = did_you_mean(name, known.iter().copied())
                    .map(|meant| format!("write {meant} in place of {name}"));
            }
            format!("{} {}", if name.is_empty() { "the input" } else { name }, violation.message)
        })
        .collect();
    let of = iteration.key.as_ref().map_or_else(String::new, |key| format!("[{key}]"));
    let mut error = ActionError::new(format!("input of {}{of}: {}", action.id, sentences.join("; ")));
    error.hint = hint;
    Err(error)
}

#[cfg(test)]
mod tests {
    use serde_json::{Map, Value, json};

    use super::{Context, NoCatalog, run};
    use crate::expression::Engine;
    use crate::scaffolder::{Files, Outcome, RunError, Template};

    fn outcome(steps: &Value, answers: &Value) -> Result<Outcome, Box<RunError>> {
        let entity = json!({
            "apiVersion": crate::scaffolder::API_VERSION, "kind": "Template", "metadata": {"name": "t"},
            "spec": {"type": "x", "steps": steps},
        });
        let context = Context {
            skeleton: &Files::default(),
            catalog: &NoCatalog,
            engine: &Engine::default(),
            user: None,
            task_id: "test".into(),
            template_ref: None,
            environment: Map::new(),
            secrets: Map::from_iter([("token".to_owned(), json!("hidden"))]),
        };
        run(&Template::from_entity(&entity).unwrap(), answers.as_object().unwrap(), &context)
    }

    /// Writes an entity to a path that comes from an answer.
    fn check_path(path: &str, expected: Result<&str, &str>) {
        let steps = json!([{"id": "write", "action": "catalog:write", "input": {
            "filePath": "catalog/${{ parameters.path }}", "entity": {"metadata": {"name": "x"}},
        }}]);
        let made = outcome(&steps, &json!({"path": path}));
        let made =
            made.map(|outcome| outcome.files.iter().map(|(path, _)| path.to_owned()).collect::<String>());
        assert_eq!(made.as_deref().map_err(|error| &*error.message), expected);
    }

    #[test]
    fn an_answer_cannot_lead_out_of_the_workspace() {
        check_path("a/../b.yaml", Ok("catalog/b.yaml"));
        check_path("../../b", Err("path \"catalog/../../b\" leaves the workspace"));
        check_path("../.git/config", Err("path \"catalog/../.git/config\" reaches into a Git directory"));
        check_path(
            "a\u{1b}[2J",
            Err("path \"catalog/a\\u{1b}[2J\" holds a control character or a backslash"),
        );
    }

    #[test]
    fn a_failure_skips_all_but_those_that_ask_for_it() {
        let log = |id: &str, condition: Value| json!({"id": id, "action": "debug:log", "if": condition, "input": {"message": id}});
        let steps = json!([
            {"id": "bad", "action": "fs:readdir", "input": {"paths": ["nowhere"]}},
            log("plain", json!(true)),
            log("failure", json!("${{ failure() }}")),
            log("always", json!("${{ always() }}")),
            log("not", json!("${{ not failure() }}")),
            {"id": "second", "action": "acme:brew", "if": "${{ always() }}"},
        ]);
        let error = outcome(&steps, &json!({})).unwrap_err();
        assert_eq!((&*error.step, &*error.message), ("bad", "folder \"nowhere\" does not exist"));
        let log: Vec<String> = error.log.iter().map(|line| format!("{}: {}", line.step, line.text)).collect();
        assert_eq!(
            log,
            [
                "bad: failed: folder \"nowhere\" does not exist",
                "plain: skipped because a step before it failed",
                "failure: failure",
                "always: always",
                "not: skipped because its if is false",
                "second: failed: action acme:brew cannot run here",
            ]
        );
    }

    #[test]
    fn secrets_are_in_inputs_and_nowhere_else() {
        let steps = json!([
            {"id": "seen", "action": "debug:log", "input": {"message": "${{ secrets.token }}"}},
            {"id": "unseen", "action": "debug:log", "if": "${{ secrets.token }}", "input": {"message": "x"}},
        ]);
        let log = outcome(&steps, &json!({})).unwrap().log;
        let log: Vec<&str> = log.iter().map(|line| &*line.text).collect();
        assert_eq!(log, ["hidden", "skipped because its if is false"]);
    }

    #[test]
    fn what_backstage_keeps_silent_about_is_a_warning() {
        let steps =
            json!([{"id": "log", "action": "debug:log", "input": {"message": "${{ 1 | nofilter }}"}}]);
        let outcome = outcome(&steps, &json!({})).unwrap();
        assert_eq!(outcome.log[0].text, "${{ 1 | nofilter }}");
        assert_eq!(outcome.warnings[0].pointer, "/spec/steps/0/input/message");
    }

    #[test]
    fn a_loop_has_an_end() {
        let steps = json!([{"id": "log", "action": "debug:log", "each": "${{ range(2000) }}", "input": {"message": "x"}}]);
        assert_eq!(outcome(&steps, &json!({})).unwrap_err().message, "each has more than 1000 entries");
    }
}
