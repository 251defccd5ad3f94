//! The shapes of the catalog API's answers, as far as they are read.

use serde::Deserialize;
use serde_json::Value;

use super::{Ingested, Problem};
use crate::entity::EntityRef;
use crate::http::{Answer, one_line};

/// `GET …/ancestry`.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Ancestry {
    root_entity_ref: String,
    items: Vec<Ancestor>,
}

#[derive(Deserialize)]
struct Ancestor {
    entity: Value,
}

impl Ancestry {
    /// Everything but the entity itself.
    pub(super) fn above(self) -> Vec<Value> {
        let root = self.root_entity_ref;
        let others = self.items.into_iter().map(|item| item.entity);
        others.filter(|entity| reference_of(entity) != root).collect()
    }
}

/// `GET …/unprocessed/pending`, of plugin-catalog-backend-module-unprocessed. Its `entity_ref` is
/// always null, so entities are told by what they say of themselves.
#[derive(Deserialize)]
pub(super) struct Unprocessed {
    entities: Vec<Pending>,
}

#[derive(Deserialize)]
struct Pending {
    unprocessed_entity: Value,
    #[serde(default)]
    errors: Option<Vec<Complaint>>,
}

#[derive(Deserialize)]
struct Complaint {
    #[serde(default)]
    name: String,
    #[serde(default)]
    message: String,
}

impl Complaint {
    fn line(&self) -> String {
        one_line(if self.message.is_empty() { &self.name } else { &self.message })
    }
}

impl Unprocessed {
    /// The complaints about one entity; `None` when it is not among them.
    pub(super) fn problems(&self, reference: &EntityRef) -> Option<Vec<Problem>> {
        let about = reference.to_string();
        let entry = self.entities.iter().find(|entry| reference_of(&entry.unprocessed_entity) == about)?;
        let complaints = entry.errors.iter().flatten();
        Some(complaints.map(|error| Problem { about: about.clone(), message: error.line() }).collect())
    }
}

/// The body of a refusal by `POST validate-entity`.
pub(super) struct Verdict {
    pub(super) first: String,
}

impl Verdict {
    pub(super) fn read(body: &Value) -> Option<Self> {
        let first: Complaint = serde_json::from_value(body.pointer("/errors/0")?.clone()).ok()?;
        Some(Self { first: first.line() })
    }
}

/// `kind:namespace/name` in lower case, as Backstage writes references.
fn reference_of(entity: &Value) -> String {
    let text = |pointer: &str| entity.pointer(pointer).and_then(Value::as_str);
    let kind = text("/kind").unwrap_or("");
    let namespace =
        text("/metadata/namespace").filter(|namespace| !namespace.is_empty()).unwrap_or("default");
    let name = text("/metadata/name").unwrap_or("");
    format!("{kind}:{namespace}/{name}").to_lowercase()
}

/// The processing errors of an entity in the catalog.
pub(super) fn problems(entity: &Value) -> Vec<Problem> {
    let items = entity.pointer("/status/items").and_then(Value::as_array);
    let text = |item: &Value, key: &str| item.get(key).and_then(Value::as_str).unwrap_or("").to_owned();
    items
        .into_iter()
        .flatten()
        .filter(|item| text(item, "level") == "error")
        .map(|item| Problem { about: reference_of(entity), message: one_line(&text(item, "message")) })
        .collect()
}

pub(super) fn ingested(entity: Value) -> Ingested {
    let text = |pointer: &str| entity.pointer(pointer).and_then(Value::as_str).map(str::to_owned);
    let etag = text("/metadata/etag");
    let location = text("/metadata/annotations/backstage.io~1managed-by-location");
    Ingested { entity, etag, location }
}

/// Whether an error has Backstage's shape. Another server's 404, or an unknown route of
/// Backstage's, is not an answer to the question.
pub(super) fn is_backstage(answer: &Answer) -> bool {
    answer.body.as_ref().is_some_and(|body| body.pointer("/error/name").is_some())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{Ancestry, Unprocessed, Verdict, problems, reference_of};
    use crate::entity::EntityRef;

    fn component(name: &str) -> EntityRef {
        EntityRef::parse(name, Some("component"), "default").unwrap()
    }

    #[test]
    fn references_are_full_and_in_lower_case() {
        let entity = json!({ "kind": "Component", "metadata": { "name": "Web" } });
        assert_eq!(reference_of(&entity), "component:default/web");
    }

    #[test]
    fn processing_errors_are_found() {
        let entity = json!({ "kind": "Location", "metadata": { "name": "x", "namespace": "default" },
            "status": { "items": [
                { "level": "error", "message": "Error: YAML error at file:/x,\n\na: [\n" },
                { "level": "info", "message": "fine" } ] } });
        let found = problems(&entity);
        assert_eq!(found.len(), 1);
        assert_eq!(
            (found[0].about.as_str(), found[0].message.as_str()),
            ("location:default/x", "Error: YAML error at file:/x, a: [")
        );
    }

    #[test]
    fn the_entity_itself_is_not_above_itself() {
        let ancestry: Ancestry =
            serde_json::from_value(json!({ "rootEntityRef": "component:default/web", "items": [
            { "entity": { "kind": "Component", "metadata": { "name": "web" } }, "parentEntityRefs": [] },
            { "entity": { "kind": "Location", "metadata": { "name": "l" } }, "parentEntityRefs": [] } ] }))
            .unwrap();
        assert_eq!(ancestry.above().len(), 1);
    }

    #[test]
    fn refused_entities_are_told_by_what_they_say_of_themselves() {
        let pending: Unprocessed = serde_json::from_value(json!({ "type": "pending", "entities": [
            { "entity_ref": null, "unprocessed_entity": { "kind": "Component", "metadata": { "name": "web" } },
              "errors": [{ "name": "InputError", "message": "no owner" }] },
            { "unprocessed_entity": { "kind": "Component", "metadata": { "name": "new" } }, "errors": null } ] }))
        .unwrap();
        assert_eq!(pending.problems(&component("web")).unwrap()[0].message, "no owner");
        assert_eq!(pending.problems(&component("new")), Some(Vec::new()));
        assert_eq!(pending.problems(&component("none")), None);
    }

    #[test]
    fn the_first_complaint_is_the_verdict() {
        let body = json!({ "errors": [{ "name": "InputError", "message": "a" }] });
        assert_eq!(Verdict::read(&body).unwrap().first, "a");
        assert!(Verdict::read(&json!({ "error": {} })).is_none());
    }
}
