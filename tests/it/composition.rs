//! What Crossplane and kro make out of our objects: the Composition's template filled by Go itself, and the
//! kro definition held against the manifests of the type that goes without kro.

use std::collections::BTreeSet;
use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

use platform::object::Object;
use platform::render::Definitions;
use serde_json::{Value, json};

use crate::render::{project, read_back, render};
use crate::support::python;

const NAMESPACE: &str = "templates/types/kubernetes-namespace";

fn read(path: &str) -> Value {
    serde_saphyr::from_str(&std::fs::read_to_string(project(path)).unwrap()).unwrap()
}

fn fixture(case: &str) -> Value {
    render(&project("tests/fixtures/render").join(case)).unwrap()["objects"][0].clone()
}

/// Fills the template of the Composition as function-go-templating does.
fn compose(programs: &Path, template: &Path, composite: &Value, resources: &Value) -> (String, Vec<Value>) {
    let mut observed = json!({"composite": {"resource": composite}});
    // As the function does: without observed resources there is no such key.
    if resources.as_object().is_some_and(|resources| !resources.is_empty()) {
        observed["resources"] = resources.clone();
    }
    // Through a link beside it, Python does not see that it is one of an environment.
    let mut child = Command::new(std::fs::canonicalize(programs).unwrap().join("python"))
        .arg(project("tests/servers/go-template/fill.py"))
        .arg(template)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(json!({"observed": observed}).to_string().as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(output.status.success(), "{text}");
    let documents = read_back(&text).into_iter().filter(|document| !document.is_null()).collect();
    (text, documents)
}

fn text<'a>(value: &'a Value, pointer: &str) -> &'a str {
    value.pointer(pointer).and_then(Value::as_str).unwrap_or("")
}

fn resource_name(object: &Value) -> &str {
    text(object, "/metadata/annotations/gotemplating.fn.crossplane.io~1composition-resource-name")
}

fn of_kind<'a>(objects: &'a [Value], kind: &str) -> Vec<&'a Value> {
    objects.iter().filter(|object| object["kind"] == kind).collect()
}

/// The groups as Crossplane observes them once Entra ID has made them: each has an object id.
fn made_groups(objects: &[Value]) -> Value {
    let made = of_kind(objects, "Group").into_iter().map(|group| {
        let name = resource_name(group);
        let mut group = group.clone();
        group["status"] = json!({"atProvider": {"objectId": format!("id-of-{name}")}});
        (name_of(&group), json!({"resource": group}))
    });
    Value::Object(made.collect())
}

fn name_of(object: &Value) -> String {
    resource_name(object).to_owned()
}

fn check_composed(programs: &Path, template: &Path, case: &str) {
    let composite = fixture(case);
    let (first_text, first) = compose(programs, template, &composite, &json!({}));
    let (second_text, second) = compose(programs, template, &composite, &made_groups(&first));
    for (step, text) in [("1-new", first_text), ("2-groups-made", second_text)] {
        let path = project(&format!("tests/fixtures/composition/{case}-{step}.yaml"));
        let expected = snapbox::Data::read_from(&path, Some(snapbox::data::DataFormat::Text));
        snapbox::Assert::new().action_env("SNAPSHOTS").eq(snapbox::Data::text(text).raw(), expected.raw());
    }
    for kind in ["RoleBinding", "PlatformNamespace"] {
        assert_eq!(of_kind(&first, kind), Vec::<&Value>::new(), "{case}: not before there are object ids");
    }
    for kind in ["Namespace", "ResourceQuota", "LimitRange", "NetworkPolicy"] {
        assert_eq!(of_kind(&first, kind).len(), 1, "{case}: {kind}");
    }
    for objects in [&first, &second] {
        let names: BTreeSet<&str> = objects.iter().map(resource_name).collect();
        assert_eq!(
            names.len(),
            objects.len(),
            "{case}: each object has a name of its own in the composition"
        );
    }
    check_access(&composite, &second, case);
}

