//! Where the central repository is or will be: what its files say about themselves.

use url::Url;

use crate::forge::remote::Error;
use crate::forge::{Hint, Kind, Place, Remote};

/// A host of repositories, whose CI a central repository can bring a file for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Host {
    /// GitHub and GitHub Enterprise.
    GitHub,
    /// GitLab.
    GitLab,
    /// Gitea.
    Gitea,
    /// Forgejo, Codeberg.
    Forgejo,
    /// Azure DevOps.
    Azure,
}

impl Host {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::GitHub, Self::GitLab, Self::Gitea, Self::Forgejo, Self::Azure];

    /// The word for it on the command line.
    pub fn word(self) -> &'static str {
        match self {
            Self::GitHub => "github",
            Self::GitLab => "gitlab",
            Self::Gitea => "gitea",
            Self::Forgejo => "forgejo",
            Self::Azure => "azure",
        }
    }

    /// The name people use.
    pub fn name(self) -> &'static str {
        match self {
            Self::GitHub => "GitHub",
            Self::GitLab => "GitLab",
            Self::Gitea => "Gitea",
            Self::Forgejo => "Forgejo",
            Self::Azure => "Azure DevOps",
        }
    }

    /// The forge that `submit` talks to; there is none for Azure DevOps yet.
    pub fn kind(self) -> Option<Kind> {
        Kind::parse(self.word())
    }

    fn of(kind: Kind) -> Option<Self> {
        Self::ALL.into_iter().find(|host| host.kind() == Some(kind))
    }
}

/// The address of the central repository.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Address {
    /// Its page, and what GitOps clones: `https://github.com/acme/blueprint`. Never with a login in it.
    pub web: Url,
    /// Which host it is, where its name tells.
    pub host: Option<Host>,
}

impl Address {
    /// Takes the address of a Git remote. What is wrong with it otherwise: one line.
    pub fn parse(text: &str) -> Result<Self, String> {
        let remote = Remote::parse(text).map_err(|error| error.to_string())?;
        let Remote::Host { scheme, host, port, path } = &remote else {
            return Err("a folder on this machine is no address that a cluster could reach".to_owned());
        };
        let host_kind = match remote.place(&Hint::default()) {
            Ok(Place::Hosted(hosted)) => Host::of(hosted.kind),
            Err(Error::NoClient { forge }) if forge == Host::Azure.name() => Some(Host::Azure),
            Err(Error::NoProject { .. } | Error::Malformed(_)) => {
                return Err(format!("{path:?} names no repository"));
            }
            _ => None,
        };
        let (host, path) = web(host, path, host_kind);
        let secure = scheme != "http";
        let port = port.filter(|_| scheme.starts_with("http")).map(|port| format!(":{port}"));
        let base = format!("{}://{host}{}", if secure { "https" } else { "http" }, port.unwrap_or_default());
        let mut web = Url::parse(&base).map_err(|error| error.to_string())?;
        // encodes what may not stand in a URL
        web.set_path(&path);
        if path.split('/').filter(|part| !part.is_empty()).count() < 2 {
            return Err(format!("{path:?} names no repository"));
        }
        Ok(Self { web, host: host_kind })
    }

    /// What GitOps clones.
    pub fn clone_url(&self) -> String {
        match self.host {
            Some(Host::Azure) => self.web.to_string(),
            _ => format!("{}.git", self.web),
        }
    }

    /// Everything in front of the name: the organisation, or the path of the group.
    pub fn owner(&self) -> Option<&str> {
        let path = self.web.path().trim_matches('/');
        path.rsplit_once('/').map(|(owner, _)| owner)
    }

    /// The name of the repository.
    pub fn name(&self) -> &str {
        self.web.path().rsplit('/').next().unwrap_or_default()
    }

    /// The page of a file on a branch, as Backstage reads it.
    pub fn page(&self, host: Host, branch: &str, path: &str) -> String {
        let web = &self.web;
        match host {
            Host::GitHub => format!("{web}/blob/{branch}/{path}"),
            Host::GitLab => format!("{web}/-/blob/{branch}/{path}"),
            Host::Gitea | Host::Forgejo => format!("{web}/src/branch/{branch}/{path}"),
            Host::Azure => format!("{web}?path=/{path}&version=GB{branch}"),
        }
    }

