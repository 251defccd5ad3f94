//! `status` held against fixtures: a kind in a state, or an entity in one, needs files only.
//!
//! `tests/fixtures/status/<kind>-<state>.yaml` has `object`, `expect` (`health` and, where it matters,
//! `reason`, `message`, `since`, `notes`) and `now` where the default of [`NOW`] does not do.
//! `tests/fixtures/status/reports/<case>/` has `desired.yaml` and `snapshot.yaml`, both lists of objects,
//! and `expected.yaml`: sync, health, cause and next step, and the tree as lines of text.

use std::fs;
use std::path::{Path, PathBuf};

use platform::clock::Timestamp;
use platform::object::Object;
use platform::status::{ObjectStatus, Snapshot, StatusReport, assess, health};
use serde_json::{Value, json};

/// The time of a judgement unless the fixture says otherwise.
const NOW: &str = "2026-11-22T10:00:00Z";

fn fixtures(folder: &str) -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/status").join(folder);
    let mut files: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.retain(|path| path.extension().is_some_and(|extension| extension == "yaml"));
    files.sort();
    files
}

fn yaml(path: &Path) -> Value {
    let text = fs::read_to_string(path).unwrap();
    serde_saphyr::from_str(&text).map_err(|error| format!("{}: {error}", path.display())).unwrap()
}

/// What is expected and what was said, both cut down to the fields that are expected.
fn check(path: &Path) -> Result<(), String> {
    let fixture = yaml(path);
    let now = Timestamp::parse(fixture["now"].as_str().unwrap_or(NOW)).unwrap();
    let verdict = health(&Object(fixture["object"].clone()), now);
    let said = json!({
        "health": verdict.health.as_str(),
        "reason": verdict.reason,
        "message": verdict.message,
        "since": verdict.since.map(|since| since.to_string()),
        "notes": verdict.notes,
    });
    let expected = fixture["expect"].as_object().unwrap();
    assert!(expected.contains_key("health"), "{}: no expected health", path.display());
    if expected.iter().all(|(key, value)| said.get(key) == Some(value)) {
        return Ok(());
    }
    Err(format!("{}: said {said:#}", path.file_name().unwrap().display()))
}

#[test]
fn each_kind_in_each_state() {
    let files = fixtures(".");
    assert!(files.len() > 20, "the fixtures were not found");
    let wrong: Vec<String> = files.iter().filter_map(|path| check(path).err()).collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn objects(path: &Path) -> Vec<Object> {
    let list = yaml(path).as_array().cloned().unwrap_or_default();
    list.into_iter().map(Object).collect()
}

/// One line an object, indented by its depth.
fn tree(nodes: &[ObjectStatus], depth: usize, lines: &mut Vec<String>) {
    for node in nodes {
        let sync = node.sync.map_or("-", |sync| sync.as_str());
        let relation =
            node.relation.map_or(String::new(), |relation| format!("{relation:?} ").to_lowercase());
        let pointers: Vec<&str> = node.differences.iter().map(|it| it.pointer.as_str()).collect();
        let (health, reason) = (node.verdict.health, &node.verdict.reason);
        let line = format!("{}{relation}{}: {sync} {health} {reason}", "  ".repeat(depth), node.reference);
        lines.push(format!("{line} {}", pointers.join(" ")).trim_end().to_owned());
        tree(&node.children, depth + 1, lines);
    }
}

fn summary(report: &StatusReport) -> Value {
    let mut lines = Vec::new();
    tree(&report.objects, 0, &mut lines);
    let cause = report.cause.as_ref().map(|cause| {
        let path: Vec<String> = cause.path.iter().map(ToString::to_string).collect();
        json!({"path": path, "message": cause.verdict.message})
    });
    let next = report.next.as_ref().map(|next| json!({"turn": next.turn.as_str(), "action": next.action}));
    json!({
        "sync": report.sync.as_str(),
        "health": report.health.as_str(),
        "cause": cause,
        "next": next,
        "objects": lines,
    })
}

#[test]
fn each_entity_in_each_state() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/status/reports");
    let mut cases: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    cases.sort();
    assert!(cases.len() > 3, "the fixtures were not found");
    let mut wrong = Vec::new();
    for case in cases {
        let observed = objects(&case.join("snapshot.yaml")).into_iter().map(|object| object.0);
        let now = Timestamp::parse(NOW).unwrap();
        let report = assess(&objects(&case.join("desired.yaml")), &Snapshot::from_values(observed), now);
        let said = summary(&report);
        if said != yaml(&case.join("expected.yaml")) {
            wrong.push(format!("{}:\n{}", case.display(), serde_saphyr::to_string(&said).unwrap()));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// JSON whose fields have the names that rules look for and values of any type.
fn odd_json() -> impl proptest::strategy::Strategy<Value = Value> {
    use proptest::prelude::*;
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        "(True|False|Unknown|Ready|Synced|Failed|[a-z0-9:.@/-]{0,12})".prop_map(Value::from),
        Just(json!("2026-11-22T09:00:00Z")),
        Just(json!("9999999999-99-99")),
    ];
    let key = prop_oneof![
        "(metadata|spec|status|conditions|type|reason|message|lastTransitionTime|generation|ownerReferences)",
        "(observedGeneration|phase|state|health|replicas|parents|listeners|parentRefs|resourceRefs|uid|kind)",
        "(deletionTimestamp|finalizers|labels|annotations|crossplane|name|namespace|containerStatuses|[a-z]{1,3})",
    ];
    leaf.prop_recursive(5, 64, 6, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..5).prop_map(Value::from),
            prop::collection::vec((key.clone(), inner), 0..6)
                .prop_map(|fields| Value::Object(fields.into_iter().collect())),
        ]
    })
}

/// Kinds with a rule of their own, so that odd values reach each of them.
const KINDS: &[(&str, &str)] = &[
    ("v1", "Namespace"),
    ("v1", "Pod"),
    ("apps/v1", "Deployment"),
    ("autoscaling/v2", "HorizontalPodAutoscaler"),
    ("cert-manager.io/v1", "Certificate"),
    ("gateway.networking.k8s.io/v1", "HTTPRoute"),
    ("gateway.networking.k8s.io/v1", "Gateway"),
    ("argoproj.io/v1alpha1", "Application"),
    ("argoproj.io/v1alpha1", "Rollout"),
    ("kustomize.toolkit.fluxcd.io/v1", "Kustomization"),
    ("stackconfigpolicy.k8s.elastic.co/v1alpha1", "StackConfigPolicy"),
    ("example.com/v1", "Widget"),
];

proptest::proptest! {
    #[test]
    fn no_object_is_too_odd(kind in 0..KINDS.len(), first in odd_json(), second in odd_json()) {
        let (api_version, kind) = KINDS[kind];
        let make = |odd: &Value| {
            let mut object = json!({"apiVersion": api_version, "kind": kind, "metadata": {"name": "x"}});
            if let (Value::Object(fields), Value::Object(odd)) = (&mut object, odd) {
                fields.extend(odd.clone());
                fields.insert("metadata".into(), json!({"name": "x", "uid": "u", "generation": odd.get("generation")}));
            }
            object
        };
        let (desired, observed) = (make(&first), make(&second));
        let now = Timestamp::parse(NOW).unwrap();
        let snapshot = Snapshot::from_values([observed, first, second]);
        let report = assess(&[Object(desired.clone())], &snapshot, now);
        proptest::prop_assert_eq!(report.objects[0].reference.to_string(), Object(desired).reference().to_string());
        proptest::prop_assert_eq!(report.cause.is_some(), report.health != platform::status::Health::Healthy);
    }
}
