//! Answers to the parameters of a template: read from flags, filled with defaults, checked.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::parameters::validate::{Violation, shown, violations};
use super::parameters::{Field, Kind, Page, fill, resolve, type_of};
use super::template::Template;
use crate::diagnostic::did_you_mean;

/// How deep a path of `--set` reaches.
const MAX_PATH: usize = 16;

/// One answer that is missing or wrong.
#[derive(Clone, Debug, PartialEq)]
pub struct Wrong {
    /// JSON pointer into the answers.
    pub pointer: String,
    /// The path for `--set`.
    pub path: String,
    /// What is wrong: one line, lower case first, no full stop.
    pub message: String,
    /// The flag that answers it: `--set name=…`.
    pub flag: String,
    /// Values that are allowed, where there is a list of them.
    pub allowed: Vec<String>,
    /// What was likely meant.
    pub suggestion: Option<String>,
    /// Whether nothing was answered, as opposed to something wrong.
    pub missing: bool,
}

/// Reads answers from `path=value` texts, typed by the schema of the template.
///
/// `a.b=c` reaches into mappings; the same path twice makes a list where the schema wants one; a
/// value for a list or a mapping may be JSON. Says everything that is wrong with the flags
/// themselves; whether the answers are enough is for [`check`].
pub fn from_set<'a>(
    template: &Template,
    flags: impl IntoIterator<Item = &'a str>,
) -> (Map<String, Value>, Vec<Wrong>) {
    let mut texts: BTreeMap<String, (usize, Vec<String>)> = BTreeMap::new();
    let mut wrong = Vec::new();
    for (index, flag) in flags.into_iter().enumerate() {
        match flag.split_once('=') {
            Some((path, value))
                if !path.is_empty()
                    && path.split('.').all(|part| !part.is_empty())
                    && path.split('.').count() <= MAX_PATH =>
            {
                texts.entry(path.to_owned()).or_insert_with(|| (index, Vec::new())).1.push(value.to_owned());
            }
            _ => wrong.push(simple(flag, format!("{flag:?} is not of the form path=value"))),
        }
    }
    let mut texts: Vec<_> = texts.into_iter().collect();
    texts.sort_by_key(|(_, (index, _))| *index);
    let mut answers = Map::new();
    // Choices first: they decide which other fields there are, and so how those are typed.
    for _ in 0..2 {
        for (path, (_, values)) in &texts {
            let schema = schema_at(template, path, &answers);
            insert(&mut answers, path, value_of(schema.as_ref(), values));
        }
    }
    wrong.extend(unknown(template, texts.iter().map(|(path, _)| path.as_str()), &answers));
    (answers, wrong)
}

/// Answers with the defaults of every page laid under them, as the browser form does.
pub fn with_defaults(template: &Template, answers: &Map<String, Value>) -> Map<String, Value> {
    let mut filled = answers.clone();
    for page in template.parameters() {
        filled = fill(&page.schema, &filled);
    }
    filled
}

/// Everything that is missing or wrong in the answers, on all pages, in the order of the form.
///
/// All answers are checked against every page, as the server does.
pub fn check(template: &Template, answers: &Map<String, Value>) -> Vec<Wrong> {
    let mut wrong: Vec<Wrong> = Vec::new();
    for page in template.parameters() {
        for found in check_page(page, answers) {
            if !wrong.iter().any(|known| known.pointer == found.pointer && known.message == found.message) {
                wrong.push(found);
            }
        }
    }
    wrong
}

/// Answers as a run wants them: the parameters, and the secrets beside them.
///
/// As in the portal, the answer to a `Secret` field becomes the secret of that name, and stars in its
/// length stay among the parameters. A token that a repository picker asks for
/// (`requestUserCredentials`) is a secret and nothing else.
pub fn split_secrets(
    template: &Template,
    answers: &Map<String, Value>,
) -> (Map<String, Value>, Map<String, Value>) {
    let mut parameters = Value::Object(answers.clone());
    let mut secrets = Map::new();
    for field in flat(&all_fields(template, answers)) {
        match &field.kind {
            Kind::Secret => {
                if let Some(answer) =
                    parameters.pointer_mut(&field.pointer).filter(|answer| answer.is_string())
                {
                    let stars = "*".repeat(answer.as_str().map_or(0, |text| text.chars().count()));
                    secrets.insert(field.name.clone(), std::mem::replace(answer, Value::String(stars)));
                }
            }
            Kind::RepoUrl(picker) => {
                let token = picker.secrets_key.as_ref().zip(parameters.as_object_mut());
                let token = token.and_then(|(key, all)| Some((key.clone(), all.shift_remove(key)?)));
                secrets.extend(token);
            }
            _ => {}
        }
    }
    match parameters {
        Value::Object(parameters) => (parameters, secrets),
        _ => (Map::new(), secrets),
    }
}

