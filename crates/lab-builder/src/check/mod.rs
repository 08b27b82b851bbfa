//! Offline checks of the lab: they read a bundle and say what would break, before anything is applied.
//!
//! Each check is one function in one file. The first eight are the compatibility issues that the documented lab had to
//! solve; the next ones hold for any stack: what breaks between objects ([`stack_check`]), and with the feature `admission`,
//! which is on by default, what an API server would refuse. They ask a [model](Whole) by kind: it does not matter how an object
//! was made, or whether a chart makes it.

#[cfg(feature = "admission")]
mod admission;
mod api_groups;
mod attribute_cardinality;
mod charts;
mod cni_chaining;
mod collector;
mod external_plain_text;
mod floating_images;
mod gateway_identity;
mod ingest_storage;
mod mesh;
mod overlays;
mod placeholders;
mod plain_text_callers;
#[cfg(feature = "admission")]
mod policies;
mod published_ports;
mod reading;
mod socket_balancing;
mod stack;
mod trace_completeness;
mod version_pairs;

#[cfg(feature = "admission")]
pub use admission::add_definitions;
pub(crate) use reading::Reading;

use serde_json::Value;
use stack_builder::{Bundle, Check, Finding, Object, Severity, Subject};

use crate::model::Whole;

/// One check of the lab.
type LabCheck = fn(&Whole<'_>, &mut Vec<Finding>);

/// All checks but those of [`LATER_CHECKS`], in the order in which they report.
const LAB_CHECKS: &[LabCheck] = &[
    cni_chaining::check,
    socket_balancing::check,
    ingest_storage::check,
    of_collector,
    published_ports::check,
    gateway_identity::check,
    external_plain_text::check,
    plain_text_callers::check,
    floating_images::check,
    overlays::check,
    version_pairs::check,
    placeholders::check,
    api_groups::check,
    charts::check,
    stack::check,
];

/// What reports after what an API server would refuse.
const LATER_CHECKS: &[LabCheck] = &[
    #[cfg(feature = "admission")]
    policies::check,
];

/// What is wrong with the collector's configuration, which is read once for all that is said of it.
fn of_collector(whole: &Whole<'_>, findings: &mut Vec<Finding>) {
    match collector::configuration(whole) {
        Some((id, configuration)) => {
            trace_completeness::check(whole, &configuration, findings);
            attribute_cardinality::check(whole, &id, &configuration, findings);
        }
        None => collector::unreadable(whole, findings),
    }
}

/// The checks as the engine takes them: one that reads the model once for all.
pub(crate) const CHECKS: &[Check] = &[check];

#[cfg(feature = "admission")]
fn check(bundle: &Bundle, findings: &mut Vec<Finding>) {
    run(bundle, add_definitions, findings);
}

#[cfg(not(feature = "admission"))]
fn check(bundle: &Bundle, findings: &mut Vec<Finding>) {
    let mut reading = Reading::default();
    reading.read(&bundle.objects().collect::<Vec<&Object>>());
    reading.check(bundle, findings);
}

/// All checks for any stack, each silent where what it is about is not there. Objects are judged by the definitions that
/// `definitions` adds, beside those that the stack itself brings; [`add_definitions`] adds the kinds of the lab.
#[cfg(feature = "admission")]
pub fn run(
    bundle: &Bundle,
    definitions: impl FnOnce(&mut crd_validate::Registry),
    findings: &mut Vec<Finding>,
) {
    let mut reading = Reading::judging(admission::Admission::of(bundle, definitions));
    reading.read(&bundle.objects().collect::<Vec<&Object>>());
    reading.check(bundle, findings);
}

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

/// A switch of Cilium: as the rendered chart writes it into Cilium's own configuration, else as the release's values have it.
fn of_cilium(whole: &Whole<'_>, value: &str, configuration: &str) -> Option<bool> {
    let release = whole.bundle.release("cilium")?;
    let namespace = Some(release.namespace.as_str());
    let config = whole.model.get("", "ConfigMap", namespace, "cilium-config");
    match config.and_then(|config| config.at("data")) {
        Some(data) => data.get(configuration)?.as_str()?.parse().ok(),
        None => release_value(whole.bundle, "cilium", value)?.as_bool(),
    }
}

/// The elements of a list that may not be there.
fn items(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}
