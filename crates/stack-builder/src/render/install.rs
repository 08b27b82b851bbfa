//! The commands behind each action of an installation.

use super::airgap;
use crate::bundle::{Part, values_files};
use crate::contribution::Action;
use crate::image::Registry;

/// Program and arguments of each command, paths relative to the root of the tree. With a registry nothing comes from the
/// Internet: charts are taken from it, and files from where `mirror.sh` has put them.
pub(crate) fn commands(
    registry: Option<&Registry>,
    part: &Part,
    action: &Action,
) -> Vec<Vec<String>> {
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
            place.path(),
        ])],
        Action::Apply(place) => vec![words(&["kubectl", "apply", "-f", place.path()])],
        Action::Program { place, .. } => vec![words(&["bash", place.path()])],
        Action::Run { command, .. } if registry.is_some() => {
            let local = |word: &String| match word.starts_with("https://") {
                true => format!("{}/{}", airgap::DOWNLOADS, airgap::download_name(word)),
                false => word.clone(),
            };
            vec![command.iter().map(local).collect()]
        }
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
            let mut command = words(&["helm", "upgrade", "--install", name]);
            command.extend(chart.mirrored(registry).source());
            command.extend(words(&[
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
            ]));
            vec![command]
        }
    }
}
