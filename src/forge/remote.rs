//! From the address of a Git remote to the forge that hosts it.
//!
//! Only well-known hosts are recognised by name. Everything else has to be said in the
//! configuration ([`Hint`]): a self-hosted forge cannot be guessed from its name, and asking
//! unknown hosts is not done here.

use std::fmt;
use std::path::PathBuf;

use url::Url;

/// The forges there are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// github.com, *.ghe.com and GitHub Enterprise Server.
    GitHub,
    /// gitlab.com and self-managed.
    GitLab,
    /// Gitea.
    Gitea,
    /// Forgejo, Codeberg.
    Forgejo,
    /// The built-in one: pull requests kept in a bare repository on disk.
    Local,
}

impl Kind {
    /// All of them, in the order of [`Kind`].
    pub const ALL: [Self; 5] = [Self::GitHub, Self::GitLab, Self::Gitea, Self::Forgejo, Self::Local];

    /// The word for it in the configuration.
    pub fn word(self) -> &'static str {
        match self {
            Self::GitHub => "github",
            Self::GitLab => "gitlab",
            Self::Gitea => "gitea",
            Self::Forgejo => "forgejo",
            Self::Local => "local",
        }
    }

    /// The forge with this word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.word() == word)
    }
}

impl fmt::Display for Kind {
    /// The name people use: `GitHub`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::GitHub => "GitHub",
            Self::GitLab => "GitLab",
            Self::Gitea => "Gitea",
            Self::Forgejo => "Forgejo",
            Self::Local => "the local forge",
        })
    }
}

/// A Git remote's address, taken apart. User names and passwords in it are left out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Remote {
    /// A folder.
    Path(PathBuf),
    /// A host.
    Host {
        /// `https`, `http`, `ssh` or `git`.
        scheme: String,
        /// Host name, in lower case.
        host: String,
        /// Port, where one is written.
        port: Option<u16>,
        /// Path without slashes around it and without `.git`, percent-decoding undone.
        path: String,
    },
}

/// What the configuration says about the forge.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Hint {
    /// Which forge it is.
    pub kind: Option<Kind>,
    /// Its web address (`https://git.example.org/gitlab`), when it is not `https://HOST` of the
    /// remote.
    pub base: Option<Url>,
}

/// Owner and name of a repository. On GitLab the owner is the whole group path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Project {
    /// User, organisation or group path.
    pub owner: String,
    /// Name.
    pub name: String,
}

impl fmt::Display for Project {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.owner, self.name)
    }
}

/// Where the pull requests of a remote are kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// On a server.
    Hosted(Box<Hosted>),
    /// In a bare repository on disk, with the local forge.
    Local(PathBuf),
}

/// A repository on a forge's server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hosted {
    /// Which forge.
    pub kind: Kind,
    /// Base address of its API.
    pub api: Url,
    /// Base address of its pages.
    pub web: Url,
    /// The repository.
    pub project: Project,
}

/// Why an address leads to no forge.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// Not an address of a Git remote.
    #[error("{0:?} is not the address of a Git remote")]
    Malformed(String),
    /// The host is not known by name and the configuration does not say.
    #[error("which forge {host} is cannot be told from its name: set `forge.type` in platform.yaml")]
    Unknown {
        /// The host.
        host: String,
    },
    /// The host is a forge this version has no client for.
    #[error("there is no client for {forge} yet: open the pull request by hand")]
    NoClient {
        /// Its name.
        forge: &'static str,
    },
    /// The path is not one of a repository.
    #[error("{path:?} names no repository: expected OWNER/NAME")]
    NoProject {
        /// The path.
        path: String,
    },
}

impl Remote {
    /// Takes an address apart as Git does: a URL, the short form `[user@]host:path`, or a path.
    pub fn parse(address: &str) -> Result<Self, Error> {
        let malformed = || Error::Malformed(address.to_owned());
        if address.is_empty() || address.starts_with('-') || address.chars().any(char::is_control) {
            return Err(malformed());
        }
        if address.contains("://") {
            return from_url(&Url::parse(address).map_err(|_| malformed())?).ok_or_else(malformed);
        }
        let Some((host, path)) = short_form(address) else {
            return Ok(Self::Path(address.into()));
        };
        let host = host.rsplit('@').next().unwrap_or(host).to_ascii_lowercase();
        // `ext::COMMAND` would make Git run a remote helper
        if host.is_empty() || path.starts_with(':') {
            return Err(malformed());
        }
        Ok(Self::Host { scheme: "ssh".into(), host, port: None, path: tidy(path) })
    }

