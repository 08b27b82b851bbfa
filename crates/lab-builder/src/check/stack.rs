use stack_builder::{Finding, Subject};
use stack_check::Config;
use stack_model::Extent;

use crate::model::Whole;

/// What breaks between the objects of the stack: the checks of [`stack_check`].
pub(super) fn check(whole: &Whole<'_>, findings: &mut Vec<Finding>) {
    let config = Config {
        whole: whole.extent == Extent::Whole,
        ..Config::default()
    };
    let report = stack_check::run(&whole.model, &config);
    // Of an object that is only declared not enough is known.
    let known = report
        .findings
        .into_iter()
        .filter(|finding| match &finding.subject {
            Subject::Object(id) => !whole.is_declared(id),
            _ => true,
        });
    findings.extend(known);
}
