//! `validate --policies-test`: the examples of the organisation's policies.
//!
//! They are run whenever policies are read, too: then what fails is a finding among others. Here each policy is
//! told, also the ones that pass, and no entity is looked at.

use std::path::{Path, PathBuf};

use super::catalog::{POLICIES, unreadable};
use crate::diagnostic::Diagnostic;
use crate::fs;
use crate::rules::Policy;
use crate::rules::policy::{self, Examples};
use crate::source::Sources;

/// What to test.
#[derive(Clone, Debug)]
pub struct Request {
    /// The top folder of the repository.
    pub root: PathBuf,
}

/// How the policies do.
#[derive(Debug, Default)]
pub struct Report {
    /// The files of the policies with their texts.
    pub sources: Sources,
    /// The policies that could be read, by file and place.
    pub policies: Vec<Tested>,
    /// What is wrong: with policies that cannot be read, and with examples.
    pub findings: Vec<Diagnostic>,
}

/// One policy with how it does on its examples.
#[derive(Debug)]
pub struct Tested {
    /// The policy.
    pub policy: Policy,
    /// How it does.
    pub examples: Examples,
}

impl Report {
    /// How many policies do as their examples say.
    pub fn passed(&self) -> usize {
        self.policies.iter().filter(|tested| tested.examples.pass()).count()
    }
}

/// Runs the examples of every policy of a repository.
pub fn test(request: &Request) -> Report {
    let mut report = Report::default();
    let folder = request.root.join(POLICIES);
    if fs::is_directory(&folder) {
        for file in fs::walk(&folder).yaml {
            report.add(&file.path, &file.file(&folder));
        }
    }
    report
}

impl Report {
    fn add(&mut self, path: &str, file: &Path) {
        let source = self.sources.add(format!("{POLICIES}/{path}"), None);
        match fs::read_text(file) {
            Ok(text) => {
                let (policies, mut findings) = policy::parse(source, &text);
                self.sources.set_text(source, text.into());
                self.findings.append(&mut findings);
                let tested = |policy: Policy| Tested { examples: policy.examples(), policy };
                self.policies.extend(policies.into_iter().map(tested));
            }
            Err(error) => self.findings.push(unreadable(source, &error)),
        }
    }
}
