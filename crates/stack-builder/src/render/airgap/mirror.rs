//! `mirror.sh`: brings images, charts and files in.

use std::collections::BTreeSet;

use super::DOWNLOADS;
use super::images::{Kind, Row};
use crate::bundle::Bundle;
use crate::contribution::Action;
use crate::release::CHART_FOLDER;
use crate::render::scripts::Script;

pub(super) fn text(bundle: &Bundle, images: &[Row]) -> String {
    let mut script = Script::new(
        &bundle.whole,
        "Mirrors what the @noun@ takes from the Internet.",
    );
    script.assign("environment", bundle.environment().name());
    script.assign(
        "registry",
        &bundle
            .registry()
            .map(ToString::to_string)
            .unwrap_or_default(),
    );
    script.assign("charts", CHART_FOLDER);
    script.assign("downloads", DOWNLOADS);
    script.list("programs", &["curl", "docker", "helm"].map(str::to_owned));
    script.fixed(Script::COMMON);
    script.fixed(include_str!("mirror.sh"));

    let mut component = "";
    for row in images.iter().filter(|row| row.kind.is_pulled()) {
        if component != row.component {
            component = &row.component;
            script.blank();
        }
        let call = if row.kind == Kind::Exercise {
            "exercise_image"
        } else {
            "image"
        };
        script.call(0, &[call, &row.spelled_source(), &row.below]);
    }
    script.blank();
    for release in bundle.releases() {
        let chart = &release.chart;
        script.call(
            0,
            &["chart", &chart.name, &chart.repository, &chart.version],
        );
    }
    script.blank();
    for (_, url) in super::applied(bundle) {
        script.call(0, &["download", url, super::download_name(url)]);
    }
    for download in bundle
        .parts()
        .iter()
        .flat_map(|part| &part.contribution.air_gap.downloads)
    {
        script.call(0, &["download", &download.url, &download.file]);
    }
    // Programs that no step of the installation runs prepare it.
    for part in bundle.parts() {
        let plan = part.plan().iter();
        let runs: BTreeSet<&str> = plan
            .filter_map(|action| match action {
                Action::Program { place, .. } => Some(place.path()),
                _ => None,
            })
            .collect();
        for (path, _) in part.programs().filter(|(path, _)| !runs.contains(path)) {
            script.call(0, &["run", "bash", path]);
        }
    }
    script.into_text()
}
