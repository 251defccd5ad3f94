//! One entity and its resource type to objects.

use serde_json::{Map, Value, json};

use crate::entity::{DEFAULT_NAMESPACE, EntityRef};
use crate::object::Object;

use super::context::Context;
use super::decode::is_label;
use super::fill::Filler;
use super::hostnames::{self, Hostname};
use super::problem::{Place, Problem};
use super::resource_type::{Check, ResourceType, Route, Template};
use super::schema::short;

/// The label that Backstage's Kubernetes plugin finds an entity's objects by.
pub const ID_LABEL: &str = "backstage.io/kubernetes-id";

/// The label that says who keeps an object.
pub const MANAGED_BY_LABEL: &str = "app.kubernetes.io/managed-by";

/// The annotation that leads back to the entity.
pub const REF_ANNOTATION: &str = "platform.internal/entity-ref";

/// A link for people.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// What it leads to.
    pub title: String,
    /// Where it leads.
    pub url: String,
}

/// Access that an entity gives to somebody.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Grant {
    /// What it is access to: `namespace shop`.
    pub on: String,
    /// The level: `view`, `edit`, `admin`, or a word of the type's own.
    pub level: String,
    /// The Group or User that has it.
    pub to: EntityRef,
}

/// What an entity becomes.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Rendered {
    /// The objects, in the order of its type.
    pub objects: Vec<Object>,
    /// The names in DNS that it answers for.
    pub hostnames: Vec<Hostname>,
}

/// The objects of one entity, in the order of its type; or everything that is wrong.
///
/// The entity is a whole one that Backstage accepts, with this type in `spec.type`.
pub fn objects(
    entity: &Value,
    resource_type: &ResourceType,
    context: &Context<'_>,
) -> Result<Vec<Object>, Vec<Problem>> {
    rendered(entity, resource_type, context).map(|rendered| rendered.objects)
}

/// The same, with what else the type says about the entity.
pub fn rendered(
    entity: &Value,
    resource_type: &ResourceType,
    context: &Context<'_>,
) -> Result<Rendered, Vec<Problem>> {
    let mut filler = Filler::new(context.engine, scope(entity, resource_type, context)?);
    for (index, check) in resource_type.checks.iter().enumerate() {
        run_check(check, &format!("/spec/checks/{index}"), &mut filler);
    }
    if !filler.problems.is_empty() {
        return Err(filler.problems);
    }
    let marks = Marks::of(entity, &mut filler.problems);
    let mut objects: Vec<Object> = Vec::new();
    for (index, template) in resource_type.objects.iter().enumerate() {
        let at = format!("/spec/objects/{index}");
        for manifest in manifests(template, &at, &mut filler) {
            let object = marks.put_on(manifest);
            filler.problems.extend(judge(&object, entity, resource_type.route, &format!("{at}/manifest")));
            if objects.iter().any(|other| other.reference() == object.reference()) {
                let message = format!("there are two objects {}", object.reference());
                filler.problems.push(Problem::of_type(&at, message));
            }
            objects.push(object);
        }
    }
    let hostnames = hostnames::of_type(&resource_type.hostnames, &mut filler);
    filler.problems.dedup();
    if filler.problems.is_empty() { Ok(Rendered { objects, hostnames }) } else { Err(filler.problems) }
}

/// The links of one entity, in the order of its type; or everything that is wrong.
pub fn links(
    entity: &Value,
    resource_type: &ResourceType,
    context: &Context<'_>,
) -> Result<Vec<Link>, Vec<Problem>> {
    let mut filler = Filler::new(context.engine, scope(entity, resource_type, context)?);
    let mut links = Vec::new();
    for (index, link) in resource_type.links.iter().enumerate() {
        let at = format!("/spec/links/{index}");
        let made = filler.each(link.each.as_ref(), &format!("{at}/each"), |filler| {
            filler.holds(link.condition.as_ref(), &format!("{at}/if")).then(|| Link {
                title: filler.text(&link.title, &format!("{at}/title")),
                url: filler.text(&link.url, &format!("{at}/url")),
            })
        });
        links.extend(made.into_iter().flatten());
    }
    if filler.problems.is_empty() { Ok(links) } else { Err(filler.problems) }
}