/// Each group has its members, one binding to its object id, and a place in the status.
fn check_access(composite: &Value, objects: &[Value], case: &str) {
    let groups = composite["spec"]["groups"].as_array().unwrap();
    let bindings = of_kind(objects, "RoleBinding");
    assert_eq!(bindings.len(), groups.len(), "{case}");
    for group in groups {
        let id = format!("id-of-group-{}", text(group, "/name"));
        let binding = bindings.iter().find(|binding| text(binding, "/subjects/0/name") == id).unwrap();
        assert_eq!(binding["roleRef"]["name"], group["access"], "{case}");
        assert_eq!(binding["metadata"]["namespace"], composite["metadata"]["name"], "{case}");
        let group_name = format!("{}-{}", text(composite, "/metadata/name"), text(group, "/name"));
        let members = of_kind(objects, "Member")
            .into_iter()
            .filter(|member| text(member, "/spec/forProvider/groupObjectIdRef/name") == group_name);
        let ids: BTreeSet<&str> =
            members.map(|member| text(member, "/spec/forProvider/memberObjectId")).collect();
        let wanted = group["members"].as_array().unwrap().iter().map(|member| text(member, "/userId"));
        assert_eq!(ids, wanted.collect(), "{case}");
        let mapped = objects.iter().any(|object| {
            resource_name(object).starts_with("elasticsearch-role-mapping")
                && text(object, "/spec/forProvider/payload/body").contains(&id)
        });
        assert!(mapped, "{case}: {id} has a role in Elasticsearch");
    }
    let status = of_kind(objects, "PlatformNamespace")[0];
    let mut whole = composite.clone();
    whole["status"] = status["status"].clone();
    let definition = Object(read(&format!("{NAMESPACE}/definition.yaml")));
    let mut definitions = Definitions::default();
    assert_eq!(definitions.add(&definition), []);
    assert_eq!(definitions.check(&Object(whole)).violations, [], "{case}");
    assert_eq!(status["status"]["groups"].as_array().unwrap().len(), groups.len(), "{case}");
}

#[test]
fn the_composition_gives_access_once_the_groups_are_made() {
    let Some(programs) = python::programs("servers/go-template/requirements.txt") else { return };
    let composition = read(&format!("{NAMESPACE}/composition.yaml"));
    let template = text(&composition, "/spec/pipeline/0/input/inline/template");
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), template).unwrap();
    for case in ["namespace-defaults", "namespace-parameters", "namespace-groups"] {
        check_composed(&programs, file.path(), case);
    }
}

/// `${schema.spec.a.b}` in the templates of the kro definition, which are plain paths all of them.
fn filled(template: &Value, instance: &Value) -> Value {
    match template {
        Value::String(text) => match text.strip_prefix("${schema.").and_then(|rest| rest.strip_suffix('}')) {
            Some(path) => {
                let pointer = format!("/{}", path.replace('.', "/"));
                instance.pointer(&pointer).unwrap_or_else(|| panic!("the instance has no {path}")).clone()
            }
            None => template.clone(),
        },
        Value::Array(items) => items.iter().map(|item| filled(item, instance)).collect(),
        Value::Object(fields) => {
            fields.iter().map(|(name, value)| (name.clone(), filled(value, instance))).collect()
        }
        other => other.clone(),
    }
}

/// Without the label that says who keeps an object: kro puts its own there.
fn without_manager(mut object: Value) -> Value {
    object["metadata"]["labels"].as_object_mut().unwrap().remove("app.kubernetes.io/managed-by");
    object
}

#[test]
fn kro_makes_what_the_manifests_are() {
    let definition = read("templates/types/dns-record-kro/resource-graph-definition.yaml");
    let instance = fixture("dns-kro");
    let schema = &definition["spec"]["schema"];
    assert_eq!(instance["kind"], schema["kind"]);
    let version = format!("{}/{}", text(schema, "/group"), text(schema, "/apiVersion"));
    assert_eq!(text(&instance, "/apiVersion"), version);
    same_fields(&schema["spec"], &instance["spec"], "spec");
    let made: Vec<Value> = definition["spec"]["resources"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|resource| {
            let conditions = resource["includeWhen"].as_array().cloned().unwrap_or_default();
            conditions.iter().all(|condition| filled(condition, &instance) == json!(true))
        })
        .map(|resource| filled(&resource["template"], &instance))
        .collect();
    let folder = project("tests/fixtures/render/dns-kro");
    let catalog = std::fs::read_to_string(folder.join("catalog.yaml")).unwrap();
    let other = tempfile::tempdir().unwrap();
    std::fs::write(other.path().join("catalog.yaml"), catalog.replace("dns-record-kro", "dns-record"))
        .unwrap();
    std::fs::copy(folder.join("settings.yaml"), other.path().join("settings.yaml")).unwrap();
    let manifests = render(other.path()).unwrap()["objects"].as_array().unwrap().clone();
    let manifests: Vec<Value> = manifests.into_iter().map(without_manager).collect();
    assert_eq!(made.len(), 4);
    assert_eq!(made, manifests);
}

/// The simple schema of kro and an instance name the same fields.
fn same_fields(schema: &Value, value: &Value, at: &str) {
    let (Some(schema), Some(value)) = (schema.as_object(), value.as_object()) else { return };
    let names = |fields: &serde_json::Map<String, Value>| fields.keys().cloned().collect::<BTreeSet<_>>();
    assert_eq!(names(schema), names(value), "{at}");
    for (name, schema) in schema {
        same_fields(schema, &value[name], &format!("{at}.{name}"));
    }
}
