//! Which kinds a server has in which version, and what is said of those that it does not have.

use super::catalog::{Catalog, Served};
use super::spelling;
use crate::version::KubernetesVersion;

/// What becomes of a kind in a version of its group.
pub(super) enum Found {
    Served(&'static Served),
    /// The group is one of Kubernetes' own, and has no such kind or version.
    Refused {
        path: &'static str,
        message: String,
    },
    /// The group is someone else's.
    Foreign,
}

/// Groups that Kubernetes had and has no more, and kinds that moved or went, with what takes their place.
const GONE: [(&str, &str, &str); 15] = [
    ("extensions", "Deployment", "apps/v1 has it since 1.16"),
    ("extensions", "DaemonSet", "apps/v1 has it since 1.16"),
    ("extensions", "ReplicaSet", "apps/v1 has it since 1.16"),
    (
        "extensions",
        "Ingress",
        "networking.k8s.io/v1 has it since 1.22",
    ),
    (
        "extensions",
        "NetworkPolicy",
        "networking.k8s.io/v1 has it since 1.16",
    ),
    (
        "extensions",
        "PodSecurityPolicy",
        "the admission of pod security took its place in 1.25",
    ),
    (
        "policy",
        "PodSecurityPolicy",
        "the admission of pod security took its place in 1.25",
    ),
    (
        "extensions",
        "",
        "its kinds are in apps and networking.k8s.io",
    ),
    (
        "settings.k8s.io",
        "PodPreset",
        "nothing took its place in 1.20",
    ),
    ("settings.k8s.io", "", "nothing took its place in 1.20"),
    ("componentconfig", "", "it was never stored in a cluster"),
    (
        "",
        "PodSecurityPolicy",
        "the admission of pod security took its place in 1.25",
    ),
    (
        "auditregistration.k8s.io",
        "",
        "nothing took its place in 1.19",
    ),
    ("apps", "Scale", "autoscaling/v1 has it"),
    (
        "apps",
        "DeploymentRollback",
        "kubectl rollout undo took its place in 1.16",
    ),
];

pub(super) fn find(api_version: &str, kind: &str, kubernetes: KubernetesVersion) -> Found {
    let catalog = Catalog::get();
    let (group, version) = api_version.split_once('/').unwrap_or(("", api_version));
    if let Some(served) = catalog.find(group, version, kind)
        && served.span.has(kubernetes)
    {
        return Found::Served(served);
    }
    let gone = GONE
        .iter()
        .find(|(old, name, _)| *old == group && (*name == kind || name.is_empty()));
    if let Some((_, _, instead)) = gone {
        let message = format!("\"{api_version}\" {kind} is not served any more: {instead}");
        return refused("apiVersion", message);
    }
    let mut of_group = catalog
        .kinds
        .iter()
        .filter(|known| known.group == group)
        .peekable();
    if of_group.peek().is_none() {
        return Found::Foreign;
    }
    let of_group: Vec<&Served> = of_group.collect();
    let now = |served: &&&Served| served.span.has(kubernetes);
    // The kind is there, in another version.
    let others: Vec<String> = of_group
        .iter()
        .filter(|known| known.kind == kind)
        .filter(now)
        .map(|known| known.api_version())
        .collect();
    if !others.is_empty() {
        let message = format!(
            "\"{api_version}\" {kind} is not served in {kubernetes}; it is in {}",
            others.join(" and ")
        );
        return refused("apiVersion", message);
    }
    if of_group.iter().any(|known| known.kind == kind) {
        let message = format!("\"{api_version}\" {kind} is not served in {kubernetes}");
        return refused("apiVersion", message);
    }
    // The version is there, without the kind: it is misspelt, or of another group.
    let elsewhere = catalog
        .kinds
        .iter()
        .find(|known| known.kind == kind && known.span.has(kubernetes));
    let near = spelling::nearest(of_group.iter().filter(now).map(|known| known.kind), kind);
    let message = match (elsewhere, near) {
        (Some(other), _) => format!(
            "\"{api_version}\" has no {kind}; it is in {}",
            other.api_version()
        ),
        (None, Some(near)) => format!("\"{api_version}\" has no {kind}; did you mean {near}?"),
        (None, None) => format!("\"{api_version}\" has no kind {kind}"),
    };
    refused(
        if elsewhere.is_some() {
            "apiVersion"
        } else {
            "kind"
        },
        message,
    )
}

fn refused(path: &'static str, message: String) -> Found {
    Found::Refused { path, message }
}
