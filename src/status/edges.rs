//! From an object to the objects that were made out of it.
//!
//! Only typed edges are followed, starting from known names: nothing here asks for a list of everything.
//! What is listed is one kind in one namespace, because cert-manager and kro leave no names behind.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::object::{Gvk, Object, ObjectRef};

use super::snapshot::{Listing, Snapshot};

/// How one object leads to another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Relation {
    /// Made out of it: its failure is the parent's failure.
    Child,
    /// Needed by it, but shared with others: an issuer, a gateway. Its failure explains that of an object
    /// that is not well; it is none by itself.
    Uses,
}

/// What an edge leads to.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Target {
    /// An object whose name is known.
    Object(ObjectRef),
    /// Objects of a list that point back.
    Listed(Listing),
}

/// One edge.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Edge {
    /// How it leads there.
    pub relation: Relation,
    /// Where it leads.
    pub target: Target,
}

fn child(target: Target) -> Edge {
    Edge { relation: Relation::Child, target }
}

/// Every edge of one object, without duplicates, in a fixed order.
pub fn edges(object: &Object) -> Vec<Edge> {
    let mut found = crossplane(object);
    found.extend(cert_manager(object));
    found.extend(apply_set(object));
    found.extend(gateways(object));
    found.sort();
    found.dedup();
    found
}

/// References of a composite resource to what it composed. Modern composites keep them below
/// `spec.crossplane`, legacy ones in `spec.resourceRefs`; a claim names its composite in
/// `spec.resourceRef`. In a namespaced composite the namespace of the references is implied.
fn crossplane(object: &Object) -> Vec<Edge> {
    let own_namespace = object.text("/metadata/namespace");
    let lists = ["/spec/crossplane/resourceRefs", "/spec/resourceRefs"];
    let mut references: Vec<ObjectRef> = lists
        .iter()
        .filter_map(|pointer| object.0.pointer(pointer)?.as_array())
        .flatten()
        .filter_map(|reference| object_ref(reference, own_namespace))
        .collect();
    // Others have a spec.resourceRef too; a claim also has one of these.
    let claim = ["/spec/compositeDeletePolicy", "/spec/compositionRef", "/spec/compositionSelector"];
    if claim.iter().any(|pointer| object.0.pointer(pointer).is_some()) {
        references.extend(object.0.pointer("/spec/resourceRef").and_then(|value| object_ref(value, None)));
    }
    references.into_iter().map(|reference| child(Target::Object(reference))).collect()
}

/// `{apiVersion, kind, name, namespace?}`. A reference without a name is left out: Crossplane writes one
/// while the first apply fails.
fn object_ref(value: &Value, namespace: Option<&str>) -> Option<ObjectRef> {
    let text = |key: &str| value.get(key).and_then(Value::as_str).filter(|text| !text.is_empty());
    Some(ObjectRef {
        gvk: Gvk::from_api_version(text("apiVersion")?, text("kind")?),
        namespace: text("namespace").or(namespace).map(Into::into),
        name: text("name")?.into(),
    })
}

/// The chain of cert-manager. Its links are owner references upwards; downwards they must be listed.
fn cert_manager(object: &Object) -> Vec<Edge> {
    let gvk = object.gvk();
    let next = match (gvk.group.as_str(), gvk.kind.as_str()) {
        ("cert-manager.io", "Certificate") => {
            Gvk::from_api_version("cert-manager.io/v1", "CertificateRequest")
        }
        ("cert-manager.io", "CertificateRequest") => {
            Gvk::from_api_version("acme.cert-manager.io/v1", "Order")
        }
        ("acme.cert-manager.io", "Order") => Gvk::from_api_version("acme.cert-manager.io/v1", "Challenge"),
        _ => return Vec::new(),
    };
    let namespace = object.text("/metadata/namespace").map(str::to_owned);
    let listing = Listing { gvk: next, namespace, selector: String::new() };
    let mut edges = vec![child(Target::Listed(listing))];
    if gvk.kind == "Certificate" {
        edges.extend(issuer(object));
    }
    edges
}

fn issuer(object: &Object) -> Option<Edge> {
    let kind = object.text("/spec/issuerRef/kind").unwrap_or("Issuer");
    // An external issuer has a group of its own, and a version nobody wrote down.
    if object.text("/spec/issuerRef/group").is_some_and(|group| group != "cert-manager.io") {
        return None;
    }
    let namespace = if kind == "Issuer" { object.text("/metadata/namespace") } else { None };
    let target = Target::Object(ObjectRef {
        gvk: Gvk::from_api_version("cert-manager.io/v1", kind),
        namespace: namespace.map(Into::into),
        name: object.text("/spec/issuerRef/name")?.into(),
    });
    Some(Edge { relation: Relation::Uses, target })
}

