//! The built-in templates in a real Backstage: its catalog takes them in, its scaffolder runs them, and
//! makes the same files of the same answers.

use std::collections::BTreeMap;
use std::sync::Arc;

use platform::entity::EntityRef;
use platform::expression::Engine;
use platform::http::{Client, Credential, Endpoint, Limits, Method, Scheme};
use platform::scaffolder::{Context, Entry, Files, NoCatalog, Template, run, test_cases, with_defaults};
use serde_json::{Map, Value, json};
use url::Url;

use super::dry_run::{decode, load};
use super::{Found, built_in};
use crate::support::backstage::Backstage;
use crate::support::git::base64_of;

fn api(fixture: &Backstage) -> Endpoint {
    let client = Client::new(Limits { body: 32 << 20, ..Limits::default() }, Arc::new(())).unwrap();
    let credential = Credential::new(&fixture.token, "the fixture");
    Endpoint::new(client, Url::parse(&fixture.url).unwrap(), Scheme::Bearer, Some(credential))
        .header("accept", "application/json")
}

#[test]
fn a_real_backstage_takes_in_every_built_in_template() {
    let Some(fixture) = Backstage::shared() else { return };
    let client = Client::new(platform::backstage::Backstage::limits(), Arc::new(())).unwrap();
    let credential = Credential::new(&fixture.token, "the fixture");
    let backstage =
        platform::backstage::Backstage::new(client, Url::parse(&fixture.url).unwrap(), Some(credential));
    for found in built_in() {
        let name = found.entity["metadata"]["name"].as_str().unwrap();
        let reference = EntityRef::new("template", "default", name);
        let ingestion = backstage.ingestion(&reference).unwrap();
        let platform::backstage::Ingestion::Ingested(ingested) = ingestion else {
            panic!("{name}: {ingestion:?}")
        };
        assert_eq!(ingested.entity["spec"]["steps"], found.entity["spec"]["steps"], "{name}");
        // and its scaffolder reads the form
        let api = api(fixture);
        let url = api.url([
            "api",
            "scaffolder",
            "v2",
            "templates",
            "default",
            "template",
            name,
            "parameter-schema",
        ]);
        let schema: Value = api.get(url, &[]).unwrap().json().unwrap();
        let pages = found.entity["spec"]["parameters"].as_array().map_or(1, Vec::len);
        assert_eq!(schema["steps"].as_array().unwrap().len(), pages, "{name}");
    }
}

#[test]
fn a_real_backstage_makes_the_same_files_of_every_built_in_template() {
    let Some(fixture) = Backstage::shared() else { return };
    let api = api(fixture);
    let mut runs = 0;
    for found in built_in() {
        let mut skeleton = Files::default();
        load(found.path.parent().unwrap(), "", &mut skeleton);
        let template = Template::from_entity(&found.entity).unwrap();
        for case in test_cases(&skeleton).unwrap() {
            let answers = with_defaults(&template, &case.answers);
            let ours = ours(&template, &skeleton, &answers);
            let theirs = theirs(&api, &found, &answers);
            assert_eq!(ours, theirs, "{} {}", template.name, case.name);
            assert!(!ours.is_empty());
            runs += 1;
        }
    }
    assert!(runs >= 18, "{runs} runs");
}

type Tree = BTreeMap<String, String>;

fn ours(template: &Template, skeleton: &Files, answers: &Map<String, Value>) -> Tree {
    let context = Context {
        skeleton,
        catalog: &NoCatalog,
        engine: &Engine::default(),
        user: None,
        task_id: "task".into(),
        template_ref: Some("template:default/dry-run".into()),
        environment: Map::new(),
        secrets: Map::new(),
    };
    let outcome = run(template, answers, &context).unwrap();
    let text = |entry: &Entry| match entry {
        Entry::File { bytes, .. } => String::from_utf8(bytes.clone()).unwrap(),
        other => panic!("{other:?} is no file"),
    };
    outcome.files.iter().map(|(path, entry)| (path.to_owned(), text(entry))).collect()
}

/// What the scaffolder's dry run makes. A stock backend has no action of GitHub, so the step that opens the
/// request in the portal, and that is skipped without its setting, is left out.
fn theirs(api: &Endpoint, found: &Found, answers: &Map<String, Value>) -> Tree {
    let mut template = found.entity.clone();
    let steps = template.pointer_mut("/spec/steps").and_then(Value::as_array_mut).unwrap();
    steps.retain(|step| step["action"] != "publish:github:pull-request");
    let text = std::fs::read_to_string(&found.path).unwrap();
    let body = json!({
        "template": template, "values": answers, "secrets": {},
        "directoryContents": [{"path": "template.yaml", "base64Content": base64_of(text.as_bytes())}],
    });
    let answer = api.write(Method::POST, api.url(["api", "scaffolder", "v2", "dry-run"]), body);
    let answer: Value =
        answer.unwrap_or_else(|error| panic!("{}: {error}", template["metadata"]["name"])).json().unwrap();
    let files = answer["directoryContents"].as_array().unwrap();
    let file = |file: &Value| {
        let bytes = decode(file["base64Content"].as_str().unwrap());
        (file["path"].as_str().unwrap().to_owned(), String::from_utf8(bytes).unwrap())
    };
    files.iter().map(file).collect()
}
