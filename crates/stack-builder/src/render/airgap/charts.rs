//! `charts.tsv`: every chart.

use crate::bundle::Bundle;
use crate::render::shell;

pub(super) fn text(bundle: &Bundle) -> String {
    let rows = bundle.parts().iter().flat_map(|part| {
        part.releases().iter().map(|release| {
            let chart = &release.chart;
            let mut pull = vec!["helm".to_owned(), "pull".to_owned()];
            pull.extend(chart.source());
            pull.extend(["--version".to_owned(), chart.version.clone()]);
            [
                part.id().to_owned(),
                release.name.clone(),
                chart.name.clone(),
                chart.version.clone(),
                chart.repository.clone(),
                shell::join(&pull),
                chart.note.clone(),
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
