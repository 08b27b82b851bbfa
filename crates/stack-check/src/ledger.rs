//! Where findings gather, and what is left out of them.

use std::collections::BTreeSet;

use kube_vocab::Finding;
use stack_model::Entry;

use crate::config::Config;
use crate::group::Group;

/// Collects findings, and leaves out what is allowed.
#[derive(Debug)]
pub(crate) struct Ledger<'c> {
    config: &'c Config,
    pub(crate) findings: Vec<Finding>,
    pub(crate) allowed: usize,
    /// Rows of the baseline that some finding matches.
    pub(crate) forgiven: BTreeSet<String>,
}

impl<'c> Ledger<'c> {
    pub(crate) fn new(config: &'c Config) -> Self {
        Self {
            config,
            findings: Vec::new(),
            allowed: 0,
            forgiven: BTreeSet::new(),
        }
    }

    /// What another one has collected, too.
    pub(crate) fn append(&mut self, mut other: Self) {
        self.findings.append(&mut other.findings);
        self.allowed += other.allowed;
        self.forgiven.append(&mut other.forgiven);
    }

    /// Takes a finding on an object, or on the stack as a whole.
    pub(crate) fn add(&mut self, group: Group, entry: Option<&Entry>, mut finding: Finding) {
        let excused = self.config.excuses(&finding, entry);
        let level = self
            .config
            .level(&finding.code, group, entry.and_then(namespace_of));
        let print = fingerprint(&finding);
        if self.config.baseline.contains(&print) {
            self.forgiven.insert(print);
            self.allowed += 1;
        } else if excused || level.is_some_and(|level| level.severity().is_none()) {
            self.allowed += 1;
        } else {
            finding.severity = level
                .and_then(|level| level.severity())
                .unwrap_or(finding.severity);
            self.findings.push(finding);
        }
    }
}

/// The namespace whose levels count for an object: a Namespace is judged as what is in it.
fn namespace_of(entry: &Entry) -> Option<&str> {
    match entry.is("", "Namespace") {
        true => Some(entry.name()),
        false => entry.namespace(),
    }
}

/// Code, object and path: a message may come to say more.
pub(crate) fn fingerprint(finding: &Finding) -> String {
    format!("{} {} {}", finding.code, finding.subject, finding.path)
}