/// The answers that may be shown and kept: nothing that is a secret or typed unseen. The second list
/// has the paths of those that were left out.
pub fn without_secrets(
    template: &Template,
    answers: &Map<String, Value>,
) -> (Map<String, Value>, Vec<String>) {
    let mut kept = answers.clone();
    let mut left_out = Vec::new();
    for field in flat(&all_fields(template, answers)) {
        let path = match &field.kind {
            Kind::RepoUrl(picker) => picker.secrets_key.clone(),
            kind => hides(kind).then(|| field.path.clone()),
        };
        left_out.extend(path.filter(|path| remove(&mut kept, path)));
    }
    (kept, left_out)
}

/// Whether an answer is secret, or a list whose entries have secrets in them.
fn hides(kind: &Kind) -> bool {
    match kind {
        Kind::Secret | Kind::Password => true,
        Kind::List(inner) => match &**inner {
            Kind::Object(fields) => flat(fields).iter().any(|field| hides(&field.kind)),
            inner => hides(inner),
        },
        _ => false,
    }
}

/// Removes the answer at a dotted path; whether there was one.
fn remove(answers: &mut Map<String, Value>, path: &str) -> bool {
    match path.split_once('.') {
        None => answers.shift_remove(path).is_some(),
        Some((first, rest)) => match answers.get_mut(first) {
            Some(Value::Object(inner)) => remove(inner, rest),
            _ => false,
        },
    }
}

/// The fields and those in them.
fn flat(fields: &[Field]) -> Vec<&Field> {
    let mut all = Vec::new();
    for field in fields {
        all.push(field);
        if let Kind::Object(inner) = &field.kind {
            all.extend(flat(inner));
        }
    }
    all
}

/// The same as [`check`] with what the pickers of the portal would say, whose rules the server does not
/// know: which hosts and owners a repository may have, what a name or a tag looks like.
pub fn check_as_form(template: &Template, answers: &Map<String, Value>) -> Vec<Wrong> {
    let mut wrong = check(template, answers);
    let value = Value::Object(answers.clone());
    for field in flat(&all_fields(template, answers)) {
        let known = wrong.iter().any(|known| known.pointer == field.pointer);
        let answer = value.pointer(&field.pointer).filter(|_| !known);
        if let Some(words) = answer.and_then(|answer| field.complaint(answer)) {
            let message = format!("{} {words}", field.title);
            wrong.push(Wrong { pointer: field.pointer.clone(), ..simple(&field.path, message) });
        }
    }
    wrong
}

/// A text as the value that a schema wants: `3` is a number for an integer, a text for a string.
/// What cannot be read as that type stays text, for the check to complain about.
pub(super) fn typed(schema: &Value, text: &str) -> Value {
    let schema = schema.as_object();
    let json = || serde_json::from_str::<Value>(text).ok();
    if let Some(value) = schema
        .and_then(|schema| schema.get("enum"))
        .and_then(|values| values.as_array()?.iter().find(|value| same(value, text)))
    {
        return value.clone();
    }
    let read = match schema.map_or("string", type_of) {
        "boolean" => match text {
            "true" | "yes" | "on" => Some(Value::Bool(true)),
            "false" | "no" | "off" => Some(Value::Bool(false)),
            _ => None,
        },
        "integer" | "number" => json().filter(Value::is_number),
        "array" => json().filter(Value::is_array).or_else(|| {
            let items = schema.and_then(|schema| schema.get("items")).unwrap_or(&Value::Null);
            let entries = text.split(',').map(str::trim).filter(|entry| !entry.is_empty());
            Some(entries.map(|entry| typed(items, entry)).collect())
        }),
        "object" => json().filter(Value::is_object),
        "null" => (text == "null").then_some(Value::Null),
        _ => None,
    };
    read.unwrap_or_else(|| Value::from(text))
}

fn same(value: &Value, text: &str) -> bool {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned) == text
}