const APPLY_SET: &str = "applyset.kubernetes.io";

/// Members of an apply set, the inventory of kro: the parent names the kinds, members carry its id.
fn apply_set(object: &Object) -> Vec<Edge> {
    let label = |name: &str| object.0.pointer("/metadata/labels")?.get(name)?.as_str();
    let annotation = |name: &str| object.0.pointer("/metadata/annotations")?.get(name)?.as_str();
    let Some(id) = label(&format!("{APPLY_SET}/id")) else { return Vec::new() };
    let kinds = annotation(&format!("{APPLY_SET}/contains-group-kinds")).unwrap_or("");
    let more = annotation(&format!("{APPLY_SET}/additional-namespaces")).unwrap_or("");
    let own = object.text("/metadata/namespace");
    let mut namespaces: Vec<Option<String>> = vec![own.map(Into::into)];
    namespaces.extend(more.split(',').filter(|name| !name.is_empty()).map(|name| Some(name.to_owned())));
    let mut edges = Vec::new();
    for kind in kinds.split(',').filter(|kind| !kind.is_empty()) {
        let (kind, group) = kind.split_once('.').unwrap_or((kind, ""));
        for namespace in &namespaces {
            // The version is not written down: the cluster's preferred one is meant.
            let gvk = Gvk { group: group.into(), version: String::new(), kind: kind.into() };
            let selector = format!("{APPLY_SET}/part-of={id}");
            edges.push(child(Target::Listed(Listing { gvk, namespace: namespace.clone(), selector })));
        }
    }
    edges
}

/// The gateways that a route wants to be attached to.
fn gateways(object: &Object) -> Vec<Edge> {
    if object.gvk().group != "gateway.networking.k8s.io" {
        return Vec::new();
    }
    let parents = object.0.pointer("/spec/parentRefs").and_then(Value::as_array);
    let own = object.text("/metadata/namespace");
    let gateway = |parent: &Value| {
        let text = |key: &str| parent.get(key).and_then(Value::as_str);
        let kind = text("kind").unwrap_or("Gateway");
        let target = Target::Object(ObjectRef {
            gvk: Gvk::from_api_version("gateway.networking.k8s.io/v1", kind),
            namespace: text("namespace").or(own).map(Into::into),
            name: text("name")?.into(),
        });
        (kind == "Gateway").then_some(Edge { relation: Relation::Uses, target })
    };
    parents.into_iter().flatten().filter_map(gateway).collect()
}

/// The found objects of a snapshot, by what leads to them.
pub(crate) struct Links<'a> {
    by_owner: BTreeMap<&'a str, Vec<&'a Object>>,
    by_kind: BTreeMap<(String, String), Vec<&'a Object>>,
}

impl<'a> Links<'a> {
    pub fn new(snapshot: &'a Snapshot) -> Self {
        let mut links = Self { by_owner: BTreeMap::new(), by_kind: BTreeMap::new() };
        for object in snapshot.objects() {
            for owner in owners(object).filter_map(|owner| owner.get("uid")?.as_str()) {
                links.by_owner.entry(owner).or_default().push(object);
            }
            let gvk = object.gvk();
            links.by_kind.entry((gvk.group, gvk.kind)).or_default().push(object);
        }
        links
    }

    /// The names of all objects that `object` leads to, each once. Objects whose owner references point
    /// back count as children, whoever made them.
    pub fn neighbours(&self, object: &Object) -> Vec<(Relation, ObjectRef)> {
        let mut found: Vec<(Relation, ObjectRef)> = Vec::new();
        for edge in edges(object) {
            match edge.target {
                Target::Object(reference) => found.push((edge.relation, reference)),
                Target::Listed(list) => {
                    let key = (list.gvk.group.clone(), list.gvk.kind.clone());
                    let members = self.by_kind.get(&key).into_iter().flatten();
                    let members = members.filter(|other| belongs(object, other, &list));
                    found.extend(members.map(|other| (edge.relation, other.reference())));
                }
            }
        }
        let uid = object.text("/metadata/uid").filter(|uid| !uid.is_empty());
        let owned = uid.and_then(|uid| self.by_owner.get(uid)).into_iter().flatten();
        let counted = owned.filter(|other| !is_past_request(object, other));
        found.extend(counted.map(|other| (Relation::Child, other.reference())));
        found.sort_by(|a, b| a.1.cmp(&b.1).then(a.0.cmp(&b.0)));
        found.dedup_by(|a, b| a.1 == b.1);
        found
    }
}

