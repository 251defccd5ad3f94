//! `init`: a central repository, or what is missing in one.
//!
//! What there is stays as it is, byte for byte. Nothing here asks a server: what is not known of the
//! repository's address, its CI or its GitOps tool is left out and told.

mod address;
mod files;
mod kinds;

use std::path::{Path, PathBuf};

pub use address::{Address, Host};

use super::{file_failure, git_failure};
use crate::clock::Timestamp;
use crate::error::Failure;
use crate::fs::{self, TreeKind};
use crate::git::{Identity, Repository};
use crate::render::Route;

/// What brings objects to the clusters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GitOps {
    /// Argo CD.
    ArgoCd,
    /// Flux.
    Flux,
}

impl GitOps {
    /// The word for it on the command line, which is also its folder in `gitops/`.
    pub fn word(self) -> &'static str {
        match self {
            Self::ArgoCd => "argocd",
            Self::Flux => "flux",
        }
    }

    /// The name people use.
    pub fn name(self) -> &'static str {
        match self {
            Self::ArgoCd => "Argo CD",
            Self::Flux => "Flux",
        }
    }
}

/// Where CI gets this program from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Source {
    /// The machine that runs CI has it on its `PATH`.
    Path,
    /// A container image has it on its `PATH`.
    Image(String),
    /// Cargo builds it from a Git repository.
    Git(String),
}

impl Source {
    /// Reads `path`, `image:REFERENCE` or `git:URL`; says what is wrong with anything else.
    pub fn parse(text: &str) -> Result<Self, String> {
        let fits = |rest: &str| !rest.is_empty() && !rest.starts_with('-') && rest.chars().all(is_of_address);
        match text.split_once(':') {
            None if text == "path" => Ok(Self::Path),
            Some(("image", image)) if fits(image) => Ok(Self::Image(image.to_owned())),
            Some(("git", url)) if fits(url) => Ok(Self::Git(url.to_owned())),
            _ => Err("write path, image:REFERENCE or git:URL".to_owned()),
        }
    }
}

/// What an image reference or URL is made of. Nothing that means something to a shell.
fn is_of_address(letter: char) -> bool {
    letter.is_ascii_alphanumeric() || "-._~:/@+%=".contains(letter)
}

impl std::fmt::Display for Source {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Path => f.write_str("path"),
            Self::Image(image) => write!(f, "image:{image}"),
            Self::Git(url) => write!(f, "git:{url}"),
        }
    }
}

/// What to make.
#[derive(Clone, Debug)]
pub struct Request {
    /// The folder; made if it is missing.
    pub directory: PathBuf,
    /// The first team: a valid name of an entity.
    pub team: String,
    /// The branch that pull requests go to.
    pub base: String,
    /// The first user of the catalog; without, there is none.
    pub person: Option<Identity>,
    /// The object id of that user in Entra ID: groups are made of these.
    pub user_id: Option<String>,
    /// Who commits; without, nothing is committed.
    pub identity: Option<Identity>,
    /// Where the repository is or will be.
    pub address: Option<Address>,
    /// Whose CI checks it.
    pub host: Option<Host>,
    /// Nobody's does, and nobody has to be told.
    pub is_without_host: bool,
    /// The organisation whose teams review.
    pub org: Option<String>,
    /// What brings the objects to the clusters.
    pub gitops: Option<GitOps>,
    /// The clusters, at least one; the first is that of entities that name none.
    pub clusters: Vec<String>,
    /// The DNS zones in which names may be asked for; all when empty.
    pub zones: Vec<String>,
    /// The built-in resource types that are copied.
    pub types: Vec<String>,
    /// The built-in templates that are copied.
    pub templates: Vec<String>,
    /// Where CI gets this program from.
    pub source: Source,
    /// When.
    pub now: Timestamp,
    /// Only say what would be made.
    pub dry_run: bool,
}

/// What was made.
#[derive(Clone, Debug, Default)]
pub struct Report {
    /// The folder.
    pub directory: PathBuf,
    /// Files that are new, sorted.
    pub created: Vec<String>,
    /// Files that were there as they would have been made, sorted.
    pub kept: Vec<String>,
    /// Files that were there with something else in them, sorted. They stay.
    pub differing: Vec<String>,
    /// What is not made, and the answer that it needs.
    pub left_out: Vec<String>,
    /// Whether the Git repository is new.
    pub is_new_repository: bool,
    /// Whether the files are committed.
    pub committed: bool,
}

