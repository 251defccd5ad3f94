//! Where a new repository will be, as the portal's picker asks for it: `host?owner=…&repo=…`.
//!
//! Which parts a place has depends on the forge, which the portal knows from its configuration. Here
//! the host tells it, and the lists of the picker.

use serde_json::{Map, Value};
use url::Url;

use super::hints::{hint, texts};

/// What a repository picker allows; empty lists allow everything.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RepoUrl {
    /// Hosts.
    pub hosts: Vec<String>,
    /// Owners.
    pub owners: Vec<String>,
    /// Repositories.
    pub repos: Vec<String>,
    /// Organizations (Azure DevOps).
    pub organizations: Vec<String>,
    /// Projects (Azure DevOps, Bitbucket).
    pub projects: Vec<String>,
    /// The name of the secret that the portal fills with a token of the user
    /// (`requestUserCredentials.secretsKey`).
    pub secrets_key: Option<String>,
}

/// A part of the place of a repository.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum RepoPart {
    /// A user, an organization or a group.
    Owner,
    /// The repository.
    Repo,
    /// An organization of Azure DevOps.
    Organization,
    /// A workspace of Bitbucket Cloud.
    Workspace,
    /// A project of Azure DevOps or Bitbucket.
    Project,
}

impl RepoPart {
    /// Every part, in the order in which the portal writes them.
    pub const ALL: [Self; 5] = [Self::Owner, Self::Repo, Self::Organization, Self::Workspace, Self::Project];

    /// Its name in the query of the answer.
    pub fn name(self) -> &'static str {
        match self {
            Self::Owner => "owner",
            Self::Repo => "repo",
            Self::Organization => "organization",
            Self::Workspace => "workspace",
            Self::Project => "project",
        }
    }
}

/// The place of a repository.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RepoPlace {
    /// Host, with its port if it has one.
    pub host: String,
    /// The parts that are known.
    pub parts: std::collections::BTreeMap<RepoPart, String>,
}

impl RepoPlace {
    /// Reads `host?owner=…&repo=…`; `None` for something else.
    pub fn parse(text: &str) -> Option<Self> {
        let url = Url::parse(&format!("https://{text}")).ok()?;
        let host = url.host_str().filter(|host| !host.is_empty())?;
        let host = url.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"));
        let part = |(name, value): (std::borrow::Cow<'_, str>, std::borrow::Cow<'_, str>)| {
            let part = RepoPart::ALL.into_iter().find(|part| part.name() == name)?;
            (!value.is_empty()).then(|| (part, value.into_owned()))
        };
        Some(Self { host, parts: url.query_pairs().filter_map(part).collect() })
    }
}

impl std::fmt::Display for RepoPlace {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        query.extend_pairs(self.parts.iter().map(|(part, value)| (part.name(), value)));
        write!(f, "{}?{}", self.host, query.finish())
    }
}

impl RepoUrl {
    pub(super) fn new(schema: &Map<String, Value>) -> Self {
        let list = |key: &str| texts(hint(schema, key));
        let credentials = hint(schema, "requestUserCredentials");
        let secrets_key = credentials.and_then(|wanted| wanted.get("secretsKey")).and_then(Value::as_str);
        Self {
            hosts: list("allowedHosts"),
            owners: list("allowedOwners"),
            repos: list("allowedRepos"),
            organizations: list("allowedOrganizations"),
            projects: list("allowedProjects"),
            secrets_key: secrets_key.map(str::to_owned),
        }
    }

    /// The parts that a repository at `host` has, in the order in which to ask for them.
    ///
    /// GitHub, GitLab, Gitea and unknown hosts have an owner; Azure DevOps has an organization and a
    /// project; Bitbucket Cloud a workspace and a project, Bitbucket Server a project; Gerrit an owner.
    pub fn parts(&self, host: &str) -> &'static [RepoPart] {
        use RepoPart::{Organization, Owner, Project, Repo, Workspace};
        match host {
            "dev.azure.com" => &[Organization, Project, Repo],
            host if host.ends_with(".visualstudio.com") => &[Organization, Project, Repo],
            "bitbucket.org" => &[Workspace, Project, Repo],
            host if host.contains("bitbucket") => &[Project, Repo],
            _ if !self.organizations.is_empty() && self.owners.is_empty() => &[Organization, Project, Repo],
            _ if !self.projects.is_empty() && self.owners.is_empty() => &[Project, Repo],
            _ => &[Owner, Repo],
        }
    }

    /// The values that are allowed for a part; none when any is.
    pub fn allowed(&self, part: RepoPart) -> &[String] {
        match part {
            RepoPart::Owner => &self.owners,
            RepoPart::Repo => &self.repos,
            RepoPart::Organization => &self.organizations,
            RepoPart::Project => &self.projects,
            RepoPart::Workspace => &[],
        }
    }

    /// What is wrong with an answer, by the lists of the picker and the parts that its forge needs.
    pub fn check(&self, answer: &str) -> Option<String> {
        let Some(place) = RepoPlace::parse(answer) else {
            return Some("must be of the form HOST?owner=OWNER&repo=REPOSITORY".to_owned());
        };
        if !self.hosts.is_empty() && !self.hosts.contains(&place.host) {
            return Some(format!("has the host {}, which is none of {}", place.host, self.hosts.join(", ")));
        }
        self.parts(&place.host).iter().find_map(|part| match place.parts.get(part) {
            None if *part != RepoPart::Organization => Some(format!("names no {}", part.name())),
            None => None,
            Some(value) => {
                let allowed = self.allowed(*part);
                let is_allowed = allowed.is_empty() || allowed.contains(value);
                (!is_allowed).then(|| {
                    format!("has the {} {value}, which is none of {}", part.name(), allowed.join(", "))
                })
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{RepoPlace, RepoUrl};

    fn check(text: &str, expected: Option<&str>) {
        assert_eq!(RepoPlace::parse(text).map(|place| place.to_string()).as_deref(), expected);
    }

    #[test]
    fn places_are_written_as_the_portal_writes_them() {
        check("github.com?repo=shop&owner=acme", Some("github.com?owner=acme&repo=shop"));
        check(
            "dev.azure.com?project=p+q&organization=o&repo=r",
            Some("dev.azure.com?repo=r&organization=o&project=p+q"),
        );
        check("git.example.org:8443?owner=a%2Fb&repo=c", Some("git.example.org:8443?owner=a%2Fb&repo=c"));
        check("", None);
    }

    fn check_answer(options: &serde_json::Value, answer: &str, expected: Option<&str>) {
        let schema = json!({"ui:options": options});
        let picker = RepoUrl::new(schema.as_object().unwrap());
        assert_eq!(picker.check(answer).as_deref(), expected);
    }

    #[test]
    fn an_answer_is_held_against_the_lists() {
        let options = json!({"allowedHosts": ["github.com"], "allowedOwners": ["acme"]});
        check_answer(&options, "github.com?owner=acme&repo=shop", None);
        check_answer(&options, "github.com?owner=acme", Some("names no repo"));
        check_answer(
            &options,
            "evil.example?owner=acme&repo=a",
            Some("has the host evil.example, which is none of github.com"),
        );
        check_answer(
            &options,
            "github.com?owner=other&repo=a",
            Some("has the owner other, which is none of acme"),
        );
        check_answer(&json!({}), "bitbucket.org?owner=a&repo=b", Some("names no workspace"));
        check_answer(&json!({}), "dev.azure.com?project=p&repo=b", None);
    }
}
