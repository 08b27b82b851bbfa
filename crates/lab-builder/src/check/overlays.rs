use stack_builder::{DoubtReason, Finding, Severity, Subject};

use crate::model::Whole;

/// Helm takes whatever a values file has: a key that no chart reads, and a text for a number. Charts differ in what they
/// take, hence warnings.
pub(super) fn check(whole: &Whole<'_>, findings: &mut Vec<Finding>) {
    for release in whole.bundle.releases() {
        for doubt in &release.doubts {
            let remedy = match &doubt.reason {
                DoubtReason::NearMiss { known } => format!("write `{known}`, if that is meant"),
                DoubtReason::OtherType { expected, .. } => format!("write {expected}"),
                _ => String::new(),
            };
            let subject = Subject::Release(release.name.clone());
            findings.push(
                Finding::new("overlay", Severity::Warning, subject, doubt.to_string())
                    .at(doubt.path.clone())
                    .remedy(remedy),
            );
        }
    }
}
