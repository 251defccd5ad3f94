//! One file an operation: a request, a report, one function. Here pure code and adapters meet.
//!
//! Operations print nothing and read no environment. They turn the errors of adapters into
//! [`Failure`]s with a hint.

pub mod add_member;
pub mod catalog;
pub mod central;
pub mod codeowners;
pub mod consequences;
mod definitions;
pub mod diff;
pub mod edit;
mod embedded;
pub mod explain;
pub mod fix;
pub mod forge;
mod hostnames;
pub mod init;
pub mod list;
pub mod move_entity;
pub mod new;
mod placement;
pub mod policy_examples;
pub mod recover;
pub mod remote;
pub mod rename;
pub mod render;
pub mod rendered;
pub mod retire;
pub mod revision;
mod rule_settings;
pub mod server_dry_run;
mod stale_rendered;
pub mod status;
pub mod submit;
pub mod templates;
pub mod tour;
pub mod types;
pub mod validate;
pub mod whoami;

use crate::error::{Exit, Failure};
use crate::git;

/// What went wrong in Git, with what to do about it.
pub fn git_failure(error: &git::Error) -> Failure {
    let failure = |exit: Exit| Failure::new(exit, error.to_string());
    match error {
        git::Error::NotARepository(_) => failure(Exit::Usage)
            .hint("change into a clone of the central repository, or make one: platform init DIR"),
        git::Error::Bare(_) => failure(Exit::Usage).hint("work in a clone of it"),
        git::Error::NoRemote(name) => {
            failure(Exit::Usage).hint(format!("git remote add {name} URL, or name another as git.remote"))
        }
        git::Error::NoBranch { .. } => {
            failure(Exit::Usage).hint("name the branch that requests go to as git.base in platform.yaml")
        }
        git::Error::Unreachable { .. } => {
            failure(Exit::Unreachable).hint("check the address and the network, then run it again")
        }
        git::Error::Login { .. } => {
            failure(Exit::Login).hint("make `git fetch` work in this repository, then run it again")
        }
        git::Error::Rejected { .. } => {
            failure(Exit::No).hint("the rules of the remote decide; ask whoever set them")
        }
        git::Error::Stale { .. } => failure(Exit::No).hint("run it again to build on what is there now"),
        git::Error::NoIdentity(what) => {
            let key = if *what == "name" { "user.name \"Your Name\"" } else { "user.email you@example.org" };
            failure(Exit::Usage).hint(format!("git config --global {key}"))
        }
        git::Error::Unsupported { .. } => failure(Exit::Usage).hint("take it out of the catalog's folders"),
        git::Error::Program(_) => failure(Exit::Usage).hint("install git 2.30 or newer"),
        git::Error::Other { .. } => failure(Exit::Usage),
    }
}

/// What went wrong with a file.
pub fn file_failure(error: &crate::fs::Error) -> Failure {
    Failure::usage(error.to_string())
}
