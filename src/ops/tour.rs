//! What the tour needs besides the real operations: the answers, and a cluster to look at.

use serde_json::{Value, json};

use crate::clock::Timestamp;
use crate::error::Failure;
use crate::object::Object;
use crate::yaml::emit;

/// The service that the tour asks for.
pub const SERVICE: &str = "component:orders";

/// The made-up object id of the guide in Entra ID.
pub const USER_ID: &str = "11111111-2222-3333-4444-555555555555";

/// The answers to `new-service`.
pub const ANSWERS: &[&str] = &[
    "name=orders",
    "owner=group:default/shop-team",
    "system=shop",
    "newSystem=true",
    "dns=true",
    "hostnames=orders.example.com",
];

/// The rendered objects as a cluster would show them a minute after they were applied: a file such
/// as `kubectl get -o yaml` writes. The namespace and the route are up; the certificate is still being
/// issued, so that there is something to wait for.
pub fn observed(rendered: &[Object], now: Timestamp) -> Result<String, Failure> {
    let created = Timestamp(now.0 - 60).to_string();
    let items: Vec<Value> = rendered.iter().map(|object| as_observed(object, &created)).collect();
    Ok(emit::to_string(&json!({ "apiVersion": "v1", "kind": "List", "items": items })))
}

fn as_observed(object: &Object, created: &str) -> Value {
    let mut value = object.0.clone();
    if let Some(metadata) = value.get_mut("metadata").and_then(Value::as_object_mut) {
        metadata.insert("creationTimestamp".into(), created.into());
        metadata.insert("generation".into(), 1.into());
    }
    let kind = object.text("/kind").unwrap_or_default().to_owned();
    let status = match kind.as_str() {
        "HTTPRoute" => {
            let parents =
                object.0.pointer("/spec/parentRefs").and_then(Value::as_array).cloned().unwrap_or_default();
            let accepted = [
                condition("Accepted", "True", "Accepted", created),
                condition("ResolvedRefs", "True", "ResolvedRefs", created),
                condition("Programmed", "True", "Programmed", created),
            ];
            let parents = parents.iter().map(|parent| {
                json!({"parentRef": parent, "controllerName": "konghq.com/kic-gateway-controller", "conditions": accepted})
            });
            json!({ "parents": parents.collect::<Vec<_>>() })
        }
        "DNSEndpoint" => json!({ "observedGeneration": 1 }),
        "Certificate" => {
            let mut issuing = condition("Issuing", "True", "DoesNotExist", created);
            issuing["message"] = "Issuing certificate as Secret does not exist".into();
            json!({ "conditions": [issuing, condition("Ready", "False", "DoesNotExist", created)] })
        }
        _ => {
            json!({ "conditions": [condition("Synced", "True", "ReconcileSuccess", created), condition("Ready", "True", "Available", created)] })
        }
    };
    value["status"] = status;
    value
}

fn condition(kind: &str, status: &str, reason: &str, at: &str) -> Value {
    json!({
        "type": kind, "status": status, "reason": reason, "lastTransitionTime": at, "observedGeneration": 1,
    })
}
