//! The program as a user runs it.

mod completions;
mod general;
mod init;
mod new;
mod render;
mod status;
mod submit;
mod tour;
mod validate;
