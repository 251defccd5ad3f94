//! The files of a central repository, with the answers filled in.

use std::collections::BTreeMap;
use std::path::Path;

use include_dir::{Dir, include_dir};
use serde_json::{Map, Value, json};

use super::kinds::{Kind, Kinds};
use super::{Address, GitOps, Host, Request, Source, entity_name, user_name};
use crate::error::Failure;
use crate::expression::{Engine, RenderOptions};
use crate::fs;
use crate::ops::embedded::all_files;
use crate::ops::{codeowners, templates, types};

/// The files, a folder for each answer that some of them need. In their paths `team` stands for the first
/// team and `cluster` for each cluster.
static FILES: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/templates/repository");

/// The name that Argo CD gives the cluster that it runs in.
const OWN_CLUSTER: &str = "in-cluster";

/// The files with their paths, sorted.
pub(super) fn files(request: &Request) -> Result<Vec<(String, String)>, Failure> {
    let kinds = kinds(request);
    let values = values(request, &kinds);
    let mut files = BTreeMap::new();
    for set in sets(request, &kinds) {
        fill(set, request, &values, &mut files)?;
    }
    for name in &request.types {
        for (path, text) in types::built_in_files(name) {
            files.insert(format!("types/{name}/{path}"), text.to_owned());
        }
    }
    for name in &request.templates {
        let text = templates::built_in_text(name).unwrap_or_default();
        files.insert(format!("templates/{name}/template.yaml"), for_host(text, request.host));
    }
    if has_codeowners(request) {
        let text =
            codeowners::first(&request.team, request.org.as_deref().unwrap_or_default(), syntax(request));
        files.insert(codeowners::FILE.to_owned(), text);
    }
    Ok(files.into_iter().collect())
}

/// What cannot be made without an answer: one line each.
pub(super) fn left_out(request: &Request) -> Vec<String> {
    let mut left_out = Vec::new();
    let mut without = |what: &str, answer: &str| left_out.push(format!("{what}: {answer}"));
    match request.host {
        None if request.is_without_host => {}
        None => without("CI and CODEOWNERS", "--forge github, gitlab, gitea, forgejo or azure"),
        Some(Host::Azure) => {}
        Some(_) if request.org.is_some() => {}
        Some(_) => without("CODEOWNERS", "--org ORG, whose teams review"),
    }
    let what: Vec<&str> = [
        request.gitops.map(|_| "GitOps"),
        Some("the configuration of Backstage").filter(|_| !request.is_without_host),
    ]
    .into_iter()
    .flatten()
    .collect();
    if request.address.is_none() && !what.is_empty() {
        without(&what.join(" and "), "--repository URL, or a remote called origin");
    }
    left_out
}

fn has_codeowners(request: &Request) -> bool {
    request.host.is_some_and(|host| host != Host::Azure) && request.org.is_some()
}

fn syntax(request: &Request) -> codeowners::Syntax {
    match request.host {
        Some(Host::Gitea | Host::Forgejo) => codeowners::Syntax::Regex,
        _ => codeowners::Syntax::Glob,
    }
}

/// What GitOps has to know of the chosen types.
fn kinds(request: &Request) -> Kinds {
    let mut kinds = Kinds::default();
    for (path, text) in request.types.iter().flat_map(|name| types::built_in_files(name)) {
        if path == types::FILE { kinds.add_type(text) } else { kinds.add_definitions(text) }
    }
    kinds
}

/// The folders of [`FILES`] that the answers ask for.
fn sets(request: &Request, kinds: &Kinds) -> Vec<&'static str> {
    let mut sets = vec!["base"];
    sets.extend(request.host.map(|host| match host {
        Host::GitHub => "github",
        Host::GitLab => "gitlab",
        Host::Gitea | Host::Forgejo => "gitea",
        Host::Azure => "azure",
    }));
    if !kinds.composites.is_empty() {
        sets.push("crossplane");
    }
    if request.address.is_some() {
        sets.extend(request.host.map(|_| "backstage"));
        sets.extend(request.gitops.map(GitOps::word));
        if request.gitops == Some(GitOps::Flux) && !kinds.composites.is_empty() {
            sets.push("flux-crossplane");
        }
    }
    sets
}

/// Fills in the files of one folder.
fn fill(
    set: &str,
    request: &Request,
    values: &Map<String, Value>,
    files: &mut BTreeMap<String, String>,
) -> Result<(), Failure> {
    let engine = Engine::default();
    let Some(folder) = FILES.get_dir(set) else { return Ok(()) };
    for file in all_files(folder) {
        let path = file.path().strip_prefix(set).unwrap_or(file.path()).to_string_lossy().into_owned();
        let text = file.contents_utf8().unwrap_or_default();
        for cluster in clusters_of(&path, request) {
            let mut values = values.clone();
            let (name, destination) = cluster.unwrap_or_default();
            values.insert("cluster".to_owned(), name.into());
            values.insert("destination".to_owned(), destination.into());
            let path = path.replace("/team/", &format!("/{}/", request.team));
            let path =
                path.replace("/cluster/", &format!("/{name}/")).replace("/cluster.", &format!("/{name}."));
            let filled = engine
                .render(text, &json!({ "values": values }), &RenderOptions::default())
                .map_err(|error| Failure::usage(format!("cannot make {path}")).because(error.message))?;
            files.insert(path, filled);
        }
    }
    Ok(())
}

