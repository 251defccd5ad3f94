//! The Kubernetes API server of the tests against recorded answers of a real one, and the cluster
//! client against a real one where there is one.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use platform::cluster::{Cluster, DryRun, Lookup, Ownership, Selector, Target};
use platform::http::{Client, Error, Limits, Method, Request, Response};
use platform::object::{Gvk, Object, ObjectRef};
use serde_json::{Value, json};
use url::Url;

use crate::support::kubernetes::{ADMIN, JANE, Kubernetes};
use crate::support::shared::shared;

struct Asker {
    client: Client,
    base: String,
    token: &'static str,
}

impl Asker {
    fn new(server: &Kubernetes, token: &'static str) -> Self {
        let client = Client::new(Limits::default(), Arc::new(())).unwrap();
        Self { client, base: server.url(), token }
    }

    fn send(
        &self,
        method: Method,
        path: &str,
        body: Option<Value>,
        headers: &[(&'static str, &str)],
    ) -> Result<Response, Error> {
        let url = Url::parse(&format!("{}{path}", self.base)).unwrap();
        let mut request =
            Request::new(method, url).header("authorization", &format!("Bearer {}", self.token)).unwrap();
        if let Some(body) = body {
            request = request.json(body);
        }
        for (name, value) in headers {
            request = request.header(name, value).unwrap();
        }
        self.client.send(&request)
    }

    fn get(&self, path: &str) -> Result<Response, Error> {
        self.send(Method::GET, path, None, &[])
    }

    fn apply(&self, path: &str, body: Value) -> Result<Response, Error> {
        self.send(Method::PATCH, path, Some(body), &[("content-type", "application/apply-patch+yaml")])
    }
}

/// The body of a refusal.
fn refusal(result: Result<Response, Error>) -> Value {
    let error = result.unwrap_err();
    error.answer().unwrap_or_else(|| panic!("{error}")).body.clone().unwrap()
}

fn certificate(spec: Value) -> Value {
    let mut object =
        json!({ "apiVersion": "cert-manager.io/v1", "kind": "Certificate", "metadata": { "name": "t" } });
    object["spec"] = spec;
    object
}

#[test]
fn refusals_are_those_of_a_real_server() {
    let Some(folder) = shared("corpus/kubernetes-live") else { return };
    let recorded = |name: &str| -> Value {
        let text = std::fs::read_to_string(folder.join(name)).unwrap();
        serde_json::from_str(&text).unwrap()
    };
    let server = Kubernetes::start();
    let admin = Asker::new(&server, ADMIN);
    let certificates = "/apis/cert-manager.io/v1/namespaces/default/certificates";
    let good = json!({ "secretName": "s", "issuerRef": { "name": "ca" } });
    let apply =
        |spec: Value| admin.apply(&format!("{certificates}/t?fieldManager=m&dryRun=All"), certificate(spec));

    assert_eq!(refusal(apply(json!({ "secretName": "s" }))), recorded("ssa-422-required.json"));
    let mut unknown = good.clone();
    unknown["nope"] = 1.into();
    assert_eq!(refusal(apply(unknown.clone())), recorded("ssa-500-unknown-field.json"));
    let strict = format!("{certificates}?dryRun=All&fieldValidation=Strict");
    let created = admin.send(Method::POST, &strict, Some(certificate(unknown)), &[]);
    assert_eq!(refusal(created), recorded("create-400-strict-unknown-field.json"));

    let labelled = |team: &str| {
        let mut object = certificate(good.clone());
        object["metadata"]["labels"] = json!({ "team": team });
        object
    };
    admin.apply(&format!("{certificates}/t?fieldManager=argocd-controller"), labelled("a")).unwrap();
    let taken = admin.apply(&format!("{certificates}/t?fieldManager=m"), labelled("b"));
    assert_eq!(refusal(taken), recorded("ssa-409-conflict.json"));

    assert_eq!(refusal(admin.get(&format!("{certificates}/nosuch"))), recorded("status-404.json"));
    server.forbid("list", "certificates.cert-manager.io");
    let jane = Asker::new(&server, JANE);
    assert_eq!(refusal(jane.get("/apis/cert-manager.io/v1/certificates")), recorded("status-403.json"));
    assert_eq!(refusal(Asker::new(&server, "nobody").get("/api")), recorded("status-401.json"));

    let unknown_group = admin.get("/apis/nosuch.example.org/v1/things").unwrap_err();
    let text = std::fs::read_to_string(folder.join("status-404-unknown-group.txt")).unwrap();
    assert_eq!(unknown_group.answer().unwrap().message, text.trim());
}

#[test]
fn lists_that_cannot_be_continued_say_so_as_a_real_server_does() {
    let Some(folder) = shared("corpus/kubernetes-live") else { return };
    let server = Kubernetes::start();
    for name in ["a", "b", "c"] {
        server.put(json!({ "apiVersion": "v1", "kind": "ConfigMap", "metadata": { "name": name, "namespace": "shop" } }));
    }
    let admin = Asker::new(&server, ADMIN);
    let list = "/api/v1/namespaces/shop/configmaps?limit=2";
    let first: Value = admin.get(list).unwrap().json().unwrap();
    let token = first["metadata"]["continue"].as_str().unwrap();
    assert_eq!(
        (first["items"].as_array().unwrap().len(), &first["metadata"]["remainingItemCount"]),
        (2, &json!(1))
    );
    let second: Value = admin.get(&format!("{list}&continue={token}")).unwrap().json().unwrap();
    assert_eq!((second["items"].as_array().unwrap().len(), second["metadata"].get("continue")), (1, None));

    let text = |name: &str| std::fs::read_to_string(folder.join(name)).unwrap();
    let same_but = |ours: &mut Value, name: &str, free: &[&str]| {
        let mut theirs: Value = serde_json::from_str(&text(name)).unwrap();
        for pointer in free {
            assert!(ours.pointer(pointer).is_some_and(Value::is_string), "{ours}");
            *ours.pointer_mut(pointer).unwrap() = Value::Null;
            *theirs.pointer_mut(pointer).unwrap() = Value::Null;
        }
        assert_eq!(*ours, theirs);
    };
    let mut garbage = refusal(admin.get(&format!("{list}&continue=garbage")));
    same_but(&mut garbage, "status-400-bad-continue.json", &["/message"]);
    server.compact();
    let mut expired = refusal(admin.get(&format!("{list}&continue={token}")));
    same_but(&mut expired, "continue-rv1.json", &["/metadata/continue"]);
}

#[test]
fn discovery_has_the_shape_of_a_real_one() {
    let Some(folder) = shared("corpus/kubernetes-live") else { return };
    let accept = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList";
    let server = Kubernetes::start();
    let admin = Asker::new(&server, ADMIN);
    for (path, name) in [("/api", "discovery-v2-api.json"), ("/apis", "discovery-v2-apis.json")] {
        let ours: Value = admin.send(Method::GET, path, None, &[("accept", accept)]).unwrap().json().unwrap();
        let theirs: Value =
            serde_json::from_str(&std::fs::read_to_string(folder.join(name)).unwrap()).unwrap();
        assert_eq!((&ours["kind"], &ours["apiVersion"]), (&theirs["kind"], &theirs["apiVersion"]));
        let compared = resources(&ours)
            .into_iter()
            .map(|(key, resource)| {
                let theirs = resources(&theirs).into_iter().find(|(other, _)| *other == key);
                let (_, theirs) = theirs.unwrap_or_else(|| panic!("a real server does not serve {key}"));
                for field in ["resource", "responseKind", "scope", "singularResource"] {
                    assert_eq!(resource[field], theirs[field], "{key} {field}");
                }
            })
            .count();
        assert!(compared >= 5, "{path} has only {compared}");
    }
}

/// Every resource of a discovery document by group, version and name.
fn resources(document: &Value) -> Vec<(String, Value)> {
    let list = |value: &Value| value.as_array().unwrap().clone();
    let mut all = Vec::new();
    for group in list(&document["items"]) {
        for version in list(&group["versions"]) {
            assert_eq!(version["freshness"], "Current");
            for resource in list(&version["resources"]) {
                let key =
                    format!("{}/{} {}", group["metadata"]["name"], version["version"], resource["resource"]);
                all.push((key, resource));
            }
        }
    }
    all
}

#[test]
fn a_watch_goes_on_from_a_version_and_ends_when_that_is_forgotten() {
    let server = Kubernetes::start();
    let put = |name: &str| {
        server.put(json!({ "apiVersion": "v1", "kind": "ConfigMap", "metadata": { "name": name, "namespace": "shop" } }));
    };
    put("a");
    let admin = Asker::new(&server, ADMIN);
    let list: Value = admin.get("/api/v1/configmaps").unwrap().json().unwrap();
    let version = list["metadata"]["resourceVersion"].as_str().unwrap().to_owned();
    put("b");
    server.remove("v1", "ConfigMap", Some("shop"), "a");
    let watch = |version: &str| -> Vec<(String, String)> {
        let path = format!("/api/v1/configmaps?watch=1&timeoutSeconds=1&resourceVersion={version}");
        let answer = admin.get(&path).unwrap();
        let lines = String::from_utf8(answer.bytes().to_vec()).unwrap();
        lines
            .lines()
            .map(|line| {
                let event: Value = serde_json::from_str(line).unwrap();
                let name = event["object"]["metadata"]["name"].as_str().unwrap_or("");
                (event["type"].as_str().unwrap().to_owned(), name.to_owned())
            })
            .collect()
    };
    let pair = |event: &str, name: &str| (event.to_owned(), name.to_owned());
    assert_eq!(watch(&version), [pair("ADDED", "b"), pair("DELETED", "a")]);
    server.compact();
    assert_eq!(watch(&version), [pair("ERROR", "")]);
}

fn connect(file: PathBuf) -> Cluster {
    Cluster::connect(&Target { files: vec![file], context: None, interactive: false }).unwrap()
}

fn of_kind(api_version: &str, kind: &str, namespace: Option<&str>, name: &str) -> ObjectRef {
    ObjectRef {
        gvk: Gvk::from_api_version(api_version, kind),
        namespace: namespace.map(Into::into),
        name: name.into(),
    }
}

/// What has to hold on any cluster: reads, and refusals of dry runs. Nothing is stored.
fn holds_on(cluster: &Cluster) {
    assert!(cluster.version().unwrap().starts_with("v1."));
    let default = of_kind("v1", "Namespace", None, "default");
    let missing = of_kind("v1", "Namespace", None, "platform-test-missing");
    let unknown = of_kind("platform.test/v1", "Unknown", None, "x");
    let found = cluster.get(&[default.clone(), missing.clone(), unknown.clone()], &()).unwrap();
    assert!(matches!(&found[&default], Lookup::Found(object) if object.reference() == default), "{found:?}");
    assert_eq!((&found[&missing], &found[&unknown]), (&Lookup::NotFound, &Lookup::KindUnknown));
    let only_default =
        Selector { labels: "kubernetes.io/metadata.name=default".into(), ..Selector::default() };
    assert_eq!(cluster.list(&default.gvk, None, &only_default).unwrap().len(), 1);

    let map = |namespace: &str, extra: Value| {
        let mut object = json!({ "apiVersion": "v1", "kind": "ConfigMap",
            "metadata": { "name": "platform-test", "namespace": namespace }, "data": { "a": "b" } });
        object.as_object_mut().unwrap().extend(extra.as_object().unwrap().clone());
        Object(object)
    };
    let objects = [
        map("default", json!({})),
        map("default", json!({ "nope": 1 })),
        map("default", json!({ "data": { "a": 1 } })),
        map("platform-test-missing", json!({})),
    ];
    let answers = cluster.dry_run(&objects, Ownership::Respect, &()).unwrap();
    let answers: Vec<&DryRun> = answers.iter().map(|(_, answer)| answer).collect();
    assert!(matches!(answers[0], DryRun::Accepted(_)), "{answers:?}");
    assert!(matches!(answers[1], DryRun::Invalid(problems) if problems[0].field == "nope"), "{answers:?}");
    assert!(matches!(answers[2], DryRun::Invalid(problems) if problems[0].field == "data.a"), "{answers:?}");
    assert_eq!(*answers[3], DryRun::NamespaceMissing("platform-test-missing".into()));
}

/// On our server, or with `PLATFORM_TEST_KUBECONFIG` on the cluster of that kubeconfig instead.
#[test]
fn the_client_holds_on_a_server() {
    if let Some(file) = std::env::var_os("PLATFORM_TEST_KUBECONFIG") {
        holds_on(&connect(Path::new(&file).to_owned()));
        return;
    }
    let server = Kubernetes::start();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("config");
    std::fs::write(&file, server.kubeconfig(ADMIN)).unwrap();
    holds_on(&connect(file));
}
