//! What charts make, as inputs beside the files.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use lab_builder::stack_builder::charts::{Helm, Renderer};
use lab_builder::{Chart, Overlay, Release, Values};
use lab_cli::charts::Charts;
use lab_cli::{Console, Failure, Progress};
use serde_json::Value;
use stack_model::parallel;

use crate::files::{self, Exclude, Input, OfChart};

/// The table of releases in a rendered tree.
const TABLE: &str = "charts.tsv";

/// What charts make: the files of a folder, one per release; or what Helm prints for the releases of the rendered trees among the
/// paths.
///
/// # Errors
/// When Helm refuses, or there is no release for it.
pub(crate) fn inputs(
    charts: &Charts,
    paths: &[PathBuf],
    progress: &Progress,
    console: &mut Console,
) -> Result<Vec<Input>, Failure> {
    let releases = releases(paths)?;
    match charts {
        Charts::Folder(folder) => {
            let folder = std::slice::from_ref(folder);
            let mut inputs = files::collect(folder, &Exclude::default(), console);
            for input in &mut inputs {
                let name = input.path.as_deref().and_then(Path::file_stem);
                let name = name.map_or_else(String::new, |name| name.to_string_lossy().into_owned());
                let release = releases.iter().find(|release| release.name == name);
                input.chart = Some(OfChart {
                    namespace: release.map(|release| release.namespace.clone()),
                    release: name,
                });
            }
            Ok(inputs)
        }
        Charts::Helm if releases.is_empty() => Err(format!(
            "--charts helm renders the releases of a tree that `stackctl render` wrote, and none of the paths has a {TABLE}; give \
             a folder with what `helm template` prints instead"
        )
        .into()),
        Charts::Helm => {
            let cache: PathBuf = ["target", "charts"].iter().collect();
            let helm = Helm::new("helm").cache(cache);
            let told = progress.told(&helm, releases.len());
            parallel::all(&releases, |release| of_helm(&told, release))
                .into_iter()
                .collect::<Result<_, _>>()
        }
    }
}

fn of_helm(helm: &impl Renderer, release: &Release) -> Result<Input, Failure> {
    let rendered = helm.render(release)?;
    Ok(files::made(
        format!("helm template {}", release.name),
        rendered.text.into_bytes(),
        OfChart {
            release: release.name.clone(),
            namespace: Some(release.namespace.clone()),
        },
    ))
}

/// The namespaces into which charts are installed that nobody rendered: those of the trees, where no other input may have what the
/// charts make.
///
/// # Errors
/// When a tree's table of releases cannot be read.
pub(crate) fn namespaces_outside(paths: &[PathBuf]) -> Result<BTreeSet<String>, Failure> {
    if paths.iter().any(|path| !path.join(TABLE).is_file()) {
        return Ok(BTreeSet::new());
    }
    let releases = releases(paths)?.into_iter();
    Ok(releases.map(|release| release.namespace).collect())
}

/// The releases of the rendered trees among the paths.
fn releases(paths: &[PathBuf]) -> Result<Vec<Release>, Failure> {
    let mut releases = Vec::new();
    for tree in paths.iter().filter(|path| path.join(TABLE).is_file()) {
        let mut values = BTreeMap::new();
        values_below(tree, &mut values)?;
        let table = tree.join(TABLE);
        let text =
            fs::read_to_string(&table).map_err(|error| format!("{}: {error}", table.display()))?;
        for row in text.lines().skip(1) {
            let columns: Vec<&str> = row.split('\t').collect();
            let [_, name, chart, version, repository, ..] = columns.as_slice() else {
                return Err(
                    format!("{}: this row has too few columns: {row}", table.display()).into(),
                );
            };
            // The values of a release say in their first line where it is installed.
            let Some((namespace, of_release)) = values.remove(*name) else {
                return Err(format!(
                    "{}: there are no values of the release {name}",
                    tree.display()
                )
                .into());
            };
            let chart = Chart::new(repository, name, chart, version);
            let of_release = Values::typed(name, &of_release)?;
            releases.push(Release::new(
                name,
                &namespace,
                chart,
                of_release,
                &Overlay::new(),
            )?);
        }
    }
    Ok(releases)
}

/// The values of all releases below a folder, by release; each with its namespace.
fn values_below(
    folder: &Path,
    found: &mut BTreeMap<String, (String, Value)>,
) -> Result<(), Failure> {
    let failed =
        |path: &Path, error: &dyn std::fmt::Display| format!("{}: {error}", path.display());
    for entry in fs::read_dir(folder).map_err(|error| failed(folder, &error))? {
        let path = entry.map_err(|error| failed(folder, &error))?.path();
        if path.is_dir() {
            values_below(&path, found)?;
        } else if path.file_name().is_some_and(|name| name == "values.yaml") {
            let text = fs::read_to_string(&path).map_err(|error| failed(&path, &error))?;
            if let Some((release, namespace)) = heading(&text) {
                let values = kube_yaml::from_str(&text).map_err(|error| failed(&path, &error))?;
                found.insert(release.to_owned(), (namespace.to_owned(), values));
            }
        }
    }
    Ok(())
}

/// `# Release NAME, namespace NAMESPACE, chart ...`.
fn heading(text: &str) -> Option<(&str, &str)> {
    let (name, rest) = text
        .strip_prefix("# Release ")?
        .split_once(", namespace ")?;
    Some((name, rest.split_once(", chart ")?.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_releases_of_a_tree_are_those_that_it_was_written_from() {
        let folder = tempfile::tempdir().unwrap();
        let lab = lab_builder::Lab::new(lab_builder::Environment::Dev)
            .build()
            .unwrap();
        let tree = folder.path().join("dev");
        lab.write_tree(&tree).unwrap();
        let found = releases(&[tree, folder.path().to_owned()]).unwrap();
        let of = |release: &Release| {
            let chart = &release.chart;
            (
                (release.name.clone(), release.namespace.clone()),
                (
                    chart.name.clone(),
                    chart.version.clone(),
                    chart.repository.clone(),
                ),
                release.values.clone(),
            )
        };
        let found: Vec<_> = found.iter().map(of).collect();
        let mut expected: Vec<_> = lab.releases().map(of).collect();
        expected.sort_by(|a, b| a.0.cmp(&b.0));
        let mut found = found;
        found.sort_by(|a, b| a.0.cmp(&b.0));
        assert_eq!(found, expected);
    }
}
