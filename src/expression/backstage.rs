//! The filters that Backstage 1.55 adds: `parseRepoUrl`, `projectSlug`, `parseEntityRef`, `pick`.

use serde_json::{Map, Value as Json, json};
use url::Url;

use crate::javascript::number_to_string;

/// A filter that is not built in: its input and arguments, `None` for undefined. The error is one
/// sentence without a full stop.
pub type Filter = fn(Option<&Json>, &[Option<Json>]) -> Result<Option<Json>, String>;

pub(super) const FILTERS: &[(&str, Filter)] = &[
    ("parseRepoUrl", parse_repo_url),
    ("parseEntityRef", parse_entity_ref),
    ("pick", pick),
    ("projectSlug", project_slug),
];

/// Kinds of hosts that need something else than `owner` and `repo`. Backstage takes the kind from
/// its configuration of integrations; these are the hosts that it knows without one.
const HOSTS: &[(&str, &[&str])] = &[
    ("github.com", &["repo", "owner"]),
    ("gitlab.com", &["owner", "repo"]),
    ("bitbucket.org", &["workspace", "project", "repo"]),
    ("dev.azure.com", &["project", "repo"]),
];

fn display(value: Option<&Json>) -> String {
    match value {
        None => "undefined".to_owned(),
        Some(Json::String(text)) => text.clone(),
        Some(Json::Object(_)) => "[object Object]".to_owned(),
        Some(Json::Number(number)) => number_to_string(number.as_f64().unwrap_or(f64::NAN)),
        Some(other) => other.to_string(),
    }
}

/// `github.com?owner=o&repo=r` to its parts.
fn parse_repo_url(input: Option<&Json>, _: &[Option<Json>]) -> Result<Option<Json>, String> {
    let text = display(input);
    let url = Url::parse(&format!("https://{text}"))
        .map_err(|reason| format!("`{text}` is no repository address: {reason}"))?;
    let mut host = url.host_str().unwrap_or_default().to_owned();
    if let Some(port) = url.port() {
        host = format!("{host}:{port}");
    }
    let parameter =
        |name: &str| url.query_pairs().find(|(key, _)| key == name).map(|(_, value)| value.into_owned());
    let required =
        HOSTS.iter().find(|(known, _)| *known == host).map_or(&["repo"][..], |(_, required)| required);
    let project = parameter("project").map(|project| project.trim_matches('/').to_owned());
    let optional = host == "gitlab.com" && project.is_some_and(|project| !project.is_empty());
    let missing = required.iter().find(|name| parameter(name).is_none_or(|value| value.is_empty()));
    if let Some(missing) = missing.filter(|_| !optional) {
        return Err(format!("`{text}` is no complete repository address: `{missing}` is missing"));
    }
    let mut parts = Map::new();
    parts.insert("host".to_owned(), Json::String(host));
    for name in ["owner", "repo", "organization", "workspace", "project"] {
        if let Some(value) = parameter(name) {
            parts.insert(name.to_owned(), Json::String(value.trim_matches('/').to_owned()));
        }
    }
    Ok(Some(Json::Object(parts)))
}

fn project_slug(input: Option<&Json>, arguments: &[Option<Json>]) -> Result<Option<Json>, String> {
    let parts = parse_repo_url(input, arguments)?.unwrap_or_default();
    Ok(Some(Json::String(format!("{}/{}", display(parts.get("owner")), display(parts.get("repo"))))))
}

/// Truthiness of JSON in JavaScript.
fn is_set(value: Option<&Json>) -> bool {
    match value {
        None | Some(Json::Null | Json::Bool(false)) => false,
        Some(Json::String(text)) => !text.is_empty(),
        Some(Json::Number(number)) => number.as_f64().is_some_and(|number| number != 0.0),
        Some(_) => true,
    }
}

/// A part that is there and not null, or its default.
fn part<'a>(given: Option<&'a Json>, default: Option<&'a Json>) -> Option<&'a Json> {
    given.filter(|given| !given.is_null()).or(default)
}

/// `kind:namespace/name` to its parts, as `parseEntityRef` of `@backstage/catalog-model` 1.10 does.
fn parse_entity_ref(input: Option<&Json>, arguments: &[Option<Json>]) -> Result<Option<Json>, String> {
    let defaults = arguments.first().and_then(Option::as_ref);
    let default_kind = defaults.and_then(|defaults| defaults.get("defaultKind"));
    let fallback = json!("default");
    let default_namespace = defaults
        .and_then(|defaults| defaults.get("defaultNamespace"))
        .filter(|namespace| is_set(Some(namespace)))
        .unwrap_or(&fallback);
    if !is_set(input) {
        return Err("an entity reference must not be empty".to_owned());
    }
    let parsed;
    let parts = match input {
        Some(Json::String(text)) => {
            parsed = split_entity_ref(text)?;
            &parsed
        }
        other => other.unwrap_or(&Json::Null),
    };
    let kind = part(parts.get("kind"), default_kind);
    let namespace = part(parts.get("namespace"), Some(default_namespace));
    let name = parts.get("name");
    for (value, called) in [(kind, "kind"), (namespace, "namespace"), (name, "name")] {
        if !is_set(value) {
            return Err(format!("the entity reference `{}` has no {called}", display(input)));
        }
    }
    Ok(Some(json!({ "kind": kind, "namespace": namespace, "name": name })))
}

