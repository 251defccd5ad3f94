use serde_json::{Value, json};

use super::{Definitions, Object};

fn definitions() -> Definitions {
    let definition = Object(json!({
        "apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition",
        "metadata": {"name": "widgets.example.com"},
        "spec": {"group": "example.com", "scope": "Namespaced", "names": {"kind": "Widget"}, "versions": [
            {"name": "v1", "served": true, "schema": {"openAPIV3Schema": {"type": "object", "properties": {"spec": {
                "type": "object", "required": ["size"], "properties": {
                    "size": {"type": "integer", "maximum": 5},
                    "port": {"x-kubernetes-int-or-string": true},
                    "mode": {"type": "string", "enum": ["Fast", "Safe"], "default": "Safe"},
                    "free": {"type": "object", "x-kubernetes-preserve-unknown-fields": true},
                    "closed": {"type": "object"},
                    "names": {"type": "object", "additionalProperties": {"type": "string"}},
                    "list": {"type": "array", "x-kubernetes-list-type": "map", "x-kubernetes-list-map-keys": ["a"],
                        "items": {"type": "object", "properties": {"a": {"type": "string", "nullable": true}}}},
                    "inner": {"type": "object", "x-kubernetes-embedded-resource": true,
                        "x-kubernetes-preserve-unknown-fields": true},
                    "namespace": {"type": "string"},
                    "share": {"type": "number"},
                    "old": {"type": "string", "x-kubernetes-validations": [
                        {"rule": "self == oldSelf", "message": "cannot be changed"}]},
                },
                "anyOf": [{"required": ["port"]}, {"properties": {"size": {"maximum": 4}}}],
                "x-kubernetes-validations": [
                    {"rule": "self.mode != 'Fast' || self.size > 1", "message": "a fast one is larger"},
                    {"rule": "!has(self.__namespace__) || self.__namespace__ != 'kube-system'",
                        "messageExpression": "'not in ' + self.__namespace__"},
                    {"rule": "!has(self.share) || self.share < 1.0"},
                    {"rule": "!has(self.names) || format.named('x').hasValue()"},
                ],
            }}}}},
            {"name": "v0", "served": false, "schema": {"openAPIV3Schema": {"type": "object"}}},
        ]},
    }));
    let mut definitions = Definitions::default();
    assert_eq!(definitions.add(&definition), []);
    definitions
}

fn check_object(object: &Value, expected: &[&str]) {
    let checked = definitions().check(&Object(object.clone()));
    let found: Vec<String> = checked
        .violations
        .into_iter()
        .map(|found| {
            let help = found.help.map(|help| format!(" ({help})")).unwrap_or_default();
            format!("{}: {}{help}", found.pointer, found.message)
        })
        .collect();
    assert_eq!(found, expected, "{object}");
}

fn check(spec: &Value, expected: &[&str]) {
    let metadata = json!({"name": "w", "namespace": "n", "labels": {}});
    check_object(
        &json!({"apiVersion": "example.com/v1", "kind": "Widget", "metadata": metadata, "spec": spec}),
        expected,
    );
}

#[test]
fn what_the_server_would_refuse_is_found() {
    check(&json!({"size": 1, "port": "http", "free": {"x": [1]}, "list": [{"a": null}], "mode": null}), &[]);
    check(&json!({}), &["/spec/size: `size` is missing"]);
    check(&json!({"size": "1"}), &["/spec/size: \"1\" is not a whole number"]);
    check(
        &json!({"size": 9, "port": 1, "sise": 1}),
        &[
            "/spec/sise: there is no field `sise` (write `size`)",
            "/spec/size: 9 is more than the most that is allowed, 5",
        ],
    );
    check(
        &json!({"size": 1, "list": [{"b": 1}, {"a": "x"}, {"a": "x"}], "names": {"a": 1}}),
        &[
            "/spec/list/0/b: there is no field `b` (write `a`)",
            "/spec/list/2: there is another item with \"x\"",
            "/spec/names/a: 1 is not text",
        ],
    );
    check(
        &json!({"size": 1, "mode": "fast"}),
        &["/spec/mode: \"fast\" is none of \"Fast\", \"Safe\" (write `Fast`)"],
    );
    check(&json!({"size": 1, "closed": {"x": 1}}), &["/spec/closed/x: there is no field `x`"]);
    check(&json!({"size": 5}), &["/spec: none of the 2 allowed forms fits"]);
    check(
        &json!({"size": 1, "inner": {"kind": "X", "other": 1}}),
        &["/spec/inner/apiVersion: `apiVersion` is missing"],
    );
}

