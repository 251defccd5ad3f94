//! Software Templates, run locally: answers in, files out.
//!
//! A [`Template`] is read from the JSON of its entity. Its [`Page`]s say what to ask for, [`from_set`]
//! reads answers from flags, [`with_defaults`] and [`check`] complete and judge them. What a run makes
//! is [`Files`] in memory.
//!
//! It reads no files (a [`Skeleton`] is handed in), opens no pull request and registers nothing.

mod answers;
mod files;
mod outcome;
mod parameters;
mod problem;
mod skeleton;
mod template;

pub use answers::{Wrong, check, from_set, with_defaults};
pub use files::{Entry, Files, FilesError, MAX_ENTRIES, MAX_FILE_BYTES, MAX_TOTAL_BYTES};
pub use outcome::{ChangeDraft, LogLine, Outcome, Registration, Repository, RunError};
pub use parameters::{Choice, EntityPicker, Field, Kind, Page, Pattern, RepoUrl, matches};
pub use problem::Problem;
pub use skeleton::{Kind as SkeletonKind, Listed, Listing, Skeleton, SkeletonError};
pub use template::{API_VERSION, Condition, Step, Template};
