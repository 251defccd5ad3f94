//! `init`: a central repository, or what is missing in one.

use std::path::PathBuf;

use include_dir::{Dir, include_dir};
use serde_json::json;

use super::embedded::all_files;
use super::{file_failure, git_failure};
use crate::clock::Timestamp;
use crate::error::Failure;
use crate::expression::{Engine, RenderOptions};
use crate::fs;
use crate::git::{Identity, Repository};

/// The files of a new central repository; `team` in a path stands for the first team.
static FILES: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/templates/repository");

/// What to make.
#[derive(Clone, Debug)]
pub struct Request {
    /// The folder; made if it is missing.
    pub directory: PathBuf,
    /// The first team: a valid name of an entity.
    pub team: String,
    /// The branch that pull requests go to.
    pub base: String,
    /// Who makes it, and the first user of the catalog; without, there is no user and no commit.
    pub identity: Option<Identity>,
    /// The object id of that user in Entra ID: groups are made of these.
    pub user_id: Option<String>,
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
    /// Files that were there and stay as they are, sorted.
    pub kept: Vec<String>,
    /// Whether the Git repository is new.
    pub is_new_repository: bool,
    /// Whether the files are committed.
    pub committed: bool,
}

/// Makes the files that are missing. A repository that is new is committed; in one that was there,
/// committing is left to the user.
pub fn init(request: &Request) -> Result<Report, Failure> {
    let files = files(request)?;
    let found = Repository::discover(&request.directory);
    let is_new =
        matches!(found, Err(crate::git::Error::NotARepository(_))) || !fs::exists(&request.directory);
    let mut report =
        Report { directory: request.directory.clone(), is_new_repository: is_new, ..Report::default() };
    for (path, text) in files {
        if fs::exists(&request.directory.join(&path)) {
            report.kept.push(path);
            continue;
        }
        if !request.dry_run {
            let target = request.directory.join(&path);
            fs::write_new(&target, text.as_bytes()).map_err(|error| file_failure(&error))?;
        }
        report.created.push(path);
    }
    if is_new && !request.dry_run {
        commit(request, &mut report)?;
    }
    Ok(report)
}

fn commit(request: &Request, report: &mut Report) -> Result<(), Failure> {
    let repository =
        Repository::create(&request.directory, &request.base).map_err(|error| git_failure(&error))?;
    if let Some(identity) = &request.identity {
        repository
            .commit_everything("Make the central repository", identity, request.now)
            .map_err(|error| git_failure(&error))?;
        report.committed = true;
    }
    Ok(())
}

/// The files with their paths, sorted.
fn files(request: &Request) -> Result<Vec<(String, String)>, Failure> {
    let name = request.directory.file_name().map(|name| name.to_string_lossy().into_owned());
    let name = entity_name(&name.unwrap_or_default()).unwrap_or_else(|| "blueprint".to_owned());
    let user = request.identity.as_ref().and_then(|who| entity_name(who.email.split('@').next()?));
    let scope = json!({ "values": {
        "name": name,
        "team": request.team,
        "base": request.base,
        "user": user,
        "displayName": request.identity.as_ref().map(|who| &who.name),
        "userId": request.user_id,
        "email": request.identity.as_ref().map(|who| &who.email),
    }});
    let engine = Engine::default();
    let mut files = Vec::new();
    for file in all_files(&FILES) {
        let path =
            file.path().to_string_lossy().replace("catalog/team/", &format!("catalog/{}/", request.team));
        let text = file.contents_utf8().unwrap_or_default();
        let text = engine
            .render(text, &scope, &RenderOptions::default())
            .map_err(|error| Failure::usage(format!("cannot make {path}")).because(error.message))?;
        files.push((path, text));
    }
    files.sort();
    Ok(files)
}

/// What is wrong with the name of a team, if anything is.
pub fn check_team(name: &str) -> Result<(), String> {
    match entity_name(name) {
        Some(valid) if valid == name => Ok(()),
        Some(valid) => Err(format!("it may have lower-case letters, digits and -_. between them: `{valid}`")),
        None => Err("it must have a letter or a digit".to_owned()),
    }
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
    use super::entity_name;

    #[test]
    fn names_are_made_of_what_is_allowed() {
        let check = |text: &str, name: Option<&str>| assert_eq!(entity_name(text).as_deref(), name, "{text}");
        check("Ada.Lovelace", Some("ada.lovelace"));
        check("ada+test", Some("ada-test"));
        check(".hidden", Some("hidden"));
        check("日本", None);
    }
}