fn value_of(schema: Option<&Value>, texts: &[String]) -> Value {
    let none = Value::Null;
    let schema = schema.unwrap_or(&none);
    match texts {
        [one] => typed(schema, one),
        several => {
            let items = schema.get("items").unwrap_or(&none);
            several.iter().map(|text| typed(items, text)).collect()
        }
    }
}

/// The schema of the property at a dotted path, with the branches that the answers open.
fn schema_at(template: &Template, path: &str, answers: &Map<String, Value>) -> Option<Value> {
    let answers = Value::Object(with_defaults(template, answers));
    let budget = resolve::Budget::new();
    template.parameters().iter().find_map(|page| {
        let mut schema = page.schema.clone();
        let mut inner = answers.clone();
        for part in path.split('.') {
            let resolved = resolve::resolve(schema.as_object()?, &page.schema, &inner, &budget);
            schema = resolved.get("properties")?.get(part)?.clone();
            inner = inner.get(part).cloned().unwrap_or(Value::Null);
        }
        Some(Value::Object(resolve::resolve(schema.as_object()?, &page.schema, &inner, &budget)))
    })
}

fn insert(answers: &mut Map<String, Value>, path: &str, value: Value) {
    match path.split_once('.') {
        None => drop(answers.insert(path.to_owned(), value)),
        Some((first, rest)) => {
            let inner = answers.entry(first).or_insert_with(|| Value::Object(Map::new()));
            if !inner.is_object() {
                *inner = Value::Object(Map::new());
            }
            if let Value::Object(inner) = inner {
                insert(inner, rest, value);
            }
        }
    }
}

/// Flags that no page has a property for. The server lets them pass; somebody who wrote
/// `--set nmae=shop` wants to know.
fn unknown<'a>(
    template: &Template,
    paths: impl Iterator<Item = &'a str>,
    answers: &Map<String, Value>,
) -> Vec<Wrong> {
    let fields = all_fields(template, answers);
    let mut known: Vec<String> = paths_of(&fields);
    known.extend(flat(&fields).into_iter().filter_map(|field| match &field.kind {
        Kind::RepoUrl(picker) => picker.secrets_key.clone(),
        _ => None,
    }));
    let open = |path: &str| {
        let first = path.split('.').next().unwrap_or(path);
        schema_at(template, first, answers)
            .is_some_and(|schema| path != first && schema.get("properties").is_none())
    };
    paths
        .filter(|path| !known.iter().any(|name| name == path) && !open(path))
        .map(|path| {
            let suggestion = did_you_mean(path, known.iter().map(String::as_str)).map(str::to_owned);
            let allowed = known.clone();
            let message = format!("the template has no parameter {path}");
            Wrong { allowed, suggestion, ..simple(path, message) }
        })
        .collect()
}

fn all_fields(template: &Template, answers: &Map<String, Value>) -> Vec<Field> {
    let answers = with_defaults(template, answers);
    template.parameters().iter().flat_map(|page| page.fields(&answers)).collect()
}

fn paths_of(fields: &[Field]) -> Vec<String> {
    flat(fields).into_iter().map(|field| field.path.clone()).collect()
}

fn simple(path: &str, message: String) -> Wrong {
    Wrong {
        pointer: pointer_of(path),
        path: path.to_owned(),
        message,
        flag: format!("--set {path}=…"),
        allowed: Vec::new(),
        suggestion: None,
        missing: false,
    }
}

fn pointer_of(path: &str) -> String {
    path.split('.').fold(String::new(), |pointer, part| super::problem::child(&pointer, part))
}

fn check_page(page: &Page, answers: &Map<String, Value>) -> Vec<Wrong> {
    let fields = page.fields(answers);
    let value = Value::Object(answers.clone());
    let mut found = violations(&page.schema, &page.schema, &value);
    // The schema as written has the verdict; with its branches decided it says which field is wrong.
    if let (false, Value::Object(schema)) = (found.is_empty(), &page.schema) {
        let resolved = Value::Object(resolve::resolve(schema, &page.schema, &value, &resolve::Budget::new()));
        let finer = violations(&resolved, &page.schema, &value);
        if !finer.is_empty() {
            found = finer;
        }
    }
    for violation in &mut found {
        only_filled_up(violation, &value);
    }
    let order = paths_of(&fields);
    let mut wrong: Vec<Wrong> = found.iter().map(|violation| describe(violation, &fields, &value)).collect();
    wrong.sort_by_key(|one| order.iter().position(|path| *path == one.path).unwrap_or(usize::MAX));
    wrong
}

