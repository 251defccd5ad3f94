//! The built-in forge: pull requests kept in a bare repository on disk.
//!
//! A pull request is the ref `refs/platform/pulls/<number>`, which points at a blob of JSON. The ref
//! is written only if it is still what was read, so two people cannot open the same number or merge
//! twice. Merging makes a merge commit on the base branch, as a hosted forge does.

use std::path::{Path, PathBuf};

use git2::{ErrorCode, Oid, Repository, Signature};
use serde::{Deserialize, Serialize};

use super::{Draft, Error, Forge, Kind, Opened, PullRequest, Reviews, State, Update};
use crate::clock::Timestamp;

const PULLS: &str = "refs/platform/pulls/";

/// The forge of one bare repository.
pub struct Local {
    path: PathBuf,
    now: Timestamp,
    who: String,
}

/// A pull request as the blob holds it.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Record {
    number: u64,
    title: String,
    body: String,
    state: String,
    draft: bool,
    head: String,
    base: String,
    author: String,
    #[serde(default)]
    merge_commit: Option<String>,
    #[serde(default)]
    merged_at: Option<i64>,
    #[serde(default)]
    merged_by: Option<String>,
    #[serde(default)]
    reviewers: Vec<String>,
}

impl Local {
    /// The forge of the bare repository at `path`. `who` is the name that what is done here carries,
    /// `now` the time.
    pub fn new(path: &Path, who: &str, now: Timestamp) -> Self {
        Self { path: path.to_path_buf(), now, who: who.to_owned() }
    }

    fn repository(&self) -> Result<Repository, Error> {
        Repository::open(&self.path)
            .map_err(failed(format!("cannot open the repository {}", self.path.display())))
    }

    fn shown(&self, repository: &Repository, record: Record) -> PullRequest {
        let tip = repository.refname_to_id(&format!("refs/heads/{}", record.head)).ok();
        PullRequest {
            number: record.number,
            url: format!("{}#{}", self.path.display(), record.number),
            title: record.title,
            body: record.body,
            state: match record.state.as_str() {
                "merged" => State::Merged,
                "closed" => State::Closed,
                _ => State::Open,
            },
            draft: record.draft,
            head: record.head,
            base: record.base,
            head_commit: tip.map(|id| id.to_string()),
            author: Some(record.author),
            merge_commit: record.merge_commit,
            merged_at: record.merged_at.map(Timestamp),
            merged_by: record.merged_by,
            waiting_for: record.reviewers,
        }
    }

    fn list(&self, matches: impl Fn(&Record) -> bool) -> Result<Vec<PullRequest>, Error> {
        let repository = self.repository()?;
        let records = records(&repository)?.into_iter().map(|(record, _)| record).filter(matches);
        Ok(records.map(|record| self.shown(&repository, record)).collect())
    }
}

impl Forge for Local {
    fn kind(&self) -> Kind {
        Kind::Local
    }

    fn find_open(&self, head: &str, base: &str) -> Result<Option<PullRequest>, Error> {
        let matches = |record: &Record| record.state == "open" && record.head == head && record.base == base;
        Ok(self.list(matches)?.into_iter().next())
    }

    fn find_any(&self, head: &str) -> Result<Vec<PullRequest>, Error> {
        let mut found = self.list(|record| record.head == head)?;
        found.truncate(100);
        Ok(found)
    }

    fn open(&self, draft: &Draft) -> Result<Opened, Error> {
        if let Some(pull_request) = self.find_open(&draft.head, &draft.base)? {
            return Ok(Opened { pull_request, created: false, warnings: Vec::new() });
        }
        let repository = self.repository()?;
        let head = tip(&repository, &draft.head)?;
        let base = tip(&repository, &draft.base)?;
        let merged = repository.merge_base(head, base).is_ok_and(|common| common == head);
        if merged {
            return Err(Error::NothingToMerge { head: draft.head.clone(), base: draft.base.clone() });
        }
        let number = records(&repository)?.first().map_or(1, |(record, _)| record.number + 1);
        let record = Record {
            number,
            title: draft.title.clone(),
            body: draft.body.clone(),
            state: "open".into(),
            draft: draft.draft,
            head: draft.head.clone(),
            base: draft.base.clone(),
            author: self.who.clone(),
            merge_commit: None,
            merged_at: None,
            merged_by: None,
            reviewers: draft.reviewers.clone(),
        };
        write(&repository, &record, None)?;
        let pull_request = self.shown(&repository, record);
        Ok(Opened { pull_request, created: true, warnings: Vec::new() })
    }

    fn update(&self, number: u64, update: &Update) -> Result<PullRequest, Error> {
        let repository = self.repository()?;
        let (mut record, before) = record(&repository, number)?;
        if record.state == "merged" {
            return Err(Error::Local { reason: format!("pull request #{number} is merged already") });
        }
        record.title = update.title.clone().unwrap_or(record.title);
        record.body = update.body.clone().unwrap_or(record.body);
        record.base = update.base.clone().unwrap_or(record.base);
        if let Some(closed) = update.closed {
            record.state = if closed { "closed" } else { "open" }.into();
        }
        write(&repository, &record, Some(before))?;
        Ok(self.shown(&repository, record))
    }

    fn get(&self, number: u64) -> Result<PullRequest, Error> {
        let repository = self.repository()?;
        let (record, _) = record(&repository, number)?;
        Ok(self.shown(&repository, record))
    }

