//! How many pods there must be, computed from nodes, Helm values and manifests.

use std::collections::BTreeMap;

use serde_json::Value;

use super::{Checks, Expectation};
use crate::bundle::{Bundle, Part};
use crate::components::KIND;
use crate::release::Release;

/// A number, or a lower bound where the lab does not know the cluster's nodes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Count {
    pub(super) least: u32,
    pub(super) most: Option<u32>,
}

impl Count {
    pub(super) fn exactly(number: u32) -> Self {
        Count {
            least: number,
            most: Some(number),
        }
    }

    fn at_least(number: u32) -> Self {
        Count {
            least: number,
            most: None,
        }
    }

    pub(super) fn plus(self, other: Count) -> Count {
        let most = self.most.zip(other.most).map(|(a, b)| a.saturating_add(b));
        Count {
            least: self.least.saturating_add(other.least),
            most,
        }
    }
}

/// How many nodes of a role kind makes; `None` without kind.
fn nodes(bundle: &Bundle, role: &str) -> Option<u32> {
    let nodes = bundle.cluster()?["nodes"].as_array()?;
    u32::try_from(nodes.iter().filter(|node| node["role"] == role).count()).ok()
}

fn control_planes(bundle: &Bundle) -> Option<u32> {
    nodes(bundle, "control-plane")
}

/// One pod on each worker.
pub(super) fn each_worker(bundle: &Bundle) -> Count {
    nodes(bundle, "worker").map_or(Count::at_least(1), Count::exactly)
}

/// One pod on each node.
pub(super) fn each_node(bundle: &Bundle) -> Count {
    control_planes(bundle).map_or(Count::at_least(1), |count| {
        each_worker(bundle).plus(Count::exactly(count))
    })
}

/// A number of a release's values, or the chart's default.
pub(super) fn number(release: &Release, pointer: &str, default: u32) -> u32 {
    match release.values.pointer(pointer) {
        Some(Value::Bool(on)) => u32::from(*on),
        Some(value) => value
            .as_u64()
            .and_then(|number| u32::try_from(number).ok())
            .unwrap_or(default),
        None => default,
    }
}

/// The pods of a release; any number for a chart that is not one of the documented.
pub(super) fn release(bundle: &Bundle, release: &Release) -> Count {
    let of = |pointers: &[(&str, u32)]| {
        Count::exactly(
            pointers
                .iter()
                .map(|(pointer, default)| number(release, pointer, *default))
                .sum(),
        )
    };
    match release.chart.name.as_str() {
        "cilium" => each_node(bundle).plus(envoys(bundle, release)).plus(of(&[
            ("/operator/replicas", 2),
            ("/hubble/relay/replicas", 1),
            ("/hubble/ui/replicas", 1),
        ])),
        "ingress" => of(&[
            ("/gateway/replicaCount", 1),
            ("/controller/replicaCount", 1),
        ]),
        "base" => Count::exactly(0),
        "istiod" => of(&[("/replicaCount", 1)]),
        "cni" | "ztunnel" => each_node(bundle),
        "argo-cd" if number(release, "/redis-ha/enabled", 0) == 0 => of(&[
            ("/controller/replicas", 1),
            ("/server/replicas", 1),
            ("/repoServer/replicas", 1),
            ("/applicationSet/replicas", 1),
            ("/dex/enabled", 1),
            ("/notifications/enabled", 1),
            ("/redis/enabled", 1),
        ]),
        "gatekeeper" => of(&[("/replicas", 3), ("/audit/replicas", 1)]),
        "mimir-distributed" => mimir(release).plus(of(&[("/rollout_operator/enabled", 1)])),
        "loki" => of(&[("/singleBinary/replicas", 0)]).plus(canaries(bundle, release)),
        "tempo" => of(&[("/replicas", 1)]),
        "alloy" => each_worker(bundle),
        "grafana" => of(&[("/replicas", 1)]),
        _ => Count::at_least(0),
    }
}

/// Envoy as a DaemonSet, where it is one.
fn envoys(bundle: &Bundle, cilium: &Release) -> Count {
    if number(cilium, "/envoy/enabled", 1) == 0 {
        Count::exactly(0)
    } else {
        each_node(bundle)
    }
}

/// Loki's canaries: a DaemonSet that does not go to control-plane nodes.
pub(super) fn canaries(bundle: &Bundle, loki: &Release) -> Count {
    if number(loki, "/lokiCanary/enabled", 1) == 0 {
        Count::exactly(0)
    } else {
        each_worker(bundle)
    }
}

/// Mimir's own pods, without the rollout operator.
pub(super) fn mimir(release: &Release) -> Count {
    let parts = [
        "distributor",
        "ingester",
        "compactor",
        "querier",
        "query_frontend",
        "query_scheduler",
        "ruler",
        "store_gateway",
        "gateway",
    ];
    Count::exactly(
        parts
            .iter()
            .map(|part| number(release, &format!("/{part}/replicas"), 1))
            .sum(),
    )
}

