//! JSON to a resource type, with everything that is wrong at once.

use serde_json::{Map, Value};

use crate::cel::Condition;
use crate::diagnostic::did_you_mean;

use super::lint::lint;
use super::problem::pointer;
use super::resource_type::{
    API_VERSION, AccessTemplate, Check, HealthRule, HostnameTemplate, LinkTemplate, ResourceType, Route,
    Template,
};
use super::schema::Schema;

/// One thing that is wrong with a definition.
pub(crate) struct Fault {
    pub pointer: String,
    pub message: String,
    pub help: Option<String>,
}

/// A mapping of the definition and where it stands.
struct Fields<'a> {
    fields: &'a Map<String, Value>,
    at: String,
}

#[derive(Default)]
struct Decoder {
    faults: Vec<Fault>,
}

/// The type, if it could be made out at all, and what is wrong with it.
pub(crate) fn decode(value: &Value) -> (Option<ResourceType>, Vec<Fault>) {
    let mut decoder = Decoder::default();
    let found = decoder.resource_type(value);
    if let Some(found) = &found {
        decoder.faults.extend(lint(found));
    }
    (found, decoder.faults)
}

const NAME: &str = "lower-case letters, digits and `-`, at most 63 characters";

impl Decoder {
    fn fault(&mut self, pointer: impl Into<String>, message: impl Into<String>) {
        self.faults.push(Fault { pointer: pointer.into(), message: message.into(), help: None });
    }