/// The `origin` of the repository that a folder is in.
pub fn origin(directory: &Path) -> Option<String> {
    let above = directory.ancestors().find(|folder| fs::is_directory(folder))?;
    Repository::discover(above).ok()?.remote_url("origin").ok()
}

/// Makes the files that are missing. A repository that is new is committed; in one that was there, or
/// in a folder with something in it, committing is left to the user.
pub fn init(request: &Request) -> Result<Report, Failure> {
    let root = &request.directory;
    let found = Repository::discover(root);
    let is_new = matches!(found, Err(crate::git::Error::NotARepository(_))) || !fs::exists(root);
    let is_empty = !fs::exists(root) || fs::is_empty_directory(root);
    let mut report = Report {
        directory: root.clone(),
        is_new_repository: is_new,
        left_out: files::left_out(request),
        ..Report::default()
    };
    let mut missing = Vec::new();
    for (path, text) in files::files(request)? {
        match standing(root, &path, &text)? {
            Standing::Missing => missing.push((path, text)),
            Standing::Same => report.kept.push(path),
            Standing::Different => report.differing.push(path),
        }
    }
    if !request.dry_run {
        write(root, &missing)?;
    }
    report.created = missing.into_iter().map(|(path, _)| path).collect();
    if is_new && !request.dry_run {
        commit(request, is_empty, &mut report)?;
    }
    Ok(report)
}

/// What is at the place of a file.
enum Standing {
    Missing,
    Same,
    Different,
}

/// Looks at the place of a file. One that leads out of the folder, or through something that is no folder,
/// is an error: nothing is written then.
fn standing(root: &Path, path: &str, text: &str) -> Result<Standing, Failure> {
    if !fs::exists(root) {
        return Ok(Standing::Missing);
    }
    let place = root.join(path);
    match fs::kind_of(&place) {
        Some(TreeKind::File { .. }) => {
            let place = fs::confined(root, Path::new(path)).map_err(|error| outside(&error))?;
            let found = fs::read(&place).map_err(|error| file_failure(&error))?;
            Ok(if found == text.as_bytes() { Standing::Same } else { Standing::Different })
        }
        Some(_) => Ok(Standing::Different),
        None => {
            let mut above = Path::new(path).ancestors().skip(1).filter(|part| !part.as_os_str().is_empty());
            let blocked =
                above.find(|part| fs::exists(&root.join(part)) && !fs::is_directory(&root.join(part)));
            if let Some(part) = blocked {
                let failure =
                    Failure::usage(format!("{} is no folder, and {path} belongs into it", part.display()));
                return Err(failure.hint("move it away, then run it again"));
            }
            fs::confined(root, Path::new(path)).map_err(|error| outside(&error))?;
            Ok(Standing::Missing)
        }
    }
}

fn outside(error: &fs::Error) -> Failure {
    file_failure(error).hint("replace the symbolic link by a folder, then run it again; nothing was written")
}

fn write(root: &Path, missing: &[(String, String)]) -> Result<(), Failure> {
    fs::create_directory(root).map_err(|error| file_failure(&error))?;
    for (path, text) in missing {
        let place = fs::confined(root, Path::new(path)).map_err(|error| outside(&error))?;
        fs::write_new(&place, text.as_bytes()).map_err(|error| {
            file_failure(&error).hint("mend that, then run it again: it goes on where it stopped")
        })?;
    }
    Ok(())
}

fn commit(request: &Request, is_empty: bool, report: &mut Report) -> Result<(), Failure> {
    let repository =
        Repository::create(&request.directory, &request.base).map_err(|error| git_failure(&error))?;
    if let Some(identity) = request.identity.as_ref().filter(|_| is_empty) {
        repository
            .commit_everything("Make the central repository", identity, request.now)
            .map_err(|error| git_failure(&error))?;
        report.committed = true;
    }
    Ok(())
}

/// The built-in resource types that are copied when nobody says which: all that need no kro in the cluster.
pub fn default_types() -> Vec<String> {
    let types = super::types::built_in_types().filter(|(_, found)| found.route != Route::Kro);
    types.map(|(name, _)| name).collect()
}

/// What is wrong with the name of a team, if anything is.
pub fn check_team(name: &str) -> Result<(), String> {
    match entity_name(name) {
        Some(valid) if valid == name => Ok(()),
        Some(valid) => Err(format!("it may have lower-case letters, digits and -_. between them: `{valid}`")),
        None => Err("it must have a letter or a digit".to_owned()),
    }
}

