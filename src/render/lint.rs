//! Looks at the expressions of a resource type without evaluating them.

use serde_json::Value;

use crate::diagnostic::did_you_mean;
use crate::expression::{Engine, Reference};

use super::decode::Fault;
use super::problem::pointer;
use super::resource_type::ResourceType;

/// The names that every expression sees.
const NAMES: [&str; 8] =
    ["entity", "parameters", "settings", "owner", "system", "cluster", "entities", "each"];

/// Expressions that are no expressions, filters that are not there, and names that no entity can have:
/// parameters and settings that the schemas do not know.
pub(crate) fn lint(resource_type: &ResourceType) -> Vec<Fault> {
    let mut linter = Linter { engine: Engine::default(), resource_type, faults: Vec::new() };
    for (index, check) in resource_type.checks.iter().enumerate() {
        let at = format!("/spec/checks/{index}");
        linter.optional(check.each.as_ref(), &format!("{at}/each"));
        linter.text(&check.message, &format!("{at}/message"));
        linter.text(&check.help, &format!("{at}/help"));
        linter.text(&check.pointer, &format!("{at}/pointer"));
    }
    for (index, template) in resource_type.objects.iter().enumerate() {
        let at = format!("/spec/objects/{index}");
        linter.optional(template.condition.as_ref(), &format!("{at}/if"));
        linter.optional(template.each.as_ref(), &format!("{at}/each"));
        linter.value(&template.manifest, &format!("{at}/manifest"));
    }
    for (index, link) in resource_type.links.iter().enumerate() {
        let at = format!("/spec/links/{index}");
        linter.optional(link.condition.as_ref(), &format!("{at}/if"));
        linter.optional(link.each.as_ref(), &format!("{at}/each"));
        linter.text(&link.title, &format!("{at}/title"));
        linter.text(&link.url, &format!("{at}/url"));
    }
    for (index, hostname) in resource_type.hostnames.iter().enumerate() {
        let at = format!("/spec/hostnames/{index}");
        linter.optional(hostname.condition.as_ref(), &format!("{at}/if"));
        linter.optional(hostname.each.as_ref(), &format!("{at}/each"));
        linter.optional(hostname.paths.as_ref(), &format!("{at}/paths"));
        linter.text(&hostname.name, &format!("{at}/name"));
        linter.text(&hostname.pointer, &format!("{at}/pointer"));
    }
    for (index, access) in resource_type.access.iter().enumerate() {
        let at = format!("/spec/access/{index}");
        linter.optional(access.condition.as_ref(), &format!("{at}/if"));
        linter.optional(access.each.as_ref(), &format!("{at}/each"));
        for (name, text) in [("to", &access.to), ("level", &access.level), ("on", &access.on)] {
            linter.text(text, &format!("{at}/{name}"));
        }
    }
    linter.faults
}

struct Linter<'a> {
    engine: Engine,
    resource_type: &'a ResourceType,
    faults: Vec<Fault>,
}

impl Linter<'_> {
    fn optional(&mut self, value: Option<&Value>, at: &str) {
        if let Some(value) = value {
            self.value(value, at);
        }
    }

    fn value(&mut self, value: &Value, at: &str) {
        match value {
            Value::String(text) => self.text(text, at),
            Value::Array(items) => {
                items.iter().enumerate().for_each(|(index, item)| self.value(item, &format!("{at}/{index}")));
            }
            Value::Object(fields) => {
                for (name, value) in fields {
                    let at = pointer(at, name);
                    self.text(name, &at);
                    self.value(value, &at);
                }
            }
            _ => {}
        }
    }

    fn fault(&mut self, at: &str, message: String, meant: Option<&str>) {
        let help = meant.map(|meant| format!("write `{meant}`"));
        self.faults.push(Fault { pointer: at.to_owned(), message, help });
    }

    fn text(&mut self, text: &str, at: &str) {
        if !text.contains("${{") {
            return;
        }
        let parsed = match self.engine.parse(text) {
            Ok(parsed) => parsed,
            Err(error) => return self.fault(at, format!("not an expression: {}", error.message), None),
        };
        for filter in parsed
            .filters
            .iter()
            .filter(|filter| !self.engine.has_filter(&filter.name))
            .cloned()
            .collect::<Vec<_>>()
        {
            let meant = did_you_mean(&filter.name, self.engine.filter_names()).map(str::to_owned);
            self.fault(at, format!("there is no filter `{}`", filter.name), meant.as_deref());
        }
        for reference in parsed.references {
            self.reference(&reference, at);
        }
    }

    fn reference(&mut self, reference: &Reference, at: &str) {
        let Some((first, rest)) = reference.path.split_first() else { return };
        let schema = match first.as_str() {
            "parameters" => self.resource_type.parameters(),
            "settings" => self.resource_type.settings(),
            name if NAMES.contains(&name) => return,
            name => {
                let message = format!("there is no `{name}` here, only {}", NAMES.join(", "));
                return self.fault(at, message, did_you_mean(name, NAMES));
            }
        };
        let mut schema = schema.clone();
        for part in rest {
            // Only what the schema closes can be known not to be there.
            let is_closed = schema.get("additionalProperties") == Some(&Value::Bool(false));
            let properties = schema.get("properties").and_then(Value::as_object);
            let Some(next) = properties.and_then(|properties| properties.get(part)) else {
                if is_closed {
                    let known = properties.into_iter().flatten().map(|(name, _)| name.as_str());
                    let meant = did_you_mean(part, known).map(str::to_owned);
                    let message = format!("the schema has no `{}`", reference.path.join("."));
                    self.fault(at, message, meant.as_deref());
                }
                return;
            };
            schema = next.clone();
        }
    }
}