/// A list that the form filled up with nulls, as many as it needs, was not answered: it is missing as a whole.
fn only_filled_up(violation: &mut Violation, answers: &Value) {
    let Some((list, _)) = violation.pointer.rsplit_once('/') else { return };
    let Some(Value::Array(items)) = answers.pointer(list) else { return };
    if !items.is_empty() && items.iter().all(Value::is_null) {
        let (pointer, allowed) = (list.to_owned(), Vec::new());
        let message = "is missing".to_owned();
        *violation = Violation { pointer, message, missing: true, unexpected: false, allowed };
    }
}

fn describe(violation: &Violation, fields: &[Field], answers: &Value) -> Wrong {
    let path =
        violation.pointer.trim_start_matches('/').replace('/', ".").replace("~1", "/").replace("~0", "~");
    let field = field_at(fields, &violation.pointer);
    let words = field.map_or_else(|| violation.message.clone(), |field| field.words(violation));
    let name = field
        .filter(|field| field.title != field.name)
        .map_or_else(|| path.clone(), |field| format!("{path} ({})", field.title));
    let text = |value: &Value| value.as_str().map_or_else(|| shown(value), str::to_owned);
    let choices = field.into_iter().flat_map(Field::choices).map(|choice| text(&choice.value));
    let mut allowed: Vec<String> = violation.allowed.iter().map(text).collect();
    if allowed.is_empty() {
        allowed = choices.collect();
    }
    let given = answers.pointer(&violation.pointer).map(text);
    let nearest =
        given.and_then(|given| did_you_mean(&given, allowed.iter().map(String::as_str)).map(str::to_owned));
    let unexpected = violation.unexpected.then(|| paths_of(fields));
    let suggestion = unexpected
        .as_ref()
        .map_or(nearest, |known| did_you_mean(&path, known.iter().map(String::as_str)).map(str::to_owned));
    let message = if path.is_empty() { format!("the answers: {words}") } else { format!("{name} {words}") };
    Wrong {
        pointer: violation.pointer.clone(),
        missing: violation.missing,
        allowed,
        suggestion,
        ..simple(&path, message)
    }
}

fn field_at<'a>(fields: &'a [Field], pointer: &str) -> Option<&'a Field> {
    fields.iter().find_map(|field| match &field.kind {
        _ if field.pointer == pointer => Some(field),
        Kind::Object(inner) => field_at(inner, pointer),
        _ => None,
    })
}

#[cfg(test)]
mod tests {
    use serde_json::{Map, Value, json};

    use super::{check, from_set, with_defaults};
    use crate::scaffolder::Template;

    fn template() -> Template {
        let entity = json!({
            "apiVersion": "scaffolder.backstage.io/v1beta3", "kind": "Template", "metadata": {"name": "t"},
            "spec": {"type": "service", "steps": [], "parameters": [
                {"required": ["name"], "properties": {
                    "name": {"type": "string", "title": "Name", "pattern": "^[a-z-]+$"},
                    "replicas": {"type": "integer", "default": 1},
                    "zip": {"type": "string"},
                    "size": {"type": "string", "enum": ["small", "medium"]},
                    "hosts": {"type": "array", "items": {"type": "string"}},
                    "repo": {"type": "object", "properties": {"host": {"type": "string"}, "private": {"type": "boolean"}}},
                }},
                {"properties": {"dns": {"type": "boolean", "default": false}}, "dependencies": {"dns": {"oneOf": [
                    {"properties": {"dns": {"enum": [true]}, "port": {"type": "integer"}}, "required": ["port"]},
                    {"properties": {"dns": {"enum": [false]}}},
                ]}}},
            ]},
        });
        Template::from_entity(&entity).unwrap()
    }

    fn check_flags(flags: &[&str], expected: &Value, wrong: &[&str]) {
        let (answers, found) = from_set(&template(), flags.iter().copied());
        assert_eq!(&Value::Object(answers), expected);
        let found: Vec<String> =
            found.iter().map(|one| format!("{} ({:?})", one.message, one.suggestion)).collect();
        assert_eq!(found, wrong);
    }