    /// The forge behind it.
    pub fn place(&self, hint: &Hint) -> Result<Place, Error> {
        let (scheme, host, port, path) = match self {
            Self::Path(path) => return Ok(Place::Local(path.clone())),
            Self::Host { scheme, host, port, path } => (scheme, web_host(host), *port, path),
        };
        let kind = match hint.kind {
            Some(kind) => kind,
            None => known(host, path)?,
        };
        let web = match &hint.base {
            Some(base) => base.clone(),
            None => web_base(scheme, host, port).ok_or_else(|| Error::Unknown { host: host.to_owned() })?,
        };
        let path = below(&web, scheme, path);
        let (owner, name) =
            path.rsplit_once('/').ok_or_else(|| Error::NoProject { path: path.to_owned() })?;
        if owner.is_empty() || name.is_empty() || (kind != Kind::GitLab && owner.contains('/')) {
            return Err(Error::NoProject { path: path.to_owned() });
        }
        let project = Project { owner: owner.into(), name: name.into() };
        let api = api_base(kind, &web).ok_or_else(|| Error::Unknown { host: host.to_owned() })?;
        Ok(Place::Hosted(Box::new(Hosted { kind, api, web, project })))
    }
}

fn from_url(url: &Url) -> Option<Remote> {
    if url.scheme() == "file" {
        return url.to_file_path().ok().map(Remote::Path);
    }
    let scheme = match url.scheme() {
        "https" | "http" | "git" | "ssh" => url.scheme(),
        "git+ssh" | "ssh+git" => "ssh",
        _ => return None,
    };
    let host = url.host_str()?.to_ascii_lowercase();
    let path = decode(url.path());
    Some(Remote::Host { scheme: scheme.into(), host, port: url.port(), path: tidy(&path) })
}

/// `host` and `path` of `[user@]host:path`. Not a Windows path, and no slash before the colon.
fn short_form(address: &str) -> Option<(&str, &str)> {
    let (host, path) = if let Some(rest) = address.strip_prefix('[') {
        let (host, path) = rest.split_once("]:")?;
        (host, path)
    } else {
        address.split_once(':')?
    };
    let drive = host.len() == 1 && path.starts_with(['\\', '/']);
    (!host.contains(['/', '\\']) && !drive).then_some((host, path))
}

fn tidy(path: &str) -> String {
    let path = path.trim_matches('/');
    path.strip_suffix(".git").unwrap_or(path).trim_end_matches('/').to_owned()
}

/// Undoes percent-encoding; what is no UTF-8 is replaced.
fn decode(path: &str) -> String {
    let bytes = path.as_bytes();
    let mut decoded = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let digits = bytes.get(at + 1..at + 3).and_then(|pair| std::str::from_utf8(pair).ok());
        match digits.and_then(|digits| u8::from_str_radix(digits, 16).ok()) {
            Some(byte) if bytes[at] == b'%' => {
                decoded.push(byte);
                at += 3;
            }
            _ => {
                decoded.push(bytes[at]);
                at += 1;
            }
        }
    }
    String::from_utf8_lossy(&decoded).into_owned()
}

/// The web host behind the hosts that offer SSH on port 443.
fn web_host(host: &str) -> &str {
    match host {
        "ssh.github.com" | "www.github.com" => "github.com",
        "altssh.gitlab.com" => "gitlab.com",
        other => other,
    }
}

fn known(host: &str, path: &str) -> Result<Kind, Error> {
    let azure = host == "dev.azure.com" || host == "ssh.dev.azure.com" || host.ends_with("visualstudio.com");
    match host {
        "github.com" => Ok(Kind::GitHub),
        "gitlab.com" => Ok(Kind::GitLab),
        "gitea.com" => Ok(Kind::Gitea),
        "codeberg.org" => Ok(Kind::Forgejo),
        _ if host.ends_with(".ghe.com") => Ok(Kind::GitHub),
        _ if azure => Err(Error::NoClient { forge: "Azure DevOps" }),
        "bitbucket.org" | "altssh.bitbucket.org" => Err(Error::NoClient { forge: "Bitbucket Cloud" }),
        _ if path.starts_with("scm/") => Err(Error::NoClient { forge: "Bitbucket Data Center" }),
        _ => Err(Error::Unknown { host: host.to_owned() }),
    }
}

/// `https://HOST`; the port of an http(s) remote is kept, that of SSH says nothing about the web.
fn web_base(scheme: &str, host: &str, port: Option<u16>) -> Option<Url> {
    let host =
        if host.contains(':') && !host.starts_with('[') { format!("[{host}]") } else { host.to_owned() };
    let text = match (scheme, port) {
        ("http" | "https", Some(port)) => format!("{scheme}://{host}:{port}/"),
        ("http", None) => format!("http://{host}/"),
        _ => format!("https://{host}/"),
    };
    Url::parse(&text).ok()
}

/// The path below the web base: a forge under `https://HOST/git` has it in front of its https
/// remotes, not of its SSH ones.
fn below<'a>(web: &Url, scheme: &str, path: &'a str) -> &'a str {
    let root = web.path().trim_matches('/');
    if root.is_empty() || !scheme.starts_with("http") {
        return path;
    }
    path.strip_prefix(root).and_then(|rest| rest.strip_prefix('/')).unwrap_or(path)
}

