//! The documentation of the rules that hold while a text is parsed and a document is decoded.

mod entity;
mod forms;
mod tool;
mod yaml;

pub(super) use entity::*;
pub(super) use forms::*;
pub(super) use tool::*;
pub(super) use yaml::*;
