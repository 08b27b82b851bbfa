//! Offline checks: they read a bundle and say what would break, before anything is applied.
//!
//! Each check is one function in one file. The first eight are the compatibility issues that the documented lab had to
//! solve; the next ones hold for any stack. With the feature `admission`, which is on by default, the last one judges every
//! object as an API server would.

#[cfg(feature = "admission")]
mod admission;
mod attribute_cardinality;
mod cni_chaining;
mod dangling_references;
mod external_plain_text;
mod floating_images;
mod gateway_identity;
mod ingest_storage;
mod published_ports;
mod socket_balancing;
mod trace_completeness;

use std::fmt;

#[cfg(feature = "admission")]
pub use admission::add_definitions;

use crate::bundle::Bundle;

/// How bad a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// It works, and someone will regret it.
    Warning,
    /// The cluster would refuse it, or traffic or data would be lost.
    Error,
}

/// One thing that is wrong, and what to do about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// How bad it is.
    pub severity: Severity,
    /// The check that found it.
    pub check: &'static str,
    /// The object or release, for example `HTTPRoute demo/demo-api` or `release cilium`.
    pub subject: String,
    /// The field in it; empty for the whole.
    pub path: String,
    /// What is wrong.
    pub message: String,
    /// What to do about it.
    pub remedy: String,
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let severity = match self.severity {
            Severity::Warning => "warning",
            Severity::Error => "error",
        };
        write!(f, "{severity}: {}: ", self.subject)?;
        if !self.path.is_empty() {
            write!(f, "{}: ", self.path)?;
        }
        write!(f, "{} ({}): {}", self.message, self.check, self.remedy)
    }
}

/// What all checks found, in the order of the checks.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// The findings.
    pub findings: Vec<Finding>,
}

/// A lab that must not be applied.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("{} of the lab's checks fail:\n{}", .0.len(), lines(.0))]
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
        let errors: Vec<Finding> = self
            .findings
            .into_iter()
            .filter(|finding| finding.severity == Severity::Error)
            .collect();
        if errors.is_empty() {
            Ok(())
        } else {
            Err(CheckError(errors))
        }
    }
}

type Check = fn(&Bundle, &mut Vec<Finding>);

const CHECKS: &[Check] = &[
    cni_chaining::check,
    socket_balancing::check,
    ingest_storage::check,
    trace_completeness::check,
    attribute_cardinality::check,
    published_ports::check,
    gateway_identity::check,
    external_plain_text::check,
    dangling_references::check,
    floating_images::check,
    #[cfg(feature = "admission")]
    admission::check,
];

impl Bundle {
    /// Runs all checks.
    ///
    /// ```
    /// use lab_builder::components::Cilium;
    /// use lab_builder::{Environment, Lab};
    ///
    /// let lab = Lab::new(Environment::Dev).build()?;
    /// assert!(lab.check().into_result().is_ok());
    ///
    /// let lab = Lab::new(Environment::Dev).configure(|cilium: &mut Cilium| cilium.values.cni.exclusive = true).build()?;
    /// let error = lab.check().into_result().unwrap_err();
    /// assert!(error.to_string().contains("release cilium: cni.exclusive"));
    /// # Ok::<(), lab_builder::Error>(())
    /// ```
    pub fn check(&self) -> Report {
        let mut findings = Vec::new();
        for check in CHECKS {
            check(self, &mut findings);
        }
        Report { findings }
    }

    /// The value at a path of a release, keys separated by `.`.
    fn release_value(&self, release: &str, path: &str) -> Option<&serde_json::Value> {
        path.split('.')
            .try_fold(&self.release(release)?.values, |at, key| at.get(key))
    }
}