fn api_base(kind: Kind, web: &Url) -> Option<Url> {
    let host = web.host_str()?;
    if kind == Kind::GitHub && (host == "github.com" || host.ends_with(".ghe.com")) {
        return Url::parse(&format!("https://api.{host}/")).ok();
    }
    let suffix = match kind {
        Kind::GitHub => "api/v3",
        Kind::GitLab => "api/v4",
        Kind::Gitea | Kind::Forgejo => "api/v1",
        Kind::Local => return None,
    };
    // an address of the API itself is taken as such: people copy it from the forge's documentation
    let root = web.path().trim_matches('/');
    let root = root.strip_suffix(suffix).unwrap_or(root).trim_end_matches('/');
    let mut api = web.clone();
    api.set_path(&if root.is_empty() { suffix.to_owned() } else { format!("{root}/{suffix}") });
    Some(api)
}

#[cfg(test)]
mod tests {
    use url::Url;

    use super::{Error, Hint, Kind, Place, Remote};

    fn place(address: &str, kind: Option<Kind>, base: Option<&str>) -> String {
        let hint = Hint { kind, base: base.map(|base| Url::parse(base).unwrap()) };
        match Remote::parse(address).and_then(|remote| remote.place(&hint)) {
            Ok(Place::Hosted(hosted)) => format!("{} {} {}", hosted.kind.word(), hosted.api, hosted.project),
            Ok(Place::Local(path)) => format!("local {}", path.display()),
            Err(error) => error.to_string(),
        }
    }

    #[test]
    fn well_known_hosts() {
        for address in [
            "https://github.com/acme/catalog.git",
            "https://user:token@github.com/acme/catalog",
            "git@github.com:acme/catalog.git",
            "org-1234@github.com:acme/catalog",
            "ssh://git@ssh.github.com:443/acme/catalog.git",
            "ssh://git@github.com/acme/catalog/",
        ] {
            assert_eq!(
                place(address, None, None),
                "github https://api.github.com/ acme/catalog",
                "{address}"
            );
        }
        assert_eq!(place("https://x.ghe.com/o/r", None, None), "github https://api.x.ghe.com/ o/r");
        assert_eq!(
            place("git@gitlab.com:group/sub/sub2/p.git", None, None),
            "gitlab https://gitlab.com/api/v4 group/sub/sub2/p"
        );
        assert_eq!(
            place("https://codeberg.org/o/r.git", None, None),
            "forgejo https://codeberg.org/api/v1 o/r"
        );
    }

    #[test]
    fn self_hosted_ones_need_a_word() {
        assert_eq!(
            place("https://git.example.org:8443/o/r.git", Some(Kind::GitHub), None),
            "github https://git.example.org:8443/api/v3 o/r"
        );
        assert_eq!(
            place("ssh://git@git.example.org:2222/o/r.git", Some(Kind::Gitea), None),
            "gitea https://git.example.org/api/v1 o/r"
        );
        let base = Some("https://example.org/gitlab");
        for address in ["https://example.org/gitlab/g/s/p.git", "git@example.org:g/s/p.git"] {
            assert_eq!(
                place(address, Some(Kind::GitLab), base),
                "gitlab https://example.org/gitlab/api/v4 g/s/p",
                "{address}"
            );
        }
        assert_eq!(
            place("https://e.org/o/r", Some(Kind::Gitea), Some("https://e.org/api/v1/")),
            "gitea https://e.org/api/v1 o/r"
        );
        assert!(place("git@git.example.org:o/r.git", None, None).contains("forge.type"));
    }

    #[test]
    fn folders_are_local() {
        assert_eq!(place("/srv/hub.git", None, None), "local /srv/hub.git");
        assert_eq!(place("../hub.git", None, None), "local ../hub.git");
        assert_eq!(place("file:///srv/hub.git", None, None), "local /srv/hub.git");
        assert_eq!(place(r"C:\hub.git", None, None), r"local C:\hub.git");
        assert_eq!(place("./with:colon", None, None), "local ./with:colon");
    }

    #[test]
    fn what_is_no_remote_is_refused() {
        for address in
            ["", "--upload-pack=x", "ext::sh -c x://y", "ext::sh -c x", "https://", "a\nb:c/d", "@:x/y"]
        {
            assert!(matches!(Remote::parse(address), Err(Error::Malformed(_))), "{address:?}");
        }
        assert!(place("https://github.com/acme", None, None).contains("OWNER/NAME"));
        assert!(place("https://github.com/acme/a/b", None, None).contains("OWNER/NAME"));
        assert!(place("https://bitbucket.org/ws/slug", None, None).contains("Bitbucket Cloud"));
        assert!(place("https://git.corp/scm/P/s.git", None, None).contains("Data Center"));
    }
}
