//! Runs other programs: `git`, `gh`.
