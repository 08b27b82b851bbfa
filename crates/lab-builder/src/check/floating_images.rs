use stack_builder::{Finding, Severity, Subject};

use crate::model::Whole;

/// An image without a fixed tag is another one tomorrow. The documented demo app does so on purpose, hence a warning.
pub(super) fn check(whole: &Whole<'_>, findings: &mut Vec<Finding>) {
    for part in whole.bundle.parts() {
        for image in part.images() {
            let source = &image.source;
            if source.digest().is_none() && source.tag().is_none_or(|tag| tag == "latest") {
                let message = format!(
                    "component {} runs {}, which may be another image tomorrow",
                    part.id(),
                    image.full_source()
                );
                findings.push(
                    Finding::new(
                        "floating-images",
                        Severity::Warning,
                        Subject::Stack,
                        message,
                    )
                    .remedy("pin a version before production"),
                );
            }
        }
    }
}