/// The clusters that a file is made for, each with its name in Argo CD; once for none where it is about
/// all of them.
fn clusters_of<'a>(path: &str, request: &'a Request) -> Vec<Option<(&'a str, &'a str)>> {
    if !path.contains("/cluster/") && !path.contains("/cluster.") {
        return vec![None];
    }
    request.clusters.iter().map(|name| Some((name.as_str(), destination(request, name)))).collect()
}

fn destination<'a>(request: &Request, cluster: &'a str) -> &'a str {
    if request.clusters.first().is_some_and(|first| first == cluster) { OWN_CLUSTER } else { cluster }
}

/// Everything that the files may name.
fn values(request: &Request, kinds: &Kinds) -> Map<String, Value> {
    let mut values = Map::new();
    let mut set = |name: &str, value: Value| values.insert(name.to_owned(), value);
    about_the_repository(request, &mut set);
    let person = request.person.as_ref();
    set("team", request.team.as_str().into());
    set("user", person.and_then(user_name).into());
    set("displayName", person.map(|person| person.name.as_str()).into());
    set("email", person.map(|person| person.email.as_str()).into());
    set("userId", request.user_id.as_deref().into());
    set("gitops", request.address.as_ref().and(request.gitops).map(GitOps::word).into());
    set("gitopsName", request.gitops.map(GitOps::name).into());
    set("clusters", request.clusters.as_slice().into());
    let destinations = request.clusters.iter().map(|name| destination(request, name));
    set("destinations", destinations.collect());
    set("zones", request.zones.as_slice().into());
    set("types", request.types.as_slice().into());
    set("templates", request.templates.as_slice().into());
    set("source", source(&request.source));
    if let Source::Git(url) = &request.source {
        set("install", format!("cargo install --locked --git {url} platform").into());
    }
    about_kinds(request, kinds, &mut set);
    values
}

fn about_the_repository(request: &Request, set: &mut impl FnMut(&str, Value) -> Option<Value>) {
    let folder = request.directory.file_name().map(|name| name.to_string_lossy().into_owned());
    let address = request.address.as_ref();
    let name = entity_name(&folder.unwrap_or_default()).or_else(|| entity_name(address?.name()));
    set("name", name.unwrap_or_else(|| "blueprint".to_owned()).into());
    set("base", request.base.as_str().into());
    set("repository", address.map(Address::clone_url).into());
    set("repositoryName", address.map(Address::name).into());
    set("forge", request.host.map(Host::word).into());
    // Where the name of the host tells, nothing has to be set. Gitea's CODEOWNERS is written otherwise, and a
    // clone without a remote could not know.
    let told = address.and_then(|address| address.host);
    let is_plain = |host: &Host| Some(*host) == told && !matches!(host, Host::Gitea | Host::Forgejo);
    let kind = request.host.filter(|host| !is_plain(host)).and_then(Host::kind);
    set("forgeType", kind.map(crate::forge::Kind::word).into());
    set("org", request.org.as_deref().into());
    set("codeowners", has_codeowners(request).into());
    let hosted = address.zip(request.host);
    let location = hosted.map(|(address, host)| address.page(host, &request.base, "catalog-info.yaml"));
    set("location", location.into());
    set("repoUrl", hosted.and_then(|(address, host)| address.scaffolder(host)).into());
}

fn about_kinds(request: &Request, kinds: &Kinds, set: &mut impl FnMut(&str, Value) -> Option<Value>) {
    let list = |kinds: &mut dyn Iterator<Item = &Kind>| kinds.map(as_value).collect::<Vec<_>>();
    let names = |kinds: &mut dyn Iterator<Item = &Kind>| {
        kinds.map(|kind| kind.name.as_str()).collect::<Vec<_>>().join("|")
    };
    set("composites", list(&mut kinds.composites.iter()).into());
    set("compositeNames", names(&mut kinds.composites.iter()).into());
    set("clusterKinds", list(&mut kinds.cluster.iter()).into());
    set("namespacedKinds", list(&mut kinds.namespaced.iter()).into());
    set("namespacedNames", names(&mut kinds.namespaced.iter()).into());
    set("renderedKinds", list(&mut kinds.cluster.union(&kinds.namespaced)).into());
    // definitions first, whatever their names
    let mut defining: Vec<(bool, String)> = Vec::new();
    for name in &request.types {
        for (path, text) in types::built_in_files(name).filter(|(path, _)| *path != types::FILE) {
            if fs::is_yaml(Path::new(path)) && !path.contains('/') {
                let is_definition = text.contains("\nkind: CompositeResourceDefinition\n");
                defining.push((!is_definition, format!("{name}/{path}")));
            }
        }
    }
    defining.sort();
    set("typeFiles", defining.into_iter().map(|(_, path)| path).collect());
}

fn as_value(kind: &Kind) -> Value {
    let Kind { group, name, version, plural } = kind;
    json!({ "group": group, "kind": name, "version": version, "plural": plural })
}

fn source(source: &Source) -> Value {
    match source {
        Source::Path => json!({}),
        Source::Image(image) => json!({ "image": image }),
        Source::Git(url) => json!({ "git": url }),
    }
}

/// A built-in template, with the portal's action for the host.
fn for_host(text: &str, host: Option<Host>) -> String {
    match host {
        Some(Host::GitLab) => text.replace("publish:github:pull-request", "publish:gitlab:merge-request"),
        _ => text.to_owned(),
    }
}
