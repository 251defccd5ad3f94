//! Software Templates, run locally: answers in, files out.
//!
//! A [`Template`] is read from the JSON of its entity. Its [`Page`]s say what to ask for, [`from_set`]
//! reads answers from flags, [`with_defaults`] and [`check`] complete and judge them, [`plan`] says
//! what can run here, and [`run`] runs it with the semantics of Backstage 1.55: [`Files`] in memory,
//! output, log, and drafts of what `publish` steps ask for.
//!
//! It reads no files (a [`Skeleton`] is handed in), opens no pull request and registers nothing.
//!
//! # Where it differs from Backstage
//!
//! Whole runs, defaults and verdicts are compared with Backstage by the tests. What differs on purpose:
//!
//! - What Backstage swallows (an expression that fails in a step) has the same result and is in
//!   [`Outcome::warnings`].
//! - A choice that does not exist is reported; the form of the portal replaces it by the default.
//! - Paths with backslashes or control characters, into a Git directory, or through a symbolic link are
//!   refused, and so is what is beyond the limits of [`Files`] or the thousand entries of an `each`.
//! - Two files of a skeleton whose names render to the same path: the first in the order of the paths
//!   wins. In Backstage it is the one that is read first.
//! - `fs:readdir` lists in the order of the paths, and `fullPath` is the path in the workspace.
//! - `fetch:plain:file` makes the folders above its target, as Backstage does for a template on a Git
//!   host and not for one on its own disk.
//! - A number that is not one (`NaN`) is null: values are JSON between steps.
//! - Extended glob patterns (`!(a)`) are refused, remote URLs are not fetched.
//! - `always()` and `failure()` count as asked when they are reached while the `if` is evaluated; an
//!   `if` that fails then counts as not asked.

mod actions;
mod answers;
mod binary;
mod expectation;
mod files;
mod glob;
mod lint;
mod outcome;
mod parameters;
mod plan;
mod problem;
mod run;
mod skeleton;
mod template;
mod values;

pub use actions::{ACTIONS, Action, Effect};
pub use answers::{Wrong, check, check_as_form, from_set, split_secrets, with_defaults, without_secrets};
pub use expectation::{Difference, Differs, TestCase, compare, test_cases};
pub use files::{Entry, Files, FilesError, MAX_ENTRIES, MAX_FILE_BYTES, MAX_TOTAL_BYTES};
pub use lint::{LINTS, Lint, lint};
pub use outcome::{ChangeDraft, LogLine, Outcome, Registration, Repository, RunError};
pub use parameters::{
    AskedType, Choice, EntityPicker, Field, Kind, Page, Pattern, RepoPart, RepoPlace, RepoUrl, Review,
    TagsPicker, Whose, matches,
};
pub use plan::{Plan, PlannedStep, Readiness, plan};
pub use problem::Problem;
pub use run::{CatalogLookup, Context, NoCatalog, User, run};
pub use skeleton::{Kind as SkeletonKind, Listed, Listing, Skeleton, SkeletonError};
pub use template::{API_VERSION, Condition, Step, Template};
