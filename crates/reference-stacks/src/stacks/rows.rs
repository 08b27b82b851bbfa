//! The selection table: what each size consists of.

use stack_catalog::ids;

use super::plan::{Identity, Mesh, Network, Plan, Policies, Storage};
use super::{Api, Foundation, Size};

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

impl Plan {
    /// The systems of the stack, column by column, and what fills each.
    pub fn choices(self) -> Vec<Choice> {
        let mut choices = vec![
            brought(Column::Delivery, "Terraform", Foundation::ID),
            // No size goes without these, though the table names them for one or none.
            brought(Column::Storage, "EBS", ids::EBS_STORAGE_CLASSES),
            brought(Column::Security, "cert-manager", ids::CERT_MANAGER),
            brought(Column::Observability, "metrics-server", ids::METRICS_SERVER),
            brought(Column::Observability, "Loki", ids::LOKI),
        ];
        choices.extend(network(self));
        choices.extend(delivery(self.size));
        choices.extend(observability(self.size));
        choices.extend(security(self));
        choices.extend(storage(self));
        choices.sort_by_key(|choice| choice.column);
        choices
    }
}

fn network(plan: Plan) -> Vec<Choice> {
    let network = match plan.network {
        Network::Calico => brought(Column::Network, "Calico", ids::CALICO),
        Network::Flannel => brought(Column::Network, "Flannel", ids::FLANNEL),
        Network::Cilium => brought(Column::Network, "Cilium", "cilium"),
    };
    let mesh = match plan.mesh {
        Mesh::None => vec![],
        Mesh::Istio => vec![brought(Column::Network, "Istio", "istio")],
        Mesh::Linkerd => vec![
            brought(Column::Network, "Linkerd", ids::LINKERD),
            brought(
                Column::Observability,
                "Linkerd's dashboard",
                ids::LINKERD_VIZ,
            ),
        ],
    };
    let linked = brought(
        Column::Network,
        "Linkerd (multi-cluster)",
        ids::LINKERD_MULTICLUSTER,
    );
    let linked = (plan.mesh == Mesh::Linkerd && plan.size == Size::Large).then_some(linked);
    let gateway = brought(Column::Network, "Gateway API", "kong");
    let gateway = plan.gateway.then_some(gateway);
    let rows = [network].into_iter().chain(mesh);
    rows.chain(linked).chain(gateway).collect()
}

fn delivery(size: Size) -> Vec<Choice> {
    let of = |system, component| brought(Column::Delivery, system, component);
    match size {
        Size::Small => vec![of("Argo CD", "argocd")],
        Size::Medium => vec![of("Argo CD ApplicationSet", "argocd")],
        Size::Large => vec![of("GitOps (multi-cluster)", "argocd")],
        Size::Quick => vec![
            of("Argo CD", "argocd"),
            of("Helm chart", Api::ID),
            of("Argo CD Application", Api::ID),
        ],
    }
}

fn observability(size: Size) -> Vec<Choice> {
    let of = |system, component| brought(Column::Observability, system, component);
    let mut rows = match size {
        Size::Quick => vec![of("kube-prometheus-stack", ids::KUBE_PROMETHEUS_STACK)],
        _ => vec![
            of("Prometheus", ids::KUBE_PROMETHEUS_STACK),
            of("Grafana", ids::KUBE_PROMETHEUS_STACK),
        ],
    };
    if size != Size::Small {
        rows.push(of("Tempo", ids::TEMPO));
        rows.push(of("OpenTelemetry Collector", ids::OTEL_COLLECTOR));
    }
    if size == Size::Large {
        rows.push(of("Thanos", ids::THANOS));
    }
    rows
}

fn security(plan: Plan) -> Vec<Choice> {
    let of = |system, component| brought(Column::Security, system, component);
    let mut rows = match plan.size {
        Size::Small => vec![of("Trivy", ids::TRIVY_OPERATOR)],
        Size::Medium => vec![of("Falco", ids::FALCO)],
        Size::Large => vec![otherwise(
            Column::Security,
            "PSA",
            "each namespace of a component carries its level as a label",
        )],
        Size::Quick => vec![otherwise(
            Column::Security,
            "Trivy",
            "a scan of each image in images.tsv by `trivy image`, before it is mirrored",
        )],
    };
    rows.push(match plan.policies {
        Policies::Kyverno => of("Kyverno", ids::KYVERNO),
        Policies::Gatekeeper => of("Gatekeeper", "gatekeeper"),
    });
    match plan.mesh {
        Mesh::None => {}
        Mesh::Istio => rows.push(of("mTLS", "istio")),
        Mesh::Linkerd => rows.push(of("mTLS", ids::LINKERD)),
    }
    if plan.identity == Identity::Spire {
        rows.push(of("SPIRE", ids::SPIRE));
    }
    rows
}

fn storage(plan: Plan) -> Vec<Choice> {
    let mut rows = Vec::new();
    if plan.size != Size::Medium {
        rows.push(brought(Column::Storage, "Velero", ids::VELERO));
    }
    if plan.size == Size::Large {
        rows.push(otherwise(
            Column::Storage,
            "Regional DR",
            "a cluster in each of two regions, and backups in a bucket of the other region",
        ));
    }
    if plan.storage == Storage::Ceph {
        rows.push(brought(Column::Storage, "Rook/Ceph", ids::ROOK_CEPH));
    }
    rows
}