fn owners(object: &Object) -> impl Iterator<Item = &Value> {
    object.0.pointer("/metadata/ownerReferences").and_then(Value::as_array).into_iter().flatten()
}

/// Whether `other` is in the list and points back to `object`.
fn belongs(object: &Object, other: &Object, listing: &Listing) -> bool {
    if listing.namespace.is_some() && other.text("/metadata/namespace") != listing.namespace.as_deref() {
        return false;
    }
    if let Some((label, value)) = listing.selector.split_once('=') {
        let labels = other.0.pointer("/metadata/labels");
        return labels.and_then(|labels| labels.get(label)).and_then(Value::as_str) == Some(value);
    }
    is_owned_by(object, other) && !is_past_request(object, other)
}

/// Whether an owner reference of `other` names `object`: by uid, or by kind and name where no uid is
/// known.
fn is_owned_by(object: &Object, other: &Object) -> bool {
    let text = |owner: &Value, key: &str| owner.get(key).and_then(Value::as_str).map(str::to_owned);
    let wanted = |pointer: &str| object.text(pointer).map(str::to_owned);
    owners(other).any(|owner| match object.text("/metadata/uid") {
        Some(uid) => text(owner, "uid").as_deref() == Some(uid),
        None => text(owner, "name") == wanted("/metadata/name") && text(owner, "kind") == wanted("/kind"),
    })
}

/// Whether `other` is a `CertificateRequest` of an earlier revision than the certificate in use. One that
/// is still being issued is a revision ahead.
fn is_past_request(object: &Object, other: &Object) -> bool {
    if object.gvk().kind != "Certificate" || other.gvk().kind != "CertificateRequest" {
        return false;
    }
    let present = object.0.pointer("/status/revision").and_then(Value::as_i64).unwrap_or(0);
    let annotations = other.0.pointer("/metadata/annotations");
    let revision = annotations
        .and_then(|all| all.get("cert-manager.io/certificate-revision")?.as_str())
        .and_then(|text| text.parse::<i64>().ok());
    revision.is_some_and(|revision| revision < present)
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::{Target, edges};
    use crate::object::Object;

    fn check(object: Value, targets: &[&str]) {
        let found: Vec<String> = edges(&Object(object))
            .iter()
            .map(|edge| match &edge.target {
                Target::Object(reference) => format!("{:?} {reference}", edge.relation),
                Target::Listed(list) => {
                    format!("{:?} all {} {}", edge.relation, list.gvk.kind, list.selector)
                }
            })
            .collect();
        assert_eq!(found, targets);
    }

    #[test]
    fn composites_name_what_they_composed() {
        let reference = |name: &str| json!({"apiVersion": "v1", "kind": "ConfigMap", "name": name});
        check(
            json!({"metadata": {"namespace": "shop"}, "spec": {"crossplane": {"resourceRefs": [reference("a"), reference("")]}}}),
            &["Child ConfigMap shop/a"],
        );
        check(json!({"spec": {"resourceRefs": [reference("a"), 3]}}), &["Child ConfigMap a"]);
        let composite = json!({"apiVersion": "example.com/v1", "kind": "XThing", "name": "x"});
        check(json!({"spec": {"resourceRef": composite}}), &[]);
        check(
            json!({"spec": {"resourceRef": composite, "compositeDeletePolicy": "Background"}}),
            &["Child XThing x"],
        );
    }

    #[test]
    fn a_certificate_lists_its_requests_and_uses_its_issuer() {
        check(
            json!({"apiVersion": "cert-manager.io/v1", "kind": "Certificate", "metadata": {"namespace": "shop"},
                "spec": {"issuerRef": {"name": "letsencrypt", "kind": "ClusterIssuer"}}}),
            &["Child all CertificateRequest ", "Uses ClusterIssuer letsencrypt"],
        );
    }

    #[test]
    fn an_apply_set_lists_its_kinds_by_label() {
        check(
            json!({"metadata": {"namespace": "shop", "labels": {"applyset.kubernetes.io/id": "x"},
                "annotations": {"applyset.kubernetes.io/contains-group-kinds": "Certificate.cert-manager.io,Service"}}}),
            &[
                "Child all Service applyset.kubernetes.io/part-of=x",
                "Child all Certificate applyset.kubernetes.io/part-of=x",
            ],
        );
    }
}