    #[test]
    fn flags_are_typed_by_the_schema() {
        let flags = [
            "replicas=3",
            "zip=01234",
            "hosts=a",
            "hosts=b",
            "repo.private=true",
            "repo.host=x",
            "dns=yes",
            "port=80",
        ];
        let expected = json!({"replicas": 3, "zip": "01234", "hosts": ["a", "b"], "repo": {"private": true, "host": "x"}, "dns": true, "port": 80});
        check_flags(&flags, &expected, &[]);
        check_flags(
            &["hosts=[\"a,b\"]", "repo={\"host\":\"x\"}"],
            &json!({"hosts": ["a,b"], "repo": {"host": "x"}}),
            &[],
        );
        check_flags(&["hosts=a,b"], &json!({"hosts": ["a", "b"]}), &[]);
        check_flags(&["replicas=many"], &json!({"replicas": "many"}), &[]);
    }

    #[test]
    fn what_a_picker_would_not_take_is_said() {
        let entity = json!({
            "apiVersion": "scaffolder.backstage.io/v1beta3", "kind": "Template", "metadata": {"name": "t"},
            "spec": {"type": "service", "steps": [], "parameters": {"properties": {
                "name": {"type": "string", "ui:field": "EntityNamePicker"},
                "tags": {"type": "array", "ui:field": "EntityTagsPicker"},
                "repo": {"type": "string", "ui:field": "RepoUrlPicker", "ui:options": {"allowedHosts": ["github.com"]}},
            }}},
        });
        let template = Template::from_entity(&entity).unwrap();
        let said = |answers: Value| -> Vec<String> {
            let found = super::check_as_form(&template, answers.as_object().unwrap());
            found.into_iter().map(|wrong| wrong.message).collect()
        };
        assert!(
            said(json!({"name": "a.b", "tags": ["c++"], "repo": "github.com?owner=a&repo=b"})).is_empty()
        );
        let found = said(json!({"name": "-a", "tags": ["a", "B"], "repo": "evil.example?owner=a&repo=b"}));
        assert_eq!(found.len(), 3, "{found:?}");
        assert!(found[2].starts_with("repo has the host evil.example"), "{found:?}");
    }

    #[test]
    fn secrets_are_told_from_parameters() {
        let entity = json!({
            "apiVersion": "scaffolder.backstage.io/v1beta3", "kind": "Template", "metadata": {"name": "t"},
            "spec": {"type": "service", "steps": [], "parameters": {"properties": {
                "name": {"type": "string"},
                "key": {"type": "string", "ui:field": "Secret"},
                "pin": {"type": "string", "ui:widget": "password"},
                "db": {"type": "object", "properties": {"password": {"type": "string", "ui:field": "Secret"}}},
                "repo": {"type": "string", "ui:field": "RepoUrlPicker",
                    "ui:options": {"requestUserCredentials": {"secretsKey": "TOKEN"}}},
            }}},
        });
        let template = Template::from_entity(&entity).unwrap();
        let flags = ["name=a", "key=geheim", "pin=1", "db.password=x", "TOKEN=t"];
        let (answers, wrong) = from_set(&template, flags);
        assert_eq!(wrong, []);
        let (parameters, secrets) = super::split_secrets(&template, &answers);
        let expected = json!({"name": "a", "key": "******", "pin": "1", "db": {"password": "*"}});
        assert_eq!(Value::Object(parameters), expected);
        assert_eq!(Value::Object(secrets), json!({"key": "geheim", "password": "x", "TOKEN": "t"}));
        let (kept, left_out) = super::without_secrets(&template, &answers);
        assert_eq!(Value::Object(kept), json!({"name": "a", "db": {}}));
        assert_eq!(left_out, ["key", "pin", "db.password", "TOKEN"]);
    }

    #[test]
    fn a_flag_that_fits_nothing_is_named() {
        check_flags(
            &["nmae=a", "name"],
            &json!({"nmae": "a"}),
            &[
                "\"name\" is not of the form path=value (None)",
                "the template has no parameter nmae (Some(\"name\"))",
            ],
        );
    }

    #[test]
    fn everything_missing_or_wrong_is_said_at_once() {
        let answers: Map<String, Value> =
            json!({"size": "smal", "replicas": "x", "dns": true}).as_object().unwrap().clone();
        let answers = with_defaults(&template(), &answers);
        let found = check(&template(), &answers);
        let found: Vec<_> =
            found.iter().map(|one| (&*one.message, &*one.flag, one.suggestion.as_deref())).collect();
        assert_eq!(
            found,
            [
                ("name (Name) is missing", "--set name=…", None),
                ("replicas \"x\" is not a whole number", "--set replicas=…", None),
                ("size \"smal\" is not one of the allowed values", "--set size=…", Some("small")),
                ("port is missing", "--set port=…", None),
            ]
        );
    }
}
