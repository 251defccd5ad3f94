//! The repository that `init` makes, in the hands of the programs it is made for.

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;
use std::process::Command;
use std::sync::Arc;

use platform::backstage::{Backstage, Ingestion};
use platform::cel::Condition;
use platform::clock::Timestamp;
use platform::entity::EntityRef;
use platform::http::{Client, Credential};
use platform::object::Object;
use platform::source::SourceId;
use platform::status::{Health, health};
use platform::yaml;
use serde_json::{Value, json};
use url::Url;

use crate::support::cli::Sandbox;
use crate::support::shared::files;
use crate::support::{backstage, node, project, python, skip};

const ID: &str = "11111111-2222-3333-4444-555555555555";

/// An address for each forge.
const ADDRESSES: [(&str, &str, &str); 4] = [
    ("github", "https://github.com/acme/blueprint", ".github/workflows/platform.yaml"),
    ("gitlab", "https://gitlab.com/acme/blueprint", ".gitlab-ci.yml"),
    ("forgejo", "https://codeberg.org/acme/blueprint", ".gitea/workflows/platform.yaml"),
    ("azure", "https://dev.azure.com/acme/shop/_git/blueprint", "azure-pipelines.yml"),
];

fn init(sandbox: &Sandbox, directory: &str, more: &[&str]) {
    let mut words = vec!["init", directory, "--team", "shop-team", "--user-id", ID];
    words.extend(more);
    sandbox.platform(words).run().code(0);
}

fn documents(path: &PathBuf) -> Vec<Value> {
    let text = fs::read_to_string(path).unwrap();
    let (tree, findings) = yaml::parse(SourceId(0), &text);
    assert_eq!(findings, [], "{}", path.display());
    tree.documents(&text).map(|document| document.root().unwrap().to_json()).collect()
}

#[test]
fn pre_commit_checks_all_of_it() {
    let Some(programs) = python::programs("oracle/hooks/requirements.txt") else { return };
    let mut sandbox = Sandbox::new();
    let ours = PathBuf::from(env!("CARGO_BIN_EXE_platform"));
    let path = std::env::var_os("PATH").unwrap();
    let folders = [ours.parent().unwrap().to_path_buf(), programs.clone()];
    let path = std::env::join_paths(folders.into_iter().chain(std::env::split_paths(&path))).unwrap();
    sandbox.set("PATH", path.to_str().unwrap());
    let store = sandbox.home().join("store").display().to_string();
    sandbox.set("PRE_COMMIT_HOME", &store);
    sandbox.set("PREK_HOME", &store);
    init(&sandbox, "b", &["--repository", ADDRESSES[0].1]);
    for runner in ["pre-commit", "prek"] {
        let run = || {
            let mut command = Command::new(programs.join(runner));
            command.args(["run", "--all-files"]).env_clear().envs(sandbox.env());
            let output = command.current_dir(sandbox.path("b")).output().unwrap();
            (output.status.success(), String::from_utf8_lossy(&output.stdout).into_owned())
        };
        let (passed, said) = run();
        assert!(passed && said.contains("Passed"), "{said}");
        let policy = sandbox.read("b/policies/owner.yaml");
        sandbox.write("b/policies/owner.yaml", &policy.replace("condition:", "conditoin:"));
        let (passed, said) = run();
        assert!(!passed && said.contains("conditoin"), "{said}");
        sandbox.write("b/policies/owner.yaml", &policy);
    }
}