    fn pr_for_commit(&self, commit: &str) -> Result<Option<PullRequest>, Error> {
        let repository = self.repository()?;
        let brought = |record: &Record| {
            let brought = || {
                let merge =
                    repository.find_commit(Oid::from_str(record.merge_commit.as_deref()?).ok()?).ok()?;
                let wanted = Oid::from_str(commit).ok()?;
                let before = merge.parent_id(0).ok()?;
                let inside =
                    merge.id() == wanted || repository.graph_descendant_of(merge.id(), wanted).ok()?;
                let older = before == wanted || repository.graph_descendant_of(before, wanted).ok()?;
                Some(inside && !older)
            };
            brought().unwrap_or(false)
        };
        Ok(self.list(brought)?.into_iter().next())
    }

    fn reviews(&self, _pull_request: &PullRequest) -> Result<Reviews, Error> {
        Ok(Reviews::default())
    }

    fn merge(&self, number: u64) -> Result<PullRequest, Error> {
        let repository = self.repository()?;
        let (mut record, before) = record(&repository, number)?;
        if record.state != "open" {
            return Err(Error::Local { reason: format!("pull request #{number} is {}", record.state) });
        }
        let merge = merge(&repository, &record, &self.who, self.now)?;
        record.state = "merged".into();
        record.merge_commit = Some(merge.to_string());
        record.merged_at = Some(self.now.0);
        record.merged_by = Some(self.who.clone());
        write(&repository, &record, Some(before))?;
        Ok(self.shown(&repository, record))
    }

    fn compare_url(&self, _head: &str, _base: &str) -> Option<String> {
        None
    }
}

/// Every record, newest first, with the blob it was read from.
fn records(repository: &Repository) -> Result<Vec<(Record, Oid)>, Error> {
    let read = || -> Result<Vec<(Record, Oid)>, git2::Error> {
        let mut records = Vec::new();
        for reference in repository.references_glob(&format!("{PULLS}*"))? {
            let Some(blob) = reference?.target() else { continue };
            let content = repository.find_blob(blob)?;
            if let Ok(record) = serde_json::from_slice(content.content()) {
                records.push((record, blob));
            }
        }
        Ok(records)
    };
    let mut records = read().map_err(failed("cannot read the pull requests"))?;
    records.sort_by_key(|(record, _)| std::cmp::Reverse(record.number));
    Ok(records)
}

/// Writes a record in place of the one in blob `before`; `None` makes a new one.
fn write(repository: &Repository, record: &Record, before: Option<Oid>) -> Result<(), Error> {
    let name = format!("{PULLS}{}", record.number);
    let text = serde_json::to_vec_pretty(record).map_err(|error| Error::Local {
        reason: format!("cannot write pull request #{}: {error}", record.number),
    })?;
    let write = || {
        let blob = repository.blob(&text)?;
        match before {
            None => repository.reference(&name, blob, false, "open"),
            Some(before) => repository.reference_matching(&name, blob, true, before, "update"),
        }
    };
    write().map(|_| ()).map_err(failed(format!("cannot write pull request #{}", record.number)))
}

fn record(repository: &Repository, number: u64) -> Result<(Record, Oid), Error> {
    let found = records(repository)?.into_iter().find(|(record, _)| record.number == number);
    found.ok_or(Error::NoPullRequest { number })
}

fn tip(repository: &Repository, branch: &str) -> Result<Oid, Error> {
    let found = repository.refname_to_id(&format!("refs/heads/{branch}"));
    found.map_err(|_| Error::NoBranch { branch: branch.to_owned() })
}

/// Makes the merge commit and moves the base branch to it, if the branch is still where it was.
fn merge(repository: &Repository, record: &Record, who: &str, now: Timestamp) -> Result<Oid, Error> {
    let (head, base) = (tip(repository, &record.head)?, tip(repository, &record.base)?);
    let conflict = || Error::Local {
        reason: format!("pull request #{} conflicts with {}: submit it again", record.number, record.base),
    };
    let make = || -> Result<Option<Oid>, git2::Error> {
        let (ours, theirs) = (repository.find_commit(base)?, repository.find_commit(head)?);
        let mut index = repository.merge_commits(&ours, &theirs, None)?;
        if index.has_conflicts() {
            return Ok(None);
        }
        let tree = repository.find_tree(index.write_tree_to(repository)?)?;
        let email = format!("{}@localhost", who.to_lowercase().replace(' ', "."));
        let signature = Signature::new(who, &email, &git2::Time::new(now.0, 0))?;
        let message =
            format!("Merge pull request #{} from {}\n\n{}\n", record.number, record.head, record.title);
        let commit = repository.commit(None, &signature, &signature, &message, &tree, &[&ours, &theirs])?;
        let branch = format!("refs/heads/{}", record.base);
        repository.reference_matching(&branch, commit, true, base, "merge pull request")?;
        Ok(Some(commit))
    };
    match make() {
        Ok(Some(commit)) => Ok(commit),
        Ok(None) => Err(conflict()),
        Err(error) if error.code() == ErrorCode::Modified => Err(conflict()),
        Err(error) => Err(failed(format!("cannot merge pull request #{}", record.number))(error)),
    }
}

fn failed(action: impl Into<String>) -> impl FnOnce(git2::Error) -> Error {
    let action = action.into();
    move |error| Error::Local { reason: format!("{action}: {}", error.message()) }
}
