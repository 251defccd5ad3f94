//! The cluster client against an API server with state.

use std::fs;
use std::path::PathBuf;
use std::time::Duration;

use platform::cluster::{
    Cluster, Conflict, DryRun, Error, FieldProblem, Lookup, Ownership, Selector, Target,
};
use platform::error::Exit;
use platform::object::{Gvk, Object, ObjectRef};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::support::kubernetes::{ADMIN, Fault, JANE, Kind, Kubernetes};

const CERT: &str = "cert-manager.io/v1";

/// A client for the user with this token. The folder holds its kubeconfig.
fn connect(kubeconfig: &str, context: Option<&str>) -> Result<Cluster, Error> {
    let folder = TempDir::new().unwrap();
    let file = folder.path().join("config");
    fs::write(&file, kubeconfig).unwrap();
    Cluster::connect(&Target { files: vec![file], context: context.map(Into::into), interactive: false })
}

fn start() -> (Kubernetes, Cluster) {
    let server = Kubernetes::start();
    let cluster = connect(&server.kubeconfig(ADMIN), None).unwrap();
    (server, cluster)
}

fn reference(api_version: &str, kind: &str, namespace: Option<&str>, name: &str) -> ObjectRef {
    ObjectRef {
        gvk: Gvk::from_api_version(api_version, kind),
        namespace: namespace.map(Into::into),
        name: name.into(),
    }
}

fn certificate(name: &str, spec: Value) -> Value {
    let mut object = json!({ "apiVersion": CERT, "kind": "Certificate", "metadata": { "name": name, "namespace": "shop" } });
    object["spec"] = spec;
    object
}

fn good(name: &str) -> Value {
    certificate(
        name,
        json!({ "secretName": "s", "issuerRef": { "name": "ca" }, "dnsNames": ["a.example.org"] }),
    )
}

#[test]
fn many_objects_are_read_at_once_and_each_has_its_own_answer() {
    let (server, _) = start();
    let cluster = connect(&server.kubeconfig(JANE), None).unwrap();
    for number in 0..30 {
        server.put(good(&format!("c{number}")));
    }
    server.forbid("get", "configmaps");
    let mut wanted: Vec<ObjectRef> =
        (0..30).map(|number| reference(CERT, "Certificate", Some("shop"), &format!("c{number}"))).collect();
    let missing = reference(CERT, "Certificate", Some("shop"), "missing");
    let namespace = reference("v1", "Namespace", None, "shop");
    let secret = reference("v1", "ConfigMap", Some("shop"), "x");
    let unknown = reference("example.org/v1", "Widget", Some("shop"), "x");
    let escape = reference("v1", "ConfigMap", Some("shop"), "../../../../version");
    let homeless = reference("v1", "ConfigMap", None, "x");
    wanted.extend([&missing, &namespace, &secret, &unknown, &escape, &homeless].map(Clone::clone));
    let found = cluster.get(&wanted, &()).unwrap();
    assert_eq!(found.len(), wanted.len());
    assert_eq!(found.values().filter(|lookup| matches!(lookup, Lookup::Found(_))).count(), 31);
    assert_eq!(found[&missing], Lookup::NotFound);
    assert!(
        matches!(&found[&secret], Lookup::Forbidden(why) if why.contains("User \"jane\" cannot get resource \"configmaps\"")),
        "{:?}",
        found[&secret]
    );
    assert_eq!(found[&unknown], Lookup::KindUnknown);
    assert!(matches!(&found[&escape], Lookup::Error(why) if why.contains("not the name of an object")));
    assert!(matches!(&found[&homeless], Lookup::Error(why) if why.contains("has no namespace")));
    // two for discovery, one an object that can be asked for
    assert_eq!(server.seen().len(), 2 + 33, "{:#?}", server.seen());
}

#[test]
fn an_object_comes_back_whole() {
    let (server, cluster) = start();
    let mut object = good("web");
    object["status"] = json!({ "conditions": [{ "type": "Ready", "status": "True" }] });
    server.put(object);
    let wanted = reference(CERT, "Certificate", Some("shop"), "web");
    let found = cluster.get(std::slice::from_ref(&wanted), &()).unwrap();
    let Lookup::Found(found) = &found[&wanted] else { panic!("{found:?}") };
    assert_eq!(found.reference(), wanted);
    assert_eq!((found.generation(), found.conditions().len()), (Some(1), 1));
}

#[test]
fn a_server_without_aggregated_discovery_is_asked_kind_by_kind() {
    let (server, cluster) = start();
    server.put(good("web"));
    server.fail(Fault::Old);
    let web = reference(CERT, "Certificate", Some("shop"), "web");
    let widget = reference("example.org/v1", "Widget", Some("shop"), "x");
    let issuer = reference(CERT, "Issuer", Some("shop"), "x");
    let found = cluster.get(&[web.clone(), widget.clone(), issuer.clone()], &()).unwrap();
    assert!(matches!(found[&web], Lookup::Found(_)));
    assert_eq!((&found[&widget], &found[&issuer]), (&Lookup::KindUnknown, &Lookup::KindUnknown));
}