/// The access that one entity gives, in the order of its type; or everything that is wrong.
pub fn grants(
    entity: &Value,
    resource_type: &ResourceType,
    context: &Context<'_>,
) -> Result<Vec<Grant>, Vec<Problem>> {
    let mut filler = Filler::new(context.engine, scope(entity, resource_type, context)?);
    let namespace =
        entity.pointer("/metadata/namespace").and_then(Value::as_str).unwrap_or(DEFAULT_NAMESPACE);
    let name = entity.pointer("/metadata/name").and_then(Value::as_str).unwrap_or_default();
    let mut grants = Vec::new();
    for (index, access) in resource_type.access.iter().enumerate() {
        let at = format!("/spec/access/{index}");
        let made = filler.each(access.each.as_ref(), &format!("{at}/each"), |filler| {
            if !filler.holds(access.condition.as_ref(), &format!("{at}/if")) {
                return None;
            }
            let to = filler.text(&access.to, &format!("{at}/to"));
            let level = filler.text(&access.level, &format!("{at}/level"));
            let on = filler.text(&access.on, &format!("{at}/on"));
            let on = if on.is_empty() { format!("{} {name}", resource_type.name) } else { on };
            match EntityRef::parse(&to, Some("group"), namespace) {
                Ok(to) => Some(Grant { on, level, to }),
                Err(error) => {
                    let message = format!("`{to}` is no reference to a Group or User: {error}");
                    filler.problems.push(Problem::of_type(format!("{at}/to"), message));
                    None
                }
            }
        });
        grants.extend(made.into_iter().flatten());
    }
    if filler.problems.is_empty() { Ok(grants) } else { Err(filler.problems) }
}

/// Everything that expressions see; problems with parameters and settings.
pub(super) fn scope(
    entity: &Value,
    resource_type: &ResourceType,
    context: &Context<'_>,
) -> Result<Map<String, Value>, Vec<Problem>> {
    let given = entity.pointer("/spec/parameters").cloned().unwrap_or_else(|| json!({}));
    let parameters = resource_type.parameters.complete(given);
    let at = "/spec/parameters";
    let mut problems = resource_type
        .parameters
        .check(&parameters, |pointer, message| Problem::entity(format!("{at}{pointer}"), message));
    let settings = if context.settings.is_null() { json!({}) } else { context.settings.clone() };
    let settings = resource_type.settings.complete(settings);
    let name = &resource_type.name;
    problems.extend(resource_type.settings.check(&settings, |pointer, message| {
        let key = format!("types.{name}{}", pointer.replace('/', "."));
        Problem::of_type("/spec/settings", format!("setting {key}: {message}"))
            .help("correct it in platform.yaml")
    }));
    if !problems.is_empty() {
        return Err(problems);
    }
    let around = context.surroundings;
    let scope = [
        ("entity", entity.clone()),
        ("parameters", parameters),
        ("settings", settings),
        ("owner", around.owner.clone()),
        ("system", around.system.clone()),
        ("cluster", Value::from(around.cluster.as_str())),
        ("entities", around.entities.clone()),
    ];
    Ok(scope.into_iter().map(|(name, value)| (name.to_owned(), value)).collect())
}

fn run_check(check: &Check, at: &str, filler: &mut Filler<'_>) {
    filler.each(check.each.as_ref(), &format!("{at}/each"), |filler| {
        let scope = filler.scope().as_object();
        let variables: Vec<(&str, &Value)> =
            scope.into_iter().flatten().map(|(name, value)| (name.as_str(), value)).collect();
        match check.rule.holds(&variables) {
            Ok(true) => {}
            Ok(false) => {
                let pointer = filler.text(&check.pointer, &format!("{at}/pointer"));
                let message = filler.text(&check.message, &format!("{at}/message"));
                let help = filler.text(&check.help, &format!("{at}/help"));
                let problem = Problem::entity(pointer, message);
                filler.problems.push(if help.is_empty() { problem } else { problem.help(help) });
            }
            Err(error) => filler.problems.push(Problem::of_type(format!("{at}/rule"), error.message)),
        }
    });
}

fn manifests(template: &Template, at: &str, filler: &mut Filler<'_>) -> Vec<Value> {
    let made = filler.each(template.each.as_ref(), &format!("{at}/each"), |filler| {
        let holds = filler.holds(template.condition.as_ref(), &format!("{at}/if"));
        if holds { filler.fill(&template.manifest, &format!("{at}/manifest")) } else { None }
    });
    made.into_iter().flatten().collect()
}

/// The labels and the annotation that every object of an entity gets.
struct Marks {
    id: String,
    reference: String,
}

impl Marks {
    fn of(entity: &Value, problems: &mut Vec<Problem>) -> Self {
        let text = |pointer: &str| entity.pointer(pointer).and_then(Value::as_str);
        let annotations = entity.pointer("/metadata/annotations");
        let annotated = annotations.and_then(|all| all.get(ID_LABEL)).and_then(Value::as_str);
        let name = text("/metadata/name").unwrap_or("");
        let id = annotated.unwrap_or(name);
        if !is_label_value(id) {
            let pointer = match annotated {
                Some(_) => format!("/metadata/annotations/{}", ID_LABEL.replace('/', "~1")),
                None => "/metadata/name".to_owned(),
            };
            let message = format!("{} is no value for the label {ID_LABEL}", short(&json!(id)));
            problems.push(Problem::entity(pointer, message).help(LABEL_VALUE));
        }
        let kind = text("/kind").unwrap_or("");
        let namespace = text("/metadata/namespace").unwrap_or("default");
        Self { id: id.to_owned(), reference: format!("{kind}:{namespace}/{name}").to_lowercase() }
    }

