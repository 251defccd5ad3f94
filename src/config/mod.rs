//! Configuration: flags over `PLATFORM_*` over `platform.yaml` over the user's file over defaults.
//!
//! The one home of the environment. Each value knows where it came from. What may be set, where,
//! and what it means is one row of [`table::ROWS`] each. The repository's file can't name a token, a
//! command, or a host that a token goes to: it is written by others than the one whose token it is.

mod environment;
mod file;
mod settings;
pub mod table;
mod tokens;

pub use environment::Environment;
pub use file::{Layer, read_layer};
pub use settings::{Origin, Settings, Value};
pub use tokens::{Token, backstage_token, forge_token};

/// The repository's configuration file, in its top folder.
pub const REPOSITORY_FILE: &str = "platform.yaml";
