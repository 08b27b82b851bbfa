//! Objects that two releases bring.

use crate::check::Check;
use crate::context::{Context, Sink};
use crate::group::Group;
use kube_vocab::FieldPath;
use kube_vocab::Severity;
use stack_model::{Duplicate, Entry};
use std::cmp::Ordering;

pub(super) const CHECK: Check = Check {
    code: "two-owners",
    group: Group::Conflicts,
    severity: Severity::Error,
    title: "Two releases bring the same object",
    explanation: "Helm refuses to install a release with an object that belongs to another one; a GitOps tool lets \
        them take it from each other for ever. It happens most with definitions that several charts bring along.",
    remedy: "let one release bring it, and switch it off in the other",
    silent: "Objects whose release is not known.",
    failing: include_str!("../../fixtures/two-owners/failing.yaml"),
    passing: include_str!("../../fixtures/two-owners/passing.yaml"),
    run,
};

fn run(context: &Context<'_>, sink: &mut Sink<'_, '_>) {
    for duplicate in context.model.duplicates() {
        if let Some((one, other)) = owners(&duplicate) {
            let message = format!("the releases {one} and {other} both bring it");
            sink.report(duplicate.later, FieldPath::root(), message);
        }
    }
}

/// The two releases that bring an object, in alphabetical order; `None` where it is one, or not known.
pub(super) fn owners(duplicate: &Duplicate<'_>) -> Option<(String, String)> {
    let owner = |entry: &Entry| {
        let annotations = entry.annotations();
        let said = annotations.get("meta.helm.sh/release-name");
        entry
            .origin()
            .release
            .as_deref()
            .or(said)
            .map(str::to_owned)
    };
    let (one, other) = (owner(duplicate.earlier)?, owner(duplicate.later)?);
    match one.cmp(&other) {
        Ordering::Less => Some((one, other)),
        Ordering::Equal => None,
        Ordering::Greater => Some((other, one)),
    }
}
