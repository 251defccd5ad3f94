//! `platform init [DIR]`.

use std::path::{Path, PathBuf};

use clap::ValueEnum;

use super::Output;
use super::new::quoted;
use super::session::Session;
use crate::error::{Exit, Failure};
use crate::git::Identity;
use crate::ops::init::{self, Address, GitOps, Host, Source};
use crate::ops::{templates, types};
use crate::output::Text;
use crate::output::prompt::Prompt;

/// The first team when nobody names one.
const TEAM: &str = "platform-team";
/// The template that is copied when nobody says otherwise, as an example to change.
const TEMPLATE: &str = "service";
/// In place of the names of a list: none of them.
const NONE: &str = "none";

#[derive(Clone, Debug, clap::Args)]
pub(super) struct Arguments {
    /// The folder of the repository; it is made if it is missing
    #[arg(value_name = "DIR", default_value = ".")]
    directory: PathBuf,
    /// The first team in the catalog
    #[arg(long, value_name = "NAME")]
    team: Option<String>,
    #[command(flatten)]
    person: Person,
    /// Where the repository is or will be; the remote `origin` by default
    #[arg(long, value_name = "URL", value_parser = address)]
    repository: Option<Address>,
    /// The forge whose CI checks it; told by the URL where it can be
    #[arg(long, value_enum)]
    forge: Option<Forge>,
    /// The organisation whose teams review; that of the URL by default
    #[arg(long, value_parser = checked(init::check_org))]
    org: Option<String>,
    /// What brings objects to the clusters [default: argocd]
    #[arg(long, value_enum)]
    gitops: Option<Tool>,
    /// A cluster, the first for entities that name none; may be given many times [default: main]
    #[arg(long, value_name = "NAME", value_delimiter = ',', value_parser = checked(init::check_cluster))]
    cluster: Vec<String>,
    /// A DNS zone in which names may be asked for; may be given many times [default: any]
    #[arg(long, value_name = "ZONE", value_delimiter = ',', value_parser = checked(init::check_zone))]
    zone: Vec<String>,
    /// A built-in resource type to copy, or `none`; may be given many times [default: all that need no kro]
    #[arg(long = "type", value_name = "TYPE", value_delimiter = ',', value_parser = type_name)]
    types: Vec<String>,
    /// A built-in template to copy, or `none`; may be given many times [default: service]
    #[arg(long = "template", value_name = "NAME", value_delimiter = ',', value_parser = template_name)]
    templates: Vec<String>,
    /// Where CI gets this program from: `path` (the machine has it), `image:REFERENCE`, or `git:URL` (Cargo
    /// builds it) [default: path]
    #[arg(long, value_name = "SOURCE", value_parser = Source::parse)]
    platform_source: Option<Source>,
    /// The branch that pull requests go to
    #[arg(long, value_name = "BRANCH", default_value = "main", value_parser = checked(init::check_branch))]
    base: String,
    /// Only say what would be made
    #[arg(short = 'n', long)]
    dry_run: bool,
    /// Format of the answer
    #[arg(short, long, value_enum, default_value_t)]
    output: Output,
}