#[test]
fn backstage_takes_it_in_without_an_error() {
    let sandbox = Sandbox::new();
    init(&sandbox, "b", &["--repository", ADDRESSES[0].1]);
    let service = [
        "name=orders",
        "owner=group:default/shop-team",
        "system=shop",
        "newSystem=true",
        "dns=true",
        "hostnames=a.example.com",
    ];
    let words = ["new-service"].into_iter().chain(service.iter().flat_map(|answer| ["--set", answer]));
    sandbox.platform(words).within("b").run().code(0);
    let folder = tempfile::tempdir().unwrap();
    let server = match backstage::Backstage::serving(folder, &[sandbox.path("b/catalog-info.yaml")]) {
        Ok(server) => server,
        Err(why) => return skip(&why),
    };
    let client = Client::new(Backstage::limits(), Arc::new(())).unwrap();
    let token = Credential::new(&server.token, "BACKSTAGE_TOKEN");
    let portal = Backstage::new(client, Url::parse(&server.url).unwrap(), Some(token));
    let listed = sandbox.platform(["list", "-o", "json"]).within("b").run().json();
    let entities = listed["entities"].as_array().unwrap();
    assert!(entities.len() >= 8, "{listed}");
    for entity in entities {
        let reference = EntityRef::parse(entity["ref"].as_str().unwrap(), None, "default").unwrap();
        let found = portal.ingestion(&reference).unwrap();
        assert!(matches!(found, Ingestion::Ingested(_)), "{reference}: {found:?}");
    }
}

#[test]
fn the_ci_files_are_what_their_forges_read() {
    let Some(programs) = python::programs("oracle/ci/requirements.txt") else { return };
    let sandbox = Sandbox::new();
    let sources =
        ["path", "image:registry.example.org/platform:1", "git:https://git.example.org/platform.git"];
    for (forge, address, file) in ADDRESSES {
        for (index, source) in sources.iter().enumerate() {
            let folder = format!("{forge}-{index}");
            init(&sandbox, &folder, &["--repository", address, "--platform-source", source]);
            let schema: &[&str] = match forge {
                "gitlab" => &["vendor.gitlab-ci", "--data-transform", "gitlab-ci"],
                // its schema has patterns that only an older dialect takes
                "azure" => &[
                    "vendor.azure-pipelines",
                    "--data-transform",
                    "azure-pipelines",
                    "--regex-variant",
                    "nonunicode",
                ],
                _ => &["vendor.github-workflows"],
            };
            let check = |path: PathBuf| {
                let mut command = Command::new(programs.join("check-jsonschema"));
                let output = command.arg("--builtin-schema").args(schema).arg(path).output().unwrap();
                (output.status.success(), String::from_utf8_lossy(&output.stdout).into_owned())
            };
            let (passed, said) = check(sandbox.path(&folder).join(file));
            assert!(passed, "{folder}: {said}");
            // the schema is one that can say no
            let text = sandbox.read(&format!("{folder}/{file}"));
            let broken = text
                .replace("runs-on:", "runs-no:")
                .replace("artifacts:", "script: 1\n  artifacts:")
                .replace("steps:", "stpes:");
            sandbox.write("broken.yml", &broken);
            assert!(!check(sandbox.path("broken.yml")).0, "{broken}");
        }
    }
}

#[test]
fn the_gitops_files_fit_the_definitions_of_their_kinds() {
    let sandbox = Sandbox::new();
    let mut objects = Vec::new();
    for (folder, more) in [
        ("argocd", &["--gitops", "argocd", "--cluster", "eu,us"][..]),
        ("flux", &["--gitops", "flux", "--cluster", "eu,us"]),
        ("argocd-dns", &["--gitops", "argocd", "--type", "dns-record"]),
        ("flux-dns", &["--gitops", "flux", "--type", "dns-record"]),
        ("flux-namespace", &["--gitops", "flux", "--type", "kubernetes-namespace"]),
    ] {
        let more: Vec<&str> = ["--repository", ADDRESSES[0].1].iter().chain(more).copied().collect();
        init(&sandbox, folder, &more);
        for path in files(&sandbox.path(folder).join("gitops"), &[".yaml"]) {
            objects.extend(documents(&path).into_iter().map(|object| (path.clone(), object)));
        }
    }
    assert!(objects.len() > 40, "{}", objects.len());
    let ours = |object: &Value| {
        let group = object["apiVersion"].as_str().unwrap().split('/').next().unwrap().to_owned();
        group == "argoproj.io" || group.ends_with(".fluxcd.io")
    };
    let asked: Vec<_> = objects.iter().filter(|(_, object)| ours(object)).collect();
    let questions = asked.iter().map(|(_, object)| object.clone()).chain([json!({
        "apiVersion": "kustomize.toolkit.fluxcd.io/v1", "kind": "Kustomization", "metadata": {"name": "x"}, "spec": {"prune": 1},
    })]);
    let Some(answers) = node::ask("oracle/definitions", "check.js", questions) else { return };
    for ((path, object), answer) in asked.iter().zip(&answers) {
        assert_eq!(*answer, json!({"known": true, "problem": null}), "{}: {object}", path.display());
    }
    assert_ne!(answers.last().unwrap()["problem"], Value::Null);
}

