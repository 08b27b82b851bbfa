//! The selection table: what each size consists of, and how a cluster's stack is made of it.

use lab_builder::components::{ArgoCd, Cilium, Gatekeeper, Istio};
use stack_builder::Stack;
use stack_catalog::components::{
    CertManager, Falco, KubePrometheusStack, MetricsServer, TrivyOperator,
};
use stack_catalog::{Size as Sizes, lab_builder, platform};
use stack_cluster::{Cloud, Role};

use super::foundation::Foundation;
use super::{Cluster, Size};

/// A column of the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Column {
    /// How pods reach each other, and how they are reached.
    Network,
    /// How the stack comes into the cluster.
    Delivery,
    /// What is seen of it.
    Observability,
    /// What may run, and what is watched.
    Security,
    /// Where data lies, and its copies.
    Storage,
}

/// One system of a size.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Choice {
    /// The column of the table.
    pub column: Column,
    /// As the table calls it.
    pub system: &'static str,
    /// The component of the stack that brings it; `None` where none does.
    pub component: Option<&'static str>,
    /// How it is there without a component, or why it is not.
    pub note: &'static str,
}

const fn brought(column: Column, system: &'static str, component: &'static str) -> Choice {
    let component = Some(component);
    Choice {
        column,
        system,
        component,
        note: "",
    }
}

const fn otherwise(column: Column, system: &'static str, note: &'static str) -> Choice {
    Choice {
        column,
        system,
        component: None,
        note,
    }
}

/// What no size goes without, though the table names it for one or none.
const COMMON: [Choice; 3] = [
    brought(Column::Storage, "EBS", Foundation::ID),
    brought(Column::Security, "cert-manager", "cert-manager"),
    brought(Column::Observability, "metrics-server", "metrics-server"),
];

pub(super) fn of(size: Size) -> Vec<Choice> {
    use Column::{Delivery, Network, Observability, Security, Storage};
    let own: &[Choice] = match size {
        Size::Small => &[
            otherwise(
                Network,
                "Flannel/Calico",
                "the cloud's own network; its chart is not among the components yet",
            ),
            brought(Delivery, "Argo CD", "argocd"),
            brought(Observability, "Prometheus", "kube-prometheus-stack"),
            brought(Observability, "Grafana", "kube-prometheus-stack"),
            otherwise(
                Observability,
                "Loki",
                "its chart is not among the components yet",
            ),
            brought(Security, "Trivy", "trivy-operator"),
            otherwise(
                Security,
                "Kyverno",
                "its chart is not among the components yet",
            ),
            otherwise(
                Storage,
                "Velero",
                "its chart is not among the components yet",
            ),
        ],
        Size::Medium => &[
            brought(Network, "Cilium", "cilium"),
            brought(Delivery, "Argo CD ApplicationSet", "argocd"),
            brought(Observability, "Prometheus", "kube-prometheus-stack"),
            brought(Observability, "Grafana", "kube-prometheus-stack"),
            otherwise(
                Observability,
                "Loki",
                "its chart is not among the components yet",
            ),
            otherwise(
                Observability,
                "Tempo",
                "its chart is not among the components yet",
            ),
            otherwise(
                Observability,
                "OpenTelemetry Collector",
                "its chart is not among the components yet",
            ),
            brought(Security, "Falco", "falco"),
            brought(Security, "Gatekeeper", "gatekeeper"),
            otherwise(
                Storage,
                "Rook/Ceph",
                "its three charts are components of the catalogue where they have landed; disks of their own are for machines of one's own, EBS serves here",
            ),
        ],
        Size::Large => &[
            brought(Network, "Cilium", "cilium"),
            brought(Network, "Istio", "istio"),
            brought(Delivery, "GitOps (multi-cluster)", "argocd"),
            brought(Observability, "Prometheus", "kube-prometheus-stack"),
            otherwise(
                Observability,
                "Loki",
                "its chart is not among the components yet",
            ),
            otherwise(
                Observability,
                "Tempo",
                "its chart is not among the components yet",
            ),
            otherwise(
                Observability,
                "OpenTelemetry Collector",
                "its chart is not among the components yet",
            ),
            otherwise(
                Observability,
                "Thanos",
                "its chart is not among the components yet",
            ),
            otherwise(
                Security,
                "SPIRE",
                "its chart is not among the components yet",
            ),
            brought(Security, "mTLS", "istio"),
            brought(Security, "OPA", "gatekeeper"),
            otherwise(
                Security,
                "PSA",
                "each namespace of a component carries its level as a label",
            ),
            otherwise(
                Storage,
                "Regional DR",
                "a cluster in each of two regions, and backups in a bucket of the other region",
            ),
            otherwise(
                Storage,
                "Velero",
                "its chart is not among the components yet",
            ),
        ],
        Size::Quick => &[
            brought(Network, "Cilium", "cilium"),
            otherwise(
                Network,
                "Gateway API",
                "the objects are judged and routed offline; a class of one's own (Cilium's, Kong's) is switched on where there are routes",
            ),
            brought(Delivery, "Argo CD Application", "argocd"),
            brought(
                Observability,
                "kube-prometheus-stack",
                "kube-prometheus-stack",
            ),
            otherwise(
                Observability,
                "Loki",
                "its chart is not among the components yet",
            ),
            otherwise(
                Observability,
                "Tempo",
                "its chart is not among the components yet",
            ),
            otherwise(
                Observability,
                "OpenTelemetry Collector",
                "its chart is not among the components yet",
            ),
            otherwise(
                Security,
                "Trivy",
                "a scan of each image in images.tsv by `trivy image`, before it is mirrored",
            ),
            otherwise(
                Security,
                "Kyverno",
                "its chart is not among the components yet",
            ),
            otherwise(
                Storage,
                "Velero",
                "its chart is not among the components yet",
            ),
        ],
    };
    let mut choices: Vec<Choice> = own.iter().chain(&COMMON).copied().collect();
    choices.sort_by_key(|choice| choice.column);
    choices
}

