//! What expressions can see beside the entity itself.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use serde_json::{Map, Value, json};

use crate::catalog::Catalog;
use crate::entity::EntityRef;
use crate::expression::Engine;

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
    /// The Groups and Users that the parameters name, by the text that names them: what `owner` has. One
    /// that is not in the catalog is not here.
    pub entities: Value,
}

/// At most this many Groups and Users are looked up for one entity.
const MOST_ENTITIES: usize = 100;

/// Longest reference that is looked up: a kind, a namespace and a name of 63 characters each.
const LONGEST_REFERENCE: usize = 200;

impl Surroundings {
    /// Looks up the owner with all its members (those of the groups below it too) and the system of an
    /// entity. An owner that is not in the catalog has no members.
    pub fn of(entity: &Value, catalog: &Catalog, default_cluster: &str) -> Self {
        Neighbours::new(catalog, default_cluster).surroundings(entity)
    }
}

/// What an entity is described as: each has fields of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Role {
    Owner,
    System,
    User,
}

/// What the catalog says about owners, systems and members. Each is looked up once, however many entities
/// have it and however many threads ask.
#[derive(Debug)]
pub struct Neighbours<'a> {
    catalog: &'a Catalog,
    default_cluster: &'a str,
    known: Mutex<BTreeMap<(Role, EntityRef), Described>>,
}

/// The place of a description, filled by the first who needs it.
type Described = Arc<OnceLock<Value>>;

impl<'a> Neighbours<'a> {
    /// Nothing is looked up yet.
    pub fn new(catalog: &'a Catalog, default_cluster: &'a str) -> Self {
        Self { catalog, default_cluster, known: Mutex::default() }
    }

    /// The surroundings of one entity.
    pub fn surroundings(&self, entity: &Value) -> Surroundings {
        let namespace = entity.pointer("/metadata/namespace").and_then(Value::as_str).unwrap_or("default");
        let named = |pointer: &str, kind: &str| {
            let text = entity.pointer(pointer).and_then(Value::as_str)?;
            EntityRef::parse(text, Some(kind), namespace).ok()
        };
        let described = |found: Option<EntityRef>, role| found.map_or(Value::Null, |it| self.of(role, &it));
        Surroundings {
            owner: described(named("/spec/owner", "group"), Role::Owner),
            system: described(named("/spec/system", "system"), Role::System),
            cluster: cluster(entity, self.default_cluster).to_owned(),
            entities: self.entities(entity.pointer("/spec/parameters"), namespace),
        }
    }

    fn of(&self, role: Role, reference: &EntityRef) -> Value {
        let place = {
            let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
            Arc::clone(known.entry((role, reference.clone())).or_default())
        };
        let describe = || match role {
            Role::Owner => self.describe_owner(reference),
            Role::System => describe(reference, self.catalog),
            Role::User => describe_user(reference, self.catalog),
        };
        place.get_or_init(describe).clone()
    }

    /// The Groups and Users that texts below `parameters` name with their kind.
    fn entities(&self, parameters: Option<&Value>, namespace: &str) -> Value {
        let mut texts = Vec::new();
        collect_references(parameters.unwrap_or(&Value::Null), &mut texts);
        let mut found = Map::new();
        for text in texts {
            let Ok(reference) = EntityRef::parse(text, None, namespace) else { continue };
            if self.catalog.get(&reference).is_some() {
                found.insert(text.to_owned(), self.of(Role::Owner, &reference));
            }
        }
        Value::Object(found)
    }

    fn describe_owner(&self, owner: &EntityRef) -> Value {
        let entity = self.catalog.value(owner).unwrap_or(Value::Null);
        let mut found = named(owner, &entity);
        insert_text(&mut found, "displayName", entity.pointer("/spec/profile/displayName"));
        let members: Vec<Value> = if owner.kind() == "user" {
            vec![self.of(Role::User, owner)]
        } else {
            self.catalog.members(owner).iter().map(|user| self.of(Role::User, user)).collect()
        };
        found.insert("members".into(), Value::Array(members));
        Value::Object(found)
    }
}

/// The texts that look like a reference to a Group or a User, in the order of their places.
fn collect_references<'a>(value: &'a Value, found: &mut Vec<&'a str>) {
    match value {
        Value::String(text) => {
            let kind = text.split_once(':').map(|(kind, _)| kind.to_ascii_lowercase());
            let is_wanted = matches!(kind.as_deref(), Some("group" | "user"));
            if is_wanted && text.len() <= LONGEST_REFERENCE && found.len() < MOST_ENTITIES {
                found.push(text);
            }
        }
        Value::Array(items) => items.iter().for_each(|item| collect_references(item, found)),
        Value::Object(fields) => fields.values().for_each(|value| collect_references(value, found)),
        _ => {}
    }
}

/// The place of an entity's cluster in it: the annotation that Backstage's Kubernetes plugin narrows an
/// entity to a cluster with.
pub const CLUSTER_POINTER: &str = "/metadata/annotations/backstage.io~1kubernetes-cluster";

/// The cluster that the objects of an entity go to: the one it names itself, or the one given.
pub fn cluster<'a>(entity: &'a Value, default_cluster: &'a str) -> &'a str {
    entity.pointer(CLUSTER_POINTER).and_then(Value::as_str).unwrap_or(default_cluster)
}

/// `ref`, `name` and, where the catalog has them, `title`.
fn describe(reference: &EntityRef, catalog: &Catalog) -> Value {
    let entity = catalog.value(reference).unwrap_or(Value::Null);
    let mut found = named(reference, &entity);
    insert_text(&mut found, "title", entity.pointer("/metadata/title"));
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