/// Which kinds of the objects in the tests of the built-in types somebody else has defined for us.
#[test]
fn the_objects_of_the_built_in_types_fit_the_definitions_of_their_kinds() {
    let mut objects = Vec::new();
    for path in files(&project().join("templates/types"), &["expected.yaml"]) {
        objects.extend(documents(&path));
    }
    let broken = |object: &Value| {
        let mut object = object.clone();
        object["spec"] = json!({"rules": 1, "dnsNames": 1, "from": 1});
        object
    };
    let questions: Vec<Value> = objects.iter().flat_map(|object| [object.clone(), broken(object)]).collect();
    let Some(answers) = node::ask("oracle/definitions", "check.js", questions) else { return };
    let mut known = BTreeSet::new();
    for (object, answers) in objects.iter().zip(answers.chunks(2)) {
        if answers[0]["known"] == json!(true) {
            assert_eq!(answers[0]["problem"], Value::Null, "{object}");
            assert_ne!(answers[1]["problem"], Value::Null, "{object}");
            known.insert(object["kind"].as_str().unwrap());
        }
    }
    // DNSEndpoint and Crossplane's kinds have no package
    assert!(known.is_superset(&BTreeSet::from(["Certificate", "HTTPRoute", "ReferenceGrant"])), "{known:?}");
}

/// Every state that Crossplane's conditions can be in, told by generation.
fn states() -> Vec<Object> {
    let mut states = Vec::new();
    let synced = [
        None,
        Some(("True", "ReconcileSuccess")),
        Some(("False", "ReconcileError")),
        Some(("False", "ReconcilePaused")),
    ];
    let ready =
        [None, Some(("True", "Available")), Some(("False", "Creating")), Some(("Unknown", "Creating"))];
    for (synced, ready, observed) in synced.iter().flat_map(|synced| {
        ready.iter().flat_map(move |ready| [None, Some(1), Some(2)].map(|observed| (synced, ready, observed)))
    }) {
        let condition = |kind: &str, (status, reason): &(&str, &str)| {
            let mut condition = json!({"type": kind, "status": status, "reason": reason, "message": "as it is",
                "lastTransitionTime": "2026-11-22T09:00:00Z"});
            if let Some(observed) = observed {
                condition["observedGeneration"] = json!(observed);
            }
            condition
        };
        let conditions: Vec<Value> = [
            synced.as_ref().map(|it| condition("Synced", it)),
            ready.as_ref().map(|it| condition("Ready", it)),
        ]
        .into_iter()
        .flatten()
        .collect();
        let mut object = json!({"apiVersion": "platform.internal/v1alpha1", "kind": "PlatformNamespace",
            "metadata": {"name": "shop", "generation": 2, "creationTimestamp": "2026-11-22T09:59:00Z"},
            "spec": {"crossplane": {"resourceRefs": []}}});
        if !conditions.is_empty() {
            object["status"] = json!({"conditions": conditions});
        }
        states.push(Object(object));
    }
    let fixtures = files(&project().join("tests/fixtures/status"), &[".yaml"]);
    let composites =
        fixtures.iter().filter(|path| path.file_name().unwrap().to_str().unwrap().starts_with("composite-"));
    states.extend(composites.map(|path| Object(documents(path)[0]["object"].clone())));
    states
}

fn verdict(object: &Object) -> Health {
    let now = if object.0["metadata"]["name"] == "shop" && object.0.get("status").is_none() {
        // nobody has looked at it yet, and that is no wonder
        object.text("/metadata/creationTimestamp").unwrap()
    } else {
        "2026-11-22T10:00:00Z"
    };
    health(object, Timestamp::parse(now).unwrap()).health
}