#[test]
fn rules_are_decided_for_what_is_created() {
    check(&json!({"size": 1, "mode": "Fast"}), &["/spec: a fast one is larger"]);
    check(&json!({"size": 2, "mode": "Fast", "old": "x"}), &[]);
    check(&json!({"size": 1, "namespace": "kube-system"}), &["/spec: not in kube-system"]);
    check(
        &json!({"size": 1, "share": 1}),
        &["/spec: the rule does not hold: !has(self.share) || self.share < 1.0"],
    );
    let object = json!({"apiVersion": "example.com/v1", "kind": "Widget", "metadata": {"name": "w"},
        "spec": {"size": 1, "names": {"a": "b"}}});
    let checked = definitions().check(&Object(object));
    let undecided: Vec<String> = checked.undecided.into_iter().collect();
    assert_eq!(
        undecided,
        ["there is no function `named` here: !has(self.names) || format.named('x').hasValue()"]
    );
}

#[test]
fn metadata_is_looked_at_in_every_object() {
    let object =
        |metadata: Value| json!({"apiVersion": "other.org/v1", "kind": "Thing", "metadata": metadata});
    check_object(
        &object(json!({"name": "x", "label": {}})),
        &["/metadata/label: there is no field `label` (write `labels`)"],
    );
    check_object(
        &object(json!({"name": "x", "annotations": {"a": 1}})),
        &["/metadata/annotations/a: 1 is not text"],
    );
    check_object(
        &object(json!({"name": "x", "annotations": {"-a": "1"}})),
        &[
            "/metadata/annotations/-a: \"-a\" cannot be a key of annotations (letters, digits, `-`, `_` and `.`, at most 63 characters; a domain and `/` may stand in front)",
        ],
    );
    check_object(
        &object(json!({"name": "x", "annotations": {"a": "x".repeat(300_000)}})),
        &["/metadata/annotations: the annotations have 300001 bytes together: at most 262144"],
    );
    let owner = |uid: &str| json!({"apiVersion": "v1", "kind": "ConfigMap", "name": "a", "uid": uid, "controller": true});
    check_object(
        &object(json!({"name": "x", "ownerReferences": [owner("1"), owner(""), {"kind": "X"}]})),
        &[
            "/metadata/ownerReferences: only one owner can be the controller",
            "/metadata/ownerReferences/1/uid: `uid` is empty",
            "/metadata/ownerReferences/2/apiVersion: `apiVersion` is missing",
            "/metadata/ownerReferences/2/name: `name` is missing",
            "/metadata/ownerReferences/2/uid: `uid` is missing",
        ],
    );
}

