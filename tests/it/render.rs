//! `render` held against fixtures: an entity of a built-in type needs files only.
//!
//! `tests/fixtures/render/<case>/` has `catalog.yaml` (entities, the first one is rendered), `settings.yaml`
//! where the type's defaults do not do, and `expected.yaml`: the objects, or a mapping with `problems`.
//! `SNAPSHOTS=overwrite` writes it.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use platform::catalog::{Catalog, build};
use platform::expression::Engine;
use platform::object::Object;
use platform::render::{
    Context, Definitions, Place, Problem, ResourceType, Surroundings, links, objects, parse_type, to_yaml,
};
use platform::source::{SourceId, Sources};
use serde_json::{Value, json};

pub(crate) fn project(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

fn built_in(name: &str) -> ResourceType {
    let text = fs::read_to_string(project(&format!("templates/types/{name}/type.yaml"))).unwrap();
    let (found, findings) = parse_type(SourceId(0), &text);
    assert_eq!(findings, [], "{name}");
    found.unwrap()
}

fn catalog(path: &Path) -> Catalog {
    let mut sources = Sources::default();
    sources.add("catalog.yaml", Some(Arc::from(fs::read_to_string(path).unwrap())));
    let (catalog, findings) = build(sources);
    assert_eq!(findings, [], "{}", path.display());
    catalog
}

/// The documents of a rendered file, read by the reader of entities.
pub(crate) fn read_back(text: &str) -> Vec<Value> {
    let (tree, findings) = platform::yaml::parse(SourceId(0), text);
    assert_eq!(findings, []);
    tree.documents(text).filter_map(|document| Some(document.root()?.to_json())).collect()
}

pub(crate) fn render(case: &Path) -> Result<Value, Vec<Problem>> {
    let catalog = catalog(&case.join("catalog.yaml"));
    let entity = catalog.value_of(catalog.entities().next().unwrap()).unwrap();
    let resource_type = built_in(entity["spec"]["type"].as_str().unwrap());
    let settings = fs::read_to_string(case.join("settings.yaml")).unwrap_or_else(|_| "{}".into());
    let settings: Value = serde_saphyr::from_str(&settings).unwrap();
    let (engine, surroundings) = (Engine::default(), Surroundings::of(&entity, &catalog, "main"));
    let context = Context { engine: &engine, surroundings: &surroundings, settings: &settings };
    let made = objects(&entity, &resource_type, &context)?;
    let links = links(&entity, &resource_type, &context)?;
    let links: Vec<Value> = links.iter().map(|link| json!({"title": link.title, "url": link.url})).collect();
    let again = read_back(&to_yaml(&made).unwrap());
    assert!(again.iter().eq(made.iter().map(|Object(value)| value)), "{}", case.display());
    Ok(json!({"objects": again, "links": links}))
}

fn describe(problem: &Problem) -> Value {
    let (word, pointer) = match &problem.place {
        Place::Entity(pointer) => ("entity", pointer),
        Place::Type(pointer) => ("type", pointer),
    };
    let mut described = json!({"at": format!("{word} {pointer}"), "message": problem.message});
    if let Some(help) = &problem.help {
        described["help"] = json!(help);
    }
    described
}

#[test]
fn each_case() {
    let mut cases: Vec<PathBuf> =
        fs::read_dir(project("tests/fixtures/render")).unwrap().map(|entry| entry.unwrap().path()).collect();
    // What the command prints of a repository lies beside them as files.
    cases.retain(|path| path.is_dir());
    cases.sort();
    assert!(cases.len() > 5, "the fixtures were not found");
    for case in cases {
        let said = render(&case).unwrap_or_else(
            |problems| json!({"problems": problems.iter().map(describe).collect::<Vec<_>>()}),
        );
        let expected =
            snapbox::Data::read_from(&case.join("expected.yaml"), Some(snapbox::data::DataFormat::Text));
        let said = snapbox::Data::text(serde_saphyr::to_string(&said).unwrap()).raw();
        snapbox::Assert::new().action_env("SNAPSHOTS").eq(said, expected.raw());
    }
}

/// The composite resource of the namespace type against its own definition, and the composition's template
/// against the fields that the definition knows.
#[test]
fn the_composite_fits_its_definition() {
    let folder = "templates/types/kubernetes-namespace";
    let read = |name: &str| -> Value {
        serde_saphyr::from_str(&fs::read_to_string(project(&format!("{folder}/{name}"))).unwrap()).unwrap()
    };
    let definition = Object(read("definition.yaml"));
    let mut definitions = Definitions::default();
    assert_eq!(definitions.add(&definition), []);
    for case in ["namespace-defaults", "namespace-parameters", "namespace-groups"] {
        let made = render(&project("tests/fixtures/render").join(case)).unwrap();
        for object in made["objects"].as_array().unwrap() {
            let object = Object(object.clone());
            assert!(definitions.knows(&object), "{}", object.reference());
            assert_eq!(definitions.check(&object).violations, [], "{case}");
        }
    }
    let composition = read("composition.yaml");
    let template = composition.pointer("/spec/pipeline/0/input/inline/template").unwrap().as_str().unwrap();
    let schema = definition.0.pointer("/spec/versions/0/schema/openAPIV3Schema/properties/spec").unwrap();
    let mut used = 0;
    for path in template.split("$spec.").skip(1) {
        let path = path.split(|letter: char| !letter.is_alphanumeric() && letter != '.').next().unwrap();
        let pointer =
            path.split('.').fold(String::new(), |pointer, part| format!("{pointer}/properties/{part}"));
        assert!(schema.pointer(&pointer).is_some(), "the template uses spec.{path}");
        used += 1;
    }
    assert!(used > 10, "the template was not found");
}