fn split_entity_ref(text: &str) -> Result<Json, String> {
    let slash = text.find('/');
    let colon = text.find(':').filter(|colon| slash.is_none_or(|slash| slash > *colon));
    let after_colon = colon.map_or(0, |colon| colon + 1);
    let mut parts = Map::new();
    if let Some(colon) = colon {
        parts.insert("kind".to_owned(), json!(text[..colon]));
    }
    if let Some(slash) = slash {
        parts.insert("namespace".to_owned(), json!(text[after_colon..slash]));
    }
    let start = after_colon.max(slash.map_or(0, |slash| slash + 1));
    parts.insert("name".to_owned(), json!(text[start..]));
    if parts.values().any(|part| part == "") {
        return Err(format!("the entity reference `{text}` is not of the form [kind:][namespace/]name"));
    }
    Ok(Json::Object(parts))
}

/// A key of a path: lodash alone tells -0 from 0.
fn key(value: Option<&Json>) -> String {
    let is_negative_zero =
        value.and_then(Json::as_f64).is_some_and(|number| number == 0.0 && number.is_sign_negative());
    if is_negative_zero { "-0".to_owned() } else { display(value) }
}

/// One value inside another, by a path like `a.b[0]` or a list of keys (`get` of lodash 4).
fn pick(input: Option<&Json>, arguments: &[Option<Json>]) -> Result<Option<Json>, String> {
    let missing = arguments.get(1).cloned().flatten();
    let Some(path) = arguments.first() else { return Ok(missing) };
    let is_object = |key: &Json| key.is_object();
    let has_object = path.as_ref().is_some_and(|path| {
        is_object(path) || path.as_array().is_some_and(|keys| keys.iter().any(is_object))
    });
    if has_object && input.is_some_and(|input| !input.is_null()) {
        return Err("a map cannot be part of a path".to_owned());
    }
    let keys = match path {
        Some(Json::Array(keys)) => keys.iter().map(|part| key(Some(part))).collect(),
        Some(Json::String(path)) if own(input, path).is_some() => vec![path.clone()],
        Some(Json::String(path)) => path_keys(path),
        other => vec![key(other.as_ref())],
    };
    if keys.is_empty() {
        return Ok(missing);
    }
    let mut current = input.cloned();
    for key in &keys {
        current = own(current.as_ref(), key);
    }
    Ok(current.or(missing))
}

fn own(value: Option<&Json>, key: &str) -> Option<Json> {
    let index = || key.parse::<usize>().ok().filter(|index| index.to_string() == key);
    match value? {
        Json::Object(map) => map.get(key).cloned(),
        Json::Array(items) if key == "length" => Some(json!(items.len())),
        Json::Array(items) => items.get(index()?).cloned(),
        Json::String(text) if key == "length" => Some(json!(text.encode_utf16().count())),
        Json::String(text) => {
            let unit = text.encode_utf16().nth(index()?)?;
            Some(Json::String(String::from_utf16_lossy(&[unit])))
        }
        _ => None,
    }
}

/// lodash's `stringToPath`: names between points, and what stands in brackets.
fn path_keys(path: &str) -> Vec<String> {
    let mut keys = Vec::new();
    if path.starts_with('.') {
        keys.push(String::new());
    }
    let mut rest = path;
    while !rest.is_empty() {
        if let Some((key, after)) = rest.strip_prefix('[').and_then(bracketed) {
            keys.push(key);
            rest = after;
        } else if let Some(after) = rest.strip_prefix(['.', '[', ']']) {
            let empty = rest.starts_with('.')
                && (after.is_empty() || after.starts_with('.') || after.starts_with("[]"));
            if empty {
                keys.push(String::new());
            }
            rest = after;
        } else {
            let end = rest.find(['.', '[', ']']).unwrap_or(rest.len());
            keys.push(rest[..end].to_owned());
            rest = &rest[end..];
        }
    }
    keys
}

/// The key in brackets, quoted or not, and what follows the bracket.
fn bracketed(rest: &str) -> Option<(String, &str)> {
    let quote = rest.chars().next().filter(|quote| matches!(quote, '"' | '\''));
    if let Some(quote) = quote {
        let mut key = String::new();
        let mut characters = rest[1..].char_indices();
        while let Some((at, character)) = characters.next() {
            if character == '\\' {
                key.push(characters.next()?.1);
            } else if character == quote {
                return Some((key, rest[1 + at + 1..].strip_prefix(']')?));
            } else {
                key.push(character);
            }
        }
        return None;
    }
    let (key, after) = rest.split_once(']')?;
    (!key.is_empty() && !key.contains(['"', '\''])).then(|| (key.to_owned(), after))
}
