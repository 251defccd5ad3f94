//! The program as a user runs it.

mod add_member;
mod changed;
mod completions;
mod diff;
mod diff_live;
mod edit;
mod explain;
mod fix;
mod formats;
mod general;
mod init;
mod list;
mod new;
mod policies;
mod pre_commit;
mod render;
mod rendered;
mod severities;
mod stale_rendered;
mod status;
mod submit;
mod templates;
mod tour;
mod types;
mod validate;
mod waivers;
