//! The templates that come with the program: they run here, have no findings, pass their own tests,
//! and make entities that Backstage accepts. What they make is compared with Backstage in `dry_run`.
//!
//! `SNAPSHOTS=overwrite` writes what they make as what is expected.

use std::path::Path;

use platform::expression::Engine;
use platform::scaffolder::{
    Context, Entry, Files, NoCatalog, Readiness, Template, check, compare, lint, plan, run, test_cases,
    with_defaults,
};
use platform::source::SourceId;
use serde_json::Map;

use super::built_in;
use super::dry_run::load;

const NAMES: [&str; 9] =
    ["api", "dns", "domain", "namespace", "resource", "service", "system", "team", "user"];

#[test]
fn built_in_templates_run_here_and_have_no_findings() {
    let mut names = Vec::new();
    for found in built_in() {
        let folder = found.path.parent().unwrap();
        let name = folder.file_name().unwrap().to_string_lossy().into_owned();
        let template = Template::from_entity(&found.entity).unwrap();
        assert_eq!(template.name, name);
        assert!(
            plan(&template).steps.iter().all(|step| matches!(step.readiness, Readiness::Ready(_))),
            "{name}"
        );
        let text = std::fs::read_to_string(&found.path).unwrap();
        let (tree, problems) = platform::yaml::parse(SourceId(0), &text);
        assert_eq!(problems, [], "{name}");
        let mut files = Files::default();
        load(folder, "", &mut files);
        let root = tree.documents(&text).next().unwrap().root().unwrap();
        assert_eq!(lint(root, &Engine::default(), Some(&files)), [], "{name}");
        names.push(name);
    }
    assert_eq!(names, NAMES);
}

#[test]
fn built_in_templates_pass_their_own_tests() {
    for found in built_in() {
        let folder = found.path.parent().unwrap();
        let mut skeleton = Files::default();
        load(folder, "", &mut skeleton);
        let template = Template::from_entity(&found.entity).unwrap();
        let cases = test_cases(&skeleton).unwrap();
        assert!(cases.len() >= 2, "{} has tests", template.name);
        for case in cases {
            let answers = with_defaults(&template, &case.answers);
            assert_eq!(check(&template, &answers), [], "{} {}", template.name, case.name);
            let context = Context {
                skeleton: &skeleton,
                catalog: &NoCatalog,
                engine: &Engine::default(),
                user: None,
                task_id: "test".into(),
                template_ref: Some(template.reference()),
                environment: Map::new(),
                secrets: Map::new(),
            };
            let outcome = run(&template, &answers, &context).unwrap();
            assert_eq!(outcome.warnings, [], "{} {}", template.name, case.name);
            entities_are_accepted(&outcome.files);
            if std::env::var("SNAPSHOTS").is_ok_and(|mode| mode == "overwrite") {
                write(&folder.join("tests").join(&case.name).join("expected"), &outcome.files);
            } else {
                assert_eq!(compare(&case.expected, &outcome.files), [], "{} {}", template.name, case.name);
            }
        }
    }
}

fn entities_are_accepted(files: &Files) {
    for (path, entry) in files.iter() {
        let Entry::File { bytes, .. } = entry else { panic!("{path} is a file") };
        let text = std::str::from_utf8(bytes).unwrap();
        let (tree, problems) = platform::yaml::parse(SourceId(0), text);
        assert_eq!(problems, [], "{path}");
        for document in tree.documents(text) {
            let (entity, findings) = platform::entity::decode(&document);
            assert!(entity.is_some() && findings.is_empty(), "{path}: {findings:?}\n{text}");
        }
    }
}

fn write(folder: &Path, files: &Files) {
    std::fs::remove_dir_all(folder).ok();
    for (path, entry) in files.iter() {
        let Entry::File { bytes, .. } = entry else { continue };
        let path = folder.join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, bytes).unwrap();
    }
}