    /// The object with its marks, and its keys in a fixed order.
    fn put_on(&self, manifest: Value) -> Object {
        let Value::Object(mut fields) = manifest else { return Object(manifest) };
        let mut metadata = match fields.remove("metadata") {
            Some(Value::Object(metadata)) => metadata,
            _ => Map::new(),
        };
        let marked = |given: Option<Value>, marks: &[(&str, &str)]| {
            let mut all = match given {
                Some(Value::Object(all)) => all,
                _ => Map::new(),
            };
            all.extend(marks.iter().map(|(name, value)| ((*name).to_owned(), json!(value))));
            all.sort_keys();
            Value::Object(all)
        };
        let labels =
            marked(metadata.remove("labels"), &[(ID_LABEL, &self.id), (MANAGED_BY_LABEL, "platform")]);
        let annotations = marked(metadata.remove("annotations"), &[(REF_ANNOTATION, &self.reference)]);
        let mut ordered = take(&mut metadata, &["name", "namespace"]);
        ordered.insert("labels".into(), labels);
        ordered.insert("annotations".into(), annotations);
        ordered.extend(metadata);
        let mut object = take(&mut fields, &["apiVersion", "kind"]);
        object.insert("metadata".into(), Value::Object(ordered));
        object.extend(take(&mut fields, &["spec"]));
        object.extend(fields);
        Object(Value::Object(object))
    }
}

/// Moves fields out of a mapping, in the given order.
fn take(from: &mut Map<String, Value>, names: &[&str]) -> Map<String, Value> {
    names.iter().filter_map(|name| Some(((*name).to_owned(), from.shift_remove(*name)?))).collect()
}

const LABEL_VALUE: &str =
    "letters, digits, `-`, `_` and `.`, at most 63 characters, the first and the last a letter or digit";

/// Kubernetes' rule for the value of a label.
fn is_label_value(text: &str) -> bool {
    let end = |letter: Option<char>| letter.is_some_and(|letter| letter.is_ascii_alphanumeric());
    let inner = |letter: char| letter.is_ascii_alphanumeric() || "-_.".contains(letter);
    text.is_empty()
        || text.len() <= 63 && text.chars().all(inner) && end(text.chars().next()) && end(text.chars().last())
}

/// What Kubernetes would refuse in any object: names, labels.
fn judge(object: &Object, entity: &Value, route: Route, at: &str) -> Vec<Problem> {
    let mut problems = Vec::new();
    for field in ["apiVersion", "kind"] {
        if object.text(&format!("/{field}")).is_none_or(str::is_empty) {
            problems.push(Problem::of_type(format!("{at}/{field}"), format!("`{field}` is empty")));
        }
    }
    problems.extend(judge_name(object, entity, route, at));
    if let Some(namespace) = object.0.pointer("/metadata/namespace")
        && !namespace.as_str().is_some_and(is_label)
    {
        let message = format!("{} cannot be the name of a namespace", short(namespace));
        problems.push(Problem::of_type(format!("{at}/metadata/namespace"), message));
    }
    for (name, value) in object.0.pointer("/metadata/labels").and_then(Value::as_object).into_iter().flatten()
    {
        // The one of the entity's name has been looked at with the entity's place.
        if name != ID_LABEL && !value.as_str().is_some_and(is_label_value) {
            let message = format!("{} is no value for the label {name}", short(value));
            problems.push(Problem::of_type(format!("{at}/metadata/labels"), message).help(LABEL_VALUE));
        }
    }
    problems
}

/// Names that hold the entity's own name are the entity's affair, others the type's.
fn judge_name(object: &Object, entity: &Value, route: Route, at: &str) -> Option<Problem> {
    let gvk = object.gvk();
    let name = object.text("/metadata/name").unwrap_or("");
    // Crossplane puts the name of a composite in a label, and a Namespace or Service name is a DNS label.
    let is_short = route != Route::Manifests || matches!(gvk.kind.as_str(), "Namespace" | "Service");
    let is_any = gvk.group == "rbac.authorization.k8s.io";
    let is_fine = if is_short {
        is_label(name)
    } else if is_any {
        !name.is_empty() && name.len() <= 253 && !name.contains(['/', '%'])
    } else {
        name.len() <= 253 && name.split('.').all(is_label)
    };
    if is_fine {
        return None;
    }
    let longest = if is_short { 63 } else { 253 };
    let message = format!("{} cannot be the name of a {}", short(&json!(name)), gvk.kind);
    let own = entity.pointer("/metadata/name").and_then(Value::as_str).unwrap_or("");
    let is_own = !own.is_empty() && name.contains(own);
    let at = format!("{at}/metadata/name");
    let place = if is_own { Place::Entity("/metadata/name".into()) } else { Place::Type(at) };
    let help = format!("lower-case letters, digits and `-`, at most {longest} characters");
    Some(Problem { place, message, help: Some(help) })
}
