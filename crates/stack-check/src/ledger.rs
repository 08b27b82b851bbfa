//! Where findings gather, and what is left out of them.

use std::collections::BTreeSet;

use kube_vocab::Finding;
use stack_model::Entry;

use crate::allowance::{Allowances, allows_itself};
use crate::config::Config;
use crate::group::Group;

/// Collects findings, and leaves out what is allowed.
#[derive(Debug)]
pub(crate) struct Ledger<'c> {
    config: &'c Config,
    allowances: &'c Allowances<'c>,
    pub(crate) findings: Vec<Finding>,
    pub(crate) allowed: usize,
    /// Rows of the baseline that some finding matches.
    pub(crate) forgiven: BTreeSet<String>,
}

impl<'c> Ledger<'c> {
    /// An empty one; `allowances` are those of the configuration.
    pub(crate) fn new(config: &'c Config, allowances: &'c Allowances<'c>) -> Self {
        Self {
            config,
            allowances,
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

    /// Takes a note on an object: a level may leave it out, but makes no fault of it.
    pub(crate) fn note(&mut self, group: Group, entry: &Entry, finding: Finding) {
        self.take(group, Some(entry), finding, true);
    }

    /// Takes a finding on an object, or on the stack as a whole.
    pub(crate) fn add(&mut self, group: Group, entry: Option<&Entry>, finding: Finding) {
        self.take(group, entry, finding, false);
    }

    fn take(&mut self, group: Group, entry: Option<&Entry>, mut finding: Finding, is_note: bool) {
        let excused = excuses(self.allowances, &finding, entry);
        let level = self
            .config
            .level(&finding.code, group, entry.and_then(namespace_of));
        if let Some(print) = forgiven(self.config, &finding) {
            self.forgiven.insert(print);
            self.allowed += 1;
        } else if excused || level.is_some_and(|level| level.severity().is_none()) {
            self.allowed += 1;
        } else {
            let asked = level.and_then(|level| level.severity());
            finding.severity = asked.filter(|_| !is_note).unwrap_or(finding.severity);
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

/// Whether something says with a reason that a finding may stay.
pub(crate) fn excuses(
    allowances: &Allowances<'_>,
    finding: &Finding,
    entry: Option<&Entry>,
) -> bool {
    entry.is_some_and(|entry| allows_itself(entry, &finding.code))
        || (!allowances.is_empty() && allowances.cover(&finding.code, &finding.subject.to_string()))
}

/// The row of the baseline that forgives a finding.
pub(crate) fn forgiven(config: &Config, finding: &Finding) -> Option<String> {
    if config.baseline.is_empty() {
        return None;
    }
    Some(fingerprint(finding)).filter(|print| config.baseline.contains(print))
}

/// Code, object and path: a message may come to say more.
pub(crate) fn fingerprint(finding: &Finding) -> String {
    format!("{} {} {}", finding.code, finding.subject, finding.path)
}
