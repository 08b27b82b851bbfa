//! The commands behind each action of an installation.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use super::airgap;
use crate::bundle::{Bundle, Part, values_files};
use crate::contribution::Action;
use crate::image::Registry;
use crate::release::Release;

/// The installation of one component: what its actions speak of, found by name.
pub(crate) struct Installation<'a> {
    registry: Option<&'a Registry>,
    /// Each with the file of its values.
    releases: BTreeMap<&'a str, (&'a Release, String)>,
    /// The texts of its programs, by their paths.
    programs: BTreeMap<&'a str, &'a str>,
    /// The API groups of the objects in each file.
    groups: BTreeMap<&'a str, BTreeSet<&'a str>>,
}

impl<'a> Installation<'a> {
    pub(crate) fn of(bundle: &'a Bundle, part: &'a Part) -> Self {
        let files = values_files(&part.folder(), part.releases());
        // Of two of one name, in two namespaces, the first is meant.
        let mut releases = BTreeMap::new();
        for (release, file) in part.releases().iter().zip(files) {
            let known = releases.entry(release.name.as_str());
            known.or_insert((release, file));
        }
        let mut groups: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
        for (file, object) in part.objects() {
            groups.entry(file).or_default().insert(object.id().group());
        }
        Installation {
            registry: bundle.registry(),
            releases,
            programs: part.programs().collect(),
            groups,
        }
    }

    /// The release of a name.
    pub(crate) fn release(&self, name: &str) -> Option<&'a Release> {
        self.releases.get(name).map(|(release, _)| *release)
    }

    /// The text of a program, by its path; empty where it has none of it.
    pub(crate) fn program(&self, path: &str) -> &'a str {
        self.programs.get(path).copied().unwrap_or_default()
    }

    /// Whether an action applies objects of API groups with this end.
    pub(crate) fn applies_group(&self, action: &Action, groups: &str) -> bool {
        let Action::Apply(place) = action else {
            return false;
        };
        let mut found = self.groups.get(place.path()).into_iter().flatten();
        found.any(|group| group.ends_with(groups))
    }

    /// Program and arguments of each command of an action, paths relative to the root of the tree. With a registry nothing
    /// comes from the Internet: charts are taken from it, and files from where `mirror.sh` has put them.
    pub(crate) fn commands<'i>(&'i self, action: &'i Action) -> Vec<Vec<Cow<'i, str>>> {
        let words = |line: &[&'i str]| -> Vec<Cow<'i, str>> {
            line.iter().map(|word| Cow::Borrowed(*word)).collect()
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
            Action::Run { command, .. } if self.registry.is_some() => {
                let local = |word: &'i String| match word.starts_with("https://") {
                    true => format!("{}/{}", airgap::DOWNLOADS, airgap::download_name(word)).into(),
                    false => word.into(),
                };
                vec![command.iter().map(local).collect()]
            }
            Action::Run { command, .. } | Action::Wait { command, .. } => {
                vec![command.iter().map(Cow::from).collect()]
            }
            Action::Install(name) => {
                let Some((release, values)) = self.releases.get(name.as_str()) else {
                    return Vec::new();
                };
                let chart = &release.chart;
                let mut command = words(&["helm", "upgrade", "--install", name]);
                let source = chart.mirrored(self.registry).source();
                command.extend(source.into_iter().map(Cow::Owned));
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
}