pub(super) fn stack(size: Size, cluster: &Cluster) -> Stack {
    let needs = size.needs(cluster);
    let stack = platform(cluster.name.as_str(), cluster.domain.as_str())
        .with(Foundation { needs })
        .with(ArgoCd::default())
        .with(CertManager::default())
        .with(MetricsServer::default())
        .with(KubePrometheusStack::default());
    let stack = match size {
        Size::Small => stack,
        _ => own_network(stack, cluster),
    };
    let stack = match size {
        Size::Small => stack.with(TrivyOperator::default()),
        Size::Medium => stack.with(Falco::default()).with(Gatekeeper::default()),
        Size::Large => stack.with(Gatekeeper::default()).with(Istio::default()),
        Size::Quick => stack,
    };
    stack.profile(profile(size))
}

/// Cilium does the work of kube-proxy, and so must know where the API server is before there are Services.
fn own_network(stack: Stack, cluster: &Cluster) -> Stack {
    let api_server = cluster.api_server();
    let name = cluster.name.clone();
    stack
        .with(Cilium::default())
        .detach("cilium", "kind")
        .rewire(move |wiring: &mut lab_builder::Wiring| {
            wiring.cluster.name = name;
            wiring.cluster.api_server = Some(api_server);
            wiring.cluster.api_server_port = 443;
        })
}

/// The bucket of backups.
fn bucket(cluster: &Cluster) -> String {
    format!("{}-backups", cluster.name)
}

fn profile(size: Size) -> Sizes {
    match size {
        Size::Small | Size::Quick => Sizes::Small,
        Size::Medium => Sizes::Medium,
        Size::Large => Sizes::Large,
    }
}

/// What service accounts of the stack may do in the cloud.
pub(super) fn roles(size: Size, cluster: &Cluster) -> Vec<Role> {
    let backups = format!("arn:aws:s3:::{}", bucket(cluster));
    let mut roles = vec![
        Role::of(Cloud::EbsCsi, "kube-system", "ebs-csi-controller-sa"),
        Role::of(Cloud::Velero(vec![backups]), "velero", "velero"),
    ];
    if size == Size::Large {
        let autoscaler = Role::of(
            Cloud::ClusterAutoscaler,
            "kube-system",
            "cluster-autoscaler",
        );
        roles.push(autoscaler);
    }
    roles
}