#[test]
fn kubernetes_own_kinds_are_known() {
    let map = |extra: Value| {
        let mut object = json!({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "x"}});
        object.as_object_mut().unwrap().extend(extra.as_object().unwrap().clone());
        object
    };
    check_object(&map(json!({"data": {"a": "b"}})), &[]);
    check_object(
        &map(json!({"data": {"a": 1}, "dat": {}})),
        &["/dat: there is no field `dat` (write `data`)", "/data/a: 1 is not text"],
    );
    check_object(&map(json!({"binaryData": {"a": "!"}})), &["/binaryData/a: \"!\" is not base64"]);
    check_object(
        &json!({"apiVersion": "v1", "kind": "ResourceQuota", "metadata": {"name": "x"}, "spec": {"hard": {"cpu": 2, "memory": "8GB"}}}),
        &["/spec/hard/memory: \"8GB\" is not a quantity such as 500m, 2 or 1Gi"],
    );
    check_object(
        &json!({"apiVersion": "rbac.authorization.k8s.io/v1", "kind": "RoleBinding", "metadata": {"name": "x"},
            "roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": "clusterRole", "name": "edit"},
            "subjects": [{"kind": "Group"}]}),
        &[
            "/roleRef/kind: \"clusterRole\" is none of \"Role\", \"ClusterRole\" (write `ClusterRole`)",
            "/subjects/0/name: `name` is missing",
        ],
    );
    check_object(
        &json!({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "x", "namespace": "y"}}),
        &["/metadata/namespace: a Namespace belongs to no namespace (leave it out)"],
    );
    check_object(
        &json!({"apiVersion": "apps/v1beta1", "kind": "Deployment", "metadata": {"name": "x"}}),
        &["/apiVersion: there is no kind Deployment in apps/v1beta1 (write apps/v1)"],
    );
    check_object(
        &json!({"apiVersion": "v1", "kind": "Namspace", "metadata": {"name": "x"}}),
        &["/kind: there is no kind Namspace in v1 (write `Namespace`)"],
    );
}

#[test]
fn a_kind_that_is_not_known_is_told() {
    let object =
        Object(json!({"apiVersion": "other.org/v2", "kind": "Thing", "metadata": {"name": "x"}, "spec": 1}));
    assert!(!definitions().knows(&object));
    let checked = definitions().check(&object);
    assert_eq!((checked.is_known, checked.violations), (false, vec![]));
}

#[test]
fn a_manifest_with_expressions_is_checked_where_it_is_known() {
    let manifest = json!({"apiVersion": "example.com/v1", "kind": "Widget", "metadata": {"name": "${{ x }}"},
        "spec": {"size": "${{ n }}", "mode": "Quick", "lists": [], "list": [{"$each": "${{ l }}", "$item": {"b": 1}}]}});
    let found: Vec<String> =
        definitions().check_template(&manifest).violations.into_iter().map(|it| it.pointer).collect();
    assert_eq!(found, ["/spec/list/0/$item/b", "/spec/lists", "/spec/mode"]);
}

#[test]
fn a_composite_has_what_crossplane_adds() {
    let definition = |api: &str, scope: Value| {
        Object(
            json!({"apiVersion": api, "kind": "CompositeResourceDefinition", "spec": {"group": "example.com", "scope": scope,
            "names": {"kind": "XThing"}, "claimNames": {"kind": "Thing"}, "versions": [{"name": "v1", "served": true,
            "schema": {"openAPIV3Schema": {"type": "object", "properties": {"spec": {"type": "object", "properties": {}}}}}}]}}),
        )
    };
    let check = |definition: Object, kind: &str, metadata: Value, field: &str, expected: usize| {
        let mut definitions = Definitions::default();
        assert_eq!(definitions.add(&definition), []);
        let object =
            json!({"apiVersion": "example.com/v1", "kind": kind, "metadata": metadata, "spec": {field: {}}});
        assert_eq!(definitions.check(&Object(object)).violations.len(), expected, "{kind} {field}");
    };
    let v2 = "apiextensions.crossplane.io/v2";
    let v1 = "apiextensions.crossplane.io/v1";
    check(definition(v2, json!("Cluster")), "XThing", json!({"name": "x"}), "crossplane", 0);
    check(
        definition(v2, json!("Cluster")),
        "XThing",
        json!({"name": "x", "namespace": "n"}),
        "crossplane",
        1,
    );
    check(definition(v2, json!(null)), "XThing", json!({"name": "x", "namespace": "n"}), "compositionRef", 1);
    check(definition(v1, json!(null)), "XThing", json!({"name": "x", "namespace": "n"}), "compositionRef", 1);
    check(definition(v1, json!(null)), "Thing", json!({"name": "x", "namespace": "n"}), "compositionRef", 0);
}
