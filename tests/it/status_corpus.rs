//! `status::health` held against the verdicts of kstatus and Argo CD on their own test objects.
//!
//! The objects are third-party test input that is not part of this repository: without the folder the
//! tests say so and stop. The cases that differ are listed one by one with the reason, so that a rule that
//! gets better or worse shows.

use std::fs;
use std::path::{Path, PathBuf};

use platform::clock::Timestamp;
use platform::object::Object;
use platform::status::{Health, health};
use serde_json::Value;

/// The time of every judgement; a case that wants to be young says `NOW`.
const NOW: &str = "2026-11-22T10:00:00Z";

/// The folder of the corpus, or why there is none.
fn corpus() -> Option<PathBuf> {
    let shared = std::env::var_os("PLATFORM_TEST_SHARED")
        .map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared"), PathBuf::from);
    let folder = shared.join("corpus/health");
    if folder.is_dir() {
        return Some(folder);
    }
    eprintln!("SKIPPED: {} is not there", folder.display());
    None
}

fn yaml(path: &Path) -> Value {
    let text = fs::read_to_string(path).unwrap().replace("NOW", NOW);
    serde_saphyr::from_str(&text).map_err(|error| format!("{}: {error}", path.display())).unwrap()
}

struct Case {
    group: String,
    name: String,
    object: Object,
    expected: String,
}

fn cases(group: &str, file: &Value) -> Vec<Case> {
    let list = file["cases"].as_array().unwrap().iter();
    list.filter_map(|case| {
        let expected = case["expect"]["status"].as_str()?.to_owned();
        let name = case["name"].as_str().unwrap().to_owned();
        Some(Case { group: group.to_owned(), name, object: Object(case["object"].clone()), expected })
    })
    .collect()
}

fn argo_cases(root: &Path) -> Vec<Case> {
    let mut all = Vec::new();
    let mut folders: Vec<PathBuf> = fs::read_dir(root).unwrap().map(|entry| entry.unwrap().path()).collect();
    folders.sort();
    for path in folders {
        let group = path.file_stem().unwrap().to_str().unwrap().to_owned();
        if path.is_file() {
            all.extend(cases(&group, &yaml(&path)));
            continue;
        }
        let group = path.file_name().unwrap().to_str().unwrap().to_owned();
        let mut files: Vec<PathBuf> =
            fs::read_dir(&path).unwrap().map(|entry| entry.unwrap().path()).collect();
        files.sort();
        all.extend(files.iter().flat_map(|file| cases(&group, &yaml(file))));
    }
    all
}

/// Cases in which we say something else on purpose, or cannot know better, and why.
const DIFFERENT: &[(&str, &str)] = &[
    // kstatus
    ("TestPodStatus/podCompletedFailed", "a Pod that failed is not done"),
    ("TestCRDGenericStatus/crdNotReady", "Ready=False without a time: nothing says that it is on its way"),
    // Argo CD
    ("pod-running-restart-onfailure", "a container that crashes over and over does not get better by itself"),
    ("apiservice-v1beta1-false", "an API that has not been available for over a minute is a failure"),
    ("runningExperiment", "a kind without a rule of its own: Running is a good word for most"),
    (
        "progressing_newWorkloadGeneration",
        "a Rollout that refers to a workload: its generation is not compared",
    ),
    ("unknown", "a Beat without a status: nobody has looked at it yet"),
];

/// Judges all cases and compares: nothing but the cases of [`DIFFERENT`] may disagree, and all that are
/// here must. Returns how many cases there were and how many agreed.
fn compare(cases: &[Case], agrees: impl Fn(&str, Health) -> bool) -> (usize, usize) {
    let now = Timestamp::parse(NOW).unwrap();
    let mut surprises = Vec::new();
    let mut agreeing = 0;
    for case in cases {
        let verdict = health(&case.object, now);
        let agrees = agrees(&case.expected, verdict.health);
        agreeing += usize::from(agrees);
        if agrees == DIFFERENT.iter().any(|(name, _)| *name == case.name && is_listed_for(name, case)) {
            let (group, name, kind) = (&case.group, &case.name, case.object.gvk().kind);
            let said = format!("{} ({}: {})", verdict.health, verdict.reason, verdict.message);
            surprises.push(format!("{group} {kind} {name}: {} there, {said} here", case.expected));
        }
    }
    assert!(surprises.is_empty(), "a difference that is new, or gone:\n{}", surprises.join("\n"));
    (cases.len(), agreeing)
}

/// Logstash has a case of the same name as the Beat's.
fn is_listed_for(name: &str, case: &Case) -> bool {
    name != "unknown" || case.group == "beat.k8s.elastic.co"
}

#[test]
fn kstatus() {
    let Some(folder) = corpus() else { return };
    let all = cases("kstatus", &yaml(&folder.join("kstatus.yaml")));
    let counts = compare(&all, |expected, health| match expected {
        "Current" => matches!(health, Health::Healthy | Health::Suspended),
        "InProgress" => health == Health::Progressing,
        "Failed" => health == Health::Degraded,
        _ => false,
    });
    assert_eq!(counts, (33, 31));
}

#[test]
fn argo_cd() {
    let Some(folder) = corpus() else { return };
    let all = argo_cases(&folder.join("argocd"));
    let counts = compare(&all, |expected, health| expected.to_lowercase() == health.as_str());
    assert_eq!(counts, (127, 122));
}