#[derive(Clone, Debug, clap::Args)]
struct Person {
    /// Your name, for the catalog; what Git knows by default
    #[arg(long = "user-name", value_name = "NAME")]
    name: Option<String>,
    /// Your e-mail address; what Git knows by default
    #[arg(long = "user-email", value_name = "ADDRESS", value_parser = checked(email))]
    email: Option<String>,
    /// Your object id in Entra ID; groups in the cluster are made of these
    #[arg(long = "user-id", value_name = "ID", value_parser = checked(init::check_user_id))]
    id: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Forge {
    #[value(name = "github")]
    GitHub,
    #[value(name = "gitlab")]
    GitLab,
    Gitea,
    Forgejo,
    Azure,
    /// No CI file
    None,
}

impl Forge {
    fn host(self) -> Option<Host> {
        match self {
            Self::GitHub => Some(Host::GitHub),
            Self::GitLab => Some(Host::GitLab),
            Self::Gitea => Some(Host::Gitea),
            Self::Forgejo => Some(Host::Forgejo),
            Self::Azure => Some(Host::Azure),
            Self::None => None,
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Tool {
    #[value(name = "argocd")]
    ArgoCd,
    Flux,
    /// No files for it
    None,
}

impl Tool {
    fn gitops(self) -> Option<GitOps> {
        match self {
            Self::ArgoCd => Some(GitOps::ArgoCd),
            Self::Flux => Some(GitOps::Flux),
            Self::None => None,
        }
    }
}

pub(super) fn run(arguments: &Arguments, session: &Session) -> Result<Exit, Failure> {
    let directory = normal(&session.environment.directory().join(&arguments.directory));
    let mut answered = arguments.clone();
    if answered.repository.is_none() {
        answered.repository = init::origin(&directory).and_then(|url| Address::parse(&url).ok());
    }
    if session.console.can_ask() {
        ask(&mut answered, session, &Prompt::new(&session.console))?;
    }
    let request = request(&answered, session, directory)?;
    let report = init::init(&request)?;
    crate::output::init::print(&session.console, answered.output.into(), &report, request.dry_run)?;
    if session.console.can_ask() {
        let command = equivalent(&answered, &request);
        session.console.note(Text::new().plain("\nthe same without questions:\n  ").plain(command).end());
    }
    if !request.dry_run {
        next_steps(&answered, session, &request, &report);
    }
    Ok(Exit::Fine)
}

fn next_steps(answered: &Arguments, session: &Session, request: &init::Request, report: &init::Report) {
    let team = format!("catalog/{}/team.yaml", request.team);
    let user = request.person.as_ref().filter(|_| request.user_id.is_none()).and_then(init::user_name);
    if let Some(user) = user.filter(|_| report.created.contains(&team)) {
        let id = "metadata.annotations.graph.microsoft.com/user-id";
        session.console.note(format!(
            "before the first namespace: platform edit user:{user} --set {id}=YOUR-OBJECT-ID\n"
        ));
    }
    let is_here = normal(&session.environment.directory().join(&answered.directory))
        == normal(session.environment.directory());
    let enter = if is_here {
        String::new()
    } else {
        format!("cd {} && ", quoted(&answered.directory.display().to_string()))
    };
    session.console.note(format!("next: {enter}platform new-service\n"));
}

/// The answers as an operation wants them.
fn request(answered: &Arguments, session: &Session, directory: PathBuf) -> Result<init::Request, Failure> {
    let identity = session.identity(None).ok();
    let team = answered.team.clone().unwrap_or_else(|| TEAM.to_owned());
    init::check_team(&team)
        .map_err(|reason| Failure::usage(format!("`{team}` cannot be the name of a team")).because(reason))?;
    let all_types = init::default_types;
    let told = answered.repository.as_ref();
    let host = answered.forge.map_or_else(|| told.and_then(|address| address.host), Forge::host);
    Ok(init::Request {
        directory,
        team,
        base: answered.base.clone(),
        person: person(&answered.person, identity.as_ref()),
        user_id: answered.person.id.clone(),
        identity,
        address: answered.repository.clone(),
        host,
        is_without_host: answered.forge == Some(Forge::None),
        org: answered.org.clone().or_else(|| Some(told?.owner()?.to_owned())),
        gitops: answered.gitops.unwrap_or(Tool::ArgoCd).gitops(),
        clusters: or_default(&answered.cluster, || vec!["main".to_owned()]),
        zones: answered.zone.clone(),
        types: or_default(&answered.types, all_types),
        templates: or_default(&answered.templates, || vec![TEMPLATE.to_owned()]),
        source: answered.platform_source.clone().unwrap_or(Source::Path),
        now: session.environment.now()?,
        dry_run: answered.dry_run,
    })
}

fn person(told: &Person, known: Option<&Identity>) -> Option<Identity> {
    let email = told.email.clone().or_else(|| Some(known?.email.clone()))?;
    let name = told.name.clone().or_else(|| Some(known?.name.clone())).unwrap_or_else(|| email.clone());
    Some(Identity { name, email })
}

/// The names of a list without repetitions; `none` is the empty list.
fn or_default(told: &[String], default: impl FnOnce() -> Vec<String>) -> Vec<String> {
    if told.is_empty() {
        return default();
    }
    let mut names: Vec<String> = Vec::new();
    for name in told.iter().filter(|name| *name != NONE) {
        if !names.contains(name) {
            names.push(name.clone());
        }
    }
    names
}

/// Asks for everything that no flag answered.
fn ask(answered: &mut Arguments, session: &Session, prompt: &Prompt) -> Result<(), Failure> {
    if answered.team.is_none() {
        let team = prompt.text("The first team in the catalog", Some(TEAM), false, init::check_team)?;
        answered.team = Some(team);
    }
    ask_person(&mut answered.person, session.identity(None).ok().as_ref(), prompt)?;
    ask_repository(answered, prompt)?;
    if answered.gitops.is_none() {
        let choices = ["Argo CD", "Flux", "neither"].map(str::to_owned);
        let chosen = prompt.choose("What brings objects to the clusters?", &choices, Some(0))?;
        answered.gitops = [Tool::ArgoCd, Tool::Flux, Tool::None].get(chosen).copied();
    }
    let list = |question: &str, default: &str, judge: &dyn Fn(&str) -> Result<(), String>| {
        let check = |text: &str| names(text).iter().try_for_each(|name| judge(name));
        Ok::<_, Failure>(names(&prompt.text(question, Some(default), default.is_empty(), check)?))
    };
    if answered.cluster.is_empty() {
        answered.cluster = list("The clusters, with commas", "main", &init::check_cluster)?;
    }
    if answered.zone.is_empty() {
        answered.zone = list("DNS zones for names (empty: any)", "", &init::check_zone)?;
    }
    if answered.types.is_empty() {
        let all = init::default_types();
        answered.types = list("Resource types", &all.join(", "), &|name| type_name(name).map(drop))?;
    }
    if answered.platform_source.is_none() {
        let question = "CI gets `platform` from (path, image:NAME, git:URL)";
        let check = |text: &str| Source::parse(text).map(drop);
        answered.platform_source = Source::parse(&prompt.text(question, Some("path"), false, check)?).ok();
    }
    Ok(())
}

fn ask_person(person: &mut Person, known: Option<&Identity>, prompt: &Prompt) -> Result<(), Failure> {
    if person.name.is_none() {
        let default = known.map(|known| known.name.as_str());
        let name = prompt.text("Your name", default, true, |_| Ok(()))?;
        person.name = Some(name).filter(|name| !name.is_empty());
    }
    if person.email.is_none() {
        let default = known.map(|known| known.email.as_str());
        let address = prompt.text("Your e-mail address", default, true, or_empty(&email))?;
        person.email = Some(address).filter(|address| !address.is_empty());
    }
    if person.id.is_none() {
        let question = "Your object id in Entra ID (empty: later)";
        let id = prompt.text(question, None, true, or_empty(&init::check_user_id))?;
        person.id = Some(id).filter(|id| !id.is_empty());
    }
    Ok(())
}

fn ask_repository(answered: &mut Arguments, prompt: &Prompt) -> Result<(), Failure> {
    if answered.repository.is_none() {
        let check = |text: &str| address(text).map(drop);
        let url = prompt.text("The URL of the repository (empty: later)", None, true, or_empty(&check))?;
        answered.repository = address(&url).ok();
    }
    let told = answered.repository.as_ref().and_then(|address| address.host);
    if answered.forge.is_none() && told.is_none() {
        let all = [Forge::GitHub, Forge::GitLab, Forge::Gitea, Forge::Forgejo, Forge::Azure, Forge::None];
        let names = all.map(|forge| forge.host().map_or("none of these", Host::name).to_owned());
        answered.forge = all.get(prompt.choose("Whose CI checks it?", &names, Some(0))?).copied();
    }
    let host = answered.forge.map_or(told, Forge::host);
    if answered.org.is_none() && host.is_some_and(|host| host != Host::Azure) {
        let default = answered.repository.as_ref().and_then(Address::owner).map(str::to_owned);
        let question = "The organisation whose teams review (empty: later)";
        let org = prompt.text(question, default.as_deref(), true, or_empty(&init::check_org))?;
        answered.org = Some(org).filter(|org| !org.is_empty());
    }
    Ok(())
}

/// The command that gives the same answers without questions.
fn equivalent(answered: &Arguments, request: &init::Request) -> String {
    let mut words =
        vec!["platform init --no-input".to_owned(), quoted(&answered.directory.display().to_string())];
    let mut flag = |name: &str, value: Option<&str>| {
        words.extend(value.map(|value| format!("--{name} {}", quoted(value))));
    };
    flag("team", Some(&request.team));
    flag("user-name", answered.person.name.as_deref());
    flag("user-email", answered.person.email.as_deref());
    flag("user-id", request.user_id.as_deref());
    flag("repository", request.address.as_ref().map(Address::clone_url).as_deref());
    flag("forge", Some(request.host.map_or(NONE, Host::word)));
    flag("org", request.org.as_deref());
    flag("gitops", Some(request.gitops.map_or(NONE, GitOps::word)));
    flag("cluster", Some(&request.clusters.join(",")));
    flag("zone", Some(&request.zones.join(",")).filter(|zones| !zones.is_empty()).map(String::as_str));
    flag("type", Some(&listed(&request.types)));
    flag("template", Some(&listed(&request.templates)));
    flag("platform-source", Some(&request.source.to_string()));
    flag("base", Some(&request.base));
    words.join(" ")
}

fn listed(names: &[String]) -> String {
    if names.is_empty() { NONE.to_owned() } else { names.join(",") }
}

/// The names in a text with commas.
fn names(text: &str) -> Vec<String> {
    text.split(',').map(str::trim).filter(|name| !name.is_empty()).map(str::to_owned).collect()
}

/// A judge of flags: the value as it is, or what is wrong with it.
fn checked(
    judge: fn(&str) -> Result<(), String>,
) -> impl Fn(&str) -> Result<String, String> + Clone + Send + Sync + 'static {
    move |text| judge(text).map(|()| text.to_owned())
}

/// The same where nothing is an answer, too.
fn or_empty(judge: &dyn Fn(&str) -> Result<(), String>) -> impl Fn(&str) -> Result<(), String> {
    move |text| if text.is_empty() { Ok(()) } else { judge(text) }
}

fn address(text: &str) -> Result<Address, String> {
    Address::parse(text)
}

fn email(text: &str) -> Result<(), String> {
    let fits = |part: &str| !part.is_empty() && !part.chars().any(|c| c.is_whitespace() || c.is_control());
    match text.split_once('@') {
        Some((name, host)) if fits(name) && fits(host) => Ok(()),
        _ => Err("write it like ada@example.com".to_owned()),
    }
}

fn type_name(text: &str) -> Result<String, String> {
    one_of(text, &types::built_in_names().collect::<Vec<_>>())
}

fn template_name(text: &str) -> Result<String, String> {
    one_of(text, &templates::built_in_names())
}

fn one_of(text: &str, names: &[String]) -> Result<String, String> {
    if text == NONE || names.iter().any(|name| name == text) {
        return Ok(text.to_owned());
    }
    Err(format!("there is {}, or none", names.join(", ")))
}

/// The path without `.` and `..`, as far as that needs no look at the disk.
fn normal(path: &Path) -> PathBuf {
    let mut normal = PathBuf::new();
    for part in path.components() {
        match part {
            std::path::Component::CurDir => {}
            std::path::Component::ParentDir => {
                normal.pop();
            }
            part => normal.push(part),
        }
    }
    normal
}
