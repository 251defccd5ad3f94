//! The local side of Git: repository, trees, commits.
