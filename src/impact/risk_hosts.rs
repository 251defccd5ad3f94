//! Host names that move or go, and certificates that are not there for a while.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::Side;
use super::risk::{Finder, Severity};
use crate::entity::EntityRef;
use crate::object::{Object, ObjectRef};

/// What one side says about host names.
#[derive(Default)]
struct Hosts {
    /// The entities whose routes and records have the name.
    served: BTreeMap<String, BTreeSet<EntityRef>>,
    certificates: BTreeMap<String, Certificate>,
}

#[derive(Clone, PartialEq, Eq)]
struct Certificate {
    entity: EntityRef,
    object: ObjectRef,
    secret: String,
    issuer: String,
}

pub(super) fn find(finder: &mut Finder<'_>) {
    let before = hosts(finder, &finder.states.before);
    let after = hosts(finder, &finder.states.after);
    served(finder, &before, &after);
    certificates(finder, &before, &after);
}

fn hosts(finder: &Finder<'_>, side: &Side<'_>) -> Hosts {
    let mut found = Hosts::default();
    let known = side.resources.iter().filter(|(entity, _)| !finder.states.unknown.contains(*entity));
    for (entity, object) in
        known.flat_map(|(entity, it)| it.objects.iter().map(move |object| (entity, object)))
    {
        for host in routed(object) {
            found.served.entry(host).or_default().insert(entity.clone());
        }
        let reference = object.reference();
        if reference.gvk.group == "cert-manager.io" && reference.gvk.kind == "Certificate" {
            let text = |pointer| object.text(pointer).unwrap_or_default().to_owned();
            let certificate = Certificate {
                entity: entity.clone(),
                secret: text("/spec/secretName"),
                issuer: text("/spec/issuerRef/name"),
                object: reference,
            };
            for host in texts(object, "/spec/dnsNames") {
                found.certificates.entry(host).or_insert_with(|| certificate.clone());
            }
        }
    }
    found
}

/// The names that a route, an Ingress or a record is about.
fn routed(object: &Object) -> Vec<String> {
    let gvk = object.gvk();
    match (gvk.group.as_str(), gvk.kind.as_str()) {
        ("gateway.networking.k8s.io", "HTTPRoute" | "GRPCRoute" | "TLSRoute") => {
            texts(object, "/spec/hostnames")
        }
        ("networking.k8s.io", "Ingress") => items(object, "/spec/rules", "host"),
        ("externaldns.k8s.io", "DNSEndpoint") => items(object, "/spec/endpoints", "dnsName"),
        _ => Vec::new(),
    }
}

fn texts(object: &Object, pointer: &str) -> Vec<String> {
    let list = object.0.pointer(pointer).and_then(Value::as_array);
    list.into_iter().flatten().filter_map(Value::as_str).map(str::to_lowercase).collect()
}

fn items(object: &Object, pointer: &str, field: &str) -> Vec<String> {
    let list = object.0.pointer(pointer).and_then(Value::as_array);
    let names = list.into_iter().flatten().filter_map(|item| item.get(field)?.as_str());
    names.map(str::to_lowercase).collect()
}

fn served(finder: &mut Finder<'_>, before: &Hosts, after: &Hosts) {
    for (host, old) in &before.served {
        let Some(new) = after.served.get(host) else {
            for entity in old {
                let reason = format!("{host} is not served any more");
                let action = "make sure that nobody calls it; clients keep the answer of DNS for a while";
                finder.add(Severity::Medium, "hostname-gone", entity, None, (reason, action));
            }
            continue;
        };
        let renamed = |entity: &&EntityRef| {
            let change = finder.plan.entities.iter().find(|change| change.entity == **entity);
            change.and_then(|change| change.before.as_ref()).is_some_and(|before| old.contains(before))
        };
        let added: Vec<EntityRef> = new
            .iter()
            .filter(|entity| !old.contains(*entity))
            .filter(|entity| !renamed(entity))
            .cloned()
            .collect();
        let Some(from) = old.iter().find(|entity| !new.contains(*entity)).filter(|_| !added.is_empty())
        else {
            continue;
        };
        for entity in &added {
            let reason = format!("{host} moves here from {}", from.short());
            let action =
                "expect both or neither to answer while the change is applied; have the old owner agree";
            finder.add(Severity::Medium, "hostname-moved", entity, None, (reason, action));
        }
    }
}

/// What happens to a certificate.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Gap {
    /// It goes, and no other has its names.
    Without,
    /// Another one takes its place, or it gets into another Secret.
    Elsewhere,
    /// Another authority signs it.
    Reissued,
}

fn certificates(finder: &mut Finder<'_>, before: &Hosts, after: &Hosts) {
    let mut gaps: BTreeMap<(Gap, EntityRef, ObjectRef, String, String), Vec<&str>> = BTreeMap::new();
    for (host, old) in &before.certificates {
        let is_served = after.served.keys().any(|name| name == host || covers(host, name));
        let wider = || after.certificates.iter().find(|(name, _)| covers(name, host)).map(|(_, it)| it);
        let new = after.certificates.get(host).or_else(wider);
        let Some((gap, shown)) = gap(old, new).filter(|_| is_served) else { continue };
        let (entity, object) = (shown.entity.clone(), shown.object.clone());
        let secrets = (old.secret.clone(), shown.secret.clone());
        gaps.entry((gap, entity, object, secrets.0, secrets.1)).or_default().push(host);
    }
    for ((gap, entity, object, old, new), hosts) in gaps {
        let names = match hosts.as_slice() {
            [first, second, rest @ ..] if rest.len() > 1 => {
                format!("{first}, {second} and {} more", rest.len())
            }
            all => all.join(", "),
        };
        let later = "HTTPS fails until it is issued; make the new one first and switch in a second request";
        let (severity, reason, action) = match gap {
            Gap::Without => {
                let action = "keep the certificate, or stop serving the name first";
                (Severity::High, format!("no certificate is left for {names}: HTTPS ends"), action)
            }
            Gap::Elsewhere if old == new => {
                (Severity::Medium, format!("a new certificate is made for {names}"), later)
            }
            Gap::Elsewhere => {
                let reason = format!("the certificate for {names} moves from the Secret {old} to {new}");
                (Severity::Medium, reason, later)
            }
            Gap::Reissued => {
                let action = "see that the new issuer works; the old certificate is used until then";
                (Severity::Low, format!("the certificate for {names} is issued by another authority"), action)
            }
        };
        finder.add(severity, "certificate-gap", &entity, Some(&object), (reason, action));
    }
}

/// What becomes of a certificate, and the one to look at.
fn gap<'a>(old: &'a Certificate, new: Option<&'a Certificate>) -> Option<(Gap, &'a Certificate)> {
    match new {
        None => Some((Gap::Without, old)),
        Some(new) if new.object != old.object || new.secret != old.secret => Some((Gap::Elsewhere, new)),
        Some(new) if new.issuer != old.issuer => Some((Gap::Reissued, new)),
        Some(_) => None,
    }
}

/// Whether a name with `*.` in front stands for another one.
fn covers(wildcard: &str, name: &str) -> bool {
    wildcard.strip_prefix("*.").is_some_and(|zone| name.split_once('.').is_some_and(|(_, rest)| rest == zone))
}
