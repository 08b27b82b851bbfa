//! `charts.tsv`: every chart.

use crate::bundle::Bundle;
use crate::render::shell;

pub(super) fn text(bundle: &Bundle) -> String {
    let rows = bundle.parts().iter().flat_map(|part| {
        part.releases().iter().map(|release| {
            let chart = &release.chart;
            let pull = [
                "helm",
                "pull",
                &chart.name,
                "--repo",
                &chart.repository,
                "--version",
                &chart.version,
            ];
            [
                part.id().to_owned(),
                release.name.clone(),
                chart.name.clone(),
                chart.version.clone(),
                chart.repository.clone(),
                shell::join(&pull),
                comment(&chart.repository, &chart.name).to_owned(),
            ]
        })
    });
    super::table(
        [
            "component",
            "release",
            "chart",
            "version",
            "repository",
            "pull",
            "comment",
        ],
        rows,
    )
}

/// How the documented commands of section 12-3 differ.
fn comment(repository: &str, chart: &str) -> &'static str {
    match (repository.contains("grafana.github.io"), chart) {
        (true, "grafana" | "tempo") => {
            "12-3 pulls it without a version, which takes the newest; marked deprecated here, since its development moved to grafana-community"
        }
        (true, _) => "12-3 pulls it without a version, which takes the newest",
        (false, "base" | "istiod" | "cni" | "ztunnel") => {
            "12-3 pulls the four charts with one command"
        }
        _ => "",
    }
}
