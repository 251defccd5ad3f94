//! What expressions can see beside the entity itself.

use serde_json::{Map, Value, json};

use crate::catalog::Catalog;
use crate::entity::EntityRef;
use crate::expression::Engine;

/// The annotation that Backstage's Kubernetes plugin narrows an entity to a cluster with.
const CLUSTER: &str = "backstage.io/kubernetes-cluster";

/// The annotation in which Backstage's Microsoft Graph provider keeps the object id of a user.
const USER_ID: &str = "graph.microsoft.com/user-id";

/// What expressions can see beside the entity and its parameters.
#[derive(Clone, Copy)]
pub struct Context<'a> {
    /// Evaluates the expressions.
    pub engine: &'a Engine,
    /// Owner, system and cluster.
    pub surroundings: &'a Surroundings,
    /// What `platform.yaml` says below `types.<name>`; null for nothing.
    pub settings: &'a Value,
}

/// What the catalog says about the surroundings of an entity.
#[derive(Clone, Debug, PartialEq)]
pub struct Surroundings {
    /// The owner: `ref`, `name`, `displayName`, `members`; null when there is none.
    pub owner: Value,
    /// The system: `ref`, `name`, `title`; null when there is none.
    pub system: Value,
    /// The cluster that the objects go to.
    pub cluster: String,
}

impl Surroundings {
    /// Looks up the owner with all its members (those of the groups below it too) and the system of an
    /// entity. An owner that is not in the catalog has no members.
    pub fn of(entity: &Value, catalog: &Catalog, default_cluster: &str) -> Self {
        let namespace = entity.pointer("/metadata/namespace").and_then(Value::as_str).unwrap_or("default");
        let named = |pointer: &str, kind: &str| {
            let text = entity.pointer(pointer).and_then(Value::as_str)?;
            EntityRef::parse(text, Some(kind), namespace).ok()
        };
        Self {
            owner: named("/spec/owner", "group").map_or(Value::Null, |owner| describe_owner(&owner, catalog)),
            system: named("/spec/system", "system").map_or(Value::Null, |system| describe(&system, catalog)),
            cluster: cluster_of(entity).unwrap_or(default_cluster).to_owned(),
        }
    }
}

/// The cluster that an entity names itself.
fn cluster_of(entity: &Value) -> Option<&str> {
    entity.pointer("/metadata/annotations")?.get(CLUSTER)?.as_str()
}

/// `ref`, `name` and, where the catalog has them, `title`.
fn describe(reference: &EntityRef, catalog: &Catalog) -> Value {
    let entity = catalog.value(reference).unwrap_or(Value::Null);
    let mut found = named(reference, &entity);
    insert_text(&mut found, "title", entity.pointer("/metadata/title"));
    Value::Object(found)
}

fn describe_owner(owner: &EntityRef, catalog: &Catalog) -> Value {
    let entity = catalog.value(owner).unwrap_or(Value::Null);
    let mut found = named(owner, &entity);
    insert_text(&mut found, "displayName", entity.pointer("/spec/profile/displayName"));
    let members: Vec<Value> = if owner.kind() == "user" {
        vec![describe_user(owner, catalog)]
    } else {
        catalog.members(owner).iter().map(|user| describe_user(user, catalog)).collect()
    };
    found.insert("members".into(), Value::Array(members));
    Value::Object(found)
}

fn describe_user(user: &EntityRef, catalog: &Catalog) -> Value {
    let entity = catalog.value(user).unwrap_or(Value::Null);
    let mut found = named(user, &entity);
    insert_text(&mut found, "displayName", entity.pointer("/spec/profile/displayName"));
    insert_text(&mut found, "email", entity.pointer("/spec/profile/email"));
    let annotations = entity.pointer("/metadata/annotations");
    insert_text(&mut found, "userId", annotations.and_then(|all| all.get(USER_ID)));
    Value::Object(found)
}

/// The reference, and the name as it is written in the catalog.
fn named(reference: &EntityRef, entity: &Value) -> Map<String, Value> {
    let written = entity.pointer("/metadata/name").and_then(Value::as_str);
    let name = written.unwrap_or(reference.name());
    let fields = json!({"ref": reference.to_string(), "name": name});
    fields.as_object().cloned().unwrap_or_default()
}

fn insert_text(fields: &mut Map<String, Value>, name: &str, value: Option<&Value>) {
    if let Some(text) = value.and_then(Value::as_str).filter(|text| !text.is_empty()) {
        fields.insert(name.into(), text.into());
    }
}
