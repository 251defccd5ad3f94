//! Templates that people wrote, and templates that nobody would write.

use std::collections::BTreeSet;
use std::path::Path;

use platform::expression::{Engine, RenderOptions};
use serde_json::{Map, Value, json};

use super::grammar::Generator;
use super::{Question, compare};
use crate::support::shared::{files, shared};

/// How many templates to make up: `PLATFORM_TEST_MUTANTS`, or a sample.
fn count() -> u64 {
    std::env::var("PLATFORM_TEST_MUTANTS").ok().and_then(|count| count.parse().ok()).unwrap_or(1000)
}

#[test]
fn made_up_templates_agree() {
    let first = std::env::var("PLATFORM_TEST_SEED").ok().and_then(|seed| seed.parse().ok()).unwrap_or(0);
    let questions: Vec<Question> =
        (first..first + count()).map(|seed| Generator::new(seed).question()).collect();
    compare(&questions);
}

#[test]
fn templates_from_fixtures_agree() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/expression");
    let mut questions = Vec::new();
    for path in files(&folder, &[".json"]) {
        let fixture: Value = serde_json::from_str(&std::fs::read_to_string(&path).unwrap()).unwrap();
        let options = fixture.get("options").map(|options| RenderOptions {
            trim_blocks: options["trim_blocks"] == true,
            lstrip_blocks: options["lstrip_blocks"] == true,
            cookiecutter_compat: options["cookiecutter_compat"] == true,
        });
        for template in fixture["templates"].as_array().unwrap() {
            let template = template.as_str().unwrap().to_owned();
            questions.push(Question { template, scope: fixture["scope"].clone(), options: options.clone() });
        }
    }
    assert!(questions.len() > 100, "the fixtures were not found");
    compare(&questions);
}

/// Values that Backstage answered when it ran these expressions in a step.
#[test]
fn recorded_values_of_a_live_backend_agree() {
    let Some(path) = shared("reference/backstage-scaffolder-expressions.json") else { return };
    let recorded: Value = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    let scope = json!({
        "parameters": recorded["values"],
        "steps": { "one": { "output": {} } },
        "user": {},
        "context": { "task": { "id": "a task" } },
    });
    let engine = Engine::default().with_step_globals(false);
    let cases = recorded["cases"].as_array().unwrap();
    assert!(cases.len() >= 90);
    for case in cases {
        let template = case["template"].as_str().unwrap();
        if template.contains("context.task.id") {
            continue;
        }
        let (value, _) = engine.evaluate_all_lenient(&case["template"], &scope);
        let expected = (case["has"] == true).then(|| case["value"].clone());
        assert_eq!(value, expected, "{template}");
    }
}

/// Every string, file content and file name of templates that are in use, with made-up values.
#[test]
fn templates_in_use_agree() {
    let Some(folder) = shared("corpus/templates") else { return };
    let mut questions = Vec::new();
    for path in files(&folder, &[""]) {
        let Ok(text) = std::fs::read_to_string(&path) else { continue };
        let name = path.strip_prefix(&folder).unwrap().to_string_lossy().into_owned();
        for text in [text.as_str(), &name] {
            ask_about_file(text, &mut questions);
        }
        let mut strings = Vec::new();
        let (tree, _) = platform::yaml::parse(platform::source::SourceId(0), &text);
        for document in tree.documents(&text) {
            collect(&document.root().map_or(Value::Null, platform::yaml::Node::to_json), &mut strings);
        }
        for template in strings.into_iter().filter(|text| text.contains("{{") || text.contains("{%")) {
            let scope = synthesized(&template, &RenderOptions::default());
            questions.push(Question { template, scope, options: None });
        }
    }
    assert!(questions.len() > 1000, "the templates were not found");
    compare(&questions);
}

fn ask_about_file(text: &str, questions: &mut Vec<Question>) {
    for bits in 0..8 {
        let options = RenderOptions {
            trim_blocks: bits & 1 > 0,
            lstrip_blocks: bits & 2 > 0,
            cookiecutter_compat: bits & 4 > 0,
        };
        let scope = synthesized(text, &options);
        questions.push(Question { template: text.to_owned(), scope, options: Some(options) });
    }
}

fn collect(value: &Value, strings: &mut Vec<String>) {
    match value {
        Value::String(text) => strings.push(text.clone()),
        Value::Array(items) => items.iter().for_each(|item| collect(item, strings)),
        Value::Object(entries) => entries.values().for_each(|item| collect(item, strings)),
        _ => {}
    }
}

/// A scope that has what a template refers to: the kind of a value depends on its name.
fn synthesized(template: &str, options: &RenderOptions) -> Value {
    let Ok(parsed) = Engine::default().parse_with(template, options) else { return json!({}) };
    let mut root = Map::new();
    let mut seen: BTreeSet<Vec<String>> = BTreeSet::new();
    for reference in parsed.references {
        if seen.insert(reference.path.clone()) {
            put(&mut root, &reference.path);
        }
    }
    Value::Object(root)
}

fn put(map: &mut Map<String, Value>, path: &[String]) {
    let Some((first, rest)) = path.split_first() else { return };
    if rest.is_empty() {
        map.entry(first.clone()).or_insert_with(|| made_up(first));
    } else {
        let inner = map.entry(first.clone()).or_insert_with(|| json!({}));
        if !inner.is_object() {
            *inner = json!({});
        }
        if let Value::Object(inner) = inner {
            put(inner, rest);
        }
    }
}

fn made_up(name: &str) -> Value {
    let weight: usize = name.bytes().map(usize::from).sum();
    match weight % 9 {
        0 => json!(true),
        1 => json!(["b", "a", { "key": "x", "value": 2 }]),
        2 => json!({ "key": "x", "value": [1, 2] }),
        3 => json!(7.5),
        4 => json!("github.com?owner=o&repo=r"),
        5 => json!("group:default/team a"),
        6 => json!(null),
        7 => json!(""),
        _ => json!("A name, with words"),
    }
}
