//! `publish:…`: drafts of pull requests and repositories. Nothing is opened or made here.

use ignore::gitignore::{Gitignore, GitignoreBuilder};
use serde_json::Value;

use super::super::files::{self, Entry, Files};
use super::super::outcome::{ChangeDraft, Repository};
use super::fetch::join;
use super::{ActionError, Call};

pub(super) fn pull_request(call: &mut Call<'_>) -> Result<(), ActionError> {
    let draft = draft(call, false)?;
    call.say(format!("would open {:?} at {}", draft.title, draft.repository.host));
    for key in ["targetBranchName", "targetBranch"] {
        if let Some(base) = call.text(key).map(str::to_owned) {
            call.output.insert(key.to_owned(), Value::from(base));
        }
    }
    publish(call, draft);
    Ok(())
}

pub(super) fn repository(call: &mut Call<'_>) -> Result<(), ActionError> {
    let draft = draft(call, true)?;
    call.say(format!("would make a repository at {}", draft.repository.host));
    if let ("publish:github", Some(owner), Some(repo)) =
        (call.action, &draft.repository.owner, &draft.repository.repo)
    {
        let url = format!("https://{}/{owner}/{repo}", draft.repository.host);
        let branch = call.text("defaultBranch").unwrap_or("master").to_owned();
        call.output.insert("remoteUrl".to_owned(), Value::from(format!("{url}.git")));
        call.output.insert("repoContentsUrl".to_owned(), Value::from(format!("{url}/blob/{branch}")));
    }
    publish(call, draft);
    Ok(())
}

fn publish(call: &mut Call<'_>, draft: ChangeDraft) {
    call.outcome.change = Some(draft.clone());
    call.outcome.changes.push(draft);
}

fn draft(call: &mut Call<'_>, creates_repository: bool) -> Result<ChangeDraft, ActionError> {
    let written = call.required("repoUrl").to_owned();
    let Some(repository) = Repository::parse(&written) else {
        let hint = "write host?owner=OWNER&repo=REPO";
        return Err(ActionError::new(format!("repoUrl {written:?} is not of the form host?owner=…&repo=…"))
            .hint(hint));
    };
    let text = |keys: &[&str]| keys.iter().find_map(|key| call.text(key)).map(str::to_owned);
    let assignee = call.text("assignee").map(str::to_owned);
    let mut reviewers = call.texts("reviewers");
    let bitbucket = call.input.get("reviewers").and_then(Value::as_array).into_iter().flatten();
    reviewers.extend(bitbucket.filter_map(|one| one.pointer("/user/name")?.as_str()).map(str::to_owned));
    let commit_message = text(&["commitMessage", "gitCommitMessage"]);
    let title =
        text(&["title"]).or_else(|| commit_message.clone()).unwrap_or_else(|| "initial commit".to_owned());
    Ok(ChangeDraft {
        step: call.step.to_owned(),
        action: call.action.to_owned(),
        creates_repository,
        repository,
        title,
        description: text(&["description"]).unwrap_or_default(),
        branch: text(&["branchName", "sourceBranch"]),
        base: text(&["targetBranchName", "targetBranch", "branch", "defaultBranch"]),
        commit_message,
        draft: call.flag("draft"),
        reviewers,
        team_reviewers: call.texts("teamReviewers"),
        assignees: call.texts("assignees").into_iter().chain(assignee).collect(),
        labels: call.texts("labels"),
        files: published(call)?,
        delete: call.texts("filesToDelete"),
    })
}

/// The files below `sourcePath` with their paths below `targetPath`, without those that a
/// `.gitignore` among them excludes.
fn published(call: &Call<'_>) -> Result<Files, ActionError> {
    let from = files::normalise("", call.text("sourcePath").unwrap_or("./"))?;
    let to = files::normalise("", call.text("targetPath").unwrap_or("./"))?;
    let ignored = ignored(&call.outcome.files, &from);
    let mut published = Files::default();
    for (path, entry) in call.outcome.files.below(&from) {
        if ignored.matched_path_or_any_parents(path, false).is_ignore() {
            continue;
        }
        let path = join(&to, path);
        match entry {
            Entry::Folder => {}
            Entry::File { bytes, executable } => published.write(&path, bytes.clone(), *executable)?,
            Entry::Link { target } => published.link(&path, target.clone())?,
        }
    }
    Ok(published)
}

fn ignored(files: &Files, below: &str) -> Gitignore {
    let mut builder = GitignoreBuilder::new("");
    for (path, entry) in files.below(below) {
        let Some(folder) =
            path.strip_suffix(".gitignore").filter(|folder| folder.is_empty() || folder.ends_with('/'))
        else {
            continue;
        };
        let Entry::File { bytes, .. } = entry else { continue };
        for line in String::from_utf8_lossy(bytes).lines() {
            // A pattern of a folder below counts from that folder.
            let (negated, pattern) = line.strip_prefix('!').map_or(("", line), |pattern| ("!", pattern));
            let anchored = pattern.trim_end_matches('/').contains('/');
            let scoped = match (folder.is_empty(), anchored) {
                (true, _) => line.to_owned(),
                _ if pattern.is_empty() || pattern.starts_with('#') => continue,
                (false, true) => format!("{negated}/{folder}{}", pattern.trim_start_matches('/')),
                (false, false) => format!("{negated}/{folder}**/{pattern}"),
            };
            // A pattern that cannot be read excludes nothing.
            drop(builder.add_line(None, &scoped));
        }
    }
    builder.build().unwrap_or_else(|_| Gitignore::empty())
}
