//! The selection table: what each size consists of, and how a cluster's stack is made of it.

use lab_builder::components::{ArgoCd, Cilium, Gatekeeper, Istio};
use stack_builder::Stack;
use stack_catalog::components::kube_prometheus_stack::ThanosSidecar;
use stack_catalog::components::otel_collector::{Destination, Signal};
use stack_catalog::components::{
    Calico, CertManager, Falco, KubePrometheusStack, Kyverno, Loki, MetricsServer, OtelCollector,
    Tempo, Thanos, TrivyOperator, Velero,
};
use stack_catalog::{S3, Size as Sizes, lab_builder, platform};
use stack_cluster::{Cloud, Role};
use velero_types::v1::{BackupSpec, Schedule, ScheduleSpec};

use super::foundation::Foundation;
use super::guardrails;
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
            brought(Network, "Flannel/Calico", "calico"),
            brought(Delivery, "Argo CD", "argocd"),
            brought(Observability, "Prometheus", "kube-prometheus-stack"),
            brought(Observability, "Grafana", "kube-prometheus-stack"),
            brought(Observability, "Loki", "loki"),
            brought(Security, "Trivy", "trivy-operator"),
            brought(Security, "Kyverno", "kyverno"),
            brought(Storage, "Velero", "velero"),
        ],
        Size::Medium => &[
            brought(Network, "Cilium", "cilium"),
            brought(Delivery, "Argo CD ApplicationSet", "argocd"),
            brought(Observability, "Prometheus", "kube-prometheus-stack"),
            brought(Observability, "Grafana", "kube-prometheus-stack"),
            brought(Observability, "Loki", "loki"),
            brought(Observability, "Tempo", "tempo"),
            brought(
                Observability,
                "OpenTelemetry Collector",
                "opentelemetry-collector",
            ),
            brought(Security, "Falco", "falco"),
            brought(Security, "Gatekeeper", "gatekeeper"),
            otherwise(
                Storage,
                "Rook/Ceph",
                "a component of the catalogue for machines with disks of their own; in the cloud EBS serves",
            ),
        ],
        Size::Large => &[
            brought(Network, "Cilium", "cilium"),
            brought(Network, "Istio", "istio"),
            brought(Delivery, "GitOps (multi-cluster)", "argocd"),
            brought(Observability, "Prometheus", "kube-prometheus-stack"),
            brought(Observability, "Loki", "loki"),
            brought(Observability, "Tempo", "tempo"),
            brought(
                Observability,
                "OpenTelemetry Collector",
                "opentelemetry-collector",
            ),
            brought(Observability, "Thanos", "thanos"),
            otherwise(
                Security,
                "SPIRE",
                "a component of the catalogue, which no size has: the mesh gives workloads their identities",
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
            brought(Storage, "Velero", "velero"),
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
            brought(Observability, "Loki", "loki"),
            brought(Observability, "Tempo", "tempo"),
            brought(
                Observability,
                "OpenTelemetry Collector",
                "opentelemetry-collector",
            ),
            otherwise(
                Security,
                "Trivy",
                "a scan of each image in images.tsv by `trivy image`, before it is mirrored",
            ),
            brought(Security, "Kyverno", "kyverno"),
            brought(Storage, "Velero", "velero"),
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
        .with(monitoring(size));
    let stack = match size {
        Size::Small => stack,
        _ => own_network(stack, cluster),
    };
    let stack = match size {
        Size::Small => stack
            .with(Calico::default())
            .with(Loki::default())
            .with(TrivyOperator::default())
            .with(kyverno())
            .with(backups(size, cluster)),
        Size::Medium => stack
            .with(Loki::default())
            .with(Tempo::default())
            .with(collector())
            .with(Falco::default())
            .with(Gatekeeper::default()),
        Size::Large => stack
            .with(Loki::default())
            .with(Tempo::default())
            .with(collector())
            .with(Gatekeeper::default())
            .with(Istio::default())
            .with(Thanos::default())
            .with(backups(size, cluster)),
        Size::Quick => stack
            .with(Loki::default())
            .with(Tempo::default())
            .with(collector())
            .with(kyverno())
            .with(backups(size, cluster)),
    };
    stack.profile(profile(size))
}

/// Prometheus, which Thanos asks through a sidecar where there are several clusters.
fn monitoring(size: Size) -> KubePrometheusStack {
    let mut monitoring = KubePrometheusStack::default();
    if size == Size::Large {
        monitoring.prometheus.thanos = Some(ThanosSidecar { object_store: None });
    }
    monitoring
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

/// One gateway for what programs send.
fn collector() -> OtelCollector {
    OtelCollector::default()
        .sending(Signal::Traces, Destination::grpc("tempo.tempo.svc:4317"))
        .sending(
            Signal::Logs,
            Destination::http("http://loki-gateway.loki.svc/otlp"),
        )
}

/// Kyverno with a few policies that every cluster can live with.
fn kyverno() -> Kyverno {
    Kyverno {
        policies: guardrails::basic(),
        ..Kyverno::default()
    }
}

/// All namespaces each night at two, as the guide has it for one. Of the large size the bucket is in the other region.
fn backups(size: Size, cluster: &Cluster) -> Velero {
    let region = size.backup_region(cluster);
    let role = format!(
        "arn:aws:iam::111122223333:role/{}-velero-velero",
        cluster.name
    );
    let template = BackupSpec::of_everything().kept_for("720h");
    let mut velero = Velero::new(S3::aws(&region, &role), &bucket(cluster));
    velero.schedules = vec![Schedule::new(
        "daily",
        ScheduleSpec::cron("0 2 * * *", template),
    )];
    velero
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
