//! What all policies say.

use std::collections::BTreeMap;

use kube_vocab::{Finding, Location, ObjectId, Severity};
use stack_model::{EntryId, Model};

use crate::engine::PolicyRow;
use crate::verdict::{Action, Outcome, Verdict};

/// The code of a finding on an object that a policy refuses.
pub const DENIES: &str = "policy-denies";
/// The code of a finding on an object of which a policy warns.
const WARNS: &str = "policy-warns";
/// The code of a finding on an object that a policy notes down.
const AUDITS: &str = "policy-audits";
/// The code of a note on a policy that cannot be evaluated.
pub const UNKNOWN: &str = "policy-unknown";

/// What all policies say of all objects.
#[derive(Clone, Debug, Default)]
pub struct Report {
    /// Where a policy is broken, or may be: in the order of the objects.
    pub verdicts: Vec<Verdict>,
    /// How many objects and pods were judged.
    pub judged: usize,
    /// Policies that cannot be evaluated at all.
    pub unusable: Vec<PolicyRow>,
    locations: BTreeMap<EntryId, Location>,
    /// Where policies stand of which something is not known.
    of_policies: BTreeMap<ObjectId, Location>,
}

impl Report {
    pub(crate) fn locate(&mut self, model: &Model) {
        for verdict in &self.verdicts {
            let location = model.entry(verdict.entry).origin().location();
            if let Some(location) = location {
                self.locations.insert(verdict.entry, location);
            }
        }
        let unknown = self
            .verdicts
            .iter()
            .filter(|verdict| verdict.outcome == Outcome::Unknown)
            .map(|verdict| &verdict.policy_id);
        for id in unknown.chain(self.unusable.iter().map(|row| &row.id)) {
            if self.of_policies.contains_key(id) {
                continue;
            }
            let policy = model.get(id.group(), &id.kind, id.namespace.as_deref(), &id.name);
            if let Some(location) = policy.and_then(|policy| policy.origin().location()) {
                self.of_policies.insert(id.clone(), location);
            }
        }
    }

    /// The verdicts for which objects are refused.
    pub fn denials(&self) -> impl Iterator<Item = &Verdict> {
        self.broken()
            .filter(|verdict| verdict.action == Action::Deny)
    }

    /// The verdicts that say that a policy is broken.
    pub fn broken(&self) -> impl Iterator<Item = &Verdict> {
        self.verdicts
            .iter()
            .filter(|verdict| verdict.outcome == Outcome::Broken)
    }

    /// As findings: an error where an object is refused, a warning where somebody is warned, a note for the rest. What cannot be
    /// known is told once per policy and reason.
    pub fn findings(&self) -> Vec<Finding> {
        let mut findings: Vec<Finding> = self
            .broken()
            .map(|verdict| {
                let (code, severity) = match verdict.action {
                    Action::Deny => (DENIES, Severity::Error),
                    Action::Warn => (WARNS, Severity::Warning),
                    Action::Audit => (AUDITS, Severity::Note),
                };
                let message = format!("{}: {}", verdict.policy, verdict.message);
                Finding::new(code, severity, &verdict.object, message)
                    .at(verdict.path.clone())
                    .remedy("change the object, or exempt it in the policy")
                    .located(self.locations.get(&verdict.entry).cloned())
            })
            .collect();
        let mut unknown: BTreeMap<(&ObjectId, &str), (usize, &Verdict)> = BTreeMap::new();
        for verdict in &self.verdicts {
            if verdict.outcome == Outcome::Unknown {
                let of = unknown
                    .entry((&verdict.policy_id, &verdict.message))
                    .or_insert((0, verdict));
                of.0 += 1;
            }
        }
        findings.extend(unknown.into_values().map(|(count, first)| {
            let about = match count {
                1 => first.object.to_string(),
                _ => format!("{count} objects, {} among them,", first.object),
            };
            let message = format!("what it says of {about} is not known: {}", first.message);
            Finding::new(UNKNOWN, Severity::Note, &first.policy_id, message)
                .located(self.of_policies.get(&first.policy_id).cloned())
        }));
        findings.extend(self.unusable.iter().filter_map(|row| {
            let message = format!("it cannot be evaluated: {}", row.unknown.as_ref()?);
            let location = self.of_policies.get(&row.id).cloned();
            Some(Finding::new(UNKNOWN, Severity::Note, &row.id, message).located(location))
        }));
        findings
    }
}
