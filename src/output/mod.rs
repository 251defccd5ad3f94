//! Everything that reaches the user: the console that owns the streams, styled text, tables,
//! prompts, progress, and one file for each report.
//!
//! The one home of stdout and stderr. Text that came from a file, a server or a forge passes
//! through [`text::Text`], which lets no control character through to a terminal.

pub mod codeowners;
pub mod consequences;
pub mod console;
pub mod diagnostics;
pub mod diff;
pub mod edit;
pub mod explain;
pub mod fix;
pub mod form;
pub mod init;
pub mod json;
pub mod list;
pub mod new;
pub mod policy_examples;
pub mod pr;
pub mod progress;
pub mod prompt;
pub mod remote;
pub mod render;
pub mod rendered;
pub mod server_dry_run;
pub mod status;
pub mod submit;
pub mod table;
pub mod templates;
pub mod text;
pub mod types;
pub mod unchecked;
pub mod validate;
pub mod waivers;

pub use console::{Console, Format};
pub use text::{Style, Text};
