//! The program as a user runs it.

mod completions;
mod general;
mod init;
mod new;
mod submit;
mod tour;
mod validate;
