//! Whole runs, file by file and output by output, against the dry run of Backstage.
//!
//! Steps with actions that the dry run of a stock backend has not (`publish:…`, those of plugins) or
//! only skips (`catalog:register`, `debug:wait`) are taken out on both sides.

use std::collections::BTreeMap;
use std::path::Path;

use platform::expression::Engine;
use platform::scaffolder::{
    Action, CatalogLookup, Context, Effect, Entry, Field, Files, Kind, Outcome, RunError, Template, User,
    check, run, test_cases, with_defaults,
};
use serde_json::{Map, Value, json};

use super::{Found, built_in, of_others, read};
use crate::support::node;

/// One run to compare.
struct Case {
    name: String,
    found: Found,
    answers: Map<String, Value>,
}

/// The templates in `tests/fixtures/scaffolder/runs`, the built-in ones with the answers of their own
/// tests, and what can be answered without thinking of the templates of others.
fn cases() -> Vec<Case> {
    let mut cases = Vec::new();
    let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/scaffolder");
    for found in read(&fixtures.join("runs")) {
        let folder = found.path.parent().unwrap();
        let answers = std::fs::read_to_string(folder.join("answers.json")).unwrap();
        let answers: Map<String, Value> = serde_json::from_str(&answers).unwrap();
        cases.push(Case { name: folder.file_name().unwrap().to_string_lossy().into_owned(), found, answers });
    }
    for found in built_in() {
        let mut skeleton = Files::default();
        load(found.path.parent().unwrap(), "", &mut skeleton);
        let template = Template::from_entity(&found.entity).unwrap();
        for case in test_cases(&skeleton).unwrap() {
            let answers = with_defaults(&template, &case.answers);
            let found = Found { path: found.path.clone(), entity: found.entity.clone() };
            cases.push(Case { name: format!("{} {}", template.name, case.name), found, answers });
        }
    }
    for found in of_others() {
        let Ok(template) = Template::from_entity(&found.entity) else { continue };
        if let Some(answers) = any_answers(&template) {
            let name = found.path.display().to_string();
            cases.push(Case { name, found, answers });
        }
    }
    cases
}

/// Some answers that the template takes; `None` when none is found.
fn any_answers(template: &Template) -> Option<Map<String, Value>> {
    let mut answers = with_defaults(template, &Map::new());
    for _ in 0..10 {
        let wrong = check(template, &answers);
        if wrong.is_empty() {
            return Some(answers);
        }
        let fields: Vec<Field> =
            template.parameters().iter().flat_map(|page| page.fields(&answers)).collect();
        for one in wrong {
            let name = one.path.split('.').next().unwrap_or_default();
            let field = fields.iter().find(|field| field.name == name)?;
            answers.insert(name.to_owned(), any_answer(field)?);
        }
        answers = with_defaults(template, &answers);
    }
    None
}

fn any_answer(field: &Field) -> Option<Value> {
    let texts = [
        "orders",
        "Orders service",
        "github.com?owner=acme&repo=orders",
        "a@example.com",
        "https://example.com",
        "1.2.3",
    ];
    let mut candidates: Vec<Value> = texts.into_iter().map(Value::from).collect();
    match &field.kind {
        Kind::RepoUrl(_) => candidates.rotate_left(2),
        Kind::Choice(choices) => candidates = choices.iter().map(|choice| choice.value.clone()).collect(),
        Kind::MultiChoice(choices) => candidates = vec![json!([choices.first()?.value])],
        Kind::List(_) | Kind::Tags(_) | Kind::Entities(_) => {
            candidates = vec![json!(["orders"]), json!([3]), json!([{}])];
        }
        Kind::Object(fields) => {
            let inner = fields.iter().filter_map(|field| Some((field.name.clone(), any_answer(field)?)));
            candidates = vec![Value::Object(inner.collect())];
        }
        _ => candidates.extend([json!(3), json!(8080), json!(true)]),
    }
    candidates.into_iter().find(|candidate| field.check(candidate).is_empty())
}

/// The entity without the steps that a stock backend cannot do in a dry run.
fn stock(entity: &Value) -> Value {
    let mut entity = entity.clone();
    if let Some(Value::Array(steps)) = entity.pointer_mut("/spec/steps") {
        steps.retain(|step| {
            let action = step["action"].as_str().and_then(Action::find);
            action.is_some_and(|action| action.effect == Effect::Done) && !is_remote(step)
        });
    }
    entity
}

fn is_remote(step: &Value) -> bool {
    step["input"]["url"].as_str().is_some_and(|url| url.contains("://"))
}

/// A folder on disk as files in memory.
pub(super) fn load(folder: &Path, below: &str, files: &mut Files) {
    use std::os::unix::fs::PermissionsExt;

    for entry in std::fs::read_dir(folder.join(below)).unwrap().map(Result::unwrap) {
        let name = entry.file_name().into_string().unwrap();
        let path = if below.is_empty() { name } else { format!("{below}/{name}") };
        let kind = entry.file_type().unwrap();
        if kind.is_symlink() {
            let target = std::fs::read_link(entry.path()).unwrap();
            files.link(&path, target.to_str().unwrap()).unwrap();
        } else if kind.is_dir() {
            files.folder(&path).unwrap();
            load(folder, &path, files);
        } else {
            let executable = entry.metadata().unwrap().permissions().mode() & 0o111 != 0;
            files.write(&path, std::fs::read(entry.path()).unwrap(), executable).unwrap();
        }
    }
}

/// The entities that `catalog:fetch` finds in these tests.
fn entities() -> Vec<Value> {
    vec![json!({
        "apiVersion": "backstage.io/v1alpha1", "kind": "Group", "metadata": {"name": "team-a", "title": "Team A"},
        "spec": {"type": "team", "children": []},
    })]
}

