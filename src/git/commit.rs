//! Commits made as trees, beside the user's work tree and index.

use std::path::Path;

use super::{CommitId, Error, Repository};
use crate::change::Edit;
use crate::clock::Timestamp;
use crate::process::Run;

/// Who makes a commit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Identity {
    /// `user.name`.
    pub name: String,
    /// `user.email`.
    pub email: String,
}

/// A commit to be made.
#[derive(Clone, Debug)]
pub struct CommitDraft<'a> {
    /// The one parent.
    pub parent: &'a CommitId,
    /// What differs from the parent.
    pub edits: &'a [Edit],
    /// The whole message.
    pub message: &'a str,
    /// Author and committer.
    pub identity: &'a Identity,
    /// When.
    pub time: Timestamp,
}

impl Repository {
    /// Who Git says the user is.
    pub fn identity(&self) -> Result<Identity, Error> {
        identity_in(self.inner.config())
    }

    /// Who Git says the user is outside of any repository.
    pub fn default_identity() -> Result<Identity, Error> {
        identity_in(git2::Config::open_default())
    }

    /// Makes the commit. No branch moves, nothing in the work tree or the index changes.
    ///
    /// Where `commit.gpgSign` is set, `git commit-tree` makes it, so that it is signed the way the
    /// user's Git signs.
    pub fn make_commit(&self, draft: &CommitDraft<'_>) -> Result<CommitId, Error> {
        let tree = self.edited_tree(draft.parent, draft.edits)?;
        if self.inner.config().is_ok_and(|config| config.get_bool("commit.gpgsign").unwrap_or(false)) {
            return self.signed_commit(draft, tree);
        }
        let make = || {
            let time = git2::Time::new(draft.time.0, 0);
            let who = git2::Signature::new(&draft.identity.name, &draft.identity.email, &time)?;
            let parent = self.inner.find_commit(git2::Oid::from_str(&draft.parent.0)?)?;
            let tree = self.inner.find_tree(tree)?;
            self.inner.commit(None, &who, &who, draft.message, &tree, &[&parent])
        };
        make().map(|id| CommitId(id.to_string())).map_err(Error::other("cannot make the commit"))
    }

    /// Whether two commits hold the same files.
    pub fn same_files(&self, a: &CommitId, b: &CommitId) -> Result<bool, Error> {
        Ok(self.tree(a)?.id() == self.tree(b)?.id())
    }

    fn edited_tree(&self, parent: &CommitId, edits: &[Edit]) -> Result<git2::Oid, Error> {
        let base = self.tree(parent)?;
        let make = || {
            let mut update = git2::build::TreeUpdateBuilder::new();
            for edit in edits {
                match &edit.content {
                    Some(content) => {
                        let mode = if edit.executable {
                            git2::FileMode::BlobExecutable
                        } else {
                            git2::FileMode::Blob
                        };
                        update.upsert(edit.path.as_str(), self.inner.blob(content)?, mode);
                    }
                    None if base.get_path(Path::new(&edit.path)).is_ok() => {
                        update.remove(edit.path.as_str());
                    }
                    None => {}
                }
            }
            update.create_updated(&self.inner, &base)
        };
        make().map_err(Error::other("cannot make the commit's files"))
    }

    fn signed_commit(&self, draft: &CommitDraft<'_>, tree: git2::Oid) -> Result<CommitId, Error> {
        let arguments = ["commit-tree", "-S", "-p", &draft.parent.0, &tree.to_string()];
        let date = format!("{} +0000", draft.time.0);
        let mut run = Run::new("git", arguments);
        for role in ["AUTHOR", "COMMITTER"] {
            run = run
                .env(&format!("GIT_{role}_NAME"), &draft.identity.name)
                .env(&format!("GIT_{role}_EMAIL"), &draft.identity.email)
                .env(&format!("GIT_{role}_DATE"), &date);
        }
        run.directory = Some(self.root().to_path_buf());
        run.stdin = draft.message.as_bytes().to_vec();
        let ended = run.output()?;
        if ended.success() {
            return Ok(CommitId(ended.stdout.trim().to_owned()));
        }
        Err(Error::Other { action: "cannot sign the commit".into(), reason: ended.stderr.trim().to_owned() })
    }
}

fn identity_in(config: Result<git2::Config, git2::Error>) -> Result<Identity, Error> {
    let config = config.and_then(|mut config| config.snapshot());
    let config = config.map_err(Error::other("cannot read the Git configuration"))?;
    let value = |key: &str| config.get_str(key).ok().filter(|value| !value.is_empty()).map(str::to_owned);
    Ok(Identity {
        name: value("user.name").ok_or(Error::NoIdentity("name"))?,
        email: value("user.email").ok_or(Error::NoIdentity("e-mail address"))?,
    })
}
