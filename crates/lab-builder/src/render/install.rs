//! The commands behind each action of an installation.

use crate::bundle::{Part, settled, values_files};
use crate::component::Action;

/// Program and arguments of each command, paths relative to the root of the tree.
pub(crate) fn commands(part: &Part, action: &Action) -> Vec<Vec<String>> {
    let words = |line: &[&str]| {
        line.iter()
            .map(|word| (*word).to_owned())
            .collect::<Vec<_>>()
    };
    match action {
        Action::CreateCluster(place) => vec![words(&[
            "kind",
            "create",
            "cluster",
            "--config",
            settled(place),
        ])],
        Action::Apply(place) => vec![words(&["kubectl", "apply", "-f", settled(place)])],
        Action::Program { place, .. } => vec![words(&["bash", settled(place)])],
        Action::Run { command, .. } | Action::Wait { command, .. } => vec![command.clone()],
        Action::Install(name) => {
            let files = values_files(&part.folder(), part.releases());
            let Some((release, values)) = part
                .releases()
                .iter()
                .zip(&files)
                .find(|(release, _)| release.name == *name)
            else {
                return Vec::new();
            };
            let chart = &release.chart;
            vec![words(&[
                "helm",
                "upgrade",
                "--install",
                name,
                &chart.name,
                "--repo",
                &chart.repository,
                "--version",
                &chart.version,
                "--namespace",
                &release.namespace,
                "--create-namespace",
                "--values",
                values,
                "--wait",
                "--timeout",
                "10m",
            ])]
        }
    }
}