/// What is wrong with the name of a cluster, if anything is. It is a folder below `rendered/` and part of
/// the names of objects.
pub fn check_cluster(name: &str) -> Result<(), String> {
    let inner = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    let fits = !name.is_empty() && name.len() <= 40 && name.chars().all(inner);
    if fits && !name.starts_with('-') && !name.ends_with('-') {
        return Ok(());
    }
    Err("it may have up to 40 lower-case letters, digits and - between them".to_owned())
}

/// What is wrong with a DNS zone, if anything is.
pub fn check_zone(name: &str) -> Result<(), String> {
    let label = |label: &str| {
        let inner = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        !label.is_empty()
            && label.len() <= 63
            && label.chars().all(inner)
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    if name.contains('.') && name.len() <= 253 && name.split('.').all(label) {
        return Ok(());
    }
    Err("write it like example.com".to_owned())
}

/// What is wrong with the name of a branch, if anything is: the part of Git's rules that files can hold
/// without quotes.
pub fn check_branch(name: &str) -> Result<(), String> {
    let fits = |c: char| c.is_ascii_alphanumeric() || "-_./".contains(c);
    let edges = name.starts_with(['-', '/', '.'])
        || name.ends_with(['/', '.'])
        || name.strip_suffix(".lock").is_some();
    if !name.is_empty() && name.chars().all(fits) && !edges && !name.contains("..") && !name.contains("//") {
        return Ok(());
    }
    Err("it may have letters, digits and -_./ between them".to_owned())
}

/// What is wrong with the organisation whose teams review, if anything is.
pub fn check_org(name: &str) -> Result<(), String> {
    let fits = |c: char| c.is_ascii_alphanumeric() || "-_./".contains(c);
    if !name.is_empty() && name.chars().all(fits) && !name.starts_with(['/', '-']) && !name.ends_with('/') {
        return Ok(());
    }
    Err("write it as in its address: acme".to_owned())
}

/// What is wrong with an object id in Entra ID: a GUID such as `11111111-2222-3333-4444-555555555555`.
pub fn check_user_id(text: &str) -> Result<(), String> {
    let lengths: Vec<usize> = text.split('-').map(str::len).collect();
    let is_guid = lengths == [8, 4, 4, 4, 12] && text.chars().all(|c| c == '-' || c.is_ascii_hexdigit());
    if is_guid { Ok(()) } else { Err("it must be a GUID: az ad signed-in-user show --query id".to_owned()) }
}

/// The name of a person in the catalog: the front of the address, as far as it can be used.
pub fn user_name(person: &Identity) -> Option<String> {
    entity_name(person.email.split('@').next()?)
}

/// What can be used of a text as an entity's name; `None` if nothing can.
fn entity_name(text: &str) -> Option<String> {
    let name: String = text
        .to_lowercase()
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.') { c } else { '-' })
        .take(63)
        .collect();
    let name = name.trim_matches(|c: char| !c.is_ascii_alphanumeric());
    (!name.is_empty()).then(|| name.to_owned())
}

#[cfg(test)]
mod tests {
    use super::{Source, check_branch, check_cluster, check_org, check_zone, entity_name};

    #[test]
    fn names_are_made_of_what_is_allowed() {
        let check = |text: &str, name: Option<&str>| assert_eq!(entity_name(text).as_deref(), name, "{text}");
        check("Ada.Lovelace", Some("ada.lovelace"));
        check("ada+test", Some("ada-test"));
        check(".hidden", Some("hidden"));
        check("日本", None);
    }

    #[test]
    fn what_goes_into_files_is_checked() {
        let check = |judge: fn(&str) -> Result<(), String>, good: &[&str], bad: &[&str]| {
            assert!(good.iter().all(|text| judge(text).is_ok()), "{good:?}");
            for text in bad {
                assert!(judge(text).is_err(), "{text}");
            }
        };
        check(check_cluster, &["main", "eu-1"], &["", "-a", "a/b", "..", "A", "a\nb"]);
        check(
            check_zone,
            &["example.com", "a.b-c.de"],
            &["", "com", "*.example.com", "a..b", "a.b\n", "a.b #"],
        );
        check(check_branch, &["main", "release/1.0"], &["", "-x", "a..b", "a b", "a\"", "x.lock", "${{x}}"]);
        check(check_org, &["acme", "acme/sub"], &["", "/x", "a b", "@acme", "a\nb"]);
        let source = |text: &str| Source::parse(text).map(|_| ());
        check(
            source,
            &[
                "path",
                "image:registry.example.org:5000/platform@sha256:ab",
                "git:https://git.example.org/p.git",
            ],
            &["", "x", "image:", "image:a b", "git:x;rm -r .", "git:-x", "git:$(x)", "git:a'b"],
        );
    }
}
