//! Objects that are in the input twice.

use crate::check::Check;
use crate::context::{Context, Sink};
use crate::group::Group;
use kube_vocab::FieldPath;
use kube_vocab::Severity;
use stack_model::Extent;

pub(super) const CHECK: Check = Check {
    code: "duplicate-object",
    group: Group::Conflicts,
    severity: Severity::Warning,
    title: "One object is there twice",
    explanation: "Two documents describe the same object, and differ. Which of them stays depends on the order in which they are \
        applied; GitOps tools switch between them for ever.",
    remedy: "keep one of them",
    silent: "Documents that say the same. In a part of a stack, documents of different files, of which one may be applied here \
        and one there: of a folder that holds such alternatives a note says so, and its files are not held against each other.",
    failing: include_str!("../../fixtures/duplicate-object/failing.yaml"),
    passing: include_str!("../../fixtures/duplicate-object/passing.yaml"),
    run,
};

fn run(context: &Context<'_>, sink: &mut Sink<'_, '_>) {
    for (_, entry) in context.collections() {
        let message = "another file of the folder describes it differently: files of this folder are not held against each other";
        let remedy = "check one of them at a time, or say that all are applied (`--whole`)";
        sink.remark(entry, message, remedy);
    }
    for duplicate in context.model.duplicates() {
        let (earlier, later) = (duplicate.earlier.origin(), duplicate.later.origin());
        // Files may be variants of which one is applied; releases are all applied.
        let both_count = context.extent == Extent::Whole
            || earlier.file == later.file
            || earlier.release != later.release;
        let by_releases = super::two_owners::owners(&duplicate).is_some();
        if both_count && !by_releases && duplicate.earlier.value() != duplicate.later.value() {
            let place = duplicate.earlier.origin().location().map_or_else(
                || "earlier in the input".to_owned(),
                |place| place.to_string(),
            );
            sink.report(
                duplicate.later,
                FieldPath::root(),
                format!("another document describes it differently: {place}"),
            );
        }
    }
}
