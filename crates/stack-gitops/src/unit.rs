//! What Argo CD syncs as one: a release, or a set of objects, in the order of the stack's own plan.

use std::collections::{BTreeMap, BTreeSet};

use stack_builder::{Action, Bundle, Object, Part, Provided, Release};

use crate::error::GitOpsError;
use crate::object::{Synced, is_crd};
use crate::rendered;
use crate::settings::{GitOps, Style};

/// One Application to be.
#[derive(Clone, Debug)]
pub(crate) struct Unit<'a> {
    pub(crate) name: String,
    pub(crate) part: &'a Part,
    /// Its place among all: of a lower wave means before.
    pub(crate) wave: i64,
    pub(crate) content: Content<'a>,
    /// The release that it is, or that renders to it.
    pub(crate) release: Option<&'a Release>,
    /// The API groups that are there once it is, as far as its own objects do not say so.
    pub(crate) provides: Vec<String>,
}

/// What is in it.
#[derive(Clone, Debug)]
pub(crate) enum Content<'a> {
    Release(&'a Release),
    Objects(Vec<Synced>),
    /// A file of manifests that somebody else publishes, by its address.
    Manifest(String),
}

impl Unit<'_> {
    /// The folder of its files, below the environment's.
    pub(crate) fn folder(&self) -> String {
        format!("objects/{}/{}", self.part.id(), self.name)
    }
}

/// The units of a bundle in the order of its plan. Commands that are no manifests are left to `bootstrap.sh`.
pub(crate) fn units<'a>(gitops: &GitOps, bundle: &'a Bundle) -> Result<Vec<Unit<'a>>, GitOpsError> {
    let per_part = bundle
        .parts()
        .iter()
        .map(|part| of_part(gitops, bundle, part));
    let per_part = per_part.collect::<Result<Vec<_>, _>>()?;
    let most = per_part.iter().map(Vec::len).max().unwrap_or_default();
    // Round numbers leave room between components, and tell which one it is.
    let stride = if most < 10 { 10 } else { 100 };
    let mut units = Vec::new();
    let mut names = BTreeSet::new();
    for part in per_part {
        for (at, mut unit) in (0_i64..).zip(part) {
            let depth = i64::try_from(unit.part.depth()).unwrap_or(i64::MAX / stride);
            unit.wave = depth.saturating_mul(stride).saturating_add(at);
            if !names.insert(unit.name.clone()) {
                return Err(GitOpsError::Twice {
                    environment: bundle.environment().name().to_owned(),
                    what: "application",
                    name: unit.name,
                });
            }
            units.push(unit);
        }
    }
    units.sort_by_key(|unit| unit.wave);
    Ok(units)
}

/// What a unit is made from, and the release that it is, or that renders to it.
type Made<'a> = (Content<'a>, Option<&'a Release>);

fn of_part<'a>(
    gitops: &GitOps,
    bundle: &'a Bundle,
    part: &'a Part,
) -> Result<Vec<Unit<'a>>, GitOpsError> {
    let mut by_file: BTreeMap<&str, Vec<&Object>> = BTreeMap::new();
    for (file, object) in part.objects() {
        by_file.entry(file).or_default().push(object);
    }
    let mut contents: Vec<Made<'a>> = Vec::new();
    let mut open: Vec<Synced> = Vec::new();
    let mut made = BTreeSet::new();
    // Whether the plan waits for what was applied so far, before it goes on.
    let mut waited = false;
    for action in part.plan() {
        match action {
            Action::Apply(place) => {
                let wave = open.last().map_or(0, |last| last.wave);
                let wave = wave + i64::from(waited && !open.is_empty());
                waited = false;
                for object in by_file.remove(place.path()).unwrap_or_default() {
                    open.push(Synced {
                        value: object.value().clone(),
                        wave,
                        made_kind: made.contains(object.id().group()),
                    });
                }
            }
            Action::Install(name) => {
                close(&mut open, None, &mut contents);
                waited = false;
                let release = part.releases().iter().find(|known| known.name == *name);
                match (gitops.style, release) {
                    (_, None) => {}
                    (Style::Rendered, Some(release)) => {
                        let mut objects = rendered::objects(gitops, bundle, release)?;
                        close(&mut objects, Some(release), &mut contents);
                    }
                    (_, Some(release)) => contents.push((Content::Release(release), Some(release))),
                }
            }
            Action::Run { command, .. } => {
                if let Some(address) = published(command) {
                    close(&mut open, None, &mut contents);
                    waited = false;
                    contents.push((Content::Manifest(address.to_owned()), None));
                }
            }
            Action::Wait { command, .. } => {
                waited = true;
                made.extend(groups_made(command));
            }
            Action::CreateCluster(_) | Action::Program { .. } => {}
        }
    }
    close(&mut open, None, &mut contents);
    Ok(named(part, contents))
}

/// Definitions apart, and before what uses them.
fn close<'a>(open: &mut Vec<Synced>, release: Option<&'a Release>, contents: &mut Vec<Made<'a>>) {
    if !open.is_empty() {
        let (definitions, others): (Vec<_>, Vec<_>) = std::mem::take(open)
            .into_iter()
            .partition(|synced| is_crd(&synced.value));
        contents.extend(
            [definitions, others]
                .into_iter()
                .filter(|set| !set.is_empty())
                .map(|set| (Content::Objects(set), release)),
        );
    }
}

