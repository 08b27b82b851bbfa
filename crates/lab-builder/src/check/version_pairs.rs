use stack_builder::{Finding, Severity, Subject};

use crate::model::Whole;

/// A chart is made for one version of the program in it. A release that says another runs templates and flags of one version
/// with the program of the other.
pub(super) fn check(whole: &Whole<'_>, findings: &mut Vec<Finding>) {
    for release in whole.bundle.releases() {
        let chart = &release.chart;
        for pair in &release.pairs {
            let pointer = format!("/{}", pair.tag.replace('.', "/"));
            let written = release
                .values
                .pointer(&pointer)
                .and_then(|tag| tag.as_str());
            let tags = written.into_iter().chain(pair.image.tag());
            for tag in tags.collect::<std::collections::BTreeSet<_>>() {
                let (Some(found), Some(expected)) = (version(tag), version(&pair.version)) else {
                    continue;
                };
                let (severity, message) = match (chart.version == pair.chart, found == expected) {
                    (true, false) => (
                        Severity::Warning,
                        format!(
                            "chart {} {} is made for {}, and {tag} is what runs",
                            chart.name, chart.version, pair.version
                        ),
                    ),
                    (false, true) => (
                        Severity::Note,
                        format!(
                            "{tag} belongs to chart {} {}; what chart {} is made for is not known",
                            chart.name, pair.chart, chart.version
                        ),
                    ),
                    _ => continue,
                };
                let subject = Subject::Release(release.name.clone());
                let remedy = format!(
                    "change the chart and {} together; `helm show chart` says the chart's appVersion",
                    pair.image.name()
                );
                let finding = Finding::new("version-pairs", severity, subject, message);
                findings.push(finding.at(pair.tag.clone()).remedy(remedy));
            }
        }
    }
}

/// The number of a version: `1.29.0` of `v1.29.0-distroless`; nothing where a tag is no version.
fn version(tag: &str) -> Option<&str> {
    let number = tag.strip_prefix('v').unwrap_or(tag);
    let number = number.split(['-', '+']).next()?;
    number
        .starts_with(|c: char| c.is_ascii_digit())
        .then_some(number)
}
