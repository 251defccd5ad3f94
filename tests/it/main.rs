//! The one integration test binary.
#![expect(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stderr,
    reason = "a test touches the world and stops at the first surprise"
)]

mod architecture;
mod backstage;
mod cache;
mod central_repository;
mod cli;
mod cluster;
mod composition;
mod definitions;
mod emit;
mod entity;
mod expression;
mod forge_gitea;
mod forge_github;
mod forge_gitlab;
mod git_servers;
mod http;
mod kubernetes_server;
mod offending;
mod places;
mod readme;
mod render;
mod revision;
mod rules;
mod scaffolder;
mod status;
mod status_corpus;
mod status_servers;
mod submit_hosted;
mod support;
mod yaml;
