//! Offline checks of the lab: they read a bundle and say what would break, before anything is applied.
//!
//! Each check is one function in one file. The first eight are the compatibility issues that the documented lab had to
//! solve; the next ones hold for any stack. With the feature `admission`, which is on by default, the last one judges every
//! object as an API server would. They ask by kind: it does not matter how an object was made.

#[cfg(feature = "admission")]
mod admission;
mod attribute_cardinality;
mod cni_chaining;
mod collector;
mod dangling_references;
mod external_plain_text;
mod floating_images;
mod gateway_identity;
mod ingest_storage;
mod mesh;
mod overlays;
mod plain_text_callers;
mod published_ports;
mod socket_balancing;
#[cfg(test)]
mod tests;
mod trace_completeness;

#[cfg(feature = "admission")]
pub use admission::add_definitions;

use serde_json::Value;
use stack_builder::{Bundle, Check, Finding, Severity, Subject};

/// All checks, in the order in which they report.
pub(crate) const CHECKS: &[Check] = &[
    cni_chaining::check,
    socket_balancing::check,
    ingest_storage::check,
    trace_completeness::check,
    attribute_cardinality::check,
    published_ports::check,
    gateway_identity::check,
    external_plain_text::check,
    plain_text_callers::check,
    dangling_references::check,
    floating_images::check,
    overlays::check,
    #[cfg(feature = "admission")]
    admission::check,
];

/// An error with its place and its remedy.
fn error(
    code: &'static str,
    subject: impl Into<Subject>,
    path: impl Into<String>,
    message: impl Into<String>,
    remedy: impl Into<String>,
) -> Finding {
    Finding::new(code, Severity::Error, subject, message)
        .at(path.into())
        .remedy(remedy)
}

/// The value at a path of a release, keys separated by `.`.
fn release_value<'a>(bundle: &'a Bundle, release: &str, path: &str) -> Option<&'a Value> {
    path.split('.')
        .try_fold(&bundle.release(release)?.values, |at, key| at.get(key))
}

/// The elements of a list that may not be there.
fn items(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}
