//! The template language against the engine that Backstage uses.

mod agreement;
mod grammar;
mod limits;
mod outline;

use platform::expression::{Engine, RenderOptions};
use serde_json::{Value, json};

use crate::support::node;

/// A template, its scope, and how it is rendered.
#[derive(Clone)]
struct Question {
    template: String,
    scope: Value,
    /// `None` asks for the value, options for text.
    options: Option<RenderOptions>,
}

impl Question {
    fn asked(&self) -> Value {
        let options = self.options.clone().unwrap_or_default();
        json!({
            "template": self.template,
            "scope": self.scope,
            "mode": if self.options.is_some() { "text" } else { "value" },
            "options": {
                "trimBlocks": options.trim_blocks,
                "lstripBlocks": options.lstrip_blocks,
                "cookiecutterCompat": options.cookiecutter_compat,
            },
        })
    }

    fn ours(&self, engine: &Engine) -> Value {
        let answer = match &self.options {
            None => engine.evaluate(&self.template, &self.scope),
            Some(options) => {
                engine.render(&self.template, &self.scope, options).map(|text| Some(text.into()))
            }
        };
        match answer {
            Ok(Some(value)) => json!({ "value": value }),
            Ok(None) => json!({ "undefined": true }),
            Err(error) => json!({ "error": error.message }),
        }
    }
}

/// Asks both engines and fails with the first differences. Messages of errors are our own.
fn compare(questions: &[Question]) {
    let asked: Vec<Value> = questions.iter().map(Question::asked).collect();
    let Some(theirs) = node::ask("oracle/scaffolder", "expression.js", asked) else { return };
    let engine = Engine::default();
    let mut different = Vec::new();
    let mut failing = 0;
    for (question, theirs) in questions.iter().zip(theirs) {
        let ours = question.ours(&engine);
        let both_fail = ours.get("error").is_some() && theirs.get("error").is_some();
        failing += usize::from(both_fail);
        if !both_fail && !same(&ours, &theirs) {
            different.push(format!("{:?}\n   ours {ours}\n theirs {theirs}", question.template));
        }
    }
    assert!(
        failing * 10 < questions.len() * 7,
        "{failing} of {} templates are refused by both",
        questions.len()
    );
    let shown: Vec<&str> = different.iter().take(40).map(String::as_str).collect();
    assert!(different.is_empty(), "{} of {} differ:\n{}", different.len(), questions.len(), shown.join("\n"));
}

/// Equal as JavaScript values: 1.0 is 1, and the order of keys counts.
fn same(ours: &Value, theirs: &Value) -> bool {
    match (ours, theirs) {
        (Value::Number(ours), Value::Number(theirs)) => ours.as_f64() == theirs.as_f64(),
        (Value::Array(ours), Value::Array(theirs)) => {
            ours.len() == theirs.len() && ours.iter().zip(theirs).all(|(ours, theirs)| same(ours, theirs))
        }
        (Value::Object(ours), Value::Object(theirs)) => {
            ours.len() == theirs.len()
                && ours.iter().zip(theirs).all(|(ours, theirs)| ours.0 == theirs.0 && same(ours.1, theirs.1))
        }
        _ => ours == theirs,
    }
}