#[test]
fn argo_cd_judges_composites_as_status_does() {
    let Some(programs) = python::programs("oracle/lua/requirements.txt") else { return };
    // found by its real path, Python finds the packages beside it
    let python = fs::canonicalize(programs).unwrap().join("python");
    let sandbox = Sandbox::new();
    init(&sandbox, "b", &["--repository", ADDRESSES[0].1]);
    let map = &documents(&sandbox.path("b/gitops/argocd/settings/argocd-cm.yaml"))[0]["data"];
    let script = map["resource.customizations.health.platform.internal_PlatformNamespace"].as_str().unwrap();
    let states = states();
    let questions: Vec<Value> =
        states.iter().map(|object| json!({"script": script, "object": object.0})).collect();
    let script = project().join("tests/oracle/lua/health.py");
    let answers = converse(python.as_os_str(), &script, &questions);
    for (object, answer) in states.iter().zip(answers) {
        let expected = match verdict(object) {
            Health::Healthy => "Healthy",
            Health::Degraded => "Degraded",
            Health::Suspended => "Suspended",
            _ => "Progressing",
        };
        assert_eq!(answer["status"], expected, "{}", object.0);
        assert!(answer["message"].is_string(), "{answer}");
    }
    // an Application, which the order of the waves hangs on
    let script_of_application =
        map["resource.customizations.health.argoproj.io_Application"].as_str().unwrap();
    let ask = |status: Value| json!({"script": script_of_application, "object": {"status": status}});
    let questions = [ask(json!({})), ask(json!({"health": {"status": "Healthy"}}))];
    let answers = converse(python.as_os_str(), &script, &questions);
    assert_eq!((&answers[0]["status"], &answers[1]["status"]), (&json!("Progressing"), &json!("Healthy")));
}

fn converse(program: &std::ffi::OsStr, script: &std::path::Path, questions: &[Value]) -> Vec<Value> {
    use std::io::Write as _;
    let text = questions.iter().map(Value::to_string).collect::<Vec<_>>().join("\n");
    let mut child = Command::new(program)
        .arg(script)
        .stdin(std::process::Stdio::piped())
        .stdout(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    let mut input = child.stdin.take().unwrap();
    let writer = std::thread::spawn(move || input.write_all(text.as_bytes()));
    let output = child.wait_with_output().unwrap();
    writer.join().unwrap().unwrap();
    assert!(output.status.success());
    let text = String::from_utf8(output.stdout).unwrap();
    let answers: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(answers.len(), questions.len());
    answers
}

/// As Flux decides: a condition that cannot be decided is not there yet.
fn flux(rules: &Value, object: &Object) -> &'static str {
    let fields: Vec<(&str, &Value)> =
        object.0.as_object().unwrap().iter().map(|(name, value)| (name.as_str(), value)).collect();
    for (name, verdict) in [("inProgress", "in progress"), ("failed", "failed"), ("current", "current")] {
        let condition = Condition::compile(rules[name].as_str().unwrap()).unwrap();
        match condition.holds(&fields) {
            Ok(true) => return verdict,
            Ok(false) => {}
            Err(_) => return "in progress",
        }
    }
    "in progress"
}

#[test]
fn flux_judges_composites_as_status_does() {
    let sandbox = Sandbox::new();
    init(&sandbox, "b", &["--repository", ADDRESSES[0].1, "--gitops", "flux"]);
    let all = documents(&sandbox.path("b/gitops/flux/main/rendered.yaml"));
    let rules = &all[0]["spec"]["healthCheckExprs"][0];
    assert_eq!(rules["kind"], "PlatformNamespace");
    for object in states() {
        let found = flux(rules, &object);
        match verdict(&object) {
            Health::Healthy => assert_eq!(found, "current", "{}", object.0),
            Health::Degraded => assert_eq!(found, "failed", "{}", object.0),
            // Flux knows no such state: what is paused is as it last was
            Health::Suspended => assert_ne!(found, "failed", "{}", object.0),
            _ => assert_eq!(found, "in progress", "{}", object.0),
        }
    }
}
