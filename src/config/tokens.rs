//! Where tokens come from: the environment, the forge's own program, Git's credential helpers.
//!
//! Never from flags or files of the repository, and each token only for the host it is tied to.

use std::time::Duration;

use url::Url;

use super::environment::Environment;
use super::settings::Settings;
use crate::http::Credential;
use crate::process::Run;

/// A token, or the reason why there is none.
pub type Token = Option<Credential>;

/// Variables of the other forges: the token, the host it is for, and the variable that names
/// another host (or its URL).
const OTHERS: [(&str, &str, &str); 3] = [
    ("GITLAB_TOKEN", "gitlab.com", "GITLAB_HOST"),
    ("GITEA_TOKEN", "gitea.com", "GITEA_SERVER_URL"),
    ("FORGEJO_TOKEN", "codeberg.org", "FORGEJO_SERVER_URL"),
];

/// The token for the API of a forge at `host` (web host, with its port if it has one).
///
/// In this order: `PLATFORM_FORGE_TOKEN` where the host is the one of `forge.url` (github.com
/// without it), the variables of other forges, those of GitHub's own program, and that program
/// itself. For the password of Git's credential helpers ask [`crate::git::credential`], which is
/// the caller's last resort.
pub fn forge_token(environment: &Environment, settings: &Settings, host: &str) -> Token {
    if tied_host(settings) == host
        && let Some(token) = environment.get("PLATFORM_FORGE_TOKEN")
    {
        return Some(Credential::new(token, "PLATFORM_FORGE_TOKEN"));
    }
    if let Some(token) = OTHERS.iter().find_map(|row| other_token(environment, row, host)) {
        return Some(token);
    }
    let cloud = host == "github.com" || host.ends_with(".ghe.com");
    let enterprise = ["GH_ENTERPRISE_TOKEN", "GITHUB_ENTERPRISE_TOKEN"];
    let names: &[&str] = if cloud { &["GH_TOKEN", "GITHUB_TOKEN"] } else { &enterprise };
    if !cloud && environment.get("GH_HOST") != Some(host) {
        return gh_token(host);
    }
    let found = names.iter().find_map(|name| Some(Credential::new(environment.get(name)?, *name)));
    found.or_else(|| gh_token(host))
}

fn other_token(environment: &Environment, row: &(&str, &str, &str), host: &str) -> Token {
    let (name, home, elsewhere) = row;
    let meant = environment.get(elsewhere).unwrap_or(home);
    let meant = meant.split_once("://").map_or(meant, |(_, rest)| rest);
    let meant = meant.split('/').next().unwrap_or(meant);
    let token = environment.get(name).filter(|_| meant == host)?;
    Some(Credential::new(token, *name))
}

/// The token for the configured Backstage.
pub fn backstage_token(environment: &Environment) -> Token {
    let name = "PLATFORM_BACKSTAGE_TOKEN";
    environment.get(name).map(|token| Credential::new(token, name))
}

/// The host that `PLATFORM_FORGE_TOKEN` is meant for.
fn tied_host(settings: &Settings) -> String {
    let url = settings.text("forge.url").and_then(|url| Url::parse(url).ok());
    let host = url.and_then(|url| {
        let port = url.port().map(|port| format!(":{port}")).unwrap_or_default();
        url.host_str().map(|host| format!("{host}{port}"))
    });
    host.unwrap_or_else(|| "github.com".to_owned())
}

fn gh_token(host: &str) -> Token {
    let mut run = Run::new("gh", ["auth", "token", "--hostname", host]);
    run.timeout = Some(Duration::from_secs(5));
    let ended = run.output().ok().filter(crate::process::Ended::success)?;
    let token = ended.stdout.trim();
    (!token.is_empty()).then(|| Credential::new(token, "`gh auth token`"))
}

#[cfg(test)]
mod tests {
    use super::{forge_token, tied_host};
    use crate::config::{Environment, Settings};

    fn check(variables: &[(&str, &str)], host: &str, source: Option<&str>) {
        let environment = Environment::of(variables);
        let settings = Settings::layered(Vec::new(), &environment).unwrap();
        let token = forge_token(&environment, &settings, host);
        assert_eq!(token.map(|token| token.source).as_deref(), source, "{variables:?} for {host}");
    }

    #[test]
    fn a_token_goes_only_to_the_host_it_is_tied_to() {
        let all = [("PLATFORM_FORGE_TOKEN", "a"), ("GH_TOKEN", "b"), ("GH_ENTERPRISE_TOKEN", "c")];
        check(&all, "github.com", Some("PLATFORM_FORGE_TOKEN"));
        check(&all[1..], "github.com", Some("GH_TOKEN"));
        check(&all, "git.example.org", None);
        let tied = [all[0], all[1], ("PLATFORM_FORGE_URL", "https://git.example.org:8443/api/v3")];
        check(&tied, "git.example.org:8443", Some("PLATFORM_FORGE_TOKEN"));
        check(&tied, "git.example.org", None);
        check(&tied, "github.com", Some("GH_TOKEN"));
        check(&[all[2], ("GH_HOST", "git.example.org")], "git.example.org", Some("GH_ENTERPRISE_TOKEN"));
    }

    #[test]
    fn each_forge_has_its_variable_and_its_host() {
        let token = ("GITLAB_TOKEN", "a");
        check(&[token], "gitlab.com", Some("GITLAB_TOKEN"));
        check(&[token], "gitlab.example.org", None);
        let url = ("GITLAB_HOST", "https://gitlab.example.org/");
        check(&[token, url], "gitlab.example.org", Some("GITLAB_TOKEN"));
        check(&[token, url], "gitlab.com", None);
        check(&[("FORGEJO_TOKEN", "a"), ("GITEA_TOKEN", "b")], "codeberg.org", Some("FORGEJO_TOKEN"));
    }

    #[test]
    fn without_an_address_the_token_is_for_github() {
        assert_eq!(tied_host(&Settings::default()), "github.com");
    }
}