/// Pods that share the network of their node, and have no endpoint in Cilium.
fn on_host_network(bundle: &Bundle) -> Count {
    let static_pods = control_planes(bundle).map_or(Count::at_least(0), |count| {
        Count::exactly(count.saturating_mul(4))
    });
    let cilium = bundle
        .release("cilium")
        .map_or(Count::exactly(0), |release| {
            each_node(bundle)
                .plus(envoys(bundle, release))
                .plus(Count::exactly(number(release, "/operator/replicas", 2)))
        });
    static_pods.plus(cilium)
}

/// How many endpoints Cilium should have, give or take pods that come and go.
pub(super) fn endpoints(bundle: &Bundle) -> Count {
    const LEEWAY: u32 = 5;
    let pods = namespaces(bundle)
        .into_values()
        .fold(Count::exactly(0), Count::plus);
    match (pods.most, on_host_network(bundle).most) {
        (Some(_), Some(host)) => {
            let number = pods.least.saturating_sub(host);
            Count {
                least: number.saturating_sub(LEEWAY),
                most: Some(number.saturating_add(LEEWAY)),
            }
        }
        _ => Count::at_least(1),
    }
}

/// The pods of each namespace that has any.
fn namespaces(bundle: &Bundle) -> BTreeMap<String, Count> {
    let mut namespaces: BTreeMap<String, Count> = BTreeMap::new();
    let mut add = |namespace: &str, count: Count| {
        let known = namespaces
            .entry(namespace.to_owned())
            .or_insert(Count::exactly(0));
        *known = known.plus(count);
    };
    if let (true, Some(control_planes)) = (bundle.part(KIND).is_some(), control_planes(bundle)) {
        // API server, controller manager, scheduler and etcd; CoreDNS twice; kind's own storage.
        add(
            "kube-system",
            Count::exactly(control_planes.saturating_mul(4).saturating_add(2)),
        );
        add("local-path-storage", Count::exactly(1));
    }
    for of_release in bundle.releases() {
        add(&of_release.namespace, release(bundle, of_release));
    }
    for object in bundle.objects() {
        let id = object.id();
        let count = match id.kind.as_str() {
            "Deployment" | "StatefulSet" => {
                let replicas = object.value()["spec"]["replicas"].as_u64().unwrap_or(1);
                Count::exactly(u32::try_from(replicas).unwrap_or(u32::MAX))
            }
            "DaemonSet" => each_worker(bundle),
            // While it runs.
            "Job" => Count {
                least: 0,
                most: Some(1),
            },
            _ => continue,
        };
        add(id.namespace.as_deref().unwrap_or("default"), count);
    }
    namespaces.retain(|_, count| *count != Count::exactly(0));
    namespaces
}

impl Checks<'_> {
    /// The documented map of namespaces, each with its pods, and the sum.
    pub(super) fn namespaces(&mut self) {
        let namespaces = namespaces(self.bundle);
        for (namespace, count) in &namespaces {
            self.pods(
                &format!("PODS {namespace}"),
                "pods of the namespace",
                namespace,
                "",
                *count,
                None,
            );
        }
        let sum = namespaces
            .values()
            .copied()
            .fold(Count::exactly(0), Count::plus);
        self.kubectl(
            "PODS all",
            &format!("pods of the {} namespaces", namespaces.len()),
            &[
                "get",
                "pods",
                "--all-namespaces",
                "--field-selector=status.phase=Running",
                "--no-headers",
            ],
            Expectation::Lines {
                of: "lines".to_owned(),
                least: sum.least,
                most: sum.most,
            },
        );
    }

    /// The documented table of releases.
    pub(super) fn releases(&mut self, part: &Part) {
        for release in part.releases() {
            let chart = format!("{}-{}", release.chart.name, release.chart.version);
            let line = super::columns(&[&release.name, &release.namespace])
                .replace("( |$)", " .*deployed.*");
            self.ask(
                &format!("RELEASE {}", release.name),
                "release of this chart and version",
                &["helm", "cluster"],
                &[
                    "helm",
                    "list",
                    "-n",
                    &release.namespace,
                    "--filter",
                    &format!("^{}$", release.name),
                    "--no-headers",
                ],
                super::like(
                    &format!("deployed, {chart}"),
                    [format!("{line}{}", super::literal(&chart))],
                ),
            );
        }
    }

    /// The documented table of pages.
    pub(super) fn pages(&mut self, part: &Part) {
        let port = self.bundle.wiring().gateway.http.host;
        for page in part.access() {
            let host = page.url.split("://").nth(1).unwrap_or(&page.url);
            let mut command = vec![
                "curl",
                "-s",
                "-o",
                "/dev/null",
                "-w",
                "%{http_code}",
                "--max-time",
                "10",
            ];
            // The name need not be in /etc/hosts.
            let resolve = format!("{host}:{port}:127.0.0.1");
            if !host.contains(':') {
                command.extend(["--resolve", &resolve]);
            }
            command.push(&page.url);
            self.ask(
                &format!("PAGE {}", page.service.to_lowercase().replace(' ', "-")),
                "the page answers",
                &["curl", "cluster"],
                &command,
                super::like("HTTP 2xx or 3xx", ["^[23]".to_owned()]),
            );
        }
    }
}
