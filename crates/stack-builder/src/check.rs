//! Checks of a whole stack: functions that read a bundle and say what would break, before anything is applied.

use kube_vocab::{Finding, Severity};

use crate::allowance::{Allowance, Allowances, Allowed};
use crate::bundle::Bundle;

/// What all checks found, in the order of the checks.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// What is wrong and not allowed.
    pub findings: Vec<Finding>,
    /// Those that a component [allows](Allowance), each with its reason.
    pub allowed: Vec<Allowed>,
}

/// A stack that must not be applied.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("{} of the stack's checks fail:\n{}", .0.len(), lines(.0))]
pub struct CheckError(pub Vec<Finding>);

fn lines(findings: &[Finding]) -> String {
    findings
        .iter()
        .map(|finding| format!("  {finding}"))
        .collect::<Vec<_>>()
        .join("\n")
}

impl Report {
    /// Nothing, when no finding is an error; warnings may remain.
    ///
    /// # Errors
    /// [`CheckError`] with the findings that are errors.
    pub fn into_result(self) -> Result<(), CheckError> {
        let mut errors = self.findings;
        errors.retain(|finding| finding.severity == Severity::Error);
        if errors.is_empty() {
            Ok(())
        } else {
            Err(CheckError(errors))
        }
    }
}

impl Bundle {
    /// What components answer for, in the order of installation.
    pub fn allowances(&self) -> impl Iterator<Item = &Allowance> {
        let parts = self.parts().iter();
        parts.flat_map(|part| &part.contribution.allowances)
    }

    /// Tells what is allowed from what is not: for findings that come from elsewhere than [`check`](Self::check), too.
    pub fn settle(&self, findings: Vec<Finding>) -> Report {
        let mut report = Report::default();
        // Looking through all of them for each finding would grow with both.
        let allowances = Allowances::of(self.allowances());
        for finding in findings {
            match allowances.covering(&finding) {
                Some(allowance) => report.allowed.push(Allowed {
                    finding,
                    reason: allowance.reason.clone(),
                }),
                None => report.findings.push(finding),
            }
        }
        report
    }

    /// Runs the checks that the stack was given with [`Stack::check`](crate::Stack::check), in that order, and then those that its
    /// components [added](crate::Contribution::check).
    pub fn check(&self) -> Report {
        let mut findings = Vec::new();
        for check in &self.checks {
            check(self, &mut findings);
        }
        let parts = self.parts().iter();
        for own in parts.flat_map(|part| &part.contribution.checks) {
            (own.0)(self, &mut findings);
        }
        self.settle(findings)
    }
}
