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
    if let Some((remote, contents)) = addresses(call.action, &draft.repository, call.text("defaultBranch")) {
        call.output.insert("remoteUrl".to_owned(), Value::from(remote));
        call.output.insert("repoContentsUrl".to_owned(), Value::from(contents));
    }
    publish(call, draft);
    Ok(())
}

/// The addresses that a repository will have: that of the repository, and that of its files. Those of
/// Bitbucket and Azure DevOps come from their servers; these are the forms that they document.
fn addresses(action: &str, repository: &Repository, branch: Option<&str>) -> Option<(String, String)> {
    let Repository { host, owner, organization, workspace, project, repo } = repository;
    let repo = repo.as_ref()?;
    let (above, end) = match action {
        "publish:github" => (owner.clone()?, format!("blob/{}", branch.unwrap_or("master"))),
        "publish:gitlab" => {
            let url = format!("https://{host}/{}/{repo}", owner.as_ref()?);
            let contents = format!("{url}/-/blob/{}", branch.unwrap_or("master"));
            return Some((url, contents));
        }
        "publish:gitea" => (owner.clone()?, format!("src/branch/{}/", branch.unwrap_or("main"))),
        "publish:bitbucketCloud" => (workspace.clone()?, format!("src/{}", branch.unwrap_or("master"))),
        "publish:bitbucketServer" => {
            let project = project.as_ref()?;
            let remote = format!("https://{host}/scm/{}/{repo}.git", project.to_lowercase());
            return Some((remote, format!("https://{host}/projects/{project}/repos/{repo}/browse")));
        }
        "publish:azure" => {
            let organization = organization.as_ref().or(owner.as_ref())?;
            let url = format!("https://{host}/{organization}/{}/_git/{repo}", project.as_ref()?);
            return Some((url.clone(), url));
        }
        _ => return None,
    };
    let url = format!("https://{host}/{above}/{repo}");
    Some((format!("{url}.git"), format!("{url}/{end}")))
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

#[cfg(test)]
mod tests {
    use serde_json::{Map, Value, json};

    use crate::expression::Engine;
    use crate::scaffolder::{ChangeDraft, Context, Files, NoCatalog, Outcome, Repository, Template, run};

    fn outcome(step: &Value, skeleton: &Files) -> Result<Outcome, String> {
        let entity = json!({
            "apiVersion": crate::scaffolder::API_VERSION, "kind": "Template", "metadata": {"name": "t"},
            "spec": {"type": "x", "steps": [
                {"id": "fetch", "action": "fetch:plain", "input": {"url": "."}},
                step,
            ], "output": {"url": "${{ steps.publish.output.remoteUrl }}"}},
        });
        let context = Context {
            skeleton,
            catalog: &NoCatalog,
            engine: &Engine::default(),
            user: None,
            task_id: "test".into(),
            template_ref: None,
            environment: Map::new(),
            secrets: Map::new(),
        };
        run(&Template::from_entity(&entity).unwrap(), &Map::new(), &context)
            .map_err(|error| error.to_string())
    }

    fn drafted(step: &Value, files: &[(&str, &str)]) -> ChangeDraft {
        let mut skeleton = Files::default();
        for (path, content) in files {
            skeleton.write(path, content.as_bytes().to_vec(), false).unwrap();
        }
        outcome(step, &skeleton).unwrap().change.unwrap()
    }

    fn check(files: &[(&str, &str)], input: &[(&str, &str)], published: &[&str]) {
        let mut step = json!({"id": "publish", "action": "publish:github:pull-request", "input": {
            "repoUrl": "github.com?owner=acme&repo=platform", "branchName": "new", "title": "Add", "description": "Why",
        }});
        for (key, value) in input {
            step["input"][*key] = Value::from(*value);
        }
        let draft = drafted(&step, files);
        assert_eq!(draft.files.iter().map(|(path, _)| path).collect::<Vec<_>>(), published);
    }

    #[test]
    fn a_pull_request_has_the_files_that_git_would_take() {
        check(&[("a/x", ""), ("b", "")], &[], &["a/x", "b"]);
        check(&[("a/x", ""), ("b", "")], &[("sourcePath", "a"), ("targetPath", "to/here")], &["to/here/x"]);
        let ignored =
            [(".gitignore", "*.log\n/only\n"), ("x.log", ""), ("only", ""), ("d/only", ""), ("d/y.log", "")];
        check(&ignored, &[], &[".gitignore", "d/only"]);
        let nested = [
            ("d/.gitignore", "x\n/y\n!z/x\n# no\n"),
            ("x", ""),
            ("d/x", ""),
            ("d/y", ""),
            ("d/e/y", ""),
            ("d/z/x", ""),
        ];
        check(&nested, &[], &["d/.gitignore", "d/e/y", "d/z/x", "x"]);
    }

    #[test]
    fn a_draft_has_what_the_step_says() {
        let draft = drafted(
            &json!({"id": "publish", "action": "publish:gitlab:merge-request", "input": {
                "repoUrl": "gitlab.example.com:8443?owner=acme%2Fteam&repo=platform", "title": "Add", "branchName": "new",
                "targetBranchName": "main", "assignee": "alice", "reviewers": ["bob"], "labels": ["new"],
            }}),
            &[],
        );
        let repository = Repository {
            host: "gitlab.example.com:8443".into(),
            owner: Some("acme/team".into()),
            repo: Some("platform".into()),
            ..Repository::default()
        };
        assert_eq!((draft.repository, draft.creates_repository), (repository, false));
        assert_eq!((draft.branch.as_deref(), draft.base.as_deref()), (Some("new"), Some("main")));
        assert_eq!(
            (draft.assignees, draft.reviewers, draft.labels),
            (vec!["alice".into()], vec!["bob".into()], vec!["new".into()])
        );
    }

    #[test]
    fn a_repository_is_drafted_with_the_address_it_will_have() {
        let step = json!({"id": "publish", "action": "publish:github", "input": {"repoUrl": "github.com?owner=acme&repo=new"}});
        let outcome = outcome(&step, &Files::default()).unwrap();
        assert!(outcome.change.unwrap().creates_repository);
        assert_eq!(outcome.output["url"], "https://github.com/acme/new.git");
    }

    #[test]
    fn every_forge_hands_on_its_addresses() {
        let check = |action: &str, url: &str, remote: &str, contents: &str| {
            let repository = Repository::parse(url).unwrap();
            let found = super::addresses(action, &repository, None);
            assert_eq!(found, Some((remote.to_owned(), contents.to_owned())), "{action}");
        };
        let url = "https://gitlab.com/acme/new";
        check("publish:gitlab", "gitlab.com?owner=acme&repo=new", url, &format!("{url}/-/blob/master"));
        let url = "https://gitea.test/acme/new";
        let contents = format!("{url}/src/branch/main/");
        check("publish:gitea", "gitea.test?owner=acme&repo=new", &format!("{url}.git"), &contents);
        let (url, from) =
            ("https://bitbucket.org/acme/new", "bitbucket.org?workspace=acme&project=P&repo=new");
        check("publish:bitbucketCloud", from, &format!("{url}.git"), &format!("{url}/src/master"));
        let contents = "https://bb.test/projects/P/repos/new/browse";
        let from = "bb.test?project=P&repo=new";
        check("publish:bitbucketServer", from, "https://bb.test/scm/p/new.git", contents);
        let url = "https://dev.azure.com/acme/P/_git/new";
        check("publish:azure", "dev.azure.com?organization=acme&project=P&repo=new", url, url);
    }

    #[test]
    fn a_repository_that_cannot_be_read_stops_the_run() {
        let step = json!({"id": "publish", "action": "publish:github", "input": {"repoUrl": "a b"}});
        let message = outcome(&step, &Files::default()).unwrap_err();
        assert_eq!(message, "step publish: repoUrl \"a b\" is not of the form host?owner=…&repo=…");
    }
}