struct Catalog;

impl CatalogLookup for Catalog {
    fn entity(&self, reference: &platform::entity::EntityRef) -> Option<Value> {
        (reference.to_string() == "group:default/team-a").then(|| entities().remove(0))
    }
}

fn ours(case: &Case) -> Result<Outcome, Box<RunError>> {
    let mut skeleton = Files::default();
    load(case.found.path.parent().unwrap(), "", &mut skeleton);
    let context = Context {
        skeleton: &skeleton,
        catalog: &Catalog,
        engine: &Engine::default(),
        user: Some(User {
            reference: "user:default/alice".into(),
            entity: Some(json!({"metadata": {"name": "alice"}})),
        }),
        task_id: "task".into(),
        template_ref: Some("template:default/dry-run".into()),
        environment: Map::from_iter([("region".to_owned(), json!("eu"))]),
        secrets: Map::new(),
    };
    let template = Template::from_entity(&stock(&case.found.entity));
    run(&template.unwrap_or_else(|problems| panic!("{}: {problems:?}", case.name)), &case.answers, &context)
}

/// Path to content and mode, of what either side made.
type Tree = BTreeMap<String, (Vec<u8>, bool)>;

fn our_tree(outcome: &Outcome) -> Tree {
    let content = |entry: &Entry| match entry {
        Entry::File { bytes, executable } => (bytes.clone(), *executable),
        Entry::Link { target } => (target.clone().into_bytes(), false),
        Entry::Folder => (Vec::new(), false),
    };
    // Backstage hands out links only where they lead nowhere.
    let kept = outcome.files.iter().filter(|(path, entry)| match entry {
        Entry::Link { target } => {
            let parent = path.rsplit_once('/').map_or("", |(parent, _)| parent);
            let mut parts: Vec<&str> = parent.split('/').collect();
            for part in target.split('/') {
                if part == ".." {
                    parts.pop();
                } else {
                    parts.push(part);
                }
            }
            !outcome.files.contains(parts.join("/").trim_start_matches('/'))
        }
        _ => true,
    });
    kept.map(|(path, entry)| (path.to_owned(), content(entry))).collect()
}

fn their_tree(answer: &Value) -> Tree {
    let file = |file: &Value| {
        let bytes = decode(file["base64"].as_str().unwrap());
        let executable = file["executable"] == true && file["symlink"] != true;
        (file["path"].as_str().unwrap().to_owned(), (bytes, executable))
    };
    answer["files"].as_array().unwrap().iter().map(file).collect()
}

pub(super) fn decode(base64: &str) -> Vec<u8> {
    let digit = |byte: u8| match byte {
        b'A'..=b'Z' => byte - b'A',
        b'a'..=b'z' => byte - b'a' + 26,
        b'0'..=b'9' => byte - b'0' + 52,
        b'+' => 62,
        _ => 63,
    };
    let digits: Vec<u32> =
        base64.bytes().filter(|byte| *byte != b'=').map(|byte| u32::from(digit(byte))).collect();
    let quartet = |four: &[u32]| {
        let joined = four.iter().fold(0, |joined, digit| joined << 6 | digit) << (6 * (4 - four.len()));
        joined.to_be_bytes()[1..four.len()].to_vec()
    };
    digits.chunks(4).flat_map(quartet).collect()
}

fn differences(ours: &Tree, theirs: &Tree) -> Vec<String> {
    let paths: std::collections::BTreeSet<&String> = ours.keys().chain(theirs.keys()).collect();
    let shown = |file: Option<&(Vec<u8>, bool)>| {
        file.map_or("nothing".to_owned(), |(bytes, executable)| {
            format!("{:?} {executable}", String::from_utf8_lossy(bytes))
        })
    };
    let differing = paths.into_iter().filter(|path| ours.get(*path) != theirs.get(*path));
    differing
        .map(|path| {
            format!("  {path}\n    ours   {}\n    theirs {}", shown(ours.get(path)), shown(theirs.get(path)))
        })
        .collect()
}

#[test]
fn files_and_output_are_those_of_backstage() {
    let cases = cases();
    let questions = cases.iter().map(|case| {
        json!({
            "template": case.found.path, "entity": stock(&case.found.entity), "values": case.answers,
            "entities": entities(), "environment": {"region": "eu"},
            "user": {"ref": "user:default/alice", "entity": {"metadata": {"name": "alice"}}},
        })
    });
    let Some(answers) = node::ask("oracle/scaffolder", "dryrun.js", questions) else { return };
    let (mut wrong, mut files, mut failed) = (Vec::new(), 0, 0);
    for (case, theirs) in cases.iter().zip(answers) {
        let found = match (ours(case), theirs["ok"] == true) {
            (Ok(outcome), true) => {
                files += outcome.files.iter().count();
                let mut found = differences(&our_tree(&outcome), &their_tree(&theirs));
                if Value::Object(outcome.output.clone()) != theirs["output"] {
                    found.push(format!(
                        "  output\n    ours   {}\n    theirs {}",
                        json!(outcome.output),
                        theirs["output"]
                    ));
                }
                found
            }
            (Err(_), false) => {
                failed += 1;
                Vec::new()
            }
            (Ok(_), false) => vec![format!("  ours succeeds, theirs fails: {}", theirs["errors"])],
            (Err(error), true) => vec![format!("  ours fails, theirs succeeds: {error}")],
        };
        if !found.is_empty() {
            wrong.push(format!("{}\n{}", case.name, found.join("\n")));
        }
    }
    eprintln!("{} runs, {files} files, {failed} fail on both sides, {} differ", cases.len(), wrong.len());
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