    /// The repository as Backstage's scaffolder names one: `github.com?owner=acme&repo=blueprint`.
    pub fn scaffolder(&self, host: Host) -> Option<String> {
        let authority = match (self.web.host_str()?, self.web.port()) {
            (name, Some(port)) => format!("{name}:{port}"),
            (name, None) => name.to_owned(),
        };
        let (owner, name) = (self.owner()?, self.name());
        if host != Host::Azure {
            return Some(format!("{authority}?owner={owner}&repo={name}"));
        }
        let mut parts = owner.split('/');
        let (organisation, project) = (parts.next()?, parts.next()?);
        Some(format!("{authority}?organization={organisation}&project={project}&repo={name}"))
    }
}

/// The host and path of the page behind the address of a clone.
fn web(host: &str, path: &str, kind: Option<Host>) -> (String, String) {
    let host = match host {
        "ssh.github.com" | "www.github.com" => "github.com",
        "altssh.gitlab.com" => "gitlab.com",
        other => other,
    };
    let parts: Vec<&str> = path.split('/').collect();
    match (kind, parts.as_slice()) {
        (Some(Host::Azure), ["v3", organisation, project, name]) => {
            ("dev.azure.com".to_owned(), format!("{organisation}/{project}/_git/{name}"))
        }
        _ => (host.to_owned(), path.to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::{Address, Host};

    fn check(text: &str, expected: &str) {
        let found = match Address::parse(text) {
            Ok(address) => {
                let host = address.host.map_or("?", Host::word);
                let page = address.host.map(|host| address.page(host, "main", "a.yaml")).unwrap_or_default();
                let scaffolder = address.host.and_then(|host| address.scaffolder(host)).unwrap_or_default();
                format!("{host} {} {page} {scaffolder}", address.clone_url())
            }
            Err(reason) => format!("error: {reason}"),
        };
        assert_eq!(found, expected, "{text}");
    }

    #[test]
    fn addresses_become_pages() {
        check(
            "git@github.com:acme/blueprint.git",
            "github https://github.com/acme/blueprint.git https://github.com/acme/blueprint/blob/main/a.yaml github.com?owner=acme&repo=blueprint",
        );
        check(
            "https://ada:secret@gitlab.com/acme/platform/blueprint",
            "gitlab https://gitlab.com/acme/platform/blueprint.git https://gitlab.com/acme/platform/blueprint/-/blob/main/a.yaml gitlab.com?owner=acme/platform&repo=blueprint",
        );
        check(
            "ssh://git@codeberg.org:2222/acme/blueprint.git",
            "forgejo https://codeberg.org/acme/blueprint.git https://codeberg.org/acme/blueprint/src/branch/main/a.yaml codeberg.org?owner=acme&repo=blueprint",
        );
        check(
            "git@ssh.dev.azure.com:v3/acme/My%20Platform/blueprint",
            "azure https://dev.azure.com/acme/My%20Platform/_git/blueprint https://dev.azure.com/acme/My%20Platform/_git/blueprint?path=/a.yaml&version=GBmain dev.azure.com?organization=acme&project=My%20Platform&repo=blueprint",
        );
        check(
            "https://acme@dev.azure.com/acme/My%20Platform/_git/blueprint",
            "azure https://dev.azure.com/acme/My%20Platform/_git/blueprint https://dev.azure.com/acme/My%20Platform/_git/blueprint?path=/a.yaml&version=GBmain dev.azure.com?organization=acme&project=My%20Platform&repo=blueprint",
        );
        check(
            "https://git.example.org:8443/acme/blueprint",
            "? https://git.example.org:8443/acme/blueprint.git  ",
        );
    }

    #[test]
    fn what_no_cluster_can_reach_is_no_address() {
        check("../central.git", "error: a folder on this machine is no address that a cluster could reach");
        check("https://github.com/acme", "error: \"acme\" names no repository");
        check("https://git.example.org/x", "error: \"x\" names no repository");
        check("--upload-pack=x", "error: \"--upload-pack=x\" is not the address of a Git remote");
    }
}