#[test]
fn a_kind_that_is_installed_is_served() {
    let (server, _) = start();
    server.serve(Kind::cluster("example.org/v1alpha1", "Widget", "widgets"));
    server
        .put(json!({ "apiVersion": "example.org/v1alpha1", "kind": "Widget", "metadata": { "name": "w" } }));
    let cluster = connect(&server.kubeconfig(ADMIN), None).unwrap();
    assert!(cluster.serves(&Gvk::from_api_version("example.org/v1alpha1", "Widget")).unwrap());
    assert!(!cluster.serves(&Gvk::from_api_version("example.org/v1", "Widget")).unwrap());
    // a namespace means nothing to a kind without
    let widget = reference("example.org/v1alpha1", "Widget", Some("shop"), "w");
    let found = cluster.get(std::slice::from_ref(&widget), &()).unwrap();
    assert!(matches!(found[&widget], Lookup::Found(_)));
}

#[test]
fn a_cluster_that_does_not_answer_is_an_error_with_its_address() {
    let server = Kubernetes::start();
    let cluster = connect(&server.kubeconfig(ADMIN), Some("dead")).unwrap();
    let error = cluster.get(&[reference("v1", "Namespace", None, "x")], &()).unwrap_err();
    let expected = format!("cannot reach the cluster at {}: connection refused", cluster.server());
    assert_eq!((error.to_string(), error.exit()), (expected, Exit::Unreachable));
}

#[test]
fn a_proxy_in_front_is_not_taken_for_a_cluster() {
    let (server, cluster) = start();
    server.fail(Fault::Html);
    let error = cluster.version().unwrap_err();
    assert!(matches!(error, Error::NotKubernetes { .. }), "{error}");
    server.fail(Fault::Unavailable);
    let error = cluster.version().unwrap_err();
    assert!(matches!(error, Error::Rejected { status: 503, .. }), "{error}");
    server.fail(Fault::None);
    assert_eq!(cluster.version().unwrap(), "v1.36.2");
}

#[test]
fn refused_credentials_are_a_login_matter() {
    let server = Kubernetes::start();
    let cluster = connect(&server.kubeconfig("wrong"), None).unwrap();
    let error = cluster.get(&[reference("v1", "Namespace", None, "x")], &()).unwrap_err();
    assert!(matches!(error, Error::Unauthorized { .. }) && error.exit() == Exit::Login, "{error}");
    assert!(!error.to_string().contains("wrong"), "{error}");
}

#[test]
fn a_login_plugin_has_nobody_to_ask() {
    let server = Kubernetes::start();
    let credential = format!(
        "{{\"apiVersion\":\"client.authentication.k8s.io/v1\",\"kind\":\"ExecCredential\",\"status\":{{\"token\":\"{ADMIN}\"}}}}"
    );
    // reads to the end of standard input, which would wait for ever on a terminal
    let works = format!("cat >/dev/null; echo '{credential}'");
    let cluster = connect(&server.kubeconfig_with_plugin(&works), None).unwrap();
    assert_eq!(cluster.version().unwrap(), "v1.36.2");
    // it is told that nobody is there
    let asks = "case $KUBERNETES_EXEC_INFO in *'\"interactive\":false'*) exit 7;; esac; sleep 600";
    let Err(error) = connect(&server.kubeconfig_with_plugin(asks), None) else { panic!("it logged in") };
    assert!(matches!(error, Error::Login { .. }) && error.exit() == Exit::Login, "{error}");
    assert!(error.to_string().contains('7'), "it ended by itself: {error}");
}

#[test]
fn kubeconfigs_that_do_not_fit() {
    let server = Kubernetes::start();
    let check = |result: Result<Cluster, Error>, expected: &str| {
        let Err(error) = result else { panic!("{expected}: it fits") };
        assert!(matches!(error, Error::Config { .. }) && error.to_string().contains(expected), "{error}");
    };
    check(connect(&server.kubeconfig(ADMIN), Some("nope")), "nope");
    check(connect("a: [", None), "kubeconfig");
    let files = vec![PathBuf::from("/no/such/file")];
    check(
        Cluster::connect(&Target { files, context: None, interactive: false }),
        "no such file: /no/such/file",
    );
}

#[test]
fn lists_are_read_page_by_page() {
    let (server, cluster) = start();
    for number in 0..1_203 {
        let labels = json!({ "half": if number % 2 == 0 { "even" } else { "odd" } });
        server.put(json!({ "apiVersion": "v1", "kind": "ConfigMap",
            "metadata": { "name": format!("c{number:04}"), "namespace": "shop", "labels": labels } }));
    }
    let kind = Gvk::from_api_version("v1", "ConfigMap");
    let all = cluster.list(&kind, Some("shop"), &Selector::default()).unwrap();
    assert_eq!(all.len(), 1_203);
    assert_eq!(all[0].gvk(), kind, "items of a list do not say what they are, we do");
    let odd = Selector { labels: "half=odd".into(), ..Selector::default() };
    assert_eq!(cluster.list(&kind, None, &odd).unwrap().len(), 601);
    let one = Selector { fields: "metadata.name=c0007".into(), ..Selector::default() };
    assert_eq!(cluster.list(&kind, Some("shop"), &one).unwrap().len(), 1);
    let error = cluster.list(&Gvk::from_api_version("example.org/v1", "Widget"), None, &Selector::default());
    assert!(matches!(error, Err(Error::KindUnknown { .. })));
}

