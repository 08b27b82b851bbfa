//! How the checks say what they found.

use kube_vocab::{Finding, Severity, Subject};

/// A finding in a file.
pub(crate) fn in_file(
    code: &'static str,
    severity: Severity,
    file: &str,
    path: &str,
    message: impl Into<String>,
    remedy: &str,
) -> Finding {
    Finding::new(code, severity, Subject::File(file.to_owned()), message)
        .at(path)
        .remedy(remedy)
}
