use super::{Finding, Severity};
use crate::bundle::Bundle;

/// An image without a fixed tag is another one tomorrow. The documented demo app does so on purpose, hence a warning.
pub(super) fn check(bundle: &Bundle, findings: &mut Vec<Finding>) {
    for part in bundle.parts() {
        for image in part.images() {
            let source = &image.source;
            if source.digest().is_none() && source.tag().is_none_or(|tag| tag == "latest") {
                findings.push(Finding {
                    severity: Severity::Warning,
                    check: "floating-images",
                    subject: format!("component {}", part.id()),
                    path: "images".into(),
                    message: format!("{} may be another image tomorrow", image.full_source()),
                    remedy: "pin a version before production".into(),
                });
            }
        }
    }
}