#[test]
fn a_dry_run_says_what_the_server_would() {
    let (server, _) = start();
    let cluster = connect(&server.kubeconfig(JANE), None).unwrap();
    server.put(good("present"));
    server.forbid("patch", "configmaps");
    let objects = [
        good("new"),
        certificate("required", json!({ "secretName": "s" })),
        certificate("unknown", json!({ "secretName": "s", "issuerRef": { "name": "ca" }, "nope": 1 })),
        certificate("mistyped", json!({ "secretName": 42, "issuerRef": { "name": "ca" } })),
        json!({ "apiVersion": CERT, "kind": "Certificate", "metadata": { "name": "x", "namespace": "later" },
            "spec": { "secretName": "s", "issuerRef": { "name": "ca" } } }),
        json!({ "apiVersion": "v1", "kind": "ConfigMap", "metadata": { "name": "x", "namespace": "shop" } }),
        json!({ "apiVersion": "example.org/v1", "kind": "Widget", "metadata": { "name": "x" } }),
    ]
    .map(Object);
    let answers = cluster.dry_run(&objects, Ownership::Respect, &()).unwrap();
    let of = |name: &str, kind: &str| {
        let fits =
            |(reference, _): &&(ObjectRef, DryRun)| reference.name == name && reference.gvk.kind == kind;
        answers.iter().find(fits).map(|(_, answer)| answer.clone()).unwrap()
    };
    let invalid = |field: &str, message: &str| {
        DryRun::Invalid(vec![FieldProblem { field: field.into(), message: message.into() }])
    };
    assert!(
        matches!(of("new", "Certificate"), DryRun::Accepted(object) if object.text("/spec/secretName") == Some("s"))
    );
    assert_eq!(of("required", "Certificate"), invalid("spec.issuerRef", "Required value"));
    assert_eq!(of("unknown", "Certificate"), invalid("spec.nope", "field not declared in schema"));
    assert!(matches!(of("mistyped", "Certificate"), DryRun::Invalid(problems)
        if problems[0].field == "spec.secretName" && problems[0].message.starts_with("expected string")));
    assert_eq!(of("x", "Certificate"), DryRun::NamespaceMissing("later".into()));
    assert!(matches!(of("x", "ConfigMap"), DryRun::Forbidden(why) if why.contains("cannot patch")));
    assert_eq!(of("x", "Widget"), DryRun::KindUnknown);
    assert_eq!(
        answers.iter().map(|(reference, _)| reference.name.as_str()).collect::<Vec<_>>(),
        ["new", "required", "unknown", "mistyped", "x", "x", "x"],
        "in the order they were given"
    );
    assert_eq!(server.stored(CERT, "Certificate", Some("shop"), "new"), None, "nothing is stored");
}

#[test]
fn fields_of_others_are_respected_or_overridden() {
    let (server, cluster) = start();
    server.put(json!({ "apiVersion": "v1", "kind": "Namespace", "metadata": { "name": "shop" } }));
    let path = "/api/v1/namespaces/shop/configmaps/x?fieldManager=argocd-controller";
    let theirs = json!({ "apiVersion": "v1", "kind": "ConfigMap", "metadata": { "name": "x", "labels": { "team": "a" } } });
    let client =
        platform::http::Client::new(platform::http::Limits::default(), std::sync::Arc::new(())).unwrap();
    let url = url::Url::parse(&format!("{}{path}", server.url())).unwrap();
    let request = platform::http::Request::new(platform::http::Method::PATCH, url)
        .json(theirs)
        .header("authorization", &format!("Bearer {ADMIN}"))
        .and_then(|request| request.header("content-type", "application/apply-patch+yaml"))
        .unwrap();
    client.send(&request).unwrap();

    let ours = [Object(json!({ "apiVersion": "v1", "kind": "ConfigMap",
        "metadata": { "name": "x", "namespace": "shop", "labels": { "team": "b" } } }))];
    let respected = cluster.dry_run(&ours, Ownership::Respect, &()).unwrap();
    let conflict = Conflict { field: ".metadata.labels.team".into(), manager: "argocd-controller".into() };
    assert_eq!(respected[0].1, DryRun::Conflict(vec![conflict]));
    let overridden = cluster.dry_run(&ours, Ownership::Override, &()).unwrap();
    assert!(
        matches!(&overridden[0].1, DryRun::Accepted(object) if object.text("/metadata/labels/team") == Some("b"))
    );
}

#[test]
fn slow_is_not_dead() {
    let (server, cluster) = start();
    server.fail(Fault::Slow(Duration::from_millis(50)));
    assert_eq!(cluster.version().unwrap(), "v1.36.2");
}
