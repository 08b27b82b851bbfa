//! Parts of one project in versions that do not go together.

use crate::check::Check;
use crate::context::{Circle, Context, Sink};
use crate::group::Group;
use kube_vocab::{ImageName, Severity};
use stack_model::{Container, Entry};
use std::collections::{BTreeMap, BTreeSet};

pub(super) const CHECK: Check = Check {
    code: "version-mismatch",
    group: Group::Conflicts,
    severity: Severity::Warning,
    title: "Parts of one project run in versions that do not go together",
    explanation: "The control plane and its data plane are tested in the same minor version, or one apart while an \
        upgrade runs. Further apart, the proxies may not understand what they are told.",
    remedy: "run all parts in one minor version",
    silent: "Images without a version in their tag, and parts that are not in the input. Parts of Istio that fit one of several \
        control planes, as they run side by side during an upgrade.",
    failing: include_str!("../../fixtures/version-mismatch/failing.yaml"),
    passing: include_str!("../../fixtures/version-mismatch/passing.yaml"),
    run,
};

/// Images of a project, and how many minor versions they may be apart.
const PROJECTS: [(&str, &[&str], u32); 4] = [
    (
        "Istio",
        &[
            "istio/pilot",
            "istio/ztunnel",
            "istio/proxyv2",
            "istio/install-cni",
        ],
        1,
    ),
    (
        "Cilium",
        &[
            "cilium/cilium",
            "cilium/operator",
            "cilium/operator-generic",
        ],
        1,
    ),
    ("Argo CD", &["argoproj/argocd"], 0),
    ("Gatekeeper", &["openpolicyagent/gatekeeper"], 0),
];

/// Images of control planes of Istio, of now and of before there was one program for all.
const CONTROL_PLANES: [&str; 6] = [
    "istio/citadel",
    "istio/galley",
    "istio/mixer",
    "istio/operator",
    "istio/pilot",
    "istio/sidecar_injector",
];

fn run(context: &Context<'_>, sink: &mut Sink<'_, '_>) {
    // By namespace, project and what is applied together: minor version, object and container.
    type Part<'m> = (u32, &'m Entry, Container<'m>);
    let mut found: BTreeMap<_, Vec<Part<'_>>> = BTreeMap::new();
    let mut control_planes: BTreeSet<(&str, Circle<'_>, u32)> = BTreeSet::new();
    for workload in context.model.workloads() {
        let circle = context.circle_of(workload.template_entry());
        for container in workload.containers() {
            let image = ImageName::split(container.image());
            let version = minor(image);
            if let Some(version) = version.filter(|_| is_one_of(image, &CONTROL_PLANES)) {
                control_planes.insert((workload.namespace(), circle, version));
            }
            let Some((project, _)) = project_of(image) else {
                continue;
            };
            // Two installations of one project in one stack are told apart by their namespaces.
            if let Some(version) = version {
                found
                    .entry((workload.namespace(), project, circle))
                    .or_default()
                    .push((version, workload.template_entry(), container));
            }
        }
    }
    for ((namespace, project, circle), parts) in found {
        let apart = PROJECTS
            .iter()
            .find(|row| row.0 == project)
            .map_or(0, |row| row.2);
        let Some(newest) = parts.iter().max_by_key(|part| part.0).copied() else {
            continue;
        };
        for (version, entry, container) in parts {
            let (newest, of) = (newest.0, newest.1);
            let first = version.saturating_sub(apart);
            let has_own = project == "Istio"
                && (first..=version + apart)
                    .any(|minor| control_planes.contains(&(namespace, circle, minor)));
            // Manifests of two releases lie in folders of their own.
            if newest - version > apart && !has_own && context.are_beside(entry, of) {
                let at = crate::context::path(&container.path().to_string()).field("image");
                let message =
                    format!("minor version {version} of {project}, beside {newest} in {of}");
                sink.report(entry, at, message);
            }
        }
    }
}

fn project_of(image: ImageName<'_>) -> Option<(&'static str, u32)> {
    let row = PROJECTS.iter().find(|row| is_one_of(image, row.1));
    row.map(|row| (row.0, row.2))
}

/// Whether an image has one of these names, whatever its registry and version.
fn is_one_of(image: ImageName<'_>, names: &[&str]) -> bool {
    names.iter().any(|own| {
        let before = image.name().strip_suffix(own);
        before.is_some_and(|before| before.is_empty() || before.ends_with('/'))
    })
}

/// The minor version in an image's tag: 29 of `v1.29.0-distroless`.
fn minor(image: ImageName<'_>) -> Option<u32> {
    let mut numbers = image.tag()?.trim_start_matches('v').split(['.', '-']);
    let _major: u32 = numbers.next()?.parse().ok()?;
    numbers.next()?.parse().ok()
}