    fn fields<'a>(&mut self, value: &'a Value, at: &str, known: &[&str]) -> Option<Fields<'a>> {
        let Some(fields) = value.as_object() else {
            self.fault(at, format!("`{}` must be a mapping", at.rsplit('/').next().unwrap_or("")));
            return None;
        };
        for name in fields.keys().filter(|name| !known.contains(&name.as_str())) {
            let meant = did_you_mean(name, known.iter().copied());
            let help = meant
                .map_or_else(|| format!("there are: {}", known.join(", ")), |it| format!("write `{it}`"));
            let message = format!("there is no field `{name}`");
            self.faults.push(Fault { pointer: pointer(at, name), message, help: Some(help) });
        }
        Some(Fields { fields, at: at.to_owned() })
    }

    fn required<'a>(&mut self, from: &Fields<'a>, name: &str) -> Option<&'a Value> {
        let value = from.fields.get(name).filter(|value| !value.is_null());
        if value.is_none() {
            self.fault(pointer(&from.at, name), format!("`{name}` is missing"));
        }
        value
    }

    /// A text, empty when it is left out.
    fn text(&mut self, from: &Fields<'_>, name: &str) -> String {
        match from.fields.get(name) {
            None | Some(Value::Null) => String::new(),
            Some(Value::String(text)) => text.clone(),
            Some(_) => {
                self.fault(pointer(&from.at, name), format!("`{name}` must be a text"));
                String::new()
            }
        }
    }

    fn required_text(&mut self, from: &Fields<'_>, name: &str) -> String {
        self.required(from, name);
        self.text(from, name)
    }

    /// The items of a list with their pointers; none when it is left out.
    fn items<'a>(&mut self, from: &Fields<'a>, name: &str) -> Vec<(&'a Value, String)> {
        let at = pointer(&from.at, name);
        match from.fields.get(name) {
            None | Some(Value::Null) => Vec::new(),
            Some(Value::Array(items)) => {
                items.iter().enumerate().map(|(index, item)| (item, format!("{at}/{index}"))).collect()
            }
            Some(_) => {
                self.fault(at, format!("`{name}` must be a list"));
                Vec::new()
            }
        }
    }

    fn resource_type(&mut self, value: &Value) -> Option<ResourceType> {
        let root = self.fields(value, "", &["apiVersion", "kind", "metadata", "spec"])?;
        for (name, wanted) in [("apiVersion", API_VERSION), ("kind", "ResourceType")] {
            if value.get(name).and_then(Value::as_str) != Some(wanted) {
                self.fault(format!("/{name}"), format!("`{name}` must be {wanted}"));
            }
        }
        let metadata = self.required(&root, "metadata")?;
        let metadata =
            self.fields(metadata, "/metadata", &["name", "title", "description", "annotations", "labels"])?;
        let name = self.required_text(&metadata, "name");
        if !is_label(&name) {
            self.fault("/metadata/name", format!("`{name}` is no name of a type: {NAME}"));
        }
        let title = self.text(&metadata, "title");
        let description = self.text(&metadata, "description");
        let spec = self.required(&root, "spec")?;
        let known = [
            "route",
            "parameters",
            "settings",
            "checks",
            "objects",
            "health",
            "links",
            "hostnames",
            "access",
        ];
        let spec = self.fields(spec, "/spec", &known)?;
        let title = if title.is_empty() { name.clone() } else { title };
        let route = self.route(&spec);
        Some(ResourceType {
            name,
            title,
            description,
            route,
            parameters: self.schema(&spec, "parameters")?,
            settings: self.schema(&spec, "settings")?,
            checks: self
                .items(&spec, "checks")
                .into_iter()
                .filter_map(|(item, at)| self.check(item, &at))
                .collect(),
            objects: self.objects(&spec, route),
            health: self
                .items(&spec, "health")
                .into_iter()
                .filter_map(|(item, at)| self.health(item, &at))
                .collect(),
            links: self
                .items(&spec, "links")
                .into_iter()
                .filter_map(|(item, at)| self.link(item, &at))
                .collect(),
            hostnames: self
                .items(&spec, "hostnames")
                .into_iter()
                .filter_map(|(item, at)| self.hostname(item, &at))
                .collect(),
            access: self
                .items(&spec, "access")
                .into_iter()
                .filter_map(|(item, at)| self.access(item, &at))
                .collect(),
        })
    }

    fn route(&mut self, spec: &Fields<'_>) -> Route {
        let word = self.required_text(spec, "route");
        let found = Route::ALL.into_iter().find(|route| route.as_str() == word);
        if found.is_none() && !word.is_empty() {
            self.fault("/spec/route", format!("`{word}` is no route: write manifests, composite or kro"));
        }
        found.unwrap_or(Route::Manifests)
    }

    /// A schema; one that is left out allows nothing but an empty mapping.
    fn schema(&mut self, spec: &Fields<'_>, name: &str) -> Option<Schema> {
        let nothing = serde_json::json!({"type": "object", "additionalProperties": false});
        let value = spec.fields.get(name).filter(|value| !value.is_null()).unwrap_or(&nothing);
        match Schema::compile(value) {
            Ok(schema) => Some(schema),
            Err(message) => {
                self.fault(pointer(&spec.at, name), message);
                None
            }
        }
    }

    fn condition(&mut self, from: &Fields<'_>, name: &str) -> Option<Condition> {
        let text = self.text(from, name);
        if text.is_empty() {
            return None;
        }
        Condition::compile(&text)
            .map_err(|error| self.fault(pointer(&from.at, name), format!("`{name}` is no CEL: {error}")))
            .ok()
    }

    fn check(&mut self, item: &Value, at: &str) -> Option<Check> {
        let from = self.fields(item, at, &["each", "rule", "message", "help", "pointer"])?;
        self.required(&from, "rule");
        let message = self.required_text(&from, "message");
        let rule = self.condition(&from, "rule")?;
        Some(Check {
            each: from.fields.get("each").cloned(),
            rule,
            message,
            help: self.text(&from, "help"),
            pointer: self.text(&from, "pointer"),
        })
    }

    fn objects(&mut self, spec: &Fields<'_>, route: Route) -> Vec<Template> {
        let items = self.items(spec, "objects");
        if items.is_empty() {
            self.fault("/spec/objects", "`objects` must name at least one object");
        }
        let mut found: Vec<Template> = Vec::new();
        for (item, at) in items {
            let Some(template) = self.object(item, &at) else { continue };
            if found.iter().any(|other| other.id == template.id) {
                self.fault(
                    format!("{at}/id"),
                    format!("there is another object with the id `{}`", template.id),
                );
            }
            found.push(template);
        }
        let is_one = found.len() <= 1 && found.iter().all(|template| template.each.is_none());
        if route != Route::Manifests && !is_one {
            let message =
                format!("the route {} has one object, which fans out in the cluster", route.as_str());
            self.fault("/spec/objects", message);
        }
        found
    }

    fn object(&mut self, item: &Value, at: &str) -> Option<Template> {
        let from = self.fields(item, at, &["id", "if", "each", "manifest"])?;
        let id = self.required_text(&from, "id");
        let manifest = self.required(&from, "manifest")?;
        if !manifest.is_object() {
            self.fault(format!("{at}/manifest"), "`manifest` must be a mapping");
        }
        for name in ["apiVersion", "kind", "metadata"] {
            if manifest.get(name).is_none() {
                self.fault(format!("{at}/manifest/{name}"), format!("the manifest has no `{name}`"));
            }
        }
        let optional = |name: &str| from.fields.get(name).filter(|value| !value.is_null()).cloned();
        Some(Template { id, condition: optional("if"), each: optional("each"), manifest: manifest.clone() })
    }

    fn health(&mut self, item: &Value, at: &str) -> Option<HealthRule> {
        let from = self.fields(item, at, &["apiVersion", "kind", "current", "inProgress", "failed"])?;
        self.required(&from, "current");
        Some(HealthRule {
            api_version: self.required_text(&from, "apiVersion"),
            kind: self.required_text(&from, "kind"),
            failed: self.condition(&from, "failed"),
            in_progress: self.condition(&from, "inProgress"),
            current: self.condition(&from, "current")?,
        })
    }

    fn link(&mut self, item: &Value, at: &str) -> Option<LinkTemplate> {
        let from = self.fields(item, at, &["each", "if", "title", "url"])?;
        let optional = |name: &str| from.fields.get(name).filter(|value| !value.is_null()).cloned();
        Some(LinkTemplate {
            each: optional("each"),
            condition: optional("if"),
            title: self.required_text(&from, "title"),
            url: self.required_text(&from, "url"),
        })
    }

    fn hostname(&mut self, item: &Value, at: &str) -> Option<HostnameTemplate> {
        let from = self.fields(item, at, &["each", "if", "name", "paths", "pointer"])?;
        let optional = |name: &str| from.fields.get(name).filter(|value| !value.is_null()).cloned();
        Some(HostnameTemplate {
            each: optional("each"),
            condition: optional("if"),
            name: self.required_text(&from, "name"),
            paths: optional("paths"),
            pointer: self.text(&from, "pointer"),
        })
    }

    fn access(&mut self, item: &Value, at: &str) -> Option<AccessTemplate> {
        let from = self.fields(item, at, &["each", "if", "to", "level", "on"])?;
        let optional = |name: &str| from.fields.get(name).filter(|value| !value.is_null()).cloned();
        Some(AccessTemplate {
            each: optional("each"),
            condition: optional("if"),
            to: self.required_text(&from, "to"),
            level: self.required_text(&from, "level"),
            on: self.text(&from, "on"),
        })
    }
}

/// A DNS label, as RFC 1123 has it.
pub fn is_label(text: &str) -> bool {
    let inner = |letter: char| letter.is_ascii_lowercase() || letter.is_ascii_digit() || letter == '-';
    !text.is_empty()
        && text.len() <= 63
        && text.chars().all(inner)
        && !text.starts_with('-')
        && !text.ends_with('-')
}
