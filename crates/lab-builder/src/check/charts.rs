use stack_builder::Finding;

use crate::model::Whole;

/// What is wrong between the releases and their charts, where the charts are rendered.
pub(super) fn check(whole: &Whole<'_>, findings: &mut Vec<Finding>) {
    let charts = whole.bundle.charts();
    findings.extend(
        charts
            .into_iter()
            .flat_map(|charts| charts.findings().to_vec()),
    );
}