/// Names that say what it is: a release's own; the component's for its objects, with what tells several sets apart.
fn named<'a>(part: &'a Part, contents: Vec<Made<'a>>) -> Vec<Unit<'a>> {
    let releases: BTreeSet<&str> = part
        .releases()
        .iter()
        .map(|release| release.name.as_str())
        .collect();
    let definitions = |content: &Content<'_>| matches!(content, Content::Objects(objects) if objects.iter().all(|synced| is_crd(&synced.value)));
    let last_release = contents.iter().rposition(|(_, release)| release.is_some());
    let mut taken: BTreeMap<String, usize> = BTreeMap::new();
    let mut units = Vec::new();
    for (at, (content, release)) in contents.into_iter().enumerate() {
        let id = part.id();
        let name = match (&content, release) {
            (Content::Manifest(address), _) => format!("{id}-{}", stem(address)),
            (content, Some(release)) if definitions(content) => format!("{}-crds", release.name),
            (_, Some(release)) => release.name.clone(),
            (content, None) if definitions(content) => format!("{id}-crds"),
            (_, None) if last_release.is_some_and(|last| at < last) => format!("{id}-setup"),
            (_, None) if releases.contains(id) => format!("{id}-objects"),
            (_, None) => id.to_owned(),
        };
        let count = taken.entry(name.clone()).or_default();
        *count += 1;
        let name = match *count {
            1 => name,
            several => format!("{name}-{several}"),
        };
        units.push(Unit {
            name,
            part,
            wave: 0,
            content,
            release,
            provides: Vec::new(),
        });
    }
    // The component says what it provides as a whole: all of it is there with the last of what others publish.
    let last = units
        .iter_mut()
        .rev()
        .find(|unit| !matches!(unit.content, Content::Objects(_)));
    if let Some(last) = last {
        let groups: BTreeSet<&str> = part
            .provided()
            .iter()
            .filter_map(|provided| match provided {
                Provided::ApiGroup(group) => Some(group.as_str()),
                _ => None,
            })
            .collect();
        last.provides = groups.into_iter().map(str::to_owned).collect();
    }
    units
}

/// The address of manifests that a command applies as they are published.
fn published(command: &[String]) -> Option<&str> {
    let [program, verb, ..] = command else {
        return None;
    };
    let applies = program == "kubectl" && (verb == "apply" || verb == "create");
    let file = command
        .iter()
        .position(|word| word == "-f" || word == "--filename")?;
    let address = command.get(file + 1)?;
    (applies && address.starts_with("https://")).then_some(address)
}

/// The groups of custom kinds that a wait expects somebody to make: `crd/PLURAL.GROUP`.
fn groups_made(command: &[String]) -> impl Iterator<Item = String> + '_ {
    command.iter().filter_map(|word| {
        let (kind, name) = word.split_once('/')?;
        let is_definition = matches!(kind, "crd" | "crds" | "customresourcedefinition");
        let (_, group) = name.split_once('.')?;
        is_definition.then(|| group.to_owned())
    })
}

/// The name of a published file without its extension, as part of an object's name.
fn stem(address: &str) -> String {
    let file = address.rsplit('/').next().unwrap_or_default();
    let stem = file.split('.').next().unwrap_or_default();
    let name: String = stem
        .chars()
        .map(|c| {
            if c.is_ascii_alphanumeric() {
                c.to_ascii_lowercase()
            } else {
                '-'
            }
        })
        .collect();
    match name.trim_matches('-') {
        "" => "manifests".to_owned(),
        name => name.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(line: &str) -> Vec<String> {
        line.split(' ').map(str::to_owned).collect()
    }

    #[test]
    fn only_what_applies_a_published_file_is_manifests() {
        for (line, address) in [
            (
                "kubectl apply --server-side -f https://x.example/a/install.yaml",
                Some("https://x.example/a/install.yaml"),
            ),
            ("kubectl apply -f 01-web/web.yaml", None),
            ("kubectl delete -f https://x.example/install.yaml", None),
            ("kubectl apply -f", None),
            ("curl -f https://x.example/install.yaml", None),
        ] {
            assert_eq!(published(&words(line)), address, "{line}");
        }
    }

    #[test]
    fn a_wait_tells_which_kinds_a_controller_makes() {
        let line = "kubectl wait --for=create crd/k8sdeny.constraints.gatekeeper.sh deployment/x.y --timeout=1s";
        let groups: Vec<String> = groups_made(&words(line)).collect();
        assert_eq!(groups, ["constraints.gatekeeper.sh"]);
    }

    #[test]
    fn a_published_file_gives_a_name() {
        for (address, name) in [
            (
                "https://x.example/v1.5.0/standard-install.yaml",
                "standard-install",
            ),
            ("https://x.example/Install_All.yml?raw=1", "install-all"),
            ("https://x.example/", "manifests"),
        ] {
            assert_eq!(stem(address), name);
        }
    }
}
